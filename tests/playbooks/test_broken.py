"""Broken playbooks: each says at its top what an author should be told, and at which line."""

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

from bot.playbooks.findings import Finding
from bot.playbooks.lint import lint
from bot.playbooks.loading import load

HERE = Path(__file__).parent
TODAY = dt.date(2026, 11, 21)
EXPECTED = re.compile(r"^# expect (error|warning) (\d+): ?(.*)$", re.MULTILINE)
CASES = sorted((HERE / "broken").glob("*.yaml"))


def told(tmp_path: Path, *files: Path) -> list[Finding]:
    folder = tmp_path / "situations"
    folder.mkdir(parents=True)
    for file in files:
        shutil.copy(file, folder)
    return list(lint(load([tmp_path]), TODAY))


@pytest.mark.parametrize("case", CASES, ids=lambda it: it.stem)
def test_an_author_is_told_the_file_the_line_and_the_mend(case: Path, tmp_path: Path) -> None:
    findings = told(tmp_path, case)
    expected = EXPECTED.findall(case.read_text())
    assert expected
    for severity, line, words in expected:
        fitting = [it for it in findings if it.severity == severity and it.line == int(line)]
        assert fitting, "\n".join(map(str, findings))
        assert any(all(part in str(it) for part in words.split(" | ")) for it in fitting), fitting
    assert all(it.path == tmp_path / "situations" / case.name for it in findings)
    errors = {it.line for it in findings if it.is_error}
    assert errors == {int(line) for severity, line, _ in expected if severity == "error"}


def test_a_finding_reads_as_file_line_what_is_wrong_and_what_to_write(tmp_path: Path) -> None:
    (wrong,) = [it for it in told(tmp_path, HERE / "broken" / "unquoted_no.yaml") if it.is_error]
    assert wrong.text(relative_to=tmp_path) == (
        "situations/unquoted_no.yaml:11: Without quotes, no is read as yes-or-no and not as the word. "
        'Put it in quotes: "no".'
    )


def test_two_files_with_one_id_are_told_apart_by_name(tmp_path: Path) -> None:
    good = HERE / "good" / "late_technician.yaml"
    again = tmp_path / "zz_copy.yaml"
    again.write_text("# a copy\n" + good.read_text())
    (wrong,) = [it for it in told(tmp_path / "set", good, again) if it.is_error]
    assert (wrong.path.name, wrong.line) == ("zz_copy.yaml", 2)
    assert "belongs to late_technician.yaml (line 1) already" in str(wrong)


def test_a_file_that_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes((HERE / "good" / "late_technician.yaml").read_bytes().replace(b"Slow.", b"L\xe9nt."))
    (wrong,) = told(tmp_path / "set", latin)
    assert wrong.is_error
    assert wrong.line == 18
    assert "UTF-8" in wrong.hint


def test_control_characters_and_deep_nesting_end_in_a_finding(tmp_path: Path) -> None:
    nul, deep = tmp_path / "nul.yaml", tmp_path / "deep.yaml"
    nul.write_text("id: nul\ntitle: a\0b\n")
    deep.write_text("id: " + "[" * 900 + "]" * 900 + "\n")
    findings = {it.path.name: it for it in told(tmp_path / "set", nul, deep)}
    assert findings["nul.yaml"].line == 2
    assert "control character" in findings["nul.yaml"].message
    assert "nested too deeply" in findings["deep.yaml"].message


def test_files_and_folders_in_the_wrong_place_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    (tmp_path / "situation").mkdir()
    (tmp_path / "refund.yaml").write_text("id: refund\n")
    assert [(it.path.name, it.is_error) for it in load([tmp_path]).findings] == [
        ("refund.yaml", False),
        ("situation", False),
    ]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    (wrong,) = load([tmp_path / "nowhere"]).findings
    assert wrong.is_error
    assert "no such folder" in wrong.message
