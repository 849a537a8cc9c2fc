"""Declarations: alexnet."""


class AlexNet:
    """AlexNet."""

    def __init__(
        self,
        lr=0.1,
        num_classes=10,
        *,
        channels=(96, 256, 384, 384, 256),
        num_hiddens=4096,
    ):
        """Widths.

        channels: of the convolutions.
        num_hiddens: of the dense layers.
        """
