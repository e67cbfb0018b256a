"""YAML as people write it, read so that nothing is silently taken for something else.

Plain YAML reads `no` as false, `12:30` as 750, and lets the second of two equal keys win. Here each of
these is a finding at its line. The tree of nodes is kept while loading, since nodes know their lines.
"""

import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.playbooks import mends
from bot.playbooks.findings import Finding, error, warning
from bot.playbooks.mends import Loc

_TAG = "tag:yaml.org,2002:"
_STR, _INT, _FLOAT, _BOOL, _NULL, _DAY = (
    _TAG + it for it in ("str", "int", "float", "bool", "null", "timestamp")
)
_WHOLE = re.compile(r"0|-?[1-9]\d*")
_DECIMAL = re.compile(r"-?\d+\.\d+")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CUT = re.compile(r"[ \t]+#[^\s#!]")
_ANCHOR = re.compile(r"^[ \t]*(?:- +|[\w ]+: +)+&\S", re.MULTILINE)
_DEEPEST = 12
_LONGEST = 1_000_000


class _Named(io.StringIO):
    """Text that knows its file, so that every mark in the tree does too, even after trees are merged."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.name = name


def text_of(path: Path) -> tuple[str | None, Finding | None]:
    """A file's text, or why it can't be read as text."""
    try:
        raw = path.read_bytes()
    except OSError as problem:
        return None, error(path, 1, f"The file can't be read ({problem.strerror}).", "Check its permissions.")
    if len(raw) > _LONGEST:
        return None, error(path, 1, "The file is longer than a million bytes.", "Split it into several.")
    try:
        return raw.decode("utf-8-sig"), None
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        return None, error(
            path, line, "A character here is not UTF-8.", "Save the file with the encoding UTF-8."
        )


def parse(path: Path, text: str) -> tuple[MappingNode | None, list[Finding]]:
    """The tree of one file, without a guess at what a value means; no tree when it isn't YAML."""
    loader = yaml.CSafeLoader(_Named(text, str(path)))
    try:
        node = loader.get_single_node()
    except yaml.YAMLError as problem:
        return None, [mends.for_parser(path, text, problem)]
    finally:
        loader.dispose()
    if node is None:
        return None, [error(path, 1, "The file is empty.", "Copy an example from README.md, or delete it.")]
    if not isinstance(node, MappingNode):
        return None, [
            error(path, 1, "The file should begin with fields.", 'Write lines such as "id: late_refund".')
        ]
    return node, []


def checked(path: Path, text: str, node: MappingNode) -> list[Finding]:
    """What the tree of one file would silently turn into something else."""
    reader = _Reader(path, text)
    reader.value(node)
    return [*reader.findings, *_anchors(path, text)]


def plain(node: Node) -> object:
    """A checked tree as Python values."""
    return _Reader(Path(), "").value(node)


def place(node: Node, loc: Loc) -> tuple[Path, int]:
    """The file and line of a value, or of the nearest thing around it that is written down."""
    mark = node.start_mark
    for step in loc:
        found = _child(node, step)
        if found is None:
            break
        mark, node = found[0].start_mark, found[1]
    return Path(mark.name), mark.line + 1


def _child(node: Node, step: str | int) -> tuple[Node, Node] | None:
    """Where a field or item begins, and its value."""
    if isinstance(node, MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


class _Reader:
    """Turns one tree into values and notes on the way what YAML would have misread."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text
        self._may_cut = _CUT.search(text) is not None
        self.findings: list[Finding] = []

    def value(self, node: Node, depth: int = 0) -> object:
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        if depth > _DEEPEST:
            self._wrong(node, "This is nested too deeply.", "Check the indentation and the brackets.")
            return None
        if isinstance(node, SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        return self._fields(node, depth)

    def _fields(self, node: Node, depth: int) -> dict[str, object]:
        fields: dict[str, object] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._wrong(key, "Text that begins with { or [ has a meaning in YAML.", mends.QUOTE)
                continue
            if key.value in fields:
                self._twice(node, key)
            fields[key.value] = self.value(value, depth + 1)
        return fields

    def _twice(self, node: Node, key: ScalarNode) -> None:
        first = next(it for it, _ in node.value if it.value == key.value)
        self._wrong(
            key,
            f'"{key.value}" is written twice (first on line {first.start_mark.line + 1}), '
            "and only one would count.",
            "Keep one of them, or put both texts under one.",
        )

    def _scalar(self, node: ScalarNode) -> object:
        text: str = node.value
        if not node.style and self._may_cut:
            self._cut(node)
        if node.tag == _STR:
            return text
        if node.tag == _NULL:
            return None
        if node.tag == _DAY:
            return self._day(node)
        if node.tag == _BOOL and text.lower() in ("true", "false"):
            return text.lower() == "true"
        if node.tag == _INT and _WHOLE.fullmatch(text):
            return int(text)
        if node.tag == _FLOAT and _DECIMAL.fullmatch(text):
            return float(text)
        self._misread(node)
        return text

    def _day(self, node: ScalarNode) -> object:
        if _ISO_DAY.fullmatch(node.value):
            try:
                return dt.date.fromisoformat(node.value)
            except ValueError:
                self._wrong(node, f"There is no day {node.value}.", "Write year-month-day: 2027-05-31.")
                return node.value
        self._wrong(
            node,
            f"{node.value} would be read as a moment in time.",
            f'Write a day as 2027-05-31; if it is text, put it in quotes: "{node.value}".',
        )
        return node.value

    def _misread(self, node: ScalarNode) -> None:
        message, hint = mends.for_misread(node.tag.removeprefix(_TAG), node.value)
        self._wrong(node, message, hint)

    def _cut(self, node: ScalarNode) -> None:
        """`- call #3` is read as "call"; a remark has a space after its #."""
        end = node.end_mark.index
        if _CUT.match(self._text, end):
            rest = self._text[end:].split("\n", 1)[0].strip()
            self.findings.append(
                warning(
                    self._path,
                    node.end_mark.line + 1,
                    f'"{rest[:40]}" is not read: text after a # is a remark.',
                    "Put the whole text in quotes; if it is a remark, leave a space after the #.",
                )
            )

    def _wrong(self, node: Node, message: str, hint: str) -> None:
        self.findings.append(error(self._path, node.start_mark.line + 1, message, hint))


def _anchors(path: Path, text: str) -> Iterator[Finding]:
    """Text that begins with & loses its first word without a sound."""
    if not _ANCHOR.search(text):
        return
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        anchor = getattr(event, "anchor", None)
        if anchor and event.start_mark and not isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1
            yield error(path, line, f'"&{anchor}" is dropped when the file is read.', mends.QUOTE)
