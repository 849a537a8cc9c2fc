"""Generative adversarial networks (Goodfellow et al., 2014)."""

import keras
import tensorflow as tf
from keras import layers

from d2l.common.data.point_clouds import show_point_clouds
from d2l.common.plots.progress_board import ProgressBoard

from ..optimizers import adam
from ..randomness import normal


class Generator(keras.Model):
    """Noise to points of the plane, by one linear layer."""

    def __init__(self, latent_dim=2):
        super().__init__()
        self.net = keras.Sequential([keras.Input((latent_dim,)), _dense(2)])

    def call(self, Z):
        """Return (batch, 2).

        Z: (batch, latent_dim).
        """
        return self.net(Z)


class Discriminator(keras.Model):
    """Points of the plane to the logit of being real."""

    def __init__(self):
        super().__init__()
        self.net = keras.Sequential(
            [
                keras.Input((2,)),
                _dense(5),
                layers.Activation("tanh"),
                _dense(3),
                layers.Activation("tanh"),
                _dense(1),
            ]
        )

    def call(self, X):
        """Return (batch, 1).

        X: (batch, 2).
        """
        return self.net(X)


def _dense(units):
    """A layer that starts small; its bias starts at 0."""
    start = keras.initializers.RandomNormal(stddev=0.02)
    return layers.Dense(units, kernel_initializer=start)


def binary_cross_entropy(logits, labels):
    """The mean over a batch.

    labels: 0 or 1, in the shape of the logits.
    """
    losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)
    return tf.reduce_mean(losses)


@tf.function
def update_D(X, Z, net_D, net_G, loss, trainer_D):
    """Take a step of the discriminator; returns its loss before it, a scalar.

    X: (batch, ...), real examples
    Z: (batch, latent_dim), noise for as many generated ones
    loss: a function of logits and labels, where 1 stands for real
    trainer_D: the optimizer of net_D, built for its variables
    """
    # The generator stands still: its part comes before the tape.
    fake_X = net_G(Z, training=True)
    with tf.GradientTape() as tape:
        real_Y, fake_Y = net_D(X, training=True), net_D(fake_X, training=True)
        real_loss = loss(real_Y, tf.ones_like(real_Y))
        fake_loss = loss(fake_Y, tf.zeros_like(fake_Y))
        loss_D = (real_loss + fake_loss) / 2
    variables = net_D.trainable_variables
    trainer_D.apply(tape.gradient(loss_D, variables), variables)
    return loss_D


@tf.function
def update_G(Z, net_D, net_G, loss, trainer_G):
    """Take a step of the generator; returns its loss before it, a scalar.

    Z: (batch, latent_dim), noise
    loss: a function of logits and labels, where 1 stands for real
    trainer_G: the optimizer of net_G, built for its variables
    """
    with tf.GradientTape() as tape:
        fake_Y = net_D(net_G(Z, training=True), training=True)
        # Labelled as real: the non-saturating loss (section 3 of the paper).
        loss_G = loss(fake_Y, tf.ones_like(fake_Y))
    variables = net_G.trainable_variables
    trainer_G.apply(tape.gradient(loss_G, variables), variables)
    return loss_G


def train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Train both networks in turns; returns the board with their losses.

    data_iter: batches (X,) of real examples
    lr_D, lr_G: the learning rates of Adam
    data: (examples, 2), shown in the end beside generated ones
    """
    trainer_D, trainer_G = adam(net_D, lr_D), adam(net_G, lr_G)
    # A compiled step can't make the state.
    trainer_D.build(net_D.trainable_variables)
    trainer_G.build(net_G.trainable_variables)
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
