"""How often a customer has been in touch, when the text says so plainly."""

from collections.abc import Sequence

from bot.phrasing.reader import Section
from bot.phrasing.text import Word

_CONTACTS = frozenset(
    [
        "call",
        "calls",
        "contact",
        "contacts",
        "chat",
        "chats",
        "email",
        "emails",
        "e-mail",
        "msg",
        "msgs",
        "message",
        "messages",
        "letter",
        "letters",
        "ring",
        "visit",
        "visits",
        "ticket",
        "tickets",
        "attempt",
        "attempts",
        "conversation",
        "conversations",
        "complaint",
        "complaints",
        "tweet",
        "tweets",
        "callback",
        "cb",
    ]
)
_REACHING = frozenset(
    [
        "call",
        "called",
        "calling",
        "ring",
        "rang",
        "rung",
        "phone",
        "phoned",
        "phoning",
        "email",
        "emailed",
        "emailing",
        "contact",
        "contacted",
        "contacting",
        "chat",
        "chatted",
        "chase",
        "chased",
        "chasing",
        "write",
        "wrote",
        "written",
        "writing",
        "message",
        "messaged",
        "messaging",
        "ask",
        "asked",
        "asking",
        "speak",
        "spoke",
        "spoken",
        "speaking",
        "talk",
        "talked",
        "talking",
        "explain",
        "explained",
        "explaining",
        "complain",
        "complained",
        "visit",
        "visited",
        "chasin",
        "callin",
        "tell",
        "told",
        "telling",
        "report",
        "reported",
    ]
)
_TIMES = frozenset({"time", "times", "tm", "tms", "x"})
_PAUSE = frozenset({",", ".", ";", ":", "!", "?", "now"})
_ORDINAL = frozenset({"<ord>", "second"})
_PEOPLE = frozenset({"agents", "advisors", "advisers", "reps", "departments"})
_REACH = 5
_MOST = 99


def times_in(sections: Sequence[Section]) -> int | None:
    """3 for "3rd call", "2nd engineer visit" or "told three agents"; none when no number is plain."""
    found = [number for section in sections for number in _numbers(section.typed)]
    return max(found, default=None)


def _numbers(typed: Sequence[Word]) -> list[int]:
    return [
        word.number
        for at, word in enumerate(typed)
        if word.number is not None and 1 < word.number <= _MOST and _counts_contacts(typed, at)
    ] + [2 for at, word in enumerate(typed) if word.raw == "twice" and _reached(typed, at, before=3, after=0)]


def _counts_contacts(typed: Sequence[Word], at: int) -> bool:
    following = [it.raw for it in typed[at + 1 : at + 3]]
    if following[:1] and following[0] in _CONTACTS:
        return True
    ordinal = typed[at].read in _ORDINAL
    if len(following) == 2 and following[1] in _CONTACTS and (ordinal or following[0] in _BETWEEN):
        return True
    if following == ["different", "people"] or (following[:1] and following[0] in _PEOPLE):
        return not ordinal
    if ordinal and following[:1] == ["time"] and (len(following) == 1 or following[1] in _PAUSE):
        return True
    if following[:1] and following[0] in _TIMES:
        return _reached(typed, at, before=3, after=_REACH)
    return typed[at].read in ("<many>", "twice") and _reached(typed, at, before=2, after=2)


_BETWEEN = frozenset(["phone", "separate", "different", "other", "unanswered", "more", "straight", "angry"])


def _reached(typed: Sequence[Word], at: int, *, before: int, after: int) -> bool:
    near = (*typed[max(0, at - before) : at], *typed[at + 1 : at + 1 + after])
    return any(it.raw in _REACHING for it in near)
