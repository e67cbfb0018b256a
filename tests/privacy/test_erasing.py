"""What Steady wrote to somebody goes out of Slack with their data, if not at once then the next night."""

from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.people import Member
from bot.privacy import service
from bot.privacy.ground import ScheduleHolding
from bot.privacy.service import PrivacyService
from bot.scheduler import posted
from bot.scheduler.posted import Posted
from bot.scheduler.retention import LEFT_FOR_NEXT
from bot.slack.tasks import Tasks
from bot.storage.errors import DatabaseBusyError

ANA = Member("T1", "UANA")
TODAY = datetime(2026, 11, 22, tzinfo=UTC)
AGE = timedelta(days=365)


class Slack:
    """Takes messages out, or has the trouble it is told to have with the first."""

    def __init__(self, trouble=None):
        self.trouble = trouble
        self.asked = []

    async def take_back(self, message):
        self.asked.append(message.ts)
        if self.asked == [message.ts] and self.trouble:
            if isinstance(self.trouble, Exception):
                raise self.trouble
            return self.trouble
        return "messages"


async def not_by_day():
    raise AssertionError("the files are rewritten by night, not while people wait")


async def erase(database, monkeypatch, slack):
    """Erase all of a member's three messages; returns what the night's retention still finds."""
    monkeypatch.setattr(service, "BETWEEN_S", 0)
    monkeypatch.setattr(database, "compact", not_by_day)
    messages = [Posted("T1", "D1", f"1.{n}", "told", ANA.id, TODAY, about=ANA.id) for n in range(3)]
    await database.write(lambda tx: [posted.remember(tx, message) for message in messages])
    tasks = Tasks()
    privacy = PrivacyService(database, [ScheduleHolding()], None, tasks, slack.take_back)
    await privacy.erase(ANA)
    assert await tasks.drain(10) == 0
    return await database.read(lambda tx: posted.old(tx, "T1", "told", TODAY - AGE, 9))


async def test_no_message_and_no_row_is_left(database, monkeypatch):
    slack = Slack()
    assert await erase(database, monkeypatch, slack) == []
    assert slack.asked == ["1.0", "1.1", "1.2"]


@pytest.mark.parametrize(
    "trouble", [DatabaseBusyError(), aiohttp.ClientConnectionError(), TimeoutError(), LEFT_FOR_NEXT]
)
async def test_trouble_with_one_message_keeps_no_other_and_leaves_that_one_to_the_coming_night(
    database, monkeypatch, trouble
):
    slack = Slack(trouble)
    left = await erase(database, monkeypatch, slack)
    assert slack.asked == ["1.0", "1.1", "1.2"]
    assert [message.ts for message in left] == ["1.0"]
    assert [(message.recipient, message.about) for message in left] == [("D1", None)]


async def test_what_slack_will_never_delete_is_forgotten(database, monkeypatch):
    assert await erase(database, monkeypatch, Slack("messages stuck")) == []
