"""The sandbox on a port: Web API, websockets, response URLs, files, OAuth, control API, page."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox import installing, replies
from bot.sandbox.api.dispatch import WebApi
from bot.sandbox.control import Control, only_from_here
from bot.sandbox.triggers import TriggerError
from bot.sandbox.world import World

Json = dict[str, Any]

RETRY_AFTER_S = (0.0, 60.0, 300.0)
"""Slack tries an event again at once, after a minute and after five."""

_PAGE = Path(__file__).parent / "page"
_MOST_BODY_BYTES = 64_000_000


class Sandbox:
    """A pretend Slack on 127.0.0.1: start it, point SLACK_API_URL at `api_url`, stop it."""

    def __init__(
        self,
        manifest: Mapping[str, Any],
        *,
        port: int = 0,
        seed: int = 7,
        rates: bool = True,
        retry_after_s: Sequence[float] = RETRY_AFTER_S,
    ) -> None:
        self.world = World(manifest, seed=seed, rates=rates, retry_after_s=retry_after_s)
        self._port = port
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen; afterwards `url` is known."""
        await self.world.delivery.start()
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.world.base_url = self.url

    async def stop(self) -> None:
        """End every connection and everything under way."""
        await self.world.sockets.stop()
        await self.world.tasks.stop()
        await self.world.delivery.stop()
        if self._runner:
            await self._runner.cleanup()

    async def wait_for_bot(self, timeout: float) -> None:
        """Wait until the bot has a websocket open; TimeoutError when it does not come."""
        await self.world.sockets.wait_connected(timeout)

    @property
    def url(self) -> str:
        """Where the page and the control API are."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        """The bot token of the default workspace, where the app is installed from the start."""
        grant = self.world.credentials.bot_grant(self.world.default.key)
        if grant is None:
            raise LookupError("The app is not installed in Brightwater.")
        return grant.token

    @property
    def app_token(self) -> str:
        """The app-level token for Socket Mode."""
        return self.world.credentials.app_token

    @property
    def signing_secret(self) -> str:
        """What requests over HTTP are signed with."""
        return self.world.credentials.signing_secret

    @property
    def client_id(self) -> str:
        """The OAuth client id."""
        return self.world.credentials.client_id

    @property
    def client_secret(self) -> str:
        """The OAuth client secret."""
        return self.world.credentials.client_secret

    @property
    def request_url(self) -> str | None:
        """Where payloads go over signed HTTP; None means Socket Mode."""
        return self.world.delivery.request_url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self.world.delivery.request_url = url
        self.world.changes.touch_all()

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[only_from_here], client_max_size=_MOST_BODY_BYTES)
        app.on_response_prepare.append(_let_pages_be_asked_for_anew)
        api = WebApi(self.world)
        app.router.add_route("*", "/api/{method}", api.serve)
        app.router.add_get("/link", self.world.sockets.serve)
        app.router.add_post("/response/{workspace}/{number}/{url_id}", self._respond)
        app.router.add_post("/upload/{workspace}/{file_id}", self._upload)
        app.router.add_get("/files/{file_id}/{name}", self._download)
        app.router.add_get("/oauth/v2/authorize", self._authorize)
        app.router.add_get("/", self._page)
        app.add_routes(Control(self.world).routes())
        if _PAGE.is_dir():
            app.router.add_static("/", _PAGE)
        return app

    async def _page(self, request: web.Request) -> web.StreamResponse:  # noqa: ARG002 - aiohttp hands it over
        index = _PAGE / "index.html"
        if index.is_file():
            return web.FileResponse(index, headers={"Cache-Control": "no-store"})
        return web.Response(text="The sandbox is running; its page is not installed.")

    async def _respond(self, request: web.Request) -> web.Response:
        entry = self.world.record.add("call", method="(response_url)", arguments={}, verdict="in_flight")
        try:
            body = json.loads(await request.text())
            url = self.world.triggers.use_response_url(request.match_info["url_id"])
        except ValueError:
            return _response_refused(entry, 400, "invalid_payload")
        except TriggerError as refused:
            return _response_refused(entry, 404, str(refused))
        if not isinstance(body, dict):
            return _response_refused(entry, 400, "invalid_payload")
        entry |= {"arguments": body, "workspace": url.workspace}
        refusal = replies.reply(self.world, self.world.workspaces[url.workspace], url, body)
        if refusal:
            entry["detail"] = refusal.messages
            return _response_refused(entry, 400, refusal.error)
        entry |= {"verdict": "ok", "status": 200}
        return web.json_response({"ok": True})

    async def _upload(self, request: web.Request) -> web.Response:
        workspace = self.world.workspaces.get(request.match_info["workspace"])
        file = workspace.files.get(request.match_info["file_id"]) if workspace else None
        if file is None or file.ready:
            return web.Response(status=404, text="file not found")
        content = await _uploaded_bytes(request)
        if len(content) != file.length:
            return web.Response(status=400, text="the length is not the one announced")
        file.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def _download(self, request: web.Request) -> web.Response:
        for workspace in self.world.workspaces.values():
            file = workspace.files.get(request.match_info["file_id"])
            if file and file.content is not None:
                return web.Response(body=file.content, content_type=file.mimetype, headers=_INERT)
        return web.Response(status=404, text="file not found")

    async def _authorize(self, request: web.Request) -> web.Response:
        asked = request.query
        if asked.get("client_id") != self.client_id:
            return web.Response(status=400, text="invalid_client_id")
        redirect = asked.get("redirect_uri")
        allowed = self.world.manifest.redirect_urls
        if redirect and not any(redirect.startswith(known) for known in allowed):
            return web.Response(status=400, text="bad_redirect_uri")
        scopes = set(filter(None, asked.get("scope", "").split(",")))
        if not scopes <= self.world.manifest.bot_scopes | self.world.manifest.optional_scopes:
            return web.Response(status=400, text="invalid_scope")
        workspace = self.world.find_workspace(asked.get("team", "brightwater"))
        if workspace is None:
            return web.Response(status=404, text="team_not_found")
        _, target = installing.consent(
            self.world, workspace, redirect, asked.get("scope", ""), asked.get("state", "")
        )
        return web.Response(status=302, headers={"Location": target})


_INERT = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
"""Uploaded files are strangers' bytes: they may be looked at and run nothing."""


async def _let_pages_be_asked_for_anew(_: web.Request, response: web.StreamResponse) -> None:
    """Keep browsers from mixing the page's files of two releases: they ask whether each is still the same."""
    if isinstance(response, web.FileResponse):
        response.headers.setdefault("Cache-Control", "no-cache")


async def _uploaded_bytes(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    form = await request.post()
    part = next((value for value in form.values() if isinstance(value, web.FileField)), None)
    return part.file.read() if part else b""


def _response_refused(entry: Json, status: int, error: str) -> web.Response:
    entry |= {"verdict": error, "status": status}
    return web.json_response({"ok": False, "error": error}, status=status)
