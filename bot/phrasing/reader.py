"""Reading: rows of words with what each may mean, typos mended against the words that are known."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from bot.phrasing.lexicon import Lexicon
from bot.phrasing.memory import Kept
from bot.phrasing.patterns import Patterns, Wording
from bot.phrasing.text import PAUSE, PAUSES, Word, folded, plain_word, sections, stem, words

_LETTERS = re.compile(r"[a-z]+(?:'[a-z]+)*")
_VOWELS = str.maketrans("", "", "aeiou")
_SHORTEST_TYPO = 5
_SHORTEST_SKELETON = 3
BREAK = PAUSE
"""The pause between two thoughts, as it stands among the stems."""
_PAUSE: tuple[str, ...] = (BREAK,)
_IDEA = "idea"
_NOT = frozenset({"not", "no", "never", "without", "isnt", "nor"})
FIGURE = "@figure"
"""What a figure of speech is read as, in place of what its words mean one by one."""
_REACH = 2
"""How many words a "not" may stand before the feeling that it takes back."""


class Section(NamedTuple):
    """One sentence or line: its words, as typed and as read, and what may be read at each place."""

    typed: Sequence[Word]
    stems: tuple[str, ...]
    source: Sequence[int]
    """For each stem, which typed word it came from."""
    row: Sequence[Mapping[str, int]]
    ideas: Sequence[str]
    present: frozenset[str]
    """All that the row holds."""
    spelt: Mapping[str, tuple[str, ...]]
    """Each word once, as typed, or its mark, with the stems it was read as; without pauses."""

    def quote(self, start: int, end: int) -> str:
        """The words of some neighbouring stems as somebody typed them, numbers as marks."""
        first, last = self.source[start], self.source[end - 1]
        return " ".join(word.read for word in self.typed[first : last + 1])


class Reader:
    """Turns text into sections; knows the lexicon, and the words of the signals for mending typos."""

    def __init__(self, lexicon: Lexicon, lines: Sequence[str] = ()) -> None:
        self._shorthand = lexicon.shorthand
        self._forms = lexicon.forms
        self._read: dict[str, tuple[str, ...]] = {}
        self._options: dict[str, Mapping[str, int]] = {}
        self._words = {raw: self._met(raw) for raw in PAUSES}
        self._taken_back = frozenset(self.stems_of(word)[-1] for word in lexicon.taken_back_by_not)
        self.common = frozenset(self.stems_of(word)[-1] for word in lexicon.common)
        single, several = _by_length(lexicon.ideas, self.stems_of)
        self._meaning = frozenset(single)
        self._options |= {word: dict.fromkeys((word, *ideas), 1) for word, ideas in single.items()}
        self._ideas = Patterns(several, self.stems_of)
        self._lexicon, self._lines = lexicon, lines
        self._learnt = Counter[str]()

    def stems_of(self, raw: str) -> tuple[str, ...]:
        """One word as written in the lexicon, as the stems it is read as; no typo is mended."""
        found = self._read.get(raw)
        if found is None:
            found = self._read[raw] = tuple(self._stem(it) for it in self._long(raw).split())
            self._words[raw] = self._met(raw)
        return found

    def _met(self, raw: str) -> Word:
        """A word that is known from now on, with its stems."""
        word = plain_word(raw)
        word.stems = self._stems(word, self.stems_of)
        for it in word.stems:
            self._options.setdefault(it, {it: 1})
        return word

    def _stems(self, word: Word, unread: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
        if word.read == BREAK:
            return _PAUSE
        return unread(word.raw) if word.read is word.raw else (self._stem(word.read),)

    def _long(self, raw: str) -> str:
        return self._shorthand.get(raw) or self._shorthand.get(raw.replace("'", "")) or raw

    def _stem(self, word: str) -> str:
        if word[0] == "<":
            return word
        plain = word.replace("'s", "").replace("'", "")
        form = self._forms.get(plain)
        if form is not None:
            return form
        bare = stem(plain)
        form = self._forms.get(bare)
        return bare if form is None else stem(form)

    @cached_property
    def _known(self) -> Mapping[str, int]:
        """How often each word stands in signals and lexicon; asked for when a word was never met before."""
        said = Counter(word for line in self._lines for word in _LETTERS.findall(folded(line)))
        known = self._learnt + Counter[str](self._meaning)
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

    def learn(self, text: str) -> list[Section]:
        """The sections of a cleaned text whose words are known from now on, as they are."""
        learnt = self.as_written(text)
        for section in learnt:
            self._learnt.update(section.stems)
        return learnt

    @property
    def learned(self) -> Kept:
        """Every word met so far with its stems, and how often each known stem was said."""
        return {"read": self._read, "known": self._known}

    def take(self, learned: Kept) -> None:
        """Know the words that were learned before."""
        self._read = {raw: tuple(stems) for raw, stems in learned["read"].items()}
        self._words |= {raw: self._met(raw) for raw in self._read}
        self._known = learned["known"]

    def as_written(self, text: str) -> list[Section]:
        """The sections of a cleaned text in which no word is a typo."""
        return self._sections(text, self.stems_of)

    def settle(self) -> None:
        """Get ready to mend typos now, and not when somebody waits for the first one."""
        self._near, self._bare  # noqa: B018

    def read(self, text: str) -> list[Section]:
        """The sections of a cleaned text, typos mended."""
        return self._sections(text, self._unread)

    def stems_in(self, text: str) -> set[str]:
        """The stems of a cleaned text, typos mended, without a look at what they mean together."""
        parts = [words(part, self._words) for part in sections(folded(text))]
        return {it for part in parts for stems in self._spelt(part, self._unread)[0] for it in stems}

    def _sections(self, text: str, unread: Callable[[str], tuple[str, ...]]) -> list[Section]:
        known = self._words
        parts = [self._section(words(part, known), unread) for part in sections(folded(text))]
        return [it for it in parts if it.stems]

    def _section(self, typed: Sequence[Word], unread: Callable[[str], tuple[str, ...]]) -> Section:
        several, spelt = self._spelt(typed, unread)
        stems = tuple(chain.from_iterable(several))
        source: Sequence[int] = range(len(stems))
        if len(stems) != len(typed):
            source = [at for at, them in enumerate(several) for _ in them]
        options = self._options
        row: list[Mapping[str, int]] = [options.get(it) or {it: 1} for it in stems]
        if not self._taken_back.isdisjoint(stems):
            self._take_back(stems, row)
        hits = self._ideas.find(row)
        for _, label, start, end in hits:
            if label == FIGURE:
                row[start:end] = [{it: 1} for it in stems[start:end]]
        for _, label, start, end in hits:
            row[start] = {**row[start], label: end - start}
        present = frozenset().union(*row)
        ideas = sorted([it for it in present if it[0] == "@"])
        return Section(typed, stems, source, row, ideas, present, spelt)

    def _spelt(
        self, typed: Sequence[Word], unread: Callable[[str], tuple[str, ...]]
    ) -> tuple[list[tuple[str, ...]], dict[str, tuple[str, ...]]]:
        """The stems of each word in order, and of each that is no pause by how it was typed."""
        several = [word.stems or self._stems(word, unread) for word in typed]
        spelt = {word.spelt: stems for word, stems in zip(typed, several, strict=True)}
        spelt.pop("", None)
        return several, spelt

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

    def _take_back(self, stems: Sequence[str], row: list[Mapping[str, int]]) -> None:
        """Unread the feelings that a "not" takes back, for "not angry, just confused"."""
        for at, word in enumerate(stems):
            if word in self._taken_back:
                before = stems[max(0, at - _REACH) : at]
                if not {BREAK, "stop"} & {*before} and not _NOT.isdisjoint(before):
                    row[at] = {"not " + word: 1}


def _by_length(
    ideas: Mapping[str, Iterable[str]], read: Callable[[str], tuple[str, ...]]
) -> tuple[dict[str, tuple[str, ...]], list[Wording]]:
    """Ideas of single words by the word, and the wordings of several words."""
    single: dict[str, tuple[str, ...]] = {}
    several: list[Wording] = []
    for idea, wordings in ideas.items():
        label = "@" + idea
        for wording in wordings:
            stems = () if " " in wording or "/" in wording else read(wording)
            if len(stems) == 1:
                if label not in single.get(stems[0], ()):
                    single[stems[0]] = (*single.get(stems[0], ()), label)
            else:
                several.append(Wording(_IDEA, label, wording))
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
