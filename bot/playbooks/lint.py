"""What the types can't say about a set of playbooks: voice, age, roles, and how files stand to each other."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from bot.playbooks.findings import Finding, error, in_order, warning
from bot.playbooks.likeness import near_pairs, normal
from bot.playbooks.loading import Loaded, Source
from bot.playbooks.mends import Loc
from bot.playbooks.model import (
    Country,
    Framework,
    Guides,
    Kind,
    NudgeKind,
    Nudges,
    Owned,
    Phrase,
    Resets,
    Role,
    SafeLines,
    Situation,
)
from bot.playbooks.sections import NUDGES, SITUATIONS
from bot.playbooks.soundness import BLANK
from bot.playbooks.voice import slips

ALIKE = 0.4
"""From this share of common letter groups on, two phrases are the same frame with a noun swapped."""
FEW_SIGNALS = 20
"""With fewer, the finder has seen too little of how people put it."""
OPENING_WORDS = 45
"""What can be read in five seconds beside the rest of a card."""
CHECKED_FOR = dt.timedelta(days=366)
"""How long a help line may go without somebody making sure that it is right."""
NUDGES_LEAST = 60
"""Twelve weeks without a repeat, and enough left for those who take some out."""
PROVEN_SHARE, SELF_CARE_SHARE = 0.5, 0.25
"""Of all nudges: at least so many of the two kinds with field evidence, at most so many on self-care."""

_TWO_LINES = (Role.COMMIT, Role.OFFER)
_USUAL_ROLES = (Role.ACKNOWLEDGE, Role.EXPLAIN, Role.ASK, Role.OFFER, Role.COMMIT, Role.CLOSE)
_NEEDS_BOUNDARY = frozenset(
    {"abusive_language", "sexual_harassment", "threat_to_staff", "discrimination", "wont_end_contact"}
)


@dataclass(frozen=True)
class _Set:
    """All that a rule may look at."""

    loaded: Loaded
    today: dt.date

    def all(self) -> Iterator[Source]:
        return chain.from_iterable(it.values() for it in self.loaded.sources.values())

    def situations(self) -> Iterator[tuple[Source, Situation]]:
        for source in self.loaded.sources[SITUATIONS.name].values():
            if isinstance(source.part, Situation):
                yield source, source.part


def lint(loaded: Loaded, today: dt.date) -> tuple[Finding, ...]:
    """Everything worth mending in a set, what reading it found included."""
    whole = _Set(loaded, today)
    return in_order([*loaded.findings, *chain.from_iterable(rule(whole) for rule in RULES)])


def _stale(whole: _Set) -> Iterator[Finding]:
    for source in whole.all():
        if isinstance(source.part, Owned) and source.part.is_stale(whole.today):
            yield warning(
                *source.where(("review_by",)),
                f"The day of review, {source.part.review_by}, has passed: members see this marked as stale.",
                f"{source.part.owner} should read it and set a new review_by.",
            )


def _help_lines_unchecked(whole: _Set) -> Iterator[Finding]:
    for source in whole.all():
        if not isinstance(source.part, Country):
            continue
        for at, line in enumerate(source.part.lines):
            if not whole.today - CHECKED_FOR <= line.checked_on <= whole.today:
                yield warning(
                    *source.where(("lines", at, "checked_on")),
                    f'"{line.name}" was last checked on {line.checked_on}.',
                    "Try the number or address, then write today's date.",
                )


def _file_names(whole: _Set) -> Iterator[Finding]:
    for source, situation in whole.situations():
        path, line = source.where(("id",))
        if path.stem != situation.id:
            yield warning(
                path,
                line,
                f'The file is not called after its id "{situation.id}".',
                f"Name it {situation.id}.yaml.",
            )


def _unused_blanks(whole: _Set) -> Iterator[Finding]:
    for source, situation in whole.situations():
        for at, phrase in enumerate(situation.phrases):
            used = set(BLANK.findall(f"{phrase.spoken} {phrase.written or ''}"))
            for name in phrase.blanks.keys() - used:
                yield warning(
                    *source.where(("phrases", at, "blanks", name)),
                    f'The blank "{name}" is declared and not used.',
                    f"Write {{{name}}} in the text, or take it out of blanks.",
                )


def _unknown_ids(whole: _Set) -> Iterator[Finding]:
    known = whole.loaded.library.situations.keys()
    for source, situation in whole.situations():
        for at, phrase in enumerate(situation.phrases):
            for place, id_ in enumerate(phrase.alongside):
                if id_ not in known or id_ == situation.id:
                    yield _no_such(source, ("phrases", at, "alongside", place), id_)
    for source in whole.all():
        if isinstance(source.part, SafeLines):
            for at, line in enumerate(source.part.lines):
                for place, id_ in enumerate(line.fits):
                    if id_ not in known and id_ not in set(Kind):
                        yield _no_such(source, ("lines", at, "fits", place), id_)


def _no_such(source: Source, loc: Loc, id_: str) -> Finding:
    return error(
        *source.where(loc), f'There is no other situation "{id_}".', "Write the id of a situation file."
    )


def _voice(whole: _Set) -> Iterator[Finding]:
    for source in whole.all():
        for loc, text in _said(source.part):
            for words, cliche in slips(text):
                yield error(*source.where(loc), f'"{words}" is out: {cliche.why}.', cliche.instead)


def _said(part: object) -> Iterator[tuple[Loc, str]]:
    """Every text that a person would say to a customer, or read from us, and where it stands."""
    if isinstance(part, Situation):
        for at, phrase in enumerate(part.phrases):
            yield ("phrases", at, "spoken"), phrase.spoken
            if phrase.written:
                yield ("phrases", at, "written"), phrase.written
    elif isinstance(part, Framework):
        for at, step in enumerate(part.steps):
            yield ("steps", at, "say"), step.say
    elif isinstance(part, SafeLines):
        for at, line in enumerate(part.lines):
            yield ("lines", at, "spoken"), line.spoken
    else:
        yield from _read(part)


def _read(part: object) -> Iterator[tuple[Loc, str]]:
    """Every text that an agent reads for themselves."""
    if isinstance(part, Nudges):
        for at, nudge in enumerate(part.nudges):
            yield ("nudges", at, "text"), nudge.text
    elif isinstance(part, Resets):
        for at, reset in enumerate(part.resets):
            for place, step in enumerate(reset.steps):
                yield ("resets", at, "steps", place, "do"), step.do
    elif isinstance(part, Guides):
        for at, guide in enumerate(part.guides):
            for name in ("do", "leave"):
                for place, line in enumerate(getattr(guide, name)):
                    yield ("guides", at, name, place), line


def _openings(whole: _Set) -> Iterator[Finding]:
    """A card says two things at once: that the agent has heard, and what happens now."""
    for source, situation in whole.situations():
        heard = _first_ready(situation, (Role.ACKNOWLEDGE,))
        then = _first_ready(situation, _TWO_LINES)
        where = source.where(("phrases",))
        if heard is None:
            yield error(
                *where,
                "No phrase acknowledges without a blank, so a card can't begin.",
                _ADD.format("acknowledge"),
            )
        if then is None:
            yield error(
                *where,
                "No phrase commits or offers without a blank, so a card can't go on.",
                _ADD.format("commit"),
            )
        if heard and then:
            named = [it for it in situation.phrases if it.cues and it.role is Role.ACKNOWLEDGE]
            for opening in (heard, *named):
                yield from _too_long(source, situation, opening, then)


_ADD = "Add a phrase with role: {} and no {{blank}} in it."


def _too_long(source: Source, situation: Situation, heard: Phrase, then: Phrase) -> Iterator[Finding]:
    words = len(f"{heard.spoken} {then.spoken}".split())
    if words > OPENING_WORDS:
        yield warning(
            *source.where(("phrases", situation.phrases.index(heard), "spoken")),
            f'"{heard.id}" and "{then.id}" open the card with {words} words; '
            f"five seconds are enough for {OPENING_WORDS}.",
            "Shorten them, or put shorter ones first.",
        )


def _first_ready(situation: Situation, roles: tuple[Role, ...]) -> Phrase | None:
    return next((it for it in situation.phrases if it.role in roles and not it.blanks and not it.cues), None)


def _cues(whole: _Set) -> Iterator[Finding]:
    """A cue of two phrases always brings up the same of them."""
    for source, situation in whole.situations():
        first: dict[tuple[Role, bool, str], str] = {}
        for at, phrase in enumerate(situation.phrases):
            for place, cue in enumerate(phrase.cues):
                key = (phrase.role, bool(phrase.blanks), cue)
                if (other := first.setdefault(key, phrase.id)) != phrase.id:
                    yield warning(
                        *source.where(("phrases", at, "cues", place)),
                        f'The cue "{cue}" stands in "{other}" too, which has the same role and comes first.',
                        "Keep it where it fits better, or write more words.",
                    )


def _roles(whole: _Set) -> Iterator[Finding]:
    for source, situation in whole.situations():
        there = {it.role for it in situation.phrases}
        wanted = (*_USUAL_ROLES, Role.BOUNDARY) if situation.id in _NEEDS_BOUNDARY else _USUAL_ROLES
        missing = [it.value for it in wanted if it not in there]
        if missing:
            yield warning(
                *source.where(("phrases",)),
                f"No phrase has the role {' or '.join(missing)}.",
                "Add one of each, so that an agent is not left alone halfway.",
            )


def _few_signals(whole: _Set) -> Iterator[Finding]:
    for source, situation in whole.situations():
        count = len(situation.signals.shorthand) + len(situation.signals.full)
        if count < FEW_SIGNALS:
            yield warning(
                *source.where(("signals",)),
                f"{count} signals are few: what agents type may not be recognised.",
                f"Add different ways people put it, to {FEW_SIGNALS} or more.",
            )


def _same_signals(whole: _Set) -> Iterator[Finding]:
    """A signal in two situations of one kind teaches the finder nothing but doubt."""
    first: dict[tuple[Kind, str], tuple[Situation, int]] = {}
    for source, situation in whole.situations():
        for loc, text in _signals(situation):
            path, line = source.where(loc)
            other, at = first.setdefault((situation.kind, normal(text)), (situation, line))
            if (other, at) != (situation, line):
                yield warning(
                    path,
                    line,
                    f"This signal stands in {other.id} (line {at}) too.",
                    "Keep it where it fits better.",
                )


def _signals(situation: Situation) -> Iterator[tuple[Loc, str]]:
    for register in ("shorthand", "full"):
        for at, text in enumerate(getattr(situation.signals, register)):
            yield ("signals", register, at), text


def _near_duplicates(whole: _Set) -> Iterator[Finding]:
    """The same frame with a noun swapped, in two situations: agents who see both stop believing either."""
    said = [
        (source, situation.id, loc, text)
        for source, situation in whole.situations()
        for loc, text in _said(situation)
    ]
    for one, two, share in near_pairs([it[3] for it in said], ALIKE):
        source, id_, loc, _ = said[two]
        other_source, other_id, other_loc, _ = said[one]
        if id_ != other_id:
            path, line = other_source.where(other_loc)
            yield warning(
                *source.where(loc),
                f"This phrase is nearly the one in {path.name}, line {line} ({share:.0%} alike).",
                "Say what is particular to this situation.",
            )


def _safe_lines(whole: _Set) -> Iterator[Finding]:
    """Any two situations of a kind can be equally likely; then one sentence has to fit both."""
    library = whole.loaded.library
    for kind, situations in library.by_kind().items():
        if len(situations) > 1 and not library.safe_lines_for(*(it.id for it in situations)):
            source = whole.loaded.sources[SITUATIONS.name][situations[0].id]
            root = source.path.parent.parent
            yield error(
                root / "safe_lines.yaml",
                1,
                f"No safe line fits every situation of the kind {kind.value}.",
                f"Add a line with fits: [{kind.value}].",
            )


def _nudge_shares(whole: _Set) -> Iterator[Finding]:
    """Mostly what has field evidence; a wall of self-care tips says that the strain is people's own fault."""
    kinds = [it.kind for it in whole.loaded.library.nudges.values()]
    if not kinds:
        return
    where = next(iter(whole.loaded.sources[NUDGES.name].values())).where(("nudges",))
    proven = sum(it in (NudgeKind.PERSPECTIVE, NudgeKind.OWN_HELP) for it in kinds)
    if proven < PROVEN_SHARE * len(kinds):
        yield error(
            *where,
            f"Only {proven} of {len(kinds)} nudges are perspective or own_help; half or more should be.",
            "Add some of those, or take others out.",
        )
    if (self_care := kinds.count(NudgeKind.SELF_CARE)) > SELF_CARE_SHARE * len(kinds):
        yield error(
            *where,
            f"{self_care} of {len(kinds)} nudges are self_care; at most a quarter should be.",
            "Take some out.",
        )
    if len(kinds) < NUDGES_LEAST:
        yield warning(
            *where,
            f"{len(kinds)} nudges are few: people who find some not helpful soon get none.",
            f"Add more, to {NUDGES_LEAST}.",
        )


def _reset_lengths(whole: _Set) -> Iterator[Finding]:
    for source in whole.all():
        for at, reset in enumerate(source.part.resets if isinstance(source.part, Resets) else ()):
            total = sum(step.seconds for step in reset.steps)
            if total != reset.seconds:
                yield error(
                    *source.where(("resets", at, "seconds")),
                    f"The steps take {total} seconds, not {reset.seconds}.",
                    "Change a step, so that people get the length they chose.",
                )


Rule = Callable[[_Set], Iterator[Finding]]
RULES: tuple[Rule, ...] = (
    _stale, _help_lines_unchecked, _file_names, _unused_blanks, _unknown_ids, _voice, _openings, _cues,
    _roles, _few_signals, _same_signals, _near_duplicates, _safe_lines, _nudge_shares,
    _reset_lengths,
)  # fmt: skip
"""Every rule of a set; another is a function and its name here."""
