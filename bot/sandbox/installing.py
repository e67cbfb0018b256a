"""Installing the app, taking it out, revoking its tokens."""

from urllib.parse import urlencode

from bot.sandbox import events
from bot.sandbox.workspace import Workspace
from bot.sandbox.world import World


def _said(world: World, workspace: Workspace, kind: str, **fields: object) -> None:
    if kind in world.manifest.bot_events:
        events.send(world, workspace, {"type": kind, "event_ts": world.stamps.next(), **fields})


def revoke(world: World, workspace: Workspace) -> None:
    """End the bot's tokens in a workspace; the app is told."""
    _said(world, workspace, "tokens_revoked", tokens={"oauth": [], "bot": [workspace.bot_user_id]})
    world.credentials.kill(workspace.key, "token_revoked")
    world.changes.touch_all()


def uninstall(world: World, workspace: Workspace) -> None:
    """Take the app out of a workspace: its tokens end, its modals and Homes are gone, the app is told."""
    _said(world, workspace, "tokens_revoked", tokens={"oauth": [], "bot": [workspace.bot_user_id]})
    _said(world, workspace, "app_uninstalled")
    world.credentials.kill(workspace.key, "account_inactive")
    workspace.stacks.clear()
    workspace.homes.clear()
    workspace.people[workspace.bot_user_id].deleted = True
    for conversation in workspace.conversations.values():
        if workspace.bot_user_id in conversation.members and conversation.kind in ("channel", "private"):
            conversation.members.remove(workspace.bot_user_id)
    world.changes.touch_all()


def consent(
    world: World, workspace: Workspace, redirect_uri: str | None, scopes: str, state: str
) -> tuple[str, str]:
    """Say yes on the consent screen; gives the code and where the browser goes next."""
    wanted = (
        frozenset(scopes.split(",")) if scopes else world.manifest.bot_scopes | world.manifest.optional_scopes
    )
    installer = next(p for p in workspace.people.values() if p.kind == "admin" and not p.deleted)
    code = world.credentials.new_code(workspace.key, installer.id, redirect_uri, wanted)
    target = redirect_uri or next(iter(world.manifest.redirect_urls), "")
    query = {"code": code.code} | ({"state": state} if state else {})
    return code.code, f"{target}{'&' if '?' in target else '?'}{urlencode(query)}" if target else ""
