"""The vocabulary: tokens to indices and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from d2l.common.arrays import to_numpy

_UNKNOWN = "<unk>"


class Vocab:
    """Tokens with an index each: `vocab[token]`, and back `vocab.to_tokens(index)`.

    tokens: a text's tokens, or a list of such lists, one for each sentence.
    min_freq: how often a token must occur to be let in.
    reserved_tokens: let in however often they occur, such as "<pad>".

    token_freqs: (token, how often it occurs), the most frequent ones first.
    idx_to_token: the tokens in the order of their indices, which is alphabetical.
    token_to_idx: the indices by token.
    """

    def __init__(
        self,
        tokens: Sequence[Any] = (),
        min_freq: int = 0,
        reserved_tokens: Sequence[str] = (),
    ) -> None:
        if len(tokens) and isinstance(tokens[0], list):
            tokens = [token for sentence in tokens for token in sentence]
        self.token_freqs = Counter(tokens).most_common()
        frequent = {token for token, count in self.token_freqs if count >= min_freq}
        self.idx_to_token = sorted({_UNKNOWN, *reserved_tokens} | frequent)
        self.token_to_idx = {token: i for i, token in enumerate(self.idx_to_token)}

    def __len__(self) -> int:
        """The number of tokens."""
        return len(self.idx_to_token)

    def __getitem__(self, tokens: Any) -> Any:
        """The index of a token, that of "<unk>" where it has none.

        tokens: a token, or a list or tuple of them, which gives a list.
        """
        if isinstance(tokens, (list, tuple)):
            return [self[token] for token in tokens]
        return self.token_to_idx.get(tokens, self.unk)

    def to_tokens(self, indices: Any) -> Any:
        """The token of an index, or the list of tokens of several.

        indices: a number, or a list or an array of any framework.
        """
        found = to_numpy(indices)
        if found.ndim == 0:
            return self.idx_to_token[int(found)]
        return [self.idx_to_token[int(i)] for i in found]

    @property
    def unk(self) -> int:
        """The index of "<unk>", which stands for all unknown tokens."""
        return self.token_to_idx[_UNKNOWN]
