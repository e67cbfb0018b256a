"""What App Home hears, and the help lines that every surface points to."""

from collections.abc import Callable, Mapping, Sequence

from bot.home.page import Home
from bot.people import Member
from bot.playbooks.library import Library
from bot.slack import blocks as b
from bot.slack.help_lines import HelpFor, help_lines_modal
from bot.slack.ids import Action, Event
from bot.slack.listening import Listening
from bot.slack.payloads import Action as Click
from bot.slack.payloads import Event as Happened
from bot.slack.replies import Open, Reply, Update
from bot.slack.text import Mrkdwn, escape, lines

COMMANDS: Mapping[str, str] = {
    "/deescalate late refund, shouting": "words you can say, within seconds",
    "/debrief": "log a hard contact in three taps, and find it again",
    "/checkin": "one question a week, for yourself alone, if you want it",
}
ABOUT = (
    "Put help after any of them to see what else it does. Steady runs on your company's own server; no text "
    "leaves it and Slack."
)


class HomeListeners:
    """Opens Home and the help lines."""

    def __init__(self, home: Home, library: Callable[[], Library], help_for: HelpFor) -> None:
        self._home = home
        self._library = library
        self._help_for = help_for

    def register(self, slack: Listening) -> None:
        """Say what is heard."""
        slack.event(Event.HOME_OPENED, self.opened)
        slack.action(Action.HELP_LINES, self.open_help_lines)
        slack.action(Action.HELP_COUNTRY, self.change_country)

    async def opened(self, event: Happened) -> None:
        """Draw Home when it is looked at, keeping what the view already holds."""
        if event.body.get("tab") == "home":
            metadata = str((event.body.get("view") or {}).get("private_metadata") or "")
            await self._home.show(event.member, self._home.latest_notes(event.member, metadata))

    async def open_help_lines(self, click: Click) -> Reply:
        """Show the company's own help, and the lines of the country it chose."""
        choice = await self._help_for(click.member)
        return Open(help_lines_modal(self._library().countries, choice.country, choice.company))

    async def change_country(self, click: Click) -> Reply:
        """Show another country's."""
        choice = await self._help_for(click.member)
        return Update(help_lines_modal(self._library().countries, click.value, choice.company))


async def help_section(_: Member, __: Mapping[str, str]) -> Sequence[b.Block]:
    """Help for the member."""
    return [
        b.header("Help for you"),
        b.actions(b.button("Help lines", Action.HELP_LINES, label="Help lines and emergency numbers")),
    ]


async def about_section(_: Member, __: Mapping[str, str]) -> Sequence[b.Block]:
    """What else Steady does, in as few lines as will do: `help` of each command has the rest."""
    commands = [Mrkdwn(f"`{escape(command)}`: {escape(what)}") for command, what in COMMANDS.items()]
    return [
        b.header("What Steady does"),
        b.section(lines(*commands)),
        b.context(lines(escape(ABOUT))),
    ]
