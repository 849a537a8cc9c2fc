"""The vision Transformer (Dosovitskiy et al., 2021)."""

import torch
from torch import nn

from ..linear_classification.classification import Classifier
from .multihead_attention import MultiHeadAttention


class PatchEmbedding(nn.Module):
    """Images cut into squares, each turned into a vector by one dense layer."""

    def __init__(self, img_size=96, patch_size=16, num_hiddens=512):
        super().__init__()
        self.num_patches = (img_size // patch_size) ** 2
        # A convolution that does not overlap is that layer.
        self.conv = nn.LazyConv2d(
            num_hiddens, kernel_size=patch_size, stride=patch_size
        )

    def forward(self, X):
        """Return (batch, patches, num_hiddens).

        X: (batch, channels, side, side).
        """
        return self.conv(X).flatten(2).swapaxes(1, 2)


class ViTMLP(nn.Module):
    """Two dense layers with GELU and dropout, at every position."""

    def __init__(self, mlp_num_hiddens, mlp_num_outputs, dropout=0.5):
        super().__init__()
        self.dense1 = nn.LazyLinear(mlp_num_hiddens)
        # Exact, by the error function.
        self.gelu = nn.GELU(approximate="none")
        self.dropout1 = nn.Dropout(dropout)
        self.dense2 = nn.LazyLinear(mlp_num_outputs)
        self.dropout2 = nn.Dropout(dropout)

    def forward(self, X):
        """Return (batch, steps, mlp_num_outputs).

        X: (batch, steps, size).
        """
        X = self.dropout1(self.gelu(self.dense1(X)))
        return self.dropout2(self.dense2(X))


class ViTBlock(nn.Module):
    """Self-attention and dense layers, each normalised before and added after."""

    def __init__(
        self, num_hiddens, mlp_num_hiddens, num_heads, dropout, use_bias=False
    ):
        super().__init__()
        self.ln1 = nn.LayerNorm(num_hiddens, eps=1e-5)
        self.attention = MultiHeadAttention(num_hiddens, num_heads, dropout, use_bias)
        self.ln2 = nn.LayerNorm(num_hiddens, eps=1e-5)
        self.mlp = ViTMLP(mlp_num_hiddens, num_hiddens, dropout)

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
        self.cls_token = nn.Parameter(torch.zeros(1, 1, num_hiddens))
        num_steps = self.patch_embedding.num_patches + 1
        self.pos_embedding = nn.Parameter(torch.randn(1, num_steps, num_hiddens))
        self.dropout = nn.Dropout(emb_dropout)
        settings = num_hiddens, mlp_num_hiddens, num_heads, blk_dropout, use_bias
        self.blks = nn.ModuleList(ViTBlock(*settings) for _ in range(num_blks))
        self.head = nn.Sequential(
            nn.LayerNorm(num_hiddens, eps=1e-5), nn.Linear(num_hiddens, num_classes)
        )

    def forward(self, X):
        """Return (batch, num_classes).

        X: (batch, channels, img_size, img_size).
        """
        X = self.patch_embedding(X)
        X = torch.cat([self.cls_token.expand(len(X), -1, -1), X], dim=1)
        X = self.dropout(X + self.pos_embedding)
        for blk in self.blks:
            X = blk(X)
        return self.head(X[:, 0])
