"""Teapot: a small Bolt app that has nothing to do with Steady, in Socket Mode or over HTTP."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(text: str, action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": text.lower(), **more}


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def modal(title: str, *blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain(title), "submit": plain("Pour"), "blocks": list(blocks), **more}


def text_field(label: str, block_id: str, **element: Any) -> dict[str, Any]:
    inner = {"type": "plain_text_input", "action_id": "value", **element}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": inner}


SURE = {"title": plain("Sure"), "text": plain("Break it"), "confirm": plain("Yes"), "deny": plain("No")}
POT = {
    "type": "actions",
    "block_id": "pot",
    "elements": [
        button("Another cup", "again"),
        button("For everyone", "loud"),
        button("Order", "form"),
        button("Silent", "silent"),
        button("Break", "any", confirm=SURE),
    ],
}


class Teapot:
    """The app, with everything it heard."""

    def __init__(self, client: AsyncWebClient, signing_secret: str) -> None:
        logging.getLogger("slack_bolt").setLevel(logging.CRITICAL)
        self.heard: list[dict[str, Any]] = []
        self.client = client
        self.app = AsyncApp(client=client, signing_secret=signing_secret, process_before_response=True)
        self._register()

    def heard_of(self, kind: str) -> list[dict[str, Any]]:
        return [body for body in self.heard if kind in (body.get("type"), body.get("event", {}).get("type"))]

    def _register(self) -> None:
        app = self.app
        app.use(self._remember)
        app.command("/tea")(self._tea)
        app.command("/brew")(self._brew)
        app.action("again")(self._again)
        app.action("loud")(self._loud)
        app.action("form")(self._form)
        app.action("deeper")(self._deeper)
        app.action("silent")(self._silent)
        app.action("any")(self._quiet)
        app.options("ext")(self._options)
        app.shortcut("pour")(self._form)
        app.shortcut("steep")(self._steep)
        app.view("order")(self._order)
        app.view("plain")(self._quiet)
        app.view_closed("order")(self._quiet)
        app.event("app_home_opened")(self._home)
        app.event("app_mention")(self._mention)
        for kind in (
            "message",
            "reaction_added",
            "member_joined_channel",
            "team_join",
            "file_shared",
            "user_change",
        ):
            app.event(kind)(self._nothing)
        for kind in ("app_uninstalled", "tokens_revoked", "channel_created", "member_left_channel"):
            app.event(kind)(self._nothing)

    async def _remember(self, body: dict[str, Any], next_: Any, req: Any) -> None:
        retry = (req.headers or {}).get("x-slack-retry-num")
        self.heard.append(body | ({"retry": retry[0]} if retry else {}))
        await next_()

    async def _tea(self, ack: Any, command: dict[str, Any], client: Any) -> None:
        kind = command["text"] or "plain"
        if kind == "hot":
            raise RuntimeError("too hot")
        if kind == "late":
            return
        await ack(text=f"Here is {kind} tea", blocks=[section(f"Here is {kind} tea"), POT])

    async def _brew(self, ack: Any, command: dict[str, Any]) -> None:
        await ack(command["text"])

    async def _again(self, ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Another cup of tea", replace_original=True)

    async def _loud(self, ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Tea for everyone", response_type="in_channel")

    async def _form(self, ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        view = modal("Order tea", text_field("Kind", "kind"),
                     {"type": "actions", "block_id": "more", "elements": [button("Deeper", "deeper")]},
                     callback_id="order", notify_on_close=True)  # fmt: skip
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    async def _deeper(self, ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        view = modal("Deeper", text_field("Leaf", "leaf", initial_value="green"), callback_id="plain")
        await client.views_push(trigger_id=body["trigger_id"], view=view)

    async def _silent(self) -> None:
        return

    async def _quiet(self, ack: Any) -> None:
        await ack()

    async def _nothing(self) -> None:
        return

    async def _options(self, ack: Any, payload: dict[str, Any]) -> None:
        await ack(options=[{"text": plain(payload["value"].upper()), "value": payload["value"]}])

    async def _steep(self, ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        await respond(text=f"Steeping: {body['message']['text']}")

    async def _order(self, ack: Any, view: dict[str, Any], body: dict[str, Any], client: Any) -> None:
        kind = view["state"]["values"]["kind"]["value"]["value"]
        match kind:
            case "coffee":
                await ack(response_action="errors", errors={"kind": "We only have tea."})
            case "update":
                await ack(
                    response_action="update", view=modal("Updated", section("Fresh"), callback_id="plain")
                )
            case "push":
                await ack(
                    response_action="push", view=modal("Pushed", section("On top"), callback_id="plain")
                )
            case "clear":
                await ack(response_action="clear")
            case "wrong":
                await ack(response_action="errors", errors={"nowhere": "No such field."})
            case _:
                await ack()
                await client.chat_postMessage(channel=body["user"]["id"], text=f"Your {kind} tea is coming")

    async def _home(self, event: dict[str, Any], client: Any) -> None:
        row = {"type": "actions", "elements": [button("Order", "form"), button("Any", "any")]}
        blocks = [section(f"Welcome to the {event['tab']}"), row]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    async def _mention(self, event: dict[str, Any], say: Any) -> None:
        await say(text="You called?", thread_ts=event["ts"])


@asynccontextmanager
async def teapot(sandbox: Sandbox, transport: str, **options: Any) -> AsyncIterator[Teapot]:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=session)
        pot = Teapot(client, sandbox.signing_secret)
        runs = over_socket if transport == "socket" else over_http
        async with runs(pot, sandbox, **options):
            yield pot


@asynccontextmanager
async def over_socket(pot: Teapot, sandbox: Sandbox, *, ping_interval: float = 0.2) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(
        pot.app, sandbox.app_token, web_client=pot.client, ping_interval=ping_interval
    )
    await handler.connect_async()
    await sandbox.wait_for_bot(5)
    try:
        yield
    finally:
        await handler.close_async()


@asynccontextmanager
async def over_http(pot: Teapot, sandbox: Sandbox) -> AsyncIterator[None]:
    async def receive(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await pot.app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", receive)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    sandbox.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield
    finally:
        sandbox.request_url = None
        await runner.cleanup()
