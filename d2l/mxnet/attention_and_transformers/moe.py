"""Mixture of experts (Shazeer et al., 2017): more weights, not more work."""

from mxnet import init, np, npx
from mxnet.gluon import nn

from ..layers import Block
from ..parameters import initialise_rest
from .transformer_block import FeedForward


def top_k_gates(logits, k):
    """Weights of the k experts with the largest logits; 0 for the others.

    logits: (..., experts).

    returns: the same shape: a softmax over the k.
    """
    values, experts = npx.topk(logits, k=k, ret_typ="both", dtype="int32")
    weights = np.expand_dims(npx.softmax(values, axis=-1), -1)
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
    chosen = _one_hot(npx.topk(logits, k=k, dtype="int32"), logits)
    shares = chosen.sum(axis=1).mean(axis=0) / k
    return num_experts * (shares * npx.softmax(logits, axis=-1).mean(axis=0)).sum()


def _one_hot(experts, logits):
    # In the precision of the logits: the default is 32 bits.
    return npx.one_hot(experts, logits.shape[-1], dtype=logits.dtype.name)


class MoELayer(Block):
    """For each token, `k` of `num_experts` feed-forward layers, chosen by a router.

    act, bias: of the experts, as in `FeedForward`. After a call `balance_loss` is
    the `load_balancing_loss` of its tokens, to be added to a model's loss.
    """

    def __init__(self, num_hiddens, num_experts, k=2, act="swiglu", bias=False):
        super().__init__()
        if not 1 <= k <= num_experts:
            raise ValueError(f"{k} of {num_experts} experts cannot be chosen")
        self.k = k
        self.router = nn.Dense(num_experts, use_bias=False, flatten=False)
        self.experts = nn.Sequential()
        self.experts.add(
            *[FeedForward(num_hiddens, act, bias) for _ in range(num_experts)]
        )
        self.balance_loss = None
        initialise_rest(self, init.Xavier())

    def forward(self, X):
        """Return the same shape.

        X: (..., num_hiddens).
        """
        logits = self.router(X)
        self.balance_loss = load_balancing_loss(logits, self.k)
        gates = top_k_gates(logits, self.k)
        # All experts see all tokens, which keeps shapes fixed; where experts are on
        # many devices, each is sent those that chose it.
        outputs = np.stack([expert(X) for expert in self.experts], axis=-1)
        return (outputs * np.expand_dims(gates, -2)).sum(axis=-1)
