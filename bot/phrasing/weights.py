"""How strongly each word, wording and idea speaks for each situation: counted once, no training loop."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations, pairwise

from bot.phrasing.patterns import Hit
from bot.phrasing.reader import BREAK, Section

_SMOOTH = 0.3
_MOST_IDEAS = 14
CUE = "="
"""What the feature of a cue begins with, before the id of its situation."""
_CUE_SHARE = 0.3
"""A cue weighs as if it stood in this share of its situation's signals."""
_WORD = 1.5
_LETTERS = 0.12
_FAINT = 0.25
"""Below this, a word says too little about a situation to be worth adding up."""
_FAINT_LETTERS = 1.3
"""The same for a run of letters: most stand in words of every situation."""
_WIDE = 7
"""What speaks for this many situations is added up faster as a whole row."""
_SHORTEST = 3
_GRAMS = (4, 5)

Postings = tuple[tuple[int, float], ...]
"""The situations that something speaks for, by their place, and how strongly."""


def features(section: Section, cues: Iterable[Hit], common: frozenset[str]) -> set[str]:
    """What is counted in one section beside its words: neighbours, ideas, ideas that come together, cues."""
    stems = section.stems
    found = {f"{a} {b}" for a, b in pairwise(stems) if a != BREAK != b}
    telling = [it for it in stems if it not in common and it != BREAK]
    found.update([f"{a}_{b}" for a, b in pairwise(telling)])
    ideas = section.ideas
    found.update(ideas)
    found.update([a + b for a, b in combinations(ideas[:_MOST_IDEAS], 2)])
    found.update([CUE + hit.label for hit in cues])
    return found


def spelling(section: Section) -> dict[str, tuple[str, ...]]:
    """Each word as typed, with the stems it was read as.

    The letters count beside the stems: they tell what a stem or a mended typo has lost.
    """
    read: dict[str, tuple[str, ...]] = {}
    for it, at in zip(section.stems, section.source, strict=True):
        if it != BREAK:
            raw = section.typed[at].raw if it[0] != "<" else it
            read[raw] = (*read[raw], it) if raw in read and it not in read[raw] else read.get(raw, (it,))
    return read


class Weights:
    """By how much likelier each feature is in a situation than anywhere: naive Bayes without the constant.

    The logarithm of that ratio is shrunk where a feature is rare. What is never seen in a situation counts
    nothing, so a text only looks up what its own words speak for.
    """

    def __init__(
        self,
        counted: Mapping[str, Sequence[set[str]]],
        spelt: Mapping[str, Sequence[Mapping[str, tuple[str, ...]]]],
        cues: Iterable[str],
    ) -> None:
        self.situations = tuple(counted)
        self._places = {situation: place for place, situation in enumerate(counted)}
        sizes = [max(1, len(signals)) for signals in counted.values()]
        self._shares = [1 / size for size in sizes]
        self._floor = _SMOOTH * len(sizes) / sum(sizes)
        self._features = self._weighed(_count(counted, cues, sizes), _importance)
        self._wide = {
            it: _spread(postings, len(sizes))
            for it, postings in self._features.items()
            if len(postings) >= _WIDE
        }
        stems = [Counter(stem for it in lines for stem in _stems(it)) for lines in spelt.values()]
        self._stems = self._weighed(_by_feature(stems), lambda _: _WORD)
        words = [Counter(word for it in lines for word in it) for lines in spelt.values()]
        self._grams = self._weighed(_count_grams(words), lambda _: _LETTERS, _FAINT_LETTERS)
        self._known = frozenset(word for said in words for word in said)
        self._rows: dict[tuple[str, tuple[str, ...]], tuple[float, ...]] = {}

    def _weighed(
        self, seen: Mapping[str, Mapping[int, int]], importance: Callable[[str], float], faint: float = _FAINT
    ) -> dict[str, Postings]:
        shares, floor, classes, log1p = self._shares, self._floor, len(self._shares), math.log1p
        weighed: dict[str, Postings] = {}
        for feature, counts in seen.items():
            factor = importance(feature)
            if len(counts) == 1:
                ((place, count),) = counts.items()
                share = count * shares[place]
                weighed[feature] = ((place, factor * log1p(classes * share / (share + floor))),)
                continue
            part = classes / (sum([count * shares[place] for place, count in counts.items()]) + floor)
            weighed[feature] = tuple(
                [
                    (place, factor * ratio)
                    for place, count in counts.items()
                    if (ratio := log1p(count * shares[place] * part)) > faint
                ]
            )
        return weighed

    def sums(self, found: Iterable[str], spelt: Iterable[tuple[str, tuple[str, ...]]]) -> list[float]:
        """How strongly a text speaks for each situation, by its words as typed and read, and its features."""
        rows = [self._rows.get(it) or self._row(*it) for it in spelt]
        few: list[Postings] = []
        for feature in found:
            if feature in self._wide:
                rows.append(self._wide[feature])
            elif feature in self._features:
                few.append(self._features[feature])
        sums = [sum(column) for column in zip(*rows, strict=True)] if rows else [0.0] * len(self._shares)
        for postings in few:
            for place, weight in postings:
                sums[place] += weight
        return sums

    def place(self, situation: str) -> int:
        """Where a situation stands among the sums."""
        return self._places[situation]

    def speaks_for(self, feature: str) -> Mapping[int, float]:
        """The places of the situations that a stem or another feature speaks for, and how strongly."""
        return dict(self._stems.get(feature) or self._features.get(feature, ()))

    def _row(self, word: str, stems: tuple[str, ...]) -> tuple[float, ...]:
        """What a word speaks for, place by place; kept for words of the signals, never for another."""
        row = [0.0] * len(self._shares)
        for stem in stems:
            for place, weight in self._stems.get(stem, ()):
                row[place] += weight
        if word[0] != "<" and len(word) >= _SHORTEST:
            for gram in grams(word):
                for place, weight in self._grams.get(gram, ()):
                    row[place] += weight
        kept = tuple(row)
        if word in self._known:
            self._rows[word, stems] = kept
        return kept


def _spread(postings: Postings, places: int) -> tuple[float, ...]:
    row = [0.0] * places
    for place, weight in postings:
        row[place] = weight
    return tuple(row)


def _stems(spelt: Mapping[str, tuple[str, ...]]) -> set[str]:
    return {stem for stems in spelt.values() for stem in stems}


def grams(word: str) -> set[str]:
    """The runs of four and five letters in a word, its two ends marked."""
    marked = f"^{word}$"
    return {marked[at : at + size] for size in _GRAMS for at in range(len(marked) - size + 1)}


def _count(
    counted: Mapping[str, Sequence[set[str]]], cues: Iterable[str], sizes: Sequence[int]
) -> dict[str, dict[int, int]]:
    seen = _by_feature([Counter(it for signal in signals for it in signal) for signals in counted.values()])
    places = {situation: place for place, situation in enumerate(counted)}
    for situation in cues:
        if (at := places.get(situation)) is not None:
            counts = seen.setdefault(CUE + situation, {})
            counts[at] = counts.get(at, 0) + math.ceil(_CUE_SHARE * sizes[at])
    return seen


def _by_feature(counted: Iterable[Mapping[str, int]]) -> dict[str, dict[int, int]]:
    seen: dict[str, dict[int, int]] = {}
    for place, counts in enumerate(counted):
        for feature, count in counts.items():
            seen.setdefault(feature, {})[place] = count
    return seen


def _count_grams(words: Iterable[Mapping[str, int]]) -> dict[str, dict[int, int]]:
    seen: dict[str, dict[int, int]] = {}
    spelt: dict[str, set[str]] = {}
    for place, said in enumerate(words):
        for word, count in said.items():
            if word[0] == "<" or len(word) < _SHORTEST:
                continue
            found = spelt.get(word) or spelt.setdefault(word, grams(word))
            for gram in found:
                counts = seen.get(gram)
                if counts is None:
                    seen[gram] = {place: count}
                else:
                    counts[place] = counts.get(place, 0) + count
    return {gram: counts for gram, counts in seen.items() if len(counts) > 1 or sum(counts.values()) > 1}


def _importance(feature: str) -> float:
    """How much a sort of feature counts: those that overlap count less, since they repeat each other."""
    if feature[0] == "@":
        return 0.2 if "@" in feature[1:] else 1.0
    if feature[0] == CUE:
        return 1.0
    return 0.6
