"""Words in, ranked situations out, with the reasons; nothing of what was typed is kept."""

import gc
import math
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.phrasing.counting import times_in
from bot.phrasing.lexicon import Lexicon, load_lexicon
from bot.phrasing.patterns import Hit, Patterns
from bot.phrasing.reader import Reader, Section
from bot.phrasing.reasons import Quotes, Reasons, Signals
from bot.phrasing.safety import SafetyRule, load_safety
from bot.phrasing.text import clean, one_line
from bot.phrasing.weights import CUE, Weights, features, spelling
from bot.playbooks.library import Library
from bot.playbooks.loading import shipped_playbooks
from bot.playbooks.model import Kind, Situation, State

NOTHING = "none"
"""The answer when no situation is described; never the id of one."""

CRISIS = "crisis_safety"
"""The situation that the safety rule puts first."""

HARDSHIP = "vulnerable_hardship"
_HARD = frozenset({"@grief", "@illness", "@money_trouble", "@crying"})
_TENDER = 6.0
"""A head start for somebody in grief, illness, need or tears: to overlook them is the worse mistake."""

REPEATED = "repeat_contact"
_COUNTED = 4.0
"""A head start where the text says how often they have been in touch."""

_HARMLESS = "harmless"
"""What only sounds like danger: held against the crisis, and never an answer."""

_WORDLESS = frozenset("<,")
_MOST = 5
_CLOSE = 0.3
"""Nearer than this, the first is right in half of the cases, and one of the two in three quarters."""
_CLEAR = 0.5
"""From this score on a situation is clearly part of it."""
_CRISIS_LEAD = 3.0
"""By how much the crisis must lead every other situation where no wording of danger was heard."""
_IDIOM_LEAD = 10.0
"""By how much it must lead what only sounds like danger; below, the idioms get in."""

Scored = tuple[float, str]


@dataclass(frozen=True, slots=True)
class Match:
    """One situation that may be what is meant."""

    situation: str
    kind: Kind
    score: float
    """How sure we are that this is part of it, 0–1; may be compared across kinds."""
    reasons: Sequence[str]
    """The words that spoke for it, and the signal it sounds like; worked out when read."""


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
        self._safety = safety
        lines = _lines(situations, lexicon, safety)
        self._reader = Reader(
            lexicon, (*safety.wordings, *(it for several in lines.values() for it in several))
        )
        read = self._reader.stems_of
        self._cues = Patterns(((id_, it) for id_, wordings in lexicon.cues.items() for it in wordings), read)
        self._states = Patterns(
            ((id_, it) for id_, wordings in lexicon.states.items() for it in wordings), read
        )
        sections = {id_: [self._reader.read(clean(it)) for it in several] for id_, several in lines.items()}
        self._weights = Weights(
            {
                id_: [self._features(it, self._hits(it)) for it in signals]
                for id_, signals in sections.items()
            },
            {id_: list(map(_spelt, signals)) for id_, signals in sections.items()},
            lexicon.cues,
        )
        self._lines = lines
        self._signals: dict[str, Signals] = {}

    def find(self, text: str) -> Found:
        """The situations a text describes; never raises, whatever the text."""
        plain = clean(text)
        sections = _with_words(self._reader.read(plain))
        cues = self._hits(sections)
        found = self._features(sections, cues)
        times = times_in(sections)
        said = self._said(sections, found, times)
        nothing, harmless = said.pop(NOTHING), said.pop(_HARMLESS)
        ranked = sorted(((value, id_) for id_, value in said.items() if value > 0), reverse=True)
        safety = self._safety.fires_in(sections) or _leads(ranked, harmless)
        length = sum(len(section.stems) for section in sections)
        shown = self._safe(_scored(ranked[:_MOST], found, nothing, length), safety)
        return Found(
            query=one_line(plain),
            fit=1.0 if safety else _fit(ranked[0][0], nothing) if ranked else 0.0,
            matches=self._matches(shown, sections, cues),
            states=frozenset(State(hit.label) for it in sections for hit in self._states.find(it.row)),
            times=times,
            safety=safety,
            close=not safety and self._too_close(shown),
        )

    def _said(self, sections: Sequence[Section], found: Set[str], times: int | None) -> dict[str, float]:
        """How strongly the text speaks for each situation, with a head start where one is due."""
        sums = self._weights.sums(found, _spelt(sections).items())
        said = dict(zip(self._weights.situations, sums, strict=True))
        if HARDSHIP in said and not _HARD.isdisjoint(found):
            said[HARDSHIP] += _TENDER
        if REPEATED in said and times is not None:
            said[REPEATED] += _COUNTED
        return said

    def _hits(self, sections: Sequence[Section]) -> list[list[Hit]]:
        return [self._cues.find(section.row) for section in sections]

    def _features(self, sections: Sequence[Section], cues: Sequence[Sequence[Hit]]) -> set[str]:
        found: set[str] = set()
        for section, hits in zip(sections, cues, strict=True):
            found |= features(section, hits, self._reader.common)
        return found

    def _safe(self, scored: Sequence[Scored], safety: bool) -> Sequence[Scored]:
        """The crisis first when danger was heard, and never first when it was not."""
        if CRISIS not in self._kinds:
            return scored
        rest = [it for it in scored if it[1] != CRISIS]
        if safety:
            return [(1.0, CRISIS), *rest[: _MOST - 1]]
        if scored and scored[0][1] == CRISIS and rest:
            return [rest[0], (min(scored[0][0], rest[0][0]), CRISIS), *rest[1:]]
        return scored

    def _too_close(self, scored: Sequence[Scored]) -> bool:
        """The first two are equally likely, and not simply both true, as a cause and a conduct may be.

        A crisis that was nearly first is always offered: the agent hears what no wording tells.
        """
        if len(scored) < 2:
            return False
        (first, one), (second, other) = scored[:2]
        both = self._kinds[one] is not self._kinds[other] and second >= _CLEAR and other != CRISIS
        return first - second < _CLOSE and not both

    def _matches(
        self, shown: Sequence[Scored], sections: Sequence[Section], cues: Sequence[Sequence[Hit]]
    ) -> tuple[Match, ...]:
        quotes = Quotes(sections, cues, self._weights)
        return tuple(
            Match(id_, self._kinds[id_], round(score, 4), Reasons(quotes, id_, self._signals_of))
            for score, id_ in shown
        )

    def _signals_of(self, id_: str) -> Signals:
        """The signals of one situation, made ready for comparing when first asked for."""
        if id_ not in self._signals:
            lines = self._lines[id_]
            stems = [_stems(self._reader.read(clean(it))) for it in lines]
            self._signals[id_] = Signals(lines, stems, self._reader.common)
        return self._signals[id_]


def _lines(
    situations: Mapping[str, Situation], lexicon: Lexicon, safety: SafetyRule
) -> dict[str, tuple[str, ...]]:
    """What the finder learns from: the signals, and lines for what is no situation."""
    lines = {it.id: (*it.signals.shorthand, *it.signals.full) for it in situations.values()}
    if CRISIS in lines:
        lines[CRISIS] += safety.words.danger_lines
    return {**lines, NOTHING: lexicon.nothing, _HARMLESS: safety.words.harmless_lines}


def _spelt(sections: Sequence[Section]) -> dict[str, tuple[str, ...]]:
    """Every word once, as typed, with the stems it was read as."""
    spelt: dict[str, tuple[str, ...]] = {}
    for section in sections:
        spelt |= spelling(section)
    return spelt


def _with_words(sections: Sequence[Section]) -> Sequence[Section]:
    """No sections when there is not one word in them: a number or a price alone says nothing."""
    if all(it[0] in _WORDLESS for section in sections for it in section.stems):
        return ()
    return sections


def _stems(sections: Sequence[Section]) -> set[str]:
    return {it for section in sections for it in section.stems}


def _leads(ranked: Sequence[Scored], harmless: float) -> bool:
    """Nothing else comes near the crisis, least of all what only sounds like one."""
    if not ranked or ranked[0][1] != CRISIS:
        return False
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    return ranked[0][0] - second > _CRISIS_LEAD and ranked[0][0] - harmless > _IDIOM_LEAD


def _scored(ranked: Sequence[Scored], found: Set[str], nothing: float, length: int) -> list[Scored]:
    """How sure we are of each situation, fitted on half of the evaluation lines; surest first."""
    best = ranked[0][0] if ranked else 0.0
    against = 0.048 * nothing + 1.6 * math.log1p(length) + 4.5
    return sorted(
        (
            (
                _logistic(
                    6.5 * value / best
                    + 0.073 * value
                    + (0.0 if place else 1.4)
                    + (0.47 if CUE + id_ in found else 0.0)
                    - against
                ),
                id_,
            )
            for place, (value, id_) in enumerate(ranked)
        ),
        reverse=True,
    )


def _fit(best: float, nothing: float) -> float:
    """How sure we are that anything fits, fitted on half of the evaluation lines."""
    return _logistic(0.28 * best - 0.31 * nothing - 4.2)


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, value))))


def build_finder(library: Library, folders: Sequence[Path] | None = None) -> Finder:
    """A finder for a library's situations; raises BrokenWordsError.

    `folders` are the sets of playbooks whose lexicon and safety wordings count; by default the shipped one.
    """
    folders = (shipped_playbooks(),) if folders is None else folders
    lexicon = load_lexicon(folders)
    with _no_collecting():
        return Finder(library.situations, lexicon, SafetyRule(load_safety(folders, "customers"), lexicon))


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Nothing built here is garbage, and looking for it takes a fifth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
