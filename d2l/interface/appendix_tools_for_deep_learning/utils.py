"""Declarations: utils."""

DATA_HUB: dict[str, tuple[str, str]]
DATA_URL: str


class Timer:
    """Measures several spans of time, in seconds."""

    def start(self):
        """Begin a span."""

    def stop(self):
        """End it; returns its length."""

    def avg(self):
        """The mean length."""

    def sum(self):
        """The total."""

    def cumsum(self):
        """The running totals."""


class Accumulator:
    """Sums over `n` quantities."""

    def __init__(self, n):
        """How many."""

    def add(self, *args):
        """Add to each."""

    def reset(self):
        """Begin anew."""


class Animator:
    """Draws curves in a notebook."""

    def __init__(
        self,
        xlabel=None,
        ylabel=None,
        legend=None,
        xlim=None,
        ylim=None,
        xscale="linear",
        yscale="linear",
        fmts=("-", "m--", "g-.", "r:"),
        nrows=1,
        ncols=1,
        figsize=(3.5, 2.5),
    ):
        """How the curves look."""

    def add(self, x, y):
        """Add points."""


def download(url, folder="../data", sha1_hash=None):
    """Fetch a file; returns its path."""


def extract(filename, folder=None):
    """Unpack an archive."""


def download_extract(name, folder=None):
    """Fetch and unpack an entry of DATA_HUB."""


def get_dataloader_workers():
    """How many processes read data."""


def get_fashion_mnist_labels(labels):
    """Names of classes."""


def load_array(data_arrays, batch_size, is_train=True):
    """A loader over tensors."""


def load_data_fashion_mnist(batch_size, resize=None):
    """The loaders of training and test images."""


def synthetic_data(w, b, num_examples):
    """Examples of a linear model with noise."""


def linreg(X, w, b):
    """The linear model."""


def squared_loss(y_hat, y):
    """Half the squared error of each example."""


def sgd(params, lr, batch_size):
    """A step of gradient descent."""


def grad_clipping(net, theta):
    """Clip gradients by their joint norm."""


def accuracy(y_hat, y):
    """The number of right predictions."""


def evaluate_accuracy(net, data_iter):
    """The share of right predictions."""


def evaluate_accuracy_gpu(net, data_iter, device=None):
    """The same on a device."""


def evaluate_loss(net, data_iter, loss):
    """The mean loss."""


def train_ch6(net, train_iter, test_iter, num_epochs, lr, device):
    """Train an image classifier by SGD."""
