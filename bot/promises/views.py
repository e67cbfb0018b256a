"""What promises draw; pure functions from values to blocks."""

import datetime as dt
from collections.abc import Mapping, Sequence

from bot.promises.model import TICKET_MOST, WHAT_MOST, Choice, Mine, News, Outcome, Promise, shown_moment
from bot.slack import blocks as b
from bot.slack.ids import Action, View
from bot.slack.text import Mrkdwn, bold, escape, lines

CHOICES: Mapping[Choice, str] = {
    Choice.KEPT: "Kept",
    Choice.MOVE: "Move",
    Choice.UNREACHABLE: "Couldn't reach",
    Choice.HAND_OVER: "Hand over",
    Choice.DROP: "Drop",
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.KEPT: "Kept.",
    Outcome.CONTENT: "Kept, and the customer was content.",
    Outcome.UNREACHABLE: "Closed: the customer couldn't be reached.",
    Outcome.DROPPED: "Dropped.",
}
PRIVACY = (
    "You and whoever keeps it see this; in a team's queue, the team. Numbers, addresses and the like are "
    "masked before it is stored. Write no name: the ticket's id is enough."
)
MASKED = "Not saved yet: something was masked here. Look it over, change what you like, then save."
KEEP_IT = "Close this to keep it yourself; you are reminded when you are back."
HOME_MOST = 8
DAYS: Sequence[str] = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def promise_modal(
    due_local: dt.datetime,
    keeper: str,
    situation: str = "",
    *,
    masked: str = "",
    ticket: str = "",
    round_: int = 0,
) -> b.Block:
    """The form of a new promise; `due_local` is a time in the member's zone, without the zone.

    Words in which something had to be masked come back so before they are kept.
    """
    what = b.text_input(
        Action.PROMISE_WHAT, placeholder="Call back with the trace number", initial=masked, most=WHAT_MOST
    )
    # Slack keeps what somebody typed under an id it knows: what is to be shown anew needs another.
    return b.modal(
        View.PROMISE,
        "A promise",
        [
            b.field("What did you promise?", what, hint=MASKED if masked else "", block_id=f"what-{round_}"),
            b.field(
                "Ticket",
                b.text_input(Action.PROMISE_TICKET, placeholder="REF-4711", initial=ticket, most=TICKET_MOST),
                optional=True,
            ),
            *_moment_fields(due_local),
            b.field("Who keeps it?", b.person_select(Action.PROMISE_KEEPER, "Choose a person", keeper)),
            b.context(escape(PRIVACY)),
        ],
        submit="Save",
        metadata=f"{situation}|{round_}",
    )


def move_modal(promise: Promise, due_local: dt.datetime) -> b.Block:
    """Another day."""
    return b.modal(
        View.PROMISE_MOVE,
        "Another day",
        [b.section(_words(promise)), *_moment_fields(due_local)],
        submit="Move",
        metadata=promise.value,
    )


def hand_over_modal(promise: Promise, off_on: dt.date | None = None) -> b.Block:
    """To a colleague, or to the team's queue."""
    question = f"You're off {DAYS[off_on.weekday()]}: who keeps it?" if off_on else "Who keeps it?"
    keep = [b.context(escape(KEEP_IT))] if off_on else []
    queue = b.option("The team's queue: whoever is free takes it", "queue")
    return b.modal(
        View.PROMISE_HAND_OVER,
        "Hand over",
        [
            b.section(lines(bold(question), _words(promise))),
            b.field("A colleague", b.person_select(Action.PROMISE_COLLEAGUE, "Choose"), optional=True),
            b.field("Or", b.checkboxes(Action.PROMISE_KEEPER, [queue]), optional=True),
            b.context(escape("Until somebody accepts it stays with you.")),
            *keep,
        ],
        submit="Hand over",
        metadata=promise.value,
    )


def days_off_modal(days: Sequence[dt.date], today: dt.date) -> b.Block:
    """Days on which others should keep my promises."""
    listed = ", ".join(f"{day:%a} {day.day} {day:%b}" for day in days[:20])
    forget = b.button("Forget them", Action.FORGET_DAYS_OFF) if days else None
    return b.modal(
        View.DAYS_OFF,
        "Days off",
        [
            b.context(
                escape("Only Steady uses these: it asks you who keeps a promise that is due then, and waits.")
            ),
            b.section(escape(f"Noted: {listed}." if listed else "None noted."), forget),
            b.field("First day", b.date_picker(Action.DAY_OFF_FROM, "Choose", today.isoformat())),
            b.field("Last day", b.date_picker(Action.DAY_OFF_UNTIL, "Choose", today.isoformat())),
        ],
        submit="Note them",
    )


def reminder(promise: Promise, zone: str) -> b.Message:
    """It is due; what becomes of it is asked once."""
    return _message("You promised", promise, zone, [b.actions(*_choice_buttons(promise))])


def day_off_question(promise: Promise, zone: str) -> b.Message:
    """It is due on a day off."""
    day = shown_moment(promise.due_at, zone).partition(" ")[0]
    buttons = [_choice(promise, it) for it in (Choice.HAND_OVER, Choice.MOVE, Choice.KEPT)]
    return _message(f"You're off {_DAY_NAMES[day]}: who keeps it?", promise, zone, [b.actions(*buttons)])


def offer(promise: Promise, asker: str, zone: str) -> b.Message:
    """A colleague asks."""
    buttons = b.actions(
        b.button("I'll keep it", Action.PROMISE_ACCEPT, promise.value, style="primary"),
        b.button("I can't", Action.PROMISE_DECLINE, promise.value),
    )
    return _message(f"{asker} asks whether you can keep this promise", promise, zone, [buttons])


def queued(promise: Promise, team: str, zone: str) -> b.Message:
    """It lies in the team's queue."""
    buttons = b.actions(b.button("I'll take it", Action.PROMISE_TAKE, promise.value))
    return _message(f"A promise waits in the queue of {team}", promise, zone, [buttons])


def news(promise: Promise, what: News, colleague: str) -> b.Message:
    """What became of it."""
    said = {
        News.ACCEPTED: f"{colleague} keeps it now.",
        News.DECLINED: f"{colleague} can't keep it, so it is still with you.",
        News.NOT_REACHED: f"{colleague} couldn't be asked, so it is still with you.",
        News.QUEUED: "You were off on its day, so it went to your team's queue and its leads were told.",
    }[what]
    text = lines(escape(said), _words(promise))
    return b.Message(text, [b.section(text)])


def settled(promise: Promise) -> b.Message:
    """The reminder once it is answered."""
    said = OUTCOMES[promise.outcome] if promise.outcome else "With somebody else now."
    text = lines(escape(said), _words(promise))
    content = b.button("Customer was content", Action.PROMISE_CONTENT, promise.value)
    ask = [b.actions(content)] if promise.outcome is Outcome.KEPT else []
    return b.Message(text, [b.section(text), *ask])


def accepted(promise: Promise) -> b.Message:
    """The offer once it is accepted."""
    text = lines(
        escape(f"It is with you now; you are reminded {shown_moment(promise.due_at, promise.zone)}."),
        _words(promise),
    )
    return b.Message(text, [b.section(text)])


def home_blocks(mine: Mine) -> list[b.Block]:
    """My promises, soonest first, and what others wait for."""
    drawn: list[b.Block] = [b.header("Promises")]
    for promise in mine.kept[:HOME_MOST]:
        options = [b.option(text, f"{choice}|{promise.value}") for choice, text in CHOICES.items()]
        menu = b.overflow(Action.PROMISE_CHOICE, options)
        asked = escape("Somebody was asked to keep it.") if promise.asked else Mrkdwn("")
        drawn.append(b.section(lines(_due(promise, mine.zone), _words(promise), asked), menu))
    for promise in mine.asked[:HOME_MOST]:
        button = b.button(
            "I'll keep it", Action.PROMISE_ACCEPT, promise.value, suffix=promise.id, label="Keep this promise"
        )
        drawn.append(b.section(lines(escape("You are asked to keep:"), _words(promise)), button))
    for promise in mine.queued[:HOME_MOST]:
        button = b.button(
            "I'll take it", Action.PROMISE_TAKE, promise.value, suffix=promise.id, label="Take this promise"
        )
        drawn.append(b.section(lines(escape("In your team's queue:"), _words(promise)), button))
    if len(mine.kept) > HOME_MOST:
        drawn.append(b.context(escape(f"And {len(mine.kept) - HOME_MOST} later ones.")))
    row = b.actions(b.button("New promise", Action.PROMISE), b.button("Days off", Action.DAYS_OFF))
    return [*drawn, row]


def saved_words(promise: Promise) -> str:
    """Confirm a new promise."""
    when = shown_moment(promise.due_at, promise.zone)
    if promise.asked:
        return f"Saved. Your colleague is asked; until they accept it is with you, due {when}."
    return f"Saved. You are reminded {when}."


_DAY_NAMES: Mapping[str, str] = {day[:3]: day for day in DAYS}


def _message(title: str, promise: Promise, zone: str, more: Sequence[b.Block]) -> b.Message:
    text = lines(bold(title), _words(promise), _due(promise, zone))
    return b.Message(lines(escape(title), _words(promise), _due(promise, zone)), [b.section(text), *more])


def _words(promise: Promise) -> Mrkdwn:
    ticket = f" · {promise.ticket}" if promise.ticket else ""
    return escape(f"“{promise.what}”{ticket}")


def _due(promise: Promise, zone: str) -> Mrkdwn:
    return escape(f"By {shown_moment(promise.due_at, zone)}")


def _choice_buttons(promise: Promise) -> list[b.Element]:
    return [_choice(promise, choice) for choice in Choice]


def _choice(promise: Promise, choice: Choice) -> b.Element:
    return b.button(CHOICES[choice], Action.PROMISE_CHOICE, f"{choice}|{promise.value}", suffix=choice)


def _moment_fields(local: dt.datetime) -> list[b.Block]:
    return [
        b.field("By which day?", b.date_picker(Action.PROMISE_DAY, "Choose a day", local.date().isoformat())),
        b.field("Remind at", b.time_picker(Action.PROMISE_TIME, "Choose a time", local.strftime("%H:%M"))),
    ]
