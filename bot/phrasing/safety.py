"""The safety rule: hears danger by wordings that somebody wrote down and by a sense learned from lines."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from bot.phrasing.lexicon import Lexicon, Wording, Wordings, files_of
from bot.phrasing.memory import Memory, digest
from bot.phrasing.patterns import Hit, Patterns, Row, Together
from bot.phrasing.reader import Reader, Section
from bot.phrasing.sense import Sense, Themes, Traits
from bot.phrasing.text import clean
from bot.playbooks.model import Id, Part, Short

Words = Annotated[str, StringConstraints(max_length=4_000)]
"""Several words in a row."""

_SURE = 0.85
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


class SafetyRule:
    """Hears danger in what was written; leans to hearing it, but not in "this queue is killing me".

    Two opinions count as one: the wordings that an author wrote down, and a sense for the rest, learned
    from whole lines: the author's, those of a `crisis`, and `ordinary` ones about anything else. What was
    learned from the very same lines before is taken out of `memory` instead.
    """

    def __init__(
        self,
        words: SafetyWords,
        lexicon: Lexicon,
        crisis: Sequence[Sequence[Section]] = (),
        ordinary: Sequence[Sequence[Section]] = (),
        memory: Memory | None = None,
    ) -> None:
        self.sure_from = words.sure_from
        self._reader = Reader(lexicon, words.all)
        stems_of = self._reader.stems_of
        self._certain = frozenset(words.certain)
        self._danger = Patterns(((it, it) for it in (*words.certain, *words.danger)), stems_of)
        self._together = Together(words.together, stems_of)
        self._harmless = Patterns(((it, it) for it in words.harmless), stems_of)
        self._sense = Sense(words.themes, stems_of)
        memory = memory or Memory()
        key = digest(asdict(words), asdict(lexicon), _stems(crisis), _stems(ordinary))
        if known := memory.recall(key):
            self._sense.weights = known
        else:
            self._learn(words, crisis, ordinary)
            memory.keep(key, self._sense.weights)

    def _learn(
        self,
        words: SafetyWords,
        crisis: Sequence[Sequence[Section]],
        ordinary: Sequence[Sequence[Section]],
    ) -> None:
        read = self._reader.as_written
        self._sense.learn(
            [
                *((self._traits(read(clean(it))), True, 1.0) for it in words.danger_lines),
                *((self._traits(it), True, 1.0) for it in crisis),
                *((self._traits(read(clean(it))), False, 1.0) for it in words.harmless_lines),
                *((self._sense.traits(it, heard=False), False, _ORDINARY) for it in _stems(ordinary)),
            ]
        )

    def _traits(self, sections: Sequence[Section]) -> Traits:
        return self._sense.traits([it.stems for it in sections], self._is_worded(sections))

    def fires(self, text: str) -> bool:
        """Whether a text, as somebody typed it, speaks of danger."""
        return self.fires_in(self._reader.read(clean(text)))

    def fires_in(self, sections: Sequence[Section]) -> bool:
        """The same for text that has been read with the same lexicon already."""
        return self.sureness(sections) >= self.sure_from

    def sureness(self, sections: Sequence[Section]) -> float:
        """How sure this is danger, both opinions in one sum, to be compared with `sure_from`."""
        worded = {hit.label for _, hit in self.heard(sections)}
        return _CERTAIN if worded & self._certain else self._sense.of(sections, bool(worded))

    @property
    def half_sure_from(self) -> float:
        """From this sum on the crisis is worth offering, though not first."""
        return self.sure_from - _HALF

    def reasons(self, sections: Sequence[Section]) -> list[str]:
        """The words in which danger was heard, or else what spoke loudest: words, neighbours, #themes."""
        worded = [_quoted(section, hit) for section, hit in self.heard(sections)]
        loudest = () if worded else self._sense.telling(sections)
        return [f'danger: "{it}"' for it in (*dict.fromkeys(worded), *loudest)][:_REASONS]

    def _is_worded(self, sections: Sequence[Section]) -> bool:
        return any(True for _ in self.heard(sections))

    def heard(self, sections: Sequence[Section]) -> Iterator[tuple[Section, Hit]]:
        """Where a wording of danger is heard: the section, and the wording in it."""
        for section in sections:
            hits = self._danger.find(section.row)
            hits = hits or self._together.find(section.row, section.present)
            if hits:
                row = self._without_harmless(section.row)
                if row is not section.row:
                    hits = self._danger.find(row) or self._together.find(row, frozenset().union(*row))
            for hit in hits:
                yield section, hit

    def _without_harmless(self, row: Row) -> Row:
        """The row with the words of harmless wordings unread."""
        hits = self._harmless.find(row)
        if not hits:
            return row
        left: list[Mapping[str, int]] = list(row)
        for hit in hits:
            for at in range(hit.start, hit.end):
                left[at] = {}
        return left


def _quoted(section: Section, hit: Hit) -> str:
    """The words of a hit as somebody typed them, numbers as marks."""
    first, last = section.source[hit.start], section.source[hit.end - 1]
    return " ".join(word.read for word in section.typed[first : last + 1])


def _stems(read: Sequence[Sequence[Section]]) -> list[list[tuple[str, ...]]]:
    return [[section.stems for section in sections] for sections in read]
