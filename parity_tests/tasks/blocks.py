"""Blocks that are built out of a framework's own layers."""

from __future__ import annotations

from d2l.parity.function_tasks import given_inputs, run_block
from d2l.trials.observed import observed_tree, select
from parity_tests.tasks import native


def block(session, arrays, build, shapes, axes):
    """What the engine's task `block` does, for a block that `build` builds."""
    return run_block(session, arrays, globals()[build](session), shapes, axes)


def outputs(session, arrays, name, arguments, compiled):
    """A public block's outputs alone; compiled: also as it runs while it is trained."""
    backend = session.backend
    inputs = given_inputs(session, arrays)
    model = session.build(name, arguments, None, inputs)
    backend.materialise(model, inputs)
    backend.load_weights(model, select(arrays, "weights"))
    with session.parity_mode():
        plain, _ = backend.forward(model, inputs, training=True)
    found = observed_tree(session, "output", plain, {})
    if compiled:
        trained = native.trained_call(session, model, *inputs)
        found |= observed_tree(session, "compiled", trained, {})
    return {}, found


def my_sequential(session):
    """Two dense layers with a rectifier in between."""
    return session.namespace.MySequential(
        native.dense(session, 5, 7), native.relu(session), native.dense(session, 7, 3)
    )


def padded_convolution(session):
    """A convolution that keeps the size of an image."""
    return _on_single_images(session, native.convolution(session, (3, 5), (1, 2)))


def strided_convolution(session):
    """A convolution that skips positions."""
    layer = native.convolution(session, (3, 5), strides=(3, 4))
    return _on_single_images(session, layer)


def _on_single_images(session, layer):
    d2l = session.namespace

    class Convolution(d2l.Module):
        def __init__(self):
            super().__init__()
            self.conv = layer

        def forward(self, X):
            return d2l.comp_conv2d(self.conv, X)

    return Convolution()


def decoder_block(session):
    """A Transformer decoder's block before any step."""
    d2l = session.namespace

    class FirstSteps(d2l.Module):
        def __init__(self):
            super().__init__()
            self.block = d2l.TransformerDecoderBlock(8, 16, 2, 0, 1)

        def forward(self, X, enc_outputs, enc_valid_lens):
            return self.block(X, (enc_outputs, enc_valid_lens, [None, None]))[0]

    return FirstSteps()


def attention_decoder(session):
    """The recurrent decoder with attention, of two layers and with dropout."""
    d2l = session.namespace

    class Decoding(d2l.Module):
        def __init__(self):
            super().__init__()
            self.decoder = d2l.Seq2SeqAttentionDecoder(7, 4, 6, 2, dropout=0.5)

        def forward(self, tokens, enc_outputs, hidden_state, enc_valid_lens):
            encoded = enc_outputs, hidden_state
            state = self.decoder.init_state(encoded, enc_valid_lens)
            logits, (_, hidden_state, _) = self.decoder(tokens, state)
            return logits, hidden_state

    return Decoding()


def cached_attention(session):
    """Attention to the steps of two calls, of which the first fills a cache."""
    d2l = session.namespace

    class TwoCalls(d2l.Module):
        def __init__(self):
            super().__init__()
            self.attention = d2l.GQAAttention(8, 4, 2, rope=True)

        def forward(self, X, Y):
            cache = d2l.KVCache()
            first = self.attention(X, X, X, cache=cache)
            return first, self.attention(Y, Y, Y, cache=cache)

    return TwoCalls()


def block_of_experts(session):
    """A Transformer block with other layers than its own."""
    d2l = session.namespace
    return d2l.TransformerBlock(
        8,
        4,
        attn_factory=lambda: d2l.GQAAttention(8, 4, 2, rope=True),
        ffn_factory=lambda: d2l.MoELayer(8, 4),
    )


def normalised_features(session):
    """A batch normalisation of our own, of features, and an activation."""
    return _activated(session, session.namespace.BatchNorm(3, num_dims=2))


def normalised_images(session):
    """The same of images."""
    return _activated(session, session.namespace.BatchNorm(3, num_dims=4))


def _activated(session, layer):
    # The squares of what is normalised have a constant sum, whatever the inputs.
    d2l = session.namespace

    class Activated(d2l.Module):
        def __init__(self):
            super().__init__()
            self.layer = layer

        def forward(self, X):
            return d2l.sigmoid(self.layer(X))

    return Activated()
