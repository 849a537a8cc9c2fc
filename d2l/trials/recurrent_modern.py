"""Trials of the chapter on modern recurrent neural networks."""

from d2l.trials.choices import FromData, Part
from d2l.trials.data import sentences
from d2l.trials.model_trial import ModelTrial
from d2l.trials.recurrent_neural_networks import (
    TrainingSettings,
    language_model,
    layer,
)

GATED = TrainingSettings(lr=4.0, epochs=50, smooth=False)


def halves(encoder: str, decoder: str, **sizes: float) -> dict[str, Part]:
    """An encoder and a decoder of the same sizes."""
    parts = {
        "encoder": (encoder, "src_vocab_size"),
        "decoder": (decoder, "tgt_vocab_size"),
    }
    return {
        half: Part(model, {"vocab_size": FromData(vocab_size), **sizes})
        for half, (model, vocab_size) in parts.items()
    }


def recurrent_halves(size: int, dropout: float) -> dict[str, Part]:
    """Two GRU layers in each.

    size: of embeddings and hidden states.
    """
    sizes = {"embed_size": size, "num_hiddens": size, "num_layers": 2}
    return halves("Seq2SeqEncoder", "Seq2SeqDecoder", **sizes, dropout=dropout)


TRIALS = [
    language_model(
        "lstm_scratch",
        "Language model with an LSTM from scratch",
        "recurrent_modern/lstm",
        layer("LSTMScratch"),
        lr=2.0,
        published=GATED,
    ),
    language_model(
        "lstm",
        "Language model with an LSTM",
        "recurrent_modern/lstm",
        layer("LSTM"),
        lr=2.0,
        published=GATED,
    ),
    language_model(
        "gru_scratch",
        "Language model with a GRU from scratch",
        "recurrent_modern/gru",
        layer("GRUScratch"),
        lr=2.0,
        published=GATED,
    ),
    language_model(
        "gru",
        "Language model with a GRU",
        "recurrent_modern/gru",
        layer("GRU"),
        lr=2.0,
        published=GATED,
    ),
    language_model(
        "deep_gru",
        "Language model with a GRU of two layers",
        "recurrent_modern/deep_rnn",
        layer("GRU", num_layers=2),
        # At 2 rounding in float32 grows within 100 steps to 5e-4 of the perplexity.
        lr=1.0,
        published=GATED,
    ),
    ModelTrial(
        "seq2seq",
        "Translation from sequence to sequence",
        "recurrent_modern/seq2seq",
        "Seq2Seq",
        {
            **recurrent_halves(24, dropout=0.1),
            "tgt_pad": FromData("tgt_pad"),
            "lr": 0.005,
        },
        data=sentences(arguments=recurrent_halves(256, dropout=0.2)),
        epochs=30,
        clip=1.0,
    ),
]
