"""What set-up hears from Slack: read, ask the service, draw."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from bot.errors import InvalidError, NotAllowedError
from bot.people import Member
from bot.playbooks.library import Library
from bot.safeguards.suppression import Thresholds
from bot.settings import views
from bot.settings.model import (
    RINGS,
    Part,
    TeamForm,
    check_quiet,
    read_break_codes,
    read_days,
    read_threshold,
    read_working_days,
    read_zone,
)
from bot.settings.service import SettingsService
from bot.slack import blocks as b
from bot.slack.ids import Action, Event, View
from bot.slack.listening import Listening
from bot.slack.notifier import Notifier
from bot.slack.payloads import Action as Click
from bot.slack.payloads import Event as Happened
from bot.slack.payloads import FormState, Submission, Surface
from bot.slack.replies import Notice, Open, Reply, Update
from bot.slack.tasks import Tasks
from bot.teams import CompanyHelp, Kept, PolicyWords, WorkingHours


class SettingsListeners:
    """Opens set-up, takes its forms in, and keeps up with channels and user groups that change."""

    def __init__(
        self,
        service: SettingsService,
        library: Callable[[], Library],
        country: str,
        notifier: Notifier,
        tasks: Tasks,
    ) -> None:
        self._service = service
        self._library = library
        self._country = country
        self._notifier = notifier
        self._tasks = tasks

    def register(self, slack: Listening) -> None:
        """Say what is heard."""
        slack.action(Action.SET_UP, self.open)
        slack.action(Action.SET_UP_PART, self.open_part)
        slack.action(Action.EDIT_TEAM, self.open_team)
        slack.action(Action.REMOVE_TEAM, self.remove_team)
        forms: dict[View, Callable[[Submission], Awaitable[None]]] = {
            View.TEAM: self.save_team,
            View.CHANNEL: self.save_channel,
            View.COMPANY_HELP: self.save_help,
            View.HOURS: self.save_hours,
            View.RINGS: self.save_rings,
            View.CALLS: self.save_calls,
            View.KEEPING: self.save_keeping,
            View.ADMINS: self.save_admins,
        }
        for view, save in forms.items():
            slack.submission(view, self._saved(save))
        for event in (Event.USER_GROUP_UPDATED, Event.USER_GROUP_MEMBERS_CHANGED):
            slack.event(event, self.user_groups_changed)
        for event in (Event.CHANNEL_ARCHIVED, Event.CHANNEL_UNARCHIVED, Event.CHANNEL_DELETED):
            slack.event(event, self.channels_changed)

    async def open(self, click: Click) -> Reply:
        """Open set-up, or go back to its list."""
        overview = await self._service.overview(click.member)
        return _shown(click, views.overview_modal(overview))

    async def open_part(self, click: Click) -> Reply:
        """Open one part."""
        if click.value not in set(Part):
            return Notice("That part of set-up is no longer there.")
        overview = await self._service.as_known(click.member)
        country = overview.settings.country or self._country
        return _shown(
            click, views.part_modal(Part(click.value), overview, self._library().countries, country)
        )

    async def open_team(self, click: Click) -> Reply:
        """Open a team, or an empty form for a new one."""
        overview = await self._service.as_known(click.member)
        form = await self._service.team(click.member, click.value)
        return _shown(click, views.team_modal(form, overview.groups))

    async def remove_team(self, click: Click) -> Reply:
        """Take a team away."""
        await self._service.remove_team(click.member, click.value)
        return _shown(click, views.teams_modal(await self._service.as_known(click.member)))

    async def save_team(self, submission: Submission) -> None:
        """Keep a team."""
        form = submission.form
        await self._service.save_team(
            submission.member,
            TeamForm(
                id=submission.view.metadata,
                name=form.text(Action.TEAM_NAME),
                people=form.people(Action.TEAM_PEOPLE),
                leads=form.people(Action.TEAM_LEADS),
                people_group=_group(form.choice(Action.TEAM_PEOPLE_GROUP)),
                lead_group=_group(form.choice(Action.TEAM_LEAD_GROUP)),
                channel=form.conversation(Action.TEAM_CHANNEL),
            ),
        )

    async def save_channel(self, submission: Submission) -> None:
        """Keep the debrief channel."""
        await self._service.save_channel(
            submission.member, submission.form.conversation(Action.DEBRIEF_CHANNEL)
        )

    async def save_help(self, submission: Submission) -> None:
        """Keep the company's help."""
        form = submission.form
        name, how = form.text(Action.EAP_NAME), form.text(Action.EAP_HOW)
        if name and not how:
            raise InvalidError("Say how to reach it.", field=Action.EAP_HOW)
        eap = CompanyHelp(name, how, form.text(Action.EAP_HOURS)) if name else None
        await self._service.save_help(submission.member, eap, form.choice(Action.COUNTRY))

    async def save_hours(self, submission: Submission) -> None:
        """Keep zone, working days and quiet hours."""
        form, usual = submission.form, WorkingHours()
        hours = WorkingHours(
            zone=read_zone(form.text(Action.ZONE)),
            working_days=read_working_days(form.choices(Action.WORKING_DAYS)),
            quiet_from=form.time(Action.QUIET_FROM) or usual.quiet_from,
            quiet_until=form.time(Action.QUIET_UNTIL) or usual.quiet_until,
        )
        await self._service.save_hours(submission.member, check_quiet(hours))

    async def save_rings(self, submission: Submission) -> None:
        """Keep the rings."""
        rings = [submission.form.people(f"{Action.RING}:{at}") for at in range(1, RINGS + 1)]
        await self._service.save_rings(submission.member, rings)

    async def save_calls(self, submission: Submission) -> None:
        """Keep break codes and policy words."""
        form = submission.form
        policy = PolicyWords(
            warn=form.text(Action.POLICY_WARN),
            final=form.text(Action.POLICY_FINAL),
            end=form.text(Action.POLICY_END),
            may_end=bool(form.choices(Action.POLICY_MAY_END)),
        )
        codes = read_break_codes(form.text(Action.BREAK_CODES))
        await self._service.save_calls(submission.member, codes, policy)

    async def save_keeping(self, submission: Submission) -> None:
        """Keep retention and thresholds."""
        form = submission.form
        days = {kept: _days(form, kept) for kept in Kept}
        floor = Thresholds()
        people, words = Action.THRESHOLD_PEOPLE, Action.THRESHOLD_WORDS
        thresholds = Thresholds(
            read_threshold(form.text(people), floor.people, people),
            read_threshold(form.text(words), floor.words, words),
        )
        await self._service.save_keeping(submission.member, days, thresholds)

    async def save_admins(self, submission: Submission) -> None:
        """Keep who may set Steady up."""
        await self._service.save_admins(submission.member, submission.form.people(Action.NAMED_ADMINS))

    async def user_groups_changed(self, event: Happened) -> None:
        """Take over user groups."""
        await self._service.refresh_groups(event.workspace)

    async def channels_changed(self, event: Happened) -> None:
        """Look whether the channels in use still work."""
        await self._service.refresh_channels(event.workspace)

    async def home_section(self, member: Member, _: Mapping[str, str]) -> Sequence[b.Block]:
        """Draw the checklist for those who may set up; nothing for the others."""
        standing = await self._service.for_home(member, self.greet)
        return views.home_blocks(standing) if standing else ()

    def greet(self, member: Member) -> None:
        """Write to whoever installed Steady, soon."""
        self._tasks.start(self._greet(member))

    async def _greet(self, member: Member) -> None:
        await self._notifier.tell(member, views.greeting())

    def _saved(
        self, save: Callable[[Submission], Awaitable[None]]
    ) -> Callable[[Submission], Awaitable[Reply]]:
        async def listener(submission: Submission) -> Reply:
            try:
                await save(submission)
            except NotAllowedError as refusal:
                return Notice(refusal.sentence)
            overview = await self._service.as_known(submission.member)
            if submission.view.callback_id == View.TEAM:
                return Update(views.teams_modal(overview))
            return Update(views.overview_modal(overview, "Saved, and noted in the access log."))

        return listener


def _shown(click: Click, view: dict[str, Any]) -> Reply:
    return Update(view) if click.surface is Surface.MODAL else Open(view)


def _group(choice: str) -> str:
    return "" if choice == views.NO_GROUP else choice


def _days(form: FormState, kept: Kept) -> int | None:
    field_id = f"{Action.KEEP_DAYS}:{kept}"
    return read_days(form.text(field_id), kept, field_id)
