"""The vision Transformer (Dosovitskiy et al., 2021)."""

from mxnet import init, np
from mxnet.gluon import nn

from ..layers import GELU, Block, LayerNorm
from ..linear_classification.classification import Classifier
from ..parameters import initialise_rest
from .multihead_attention import MultiHeadAttention


class PatchEmbedding(Block):
    """Images cut into squares, each turned into a vector by one dense layer."""

    def __init__(self, img_size=96, patch_size=16, num_hiddens=512):
        super().__init__()
        self.num_patches = (img_size // patch_size) ** 2
        # A convolution that does not overlap is that layer.
        self.conv = nn.Conv2D(num_hiddens, kernel_size=patch_size, strides=patch_size)
        initialise_rest(self, init.Xavier())

    def forward(self, X):
        """Return (batch, patches, num_hiddens).

        X: (batch, channels, side, side).
        """
        Y = self.conv(X)
        return Y.reshape((*Y.shape[:2], -1)).swapaxes(1, 2)


class ViTMLP(nn.HybridBlock):
    """Two dense layers with GELU and dropout, at every position."""

    def __init__(self, mlp_num_hiddens, mlp_num_outputs, dropout=0.5):
        super().__init__()
        self.dense1 = nn.Dense(mlp_num_hiddens, flatten=False)
        self.gelu = GELU()
        self.dropout1 = nn.Dropout(dropout)
        self.dense2 = nn.Dense(mlp_num_outputs, flatten=False)
        self.dropout2 = nn.Dropout(dropout)
        initialise_rest(self, init.Xavier())

    def hybrid_forward(self, F, X):
        """Return (batch, steps, mlp_num_outputs).

        X: (batch, steps, size).
        """
        X = self.dropout1(self.gelu(self.dense1(X)))
        return self.dropout2(self.dense2(X))


class ViTBlock(Block):
    """Self-attention and dense layers, each normalised before and added after."""

    def __init__(
        self, num_hiddens, mlp_num_hiddens, num_heads, dropout, use_bias=False
    ):
        super().__init__()
        self.ln1 = LayerNorm(in_channels=num_hiddens)
        self.attention = MultiHeadAttention(num_hiddens, num_heads, dropout, use_bias)
        self.ln2 = LayerNorm(in_channels=num_hiddens)
        self.mlp = ViTMLP(mlp_num_hiddens, num_hiddens, dropout)
        initialise_rest(self)

    def forward(self, X, valid_lens=None):
        """Return the same shape.

        X: (batch, steps, num_hiddens).
        """
        Y = self.ln1(X)
        X = X + self.attention(Y, Y, Y, valid_lens)
        return X + self.mlp(self.ln2(X))


class ViT(Classifier):
    """A class token ahead of the patches is what images are classified by.

    emb_dropout: after positions.
    blk_dropout: in blocks.
    use_bias: of attention.
    """

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
        super().__init__()
        self.save_hyperparameters()
        self.patch_embedding = PatchEmbedding(img_size, patch_size, num_hiddens)
        self.cls_token = self.params.get(
            "cls_token", shape=(1, 1, num_hiddens), init=init.Zero()
        )
        num_steps = self.patch_embedding.num_patches + 1
        self.pos_embedding = self.params.get(
            "pos_embedding", shape=(1, num_steps, num_hiddens), init=init.Normal(1)
        )
        self.dropout = nn.Dropout(emb_dropout)
        settings = num_hiddens, mlp_num_hiddens, num_heads, blk_dropout, use_bias
        self.blks, self.head = nn.Sequential(), nn.HybridSequential()
        self.blks.add(*[ViTBlock(*settings) for _ in range(num_blks)])
        self.head.add(
            LayerNorm(in_channels=num_hiddens), nn.Dense(num_classes, flatten=False)
        )
        initialise_rest(self, init.Xavier())

    def forward(self, X):
        """Return (batch, num_classes).

        X: (batch, channels, img_size, img_size).
        """
        X = self.patch_embedding(X)
        first = np.repeat(self.cls_token.data(X.ctx), len(X), axis=0)
        X = np.concatenate([first, X], axis=1)
        X = self.dropout(X + self.pos_embedding.data(X.ctx))
        for blk in self.blks:
            X = blk(X)
        return self.head(X[:, 0])
