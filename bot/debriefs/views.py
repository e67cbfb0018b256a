"""What logging draws; pure functions from values to blocks."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from bot.debriefs.model import (
    HARDNESS,
    PROMISE_MOST,
    TICKET_MOST,
    WORDS_MOST,
    CardHelped,
    Draft,
    Entry,
    Journey,
    Origin,
    Outcome,
    Promised,
)
from bot.playbooks.library import Library
from bot.playbooks.model import Kind
from bot.safeguards.visibility import LABELS, Audience, Place, choices, sentence
from bot.slack import blocks as b
from bot.slack.cover import cover_words
from bot.slack.help_lines import help_button
from bot.slack.ids import Action, Command, View
from bot.slack.text import Mrkdwn, bold, escape, lines

NONE_OF_THESE = "none"
CHECKBOXES_MOST = 10
COVER_MINUTES = 10
LONG_COVER_MINUTES = 15
"""After a severe contact: more than ten minutes (R7)."""

TITLE = "A hard contact"
OPENING = "One moment: the form is on its way."
COUNT_IT = "Count it, without my name, in the team's causes"
OUTDATED = "This button is from an older version. Type `/debrief list` to go on."
KEPT = "Kept. Thank you for writing it down."
HELP_FIRST = "What you wrote sounds heavy. Nobody is told that Steady noticed. If you want it, help is here."
MASKED = "Not saved yet. This was masked first: {found}. Look it over, change what you like, then save."
MASKED_HERE = "Something was masked here. Look it over, then save."
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.SETTLED: "Settled",
    Outcome.PARTLY: "Partly settled",
    Outcome.HANDED_OVER: "Handed over",
    Outcome.STILL_OPEN: "Still open",
    Outcome.THEY_LEFT: "They broke it off",
    Outcome.I_ENDED_IT: "I ended it",
}
CARD_HELPED: Mapping[CardHelped, str] = {
    CardHelped.YES: "Yes",
    CardHelped.PARTLY: "Partly",
    CardHelped.NO: "No",
    CardHelped.UNUSED: "I didn't use one",
}
JOURNEYS: Mapping[Journey, str] = {
    Journey.CHOOSING: "Finding out and choosing",
    Journey.BUYING: "Ordering or signing up",
    Journey.DELIVERY: "Waiting for it to arrive or start",
    Journey.USING: "Using it",
    Journey.PAYING: "Paying",
    Journey.GETTING_HELP: "Getting help",
    Journey.LEAVING: "Sending back or leaving",
}
_KINDS_ABOUT: Mapping[Kind, str] = {
    Kind.CAUSE: "What it was about",
    Kind.HISTORY: "What came before",
    Kind.PERSON: "Who they are",
}

Choice = TypeVar("Choice", bound=StrEnum)


def skeleton(view: View, title: str = TITLE) -> b.Block:
    """What is shown while the rest is looked up."""
    return b.modal(view, title, [b.section(escape(OPENING))])


def log_form(
    library: Library,
    draft: Draft,
    origin: Origin,
    place: Place,
    *,
    with_promise: bool,
    masked: str = "",
    masked_in: Collection[Action] = (),
) -> b.Block:
    """The form as it stands: three taps above, everything else below *More*."""
    drawn = [b.section(bold(MASKED.format(found=masked)))] if masked else []
    drawn += [
        b.field("What was it about?", _about(library, draft), block_id="about"),
        *_conduct(library, draft),
        b.field("How hard was it on you?", _hardness(draft), block_id="hardness"),
        _seen_by(draft, place),
        b.actions(
            b.checkboxes(Action.LOG_COUNTED, [_count_it()], [_count_it()] if draft.is_counted else []),
            block_id="counted",
        ),
    ]
    if origin.is_expanded:
        drawn += _more(draft, origin, place, with_promise=with_promise, masked_in=masked_in)
    more = (
        [] if origin.is_expanded else [b.button("More", Action.LOG_MORE, label="More fields, all optional")]
    )
    drawn.append(b.actions(*more, help_button()))
    if masked:
        # Said at the end, too: a form stays scrolled to where its button was pressed.
        drawn.append(b.context(escape(MASKED.format(found=masked))))
    return b.modal(View.LOG, TITLE, drawn, submit="Save", close="Cancel", metadata=origin.encode())


def conduct_chunks(library: Library) -> list[tuple[str, Sequence[str]]]:
    """What customers do, in groups of boxes that Slack draws, each with its suffix."""
    ids = [it.id for it in library.by_kind()[Kind.CONDUCT]]
    count = -(-len(ids) // CHECKBOXES_MOST)
    size = -(-len(ids) // count) if count else 1
    return [
        (str(at) if at else "", ids[start : start + size])
        for at, start in enumerate(range(0, len(ids), size))
    ]


def logged(entry: Entry, help_first: Sequence[b.Block], *, may_talk: bool) -> b.Block:
    """What can follow, none of it expected; help comes first where it is asked for."""
    head = [b.section(escape(HELP_FIRST)), *help_first, b.divider()] if help_first else []
    minutes = cover_minutes(entry)
    talk = [b.button("Talk it through", Action.TALK, entry.id)] if may_talk else []
    peer = [b.button("Ask a peer", Action.PEER_ASK)] if may_talk else []
    drawn = [
        *head,
        b.section(escape(KEPT)),
        b.actions(
            b.button(f"{minutes} min off, with cover", Action.COVER, entry.id),
            *talk,
            b.button("Copy CRM note", Action.CRM_NOTE, entry.id),
        ),
        b.actions(*peer, b.button("See it again", Action.ENTRY, entry.id), help_button()),
    ]
    return b.modal(View.LOGGED, TITLE, drawn, close="Done")


def cover_minutes(entry: Entry) -> int:
    """How long a break to ask cover for."""
    return LONG_COVER_MINUTES if entry.is_severe else COVER_MINUTES


def cover_view(minutes: int, code: str, leads: Sequence[str]) -> b.Block:
    """What was asked, and what to set the phone to."""
    words = cover_words(minutes, code)
    if leads:
        asked = Mrkdwn(f"Asked {' and '.join(f'<@{it}>' for it in leads)}, without a reason:")
        drawn = [b.section(asked), b.copyable(words)]
    else:
        drawn = [
            b.section(
                escape("No lead is set up for you in Steady, so nobody was asked. Send this yourself:")
            ),
            b.copyable(words),
        ]
    if code:
        drawn.append(b.section(Mrkdwn(f"Set your phone to *{escape(code)}*.")))
    drawn.append(b.context(escape("Walk, water, window. The contact is over; the next one isn't here yet.")))
    drawn.append(b.actions(help_button()))
    return b.modal(View.ENTRY, "Time off the phone", drawn, close="Back")


def help_message() -> b.Message:
    """What /debrief does, in a few lines."""
    command = Command.DEBRIEF
    rows = [
        bold("After a hard contact"),
        Mrkdwn(f"`{command}`: log it in three taps; no writing needed. Good ones too."),
        Mrkdwn(f"`{command} list`: yours, and what is shared with you."),
        Mrkdwn(f"`{command} search late refund`: contacts, summaries and lessons open to you."),
        Mrkdwn(f"`{command} promise`: what you promised a customer, and when to be reminded."),
        escape(
            "Afterwards, if you like: ten minutes off with cover, talk it through, copy a note for the CRM."
        ),
        escape(
            "Only you see what you log, until you share it. Card and phone numbers and the like are masked "
            "before anything is kept."
        ),
    ]
    text = (
        "Log a hard contact with /debrief; list and search find it again. Only you see it until you share it."
    )
    return b.Message(
        escape(text),
        [
            b.section(lines(*rows)),
            b.actions(b.button("Log a hard contact", Action.LOG), help_button()),
        ],
    )


def home_blocks() -> list[b.Block]:
    """The part of Home: buttons alone, since screens are shared in coaching."""
    return [
        b.header("After a hard contact"),
        b.actions(
            b.button("Log a hard contact", Action.LOG),
            b.button("My contacts", Action.ENTRIES, label="My contacts, and those shared with me"),
            block_id="debriefs-home",
        ),
    ]


def title_of(library: Library, situation: str) -> str:
    """A situation as lists show it; one that was taken out of the playbooks by its id."""
    known = library.situation(situation)
    if known:
        return known.label
    return "Something else" if situation == NONE_OF_THESE else situation.replace("_", " ").capitalize()


def audiences(action: Action, chosen: Audience, place: Place) -> b.Element:
    """The circles an author may choose from."""
    options = {it: b.option(LABELS[it], it) for it in choices(place)}
    return b.radios(action, list(options.values()), options.get(chosen))


def _about(library: Library, draft: Draft) -> b.Element:
    groups = {
        title: [b.option(it.label, it.id) for it in library.by_kind()[kind]]
        for kind, title in _KINDS_ABOUT.items()
        if library.by_kind()[kind]
    }
    groups["Otherwise"] = [b.option("None of these", NONE_OF_THESE)]
    offered = {it["value"]: it for options in groups.values() for it in options}
    return b.grouped_select(Action.LOG_ABOUT, "Choose the nearest", groups, initial=offered.get(draft.about))


def _conduct(library: Library, draft: Draft) -> Iterator[b.Block]:
    # Their short names: eleven boxes of two lines each would be two screens of a phone.
    titles = {it.id: it.title for it in library.by_kind()[Kind.CONDUCT]}
    for suffix, ids in conduct_chunks(library):
        options = [b.option(titles[it], it) for it in ids]
        ticked = [it for it in options if it["value"] in draft.conduct]
        yield b.field(
            "And any of these?" if suffix else "What did they do? Tick any.",
            b.checkboxes(Action.LOG_CONDUCT, options, ticked, suffix=suffix),
            optional=True,
            block_id=f"conduct{suffix}",
        )


def _hardness(draft: Draft) -> b.Element:
    options = [b.option(words, str(hardness)) for hardness, words in HARDNESS.items()]
    chosen = next((it for it in options if it["value"] == str(draft.hardness)), None)
    return b.radios(Action.LOG_HARDNESS, options, chosen)


def _count_it() -> b.Element:
    return b.option(COUNT_IT, "yes")


def _seen_by(draft: Draft, place: Place) -> b.Block:
    """Who sees it; what counts without a name is said by the box to untick."""
    return b.context(escape(sentence(draft.audience, replace(place, counted_in=""))))


def _more(
    draft: Draft, origin: Origin, place: Place, *, with_promise: bool, masked_in: Collection[Action]
) -> Iterator[b.Block]:
    details = draft.details
    yield _optional("How did it end?", _choice(Action.LOG_OUTCOME, OUTCOMES, details.outcome), "outcome")
    yield _optional("Did the card help?", _choice(Action.LOG_CARD, CARD_HELPED, details.card_helped), "card")
    yield _optional(
        "Ticket id",
        b.text_input(Action.LOG_TICKET, placeholder="CS-1234", initial=details.ticket, most=TICKET_MOST),
        f"ticket{origin.round}",
        hint="The id alone, nothing about the customer.",
    )
    if with_promise:
        masked = Action.LOG_PROMISE in masked_in
        yield from _promise(draft.promised or Promised(""), origin, hint=MASKED_HERE if masked else "")
    for label, action, text in (
        ("What happened", Action.LOG_HAPPENED, details.happened),
        ("What helped", Action.LOG_HELPED, details.helped),
    ):
        box = b.text_input(action, initial=text, multiline=True, most=WORDS_MOST)
        hint = MASKED_HERE if action in masked_in else ""
        yield _optional(label, box, f"{action.rpartition('.')[2]}{origin.round}", hint=hint)
    yield _optional(
        "At which step of their journey?", _choice(Action.LOG_JOURNEY, JOURNEYS, details.journey), "journey"
    )
    yield b.field(
        "Who can see it?",
        audiences(Action.LOG_AUDIENCE, draft.audience, place),
        dispatch=True,
        block_id="audience",
    )
    # Again where the choice is made: the first one is scrolled out of sight by now.
    yield _seen_by(draft, place)


def _promise(promised: Promised, origin: Origin, *, hint: str) -> Iterator[b.Block]:
    box = b.text_input(
        Action.LOG_PROMISE, placeholder="Call back about the trace", initial=promised.what, most=PROMISE_MOST
    )
    yield _optional("I promised", box, f"promise{origin.round}", hint=hint)
    by = promised.by.isoformat() if promised.by else ""
    yield _optional("By when", b.date_picker(Action.LOG_PROMISE_BY, "A day", by), "promise_by")
    at = b.time_picker(Action.LOG_PROMISE_AT, "A time", f"{promised.at:%H:%M}")
    yield _optional("Remind at", at, "promise_at")
    yield _optional(
        "Who keeps it", b.person_select(Action.LOG_KEEPER, "Me, unless you choose", promised.keeper), "keeper"
    )


def _optional(label: str, element: b.Element, block_id: str, *, hint: str = "") -> b.Block:
    return b.field(label, element, optional=True, block_id=block_id, hint=hint)


def _choice(action: Action, titles: Mapping[Choice, str], chosen: Choice | None) -> b.Element:
    options = {value: b.option(title, value) for value, title in titles.items()}
    initial = options[chosen] if chosen else None
    return b.select(action, "Choose", list(options.values()), initial=initial)
