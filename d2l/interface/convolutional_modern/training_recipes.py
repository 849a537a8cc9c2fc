"""Declarations: training recipes."""


def smoothed_ce(Y_hat, y, eps=0.1):
    """Cross-entropy with label smoothing."""


def mixup(X, y, alpha=0.2, *, lam=None, permutation=None):
    """Mixed inputs, both labels, and the share of the first."""


def cosine_warmup(step, num_steps, base_lr, warmup_steps=0, final_lr=0.0):
    """A learning rate that rises, then falls by a cosine."""


def step_decay(step, milestones, base_lr, factor=0.1):
    """A learning rate that drops at milestones."""


class EMA:
    """The moving average of a model's weights."""

    def __init__(self, model, decay=0.999):
        """decay: the share of the average that a step keeps."""

    def update(self):
        """Move the averages towards the weights."""

    def swap(self):
        """Exchange averages and weights."""


class StochasticResidual:
    """A residual block that examples skip at times."""

    def __init__(self, num_channels, drop_prob, use_1x1conv=False, strides=1):
        """drop_prob: how often."""
