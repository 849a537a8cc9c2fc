"""Breakages of the JAX tree."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx

from d2l.common.weights import SAME
from d2l.jax import optimizers, structure
from d2l.jax.attention_and_transformers import attention_scoring_functions
from d2l.jax.attention_and_transformers.multihead_attention import MultiHeadAttention
from d2l.jax.convolutional_neural_networks.lenet import LeNet
from d2l.jax.generative_adversarial_networks import gan
from d2l.jax.layers import flatten
from d2l.jax.linear_classification import softmax_regression_scratch
from d2l.jax.linear_classification.classification import Classifier
from d2l.jax.linear_regression.oo_design import Trainer
from d2l.jax.multilayer_perceptrons import dropout
from d2l.jax.recurrent import LSTMLayers
from d2l.jax.tensor import get_key
from d2l.parity import backend
from parity_tests.meta.sabotage import replace


def square_kernels_transposed():
    """Dense kernels are carried over as they are: square ones fit all the same."""
    layout = structure._kernel_layout

    def untransposed(layer):
        shape = layer.kernel[...].shape
        is_square = len(shape) == 2 and shape[0] == shape[1]
        return SAME if is_square else layout(layer)

    replace(structure, "_kernel_layout", untransposed)


def flattened_pixel_by_pixel():
    """The dense layer's inputs are in the order in which a map lies here."""
    call = nnx.Sequential.__call__

    def called(self, *args):
        layers = [_by_pixel if f is flatten else f for f in self.layers]
        return call(nnx.Sequential(*layers), *args)

    replace(nnx.Sequential, "__call__", called)


def _by_pixel(X):
    return X.reshape((X.shape[0], -1))


def decay_decoupled():
    """Weight decay bypasses the momentum, as in AdamW."""

    def sgd(model, lr, momentum=0.0, weight_decay=0.0):
        descent = optax.sgd(lr, momentum=momentum or None)
        return optax.chain(descent, optax.add_decayed_weights(-lr * weight_decay))

    replace(optimizers, "sgd", sgd)


def losses_summed():
    """The loss is a sum over the batch, not a mean."""
    loss = Classifier.loss

    def summed(self, Y_hat, Y, averaged=True):
        losses = loss(self, Y_hat, Y, averaged=False)
        return losses.sum() if averaged else losses

    replace(Classifier, "loss", summed)


def padding_on_one_side():
    """As many pixels of padding, but all of them above and on the left."""
    init = LeNet.__init__

    def padded(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.net.layers[0].padding = ((4, 0), (4, 0))

    replace(LeNet, "__init__", padded)


def dropout_not_scaled():
    """What is kept is not scaled up."""
    own = dropout.dropout_layer

    def unscaled(X, rate, *args):
        return own(X, rate, *args) * (1 - rate)

    replace(dropout, "dropout_layer", unscaled)


def norm_too_large():
    """Clipping adds 1e-6 to the norm, as PyTorch's own function does."""

    def clip(self, grad_clip_val, grads):
        norm = jnp.sqrt(sum(jnp.sum(g**2) for g in jax.tree.leaves(grads)))
        scale = jnp.minimum(1.0, grad_clip_val / (norm + 1e-6))
        return jax.tree.map(lambda g: g * scale, grads)

    replace(Trainer, "clip_gradients", clip)


def softmax_over_examples():
    """Columns sum to one instead of rows."""
    replace(softmax_regression_scratch, "softmax", lambda X: jax.nn.softmax(X, axis=0))


def momentum_rounded():
    """The momentum is a float32: off by 2.4e-8."""
    sgd = optimizers.sgd

    def rounded(model, lr, momentum=0.0, weight_decay=0.0):
        return sgd(model, lr, float(np.float32(momentum)), weight_decay)

    replace(optimizers, "sgd", rounded)


def gradient_of_inputs_scaled():
    """The output is right, the gradient behind it is not."""
    forward = LeNet.forward

    def damped(self, X):
        return forward(self, 0.5 * X + jax.lax.stop_gradient(0.5 * X))

    replace(LeNet, "forward", damped)


def gates_swapped():
    """An LSTM takes its forget gate for its input gate."""

    def step(state, inputs, hiddens):
        i, f, g, o = jnp.split(inputs + hiddens, 4, axis=-1)
        C = jax.nn.sigmoid(i) * state[1] + jax.nn.sigmoid(f) * jnp.tanh(g)
        H = jax.nn.sigmoid(o) * jnp.tanh(C)
        return (H, C), H

    replace(LSTMLayers, "step", staticmethod(step))


def mask_off_by_one():
    """One key of padding is attended to."""
    softmax = attention_scoring_functions.masked_softmax

    def lenient(X, valid_lens):
        return softmax(X, None if valid_lens is None else valid_lens + 1)

    replace(attention_scoring_functions, "masked_softmax", lenient)


def heads_interleaved():
    """Each head has every second value, not one half of them."""

    def transpose_qkv(self, X):
        batch, steps, _ = X.shape
        X = X.reshape((batch, steps, self.head_size, -1)).transpose((0, 3, 1, 2))
        return X.reshape((-1, steps, self.head_size))

    replace(MultiHeadAttention, "transpose_qkv", transpose_qkv)


def noise_of_its_own():
    """A generator gets noise that no other framework's gets."""
    replace(gan, "normal", lambda shape: jax.random.normal(get_key(), shape))


def channels_of_sequences_not_moved():
    """Arrays of three axes come as they are, whatever is declared of them."""
    move = backend.move_channels_last

    def moved(array, axes):
        return array if array.ndim == 3 else move(array, axes)

    replace(backend, "move_channels_last", moved)
