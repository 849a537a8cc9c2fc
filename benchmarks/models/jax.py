"""A model to time that the book does not have."""

from flax import nnx

from d2l import jax as d2l


class TokenClassifier(d2l.Classifier):
    """A Transformer encoder and a dense layer, trained by Adam.

    encoder: from tokens to vectors; num_classes: of each token; lr: learning rate.
    """

    def __init__(self, encoder, num_classes, lr):
        super().__init__()
        self.save_hyperparameters()
        self.head = nnx.Linear(encoder.num_hiddens, num_classes, rngs=nnx.Rngs(0))

    def forward(self, X):
        """X: tokens, (batch, steps); returns logits, (batch, steps, num_classes)."""
        return self.head(self.encoder(X))

    def configure_optimizers(self):
        """Adam."""
        return d2l.TransformerLM.configure_optimizers(self)
