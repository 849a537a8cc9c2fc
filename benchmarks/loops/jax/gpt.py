"""A GPT in plain JAX that continues a text greedily.

Tokens, keys and values have room for all steps from the start, so that everything
is compiled once.
"""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.loops.jax.encoder import tree


def norm(params, X):
    """Features divided by their root mean square."""
    square = jnp.mean(X * X, axis=-1, keepdims=True)
    return X * jax.lax.rsqrt(square + 1e-5) * params["weight"]


def turned(X, positions):
    """Pairs of neighbouring features turned; X: (batch, steps, heads, size)."""
    exponents = np.arange(0, X.shape[-1], 2) / X.shape[-1]
    angles = positions[:, None, None] / jnp.asarray(10000.0**exponents)
    cos, sin = jnp.cos(angles), jnp.sin(angles)
    even, odd = X[..., 0::2], X[..., 1::2]
    pairs = jnp.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1)
    return pairs.reshape(X.shape)


def attend(params, X, positions, cache, num_heads):
    """Attention of the steps of X to those in the cache up to themselves."""
    heads = (*X.shape[:2], num_heads, -1)
    queries, keys, values = (
        (X @ params[name]["weight"]).reshape(heads) for name in ("W_q", "W_k", "W_v")
    )
    queries, keys = turned(queries, positions), turned(keys, positions)
    cache = tuple(
        jax.lax.dynamic_update_slice_in_dim(kept, new, positions[0], axis=1)
        for kept, new in zip(cache, (keys, values), strict=True)
    )
    is_seen = jnp.arange(cache[0].shape[1]) <= positions[:, None]
    seen = jax.nn.dot_product_attention(queries, *cache, mask=is_seen[None, None])
    return seen.reshape(X.shape) @ params["W_o"]["weight"], cache


def forward(params, X, start, caches, num_heads):
    """What the last block returns, (batch, steps, num_hiddens), and the caches.

    start: the position of the first step.
    """
    positions = start + jnp.arange(X.shape[1])
    H, new = params["embedding"]["weight"][X], []
    for i, cache in enumerate(caches):
        blk = params["blks"][str(i)]
        Y, cache = attend(
            blk["attention"], norm(blk["norm1"], H), positions, cache, num_heads
        )
        H, ffn = H + Y, blk["ffn"]
        Y = norm(blk["norm2"], H)
        Y = jax.nn.silu(Y @ ffn["gate"]["weight"]) * (Y @ ffn["dense1"]["weight"])
        H = H + Y @ ffn["dense2"]["weight"]
        new.append(cache)
    return norm(params["norm"], H), new


def make_network(weights, num_heads, num_blks):
    """Parameters with the weights of ours, and the number of heads."""
    return tree(weights), num_heads


def empty_caches(params, batch, max_len, num_heads):
    """For each block keys and values, (batch, max_len, heads, size)."""
    shape = batch, max_len, num_heads, params["norm"]["weight"].size // num_heads
    return [(jnp.zeros(shape), jnp.zeros(shape)) for _ in params["blks"]]


def next_token(params, H):
    """The likeliest token after H, (batch, num_hiddens)."""
    return jnp.argmax(H @ params["head"]["weight"], axis=-1)


@partial(jax.jit, static_argnums=3)
def extend(params, tokens, length, num_heads):
    """Put the token after the first `length` into its place."""
    caches = empty_caches(params, *tokens.shape, num_heads)
    H, _ = forward(params, tokens, 0, caches, num_heads)
    new = next_token(params, jax.lax.dynamic_index_in_dim(H, length - 1, 1, False))
    return tokens.at[:, length].set(new), length + 1


def generate(network, prefix, num_tokens):
    """The prefix and `num_tokens` more tokens, everything computed anew each time."""
    params, num_heads = network
    tokens, length = jnp.pad(prefix, ((0, 0), (0, num_tokens))), prefix.shape[1]
    for _ in range(num_tokens):
        tokens, length = extend(params, tokens, length, num_heads)
    return tokens


@partial(jax.jit, static_argnums=4)
def next_step(params, X, start, caches, num_heads):
    """The token after X, (batch, 1), the next position and the caches."""
    H, caches = forward(params, X, start, caches, num_heads)
    return next_token(params, H[:, -1])[:, None], start + X.shape[1], caches


def generate_cached(network, prefix, num_tokens):
    """The same, with the keys and values of earlier steps kept."""
    params, num_heads = network
    batch, length = prefix.shape
    caches = empty_caches(params, batch, length + num_tokens, num_heads)
    found, new, start = [prefix], prefix, 0
    for _ in range(num_tokens):
        new, start, caches = next_step(params, new, start, caches, num_heads)
        found.append(new)
    return jnp.concatenate(found, axis=1)
