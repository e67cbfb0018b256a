"""What peer support draws; pure functions from values to blocks."""

from collections.abc import Mapping, Sequence

from bot.peers.model import (
    NOT_WITH_MOST,
    PER_WEEK_CHOICES,
    Mine,
    Offer,
    Request,
    State,
    Supporter,
    Topic,
    Wish,
    last_end,
    shown_time,
)
from bot.playbooks.model import Guide
from bot.slack import blocks as b
from bot.slack.help_lines import help_button
from bot.slack.ids import Action, View
from bot.slack.text import Mrkdwn, bold, bullets, escape, lines

TOPICS: Mapping[Topic, str] = {
    Topic.HARD_CONTACT: "A hard contact",
    Topic.ABUSE: "Abuse or threats",
    Topic.WORKLOAD: "Pressure and workload",
    Topic.TEAM: "Something in the team",
    Topic.OUTSIDE: "Something outside work",
    Topic.COMPANY: "No topic, just company",
}
WISHES: Mapping[Wish, str] = {
    Wish.NOW: "now",
    Wish.BREAK: "in a break, within two hours",
    Wish.AFTER_SHIFT: "after my shift",
}
WISHES_OF_ANOTHER: Mapping[Wish, str] = {
    Wish.NOW: "now, for about twenty minutes",
    Wish.BREAK: "in a break, within two hours",
    Wish.AFTER_SHIFT: "after their shift",
}
NAMELESS = (
    "It goes out without your name. In a small team they may guess. Only the colleague who says yes is told "
    "who you are, and you are told who they are."
)
KEPT = (
    "Kept for 30 days at most and shown to nobody else: the topic, when, and who talked with you. "
    "Whoever runs the server could look, and a recorded screen shows it."
)
ROSTER_KEPT = (
    "Nobody is shown who is on the roster. Kept: what you choose here, and when you were asked, for 30 days. "
    "Whoever runs Steady's database could look."
)
NOT_WITH = (
    "Only you see this list. It works both ways: they never get a request of yours, and you never get one of "
    "theirs. Nothing anybody sees, and no delay, gives it away."
)
SEALED = "It is kept sealed until you change or erase it."
UNSEALED = "No key is set yet, so whoever runs Steady's database could read it; an admin can change that."
NOT_READ = (
    "Steady can't read what you write here, and keeps no notes. Where your company exports messages, this "
    "conversation is part of it; for the phone or a walk it isn't."
)
LISTENERS_ARE = "They are colleagues who listen, not counsellors."
LEFT = "That's fine. Nobody is told."
NOTHING_TO_DO = "This needs nobody any more. Nothing to do; thank you for being there."
ALL_RIGHT = "Good to hear. Nothing of this is kept."


def ask_modal() -> b.Block:
    """What about, and when: two taps, no words."""
    return b.modal(
        View.PEER_ASK,
        "Ask a peer",
        [
            b.section(escape(f"A colleague who offered to listen. {NAMELESS}")),
            b.field("What about?", b.radios(Action.PEER_TOPIC, _topic_options())),
            b.field("When?", b.radios(Action.PEER_WISH, [b.option(_upper(t), w) for w, t in WISHES.items()])),
            b.field("Afterwards", b.checkboxes(Action.PEER_FOLLOW_UP, [_follow_up()]), optional=True),
            b.context(escape(f"{LISTENERS_ARE} {KEPT}")),
            b.actions(b.button("Not with …", Action.PEER_NOT_WITH, label="People not to ask"), help_button()),
        ],
        submit="Ask",
    )


def status_modal(request: Request, zone: str) -> b.Block:
    """How a request stands."""
    return b.modal(
        View.PEER_STATUS,
        "Ask a peer",
        [
            b.section(_standing(request, zone)),
            b.context(escape(NAMELESS)),
            b.actions(_withdraw(request), help_button()),
        ],
    )


def offer_modal(supporter: Supporter | None) -> b.Block:
    """The roster's form."""
    offer = supporter.offer if supporter else Offer()
    chosen = [option for option in _topic_options() if option["value"] in offer.topics]
    numbers = [b.option(str(number), str(number)) for number in PER_WEEK_CHOICES]
    current = next((it for it in numbers if it["value"] == str(offer.per_week)), numbers[0])
    leave = [b.button("Leave the roster", Action.PEER_LEAVE)] if supporter else []
    return b.modal(
        View.PEER_OFFER,
        "My offer" if supporter else "Listen to peers",
        [
            b.section(
                escape(
                    "You listen; you needn't solve anything. You are asked only while you are on the "
                    "floor by your own word, at most three times a day, and any no is fine: nobody is told."
                )
            ),
            b.field(
                "Talks a week, at most", b.select(Action.PEER_PER_WEEK, "Choose", numbers, initial=current)
            ),
            b.field("Ask me from", b.time_picker(Action.PEER_FROM, "From", f"{offer.asked_from:%H:%M}")),
            b.field("until", b.time_picker(Action.PEER_UNTIL, "Until", f"{offer.asked_until:%H:%M}")),
            b.field("About", b.checkboxes(Action.PEER_TOPICS, _topic_options(), chosen)),
            b.context(escape(ROSTER_KEPT)),
            b.actions(*leave, help_button()),
        ],
        submit="Save",
    )


def not_with_modal(others: Sequence[str], *, is_sealed: bool) -> b.Block:
    """My confidential list."""
    chooser = b.people_select(Action.PEER_NOT_WITH_PEOPLE, "Choose people", others[:NOT_WITH_MOST])
    return b.modal(
        View.PEER_NOT_WITH,
        "Not with",
        [
            b.field("Never bring me together with", chooser, optional=True),
            b.context(escape(f"{NOT_WITH} {SEALED if is_sealed else UNSEALED}")),
            b.context(escape("Leads and the people they lead are never brought together here in any case.")),
            b.actions(help_button()),
        ],
        submit="Save",
    )


def home_blocks(mine: Mine) -> list[b.Block]:
    """What I asked for and what I offer; nothing of anybody else's."""
    drawn: list[b.Block] = [b.header("A peer to talk to")]
    if mine.request:
        drawn.append(b.section(_standing(mine.request, mine.zone), _withdraw(mine.request)))
    else:
        drawn.append(b.context(escape(f"Asked without your name. {LISTENERS_ARE}")))
    if mine.supporter:
        drawn.append(b.section(_offered(mine), _floor_button(mine)))
    ask = [] if mine.request else [b.button("Ask a peer", Action.PEER_ASK)]
    offer = b.button("My offer" if mine.supporter else "Listen to peers", Action.PEER_OFFER)
    not_with = b.button(
        "Not with …", Action.PEER_NOT_WITH, label="People I am not to be brought together with"
    )
    return [*drawn, b.actions(*ask, offer, not_with)]


def status(request: Request, zone: str) -> b.Message:
    """The asker's own message, which shows how it stands for as long as it matters."""
    text = _standing(request, zone)
    # On a locked screen it says nothing of what it is about.
    words = _standing_words(request, zone)
    if request.is_open:
        buttons = b.actions(_withdraw(request), help_button())
    elif request.state is State.TALK:
        buttons = b.actions(help_button())
    else:
        buttons = b.actions(b.button("Ask a peer", Action.PEER_ASK), help_button())
    return b.Message(escape(words), [b.section(text), buttons])


def offer(request: Request, ask_id: str, zone: str) -> b.Message:
    """The question to a supporter: what about and when, nothing else."""
    topic, wish = TOPICS[request.asking.topic], WISHES_OF_ANOTHER[request.asking.wish]
    asked = f"A colleague would like a peer to talk to. {topic}; {wish}."
    until = shown_time(request.round_ends_at, zone)
    said = escape(
        f"If you say yes, you both learn each other's name. No, or no answer by {until}, is fine: "
        "nobody is told."
    )
    buttons = b.actions(
        b.button("Yes, I can", Action.PEER_ACCEPT, ask_id, style="primary"),
        b.button("Not this time", Action.PEER_DECLINE, ask_id),
    )
    return b.Message(lines(escape(asked), said), [b.section(bold(asked)), b.section(said), buttons])


def taken(request: Request) -> b.Message:
    """The question once its reader said yes."""
    text = Mrkdwn(f"Thank you. It's <@{request.asker.id}>; a conversation for the two of you opens now.")
    return b.Message(text, [b.section(text)])


def over(words: str = NOTHING_TO_DO) -> b.Message:
    """The question once it needs nobody, or its reader left it."""
    return b.Message(escape(words), [b.section(escape(words))])


def opening(request: Request, guides: Mapping[str, Guide]) -> b.Message:
    """The first words in the conversation that both share; each sees the other's guide as well."""
    asker, supporter = f"<@{request.asker.id}>", f"<@{request.supporter}>"
    first = Mrkdwn(f"{asker}, {supporter}: this is yours. {escape(_about(request))}")
    return b.Message(
        Mrkdwn(f"{asker}, {supporter}: this conversation is for the two of you."),
        [
            b.section(first),
            *_guide(guides.get("asks")),
            *_guide(guides.get("listens")),
            b.context(escape(NOT_READ)),
            b.actions(help_button()),
        ],
    )


def guide_apart(request: Request, reader: str, guides: Mapping[str, Guide]) -> b.Message:
    """The same for one of them, where Slack opens no conversation for both."""
    is_asker = reader == request.asker.id
    other = request.supporter if is_asker else request.asker.id
    first = Mrkdwn(
        f"<@{other}> will talk with you: write to each other directly. {escape(_about(request))}"
        if is_asker
        else f"You talk with <@{other}>: write to each other directly. {escape(_about(request))}"
    )
    return b.Message(
        Mrkdwn(f"Write to <@{other}> directly: they expect you."),
        [b.section(first), *_guide(guides.get("asks" if is_asker else "listens")), b.actions(help_button())],
    )


def nobody(request: Request) -> b.Message:
    """Looking has ended."""
    words = _standing_words(request, "UTC")
    more = "It says nothing about you: colleagues are on calls, off, or have listened enough this week."
    again = b.button("Ask again", Action.PEER_ASK)
    return b.Message(
        escape(words), [b.section(lines(bold(words), escape(more))), b.actions(again, help_button())]
    )


def thanks(talks: int, supporter: Supporter | None, guide: Guide | None) -> b.Message:
    """A line for the one who listened; Steady doesn't know whether or how the talk went."""
    words = "Thank you for saying yes to a colleague."
    count = ""
    if supporter:
        count = f"That makes {talks} of the {supporter.offer.per_week} you offered in seven days."
        if talks >= supporter.offer.per_week:
            count += " You are not asked again until that is less."
    off = [b.button("I'm off the floor", Action.PEER_OFF_FLOOR)] if supporter else []
    ask = b.button("Ask a peer", Action.PEER_ASK)
    return b.Message(
        escape(words),
        [
            b.section(lines(bold(words), escape(count))),
            *_guide(guide),
            b.actions(*off, ask, help_button()),
        ],
    )


def follow_up() -> b.Message:
    """The question that the asker wanted; the answer is kept nowhere."""
    words = "You wanted to be asked: how are you now?"
    more = "Nobody else sees this, and whatever you press is kept nowhere. Nobody reads along."
    buttons = b.actions(
        b.button("All right", Action.PEER_ALL_RIGHT), b.button("Ask a peer", Action.PEER_ASK), help_button()
    )
    return b.Message(escape(words), [b.section(bold(words)), b.context(escape(more)), buttons])


def on_floor_words(supporter: Supporter, zone: str) -> str:
    """Confirm that somebody may be asked."""
    if supporter.floor_ends_at is None:
        return "Saved. Say “I'm on the floor” on Home when you may be asked."
    return f"Saved. You may be asked until {shown_time(supporter.floor_ends_at, zone)}."


def _standing(request: Request, zone: str) -> Mrkdwn:
    about = f"{TOPICS[request.asking.topic]}, {WISHES[request.asking.wish]}"
    if request.state is State.TALK:
        return lines(
            bold(about),
            Mrkdwn(f"<@{request.supporter}> will talk with you; look for the conversation with both of you."),
        )
    return lines(bold(about), escape(_standing_words(request, zone)))


def _standing_words(request: Request, zone: str) -> str:
    """Only what was fixed beforehand, so that it reads alike whoever was asked, or nobody."""
    if request.state is State.TALK:
        return "Somebody said yes; there is a conversation for you."
    if request.state is State.WITHDRAWN:
        return "Withdrawn. Nobody learns who asked."
    if request.state is State.NOBODY:
        return "Nobody could this time."
    ends_at, last = shown_time(request.round_ends_at, zone), shown_time(last_end(request), zone)
    people = "up to three people" if request.rounds.at_once > 1 else "one person"
    if request.round <= 1:
        return (
            f"Your request is out. Steady looks for somebody on the floor and asks {people} at a time. "
            f"Waiting until {ends_at}, then it looks again; at {last} it stops."
        )
    if request.round >= request.rounds.count:
        return f"Nobody so far. This is the last look, waiting until {last}."
    return f"Nobody so far. Waiting until {ends_at}, then Steady looks again; at {last} it stops."


def _about(request: Request) -> str:
    return f"{TOPICS[request.asking.topic]}, {WISHES_OF_ANOTHER[request.asking.wish]}."


def _guide(guide: Guide | None) -> list[b.Block]:
    if guide is None:
        return []
    return [b.section(lines(bold(guide.title), bullets(*guide.do, *guide.leave)))]


def _offered(mine: Mine) -> Mrkdwn:
    supporter = mine.supporter
    if supporter is None:
        return Mrkdwn("")
    if mine.is_on_floor and supporter.floor_ends_at:
        first = f"You are on the floor for peers until {shown_time(supporter.floor_ends_at, mine.zone)}."
    else:
        first = "You are off: no peer is sent to you."
    return lines(escape(first), escape(f"{mine.talks} of {supporter.offer.per_week} talks in seven days."))


def _floor_button(mine: Mine) -> b.Element:
    if mine.is_on_floor:
        return b.button("I'm off", Action.PEER_OFF_FLOOR, label="I'm off the floor for peers")
    return b.button("I'm on the floor", Action.PEER_ON_FLOOR, label="I'm on the floor for peers")


def _withdraw(request: Request) -> b.Element:
    return b.button("Withdraw", Action.PEER_WITHDRAW, request.id, label="Withdraw the request for a peer")


def _topic_options() -> list[b.Element]:
    return [b.option(text, topic) for topic, text in TOPICS.items()]


def _follow_up() -> b.Element:
    return b.option("Ask me in three days how I am", "yes", "Kept nowhere, whatever you answer")


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
