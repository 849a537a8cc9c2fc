"""Mixture of experts (Shazeer et al., 2017): more weights, not more work."""

import torch
from torch import nn
from torch.nn import functional as F

from .transformer_block import FeedForward


def top_k_gates(logits, k):
    """Weights of the k experts with the largest logits; 0 for the others.

    logits: (..., experts).

    returns: the same shape: a softmax over the k.
    """
    values, experts = torch.topk(logits, k)
    weights = torch.softmax(values, dim=-1)[..., None]
    return (F.one_hot(experts, logits.shape[-1]) * weights).sum(dim=-2)


def load_balancing_loss(logits, k):
    """1 when tokens are spread evenly over the experts, more when not (Fedus, 2021).

    It is the number of experts times the sum over experts of the share of the
    choices that fell on it and its mean probability. The shares are counts, so the
    gradient comes through the probabilities alone.

    logits: (..., experts).
    k: how many experts a token chooses.
    """
    num_experts = logits.shape[-1]
    logits = logits.reshape(-1, num_experts)
    chosen = F.one_hot(torch.topk(logits, k).indices, num_experts)
    shares = chosen.sum(dim=1).to(logits.dtype).mean(dim=0) / k
    return num_experts * (shares * torch.softmax(logits, dim=-1).mean(dim=0)).sum()


class MoELayer(nn.Module):
    """For each token, `k` of `num_experts` feed-forward layers, chosen by a router.

    act, bias: of the experts, as in `FeedForward`. After a call `balance_loss` is
    the `load_balancing_loss` of its tokens, to be added to a model's loss.
    """

    def __init__(self, num_hiddens, num_experts, k=2, act="swiglu", bias=False):
        super().__init__()
        if not 1 <= k <= num_experts:
            raise ValueError(f"{k} of {num_experts} experts cannot be chosen")
        self.k = k
        self.router = nn.LazyLinear(num_experts, bias=False)
        self.experts = nn.ModuleList(
            FeedForward(num_hiddens, act, bias) for _ in range(num_experts)
        )
        self.balance_loss = None

    def forward(self, X):
        """Return the same shape.

        X: (..., num_hiddens).
        """
        logits = self.router(X)
        self.balance_loss = load_balancing_loss(logits, self.k)
        gates = top_k_gates(logits, self.k)
        # All experts see all tokens, which keeps shapes fixed; where experts are on
        # many devices, each is sent those that chose it.
        outputs = torch.stack([expert(X) for expert in self.experts], dim=-1)
        return (outputs * gates[..., None, :]).sum(dim=-1)
