"""Wordings written as patterns, found in a row of words without looking at every pattern."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import NamedTuple

GAP = 3
"""How many words "…" may stand for."""

NEAR = 8
"""How many words apart words may stand that mean something together."""

Row = Sequence[Mapping[str, int]]
"""For each position, what may be read there (a word, an @idea) and how many words that takes up."""


class Wording(NamedTuple):
    """A pattern to look for: whose it is, what it says of a text, and how it is written."""

    whose: str
    label: str
    pattern: str


class Hit(NamedTuple):
    """A pattern found: whose it is, what it says, and from which word up to before which."""

    whose: str
    label: str
    start: int
    end: int


Step = tuple[frozenset[str], int]
Rest = tuple[str, str, tuple[Step, ...]]
"""Whose a pattern is, its label, and what must follow the first two words."""


class _Begun(NamedTuple):
    """What one word begins: whole patterns, those with a certain next word, and those with one soon after."""

    alone: list[tuple[str, str]]
    next: dict[str, list[Rest]]
    later: dict[str, list[Rest]]


class Patterns:
    """Many patterns of many owners, indexed by how they begin and looked for in one walk.

    `a b` words next to each other, `a/b` either, `a … b` up to three words between, `@idea` any wording
    of an idea.
    """

    def __init__(self, wordings: Iterable[Wording], read: Callable[[str], tuple[str, ...]]) -> None:
        self._begun: dict[str, _Begun] = {}
        for whose, label, pattern in wordings:
            (first, _), *rest = _steps(pattern, read)
            for word in first:
                begun = self._begun.setdefault(word, _Begun([], {}, {}))
                if not rest:
                    begun.alone.append((whose, label))
                    continue
                (second, gap), *others = rest
                follows = begun.later if gap else begun.next
                for it in second:
                    follows.setdefault(it, []).append((whose, label, tuple(others)))

    def find(self, row: Row) -> list[Hit]:
        """Every pattern that fits somewhere in the row."""
        hits: list[Hit] = []
        begins = self._begun
        for start, options in enumerate(row):
            for word in options:
                if word in begins:
                    _begin(begins[word], start, start + options[word], row, hits)
        return hits

    @property
    def words(self) -> set[str]:
        """Every word that some pattern mentions."""
        found = set(self._begun)
        for begun in self._begun.values():
            for follows in (begun.next, begun.later):
                found.update(follows)
                found.update(
                    word
                    for several in follows.values()
                    for *_, rest in several
                    for it in rest
                    for word in it[0]
                )
        return found


def _begin(begun: _Begun, start: int, after: int, row: Row, hits: list[Hit]) -> None:
    """Add the patterns that a word begins, where they go on from `after`."""
    alone, follows, later = begun
    if alone:
        hits += [Hit(whose, label, start, after) for whose, label in alone]
    if follows and after < len(row):
        options = row[after]
        for second in options:
            if second in follows:
                _go_on(follows[second], start, after + options[second], row, hits)
    if later:
        for at, options in enumerate(row[after : after + GAP + 1], after):
            for second in options:
                if second in later:
                    _go_on(later[second], start, at + options[second], row, hits)


def _go_on(begun: list[Rest], start: int, after: int, row: Row, hits: list[Hit]) -> None:
    """Add the patterns whose rest fits from `after` on."""
    for whose, label, rest in begun:
        end = _end_of(rest, row, after) if rest else after
        if end:
            hits.append(Hit(whose, label, start, end))


class Together:
    """Words that mean something near each other, whatever their order: `a/b + c/d`, each from one side."""

    def __init__(self, wordings: Iterable[Wording], read: Callable[[str], tuple[str, ...]]) -> None:
        self._by_word: dict[str, list[tuple[Wording, tuple[frozenset[str], ...]]]] = {}
        for wording in wordings:
            first, *others = [
                frozenset(_read(word, read)[-1] for word in side.strip().split("/"))
                for side in wording.pattern.split(" + ")
            ]
            for word in first:
                self._by_word.setdefault(word, []).append((wording, tuple(others)))

    def find(self, row: Row, present: Set[str]) -> list[Hit]:
        """Every wording whose words stand near each other in the row."""
        hits: list[Hit] = []
        for word in sorted(self._by_word.keys() & present):
            for wording, others in self._by_word[word]:
                if not any(present.isdisjoint(it) for it in others):
                    hits += _near(wording, word, others, row)
        return hits


def _near(wording: Wording, word: str, others: Sequence[frozenset[str]], row: Row) -> Iterable[Hit]:
    """Where the other words of a wording stand within reach of its first."""
    for at, options in enumerate(row):
        if word in options:
            start, end = max(0, at - NEAR), min(len(row), at + NEAR + 1)
            near = frozenset().union(*row[start:at], *row[at + 1 : end])
            if not any(near.isdisjoint(it) for it in others):
                yield Hit(wording.whose, wording.label, start, end)


def _end_of(rest: tuple[Step, ...], row: Row, position: int) -> int:
    """Where the rest of a pattern ends when it goes on from `position`; 0 when it does not."""
    for wanted, gap in rest:
        for options in row[position : position + gap + 1]:
            if not wanted.isdisjoint(options):
                position += max([options[word] for word in options if word in wanted])
                break
            position += 1
        else:
            return 0
    return position


def _steps(wording: str, read: Callable[[str], tuple[str, ...]]) -> list[Step]:
    """The steps of one pattern; a short form that stands for several words becomes several steps."""
    steps: list[Step] = []
    gap = 0
    for part in wording.replace("...", "…").replace("…", " … ").split():
        if part == "…":
            gap = GAP
            continue
        for options in _options(part, read):
            steps.append((options, gap))
            gap = 0
    if not steps:
        raise ValueError(f'the pattern "{wording}" has no word in it: write at least one')
    return steps


def _options(part: str, read: Callable[[str], tuple[str, ...]]) -> Iterable[frozenset[str]]:
    if "/" not in part:
        return (frozenset((word,)) for word in _read(part, read))
    return (frozenset(_read(word, read)[-1] for word in part.split("/") if word),)


def _read(word: str, read: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    return (word,) if word[0] in "@<" else read(word)
