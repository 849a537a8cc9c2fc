"""Declarations: moe."""


def top_k_gates(logits, k):
    """Weights of the experts with the largest logits."""


def load_balancing_loss(logits, k):
    """How unevenly tokens are spread over experts."""


class MoELayer:
    """Feed-forward layers of which each token uses a few."""

    def __init__(self, num_hiddens, num_experts, k=2, act="swiglu", bias=False):
        """k: how many a token uses."""
