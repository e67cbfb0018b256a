"""The scope each method needs; none where Slack asks for none, several where any one will do."""

NO_TOKEN = frozenset({"api.test", "oauth.v2.access"})
APP_TOKEN = frozenset({"apps.connections.open"})
ANY_TOKEN = frozenset({"auth.test"})

_ANY_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_ANY_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")

SCOPES: dict[str, tuple[str, ...]] = {
    "apps.connections.open": ("connections:write",),
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.update": ("chat:write",),
    "chat.delete": ("chat:write",),
    "chat.scheduleMessage": ("chat:write",),
    "chat.deleteScheduledMessage": ("chat:write",),
    "conversations.list": _ANY_READ,
    "conversations.info": _ANY_READ,
    "conversations.members": _ANY_READ,
    "users.conversations": _ANY_READ,
    "conversations.history": _ANY_HISTORY,
    "conversations.replies": _ANY_HISTORY,
    "conversations.open": ("im:write", "mpim:write"),
    "conversations.close": ("im:write", "mpim:write"),
    "conversations.join": ("channels:join",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "users.lookupByEmail": ("users:read.email",),
    "users.profile.get": ("users.profile:read",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "dnd.info": ("dnd:read",),
    "dnd.teamInfo": ("dnd:read",),
    "team.info": ("team:read",),
    "bots.info": ("users:read",),
    "reactions.add": ("reactions:write",),
    "reactions.remove": ("reactions:write",),
    "reactions.get": ("reactions:read",),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
    "files.delete": ("files:write",),
    "files.info": ("files:read",),
}
