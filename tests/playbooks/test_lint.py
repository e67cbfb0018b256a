"""What lint says of whole sets: voice, likeness, safe lines, and its report."""

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

from bot.playbooks.findings import Finding
from bot.playbooks.likeness import near_pairs
from bot.playbooks.lint import lint
from bot.playbooks.loading import load, shipped_playbooks
from bot.playbooks.report import lint_report
from bot.playbooks.voice import slips

TODAY = dt.date(2026, 11, 21)
HERE = Path(__file__).parent
GOOD = (HERE / "good" / "late_technician.yaml").read_text()


def found(root: Path, *texts: str) -> list[Finding]:
    folder = root / "situations"
    folder.mkdir(exist_ok=True)
    for text in texts:
        id_ = re.search(r"^id: (\w+)", text, re.MULTILINE)
        assert id_
        (folder / f"{id_[1]}.yaml").write_text(text)
    return list(lint(load([root]), TODAY))


def called(id_: str) -> str:
    return GOOD.replace("id: late_technician", f"id: {id_}")


@pytest.mark.parametrize(
    "words",
    [
        "I completely understand your frustration.",
        "I understand how you feel.",
        "You are a valued customer.",
        "Unfortunately the window has closed.",
        "Thanks. Unfortunately, no.",
        "We apologize for any inconvenience.",
        "Calm down, please.",
        "Rest assured, it is on its way.",
        "I'll ring you as soon as possible.",
        "It's back today!",
        "As I said, it is closed.",
    ],
)
def test_words_that_make_it_worse_are_out(words: str) -> None:
    assert list(slips(words))


@pytest.mark.parametrize(
    "words",
    [
        "You had to chase us again.",
        "I understand the charge went twice.",
        "I want to understand what happened on Monday.",
        "It's fortunate that you kept the receipt.",
        "I said Monday, and it's Wednesday.",
        "How soon do you need it?",
    ],
)
def test_plain_speech_is_left_alone(words: str) -> None:
    assert not list(slips(words))


def test_the_same_frame_with_a_noun_swapped_is_noticed_across_situations(tmp_path: Path) -> None:
    other = called("late_parcel").replace(
        "I'm ringing the technician now, and you'll have a time from me before we hang up.",
        "I'm ringing the courier now, and you'll have a time from me before we hang up.",
    )
    near = [it for it in found(tmp_path, GOOD, other) if "nearly the one in" in it.message]
    assert near
    assert all(not it.is_error and it.path.name == "late_technician.yaml" for it in near)
    assert any("late_parcel.yaml, line" in it.message for it in near)


def test_near_pairs_finds_what_comparing_each_with_each_would() -> None:
    texts = [
        phrase.spoken
        for it in load([shipped_playbooks()]).library.situations.values()
        for phrase in it.phrases
    ]
    texts = texts[:120] + [it.replace("you", "they") for it in texts[:20]]

    def groups(text: str) -> set[str]:
        plain = (
            " " + re.sub(r"[^\w{}]+", " ", text.casefold().replace("'", "").replace("’", "")).strip() + " "
        )
        return {plain[at : at + 4] for at in range(len(plain) - 3)}

    expected = {
        (one, two)
        for two in range(len(texts))
        for one in range(two)
        if len(groups(texts[one]) & groups(texts[two])) >= 0.6 * len(groups(texts[one]) | groups(texts[two]))
    }
    assert {(one, two) for one, two, _ in near_pairs(texts, 0.6)} == expected
    assert len(expected) >= 10


def test_a_signal_in_two_situations_of_one_kind_is_noticed_whatever_its_case(tmp_path: Path) -> None:
    other = called("late_parcel").replace("- engineer no show", "- Engineer no-show")
    same = [it for it in found(tmp_path, GOOD, other) if "This signal stands in" in it.message]
    assert any(it.path.name == "late_technician.yaml" and it.line == 10 for it in same)
    apart = found(tmp_path, GOOD, other.replace("kind: cause", "kind: history"))
    assert not [it for it in apart if "This signal stands in" in it.message]


def test_two_situations_of_a_kind_need_a_line_that_fits_both(tmp_path: Path) -> None:
    wanted = "No safe line fits every situation of the kind cause."
    assert not [it for it in found(tmp_path, GOOD) if it.message == wanted]
    assert [it for it in found(tmp_path, called("late_parcel")) if it.message == wanted and it.is_error]
    (tmp_path / "safe_lines.yaml").write_text(
        "owner: Us\nreview_by: 2027-01-01\nlines:\n  - id: order_first\n    spoken: Your order first, then.\n"
        "    why: It fits whatever went wrong.\n    technique: [redirect]\n    fits: [cause]\n"
    )
    assert not [it for it in found(tmp_path) if it.message == wanted]


def test_a_cue_that_stands_twice_is_noticed(tmp_path: Path) -> None:
    both = GOOD.replace("role: commit", "role: acknowledge")
    cued = both.replace("role: acknowledge", "role: acknowledge\n    cues: [day off]")
    said = [it.message for it in found(tmp_path, cued) if "The cue" in it.message]
    assert any('"day off" stands in' in it for it in said)
    apart = GOOD.replace("role: acknowledge", "role: acknowledge\n    cues: [day off]", 1)
    assert not [it for it in found(tmp_path, apart) if "The cue" in it.message]


@pytest.mark.parametrize("cue", ["2x", "Double", "no-show", "@double", "…", "a, b"])
def test_a_cue_that_could_not_be_read_is_refused(tmp_path: Path, cue: str) -> None:
    cued = GOOD.replace("role: acknowledge", f'role: acknowledge\n    cues: ["{cue}"]', 1)
    assert any(it.is_error and "cues" in f"{it}" for it in found(tmp_path, cued))


def test_a_help_line_nobody_checked_for_a_year_is_named(tmp_path: Path) -> None:
    (tmp_path / "help_lines").mkdir()
    (tmp_path / "help_lines" / "ie.yaml").write_text(
        "code: IE\nname: Ireland\nemergency: 112 or 999\nowner: Us\nreview_by: 2027-01-01\nlines:\n"
        '  - {name: Old, method: "Call 1", hours: always, for: anyone, checked_on: 2025-10-01}\n'
        '  - {name: New, method: "Call 2", hours: always, for: anyone, checked_on: 2026-10-01}\n'
    )
    (old,) = found(tmp_path)
    assert (old.line, old.is_error) == (7, False)
    assert '"Old" was last checked on 2025-10-01' in old.message


def test_the_report_names_only_what_was_asked_for_and_fails_on_errors(tmp_path: Path) -> None:
    folder = tmp_path / "situations"
    folder.mkdir()
    (folder / "late_technician.yaml").write_text(GOOD)
    text, code = lint_report([tmp_path], today=TODAY)
    assert code == 0
    assert "warning: 6 signals are few" in text
    shutil.copy(HERE / "broken" / "unquoted_no.yaml", folder)
    text, code = lint_report([tmp_path], today=TODAY)
    assert code == 1
    assert "unquoted_no.yaml:11: Without quotes, no is read" in text
    assert str(shipped_playbooks()) not in text
    text, code = lint_report([folder / "late_technician.yaml"], today=TODAY)
    assert code == 0
    assert "unquoted_no" not in text


def test_an_extension_alone_is_checked_over_what_it_extends(tmp_path: Path) -> None:
    (tmp_path / "situations").mkdir()
    (tmp_path / "situations" / "refund_problem.yaml").write_text(
        "id: refund_problem\nextends: true\ntone_cue: Slow and plain.\n"
    )
    text, code = lint_report([tmp_path], today=TODAY)
    assert code == 0, text


def test_stats_count_signals_roles_and_techniques_and_name_the_unused(tmp_path: Path) -> None:
    (tmp_path / "situations").mkdir()
    (tmp_path / "situations" / "late_technician.yaml").write_text(GOOD)
    text, _ = lint_report([tmp_path], stats=True, today=TODAY)
    (row,) = [it.split() for it in text.splitlines() if it.startswith("late_technician ")]
    assert row[1:] == ["3", "3", "2", "0", "0", "0", "1", "0", "0", "1", "1"]
    assert re.search(r"^name_and_specifics .*late_technician 2", text, re.MULTILINE)
    assert "Not used anywhere: " in text
