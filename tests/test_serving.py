"""Staying up."""

import datetime as dt
import gc

import pytest

from bot.serve import is_recent, lasting


@pytest.fixture(autouse=True)
def thawed():
    yield
    gc.unfreeze()


def test_what_is_made_at_the_start_is_searched_for_garbage_neither_then_nor_later():
    gc.unfreeze()
    with lasting():
        assert not gc.isenabled()
        made = [[]]
    assert gc.isenabled()
    assert all(it is not made for it in gc.get_objects())


def test_a_start_that_fails_leaves_the_search_for_garbage_on():
    with pytest.raises(RuntimeError), lasting():
        raise RuntimeError
    assert gc.isenabled()


@pytest.mark.parametrize(("ago_s", "is_well"), [(0, True), (59, True), (61, False), (None, False)])
def test_a_bot_whose_schedule_nobody_looks_at_is_not_ready(ago_s, is_well):
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    assert is_recent(None if ago_s is None else now - dt.timedelta(seconds=ago_s), now) is is_well
