"""How strongly each word, wording and idea speaks for each situation: counted once, no training loop."""

import math
import struct
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import chain, combinations, pairwise
from typing import Any, Generic, TypeVar

from bot.phrasing.patterns import Hit
from bot.phrasing.reader import BREAK, Section

_SMOOTH = 0.3
_CUE_SHARE = 0.3
"""A cue weighs as if it stood in this share of its situation's signals."""
_WORD, _SIGN, _PAIR, _MET, _LETTERS = 1.5, 1.0, 0.6, 0.2, 0.17
"""How much a sort of thing counts: those that overlap count less, since they repeat each other."""
_FAINT = 0.25
"""Below this, something says too little about a situation to be worth adding up."""
_FAINT_LETTERS = 1.3
"""The same for a run of letters: most stand in words of every situation."""
_MOST_IDEAS = 14
_SHORTEST = 3
_GRAM = 4

ONE = 4096
"""How a weight of one is written: weights are whole numbers of this part of it."""
_BITS = 32
"""How wide each situation's number is in a row: room for a weight of a million."""
_MOST_ROWS = 8_000
"""How many words' rows are kept once they have been met."""
_SECOND = 24
"""How many bits the second of two stems takes up in the key of a pair."""
_COUNT = 32
_TIMES = (1 << _COUNT) - 1
"""The bits of a count that say how often."""

Row = int
"""How strongly something speaks for each situation: one number for every place side by side in a single
large one, so that to add rows is to add numbers."""
Count = int
"""Where something was counted and, in the lowest bits, how often."""
Key = TypeVar("Key", bound=Hashable)


class Numbers(dict[str, int]):
    """A number for every stem and idea of the signals, given when it is first asked for; 0 for a pause."""

    def __init__(self, known: Iterable[str] = (BREAK,)) -> None:
        super().__init__({it: number for number, it in enumerate(known)})

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


@dataclass(slots=True)
class Said:
    """What is counted in a text."""

    pairs: set[int] = field(default_factory=set)
    """Neighbouring stems."""
    apart: set[int] = field(default_factory=set)
    """Neighbours once common stems are left out."""
    met: set[int] = field(default_factory=set)
    """Ideas that come together in a section."""
    ideas: set[str] = field(default_factory=set)
    cues: set[str] = field(default_factory=set)
    """The situations that some cue speaks for."""
    spelt: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Each word once, as typed, with the stems it was read as.

    The letters count beside the stems: they tell what a stem or a mended typo has lost.
    """


class Ear:
    """Takes down what is said, in the numbers that stems and ideas go by."""

    def __init__(self, common: frozenset[str]) -> None:
        self._untold = common | {BREAK}
        self._numbers = Numbers()

    @property
    def learned(self) -> list[str]:
        """Every stem and idea of the signals, in the order of their numbers."""
        return list(self._numbers)

    def take(self, learned: Iterable[str]) -> None:
        """Go by the numbers that were learned before."""
        self._numbers = Numbers(learned)

    def learn(self, sections: Sequence[Section], cues: Sequence[Iterable[Hit]]) -> Said:
        """What is said in a signal: every stem and idea gets a number."""
        return self._take_down(sections, cues, self._numbers.__getitem__)

    def hear(self, sections: Sequence[Section], cues: Sequence[Iterable[Hit]]) -> Said:
        """What is said in a text; what no signal holds has no number, and its pairs are passed over."""
        return self._take_down(sections, cues, self._numbers.get)

    def _take_down(
        self,
        sections: Sequence[Section],
        cues: Sequence[Iterable[Hit]],
        number: Callable[[str], int | None],
    ) -> Said:
        said = Said()
        untold = self._untold
        for section, hits in zip(sections, cues, strict=True):
            stems = section.stems
            said.pairs.update([a << _SECOND | b for a, b in pairwise(map(number, stems)) if a and b])
            telling = map(number, [it for it in stems if it not in untold])
            said.apart.update([a << _SECOND | b for a, b in pairwise(telling) if a and b])
            if section.ideas:
                said.ideas.update(section.ideas)
                together = combinations(map(number, section.ideas[:_MOST_IDEAS]), 2)
                said.met.update([a << _SECOND | b for a, b in together if a and b])
            said.cues.update([hit.label for hit in hits])
            said.spelt.update(section.spelt)
        return said

    def pair(self, first: str, second: str) -> int:
        """The key of two neighbouring stems; 0, which is no key, when one is in no signal."""
        a, b = self._numbers.get(first), self._numbers.get(second)
        return a << _SECOND | b if a and b else 0


class Tally(Generic[Key]):
    """How often things were counted in each situation, in as little room as it takes.

    Most things are counted in one situation only. What was counted less than `least` times in all is left
    out in the end.
    """

    def __init__(self, least: int = 1) -> None:
        self._least = least
        self._first: dict[Key, Count] = {}
        self._others: dict[Key, list[Count]] = {}

    def add(self, place: int, counts: Mapping[Key, int]) -> None:
        """Add what was counted in the situation at a place."""
        first, others = self._first, self._others
        here = {count: place << _COUNT | count for count in set(counts.values())}
        new = [it for it in counts if it not in first]
        for it in counts.keys() & first.keys():
            others.setdefault(it, []).append(here[counts[it]])
        first.update(zip(new, map(here.__getitem__, map(counts.__getitem__, new)), strict=True))

    def items(self) -> Iterator[tuple[Key, tuple[Count, ...]]]:
        """Everything counted, and where how often."""
        others, least = self._others, self._least
        for it, count in self._first.items():
            if it in others:
                yield it, (count, *others[it])
            elif count & _TIMES >= least:
                yield it, (count,)


class Counted:
    """What the signals of all situations say, counted situation by situation."""

    def __init__(self, cues: Iterable[str]) -> None:
        self.sizes: dict[str, int] = {}
        self.pairs, self.apart, self.met = Tally[int](), Tally[int](), Tally[int]()
        self.ideas, self.cues = Tally[str](), Tally[str]()
        self.stems, self.grams = Tally[str](), Tally[str](2)
        self.words: dict[str, set[str]] = {}
        """Every word of the signals, with its runs of letters."""
        self._cued = frozenset(cues)

    def add(self, situation: str, signals: Sequence[Said]) -> None:
        """Count the signals of one situation."""
        place = len(self.sizes)
        self.sizes[situation] = size = max(1, len(signals))
        every = chain.from_iterable
        self.pairs.add(place, Counter(every([it.pairs for it in signals])))
        self.apart.add(place, Counter(every([it.apart for it in signals])))
        self.met.add(place, Counter(every([it.met for it in signals])))
        self.ideas.add(place, Counter(every([it.ideas for it in signals])))
        cues = Counter(every([it.cues for it in signals]))
        if situation in self._cued:
            cues[situation] += math.ceil(_CUE_SHARE * size)
        self.cues.add(place, cues)
        self.stems.add(place, Counter(every([set(every(it.spelt.values())) for it in signals])))
        spelt = [word for it in signals for word in it.spelt]
        for word in spelt:
            if word not in self.words:
                self.words[word] = grams(word)
        self.grams.add(place, Counter(every(map(self.words.__getitem__, spelt))))


def grams(word: str) -> set[str]:
    """The runs of four letters in a word, its two ends marked; none in a mark such as <money>."""
    if word[0] == "<" or len(word) < _SHORTEST:
        return set()
    marked = f"^{word}$"
    return {marked[at : at + _GRAM] for at in range(len(marked) - _GRAM + 1)}


class Scale:
    """What a count is worth: by how much likelier something is in a situation than anywhere.

    The logarithm of that ratio is shrunk where something is rare. What was never seen in a situation counts
    nothing, so a text only looks up what its own words speak for.
    """

    def __init__(self, sizes: Iterable[int]) -> None:
        self._shares = [1 / size for size in sizes]
        self.places = len(self._shares)
        self._floor = _SMOOTH * self.places / sum([1 / share for share in self._shares])

    def weigh(self, tally: Tally[Key], factor: float, faint: float = _FAINT) -> dict[Key, Row]:
        """The rows of everything that says enough; what was counted alike shares one."""
        weighed: dict[Key, Row] = {}
        known: dict[tuple[Count, ...], Row] = {}
        for it, counts in tally.items():
            row = known.get(counts)
            if row is None:
                row = known[counts] = self._weighed(counts, factor * ONE, math.expm1(faint))
            if row:
                weighed[it] = row
        return weighed

    def _weighed(self, counts: Sequence[Count], factor: float, least: float) -> Row:
        shares = self._shares
        seen = [((it & _TIMES) * shares[it >> _COUNT], it >> _COUNT) for it in counts]
        part = self.places / (sum([share for share, _ in seen]) + self._floor)
        return sum(
            [
                int(factor * math.log1p(share * part)) << _BITS * place
                for share, place in seen
                if share * part > least
            ]
        )


@dataclass(frozen=True, slots=True)
class Learned:
    """What everything counted in the signals is worth."""

    situations: tuple[str, ...]
    words: frozenset[str]
    """Every word of the signals."""
    by_pair: Mapping[int, Row]
    by_apart: Mapping[int, Row]
    by_met: Mapping[int, Row]
    by_idea: Mapping[str, Row]
    by_cue: Mapping[str, Row]
    by_stem: Mapping[str, Row]
    by_gram: Mapping[str, Row]

    def as_kept(self) -> dict[str, Any]:
        """In what JSON can say; what many things share is told once."""
        rows: dict[Row, int] = {}
        tables = {
            name: [list(table), [rows.setdefault(it, len(rows)) for it in table.values()]]
            for name in _TABLES
            for table in (getattr(self, name),)
        }
        return {
            "situations": self.situations,
            "words": sorted(self.words),
            "rows": [f"{it:x}" for it in rows],
            **tables,
        }

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> "Learned":
        """The same again."""
        rows = [int(it, 16) for it in kept["rows"]]
        tables = {
            name: dict(zip(keys, map(rows.__getitem__, places), strict=True))
            for name in _TABLES
            for keys, places in (kept[name],)
        }
        return cls(tuple(kept["situations"]), frozenset(kept["words"]), **tables)


_TABLES = tuple(it.name for it in fields(Learned) if it.name.startswith("by_"))


def weigh(counted: Counted) -> Learned:
    """What everything counted says for each situation."""
    scale = Scale(counted.sizes.values())
    return Learned(
        situations=tuple(counted.sizes),
        words=frozenset(counted.words),
        by_pair=scale.weigh(counted.pairs, _PAIR),
        by_apart=scale.weigh(counted.apart, _PAIR),
        by_met=scale.weigh(counted.met, _MET),
        by_idea=scale.weigh(counted.ideas, _SIGN),
        by_cue=scale.weigh(counted.cues, _SIGN),
        by_stem=scale.weigh(counted.stems, _WORD),
        by_gram=scale.weigh(counted.grams, _LETTERS, _FAINT_LETTERS),
    )


class Weights:
    """What the words of a text speak for: naive Bayes without the constant."""

    def __init__(self, learned: Learned, ear: Ear) -> None:
        self.situations = learned.situations
        self._places = {situation: place for place, situation in enumerate(self.situations)}
        self._learned, self._ear = learned, ear
        self._packed = struct.Struct(f"<{len(self.situations)}I")
        self._rows: dict[str, Row] = {}

    def sums(self, said: Said) -> list[float]:
        """How strongly a text speaks for each situation."""
        rows, learned = self._rows, self._learned
        found = [rows.get(word) or self._word(word, stems) for word, stems in said.spelt.items()]
        for it in (
            map(learned.by_pair.get, said.pairs),
            map(learned.by_apart.get, said.apart),
            map(learned.by_met.get, said.met),
            map(learned.by_idea.get, said.ideas),
            map(learned.by_cue.get, said.cues),
        ):
            found += filter(None, it)
        return [it / ONE for it in self.by_place(sum(found))]

    def by_place(self, row: Row) -> Sequence[int]:
        """How strongly a row speaks for each situation, in parts of `ONE`."""
        return self._packed.unpack(row.to_bytes(self._packed.size, "little"))

    def _word(self, word: str, stems: tuple[str, ...]) -> Row:
        """What a word speaks for; kept for words of the signals, never for another."""
        learned = self._learned
        row = sum([learned.by_stem.get(it, 0) for it in stems])
        row += sum([learned.by_gram.get(it, 0) for it in grams(word)])
        if word in learned.words and len(self._rows) < _MOST_ROWS:
            self._rows[word] = row
        return row

    def place(self, situation: str) -> int:
        """Where a situation stands among the sums."""
        return self._places[situation]

    def of_word(self, stem: str) -> Row:
        """What a stem speaks for; 0 when it says nothing."""
        return self._learned.by_stem.get(stem, 0)

    def of_pair(self, first: str, second: str) -> Row:
        """What two neighbouring stems speak for; 0 when they say nothing."""
        return self._learned.by_pair.get(self._ear.pair(first, second), 0)
