"""Help that is always one tap away: drawn the same wherever it is shown."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.people import Member
from bot.playbooks.model import Country
from bot.slack import blocks as b
from bot.slack.ids import Action, View
from bot.slack.text import Mrkdwn, bold, escape, lines


@dataclass(frozen=True, slots=True)
class HelpChoice:
    """Whose lines a member sees first: their company's own, then a country's."""

    country: str
    company: str = ""


HelpFor = Callable[[Member], Awaitable[HelpChoice]]
"""What the member's workspace chose."""

NOBODY_READS = "Nobody is reading this live. If somebody is in danger now, call {number}."
LOCAL_NUMBER = "the emergency number where you are"
_LINES_OF: Mapping[str, str] = {
    **dict.fromkeys(("AS", "GU", "MP", "PR", "UM", "VI"), "US"),
    **dict.fromkeys(("GG", "IM", "JE"), "GB"),
}
WHICH_COUNTRY = "Steady has no help lines for your country yet. Choose the nearest to see its lines."


def help_button() -> b.Element:
    """The one way to help that every screen has."""
    return b.button("Help for me", Action.HELP_LINES, label="Help for me: help lines and emergency numbers")


def help_line_blocks(country: Country | None, company: str = "") -> list[b.Block]:
    """A country's lines, the company's own help first; a country nobody knows is asked for, never guessed."""
    if country is None:
        return [*_head(None, company), b.actions(b.button("Choose a country", Action.HELP_LINES))]
    rows = [
        lines(
            bold(line.name),
            Mrkdwn(f"{escape(line.method)} · {escape(line.hours)}"),
            Mrkdwn(f"{escape(line.for_)} _(checked {line.checked_on:%d %b %Y})_"),
        )
        for line in country.lines
    ]
    return [*_head(country, company), *(b.section(row) for row in rows)]


async def lines_for(member: Member, help_for: HelpFor, countries: Mapping[str, Country]) -> list[b.Block]:
    """The lines of somebody's own country, their company's help first."""
    choice = await help_for(member)
    return help_line_blocks(country_for(countries, choice.country), choice.company)


def help_lines_modal(countries: Mapping[str, Country], code: str, company: str = "") -> b.Block:
    """All lines of one country, and a way to another."""
    country = country_for(countries, code)
    chooser = b.select(
        Action.HELP_COUNTRY,
        "Another country" if country else "Choose a country",
        _country_options(countries),
        initial=_option(country) if country else None,
    )
    shown = help_line_blocks(country, company) if country else _head(None, company)
    drawn = [*shown, b.actions(chooser, block_id=f"country-{country.code if country else 'unknown'}")]
    return b.modal(View.HELP_LINES, "Help for you", drawn)


def country_for(countries: Mapping[str, Country], code: str) -> Country | None:
    """The country asked for; None where its lines aren't known, since another's number helps nobody.

    A territory whose phones reach a country's lines has those, unless a playbook has its own.
    """
    return countries.get(code) or countries.get(_LINES_OF.get(code, ""))


def _head(country: Country | None, company: str) -> list[b.Block]:
    number = country.emergency if country else LOCAL_NUMBER
    own = [b.section(lines(bold("Your company's own help"), escape(company)))] if company else []
    return [
        b.header(f"Help for you: {country.name}" if country else "Help for you"),
        b.section(escape(NOBODY_READS.format(number=number))),
        *own,
        *([] if country else [b.section(escape(WHICH_COUNTRY))]),
    ]


def _country_options(countries: Mapping[str, Country]) -> Sequence[b.Element]:
    return [_option(country) for country in sorted(countries.values(), key=lambda it: it.name)][:100]


def _option(country: Country) -> b.Element:
    return b.option(country.name, country.code)
