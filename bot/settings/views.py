"""What set-up draws; pure functions from values to blocks."""

from collections.abc import Mapping, Sequence

from bot.playbooks.model import Country
from bot.safeguards.suppression import Thresholds
from bot.settings.model import (
    KEPT_TITLES,
    RINGS,
    Group,
    Overview,
    Part,
    Settings,
    Standing,
    TeamForm,
    TeamLine,
)
from bot.slack import blocks as b
from bot.slack.ids import Action, View
from bot.slack.text import Mrkdwn, bold, escape, lines
from bot.teams import KEPT_FOR, Kept

TITLES: Mapping[Part, str] = {
    Part.TEAMS: "Teams and leads",
    Part.CHANNEL: "Debrief channel",
    Part.HELP: "Company help",
    Part.HOURS: "Working hours",
    Part.RINGS: "Backup rings",
    Part.CALLS: "Breaks and limits",
    Part.KEEPING: "Keeping and groups",
    Part.ADMINS: "Who may set up",
}
UNTIL_THEN: Mapping[Part, str] = {
    Part.TEAMS: "none yet; until then nobody has a lead here, and team queues don't exist",
    Part.CHANNEL: "none yet; until then debriefs stay between you and Steady",
    Part.HELP: "none yet; until then only the country's lines are shown",
    Part.HOURS: "as shipped: UTC where Slack tells no zone, Monday to Friday, quiet 20:00 to 08:00",
    Part.RINGS: "none yet; until then there is nobody to ask through Steady",
    Part.CALLS: "as shipped: no phone codes, our words for the limits",
    Part.KEEPING: "as shipped: check-ins 90 days, debrief text 180 days, groups of at least 5",
    Part.ADMINS: "only you and the workspace's admins",
}
DAYS: Sequence[str] = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
RING_TITLES: Sequence[str] = (
    "First: people beside the agent",
    "Second: leads",
    "Third: duty managers",
)
ABOUT = (
    "Steady works without any of this and says what it lacks. Every change is kept in the access log, "
    "which everybody in the workspace can read."
)
GREETING = (
    "You can set Steady up: teams and leads, where debriefs go, your company's own help. It takes about five "
    "minutes, works without, and can be changed at any time."
)
NO_GROUP = "none"


def greeting() -> b.Message:
    """The first message to whoever installed Steady."""
    return b.Message(
        escape(f"Steady is here. {GREETING}"),
        [b.section(escape(f"Steady is here. {GREETING}")), b.actions(_open_button("Set up Steady"))],
    )


def home_blocks(standing: Standing) -> list[b.Block]:
    """The short checklist on App Home, and how sending stands."""
    overview = standing.overview
    done = [TITLES[part] for part in Part if part in overview.done]
    left = [TITLES[part] for part in Part if part not in overview.done]
    said = [
        escape(f"Done: {', '.join(done)}.") if done else Mrkdwn(""),
        escape(f"Still as shipped: {', '.join(left)}.") if left else Mrkdwn(""),
        escape("Something needs a look: open set-up.") if overview.has_trouble else Mrkdwn(""),
    ]
    return [
        b.header("Set-up"),
        b.section(lines(*said)),
        b.context(lines(*_health(standing))),
        b.actions(_open_button("Set up" if left else "Change set-up")),
    ]


def overview_modal(overview: Overview, saved: str = "") -> b.Block:
    """The checklist with a button for each part."""
    drawn: list[b.Block] = [b.context(escape(saved))] if saved else []
    for part in Part:
        text = lines(bold(TITLES[part]), escape(_state(part, overview)))
        button = b.button("Change", Action.SET_UP_PART, part, suffix=part, label=f"Change: {TITLES[part]}")
        drawn.append(b.section(text, button))
    return b.modal(View.SET_UP, "Set-up", [*drawn, b.context(escape(ABOUT))])


def teams_modal(overview: Overview) -> b.Block:
    """All teams, and a way to add one."""
    drawn: list[b.Block] = []
    for line in overview.teams:
        button = b.button(
            "Change", Action.EDIT_TEAM, line.form.id, suffix=line.form.id, label=f"Change {line.form.name}"
        )
        drawn.append(b.section(_team_words(line), button))
    if not drawn:
        drawn.append(b.section(escape("There are no teams yet.")))
    row = b.actions(b.button("Add a team", Action.EDIT_TEAM, suffix="new", style="primary"), _back_button())
    return b.modal(View.SET_UP, TITLES[Part.TEAMS], [*drawn, row])


def team_modal(form: TeamForm, groups: Sequence[Group]) -> b.Block:
    """One team."""
    drawn = [
        b.field("Name", b.text_input(Action.TEAM_NAME, initial=form.name, most=60)),
        b.field("People", b.people_select(Action.TEAM_PEOPLE, "Choose people", form.people), optional=True),
        *_group_field("… or everybody in a user group", Action.TEAM_PEOPLE_GROUP, form.people_group, groups),
        b.field("Leads", b.people_select(Action.TEAM_LEADS, "Choose leads", form.leads), optional=True),
        *_group_field("… or everybody in a user group", Action.TEAM_LEAD_GROUP, form.lead_group, groups),
        b.field(
            "Debrief channel of this team",
            b.channel_select(Action.TEAM_CHANNEL, "As for everybody", form.channel),
            optional=True,
            hint="Invite Steady there first: /invite @Steady",
        ),
    ]
    if not groups:
        drawn.append(b.context(escape("There are no user groups in Slack, or Steady may not read them.")))
    row = [_back_button()]
    if form.id:
        row.append(_remove_button(form))
    return b.modal(
        View.TEAM, form.name or "New team", [*drawn, b.actions(*row)], submit="Save", metadata=form.id
    )


def part_modal(part: Part, overview: Overview, countries: Mapping[str, Country], country: str) -> b.Block:
    """The form of a part."""
    match part:
        case Part.TEAMS:
            return teams_modal(overview)
        case Part.CHANNEL:
            return _form(View.CHANNEL, part, _channel_fields(overview))
        case Part.HELP:
            return _form(View.COMPANY_HELP, part, _help_fields(overview.settings, countries, country))
        case Part.HOURS:
            return _form(View.HOURS, part, _hours_fields(overview.settings))
        case Part.RINGS:
            return _form(View.RINGS, part, _rings_fields(overview))
        case Part.CALLS:
            return _form(View.CALLS, part, _calls_fields(overview.settings))
        case Part.KEEPING:
            return _form(View.KEEPING, part, _keeping_fields(overview.settings))
        case Part.ADMINS:
            return _form(View.ADMINS, part, _admins_fields(overview))


STUCK_WHERE = (
    "Whoever got such a message, or had it posted in a channel, finds where it is and why it stayed in their "
    "export under My data."
)


def _health(standing: Standing) -> list[Mrkdwn]:
    sending, when = standing.sending, standing.cleaned_at
    unsent = {**sending.withheld, **sending.dead}
    reasons = _listed({reason.replace("_", " "): count for reason, count in unsent.items()})
    stuck = _listed(standing.stuck)
    removed = _listed(standing.removed) or "nothing was old enough"
    stopped = f" Sending is stopped: {sending.stopped}." if sending.stopped else ""
    return [
        escape(f"Messages: {sending.waiting} waiting, {sending.late} late.{stopped}"),
        escape(f"Not sent lately: {reasons}.") if reasons else Mrkdwn(""),
        escape(
            f"Last clean-up {when:%d %b %Y %H:%M} UTC: {removed}." if when else "No clean-up has run yet."
        ),
        escape(f"Slack would not delete: {stuck}. {STUCK_WHERE}") if stuck else Mrkdwn(""),
    ]


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{what}: {number}" for what, number in sorted(counts.items()))


def _form(view: View, part: Part, fields: Sequence[b.Block]) -> b.Block:
    return b.modal(view, TITLES[part], [*fields, b.actions(_back_button())], submit="Save")


def _channel_fields(overview: Overview) -> list[b.Block]:
    select = b.channel_select(Action.DEBRIEF_CHANNEL, "Choose a channel", overview.settings.channel)
    invite = "Invite Steady there first: /invite @Steady"
    return [
        *([b.section(escape(overview.channel_trouble))] if overview.channel_trouble else []),
        b.field("Where debriefs go", select, optional=True, hint=invite),
        b.context(
            escape(
                "Only what its author opens up goes there. Without a channel, debriefs stay between each "
                "person and Steady. A team may have one of its own."
            )
        ),
    ]


def _help_fields(settings: Settings, countries: Mapping[str, Country], country: str) -> list[b.Block]:
    eap = settings.eap
    options = [b.option(it.name, it.code) for it in sorted(countries.values(), key=lambda it: it.name)][:100]
    chosen = next((option for option in options if option["value"] == country), None)
    return [
        b.context(escape("Shown before every other help line. Leave the name empty if there is none.")),
        b.field(
            "Name",
            b.text_input(
                Action.EAP_NAME,
                placeholder="Employee assistance, Carewell",
                initial=eap.name if eap else "",
                most=80,
            ),
            optional=True,
        ),
        b.field(
            "How to reach it",
            b.text_input(
                Action.EAP_HOW,
                placeholder="Call 0800 111 222",
                initial=eap.how if eap else "",
                most=120,
            ),
            optional=True,
        ),
        b.field(
            "When",
            b.text_input(
                Action.EAP_HOURS, placeholder="day and night", initial=eap.hours if eap else "", most=60
            ),
            optional=True,
        ),
        b.field(
            "Country of the other help lines",
            b.select(Action.COUNTRY, "Choose a country", options, initial=chosen),
            hint="For people whose own zone in Slack tells none: everybody else sees their country's lines.",
        ),
    ]


def _hours_fields(settings: Settings) -> list[b.Block]:
    hours = settings.hours
    days = [b.option(name, str(number)) for number, name in enumerate(DAYS, start=1)]
    ticked = [days[number - 1] for number in sorted(hours.working_days)]
    return [
        b.field(
            "Time zone, for those whose own Slack doesn't tell",
            b.text_input(Action.ZONE, placeholder="Europe/London", initial=hours.zone, most=60),
        ),
        b.field("Working days", b.checkboxes(Action.WORKING_DAYS, days, ticked)),
        b.field("Quiet from", b.time_picker(Action.QUIET_FROM, "Time", hours.quiet_from.strftime("%H:%M"))),
        b.field(
            "Quiet until", b.time_picker(Action.QUIET_UNTIL, "Time", hours.quiet_until.strftime("%H:%M"))
        ),
        b.context(escape("Counted in each person's own zone. Nothing personal is sent while it is quiet.")),
    ]


def _rings_fields(overview: Overview) -> list[b.Block]:
    rings = overview.rings or ((),) * RINGS
    return [
        b.context(escape("Asked in this order; whoever doesn't answer in time, the next ring is asked.")),
        *(
            b.field(
                title,
                b.people_select(Action.RING, "Choose people", rings[at], suffix=str(at + 1)),
                optional=True,
            )
            for at, title in enumerate(RING_TITLES)
        ),
    ]


def _calls_fields(settings: Settings) -> list[b.Block]:
    policy = settings.policy
    may_end = b.option("Agents may end a contact after a final warning", "yes")
    codes = "\n".join(f"{code.minutes}: {code.code}" for code in settings.break_codes)
    return [
        b.field(
            "Phone-system codes for breaks",
            b.text_input(
                Action.BREAK_CODES, placeholder="10: AUX-7", initial=codes, multiline=True, most=600
            ),
            optional=True,
            hint="One a line: minutes, a colon, the code.",
        ),
        b.context(escape("Your policy's own words for when it goes too far. Empty lines: ours are shown.")),
        b.field("Warning", b.text_input(Action.POLICY_WARN, initial=policy.warn, most=300), optional=True),
        b.field(
            "Final warning",
            b.text_input(Action.POLICY_FINAL, initial=policy.final, most=300),
            optional=True,
        ),
        b.field("Ending", b.text_input(Action.POLICY_END, initial=policy.end, most=300), optional=True),
        b.field(
            "Ending a contact",
            b.checkboxes(Action.POLICY_MAY_END, [may_end], [may_end] if policy.may_end else []),
            optional=True,
        ),
    ]


def _keeping_fields(settings: Settings) -> list[b.Block]:
    floor = Thresholds()
    return [
        b.context(escape("Days. Only shorter than shipped; leave a line empty for ours.")),
        *(
            b.field(
                KEPT_TITLES[kept],
                _number_input(Action.KEEP_DAYS, str(settings.retention.get(kept, "")), suffix=kept),
                optional=True,
                hint=f"At most {KEPT_FOR[kept].days} days",
            )
            for kept in Kept
        ),
        b.context(escape("People that a well-being figure must come from. Only larger than shipped.")),
        b.field(
            "For figures",
            _number_input(Action.THRESHOLD_PEOPLE, str(settings.thresholds.people)),
            hint=f"At least {floor.people} people",
            optional=True,
        ),
        b.field(
            "For words",
            _number_input(Action.THRESHOLD_WORDS, str(settings.thresholds.words)),
            hint=f"At least {floor.words} people",
            optional=True,
        ),
    ]


def _admins_fields(overview: Overview) -> list[b.Block]:
    return [
        b.field(
            "People who may set Steady up",
            b.people_select(Action.NAMED_ADMINS, "Choose people", overview.admins),
            optional=True,
        ),
        b.context(escape("Your workspace's admins and owners, and whoever installed Steady, may anyway.")),
    ]


def _number_input(action: Action, initial: str, suffix: str = "") -> b.Element:
    element = b.text_input(action, initial=initial, most=6)
    return element | {"action_id": b.action_id(action, suffix)}


def _group_field(label: str, action: Action, chosen: str, groups: Sequence[Group]) -> list[b.Block]:
    offered = [group for group in groups if not group.is_gone or group.id == chosen][:98]
    if not offered:
        return []
    none = b.option("No user group", NO_GROUP)
    options = [none, *(b.option(_group_name(group), group.id) for group in offered)]
    initial = next((option for option in options if option["value"] == chosen), none)
    return [b.field(label, b.select(action, "Choose", options, initial=initial), optional=True)]


def _group_name(group: Group) -> str:
    return f"{group.name} (gone from Slack)" if group.is_gone else group.name


def _state(part: Part, overview: Overview) -> str:
    if part is Part.CHANNEL and overview.channel_trouble:
        return f"Needs a look. {overview.channel_trouble}"
    if part is Part.TEAMS and any(team.troubles for team in overview.teams):
        return f"Needs a look. {_teams_words(overview)}"
    if part not in overview.done:
        return UNTIL_THEN[part][0].upper() + UNTIL_THEN[part][1:] + "."
    return f"Done. {_detail(part, overview)}".strip()


def _detail(part: Part, overview: Overview) -> str:
    settings = overview.settings
    match part:
        case Part.TEAMS:
            return _teams_words(overview)
        case Part.HELP:
            return settings.eap.line if settings.eap else "A country is chosen; no company help is named."
        case Part.HOURS:
            hours = settings.hours
            days = ", ".join(DAYS[number - 1][:3] for number in sorted(hours.working_days))
            return f"{hours.zone}; {days}; quiet {hours.quiet_from:%H:%M} to {hours.quiet_until:%H:%M}."
        case Part.RINGS:
            return f"{_count(len({it for ring in overview.rings for it in ring}), 'person', 'people')}."
        case Part.ADMINS:
            return f"{_count(len(overview.admins), 'person', 'people')}."
    return ""


def _teams_words(overview: Overview) -> str:
    return "; ".join(
        f"{team.form.name}: {', '.join(team.troubles) or _counted(team)}" for team in overview.teams
    )[:600]


def _team_words(line: TeamLine) -> Mrkdwn:
    troubles = (escape(f"Needs a look: {trouble}.") for trouble in line.troubles)
    return lines(bold(line.form.name), escape(_counted(line)), *troubles)


def _counted(line: TeamLine) -> str:
    return f"{_count(line.people, 'person', 'people')}, {_count(line.leads, 'lead', 'leads')}"


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _open_button(text: str) -> b.Element:
    return b.button(text, Action.SET_UP)


def _back_button() -> b.Element:
    return b.button("Back", Action.SET_UP, label="Back to set-up without saving")


def _remove_button(form: TeamForm) -> b.Element:
    return b.asking_first(
        b.button("Remove this team", Action.REMOVE_TEAM, form.id, style="danger"),
        title="Remove this team?",
        text="Its people stay; they just belong to no team until you put them into another.",
        do="Remove",
        keep="Keep",
    )
