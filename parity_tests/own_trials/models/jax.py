"""Models and a loop that are not the book's, for trials of every kind."""

import jax
import jax.numpy as jnp
import optax
from flax import nnx

from d2l import jax as d2l
from d2l.jax.randomness import normal


class TwoLosses(d2l.Module):
    """Classifies sequences, and restores their features, by one attention."""

    def __init__(self, lr=0.1):
        super().__init__()
        self.save_hyperparameters()
        settings = {"param_dtype": float, "rngs": nnx.Rngs(0)}
        self.embed = nnx.Embed(7, 8, **settings)
        self.conv = nnx.Conv(3, 8, kernel_size=(3,), padding="SAME", **settings)
        self.queries, self.keys = (nnx.Linear(8, 8, **settings) for _ in range(2))
        self.classify, self.restore = (nnx.Linear(8, n, **settings) for n in (4, 3))

    def forward(self, tokens, features, mask=None):
        """tokens: (b, t); features: (b, t, 3); mask: (b, 1, t, t)."""
        X = self.embed(tokens) + self.conv(features)
        Q, K, V = (self.heads(Y) for Y in (self.queries(X), self.keys(X), X))
        scores = Q @ K.swapaxes(2, 3) / 2
        attention = jax.nn.softmax(scores + mask, axis=-1)  # (b, 2, t, t)
        H = (attention @ V).swapaxes(1, 2).reshape(X.shape)
        logits = self.classify(H.mean(1))
        return {"logits": logits, "more": (self.restore(H), attention), "unused": None}

    def heads(self, X):
        """X: (b, t, 8); returns (b, 2, t, 4)."""
        return X.reshape((*X.shape[:2], 2, 4)).swapaxes(1, 2)

    def losses(self, batch):
        """Of the classes and of the features."""
        inputs = batch["inputs"]
        Y = self(inputs.tokens, inputs.features, mask=inputs.mask)
        classes = optax.softmax_cross_entropy_with_integer_labels(
            Y["logits"], batch["labels"]
        )
        return classes.mean(), (
            (Y["more"][0] - batch["targets"]) ** batch["power"]
        ).mean()

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
        self.weight = nnx.Param(d2l.rand((3, 5, 6)))

    def forward(self):
        """The image: (3, 5, 6)."""
        return self.weight[...]

    def training_step(self, batch):
        """It should be of one colour, and bright."""
        X = self()
        rough = ((X[:, 1:] - X[:, :-1]) ** 2).mean()
        loss = rough + ((X - 1) ** 2).mean()
        self.plot("loss", loss, train=True)
        return loss


@jax.jit
@jax.value_and_grad
def _energy_and_slope(X):
    return (((X**2).sum(1) - 1) ** 2).sum()


def sample(num_steps, lr):
    """Langevin dynamics on a ring: the path, and where it ends."""
    board, X, path = d2l.ProgressBoard(), jnp.ones((4, 2)), []
    for step in range(num_steps):
        energy, slope = _energy_and_slope(X)
        X = X - lr * slope + (2 * lr) ** 0.5 * normal((4, 2))
        board.draw(step, energy, "energy")
        path.append(X)
    return {"path": jnp.stack(path), "last": (X, None)}
