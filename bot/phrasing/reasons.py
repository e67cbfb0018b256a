"""Why a situation was found, in words that an agent can check at a glance."""

from collections.abc import Iterable, Sequence

from bot.phrasing.patterns import Hit
from bot.phrasing.reader import BREAK, Section
from bot.phrasing.weights import Weights

_STRONG = 0.45
"""A word is quoted when it speaks at least this share as strongly as the strongest one."""
_RUNS = 2
_LONGEST_RUN = 5
_SHOWN = 70


class Signals:
    """The signals of one situation, to tell which one a text sounds most like."""

    def __init__(self, lines: Sequence[str], stems: Iterable[set[str]], common: frozenset[str]) -> None:
        self._lines = lines
        self._lengths: list[int] = []
        self._where: dict[str, list[int]] = {}
        for at, line in enumerate(stems):
            telling = line - common
            self._lengths.append(len(telling) + 1)
            for it in telling:
                self._where.setdefault(it, []).append(at)

    def nearest(self, stems: Iterable[str]) -> str | None:
        """The signal that shares most with a text, rare words counting more; none when it shares nothing."""
        shared: dict[int, float] = {}
        for it in stems:
            where = self._where.get(it)
            if where:
                rarity = 1 / (2 + len(where))
                for at in where:
                    shared[at] = shared.get(at, 0.0) + rarity
        if not shared:
            return None
        best = max(shared, key=lambda at: shared[at] / self._lengths[at] ** 0.5)
        return _short(self._lines[best])


def quoted(
    sections: Sequence[Section], cues: Sequence[Sequence[Hit]], weights: Weights, situation: str
) -> list[str]:
    """The words, as typed, that speak most for a situation; numbers are never repeated."""
    place = weights.place(situation)
    strengths = [
        _strengths(section, hits, weights, place, situation)
        for section, hits in zip(sections, cues, strict=True)
    ]
    most = max((it for row in strengths for it in row), default=0.0)
    if most <= 0:
        return []
    runs = []
    for section, row in zip(sections, strengths, strict=True):
        runs += _runs(section, row, most * _STRONG)
    runs.sort(key=lambda it: -it[0])
    return list(dict.fromkeys(words for _, words in runs))[:_RUNS]


def _strengths(
    section: Section, cues: Sequence[Hit], weights: Weights, place: int, situation: str
) -> list[float]:
    """How strongly each typed word speaks for the situation, alone, with its neighbour, and as part of a cue."""
    row = [0.0] * len(section.typed)
    stems, source = section.stems, section.source
    for at, it in enumerate(stems):
        if it != BREAK:
            row[source[at]] += weights.of(it, place)
            if at and stems[at - 1] != BREAK:
                both = weights.of(f"{stems[at - 1]} {it}", place)
                row[source[at]] += both
                row[source[at - 1]] += both
    for hit in cues:
        if hit.label == situation:
            for at in {source[it] for it in range(hit.start, hit.end)}:
                row[at] += 1.0
    return row


def _runs(section: Section, row: Sequence[float], least: float) -> list[tuple[float, str]]:
    """Neighbouring strong words, joined, each run with its strength."""
    runs: list[tuple[float, list[str]]] = []
    last = -2
    for at, (word, strength) in enumerate(zip(section.typed, row, strict=True)):
        if strength < least or (word.read[0] == "<" and word.number is None):
            continue
        if at == last + 1 and len(runs[-1][1]) < _LONGEST_RUN:
            runs[-1] = (runs[-1][0] + strength, [*runs[-1][1], word.raw])
        else:
            runs.append((strength, [word.raw]))
        last = at
    return [(strength, " ".join(words)[:_SHOWN]) for strength, words in runs]


def _short(line: str) -> str:
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1].rstrip() + "…"
