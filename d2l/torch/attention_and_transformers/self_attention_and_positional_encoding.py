"""Telling a model that sees all tokens at once where each of them stands."""

import torch
from torch import nn

from d2l.common.positions import sinusoids, turns

from ..layers import Dropout


class PositionalEncoding(nn.Module):
    """Adds sines and cosines of the position (Vaswani et al., 2017), then drops out.

    num_hiddens: of the inputs.
    max_len: the number of positions there are. `P` holds them, (1, max_len,
        num_hiddens).
    """

    def __init__(self, num_hiddens, dropout, max_len=1000):
        super().__init__()
        self.dropout = Dropout(dropout)
        table = torch.as_tensor(sinusoids(max_len, num_hiddens)[None])
        # Moves to the GPU with the model, but is no weight.
        P = table.to(torch.get_default_dtype())
        self.register_buffer("P", P, persistent=False)

    def forward(self, X, offset=0):
        """X: (batch, steps, num_hiddens), of which the first is at `offset`."""
        return self.dropout(X + _rows(self.P, offset, X.shape[1]))


class LearnedPositionalEncoding(nn.Module):
    """Adds a trained vector per position (Gehring et al., 2017), then drops out."""

    def __init__(self, num_hiddens, dropout, max_len=1000):
        super().__init__()
        self.dropout = Dropout(dropout)
        self.P = nn.Parameter(torch.randn(1, max_len, num_hiddens) * 0.02)

    def forward(self, X, offset=0):
        """X: (batch, steps, num_hiddens), of which the first is at `offset`."""
        return self.dropout(X + _rows(self.P, offset, X.shape[1]))


def _rows(P, offset, steps):
    # A slice past the end would be short, and added without a word.
    if offset + steps > P.shape[1]:
        raise ValueError(f"{offset + steps} positions are more than {P.shape[1]}")
    return P[:, offset : offset + steps]


def rope(X, offset=0, base=10000.0):
    """Rotary positions (Su et al., 2021): each pair of features turned by an angle.

    Products of queries and keys that were both turned depend on the distance of
    their positions alone.

    X: (..., steps, size), size even, features 2i and 2i + 1 being a pair.
    offset: the position of the first step.
    base: pair i at position p is turned by p / base^(2i / size).
    """
    steps, size = X.shape[-2:]
    if size % 2:
        raise ValueError(f"features come in pairs, and {size} is odd")
    # There are no complex numbers of less than 32 bits a part.
    dtype = torch.promote_types(X.dtype, torch.float32)
    pairs = X.to(dtype).unflatten(-1, (-1, 2)).contiguous()
    table = torch.from_numpy(turns(steps, size, offset, base))
    turned = torch.view_as_complex(pairs) * table.to(X.device, dtype.to_complex())
    return torch.view_as_real(turned).flatten(-2).to(X.dtype)
