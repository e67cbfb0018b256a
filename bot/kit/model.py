"""What a kit is made of; pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.people import Member

TEXT_MOST = 300
ITEMS_MOST = 200
"""More is a library; a kit is what one remembers having."""
OWN = "kit."
"""Begins the id under which an item stands on a card."""


class Kind(StrEnum):
    """What sort of thing somebody keeps."""

    PHRASE = "phrase"
    TECHNIQUE = "technique"
    TRIGGER = "trigger"


@dataclass(frozen=True, slots=True)
class Line:
    """A phrase as a card shows it: the playbook's id of it, and the words."""

    origin: str
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """Something in a kit; `offered_to` is a team's id while it is offered, private otherwise."""

    id: str
    owner: Member
    kind: Kind
    situation: str
    origin: str
    text: str
    saved_at: dt.datetime
    offered_to: str | None = None
    is_credited: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A form about an item: a new one where `id` is nobody's yet."""

    id: str
    kind: Kind
    situation: str
    text: str
    is_offered: bool = False
    is_credited: bool = False


@dataclass(frozen=True, slots=True)
class Kit:
    """What somebody sees of their kit, and of what their team was offered."""

    own: Sequence[Item]
    offered: Sequence[Item]
    team: str
    """The team's name, "" for none."""
