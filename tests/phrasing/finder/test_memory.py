"""What was learned once is taken from memory, and never after anything it came from has changed."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.phrasing import memory as module
from bot.phrasing.finder import Finder
from bot.phrasing.lexicon import Lexicon
from bot.phrasing.memory import Memory, digest
from bot.phrasing.reader import Reader
from bot.phrasing.safety import SafetyRule, SafetyWords
from bot.phrasing.sense import Sense
from bot.playbooks.library import Library
from bot.playbooks.model import Situation

LEXICON = Lexicon(common=frozenset({"the", "he", "has", "my", "is"}))
WORDS = SafetyWords(
    (), (), danger_lines=("he has a knife", "an axe for me"), harmless_lines=("my order is late",)
)


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("learned-*.json"))


def told(finder: Finder, text: str) -> object:
    found = finder.find(text)
    return (
        found.fit,
        found.states,
        found.cued,
        [(it.situation, it.score, *it.reasons) for it in found.matches],
    )


@pytest.fixture(scope="module")
def few(library: Library) -> dict[str, Situation]:
    ids = ("billing_dispute", "crisis_safety", "delivery_problem", "repeat_contact")
    return {it: library.situations[it] for it in ids}


def finder_of(situations: Mapping[str, Situation], memory: Memory) -> Finder:
    words = SafetyWords(
        ("kill myself",), (), danger_lines=WORDS.danger_lines, harmless_lines=("all is well",)
    )
    return Finder(situations, LEXICON, words, memory)


def test_a_finder_that_remembers_finds_what_one_that_learned_does(
    tmp_path: Path, few: dict[str, Situation], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = finder_of(few, Memory(tmp_path))

    def refuse(*_: object) -> None:
        raise AssertionError("read again")

    with monkeypatch.context() as patched:
        patched.setattr(Reader, "learn", refuse)
        second = finder_of(few, Memory(tmp_path))
    lines = [
        it for situation in few.values() for it in (*situation.signals.full, *situation.signals.shorthand)
    ]
    typos = [f"{it[:9]}{it[10:]} {it[-20:]}x" for it in lines]
    for line in (*lines[::7], *typos[::7], "I will kill myself", "he has an axe", "3rd call", "xyzzy", ""):
        assert told(second, line) == told(first, line)


def test_a_finder_learns_anew_when_one_signal_or_named_thing_has_changed(
    tmp_path: Path, few: dict[str, Situation]
) -> None:
    finder_of(few, Memory(tmp_path))
    bill = few["billing_dispute"]
    signals = bill.signals.model_copy(update={"full": (*bill.signals.full, "my zeppelin was charged twice")})
    changed = finder_of({**few, bill.id: bill.model_copy(update={"signals": signals})}, Memory(tmp_path))
    assert changed.find("zeppelin").matches[0].situation == bill.id
    phrase = bill.phrases[0].model_copy(update={"cues": ("dirigible",)})
    named = bill.model_copy(update={"phrases": (phrase, *bill.phrases[1:])})
    found = finder_of({**few, bill.id: named}, Memory(tmp_path)).find("a dirigble was charged")
    assert f"{bill.id}.{phrase.id}" in found.cued
    assert len(kept(tmp_path)) == 3


def test_a_second_start_learns_nothing_and_knows_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = SafetyRule(WORDS, LEXICON, memory=Memory(tmp_path / "new"))

    def refuse(*_: object) -> None:
        raise AssertionError("learned again")

    monkeypatch.setattr(Sense, "learn", refuse)
    second = SafetyRule(WORDS, LEXICON, memory=Memory(tmp_path / "new"))
    for text in ("he has a knife", "the order is late", "a knif and an aze", "something else"):
        assert second.sureness(text) == first.sureness(text)


@pytest.mark.parametrize(
    "changed",
    [
        SafetyWords((), (), danger_lines=("he has a knife",), harmless_lines=WORDS.harmless_lines),
        SafetyWords(("knife",), (), danger_lines=WORDS.danger_lines, harmless_lines=WORDS.harmless_lines),
    ],
)
def test_a_changed_line_or_wording_is_learned_anew(tmp_path: Path, changed: SafetyWords) -> None:
    SafetyRule(WORDS, LEXICON, memory=Memory(tmp_path))
    SafetyRule(changed, LEXICON, memory=Memory(tmp_path))
    assert len(kept(tmp_path)) == 2


def test_other_code_learns_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest("the same")
    (tmp_path / "sense.py").write_text("changed")
    monkeypatch.setattr(module, "__file__", str(tmp_path / "memory.py"))
    assert digest("the same") != before


def spoil(path: Path, change: Callable[[bytes], bytes]) -> bytes:
    good = path.read_bytes()
    path.write_bytes(change(good))
    assert path.read_bytes() != good
    return good


@pytest.mark.parametrize(
    "change",
    [
        lambda _: b"",
        lambda _: b"{",
        lambda _: b'{"": 1.0}',
        lambda _: b"[" * 100_000,
        lambda good: good[:-1],
        lambda good: good.partition(b"\n")[2],
        lambda good: good.replace(b"0.", b"9.", 1),
        lambda good: good + b" ",
        lambda good: good.upper(),
    ],
)
def test_what_is_not_whole_is_learned_anew_and_kept_again(
    tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    SafetyRule(WORDS, LEXICON, memory=Memory(tmp_path))
    (path,) = kept(tmp_path)
    good = spoil(path, change)
    assert SafetyRule(WORDS, LEXICON, memory=Memory(tmp_path)).fires("he has a knife")
    assert path.read_bytes() == good


def test_what_was_kept_under_another_key_is_no_answer(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    memory.keep("a", {"": 1.0})
    (path,) = kept(tmp_path)
    path.rename(path.with_name(path.name.replace("-a", "-b")))
    assert memory.recall("b") is None


def test_a_folder_that_cannot_be_made_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert SafetyRule(WORDS, LEXICON, memory=Memory(tmp_path / "file")).fires("he has a knife")


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    for number in range(9):
        memory.keep(str(number), {"": float(number)})
    assert len(list(tmp_path.iterdir())) == 6
    assert memory.recall("8") == {"": 8.0}
