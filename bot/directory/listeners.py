"""What Slack tells of people as it happens: joined, changed, left, not to be disturbed."""

from bot.directory import store
from bot.directory.reading import dnd_of, person_of
from bot.people import Member
from bot.slack import ids
from bot.slack.listening import Listening
from bot.slack.payloads import Event
from bot.storage.database import Database, Transaction


class DirectoryListeners:
    """Keeps the directory up to date between two refreshes; events may come twice and in any order."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, listening: Listening) -> None:
        """Hear of people."""
        listening.event(ids.Event.USER_CHANGE, self.take_person)
        listening.event(ids.Event.TEAM_JOIN, self.take_person)
        listening.event(ids.Event.DND_UPDATED_USER, self.take_dnd)

    async def take_person(self, event: Event) -> None:
        """Keep what changed; whoever Slack refused to write to may be reachable again."""
        person = person_of(event.workspace, event.body["user"])

        def take(tx: Transaction) -> None:
            store.save(tx, [person])
            store.mark_unreachable(tx, person.member, None)

        await self._database.write(take)

    async def take_dnd(self, event: Event) -> None:
        """Keep until when somebody is not to be disturbed."""
        member = Member(event.workspace, str(event.body.get("user", "")))
        dnd = dnd_of(event.body.get("dnd_status") or {})
        await self._database.write(lambda tx: store.save_dnd(tx, member.workspace, {member.id: dnd}))
