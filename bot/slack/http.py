"""Slack over HTTP on our own aiohttp application, with doors for a load balancer to knock at."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

EVENTS_PATH = "/slack/events"
BODY_MOST = 1024 * 1024
"""Bytes of a request body; Slack's own stay far below, a view being at most 250 kB."""

Ready = Callable[[], Awaitable[bool]]


def build_web(app: AsyncApp, ready: Ready, is_open: Callable[[], bool]) -> web.Application:
    """Build the application that Slack and a load balancer speak to; while not open, to the latter alone."""
    application = web.Application(client_max_size=BODY_MOST)
    application.router.add_get("/healthz", _alive)
    application.router.add_get("/readyz", _readiness(ready))
    application.router.add_post(EVENTS_PATH, _slack(app, is_open))
    return application


async def _alive(_: web.Request) -> web.Response:
    return web.json_response({"alive": True})


def _readiness(ready: Ready) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def readiness(_: web.Request) -> web.Response:
        is_ready = await ready()
        return web.json_response({"ready": is_ready}, status=200 if is_ready else 503)

    return readiness


def _slack(app: AsyncApp, is_open: Callable[[], bool]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def slack(request: web.Request) -> web.Response:
        if not is_open():
            return web.json_response({"error": "not ready"}, status=503)
        # Bolt answers 500, with a traceback, to a timestamp that is no number; anyone could fill the log so.
        if not request.headers.get("X-Slack-Request-Timestamp", "").isdecimal():
            return web.json_response({"error": "invalid request"}, status=401)
        try:
            bolt_request = await to_bolt_request(request)
        except (LookupError, ValueError, AttributeError, TypeError):
            # Bolt reads the body before it looks at the signature, and takes its shape on trust.
            return web.json_response({"error": "unreadable body"}, status=400)
        return await to_aiohttp_response(await app.async_dispatch(bolt_request))

    return slack
