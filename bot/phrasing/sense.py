"""A sense of danger: how much words speak of it, alone and together, learned from lines of both sorts."""

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise

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
HARMLESS = "~"
"""The trait of one in which a wording was heard that only sounds so."""

ALWAYS = ""
"""What every text has: its weight is how likely danger is before anything is looked at."""

Lesson = tuple[Sequence[str], bool, float]
"""The traits of a line, whether it speaks of danger, and how much it teaches."""


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
        self._same = {it: f"<{name}>" for name, words in themes.same.items() for it in _stems(words, read)}
        self._slight = {*_stems(themes.slight, read), *(f"<{name}>" for name in themes.same), BREAK}
        self._themes: dict[str, tuple[str, ...]] = {}
        for name, words in themes.themes.items():
            for stem in _stems(words, read) - self._slight:
                self._themes[stem] = (*self._themes.get(stem, ()), "#" + name)
        self.weights = {ALWAYS: -1.0}

    @property
    def weights(self) -> dict[str, float]:
        """What each trait says for danger, or against it where it is below 0."""
        return self._weights

    @weights.setter
    def weights(self, weights: dict[str, float]) -> None:
        self._weights = weights
        self._telling = frozenset(weights)

    def learn(self, lines: Iterable[Lesson]) -> None:
        """Learn from lines that do and do not speak of danger."""
        places = defaultdict[str, int](count().__next__)
        told = [
            ([*map(places.__getitem__, dict.fromkeys(traits))], float(danger), much)
            for traits, danger, much in lines
        ]
        weights, moved, bias = [0.0] * len(places), [1.0] * len(places), self._weights[ALWAYS]
        if HEARD in places:
            weights[places[HEARD]] = _TRUST
        dice = random.Random(_SEED)  # noqa: S311  (an order, not a secret)
        for _ in range(_PASSES):
            dice.shuffle(told)
            for them, danger, much in told:
                off = much * (danger - _logistic(bias + sum([weights[it] for it in them])))
                if -_ENOUGH < off < _ENOUGH:
                    continue
                step, more = _STEP * off, off * off
                bias += 0.25 * step
                for it in them:
                    moved[it] = far = moved[it] + more
                    weights[it] += step / math.sqrt(far)
        loud = {it: weight for it, place in places.items() if abs(weight := weights[place]) >= _SOFTEST}
        self.weights = loud | {ALWAYS: bias}

    def of(self, sections: Sequence[Section], heard: Iterable[str] = ()) -> float:
        """How sure this is danger: above 0 more likely than not, as far as the lines tell.

        A long text is judged by every sentence, alone and with the next one; a long sentence, as hurried
        people write without a stop, by stretches that overlap.
        """
        stems = [it.stems for it in sections]
        sure = self._weights[ALWAYS] + self._sum(self._telling.intersection(heard))
        if sum(map(len, stems)) <= WINDOW:
            return sure + self._sum(self._telling.intersection(self.traits(stems)))
        told = [self._telling.intersection(self.traits((it,))) for text in stems for it in _stretches(text)]
        looks = [*map(self._sum, told), *(self._sum(one | other) for one, other in pairwise(told))]
        return sure + max(looks) - _AGAIN * math.log2(len(looks))

    def traits(self, texts: Iterable[Sequence[str]]) -> list[str]:
        """What counts in a text: its telling words, neighbours, themes, and themes near each other."""
        found: list[str] = []
        slight, same = self._slight, self._same
        for text in texts:
            stems = [same.get(it, it) for it in text]
            found += [it for it in stems if it not in slight]
            found += [f"{a} {b}" for a, b in pairwise(stems) if a != BREAK != b]
            found += self._themes_in(stems)
        return found

    def _themes_in(self, stems: Sequence[str]) -> list[str]:
        """Every theme, and every two that stand within reach of each other, in the order of their names."""
        themes = self._themes
        placed = [(at, theme) for at, it in enumerate(stems) if it in themes for theme in themes[it]]
        found: list[str] = [theme for _, theme in placed]
        for first, (at, a) in enumerate(placed, 1):
            for other, b in placed[first:]:
                if other > at + _REACH:
                    break
                if other > at:
                    found.append(a + b if a < b else b + a)
        return found

    def telling(self, sections: Sequence[Section]) -> list[str]:
        """What speaks for danger, loudest first: words and neighbours as they were typed, and #themes."""
        found = self._telling.intersection(self.traits([it.stems for it in sections]))
        loud = {it: self._weights[it] for it in found if self._weights[it] > 0}
        typed = self._typed(sections)
        return [typed.get(it, it) for it in sorted(loud, key=lambda it: (-loud[it], it))]

    def _typed(self, sections: Sequence[Section]) -> dict[str, str]:
        """How somebody typed the words and neighbours that count."""
        typed: dict[str, str] = {}
        for section in sections:
            stems = [self._same.get(it, it) for it in section.stems]
            for at, it in enumerate(stems):
                typed.setdefault(it, section.quote(at, at + 1))
            for at, (a, b) in enumerate(pairwise(stems)):
                typed.setdefault(f"{a} {b}", section.quote(at, at + 2))
        return typed

    def _sum(self, traits: Iterable[str]) -> float:
        weights = self._weights
        return sum([weights[it] for it in traits])


def _stems(words: Iterable[str], read: Callable[[str], tuple[str, ...]]) -> set[str]:
    """The stems of some words but those that read as several: "im" is no other word for "be"."""
    return {stems[0] for it in words if len(stems := read(it)) == 1}


def _stretches(stems: Sequence[str]) -> list[Sequence[str]]:
    if len(stems) <= WINDOW:
        return [stems]
    return [stems[at : at + _STRETCH] for at in range(0, len(stems) - _STRETCH // 2, _STRETCH // 2)]


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value > -30 else 0.0
