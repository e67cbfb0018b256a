"""Nudges and resets: enough of them, of the right kinds, and as long as they say."""

import datetime as dt
import re
from pathlib import Path

import pytest

from bot.playbooks.lint import lint
from bot.playbooks.loading import load, shipped_playbooks
from bot.playbooks.model import Grade, NudgeKind

TODAY = dt.date(2026, 11, 21)
SHIPPED = load([shipped_playbooks()]).library
PROVEN = {NudgeKind.PERSPECTIVE, NudgeKind.OWN_HELP}
HEAD = "owner: People\nreview_by: 2027-06-30\n"


def said(root: Path, name: str, text: str) -> list[str]:
    (root / name).mkdir()
    (root / name / "some.yaml").write_text(HEAD + text)
    return [it.message for it in lint(load([root]), TODAY)]


def nudges(*kinds: str) -> str:
    rows = [
        f'  - {{id: one_{at}, kind: {kind}, grade: ours, source: ours, text: "Thought number {at}"}}'
        for at, kind in enumerate(kinds)
    ]
    return "nudges:\n" + "\n".join(rows)


def reset(seconds: int, *steps: int) -> str:
    rows = "".join(f'      - {{do: "Breathe.", seconds: {it}}}\n' for it in steps)
    return (
        "resets:\n  - id: one\n    title: One\n    kind: breathing\n"
        f"    seconds: {seconds}\n    grade: ours\n"
        f"    source: ours\n    technique: [deep_breathing]\n    steps:\n{rows}"
    )


def test_what_ships_holds_the_shares() -> None:
    kinds = [it.kind for it in SHIPPED.nudges.values()]
    assert len(kinds) >= 60
    assert sum(it in PROVEN for it in kinds) >= len(kinds) / 2
    assert kinds.count(NudgeKind.SELF_CARE) <= len(kinds) / 4
    assert set(kinds) == set(NudgeKind)


def test_every_nudge_and_reset_names_where_it_comes_from() -> None:
    for it in (*SHIPPED.nudges.values(), *SHIPPED.resets.values()):
        assert (it.source == "ours") == (it.grade is Grade.OURS), it.id


@pytest.mark.parametrize("it", SHIPPED.nudges.values(), ids=lambda it: it.id)
def test_a_nudge_is_no_poster(it) -> None:  # type: ignore[no-untyped-def]
    assert not re.search(
        r"\b(remember to|don't forget|you've got this|stay positive|believe|smile)\b", it.text, re.I
    )
    assert "!" not in it.text
    assert it.text[-1] in ".?”"


def test_there_are_resets_of_every_length_and_they_take_as_long_as_they_say() -> None:
    assert len(SHIPPED.resets) >= 14
    assert {it.seconds for it in SHIPPED.resets.values()} == {20, 60, 180, 300, 600}
    for it in SHIPPED.resets.values():
        assert sum(step.seconds for step in it.steps) == it.seconds, it.id


def test_too_many_tips_and_too_little_evidence_are_errors(tmp_path: Path) -> None:
    messages = said(tmp_path, "nudges", nudges("self_care", "self_care", "perspective", "recovery"))
    assert any("Only 1 of 4 nudges are perspective or own_help" in it for it in messages)
    assert any("2 of 4 nudges are self_care" in it for it in messages)
    assert any("4 nudges are few" in it for it in messages)


def test_a_reset_that_takes_longer_than_it_says_is_an_error(tmp_path: Path) -> None:
    assert any(
        "The steps take 25 seconds, not 20" in it for it in said(tmp_path, "resets", reset(20, 10, 15))
    )


@pytest.mark.parametrize("text", [reset(30, 15, 15), reset(60, 60), reset(60, 10, 10, 10, 10, 10, 10)])
def test_lengths_nobody_can_choose_and_endless_steps_are_refused(tmp_path: Path, text: str) -> None:
    assert said(tmp_path, "resets", text)
    assert load([tmp_path]).library.resets == {}


def test_a_company_s_own_file_adds_to_ours(tmp_path: Path) -> None:
    (tmp_path / "nudges").mkdir()
    (tmp_path / "nudges" / "ours.yaml").write_text(HEAD + nudges("own_help"))
    library = load([shipped_playbooks(), tmp_path]).library
    assert len(library.nudges) == len(SHIPPED.nudges) + 1
