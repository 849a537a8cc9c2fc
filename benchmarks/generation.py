"""`generate` and `generate_cached` beside a plain greedy loop."""

from __future__ import annotations

import numpy as np

from benchmarks.cases import VOCAB_SIZE, Generation
from benchmarks.data import to_tokens
from benchmarks.session import BenchmarkSession
from benchmarks.turns import one_pair, seconds


def time_case(
    session: BenchmarkSession, case: Generation, rounds: int
) -> tuple[float, list[tuple[float, float]]]:
    """Seconds of our first text, and those of texts, ours and plain."""
    backend, namespace = session.backend, session.namespace
    numbers = np.random.default_rng(0).integers(0, VOCAB_SIZE, (1, case.prefix_length))
    prefix = to_tokens(numbers, backend)
    model = session.make_model(case, prefix)
    gpt = session.loops(case.network)
    network = gpt.make_network(backend.weights(model), **case.settings)
    plain_function = gpt.generate_cached if case.cached else gpt.generate

    def ours() -> np.ndarray:
        if case.cached:
            tokens = namespace.generate_cached(model, prefix, case.num_tokens, 0)
        else:
            tokens = model.generate(prefix, case.num_tokens, 0)
        return backend.to_numpy(tokens)

    def plain() -> np.ndarray:
        return backend.to_numpy(plain_function(network, prefix, case.num_tokens))

    texts = []
    first = seconds(lambda: texts.append(ours()), backend)
    np.testing.assert_array_equal(plain(), texts[0])
    pairs = [one_pair(ours, plain, backend, bool(i % 2)) for i in range(rounds)]
    return first, pairs
