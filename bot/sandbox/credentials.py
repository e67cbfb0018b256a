"""The app's credentials and what each token may do."""

from dataclasses import dataclass
from typing import Literal

from bot.sandbox.ids import Ids


@dataclass
class Grant:
    """A token that was handed out; `dead` names the error it now answers with."""

    token: str
    kind: Literal["bot", "app"]
    workspace: str | None
    scopes: frozenset[str]
    dead: str | None = None


@dataclass
class Code:
    """A temporary OAuth code, good for one exchange."""

    code: str
    workspace: str
    installer: str
    redirect_uri: str | None
    scopes: frozenset[str]
    used: bool = False


class Credentials:
    """What Slack's app page shows the owner of an app, and the tokens it gave out."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self.app_id = ids.new("A")
        self.client_id = f"{ids.digits(12)}.{ids.digits(12)}"
        self.client_secret = ids.mixed(32).lower()
        self.signing_secret = ids.mixed(32).lower()
        self.verification_token = ids.mixed(24)
        self._grants: dict[str, Grant] = {}
        self._codes: dict[str, Code] = {}
        app_grant = Grant(
            f"xapp-1-{self.app_id}-{ids.digits(13)}-{ids.mixed(64).lower()}", "app", None, _APP_SCOPES
        )
        self.app_token = app_grant.token
        self._grants[app_grant.token] = app_grant

    def grant_bot(self, workspace: str, scopes: frozenset[str]) -> Grant:
        """Hand out a bot token; an earlier one of the same workspace keeps working, with the new scopes."""
        live = self.bot_grant(workspace)
        if live:
            live.scopes = scopes
            return live
        token = f"xoxb-{self._ids.digits(12)}-{self._ids.digits(13)}-{self._ids.mixed(24)}"
        self._grants[token] = Grant(token, "bot", workspace, scopes)
        return self._grants[token]

    def bot_grant(self, workspace: str) -> Grant | None:
        """Find the living bot token of a workspace."""
        grants = (g for g in self._grants.values() if g.kind == "bot" and g.workspace == workspace)
        return next((g for g in grants if g.dead is None), None)

    def find(self, token: str) -> Grant | None:
        """Find what a token was given for."""
        return self._grants.get(token)

    def kill(self, workspace: str, error: str) -> None:
        """Make the tokens of a workspace answer with `error` from now on."""
        for grant in self._grants.values():
            if grant.workspace == workspace and grant.dead is None:
                grant.dead = error

    def new_code(
        self, workspace: str, installer: str, redirect_uri: str | None, scopes: frozenset[str]
    ) -> Code:
        """Make a code for one `oauth.v2.access`."""
        code = Code(
            f"{self._ids.digits(12)}.{self._ids.mixed(32)}", workspace, installer, redirect_uri, scopes
        )
        self._codes[code.code] = code
        return code

    def find_code(self, code: str) -> Code | None:
        """Find a code, used or not."""
        return self._codes.get(code)


_APP_SCOPES = frozenset({"connections:write"})
