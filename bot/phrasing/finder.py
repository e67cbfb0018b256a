"""Words in, ranked situations out, with the reasons; nothing of what was typed is kept."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.phrasing.counting import times_in
from bot.phrasing.lexicon import Lexicon, load_lexicon
from bot.phrasing.patterns import Patterns
from bot.phrasing.reader import Reader, Section
from bot.phrasing.safety import SafetyRule, load_safety
from bot.phrasing.text import clean, one_line
from bot.phrasing.weights import features, weigh
from bot.playbooks.library import Library
from bot.playbooks.loading import shipped_playbooks
from bot.playbooks.model import Kind, Situation, State

NOTHING = "none"
"""The answer when no situation is described; never the id of one."""

CRISIS = "crisis_safety"
"""The situation that the safety rule puts first."""

_MOST = 6
_CLOSE = 0.12


@dataclass(frozen=True, slots=True)
class Match:
    """One situation that may be what is meant."""

    situation: str
    kind: Kind
    score: float
    """How sure we are that this is part of it, 0–1; may be compared across kinds."""
    reasons: tuple[str, ...]
    """For people to read: the words that spoke for it, and the signal it sounds like."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the finder made of a text."""

    query: str
    """The text as it was understood: bounded, on one line. Not stored."""
    fit: float
    """How sure we are that any situation is described, 0–1; from 0.5 on more likely than not."""
    matches: tuple[Match, ...]
    """Best first; may be empty."""
    states: frozenset[State]
    times: int | None
    """How often the customer has been in touch: 3 for "3rd call"."""
    safety: bool
    """The safety rule heard danger."""
    close: bool
    """The first two are too close to call: let the agent choose."""


class Finder:
    """Knows every situation by its signals."""

    def __init__(self, situations: Mapping[str, Situation], lexicon: Lexicon, safety: SafetyRule) -> None:
        self._kinds = {it.id: it.kind for it in situations.values()}
        signals = {it.id: (*it.signals.shorthand, *it.signals.full) for it in situations.values()}
        signals[NOTHING] = lexicon.nothing
        self._safety = safety
        self._reader = Reader(
            lexicon, (*safety.wordings, *(line for lines in signals.values() for line in lines))
        )
        read = self._reader.stems_of
        self._cues = Patterns(((id_, it) for id_, wordings in lexicon.cues.items() for it in wordings), read)
        self._states = Patterns(
            ((id_, it) for id_, wordings in lexicon.states.items() for it in wordings), read
        )
        self._weights = weigh(
            {
                id_: [self._features(self._reader.read(clean(it))) for it in lines]
                for id_, lines in signals.items()
            },
            lexicon.cues,
        )

    def _features(self, sections: Sequence[Section]) -> set[str]:
        common = self._reader.common
        return {it for section in sections for it in features(section, self._cues.find(section.row), common)}

    def find(self, text: str) -> Found:
        """The situations a text describes; never raises, whatever the text."""
        plain = clean(text)
        sections = self._reader.read(plain)
        safety = self._safety.fires_in(sections)
        sums = self._sums(self._features(sections))
        nothing = sums.pop(NOTHING, 0.0)
        ranked = sorted(sums.items(), key=lambda it: -it[1])[:_MOST]
        best = ranked[0][1] if ranked else 0.0
        if safety and CRISIS in self._kinds:
            ranked = [(CRISIS, best + 1.0), *(it for it in ranked if it[0] != CRISIS)]
        matches = tuple(Match(id_, self._kinds[id_], _sure(value, best), ()) for id_, value in ranked)
        return Found(
            query=one_line(plain),
            fit=1.0 if safety else _fit(best, nothing),
            matches=matches,
            states=frozenset(State(hit.label) for it in sections for hit in self._states.find(it.row)),
            times=times_in(sections),
            safety=safety,
            close=len(matches) > 1 and not safety and matches[0].score - matches[1].score < _CLOSE,
        )

    def _sums(self, found: Iterable[str]) -> dict[str, float]:
        sums: dict[str, float] = {}
        weights = self._weights
        for feature in found:
            for situation, weight in weights.get(feature, ()):
                sums[situation] = sums.get(situation, 0.0) + weight
        return sums


def _sure(value: float, best: float) -> float:
    return 1 / (1 + math.exp(min(50.0, 4 - value / 2 + (best - value) / 2)))


def _fit(best: float, nothing: float) -> float:
    return 1 / (1 + math.exp(min(50.0, 3 - best / 2 + nothing / 2)))


def build_finder(library: Library, folders: Sequence[Path] | None = None) -> Finder:
    """A finder for a library's situations; raises BrokenWordsError.

    `folders` are the sets of playbooks whose lexicon and safety wordings count; by default the shipped one.
    """
    folders = (shipped_playbooks(),) if folders is None else folders
    lexicon = load_lexicon(folders)
    return Finder(library.situations, lexicon, SafetyRule(load_safety(folders, "customers"), lexicon))
