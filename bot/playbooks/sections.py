"""Which folders and files of a playbook set are read, and as what: the one place to add another kind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar, cast

from bot.playbooks.model import (
    Country,
    Framework,
    Guide,
    Guides,
    Nudge,
    Nudges,
    Part,
    Prompt,
    Prompts,
    Reset,
    Resets,
    SafeLine,
    SafeLines,
    Situation,
)

Entry = TypeVar("Entry", bound=Part)


@dataclass(frozen=True)
class Section(Generic[Entry]):
    """A kind of playbook: a folder with one entry a file, or files that each list several entries."""

    name: str
    """What one file of it is called, and its JSON Schema."""
    place: str
    """A folder ("situations") or a single file ("safe_lines.yaml") below the root of a set."""
    file: type[Part]
    """What one file says as a whole."""
    entry: type[Entry]
    """What the library hands out; the same as `file` when a file is one entry."""
    listed: str | None = None
    """The field of `file` that lists the entries; none when the file is the entry."""
    key: str = "id"
    """The field of an entry that names it."""
    keyed: Mapping[str, str] = field(default_factory=dict)
    """Lists whose items an extension replaces or adds by this field of theirs."""
    joined: frozenset[str] = frozenset()
    """Lists that an extension adds to; any other list it replaces."""

    def files(self, root: Path) -> list[Path]:
        """The files of this section below a root, by name; hidden and temporary ones are not read."""
        if self.place.endswith(".yaml"):
            return [it for it in (root / self.place,) if it.is_file()]
        found = (it for it in (root / self.place).rglob("*") if it.suffix in (".yaml", ".yml"))
        return sorted(it for it in found if it.is_file() and not _hidden(it.relative_to(root)))

    def entries_of(self, part: Part) -> Iterator[tuple[tuple[str | int, ...], Entry]]:
        """The entries in a file that was read, each with the way to it."""
        if self.listed is None:
            yield (), cast(Entry, part)
            return
        for at, entry in enumerate(getattr(part, self.listed)):
            yield (self.listed, at), entry

    def key_of(self, entry: Entry) -> str:
        """The name of an entry."""
        return str(getattr(entry, self.key))


def _hidden(path: Path) -> bool:
    return any(it.startswith((".", "#", "~")) for it in path.parts)


SITUATIONS = Section(
    name="situation",
    place="situations",
    file=Situation,
    entry=Situation,
    keyed={"phrases": "id", "avoid": "words", "latitude": "severity"},
    joined=frozenset({"shorthand", "full"}),
)
FRAMEWORKS = Section(
    name="framework", place="frameworks", file=Framework, entry=Framework, keyed={"steps": "letter"}
)
COUNTRIES = Section(
    name="country", place="help_lines", file=Country, entry=Country, key="code", keyed={"lines": "name"}
)
SAFE_LINES = Section(
    name="safe_lines",
    place="safe_lines.yaml",
    file=SafeLines,
    entry=SafeLine,
    listed="lines",
    keyed={"lines": "id"},
)
PROMPTS = Section(
    name="prompts",
    place="debrief",
    file=Prompts,
    entry=Prompt,
    listed="prompts",
    key="step",
    keyed={"prompts": "step"},
)
NUDGES = Section(
    name="nudges", place="nudges", file=Nudges, entry=Nudge, listed="nudges", keyed={"nudges": "id"}
)
RESETS = Section(
    name="resets", place="resets", file=Resets, entry=Reset, listed="resets", keyed={"resets": "id"}
)
GUIDES = Section(
    name="guides",
    place="peers",
    file=Guides,
    entry=Guide,
    listed="guides",
    keyed={"guides": "id"},
)

SECTIONS: tuple[Section[Part], ...] = (  # type: ignore[assignment]
    SITUATIONS,
    FRAMEWORKS,
    COUNTRIES,
    SAFE_LINES,
    PROMPTS,
    NUDGES,
    RESETS,
    GUIDES,
)

ELSEWHERE = frozenset({"schema", "lexicon", "safety"})
"""Folders of a set that are no sections: read by the finder, or written for editors."""
