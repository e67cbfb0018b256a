"""What is kept about a member as text: JSON for programs, CSV for a spreadsheet; pure."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.personal import Exported

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
_ID = re.compile(r"[a-z]+(?:_[a-z]+)+")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def merged(parts: Iterable[Exported]) -> dict[str, list[dict[str, Any]]]:
    """Every kind of thing with its entries, empty kinds left out."""
    whole: dict[str, list[dict[str, Any]]] = {}
    for part in parts:
        for kind, entries in part.items():
            whole.setdefault(kind, []).extend(dict(entry) for entry in entries)
    return {kind: entries for kind, entries in whole.items() if entries}


def as_json(whole: dict[str, list[dict[str, Any]]]) -> str:
    """One object: kinds of thing, each a list."""
    return json.dumps(whole, ensure_ascii=False, indent=1, default=str)


def as_words(whole: dict[str, list[dict[str, Any]]]) -> str:
    """The same to be read by people: a heading a kind, a line an entry, what is empty or untrue left out."""
    drawn = []
    for kind, entries in whole.items():
        said = (" · ".join(_said(name, value) for name, value in it.items() if value) for it in entries)
        drawn.append("\n".join([f"{kind}: {len(entries)}", *(f"- {line}" for line in said if line)]))
    return "\n\n".join(drawn)


def _said(name: str, value: Any) -> str:
    words = name.replace("_", " ")
    is_so = value is True or (value == 1 and name.startswith("is_"))
    return words if is_so else f"{words}: {_readable(value)}"


def _readable(value: Any) -> str:
    """A moment to the minute, an id of ours in words; everything else as it is."""
    text = str(value)
    if _MOMENT.fullmatch(text):
        return f"{text[:10]} {text[11:16]} UTC"
    return text.replace("_", " ") if _ID.fullmatch(text) else text


def as_csv(whole: dict[str, list[dict[str, Any]]]) -> str:
    """A row for every value: kind, number of the entry, name, value."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["kind", "entry", "name", "value"])
    writer.writerows(_rows(whole))
    return out.getvalue()


def _rows(whole: dict[str, list[dict[str, Any]]]) -> Iterator[list[str]]:
    for kind, entries in whole.items():
        for number, entry in enumerate(entries, start=1):
            for name, value in entry.items():
                yield [_cell(kind), str(number), _cell(str(name)), _cell("" if value is None else str(value))]


def _cell(text: str) -> str:
    """A spreadsheet would run what begins like a formula; an apostrophe keeps it text."""
    return f"'{text}" if text.startswith(_FORMULA) else text
