"""users.*, usergroups.*, dnd.*, team.*, bots.*."""

from typing import Any

from bot.sandbox.api.call import ApiError, Call
from bot.sandbox.shown import in_dnd, profile_json, user_json, usergroup_json
from bot.sandbox.workspace import Person

Json = dict[str, Any]


def _shown(call: Call, person: Person) -> Json:
    email = call.grant is not None and "users:read.email" in call.grant.scopes
    return user_json(person, call.workspace, email=email, locale=call.flag("include_locale"))


async def info(call: Call) -> Json:
    """users.info."""
    return {"user": _shown(call, call.person())}


async def list_users(call: Call) -> Json:
    """users.list: deactivated people are in it too."""
    people = [_shown(call, person) for person in call.workspace.people.values()]
    page, metadata = call.page(people, default=200, most=1000)
    return {"members": page, "response_metadata": metadata}


async def lookup_by_email(call: Call) -> Json:
    """users.lookupByEmail: not for deactivated people."""
    email = call.text("email", error="users_not_found").lower()
    found = (p for p in call.workspace.people.values() if p.email.lower() == email and not p.deleted)
    person = next(found, None)
    if person is None:
        raise ApiError("users_not_found")
    return {"user": _shown(call, person)}


async def profile(call: Call) -> Json:
    """users.profile.get."""
    person = call.person() if call.optional("user") else call.bot
    email = call.grant is not None and "users:read.email" in call.grant.scopes
    return {"profile": profile_json(person, email=email)}


async def list_usergroups(call: Call) -> Json:
    """usergroups.list."""
    users = call.flag("include_users")
    return {
        "usergroups": [
            usergroup_json(g, call.workspace, users=users) for g in call.workspace.usergroups.values()
        ]
    }


async def usergroup_users(call: Call) -> Json:
    """usergroups.users.list."""
    group = call.workspace.usergroups.get(call.text("usergroup", error="no_such_subteam"))
    if group is None:
        raise ApiError("no_such_subteam")
    return {"users": list(group.users)}


def _dnd(call: Call, person: Person) -> Json:
    snoozed = in_dnd(call.world, person)
    return {
        "dnd_enabled": snoozed,
        "next_dnd_start_ts": person.updated if snoozed else 1,
        "next_dnd_end_ts": int(person.dnd_until) if snoozed else 1,
    }


async def dnd_info(call: Call) -> Json:
    """dnd.info."""
    person = call.person() if call.optional("user") else call.bot
    return _dnd(call, person) | {"snooze_enabled": in_dnd(call.world, person)}


async def dnd_team(call: Call) -> Json:
    """dnd.teamInfo: 50 people at most."""
    users = call.names("users")
    if len(users) > 50:
        raise ApiError("too_many_users")
    people = {user: call.workspace.people[user] for user in users if user in call.workspace.people}
    return {"users": {user: _dnd(call, person) for user, person in people.items()}}


async def team_info(call: Call) -> Json:
    """team.info."""
    team = call.workspace
    icon = {"image_default": True}
    return {
        "team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": icon}
    }


async def bot_info(call: Call) -> Json:
    """bots.info."""
    bot = call.bot
    if call.optional("bot") not in (None, bot.bot_id):
        raise ApiError("bot_not_found")
    shown = {"id": bot.bot_id, "deleted": False, "name": bot.name, "user_id": bot.id}
    return {"bot": shown | {"app_id": call.world.credentials.app_id, "updated": bot.updated, "icons": {}}}


METHODS = {
    "users.info": info,
    "users.list": list_users,
    "users.lookupByEmail": lookup_by_email,
    "users.profile.get": profile,
    "usergroups.list": list_usergroups,
    "usergroups.users.list": usergroup_users,
    "dnd.info": dnd_info,
    "dnd.teamInfo": dnd_team,
    "team.info": team_info,
    "bots.info": bot_info,
}
