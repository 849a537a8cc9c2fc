"""The port of `classifier_torch.py` to Flax, and one with a typical mistake."""

from flax import nnx


def network(padding=1):
    """Images are (n, height, width, channels) here; strides pad by hand."""
    rngs = nnx.Rngs(0)
    return nnx.Sequential(
        nnx.Conv(1, 4, (3, 3), padding=1, rngs=rngs),
        nnx.relu,
        nnx.Conv(4, 8, (3, 3), strides=2, padding=padding, rngs=rngs),
        nnx.relu,
        lambda X: X.mean((1, 2)),
        nnx.Linear(8, 10, rngs=rngs),
    )


def wrong_network():
    """Padding "SAME" with a stride of 2 pads one side only, unlike PyTorch."""
    return network(padding="SAME")
