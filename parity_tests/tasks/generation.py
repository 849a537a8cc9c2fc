"""Writing token by token."""

from __future__ import annotations

import numpy as np

from d2l.parity.initial_weights import initial_weights
from d2l.trials.observed import observed_tree, select


def _numpy(session, tensor):
    return np.array(session.backend.to_numpy(tensor))


def translate(session, arrays, trial, num_steps):
    """The tokens that a translator predicts, and what it attends to meanwhile."""
    prepared = session.prepare(trial, weights=select(arrays, "weights"))
    tokens, attention = prepared.model.predict_step(
        prepared.batch,
        session.namespace.try_gpu(),
        num_steps,
        save_attention_weights=True,
    )
    found = {"tokens": _numpy(session, tokens)}
    return {}, found | observed_tree(session, "attention", attention, {})


def decode(session, arrays, trial):
    """A decoder's logits for a batch: given all tokens at once, and one at a time."""
    prepared = session.prepare(trial, weights=select(arrays, "weights"))
    model, (src, tgt, src_valid_len, _) = prepared.model, prepared.batch
    inputs = [src, tgt, src_valid_len]
    found = {}
    # Which also ends the training mode, as a framework does it.
    together, _ = session.backend.forward(model, inputs, training=False)
    found["together"] = _numpy(session, together)
    encoded = model.encoder(src, src_valid_len)
    state = model.decoder.init_state(encoded, src_valid_len)
    steps = []
    for t in range(tgt.shape[1]):
        logits, state = model.decoder(tgt[:, t : t + 1], state)
        steps.append(_numpy(session, logits))
    found["step by step"] = np.concatenate(steps, axis=1)
    return {}, found


def layers_of_blocks(d2l, kind):
    """Arguments for GPT that replace its attention, and perhaps its dense layers."""
    attention = {"attn_factory": lambda: d2l.GQAAttention(16, 4, 2, rope=True)}
    experts = {"ffn_factory": lambda: d2l.MoELayer(16, 4)}
    return {"own": {}, "grouped": attention, "experts": attention | experts}[kind]


def generate(session, arrays, settings, layers, temperature, top_k):
    """The tokens that a small GPT writes, with and without a cache."""
    d2l, backend = session.namespace, session.backend
    model = d2l.GPT(*(11, 16, 4, 2, 32), **settings, **layers_of_blocks(d2l, layers))
    prefix = backend.to_tensor(arrays["prefix"])
    backend.materialise(model, [prefix])
    shapes = {slot.name: slot.canonical().shape for slot in backend.slots(model)}
    backend.load_weights(model, initial_weights(shapes, 0))
    arguments = (prefix, 12, temperature, top_k)
    found = {
        "plain": model.generate(*arguments, seed=3),
        "cached": d2l.generate_cached(model, *arguments, seed=3),
    }
    return {}, {name: _numpy(session, tokens) for name, tokens in found.items()}
