"""How strongly each word, wording and idea speaks for each situation: one pass over the signals, no training loop."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations, pairwise

from bot.phrasing.patterns import Hit
from bot.phrasing.reader import BREAK, Section

_SMOOTH = 0.3
_MOST_IDEAS = 14
_CUE = "="
_CUE_LINES = 0.3
"""A cue weighs as if it stood in this share of its situation's signals."""

Postings = Mapping[str, tuple[tuple[str, float], ...]]


def features(section: Section, cues: Iterable[Hit], common: frozenset[str]) -> set[str]:
    """What may be learned from one section: words, neighbours, ideas, ideas that come together, cues."""
    stems = section.stems
    found = set(stems)
    found.discard(BREAK)
    found.update([f"{a} {b}" for a, b in pairwise(stems) if a != BREAK != b])
    telling = [it for it in stems if it not in common and it != BREAK]
    found.update([f"{a}_{b}" for a, b in pairwise(telling)])
    found.update(section.ideas)
    found.update([a + b for a, b in combinations(sorted(section.ideas)[:_MOST_IDEAS], 2)])
    found.update([_CUE + hit.label for hit in cues])
    return found


def importance(feature: str) -> float:
    """How much a kind of feature counts: overlapping ones less, since they repeat each other."""
    if feature[0] == "@":
        return 0.4 if "@" in feature[1:] else 1.0
    if feature[0] == _CUE:
        return 1.0
    return 0.6 if " " in feature or "_" in feature else 1.0


def weigh(lines: Mapping[str, Iterable[Iterable[str]]], cues: Iterable[str]) -> Postings:
    """For each feature, the situations it speaks for, by how much likelier it is there than anywhere.

    `lines` are the features of each signal by situation. The logarithm of that ratio, shrunk where a feature is
    rare; summed over a text it is naive Bayes with the part left out that is the same for all situations.
    """
    seen: dict[str, Counter[str]] = {}
    sizes: dict[str, int] = {}
    for situation, signals in lines.items():
        sizes[situation] = 0
        for signal in signals:
            sizes[situation] += 1
            for feature in signal:
                seen.setdefault(feature, Counter())[situation] += 1
    total, classes = sum(sizes.values()), len(sizes)
    for situation in cues:
        if situation in sizes:
            seen.setdefault(_CUE + situation, Counter())[situation] += math.ceil(
                _CUE_LINES * sizes[situation]
            )
    floor = _SMOOTH * classes / max(total, 1)
    postings = {}
    for feature, counts in seen.items():
        shares = {situation: count / sizes[situation] for situation, count in counts.items()}
        usual = (sum(shares.values()) + floor) / classes
        factor = importance(feature)
        postings[feature] = tuple(
            (situation, factor * math.log1p(share / usual)) for situation, share in shares.items()
        )
    return postings
