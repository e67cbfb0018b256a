"""What the finder knows about language: `lexicon/*.yaml`, to which every set of playbooks may add."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field, StringConstraints, ValidationError

from bot.playbooks.findings import Finding, error
from bot.playbooks.model import Id, Part, Short, State
from bot.playbooks.reading import checked, parse, place, plain, text_of

Wording = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Wordings = tuple[Wording, ...]


class BrokenWordsError(ValueError):
    """A file of the lexicon or of the safety rule can't be used; says which line, and the mend."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = tuple(findings)


class LexiconFile(Part):
    """One file of a lexicon: any of its parts may stand in any file."""

    owner: Short
    review_by: dt.date
    shorthand: dict[Wording, Wording] = Field(default_factory=dict)
    forms: dict[Wording, Wording] = Field(default_factory=dict)
    common: Annotated[str, StringConstraints(max_length=4_000)] = ""
    taken_back_by_not: Wordings = ()
    ideas: dict[Id, Wordings] = Field(default_factory=dict)
    cues: dict[Id, Wordings] = Field(default_factory=dict)
    states: dict[State, Wordings] = Field(default_factory=dict)
    other_than_states: dict[State, Wordings] = Field(default_factory=dict)
    nothing: Annotated[
        tuple[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)], ...],
        Field(),
    ] = ()


@dataclass(frozen=True)
class Lexicon:
    """All files of a lexicon as one."""

    shorthand: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    common: frozenset[str] = frozenset()
    taken_back_by_not: frozenset[str] = frozenset()
    ideas: Mapping[str, Wordings] = field(default_factory=dict)
    """Wordings that mean the same, by the name of what they mean."""
    cues: Mapping[str, Wordings] = field(default_factory=dict)
    """Wordings that speak for a situation by themselves, by its id."""
    states: Mapping[State, Wordings] = field(default_factory=dict)
    other_than_states: Mapping[State, Wordings] = field(default_factory=dict)
    """Wordings in which a state is somebody else's, such as "kids crying": they take it back."""
    nothing: Wordings = ()
    """Whole lines in which no situation is described."""


def load_lexicon(folders: Sequence[Path]) -> Lexicon:
    """The lexicon of several sets of playbooks, each adding to those before it; raises BrokenWordsError."""
    files = files_of(folders, ("lexicon",), LexiconFile)
    ideas: dict[str, Wordings] = {}
    cues: dict[str, Wordings] = {}
    states: dict[State, Wordings] = {}
    others: dict[State, Wordings] = {}
    for file in files:
        _add(ideas, file.ideas)
        _add(cues, file.cues)
        _add(states, file.states)
        _add(others, file.other_than_states)
    return Lexicon(
        shorthand={short: long for file in files for short, long in file.shorthand.items()},
        forms={form: word for file in files for form, word in file.forms.items()},
        common=frozenset(word for file in files for word in file.common.split()),
        taken_back_by_not=frozenset(word for file in files for word in file.taken_back_by_not),
        ideas=ideas,
        cues=cues,
        states=states,
        other_than_states=others,
        nothing=tuple(line for file in files for line in file.nothing),
    )


Key = TypeVar("Key", bound=str)
File = TypeVar("File", bound=Part)


def _add(to: dict[Key, Wordings], more: Mapping[Key, Wordings]) -> None:
    for key, wordings in more.items():
        to[key] = to.get(key, ()) + wordings


def files_of(folders: Sequence[Path], places: Sequence[str], as_: type[File]) -> list[File]:
    """Every YAML file of some places, set by set; raises BrokenWordsError naming each mistake."""
    found: list[File] = []
    findings: list[Finding] = []
    for path in (it for folder in folders for at in places for it in sorted((folder / at).glob("*.yaml"))):
        try:
            found.append(_file(path, as_))
        except BrokenWordsError as broken:
            findings += broken.findings
    if findings:
        raise BrokenWordsError(findings)
    return found


def _file(path: Path, as_: type[File]) -> File:
    text, unreadable = text_of(path)
    if text is None:
        raise BrokenWordsError([unreadable] if unreadable else [])
    node, findings = parse(path, text)
    if node is not None:
        findings = checked(path, text, node)
    wrong = [it for it in findings if it.is_error]
    if node is None or wrong:
        raise BrokenWordsError(wrong)
    try:
        return as_.model_validate(plain(node))
    except ValidationError as problem:
        raise BrokenWordsError(
            [
                error(*place(node, it["loc"]), f"{it['msg']}.", "Compare with the shipped file of this name.")
                for it in problem.errors(include_url=False)
            ]
        ) from None
