"""Text as sequences of tokens."""

from d2l.common.text.bpe import BPETokenizer
from d2l.common.text.texts import print_wrapped
from d2l.common.text.time_machine import TimeMachineBase
from d2l.common.text.vocab import Vocab

from ..linear_regression.oo_design import DataModule

__all__ = ["BPETokenizer", "TimeMachine", "Vocab", "print_wrapped"]


class TimeMachine(TimeMachineBase, DataModule):
    """Batches (X, Y) of stretches of a text and what follows each of their tokens."""
