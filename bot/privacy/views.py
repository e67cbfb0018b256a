"""What the privacy centre draws; pure functions from values to blocks."""

from collections.abc import Sequence

from bot.privacy.model import MyData
from bot.privacy.store import Entry
from bot.slack import blocks as b
from bot.slack.ids import Action, View
from bot.slack.text import Mrkdwn, bullets, escape, lines

NOTHING_KEPT = "Steady keeps nothing about you."
WHO_SEES = (
    "Only you see this page. Whoever runs the server Steady is on can open its database; what people tell "
    "about themselves is sealed there where your company set a key."
)
GOES = (
    "Everything above goes: your entries, answers, promises, schedule, and your place in teams and rings. "
    "Steady's own messages to you are taken out of Slack."
)
STAYS = (
    "Counts that name nobody stay, and lines of the access log without your name. What you wrote in Slack "
    "yourself, and files Steady sent you there, are Slack's to delete."
)
SENT = "On its way to your messages with Steady: one JSON file and one CSV file."
ERASED = (
    "Done. What Steady kept about you is gone from its database, and at night from the files underneath; "
    "its messages to you are being taken out of Slack."
)
NO_ENTRIES = "Nobody has changed a setting or looked at others' figures yet."
ABOUT_LOG = "Everybody in the workspace can read this. Newest first."
SOMEBODY = "Somebody who left or erased their data"


def home_blocks() -> list[b.Block]:
    """The way to one's own data, on App Home."""
    return [
        b.header("Your data"),
        b.actions(
            b.button("My data", Action.MY_DATA, label="My data: see, export or erase it"),
            b.button("Who looked at what", Action.ACCESS_LOG, label="Who looked at what: the access log"),
        ),
    ]


def my_data_modal(data: MyData) -> b.Block:
    """What is kept, and what can be done with it."""
    counted = [f"{kind}: {number}" for kind, number in data.counts.items()]
    if data.text and counted:
        drawn: list[b.Block] = [b.copyable(data.text)]
    else:
        drawn = [b.section(bullets(*counted) if counted else escape(NOTHING_KEPT))]
    if counted:
        drawn.append(
            b.actions(
                b.button("Send me all of it", Action.EXPORT_DATA, label="Send me all of it as files"),
                b.button("Erase my data", Action.ERASE_DATA, style="danger"),
            )
        )
    return b.modal(View.MY_DATA, "My data", [*drawn, b.context(escape(WHO_SEES))])


def erase_modal() -> b.Block:
    """What goes and what stays, before anything does."""
    drawn = [b.section(escape(GOES)), b.section(escape(STAYS)), b.section(escape("This can't be undone."))]
    return b.modal(View.ERASE_DATA, "Erase my data", drawn, submit="Erase", close="Keep it")


def erased_modal() -> b.Block:
    """It is done; what stood below shows what is gone."""
    return b.modal(View.MY_DATA, "My data", [b.section(escape(ERASED))], close="Done", closes_all=True)


def access_log_modal(entries: Sequence[Entry]) -> b.Block:
    """Who did what, newest first."""
    drawn = [b.section(_line(entry)) for entry in entries]
    return b.modal(
        View.ACCESS_LOG,
        "Who looked at what",
        [b.context(escape(ABOUT_LOG)), *(drawn or [b.section(escape(NO_ENTRIES))])],
    )


def _line(entry: Entry) -> Mrkdwn:
    at, shown = int(entry.at.timestamp()), f"{entry.at:%d %b %Y %H:%M} UTC"
    when = Mrkdwn(f"_<!date^{at}^{{date_short_pretty}} {{time}}|{shown}>_")
    return lines(escape(f"{entry.name or SOMEBODY} {entry.what}"), when)
