"""What is timed: models, their inputs, and how much of it makes a round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from d2l.trials import Part

#: As many kinds of tokens as The Time Machine has: letters, the space, the unknown.
VOCAB_SIZE = 28


@dataclass(frozen=True, kw_only=True)
class Case:
    """A model of ours beside a plain one.

    model: ours; network: the module of `benchmarks.loops.<framework>` whose
    `make_network` makes the plain one, or None where that is the `net` of ours;
    settings: for `make_network`; limit: the largest ratio of times that we accept.
    """

    name: str
    title: str
    model: Part
    network: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    limit: float = 1.15


@dataclass(frozen=True, kw_only=True)
class Training(Case):
    """Epochs of training; a step is a batch.

    shape: of an image, (channels, height, width), or of a sequence of tokens,
    (num_steps,); batches: of an epoch; optimizer: "sgd" or "adam"; clip: the
    largest joint norm of the gradients, 0 for any.
    """

    shape: tuple[int, ...]
    batch_size: int
    batches: int
    lr: float
    optimizer: str = "sgd"
    clip: float = 0.0

    @property
    def num_steps(self) -> int:
        """Of a round."""
        return self.batches

    @property
    def size(self) -> str:
        """What the times depend on, for the table."""
        return f"batch {self.batch_size}"


@dataclass(frozen=True, kw_only=True)
class Generation(Case):
    """A text continued greedily; a step is a token.

    cached: whether keys and values are kept from one token to the next.
    """

    num_tokens: int
    cached: bool
    prefix_length: int = 8

    @property
    def num_steps(self) -> int:
        """Of a round."""
        return self.num_tokens

    @property
    def size(self) -> str:
        """What the times depend on, for the table."""
        return f"{self.num_tokens} tokens"


def convnet(name: str, title: str, model: Part, **others: Any) -> Training:
    """A classifier of images."""
    model = Part(model.model, {**model.arguments, "lr": 0.1})
    return Training(name=name, title=title, model=model, lr=0.1, **others)


def recurrent(name: str, title: str, layer: str) -> Training:
    """A language model over one-hot vectors, with one recurrent layer."""
    sizes = {"num_inputs": VOCAB_SIZE, "num_hiddens": 128}
    arguments = {"rnn": Part(layer, sizes), "vocab_size": VOCAB_SIZE, "lr": 1.0}
    return Training(
        name=name,
        title=title,
        model=Part("RNNLM", arguments),
        network="recurrent",
        settings={"layer": layer},
        shape=(32,),
        batch_size=64,
        batches=10,
        lr=1.0,
        clip=0.1,  # less than the norm is at first
    )


def encoder() -> Training:
    """A Transformer encoder under a dense layer that classifies each token.

    Without dropout, so that ours and the plain one must have the same loss.
    """
    sizes = {"vocab_size": VOCAB_SIZE, "num_hiddens": 128, "ffn_num_hiddens": 256}
    blocks = {"num_heads": 4, "num_blks": 2}
    settings = sizes | blocks | {"dropout": 0, "use_bias": True}
    arguments = {"encoder": Part("TransformerEncoder", settings), "lr": 0.001}
    return Training(
        name="encoder",
        title="Transformer encoder",
        model=Part("TokenClassifier", arguments | {"num_classes": VOCAB_SIZE}),
        network="encoder",
        settings=blocks,
        shape=(32,),
        batch_size=32,
        batches=10,
        lr=0.001,
        optimizer="adam",
    )


def generation(name: str, title: str, cached: bool) -> Generation:
    """A GPT of the width that is its default, which continues one text."""
    sizes = {"vocab_size": VOCAB_SIZE, "num_hiddens": 256}
    blocks = {"num_heads": 8, "num_blks": 4}
    return Generation(
        name=name,
        title=title,
        model=Part("GPT", sizes | blocks),
        network="gpt",
        settings=blocks,
        num_tokens=40,
        cached=cached,
    )


LENET = Part("LeNet", {})
MLP = Part("MLP", {"num_outputs": 10, "num_hiddens": 256})
# ResNet-18 with a quarter of its channels.
RESNET = {"arch": ((2, 16), (2, 32), (2, 64), (2, 128)), "stem_channels": 16}

CASES: dict[str, Training | Generation] = {
    case.name: case
    for case in (
        convnet(
            "lenet",
            "LeNet",
            LENET,
            shape=(1, 28, 28),
            batch_size=256,
            batches=20,
            limit=1.10,
        ),
        convnet(
            "mlp",
            "small MLP",
            MLP,
            shape=(1, 8, 8),
            batch_size=64,
            batches=200,
            limit=1.30,
        ),
        convnet(
            "resnet18",
            "ResNet-18, narrow",
            Part("ResNet", RESNET),
            shape=(1, 32, 32),
            batch_size=32,
            batches=8,
        ),
        recurrent("lstm", "LSTM language model", "LSTM"),
        recurrent("gru", "GRU language model", "GRU"),
        encoder(),
        generation("generate", "GPT generation", cached=False),
        generation("generate_cached", "GPT generation, cached", cached=True),
    )
}
