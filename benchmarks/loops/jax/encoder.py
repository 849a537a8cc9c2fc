"""A Transformer encoder in plain JAX."""

import math

import jax
import jax.numpy as jnp


def dense(params, X):
    """A dense layer."""
    return X @ params["weight"] + params["bias"]


def norm(params, X):
    """Layer normalisation."""
    X = jax.nn.standardize(X, epsilon=1e-5)
    return X * params["weight"] + params["bias"]


def block(params, X, num_heads):
    """Self-attention and two dense layers, normalised after each sum."""
    heads = (*X.shape[:2], num_heads, -1)
    attention = params["attention"]
    queries, keys, values = (
        dense(attention[name], X).reshape(heads) for name in ("W_q", "W_k", "W_v")
    )
    seen = jax.nn.dot_product_attention(queries, keys, values)
    X = norm(
        params["addnorm1"]["ln"], X + dense(attention["W_o"], seen.reshape(X.shape))
    )
    H = jax.nn.relu(dense(params["ffn"]["dense1"], X))
    return norm(params["addnorm2"]["ln"], X + dense(params["ffn"]["dense2"], H))


def sinusoids(num_steps, num_hiddens):
    """Sines and cosines of the positions, (num_steps, num_hiddens)."""
    exponents = jnp.arange(0, num_hiddens, 2) / num_hiddens
    angles = jnp.arange(num_steps)[:, None] / 10000.0**exponents
    return jnp.stack([jnp.sin(angles), jnp.cos(angles)], -1).reshape(num_steps, -1)


def tree(weights):
    """The weights as nested dictionaries, matrices with their inputs first."""
    root = {}
    for name, value in weights.items():
        *path, last = name.split(".")
        node = root
        for part in path:
            node = node.setdefault(part, {})
        is_dense = last == "weight" and "embedding" not in path
        node[last] = jnp.asarray(value.T if is_dense else value)
    return root


def make_network(weights, num_heads, num_blks):
    """Function, parameters and state, with the weights of ours."""

    def apply(params, state, X):
        encoder = params["encoder"]
        H = encoder["embedding"]["weight"][X]
        H = H * math.sqrt(H.shape[-1]) + sinusoids(*H.shape[1:])
        for i in range(num_blks):
            H = block(encoder["blks"][str(i)], H, num_heads)
        return dense(params["head"], H), state

    return apply, tree(weights), {}
