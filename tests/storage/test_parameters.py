"""One way to write a statement, for two drivers."""

import pytest

from bot.storage.parameters import harmless, pyformat


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("SELECT :a, :b_2", "SELECT %(a)s, %(b_2)s"),
        ("SELECT ':a', \":b\", 'it''s :c'", "SELECT ':a', \":b\", 'it''s :c'"),
        ("SELECT CAST(:a AS TEXT), :a::text, x::int", "SELECT CAST(%(a)s AS TEXT), %(a)s::text, x::int"),
        ("x LIKE '%a%' AND y % 2 = :z", "x LIKE '%%a%%' AND y %% 2 = %(z)s"),
        ("SELECT 1 -- :no 5%\n, :yes", "SELECT 1 -- :no 5%%\n, %(yes)s"),
        ("SELECT /* :no\n% */ :yes", "SELECT /* :no\n%% */ %(yes)s"),
        ("VALUES (:a,:b)", "VALUES (%(a)s,%(b)s)"),
    ],
)
def test_names_become_psycopgs_and_nothing_else_changes(ours: str, theirs: str) -> None:
    assert pyformat(ours) == theirs


def test_truths_are_kept_as_numbers() -> None:
    assert harmless({"a": True, "b": False}) == {"a": 1, "b": 0}
    assert [type(value) for value in harmless({"a": True}).values()] == [int]


def test_what_no_database_keeps_names_the_parameter_and_the_mend() -> None:
    with pytest.raises(TypeError, match=r"no list: give :ids"):
        harmless({"ids": [1, 2]})
