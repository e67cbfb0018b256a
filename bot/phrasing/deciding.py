"""One card, two to choose from, or honestly nothing: pure, so that Slack and the terminal answer alike."""

import datetime as dt
import secrets
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from bot.phrasing.card import (
    BESIDE_MOST,
    CUED_MOST,
    Answer,
    Card,
    CardAnswer,
    Choice,
    NothingFits,
    Recipe,
    compose,
)
from bot.phrasing.channels import channel_in
from bot.phrasing.fills import read_fills
from bot.phrasing.finder import Finder, Found, Match
from bot.playbooks.library import Library
from bot.playbooks.model import Channel, Kind, Situation, State
from bot.safeguards.pii import Guard

FITS_FROM = 0.5
"""Below this fit, saying that nothing fits is likelier to be right than any card."""
BESIDE_FROM = 0.45
"""A second situation is taken in from this score on, where it is right in not quite every other case."""
KIND_BESIDE_FROM = {Kind.CAUSE: 0.3, Kind.HISTORY: 0.35}
"""The same for what is right more often, and accuses nobody where it is wrong."""
OWN_BESIDE_FROM = {"supervisor_demand": 0.3, "my_mistake": 0.6}
"""A wish that is plain when it is there at all; and blame that nobody should read who took none upon them."""
DIGITS_FROM = 6
"""Digits in a text from which on it may hold a number that identifies somebody."""
LOOKED_AT = 4_000
"""Characters of a text that the finder looks at."""
REPEATED = "repeat_contact"
OTHERS_FROM = 0.05
"""Below this, fewer than one in ten is right once the first was wrong: "not this" better opens the list."""
OTHERS_MOST = 4


@dataclass(frozen=True, slots=True)
class Words:
    """The playbooks in use and the finder built from them: swapped together when a file changes."""

    library: Library
    finder: Finder

    def look_up(self, text: str, channel: Channel, *, seed: str, today: dt.date) -> tuple[Found, Answer]:
        """Find what fits `text`, and decide what to show; nothing of it is kept but facts for blanks."""
        text = without_identities(text)
        found = self.finder.find(text)
        if found.fit < FITS_FROM or not found.matches:
            return found, NothingFits()
        lead, *rest = _cause_first(found.matches) if found.close else found.matches
        others = tuple(m.situation for m in rest if m.score >= OTHERS_FROM)[:OTHERS_MOST]
        recipe = Recipe(
            lead=lead.situation,
            beside=_beside(lead, rest, found.times),
            others=others,
            cued=_cued((lead.situation, *others), found.cued),
            states=tuple(sorted(found.states)),
            fills=read_fills(text, found.times),
            channel=channel_in(text, channel),
            danger=found.safety,
            nonce=new_nonce(),
        )
        if found.close and recipe.others and rest[0].kind is lead.kind:
            return found, self._choice(recipe)
        return found, CardAnswer(recipe, self.card(recipe, seed=seed, today=today))

    def card(self, recipe: Recipe, *, seed: str, today: dt.date) -> Card:
        """Make the card of a recipe; raises GoneError when its situation was taken out."""
        situation = self.library.situation(recipe.lead)
        note = _review_note(situation, today) if situation else ""
        return compose(recipe, self.library.situations, seed=seed, note=note)

    def _choice(self, recipe: Recipe) -> Choice:
        first, second = recipe.lead, recipe.others[0]
        others = recipe.others[1:]
        options = (
            replace(recipe, others=(second, *others)),
            replace(recipe, lead=second, others=(first, *others), beside=_without(recipe.beside, second)),
        )
        lines = self.library.safe_lines_for(first, second)
        situations = self.library.situations
        return Choice(lines[0] if lines else None, tuple((r, situations[r.lead]) for r in options))


def picked(
    situation: str, states: tuple[State, ...], channel: Channel, beside: tuple[str, ...] = ()
) -> Recipe:
    """The recipe of what somebody chose by hand."""
    return Recipe(
        lead=situation,
        beside=_without(beside, situation)[:BESIDE_MOST],
        states=states,
        channel=channel,
        nonce=new_nonce(),
    )


def without_identities(text: str) -> str:
    """Mask personal data before anything reads it; most lines hold too few digits to need the look."""
    seen = text[:LOOKED_AT]
    if "@" not in seen and sum(map(str.isdigit, seen)) < DIGITS_FROM:
        return text
    return Guard().mask(seen).text


def new_nonce() -> str:
    """A name for one card that says nothing about whose it is."""
    return secrets.token_hex(8)


def _cause_first(matches: Sequence[Match]) -> Sequence[Match]:
    """Of two that are close and of different kinds both are likely true: then the cause leads its history."""
    first, second, *rest = matches
    if second.kind is Kind.CAUSE and first.kind is Kind.HISTORY:
        return [second, first, *rest]
    return matches


def _beside(lead: Match, rest: Sequence[Match], times: int | None) -> tuple[str, ...]:
    """At most one of each other kind, and only one that clearly fits; a count of calls is a fact."""
    taken: dict[str, str] = {}
    if times and times > 1 and lead.kind is not Kind.HISTORY:
        taken[Kind.HISTORY] = REPEATED
    for match in rest:
        enough = OWN_BESIDE_FROM.get(match.situation, KIND_BESIDE_FROM.get(match.kind, BESIDE_FROM))
        if match.kind is not lead.kind and match.score >= enough:
            taken.setdefault(match.kind, match.situation)
    return tuple(taken.values())[:BESIDE_MOST]


def _cued(shown: Sequence[str], heard: Set[str]) -> tuple[str, ...]:
    """The phrases that name what was said, of the situations that this card can come to show."""
    named = [it for it in sorted(heard) if it.partition(".")[0] in shown]
    return tuple(sorted(named, key=lambda it: shown.index(it.partition(".")[0])))[:CUED_MOST]


def _without(ids: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(it for it in ids if it != one)


def _review_note(situation: Situation, today: dt.date) -> str:
    if situation.review_by >= today:
        return ""
    return f"Past its review date ({situation.review_by:%d %b %Y}); owner: {situation.owner}"
