"""A text as the spotters read it: one form of each digit, dash and space, nothing unseen, masks as marks."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

MARK = "\x01"
"""Stands where a mask is; no text holds it otherwise, since controls are left out."""

_LEFT_OUT = "\x00"
_LINE_ENDS = "\n\x0b\x0c\x85\u2028\u2029"
_INVISIBLE = {"Cc", "Cf", "Mn", "Me"}


class Kind(StrEnum):
    """What may be found, in the words of its mask."""

    CARD = "card number"
    CARD_CODE = "card code"
    IBAN = "IBAN"
    BANK_ACCOUNT = "bank account"
    NATIONAL_ID = "national id"
    HEALTH_NUMBER = "health number"
    PASSPORT = "passport number"
    LICENCE = "driving licence"
    BIRTH = "date of birth"
    EMAIL = "e-mail"
    PHONE = "phone"
    ADDRESS = "address"


MASKS = {kind: f"[{kind}]" for kind in Kind}
_MASK = re.compile("|".join(re.escape(mask) for mask in MASKS.values()))


class Span(NamedTuple):
    """A place in a plain text and what stands there."""

    start: int
    end: int
    kind: Kind


class _Table(dict[int, str]):
    """What each character is read as, worked out when it is first met; always one for one."""

    def __missing__(self, code: int) -> str:
        read = self[code] = _read(chr(code))
        return read


_TABLE = _Table()


class Plain:
    """The text read, the same in lower case, and where each character stood in the original."""

    def __init__(self, text: str, starts: Sequence[int], ends: Sequence[int]) -> None:
        self.text = text
        self.lower = text.lower()
        self._starts = starts
        self._ends = ends

    @classmethod
    def of(cls, original: str) -> "Plain":
        """Read a text; masks that stand in it are marks."""
        read = original.translate(_TABLE)
        if _LEFT_OUT not in read:
            plain = cls(read, range(len(read)), range(1, len(read) + 1))
        else:
            kept = [at for at, char in enumerate(read) if char != _LEFT_OUT]
            plain = cls(read.replace(_LEFT_OUT, ""), kept, [at + 1 for at in kept])
        masks = [(hit.start(), hit.end()) for hit in _MASK.finditer(plain.text)] if "[" in read else []
        return plain.marked(masks) if masks else plain

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where a non-empty stretch of the plain text stands in the original."""
        return self._starts[start], self._ends[end - 1]

    def marked(self, spans: Iterable[tuple[int, int]]) -> "Plain":
        """The same with each of these stretches, in order, as one mark."""
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for start, end in spans:
            text += [self.text[done:start], MARK]
            starts += [*self._starts[done:start], self._starts[start]]
            ends += [*self._ends[done:start], self._ends[end - 1]]
            done = end
        return Plain(
            "".join([*text, self.text[done:]]), [*starts, *self._starts[done:]], [*ends, *self._ends[done:]]
        )


def _read(char: str) -> str:
    if char in _LINE_ENDS:
        return "\n"
    if char == "\t":
        return " "
    category = unicodedata.category(char)
    if category in _INVISIBLE:
        return _LEFT_OUT
    if category == "Nd":
        return str(unicodedata.decimal(char))
    return _typed(char, category)


def _typed(char: str, category: str) -> str:
    """As a keyboard would have it; İ is the one letter that lower case makes two of."""
    if category == "Zs":
        return " "
    if category == "Pd" or char == "\u2212":
        return "-"
    if char in "·İ":
        return {"·": ".", "İ": "I"}[char]
    if category == "Cs":
        return char
    typed = unicodedata.normalize("NFKC", char)
    return typed if len(typed) == 1 and unicodedata.category(typed) not in _INVISIBLE else char
