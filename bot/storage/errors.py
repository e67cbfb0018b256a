"""What storage says when it can't do what was asked; no message ever carries a stored or typed value."""

from bot.errors import BusyError

_BUSY = "The database is busy; nothing was saved. Please try again in a moment."


class StorageError(Exception):
    """The database can't be used as asked; the message is for whoever runs the bot, not for members."""


class ConflictError(StorageError):
    """A row broke a rule of its table: a key taken, a parent missing, a check; better use ON CONFLICT."""


class DatabaseBusyError(StorageError, BusyError):
    """The database was held or out of reach for longer than an answer may wait; fit for members."""

    def __init__(self, sentence: str = _BUSY) -> None:
        BusyError.__init__(self, sentence)
