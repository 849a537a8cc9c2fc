"""Declarations: rnn scratch."""


def check_len(a, n):
    """Fail unless `a` has length `n`."""


def check_shape(a, shape):
    """Fail unless a tensor has the given shape."""


class RNNScratch:
    """A recurrent layer from scratch."""

    def __init__(self, num_inputs, num_hiddens, sigma=0.01):
        """Weights start from N(0, sigma^2)."""

    def forward(self, inputs, state=None):
        """(num_steps, batch, num_inputs) to (num_steps, batch, num_hiddens), state."""


class RNNLMScratch:
    """A language model on top of a recurrent layer, from scratch."""

    def __init__(self, rnn, vocab_size, lr=0.01):
        """rnn: the recurrent layer."""

    def init_params(self):
        """Make the output layer."""

    def training_step(self, batch):
        """The loss of a batch; plots its perplexity."""

    def validation_step(self, batch):
        """Plot a batch's perplexity."""

    def one_hot(self, X):
        """(batch, num_steps) to (num_steps, batch, vocab_size)."""

    def embedding(self, X):
        """What the recurrent layer sees of tokens."""

    def output_layer(self, rnn_outputs):
        """Hidden states to logits, (batch, num_steps, vocab_size)."""

    def forward(self, X, state=None):
        """(batch, num_steps) to logits."""

    def predict(self, prefix, num_preds, vocab, device=None, temperature=0.0, rng=None):
        """Continue a text."""
