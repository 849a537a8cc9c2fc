"""A recurrent language model in plain PyTorch."""

import torch
from torch import nn
from torch.nn import functional as F


class LanguageModel(nn.Module):
    """One-hot vectors, a recurrent layer and a dense one.

    layer: "LSTM" or "GRU".
    """

    def __init__(self, layer, vocab_size, num_hiddens):
        super().__init__()
        self.vocab_size = vocab_size
        self.rnn = getattr(nn, layer)(vocab_size, num_hiddens)
        self.linear = nn.Linear(num_hiddens, vocab_size)

    def forward(self, X):
        """X: (batch, steps); returns logits, (batch, steps, vocab_size)."""
        outputs, _ = self.rnn(F.one_hot(X.T, self.vocab_size).float())
        return self.linear(outputs).swapaxes(0, 1)


def make_network(weights, layer):
    """The language model with the weights of ours."""
    network = LanguageModel(layer, *weights["linear.weight"].shape)
    own_names = {k.removeprefix("rnn."): torch.tensor(v) for k, v in weights.items()}
    # Ours is a layer within a layer; the dense one has the same name.
    network.load_state_dict(own_names)
    return network
