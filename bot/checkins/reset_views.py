"""What a reset draws: one message or window, changed in place a step at a time; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from bot.checkins.views import GRADES
from bot.cover import Cover
from bot.errors import GoneError
from bot.playbooks.model import Grade, Reset
from bot.slack import blocks as b
from bot.slack.cover import cover_words
from bot.slack.help_lines import help_button
from bot.slack.ids import Action, View
from bot.slack.text import Mrkdwn, bold, escape, lines

HOW_LONG = "How long have you got?"
DONE = "That's it. Back when you're ready. Nothing about this is kept."
STOPPED = "Stopped. Nothing about this is kept."
GONE = "That reset isn't there any more. Choose another: `/checkin reset`"
LENGTHS: Mapping[int, str] = {
    20: "20 seconds",
    60: "1 minute",
    180: "3 minutes",
    300: "5 minutes",
    600: "10 minutes",
}
BETWEEN_TWO_CALLS = 20
"""Seconds; too short for buttons in the middle, so all of it is shown at once."""


@dataclass(frozen=True, slots=True)
class At:
    """Where somebody is in a reset; travels in its buttons. `step` 0 is before the first."""

    reset: str
    step: int
    nonce: str
    has_cover: bool = False

    def encode(self) -> str:
        """For a button."""
        return f"{self.reset}|{self.step}|{self.nonce}|{int(self.has_cover)}"

    @classmethod
    def decode(cls, value: str) -> Self:
        """From a button; raises GoneError."""
        parts = value.split("|")
        if len(parts) != 4 or not parts[1].isdecimal():
            raise GoneError(GONE)
        return cls(parts[0], int(parts[1]), parts[2], parts[3] == "1")

    @property
    def next(self) -> Self:
        """One step on."""
        return replace(self, step=self.step + 1)


def lengths_blocks() -> list[b.Block]:
    """Choose by how long one has got."""
    buttons = [b.button(text, Action.RESET_LENGTH, str(s), suffix=str(s)) for s, text in LENGTHS.items()]
    return [b.section(escape(HOW_LONG)), b.actions(*buttons), b.actions(help_button())]


def reset_blocks(reset: Reset, at: At, cover: Cover | None = None) -> list[b.Block]:
    """The reset where somebody is in it; past its last step it is over."""
    if at.step > len(reset.steps):
        return [b.section(escape(DONE)), b.actions(help_button())]
    if at.step == 0 or reset.seconds == BETWEEN_TWO_CALLS:
        return [*_opening(reset, at), *(cover_blocks(cover) if cover else [])]
    step = reset.steps[at.step - 1]
    place = f"{reset.title}: {at.step} of {len(reset.steps)}"
    last = at.step == len(reset.steps)
    return [
        b.section(lines(bold(place), escape(step.do))),
        b.context(escape(f"About {length_words(step.seconds)}. No hurry.")),
        b.actions(
            b.button("Done" if last else "Next", Action.RESET_STEP, at.next.encode(), style="primary"),
            b.button("Stop", Action.RESET_STOP),
        ),
    ]


def cover_blocks(cover: Cover) -> list[b.Block]:
    """What was asked, and what to set the phone to."""
    words = cover_words(cover.minutes, cover.code)
    if cover.leads:
        asked = " and ".join(f"<@{it}>" for it in cover.leads)
        head = b.section(Mrkdwn(f"Asked {asked}, without a reason: “{escape(words)}”."))
    else:
        said = f"No lead is set up for you in Steady, so nobody was asked. Send this yourself: “{words}”."
        head = b.section(escape(said))
    code = [b.section(Mrkdwn(f"Set your phone to {bold(cover.code)}."))] if cover.code else []
    return [head, *code]


def stopped_blocks() -> list[b.Block]:
    """Ended by the member."""
    return [b.section(escape(STOPPED)), b.actions(b.button("Another one", Action.RESET), help_button())]


def message(blocks: Sequence[b.Block]) -> b.Message:
    """As a message: its text says the same as its blocks."""
    said = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    return b.Message(Mrkdwn("\n".join(said)), blocks)


def modal(blocks: Sequence[b.Block]) -> b.Block:
    """As a window."""
    return b.modal(View.RESET, "A reset", blocks)


def length_words(seconds: int) -> str:
    """A length as people say it."""
    if seconds < 60:
        return f"{seconds} seconds"
    minutes, rest = divmod(seconds, 60)
    whole = "1 minute" if minutes == 1 else f"{minutes} minutes"
    return f"{whole} {rest} seconds" if rest else whole


def minutes_of(reset: Reset) -> int:
    """Minutes to ask cover for; at least one."""
    return max(1, reset.seconds // 60)


def _opening(reset: Reset, at: At) -> list[b.Block]:
    short = reset.seconds == BETWEEN_TWO_CALLS
    steps = "\n".join(f"{number}. {it.do} ({it.seconds} s)" for number, it in enumerate(reset.steps, start=1))
    about = steps if short else f"{LENGTHS[reset.seconds]}, {len(reset.steps)} steps, at your own pace."
    source = "" if reset.grade is Grade.OURS else f": {reset.source}"
    buttons = [] if short else [b.button("Begin", Action.RESET_STEP, at.next.encode(), style="primary")]
    buttons.append(b.button("Another one", Action.RESET_ANOTHER, at.encode()))
    if not short and not at.has_cover:
        cover = b.button(
            "Ask for cover",
            Action.RESET_COVER,
            at.encode(),
            label=f"Ask for cover for {minutes_of(reset)} minutes, without a reason",
        )
        buttons.append(cover)
    stop = b.button("Done", Action.RESET_STEP, replace(at, step=len(reset.steps) + 1).encode(), suffix="done")
    return [
        b.section(lines(bold(reset.title), escape(about))),
        b.context(escape(f"{GRADES[reset.grade]}{source}.")),
        b.actions(*buttons, stop if short else b.button("Not now", Action.RESET_STOP)),
    ]
