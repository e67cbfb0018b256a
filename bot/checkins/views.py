"""What check-ins draw; pure functions from values to blocks."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from bot.checkins.model import (
    BARS,
    GUESTS,
    NOTE_MOST,
    USUAL_TIME,
    USUAL_WEEKDAY,
    After,
    Kept,
    Plan,
    Standing,
    Tick,
    Word,
    monday_of,
    shown_moment,
)
from bot.playbooks.model import Grade, Nudge
from bot.safeguards.sealing import UNSEALED_WARNING
from bot.safeguards.visibility import Audience, Place, sentence
from bot.slack import blocks as b
from bot.slack.help_lines import help_button
from bot.slack.ids import Action, View
from bot.slack.text import Mrkdwn, bold, bullets, escape, italic, lines
from bot.slack.text import sentence as as_sentence

QUESTION = "How heavy were this week's contacts?"
READY = (
    "Your weekly question is ready. One tap, ten seconds; skipping is fine. Only you see the answer in "
    "Steady. If your work screen is recorded, use your phone or skip."
)
NEWS = (
    "It comes every two weeks from now on, since the last two weren't needed. "
    "Change that under Pause or stop."
)
NOTHING_TO_STOP = "You don't take part at the moment: nothing is asked, and there is nothing to stop."
PAUSED = (
    "Your weekly question is paused, since the last ones weren't needed. Nothing is expected of you. "
    "Start again here whenever you like."
)
WORDS: Mapping[Word, str] = {
    Word.LIGHT: "light",
    Word.FINE: "fine",
    Word.HEAVY: "heavy",
    Word.VERY_HEAVY: "very heavy",
    Word.TOO_MUCH: "too much",
}
TICKS: Mapping[Tick, str] = {
    Tick.CAUSE: "Fewer people calling about the same fault",
    Tick.RULES: "Clearer rules on what I may offer",
    Tick.QUEUE: "Another queue, or other work, for a while",
    Tick.BESIDE: "Somebody beside me on the hard ones",
    Tick.TALK: "Talking one contact through",
    Tick.COVER: "A break with cover",
    Tick.TIME_OFF: "Time off",
    Tick.NOTHING: "Nothing right now",
}
DAYS: Sequence[str] = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
RHYTHMS: Mapping[int, str] = {1: "Every week", 2: "Every two weeks"}
MASKED = "Not saved yet: something was masked here. Look it over, change what you like, then save."
MASKED_THANKS = "Not sent yet: something was masked here. Look it over, change what you like, then send."
ONLY_ME = sentence(Audience.ONLY_ME, Place())
UNSEALED = "No key is set on this server yet, so whoever opens its database could read answers."
GRADES: Mapping[Grade, str] = {
    Grade.PROVEN: "The idea was tried with service staff",
    Grade.PRACTICE: "Common practice",
    Grade.OURS: "Ours, not tested",
}
ABOUT_HOME = (
    "One plain question a week, for yourself alone, if you want it. And short resets between contacts."
)
THANKS_MOST = 300
THANK = "Who helped you this week? Thank them."
COMMANDS: Mapping[str, str] = {
    "/checkin": "your own page: join, day and time, pause, stop",
    "/checkin answer": "answer now",
    "/checkin trend": "your answers; delete one or all",
    "/checkin reset": "a short break, 20 seconds to 10 minutes",
}


def home_blocks(*, is_sealed: bool, is_admin: bool) -> list[b.Block]:
    """The same for everybody, taking part or not: Home is what people show when they share a screen."""
    drawn: list[b.Block] = [
        b.header("For you"),
        b.section(escape(ABOUT_HOME)),
        b.actions(b.button("Weekly question", Action.CHECKIN), b.button("Take a reset", Action.RESET)),
    ]
    if not is_sealed:
        # Ours, with markup of its own; escaping would put invisible characters into a name to be copied.
        drawn.append(b.context(Mrkdwn(UNSEALED_WARNING if is_admin else UNSEALED)))
    return drawn


def skeleton() -> b.Block:
    """What stands there while the rest is looked up."""
    return b.modal(View.CHECKIN, "Weekly question", [b.section(escape("One moment."))])


def first_lines(standing: Standing) -> Mrkdwn:
    """What to know before joining, in five lines."""
    sealed = "" if standing.is_sealed else f" {UNSEALED}"
    told = {
        "What is asked": f"one question a week: “{QUESTION}” Five words to choose from; skipping is fine.",
        "Who sees it": f"{ONLY_ME}{sealed} No lead, report or list shows it, or whether you take part.",
        "How long": f"answers go after {standing.kept_days} days, and before that whenever you delete them.",
        "Why a window": "Slack lets some owners export messages. They may see that you were asked; what you "
        "say goes in by a window and stands in no message.",
        "Way out": "skip, pause or stop whenever you like; nobody is told.",
    }
    return lines(*(Mrkdwn(f"{bold(what)}: {escape(words)}") for what, words in told.items()))


def schedule_form(standing: Standing) -> b.Block:
    """Join, or change day, time, zone and rhythm; to a guest, why not."""
    if not standing.is_colleague:
        row = b.actions(b.button("Take a reset", Action.RESET), help_button())
        return b.modal(View.CHECKIN, "Weekly question", [b.section(as_sentence(GUESTS)), row])
    plan = standing.plan
    weekday, at = (plan.weekday, plan.at) if plan else (USUAL_WEEKDAY, USUAL_TIME)
    zone = plan.zone if plan else standing.slack_zone
    days = [b.option(name, str(number)) for number, name in enumerate(DAYS, start=1)]
    rhythms = [b.option(name, str(weeks)) for weeks, name in RHYTHMS.items()]
    rhythm = rhythms[(plan.every_weeks if plan else 1) - 1]
    return b.modal(
        View.CHECKIN_SCHEDULE,
        "Weekly question",
        [
            *([] if plan else [b.section(first_lines(standing))]),
            b.field("Day", b.select(Action.CHECKIN_DAY, "Choose a day", days, initial=days[weekday - 1])),
            b.field("Time", b.time_picker(Action.CHECKIN_TIME, "Choose a time", at.strftime("%H:%M"))),
            b.field(
                "Time zone",
                b.text_input(Action.CHECKIN_ZONE, initial=zone, most=60),
                hint=f"Slack says {standing.slack_zone}; while it stands so, it moves along when you do.",
                optional=True,
            ),
            b.field("How often", b.radios(Action.CHECKIN_RHYTHM, rhythms, rhythm)),
            b.actions(help_button()),
        ],
        submit="Save" if plan else "Join",
        close="Not now",
    )


def own_page(standing: Standing, plan: Plan, opening: str = "") -> b.Block:
    """Everything a member who takes part can do."""
    elements = [b.button("Answer now", Action.CHECKIN_ANSWER, style="primary")]
    if plan.is_paused or plan.resumes_on:
        elements.append(b.button("Start again", Action.CHECKIN_START_AGAIN))
    return b.modal(
        View.CHECKIN,
        "Weekly question",
        [
            *([b.section(escape(opening))] if opening else []),
            b.section(escape(stands(plan))),
            b.actions(
                *elements,
                b.button("Day and time", Action.CHECKIN_SCHEDULE),
                b.button("Pause or stop", Action.CHECKIN_PAUSE),
            ),
            b.actions(
                b.button("My trend", Action.CHECKIN_TREND),
                b.button("Take a reset", Action.RESET),
                help_button(),
            ),
            b.context(escape(f"{ONLY_ME}{'' if standing.is_sealed else f' {UNSEALED}'}")),
        ],
    )


def stands(plan: Plan) -> str:
    """When the next question comes."""
    if plan.is_paused or plan.asks_at is None:
        return "Paused, until you start again."
    until = f"Paused until {plan.resumes_on:%a %d %b}. " if plan.resumes_on else ""
    rhythm = "every week" if plan.every_weeks == 1 else "every two weeks"
    return f"{until}The next question comes {shown_moment(plan.asks_at, plan.zone)}, then {rhythm}."


def question(key: str, *, is_news: bool) -> b.Message:
    """The whole message; nothing in it tells what is asked, since a lock screen shows it."""
    said = lines(escape(READY), escape(NEWS) if is_news else Mrkdwn(""))
    buttons = b.actions(
        b.button("Answer", Action.CHECKIN_ANSWER, key, style="primary"),
        b.button("Skip", Action.CHECKIN_SKIP, key),
        b.button("Pause or stop", Action.CHECKIN_PAUSE, key),
    )
    return b.Message(said, [b.section(said), buttons])


def paused_message() -> b.Message:
    """Said once, when the questions end by themselves."""
    said = escape(PAUSED)
    return b.Message(said, [b.section(said), b.actions(b.button("Start again", Action.CHECKIN_START_AGAIN))])


def done_message(plan: Plan | None) -> b.Message:
    """In place of the question, the same whether it was answered or skipped."""
    following = f" {stands(plan)}" if plan else ""
    said = escape(f"Done for this week.{following}")
    return b.Message(said, [b.section(said)])


def answer_form(metadata: str, word: Word | None = None, masked: str = "") -> b.Block:
    """The question itself; what was answered before is not shown, since somebody may be looking.

    A note in which something had to be masked comes back so, with the word beside it, before it is kept.
    """
    words = {it: b.option(text, it) for it, text in WORDS.items()}
    chosen = words[word] if word else None
    return b.modal(
        View.CHECKIN_ANSWER,
        "Weekly question",
        [
            b.field(QUESTION, b.radios(Action.CHECKIN_WORD, list(words.values()), chosen)),
            b.field(
                "A note to yourself",
                b.text_input(Action.CHECKIN_NOTE, initial=masked, multiline=True, most=NOTE_MOST),
                hint=MASKED if masked else "No names and no customer's details.",
                optional=True,
                block_id=_block_for(masked),
            ),
            b.context(escape(f"{ONLY_ME} Saving replaces an earlier answer for the same week.")),
            b.actions(help_button()),
        ],
        submit="Save",
        close="Not now",
        metadata=metadata,
    )


def after_view(after: After, help_blocks: Sequence[b.Block]) -> b.Block:
    """The same screen after every answer; only somebody's own words of danger put help at the top."""
    options = [b.option(text, tick) for tick, text in TICKS.items()]
    ticked = [option for option in options if option["value"] in after.ticks]
    return b.modal(
        View.CHECKIN_AFTER,
        "Kept",
        [
            *([*help_blocks, b.divider()] if after.help_first else []),
            b.section(escape("Kept. It stands in your trend and nowhere else.")),
            b.field(
                "What would help?",
                b.checkboxes(Action.CHECKIN_TICKS, options, ticked),
                hint="Kept with your answer, for yourself.",
                optional=True,
                block_id="ticks",
            ),
            *nudge_blocks(after.nudge, after.week),
            b.section(escape(THANK), b.button("Thank somebody", Action.THANK)),
            b.actions(
                b.button("Take a reset", Action.RESET),
                b.button("Ask a peer", Action.PEER_ASK),
                b.button("My trend", Action.CHECKIN_TREND),
            ),
            *([] if after.help_first else [b.divider(), *help_blocks]),
        ],
        submit="Done",
        metadata=after.week,
    )


def has_help_first(blocks: Sequence[Mapping[str, Any]]) -> bool:
    """Whether that screen, as it stands, begins with help; nothing else remembers it."""
    return bool(blocks) and blocks[0].get("type") == "header"


def nudge_blocks(nudge: Nudge | None, week: str) -> list[b.Block]:
    """One thought, and what stands behind it."""
    if nudge is None:
        return []
    button = b.button(
        "Not helpful",
        Action.CHECKIN_NOT_HELPFUL,
        f"{week}|{nudge.id}",
        label="Not helpful, never show this again",
    )
    source = "" if nudge.grade is Grade.OURS else f": {nudge.source}"
    return [
        b.section(lines(bold("For the week"), escape(nudge.text)), button, block_id=f"nudge-{nudge.id}"),
        b.context(escape(f"{GRADES[nudge.grade]}{source}.")),
    ]


def pause_form(plan: Plan) -> b.Block:
    """A break from the question, less of it, or none any more."""
    again = [b.button("Start again", Action.CHECKIN_START_AGAIN)] if plan.is_paused or plan.resumes_on else []
    return b.modal(
        View.CHECKIN_PAUSE,
        "Pause or stop",
        [
            b.section(escape(stands(plan))),
            b.field(
                "Pause until",
                b.date_picker(Action.CHECKIN_PAUSE_UNTIL, "Choose a day"),
                hint="Without a day it rests until you start it again.",
                optional=True,
            ),
            b.actions(
                *again,
                b.button("Change how often", Action.CHECKIN_SCHEDULE),
                b.button("Stop", Action.CHECKIN_STOP, label="Stop the weekly question"),
                help_button(),
            ),
            b.context(escape("Nobody else is told, or can tell.")),
        ],
        submit="Pause",
        close="Back",
    )


def nothing_to_stop(standing: Standing) -> b.Block:
    """Said to those who don't take part, rather than an invitation."""
    join = b.button("Join", Action.CHECKIN_SCHEDULE)
    trend = [b.button("My trend", Action.CHECKIN_TREND)] if standing.answers else []
    drawn = [b.section(escape(NOTHING_TO_STOP)), b.actions(join, *trend, help_button())]
    return b.modal(View.CHECKIN, "Weekly question", drawn)


def saved_view(plan: Plan) -> b.Block:
    """When the next one comes."""
    return b.modal(
        View.CHECKIN,
        "Weekly question",
        [
            b.section(escape(f"Saved. {stands(plan)}")),
            b.actions(
                b.button("Answer now", Action.CHECKIN_ANSWER),
                b.button("Pause or stop", Action.CHECKIN_PAUSE),
                help_button(),
            ),
        ],
    )


def stopped_view(answers: int, kept_days: int) -> b.Block:
    """What is kept, and the offer to delete it."""
    they = "it or it is" if answers == 1 else "them or they are"
    kept = (
        f"Kept: {_answers(answers)}, until you delete {they} {kept_days} days old."
        if answers
        else "No answers are kept."
    )
    said = f"Stopped, and your schedule is deleted. {kept} Nobody else can tell that you stopped."
    buttons = [b.button("Join again", Action.CHECKIN_SCHEDULE)]
    if answers:
        buttons = [
            _delete_all("Delete my answers", answers),
            b.button("My trend", Action.CHECKIN_TREND),
            *buttons,
        ]
    return b.modal(View.CHECKIN, "Stopped", [b.section(escape(said)), b.actions(*buttons, help_button())])


def deleted_view(answers: int) -> b.Block:
    """Gone."""
    said = f"Deleted: {_answers(answers)}." if answers else "There was nothing to delete."
    return b.modal(View.CHECKIN, "Deleted", [b.section(escape(said)), b.actions(help_button())])


def trend_view(kept: Sequence[Kept]) -> b.Block:
    """Words and bars of text, never a picture: Slack keeps files."""
    if not kept:
        empty = "Nothing here yet. Your answers stand here once you have given some, for you alone."
        return b.modal(View.CHECKIN, "My trend", [b.section(escape(empty)), b.actions(help_button())])
    rows = [block for it in kept for block in _trend_row(it)]
    return b.modal(
        View.CHECKIN,
        "My trend",
        [
            b.context(escape("Newest first. A week without an answer is simply not here.")),
            *rows[:90],
            b.actions(_delete_all("Delete all", len(kept)), help_button()),
            b.context(escape(ONLY_ME)),
        ],
    )


def help_message() -> b.Message:
    """What /checkin does."""
    rows = [Mrkdwn(f"`{escape(command)}`: {escape(what)}") for command, what in COMMANDS.items()]
    said = lines(escape(ABOUT_HOME), *rows)
    row = b.actions(
        b.button("Weekly question", Action.CHECKIN), b.button("Take a reset", Action.RESET), help_button()
    )
    return b.Message(said, [b.section(said), row, b.context(escape(ONLY_ME))])


def thank_form(whom: str = "", masked: str = "") -> b.Block:
    """Whom, and if wanted what for; words in which something had to be masked come back before they go."""
    return b.modal(
        View.THANK,
        "Thank somebody",
        [
            b.field(THANK, b.person_select(Action.THANK_WHOM, "Choose a person", whom)),
            b.field(
                "What for?",
                b.text_input(Action.THANK_FOR, initial=masked, multiline=True, most=THANKS_MOST),
                hint=MASKED_THANKS if masked else "One line. No customer's details.",
                optional=True,
                block_id=_block_for(masked),
            ),
            b.context(
                escape(
                    "Steady sends it to them in your name, now. It keeps no copy; Slack keeps the message."
                )
            ),
        ],
        submit="Send",
        close="Not now",
    )


def thanks_message(member_id: str, name: str, words: str) -> b.Message:
    """What the thanked colleague reads."""
    quoted = Mrkdwn(f"> {italic(' '.join(words.split()))}") if words else Mrkdwn("")
    said = lines(Mrkdwn(f"<@{member_id}> thanks you for your help this week."), quoted)
    text = lines(escape(f"{name} thanks you for your help this week."), escape(words))
    return b.Message(text, [b.section(said)])


def thanked_view(help_blocks: Sequence[b.Block]) -> b.Block:
    """On its way."""
    return b.modal(
        View.CHECKIN, "Thank somebody", [*help_blocks, b.section(escape("On its way, in your name."))]
    )


def exported(kept: Kept) -> dict[str, Any]:
    """An answer for its own member's export."""
    if kept.answer is None:
        return {"week": kept.week, "answer": "sealed with a key that is no longer set"}
    return {
        "week": kept.week,
        "answer": WORDS[kept.answer.word],
        "what would help": "; ".join(TICKS[it] for it in kept.answer.ticks),
        "note": kept.answer.note,
    }


def _delete_all(text: str, answers: int) -> b.Element:
    return b.asking_first(
        b.button(text, Action.CHECKIN_DELETE_ALL, style="danger"),
        title=f"Delete {_answers(answers)}?",
        text=f"{'It' if answers == 1 else 'They'} can't be brought back.",
        do="Delete",
        keep="Keep",
    )


def _trend_row(kept: Kept) -> list[b.Block]:
    monday = monday_of(kept.week)
    what = _trend_words(kept, monday)
    button = b.button(
        "Delete",
        Action.CHECKIN_DELETE,
        kept.week,
        suffix=kept.week,
        label=f"Delete the week of {monday:%d %b}",
    )
    asked = b.asking_first(
        button, title="Delete this answer?", text="It can't be brought back.", do="Delete", keep="Keep"
    )
    return [b.section(what, asked, block_id=f"week-{kept.week}")]


def _trend_words(kept: Kept, monday: dt.date) -> Mrkdwn:
    week = f"Week of {monday:%d %b}"
    if kept.answer is None:
        return lines(bold(week), escape("Sealed with a key that is no longer set."))
    word = kept.answer.word
    helps = bullets(*(TICKS[it] for it in kept.answer.ticks))
    note = italic(" ".join(kept.answer.note.split())) if kept.answer.note else Mrkdwn("")
    return lines(bold(week), escape(f"{BARS[word]} {WORDS[word]}"), helps, note)


def _block_for(masked: str) -> str:
    """Slack keeps what somebody typed under an id it knows: what is to be shown anew needs another."""
    return f"words-{len(masked)}" if masked else "words"


def _answers(number: int) -> str:
    return "1 answer" if number == 1 else f"{number} answers"
