"""Choosing tokens by models: texts and translations.

`noise` is what each logit is too high or too low by: a choice that is far from a
tie stays the same.
"""

from __future__ import annotations

import numpy as np

from d2l.common.errors import InputError
from d2l.trials.observed import select
from parity_tests.tasks import native


def write(session, arrays, trial, prefix, num_tokens, choices, noise=0):
    """The texts that a language model writes, one for each choice of tokens.

    choices: by name, arguments of `generate`, or of `beam_search` where they have a
    beam_size.
    """
    prepared = session.prepare(trial, weights=select(arrays, "weights"))
    model, vocab, d2l = prepared.model, prepared.data.vocab, session.namespace
    # Which also ends the training mode, as a framework does it.
    session.backend.forward(model, prepared.batch[:1], training=False)
    logits_of = native.compiled(session, lambda model, X: model(X), model)
    shake = _shaker(noise)

    def step(tokens):
        X = _tokens(session, tokens, len(prefix) + num_tokens)
        return shake(_row(session, logits_of(X), tokens))

    texts = {}
    for name, choice in choices.items():
        decode = d2l.beam_search if "beam_size" in choice else d2l.generate
        tokens = decode(step, vocab[list(prefix)], num_tokens, **choice)
        texts[name] = "".join(vocab.to_tokens(tokens))
    return texts, {}


def write_by_gpt(session, arrays, trial, prefix, num_tokens, choices):
    """The texts that a GPT in a language model writes, without a cache and with one.

    choices: by name, arguments of `GPT.generate`.
    """
    prepared = session.prepare(trial, weights=select(arrays, "weights"))
    d2l, vocab, net = session.namespace, prepared.data.vocab, prepared.model.net
    tokens = _tokens(session, vocab[list(prefix)])
    texts = {}
    for name, choice in choices.items():
        plain = net.generate(tokens, num_tokens, **choice)
        cached = d2l.generate_cached(net, tokens, num_tokens, **choice)
        texts[name] = ["".join(vocab.to_tokens(found[0])) for found in (plain, cached)]
    return texts, {}


def search(session, arrays, trial, sentences, num_steps, beam_size, noise=0):
    """The tokens of translations: of all sentences at once, and of one by one.

    The latter greedily and by beam search, by a decoder that keeps its state and by
    one that is given all tokens at each step.
    """
    prepared = session.prepare(trial, weights=select(arrays, "weights"))
    model, data, d2l = prepared.model, prepared.data, session.namespace
    batch = data.build(sentences, [""] * len(sentences))
    # Which also ends the training mode.
    together, _ = model.predict_step(batch, d2l.try_gpu(), num_steps)
    begin, end = data.tgt_vocab[["<bos>", "<eos>"]]
    found = {"together": session.backend.to_numpy(together).tolist()}
    found |= {"one by one": [], "beam": [], "beam without state": []}
    for step, whole in _translators(session, model, batch, num_steps, noise):
        found["one by one"].append(d2l.generate(step, [begin], num_steps)[1:])
        for name, function in {"beam": step, "beam without state": whole}.items():
            beam = d2l.beam_search(function, [begin], num_steps, beam_size, eos_id=end)
            found[name].append(beam[1:])
    return found, {}


def _translators(session, model, batch, num_steps, noise):
    """For each sentence two step functions: with the decoder's state, and without."""
    start = native.compiled(session, _start, model)
    decode = native.compiled(
        session, lambda decoder, *args: decoder(*args), model.decoder
    )
    shake = _shaker(noise)
    for i in range(len(batch[0])):
        src, _, src_valid_len, _ = (part[i : i + 1] for part in batch)
        states = {(): start(src, src_valid_len)}

        def step(tokens, states=states):
            X, earlier = _tokens(session, tokens[-1:]), states[tuple(tokens[:-1])]
            Y, states[tuple(tokens)] = decode(X, earlier)
            return shake(_row(session, Y, tokens[-1:]))

        def whole(tokens, states=states):
            Y, _ = decode(_tokens(session, tokens, num_steps), states[()])
            return shake(_row(session, Y, tokens))

        yield step, whole


def _start(model, src, src_valid_len):
    """The decoder's state before any step."""
    encoded = model.encoder(src, src_valid_len)
    return model.decoder.init_state(encoded, src_valid_len)


def _tokens(session, tokens, length=0):
    """A batch of one sequence, filled up to a length: JAX compiles anew for another."""
    filled = [*tokens, *[0] * (length - len(tokens))]
    return session.backend.to_tensor(np.array([filled]))


def _row(session, logits, tokens):
    """The logits after the tokens, whatever has filled them up."""
    return session.backend.to_numpy(logits)[0, len(tokens) - 1]


def _shaker(noise):
    random = np.random.default_rng(0)
    return lambda row: row + noise * random.choice([-1, 1], row.shape)


def refusals(session, arrays):
    """What each way of writing says to a text without any token."""
    d2l = session.namespace
    gpt = d2l.GPT(11, 16, 4, 1, 32)
    recurrent = session.prepare("rnn")
    nothing = session.backend.to_tensor(np.zeros((2, 0), np.int64))
    calls = {
        "predict": lambda: recurrent.model.predict("", 3, recurrent.data.vocab),
        "generate": lambda: gpt.generate(nothing, 3),
        "generate_cached": lambda: d2l.generate_cached(gpt, nothing, 3),
    }
    return {name: _refusal(call) for name, call in calls.items()}, {}


def _refusal(call):
    try:
        call()
    except InputError as error:
        return str(error)
