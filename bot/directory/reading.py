"""Slack's user and do-not-disturb objects as what the directory keeps of them; pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.directory.model import Person
from bot.directory.store import Dnd
from bot.people import Member
from bot.scheduler.recurrence import is_zone
from bot.slack.text import clean, clip

Json = Mapping[str, Any]

NAME_MOST = 80
_SLACKBOT = "USLACKBOT"
# Slack's own suggestions for a holiday and for being ill, and what people take instead.
_AWAY_EMOJI = frozenset(
    {
        "palm_tree",
        "beach_with_umbrella",
        "desert_island",
        "luggage",
        "airplane",
        "face_with_thermometer",
        "face_with_head_bandage",
        "hospital",
        "baby",
        "baby_bottle",
    }
)
_AWAY_WORDS = re.compile(
    r"\b(?:on leave|(?:annual|parental|sick) leave|vacation(?:ing)?|on holiday|pto|out of office|ooo|"
    r"out sick|off sick|day off|off (?:today|until|till)|urlaub|vacances|vacaciones|ferie)\b",
    re.IGNORECASE,
)


def person_of(workspace: str, user: Json) -> Person:
    """Read a user object; deactivated people and strangers come with few fields."""
    profile: Json = user.get("profile") or {}
    zone = str(user.get("tz") or "")
    is_away, away_until = _away(profile)
    return Person(
        member=Member(workspace, str(user["id"])),
        name=_name(user, profile),
        zone=zone if zone and is_zone(zone) else None,
        is_active=not user.get("deleted"),
        is_admin=any(user.get(role) for role in ("is_admin", "is_owner", "is_primary_owner")),
        is_guest=any(user.get(kind) for kind in ("is_restricted", "is_ultra_restricted")),
        is_bot=bool(user.get("is_bot")) or user["id"] == _SLACKBOT,
        is_stranger=_is_stranger(workspace, user),
        is_away=is_away,
        away_until=away_until,
        changed_s=int(user.get("updated") or 0),
    )


def dnd_of(status: Json) -> Dnd:
    """Read a do-not-disturb status; without one Slack writes 1 for both times."""
    start, end = (int(status.get(f"next_dnd_{name}_ts") or 0) for name in ("start", "end"))
    snoozed_until = int(status.get("snooze_endtime") or 0) if status.get("snooze_enabled") else 0
    if snoozed_until:
        return Dnd(datetime.fromtimestamp(0, UTC), datetime.fromtimestamp(snoozed_until, UTC))
    if not status.get("dnd_enabled") or end <= start:
        return Dnd(None, None)
    return Dnd(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))


def _name(user: Json, profile: Json) -> str:
    """What colleagues call them: the display name, which may be empty, else the real one, else the handle."""
    named = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    return clip(clean(next((str(name) for name in named if name), "")), NAME_MOST)


def _is_stranger(workspace: str, user: Json) -> bool:
    """Somebody of another company; in an organisation a colleague may belong to another workspace of it."""
    elsewhere = bool(user.get("team_id")) and user["team_id"] != workspace and "enterprise_user" not in user
    return bool(user.get("is_stranger")) or elsewhere


def _away(profile: Json) -> tuple[bool, datetime | None]:
    """Whether the status says that they are on holiday or ill, and until when, where they said."""
    emoji = str(profile.get("status_emoji") or "").strip(":").partition("::")[0]
    text = str(profile.get("status_text") or "")
    if emoji not in _AWAY_EMOJI and not _AWAY_WORDS.search(text):
        return False, None
    until = int(profile.get("status_expiration") or 0)
    return True, datetime.fromtimestamp(until, UTC) if until else None
