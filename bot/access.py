"""The access log's seam: whoever changes a setting or looks at others' figures leaves a line."""

import datetime as dt
from typing import Protocol

from bot.people import Member
from bot.storage.database import Transaction


class AccessLog(Protocol):
    """Lines that everybody in the workspace can read: who did what, and when."""

    def note(self, tx: Transaction, member: Member, what: str, at: dt.datetime) -> None:
        """Keep a line in the unit of work that did it; `what` names no person and no secret value."""
        ...
