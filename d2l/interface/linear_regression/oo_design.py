"""Declarations: oo design."""


def add_to_class(Class):
    """A decorator that makes a function a method of `Class`."""


class HyperParameters:
    """Saves the arguments of a constructor as attributes."""

    def save_hyperparameters(self, ignore=None):
        """Save the caller's arguments, except those named in `ignore`."""


class ProgressBoard:
    """Draws curves while they grow."""

    def __init__(
        self,
        xlabel=None,
        ylabel=None,
        xlim=None,
        ylim=None,
        xscale="linear",
        yscale="linear",
        ls=["-", "--", "-.", ":"],  # noqa: B006
        colors=["C0", "C1", "C2", "C3"],  # noqa: B006
        fig=None,
        axes=None,
        figsize=(3.5, 2.5),
        display=True,
    ):
        """Choose how the curves look."""

    def draw(self, x, y, label, every_n=1):
        """Add a point; `every_n` points are drawn as one, their mean."""


class Module:
    """The base class of models."""

    def __init__(self, plot_train_per_epoch=2, plot_valid_per_epoch=1):
        """How many points of a curve are drawn in an epoch."""

    def loss(self, y_hat, y):
        """A scalar: how far predictions are from labels."""

    def plot(self, key, value, train):
        """Draw a point of the curve `key`."""

    def training_step(self, batch):
        """The loss of a batch (inputs..., labels)."""

    def validation_step(self, batch):
        """Plot what is measured on a validation batch."""

    def configure_optimizers(self):
        """The optimizer that trains this model."""


class DataModule:
    """The base class of data."""

    def __init__(self, root="../data", num_workers=4):
        """Where the data lie."""

    def get_dataloader(self, train):
        """The loader of training or of validation batches."""

    def train_dataloader(self):
        """The loader of training batches."""

    def val_dataloader(self):
        """The loader of validation batches."""

    def get_tensorloader(self, tensors, train, indices=slice(0, None)):
        """A loader over equally long tensors, of which `indices` are taken."""


class Trainer:
    """The training loop."""

    def __init__(self, max_epochs, num_gpus=0, gradient_clip_val=0):
        """How long to train, and where; 0 clips no gradients."""

    def prepare_data(self, data):
        """Make the loaders."""

    def prepare_model(self, model):
        """Connect model and trainer."""

    def prepare_batch(self, batch):
        """Bring a batch to the device."""

    def fit(
        self,
        model,
        data,
        *,
        checkpoint=None,
        about=None,
        optimizer=None,
        keep_best=None,
        larger_is_better=None,
        patience=None,
    ):
        """Train the model on the data, from a checkpoint on if there is one."""

    def fit_epoch(self):
        """One pass over the training data, one over the validation data."""

    def clip_gradients(self, grad_clip_val, model):
        """Scale gradients to a joint norm of at most `grad_clip_val`."""
