"""Words as tokens of some bytes each, and the neighbours among them."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

#: The tokens that everything is made of.
BYTES = [bytes([value]) for value in range(256)]


def to_bytes(text_bytes: bytes) -> list[bytes]:
    """The smallest tokens of a word."""
    return [BYTES[value] for value in text_bytes]


def join(tokens: list[bytes], token: bytes) -> list[bytes]:
    """Join every two neighbours that make up `token`, from the left."""
    found: list[bytes] = []
    for part in tokens:
        if found and found[-1] + part == token:
            found[-1] = token
        else:
            found.append(part)
    return found


class Pairs:
    """Words, cut into tokens, and how often which tokens are neighbours.

    Neighbours are known by their bytes together. That is enough: equal bytes are
    cut alike at any time, wherever no token crosses their ends.
    """

    def __init__(self, words: Counter[bytes]) -> None:
        self.words = [to_bytes(word) for word in words]
        self.frequencies = list(words.values())
        self.counts: Counter[bytes] = Counter()
        self.places: defaultdict[bytes, set[int]] = defaultdict(set)
        for place in range(len(self.words)):
            self._count(place, self.frequencies[place])

    def most_frequent(self) -> bytes | None:
        """The neighbours that come next; None when none occur twice."""
        highest = max(self.counts.values(), default=0)
        if highest < 2:
            return None
        return min(pair for pair, count in self.counts.items() if count == highest)

    def merge(self, token: bytes) -> None:
        """Make one token of these neighbours, in all words that have them."""
        for place in self.places.pop(token):
            self._count(place, -self.frequencies[place])
            self.words[place] = join(self.words[place], token)
            self._count(place, self.frequencies[place])
        del self.counts[token]

    def _count(self, place: int, times: int) -> None:
        for a, b in pairwise(self.words[place]):
            self.counts[a + b] += times
            self.places[a + b].add(place)
