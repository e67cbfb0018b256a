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
_LETTERS = 0.12
_FAINT = 0.25
"""Below this, a word says too little about a situation to be worth adding up."""
_SHORTEST = 3
_GRAMS = (4, 5)

Postings = tuple[tuple[int, float], ...]
"""The situations that something speaks for, by their place, and how strongly."""


def features(section: Section, cues: Iterable[Hit], common: frozenset[str]) -> set[str]:
    """What is counted in one section: words, neighbours, ideas, ideas that come together, cues."""
    stems = section.stems
    found = set(stems)
    found.discard(BREAK)
    found.update([f"{a} {b}" for a, b in pairwise(stems) if a != BREAK != b])
    telling = [it for it in stems if it not in common and it != BREAK]
    found.update([f"{a}_{b}" for a, b in pairwise(telling)])
    ideas = section.ideas
    found.update(ideas)
    found.update([a + b for a, b in combinations(sorted(ideas)[:_MOST_IDEAS], 2)])
    found.update([CUE + hit.label for hit in cues])
    return found


def plain_words(section: Section) -> list[str]:
    """The words as typed, for their letters: what a stem or a mended typo has lost may be told by them."""
    return [it.raw for it in section.typed if it.read == it.raw and len(it.raw) >= _SHORTEST]


class Weights:
    """For every feature, by how much likelier it is in a situation than anywhere: naive Bayes without the constant.

    The logarithm of that ratio is shrunk where a feature is rare. What is never seen in a situation counts nothing,
    so a text only looks up what its own words speak for.
    """

    def __init__(
        self,
        counted: Mapping[str, Sequence[set[str]]],
        words: Mapping[str, Counter[str]],
        cues: Iterable[str],
    ) -> None:
        self.situations = tuple(counted)
        self._places = {situation: place for place, situation in enumerate(counted)}
        sizes = [max(1, len(signals)) for signals in counted.values()]
        self._floor = _SMOOTH * len(sizes) / sum(sizes)
        self._sizes = sizes
        self._features = self._weighed(_count(counted, cues, sizes), _importance)
        self._grams = self._weighed(_count_grams(words.values()), lambda _: _LETTERS)
        self._letters: dict[str, Postings] = {}
        self._known = frozenset(word for said in words.values() for word in said)

    def _weighed(
        self, seen: Mapping[str, Mapping[int, int]], importance: Callable[[str], float]
    ) -> dict[str, Postings]:
        sizes, floor, classes, log1p = self._sizes, self._floor, len(self._sizes), math.log1p
        weighed = {}
        for feature, counts in seen.items():
            shares = [(place, count / sizes[place]) for place, count in counts.items()]
            usual = (sum([share for _, share in shares]) + floor) / classes
            factor = importance(feature)
            ratios = [(place, log1p(share / usual)) for place, share in shares]
            weighed[feature] = tuple([(place, factor * ratio) for place, ratio in ratios if ratio > _FAINT])
        return weighed

    def sums(self, found: Iterable[str], words: Iterable[str]) -> list[float]:
        """How strongly a text speaks for each situation, by its features and the letters of its words."""
        sums = [0.0] * len(self._sizes)
        weighed = self._features
        for feature in found:
            if feature in weighed:
                for place, weight in weighed[feature]:
                    sums[place] += weight
        for word in words:
            for place, weight in self._letters.get(word) or self._spelt(word):
                sums[place] += weight
        return sums

    def place(self, situation: str) -> int:
        """Where a situation stands among the sums."""
        return self._places[situation]

    def speaks_for(self, feature: str) -> Mapping[int, float]:
        """The places of the situations that one feature speaks for, and how strongly."""
        return dict(self._features.get(feature, ()))

    def _spelt(self, word: str) -> Postings:
        """What the letters of a word speak for; kept for words of the signals, never for what somebody typed."""
        sums: dict[int, float] = {}
        for gram in grams(word):
            for place, weight in self._grams.get(gram, ()):
                sums[place] = sums.get(place, 0.0) + weight
        least = _FAINT * max(sums.values(), default=0.0)
        postings = tuple([it for it in sums.items() if it[1] > least])
        if word in self._known:
            self._letters[word] = postings
        return postings


def grams(word: str) -> set[str]:
    """The runs of four and five letters in a word, its two ends marked."""
    marked = f"^{word}$"
    return {marked[at : at + size] for size in _GRAMS for at in range(len(marked) - size + 1)}


def _count(
    counted: Mapping[str, Sequence[set[str]]], cues: Iterable[str], sizes: Sequence[int]
) -> dict[str, dict[int, int]]:
    seen: dict[str, dict[int, int]] = {}
    for place, signals in enumerate(counted.values()):
        for feature, count in Counter(it for signal in signals for it in signal).items():
            seen.setdefault(feature, {})[place] = count
    places = {situation: place for place, situation in enumerate(counted)}
    for situation in cues:
        if (at := places.get(situation)) is not None:
            counts = seen.setdefault(CUE + situation, {})
            counts[at] = counts.get(at, 0) + math.ceil(_CUE_SHARE * sizes[at])
    return seen


def _count_grams(words: Iterable[Mapping[str, int]]) -> dict[str, dict[int, int]]:
    seen: dict[str, dict[int, int]] = {}
    spelt: dict[str, set[str]] = {}
    for place, said in enumerate(words):
        for word, count in said.items():
            found = spelt.get(word) or spelt.setdefault(word, grams(word))
            for gram in found:
                counts = seen.setdefault(gram, {})
                counts[place] = counts.get(place, 0) + count
    return seen


def _importance(feature: str) -> float:
    """How much a sort of feature counts: those that overlap count less, since they repeat each other."""
    if feature[0] == "@":
        return 0.2 if "@" in feature[1:] else 1.0
    if feature[0] == CUE:
        return 1.0
    return 0.6 if " " in feature or "_" in feature else 1.5
