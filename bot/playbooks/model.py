"""The words of a playbook as typed values; pure, so that lint, cards and tests share one truth."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=80)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class Part(BaseModel):
    """A piece of a playbook: unknown keys are mistakes, values never change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Owned(Part):
    """What a file carries besides its words: who answers for it, and until when it can be trusted."""

    owner: Short
    """Who answers for the words here: a role or a team, "Customer Operations"."""
    review_by: dt.date
    """The day after which this is shown as stale: 2027-05-31."""

    def is_stale(self, today: dt.date) -> bool:
        """Whether the day of review has passed: shown as stale, never hidden."""
        return self.review_by < today


class Kind(StrEnum):
    """What sort of thing a situation is: a contact can be one of each at once."""

    CAUSE = "cause"
    CONDUCT = "conduct"
    HISTORY = "history"
    PERSON = "person"


class State(StrEnum):
    """How the customer shows it; several may be true."""

    SHOUTING = "shouting"
    INSULTING = "insulting"
    DEMANDING = "demanding"
    THREATENING = "threatening"
    CRYING = "crying"
    CONFUSED = "confused"
    SILENT = "silent"
    WONT_LET_GO = "wont_let_go"


class Channel(StrEnum):
    """Where the contact takes place."""

    VOICE = "voice"
    CHAT = "chat"
    EMAIL = "email"
    IN_PERSON = "in_person"


class Role(StrEnum):
    """What a phrase does in the conversation."""

    ACKNOWLEDGE = "acknowledge"
    EXPLAIN = "explain"
    ASK = "ask"
    OFFER = "offer"
    COMMIT = "commit"
    CLOSE = "close"
    BOUNDARY = "boundary"


class Register(StrEnum):
    """How formal a phrase sounds."""

    PLAIN = "plain"
    FORMAL = "formal"


class Technique(StrEnum):
    """Which skill a phrase shows, so that a trainer can find an example of each."""

    ACTIVE_LISTENING = "active_listening"
    LISTENING_NOISES = "listening_noises"
    FULL_ATTENTION = "full_attention"
    NOT_INTERRUPTING = "not_interrupting"
    PARAPHRASE = "paraphrase"
    SUMMARISE = "summarise"
    REFLECT_FEELING = "reflect_feeling"
    VALIDATE = "validate"
    NAME_AND_SPECIFICS = "name_and_specifics"
    CALM_TONE = "calm_tone"
    PAUSE = "pause"
    CONFIDENCE = "confidence"
    OWN_EMOTIONS = "own_emotions"
    OPEN_QUESTION = "open_question"
    PROBE = "probe"
    TIMELINE = "timeline"
    ROOT_CAUSE = "root_cause"
    POSITIVE_REFRAME = "positive_reframe"
    ENCOURAGING_WORDS = "encouraging_words"
    AVOID_JARGON = "avoid_jargon"
    AVOID_BLAME = "avoid_blame"
    NOT_ARGUING = "not_arguing"
    SINCERE_APOLOGY = "sincere_apology"
    ADMIT_MISTAKE = "admit_mistake"
    OPTIONS = "options"
    COLLABORATION = "collaboration"
    SMALL_STEPS = "small_steps"
    TRANSPARENCY = "transparency"
    REALISTIC_TIMEFRAME = "realistic_timeframe"
    CONFIRM_UNDERSTANDING = "confirm_understanding"
    REDIRECT = "redirect"
    REASSURE_WITH_ACTION = "reassure_with_action"
    EXPLAIN_REASON = "explain_reason"
    FAIR_CONCESSION = "fair_concession"
    GOODWILL_EXTRA = "goodwill_extra"
    AVOID_OVERCOMPENSATION = "avoid_overcompensation"
    BOUNDARY = "boundary"
    BRING_IN_SUPERVISOR = "bring_in_supervisor"
    HAND_OVER = "hand_over"
    FOLLOW_THROUGH = "follow_through"
    FOLLOW_UP_NEXT_DAY = "follow_up_next_day"
    PLAIN_LANGUAGE = "plain_language"
    CULTURAL_RESPECT = "cultural_respect"
    INTERPRETER = "interpreter"
    IN_PERSON_STANCE = "in_person_stance"
    DEEP_BREATHING = "deep_breathing"
    REFRAMING = "reframing"
    SELF_TALK = "self_talk"
    TRIGGER_AWARENESS = "trigger_awareness"
    NOT_PERSONAL = "not_personal"
    SELF_CARE = "self_care"


class Fill(StrEnum):
    """What a blank asks for: the kinds of thing that can be read plainly out of what was typed."""

    AMOUNT = "amount"  # £40, $1,200
    TIMES = "times"  # third, fourth: how often they have been in touch
    DURATION = "duration"  # 40 minutes, two weeks
    DATE = "date"  # Monday, 8am: the day or hour that they were given
    SINCE = "since"  # Monday: the day from which on it has been so, or when they last heard


Cue = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=60, pattern=r"^[a-z][a-z' /…]+$"),
]
"""Words in small letters; `a/b` is either, `a … b` has up to three words between."""


class Phrase(Part):
    """Words an agent could say as they stand; `{blank}` only for what `blanks` declares."""

    id: Id
    """A name, once in this file; an extension replaces a phrase by it."""
    role: Role
    """What the phrase does: acknowledge, explain, ask, offer, commit, close, boundary."""
    spoken: Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=150)]
    """Words to say aloud; better at most 110 characters."""
    written: Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=400)] | None = (
        None
    )
    """For chat and e-mail, where writing differs: whole sentences."""
    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=160)]
    """One line an experienced trainer would nod at."""
    register_: Register = Field(default=Register.PLAIN, alias="register")
    """How formal it sounds."""
    technique: Annotated[tuple[Technique, ...], Field(min_length=1)]
    """The skills it shows, so that a trainer finds an example of each."""
    blanks: dict[str, Fill] = Field(default_factory=dict)
    """Each {blank} of the text, and the kind of thing that fills it."""
    alongside: tuple[Id, ...] = ()
    """Situations beside which this phrase is the better one to begin with."""
    states: tuple[State, ...] = ()
    """States in which this phrase is the better one to begin with."""
    cues: Annotated[tuple[Cue, ...], Field(max_length=12)] = ()
    """Words of which the agent's text has to hold one: the phrase names that thing, and then comes first."""
    channels: tuple[Channel, ...] = ()
    """The only channels in which this can be said or done; empty for all."""
    ends_contact: bool = False
    """Leads to the end of the contact: held back wherever somebody may be in danger."""


class Avoid(Part):
    """Something people say under stress that makes it worse, and what to do instead."""

    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=60)]
    instead: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=80)]
    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=160)]


class Signals(Part):
    """How the situation sounds when somebody describes it, in both registers."""

    shorthand: Annotated[tuple[Line, ...], Field(min_length=1)]
    """What an agent types with one hand: "cx wants refund, 3rd call"."""
    full: Annotated[
        tuple[Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=400)], ...],
        Field(min_length=1),
    ]
    """Whole sentences: the customer's own words, an e-mail, a colleague's note."""


class Severity(StrEnum):
    """How much went wrong, for what may be offered."""

    MINOR = "minor"
    SERIOUS = "serious"


class Latitude(Part):
    """What an agent may offer; shipped as an example that a company replaces."""

    severity: Severity
    alone: Line
    usual: Line
    """What we usually give, so that two agents pay alike."""
    ceiling: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    """The most an agent may give alone: an amount, or "0" where money is the wrong answer."""
    above: Line
    """Who signs above the ceiling."""
    goodwill: Line
    caution: Line
    """How to keep from over-compensating."""
    example: bool = False
    """True in the shipped set: limits a company has yet to replace, and shown as such."""


class Escalate(Part):
    """When to bring somebody in, whom, and what to have ready."""

    when: Annotated[tuple[Line, ...], Field(min_length=1)]
    to: Annotated[tuple[Line, ...], Field(min_length=1)]
    """Whom to ask, in order: the escalation path."""
    ready: Annotated[tuple[Line, ...], Field(min_length=1)]


class Link(Part):
    """Where the fix for the underlying issue is written down."""

    title: Line
    url: Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$", max_length=300)]


class Situation(Owned):
    """One playbook: what an agent is facing, and what to say and do."""

    id: Id
    kind: Kind
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=28)]
    """For the card's first line, lower case after the first letter: "Late refund", "3rd call"."""
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=70)]
    """For pickers and lists: "Refund missing, late or refused"."""
    signals: Signals
    """How people put it; this is how it is recognised."""
    tone_cue: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=60)]
    """How to sound, in one breath: "Slower and lower."."""
    phrases: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    """What to say, in the order to try it; begin with some that need no blank."""
    avoid: Annotated[tuple[Avoid, ...], Field(min_length=1)]
    """What makes it worse; the first is on the card."""
    questions: Annotated[tuple[Line, ...], Field(min_length=1)]
    """Open questions, to be asked one at a time."""
    check_first: Annotated[tuple[Line, ...], Field(min_length=1)]
    """What to look up before promising anything."""
    usually_behind: Annotated[tuple[Line, ...], Field(min_length=1)]
    """What mostly turns out to lie behind it."""
    next_step: Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=100)]
    """What happens now, and what to do when that fails."""
    plan_b: Line
    """What to do when the usual way is closed."""
    escalate: Escalate
    latitude: Annotated[tuple[Latitude, ...], Field(min_length=1)]
    """What an agent may give; the shipped amounts are examples to replace."""
    by_state: dict[State, Line] = Field(default_factory=dict)
    """What changes when they shout, cry, fall silent."""
    by_channel: dict[Channel, Line] = Field(default_factory=dict)
    """What changes in chat, by e-mail, at a counter."""
    fix: Link | None = None


class Step(Part):
    """One letter of a framework: what it stands for, what to do, and a line that does it."""

    letter: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
    name: Short
    do: Line
    say: Line
    role: Role | None = None
    """Which phrases of a situation suit this step; none means the step's own line."""
    technique: Annotated[tuple[Technique, ...], Field(min_length=1)]


class Framework(Owned):
    """A memory aid for the order of a hard conversation; nobody has proved that one beats another."""

    id: Id
    name: Short
    summary: Line
    steps: Annotated[tuple[Step, ...], Field(min_length=2, max_length=8)]


class HelpLine(Part):
    """One way to reach help, with the day somebody last made sure that it is right."""

    name: Short
    method: Line
    """How to reach it: "Call or text 988", "https://…"."""
    hours: Short
    for_: Line = Field(alias="for")
    checked_on: dt.date


class Country(Owned):
    """The emergency number and the help lines of one country."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    name: Short
    emergency: Short
    lines: Annotated[tuple[HelpLine, ...], Field(min_length=1)]


class SafeLine(Part):
    """A first sentence that fits several situations, for when two are equally likely."""

    id: Id
    spoken: Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=150)]
    why: Line
    technique: Annotated[tuple[Technique, ...], Field(min_length=1)]
    fits: Annotated[tuple[Id, ...], Field(min_length=1)]
    """Situation ids, or a kind for all of its situations."""


class SafeLines(Owned):
    """All first sentences that fit several situations, in one file."""

    lines: Annotated[tuple[SafeLine, ...], Field(min_length=1)]


class Prompt(Part):
    """One question of a debrief; the order is the bot's, not the file's."""

    step: Annotated[str, StringConstraints(pattern=r"^(facts|helped|change|now|close)$")]
    """Which step it asks for: facts, helped, change, now, close."""
    title: Short
    ask: Line
    """The question, as it stands in the thread; about the work, never about feelings, except in `now`."""
    hint: Line
    """A line below it that makes answering easy, and leaving it out too."""


class Prompts(Owned):
    """All questions of a debrief, in one file."""

    prompts: Annotated[tuple[Prompt, ...], Field(min_length=1)]


class Grade(StrEnum):
    """What stands behind a claim (R17)."""

    PROVEN = "proven"
    """A study with people in this kind of work."""
    PRACTICE = "practice"
    """Taught and used; not tested as it stands here."""
    OURS = "ours"


class NudgeKind(StrEnum):
    """What a nudge draws attention to; the first two have field evidence among service staff."""

    PERSPECTIVE = "perspective"
    OWN_HELP = "own_help"
    TRIGGERS = "triggers"
    SELF_TALK = "self_talk"
    BOUNDARIES = "boundaries"
    RECOVERY = "recovery"
    SELF_CARE = "self_care"


class Nudge(Part):
    """One thought for the week, shown after an answer; better a question than advice."""

    id: Id
    """A name that stays: what somebody found not helpful is remembered by it."""
    kind: NudgeKind
    grade: Grade
    source: Short
    """Where it comes from; "ours" where it is only ours."""
    text: Line
    technique: tuple[Technique, ...] = ()


class Nudges(Owned):
    """Nudges, several to a file."""

    nudges: Annotated[tuple[Nudge, ...], Field(min_length=1)]


class ResetKind(StrEnum):
    """What a reset does."""

    BREATHING = "breathing"
    GROUNDING = "grounding"
    BODY = "body"
    REFRAME = "reframe"
    WALK = "walk"
    KIND_LINE = "kind_line"


class ResetStep(Part):
    """One thing to do, and for how long."""

    do: Line
    seconds: Annotated[int, Field(ge=2, le=300)]


class Reset(Part):
    """A short break, step by step."""

    id: Id
    title: Short
    kind: ResetKind
    seconds: Literal[20, 60, 180, 300, 600]
    """How long it is: what people choose by. The steps add up to it."""
    grade: Grade
    source: Short
    technique: Annotated[tuple[Technique, ...], Field(min_length=1)]
    steps: Annotated[tuple[ResetStep, ...], Field(min_length=2, max_length=5)]


class Resets(Owned):
    """Resets, several to a file."""

    resets: Annotated[tuple[Reset, ...], Field(min_length=1)]


class Guide(Part):
    """What one side of a talk between peers may like to know."""

    id: Annotated[str, StringConstraints(pattern=r"^(asks|listens|after)$")]
    """Whose it is: asks, listens, or after (the one who listened, once it is over)."""
    title: Short
    do: Annotated[tuple[Line, ...], Field(min_length=1, max_length=6)]
    leave: Annotated[tuple[Line, ...], Field(max_length=6)] = ()
    """What not to do, and what one doesn't owe."""


class Guides(Owned):
    """The guides for a talk between peers, in one file."""

    guides: Annotated[tuple[Guide, ...], Field(min_length=1)]
