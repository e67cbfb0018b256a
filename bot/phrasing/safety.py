"""The safety rule: talk of self-harm, violence or danger is a matter of wordings, never of ranking."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, model_validator

from bot.phrasing.lexicon import Lexicon, Wording, Wordings, files_of
from bot.phrasing.patterns import Hit, Patterns, Row, Together
from bot.phrasing.reader import Reader, Section
from bot.phrasing.text import clean
from bot.playbooks.model import Id, Part, Short

_GROUP = re.compile(r"\$([a-z_]+)")


class SafetyFile(Part):
    """One file of wordings: what is a sign of danger, and what only sounds like one."""

    owner: Short
    review_by: dt.date
    groups: dict[Id, Wording] = Field(default_factory=dict)
    """Words that stand for the same in this file's wordings, by their name: `$pills` for "pills/tablets"."""
    danger: Wordings = ()
    together: Wordings = ()
    """Words that mean danger near each other, in whatever order: "$pills + enough/saved"."""
    harmless: Wordings = ()
    danger_lines: Wordings = ()
    harmless_lines: Wordings = ()

    @model_validator(mode="after")
    def _knows_its_groups(self) -> "SafetyFile":
        used = {name for it in (*self.danger, *self.together, *self.harmless) for name in _GROUP.findall(it)}
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


def load_safety(folders: Sequence[Path], name: str) -> SafetyWords:
    """What `safety/<name>/` of several sets says, each adding to those before; raises BrokenWordsError."""
    files = files_of(folders, f"safety/{name}", SafetyFile)
    return SafetyWords(
        danger=tuple(it for file in files for it in file.spelt_out(file.danger)),
        together=tuple(it for file in files for it in file.spelt_out(file.together)),
        harmless=tuple(it for file in files for it in file.spelt_out(file.harmless)),
        danger_lines=tuple(it for file in files for it in file.danger_lines),
        harmless_lines=tuple(it for file in files for it in file.harmless_lines),
    )


class SafetyRule:
    """Hears danger in what was written; leans to hearing it, but not in "this queue is killing me"."""

    def __init__(self, words: SafetyWords, lexicon: Lexicon) -> None:
        self.words = words
        self.wordings = (*words.danger, *words.together, *words.harmless)
        self._reader = Reader(lexicon, self.wordings)
        stems_of = self._reader.stems_of
        self._danger = Patterns(((it, it) for it in words.danger), stems_of)
        self._together = Together(words.together, stems_of)
        self._harmless = Patterns(((it, it) for it in words.harmless), stems_of)

    def fires(self, text: str) -> bool:
        """Whether a text, as somebody typed it, speaks of danger."""
        return self.fires_in(self._reader.read(clean(text)))

    def fires_in(self, sections: Sequence[Section]) -> bool:
        """The same for text that has been read with the same lexicon already."""
        return any(True for _ in self.heard(sections))

    def heard(self, sections: Sequence[Section]) -> Iterator[tuple[Section, Hit]]:
        """Where danger is heard: the section, and the wording in it."""
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
