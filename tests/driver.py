"""People at their keyboards: a small driver over the sandbox's control API, in which stories read as turns.

    async with start_sandbox(manifest) as sandbox, Driver(sandbox.url) as workspace:
        ana = workspace.person("ana")
        await ana.slash("/deescalate late refund")
        card = await ana.sees("Late refund")
        await card.click("Another way")

Everything waits for its effect through the change sequence; nothing sleeps.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp

from bot.sandbox.server import Sandbox

Json = dict[str, Any]
T = TypeVar("T")

PATIENCE_S = 8.0
_MOMENT_S = 1.5


@asynccontextmanager
async def start_sandbox(manifest: Mapping[str, Any], **options: Any) -> AsyncIterator[Sandbox]:
    """Run a sandbox on a free port, and end it afterwards."""
    sandbox = Sandbox(manifest, **options)
    await sandbox.start()
    try:
        yield sandbox
    finally:
        await sandbox.stop()


class DriverError(AssertionError):
    """A turn that did not go as the story says, with what the person saw instead."""


class RefusedError(DriverError):
    """An act that the sandbox refused, as Slack's own client would have."""

    def __init__(self, error: str, message: str, body: Json) -> None:
        super().__init__(f"{error}: {message}")
        self.error = error
        self.body = body


class Driver:
    """A pretend workspace, from outside."""

    def __init__(self, url: str, *, workspace: str | None = None) -> None:
        self.url = url.rstrip("/")
        self._workspace = workspace
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    def person(self, handle: str) -> Person:
        """Sit down at somebody's keyboard, in #support-floor."""
        return Person(self, handle)

    async def post(self, path: str, body: Json) -> Json:
        """Send something to the control API."""
        assert self._session is not None, "use the driver as `async with Driver(...)`"
        async with self._session.post(f"{self.url}/sandbox/{path}", json=body) as answer:
            return _good(await answer.json())

    async def get(self, path: str, **query: Any) -> Json:
        """Ask the control API."""
        assert self._session is not None, "use the driver as `async with Driver(...)`"
        wanted = {key: str(value) for key, value in query.items() if value is not None}
        async with self._session.get(f"{self.url}/sandbox/{path}", params=wanted) as answer:
            return _good(await answer.json())

    async def admin(self, do: str, **fields: Any) -> Json:
        """Let the admin do something."""
        return await self.post("act", self.named({"do": do, **fields}))

    def named(self, fields: Json) -> Json:
        """Add the workspace to an act."""
        return fields | ({"workspace": self._workspace} if self._workspace else {})

    async def look(self, handle: str, *, after: int | None = None, wait: float = PATIENCE_S) -> Json:
        """Look over somebody's shoulder; with `after`, at the next change or when the wait is over."""
        return await self.get(
            "see",
            **{"as": handle},
            workspace=self._workspace,
            after=after,
            wait=wait if after is not None else None,
        )

    async def jump(self, words: str, *, as_: str = "ana") -> Json:
        """Move intent time to the next such moment in that person's zone."""
        return await self.post("clock", {"jump": words, "as": as_})

    async def pass_time(self, seconds: float) -> Json:
        """Move intent time forward."""
        return await self.post("clock", {"by_s": seconds})

    async def fault(self, kind: str, **fields: Any) -> Json:
        """Arm a fault."""
        return await self.post("faults", {"fault": kind, **fields})

    async def no_faults(self) -> None:
        """Disarm every fault."""
        await self.post("faults", {"clear": True})

    async def record(self, kind: str | None = None, after: int = 0) -> list[Json]:
        """Give the traffic so far."""
        entries: list[Json] = (await self.get("record", kind=kind, after=after))["entries"]
        return entries

    async def recorded(self, fits: Callable[[Json], bool], *, kind: str | None = None) -> Json:
        """Wait for an entry of the record."""
        latest = 0
        for _ in _until_patience_ends():
            entries = await self.record(kind)
            found = next((entry for entry in entries if fits(entry)), None)
            if found and found["verdict"] != "in_flight":
                return found
            if found:
                await self.settle()
            else:
                latest = max([latest, *(entry["n"] for entry in entries)])
                await self.get("record", kind=kind, after=latest, wait=1)
        raise DriverError("That never came into the record.")

    async def settle(self) -> None:
        """Wait until nothing is under way any more, so that absence can be asserted."""
        answer = await self.admin("settle")
        if not answer["settled"]:
            raise DriverError("The workspace never came to rest.")


@dataclass
class Person:
    """Somebody at a keyboard; `place` is where they talk."""

    workspace: Driver
    handle: str
    place: str = "#support-floor"
    last: Json = field(default_factory=dict)

    def at(self, place: str) -> Person:
        """Go to another channel or DM (`"#leads"`, `"@ben"`, `"@app"`)."""
        return Person(self.workspace, self.handle, place)

    async def act(self, do: str, **fields: Any) -> Json:
        """Do something; the answer is kept in `last`."""
        self.last = await self.workspace.post(
            "act", self.workspace.named({"as": self.handle, "do": do, **fields})
        )
        return self.last

    async def say(self, text: str, *, thread: Shown | None = None, **fields: Any) -> Json:
        """Post a message, perhaps in a thread."""
        ts = {"thread_ts": thread.body["thread_ts"] or thread.body["ts"]} if thread else {}
        return await self.act("say", **{"in": self.place}, text=text, **ts, **fields)

    async def slash(self, line: str) -> Json:
        """Type a slash command; returns when the app has answered."""
        return await self.act("slash", **{"in": self.place}, text=line)

    async def shortcut(self, callback_id: str) -> Json:
        """Start a global shortcut."""
        return await self.act("shortcut", callback_id=callback_id)

    async def open_home(self) -> Json:
        """Open the app's Home."""
        return await self.act("open_home")

    async def look(self) -> Json:
        """See everything this person sees now."""
        return await self.workspace.look(self.handle)

    async def sees(
        self,
        text: str,
        *,
        within: Callable[[Shown], bool] = lambda shown: True,
        patience_s: float = PATIENCE_S,
    ) -> Shown:
        """Wait until a message, the modal on top or the Home says `text`; gives the newest that does."""
        return await self._wait(
            lambda seen: next((s for s in newest_first(self, seen) if text in s.words and within(s)), None),
            f"{self.handle} never saw {text!r}",
            patience_s,
        )

    async def sees_message(self, text: str) -> Shown:
        """Wait until a message (no modal, no Home) says `text`."""
        return await self.sees(text, within=lambda shown: shown.kind == "message")

    async def sees_ephemeral(self, text: str) -> Shown:
        """Wait until a message only this person sees says `text`."""
        return await self.sees(text, within=lambda shown: bool(shown.body.get("ephemeral")))

    async def sees_modal(self, text: str = "") -> Shown:
        """Wait until the modal on top says `text`."""
        return await self.sees(text, within=lambda shown: shown.kind == "modal")

    async def sees_home(self, text: str = "") -> Shown:
        """Wait until the Home says `text`."""
        return await self.sees(text, within=lambda shown: shown.kind == "home")

    async def sees_notice(self, text: str) -> Json:
        """Wait until Slackbot or a banner says `text`."""
        return await self._wait(
            lambda seen: next((n for n in reversed(seen["notices"]) if text in n["text"]), None),
            f"{self.handle} was never told {text!r}",
        )

    async def sees_no_modal(self) -> None:
        """Wait until no modal is open."""
        await self._wait(
            lambda seen: None if seen["modals"] else True, f"{self.handle} still has a modal open"
        )

    async def sees_nothing(self, text: str) -> None:
        """Check, once everything has come to rest, that nothing this person sees says `text`."""
        await self.workspace.settle()
        shown = next((s for s in newest_first(self, await self.look()) if text in s.words), None)
        if shown:
            raise DriverError(f"{self.handle} sees {text!r}, and should not:\n{shown.words}")

    async def _wait(
        self, find: Callable[[Json], T | None], complaint: str, patience_s: float = PATIENCE_S
    ) -> T:
        seen = await self.look()
        for left_s in _until_patience_ends(patience_s):
            found = find(seen)
            if found is not None:
                return found
            seen = await self.workspace.look(self.handle, after=seen["sequence"], wait=left_s)
        found = find(seen)
        if found is not None:
            return found
        words = "\n---\n".join(shown.words for shown in newest_first(self, seen)[:6])
        raise DriverError(f"{complaint}. The newest things there:\n{words}\nNotices: {seen['notices']}")


@dataclass
class Shown:
    """A message, a modal or a Home in front of somebody."""

    person: Person
    kind: str
    body: Json

    @property
    def words(self) -> str:
        """Everything it says, a line a text."""
        return "\n".join(words_in(self.body))

    @property
    def where(self) -> Json:
        """How acts name it."""
        if self.kind == "message":
            return {"channel": self.body["channel"], "ts": self.body["ts"]}
        return {"view_id": self.body["id"]}

    def elements(self) -> Iterator[tuple[Json, Json]]:
        """Give every (block, element) that can be used."""
        for block in self.body.get("blocks") or []:
            inner = [block.get("element"), block.get("accessory"), *(block.get("elements") or [])]
            yield from ((block, e) for e in inner if isinstance(e, dict) and "action_id" in e)

    def find(self, label: str) -> Json:
        """Find an element by its button text, its field's label, its placeholder, action_id or block_id."""
        for block, element in self.elements():
            names = {element["action_id"], block["block_id"], *_labels(block, element)}
            if label in names:
                return {"action_id": element["action_id"], "block_id": block["block_id"]}
        known = [sorted(_labels(b, e)) or [e["action_id"]] for b, e in self.elements()]
        raise DriverError(f"There is no {label!r} there; there are {known}.")

    async def click(self, label: str, *, confirm: bool = False, **fields: Any) -> Json:
        """Press a button; returns when the app has answered.

        Home may be drawn anew under the finger, at any moment: then the button of that name there is meant.
        """
        more = {"confirmed": True} if confirm else {}
        try:
            return await self.person.act("click", **self.where, **self.find(label), **more, **fields)
        except RefusedError as refused:
            if self.kind != "home" or refused.error != "unknown_element":
                raise
        now = await self.again()
        return await self.person.act("click", **now.where, **now.find(label), **more, **fields)

    async def choose(self, label: str, *values: Any, confirm: bool = False) -> Json:
        """Pick one or several values; none clears. An option may be named by its text."""
        offered = self._option_values(label)
        chosen = [offered.get(value, value) for value in values]
        more = {"confirmed": True} if confirm else {}
        return await self.person.act("choose", **self.where, **self.find(label), values=chosen, **more)

    def _option_values(self, label: str) -> Json:
        target = self.find(label)
        for block, element in self.elements():
            if {"action_id": element["action_id"], "block_id": block["block_id"]} == target:
                options = list(element.get("options") or [])
                options += [o for group in element.get("option_groups") or [] for o in group["options"]]
                return {option["text"]["text"]: option["value"] for option in options}
        return {}

    async def type(self, label: str, text: str, *, enter: bool = False) -> Json:
        """Type into a field."""
        return await self.person.act("type", **self.where, **self.find(label), text=text, enter=enter)

    async def submit(self) -> Json:
        """Press the modal's submit button; the answer has `result` and perhaps `errors`."""
        return await self.person.act("submit", **self.where)

    async def close(self, *, everything: bool = False) -> Json:
        """Close the modal."""
        return await self.person.act("close", **self.where, all=everything)

    async def message_shortcut(self, callback_id: str) -> Json:
        """Start a shortcut from the message's menu."""
        return await self.person.act("message_shortcut", **self.where, callback_id=callback_id)

    async def react(self, name: str) -> Json:
        """Add a reaction."""
        return await self.person.act("react", **self.where, name=name)

    async def again(self) -> Shown:
        """Look at the same thing as it is now."""
        seen = await self.person.look()
        for shown in newest_first(self.person, seen):
            if shown.where == self.where:
                return shown
        raise DriverError("It is gone.")

    async def becomes(self, text: str) -> Shown:
        """Wait until the same message or view is drawn anew and says `text`.

        What already said so before is given as it is once nothing changed for a moment.
        """
        before = _drawn(self.body)

        def redrawn(shown: Shown) -> bool:
            return shown.where == self.where and _drawn(shown.body) != before

        try:
            return await self.person.sees(text, within=redrawn, patience_s=_MOMENT_S)
        except DriverError:
            return await self.person.sees(text, within=lambda shown: shown.where == self.where)


def newest_first(person: Person, seen: Json) -> list[Shown]:
    """List what somebody sees: the modal on top, the messages newest first, the Home."""
    modals = [Shown(person, "modal", view) for view in seen["modals"][-1:]]
    messages = [m for c in seen["conversations"] for m in c["messages"]]
    messages.sort(key=lambda m: (len(m["ts"].partition(".")[0]), m["ts"]), reverse=True)
    home = [Shown(person, "home", seen["home"])] if seen["home"] else []
    return [*modals, *(Shown(person, "message", m) for m in messages), *home]


def _drawn(body: Json) -> list[Any]:
    """Give what an app draws, without what people put in."""
    return [body.get(key) for key in ("blocks", "text", "title", "submit", "errors", "trouble", "hash")]


_TEXTS = ("title", "text", "label", "hint", "placeholder", "description", "alt_text", "fallback", "caption")
_PARTS = ("fields", "elements", "element", "accessory", "options", "option_groups", "blocks", "attachments")
_REST = (
    "rows",
    "submit",
    "close",
    "errors",
    "trouble",
    "child_blocks",
    "body",
    "subtitle",
    "subtext",
    "files",
    "name",
)
_WORDY = frozenset((*_TEXTS, *_PARTS, *_REST))


def words_in(value: Any) -> Iterator[str]:
    """Give every text in a message or view."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from words_in(item)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key in _WORDY:
                yield from words_in(list(inner.values()) if key == "errors" else inner)


def _labels(block: Json, element: Json) -> set[str]:
    texts = [element.get("text"), block.get("label"), element.get("placeholder"), block.get("text")]
    found = {text["text"] for text in texts if isinstance(text, dict)}
    for key in ("positive_button", "negative_button"):
        found |= {element[key]["text"]["text"]} if key in element else set()
    return found | ({element["accessibility_label"]} if element.get("accessibility_label") else set())


def _good(body: Json) -> Json:
    if not body.get("ok"):
        raise RefusedError(body.get("error", "?"), body.get("message", json.dumps(body)), body)
    return body


def _until_patience_ends(patience_s: float = PATIENCE_S) -> Iterator[float]:
    """Take turns until the driver's patience is over, saying how much of it is left."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience_s
    while (left_s := deadline - loop.time()) > 0:
        yield left_s
