"""The safety rule: talk of self-harm, violence or danger is a matter of wordings, never of ranking."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.phrasing.lexicon import Lexicon, Wordings, files_of
from bot.phrasing.patterns import Hit, Patterns, Row
from bot.phrasing.reader import Reader, Section
from bot.phrasing.text import clean
from bot.playbooks.model import Part, Short


class SafetyFile(Part):
    """One file of wordings: what is a sign of danger, and what only sounds like one."""

    owner: Short
    review_by: dt.date
    danger: Wordings = ()
    harmless: Wordings = ()
    danger_lines: Wordings = ()
    harmless_lines: Wordings = ()


@dataclass(frozen=True)
class SafetyWords:
    """The wordings of several sets as one."""

    danger: Wordings
    harmless: Wordings
    danger_lines: Wordings = ()
    harmless_lines: Wordings = ()


def load_safety(folders: Sequence[Path], name: str) -> SafetyWords:
    """What `safety/<name>/` of several sets says, each adding to those before; raises BrokenWordsError."""
    files = files_of(folders, f"safety/{name}", SafetyFile)
    return SafetyWords(
        danger=tuple(it for file in files for it in file.danger),
        harmless=tuple(it for file in files for it in file.harmless),
        danger_lines=tuple(it for file in files for it in file.danger_lines),
        harmless_lines=tuple(it for file in files for it in file.harmless_lines),
    )


class SafetyRule:
    """Hears danger in what was written; leans to hearing it, but not in "this queue is killing me"."""

    def __init__(self, words: SafetyWords, lexicon: Lexicon) -> None:
        self.words = words
        self.wordings = (*words.danger, *words.harmless)
        self._reader = Reader(lexicon, self.wordings)
        stems_of = self._reader.stems_of
        self._danger = Patterns(((it, it) for it in words.danger), stems_of)
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
            hits = self._danger.find(section.row, section.present)
            if hits:
                row = self._without_harmless(section.row)
                if row is not section.row:
                    hits = self._danger.find(row)
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
