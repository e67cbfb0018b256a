"""The promises about nudges, against any history."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checkins.nudging import FIRST, REPEATED_AFTER, Shown, next_nudge
from bot.playbooks.loading import load, shipped_playbooks
from bot.playbooks.model import NudgeKind

NUDGES = load([shipped_playbooks()]).library.nudges
START = dt.date(2026, 1, 5)


def week(number):
    year, iso, _ = (START + dt.timedelta(weeks=number)).isocalendar()
    return f"{year}-W{iso:02}"


def play(seed, gaps, unwanted_at):
    """Weeks of somebody's life: some left out, some nudges found not helpful."""
    history, number = [], 0
    for turn, gap in enumerate(gaps):
        number += gap
        nudge = next_nudge(NUDGES, history, week(number), seed)
        if nudge is None:
            continue
        history = [it for it in history if it.nudge != nudge.id]
        history.append(Shown(nudge.id, week(number), turn in unwanted_at))
        yield number, nudge, turn in unwanted_at


@settings(max_examples=80, deadline=None)
@given(
    st.text(min_size=1, max_size=6),
    st.lists(st.integers(1, 3), min_size=1, max_size=80),
    st.sets(st.integers(0, 79), max_size=10),
)
def test_no_repeat_in_twelve_weeks_proven_kinds_first_self_care_at_most_one_in_four(seed, gaps, unwanted_at):
    last, unwanted, kinds = {}, set(), []
    for number, nudge, is_unwanted in play(seed, gaps, unwanted_at):
        if nudge.id in last:
            assert dt.timedelta(weeks=number - last[nudge.id]) >= REPEATED_AFTER
        assert nudge.id not in unwanted
        last[nudge.id] = number
        unwanted |= {nudge.id} if is_unwanted else set()
        kinds.append(nudge.kind)
        assert kinds[-4:].count(NudgeKind.SELF_CARE) <= 1
        proven = sum(kind in FIRST for kind in kinds)
        assert proven >= len(kinds) / 2
    assert not kinds or kinds[0] in FIRST


def test_other_kinds_are_seen_too():
    kinds = {nudge.kind for _, nudge, _ in play("ana", [1] * 60, ())}
    assert kinds == set(NudgeKind)


def test_the_same_week_shows_the_same_nudge():
    first = next_nudge(NUDGES, [], "2026-W48", "ana")
    shown = [Shown(first.id, "2026-W48")]
    assert next_nudge(NUDGES, shown, "2026-W48", "ana") == first


def test_with_none_left_there_is_none():
    assert next_nudge(NUDGES, [Shown(id_, "2026-W01", True) for id_ in NUDGES], "2026-W48", "ana") is None
    assert next_nudge({}, [], "2026-W48", "ana") is None
