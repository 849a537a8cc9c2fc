"""Translation from sequence to sequence."""

import numpy as np
import pytest

from parity_tests.first_weights import first_weights, require_xavier
from parity_tests.shared_parity import require_common
from parity_tests.translator_parity import SearchParity

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
    tokens = np.zeros((1, 3), np.int64)
    found = first_weights(pool, any_run, tokens, "Seq2SeqEncoder", SIZES)
    require_xavier(found[name], FANS[name])


@pytest.mark.parametrize("name", ["bleu", "chrf"])
def test_scores(framework, pool, name):
    """They touch no tensor, and are the same functions in all frameworks."""
    require_common(pool, framework, name, "text.scores")
