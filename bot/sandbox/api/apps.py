"""api.test, auth.*, oauth.*, apps.*: tokens, installing, Socket Mode."""

import base64
import binascii
import hmac
from typing import Any

from bot.sandbox import installing
from bot.sandbox.api.call import ApiError, Call
from bot.sandbox.credentials import Code

Json = dict[str, Any]


async def api_test(call: Call) -> Json:
    """api.test: says back what it was told."""
    error = call.optional("error")
    if error:
        raise ApiError(error, args=call.args)
    return {"args": call.args}


async def auth_test(call: Call) -> Json:
    """auth.test, for bot and app tokens."""
    if call.home is None:
        return {"app_name": call.world.manifest.name, "app_id": call.world.credentials.app_id}
    team, bot = call.workspace, call.bot
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": bot.display_name.lower(),
        "team_id": team.id,
        "user_id": bot.id,
        "bot_id": bot.bot_id,
        "is_enterprise_install": False,
    }


async def auth_revoke(call: Call) -> Json:
    """auth.revoke; with test=1 nothing happens."""
    if call.flag("test"):
        return {"revoked": False}
    installing.revoke(call.world, call.workspace)
    return {"revoked": True}


async def uninstall(call: Call) -> Json:
    """apps.uninstall."""
    _check_client(call)
    installing.uninstall(call.world, call.workspace)
    return {}


async def connections_open(call: Call) -> Json:
    """apps.connections.open: a single-use address for one websocket."""
    ticket = call.world.sockets.ticket(debug_reconnects=call.flag("debug_reconnects"))
    host = call.world.base_url.replace("http://", "ws://", 1)
    return {"url": f"{host}/link?ticket={ticket}&app_id={call.world.credentials.app_id}"}


def _check_client(call: Call) -> None:
    secret = call.optional("client_secret") or ""
    known = call.world.credentials
    if call.optional("client_id") != known.client_id:
        raise ApiError("invalid_client_id")
    if not hmac.compare_digest(secret.encode(), known.client_secret.encode()):
        raise ApiError("bad_client_secret")


async def oauth_access(call: Call) -> Json:
    """oauth.v2.access: a code for a token, once."""
    _basic_credentials(call)
    _check_client(call)
    code = call.world.credentials.find_code(call.text("code", error="invalid_code"))
    _check_code(call, code)
    if code is None:
        raise ApiError("invalid_code")
    code.used = True
    team = call.world.workspaces[code.workspace]
    grant = call.world.install(team, code.scopes)
    return {
        "app_id": call.world.credentials.app_id,
        "authed_user": {"id": code.installer},
        "scope": ",".join(sorted(grant.scopes)),
        "token_type": "bot",
        "access_token": grant.token,
        "bot_user_id": team.bot_user_id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _check_code(call: Call, code: Code | None) -> None:
    if code is None:
        raise ApiError("invalid_code")
    if code.used:
        raise ApiError("code_already_used")
    given = call.optional("redirect_uri")
    if code.redirect_uri and given != code.redirect_uri:
        raise ApiError("bad_redirect_uri")


def _basic_credentials(call: Call) -> None:
    """Read client id and secret from HTTP Basic, as the SDK sends them."""
    header = str(call.args.pop("_authorization", ""))
    if not header.startswith("Basic "):
        return
    try:
        client_id, _, secret = base64.b64decode(header[6:]).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise ApiError("invalid_client_id") from None
    call.args.setdefault("client_id", client_id)
    call.args.setdefault("client_secret", secret)


METHODS = {
    "api.test": api_test,
    "auth.test": auth_test,
    "auth.revoke": auth_revoke,
    "apps.uninstall": uninstall,
    "apps.connections.open": connections_open,
    "oauth.v2.access": oauth_access,
}
