"""Words kept so that whoever opens the database file reads none of them: the keys live outside it."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Protocol, Self

from cryptography.fernet import Fernet, InvalidToken

from bot.errors import ConfigError, SteadyError

SETTING = "STEADY_KEYS"
UNSEALED_WARNING = (
    f"{SETTING} is not set: check-in answers, notes and not-with lists can be read by anyone who opens the "
    "database file. Make a key with `steady key`, set it, and keep a copy of it away from the database."
)
_PLAIN = "unsealed:"
_PADDED_TO = 64
_DIGEST = 32
_LENGTH = 4


class BrokenSealError(SteadyError):
    """Something kept can't be opened: the key is gone, or the row is not where it was sealed for."""


class Seals(Protocol):
    """Seals text for one place. The `place` is whose it is and what it is, such as
    ("checkins.answer", workspace, member): a row copied to somebody else does not open there."""

    @property
    def is_set(self) -> bool:
        """Whether a key is set, so that what is sealed can't be read in the database file."""

    def seal(self, text: str, *place: str) -> str:
        """Seal for a place; twice the same text gives two different seals, of a length that tells little."""

    def open(self, sealed: str, *place: str) -> str:
        """The text; raises BrokenSealError for another place or a missing key."""

    def rotate(self, sealed: str, *place: str) -> str:
        """The same under the newest key; returned as it is where that is so already."""


def read_keys(value: str) -> Seals:
    """Seals from what STEADY_KEYS says: keys with commas between, newest first; empty means unsealed."""
    keys = [key.strip() for key in value.split(",") if key.strip()]
    return KeyedSeals.from_keys(keys) if keys else Unsealed()


def new_key() -> str:
    """Make a key fit for STEADY_KEYS."""
    return Fernet.generate_key().decode("ascii")


class KeyedSeals:
    """Sealed with Fernet: the newest of several keys seals, each of them opens."""

    is_set = True

    def __init__(self, ciphers: Sequence[Fernet]) -> None:
        self._ciphers = ciphers

    @classmethod
    def from_keys(cls, keys: Sequence[str]) -> Self:
        """Use these, newest first; raises ConfigError for one that is no key, without repeating it."""
        try:
            ciphers = [Fernet(key) for key in keys]
        except ValueError:
            raise ConfigError(
                f"{SETTING} holds something that is not a key. Each is 44 characters, as `steady key` makes "
                "them, with a comma between, the newest first."
            ) from None
        return cls(ciphers)

    def seal(self, text: str, *place: str) -> str:
        """Seal under the newest key."""
        # Its own time stamp would tell, outside the seal, when it was written; so it is always zero.
        return self._ciphers[0].encrypt_at_time(_pack(text, place), 0).decode("ascii")

    def open(self, sealed: str, *place: str) -> str:
        """Open with whichever key it was sealed under."""
        if sealed.startswith(_PLAIN):
            return Unsealed().open(sealed)
        for cipher in self._ciphers:
            if (packed := _decrypted(cipher, sealed)) is not None:
                return _unpack(packed, place)
        raise BrokenSealError(f"This was sealed with a key that is no longer in {SETTING}.")

    def rotate(self, sealed: str, *place: str) -> str:
        """Seal anew unless the newest key did."""
        text = self.open(sealed, *place)
        is_newest = not sealed.startswith(_PLAIN) and _decrypted(self._ciphers[0], sealed) is not None
        return sealed if is_newest else self.seal(text, *place)


class Unsealed:
    """Stands in while no key is set, so that everything works; what it keeps says so at its beginning."""

    is_set = False

    def seal(self, text: str, *place: str) -> str:  # noqa: ARG002  one protocol for both
        """Mark as unsealed; in ASCII, so that no engine refuses what somebody typed."""
        return _PLAIN + json.dumps(text)

    def open(self, sealed: str, *place: str) -> str:  # noqa: ARG002
        """Read it back."""
        if not sealed.startswith(_PLAIN):
            raise BrokenSealError(f"This is sealed, and {SETTING} is not set; set it as it was before.")
        text = json.loads(sealed.removeprefix(_PLAIN))
        return str(text)

    def rotate(self, sealed: str, *place: str) -> str:
        """Leave it, having made sure that it can be read."""
        self.open(sealed, *place)
        return sealed


def _decrypted(cipher: Fernet, sealed: str) -> bytes | None:
    try:
        return cipher.decrypt(sealed)
    except (InvalidToken, ValueError):
        return None


def _pack(text: str, place: Sequence[str]) -> bytes:
    """Place, length, text, padding: "light" and "too much" come out equally long."""
    said = text.encode("utf-8", "surrogatepass")
    padding = bytes(-len(said) % _PADDED_TO)
    return _digest(place) + len(said).to_bytes(_LENGTH) + said + padding


def _unpack(packed: bytes, place: Sequence[str]) -> str:
    if not hmac.compare_digest(packed[:_DIGEST], _digest(place)):
        raise BrokenSealError("This was sealed for another place, so it is not opened here.")
    start = _DIGEST + _LENGTH
    length = int.from_bytes(packed[_DIGEST:start])
    return packed[start : start + length].decode("utf-8", "surrogatepass")


def _digest(parts: Sequence[str]) -> bytes:
    # Each with its length, so that ("a", "bc") and ("ab", "c") differ.
    digest = hashlib.sha256()
    for part in parts:
        said = part.encode("utf-8", "surrogatepass")
        digest.update(len(said).to_bytes(8) + said)
    return digest.digest()
