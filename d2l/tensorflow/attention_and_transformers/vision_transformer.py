"""The vision Transformer (Dosovitskiy et al., 2021)."""

import keras
import tensorflow as tf
from keras import layers

from ..layers import Block, gelu
from ..linear_classification.classification import Classifier
from ..tensor import randn, zeros
from .multihead_attention import MultiHeadAttention


class PatchEmbedding(Block):
    """Images cut into squares, each turned into a vector by one dense layer."""

    def __init__(self, img_size=96, patch_size=16, num_hiddens=512):
        super().__init__()
        self.num_patches = (img_size // patch_size) ** 2
        # A convolution that does not overlap is that layer.
        self.conv = layers.Conv2D(
            num_hiddens, kernel_size=patch_size, strides=patch_size
        )

    def call(self, X):
        """Return (batch, patches, num_hiddens).

        X: (batch, side, side, channels).
        """
        Y = self.conv(X)
        return tf.reshape(Y, (-1, Y.shape[1] * Y.shape[2], Y.shape[3]))


class ViTMLP(Block):
    """Two dense layers with GELU and dropout, at every position."""

    def __init__(self, mlp_num_hiddens, mlp_num_outputs, dropout=0.5):
        super().__init__()
        self.dense1 = layers.Dense(mlp_num_hiddens)
        self.gelu = layers.Activation(gelu)
        self.dropout1 = layers.Dropout(dropout)
        self.dense2 = layers.Dense(mlp_num_outputs)
        self.dropout2 = layers.Dropout(dropout)

    def call(self, X):
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
        self.ln1 = layers.LayerNormalization(epsilon=1e-5)
        self.attention = MultiHeadAttention(num_hiddens, num_heads, dropout, use_bias)
        self.ln2 = layers.LayerNormalization(epsilon=1e-5)
        self.mlp = ViTMLP(mlp_num_hiddens, num_hiddens, dropout)

    def call(self, X, valid_lens=None):
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
        self.cls_token = tf.Variable(zeros((1, 1, num_hiddens)))
        num_steps = self.patch_embedding.num_patches + 1
        self.pos_embedding = tf.Variable(randn((1, num_steps, num_hiddens)))
        self.dropout = layers.Dropout(emb_dropout)
        settings = num_hiddens, mlp_num_hiddens, num_heads, blk_dropout, use_bias
        self.blks = [ViTBlock(*settings) for _ in range(num_blks)]
        self.head = keras.Sequential(
            [layers.LayerNormalization(epsilon=1e-5), layers.Dense(num_classes)]
        )

    def forward(self, X):
        """Return (batch, num_classes).

        X: (batch, img_size, img_size, channels).
        """
        X = self.patch_embedding(X)
        first = tf.repeat(self.cls_token, tf.shape(X)[0], axis=0)
        X = tf.concat([first, X], axis=1)
        X = self.dropout(X + self.pos_embedding)
        for blk in self.blks:
            X = blk(X)
        return self.head(X[:, 0])
