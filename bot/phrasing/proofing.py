"""What `steady lint` says of the words that the finder reads: broken files, and words that are never met."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.phrasing.lexicon import BrokenWordsError, Lexicon, load_lexicon
from bot.phrasing.reader import Reader
from bot.phrasing.safety import SafetyFile, load_safety
from bot.phrasing.sense import Themes
from bot.phrasing.text import clean, folded, words
from bot.playbooks.findings import Finding, error, warning
from bot.playbooks.loading import Loaded
from bot.playbooks.mends import Loc
from bot.playbooks.model import Situation
from bot.playbooks.reading import parse, place, plain, text_of
from bot.playbooks.sections import SITUATIONS

_MARKS = frozenset(it.read for it in words("5 3rd 3pm £5 5% 3x 123456", {}))
"""What every number of a kind is read as: written as they are, they can be met."""


def proofread(roots: Sequence[Path], loaded: Loaded) -> list[Finding]:
    """Everything worth mending in the lexicon, the safety wordings and the cues of several sets."""
    try:
        lexicon = load_lexicon(roots)
    except BrokenWordsError as broken:
        return [*broken.findings]
    return [*_cues(Reader(lexicon), loaded), *_safety(roots, lexicon)]


def _safety(roots: Sequence[Path], lexicon: Lexicon) -> Iterator[Finding]:
    folders = [it for root in roots for it in sorted((root / "safety").glob("*/")) if it.is_dir()]
    try:
        sets = {name: load_safety(roots, name) for name in dict.fromkeys(it.name for it in folders)}
    except BrokenWordsError as broken:
        yield from broken.findings
        return
    reader = Reader(lexicon)
    heard = {name: _Deaf.of(it.themes, reader) for name, it in sets.items()}
    for root in roots:
        for path in sorted((root / "safety").glob("*.yaml")):
            yield from _File.of(path, reader, [*heard.values()]).findings()
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            yield from _File.of(path, reader, [heard[folder.name]]).findings()


@dataclass(frozen=True)
class _Deaf:
    """The stems that a safety rule reads as something else before it looks for themes."""

    slight: frozenset[str]
    same: Mapping[str, str]

    @classmethod
    def of(cls, themes: Themes, reader: Reader) -> "_Deaf":
        same = {stem: name for name, several in themes.same.items() for stem in _stems(several, reader)}
        return cls(frozenset(_stems(themes.slight, reader)), same)

    def instead(self, stem: str) -> str | None:
        """What hides a word from its theme, if anything does."""
        if stem in self.slight:
            return "slight"
        return f"same: {self.same[stem]}" if stem in self.same else None


def _stems(several: Sequence[str] | frozenset[str], reader: Reader) -> Iterator[str]:
    for it in several:
        yield from reader.stems_of(it)[-1:]


@dataclass(frozen=True)
class _File:
    """One file of safety wordings, with the line of every word in it."""

    path: Path
    text: str
    reader: Reader
    deaf: Sequence[_Deaf]
    """What hides words from themes, in each of the rules that read this file."""

    @classmethod
    def of(cls, path: Path, reader: Reader, deaf: Sequence[_Deaf]) -> "_File":
        return cls(path, text_of(path)[0] or "", reader, deaf)

    def findings(self) -> Iterator[Finding]:
        node, _ = parse(self.path, self.text)
        if node is None:
            return
        file = SafetyFile.model_validate(plain(node))
        for loc, several in _lists(file):
            line = place(node, loc)[1]
            for word in several.split():
                if wrong := self._wrong(loc, word):
                    yield error(self.path, self._line(word, line), *wrong)

    def _wrong(self, loc: Loc, word: str) -> tuple[str, str] | None:
        """What keeps a word from ever being met, and the mend."""
        where = " → ".join(map(str, loc))
        met = met_as(word, self.reader)
        if met != [*self.reader.stems_of(word)] or len(met) != 1:
            read = " ".join(met) or "nothing"
            return f'"{word}" in {where} is never met: it is read as "{read}".', _mend(word, met)
        hidden = [it.instead(met[0]) for it in self.deaf] if loc[0] == "themes" else [None]
        if all(hidden):
            says = f'"{word}" in {where} is never met: "{met[0]}" is read under {hidden[0]}.'
            return says, "Write another form of it, leave it out here, or take it out there."
        return None

    def _line(self, word: str, first: int) -> int:
        """The line on which a word of a list stands that begins at `first`."""
        alone = re.compile(rf"(?<!\S){re.escape(word)}(?!\S)")
        rows = self.text.split("\n")
        return next((at for at in range(first, len(rows) + 1) if alone.search(rows[at - 1])), first)


def _lists(file: SafetyFile) -> Iterator[tuple[Loc, str]]:
    """Every list of words that are looked up one by one."""
    for field in ("themes", "same"):
        for name, several in getattr(file, field).items():
            yield (field, name), several
    yield ("slight",), file.slight


def _mend(word: str, met: Sequence[str]) -> str:
    if word != (plain := folded(word)):
        return f'Write it as texts are read, in small letters without accents: "{plain}".'
    if len(met) > 1:
        return "Write one word that says it alone, or leave it out; whole wordings belong under danger."
    if met and met[0] in _MARKS:
        return f"Leave it out: {met[0]} stands for every number of its kind."
    return "Write a word of letters."


def met_as(word: str, reader: Reader) -> list[str]:
    """What a word is read as where somebody types it; a mark such as `<n>` stands for itself."""
    if word in _MARKS:
        return [word]
    return [stem for section in reader.as_written(clean(word)) for stem in section.stems]


def _cues(reader: Reader, loaded: Loaded) -> Iterator[Finding]:
    """A cue with a word that is read as something else, as every number is."""
    for source in loaded.sources[SITUATIONS.name].values():
        phrases = source.part.phrases if isinstance(source.part, Situation) else ()
        for at, phrase in enumerate(phrases):
            for which, cue in enumerate(phrase.cues):
                unmet = next(
                    (it for it in _words_of(cue) if met_as(it, reader) != [*reader.stems_of(it)]), ""
                )
                if unmet:
                    yield warning(
                        *source.where(("phrases", at, "cues", which)),
                        f'The cue "{cue}" is never met: "{unmet}" is read as a number.',
                        "Leave the number out and write the words beside it.",
                    )


def _words_of(cue: str) -> list[str]:
    return cue.replace("…", " ").replace("/", " ").split()
