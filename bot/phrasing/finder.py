"""Words in, ranked situations out, with the reasons; nothing of what was typed is kept."""

import gc
import math
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.phrasing.counting import times_in
from bot.phrasing.hearing import Heard, Whose, hear
from bot.phrasing.lexicon import Lexicon, load_lexicon
from bot.phrasing.memory import FORGETFUL, Memory, digest
from bot.phrasing.patterns import Hit, Patterns, Wording
from bot.phrasing.reader import Reader, Section
from bot.phrasing.reasons import Quotes, Reasons, Signals
from bot.phrasing.safety import Danger, SafetyWords, danger_wordings, load_safety
from bot.phrasing.sense import WINDOW
from bot.phrasing.text import clean, one_line
from bot.phrasing.weights import Counted, Ear, Learned, Said, Weights, weigh
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

_WORDLESS = frozenset("<,")
_MOST = 5
_CLOSE = 0.3
"""Nearer than this, the first is right in half of the cases, and one of the two in three quarters."""
_CLEAR = 0.5
"""From this score on a situation is clearly part of it."""
_THREAT = "threat_to_staff"
"""A threat is a danger as well: it does not speak against one."""
_ORDINARY_MOST = 8_000
"""How many signals at most are a lesson in what is harmless: more of them teach little and take long."""
_NEAR_DANGER = frozenset({CRISIS, _THREAT, "product_safety", "minor_caller", "sexual_harassment"})
"""Their signals are no lesson in what is harmless."""
_LEAD = 0.05
_MOST_LEAD = 1.5

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
    cued: frozenset[str] = frozenset()
    """The phrases that name something in the text, each as `situation.phrase`."""


class Finder:
    """Knows every situation by its signals."""

    def __init__(
        self,
        situations: Mapping[str, Situation],
        lexicon: Lexicon,
        danger: SafetyWords,
        memory: Memory = FORGETFUL,
    ) -> None:
        self._kinds = {it.id: it.kind for it in situations.values()}
        self._lines = _lines(situations, lexicon)
        named = list(_named(situations))
        self._reader = Reader(lexicon, (*danger.all, *(it.pattern for it in named)))
        self._wordings = Patterns((*_cues(lexicon), *named, *danger_wordings(danger)), self._reader.stems_of)
        self._ear = Ear(self._reader.common)
        self._danger = Danger(danger, self._reader, self._wordings)
        self._weights = Weights(
            self._learned(digest(self._lines, named, lexicon, danger), lexicon, memory), self._ear
        )
        self._reader.settle()
        self._signals: dict[str, Signals] = {}

    def _learned(self, key: str, lexicon: Lexicon, memory: Memory) -> Learned:
        """What the signals teach, learned now or taken out of memory."""
        known = memory.recall(key)
        if known is None:
            learned = self._learn(lexicon)
            memory.keep(
                key,
                {
                    "words": self._reader.learned,
                    "numbers": self._ear.learned,
                    "danger": self._danger.sense.weights,
                    "situations": learned.as_kept(),
                },
            )
            return learned
        self._reader.take(known["words"])
        self._ear.take(known["numbers"])
        self._danger.sense.weights = known["danger"]
        return Learned.from_kept(known["situations"])

    def _learn(self, lexicon: Lexicon) -> Learned:
        """Read every signal once, for situations and for danger."""
        counted = Counted(lexicon.cues)
        read: dict[str, list[list[Section]]] = {}
        for id_, signals in self._lines.items():
            read[id_] = [self._reader.learn(clean(it)) for it in signals]
            counted.add(id_, [self._ear.learn(it, _cued(hear(it, self._wordings))) for it in read[id_]])
        every = 1 + sum(map(len, self._lines.values())) // _ORDINARY_MOST
        ordinary = [it for id_, lines in read.items() if id_ not in _NEAR_DANGER for it in lines[::every]]
        self._danger.learn(read.get(CRISIS, ()), ordinary)
        return weigh(counted)

    def find(self, text: str) -> Found:
        """The situations a text describes; never raises, whatever the text."""
        plain = clean(text)
        sections = _with_words(self._reader.read(plain))
        heard = hear(sections, self._wordings)
        cues = _cued(heard)
        said = self._ear.hear(sections, cues)
        times = times_in(sections)
        sums = self._sums(said, times)
        nothing = sums.pop(NOTHING)
        ranked = sorted(((value, id_) for id_, value in sums.items() if value > 0), reverse=True)
        length = sum(len(section.stems) for section in sections)
        danger = self._danger.sureness(heard) + _lead(sums, length)
        safety = CRISIS in sums and danger >= self._danger.sure_from
        scored = _scored(ranked[:_MOST], said.cues, nothing, length)
        offered = CRISIS in sums and danger >= self._danger.half_sure_from
        shown = _crisis_first(scored) if safety else _crisis_behind(scored, offered)
        return Found(
            query=one_line(plain),
            fit=1.0 if safety else _fit(ranked[0][0], nothing) if ranked else 0.0,
            matches=self._matches(shown, safety, heard, cues),
            states=_states(heard),
            times=times,
            safety=safety,
            close=not safety and self._too_close(shown),
            cued=frozenset([hit.label for it in heard for hit in it.those(Whose.NAMED)]),
        )

    def _sums(self, said: Said, times: int | None) -> dict[str, float]:
        """How strongly the text speaks for each situation, with a head start where one is due."""
        sums = dict(zip(self._weights.situations, self._weights.sums(said), strict=True))
        if HARDSHIP in sums and not _HARD.isdisjoint(said.ideas):
            sums[HARDSHIP] += _TENDER
        if REPEATED in sums and times is not None:
            sums[REPEATED] += _COUNTED
        return sums

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
        self, shown: Sequence[Scored], safety: bool, heard: Sequence[Heard], cues: Sequence[Sequence[Hit]]
    ) -> tuple[Match, ...]:
        quotes = Quotes([it.section for it in heard], cues, self._weights)
        return tuple(
            Match(
                id_,
                self._kinds[id_],
                round(score, 4),
                Reasons(
                    partial(self._danger.reasons, heard)
                    if safety and id_ == CRISIS
                    else partial(self._reasons, quotes, id_)
                ),
            )
            for score, id_ in shown
        )

    def _reasons(self, quotes: Quotes, id_: str) -> Iterator[str]:
        """The words that speak for a situation, and the signal that the text sounds most like."""
        yield from (f'words: "{it}"' for it in quotes.words_for(id_))
        if nearest := self._signals_of(id_).nearest(quotes.stems):
            yield f'sounds like: "{nearest}"'

    def _signals_of(self, id_: str) -> Signals:
        """The signals of one situation, made ready for comparing when first asked for."""
        if id_ not in self._signals:
            lines = self._lines[id_]
            stems = [self._reader.stems_in(clean(it)) for it in lines]
            self._signals[id_] = Signals(lines, stems, self._reader.common)
        return self._signals[id_]


def _lines(situations: Mapping[str, Situation], lexicon: Lexicon) -> dict[str, tuple[str, ...]]:
    """What the finder learns from: the signals, and lines for what is no situation."""
    lines = {it.id: (*it.signals.shorthand, *it.signals.full) for it in situations.values()}
    return {**lines, NOTHING: lexicon.nothing}


def _named(situations: Mapping[str, Situation]) -> Iterator[Wording]:
    """Every wording of a thing that a phrase names, under `situation.phrase`."""
    for situation in situations.values():
        for phrase in situation.phrases:
            yield from (Wording(Whose.NAMED, f"{situation.id}.{phrase.id}", it) for it in phrase.cues)


def _cues(lexicon: Lexicon) -> Iterator[Wording]:
    """Every wording of a cue under its situation, and of a state or what takes it back under that state."""
    for whose, labelled in (
        (Whose.CUE, lexicon.cues),
        (Whose.STATE, lexicon.states),
        (Whose.OTHER_THAN_STATE, lexicon.other_than_states),
    ):
        for label, wordings in labelled.items():
            yield from (Wording(whose, label, it) for it in wordings)


def _cued(heard: Sequence[Heard]) -> list[list[Hit]]:
    """The cues of situations in each section."""
    return [it.those(Whose.CUE) for it in heard]


def _states(heard: Sequence[Heard]) -> frozenset[State]:
    """How the customer shows it, as far as nothing says that it is somebody else."""
    found: set[State] = set()
    for it in heard:
        elsewhere = it.those(Whose.OTHER_THAN_STATE)
        found.update(
            State(hit.label)
            for hit in it.those(Whose.STATE)
            if not any(_covers(other, hit) for other in elsewhere)
        )
    return frozenset(found)


def _covers(other: Hit, hit: Hit) -> bool:
    """Whether what was heard stands inside the wording that takes it back."""
    return other.label == hit.label and other.start <= hit.start and hit.end <= other.end


def _with_words(sections: Sequence[Section]) -> Sequence[Section]:
    """No sections when there is not one word in them: a number or a price alone says nothing."""
    if all(it[0] in _WORDLESS for section in sections for it in section.stems):
        return ()
    return sections


def _lead(sums: Mapping[str, float], length: int) -> float:
    """By how much the signals of the crisis lead those of every other situation, as a part of being sure.

    In a long text another situation always leads, which says nothing against one sentence of it.
    """
    others = max((value for id_, value in sums.items() if id_ not in (CRISIS, _THREAT)), default=0.0)
    least = -_MOST_LEAD if length <= WINDOW else 0.0
    return max(least, min(_MOST_LEAD, _LEAD * (sums.get(CRISIS, 0.0) - others)))


def _scored(ranked: Sequence[Scored], cues: Set[str], nothing: float, length: int) -> list[Scored]:
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
                    + (0.47 if id_ in cues else 0.0)
                    - against
                ),
                id_,
            )
            for place, (value, id_) in enumerate(ranked)
        ),
        reverse=True,
    )


def _crisis_first(scored: Sequence[Scored]) -> list[Scored]:
    """Danger was heard, and nothing is surer."""
    return [(1.0, CRISIS), *(it for it in scored if it[1] != CRISIS)][:_MOST]


def _crisis_behind(scored: Sequence[Scored], offered: bool) -> Sequence[Scored]:
    """The crisis never first where no danger was heard: second where it may be, alone if nothing else is."""
    rest = [it for it in scored if it[1] != CRISIS]
    if not rest:
        return scored if offered else rest
    if not (offered or scored[0][1] == CRISIS):
        return scored
    sure = rest[0][0] if offered else min(scored[0][0], rest[0][0])
    return [rest[0], (sure, CRISIS), *rest[1 : _MOST - 1]]


def _fit(best: float, nothing: float) -> float:
    """How sure we are that anything fits: fitted on half of the evaluation lines, then a little bolder.

    Whoever types has a hard moment nearly always, and is left alone by "nothing fits".
    """
    return _logistic(0.28 * best - 0.31 * nothing - 3.6)


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, value))))


def build_finder(
    library: Library, folders: Sequence[Path] | None = None, memory: Memory = FORGETFUL
) -> Finder:
    """A finder for a library's situations; raises BrokenWordsError.

    `folders` are the sets of playbooks whose lexicon and safety wordings count; by default the shipped one.
    With a `memory`, the signals are learned from once and not at every start.
    """
    folders = (shipped_playbooks(),) if folders is None else folders
    lexicon = load_lexicon(folders)
    with _no_collecting():
        return Finder(library.situations, lexicon, load_safety(folders, "customers"), memory)


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
