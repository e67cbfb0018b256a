"""The control API under /sandbox: acting, seeing, the record, the clock, the faults, the cast."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.sandbox import sight
from bot.sandbox.acts import administration, moving, talking, using, windows
from bot.sandbox.acts.act import Act, Handler, RefusedError, can_see
from bot.sandbox.clock import ClockError, next_moment
from bot.sandbox.faults import FaultError
from bot.sandbox.workspace import Conversation, Person, Workspace
from bot.sandbox.world import World

Json = dict[str, Any]

ACTS: dict[str, Handler] = {
    **talking.ACTS,
    **using.ACTS,
    **windows.ACTS,
    **moving.ACTS,
    **administration.ACTS,
}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_LONGEST_WAIT_S = 30.0
_COMMENT_EVERY_S = 15.0


@web.middleware
async def only_from_here(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse other hosts and origins, so that no page elsewhere can reach in by DNS rebinding."""
    if request.path.startswith("/sandbox/"):
        host = urlsplit(f"//{request.host}")
        origin = request.headers.get("Origin")
        if host.hostname not in _LOOPBACK or (origin and urlsplit(origin).netloc != request.host):
            return refusal(
                RefusedError(403, "forbidden_origin", "The control API answers this machine alone.")
            )
        if request.method == "POST" and request.content_type != "application/json":
            return refusal(RefusedError(415, "bad_request", "Send application/json."))
    try:
        return await handler(request)
    except RefusedError as refused:
        return refusal(refused)


def refusal(refused: RefusedError) -> web.Response:
    """Write a refusal."""
    body = {"ok": False, "error": refused.error, "message": refused.message, **refused.extra}
    return web.json_response(body, status=refused.status)


class Control:
    """The handlers of the control API."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """List the addresses."""
        return [
            web.post("/sandbox/act", self.act),
            web.get("/sandbox/see", self.see),
            web.get("/sandbox/stream", self.stream),
            web.get("/sandbox/record", self.record),
            web.get("/sandbox/clock", self.clock),
            web.post("/sandbox/clock", self.move_clock),
            web.get("/sandbox/faults", self.faults),
            web.post("/sandbox/faults", self.arm),
            web.get("/sandbox/cast", self.cast),
        ]

    def _good(self, **fields: Any) -> web.Response:
        return web.json_response({"ok": True, "sequence": self._world.changes.sequence, **fields})

    async def act(self, request: web.Request) -> web.Response:
        """Let somebody do something."""
        fields = await _body(request)
        kind = str(fields.get("do"))
        handler = ACTS.get(kind)
        if handler is None:
            raise RefusedError(404, "unknown_act", f"There is no act {kind!r}; there are {', '.join(ACTS)}.")
        act = self._read_act(kind, fields)
        entry = self._world.record.add(
            "act", **{"as": act.me.handle, "do": kind, "act": fields, "verdict": "ok"}
        )
        try:
            if fields.get("wait") is False:
                self._world.tasks.start(_unwaited(handler(act)))
                return self._good()
            return self._good(**await handler(act))
        except RefusedError as refused:
            entry["verdict"] = refused.error
            raise

    def _read_act(self, kind: str, fields: Json) -> Act:
        workspace = self._workspace(fields.get("workspace"))
        if "as" not in fields and kind in administration.ACTS:
            me = next(p for p in workspace.people.values() if p.kind == "admin")
        else:
            me = self._person(workspace, fields.get("as"))
        if me.deleted and kind not in administration.ACTS:
            raise RefusedError(409, "deactivated", f"{me.handle}'s account is deactivated.")
        return Act(self._world, workspace, me, fields)

    def _workspace(self, name: Any) -> Workspace:
        found = self._world.default if name is None else self._world.find_workspace(str(name))
        if found is None:
            raise RefusedError(404, "unknown_workspace", f"There is no workspace {name!r}.")
        return found

    def _person(self, workspace: Workspace, who: Any) -> Person:
        found = workspace.find_person(str(who)) if isinstance(who, str) else None
        if found is None or found.kind == "bot":
            raise RefusedError(404, "unknown_person", f"There is nobody called {who!r} in {workspace.name}.")
        return found

    def _viewer(self, request: web.Request) -> tuple[Workspace, Person]:
        workspace = self._workspace(request.query.get("workspace"))
        return workspace, self._person(workspace, request.query.get("as"))

    async def see(self, request: web.Request) -> web.Response:
        """Show what somebody sees, at once or after the next change."""
        workspace, me = self._viewer(request)
        if "after" in request.query:
            await self._world.changes.wait(me.id, _number(request, "after"), _wait_s(request))
        return web.json_response(sight.see(self._world, workspace, me, _only(request, workspace, me)))

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Say that something changed, for as long as the page listens."""
        _, me = self._viewer(request)
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            await self._tell(response, me)
        return response

    async def _tell(self, response: web.StreamResponse, me: Person) -> None:
        changes, clock = self._world.changes, self._world.clock
        told: tuple[int, int, bool | None] = (-1, clock.sequence, None)
        while True:
            now = (changes.latest_for(me.id), clock.sequence, self._connected())
            said = []
            if now[0] != told[0]:
                said.append(_sent_event("change", {"sequence": changes.sequence}))
            if now[1] != told[1]:
                said.append(_sent_event("clock", {"sequence": now[1], "intent_time": _stamp(clock.time())}))
            if now[2] != told[2]:
                said.append(_sent_event("connection", {"connected": now[2]}))
            told = now
            await response.write("".join(said).encode() or b": still here\n\n")
            await self._next_news(me, told)

    async def _next_news(self, me: Person, told: tuple[int, int, bool | None]) -> None:
        """Return when something new is worth telling, or when a comment is due."""
        deadline = asyncio.get_running_loop().time() + _COMMENT_EVERY_S
        while (left := deadline - asyncio.get_running_loop().time()) > 0:
            now = (self._world.changes.latest_for(me.id), self._world.clock.sequence, self._connected())
            if now != told or not await self._world.changes.pulse(left):
                return

    def _connected(self) -> bool:
        return self._world.delivery.request_url is not None or self._world.sockets.count() > 0

    async def record(self, request: web.Request) -> web.Response:
        """Show the traffic."""
        after, kind = _number(request, "after"), request.query.get("kind")
        deadline = asyncio.get_running_loop().time() + _wait_s(request)
        while not (entries := self._world.record.after(after, kind)):
            if not await self._world.changes.pulse(deadline - asyncio.get_running_loop().time()):
                break
        return self._good(entries=entries)

    async def clock(self, request: web.Request) -> web.Response:
        """Tell intent time, at once or after the next move."""
        if "after" in request.query:
            await self._world.clock.wait(_number(request, "after"), _wait_s(request))
        return self._clock()

    def _clock(self) -> web.Response:
        clock = self._world.clock
        told = {"intent_time": _stamp(clock.time()), "offset_s": clock.offset_s, "sequence": clock.sequence}
        return web.json_response({"ok": True, **told})

    async def move_clock(self, request: web.Request) -> web.Response:
        """Move intent time forward."""
        fields = await _body(request)
        try:
            self._move(fields)
        except ClockError as refused:
            raise RefusedError(409, "clock_only_goes_forward", str(refused)) from None
        except (ValueError, TypeError, OSError) as wrong:
            raise RefusedError(400, "bad_request", f"That is no time: {wrong}") from None
        self._world.changes.touch_all()
        return self._clock()

    def _move(self, fields: Json) -> None:
        clock = self._world.clock
        if "by_s" in fields:
            clock.move_by(float(fields["by_s"]))
        elif "to" in fields:
            clock.move_to(datetime.fromisoformat(str(fields["to"])))
        elif "jump" in fields:
            clock.move_to(next_moment(str(fields["jump"]), clock.time(), self._zone(fields)))
        else:
            raise RefusedError(400, "bad_request", "Send by_s, to or jump.")

    def _zone(self, fields: Json) -> ZoneInfo:
        if "tz" in fields:
            return ZoneInfo(str(fields["tz"]))
        who = fields.get("as", "ana")
        person = self._person(self._workspace(fields.get("workspace")), who)
        return ZoneInfo(person.tz or "UTC")

    async def faults(self, request: web.Request) -> web.Response:  # noqa: ARG002 - aiohttp hands it over
        """List the armed faults."""
        return self._armed()

    def _armed(self, **more: Any) -> web.Response:
        return self._good(faults=[fault.shown() for fault in self._world.faults.armed()], **more)

    async def arm(self, request: web.Request) -> web.Response:
        """Arm a fault, do one at once, or disarm all."""
        fields = await _body(request)
        if fields.get("clear"):
            self._world.faults.clear()
            return self._armed()
        try:
            fault = self._world.faults.arm(fields)
        except FaultError as refused:
            raise RefusedError(400, "bad_request", str(refused)) from None
        await self._at_once(fault.kind, fault.fields)
        return self._armed(id=fault.id)

    async def _at_once(self, kind: str, fields: Json) -> None:
        everyone = fields.get("which") == "all"
        if kind == "drop_socket":
            await self._world.sockets.drop(everyone=everyone, close_frame=bool(fields["close_frame"]))
        elif kind == "deaf_socket":
            self._world.sockets.deafen(everyone=everyone)
        elif kind == "refresh":
            self._world.tasks.start(self._world.sockets.refresh(str(fields["reason"])))

    async def cast(self, request: web.Request) -> web.Response:  # noqa: ARG002 - aiohttp hands it over
        """List workspaces and who is in them."""
        shown = [self._cast_of(workspace) for workspace in self._world.workspaces.values()]
        return self._good(default={"workspace": "brightwater", "person": "ana"}, workspaces=shown)

    def _cast_of(self, workspace: Workspace) -> Json:
        conversations = [
            {"id": c.id, "name": c.name, "kind": c.kind} for c in workspace.conversations.values() if c.name
        ]
        return {
            **sight.workspace_json(workspace),
            "installed": self._world.is_installed(workspace),
            "people": [
                sight.person_json(self._world, person, workspace) for person in workspace.people.values()
            ],
            "conversations": conversations,
            "usergroups": sight.usergroups_json(workspace),
        }


async def _unwaited(work: Awaitable[Json]) -> None:
    with contextlib.suppress(RefusedError):
        await work


async def _body(request: web.Request) -> Json:
    try:
        fields = _as_utf8(await request.json())
    except (ValueError, RecursionError):
        raise RefusedError(400, "bad_request", "The body is not JSON.") from None
    if not isinstance(fields, dict):
        raise RefusedError(400, "bad_request", "The body is a JSON object.")
    return fields


def _as_utf8(fields: Any) -> Any:
    """Replace lone surrogates, which JSON can spell and no browser can send."""
    text = json.dumps(fields, ensure_ascii=False)
    return json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _number(request: web.Request, name: str) -> int:
    try:
        return int(request.query.get(name, "0"))
    except ValueError:
        raise RefusedError(400, "bad_request", f"{name} is a number.") from None


def _wait_s(request: web.Request) -> float:
    try:
        return min(float(request.query.get("wait", "0")), _LONGEST_WAIT_S)
    except ValueError:
        raise RefusedError(400, "bad_request", "wait is a number of seconds.") from None


def _only(request: web.Request, workspace: Workspace, me: Person) -> Conversation | None:
    name = request.query.get("in")
    if name is None:
        return None
    found = workspace.find_channel(name)
    if name.startswith("@"):
        other = workspace.bot() if name == "@app" else workspace.find_person(name)
        found = workspace.find_dm([me.id, other.id]) if other else None
    if found is None or not can_see(me, found):
        raise RefusedError(404, "unknown_conversation", f"{me.handle} knows no conversation {name!r}.")
    return found


def _sent_event(kind: str, body: Json) -> str:
    number = f"id: {body['sequence']}\n" if kind == "change" else ""
    return f"event: {kind}\n{number}data: {json.dumps(body)}\n\n"


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
