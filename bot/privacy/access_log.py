"""Keeps the access log that `bot.access` speaks of."""

import datetime as dt
from collections.abc import Callable

from bot.people import Member
from bot.privacy import store
from bot.storage.database import Transaction


class KeptAccessLog:
    """Lines in the database, readable by everybody in the workspace."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id

    def note(self, tx: Transaction, member: Member, what: str, at: dt.datetime) -> None:
        """Keep a line in the unit of work that did it."""
        store.note(tx, member, self._new_id(), what, at)
