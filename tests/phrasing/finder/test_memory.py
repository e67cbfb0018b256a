"""What was learned once is taken from memory, and never after anything it came from has changed."""

import json
from pathlib import Path

import pytest

from bot.phrasing import memory as module
from bot.phrasing.lexicon import Lexicon
from bot.phrasing.memory import Memory, digest
from bot.phrasing.safety import SafetyRule, SafetyWords
from bot.phrasing.sense import Sense

LEXICON = Lexicon(common=frozenset({"the", "he", "has", "my", "is"}))
WORDS = SafetyWords(
    (), (), danger_lines=("he has a knife", "an axe for me"), harmless_lines=("my order is late",)
)


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("sense-*.json"))


def test_a_second_start_learns_nothing_and_knows_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = SafetyRule(WORDS, LEXICON, memory=Memory(tmp_path / "new"))

    def refuse(*_: object) -> None:
        raise AssertionError("learned again")

    monkeypatch.setattr(Sense, "learn", refuse)
    second = SafetyRule(WORDS, LEXICON, memory=Memory(tmp_path / "new"))
    for text in ("he has a knife", "the order is late", "a knif and an aze", "something else"):
        sections = first._reader.read(text)
        assert second._reader.read(text) == sections or second.sureness(sections) == first.sureness(sections)
        assert second.fires(text) == first.fires(text)


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


@pytest.mark.parametrize(
    "spoilt", ["", "{", "[]", '{"a": "much"}', '{"": null}', '{"": NaN}', '{"a": 1.0}', "[" * 100_000]
)
def test_what_cannot_be_read_is_learned_anew_and_kept_again(tmp_path: Path, spoilt: str) -> None:
    SafetyRule(WORDS, LEXICON, memory=Memory(tmp_path))
    (path,) = kept(tmp_path)
    good = json.loads(path.read_text("utf-8"))
    path.write_text(spoilt, "utf-8")
    assert SafetyRule(WORDS, LEXICON, memory=Memory(tmp_path)).fires("he has a knife")
    assert json.loads(path.read_text("utf-8")) == good


def test_a_folder_that_cannot_be_made_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert SafetyRule(WORDS, LEXICON, memory=Memory(tmp_path / "file")).fires("he has a knife")


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    for number in range(9):
        memory.keep(str(number), {"": float(number)})
    assert len(list(tmp_path.iterdir())) == 6
    assert memory.recall("8") == {"": 8.0}
