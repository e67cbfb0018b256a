"""What is drawn of contacts that were logged: lists, what a search found, one of them, a note to copy."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.debriefs.model import HARDNESS, Debrief, Entry, Lesson
from bot.debriefs.views import JOURNEYS, OUTCOMES, TITLE, audiences, title_of
from bot.playbooks.library import Library
from bot.safeguards.visibility import Place, sentence
from bot.slack import blocks as b
from bot.slack.help_lines import help_button
from bot.slack.ids import Action, View
from bot.slack.text import Mrkdwn, bold, bullets, clip, escape, lines
from bot.slack.text import sentence as as_sentence

NOTHING_YET = "Nothing yet. `/debrief` logs one."
NOTHING_SHARED = "Nothing is shared with you yet."
NOTHING_FOUND = "Nothing with these words that is open to you."
LOOK_FOR = "Write a word or two: what it was about, a ticket, something that was said."


def entries_view(
    library: Library, entries: Sequence[Entry], *, is_shared: bool, before: dt.datetime | None
) -> b.Block:
    """A list with both tabs, and a box to search."""
    drawn = [
        b.actions(
            _tab("Mine", "mine", is_chosen=not is_shared),
            _tab("Shared with me", "shared", is_chosen=is_shared),
        ),
        _search_box(""),
        *(_row(library, it, with_author=is_shared) for it in entries),
    ]
    if not entries:
        drawn.append(b.section(as_sentence(NOTHING_SHARED if is_shared else NOTHING_YET)))
    older = []
    if before:
        tab = "shared" if is_shared else "mine"
        older.append(b.button("Older", Action.ENTRIES_TAB, f"{tab}|{before.isoformat()}", suffix="older"))
    drawn.append(b.actions(*older, help_button()))
    return b.modal(View.ENTRIES, "Hard contacts", drawn, submit="Search")


def found_view(
    library: Library,
    words: str,
    entries: Sequence[Entry],
    debriefs: Sequence[Debrief],
    lessons: Sequence[Lesson],
) -> b.Block:
    """What a search brought: lessons first, since they are for using."""
    drawn: list[b.Block] = [_search_box(words)]
    if lessons:
        drawn.append(b.header("Lessons"))
        drawn += [b.section(lines(bold(title_of(library, it.about)), escape(it.body))) for it in lessons]
    if debriefs:
        drawn.append(b.header("Debriefs"))
        drawn += [_debrief_row(library, it) for it in debriefs]
    if entries:
        drawn.append(b.header("Contacts"))
        drawn += [_row(library, it, with_author=True) for it in entries]
    if not (lessons or debriefs or entries):
        drawn.append(b.section(escape(NOTHING_FOUND if words else LOOK_FOR)))
    drawn = [*drawn[: b.VIEW_BLOCKS_MOST - 1], b.actions(help_button())]
    return b.modal(View.ENTRIES, "Found", drawn, submit="Search")


def entry_view(
    library: Library, entry: Entry, debrief: Debrief | None, place: Place | None, *, is_mine: bool
) -> b.Block:
    """One contact; to its author with everything that can be done with it."""
    details = entry.details
    rows = [
        ("What they did", ", ".join(title_of(library, it) for it in entry.conduct)),
        ("How it ended", OUTCOMES[details.outcome] if details.outcome else ""),
        ("Ticket", details.ticket),
        ("Where they got stuck", JOURNEYS[details.journey] if details.journey else ""),
        ("What happened", details.happened),
        ("What helped", details.helped),
    ]
    drawn: list[b.Block] = [b.header(title_of(library, entry.about))]
    drawn.append(b.context(_when_and_who(entry, with_author=not is_mine)))
    drawn += [b.section(lines(bold(name), escape(text))) for name, text in rows if text]
    if debrief and debrief.summary:
        drawn.append(b.section(lines(bold("Summary of the debrief"), escape(debrief.summary))))
    if is_mine and place is not None:
        drawn += _owner_blocks(entry, debrief, place)
    else:
        drawn.append(b.actions(help_button()))
    return b.modal(View.ENTRY, TITLE, drawn[: b.VIEW_BLOCKS_MOST], metadata=entry.id)


def deleted_view(*, has_messages: bool) -> b.Block:
    """What went, and honestly what can't be taken back."""
    rows = ["Deleted: the entry, its debrief and its lesson."]
    if has_messages:
        rows += [
            "Steady is taking its own messages out of Slack now.",
            "It can't delete what colleagues wrote in the thread, or copies in notifications and exports.",
        ]
    else:
        rows.append("It was never posted in Slack.")
    rows.append("What it counted towards the team's causes has no name on it, and stays.")
    drawn = [b.section(bullets(*rows)), b.actions(help_button())]
    return b.modal(View.ENTRY, "Deleted", drawn, close="Done", closes_all=True)


def crm_note(library: Library, entry: Entry, zone: str) -> str:
    """A neutral note with a time stamp, for the customer's file: nothing about the agent."""
    at = entry.logged_at.astimezone(ZoneInfo(zone))
    parts = [f"{at:%d %b %Y %H:%M} ({zone}): contact about {title_of(library, entry.about).lower()}."]
    if entry.conduct:
        parts.append(f"Customer: {', '.join(title_of(library, it).lower() for it in entry.conduct)}.")
    if entry.details.outcome:
        parts.append(f"Outcome: {OUTCOMES[entry.details.outcome].lower()}.")
    if entry.details.ticket:
        parts.append(f"Ticket {entry.details.ticket}.")
    return " ".join(parts)


def crm_view(note: str) -> b.Block:
    """The note, ready to copy."""
    return b.modal(
        View.ENTRY,
        "CRM note",
        [
            b.copyable(note),
            b.context(escape("Facts only, nothing about you. Check it before you paste it.")),
            b.actions(help_button()),
        ],
        close="Back",
    )


def _tab(label: str, tab: str, *, is_chosen: bool) -> b.Element:
    return b.button(
        f"• {label}" if is_chosen else label, Action.ENTRIES_TAB, tab, suffix=tab, label=f"Show: {label}"
    )


def _search_box(words: str) -> b.Block:
    box = b.text_input(Action.SEARCH_BOX, placeholder="late refund", initial=words, most=200)
    return b.field("Search", box, optional=True, block_id="search")


def _row(library: Library, entry: Entry, *, with_author: bool) -> b.Block:
    head = bold(title_of(library, entry.about))
    text = lines(head, _when_and_who(entry, with_author=with_author))
    return b.section(text, b.button("Open", Action.ENTRY, entry.id, suffix=entry.id))


def _debrief_row(library: Library, debrief: Debrief) -> b.Block:
    head = bold(title_of(library, debrief.about))
    said = escape(clip(debrief.summary, 300))
    return b.section(lines(head, Mrkdwn(f"{_day(debrief.opened_at)} · <@{debrief.scope.author.id}>"), said))


def _when_and_who(entry: Entry, *, with_author: bool) -> Mrkdwn:
    parts = [_day(entry.logged_at), escape(HARDNESS[entry.hardness])]
    parts += [Mrkdwn(f"<@{entry.author.id}>")] if with_author else []
    return Mrkdwn(" · ".join(parts))


def _day(at: dt.datetime) -> Mrkdwn:
    """A moment that Slack shows in the reader's own zone."""
    return Mrkdwn(f"<!date^{int(at.timestamp())}^{{date_short}} {{time}}|{at:%d %b %H:%M} UTC>")


def _owner_blocks(entry: Entry, debrief: Debrief | None, place: Place) -> Iterator[b.Block]:
    yield b.divider()
    chosen = entry.scope.audience
    yield b.section(bold("Who can see it?"))
    yield b.actions(audiences(Action.ENTRY_AUDIENCE, chosen, place), block_id=f"audience-{entry.id}-{chosen}")
    counted_in = place.counted_in if entry.is_counted else ""
    yield b.context(escape(sentence(chosen, replace(place, counted_in=counted_in))))
    buttons = [] if debrief else [b.button("Talk it through", Action.TALK, entry.id)]
    buttons += [
        b.button("Copy CRM note", Action.CRM_NOTE, entry.id),
        help_button(),
        b.asking_first(
            b.button("Delete", Action.DELETE_ENTRY, entry.id, style="danger"),
            title="Delete this contact?",
            text="Its debrief and its lesson go with it. This can't be undone.",
            do="Delete",
            keep="Keep it",
        ),
    ]
    yield b.actions(*buttons)
