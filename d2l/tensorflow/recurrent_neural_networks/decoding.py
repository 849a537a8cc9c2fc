"""Decoding: from the logits of a language model to text.

The choice of tokens touches no tensor but the logits, and is the same code in
every framework, so that equal models write equal texts.
"""

from d2l.common.text.decoding import beam_search, generate, sample_next

__all__ = ["beam_search", "generate", "sample_next"]
