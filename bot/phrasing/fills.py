"""What the text plainly says, for blanks; narrow on purpose, so that no card number slips in."""

import re
from collections.abc import Mapping

from bot.phrasing.card import ORDINALS
from bot.playbooks.model import Fill

_PLAIN = re.IGNORECASE | re.ASCII
"""Only the letters and figures of a keyboard: others look alike and are none of our words and numbers."""
LOOKED_AT = 2_000
"""Characters looked at: facts worth repeating stand near the beginning."""

_SUM = (
    r"(?<![\w.,])(?:[£$€₹]\s?\d{1,5}(?:,\d{3})?(?:\.\d{2})?"
    r"|\d{1,5}(?:\.\d{2})?\s?(?:dollars|pounds|euros|quid|bucks))(?![\w%])"
)
_AMOUNT = re.compile(_SUM, _PLAIN)
_AMOUNT_NOW = re.compile(
    rf"\b(?:to|now|charged|charging|charges|billed|taken|took)\s+(?:(?:me|him|her|us|them|is|it's)\s+)?({_SUM})",
    _PLAIN,
)
_UNITS = {"m": "minute", "min": "minute", "minute": "minute", "h": "hour", "hr": "hour", "hour": "hour"}
_UNITS |= {"day": "day", "wk": "week", "week": "week", "month": "month"}
_ELSEWHERE = (
    r"(?!\s+(?:ago|before|after|until|till?|left|late[r]|early|notice|away|from now|to go|off|old|window"
    r"|warranty|guarantee|contract|trial|return|term|period|policy|deadline|plan|deal)\b)"
)
"""What stands behind a stretch of time that was not spent waiting; nor is it, once somebody says it."""
_DURATION = re.compile(
    r"\b(\d{1,3}|(?:an?|half an|one|two|three|four|five|six|seven|eight|nine|ten|twelve)(?=[\s-]))[\s-]?"
    r"(mins?|minutes?|hrs?|hours?|h|days?|wks?|weeks?|months?)"
    rf"(?:\s?(?:and\s)?(\d{{1,2}})\s?(?:m|mins?|minutes?)?)?\b{_ELSEWHERE}",
    _PLAIN,
)
_NOT_WAITED = re.compile(r"(?:[\d.,:/–-]|\b(?:in|within|every|next) )$", _PLAIN)
"""What stands before a date to come, or the first half of "3-5 days"."""
_SAID = re.compile(
    r"\b(?:say|says|saying|said|told|promised|quoted)(?: \w+){0,2} (?=\d)[\w ]{1,12}"
    r"|(?<!\S)[\"'“‘][^\"'“”‘’]{1,40}[\"'”’](?!\w)",
    _PLAIN,
)
"""What somebody here said: their "24 hours" is no time that the customer waited."""
_QUOTES = frozenset("\"'“”‘’")
_WEEKDAY = re.compile(r"\b(mon|tues|wednes|thurs|fri|satur|sun)day\b", _PLAIN)
_CLOCK = re.compile(r"\b(?:since|due|by) (\d{1,2}(?::\d\d)?\s?[ap]m)\b", _PLAIN)
_BIRTH = re.compile(r"\b(born|birth|dob|d\.o\.b)\b", _PLAIN)
_WORDS = list(ORDINALS)


def read_fills(text: str, times: int | None) -> Mapping[Fill, str]:
    """Return what can be filled in; `times` is how often they have been in touch, where the text says so."""
    seen = text[:LOOKED_AT]
    fills: dict[Fill, str] = {}
    if amount := _amount(seen):
        fills[Fill.AMOUNT] = amount
    if duration := _duration(seen):
        fills[Fill.DURATION] = duration
    if (date := _date(seen)) and not _BIRTH.search(seen):
        fills[Fill.DATE] = date
    if times and 2 <= times <= len(_WORDS) + 1:
        fills[Fill.TIMES] = _WORDS[times - 2]
    return fills


def _amount(seen: str) -> str:
    """The only sum, or of several the one that was taken; "" when nobody could tell which."""
    found = {re.sub(r"\s+", " ", it) for it in _AMOUNT.findall(seen)}
    if len(found) > 1:
        found &= {re.sub(r"\s+", " ", it) for it in _AMOUNT_NOW.findall(seen)}
    return found.pop() if len(found) == 1 else ""


def _duration(seen: str) -> str:
    if not _DURATION.search(seen):
        return ""
    pasted = seen[:1] in _QUOTES and seen[-1:] in _QUOTES
    own = seen if pasted else _SAID.sub(" ", seen)
    for match in _DURATION.finditer(own):
        if _NOT_WAITED.search(own, max(0, match.start() - 7), match.start()):
            continue
        count, unit, minutes = match[1].lower(), match[2].lower(), match[3]
        singular = _UNITS[unit if unit in _UNITS else unit.rstrip("s")]
        if (count in {"a", "an", "half an"} or minutes) and singular != "hour":
            continue
        more = f" {minutes} minutes" if minutes else ""
        return f"{count} {singular}{'' if count in {'1', 'one', 'a', 'an', 'half an'} else 's'}{more}"
    return ""


def _date(seen: str) -> str:
    """A weekday as it is written, or an hour of the clock that something was due at or began."""
    if weekday := _WEEKDAY.search(seen):
        return weekday[0].capitalize()
    clock = _CLOCK.search(seen)
    return "".join(clock[1].lower().split()) if clock else ""
