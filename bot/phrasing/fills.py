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
_SIGNS = {"dollars": "$", "bucks": "$", "pounds": "£", "quid": "£", "euros": "€"}
_UNITS = {"m": "minute", "min": "minute", "minute": "minute", "h": "hour", "hr": "hour", "hour": "hour"}
_UNITS |= {"day": "day", "wk": "week", "week": "week", "month": "month"}
_ELSEWHERE = (
    r"(?!\s+(?:ago|before|after|until|till?|left|late[r]|beforehand|early|notice|away|from now|to go|off|old"
    r"|window|warranty|guarantee|contract|trial|return|term|period|policy|deadline|plan|deal"
    r"|of (?:use|loyalty|service)"
    r"|visit|flight|drive|journey|job|shift|appointment|slot|delivery|subscription|pass|course|session|free)\b|\s+on(?:[.,;!?]|$))"
)
"""What stands behind a stretch of time that was not spent waiting; nor is it, once somebody says it."""
_DURATION = re.compile(
    r"\b(\d{1,3}|(?:an?|half an|one|two|three|four|five|six|seven|eight|nine|ten|twelve)(?=[\s-]))[\s-]?"
    r"(mins?|minutes?|hrs?|hours?|h|days?|wks?|weeks?|months?)"
    rf"(?:\s?(?:and\s)?(\d{{1,2}})\s?(?:m|mins?|minutes?)?)?\b{_ELSEWHERE}",
    _PLAIN,
)
_NOT_WAITED = re.compile(
    r"(?:[\d.,:/–-]|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred)[ -]|quarter of "
    r"|\b(?:in|inside|within|by|away for|every|next|takes?|taking|another|allow|up to|give (?:it|us|them)"
    r"|(?:off|fixed|free|discount|valid|contract|booked|paid) for|works?|working|worked|awake"
    r"|(?:travel|driv|fly)\w*|booked|booking|stay|worth of) )$",
    _PLAIN,
)
"""What stands before a date to come, the first half of "3-5 days", or time spent on something else."""
_BEFORE = 20
"""Characters in which that stands."""
_SAID = re.compile(
    r"\b(?:says?|saying|said|told|promised|quoted)(?: (?!wait|hold|late|took|down|without|been|off)\w+){0,2}"
    r" (?=\d|two|three|four|five|six|seven|eight|nine|ten|an? )[\w ]{1,12}"
    r"|(?<!\S)[\"'“‘][^\"'“”‘’]{1,40}[\"'”’](?!\w)",
    _PLAIN,
)
"""What somebody here said: their "24 hours" is no time that the customer waited."""
_AND_MORE = re.compile(r" and (?:a half|a quarter|[a-z]+(?:[ -][a-z]+)? minutes?)\b", _PLAIN)
"""What makes an hour longer: "and a half", "and twenty-two minutes"."""
_TODAY = frozenset({"2day", "2days"})
"""Read as a day of the week, and not as a stretch of time."""
_QUOTES = frozenset("\"'“”‘’")
_CLOCK = re.compile(r"\b(?:due|by|for|told|said|promised) (\d{1,2}(?::\d\d)?\s?[ap]m)\b", _PLAIN)
_SINCE = re.compile(
    r"\b(?:since|last (?:heard|updated?|contact|reply|news|message|e-?mail|call)(?: \w+){0,3}?)"
    r" (?:last )?(mon|tues|wednes|thurs|fri|satur|sun)day\b",
    _PLAIN,
)
_PROMISED = re.compile(
    r"\b(?:promis\w*|told|tells?|said|says?|saying|due|quoted|supposed|meant|should(?:'ve| have|a)|would|wld"
    r"|guaranteed?|expected|scheduled|booked|arranged|appointment|appt|slot|assured|agreed|confirmed"
    r"|no[- ]?show\w*|did ?n[o']?t (?:turn|show|come|arrive|ring|call)"
    r"|never (?:turned|showed|came|arrived|rang))\b"
    r"(?:[^.!?;\n]{0,40}?) (?:last )?(mon|tues|wednes|thurs|fri|satur|sun)day\b",
    _PLAIN,
)
"""A day somebody gave: only that can be said back as what they were told."""
_TO_COME = re.compile(
    r"\b(?:needs?|wants?|wedding|funeral|birthday|party|holiday|flying|fly|leav\w+|travel\w*|deadline|exam|next"
    r"|this|every|on it|moving|interview|surgery|operation|free|available|home|away|today|now"
    r"|it'?s) (?:\w+ ){0,3}$",
    _PLAIN,
)
"""What stands before the customer's own day."""
_ASKED_FOR = re.compile(r"\b(?:want|need|forward|expect|unless|demand|insist|must|require)", _PLAIN)
_THOUGHT = 40
"""Characters before an hour in which it may turn out to be the customer's own."""
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
    lower = seen.lower()
    if not _BIRTH.search(lower):
        if date := _date(lower):
            fills[Fill.DATE] = date
        if "day" in lower and (since := _SINCE.search(lower)):
            fills[Fill.SINCE] = f"{since[1].capitalize()}day"
    if times and 2 <= times <= len(_WORDS) + 1:
        fills[Fill.TIMES] = _WORDS[times - 2]
    return fills


def _amount(seen: str) -> str:
    """The only sum, or of several the one that was taken; "" when nobody could tell which."""
    found = {_sum(it) for it in _AMOUNT.findall(seen)}
    if len(found) > 1:
        found &= {_sum(it) for it in _AMOUNT_NOW.findall(seen)}
    return found.pop() if len(found) == 1 else ""


def _sum(typed: str) -> str:
    """A sum with its sign, however it was typed: "45 quid" is no word for an e-mail."""
    number = "".join(c for c in typed if c.isdigit() or c in ",.")
    sign = typed[0] if not typed[0].isdigit() else _SIGNS[typed.split()[-1].lstrip("0123456789.,").lower()]
    return sign + number


def _duration(seen: str) -> str:
    if not _DURATION.search(seen):
        return ""
    pasted = seen[:1] in _QUOTES and seen[-1:] in _QUOTES
    own = seen if pasted else _SAID.sub(" ", seen)
    for match in _DURATION.finditer(own):
        if _NOT_WAITED.search(own[max(0, match.start() - _BEFORE) : match.start()]):
            continue
        count, unit, minutes = match[1].lower(), match[2].lower(), match[3]
        singular = _UNITS[unit if unit in _UNITS else unit.rstrip("s")]
        if (count in {"a", "an", "half an"} or minutes) and singular != "hour":
            continue
        if match[0].lower() in _TODAY:
            continue
        more = f" and {minutes} minutes" if minutes else ""
        if singular == "hour" and not minutes and (rest := _AND_MORE.match(own, match.end())):
            more = rest[0].lower()
        return f"{count} {singular}{'' if count in {'1', 'one', 'a', 'an', 'half an'} else 's'}{more}"
    return ""


def _date(seen: str) -> str:
    """The weekday or hour that somebody was given; none where it may be a day of the customer's own."""
    for given in _PROMISED.finditer(seen) if "day" in seen else ():
        if not _TO_COME.search(seen[given.start() : given.start(1)]):
            return f"{given[1].capitalize()}day"
    clock = _CLOCK.search(seen)
    if not clock or _ASKED_FOR.search(seen, max(0, clock.start() - _THOUGHT), clock.start()):
        return ""
    return "".join(clock[1].lower().split())
