"""Staying up."""

import gc

import pytest

from bot.serve import lasting


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
