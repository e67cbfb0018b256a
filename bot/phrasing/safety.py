"""The safety rule: hears danger by wordings that somebody wrote down and by a sense learned from lines."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from bot.phrasing import patterns
from bot.phrasing.hearing import Heard, Whose, hear
from bot.phrasing.lexicon import Lexicon, Wording, Wordings, files_of
from bot.phrasing.memory import FORGETFUL, Memory, digest
from bot.phrasing.patterns import Hit, Patterns, Row, Together
from bot.phrasing.reader import Reader, Section
from bot.phrasing.sense import HARMLESS, HEARD, Lesson, Sense, Themes
from bot.phrasing.text import clean
from bot.playbooks.model import Id, Part, Short

Words = Annotated[str, StringConstraints(max_length=4_000)]
"""Several words in a row."""

_SURE = 0.4
"""From this sum on it is danger, where no file says another: one in a hundred harmless lines gets there."""
_HALF = 1.0
"""By how much less than that the crisis is still worth offering beside what comes first."""
_CERTAIN = 10.0
_REASONS = 3
_ORDINARY = 0.5
"""How much a signal of another situation counts beside a line written for the comparison."""

_GROUP = re.compile(r"\$([a-z_]+)")


class SafetyFile(Part):
    """One file of wordings: what is a sign of danger, and what only sounds like one."""

    owner: Short
    review_by: dt.date
    groups: dict[Id, Wording] = Field(default_factory=dict)
    """Words that stand for the same in this file's wordings, by their name: `$pills` for "pills/tablets"."""
    certain: Wordings = ()
    """So plainly danger that no other word can speak against it."""
    danger: Wordings = ()
    together: Wordings = ()
    """Words that mean danger near each other, in whatever order: "$pills + enough/saved"."""
    harmless: Wordings = ()
    danger_lines: Wordings = ()
    harmless_lines: Wordings = ()
    themes: dict[Id, Words] = Field(default_factory=dict)
    """Words about the same, whose coming together is learned: weapons, breathing, farewells."""
    same: dict[Id, Words] = Field(default_factory=dict)
    """Words read as one where it makes no difference which it is: he, she, I."""
    slight: Words = ""
    """Words that say something beside others alone."""
    sure_from: float | None = Field(default=None, ge=-5, le=5)
    """From which sum on it is danger: lower hears more, and is wrong more often. The last file counts."""

    @model_validator(mode="after")
    def _knows_its_groups(self) -> "SafetyFile":
        used = {
            name
            for it in (*self.certain, *self.danger, *self.together, *self.harmless)
            for name in _GROUP.findall(it)
        }
        if unknown := used - self.groups.keys():
            raise ValueError(f"${min(unknown)} is none of the groups of this file: add it to groups")
        return self

    def spelt_out(self, wordings: Wordings) -> Iterator[str]:
        """Wordings with every group replaced by its words."""
        for it in wordings:
            yield _GROUP.sub(lambda found: self.groups[found[1]], it)


@dataclass(frozen=True)
class SafetyWords:
    """The wordings of several sets as one."""

    danger: Wordings
    harmless: Wordings
    together: Wordings = ()
    danger_lines: Wordings = ()
    harmless_lines: Wordings = ()
    themes: Themes = field(default_factory=Themes)
    sure_from: float = _SURE
    certain: Wordings = ()

    @property
    def wordings(self) -> Wordings:
        """Every wording, whatever it stands for."""
        return (*self.certain, *self.danger, *self.together, *self.harmless)

    @property
    def all(self) -> Wordings:
        """Wordings and lines, for knowing their words."""
        return (*self.wordings, *self.danger_lines, *self.harmless_lines)


def load_safety(folders: Sequence[Path], name: str) -> SafetyWords:
    """What `safety/` and `safety/<name>/` of several sets say, each adding; raises BrokenWordsError.

    Of a number that several files name, the later set's counts, whichever of its two folders it stands in.
    """
    files = files_of(folders, ("safety", f"safety/{name}"), SafetyFile)
    return SafetyWords(
        danger=tuple(it for file in files for it in file.spelt_out(file.danger)),
        together=tuple(it for file in files for it in file.spelt_out(file.together)),
        harmless=tuple(it for file in files for it in file.spelt_out(file.harmless)),
        danger_lines=tuple(it for file in files for it in file.danger_lines),
        harmless_lines=tuple(it for file in files for it in file.harmless_lines),
        themes=Themes(
            _by_name(file.themes for file in files),
            _by_name(file.same for file in files),
            frozenset(word for file in files for word in file.slight.split()),
        ),
        certain=tuple(it for file in files for it in file.spelt_out(file.certain)),
        sure_from=next((it.sure_from for it in reversed(files) if it.sure_from is not None), _SURE),
    )


def _by_name(several: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for named in several:
        for name, words in named.items():
            found[name] = (*found.get(name, ()), *words.split())
    return found


def danger_wordings(words: SafetyWords) -> Iterator[patterns.Wording]:
    """What to listen for in a text that is then judged for danger."""
    yield from (patterns.Wording(Whose.DANGER, it, it) for it in (*words.certain, *words.danger))
    yield from (patterns.Wording(Whose.HARMLESS, it, it) for it in words.harmless)


class Danger:
    """How sure a text is danger: leans to hearing it, but not in "this queue is killing me".

    Two opinions count as one: the wordings that an author wrote down, and a sense for the rest, learned
    from whole lines: the author's, those of a `crisis`, and `ordinary` ones about anything else.
    """

    def __init__(self, words: SafetyWords, reader: Reader, wordings: Patterns) -> None:
        self.sure_from = words.sure_from
        self.half_sure_from = words.sure_from - _HALF
        """From this sum on danger is worth a thought, though not the first."""
        self._words, self._reader, self._wordings = words, reader, wordings
        self._certain = frozenset(words.certain)
        together = (patterns.Wording(Whose.DANGER, it, it) for it in words.together)
        self._together = Together(together, reader.stems_of)
        self.sense = Sense(words.themes, reader.stems_of)

    def learn(self, crisis: Sequence[Sequence[Section]], ordinary: Sequence[Sequence[Section]]) -> None:
        """Learn from the author's lines, and from signals that do and do not tell of danger."""
        words = self._words
        self.sense.learn(
            [
                *(self._lesson(it, danger=True) for it in self._read(words.danger_lines)),
                *(self._lesson(it, danger=True) for it in crisis),
                *(self._lesson(it, danger=False) for it in self._read(words.harmless_lines)),
                *((self._traits(it), False, _ORDINARY) for it in ordinary),
            ]
        )

    def _read(self, lines: Wordings) -> Iterator[Sequence[Section]]:
        return (self._reader.as_written(clean(it)) for it in lines)

    def _lesson(self, sections: Sequence[Section], *, danger: bool) -> Lesson:
        heard = hear(sections, self._wordings)
        worded = any(True for _ in self._worded(heard))
        return ([*_marks(heard, worded), *self._traits(sections)], danger, 1.0)

    def _traits(self, sections: Sequence[Section]) -> list[str]:
        return self.sense.traits([it.stems for it in sections])

    def sureness(self, heard: Sequence[Heard]) -> float:
        """How sure this is danger, both opinions in one sum, to be compared with `sure_from`."""
        worded = {hit.label for _, hit in self._worded(heard)}
        if worded & self._certain:
            return _CERTAIN
        return self.sense.of([it.section for it in heard], _marks(heard, bool(worded)))

    def reasons(self, heard: Sequence[Heard]) -> list[str]:
        """The words in which danger was heard, or else what spoke loudest: words, neighbours, #themes."""
        worded = [section.quote(hit.start, hit.end) for section, hit in self._worded(heard)]
        loudest = () if worded else self.sense.telling([it.section for it in heard])
        return [f'danger: "{it}"' for it in dict.fromkeys((*worded, *loudest))][:_REASONS]

    def _worded(self, heard: Iterable[Heard]) -> Iterator[tuple[Section, Hit]]:
        """Where a wording of danger is heard: the section, and the wording in it."""
        for it in heard:
            section = it.section
            hits = it.those(Whose.DANGER) or self._together.find(section.row, section.present)
            if hits and (harmless := it.those(Whose.HARMLESS)):
                hits = self._left(_without(section.row, harmless))
            for hit in hits:
                yield section, hit

    def _left(self, row: Row) -> list[Hit]:
        """The wordings of danger in a row of which something was taken back."""
        hits = [it for it in self._wordings.find(row) if it.whose is Whose.DANGER]
        return hits or self._together.find(row, frozenset().union(*row))


class SafetyRule:
    """Hears danger in what somebody wrote, without a finder; what it learned may be taken out of `memory`."""

    def __init__(self, words: SafetyWords, lexicon: Lexicon, memory: Memory = FORGETFUL) -> None:
        self.reader = Reader(lexicon, words.all)
        self._wordings = Patterns(danger_wordings(words), self.reader.stems_of)
        self._danger = Danger(words, self.reader, self._wordings)
        key = digest(words, lexicon)
        if known := memory.recall(key):
            self._danger.sense.weights = known
        else:
            self._danger.learn((), ())
            memory.keep(key, self._danger.sense.weights)

    def fires(self, text: str) -> bool:
        """Whether a text, as somebody typed it, speaks of danger."""
        return self.sureness(text) >= self._danger.sure_from

    def sureness(self, text: str) -> float:
        """How sure it is danger, to be compared with what the author of the wordings chose."""
        return self._danger.sureness(self._heard(text))

    def reasons(self, text: str) -> list[str]:
        """The words in which danger was heard."""
        return self._danger.reasons(self._heard(text))

    def _heard(self, text: str) -> list[Heard]:
        return hear(self.reader.read(clean(text)), self._wordings)


def _marks(heard: Sequence[Heard], worded: bool) -> list[str]:
    """What somebody's wordings say of a text, as traits beside its own words."""
    harmless = any(it.those(Whose.HARMLESS) for it in heard)
    return [HEARD] * worded + [HARMLESS] * harmless


def _without(row: Row, harmless: Iterable[Hit]) -> Row:
    """The row with the words of harmless wordings unread."""
    left: list[Mapping[str, int]] = list(row)
    for hit in harmless:
        for at in range(hit.start, hit.end):
            left[at] = {}
    return left
