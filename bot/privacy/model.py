"""What is kept about a member, as they see it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MyData:
    """How many of each kind, and all of it where that is short."""

    counts: Mapping[str, int]
    text: str = ""
