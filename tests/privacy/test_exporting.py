"""What people take along: every kind of thing, harmless in a spreadsheet."""

import csv
import datetime as dt
import io
import json

from bot.directory import store as directory
from bot.directory.model import Person
from bot.people import Member
from bot.privacy import store
from bot.privacy.data_map import data_map
from bot.privacy.exporting import as_csv, as_json, as_words, merged
from bot.scheduler import posted
from bot.scheduler.posted import Posted
from bot.settings import store as settings
from bot.settings.model import TeamForm
from bot.settings.queries import Answers
from bot.wiring import everything_kept

ANA, BEN = Member("T1", "UANA"), Member("T1", "UBEN")


def test_empty_kinds_are_left_out_and_the_rest_is_merged():
    assert merged([{"a": [], "b": [{"x": 1}]}, {"b": [{"x": 2}]}]) == {"b": [{"x": 1}, {"x": 2}]}


def test_a_cell_that_would_run_as_a_formula_is_text():
    whole = {"promises": [{"what": "=HYPERLINK(1)", "n": None}, {"what": 'plain, "quoted"\nline'}]}
    rows = list(csv.reader(io.StringIO(as_csv(whole))))
    assert rows == [
        ["kind", "entry", "name", "value"],
        ["promises", "1", "what", "'=HYPERLINK(1)"],
        ["promises", "1", "n", ""],
        ["promises", "2", "what", 'plain, "quoted"\nline'],
    ]
    assert json.loads(as_json(whole)) == whole


def test_on_screen_it_reads_as_lines_and_the_files_hold_every_value():
    whole = {
        "promises": [{"what": "Call back", "due_at": "Tue 10:00", "outcome": None, "is_open": 1, "n": 0}]
    }
    assert as_words(whole) == "promises: 1\n- what: Call back · due at: Tue 10:00 · is open"
    assert json.loads(as_json(whole)) == whole


def test_on_screen_a_moment_has_no_microseconds_and_an_id_no_underscores():
    moments = ["2026-11-22 02:37:50.454098+00:00", "2026-11-22T02:37:50.997122Z", "2026-11-22T02:37:50Z"]
    whole = {"contacts": [{"at": it, "about": "refund_problem", "said": "REF_1 at 02:37"} for it in moments]}
    assert set(as_words(whole).splitlines()[1:]) == {
        "- at: 2026-11-22 02:37 UTC · about: refund problem · said: REF_1 at 02:37"
    }
    assert moments[0] in as_csv(whole)


async def test_a_member_sees_their_own_and_never_a_colleague_s(database):
    def seed(tx):
        directory.save(tx, [Person(ANA, "Ana", "Europe/London"), Person(BEN, "Ben")])
        settings.save_team(tx, "T1", TeamForm("t1", "Late shift", people=(ANA.id,), leads=(BEN.id,)))

    await database.write(seed)
    whole = await database.read(
        lambda tx: merged(holding.export(tx, ANA) for holding in everything_kept(Answers("US")))
    )
    assert whole["teams"] == [{"team": "Late shift", "as": "member"}]
    assert whole["as Slack tells it"][0]["name"] == "Ana"
    assert BEN.id not in str(whole)
    assert "Ben" not in str(whole)


async def test_a_message_in_a_channel_is_found_by_whom_it_is_about_and_one_to_a_colleague_by_that_colleague(
    database,
):
    at = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)

    def post(tx):
        posted.remember(tx, Posted("T1", "CLATE", "1.1", "debriefs.root", "CLATE", at, about=ANA.id))
        posted.remember(tx, Posted("T1", "DBEN", "2.2", "peers.offer", BEN.id, at, about=ANA.id))
        posted.give_up(tx, Posted("T1", "CLATE", "1.1", "debriefs.root", "CLATE", at), "cant_delete_message")

    await database.write(post)

    def places(tx, member):
        [kept] = [it.export(tx, member) for it in everything_kept(Answers("US")) if "jobs" in names(it)]
        return [(it["channel"], it["not_deleted_because"]) for it in kept["messages from Steady in Slack"]]

    assert await database.read(lambda tx: places(tx, ANA)) == [("CLATE", "cant_delete_message")]
    assert await database.read(lambda tx: places(tx, BEN)) == [("DBEN", None)]


def names(holding):
    return {table.name for table in holding.tables}


async def test_erasing_takes_a_name_off_the_access_log_and_keeps_the_line(database):
    at = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)

    def seed(tx):
        directory.save(tx, [Person(ANA, "Ana"), Person(BEN, "Ben")])
        store.note(tx, ANA, "1", "changed the team", at)
        store.note(tx, BEN, "2", "set the hours", at + dt.timedelta(hours=1))

    await database.write(seed)
    await database.write(lambda tx: [it.erase(tx, ANA) for it in everything_kept(Answers("US"))])
    entries = await database.read(lambda tx: store.recent(tx, "T1", 10))
    assert [(it.name, it.what) for it in entries] == [("Ben", "set the hours"), ("", "changed the team")]


def test_the_data_map_says_how_long_a_message_is_known_that_slack_would_not_delete():
    [line] = [it for it in data_map(everything_kept(Answers("US"))).splitlines() if "posted_messages" in it]
    assert line.endswith("as long as they may stay; 90 days more where Slack would not delete one")


def test_the_data_map_says_that_somebody_s_row_outlasts_their_name():
    words = data_map(everything_kept(Answers("US"))).splitlines()
    [line] = [it for it in words if it.startswith("people ")]
    assert "do-not-disturb" in line
    assert line.endswith("name, zone: 90 days after leaving; the rest while installed")
