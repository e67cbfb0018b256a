"""The door of the Web API: arguments in, token and scope checked, faults and rates applied, answer out."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox.api import apps, channels, chat, conversations, files, reactions, scopes, users, views
from bot.sandbox.api.call import ApiError, Call
from bot.sandbox.credentials import Grant
from bot.sandbox.faults import ON_CALLS, Fault
from bot.sandbox.stacks import StackError
from bot.sandbox.world import World

Json = dict[str, Any]
Method = Callable[[Call], Awaitable[Json]]

METHODS: dict[str, Method] = {
    **apps.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **channels.METHODS,
    **users.METHODS,
    **views.METHODS,
    **reactions.METHODS,
    **files.METHODS,
}


class WebApi:
    """Answers `/api/METHOD`."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one call and write it down."""
        method = request.match_info["method"]
        started = time.perf_counter()
        self._world.calls_in_flight += 1
        entry = self._world.record.add("call", method=method, arguments={}, verdict="in_flight")
        try:
            return await self._answer(request, method, entry)
        finally:
            self._world.calls_in_flight -= 1
            entry["ms"] = round((time.perf_counter() - started) * 1000, 2)

    async def _answer(self, request: web.Request, method: str, entry: Json) -> web.Response:
        try:
            args, token = await _arguments(request)
            entry["arguments"] = _kept(args)
            call = self._call(method, args, token)
            entry["workspace"] = call.home.key if call.home else None
            fault = self._world.faults.take(ON_CALLS, method=method)
            early = await _early(fault)
            if early is not None:
                entry |= {"verdict": fault.kind if fault else "", "status": early.status}
                return early
            self._check_rate(call)
            self._check_scope(call)
            answer = await _run(call)
            await _late(fault)
        except ApiError as refused:
            return _refusal(refused, entry)
        entry |= {"verdict": "ok", "status": 200, "response": answer}
        return web.json_response({"ok": True, **answer}, headers=_scope_headers(call))

    def _call(self, method: str, args: Json, token: str) -> Call:
        if method not in METHODS:
            raise ApiError("unknown_method", req_method=method)
        grant = None if method in scopes.NO_TOKEN else self._grant(method, token)
        home = self._world.workspaces.get(grant.workspace) if grant and grant.workspace else None
        return Call(self._world, method, args, grant, home)

    def _grant(self, method: str, token: str) -> Grant:
        if not token:
            raise ApiError("not_authed")
        grant = self._world.credentials.find(token)
        if grant is None:
            raise ApiError("invalid_auth")
        if grant.dead:
            raise ApiError(grant.dead)
        if (grant.kind == "app") != (method in scopes.APP_TOKEN) and method not in scopes.ANY_TOKEN:
            raise ApiError("not_allowed_token_type")
        return grant

    def _check_rate(self, call: Call) -> None:
        key = call.home.key if call.home else "app"
        wait_s = self._world.rates.retry_after(call.method, key, call.optional("channel"))
        if wait_s is not None:
            raise ApiError("ratelimited", retry_after=wait_s)

    def _check_scope(self, call: Call) -> None:
        needed = scopes.SCOPES.get(call.method)
        if needed and call.grant and not call.grant.scopes.intersection(needed):
            provided = ",".join(sorted(call.grant.scopes))
            raise ApiError("missing_scope", needed=needed[0], provided=provided)


async def _run(call: Call) -> Json:
    try:
        answer = await METHODS[call.method](call)
    except StackError as refused:
        raise ApiError(str(refused)) from None
    if call.warnings:
        metadata = answer.setdefault("response_metadata", {})
        metadata["warnings"] = list(call.warnings)
        answer["warning"] = ",".join(call.warnings)
    return answer


async def _early(fault: Fault | None) -> web.Response | None:
    """Apply a fault that keeps the call from being carried out."""
    if fault is None or fault.kind == "slow" or fault.fields.get("effect"):
        return None
    if fault.kind == "ratelimited":
        raise ApiError("ratelimited", retry_after=int(fault.fields["retry_after"]))
    if fault.kind == "error":
        raise ApiError(str(fault.fields["error"]))
    if fault.kind == "hang":
        await asyncio.sleep(float(fault.fields["for_s"]))
    return web.Response(status=int(fault.fields.get("status", 504)), text="upstream error")


async def _late(fault: Fault | None) -> None:
    """Apply a fault that lets the call be carried out and keeps the answer back."""
    if fault is not None:
        await asyncio.sleep(float(fault.fields["for_s"]))


async def _arguments(request: web.Request) -> tuple[Json, str]:
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= await _json_arguments(request)
    elif request.can_read_body:
        form = await request.post()
        args |= {key: value for key, value in form.items() if isinstance(value, str)}
    header = request.headers.get("Authorization", "")
    if header.startswith("Basic "):
        args["_authorization"] = header
    token = header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else ""
    return args, str(args.pop("token", "") or token)


async def _json_arguments(request: web.Request) -> Json:
    text = await request.text()
    if not text.strip():
        return {}
    try:
        body = json.loads(text)
    except ValueError:
        raise ApiError("invalid_json") from None
    if not isinstance(body, dict):
        raise ApiError("json_not_object")
    return body


def _kept(args: Json) -> Json:
    """Leave credentials out of the record."""
    return {k: v for k, v in args.items() if k not in ("_authorization", "client_secret", "code")}


def _refusal(refused: ApiError, entry: Json) -> web.Response:
    answer: Json = {"ok": False, "error": refused.error, **refused.extra}
    headers: dict[str, str] = {}
    status = 200
    if refused.error == "ratelimited":
        status = 429
        headers["Retry-After"] = str(answer.pop("retry_after", 1))
    if refused.messages:
        answer["response_metadata"] = {"messages": refused.messages}
    entry |= {"verdict": refused.error, "status": status, "detail": refused.messages, "response": answer}
    return web.json_response(answer, status=status, headers=headers)


def _scope_headers(call: Call) -> dict[str, str]:
    if call.grant is None:
        return {}
    return {
        "X-OAuth-Scopes": ",".join(sorted(call.grant.scopes)),
        "X-Accepted-OAuth-Scopes": ",".join(scopes.SCOPES.get(call.method, ())),
    }
