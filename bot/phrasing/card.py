"""A phrase card: words for one hard moment, readable in five seconds. Pure; Slack and terminal draw it."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from bot.errors import GoneError
from bot.playbooks.model import Avoid, Channel, Fill, Kind, Phrase, Register, Role, SafeLine, Situation, State

WORDS_MOST = 60
"""Words before the buttons: what can be read in five seconds under stress (product rule F1)."""
BESIDE_MOST = 3
CUED_MOST = 8
TITLE_PARTS_MOST = 3

WRITTEN = frozenset({Channel.CHAT, Channel.EMAIL})
_OPENING = (Role.ACKNOWLEDGE, Role.BOUNDARY)
_FOLLOWING = (Role.COMMIT, Role.OFFER, Role.EXPLAIN, Role.ASK)
_FIRM_OPENING = (Role.BOUNDARY, Role.EXPLAIN, Role.ACKNOWLEDGE)
_FIRM_FOLLOWING = (Role.COMMIT, Role.BOUNDARY, Role.CLOSE)
_NAMED = 10
"""What naming the thing counts: more than everything else that can speak for a phrase."""
_COMPACT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
_OUTDATED = "This card is from before the playbooks changed. Type `/deescalate` for a fresh one."

STATE_WORDS: Mapping[State, str] = {
    State.SHOUTING: "shouting",
    State.INSULTING: "insulting",
    State.DEMANDING: "demanding",
    State.THREATENING: "threatening",
    State.CRYING: "crying",
    State.CONFUSED: "confused",
    State.SILENT: "silent",
    State.WONT_LET_GO: "won't let go",
}

SAID_BY: Mapping[str, State] = {
    "supervisor_demand": State.DEMANDING,
    "confused": State.CONFUSED,
    "language_barrier": State.CONFUSED,
    "public_shaming_threat": State.THREATENING,
    "legal_regulator_threat": State.THREATENING,
}
"""States that a situation's own title says already."""

ALONE = frozenset({"crisis_safety", "threat_to_staff", "sexual_harassment"})
"""Where somebody is at risk or harassed, nothing is said of the business beside it."""

ORDINALS: Mapping[str, str] = {
    "second": "2nd",
    "third": "3rd",
    "fourth": "4th",
    "fifth": "5th",
    "sixth": "6th",
    "seventh": "7th",
    "eighth": "8th",
    "ninth": "9th",
    "tenth": "10th",
}
"""How often they have been in touch: as a phrase says it, and as a title shows it."""


class Style(StrEnum):
    """How the words come: as usual, shorter, or firmer."""

    USUAL = "usual"
    SHORTER = "shorter"
    FIRMER = "firmer"


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that a card is made of, small enough for a button: ids and counters, never what was typed."""

    lead: str
    beside: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """Situations to try next, should this not be it."""
    states: tuple[State, ...] = ()
    fills: Mapping[Fill, str] = field(default_factory=dict)
    channel: Channel = Channel.VOICE
    style: Style = Style.USUAL
    turn: int = 0
    danger: bool = False
    """Somebody may be in danger: nothing that ends the contact is offered."""
    cued: tuple[str, ...] = ()
    """The phrases that name what was typed, each as `situation.phrase`."""
    nonce: str = ""
    """Tells one card's vote from another's, without saying whose it is."""

    def encode(self) -> str:
        """Write the recipe as a button's value, well under Slack's 2,000 characters."""
        return _COMPACT.encode(
            {
                "l": self.lead,
                "b": self.beside,
                "o": self.others,
                "s": self.states,
                "f": self.fills,
                "c": self.channel,
                "y": self.style,
                "t": self.turn,
                "d": self.danger,
                "p": self.cued,
                "n": self.nonce,
            }
        )

    @classmethod
    def decode(cls, value: str) -> Self:
        """Read a button's value; raises GoneError when an older release wrote it, or anybody else."""
        try:
            raw = json.loads(value)
            return cls(
                lead=str(raw["l"]),
                beside=tuple(map(str, raw["b"]))[:BESIDE_MOST],
                others=tuple(map(str, raw["o"]))[:5],
                states=tuple(State(s) for s in raw["s"]),
                fills={Fill(k): str(v)[:40] for k, v in raw["f"].items()},
                channel=Channel(raw["c"]),
                style=Style(raw["y"]),
                turn=max(0, int(raw["t"])),
                danger=bool(raw["d"]),
                cued=tuple(map(str, raw.get("p", ())))[:CUED_MOST],
                nonce=str(raw["n"])[:32],
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise GoneError(_OUTDATED) from None

    def next_turn(self) -> Self:
        """Ask for the same moment in other words."""
        return replace(self, turn=self.turn + 1)

    def next_situation(self) -> Self | None:
        """Move on to the next likely situation; None when there is none left."""
        if not self.others:
            return None
        beside = tuple(b for b in self.beside if b != self.others[0])
        return replace(self, lead=self.others[0], others=self.others[1:], beside=beside, turn=0)


@dataclass(frozen=True, slots=True)
class Saying:
    """One line to say or send, with where it comes from."""

    phrase_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """What is shown, before anybody decides how."""

    title: tuple[str, ...]
    sayings: tuple[Saying, ...]
    is_written: bool
    tone_cue: str
    """How to say it; in chat and by e-mail what to mind in writing, which nobody need read first."""
    avoid: Avoid
    next_step: str
    note: str = ""
    """A short line above the rest: a playbook past its review date, or today's line."""
    lesson: str = ""
    """What helped a colleague in the same situation: below the buttons, not among the words to read first."""

    def words(self) -> int:
        """Count the words before the buttons, as a reader would."""
        cue = "" if self.is_written else self.tone_cue
        parts = (*self.title, *(s.text for s in self.sayings), cue, self.avoid.words)
        return sum(len(p.split()) for p in (*parts, self.avoid.instead, self.next_step))


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """One situation clearly fits."""

    recipe: Recipe
    card: Card


@dataclass(frozen=True, slots=True)
class Choice:
    """Two situations are close: a line that is safe for both, and the two to choose between."""

    safe_line: SafeLine | None
    options: tuple[tuple[Recipe, Situation], ...]


@dataclass(frozen=True, slots=True)
class NothingFits:
    """Nothing fits well enough to say so."""


Answer = CardAnswer | Choice | NothingFits


def compose(recipe: Recipe, situations: Mapping[str, Situation], *, seed: str, note: str = "") -> Card:
    """Make the card; `seed` decides the order of other ways, so that two people don't sound alike.

    Raises GoneError when the recipe names a situation the playbooks no longer have.
    """
    if recipe.lead not in situations:
        raise GoneError(_OUTDATED)
    lead = situations[recipe.lead]
    beside = [situations[b] for b in recipe.beside if b in situations and b != recipe.lead]
    is_written = recipe.channel in WRITTEN
    bare = Card(
        title=_title(lead, beside, recipe),
        sayings=(),
        is_written=is_written,
        tone_cue=lead.by_channel.get(recipe.channel, lead.tone_cue) if is_written else lead.tone_cue,
        avoid=lead.avoid[recipe.turn % len(lead.avoid)],
        next_step=lead.next_step,
        note=note,
    )
    persons = {it.id for it in beside if it.kind is Kind.PERSON}
    causes = [it for it in beside if it.kind is Kind.CAUSE and lead.id not in ALONE and not recipe.danger]
    drafts = _drafts(bare, lead, _ways(lead, causes, recipe, persons, seed))
    card = next(filter(_fits, drafts), None)
    if card is None:
        card = replace(bare, sayings=_shortest(lead, recipe, persons), avoid=_briefest(lead))
    return card if is_written else _with_nearer_cue(card, lead, recipe)


def sentence_case(text: str) -> str:
    """Begin with a capital; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def fill(text: str, blanks: Mapping[str, Fill], fills: Mapping[Fill, str]) -> str:
    """Put what is known into the blanks; raises KeyError where one stays open."""
    for name, kind in blanks.items():
        text = text.replace("{" + name + "}", fills[kind])
    return sentence_case(text)


def _title(lead: Situation, beside: Sequence[Situation], recipe: Recipe) -> tuple[str, ...]:
    parts = [lead.title, *(_beside_title(s, recipe) for s in beside)]
    shown = " ".join(parts).lower()
    plain = {SAID_BY.get(s.id) for s in (lead, *beside)}
    parts += [
        STATE_WORDS[s] for s in recipe.states if s not in plain and STATE_WORDS[s].split()[0] not in shown
    ]
    first, *rest = parts[:TITLE_PARTS_MOST]
    return (sentence_case(first), *(part[:1].lower() + part[1:] for part in rest))


def _beside_title(situation: Situation, recipe: Recipe) -> str:
    short = ORDINALS.get(recipe.fills.get(Fill.TIMES, ""))
    return f"{short} contact" if situation.id == "repeat_contact" and short else situation.title


def _drafts(bare: Card, lead: Situation, ways: Iterator[tuple[Saying, ...]]) -> Iterator[Card]:
    """Each way with the usual thing to avoid, then with the shortest, before the next best is looked at."""
    for sayings in ways:
        yield replace(bare, sayings=sayings)
        yield replace(bare, sayings=sayings, avoid=_briefest(lead))


def _ways(
    lead: Situation, causes: Sequence[Situation], recipe: Recipe, persons: Set[str], seed: str
) -> Iterator[tuple[Saying, ...]]:
    """What could be said at this turn, the best first: two lines, or one where two are too much to read.

    Where a person, conduct or history leads, the cause beside it may name the thing: once the opening has
    named theirs, or where the lead has no words for any.
    """
    usable = _usable(lead, recipe, persons)
    firm = recipe.style is Style.FIRMER
    openings = _in_roles(usable, _FIRM_OPENING if firm else _OPENING, by_role=firm) or usable
    first = next(_from_turn(openings, recipe, seed))
    rest = [it for it in usable if it.id != first.id and it.role is not first.role]
    followers = _in_roles(rest, _FIRM_FOLLOWING if firm else _FOLLOWING, by_role=firm) or rest
    opening = _saying(lead, first, recipe)
    if recipe.style is not Style.SHORTER:
        if recipe.turn == 0 and (first.cues or not any(it.cues for it in followers)):
            yield from ((opening, it) for cause in causes for it in _naming(cause, recipe, persons))
        for follower in _from_turn(followers, recipe, seed):
            yield (opening, _saying(lead, follower, recipe))
    yield (opening,)


def _naming(cause: Situation, recipe: Recipe, persons: Set[str]) -> Iterator[Saying]:
    """What is done about the thing that was named, in the words of the situation that knows it."""
    for phrase in _usable(cause, recipe, persons):
        if phrase.cues and phrase.role in (Role.COMMIT, Role.OFFER):
            yield _saying(cause, phrase, recipe)


def _saying(lead: Situation, phrase: Phrase, recipe: Recipe) -> Saying:
    text = (phrase.written if recipe.channel in WRITTEN else None) or phrase.spoken
    return Saying(f"{lead.id}.{phrase.id}", fill(text, phrase.blanks, recipe.fills))


def _shortest(lead: Situation, recipe: Recipe, persons: Set[str]) -> tuple[Saying, ...]:
    sayings = (_saying(lead, phrase, recipe) for phrase in _usable(lead, recipe, persons))
    return (min(sayings, key=lambda it: len(it.text.split())),)


def _briefest(lead: Situation) -> Avoid:
    return min(lead.avoid, key=lambda avoid: len(f"{avoid.words} {avoid.instead}".split()))


def _usable(lead: Situation, recipe: Recipe, persons: Set[str]) -> Sequence[Phrase]:
    """Phrases that are true here and leave no blank open, the most fitting first.

    One made for a lost suitcase is true only where a suitcase was named.
    """
    named = {it.partition(".")[2] for it in recipe.cued if it.startswith(lead.id + ".")}
    fitness = {
        it.id: _fitness(it, recipe, persons)
        for it in lead.phrases
        if (not it.cues or it.id in named) and _is_possible(it, recipe) and _is_true_here(it, recipe)
    }
    if not fitness:
        raise GoneError(_OUTDATED)
    usable = [it for it in lead.phrases if it.id in fitness]
    return sorted(usable, key=lambda it: fitness[it.id], reverse=True)


def _is_possible(phrase: Phrase, recipe: Recipe) -> bool:
    """Open blanks are never shown; walking off is no use in a chat, and never said where there is danger."""
    if phrase.channels and recipe.channel not in phrase.channels:
        return False
    if phrase.ends_contact and recipe.danger:
        return False
    return not phrase.blanks or all(kind in recipe.fills for kind in phrase.blanks.values())


def _is_true_here(phrase: Phrase, recipe: Recipe) -> bool:
    """A phrase made for a third call would be wrong on a first one."""
    if not phrase.alongside and not phrase.states:
        return True
    return any(it in recipe.beside for it in phrase.alongside) or any(
        it in recipe.states for it in phrase.states
    )


def _fitness(phrase: Phrase, recipe: Recipe, persons: Set[str]) -> int:
    """Naming the thing itself comes first, then who they are, then what else is true, then a bare figure.

    A cue outweighs all the rest together: whoever lost a suitcase while grieving still called about the
    suitcase, and hears by its name that somebody listened; the tone cue says how.
    """
    beside = [it for it in phrase.alongside if it in recipe.beside]
    return (
        _NAMED * bool(phrase.cues)
        + 3 * bool(beside)
        + any(it in persons for it in beside)
        + 2 * any(it in recipe.states for it in phrase.states)
        + bool(phrase.blanks)
    )


def _in_roles(usable: Sequence[Phrase], roles: Sequence[Role], *, by_role: bool) -> Sequence[Phrase]:
    found = [it for it in usable if it.role in roles]
    return sorted(found, key=lambda it: roles.index(it.role)) if by_role else found


def _from_turn(usable: Sequence[Phrase], recipe: Recipe, seed: str) -> Iterator[Phrase]:
    """The best comes first on the first turn, what names the thing next, the rest in one's own order.

    The formal ones are the last of them, but for e-mail.
    """
    if not usable:
        return
    best, *others = usable
    start = recipe.turn % len(usable)
    if start == 0:
        # Nearly every card needs no more than this, and dice cost more than the rest of it.
        yield best
    random.Random(f"{seed}:{recipe.lead}").shuffle(others)  # noqa: S311  # variety, not secrecy
    others.sort(key=lambda it: (not it.cues, _is_stiff(it, recipe)))
    yield from others if start == 0 else [*others[start - 1 :], best, *others[: start - 1]]


def _is_stiff(phrase: Phrase, recipe: Recipe) -> bool:
    """Formal words suit a letter; anywhere else they come after the plain ones."""
    return phrase.register_ is Register.FORMAL and recipe.channel is not Channel.EMAIL


def _fits(card: Card) -> bool:
    return card.words() <= WORDS_MOST


def _with_nearer_cue(card: Card, lead: Situation, recipe: Recipe) -> Card:
    """Say what changes in this state or face to face instead of the usual cue, where there is room for it."""
    cues = [lead.by_state[it] for it in recipe.states if it in lead.by_state][:1]
    if recipe.channel is Channel.IN_PERSON and recipe.channel in lead.by_channel:
        cues.append(lead.by_channel[recipe.channel])
    return next(filter(_fits, (replace(card, tone_cue=it) for it in cues)), card)
