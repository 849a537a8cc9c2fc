"""Trials of the chapter on attention and Transformers."""

from typing import Any

from d2l.trials.choices import FromData, OptimizerChoice, Part
from d2l.trials.data import images, sentences, texts
from d2l.trials.model_trial import ModelTrial
from d2l.trials.recurrent_modern import halves

#: Of each Transformer here: wide enough to learn, small enough to be quick.
SIZES = {"num_hiddens": 16, "num_heads": 2, "num_blks": 2}


def attentive_halves(size: int, num_layers: int, dropout: float) -> dict[str, Part]:
    """GRU layers.

    size: of embeddings and hidden states.
    """
    return halves(
        "Seq2SeqEncoder",
        "Seq2SeqAttentionDecoder",
        embed_size=size,
        num_hiddens=size,
        num_layers=num_layers,
        dropout=dropout,
    )


def transformer_halves(**sizes: float) -> dict[str, Part]:
    """Transformer blocks."""
    return halves("TransformerEncoder", "TransformerDecoder", **sizes)


def translator(
    name: str,
    title: str,
    section: str,
    small: dict[str, Part],
    large: dict[str, Any],
    **settings: Any,
) -> ModelTrial:
    """A translator.

    large: what it changes on the large data sets.
    """
    return ModelTrial(
        name,
        title,
        f"attention_and_transformers/{section}",
        "Seq2Seq",
        {**small, "tgt_pad": FromData("tgt_pad"), "lr": 0.005},
        data=sentences(arguments=large),
        epochs=30,
        clip=1.0,
        **settings,
    )


TRIALS = [
    translator(
        "attention_seq2seq",
        "Translation with Bahdanau attention",
        "bahdanau_attention",
        attentive_halves(16, num_layers=1, dropout=0.1),
        attentive_halves(256, num_layers=2, dropout=0.2),
    ),
    translator(
        "transformer",
        "Translation with a Transformer",
        "transformer",
        transformer_halves(**SIZES, ffn_num_hiddens=32, dropout=0.1),
        {
            **transformer_halves(
                num_hiddens=256,
                ffn_num_hiddens=64,
                num_heads=4,
                num_blks=2,
                dropout=0.2,
            ),
            "lr": 0.001,
        },
        # The dense layers have rectifiers, and one that rounding flips moves its bias
        # by a third within 100 steps.
        smooth=False,
        float32_steps=20,
    ),
    ModelTrial(
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
        data=images(
            batch_size=32,
            size=32,
            arguments={
                "img_size": 28,
                "patch_size": 7,
                "num_hiddens": 64,
                "num_heads": 4,
                "mlp_num_hiddens": 128,
            },
            optimizer=None,
        ),
        epochs=10,
        optimizer=OptimizerChoice("adam", {"lr": 0.003}),
        metric="acc",
        # The same number is added to all scores of a query, which softmax ignores.
        zero_gradients=("W_k.bias",),
    ),
    ModelTrial(
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
        data=texts(),
        metric="acc",
    ),
]
