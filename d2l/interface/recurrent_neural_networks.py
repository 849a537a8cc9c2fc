"""Declarations: sequences, text, language models, recurrent networks, decoding."""


def k_step_pred(model, data, k):
    """Predictions of a series up to `k` steps ahead: (times, k)."""


class Vocab:
    """Tokens to indices and back."""

    def __init__(self, tokens=(), min_freq=0, reserved_tokens=()):
        """Of a text, or of a list of sentences."""

    def to_tokens(self, indices):
        """The tokens of indices."""


class TimeMachine:
    """Stretches of a text, and the same one token further on."""

    def __init__(
        self,
        batch_size,
        num_steps,
        num_train=10000,
        num_val=5000,
        tokenization="char",
        vocab_size=1024,
    ):
        """How many stretches of which length, of "char" or "bpe" tokens."""

    def build(self, raw_text, vocab=None):
        """A text's token indices, and the vocabulary."""

    def get_dataloader(self, train):
        """Batches (X, Y)."""


class BPETokenizer:
    """Byte-pair encoding."""

    def __init__(
        self, vocab_size=1024, pattern=None, specials=("<pad>", "<bos>", "<eos>")
    ):
        """At most `vocab_size` tokens; what `pattern` matches is encoded by itself."""

    def train(self, text):
        """Learn tokens from a text."""

    def encode(self, text, allow_special=False):
        """A text's token indices."""

    def decode(self, ids):
        """The text of token indices."""

    def to_tokens(self, ids):
        """The tokens of indices."""

    @staticmethod
    def from_tiktoken(name):
        """A published vocabulary."""


def print_wrapped(*args, width=76):
    """Print with lines broken at `width`."""


def spectral_radius(W):
    """The largest absolute value of a matrix's eigenvalues."""


class NGramLM:
    """A language model that counts n-grams."""

    def __init__(self, vocab_size, n=3, epsilon=1.0):
        """n: the tokens that a count is made of; epsilon: how much is smoothed."""

    def fit(self, corpus):
        """Count."""

    def probabilities(self, context):
        """Of the next token."""

    def logits(self, context):
        """Their logarithms."""

    def perplexity(self, corpus):
        """Of a text."""


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


class RNN:
    """A recurrent layer of the framework's own."""

    def __init__(self, num_inputs, num_hiddens):
        """How many values a step's input and the hidden state have."""

    def forward(self, inputs, H=None):
        """(num_steps, batch, num_inputs) to (num_steps, batch, num_hiddens), H."""


class RNNLM:
    """The language model with the framework's own output layer."""

    def init_params(self):
        """Make the output layer."""

    def output_layer(self, hiddens):
        """Hidden states to logits, (batch, num_steps, vocab_size)."""


def sample_next(
    logits, strategy="greedy", temperature=1.0, k=None, p=None, min_p=None, rng=None
):
    """Choose the next token."""


def generate(step_fn, prefix, num_tokens, eos_id=None, **strategy):
    """Continue a sequence one token at a time."""


def beam_search(step_fn, prefix, num_tokens, beam_size=4, alpha=0.75, eos_id=None):
    """Continue a sequence by the best that a beam finds."""
