"""A recurrent language model in plain JAX: a scan over the steps."""

import jax
import jax.numpy as jnp
from jax.nn import sigmoid


def lstm(state, products, params):
    """The next hidden state and memory cell; gates in the order i, f, g, o."""
    H, C = state
    gates = products + H @ params["weight_hh"] + params["bias_hh"]
    i, f, g, o = jnp.split(gates, 4, axis=-1)
    C = sigmoid(f) * C + sigmoid(i) * jnp.tanh(g)
    H = sigmoid(o) * jnp.tanh(C)
    return (H, C), H


def gru(state, products, params):
    """The next hidden state; gates in the order r, z, n."""
    (H,) = state
    hiddens = H @ params["weight_hh"] + params["bias_hh"]
    x_r, x_z, x_n = jnp.split(products, 3, axis=-1)
    h_r, h_z, h_n = jnp.split(hiddens, 3, axis=-1)
    z = sigmoid(x_z + h_z)
    n = jnp.tanh(x_n + sigmoid(x_r + h_r) * h_n)
    H = (1 - z) * n + z * H
    return (H,), H


STEPS = {"LSTM": (lstm, 2), "GRU": (gru, 1)}


def make_network(weights, layer):
    """Function, parameters and state, with the weights of ours.

    layer: "LSTM" or "GRU".
    """
    names = {
        "weight_ih": "rnn.rnn.weight_ih_l0",
        "weight_hh": "rnn.rnn.weight_hh_l0",
        "bias_ih": "rnn.rnn.bias_ih_l0",
        "bias_hh": "rnn.rnn.bias_hh_l0",
        "weight": "linear.weight",
        "bias": "linear.bias",
    }
    params = {own: jnp.asarray(weights[name].T) for own, name in names.items()}
    num_hiddens, vocab_size = params["weight"].shape
    step, num_states = STEPS[layer]

    def apply(params, state, X):
        inputs = jax.nn.one_hot(X.T, vocab_size)
        products = inputs @ params["weight_ih"] + params["bias_ih"]
        start = (jnp.zeros((len(X), num_hiddens)),) * num_states
        _, H = jax.lax.scan(lambda *pair: step(*pair, params), start, products)
        logits = H @ params["weight"] + params["bias"]
        return logits.swapaxes(0, 1), state

    return apply, params, {}
