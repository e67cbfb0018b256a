"""A sense of danger: how much words speak of it, alone and together, learned from lines of both sorts."""

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from bot.phrasing.memory import ALWAYS, Weights
from bot.phrasing.reader import BREAK, Section

_PASSES = 3
_STEP = 0.2
_ENOUGH = 0.03
"""A line judged this near to right teaches nothing more."""
_SOFTEST = 0.05
"""A weight below this changes no mind, and every third is."""
_TRUST = 3.0
"""What a wording of danger counts before anything is learned: an author wrote it down for a reason."""
_SEED = 3
WINDOW = 40
"""A text of more words is not judged as a whole: a paragraph may bury the one sentence that matters."""
_STRETCH = 20
"""Words of a sentence that has no end judged together; each stretch begins half-way through the last."""
_AGAIN = 0.3
"""Each doubling of the looks at a long text is another chance to be wrong."""
_REACH = 8
"""How many words apart two themes may stand that mean something together."""
HEARD = "="
"""The trait of a text in which a wording of danger was heard."""

Traits = frozenset[str]


@dataclass(frozen=True)
class Themes:
    """What a sense looks at beside the words themselves."""

    themes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Words about the same, by the name of what they are about: weapons, breathing, farewells."""
    same: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Words read as one: he, she and I, where it makes no difference who it is."""
    slight: frozenset[str] = frozenset()
    """Words that say something beside others alone."""


class Sense:
    """Adds up what each trait says for danger or against it: a logistic regression, line by line."""

    def __init__(self, themes: Themes, read: Callable[[str], tuple[str, ...]]) -> None:
        self._same = {read(word)[-1]: f"<{name}>" for name, words in themes.same.items() for word in words}
        self._slight = {read(word)[-1] for word in themes.slight} | {f"<{name}>" for name in themes.same}
        self._slight.add(BREAK)
        self._themes: dict[str, tuple[str, ...]] = {}
        for name, words in themes.themes.items():
            for word in words:
                stem = read(word)[-1]
                if stem not in self._slight and "#" + name not in self._themes.get(stem, ()):
                    self._themes[stem] = (*self._themes.get(stem, ()), "#" + name)
        self.weights: Weights = {ALWAYS: -1.0}

    def learn(self, lines: Iterable[tuple[Traits, bool, float]]) -> None:
        """Learn from lines that do and do not speak of danger, each with how much it counts."""
        places: dict[str, int] = {}
        told = [
            ([places.setdefault(it, len(places)) for it in sorted(traits)], float(danger), much)
            for traits, danger, much in lines
        ]
        weights, moved, bias = [0.0] * len(places), [1.0] * len(places), self.weights[ALWAYS]
        if HEARD in places:
            weights[places[HEARD]] = _TRUST
        dice = random.Random(_SEED)  # noqa: S311  (an order, not a secret)
        for _ in range(_PASSES):
            dice.shuffle(told)
            for traits, danger, much in told:
                sure = bias + sum([weights[it] for it in traits])
                off = much * (danger - _logistic(sure))
                if -_ENOUGH < off < _ENOUGH:
                    continue
                for it in traits:
                    moved[it] += off * off
                    weights[it] += _STEP * off / math.sqrt(moved[it])
                bias += 0.25 * _STEP * off
        loud = {it: weight for it, place in places.items() if abs(weight := weights[place]) >= _SOFTEST}
        self.weights = loud | {ALWAYS: bias}

    def of(self, sections: Sequence[Section], heard: bool) -> float:
        """How sure this is danger: above 0 more likely than not, as far as the lines tell.

        A long text is judged by every sentence, alone and with the next one; a long sentence, as hurried
        people write without a stop, by stretches that overlap.
        """
        stems = [it.stems for it in sections]
        if sum(map(len, stems)) <= WINDOW:
            return self._sure(self.traits(stems, heard))
        told = [self.traits((it,), heard) for several in stems for it in _stretches(several)]
        looks = [self._sure(it) for it in (*told, *(one | other for one, other in pairwise(told)))]
        return max(looks) - _AGAIN * math.log2(len(looks))

    def traits(self, texts: Iterable[Sequence[str]], heard: bool) -> Traits:
        """What counts in a text: its telling words, neighbours, themes, and themes near each other."""
        found = {HEARD} if heard else set()
        slight, same, themes = self._slight, self._same, self._themes
        for text in texts:
            stems = [same.get(it, it) for it in text]
            found.update([it for it in stems if it not in slight])
            found.update([f"{a} {b}" for a, b in pairwise(stems) if a != BREAK != b])
            placed = [(at, theme) for at, it in enumerate(stems) if it in themes for theme in themes[it]]
            found.update([theme for _, theme in placed])
            found.update(
                [
                    a + b if a < b else b + a
                    for (at, a), (other, b) in combinations(placed, 2)
                    if 0 < other - at <= _REACH
                ]
            )
        return frozenset(found)

    def telling(self, sections: Sequence[Section]) -> list[str]:
        """What speaks for danger, loudest first: words, neighbours, and #themes."""
        found = {
            it: self.weights.get(it, 0.0) for it in self.traits([it.stems for it in sections], heard=False)
        }
        return sorted((it for it in found if found[it] > 0), key=lambda it: (-found[it], it))

    def _sure(self, traits: Traits) -> float:
        weights = self.weights
        return weights[ALWAYS] + sum([weights[it] for it in traits if it in weights])


def _stretches(stems: Sequence[str]) -> list[Sequence[str]]:
    if len(stems) <= WINDOW:
        return [stems]
    return [stems[at : at + _STRETCH] for at in range(0, len(stems) - _STRETCH // 2, _STRETCH // 2)]


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value > -30 else 0.0
