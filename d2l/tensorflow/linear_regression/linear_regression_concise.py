"""Linear regression with the framework's own layer, loss and optimizer."""

import keras
import tensorflow as tf

from .oo_design import Module


class LinearRegression(Module):
    """A linear model with squared loss (without the half of the scratch version)."""

    def __init__(self, lr):
        super().__init__()
        self.save_hyperparameters()
        # Weights of N(0, 0.01^2); Keras's bias starts at 0 by itself.
        initializer = keras.initializers.RandomNormal(stddev=0.01)
        self.net = keras.layers.Dense(1, kernel_initializer=initializer)

    def forward(self, X):
        """Return (batch, 1).

        X: (batch, features).
        """
        return self.net(X)

    def loss(self, y_hat, y):
        """The squared error, averaged over the batch."""
        return keras.losses.MeanSquaredError()(y, y_hat)

    def configure_optimizers(self):
        """Stochastic gradient descent."""
        return keras.optimizers.SGD(self.lr)

    def get_w_b(self):
        """The learned weights, (features, 1), and bias, (1,)."""
        return tf.identity(self.net.kernel), tf.identity(self.net.bias)
