"""What a listener may answer with; `listening` carries it out, so listeners need no client."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.slack.blocks import Block, Message


@dataclass(frozen=True, slots=True)
class Redraw:
    """Replace the message that was clicked; modals take Update, Home takes ShowHome."""

    message: Message


@dataclass(frozen=True, slots=True)
class Notice:
    """A short word to the one person, leaving what they clicked as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Open:
    """A modal on top of whatever is there."""

    view: Block


@dataclass(frozen=True, slots=True)
class Filling:
    """A modal drawn at once, however slow the database is, and filled as soon as `fill` knows with what."""

    skeleton: Block
    fill: Callable[[], Awaitable[Block]]


@dataclass(frozen=True, slots=True)
class Later:
    """What a click leads to once Slack was asked something; its ack does not wait for that."""

    reply: "Callable[[], Awaitable[Reply]]"


@dataclass(frozen=True, slots=True)
class Update:
    """Another view in place of the modal."""

    view: Block


@dataclass(frozen=True, slots=True)
class Errors:
    """Words under the fields of a form, by action id; the form stays open."""

    by_field: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Close:
    """Close the modal and all below it."""


@dataclass(frozen=True, slots=True)
class ShowHome:
    """Draw the member's Home again; `changes` are sections' own notes, kept in the view itself."""

    changes: Mapping[str, str]


Reply = Message | Redraw | Notice | Open | Filling | Later | Update | Errors | Close | ShowHome | None
