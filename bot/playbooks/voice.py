"""What no phrase may say, and why: the words that make scripted empathy sound scripted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Cliche:
    """A way of speaking that customers have learnt to distrust."""

    pattern: re.Pattern[str]
    why: str
    instead: str


def _out(pattern: str, why: str, instead: str) -> Cliche:
    return Cliche(re.compile(pattern, re.IGNORECASE), why, instead)


CLICHES = (
    _out(
        r"\b(?:completely|totally|fully|truly|absolutely)?\s*understand (?:your|the|how) "
        r"(?:frustrat\w+|anger|upset|concerns?|inconvenience|you(?:'re| are)? feel\w*)",
        "a claimed feeling sounds like a script, and acting it wears agents out",
        "Name the thing that happened to them.",
    ),
    _out(
        r"\bvalued? (?:customers?|clients?|guests?|members?)\b|\bvalue your (?:business|custom|loyalty)\b",
        "nobody who is waiting feels valued by being told so",
        "Leave it out.",
    ),
    _out(
        r"(?:^|[.?]\s+)unfortunately\b",
        "the first word has already said no",
        "Begin with what you can do.",
    ),
    _out(
        r"\bany inconvenience\b|\bfor (?:the|your) inconvenience\b",
        "it says that we don't know what went wrong for them",
        "Name what it cost them: the second trip, the missed day.",
    ),
    _out(r"\bcalm down\b|\bplease calm\b", "it raises heat", "Say what you are doing about it."),
    _out(r"\brest assured\b", "it promises nothing that can be checked", "Give an action and a time."),
    _out(
        r"\bI hear you\b|\bI hear that you\b",
        "it shows no sign of having heard",
        "Repeat the thing they said.",
    ),
    _out(
        r"\byour (?:call|feedback|business|satisfaction) is (?:very |extremely )?important\b",
        "everybody has heard it from a recording",
        "Leave it out.",
    ),
    _out(
        r"\bas soon as possible\b|\basap\b|\bat (?:your|our) earliest convenience\b",
        "it is a promise without a date",
        "Give a day or a time that you control.",
    ),
    _out(
        r"\bbear with me\b|\bthank you for your (?:patience|understanding)\b",
        "it thanks them for something they did not give",
        "Say what you are doing and how long it takes.",
    ),
    _out(
        r"\bas I (?:already |have )?(?:said|told you|mentioned|explained)\b",
        "it says that they did not listen",
        "Say it again in other words.",
    ),
)

_EXCLAIMS = Cliche(
    re.compile("!"), "it sounds cheerful or loud to someone who is upset", "End with a full stop."
)


def slips(text: str) -> Iterator[tuple[str, Cliche]]:
    """The words of a text that no phrase may say, each with why."""
    for cliche in (*CLICHES, _EXCLAIMS):
        found = cliche.pattern.search(text)
        if found:
            yield found.group().strip(" .?,"), cliche
