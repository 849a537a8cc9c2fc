"""The vision Transformer (Dosovitskiy et al., 2021)."""

from functools import partial

import jax
import jax.numpy as jnp
from flax import nnx

from ..layers import layer_settings, norm_settings, rngs_or_default
from ..linear_classification.classification import Classifier
from .multihead_attention import MultiHeadAttention


class PatchEmbedding(nnx.Module):
    """Images cut into squares, each turned into a vector by one dense layer.

    in_channels: of the images.
    """

    def __init__(
        self, img_size=96, patch_size=16, num_hiddens=512, *, in_channels=3, rngs=None
    ):
        self.num_patches = (img_size // patch_size) ** 2
        # A convolution that does not overlap is that layer. Flax would pad an image
        # that is no multiple of the patches.
        settings = layer_settings(rngs) | {"strides": patch_size, "padding": "VALID"}
        self.conv = nnx.Conv(
            in_channels, num_hiddens, (patch_size, patch_size), **settings
        )

    def __call__(self, X):
        """Return (batch, patches, num_hiddens).

        X: (batch, side, side, channels).
        """
        X = self.conv(X)
        return X.reshape((X.shape[0], -1, X.shape[-1]))


class ViTMLP(nnx.Module):
    """Two dense layers with GELU and dropout, at every position.

    input_size: values at a position, mlp_num_outputs unless given.
    """

    def __init__(
        self,
        mlp_num_hiddens,
        mlp_num_outputs,
        dropout=0.5,
        *,
        input_size=None,
        rngs=None,
    ):
        rngs = rngs_or_default(rngs)
        settings = layer_settings(rngs)
        input_size = input_size or mlp_num_outputs
        self.dense1 = nnx.Linear(input_size, mlp_num_hiddens, **settings)
        # Exact, by the error function: Flax's default is an approximation by tanh.
        self.gelu = partial(nnx.gelu, approximate=False)
        self.dropout1 = nnx.Dropout(dropout, rngs=rngs)
        self.dense2 = nnx.Linear(mlp_num_hiddens, mlp_num_outputs, **settings)
        self.dropout2 = nnx.Dropout(dropout, rngs=rngs)

    def __call__(self, X):
        """Return (batch, steps, mlp_num_outputs).

        X: (batch, steps, size).
        """
        X = self.dropout1(self.gelu(self.dense1(X)))
        return self.dropout2(self.dense2(X))


class ViTBlock(nnx.Module):
    """Self-attention and dense layers, each normalised before and added after."""

    def __init__(
        self,
        num_hiddens,
        mlp_num_hiddens,
        num_heads,
        dropout,
        use_bias=False,
        *,
        rngs=None,
    ):
        rngs = rngs_or_default(rngs)
        self.ln1 = nnx.LayerNorm(num_hiddens, **norm_settings())
        self.attention = MultiHeadAttention(
            num_hiddens, num_heads, dropout, use_bias, rngs=rngs
        )
        self.ln2 = nnx.LayerNorm(num_hiddens, **norm_settings())
        self.mlp = ViTMLP(mlp_num_hiddens, num_hiddens, dropout, rngs=rngs)

    def __call__(self, X, valid_lens=None):
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
    in_channels: of the images.
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
        *,
        in_channels=1,
        rngs=None,
    ):
        super().__init__()
        self.save_hyperparameters(ignore=["rngs"])
        rngs = rngs_or_default(rngs)
        self.patch_embedding = PatchEmbedding(
            img_size, patch_size, num_hiddens, in_channels=in_channels, rngs=rngs
        )
        self.cls_token = nnx.Param(jnp.zeros((1, 1, num_hiddens)))
        num_steps = self.patch_embedding.num_patches + 1
        noise = jax.random.normal(rngs.params(), (1, num_steps, num_hiddens))
        self.pos_embedding = nnx.Param(noise)
        self.dropout = nnx.Dropout(emb_dropout, rngs=rngs)
        settings = num_hiddens, mlp_num_hiddens, num_heads, blk_dropout, use_bias
        self.blks = nnx.List([ViTBlock(*settings, rngs=rngs) for _ in range(num_blks)])
        self.head = nnx.Sequential(
            nnx.LayerNorm(num_hiddens, **norm_settings()),
            nnx.Linear(num_hiddens, num_classes, **layer_settings(rngs)),
        )

    def forward(self, X):
        """Return (batch, num_classes).

        X: (batch, img_size, img_size, channels).
        """
        X = self.patch_embedding(X)
        cls_token = jnp.broadcast_to(self.cls_token[...], (len(X), 1, X.shape[-1]))
        X = self.dropout(
            jnp.concatenate([cls_token, X], axis=1) + self.pos_embedding[...]
        )
        for blk in self.blks:
            X = blk(X)
        return self.head(X[:, 0])
