"""What phrasing draws; pure functions from values to blocks."""

from collections.abc import Mapping, Sequence

from bot.phrasing.card import Card, Choice, Recipe, sentence_case
from bot.playbooks.library import Library
from bot.playbooks.model import Channel, Framework, Kind, Latitude, Severity, Situation, State, Step
from bot.slack import blocks as b
from bot.slack.help_lines import help_button
from bot.slack.ids import Action, Command, View
from bot.slack.text import Mrkdwn, bold, bullets, clean, escape, italic, lines

KIND_TITLES: Mapping[Kind, str] = {
    Kind.CAUSE: "What it is about",
    Kind.CONDUCT: "What they are doing",
    Kind.HISTORY: "What came before",
    Kind.PERSON: "Who they are",
}
CHANNEL_TITLES: Mapping[Channel, str] = {
    Channel.VOICE: "On the phone",
    Channel.CHAT: "Chat",
    Channel.EMAIL: "E-mail",
    Channel.IN_PERSON: "In person",
}
STATE_TITLES: Mapping[State, str] = {
    State.SHOUTING: "Shouting",
    State.INSULTING: "Insulting",
    State.DEMANDING: "Demanding",
    State.THREATENING: "Threatening",
    State.CRYING: "Crying",
    State.CONFUSED: "Confused",
    State.SILENT: "Silent",
    State.WONT_LET_GO: "Won't let me go",
}
ONE_TAP: Sequence[tuple[str, str, State | None]] = (
    ("Shouting", "angry_venting", State.SHOUTING),
    ("Insulting me", "abusive_language", State.INSULTING),
    ("Wants a manager", "supervisor_demand", State.DEMANDING),
    ("Threatening", "threat_to_staff", State.THREATENING),
    ("Crying", "vulnerable_hardship", State.CRYING),
    ("Won't let me go", "wont_end_contact", State.WONT_LET_GO),
)
"""What an agent can tap without typing a word: the label, the situation it leads to, the state it shows."""
ABOUT = (
    "Type what is happening and get words you can say: `/deescalate late refund 3rd call shouting`. "
    "Or paste what the customer wrote."
)
PRIVACY = (
    "Only you see the card. What you type is not stored and not logged; "
    "whoever runs your Slack workspace may see what Slack itself keeps."
)
NOTHING = "Nothing here fits that well, and a wrong card is worse than none. What is it closest to?"
EXAMPLE_LIMITS = "Example limits, until your company puts its own in the playbook."
OTHERS = "What helped others"
DEFAULT_FRAMEWORK = "leap"
"""Opened first until a team picks its own."""
OFFERS_DEBRIEF = "ideal"
"""The memory aid whose last step looks back: it offers to log the contact and talk it through."""
FILLED_NOTE = "Memory aids for the order of things. None is proven better than another."


def card_blocks(card: Card, recipe: Recipe, *, expanded: bool = False, voting: bool = False) -> list[b.Block]:
    """A card with its buttons: the words first, ready to be read aloud or copied."""
    drawn = [b.section(lines(*_head(card)))] if card.is_written else []
    if card.is_written:
        drawn += [b.copyable(clean(s.text)) for s in card.sayings]
        drawn.append(b.section(lines(*_foot(card))))
    else:
        drawn.append(b.section(lines(*_head(card), *_said(card), *_foot(card))))
    drawn.append(b.actions(*_live_buttons(recipe), block_id="card-buttons"))
    if expanded:
        drawn.append(b.actions(*_more_buttons(recipe), block_id="card-more"))
    if voting:
        drawn.append(b.actions(*_vote_buttons(recipe), block_id="card-vote"))
    if card.is_written:
        drawn.append(b.context(italic(card.tone_cue)))
    if card.lesson:
        drawn.append(b.context(Mrkdwn(f"*{OTHERS}:* {escape(card.lesson)}")))
    return drawn


def card_message(card: Card, recipe: Recipe, *, expanded: bool = False, voting: bool = False) -> b.Message:
    """The card as a message."""
    return b.Message(escape(card_text(card)), card_blocks(card, recipe, expanded=expanded, voting=voting))


def card_modal(card: Card, recipe: Recipe, *, expanded: bool = False) -> b.Block:
    """The card as a modal."""
    return b.modal(View.CARD, "Words for this", card_blocks(card, recipe, expanded=expanded))


def card_text(card: Card) -> str:
    """The whole card in plain text: for screen readers, and for the terminal."""
    said = [f"“{s.text}”" if not card.is_written else s.text for s in card.sayings]
    rows = [
        " · ".join(card.title),
        *([card.note] if card.note else []),
        f"{'Write' if card.is_written else 'Say'}: {said[0]}",
        *said[1:],
        *([] if card.is_written else [card.tone_cue]),
        f"Not: “{card.avoid.words}” → {card.avoid.instead}",
        f"Next: {card.next_step}",
        *([card.tone_cue] if card.is_written else []),
        *([f"{OTHERS}: {card.lesson}"] if card.lesson else []),
    ]
    return "\n".join(rows)


def choice_message(choice: Choice) -> b.Message:
    """Two situations to choose between, under a line that is safe for both."""
    safe = choice.safe_line.spoken if choice.safe_line else ""
    head = [Mrkdwn("*Two things fit.*")]
    if safe:
        head.append(Mrkdwn(f"Say now: “{escape(safe)}”"))
    head.append(Mrkdwn("Which is nearer?"))
    buttons = [
        b.button(situation.label, Action.CHOOSE, recipe.encode(), suffix=situation.id)
        for recipe, situation in choice.options
    ]
    labels = " or ".join(situation.label for _, situation in choice.options)
    text = f"Two things fit: {labels}." + (f" Say now: “{safe}”" if safe else "")
    return b.Message(
        escape(text),
        [b.section(lines(*head)), b.actions(*buttons, b.button("Neither", Action.CHOOSE_OTHER))],
    )


def states_message(library: Library, opening: str = "What is happening?") -> b.Message:
    """One tap instead of typing: the states first, the whole list below."""
    taps = "; ".join(label for label, _, _ in ONE_TAP)
    return b.Message(escape(f"{opening} {taps}; or choose from the list."), states_blocks(library, opening))


def states_blocks(library: Library, opening: str) -> list[b.Block]:
    """The one-tap states and the picker."""
    taps = [
        b.button(label, Action.STATE, f"{situation}|{state or ''}", suffix=situation)
        for label, situation, state in ONE_TAP
    ]
    return [
        b.section(escape(opening)),
        b.actions(*taps, block_id="one-tap"),
        b.actions(
            situation_select(library), b.button("More choices", Action.OPEN_PICKER), block_id="whole-list"
        ),
    ]


def cause_block(library: Library, recipe: Recipe) -> b.Block:
    """The optional second tap after a state: what is it about?"""
    suffix = "|".join((recipe.lead, *recipe.states[:1]))
    return b.actions(
        b.select(
            Action.PICK_CAUSE,
            "What is it about? (optional)",
            [b.option(s.label, f"{s.id}|{suffix}") for s in library.by_kind()[Kind.CAUSE][:100]],
        )
    )


def situation_select(library: Library) -> b.Element:
    """Every situation, under the heading of its kind."""
    return b.grouped_select(Action.PICK_SITUATION, "All situations", _situation_groups(library))


def picker_modal(library: Library, channel: Channel) -> b.Block:
    """The full choice: situation, states, channel."""
    channels = [b.option(title, channel) for channel, title in CHANNEL_TITLES.items()]
    current = next(o for o in channels if o["value"] == channel)
    return b.modal(
        View.PICKER,
        "Find the words",
        [
            b.field("What is happening?", situation_select(library)),
            b.field(
                "How are they? Tick any.",
                b.checkboxes(Action.PICK_STATES, [b.option(t, s) for s, t in STATE_TITLES.items()]),
                optional=True,
            ),
            b.field("Where are you talking?", b.radios(Action.PICK_CHANNEL, channels, current)),
        ],
        submit="Get words",
    )


def latitude_modal(situation: Situation) -> b.Block:
    """What the agent may offer for this, smaller cases first."""
    drawn: list[b.Block] = [b.header(f"{sentence_case(situation.title)}: what you may offer")]
    for latitude in sorted(situation.latitude, key=lambda it: list(Severity).index(it.severity)):
        drawn.append(b.section(_latitude(latitude)))
    source = f"{situation.owner} · review by {situation.review_by:%d %b %Y}"
    is_example = any(latitude.example for latitude in situation.latitude)
    drawn.append(b.context(escape(f"{EXAMPLE_LIMITS} {source}" if is_example else source)))
    return b.modal(View.LATITUDE, "I may offer", drawn)


def get_help_modal(situation: Situation, help_lines: Sequence[b.Block]) -> b.Block:
    """Whom to bring in, what to have ready, and help for the agent's own sake."""
    escalate = situation.escalate
    drawn = [
        b.header("Bring somebody in"),
        b.section(lines(bold("When"), bullets(*escalate.when))),
        b.section(lines(bold("Ask, in this order"), bullets(*escalate.to))),
        b.section(lines(bold("Have ready"), bullets(*escalate.ready))),
        b.section(lines(bold("If that fails"), escape(situation.plan_b))),
        b.divider(),
        *help_lines,
    ]
    return b.modal(View.GET_HELP, "Get help", drawn)


def steps_modal(
    library: Library, framework: Framework, at: int, situation: Situation | None, recipe: Recipe | None
) -> b.Block:
    """One step of a framework: what it stands for, and a line that does it."""
    step = framework.steps[at]
    value = recipe.encode() if recipe else ""
    say = _step_line(step, situation, recipe)
    moves = []
    if at > 0:
        moves.append(b.button("Back", Action.STEP, f"{framework.id}|{at - 1}|{value}", suffix="back"))
    if at + 1 < len(framework.steps):
        moves.append(
            b.button("Next", Action.STEP, f"{framework.id}|{at + 1}|{value}", suffix="next", style="primary")
        )
    drawn = [
        b.context(escape(f"{framework.name} · step {at + 1} of {len(framework.steps)}")),
        b.header(f"{step.letter} · {step.name}"),
        b.section(lines(escape(step.do), Mrkdwn(f"Say: “{escape(say)}”"))),
        b.actions(*moves, *_look_back(framework, at, value)),
        b.actions(
            b.select(
                Action.FRAMEWORK,
                "Another memory aid",
                [b.option(f.name, f.id) for f in library.frameworks.values()],
                initial=b.option(framework.name, framework.id),
            ),
            block_id=f"framework-{framework.id}",
        ),
        b.context(escape(FILLED_NOTE)),
    ]
    return b.modal(View.STEPS, "Step by step", drawn, metadata=value)


def _look_back(framework: Framework, at: int, value: str) -> list[b.Element]:
    is_last = at + 1 == len(framework.steps)
    if framework.id != OFFERS_DEBRIEF or not is_last:
        return []
    return [b.button("Log it, and talk it through if you like", Action.LOG, value)]


def help_message() -> b.Message:
    """What /deescalate does, in a few lines."""
    rows = [
        bold("Words for a hard moment"),
        Mrkdwn(ABOUT),
        Mrkdwn(f"`{Command.DEESCALATE}` alone: one tap instead of typing."),
        escape(
            "Another way: other words. Not this: the next likely situation. I may offer: what you decide "
            "alone. Get help: whom to bring in."
        ),
        escape(
            "…: step by step, shorter, firmer, to write instead of say, send to your messages, keep the "
            "words, log the contact, note a promise."
        ),
        escape(PRIVACY),
    ]
    text = f"{ABOUT} {PRIVACY}".replace("`", "")
    return b.Message(
        escape(text),
        [
            b.section(lines(*rows)),
            b.actions(
                b.button("Pick from the list", Action.OPEN_PICKER),
                help_button(),
            ),
        ],
    )


def box_blocks(asked: str) -> list[b.Block]:
    """The same box as /deescalate, on App Home; another block id empties it once something was asked."""
    box = b.text_input(Action.ASK_BOX, placeholder="late refund 3rd call shouting", most=3000, on_enter=True)
    return [
        b.field("What is happening?", box, block_id=f"ask-{asked}", dispatch=True),
        b.actions(
            b.button("Get words", Action.ASK, style="primary"),
            b.button("Pick from the list", Action.OPEN_PICKER),
        ),
        b.context(escape(PRIVACY)),
    ]


def _head(card: Card) -> list[Mrkdwn]:
    title = bold(" · ".join(card.title))
    return [title, italic(card.note)] if card.note else [title]


def _said(card: Card) -> list[Mrkdwn]:
    first, *rest = [escape(s.text) for s in card.sayings]
    return [Mrkdwn(f"Say: “{first}”"), *(Mrkdwn(f"“{text}”") for text in rest)]


def _foot(card: Card) -> list[Mrkdwn]:
    return [
        *([] if card.is_written else [italic(card.tone_cue)]),
        Mrkdwn(f"Not: “{escape(card.avoid.words)}” → {escape(card.avoid.instead)}"),
        Mrkdwn(f"Next: {escape(card.next_step)}"),
    ]


def _live_buttons(recipe: Recipe) -> list[b.Element]:
    value = recipe.encode()
    return [
        b.button("Another way", Action.ANOTHER_WAY, value),
        b.button("Not this", Action.NOT_THIS, value),
        b.button("I may offer", Action.MAY_OFFER, value),
        b.button("Get help", Action.GET_HELP, value),
        b.button("…", Action.MORE, value, label="More: steps, shorter, firmer, written, send to my DM"),
    ]


def _more_buttons(recipe: Recipe) -> list[b.Element]:
    value = recipe.encode()
    is_written = recipe.channel in (Channel.CHAT, Channel.EMAIL)
    return [
        b.button("Steps", Action.STEPS, value),
        b.button("Shorter", Action.SHORTER, value),
        b.button("Firmer", Action.FIRMER, value),
        b.button("To say" if is_written else "To write", Action.SWITCH_CHANNEL, value),
        b.button("Send to my DM", Action.SEND_TO_DM, value),
        b.button("Save to my kit", Action.KIT_SAVE, value),
        b.button("Log it", Action.LOG, value, label="Log it as a hard contact"),
        b.button("I promised …", Action.PROMISE, recipe.lead, label="I promised …: note it"),
    ]


def _vote_buttons(recipe: Recipe) -> list[b.Element]:
    value = recipe.encode()
    return [
        b.button("That helped", Action.HELPED, value),
        b.button("It didn't", Action.NOT_HELPED, value),
    ]


def _situation_groups(library: Library) -> dict[str, list[b.Element]]:
    return {
        KIND_TITLES[kind]: [b.option(s.label, s.id) for s in situations[:100]]
        for kind, situations in library.by_kind().items()
        if situations
    }


def _latitude(latitude: Latitude) -> Mrkdwn:
    rows = (
        ("You decide alone", latitude.alone),
        ("What we usually give", latitude.usual),
        ("Up to", latitude.ceiling),
        ("Above that", latitude.above),
        ("A goodwill extra", latitude.goodwill),
        ("Mind", latitude.caution),
    )
    title = "A smaller matter" if latitude.severity is Severity.MINOR else "A serious one"
    return lines(bold(title), *(Mrkdwn(f"{escape(name)}: {escape(text)}") for name, text in rows))


def _step_line(step: Step, situation: Situation | None, recipe: Recipe | None) -> str:
    """The situation's own phrase for this step, if it has one without blanks; else the framework's."""
    if situation and recipe and step.role:
        for phrase in situation.phrases:
            if phrase.role is step.role and not (phrase.blanks or phrase.alongside or phrase.states):
                return phrase.spoken
    return step.say
