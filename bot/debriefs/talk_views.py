"""What a debrief draws, in the thread and in its modals; pure functions from values to blocks."""

from collections.abc import Iterator, Sequence

from bot.debriefs.model import (
    ACTION_MOST,
    HARDNESS,
    LESSON_MOST,
    SUMMARY_MOST,
    TROUBLES,
    WORDS_MOST,
    CauseAction,
    Closing,
    Debrief,
    Entry,
    Room,
    Said,
    Share,
    Step,
)
from bot.debriefs.views import cover_minutes, title_of
from bot.playbooks.library import Library
from bot.playbooks.model import Prompt
from bot.safeguards.visibility import LABELS, Audience, Place, choices, sentence
from bot.slack import blocks as b
from bot.slack.help_lines import help_button
from bot.slack.ids import Action, View
from bot.slack.text import Mrkdwn, bold, escape, lines
from bot.slack.text import sentence as as_sentence

TITLE = "Talk it through"
CALM_FIRST = (
    "You marked this one as very hard. Calm comes first: a reset, or more than ten minutes off with cover. "
    "The debrief can wait until after today's shift, or another day; or never."
)
EXPORTED = "On some plans Slack's owners can export your messages with Steady."
ALONE_TEXT = "Your look back in Steady."
"""All that a lock screen shows of a debrief held alone."""
NOBODY_HAS_TO = "Nobody has to answer; a nod is enough. It is about the work, and nothing here is scored."
OPENS = "Your debrief opens now. Left alone, it closes itself quietly after two weeks."
SHARES = {
    Share.CONDUCT: "What they did",
    Share.HARDNESS: "How hard it was on me",
    Share.HAPPENED: "What I wrote under “What happened”",
    Share.HELPED: "What I wrote under “What helped”",
}
WHERE_CHANNEL = "channel"
WHERE_ALONE = "alone"
MASKED = "Not saved yet. This was masked first: {found}. Look it over, change what you like, then save."


def start_form(library: Library, entry: Entry, room: Room | None, *, alone: bool = False) -> b.Block:
    """Where, and what of the entry stands at the top: the author's choice, all of it."""
    drawn: list[b.Block] = []
    if entry.is_severe:
        minutes = cover_minutes(entry)
        cover = b.button(f"{minutes} min off, with cover", Action.COVER, entry.id)
        reset = b.button("Take a reset", Action.RESET)
        drawn += [b.section(escape(CALM_FIRST)), b.actions(reset, cover), b.divider()]
    drawn.append(b.section(bold(title_of(library, entry.about))))
    places = [
        b.option("With colleagues, in a channel", WHERE_CHANNEL),
        b.option("Alone, in my messages", WHERE_ALONE),
    ]
    chosen = places[1] if alone else places[0]
    drawn.append(
        b.field("Where?", b.radios(Action.TALK_WHERE, places, chosen), dispatch=True, block_id="where")
    )
    if alone:
        drawn.append(b.context(escape(f"{sentence(Audience.ONLY_ME, Place())} {EXPORTED}")))
    else:
        drawn += _channel(room)
    offered = _shareable(entry)
    if offered and not alone:
        drawn.append(
            b.field(
                "Show at the top",
                b.checkboxes(Action.TALK_SHARE, [b.option(SHARES[it], it) for it in offered]),
                optional=True,
                block_id="share",
                hint="What it was about is always there. The rest of your entry stays as it is.",
            )
        )
    drawn.append(b.actions(help_button()))
    return b.modal(View.TALK, TITLE, drawn, submit="Open it", close="Not now", metadata=entry.id)


def started_view() -> b.Block:
    """It is under way."""
    return b.modal(View.ENTRY, TITLE, [b.section(escape(OPENS)), b.actions(help_button())], close="Done")


def root_message(library: Library, entry: Entry, debrief: Debrief, me_toos: int) -> b.Message:
    """The message that a debrief hangs on: only what its author chose to share."""
    about = title_of(library, debrief.about)
    author = Mrkdwn(f"<@{debrief.scope.author.id}>")
    head = (
        Mrkdwn(f"*{escape(about)}*: your own look back, only here.")
        if debrief.is_alone
        else Mrkdwn(f"{author} would like to talk through: *{escape(about)}*")
    )
    drawn = [b.section(lines(head, *_shared(library, entry, debrief)))]
    if not debrief.is_open:
        drawn.append(b.context(escape("Closed. Thank you.")))
    elif not debrief.is_alone:
        drawn.append(b.context(escape(NOBODY_HAS_TO)))
    if me_toos:
        drawn.append(b.context(escape(_me_toos(me_toos))))
    if debrief.is_open:
        buttons = [] if debrief.is_alone else [b.button("I've had this too", Action.ME_TOO, debrief.id)]
        drawn.append(b.actions(*buttons, help_button()))
    text = ALONE_TEXT if debrief.is_alone else f"A debrief: {about}. {NOBODY_HAS_TO}"
    return b.Message(escape(text), drawn)


def prompt_message(prompt: Prompt, debrief: Debrief, *, is_current: bool) -> b.Message:
    """One question, a button to answer it, and for its author a way past it."""
    said = lines(bold(prompt.ask), escape(prompt.hint))
    value = f"{debrief.id}|{prompt.step}"
    buttons: list[b.Element] = []
    if prompt.step == Step.CLOSE:
        buttons.append(b.button("Close it", Action.CLOSE, debrief.id, style="primary"))
    else:
        buttons.append(b.button("Answer", Action.ANSWER, value, label=f"Answer: {prompt.title}"))
        if is_current:
            buttons.append(b.button("Skip", Action.SKIP, value, label=f"Skip: {prompt.title}"))
            buttons.append(b.button("Close it", Action.CLOSE, debrief.id))
    drawn = [b.section(said)]
    if debrief.is_open:
        drawn.append(b.actions(*buttons, *([help_button()] if is_current else [])))
    text = ALONE_TEXT if debrief.is_alone else f"{prompt.ask} {prompt.hint}"
    return b.Message(escape(text), drawn)


def answer_form(
    prompt: Prompt, debrief: Debrief, place: Place, nonce: str, *, text: str = "", masked: str = ""
) -> b.Block:
    """The box for one answer, with who will see it."""
    is_private = prompt.step == Step.NOW
    audience = Audience.ONLY_ME if is_private else debrief.scope.audience
    box = b.text_input(Action.ANSWER_BOX, initial=text, multiline=True, most=WORDS_MOST)
    shown = sentence(audience, Place() if is_private else place)
    posted = "" if is_private or debrief.is_alone else "Posted in the thread, with your name. "
    exported = f" {EXPORTED}" if debrief.is_alone and not is_private else ""
    drawn = [b.section(bold(MASKED.format(found=masked)))] if masked else []
    drawn += [
        b.field(prompt.ask, box, hint=prompt.hint, block_id=f"answer-{len(text)}"),
        b.context(escape(posted + shown + exported)),
        b.actions(help_button()),
    ]
    metadata = f"{debrief.id}|{prompt.step}|{nonce}"
    return b.modal(View.ANSWER, prompt.title, drawn, submit="Save", close="Cancel", metadata=metadata)


def reply_message(prompt: Prompt, debrief: Debrief, said: Said) -> b.Message:
    """An answer given by button, in the thread."""
    shown = lines(Mrkdwn(f"<@{said.author.id}> · {escape(prompt.title)}"), escape(said.body))
    return b.Message(escape(ALONE_TEXT) if debrief.is_alone else shown, [b.section(shown)])


def closing_form(
    library: Library,
    debrief: Debrief,
    place: Place,
    closing: Closing,
    *,
    masked: str = "",
    round_: int = 0,
) -> b.Block:
    """The one closing step: a summary to edit; the rest may stay empty."""
    summary = b.text_input(Action.SUMMARY, initial=closing.summary, multiline=True, most=SUMMARY_MOST)
    said = MASKED.format(found=masked)
    drawn = [
        *([b.section(bold(said))] if masked else []),
        b.field("Summary", summary, optional=True, block_id=f"summary-{round_}"),
        b.context(escape(sentence(debrief.scope.audience, place))),
        *_lesson_fields(library, debrief, place, closing, round_),
        *_action_fields(closing, round_),
        b.actions(help_button()),
        # Said at the end, too: a form stays scrolled to where its button was pressed.
        *([b.context(escape(said))] if masked else []),
    ]
    return b.modal(
        View.CLOSING,
        "Close the debrief",
        drawn,
        submit="Close it",
        close="Not yet",
        metadata=f"{debrief.id}|{round_}",
    )


def closed_view() -> b.Block:
    """The end, said once."""
    said = "Closed. Nothing more comes of it by itself. If something stays with you, help is one tap away."
    return b.modal(View.ENTRY, TITLE, [b.section(escape(said)), b.actions(help_button())], close="Done")


def closed_message(debrief: Debrief, lesson: str, action: CauseAction | None) -> b.Message:
    """The summary in the thread, and what comes of it."""
    rows = [bold("Closed. Thank you.")]
    rows += [escape(debrief.summary)] if debrief.summary else []
    rows += [lines(bold("Lesson"), escape(lesson))] if lesson else []
    if action:
        rows.append(
            Mrkdwn(
                f"*For the cause* {escape(action.what)}: <@{action.owner.id}>, by {action.due_on:%d %b %Y}"
            )
        )
    shown = lines(*rows)
    text = escape(ALONE_TEXT) if debrief.is_alone else shown
    return b.Message(text, [b.section(shown), b.actions(help_button())])


def asked_message(library: Library, action: CauseAction, *, is_due: bool) -> b.Message:
    """What the owner of a cause reads: what, by when, and a way to say it is done."""
    about = title_of(library, action.about)
    opening = "Due today, from a debrief" if is_due else "A debrief asks this of you"
    head = Mrkdwn(f"*{opening}* ({escape(about)})")
    body = Mrkdwn(f"{escape(action.what)}: by {action.due_on:%d %b %Y}. Asked by <@{action.author.id}>.")
    done = b.button("Done", Action.ACTION_DONE, action.id)
    return b.Message(lines(head, body), [b.section(lines(head, body)), b.actions(done)])


def masked_message(found: str) -> b.Message:
    """Told to who wrote it alone."""
    text = escape(
        f"In what Steady keeps of your reply, this is masked: {found}. "
        "Slack still shows what you wrote; you can edit it there."
    )
    return b.Message(text, [b.section(text)])


def help_message(help_lines: Sequence[b.Block], opening: str) -> b.Message:
    """Help first, to one person alone; kept nowhere."""
    return b.Message(escape(opening), [b.section(escape(opening)), *help_lines])


def stopped_message(trouble: str) -> b.Message:
    """Why a debrief could not be opened."""
    text = as_sentence(f"Your debrief was not opened. {TROUBLES.get(trouble, 'Slack refused the message.')}")
    return b.Message(text, [b.section(text)])


def _channel(room: Room | None) -> list[b.Block]:
    chosen = room.channel if room else ""
    picker = b.channel_select(Action.TALK_CHANNEL, "Choose a channel", chosen)
    drawn = [b.field("Channel", picker, dispatch=True, block_id="channel")]
    if room and room.trouble:
        drawn.append(b.section(as_sentence(TROUBLES.get(room.trouble, TROUBLES["unknown"]))))
    elif room:
        place = Place(channel=f"#{room.name}")
        if room.is_public:
            warning = f"#{room.name} is public: anyone in the workspace can open it and read the thread."
            drawn.append(b.section(bold(warning)))
        drawn.append(b.context(escape(sentence(Audience.CHANNEL, place))))
    return drawn


def _shareable(entry: Entry) -> list[Share]:
    has = {
        Share.CONDUCT: bool(entry.conduct),
        Share.HARDNESS: True,
        Share.HAPPENED: bool(entry.details.happened),
        Share.HELPED: bool(entry.details.helped),
    }
    return [it for it in SHARES if has[it]]


def _shared(library: Library, entry: Entry, debrief: Debrief) -> list[Mrkdwn]:
    told = {
        Share.CONDUCT: ", ".join(title_of(library, it) for it in entry.conduct),
        Share.HARDNESS: f"On me: {HARDNESS[entry.hardness].lower()}",
        Share.HAPPENED: entry.details.happened,
        Share.HELPED: f"What helped: {entry.details.helped}" if entry.details.helped else "",
    }
    return [escape(text) for share, text in told.items() if share in debrief.shared and text]


def _me_toos(count: int) -> str:
    return "A colleague has had this too." if count == 1 else f"{count} colleagues have had this too."


def _situations(library: Library, about: str) -> b.Element:
    groups = {
        kind.value.capitalize(): [b.option(it.label, it.id) for it in situations]
        for kind, situations in library.by_kind().items()
        if situations
    }
    offered = {it["value"]: it for options in groups.values() for it in options}
    initial = offered.get(about) or next(iter(offered.values()))
    return b.grouped_select(Action.LESSON_ABOUT, "Choose", groups, initial=initial)


def _lesson_fields(
    library: Library, debrief: Debrief, place: Place, closing: Closing, round_: int
) -> Iterator[b.Block]:
    yield b.field(
        "A lesson for others",
        b.text_input(Action.LESSON, initial=closing.lesson, multiline=True, most=LESSON_MOST),
        optional=True,
        block_id=f"lesson-{round_}",
        hint="One or two sentences they can use. No names, no customers.",
    )
    circles: dict[Audience, b.Element] = {
        it: b.option(LABELS[it], it) for it in choices(place) if it is not Audience.ONLY_ME
    }
    if circles:
        chosen = circles.get(closing.lesson_audience) or next(iter(circles.values()))
        yield b.field("Show the lesson to", b.radios(Action.LESSON_AUDIENCE, list(circles.values()), chosen))
    yield b.field("Show it on the card for", _situations(library, closing.lesson_about or debrief.about))


def _action_fields(closing: Closing, round_: int) -> list[b.Block]:
    what = b.text_input(
        Action.ACTION_WHAT, placeholder="Rewrite the refund e-mail", initial=closing.action, most=ACTION_MOST
    )
    owner = b.person_select(Action.ACTION_OWNER, "Who owns the cause", closing.owner)
    by = b.date_picker(Action.ACTION_BY, "A day", closing.due_on.isoformat() if closing.due_on else "")
    return [
        b.field("Something to change about the cause", what, optional=True, block_id=f"action-{round_}"),
        b.field("Who owns it", owner, optional=True, hint="Whoever owns the cause, not an agent."),
        b.field("By when", by, optional=True),
    ]
