"""Declarations: vision transformer."""


class PatchEmbedding:
    """Images cut into squares, each turned into a vector."""

    def __init__(self, img_size=96, patch_size=16, num_hiddens=512):
        """Sizes in pixels."""


class ViTMLP:
    """Two dense layers with GELU and dropout."""

    def __init__(self, mlp_num_hiddens, mlp_num_outputs, dropout=0.5):
        """The sizes of the two."""


class ViTBlock:
    """A block that normalises before attention and dense layers."""

    def __init__(
        self, num_hiddens, mlp_num_hiddens, num_heads, dropout, use_bias=False
    ):
        """use_bias: of attention."""


class ViT:
    """The vision Transformer."""

    def __init__(
        self,
        img_size,
        patch_size,
        num_hiddens,
        mlp_num_hiddens,
        num_heads,
        num_blks,
        emb_dropout,
        blk_dropout,
        lr=0.1,
        use_bias=False,
        num_classes=10,
    ):
        """Sizes in pixels; dropout after embeddings and in blocks."""
