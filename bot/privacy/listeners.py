"""What the privacy centre hears from Slack, uninstalling included."""

from collections.abc import Mapping, Sequence

from bot.people import Member
from bot.privacy import views
from bot.privacy.leaving import Leaving
from bot.privacy.service import PrivacyService
from bot.slack import blocks as b
from bot.slack.ids import Action, Event, View
from bot.slack.listening import Listening
from bot.slack.payloads import Action as Click
from bot.slack.payloads import Event as Happened
from bot.slack.payloads import Submission
from bot.slack.replies import Notice, Open, Reply, Update


class PrivacyListeners:
    """My data, the access log, and the app's own end in a workspace."""

    def __init__(self, service: PrivacyService, leaving: Leaving) -> None:
        self._service = service
        self._leaving = leaving

    def register(self, slack: Listening) -> None:
        """Say what is heard."""
        slack.action(Action.MY_DATA, self.see)
        slack.action(Action.EXPORT_DATA, self.export)
        slack.action(Action.ERASE_DATA, self.ask_to_erase)
        slack.action(Action.ACCESS_LOG, self.open_log)
        slack.submission(View.ERASE_DATA, self.erase)
        slack.event(Event.APP_UNINSTALLED, self.uninstalled)
        slack.event(Event.TOKENS_REVOKED, self.revoked)

    async def see(self, click: Click) -> Reply:
        """Show what is kept about me."""
        return Open(views.my_data_modal(await self._service.see(click.member)))

    async def export(self, click: Click) -> Reply:
        """Send it all to me."""
        self._service.send(click.member)
        return Notice(views.SENT)

    async def ask_to_erase(self, _: Click) -> Reply:
        """Say what goes and what stays."""
        return Open(views.erase_modal())

    async def erase(self, submission: Submission) -> Reply:
        """Forget me."""
        await self._service.erase(submission.member)
        return Update(views.erased_modal())

    async def open_log(self, click: Click) -> Reply:
        """Show the access log to whoever asks."""
        return Open(views.access_log_modal(await self._service.log_of(click.member.workspace)))

    async def uninstalled(self, event: Happened) -> None:
        """The app was taken out of the workspace."""
        await self._leaving.left(event.workspace, Event.APP_UNINSTALLED)

    async def revoked(self, event: Happened) -> None:
        """Tokens were revoked; only the bot's own means the end, somebody's user token does not."""
        tokens = event.body.get("tokens") or {}
        if tokens.get("bot"):
            await self._leaving.left(event.workspace, Event.TOKENS_REVOKED)

    async def home_section(self, _: Member, __: Mapping[str, str]) -> Sequence[b.Block]:
        """Draw the way to one's own data."""
        return views.home_blocks()
