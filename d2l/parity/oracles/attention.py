"""Attention, positions and experts, one query or token at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

Array = np.ndarray


def softmax(x: Array) -> Array:
    """Of a vector."""
    e = np.exp(x - x.real.max())
    return e / e.sum()


def kernel_regression(
    keys: Array, values: Array, queries: Array, kernel: Callable[[Array], Array]
) -> tuple[Array, Array]:
    """Estimates, (queries,), and weights, (keys, queries)."""
    columns = [kernel(keys - query) for query in queries]
    weights = [column / column.sum() for column in columns]
    estimates = [(weight * values).sum() for weight in weights]
    return np.array(estimates), np.stack(weights, axis=1)


def masked_softmax(X: Array, valid_lens: Array | None) -> Array:
    """Of each row's first elements; a row of which none is valid gets equal weights."""
    found = np.zeros_like(X)
    if X.size == 0:
        return found
    for b, q in np.ndindex(X.shape[:2]):
        n = X.shape[2] if valid_lens is None else length(valid_lens, b, q)
        found[b, q, :n] = softmax(X[b, q, :n]) if n else 0
        if n == 0:
            found[b, q] = 1 / X.shape[2]
    return found


def length(valid_lens: Array, example: int, query: int) -> int:
    """How many keys a query may see, by the one or two axes of `valid_lens`."""
    found = valid_lens[example] if valid_lens.ndim == 1 else valid_lens[example, query]
    return int(found)


def dot_product_attention(Q: Array, K: Array, V: Array, lens: Array | None) -> Array:
    """By scaled products.

    Q: (batch, queries, size).
    """
    scores = np.einsum("bqd,bkd->bqk", Q, K) / math.sqrt(Q.shape[-1])
    return np.einsum("bqk,bkv->bqv", masked_softmax(scores, lens), V)


def additive_attention(
    weights: Mapping[str, Array], Q: Array, K: Array, V: Array, lens: Array | None
) -> Array:
    """By w_v . tanh(W_q q + W_k k), for each query and key."""
    W_q, W_k = weights["W_q.weight"], weights["W_k.weight"]
    shape = *Q.shape[:2], K.shape[1]
    scores = np.zeros(shape, np.result_type(Q, K, *weights.values()))
    for b, q, k in np.ndindex(shape):
        features = np.tanh(W_q @ Q[b, q] + W_k @ K[b, k])
        scores[b, q, k] = weights["w_v.weight"][0] @ features
    return np.einsum("bqk,bkv->bqv", masked_softmax(scores, lens), V)


def multi_head_attention(
    weights: Mapping[str, Array],
    num_heads: int,
    inputs: tuple[Array, Array, Array],
    lens: Array | None,
    num_kv_heads: int | None = None,
    turn: Callable[[Array], Array] = lambda X: X,
) -> Array:
    """Head by head.

    turn: what is done to each head's queries and keys.
    """
    num_kv_heads = num_kv_heads or num_heads
    Q, K, V = (
        X @ weights[f"W_{name}.weight"].T for X, name in zip(inputs, "qkv", strict=True)
    )
    size = Q.shape[-1] // num_heads
    heads = []
    for head in range(num_heads):
        own = slice(head * size, (head + 1) * size)
        start = head * num_kv_heads // num_heads * size
        shared = slice(start, start + size)
        pair = turn(Q[..., own]), turn(K[..., shared])
        heads.append(dot_product_attention(*pair, V[..., shared], lens))
    return np.concatenate(heads, axis=-1) @ weights["W_o.weight"].T


def causal_lens(batch: int, steps: int) -> Array:
    """Each step sees itself and those before it; (batch, steps)."""
    return np.tile(np.arange(1, steps + 1), (batch, 1))


def sinusoid(position: int, feature: int, num_hiddens: int) -> float:
    """A sine where the feature is even, the cosine of the same angle where odd."""
    angle = position / 10000 ** (feature // 2 * 2 / num_hiddens)
    return math.cos(angle) if feature % 2 else math.sin(angle)


def rope(X: Array, offset: int = 0, base: float = 10000.0) -> Array:
    """Each pair of features turned, by a matrix.

    X: (..., steps, size).
    """
    found = np.zeros_like(X)
    steps, size = X.shape[-2:]
    for step, pair in np.ndindex(steps, size // 2):
        angle = (offset + step) / base ** (2 * pair / size)
        cos, sin = math.cos(angle), math.sin(angle)
        turn = np.array([[cos, -sin], [sin, cos]])
        where = slice(2 * pair, 2 * pair + 2)
        found[..., step, where] = X[..., step, where] @ turn.T
    return found


def layer_norm(X: Array, weight: Array, bias: Array, eps: float = 1e-5) -> Array:
    """Mean 0 and variance 1 along the last axis, then scaled and shifted."""
    centred = X - X.mean(-1, keepdims=True)
    variance = (centred * centred).mean(-1, keepdims=True)
    return centred / np.sqrt(variance + eps) * weight + bias


def rms_norm(X: Array, weight: Array, eps: float = 1e-5) -> Array:
    """Root mean square 1 along the last axis, then scaled."""
    return X / np.sqrt((X * X).mean(-1, keepdims=True) + eps) * weight


def swiglu(weights: Mapping[str, Array], X: Array) -> Array:
    """Dense layers with a gate, without biases."""
    gate = X @ weights["gate.weight"].T
    H = gate / (1 + np.exp(-gate)) * (X @ weights["dense1.weight"].T)
    return H @ weights["dense2.weight"].T


def largest(logits: Array, k: int) -> list[int]:
    """The places of the k largest elements of a vector."""
    return sorted(range(len(logits)), key=lambda i: -logits[i].real)[:k]


def top_k_gates(logits: Array, k: int) -> Array:
    """A softmax over each row's k largest, 0 elsewhere."""
    found = np.zeros_like(logits)
    for row in np.ndindex(logits.shape[:-1]):
        chosen = largest(logits[row], k)
        found[(*row, chosen)] = softmax(logits[row][chosen])
    return found


def load_balancing_loss(logits: Array, k: int) -> Array:
    """experts * sum over experts of their share and mean probability."""
    rows = logits.reshape(-1, logits.shape[-1])
    shares = np.zeros(rows.shape[1])
    for row in rows:
        shares[largest(row, k)] += 1 / (k * len(rows))
    probabilities = np.mean([softmax(row) for row in rows], axis=0)
    return rows.shape[1] * (shares * probabilities).sum()


def experts(weights: Mapping[str, Array], X: Array, k: int) -> Array:
    """Each token through its k experts.

    X: (batch, steps, size).
    """
    gates = top_k_gates(X @ weights["router.weight"].T, k)
    found = np.zeros(X.shape, np.result_type(X, *weights.values()))
    for b, t, e in np.ndindex(gates.shape):
        if gates[b, t, e] != 0:
            prefix = f"experts.{e}."
            own = {n[len(prefix) :]: w for n, w in weights.items() if prefix in n}
            found[b, t] += gates[b, t, e] * swiglu(own, X[b, t])
    return found
