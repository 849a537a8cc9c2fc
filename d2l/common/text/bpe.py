"""Byte-pair encoding: tokens that are learnt from a text (Sennrich et al., 2016)."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from d2l.common.arrays import to_numpy
from d2l.common.errors import DataError, InputError
from d2l.common.text.byte_pairs import BYTES, Pairs, join, to_bytes

#: A word with the space before it, or signs with theirs, or other white space.
_WORDS = r" ?\w+| ?[^\w\s]+|\s+"


class BPETokenizer:
    """Texts to token indices and back, without unknown tokens.

    Each of the 256 bytes is a token, so that every text can be encoded in UTF-8;
    `train` adds what occurs often. Language models take it as they take a `Vocab`.

    vocab_size: how many tokens there are at most.
    pattern: a regular expression, as a string or compiled: what it matches is encoded
        by itself, and so is what lies between; else words and signs.
    specials: tokens that stand for no text, such as the beginning of a sentence.

    The indices are those of the bytes (0 to 255), the specials', and then those of
    learnt tokens, the earliest first.
    """

    def __init__(
        self,
        vocab_size: int = 1024,
        pattern: Any = None,
        specials: Sequence[str] = ("<pad>", "<bos>", "<eos>"),
    ) -> None:
        needed = len(BYTES) + len(specials)
        if vocab_size < needed:
            raise InputError(f"There are {needed} tokens or more, not {vocab_size}.")
        self.vocab_size, self.pattern = vocab_size, pattern or _WORDS
        is_text = isinstance(self.pattern, str)
        self._splitter: Any = re.compile(self.pattern) if is_text else self.pattern
        self._fill(*_untrained(specials))

    @classmethod
    def from_tiktoken(cls, name: str) -> BPETokenizer:
        """A published vocabulary, such as "gpt2", from the package tiktoken.

        The package loads it from its cache or from the network.

        raises InputError where the package is absent or knows no such vocabulary,
        DataError where the vocabulary cannot be had.
        """
        try:
            tiktoken = importlib.import_module("tiktoken")
        except ModuleNotFoundError:
            raise InputError(f"{name!r} needs tiktoken: pip install it.") from None
        try:
            found = tiktoken.get_encoding(name)
        except ValueError as error:
            raise InputError(f"tiktoken has no {name!r} ({error})") from None
        except OSError as error:  # such as having no network
            raise DataError(f"tiktoken cannot load {name!r} ({error})") from None
        # Its patterns name classes of letters, which Python's `re` does not know.
        pattern = importlib.import_module("regex").compile(found._pat_str)
        tokenizer = cls(found.n_vocab, pattern, specials=())
        tokenizer._fill(dict(found._mergeable_ranks), dict(found._special_tokens))
        return tokenizer

    def train(self, text: str) -> BPETokenizer:
        """Learn tokens from a text anew; returns the tokenizer.

        The pair of neighbouring tokens that is most frequent becomes a token, of
        equals the one whose bytes come first, until there are `vocab_size` tokens
        or no pair occurs twice.
        """
        ids, specials = _untrained(self.specials)
        pairs = Pairs(Counter(self._chunks(text)))
        for index in range(len(ids) + len(specials), self.vocab_size):
            token = pairs.most_frequent()
            if token is None:
                break
            ids[token] = index
            pairs.merge(token)
        self._fill(ids, specials)
        return self

    def encode(self, text: str, allow_special: bool = False) -> list[int]:
        """The indices of a text's tokens.

        allow_special: whether "<bos>" in the text is that token; else it is text.
        """
        if not allow_special or not self.specials:
            return self._encode_text(text)
        # The longest first: one may begin as another does.
        names = sorted(self.specials, key=len, reverse=True)
        parts = re.split(f"({'|'.join(map(re.escape, names))})", text)
        found = []
        for part in parts:
            special = self.specials.get(part)
            found += self._encode_text(part) if special is None else [special]
        return found

    def decode(self, ids: Any) -> str:
        """The text of indices, a list or an array of any framework.

        Bytes that are no UTF-8 become the replacement character, U+FFFD.
        """
        found = b"".join(map(self._bytes_of, to_numpy(ids).ravel()))
        return found.decode(errors="replace")

    def to_tokens(self, ids: Any) -> Any:
        r"""The token of an index, or the list of tokens of several.

        Bytes that are no text by themselves are written out, such as "\xc3".
        """
        found = to_numpy(ids)
        if found.ndim == 0:
            return self._bytes_of(found).decode(errors="backslashreplace")
        return [self.to_tokens(index) for index in found]

    def __len__(self) -> int:
        """The number of indices: the largest one and 0 count."""
        return max(self._tokens) + 1

    def __getitem__(self, token: Any) -> Any:
        """The index of a token, or the list of those of a list or tuple of tokens.

        token: a string or bytes. raises InputError where it is no token.
        """
        if isinstance(token, list | tuple):
            return [self[part] for part in token]
        if token in self.specials:
            return self.specials[token]
        found = self._ids.get(token.encode() if isinstance(token, str) else token)
        if found is None:
            raise InputError(f"{token!r} is not one token: encode() makes several.")
        return found

    @property
    def pad(self) -> int:
        """The index of "<pad>", which fills sequences up."""
        return self["<pad>"]

    @property
    def bos(self) -> int:
        """The index of "<bos>", with which sequences begin."""
        return self["<bos>"]

    @property
    def eos(self) -> int:
        """The index of "<eos>", with which sequences end."""
        return self["<eos>"]

    def _fill(self, ids: dict[bytes, int], specials: dict[str, int]) -> None:
        """Take the indices of tokens that are text, and of those that are none."""
        self._ids, self.specials = ids, specials
        named = {index: name.encode() for name, index in specials.items()}
        self._tokens = {index: token for token, index in ids.items()} | named

    def _bytes_of(self, index: Any) -> bytes:
        try:
            return self._tokens[int(index)]
        except KeyError:
            raise InputError(f"There is no token {int(index)}.") from None

    def _encode_text(self, text: str) -> list[int]:
        known: dict[bytes, list[int]] = {}  # a word is encoded once
        found = []
        for chunk in self._chunks(text):
            if chunk not in known:
                known[chunk] = self._encode_chunk(chunk)
            found += known[chunk]
        return found

    def _encode_chunk(self, text_bytes: bytes) -> list[int]:
        """Join neighbours as training did: those of the lowest index first."""
        tokens = to_bytes(text_bytes)
        while pairs := {a + b for a, b in pairwise(tokens)} & self._ids.keys():
            tokens = join(tokens, min(pairs, key=self._ids.__getitem__))
        return [self._ids[token] for token in tokens]

    def _chunks(self, text: str) -> list[bytes]:
        """What is encoded by itself: what the pattern matches, what lies between."""
        cuts = {0, len(text)}
        for found in self._splitter.finditer(text):
            cuts.update(found.span())
        return [text[a:b].encode() for a, b in pairwise(sorted(cuts))]


def _untrained(specials: Iterable[str]) -> tuple[dict[bytes, int], dict[str, int]]:
    """The indices of the bytes, and after them those of the special tokens."""
    ids = {token: index for index, token in enumerate(BYTES)}
    return ids, {name: len(ids) + i for i, name in enumerate(specials)}
