"""The seeded cast: Brightwater, a contact centre on five clocks, and its partner Brightship."""

from bot.sandbox.ids import Ids, Timestamps, ts_key
from bot.sandbox.workspace import Conversation, Message, Person, PersonKind, Usergroup, Workspace

# handle, name, title, zone, kind, pronouns
_PEOPLE: tuple[tuple[str, str, str, str, PersonKind, str], ...] = (
    ("ana", "Ana Reyes", "Support agent", "America/New_York", "member", "she/her"),
    ("ben", "Ben Okafor", "Support agent", "Europe/London", "member", "he/him"),
    ("priya", "Priya Sen", "Support agent", "Asia/Kolkata", "member", "she/her"),
    ("marisol", "Marisol Cruz", "Support agent", "Asia/Manila", "member", "she/her"),
    ("jack", "Jack Tran", "Support agent", "Australia/Sydney", "member", "he/him"),
    ("sam", "Sam Whitfield", "Team lead, Americas and Europe", "America/New_York", "member", "they/them"),
    ("lena", "Lena Hartono", "Team lead, Asia Pacific", "Australia/Sydney", "member", "she/her"),
    ("grace", "Grace Adeyemi", "Duty manager", "Europe/London", "member", "she/her"),
    ("omar", "Omar Haddad", "Operations, workspace admin", "America/New_York", "admin", "he/him"),
    ("toni", "Toni Park", "Trainer on contract", "America/Chicago", "guest", "she/her"),
    ("rhea", "Rhea Lindqvist", "Support agent (left)", "Europe/Stockholm", "member", "she/her"),
)
_FLOOR = ("ana", "ben", "priya", "marisol", "jack", "sam", "lena", "grace", "omar", "toni")
_AGENTS = ("ana", "ben", "priya", "marisol", "jack", "sam", "lena")
_LEADS = ("sam", "lena", "grace", "omar")

_TALK: dict[str, tuple[tuple[str, str], ...]] = {
    "general": (
        ("omar", "The London kitchen has a working kettle again. Thank you for your patience."),
        ("grace", "Rota for next week is pinned. Swaps by Thursday, please, so nobody finds out on Monday."),
    ),
    "support-floor": (
        ("lena", "Hello from Sydney. The queue is calm, the parcel backlog is nearly through."),
        ("jack", "Taking my break, back in 45 minutes. Priya has my open chats."),
        ("priya", "Got them. The carrier page is slow today, so give it a second before you refresh."),
        ("ben", "Hi from London. Anyone else hearing an echo on the headsets at row C?"),
        ("sam", "Row C: unplug, count to five, plug back in. Works more often than it should."),
        ("ana", "Hi all. That was a long first call, going to get some water before the next."),
        ("marisol", "Take your time, Ana. I can swap a slot if you want one more."),
    ),
    "debriefs": (
        ("sam", "This is where we talk a hard call through. Nobody has to; nothing here is scored."),
    ),
    "leads": (("grace", "Two people off sick on Wednesday. I can cover late if Sam takes early."),),
    "partner-brightship": (
        ("noor", "Hi Brightwater. Depot 4 is running about a day late because of the storm."),
        ("grace", "Thanks Noor, that helps. We will tell people before they have to ask."),
    ),
}

_WHISPERS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "ana",
        "ben",
        (
            ("ben", "Was that the parcel man again? You sounded very steady from over here."),
            ("ana", "It was. He thanked me at the end, so I'll take it. Tea at half past?"),
            ("ben", "Kettle's on."),
        ),
    ),
    ("ana", "sam", (("sam", "Nice note on REF-4711, I could follow every step. Thank you."),)),
    ("ben", "grace", (("grace", "Your swap for Friday is in the rota. Enjoy the long weekend."),)),
)
"""Direct messages, so that the rail has somebody to write to: two people, and what was said."""


def seed_world(ids: Ids, stamps: Timestamps) -> dict[str, Workspace]:
    """Make both workspaces, with their people, channels and a few friendly messages."""
    brightwater = Workspace(ids.new("T"), "brightwater", "Brightwater", "brightwater")
    brightship = Workspace(ids.new("T"), "brightship", "Brightship", "brightship")
    for handle, name, title, tz, kind, pronouns in _PEOPLE:
        person = Person(ids.new("U"), handle, name, brightwater.id, title=title, tz=tz, kind=kind)
        person.pronouns = pronouns
        _add(brightwater, person)
    brightwater.people[_id(brightwater, "rhea")].deleted = True
    for handle, name in (("noor", "Noor Bakker"), ("felix", "Felix Brandt")):
        role: PersonKind = "admin" if handle == "felix" else "member"
        partner = Person(ids.new("U"), handle, name, brightship.id, title="Logistics", tz="Europe/Amsterdam")
        partner.kind = role
        _add(brightship, partner)
    _add_channels(brightwater, brightship, ids)
    _add_usergroups(brightwater, ids)
    _add_talk(brightwater, stamps)
    _add_whispers(brightwater, ids, stamps)
    return {brightwater.key: brightwater, brightship.key: brightship}


def _add(workspace: Workspace, person: Person) -> None:
    person.display_name = person.name.split()[0]
    person.email = f"{person.handle}@{workspace.domain}.example"
    person.updated = 1_760_000_000
    workspace.people[person.id] = person


def _id(workspace: Workspace, handle: str) -> str:
    person = workspace.find_person(handle)
    if person is None:
        raise KeyError(handle)
    return person.id


def _add_channels(home: Workspace, partner: Workspace, ids: Ids) -> None:
    everyone = tuple(p.handle for p in home.people.values() if not p.deleted and p.kind != "guest")
    _channel(home, ids, "general", everyone, topic="Company-wide news", general=True)
    _channel(home, ids, "support-floor", _FLOOR, topic="The floor, all sites. Be kind, be brief.")
    _channel(home, ids, "debriefs", _AGENTS, topic="Talking hard calls through")
    _channel(home, ids, "leads", _LEADS, private=True, topic="Leads and duty managers")
    shared = _channel(home, ids, "partner-brightship", ("sam", "grace", "ana"), topic="With our carrier")
    shared.is_connect = True
    shared.members.append(_id(partner, "noor"))
    partner.conversations[shared.id] = shared
    _channel(partner, ids, "general", ("noor", "felix"), topic="Brightship news", general=True)


def _channel(
    workspace: Workspace,
    ids: Ids,
    name: str,
    handles: tuple[str, ...],
    *,
    topic: str,
    private: bool = False,
    general: bool = False,
) -> Conversation:
    members = [_id(workspace, handle) for handle in handles]
    admin = next(p.id for p in workspace.people.values() if p.kind == "admin")
    channel = Conversation(
        ids.new("C"), "private" if private else "channel", workspace.id, name, admin, topic, members=members
    )
    channel.is_general = general
    channel.created = 1_750_000_000
    workspace.conversations[channel.id] = channel
    return channel


def _add_usergroups(workspace: Workspace, ids: Ids) -> None:
    for handle, name, people in (
        ("floor-leads", "Floor leads", ("sam", "lena")),
        ("duty", "Duty managers", ("grace",)),
    ):
        group = Usergroup(ids.new("S"), handle, name, [_id(workspace, person) for person in people])
        workspace.usergroups[group.id] = group


def _add_talk(workspace: Workspace, stamps: Timestamps) -> None:
    hour = 3_600
    now = ts_key(stamps.next())[0]
    for name, lines in _TALK.items():
        channel = workspace.find_channel(name)
        if channel is None:
            continue
        for index, (handle, text) in enumerate(lines):
            seconds = now - hour * 4 + index * 1_260
            ts = f"{seconds}.{len(channel.messages) + 1:04d}{len(name):02d}"
            author = workspace.find_person(handle)
            user_id = author.id if author else _stranger(channel, workspace)
            channel.messages[ts] = Message(channel.id, ts, user_id, text, team=workspace.id)


def _add_whispers(workspace: Workspace, ids: Ids, stamps: Timestamps) -> None:
    now = ts_key(stamps.next())[0]
    for one, other, said in _WHISPERS:
        members = [_id(workspace, one), _id(workspace, other)]
        direct = Conversation(ids.new("D"), "dm", workspace.id, creator=members[0], members=members)
        direct.created = 1_750_000_000
        workspace.conversations[direct.id] = direct
        for index, (handle, text) in enumerate(said):
            ts = f"{now - 5_400 + index * 240}.{index + 1:04d}01"
            author = _id(workspace, handle)
            direct.messages[ts] = Message(direct.id, ts, author, text, team=workspace.id)


def _stranger(channel: Conversation, workspace: Workspace) -> str:
    return next(member for member in channel.members if member not in workspace.people)
