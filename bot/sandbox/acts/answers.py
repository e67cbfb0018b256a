"""Carrying a gesture to the app and applying what it answers."""

from typing import Any

from bot.sandbox import replies
from bot.sandbox.acts.act import Act
from bot.sandbox.outcome import Outcome
from bot.sandbox.triggers import ResponseUrl

Json = dict[str, Any]


async def carry(act: Act, kind: str, what: str, payload: Json) -> Outcome:
    """Send a payload to the app; one that is not installed, or not interactive, gets nothing."""
    deaf = kind == "interactive" and not act.world.manifest.interactivity
    if deaf or not act.world.is_installed(act.workspace):
        return Outcome("dispatch_failed", "none")
    return await act.world.delivery.interact(act.workspace.key, kind, what, payload)


def take_reply(act: Act, channel: str, message_ts: str | None, response: Any) -> str | None:
    """Apply a message inside an acknowledgement; gives Slack's error name when it is refused."""
    answer = replies.answer_of(response)
    if answer is None:
        return None
    url = ResponseUrl("", act.workspace.key, channel, act.me.id, 0.0, message_ts)
    refusal = replies.reply(act.world, act.workspace, url, answer)
    if refusal is None:
        return None
    act.world.record.add(
        "call", method="(answer)", verdict=refusal.error, detail=refusal.messages, arguments=answer
    )
    return refusal.error
