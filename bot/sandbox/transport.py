"""Delivery to the app: over its sockets or signed HTTP, once for people, again for events."""

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.faults import Faults
from bot.sandbox.outcome import ACK_WITHIN_S, Attempt, Outcome
from bot.sandbox.record import Record
from bot.sandbox.sockets import Sockets
from bot.sandbox.tasks import Tasks

Json = dict[str, Any]

_MOST_ANSWER_BYTES = 1_000_000


class Delivery:
    """Carries payloads to the app and writes down how that went."""

    def __init__(
        self,
        sockets: Sockets,
        signing_secret: str,
        record: Record,
        faults: Faults,
        tasks: Tasks,
        retry_after_s: Sequence[float],
    ) -> None:
        self._sockets = sockets
        self._secret = signing_secret.encode()
        self._record = record
        self._faults = faults
        self._tasks = tasks
        self._retry_after_s = retry_after_s
        self._held: list[tuple[str, str, Json]] = []
        self._session: aiohttp.ClientSession | None = None
        self.request_url: str | None = None
        self.in_flight = 0

    async def start(self) -> None:
        """Open the HTTP client."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ACK_WITHIN_S))

    async def stop(self) -> None:
        """Close the HTTP client."""
        if self._session:
            await self._session.close()

    async def interact(self, workspace: str, kind: str, what: str, payload: Json) -> Outcome:
        """Carry something a person did; Slack tries once."""
        self.in_flight += 1
        try:
            return await self._attempt(workspace, kind, what, payload, Attempt())
        finally:
            self.in_flight -= 1

    def event(self, workspace: str, what: str, payload: Json) -> None:
        """Carry an event, again when it is not acknowledged; nobody waits for it."""
        self.in_flight += 1
        self._tasks.start(self._events(workspace, what, payload))

    async def _events(self, workspace: str, what: str, payload: Json) -> None:
        try:
            for one in self._due(workspace, what, payload):
                await self._until_acknowledged(*one)
        finally:
            self.in_flight -= 1

    def _due(self, workspace: str, what: str, payload: Json) -> list[tuple[str, str, Json]]:
        """Apply the duplicate and reorder faults; a held event is due with the ones after it."""
        reorder = next((f for f in self._faults.armed() if f.kind == "reorder"), None)
        if reorder and reorder.fields.get("what") in ("*", what):
            self._held.append((workspace, what, payload))
            if len(self._held) < int(reorder.fields["count"]):
                return []
            self._faults.take(("reorder",), what=what)
            due, self._held = list(reversed(self._held)), []
            return due
        copies = 2 if self._faults.take(("duplicate",), what=what) else 1
        return [(workspace, what, payload)] * copies

    async def _until_acknowledged(self, workspace: str, what: str, payload: Json) -> None:
        attempt = Attempt()
        outcome = await self._attempt(workspace, "events_api", what, payload, attempt)
        for number, wait_s in enumerate(self._retry_after_s, start=1):
            if outcome.verdict == "ok" or outcome.no_retry:
                return
            self.in_flight -= 1
            await asyncio.sleep(wait_s)
            self.in_flight += 1
            attempt = Attempt(number, outcome.reason)
            outcome = await self._attempt(workspace, "events_api", what, payload, attempt)

    async def _attempt(
        self, workspace: str, kind: str, what: str, payload: Json, attempt: Attempt
    ) -> Outcome:
        entry = self._record.add(
            "delivery",
            workspace=workspace,
            type=kind,
            what=what,
            attempt=attempt.number,
            retry_reason=attempt.reason,
            verdict="in_flight",
            payload=payload,
        )
        outcome = await self._carry(kind, payload, attempt)
        lost = self._faults.take(("lost_ack",), what=what) if outcome.verdict == "ok" else None
        if lost:
            outcome = Outcome(
                "operation_timeout", outcome.transport, outcome.ms, reason=str(lost.fields["reason"])
            )
        entry |= {
            "verdict": outcome.verdict,
            "transport": outcome.transport,
            "status": outcome.status,
            "response": outcome.response,
            "ms": round(outcome.ms, 2),
        }
        return outcome

    async def _carry(self, kind: str, payload: Json, attempt: Attempt) -> Outcome:
        if self.request_url is None:
            return await self._sockets.send(kind, payload, attempt)
        return await self._post(self.request_url, kind, payload, attempt)

    async def _post(self, url: str, kind: str, payload: Json, attempt: Attempt) -> Outcome:
        if self._session is None:
            return Outcome("dispatch_failed", "http", reason="connection_failed")
        body, content_type = _http_body(kind, payload)
        headers = {"Content-Type": content_type, **self._signed(body)}
        if attempt.number:
            headers |= {
                "X-Slack-Retry-Num": str(attempt.number),
                "X-Slack-Retry-Reason": attempt.reason or "",
            }
        started = time.perf_counter()
        try:
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                outcome = await _http_outcome(answer)
        except TimeoutError:
            outcome = Outcome("operation_timeout", "http", reason="http_timeout")
        except aiohttp.ClientError:
            outcome = Outcome("dispatch_failed", "http", reason="connection_failed")
        outcome.ms = (time.perf_counter() - started) * 1000
        return outcome

    def _signed(self, body: bytes) -> dict[str, str]:
        stamp = str(int(time.time() + self._faults.skew_s()))
        mac = hmac.new(self._secret, f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        return {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={mac}",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }

    async def verify_url(self, url: str, token: str, challenge: str) -> bool:
        """Ask a request URL for the challenge, as Slack does before it takes one."""
        payload = {"type": "url_verification", "token": token, "challenge": challenge}
        outcome = await self._post(url, "url_verification", payload, Attempt())
        answer = outcome.response
        said = answer.get("challenge", answer.get("text")) if isinstance(answer, dict) else None
        return outcome.verdict == "ok" and said == challenge


def _http_body(kind: str, payload: Json) -> tuple[bytes, str]:
    if kind in ("events_api", "url_verification"):
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


async def _http_outcome(answer: aiohttp.ClientResponse) -> Outcome:
    body = await answer.content.read(_MOST_ANSWER_BYTES)
    outcome = Outcome("ok" if answer.status == 200 else "dispatch_failed", "http", status=answer.status)
    outcome.no_retry = answer.headers.get("X-Slack-No-Retry") == "1"
    outcome.reason = "http_error" if answer.status != 200 else ""
    text = body.decode("utf-8", "replace")
    outcome.response = {"text": text} if text else None
    if answer.content_type == "application/json":
        with contextlib.suppress(ValueError):
            outcome.response = json.loads(text) if text else None
    return outcome
