"""Every wording that somebody wrote down, listened for in one walk over a text."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from bot.phrasing.patterns import Hit, Patterns
from bot.phrasing.reader import Section


class Whose(StrEnum):
    """What a wording is there for."""

    CUE = "cue"
    STATE = "state"
    OTHER_THAN_STATE = "other_than_state"
    NAMED = "named"
    DANGER = "danger"
    HARMLESS = "harmless"


class Heard(NamedTuple):
    """A section, and every wording found in it."""

    section: Section
    hits: Sequence[Hit]

    def those(self, whose: Whose) -> list[Hit]:
        """The wordings found that are there for one thing."""
        return [it for it in self.hits if it.whose is whose]


def hear(sections: Sequence[Section], wordings: Patterns) -> list[Heard]:
    """What is found in each section of a text."""
    return [Heard(it, wordings.find(it.row)) for it in sections]
