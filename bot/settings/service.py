"""Changing what a workspace decided: checked, kept and noted in the access log in one unit of work."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Protocol

from bot.access import AccessLog
from bot.directory import store as directory
from bot.directory.model import Person
from bot.errors import GoneError, InvalidError, NotAllowedError
from bot.people import Member
from bot.safeguards.suppression import Thresholds
from bot.scheduler import outbox, posted
from bot.scheduler.clocks import Clock
from bot.scheduler.retention import last_run
from bot.settings import store
from bot.settings.lookups import Lookups
from bot.settings.model import KEPT_TITLES, Name, Overview, Standing, TeamForm, TeamLine, hours_value
from bot.slack.ids import Action
from bot.slack.tasks import Tasks
from bot.storage.database import Database, Transaction
from bot.teams import BreakCode, CompanyHelp, Kept, PolicyWords, Teams, WorkingHours

LOOK_FOR_S = 0.4
"""How long an answer waits for Slack; what comes later is shown the next time."""
CHANNEL_TROUBLES: Mapping[str, str] = {
    "channel_not_found": "It is gone, or it is private and Steady was not invited: /invite @Steady there.",
    "not_in_channel": "Steady is not in it: type /invite @Steady in that channel.",
    "is_archived": "It is archived: choose another, or unarchive it.",
    "is_shared": "It is shared with another company, where debriefs must not go: choose another.",
}
_REMOVED = "That team was removed a moment ago. Open set-up again for what there is."


class Greeter(Protocol):
    """Writes to the person who turns out to be the installer."""

    def __call__(self, member: Member) -> None:
        """Send the first message, soon."""
        ...


class SettingsService:
    """Set-up, for those who may."""

    def __init__(
        self,
        database: Database,
        answers: Teams,
        access_log: AccessLog,
        lookups: Lookups,
        clock: Clock,
        tasks: Tasks,
        new_id: Callable[[], str],
    ) -> None:
        self._database = database
        self._answers = answers
        self._access_log = access_log
        self._lookups = lookups
        self._clock = clock
        self._tasks = tasks
        self._new_id = new_id

    async def overview(self, member: Member) -> Overview:
        """Where set-up stands, after a short look at Slack; raises NotAllowedError for those who may not."""
        await self._database.read(lambda tx: self._require_admin(tx, member))
        await self.look(member.workspace)
        return await self.as_known(member)

    async def as_known(self, member: Member) -> Overview:
        """The same without a look at Slack."""

        def read(tx: Transaction) -> Overview:
            self._require_admin(tx, member)
            return self._overview(tx, member.workspace)

        return await self._database.read(read)

    async def for_home(self, member: Member, greet: Greeter) -> Standing | None:
        """How things stand, None for those who may not set up; greets the first admin who comes."""
        standing, has_installer = await self._database.read(lambda tx: self._seen(tx, member))
        if standing and not has_installer and await self._database.write(lambda tx: _claim(tx, member)):
            greet(member)
        return standing

    async def team(self, member: Member, team_id: str) -> TeamForm:
        """A team's form without those who have left; an empty one for a new team."""

        def read(tx: Transaction) -> TeamForm:
            self._require_admin(tx, member)
            form = store.team_form(tx, member.workspace, team_id) if team_id else TeamForm()
            if form is None:
                raise GoneError(_REMOVED)
            return replace(
                form,
                people=_still_here(tx, member.workspace, form.people),
                leads=_still_here(tx, member.workspace, form.leads, guests=False),
            )

        return await self._database.read(read)

    async def save_team(self, member: Member, form: TeamForm) -> None:
        """Keep a team; its people are checked as they are now, not as they were when the form was drawn."""
        trouble = await self._quick_trouble(member.workspace, form.channel)
        _refuse_channel(trouble, Action.TEAM_CHANNEL)
        new_id = self._new_id()

        def save(tx: Transaction) -> None:
            self._require_admin(tx, member)
            workspace = member.workspace
            if form.id and store.team(tx, workspace, form.id) is None:
                raise GoneError(_REMOVED)
            _check_name(tx, workspace, form)
            _check_people(tx, workspace, form.people, Action.TEAM_PEOPLE, guests=True)
            _check_people(tx, workspace, form.leads, Action.TEAM_LEADS, guests=False)
            _check_groups(tx, workspace, form)
            store.save_team(tx, workspace, replace(form, id=form.id or new_id))
            if trouble is not None and form.channel:
                store.save_channel_trouble(tx, workspace, form.channel, trouble)
            self._note(tx, member, f"{'changed' if form.id else 'added'} the team “{form.name}”")

        await self._database.write(save)
        await self.look(member.workspace)

    async def remove_team(self, member: Member, team_id: str) -> None:
        """Take a team away; its people belong to none until somebody puts them into another."""

        def remove(tx: Transaction) -> None:
            self._require_admin(tx, member)
            team = store.team(tx, member.workspace, team_id)
            if team and store.remove_team(tx, member.workspace, team_id):
                self._note(tx, member, f"removed the team “{team.name}”")

        await self._database.write(remove)

    async def save_channel(self, member: Member, channel: str) -> None:
        """Choose where debriefs go."""
        trouble = await self._quick_trouble(member.workspace, channel)
        _refuse_channel(trouble, Action.DEBRIEF_CHANNEL)

        def save(tx: Transaction) -> None:
            store.put(tx, member.workspace, Name.CHANNEL, channel)
            store.save_channel_trouble(tx, member.workspace, channel, trouble or "")

        await self._change(member, "chose the debrief channel", save)

    async def save_help(self, member: Member, eap: CompanyHelp | None, country: str) -> None:
        """Keep the company's own help and the country whose lines come first."""

        def save(tx: Transaction) -> None:
            store.put(tx, member.workspace, Name.EAP, asdict(eap) if eap else None)
            store.put(tx, member.workspace, Name.COUNTRY, country)

        await self._change(member, "set the company's help and the country of the help lines", save)

    async def save_hours(self, member: Member, hours: WorkingHours) -> None:
        """Keep zone, working days and quiet hours."""
        await self._put(member, Name.HOURS, hours_value(hours), "set the working days and quiet hours")

    async def save_rings(self, member: Member, rings: Sequence[Sequence[str]]) -> None:
        """Keep whom to ask for backup."""

        def save(tx: Transaction) -> None:
            for at, ring in enumerate(rings, start=1):
                _check_people(tx, member.workspace, ring, f"{Action.RING}:{at}", guests=False)
            store.save_rings(tx, member.workspace, rings)

        await self._change(member, "set the backup rings", save)

    async def save_calls(self, member: Member, codes: Sequence[BreakCode], policy: PolicyWords) -> None:
        """Keep break codes and the words of the boundary ladder."""

        def save(tx: Transaction) -> None:
            store.put(tx, member.workspace, Name.BREAK_CODES, [[it.minutes, it.code] for it in codes])
            store.put(tx, member.workspace, Name.POLICY, asdict(policy))

        await self._change(member, "set the break codes and the policy words", save)

    async def save_keeping(
        self, member: Member, days: Mapping[Kept, int | None], thresholds: Thresholds
    ) -> None:
        """Keep how long things are kept and how large groups must be."""
        shorter = {str(kept): number for kept, number in days.items() if number is not None}

        def save(tx: Transaction) -> None:
            store.put(tx, member.workspace, Name.RETENTION, shorter)
            store.put(tx, member.workspace, Name.THRESHOLDS, asdict(thresholds))

        listed = "; ".join(
            f"{KEPT_TITLES[Kept(it)].lower()}: {number} days" for it, number in shorter.items()
        )
        what = (
            f"set how long things are kept ({listed or 'as shipped'}) and how many people must be behind "
            f"a figure ({thresholds.people}) or words ({thresholds.words})"
        )
        await self._change(member, what, save)

    async def save_admins(self, member: Member, named: Sequence[str]) -> None:
        """Name who else may set Steady up."""

        def save(tx: Transaction) -> None:
            _check_people(tx, member.workspace, named, Action.NAMED_ADMINS, guests=False)
            installer = store.installer(tx, member.workspace)
            store.name_admins(tx, member.workspace, [it for it in named if it != installer])

        await self._change(
            member,
            f"named who may set Steady up ({len(named)} {'person' if len(named) == 1 else 'people'})",
            save,
        )

    async def look(self, workspace: str) -> None:
        """Ask Slack for user groups and channels, waiting a moment at most; it goes on behind the answer."""
        seen = asyncio.Event()

        async def refresh() -> None:
            try:
                await self.refresh(workspace)
            finally:
                seen.set()

        self._tasks.start(refresh())
        try:
            await asyncio.wait_for(seen.wait(), LOOK_FOR_S)
        except TimeoutError:
            return

    async def refresh(self, workspace: str) -> None:
        """Take over user groups and the state of the channels in use, as Slack has them now."""
        await self.refresh_groups(workspace)
        await self.refresh_channels(workspace)

    async def refresh_groups(self, workspace: str) -> None:
        """Take over user groups; what Slack doesn't answer stays as it was."""
        people = await self._lookups.user_groups(workspace)
        if people is not None:
            await self._database.write(lambda tx: store.save_groups(tx, workspace, people))

    async def refresh_channels(self, workspace: str) -> None:
        """Look whether the channels in use can be posted to."""
        channels = await self._database.read(lambda tx: store.channels_in_use(tx, workspace))
        troubles = await self._lookups.channel_troubles(workspace, channels)

        def save(tx: Transaction) -> None:
            for channel, trouble in troubles.items():
                store.save_channel_trouble(tx, workspace, channel, trouble)

        await self._database.write(save)

    async def _put(self, member: Member, name: Name, value: object, what: str) -> None:
        await self._change(member, what, lambda tx: store.put(tx, member.workspace, name, value))

    async def _change(self, member: Member, what: str, change: Callable[[Transaction], None]) -> None:
        def whole(tx: Transaction) -> None:
            self._require_admin(tx, member)
            change(tx)
            self._note(tx, member, what)

        await self._database.write(whole)

    def _note(self, tx: Transaction, member: Member, what: str) -> None:
        self._access_log.note(tx, member, what, self._clock.now())

    def _require_admin(self, tx: Transaction, member: Member) -> None:
        if self._answers.is_admin(tx, member):
            return
        whom = _names(tx, member.workspace, store.admins(tx, member.workspace))
        ask = f"Ask {whom}." if whom else "Ask one of them."
        raise NotAllowedError(
            "Set-up is for whoever installed Steady, for your workspace's admins, and for people they named. "
            f"{ask} Nothing was changed."
        )

    def _seen(self, tx: Transaction, member: Member) -> tuple[Standing | None, bool]:
        if not self._answers.is_admin(tx, member):
            return None, True
        workspace = member.workspace
        run = last_run(tx, workspace)
        standing = Standing(
            self._overview(tx, workspace),
            outbox.health(tx, workspace, self._clock.now()),
            run.ran_at if run else None,
            run.removed if run else {},
            posted.stuck(tx, workspace),
        )
        return standing, store.installer(tx, workspace) is not None

    def _overview(self, tx: Transaction, workspace: str) -> Overview:
        settings = store.settings(tx, workspace)
        forms = [store.team_form(tx, workspace, team.id) for team in store.teams(tx, workspace)]
        return Overview(
            settings=settings,
            teams=tuple(self._line(tx, workspace, form) for form in forms if form),
            rings=tuple(
                _still_here(tx, workspace, ring, guests=False) for ring in store.rings(tx, workspace)
            ),
            admins=_still_here(tx, workspace, store.admins(tx, workspace), guests=False),
            groups=tuple(store.groups(tx, workspace)),
            channel_trouble=_channel_words(tx, workspace, settings.channel),
        )

    def _line(self, tx: Transaction, workspace: str, form: TeamForm) -> TeamLine:
        team = store.team(tx, workspace, form.id)
        people = self._answers.members_of(tx, team) if team else ()
        leads = self._answers.leads_of(tx, team) if team else ()
        gone = {group.id for group in store.groups(tx, workspace) if group.is_gone}
        troubles = [
            "its user group is gone; choose its people again" if form.people_group in gone else "",
            "its leads' user group is gone; choose leads again" if form.lead_group in gone else "",
            "" if leads else "it has no lead who still works here",
            f"its channel: {words}" if (words := _channel_words(tx, workspace, form.channel)) else "",
        ]
        return TeamLine(form, len(people), len(leads), tuple(it for it in troubles if it))

    async def _quick_trouble(self, workspace: str, channel: str) -> str | None:
        if not channel:
            return ""
        try:
            return await asyncio.wait_for(self._lookups.channel_trouble(workspace, channel), LOOK_FOR_S)
        except TimeoutError:
            return None


def _claim(tx: Transaction, member: Member) -> bool:
    if store.installer(tx, member.workspace) is not None:
        return False
    store.name_admins(
        tx, member.workspace, [it for it in store.admins(tx, member.workspace) if it != member.id]
    )
    store.add_installer(tx, member)
    return True


def _channel_words(tx: Transaction, workspace: str, channel: str) -> str:
    trouble = store.channel_trouble(tx, workspace, channel) if channel else ""
    return CHANNEL_TROUBLES.get(trouble, f"Slack refuses it ({trouble}).") if trouble else ""


def _refuse_channel(trouble: str | None, field: str) -> None:
    if trouble:
        raise InvalidError(CHANNEL_TROUBLES.get(trouble, f"Slack refuses it ({trouble})."), field=field)


def _still_here(
    tx: Transaction, workspace: str, members: Iterable[str], *, guests: bool = True
) -> tuple[str, ...]:
    here = store.belonging(tx, (Member(workspace, it) for it in members), guests=guests)
    return tuple(member.id for member in here)


def _check_name(tx: Transaction, workspace: str, form: TeamForm) -> None:
    if not form.name:
        raise InvalidError("Give the team a name.", field=Action.TEAM_NAME)
    others = (team for team in store.teams(tx, workspace) if team.id != form.id)
    if any(team.name.casefold() == form.name.casefold() for team in others):
        raise InvalidError("Another team has this name already.", field=Action.TEAM_NAME)


def _check_people(
    tx: Transaction, workspace: str, members: Iterable[str], field: str, *, guests: bool
) -> None:
    people = [directory.get(tx, Member(workspace, it)) for it in members]
    problems = [words for person in people if person and (words := _unfit(person, guests=guests))]
    if problems:
        raise InvalidError(" ".join(problems), field=field)


def _unfit(person: Person, *, guests: bool) -> str:
    name = person.name or "Somebody here"
    if person.is_bot:
        return f"{name} is an app; choose people."
    if not person.is_active:
        return f"{name} has left; take them out."
    if person.is_stranger:
        return f"{name} is from another company; choose people of your own."
    if person.is_guest and not guests:
        return f"{name} is a guest; guests can be in a team, not lead or set up."
    return ""


def _check_groups(tx: Transaction, workspace: str, form: TeamForm) -> None:
    known = {group.id for group in store.groups(tx, workspace) if not group.is_gone}
    for group, field in (
        (form.people_group, Action.TEAM_PEOPLE_GROUP),
        (form.lead_group, Action.TEAM_LEAD_GROUP),
    ):
        if group and group not in known:
            raise InvalidError("That user group is no longer in Slack; choose another.", field=field)


def _names(tx: Transaction, workspace: str, members: Iterable[str]) -> str:
    people = (directory.get(tx, Member(workspace, it)) for it in members)
    return " or ".join([person.name for person in people if person and person.may_belong and person.name][:3])
