"""Why a situation was found, in words that an agent can check at a glance."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import overload

from bot.phrasing.patterns import Hit
from bot.phrasing.reader import BREAK, Section
from bot.phrasing.weights import ONE, Weights

_STRONG = 0.45
"""A word is quoted when it speaks at least this share as strongly as the strongest one."""
_RUNS = 2
_LONGEST_RUN = 5
_SHOWN = 70

_MOST_SHARE = 0.71
"""A little more than any line's share in a word can be: that of a line with one telling word."""
_RAREST = 6
"""How many of a text's words are looked up among the signals: the commoner ones stand in all of them."""


class Signals:
    """The signals of one situation, to tell which one a text sounds most like."""

    def __init__(self, lines: Sequence[str], stems: Iterable[set[str]], common: frozenset[str]) -> None:
        self._lines = lines
        self._where: dict[str, dict[int, float]] = {}
        for at, line in enumerate(stems):
            telling = line - common
            share = 1 / (len(telling) + 1) ** 0.5
            for it in telling:
                self._where.setdefault(it, {})[at] = share

    def nearest(self, stems: Iterable[str]) -> str | None:
        """The signal that shares most with a text, rare words counting more; none when it shares nothing.

        The stems come in an order of their own, so that the same text always gets the same answer.
        """
        shared = defaultdict[int, float](float)
        found = sorted(filter(None, map(self._where.get, stems)), key=len)[:_RAREST]
        rarities = [1 / (2 + len(where)) for where in found]
        for at, (where, rarity) in enumerate(zip(found, rarities, strict=True)):
            within: Iterable[int] = where
            if shared and max(shared.values()) > _MOST_SHARE * sum(rarities[at:]):
                # No line that was not met yet can still come first.
                within = where.keys() & shared.keys()
            for line in within:
                shared[line] += rarity * where[line]
        return _short(self._lines[max(shared, key=shared.__getitem__)]) if shared else None


class Quotes:
    """The words of one text, with what each speaks for: looked up once for all situations."""

    def __init__(self, sections: Sequence[Section], cues: Sequence[Sequence[Hit]], weights: Weights) -> None:
        self._sections, self._cues, self._weights = sections, cues, weights

    @cached_property
    def _strengths(self) -> list[list[Sequence[int]]]:
        """How strongly each word as typed speaks for each situation, alone and with its neighbours."""
        return [_strengths(section, self._weights) for section in self._sections]

    @cached_property
    def stems(self) -> Sequence[str]:
        """The stems of the whole text, each once."""
        return sorted({it for section in self._sections for it in section.stems})

    def words_for(self, situation: str) -> list[str]:
        """The words, as typed, that speak most for a situation; long numbers are never repeated."""
        place = self._weights.place(situation)
        rows = [[it[place] for it in strengths] for strengths in self._strengths]
        for section, hits, row in zip(self._sections, self._cues, rows, strict=True):
            for at in {
                at for it in hits if it.label == situation for at in section.source[it.start : it.end]
            }:
                row[at] += ONE
        most = max([max(row) for row in rows], default=0)
        if most <= 0:
            return []
        runs = [
            run
            for section, row in zip(self._sections, rows, strict=True)
            if max(row) >= most * _STRONG
            for run in _runs(section, row, most * _STRONG)
        ]
        runs.sort(key=lambda it: -it[0])
        return list(dict.fromkeys(words for _, words in runs))[:_RUNS]


class Reasons(Sequence[str]):
    """The reasons for one situation, worked out when somebody looks: a card shows none."""

    def __init__(self, tell: Callable[[], Iterable[str]]) -> None:
        self._tell = tell

    @cached_property
    def _told(self) -> tuple[str, ...]:
        return tuple(self._tell())

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[str, ...]: ...
    def __getitem__(self, at: int | slice) -> str | tuple[str, ...]:
        return self._told[at]

    def __len__(self) -> int:
        return len(self._told)

    def __iter__(self) -> Iterator[str]:
        return iter(self._told)

    def __repr__(self) -> str:
        return repr(self._told)


def _strengths(section: Section, weights: Weights) -> list[Sequence[int]]:
    rows = [0] * len(section.typed)
    before, typed_before = BREAK, 0
    for it, typed in zip(section.stems, section.source, strict=True):
        if it != BREAK:
            rows[typed] += weights.of_word(it)
            if before != BREAK and (together := weights.of_pair(before, it)):
                rows[typed_before] += together
                rows[typed] += together
        before, typed_before = it, typed
    return [weights.by_place(row) for row in rows]


def _runs(section: Section, row: Sequence[int], least: float) -> list[tuple[int, str]]:
    """Neighbouring strong words, joined, each run with its strength."""
    runs: list[tuple[int, list[str]]] = []
    last = -2
    for at in [at for at, strength in enumerate(row) if strength >= least]:
        word, strength = section.typed[at], row[at]
        if word.read[0] == "<" and word.number is None:
            continue
        if at == last + 1 and len(runs[-1][1]) < _LONGEST_RUN:
            runs[-1] = (runs[-1][0] + strength, [*runs[-1][1], word.raw])
        else:
            runs.append((strength, [word.raw]))
        last = at
    return [(strength, " ".join(words)[:_SHOWN]) for strength, words in runs]


def _short(line: str) -> str:
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1].rstrip() + "…"
