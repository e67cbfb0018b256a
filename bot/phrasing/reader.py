"""Reading: rows of words with what each may mean, typos mended against the words that are known."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.phrasing.lexicon import Lexicon
from bot.phrasing.patterns import Patterns
from bot.phrasing.text import Word, folded, sections, stem, words

_LETTERS = re.compile(r"[a-z]+(?:'[a-z]+)*")
_VOWELS = str.maketrans("", "", "aeiou")
_SHORTEST_TYPO = 5
_SHORTEST_SKELETON = 3
BREAK = ","
"""The pause between two thoughts, as it stands among the stems."""
_NOT = frozenset({"not", "no", "never", "without", "isnt", "nor"})
FIGURE = "@figure"
"""What a figure of speech is read as, in place of what its words mean one by one."""
_REACH = 2
"""How many words a "not" may stand before the feeling that it takes back."""


@dataclass(frozen=True, slots=True)
class Section:
    """One sentence or line: its words, as typed and as read, and what may be read at each place."""

    typed: tuple[Word, ...]
    stems: tuple[str, ...]
    source: tuple[int, ...]
    """For each stem, which typed word it came from."""
    row: tuple[Mapping[str, int], ...]
    ideas: tuple[str, ...]
    present: frozenset[str]
    """All that the row holds."""


class Reader:
    """Turns text into sections; knows the lexicon, and the words of the signals for mending typos."""

    def __init__(self, lexicon: Lexicon, lines: Sequence[str] = ()) -> None:
        self._shorthand = lexicon.shorthand
        self._forms = lexicon.forms
        self._read: dict[str, tuple[str, ...]] = {}
        self._taken_back = frozenset(self.stems_of(word)[-1] for word in lexicon.taken_back_by_not)
        self.common = frozenset(self.stems_of(word)[-1] for word in lexicon.common)
        single, several = _by_length(lexicon.ideas, self.stems_of)
        self._options = {word: dict.fromkeys((word, *ideas), 1) for word, ideas in single.items()}
        self._ideas = Patterns(several, self.stems_of)
        self._lexicon, self._lines = lexicon, lines

    def stems_of(self, raw: str) -> tuple[str, ...]:
        """One word as written in the lexicon, as the stems it is read as; no typo is mended."""
        found = self._read.get(raw)
        if found is None:
            found = self._read[raw] = tuple(self._stem(it) for it in self._long(raw).split())
        return found

    def _long(self, raw: str) -> str:
        return self._shorthand.get(raw) or self._shorthand.get(raw.replace("'", "")) or raw

    def _stem(self, word: str) -> str:
        if word[0] == "<":
            return word
        plain = word.replace("'s", "").replace("'", "")
        form = self._forms.get(plain)
        return form if form is not None else stem(self._forms.get(stem(plain), plain))

    @cached_property
    def _known(self) -> Mapping[str, int]:
        """How often each word stands in signals and lexicon; asked for when a word was never met before."""
        said = Counter(word for line in self._lines for word in _LETTERS.findall(folded(line)))
        known = Counter[str](self._options.keys())
        known.update(it for it in self._ideas.words if it[0] not in "@<")
        for word, count in said.items():
            for it in self.stems_of(word):
                known[it] += count
        lexicon = self._lexicon
        for wording in (
            it for several in (*lexicon.cues.values(), *lexicon.states.values()) for it in several
        ):
            for word in _LETTERS.findall(wording):
                known.update(self.stems_of(word))
        return known

    @cached_property
    def _near(self) -> Mapping[str, str]:
        return _deletions(self._known)

    @cached_property
    def _bare(self) -> Mapping[str, str]:
        return _skeletons(self._known)

    def read(self, text: str) -> list[Section]:
        """The sections of a cleaned text."""
        return [section for part in sections(folded(text)) if (section := self._section(words(part))).stems]

    def _section(self, typed: list[Word]) -> Section:
        stems: list[str] = []
        source: list[int] = []
        read = self._read
        for at, word in enumerate(typed):
            for it in read.get(word.raw) or self._unread(word.raw) if word.read is word.raw else (word.read,):
                stems.append(it)
                source.append(at)
        row: list[Mapping[str, int]] = [self._options.get(it) or {it: 1} for it in stems]
        self._take_back(stems, row)
        hits = self._ideas.find(row)
        for hit in hits:
            if hit.label == FIGURE:
                row[hit.start : hit.end] = [{it: 1} for it in stems[hit.start : hit.end]]
        for hit in hits:
            row[hit.start] = {**row[hit.start], hit.label: hit.end - hit.start}
        present = frozenset().union(*row)
        ideas = tuple(sorted([it for it in present if it[0] == "@"]))
        return Section(tuple(typed), tuple(stems), tuple(source), tuple(row), ideas, present)

    def _unread(self, raw: str) -> tuple[str, ...]:
        """A word that is in no signal and no lexicon: perhaps another spelling of one that is."""
        stems = tuple(self._stem(it) for it in self._long(raw).split())
        return tuple(it if it in self._known else self._mended(it) for it in stems)

    def _mended(self, word: str) -> str:
        if not word.isalpha():
            return word
        bare = word.translate(_VOWELS)
        if len(word) - len(bare) <= len(word) // 4 and len(bare) >= _SHORTEST_SKELETON:
            found = self._bare.get(word[0] + word[1:].translate(_VOWELS))
            if found is not None:
                return found
        if len(word) < _SHORTEST_TYPO:
            return word
        nearest = [near for shorter in (word, *_shortened(word)) if (near := self._near.get(shorter))]
        return max(nearest, key=lambda it: self._known[it], default=word)

    def _take_back(self, stems: list[str], row: list[Mapping[str, int]]) -> None:
        """Unread the feelings that a "not" takes back, for "not angry, just confused"."""
        for at, word in enumerate(stems):
            if word in self._taken_back:
                before = stems[max(0, at - _REACH) : at]
                if BREAK not in before and not _NOT.isdisjoint(before):
                    row[at] = {"not " + word: 1}


def _by_length(
    ideas: Mapping[str, Iterable[str]], read: Callable[[str], tuple[str, ...]]
) -> tuple[dict[str, tuple[str, ...]], list[tuple[str, str]]]:
    """Ideas of single words by the word, and the wordings of several words."""
    single: dict[str, tuple[str, ...]] = {}
    several: list[tuple[str, str]] = []
    for idea, wordings in ideas.items():
        label = "@" + idea
        for wording in wordings:
            stems = () if " " in wording or "/" in wording else read(wording)
            if len(stems) == 1:
                if label not in single.get(stems[0], ()):
                    single[stems[0]] = (*single.get(stems[0], ()), label)
            else:
                several.append((label, wording))
    return single, several


def _shortened(word: str) -> Iterable[str]:
    return (word[:at] + word[at + 1 :] for at in range(1, len(word)))


def _deletions(known: Mapping[str, int]) -> dict[str, str]:
    """Each known word less any one letter but the first: a slip of the finger meets one of them."""
    near: dict[str, str] = {}
    for word in sorted(known, key=lambda it: (known[it], it)):
        if len(word) >= _SHORTEST_TYPO - 1 and word.isalpha():
            for shorter in (word, *_shortened(word)):
                near[shorter] = word
    return near


def _skeletons(known: Mapping[str, int]) -> dict[str, str]:
    """Each known word under its consonants, since hurried hands leave the vowels out."""
    bare: dict[str, str] = {}
    for word in sorted(known, key=lambda it: (known[it], it)):
        if len(word) > _SHORTEST_SKELETON and word.isalpha():
            key = word[0] + word[1:].translate(_VOWELS)
            if len(key) >= _SHORTEST_SKELETON:
                bare[key] = word
    return bare
