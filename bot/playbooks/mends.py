"""What the parser and the types complain about, in words an author can act on."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.playbooks.findings import Finding, error

Loc = tuple[str | int, ...]
"""The way to a value: names of fields and places in lists."""

QUOTE = 'Put the whole text in quotes: "like this".'
_DAY = "Write the day as year-month-day without quotes: 2027-05-31."
_ID = "Use 2 to 40 small letters, digits and _, beginning with a letter: late_refund."
_OUTER = "Put quotes around the whole text: double ones if single ones are inside, or the other way."
_ROW = 'Write "name: text" or "- text"; a text of several lines goes in quotes.'
_ITEM = r"^\s*(?:- +|[\w ]+: +)+"
_QUOTED = re.compile(_ITEM + r"([\"']).*\1.")
_OPEN = re.compile(_ITEM + r"([\"'])(?:(?!\1).)*$")
_SPECIAL = re.compile(_ITEM + r"([*&!%@`]|\{(?!.*\}$)|\[(?!.*\]$))")
_EXAMPLES = {
    "id": "id: late_refund",
    "kind": "kind: cause",
    "owner": "owner: Customer Operations",
    "review_by": "review_by: 2027-05-31",
    "checked_on": "checked_on: 2026-11-01",
    "register": "register: plain",
    "role": "role: acknowledge",
    "technique": "technique: [validate]",
    "severity": "severity: minor",
    "code": "code: US",
}


def for_misread(tag: str, text: str) -> tuple[str, str]:
    """A plain word that YAML takes for something else: what is wrong, and what to write."""
    quoted = f'Put it in quotes: "{text}".'
    if tag == "bool":
        return f"Without quotes, {text} is read as yes-or-no and not as the word.", quoted
    if tag in ("int", "float") and ":" in text:
        return f"Without quotes, {text} is read as a number and not as a time.", quoted
    if tag in ("int", "float"):
        return f"Without quotes, {text} is read as a different number.", quoted
    if tag in ("merge", "value"):
        return f"{text} has a meaning in YAML that playbooks don't use.", quoted
    return "A text that begins with ! has a meaning in YAML.", QUOTE


def for_parser(path: Path, text: str, problem: yaml.YAMLError) -> Finding:
    """A file that is not YAML at all: the line where the author should look, and the likely slip."""
    if isinstance(problem, yaml.reader.ReaderError):
        line = text.encode()[: problem.position].count(b"\n") + 1
        return error(
            path, line, "There is an invisible control character here.", "Delete it and type the text again."
        )
    if isinstance(problem, yaml.MarkedYAMLError) and problem.problem_mark is not None:
        line, message, hint = _slip(text, problem, problem.problem_mark)
        return error(path, line + 1, message, hint)
    return error(path, 1, "This is not readable as YAML.", "Compare it with the example in README.md.")


def _slip(text: str, problem: yaml.MarkedYAMLError, mark: yaml.Mark) -> tuple[int, str, str]:
    """Where to look (from 0) and which usual slip it is; the parser only says where it gave up."""
    said = f"{problem.context} {problem.problem}"
    rows = text.split("\n")
    row = rows[mark.line] if mark.line < len(rows) else ""
    if row[: len(row) - len(row.lstrip())].count("\t"):
        return mark.line, "The line is indented with a tab.", "Indent with spaces: two for each level."
    if "single document" in said or "document start" in said:
        return mark.line, "A second document begins here.", "Keep one playbook a file; delete the line ---."
    opened = _open_quote(rows, mark.line)
    if opened is not None:
        return opened, "A quotation mark is opened here and not closed.", "Close it at the end of the text."
    if begins := _SPECIAL.search(row):
        return mark.line, f"Text that begins with {begins[1]} has a meaning in YAML.", QUOTE
    if "mapping values" in said:
        return mark.line, "A colon and a space in the middle of a text have a meaning in YAML.", QUOTE
    if _QUOTED.search(row):
        return mark.line, "The text goes on after its closing quotation mark.", _OUTER
    if "expected ':'" in said:
        return (
            (problem.context_mark or mark).line,
            "This line is neither a field nor an item of a list.",
            _ROW,
        )
    return (
        mark.line,
        "This line doesn't fit the ones above it.",
        "Line it up with them: two spaces for each level.",
    )


def _open_quote(rows: Sequence[str], last: int) -> int | None:
    """The last row up to one that begins a quotation and never ends it: mostly where the trouble began."""
    for at in range(min(last, len(rows) - 1), -1, -1):
        opened = _OPEN.search(rows[at])
        if opened:
            following = next((it for it in rows[at + 1 : last + 1] if opened[1] in it), "")
            # A text of several lines ends where the only quotation mark of a line is its last character.
            return None if following.strip().find(opened[1]) == len(following.strip()) - 1 >= 0 else at
    return None


def for_model(problem: ValidationError, model: type[BaseModel]) -> Iterator[tuple[Loc, str, str]]:
    """Where a file says something it may not, what is wrong, and what to write; no mistake twice."""
    errors = problem.errors(include_url=False)
    for details in errors:
        # A list whose every item is wrong is also called too short: the items are what to mend.
        within = any(
            it["loc"][: len(details["loc"])] == details["loc"] and it is not details for it in errors
        )
        if not (details["type"] == "too_short" and within):
            yield (details["loc"], *_for_types(details, model))


def _for_types(details: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    """What a value does wrong by the models: what is wrong, and what to write."""
    loc = [it for it in details["loc"] if it != "[key]"]
    name = next((str(it) for it in reversed(loc) if isinstance(it, str)), "the file")
    kind, context, given = details["type"], details.get("ctx", {}), details["input"]
    if kind == "missing":
        return f'"{name}" is missing here.', f'Add a line "{_EXAMPLES.get(name, name + ": …")}".'
    if kind == "extra_forbidden":
        return _unknown(name, _fields(model, loc[:-1]))
    if kind == "enum":
        return _not_among(name, given, str(context["expected"]))
    if given is None:
        return f'"{name}" is empty.', "Write its text, or delete the line."
    if kind in ("string_too_long", "string_too_short"):
        return _length(name, str(given).strip(), context)
    if kind == "string_type":
        return _not_text(name, given)
    if kind == "string_pattern_mismatch":
        return f'"{given}" can\'t be used as {name}.', _pattern(name)
    if kind.startswith("date"):
        return f'"{name}" should be a day.', _DAY
    return _shape(kind, name, context, details["msg"])


def _shape(kind: str, name: str, context: Mapping[str, Any], said: str) -> tuple[str, str]:
    """Lists and groups that are something else, and whatever a model's own check says."""
    if kind == "tuple_type":
        return f'"{name}" should be a list.', 'Write each item on its own line, beginning with "- ".'
    if kind == "too_short":
        return f'"{name}" has too few items.', f"Write at least {context['min_length']}."
    if kind == "too_long":
        return f'"{name}" has too many items.', f"Keep at most {context['max_length']}."
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return f'"{name}" should hold fields of its own.', 'Write them below it, indented: "field: text".'
    if kind == "bool_type" or kind == "bool_parsing":
        return f'"{name}" is either true or false.', "Write true or false, without quotes."
    if kind == "value_error":
        return str(context["error"]), ""
    return f'"{name}": {said}.', "See the table of fields in README.md."


def _unknown(name: str, known: Iterable[str]) -> tuple[str, str]:
    known = list(known)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return f'There is no field "{name}" here.', f'Did you mean "{near[0]}"?'
    return f'There is no field "{name}" here.', f"Fields here: {', '.join(known)}."


def _not_among(name: str, given: object, expected: str) -> tuple[str, str]:
    choices = [it.strip(" '") for it in expected.replace(" or ", ", ").split(",")]
    near = difflib.get_close_matches(str(given), choices, n=1, cutoff=0.6)
    guess = f'Did you mean "{near[0]}"? ' if near else ""
    shown = ", ".join(choices) if len(choices) <= 12 else "one of the list in README.md"
    return f'"{given}" is not one of the choices for {name}.', f"{guess}Choose from: {shown}."


def _length(name: str, given: str, context: Mapping[str, Any]) -> tuple[str, str]:
    if "max_length" in context:
        over = len(given) - int(context["max_length"])
        return (
            f'"{name}" is {len(given)} characters long; there is room for {context["max_length"]}.',
            f"Cut at least {over}: it is read in the middle of a call.",
        )
    return f'"{name}" is too short.', f"Write at least {context['min_length']} characters."


def _not_text(name: str, given: object) -> tuple[str, str]:
    if isinstance(given, dict):
        return (
            f'"{name}" should be text, but a colon and a space in it made it a field.',
            QUOTE,
        )
    if isinstance(given, list | tuple):
        return f'"{name}" should be one text, not a list.', 'Write it on one line without "-" or brackets.'
    shown = str(given).lower() if isinstance(given, bool) else str(given)
    return f'"{name}" should be text.', f'Put it in quotes: "{shown}".'


def _pattern(name: str) -> str:
    if name == "url":
        return "Write a whole address that begins with https://."
    if name == "code":
        return 'Write the two capital letters of the country in quotes: "US".'
    if name == "letter":
        return "Write one capital letter."
    return _ID


def _fields(model: type[BaseModel], loc: list[str | int]) -> list[str]:
    """The names an author may write at a place."""
    for step in loc:
        if isinstance(step, str):
            inner = next((it for it in _named(model, step)), None)
            if inner is None:
                return []
            model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _named(model: type[BaseModel], step: str) -> list[type[BaseModel]]:
    for name, field in model.model_fields.items():
        if step in (name, field.alias):
            return list(_models_in(field.annotation))
    return []


def _models_in(annotation: Any) -> Iterable[type[BaseModel]]:
    """The models inside `tuple[Phrase, ...]`, `Link | None` and the like."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return
    for inner in get_args(annotation):
        yield from _models_in(inner)
