"""Who may see what someone wrote: the sentence, the access check and the SQL are made from one table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from itertools import chain
from typing import Literal

from bot.people import Member


class Audience(StrEnum):
    """How far a thing is shown, narrow to wide: each lets in everybody the one before it does."""

    ONLY_ME = "only_me"
    CHANNEL_WITHOUT_LEADS = "channel_without_leads"
    CHANNEL = "channel"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody looking, as they stand today: who joins sees, who leaves no longer does.

    Whether they run the workspace is not among the facts, because it opens nothing. `leads` are the teams
    they lead, in `teams` or not; of `channels`, those that debriefs are held in are enough.
    """

    member: Member
    teams: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    is_outsider: bool = False
    """A guest in Slack, or anybody else who is no colleague."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose a thing is and how far it is shown; channel and team are the ones the author was told of."""

    author: Member
    audience: Audience = Audience.ONLY_ME
    channel: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Names for the sentence, not escaped; empty where there is no such thing yet."""

    channel: str = ""
    """With its #."""
    team: str = ""
    channel_is_public: bool = False
    counted_in: str = ""
    """What it still counts towards, such as "the team's causes"."""


@dataclass(frozen=True, slots=True)
class _Circle:
    """People let in because an id of theirs equals one of the thing's."""

    by: Literal["channel", "team"]
    ids: Callable[[Viewer], frozenset[str]]


class _Circles(Enum):
    COLLEAGUES = _Circle("channel", lambda it: frozenset() if it.leads else it.channels)
    LEADS_THERE = _Circle("channel", lambda it: it.channels if it.leads else frozenset())
    TEAM = _Circle("team", lambda it: it.teams)
    TEAM_LEADS = _Circle("team", lambda it: it.leads)


_WORDS: Mapping[frozenset[_Circles], str] = {
    frozenset({_Circles.COLLEAGUES}): "people in {}, without leads",
    frozenset({_Circles.COLLEAGUES, _Circles.LEADS_THERE}): "everyone in {}",
    frozenset({_Circles.TEAM, _Circles.TEAM_LEADS}): "the team {} with its leads",
}
"""What the circles of one channel or team are called together; others have no words, so can't be drawn."""

_LET_IN: Mapping[Audience, tuple[_Circles, ...]] = {
    Audience.ONLY_ME: (),
    Audience.CHANNEL_WITHOUT_LEADS: (_Circles.COLLEAGUES,),
    Audience.CHANNEL: (_Circles.COLLEAGUES, _Circles.LEADS_THERE),
    Audience.TEAM: (_Circles.COLLEAGUES, _Circles.LEADS_THERE, _Circles.TEAM, _Circles.TEAM_LEADS),
}

LABELS: Mapping[Audience, str] = {
    Audience.ONLY_ME: "Only me",
    Audience.CHANNEL_WITHOUT_LEADS: "The debrief channel, without leads",
    Audience.CHANNEL: "The debrief channel, with leads",
    Audience.TEAM: "My team and its leads",
}


def may_see(viewer: Viewer, scope: Scope) -> bool:
    """Whether a thing may be shown to them, on any surface; an author always sees their own."""
    if viewer.member == scope.author:
        return True
    if viewer.is_outsider or viewer.member.workspace != scope.author.workspace:
        return False
    return any(_id_of(scope, it.value.by) in it.value.ids(viewer) for it in _LET_IN[scope.audience])


def may_change(viewer: Viewer, scope: Scope) -> bool:
    """Whether they may widen, narrow, edit or delete it: the author, and nobody else by any role."""
    return viewer.member == scope.author


def condition(viewer: Viewer, table: str) -> tuple[str, Mapping[str, str]]:
    """`may_see` in SQL, with its parameters (named `viewer…`), for lists that are paged.

    The table has workspace_id, author_id, audience, channel_id and team_id.
    """
    params = {"viewer_workspace": viewer.member.workspace, "viewer_id": viewer.member.id}
    opened = [f"{table}.author_id = :viewer_id"]
    for circle in () if viewer.is_outsider else _Circles:
        name = f"viewer_{circle.name.lower()}"
        ids = {f"{name}_{at}": it for at, it in enumerate(sorted(circle.value.ids(viewer)))}
        if ids:
            params |= ids
            audiences = ", ".join(f"'{it}'" for it, circles in _LET_IN.items() if circle in circles)
            names = ", ".join(f":{it}" for it in ids)
            opened.append(
                f"({table}.audience IN ({audiences}) AND {table}.{circle.value.by}_id IN ({names}))"
            )
    return f"({table}.workspace_id = :viewer_workspace AND ({' OR '.join(opened)}))", params


def choices(place: Place) -> Sequence[Audience]:
    """What an author may choose from, narrow to wide: nothing that names a channel or team there isn't."""
    has = {"channel": bool(place.channel), "team": bool(place.team)}
    return [
        audience
        for audience, circles in _LET_IN.items()
        if not circles or has["team" if audience is Audience.TEAM else "channel"]
    ]


def who(audience: Audience, place: Place) -> str:
    """The people let in, for the sentence and for an export: "you and everyone in #debriefs"."""
    named = {"channel": place.channel, "team": place.team}
    circles = _LET_IN[audience]
    together = {by: frozenset(it for it in circles if it.value.by == by) for by in named}
    people = ["you", *(_WORDS[it].format(named[by]) for by, it in together.items() if it and named[by])]
    return f"{', '.join(people[:-1])} and {people[-1]}" if len(people) > 1 else people[0]


def sentence(audience: Audience, place: Place) -> str:
    """What stands under an input: who sees it in Steady, and honestly what that does not cover."""
    return " ".join(chain(_in_steady(audience, place), _in_slack(audience, place), _the_rest(place)))


def _in_steady(audience: Audience, place: Place) -> list[str]:
    people = who(audience, place)
    if people == "you":
        return ["Only you see this in Steady."]
    return [f"Seen by {people}; also by whoever joins later."]


def _in_slack(audience: Audience, place: Place) -> list[str]:
    if not (_LET_IN[audience] and place.channel):
        return []
    public = f"Anyone here can open {place.channel}." if place.channel_is_public else ""
    leads = "" if _Circles.LEADS_THERE in _LET_IN[audience] else "Leads there can read the thread itself."
    return [it for it in (leads, public) if it]


def _the_rest(place: Place) -> list[str]:
    counted = [f"It counts in {place.counted_in}, without your name."] if place.counted_in else []
    return [*counted, "Whoever runs the server could look, and a recorded screen shows it."]


def _id_of(scope: Scope, by: Literal["channel", "team"]) -> str | None:
    return scope.channel if by == "channel" else scope.team
