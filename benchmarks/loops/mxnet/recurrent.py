"""A recurrent language model of Gluon's own layers."""

from mxnet import np
from mxnet.gluon import nn, rnn


class LanguageModel(nn.HybridBlock):
    """One-hot vectors, a recurrent layer and a dense one.

    layer: "LSTM" or "GRU".
    """

    def __init__(self, layer, vocab_size, num_hiddens):
        super().__init__()
        self.vocab_size = vocab_size
        self.rnn = getattr(rnn, layer)(num_hiddens, input_size=vocab_size)
        self.linear = nn.Dense(vocab_size, flatten=False, in_units=num_hiddens)

    def hybrid_forward(self, F, X, *states):
        """X: (batch, steps); returns logits, (batch, steps, vocab_size)."""
        inputs = F.npx.one_hot(F.np.transpose(X), self.vocab_size)
        outputs, _ = self.rnn(inputs, list(states))
        return F.np.swapaxes(self.linear(outputs), 0, 1)


class Stateless(nn.Block):
    """The language model, which begins with zeros."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, X):
        """X: (batch, steps); returns logits, (batch, steps, vocab_size)."""
        return self.model(X, *self.model.rnn.begin_state(X.shape[0]))


def make_network(weights, layer):
    """The language model with the weights of ours."""
    model = LanguageModel(layer, *weights["linear.weight"].shape)
    model.initialize()
    for theirs, ours in (("i2h", "ih"), ("h2h", "hh")):
        for kind in ("weight", "bias"):
            value = weights[f"rnn.rnn.{kind}_{ours}_l0"]
            getattr(model.rnn, f"l0_{theirs}_{kind}").set_data(np.array(value))
    model.linear.weight.set_data(np.array(weights["linear.weight"]))
    model.linear.bias.set_data(np.array(weights["linear.bias"]))
    return Stateless(model)
