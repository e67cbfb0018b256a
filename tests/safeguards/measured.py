"""The lines the guard is measured on, and the measuring."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.safeguards.pii import Guard

FOLDER = Path(__file__).with_name("lines")
_ITEM = re.compile("«([^»]*)»")


@dataclass(frozen=True)
class Line:
    """A text without its guillemets, and where in it what must be masked stands."""

    region: str
    text: str
    items: tuple[tuple[int, int], ...]


@dataclass
class Tally:
    """One file measured; what went wrong is kept word for word."""

    kind: str
    items: int = 0
    missed: list[str] = field(default_factory=list)
    lines: int = 0
    alarmed: list[str] = field(default_factory=list)


def files() -> Iterator[tuple[str, list[Line]]]:
    """Each file's kind, "quiet" for none, with its lines."""
    for path in sorted(FOLDER.glob("*.yaml")):
        raw = yaml.safe_load(path.read_text("utf-8"))
        yield raw.get("kind", "quiet"), [_line(*next(iter(it.items()))) for it in raw["lines"]]


def measure(kind: str, lines: list[Line]) -> Tally:
    """An item is found when every letter and digit of it is masked as its kind; all else is an alarm."""
    tally = Tally(kind)
    for line in lines:
        found = Guard(line.region).mask(line.text).found
        tally.lines += 1
        for start, end in line.items:
            tally.items += 1
            letters = {at for at in range(start, end) if line.text[at].isalnum()}
            masked = {at for it in found if it.kind == kind for at in range(it.start, it.end)}
            if letters - masked:
                tally.missed.append(f"{line.region}: {line.text}")
        wanted = {at for start, end in line.items for at in range(start, end)}
        if any(wanted.isdisjoint(range(it.start, it.end)) for it in found):
            tally.alarmed.append(f"{line.region}: {line.text}")
    return tally


def _line(region: str, marked: str) -> Line:
    text, items, done = "", [], 0
    for hit in _ITEM.finditer(marked):
        text += marked[done : hit.start()]
        items.append((len(text), len(text) + len(hit[1])))
        text += hit[1]
        done = hit.end()
    return Line(region, text + marked[done:], tuple(items))
