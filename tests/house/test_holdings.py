"""Every table is somebody's to show, to erase and to let age out."""

import re
from collections import Counter
from importlib import resources

from bot.privacy.remembering import KIND
from bot.settings.queries import Answers
from bot.teams import Kept
from bot.wiring import KEPT_LIKE, everything_kept

NOBODY_S = {"deliveries", "rewritings", "steady_migrations"}
"""Keys of deliveries without a person in them, when files are to be rewritten, the ledger of migrations."""
_TABLE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+) \((.*?)\n\);", re.S)


def tables():
    """Every table of the migrations with its columns' text."""
    folder = resources.files("bot.storage") / "migrations"
    texts = (
        file.read_text("utf-8") for file in folder.iterdir() if re.fullmatch(r"\d{4}_\w+\.sql", file.name)
    )
    return {name: columns for text in texts for name, columns in _TABLE.findall(text)}


def test_every_table_with_a_workspace_or_a_member_belongs_to_exactly_one_holding():
    personal = {name for name, columns in tables().items() if re.search(r"workspace_id|member_id", columns)}
    owned = Counter(table.name for holding in everything_kept(Answers("US")) for table in holding.tables)
    assert len(personal) > 15
    assert set(owned) == personal
    assert {name for name, owners in owned.items() if owners > 1} == set()
    assert set(tables()) - personal <= NOBODY_S


def test_an_export_as_text_stays_in_slack_no_longer_than_the_check_in_answers_in_it():
    assert KEPT_LIKE[KIND] is Kept.CHECKINS
