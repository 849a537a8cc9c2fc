"""Recipes of the chapter on modern recurrent neural networks."""

from d2l.recipes.data import SENTENCES
from d2l.recipes.recipe import FromData, Part, Recipe
from d2l.recipes.recurrent_neural_networks import language_model, layer


def half_of_translator(model: str, vocab_size: str) -> Part:
    """The encoder or the decoder; vocab_size: the attribute of the data."""
    return Part(
        model,
        {
            "vocab_size": FromData(vocab_size),
            "embed_size": 16,
            "num_hiddens": 24,
            "num_layers": 2,
        },
    )


RECIPES = [
    language_model(
        "lstm_scratch",
        "Language model with an LSTM from scratch",
        "recurrent_modern/lstm",
        layer("LSTMScratch"),
        lr=2.0,
    ),
    language_model(
        "lstm",
        "Language model with an LSTM",
        "recurrent_modern/lstm",
        layer("LSTM"),
        lr=2.0,
    ),
    language_model(
        "gru_scratch",
        "Language model with a GRU from scratch",
        "recurrent_modern/gru",
        layer("GRUScratch"),
        lr=2.0,
    ),
    language_model(
        "gru",
        "Language model with a GRU",
        "recurrent_modern/gru",
        layer("GRU"),
        lr=2.0,
    ),
    language_model(
        "deep_gru",
        "Language model with a GRU of two layers",
        "recurrent_modern/deep_rnn",
        layer("GRU", num_layers=2),
        lr=2.0,
    ),
    Recipe(
        "seq2seq",
        "Translation from sequence to sequence",
        "recurrent_modern/seq2seq",
        "Seq2Seq",
        {
            "encoder": half_of_translator("Seq2SeqEncoder", "src_vocab_size"),
            "decoder": half_of_translator("Seq2SeqDecoder", "tgt_vocab_size"),
            "tgt_pad": FromData("tgt_pad"),
            "lr": 0.005,
        },
        SENTENCES,
        epochs=30,
        clip=1.0,
    ),
]
