"""Rate tiers on a clock of the test's own: how many at once, how many a minute, and what is asked to wait."""

import pytest

from bot.sandbox.rates import Rates


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("method", "per_minute"),
    [
        ("users.list", 20),
        ("chat.update", 50),
        ("views.open", 100),
        ("views.publish", 100),
        ("auth.test", 600),
    ],
)
def test_a_tier_allows_so_many_a_minute_and_no_more(method: str, per_minute: int) -> None:
    clock = Seconds()
    rates = Rates(now=clock)
    assert [rates.retry_after(method, "w") for _ in range(per_minute)] == [None] * per_minute
    wait_s = rates.retry_after(method, "w")
    assert wait_s is not None
    clock.now += wait_s
    assert rates.retry_after(method, "w") is None


def test_posting_is_counted_by_channel_and_by_workspace() -> None:
    clock = Seconds()
    rates = Rates(now=clock)
    assert [rates.retry_after("chat.postMessage", "w", "C1") for _ in range(6)] == [None] * 5 + [1]
    assert rates.retry_after("chat.postMessage", "w", "C2") is None
    clock.now += 1
    assert rates.retry_after("chat.postMessage", "w", "C1") is None
    posted = [rates.retry_after("chat.postMessage", "w", f"D{number}") for number in range(400)]
    assert 290 <= posted.count(None) <= 300
    assert rates.retry_after("chat.postMessage", "other", "C1") is None


def test_methods_and_workspaces_do_not_share() -> None:
    rates = Rates(now=Seconds())
    for _ in range(20):
        rates.retry_after("users.list", "w")
    assert rates.retry_after("users.list", "w") == 3
    assert rates.retry_after("users.list", "v") is None
    assert rates.retry_after("usergroups.list", "w") is None
