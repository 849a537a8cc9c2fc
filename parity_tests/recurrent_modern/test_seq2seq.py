"""Translation from sequence to sequence."""

import numpy as np
import pytest

from parity_tests.distributions import require_uniform
from parity_tests.translator_parity import SearchParity
from parity_tests.workers import run_task

SIZES = {"vocab_size": 7, "embed_size": 20, "num_hiddens": 30, "num_layers": 2}
#: For each weight with enough elements: its inputs and outputs, three gates' worth.
FANS = {
    "rnn.rnn.weight_ih_l0": (20, 90),
    "rnn.rnn.weight_hh_l0": (30, 90),
    "rnn.rnn.weight_ih_l1": (30, 90),
    "rnn.rnn.weight_hh_l1": (30, 90),
}


class TestSeq2Seq(SearchParity):
    trial = "seq2seq"


@pytest.mark.parametrize("name", FANS)
def test_init_seq2seq(any_run, pool, name):
    """Uniform, with the variance 2 / (inputs + outputs)."""
    tokens = {"inputs": np.zeros((1, 3), np.int64)}
    task = {"seed": 1, "name": "Seq2SeqEncoder", "arguments": SIZES}
    result, found = run_task(
        pool, any_run, "samples", "initial_weights", tokens, **task
    )
    bound = np.sqrt(6 / sum(FANS[name]))
    require_uniform(found[name], -bound, bound)
    assert set(result["dtypes"]) == {any_run[1]}


@pytest.mark.parametrize("name", ["bleu", "chrf"])
def test_scores(framework, pool, name):
    """They touch no tensor, and are the same functions in all frameworks."""
    task = {"name": name, "module": "scores"}
    result, _ = run_task(pool, (framework, "float64"), "texts", "is_common", **task)
    assert result["same"]
