"""Generative adversarial networks (Goodfellow et al., 2014)."""

from functools import partial

import jax.numpy as jnp
import optax
from flax import nnx

from d2l.common.data.point_clouds import show_point_clouds
from d2l.common.plots.progress_board import ProgressBoard

from ..layers import layer_settings
from ..optimizers import adam
from ..randomness import normal


class Generator(nnx.Module):
    """Noise to points of the plane, by one linear layer."""

    def __init__(self, latent_dim=2, *, rngs=None):
        self.net = nnx.Sequential(nnx.Linear(latent_dim, 2, **_small(rngs)))

    def __call__(self, Z):
        """Return (batch, 2).

        Z: (batch, latent_dim).
        """
        return self.net(Z)


class Discriminator(nnx.Module):
    """Points of the plane to the logit of being real."""

    def __init__(self, *, rngs=None):
        settings = _small(rngs)
        self.net = nnx.Sequential(
            nnx.Linear(2, 5, **settings),
            nnx.tanh,
            nnx.Linear(5, 3, **settings),
            nnx.tanh,
            nnx.Linear(3, 1, **settings),
        )

    def __call__(self, X):
        """Return (batch, 1).

        X: (batch, 2).
        """
        return self.net(X)


def _small(rngs):
    """The settings of layers that start small; their biases start at 0."""
    return layer_settings(rngs) | {"kernel_init": nnx.initializers.normal(0.02)}


def binary_cross_entropy(logits, labels):
    """The mean over a batch.

    labels: 0 or 1, in the shape of the logits.
    """
    return optax.sigmoid_binary_cross_entropy(logits, labels).mean()


@partial(nnx.jit, static_argnames="loss")
def update_D(X, Z, net_D, net_G, loss, trainer_D):
    """Take a step of the discriminator; returns its loss before it, a scalar.

    X: (batch, ...), real examples
    Z: (batch, latent_dim), noise for as many generated ones
    loss: a function of logits and labels, where 1 stands for real
    trainer_D: the optimizer of net_D
    """
    # The generator stands still: its part is not differentiated.
    fake_X = net_G(Z)

    def loss_of(net_D):
        real_Y, fake_Y = net_D(X), net_D(fake_X)
        real_loss = loss(real_Y, jnp.ones_like(real_Y))
        fake_loss = loss(fake_Y, jnp.zeros_like(fake_Y))
        return (real_loss + fake_loss) / 2

    loss_D, gradients = nnx.value_and_grad(loss_of)(net_D)
    trainer_D.update(net_D, gradients)
    return loss_D


@partial(nnx.jit, static_argnames="loss")
def update_G(Z, net_D, net_G, loss, trainer_G):
    """Take a step of the generator; returns its loss before it, a scalar.

    Z: (batch, latent_dim), noise
    loss: a function of logits and labels, where 1 stands for real
    trainer_G: the optimizer of net_G
    """

    def loss_of(net_G, net_D):
        fake_Y = net_D(net_G(Z))
        # Labelled as real: the non-saturating loss (section 3 of the paper).
        return loss(fake_Y, jnp.ones_like(fake_Y))

    # Both are arguments: either may hold statistics that its call changes.
    loss_G, gradients = nnx.value_and_grad(loss_of)(net_G, net_D)
    trainer_G.update(net_G, gradients)
    return loss_G


def train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Train both networks in turns; returns the board with their losses.

    data_iter: batches (X,) of real examples
    lr_D, lr_G: the learning rates of Adam
    data: (examples, 2), shown in the end beside generated ones
    """
    trainer_D = nnx.Optimizer(net_D, adam(net_D, lr_D), wrt=nnx.Param)
    trainer_G = nnx.Optimizer(net_G, adam(net_G, lr_G), wrt=nnx.Param)
    board = ProgressBoard(xlabel="epoch")
    num_batches = len(data_iter)
    for epoch in range(num_epochs):
        for i, (X,) in enumerate(data_iter):
            Z = normal((X.shape[0], latent_dim))
            loss_D = update_D(X, Z, net_D, net_G, binary_cross_entropy, trainer_D)
            loss_G = update_G(Z, net_D, net_G, binary_cross_entropy, trainer_G)
            for label, value in {"loss_D": loss_D, "loss_G": loss_G}.items():
                x = epoch + i / num_batches
                board.draw(x, value, label, every_n=num_batches // 5)
    board.flush()
    Z = normal((100, latent_dim))
    show_point_clouds(board, real=data[:100], generated=net_G(Z))
    return board
