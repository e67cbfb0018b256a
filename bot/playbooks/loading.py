"""Folders of YAML in, a library out; a file with a mistake is left out and said so, never half read."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError
from yaml.nodes import MappingNode, ScalarNode

from bot.playbooks import mends, merging
from bot.playbooks.findings import Finding, error, in_order, warning
from bot.playbooks.library import Library
from bot.playbooks.mends import Loc
from bot.playbooks.model import Part
from bot.playbooks.reading import checked, parse, place, plain, text_of
from bot.playbooks.sections import ELSEWHERE, SECTIONS, Section
from bot.playbooks.soundness import unsound
from bot.shipped import shipped


@dataclass(frozen=True)
class Source:
    """One file as it was read, with the tree that knows where each value stands."""

    path: Path
    part: Part
    node: MappingNode

    def where(self, loc: Loc = ()) -> tuple[Path, int]:
        """The file and line of a value; in an extended playbook either file may be the one."""
        return place(self.node, loc)


@dataclass(frozen=True)
class Loaded:
    """What came of reading some folders."""

    library: Library
    findings: tuple[Finding, ...]
    sources: Mapping[str, Mapping[str, Source]]
    """By section and file key, for whoever has to point at lines."""
    texts: Mapping[Path, str]
    """The text of every file in use: what a later reading falls back on when somebody breaks one."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that kept a file out."""
        return tuple(it for it in self.findings if it.is_error)


def shipped_playbooks() -> Path:
    """The folder of playbooks that came with Steady."""
    return shipped("playbooks")


def load(paths: Sequence[Path], last_good: Mapping[Path, str] | None = None) -> Loaded:
    """Read sets of playbooks, the shipped one first, each later one over those before it.

    A file with an error is left out, and what was there before it stays: the same file in an earlier
    set, or its own text in `last_good` (what a `Loaded` before this one kept under `texts`).
    """
    reading = _Reading(last_good or {})
    for root in paths:
        reading.root(root)
    return reading.loaded()


_KEPT = "Its last good text stays in use until it is mended."
_APART = "Give this one another id, or delete one of the two files."


@dataclass(frozen=True)
class _Layer:
    """What one set brings to one section, before it is laid over the sets read earlier."""

    section: Section[Part]
    root: Path
    fresh: dict[str, Source] = field(default_factory=dict)
    owners: dict[str, tuple[Path, int]] = field(default_factory=dict)

    def key_of(self, path: Path, node: MappingNode) -> str:
        """What makes two files the same playbook: the id inside, or the path when a file lists several."""
        written = merging.field(node, self.section.key) if self.section.listed is None else None
        if isinstance(written, ScalarNode):
            return str(written.value)
        return path.relative_to(self.root).with_suffix("").as_posix()

    def ids_of(self, source: Source) -> Iterator[tuple[str, Loc]]:
        """The ids a file brings, and where each is written."""
        for loc, entry in self.section.entries_of(source.part):
            yield self.section.key_of(entry), (*loc, self.section.key)

    def add(self, key: str, source: Source) -> None:
        """Keep a file, and remember where its ids stand."""
        self.fresh[key] = source
        self.owners.update((id_, source.where(loc)) for id_, loc in self.ids_of(source))


class _Reading:
    """One pass over all folders."""

    def __init__(self, last_good: Mapping[Path, str]) -> None:
        self._last_good = last_good
        self._findings: list[Finding] = []
        self._sources: dict[str, dict[str, Source]] = {it.name: {} for it in SECTIONS}
        self._texts: dict[Path, str] = {}

    def root(self, root: Path) -> None:
        if not root.is_dir():
            self._findings.append(
                error(
                    root, 1, "There is no such folder of playbooks.", "Correct STEADY_PLAYBOOKS or the path."
                )
            )
            return
        self._findings += _strays(root)
        for section in SECTIONS:
            layer = _Layer(section, root)
            for path in section.files(root):
                self._file(layer, path)
            self._sources[section.name].update(layer.fresh)

    def _file(self, layer: _Layer, path: Path) -> None:
        text, unreadable = text_of(path)
        if unreadable is not None:
            self._findings.append(unreadable)
        elif text is not None and self._take(layer, path, text):
            return
        before = self._last_good.get(path)
        if before is None or before == text:
            return
        noted = len(self._findings)
        if self._take(layer, path, before):
            del self._findings[noted:]
            self._findings.append(warning(path, 1, "This file has a mistake now.", _KEPT))

    def _take(self, layer: _Layer, path: Path, text: str) -> bool:
        """Read one text of a file and keep it when nothing is wrong with it."""
        node, findings = parse(path, text)
        if node is not None:
            findings = checked(path, text, node)
        self._findings += findings
        if node is None or any(it.is_error for it in findings):
            return False
        key = layer.key_of(path, node)
        tree = self._extended(layer.section, path, node, key)
        source = self._source(layer.section, path, tree) if tree is not None else None
        if source is None or self._taken(layer, source):
            return False
        layer.add(key, source)
        self._texts[path] = text
        return True

    def _taken(self, layer: _Layer, source: Source) -> bool:
        """Whether another file of the same set has an id of this one already."""
        taken = [
            error(
                *source.where(loc),
                f'The id "{id_}" belongs to {owner[0].name} (line {owner[1]}) already.',
                _APART,
            )
            for id_, loc in layer.ids_of(source)
            if (owner := layer.owners.get(id_))
        ]
        self._findings += taken
        return bool(taken)

    def _extended(
        self, section: Section[Part], path: Path, node: MappingNode, key: str
    ) -> MappingNode | None:
        """The tree itself, or laid over the one it extends."""
        said = merging.field(node, merging.EXTENDS)
        if said is None:
            return node
        line = said.start_mark.line + 1
        if not isinstance(said, ScalarNode) or said.value.lower() not in ("true", "false"):
            self._findings.append(
                error(path, line, '"extends" is either true or false.', "Write extends: true.")
            )
            return None
        own = merging.without(node, merging.EXTENDS)
        if said.value.lower() == "false":
            return own
        base = self._sources[section.name].get(key)
        if base is None:
            self._findings.append(
                error(
                    path,
                    line,
                    f'There is no "{key}" to extend.',
                    "Correct the id, or write the whole playbook without extends.",
                )
            )
            return None
        return merging.merged(base.node, own, section)

    def _source(self, section: Section[Part], path: Path, node: MappingNode) -> Source | None:
        try:
            part = section.file.model_validate(plain(node))
        except ValidationError as problem:
            for loc, message, hint in mends.for_model(problem, section.file):
                self._findings.append(error(*place(node, loc), message, hint))
            return None
        wrong = [error(*place(node, loc), message, hint) for loc, message, hint in unsound(part)]
        self._findings += wrong
        return None if wrong else Source(path, part, node)

    def loaded(self) -> Loaded:
        sections = {it.name: MappingProxyType(dict(self._entries(it))) for it in SECTIONS}
        library = Library(MappingProxyType(sections), _version(self._texts))
        return Loaded(library, in_order(self._findings), self._sources, self._texts)

    def _entries(self, section: Section[Part]) -> Iterator[tuple[str, Part]]:
        for source in self._sources[section.name].values():
            for _, entry in section.entries_of(source.part):
                yield section.key_of(entry), entry


def _strays(root: Path) -> Iterator[Finding]:
    """Folders and files that nobody reads, most likely put in the wrong place."""
    known = {it.place for it in SECTIONS} | ELSEWHERE
    folders = ", ".join(sorted(it.place for it in SECTIONS))
    for path in sorted(root.iterdir()):
        if path.name in known or path.name.startswith((".", "#", "~", "_")):
            continue
        if path.is_dir() or path.suffix in (".yaml", ".yml"):
            yield warning(path, 1, "This is not read.", f"Known names here: {folders}.")


def _version(texts: Mapping[Path, str]) -> str:
    digest = hashlib.sha256()
    for path, text in texts.items():
        digest.update(f"{path.name}\0{text}\0".encode())
    return digest.hexdigest()[:16]
