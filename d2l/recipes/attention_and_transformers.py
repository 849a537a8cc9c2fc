"""Recipes of the chapter on attention and Transformers."""

from d2l.recipes.data import SENTENCES, TEXTS, images
from d2l.recipes.recipe import FromData, OptimizerChoice, Part, Recipe

#: Of each Transformer here: wide enough to learn, small enough to be quick.
SIZES = {"num_hiddens": 16, "num_heads": 2, "num_blks": 2}


def translator(name: str, title: str, section: str, **halves: Part) -> Recipe:
    """A translator made of an encoder and a decoder."""
    arguments = {**halves, "tgt_pad": FromData("tgt_pad"), "lr": 0.005}
    return Recipe(
        name,
        title,
        f"attention_and_transformers/{section}",
        "Seq2Seq",
        arguments,
        SENTENCES,
        epochs=30,
        clip=1.0,
        # The Transformer's dense layers have rectifiers.
        smooth=section != "transformer",
    )


def recurrent_half(model: str, vocabulary: str, **arguments: float) -> Part:
    """An encoder or decoder with GRU layers; vocabulary: the attribute of the data."""
    sizes = {"embed_size": 16, "num_hiddens": 16, "num_layers": 1}
    return Part(model, {"vocab_size": FromData(vocabulary), **sizes, **arguments})


def transformer_half(model: str, vocabulary: str) -> Part:
    """An encoder or decoder without recurrence."""
    sizes = SIZES | {"ffn_num_hiddens": 32, "dropout": 0.1}
    return Part(model, {"vocab_size": FromData(vocabulary), **sizes})


RECIPES = [
    translator(
        "attention_seq2seq",
        "Translation with Bahdanau attention",
        "bahdanau_attention",
        encoder=recurrent_half("Seq2SeqEncoder", "src_vocab_size"),
        decoder=recurrent_half(
            "Seq2SeqAttentionDecoder", "tgt_vocab_size", dropout=0.1
        ),
    ),
    translator(
        "transformer",
        "Translation with a Transformer",
        "transformer",
        encoder=transformer_half("TransformerEncoder", "src_vocab_size"),
        decoder=transformer_half("TransformerDecoder", "tgt_vocab_size"),
    ),
    Recipe(
        "vit",
        "Vision Transformer",
        "attention_and_transformers/vision_transformer",
        "ViT",
        {
            **SIZES,
            "img_size": 32,
            "patch_size": 8,
            "mlp_num_hiddens": 32,
            "emb_dropout": 0.1,
            "blk_dropout": 0.1,
            "lr": 0.1,
            "use_bias": True,
        },
        images(batch_size=32, size=32, large_size=32),
        epochs=10,
        optimizer=OptimizerChoice("adam", {"lr": 0.003}),
        metric="acc",
        # The same number is added to all scores of a query, which softmax ignores.
        zero_gradients=("W_k.bias",),
    ),
    Recipe(
        "gpt",
        "Language model in the manner of GPT",
        "attention_and_transformers/gpt",
        "TransformerLM",
        {
            "net": Part(
                "GPT", {"vocab_size": FromData("vocab_size"), **SIZES, "dropout": 0.1}
            ),
            "lr": 0.003,
        },
        TEXTS,
        metric="acc",
    ),
]
