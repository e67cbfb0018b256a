"""What the text plainly says, for blanks; narrow on purpose, so that no card number slips in."""

import re
from collections.abc import Mapping

from bot.phrasing.card import ORDINALS
from bot.playbooks.model import Fill

LOOKED_AT = 2_000
"""Characters looked at: facts worth repeating stand near the beginning."""

_AMOUNT = re.compile(
    r"(?<![\w.,])(?:[£$€₹]\s?\d{1,5}(?:,\d{3})?(?:\.\d{2})?|\d{1,5}(?:\.\d{2})?\s?(?:dollars|pounds|euros|quid|bucks))(?![\w%])",
    re.IGNORECASE,
)
_UNITS = {"min": "minute", "mins": "minute", "minute": "minute", "hr": "hour", "hrs": "hour", "hour": "hour"}
_UNITS |= {"day": "day", "week": "week", "wk": "week", "wks": "week", "month": "month", "year": "year"}
_DURATION = re.compile(
    r"\b(\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve)[\s-]?"
    r"(mins?|minutes?|hrs?|hours?|days?|wks?|weeks?|months?|years?)\b(?! old)",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"\b(mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
_BIRTH = re.compile(r"\b(born|birth|dob|d\.o\.b)\b", re.IGNORECASE)
_WORDS = list(ORDINALS)


def read_fills(text: str, times: int | None) -> Mapping[Fill, str]:
    """Return what can be filled in; `times` is how often they have been in touch, where the text says so."""
    seen = text[:LOOKED_AT]
    fills: dict[Fill, str] = {}
    if amount := _AMOUNT.search(seen):
        fills[Fill.AMOUNT] = re.sub(r"\s+", " ", amount[0])
    if duration := _DURATION.search(seen):
        fills[Fill.DURATION] = _duration(duration[1].lower(), duration[2].lower())
    if (weekday := _WEEKDAY.search(seen)) and not _BIRTH.search(seen):
        fills[Fill.DATE] = weekday[0].capitalize()
    if times and 2 <= times <= len(_WORDS) + 1:
        fills[Fill.TIMES] = _WORDS[times - 2]
    return fills


def _duration(count: str, unit: str) -> str:
    singular = _UNITS.get(unit, unit.rstrip("s"))
    return f"{count} {_UNITS.get(singular, singular)}{'' if count in {'1', 'one'} else 's'}"
