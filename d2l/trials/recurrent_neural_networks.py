"""Trials of the chapter on recurrent neural networks."""

from typing import NamedTuple

from d2l.trials.choices import DataChoice, FromData, Part
from d2l.trials.data import texts
from d2l.trials.model_trial import ModelTrial


class TrainingSettings(NamedTuple):
    """A learning rate, and for how many epochs.

    smooth: False at a rate so large that rounding grows from step to step.
    """

    lr: float
    epochs: int
    smooth: bool = True


PLAIN = TrainingSettings(lr=1.0, epochs=100)

AUTOREGRESSION = {
    "noisy_sine": DataChoice("recurrent_neural_networks/sequence:Data", {})
}


def language_model(
    name: str,
    title: str,
    section: str,
    rnn: Part,
    lr: float,
    published: TrainingSettings,
) -> ModelTrial:
    """A recurrent layer under the output layer that its name calls for.

    published: how it is trained on a book.
    """
    is_scratch = name.endswith("_scratch")
    return ModelTrial(
        name,
        title,
        section,
        "RNNLMScratch" if is_scratch else "RNNLM",
        {"rnn": rnn, "vocab_size": FromData("vocab_size"), "lr": lr},
        data=texts(
            arguments={"lr": published.lr},
            epochs=published.epochs,
            smooth=published.smooth,
        ),
        clip=1.0,
        metric="ppl",
    )


def layer(model: str, **arguments: int) -> Part:
    """A recurrent layer of 32 hidden units that reads one-hot vectors."""
    sizes = {"num_inputs": FromData("vocab_size"), "num_hiddens": 32}
    return Part(model, sizes | arguments)


TRIALS = [
    ModelTrial(
        "autoregression",
        "A noisy sine from its own past",
        "recurrent_neural_networks/sequence",
        "LinearRegression",
        {"lr": 0.01},
        data=AUTOREGRESSION,
    ),
    language_model(
        "rnn_scratch",
        "Language model with a recurrent network from scratch",
        "recurrent_neural_networks/rnn_scratch",
        layer("RNNScratch"),
        lr=1.0,
        published=PLAIN,
    ),
    language_model(
        "rnn",
        "Language model with a recurrent network",
        "recurrent_neural_networks/rnn_concise",
        layer("RNN"),
        lr=1.0,
        published=PLAIN,
    ),
]
