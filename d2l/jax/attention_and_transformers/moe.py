"""Mixture of experts (Shazeer et al., 2017): more weights, not more work."""

import jax
import jax.numpy as jnp
from flax import nnx

from ..layers import layer_settings, rngs_or_default
from .transformer_block import FeedForward


def top_k_gates(logits, k):
    """Weights of the k experts with the largest logits; 0 for the others.

    logits: (..., experts).

    returns: the same shape: a softmax over the k.
    """
    values, experts = jax.lax.top_k(logits, k)
    weights = nnx.softmax(values, axis=-1)[..., None]
    return (_one_hot(experts, logits) * weights).sum(axis=-2)


def load_balancing_loss(logits, k):
    """1 when tokens are spread evenly over the experts, more when not (Fedus, 2021).

    It is the number of experts times the sum over experts of the share of the
    choices that fell on it and its mean probability. The shares are counts, so the
    gradient comes through the probabilities alone.

    logits: (..., experts).
    k: how many experts a token chooses.
    """
    num_experts = logits.shape[-1]
    logits = logits.reshape((-1, num_experts))
    chosen = _one_hot(jax.lax.top_k(logits, k)[1], logits)
    shares = chosen.sum(axis=1).mean(axis=0) / k
    return num_experts * (shares * nnx.softmax(logits, axis=-1).mean(axis=0)).sum()


def _one_hot(experts, logits):
    # In the precision of the logits: the default is 32 bits.
    return nnx.one_hot(experts, logits.shape[-1], dtype=logits.dtype)


class MoELayer(nnx.Module):
    """For each token, `k` of `num_experts` feed-forward layers, chosen by a router.

    act, bias: of the experts, as in `FeedForward`. After a call `balance_loss` is
    the `load_balancing_loss` of its tokens, to be added to a model's loss.
    """

    def __init__(
        self, num_hiddens, num_experts, k=2, act="swiglu", bias=False, *, rngs=None
    ):
        if not 1 <= k <= num_experts:
            raise ValueError(f"{k} of {num_experts} experts cannot be chosen")
        rngs = rngs_or_default(rngs)
        settings = {"use_bias": False} | layer_settings(rngs)
        self.k = k
        self.router = nnx.Linear(num_hiddens, num_experts, **settings)
        self.experts = nnx.List(
            [FeedForward(num_hiddens, act, bias, rngs=rngs) for _ in range(num_experts)]
        )
        # Flax must know that there will be an array.
        self.balance_loss = nnx.data(None)

    def __call__(self, X):
        """Return the same shape.

        X: (..., num_hiddens).
        """
        logits = self.router(X)
        self.balance_loss = load_balancing_loss(logits, self.k)
        gates = top_k_gates(logits, self.k)
        # All experts see all tokens, which keeps shapes fixed; where experts are on
        # many devices, each is sent those that chose it.
        outputs = jnp.stack([expert(X) for expert in self.experts], axis=-1)
        return (outputs * gates[..., None, :]).sum(axis=-1)
