"""What a kit draws; pure functions from values to blocks."""

from collections.abc import Mapping, Sequence

from bot.kit.model import TEXT_MOST, Change, Item, Kind, Kit
from bot.playbooks.library import Library
from bot.slack import blocks as b
from bot.slack.ids import Action, View
from bot.slack.text import Mrkdwn, bold, escape, lines

TITLE = "My kit"
PRIVATE = (
    "Only you see your kit in Steady, except what you offer to your team. "
    "Whoever runs the server could read it there."
)
SAVED = "Saved to your kit. On Home you can say it your way."
SAVED_BEFORE = "That is in your kit already."
MASKED = "Not saved yet. This was masked first: {found}. Look it over, then save."
ANY = "any"
OFFER = "offer"
CREDIT = "credit"
KINDS: Mapping[Kind, str] = {
    Kind.PHRASE: "A phrase to say or write",
    Kind.TECHNIQUE: "A technique that works for me",
    Kind.TRIGGER: "Something that sets me off, and what I do then",
}


def kit_view(library: Library, kit: Kit) -> b.Block:
    """One's own, then what colleagues offered."""
    drawn = [
        b.actions(b.button("Add something", Action.KIT_ADD, style="primary")),
        b.context(escape(PRIVATE)),
        *(_row(library, it) for it in kit.own),
    ]
    if not kit.own:
        drawn.append(b.section(escape("Empty so far. “…” on a card saves its words here.")))
    if kit.offered:
        drawn.append(b.header(f"Offered to {kit.team}"))
        drawn += [b.section(lines(_about(library, it), escape(it.text), *_credit(it))) for it in kit.offered]
    return b.modal(View.KIT, TITLE, drawn[: b.VIEW_BLOCKS_MOST], closes_all=True)


def item_form(
    library: Library, change: Change, *, is_new: bool, has_team: bool, masked: str = "", round_: int = 0
) -> b.Block:
    """The form of one item."""
    kinds = [b.option(title, kind) for kind, title in KINDS.items()]
    chosen = next(it for it in kinds if it["value"] == change.kind)
    box = b.text_input(Action.KIT_TEXT, initial=change.text, multiline=True, most=TEXT_MOST)
    drawn = [b.section(bold(MASKED.format(found=masked)))] if masked else []
    drawn += [
        b.field("The words", box, block_id=f"text-{change.id}-{round_}"),
        b.field("What is it?", b.radios(Action.KIT_KIND, kinds, chosen), block_id="kind"),
        b.field("For which situation?", _situations(library, change.situation), block_id="situation"),
    ]
    if has_team:
        offers = [b.option("Offer it to my team", OFFER), b.option("With my name", CREDIT)]
        ticked = [it for it in offers if (change.is_offered, change.is_credited)[offers.index(it)]]
        drawn.append(
            b.field(
                "For others, too?",
                b.checkboxes(Action.KIT_OFFER, offers, ticked),
                optional=True,
                block_id="offer",
                hint="Your team then finds it under “Another way”; untick to take it back.",
            )
        )
    if not is_new:
        delete = b.button("Delete", Action.KIT_DELETE, change.id, style="danger")
        asked = b.asking_first(
            delete,
            title="Delete these words?",
            text="They are gone from your kit, and from your team's if you offered them.",
            do="Delete",
            keep="Keep them",
        )
        drawn.append(b.actions(asked))
    drawn.append(b.context(escape(PRIVATE)))
    metadata = f"{change.id}|{round_}"
    return b.modal(View.KIT_ITEM, TITLE, drawn, submit="Save", close="Cancel", metadata=metadata)


def done_view(text: str) -> b.Block:
    """What became of it, with the way back to the kit."""
    drawn = [b.section(escape(text)), b.actions(b.button("My kit", Action.KIT))]
    return b.modal(View.KIT, TITLE, drawn, close="Done", closes_all=True)


def home_blocks(own: Sequence[Item]) -> list[b.Block]:
    """The part of Home: how much is there, and the way to it."""
    count = f"{len(own)} saved" if own else "Save words you would use again: “…” on a card."
    way_in = b.button("Open", Action.KIT, label="Open my kit")
    # Ids of their own, so that a press in the moment of redrawing Home still counts.
    return [b.header(TITLE), b.section(escape(count), way_in, block_id="kit-home")]


def _row(library: Library, item: Item) -> b.Block:
    rest = [Mrkdwn("_offered to your team_")] if item.offered_to else []
    text = lines(_about(library, item), escape(item.text), *rest)
    return b.section(text, b.button("Edit", Action.KIT_EDIT, item.id, suffix=item.id))


def _about(library: Library, item: Item) -> Mrkdwn:
    situation = library.situation(item.situation)
    return bold(situation.label if situation else KINDS[item.kind])


def _credit(item: Item) -> list[Mrkdwn]:
    return [Mrkdwn(f"from <@{item.owner.id}>")] if item.is_credited else []


def _situations(library: Library, chosen: str) -> b.Element:
    groups = {
        kind.value.capitalize(): [b.option(it.label, it.id) for it in situations]
        for kind, situations in library.by_kind().items()
        if situations
    }
    groups["Otherwise"] = [b.option("Any situation", ANY)]
    offered = {it["value"]: it for options in groups.values() for it in options}
    return b.grouped_select(Action.KIT_SITUATION, "Choose", groups, initial=offered.get(chosen, offered[ANY]))
