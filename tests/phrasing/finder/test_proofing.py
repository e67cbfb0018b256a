"""`steady lint` refuses words that could never be met, and the later set has the last word on a number."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from bot.phrasing.proofing import proofread
from bot.phrasing.safety import load_safety
from bot.playbooks.findings import Finding
from bot.playbooks.library import Library
from bot.playbooks.loading import load, shipped_playbooks
from bot.playbooks.report import lint_report

TODAY = dt.date(2026, 11, 22)
HEAD = "owner: Us\nreview_by: 2027-01-01\n"
GOOD = (Path(__file__).parents[2] / "playbooks" / "good" / "late_technician.yaml").read_text("utf-8")


def written(root: Path, place: str, text: str) -> Path:
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def found(root: Path, beside: Path | None = None) -> list[Finding]:
    roots = [beside or shipped_playbooks(), root]
    return proofread(roots, load(roots))


@pytest.fixture(scope="module")
def lexicon_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped set without the thousands of lines that are no part of the question."""
    root = tmp_path_factory.mktemp("lexicon_alone")
    shutil.copytree(shipped_playbooks() / "lexicon", root / "lexicon")
    return root


def test_every_word_of_the_shipped_sets_can_be_met() -> None:
    roots = [shipped_playbooks()]
    assert proofread(roots, load(roots)) == []


@pytest.mark.parametrize(
    ("word", "read"),
    [
        ("hunting-knife", "hunt knif"),
        ("six", "<n>"),
        ("999", "<n>"),
        ("ninth", "<ord>"),
        ("a&e", "a and e"),
        ("im", "i be"),
        ("Égorger", "egorger"),
        ("***", "nothing"),
    ],
)
@pytest.mark.parametrize(
    "list_", ["themes:\n  blades: sabre\n    {}", "same:\n  who: he\n    {}", "slight: oh\n  {}"]
)
def test_a_word_that_is_never_met_is_refused_with_its_line(
    tmp_path: Path, lexicon_alone: Path, list_: str, word: str, read: str
) -> None:
    path = written(tmp_path, "safety/customers/ours.yaml", list_.format(word) + " sword\n")
    (wrong,) = found(tmp_path, lexicon_alone)
    assert wrong.is_error
    assert (wrong.path, wrong.line) == (path, 3 + list_.count("\n"))
    assert f'"{word}" in {list_.partition(":")[0]}' in wrong.message
    assert f'never met: it is read as "{read}"' in wrong.message
    assert wrong.hint


def test_marks_plain_words_and_words_joined_by_the_reader_are_fine(tmp_path: Path) -> None:
    written(tmp_path, "safety/ours.yaml", "themes:\n  blades: sabre sabres machete's\nslight: <n> <ord> oh\n")
    assert found(tmp_path) == []


def test_a_theme_hidden_behind_another_list_is_refused_unless_one_rule_still_sees_it(tmp_path: Path) -> None:
    written(tmp_path, "safety/ours.yaml", "themes:\n  canes: caned\n  selves: myself\n")
    (wrong,) = found(tmp_path)
    assert '"caned" in themes → canes is never met: "can" is read under slight.' in wrong.message
    written(tmp_path, "safety/customers/ours.yaml", "themes:\n  selves: myself\n")
    assert any('"myself"' in it.message and "same: self" in it.message for it in found(tmp_path))


def test_a_broken_file_of_words_is_said_by_lint_and_fails_it(tmp_path: Path) -> None:
    path = written(tmp_path, "safety/customers/ours.yaml", "dangers:\n  - i have a sabre\n")
    text, code = lint_report([tmp_path], today=TODAY, proofreaders=[proofread])
    assert code == 1
    assert path.name in text
    written(tmp_path, "safety/customers/ours.yaml", "danger:\n  - i have a sabre\n")
    written(tmp_path, "lexicon/ours.yaml", "cue:\n  refund_problem: [giro]\n")
    text, code = lint_report([tmp_path], today=TODAY, proofreaders=[proofread])
    assert code == 1
    assert "lexicon/ours.yaml" in text


def test_a_cue_with_a_number_is_noticed_however_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "situations").mkdir()
    cued = GOOD.replace(
        "role: acknowledge", "role: acknowledge\n    cues: [day off, third visit, lost/two]", 1
    )
    (tmp_path / "situations" / "late_technician.yaml").write_text(cued, "utf-8")
    said = [it.message for it in found(tmp_path)]
    assert len(said) == 2
    assert 'The cue "third visit" is never met: "third" is read as a number.' in said
    assert any('The cue "lost/two"' in it for it in said)


@pytest.mark.parametrize("place", ["safety/ours.yaml", "safety/customers/ours.yaml"])
def test_of_two_sets_the_later_says_from_when_on_it_is_danger(tmp_path: Path, place: str) -> None:
    written(tmp_path / "shipped", "safety/customers/words.yaml", "sure_from: 0.5\n")
    written(tmp_path / "ours", place, "sure_from: 2.5\n")
    folders = [tmp_path / "shipped", tmp_path / "ours"]
    assert load_safety(folders, "customers").sure_from == 2.5
    assert load_safety(folders[::-1], "customers").sure_from == 0.5


def test_within_a_set_the_folder_of_the_rule_says_it(tmp_path: Path) -> None:
    written(tmp_path, "safety/words.yaml", "sure_from: 0.5\n")
    written(tmp_path, "safety/colleagues/words.yaml", "sure_from: 1.5\n")
    assert load_safety([tmp_path], "colleagues").sure_from == 1.5
    assert load_safety([tmp_path], "customers").sure_from == 0.5


def test_the_readme_tells_the_numbers_that_count_where_nobody_says_another(library: Library) -> None:
    shipped = [shipped_playbooks()]
    readme = (shipped_playbooks() / "README.md").read_text("utf-8")
    usual = load_safety(shipped, "customers").sure_from
    own = load_safety(shipped, "colleagues").sure_from
    assert f"{usual} where no file says another, {own} in the shipped `colleagues/`" in " ".join(
        readme.split()
    )
