"""The list of what is wrong with a payload, each with its json-pointer."""

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]


class Problems:
    """Collects problems while the checks go on, because Slack names several at once."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, what: str, pointer: str) -> None:
        """Write a problem down the way Slack writes it."""
        self.found.append(f"[ERROR] {what} [json-pointer:{pointer}]")

    def text(self, value: Any, pointer: str, most: int, *, least: int = 1) -> bool:
        """Check a string's length in characters."""
        if not isinstance(value, str):
            self.add("must be a string", pointer)
        elif len(value) > most:
            self.add(f"must be less than {most + 1} characters", pointer)
        elif len(value) < least:
            self.add(f"must be more than {least - 1} characters", pointer)
        else:
            return True
        return False

    def optional_text(self, holder: Json, key: str, pointer: str, most: int, *, least: int = 1) -> None:
        """Check a string that may be missing."""
        if holder.get(key) is not None:
            self.text(holder[key], f"{pointer}/{key}", most, least=least)

    def items(self, value: Any, pointer: str, most: int, *, least: int = 1) -> list[Any]:
        """Check a list's length and give it; an empty list when it is none."""
        if not isinstance(value, list):
            self.add("must be an array", pointer)
            return []
        if len(value) > most:
            self.add(f"no more than {most} items allowed", pointer)
        elif len(value) < least:
            self.add(f"no fewer than {least} items allowed", pointer)
        return value

    def shape(self, value: Json, pointer: str, required: Iterable[str], allowed: Iterable[str]) -> bool:
        """Check which fields are there; True when nothing needed is missing."""
        missing = [key for key in required if value.get(key) is None]
        for key in missing:
            self.add(f"missing required field: {key}", pointer)
        known = {"type", *required, *allowed}
        for key in value:
            if key not in known:
                self.add(f"invalid additional property: {key}", pointer)
        return not missing

    def one_of(self, value: Any, pointer: str, allowed: Iterable[Any]) -> None:
        """Check an enumerated value."""
        if value not in list(allowed):
            self.add("must be a valid enum value", pointer)

    def whole(self, value: Any, pointer: str, least: int, most: int) -> None:
        """Check a whole number within bounds."""
        if not isinstance(value, int) or isinstance(value, bool):
            self.add("must be an integer", pointer)
        elif not least <= value <= most:
            self.add(f"must be between {least} and {most}", pointer)

    def url(self, value: Any, pointer: str, most: int = 3000) -> None:
        """Check a web address."""
        if self.text(value, pointer, most) and not str(value).startswith(
            ("http://", "https://", "slack://", "mailto:")
        ):
            self.add("must be a valid URL", pointer)
