"""The encoder-decoder: what it translates token by token."""

import numpy as np

from d2l import trials
from d2l.parity.checks import TRUTH
from d2l.parity.oracles import recurrent
from d2l.trials.observed import select
from parity_tests.recurrent_block import stacked
from parity_tests.workers import run_task

NUM_STEPS = 6


def layers_of(weights, path, X, states):
    """GRU layers on top of each other; returns outputs and last states."""
    suffixes = [f"l{i}" for i in range(len(states))]
    layers = [recurrent.layer(weights, f"{path}.rnn.rnn.", s) for s in suffixes]
    X, found = stacked(map(recurrent.gru_step, layers), X, [(H,) for H in states])
    return X, [H for (H,) in found]


def translate(weights, src, tgt):
    """The likeliest tokens one by one, each being the next step's input."""
    X = weights["encoder.embedding.weight"][src.T]
    zeros = recurrent.zeros(X, weights["decoder.dense.weight"].shape[1])
    outputs, states = layers_of(weights, "encoder", X, [zeros, zeros])
    context, tokens = outputs[-1], [tgt[:, 0]]
    for _ in range(NUM_STEPS):
        X = weights["decoder.embedding.weight"][tokens[-1]]
        X = np.concatenate([X, context], axis=-1)[None]
        outputs, states = layers_of(weights, "decoder", X, states)
        logits = outputs[0] @ weights["decoder.dense.weight"].T
        tokens.append((logits + weights["decoder.dense.bias"]).argmax(-1))
    return np.stack(tokens[1:], axis=1)


def test_predict_step(framework, pool, checker):
    """The same tokens in all frameworks, and no attention weights unasked."""
    weights = checker.weights(trials.find("seq2seq"))
    task = {"trial": "seq2seq", "num_steps": NUM_STEPS}
    run = (framework, TRUTH)
    result, found = run_task(pool, run, "texts", "translated", weights, **task)
    expected = translate(select(weights, "weights"), found["batch.0"], found["batch.1"])
    assert found["tokens"].tolist() == expected.tolist()
    assert result["attention_weights"] == 0


def test_no_steps(framework, pool, checker):
    """Translations of no tokens, one for each sentence."""
    weights = checker.weights(trials.find("seq2seq"))
    task = {"trial": "seq2seq", "num_steps": 0}
    run = (framework, TRUTH)
    _, found = run_task(pool, run, "texts", "translated", weights, **task)
    assert found["tokens"].shape == (len(found["batch.0"]), 0)
