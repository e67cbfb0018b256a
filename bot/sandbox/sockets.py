"""Socket Mode: tickets, live websockets, and each payload to exactly one of them."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.changes import Changes
from bot.sandbox.faults import Faults
from bot.sandbox.ids import Ids
from bot.sandbox.outcome import ACK_WITHIN_S, Attempt, Outcome

Json = dict[str, Any]

MOST_CONNECTIONS = 10
_WARNED_AHEAD_S = 10.0
_RETIRES_AFTER_S = 1.0


@dataclass(eq=False)
class Socket:
    """One live connection and the envelopes it has not acknowledged."""

    ws: web.WebSocketResponse
    transport: asyncio.Transport | None
    deaf: bool = False
    retiring: bool = False
    pending: dict[str, asyncio.Future[Json]] = field(default_factory=dict)

    def let_go(self) -> None:
        """Fail what was sent here and never acknowledged, so that it can go elsewhere."""
        for future in self.pending.values():
            if not future.done():
                future.set_exception(ConnectionError())


class Sockets:
    """The app's connections, at most ten."""

    def __init__(self, app_id: str, ids: Ids, faults: Faults, changes: Changes) -> None:
        self._app_id = app_id
        self._ids = ids
        self._faults = faults
        self._changes = changes
        self._tickets: dict[str, bool] = {}
        self._live: list[Socket] = []
        self._turn = 0
        self.connected = asyncio.Event()

    def ticket(self, *, debug_reconnects: bool = False) -> str:
        """Make a single-use ticket for one websocket."""
        ticket = self._ids.mixed(40)
        self._tickets[ticket] = debug_reconnects
        return ticket

    def count(self) -> int:
        """How many connections are open."""
        return len(self._live)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection until either side ends it."""
        short_lived = self._tickets.pop(request.query.get("ticket", ""), None)
        if short_lived is None or self._faults.take(("refuse_socket",)):
            return web.Response(status=408 if short_lived is None else 503, text="no such ticket")
        ws = web.WebSocketResponse(autoping=False, max_msg_size=1_000_000, timeout=1.0)
        await ws.prepare(request)
        if len(self._live) >= MOST_CONNECTIONS:
            await ws.send_json({"type": "disconnect", "reason": "too_many_websockets", "debug_info": {}})
            await ws.close()
            return ws
        transport = request.transport
        socket = Socket(ws, transport if isinstance(transport, asyncio.Transport) else None)
        try:
            await self._hello(socket, short_lived)
            self._live.append(socket)
            self.connected.set()
            self._changes.touch_all()
            await self._listen(socket)
        finally:
            self._gone(socket)
        return ws

    async def _hello(self, socket: Socket, short_lived: bool) -> None:
        lifetime = 360 if short_lived else 18_060
        await socket.ws.send_json(
            {
                "type": "hello",
                "num_connections": len(self._live) + 1,
                "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": lifetime},
                "connection_info": {"app_id": self._app_id},
            }
        )

    async def _listen(self, socket: Socket) -> None:
        async for message in socket.ws:
            if socket.deaf:
                continue
            if message.type == WSMsgType.PING:
                await socket.ws.pong(message.data)
            elif message.type == WSMsgType.TEXT:
                _acknowledge(socket, message.data)

    def _gone(self, socket: Socket) -> None:
        if socket in self._live:
            self._live.remove(socket)
        socket.let_go()
        self._note_connected()
        self._changes.touch_all()

    def _note_connected(self) -> None:
        """An old connection that is about to close does not count."""
        if not any(not socket.retiring for socket in self._live):
            self.connected.clear()

    def _choose(self) -> Socket | None:
        ready = [s for s in self._live if not s.retiring] or self._live
        if not ready:
            return None
        self._turn += 1
        return ready[self._turn % len(ready)]

    async def send(self, kind: str, payload: Json, attempt: Attempt) -> Outcome:
        """Send one payload to one connection and wait for its acknowledgement."""
        started = time.perf_counter()
        socket = self._choose()
        if socket is None:
            return Outcome("dispatch_failed", "none", reason="connection_failed")
        envelope_id = str(self._ids.mixed(36))
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        socket.pending[envelope_id] = future
        outcome = Outcome("ok", "socket")
        try:
            if not socket.deaf:
                await socket.ws.send_str(_envelope(envelope_id, kind, payload, attempt))
            outcome.response = (await asyncio.wait_for(future, ACK_WITHIN_S)).get("payload")
        except TimeoutError:
            outcome = Outcome("operation_timeout", "socket", reason="http_timeout")
        except (ConnectionError, RuntimeError):
            outcome = Outcome("dispatch_failed", "socket", reason="connection_failed")
        finally:
            socket.pending.pop(envelope_id, None)
        outcome.ms = (time.perf_counter() - started) * 1000
        return outcome

    async def wait_connected(self, timeout: float) -> None:
        """Return once a connection is open; TimeoutError when none comes."""
        await asyncio.wait_for(self.connected.wait(), timeout)

    async def drop(self, *, everyone: bool, close_frame: bool) -> None:
        """Cut connections, politely or by cutting the wire."""
        for socket in self._some(everyone):
            if close_frame or socket.transport is None:
                self._gone(socket)
                await socket.ws.close()
            else:
                socket.transport.abort()
                self._gone(socket)

    async def refresh(self, reason: str) -> None:
        """Ask the app to come back on a new connection, then close the old ones."""
        old = list(self._live)
        for socket in old:
            socket.retiring = True
            self._note_connected()
            if not socket.ws.closed:
                await socket.ws.send_json(
                    {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
                )
        await asyncio.sleep(_WARNED_AHEAD_S if reason == "warning" else _RETIRES_AFTER_S)
        for socket in old:
            await socket.ws.close()

    def deafen(self, *, everyone: bool) -> None:
        """Leave connections open that carry nothing and answer no ping."""
        for socket in self._some(everyone):
            socket.deaf = True

    def _some(self, everyone: bool) -> list[Socket]:
        return list(self._live) if everyone else self._live[:1]

    async def stop(self) -> None:
        """Close every connection."""
        for socket in list(self._live):
            await socket.ws.close()


def _envelope(envelope_id: str, kind: str, payload: Json, attempt: Attempt) -> str:
    envelope: Json = {
        "envelope_id": envelope_id,
        "type": kind,
        "payload": payload,
        "accepts_response_payload": kind != "events_api",
    }
    if kind == "events_api":
        envelope |= {"retry_attempt": attempt.number, "retry_reason": attempt.reason or ""}
    return json.dumps(envelope)


def _acknowledge(socket: Socket, text: str) -> None:
    try:
        answer = json.loads(text)
        future = socket.pending.get(str(answer["envelope_id"]))
    except (ValueError, KeyError, TypeError):
        return
    if future and not future.done():
        future.set_result(answer)
