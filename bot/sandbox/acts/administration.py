"""What an admin does: people, groups, installing, the request URL; and events out of nothing."""

import asyncio
import time
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox import events, installing
from bot.sandbox.acts.act import Act, Handler, RefusedError
from bot.sandbox.shown import in_dnd, user_json, usergroup_json
from bot.sandbox.workspace import Person, PersonKind, Usergroup

Json = dict[str, Any]

_PROFILE = ("name", "display_name", "title", "tz", "locale", "email", "status_text", "status_emoji")
_KINDS: dict[str, PersonKind] = {"member": "member", "guest": "guest", "admin": "admin"}


async def install(act: Act) -> Json:
    """Install the app; with a redirect URL the browser would go on to `url`."""
    redirect = next(iter(act.world.manifest.redirect_urls), None)
    if redirect is None:
        act.world.install(act.workspace)
        return {"code": None, "redirect_uri": None, "url": None}
    code, url = installing.consent(act.world, act.workspace, redirect, "", "")
    return {"code": code, "redirect_uri": redirect, "url": url}


async def uninstall(act: Act) -> Json:
    """Take the app out of the workspace."""
    installing.uninstall(act.world, act.workspace)
    return {}


async def deactivate(act: Act) -> Json:
    """Deactivate an account."""
    return _activate(act, deleted=True)


async def reactivate(act: Act) -> Json:
    """Bring a deactivated account back."""
    return _activate(act, deleted=False)


def _activate(act: Act, *, deleted: bool) -> Json:
    person = act.person()
    person.deleted = deleted
    _changed(act, person)
    return {"user": person.id}


def _changed(act: Act, person: Person) -> None:
    person.updated = int(time.time())
    act.world.changes.touch_all()
    event = {
        "type": "user_change",
        "user": user_json(person, act.workspace),
        "event_ts": act.world.stamps.next(),
    }
    events.emit(act.world, act.workspace, {**event, "cache_ts": person.updated})


async def add_person(act: Act) -> Json:
    """Let somebody new join the workspace."""
    handle = act.text("handle")
    if act.workspace.find_person(handle):
        raise RefusedError(409, "name_taken", f"{handle} is taken.")
    person = Person(act.world.ids.new("U"), handle, act.text("name"), act.workspace.id)
    person.display_name = person.name.split()[0]
    person.email = f"{handle}@{act.workspace.domain}.example"
    person.tz = _zone(act.optional("tz") or "America/New_York")
    person.kind = _KINDS.get(act.optional("kind") or "member", "member")
    act.workspace.people[person.id] = person
    for conversation in act.workspace.conversations.values():
        if conversation.is_general and person.kind != "guest":
            conversation.members.append(person.id)
    act.world.changes.touch_all()
    event = {
        "type": "team_join",
        "user": user_json(person, act.workspace),
        "event_ts": act.world.stamps.next(),
    }
    events.emit(act.world, act.workspace, event)
    return {"user": person.id}


def _zone(tz: str) -> str:
    try:
        return ZoneInfo(tz).key
    except (ValueError, OSError, KeyError):
        raise RefusedError(400, "bad_request", f"{tz!r} is no IANA time zone.") from None


async def set_profile(act: Act) -> Json:
    """Change somebody's profile."""
    person = act.person()
    for name in _PROFILE:
        if name in act.fields:
            value = act.fields[name]
            setattr(person, name, _zone(str(value)) if name == "tz" and value else value)
    _changed(act, person)
    return {"user": person.id}


async def set_dnd(act: Act) -> Json:
    """Snooze somebody's notifications, or wake them."""
    person, minutes = act.person(), float(act.fields.get("minutes") or 0)
    now = act.world.clock.time().timestamp()
    person.dnd_until = now + minutes * 60 if minutes else 0.0
    act.world.changes.touch_all()
    snoozed = in_dnd(act.world, person)
    status = {"dnd_enabled": snoozed, "next_dnd_start_ts": int(now), "next_dnd_end_ts": int(person.dnd_until)}
    event = {"type": "dnd_updated_user", "user": person.id, "dnd_status": status}
    events.emit(act.world, act.workspace, {**event, "event_ts": act.world.stamps.next()})
    return {"user": person.id}


async def set_usergroup(act: Act) -> Json:
    """Say who is in a user group; the group is made when it is missing."""
    handle = act.text("usergroup").lstrip("@")
    users = [_one(act, who) for who in act.fields.get("who") or []]
    group = next((g for g in act.workspace.usergroups.values() if g.handle == handle), None)
    kind = "subteam_updated" if group else "subteam_created"
    if group is None:
        group = Usergroup(act.world.ids.new("S"), handle, handle.replace("-", " ").capitalize(), [])
        act.workspace.usergroups[group.id] = group
    group.users = users
    group.updated = int(time.time())
    act.world.changes.touch_all()
    shown = usergroup_json(group, act.workspace, users=True)
    event = {"type": kind, "subteam": shown, "event_ts": act.world.stamps.next()}
    events.emit(act.world, act.workspace, event)
    return {"usergroup": group.id}


def _one(act: Act, who: Any) -> str:
    person = act.workspace.find_person(str(who))
    if person is None:
        raise RefusedError(404, "unknown_person", f"There is nobody called {who!r}.")
    return person.id


async def set_messages_tab(act: Act) -> Json:
    """Turn the app's Messages tab on or off."""
    act.world.manifest.messages_tab = bool(act.fields.get("enabled"))
    act.world.manifest.messages_tab_read_only = bool(act.fields.get("read_only", False))
    act.world.changes.touch_all()
    return {}


async def configure(act: Act) -> Json:
    """Set the request URL, verified as Slack does, or go back to Socket Mode."""
    url = act.optional("request_url")
    if url is not None:
        token = act.world.credentials.verification_token
        if not await act.world.delivery.verify_url(url, token, act.world.ids.mixed(52)):
            raise RefusedError(409, "url_not_verified", "The request URL did not answer the challenge.")
    act.world.delivery.request_url = url
    act.world.changes.touch_all()
    return {"request_url": url}


async def raw_event(act: Act) -> Json:
    """Deliver any inner event the manifest subscribes to."""
    event = act.fields.get("event")
    if not isinstance(event, dict) or "type" not in event:
        raise RefusedError(400, "bad_request", "The field event is an object with a type.")
    events.emit(act.world, act.workspace, {"event_ts": act.world.stamps.next(), **event})
    return {}


async def settle(act: Act) -> Json:
    """Wait until nothing is under way and nothing happened for `quiet_s`; True when that came."""
    quiet_s, deadline = float(act.fields.get("quiet_s", 0.1)), time.monotonic() + 10
    while time.monotonic() < deadline:
        busy = act.world.delivery.in_flight or act.world.calls_in_flight
        if not await act.world.changes.pulse(quiet_s) and not busy:
            return {"settled": True}
    await asyncio.sleep(0)
    return {"settled": False}


ACTS: dict[str, Handler] = {
    "install": install,
    "uninstall": uninstall,
    "deactivate": deactivate,
    "reactivate": reactivate,
    "add_person": add_person,
    "set_profile": set_profile,
    "set_dnd": set_dnd,
    "set_usergroup": set_usergroup,
    "set_messages_tab": set_messages_tab,
    "configure": configure,
    "event": raw_event,
    "settle": settle,
}
