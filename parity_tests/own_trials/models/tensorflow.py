"""Models and a loop that are not the book's, for trials of every kind."""

import tensorflow as tf
from keras import layers

from d2l import tensorflow as d2l
from d2l.tensorflow.randomness import normal


class TwoLosses(d2l.Module):
    """Classifies sequences, and restores their features, by one attention."""

    def __init__(self, lr=0.1):
        super().__init__()
        self.save_hyperparameters()
        self.embed = layers.Embedding(7, 8)
        self.conv = layers.Conv1D(8, kernel_size=3, padding="same")
        self.queries, self.keys = layers.Dense(8), layers.Dense(8)
        self.classify, self.restore = layers.Dense(4), layers.Dense(3)

    def forward(self, tokens, features, mask=None):
        """tokens: (b, t); features: (b, t, 3); mask: (b, 1, t, t)."""
        X = self.embed(tokens) + self.conv(features)
        Q, K, V = (self.heads(Y) for Y in (self.queries(X), self.keys(X), X))
        scores = tf.matmul(Q, K, transpose_b=True) / 2
        attention = tf.nn.softmax(scores + mask, axis=-1)  # (b, 2, t, t)
        H = tf.reshape(tf.transpose(attention @ V, (0, 2, 1, 3)), tf.shape(X))
        logits = self.classify(tf.reduce_mean(H, 1))
        return {"logits": logits, "more": (self.restore(H), attention), "unused": None}

    def heads(self, X):
        """X: (b, t, 8); returns (b, 2, t, 4)."""
        b, t, _ = X.shape
        return tf.transpose(tf.reshape(X, (b, t, 2, 4)), (0, 2, 1, 3))

    def losses(self, batch):
        """Of the classes and of the features."""
        inputs = batch["inputs"]
        Y = self(inputs.tokens, inputs.features, mask=inputs.mask)
        classes = tf.nn.sparse_softmax_cross_entropy_with_logits(
            batch["labels"], Y["logits"]
        )
        restored = tf.reduce_mean((Y["more"][0] - batch["targets"]) ** batch["power"])
        return tf.reduce_mean(classes), restored

    def training_step(self, batch):
        """Plots each of the losses; returns their sum."""
        classes, restored = self.losses(batch)
        self.plot("classes", classes, train=True)
        self.plot("loss", classes + restored, train=True)
        return classes + restored

    def validation_step(self, batch):
        """Plots their sum."""
        self.plot("loss", sum(self.losses(batch)), train=False)


class Picture(d2l.Module):
    """An image that is itself what is learned."""

    def __init__(self, lr=0.1):
        super().__init__()
        self.save_hyperparameters()
        self.weight = tf.Variable(d2l.rand((3, 5, 6)))

    def forward(self):
        """The image: (3, 5, 6)."""
        return tf.convert_to_tensor(self.weight)

    def training_step(self, batch):
        """It should be of one colour, and bright."""
        X = self()
        rough = tf.reduce_mean((X[:, 1:] - X[:, :-1]) ** 2)
        loss = rough + tf.reduce_mean((X - 1) ** 2)
        self.plot("loss", loss, train=True)
        return loss


@tf.function
def _energy_and_slope(X):
    with tf.GradientTape() as tape:
        tape.watch(X)
        energy = tf.reduce_sum((tf.reduce_sum(X**2, 1) - 1) ** 2)
    return energy, tape.gradient(energy, X)


def sample(num_steps, lr):
    """Langevin dynamics on a ring: the path, and where it ends."""
    board, X, path = d2l.ProgressBoard(), d2l.ones((4, 2)), []
    for step in range(num_steps):
        energy, slope = _energy_and_slope(X)
        X = X - lr * slope + (2 * lr) ** 0.5 * normal((4, 2))
        board.draw(step, energy, "energy")
        path.append(X)
    return {"path": tf.stack(path), "last": (X, None)}
