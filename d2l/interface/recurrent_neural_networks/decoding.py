"""Declarations: decoding."""


def sample_next(
    logits, strategy="greedy", temperature=1.0, k=None, p=None, min_p=None, rng=None
):
    """Choose the next token."""


def generate(step_fn, prefix, num_tokens, eos_id=None, **strategy):
    """Continue a sequence one token at a time."""


def beam_search(step_fn, prefix, num_tokens, beam_size=4, alpha=0.75, eos_id=None):
    """Continue a sequence by the best that a beam finds."""
