"""Phone numbers: with a plus, after words such as "call me on", or grouped as the region groups them.

Never a bare row of digits: of random ten-digit numbers more than a third are valid phone numbers in the US.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.safeguards.spotting.plain import Kind, Plain, Span
from bot.safeguards.spotting.runs import Group, digits, is_labelled, runs

_FEWEST, _MOST = 7, 15
_MOST_GROUPS = 7
_NANP_REGIONS = frozenset({"US", "CA", "PR", "JM", "TT", "BS", "BB", "DO"})
_NANP = {(3, 3, 4), (1, 3, 3, 4)}
_SHAPES: Mapping[str, tuple[str, set[tuple[int, ...]]]] = {
    "ES": ("6789", {(3, 3, 3), (3, 2, 2, 2), (2, 3, 2, 2)}),
    "MX": ("23456789", {(2, 4, 4), (3, 3, 4), (2, 8)}),
    "IN": ("6789", {(5, 5), (3, 3, 4)}),
    "PH": ("9", {(3, 3, 4)}),
    "AU": ("14", {(4, 3, 3), (2, 2, 2)}),
    "IT": ("3", {(3, 3, 4), (3, 7)}),
    "BR": ("123456789", {(2, 5, 4), (2, 4, 4)}),
}
"""How numbers without a leading 0 begin and are grouped, where they have none."""
_BARE_MOBILES: Mapping[str, re.Pattern[str]] = {
    "GB": re.compile(r"07[1-9][0-9]{8}"),
    "IE": re.compile(r"08[35-9][0-9]{7}"),
    "AU": re.compile(r"04[0-9]{8}"),
    "DE": re.compile(r"01[567][0-9]{8,9}"),
    "PH": re.compile(r"09[0-9]{9}"),
    "FR": re.compile(r"0[67][0-9]{8}"),
}
"""Mobiles that are usually written in one go and begin as order numbers hardly ever do."""
_CUE = re.compile(
    r"(?:\b(?:i?phone|tele?phone|tel|mobile|mob|cell|cellphone|fax|whatsapp|landline|telefon|handy|mobil"
    r"|tel[eé]fono|m[oó]vil|celular|cel|tlf|tfno|mobilnummer|t[eé]l[eé]phone|portable|viber"
    r"|(?:call|text|ring|reach|phone|dial|contact|sms)(?:ed|ing)? ?(?:me|him|her|them|us|back)?"
    r"|callback|call-back|cb|ph)\b)"
    r"(?: (?:number|no|nr|num|line|nummer|back))?\.?"
    r"(?: (?:is|was|at|on|to|es|ist|under))? ?(?:\((?:home|work|mobile|cell|m|h|w)\)|\))?[ :=#.\-]{0,3}[(]?$"
)
_CUE_AFTER = re.compile(
    r" ?(?:\((?:cell|mobile|home|work|phone|fax)\)|(?:is |was )?(?:(?:my|her|his|their|the|as) )?"
    r"(?:cell|mobile|phone|call ?-?back|contact|whatsapp) (?:number|no)\b)"
)
_LOOKED_BACK = 44
_OPENING = "(+ "
_STUCK = frozenset("$£€₹#_%")
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}([-./ ])[0-9]{1,2}\1[0-9]{1,2}|[0-9]{1,2}([-./ ])[0-9]{1,2}\2[0-9]{2,4}"
)


def spot(plain: Plain, region: str) -> Iterator[Span]:
    """Phone numbers, as far as their writing, a cue or the region says that they are some."""
    for run in runs(plain.text, " .-/()", 4):
        if sum(map(len, run)) >= _FEWEST:
            yield from _in_run(plain, run, region)


def _in_run(plain: Plain, run: Sequence[Group], region: str) -> Iterator[Span]:
    at = 0
    while at < len(run):
        after = _phone_from(plain, run, at, region)
        if after:
            yield Span(_opening(plain.text, run[at].start), run[after - 1].end, Kind.PHONE)
            # What is a number of its own says nothing about its neighbour.
            run, at = run[after:], 0
        else:
            at += 1


def _phone_from(plain: Plain, run: Sequence[Group], first: int, region: str) -> int:
    """Before which group the phone number from this group on ends; 0 where none does."""
    start = _opening(plain.text, run[first].start)
    if _is_stuck(plain.text, start):
        return 0
    ends = _ends(plain.text, run, first)
    if not ends:
        return 0
    if "+" in plain.text[start : run[first].start]:
        return _with_plus(plain.text, run, first, ends)
    if _is_cued(plain.lower, start, run[ends[-1] - 1].end):
        return _after_cue(plain.text, run, first, ends, region)
    if is_labelled(plain.lower, start):
        return 0
    return next((it for it in reversed(ends) if _stands_alone(plain.text, run, first, it, region)), 0)


def _is_cued(lower: str, start: int, end: int) -> bool:
    before = _CUE.search(lower[max(0, start - _LOOKED_BACK) : start])
    return before is not None or _CUE_AFTER.match(lower, end) is not None


def _stands_alone(text: str, run: Sequence[Group], first: int, after: int, region: str) -> bool:
    """Whether the groups are a phone number, and not a part of a longer row in the same writing."""
    inner = text[run[first].end : run[first + 1].start] if after > first + 1 else ""
    before = first > 0 and len(run[first - 1]) > 2 and text[run[first - 1].end : run[first].start] == inner
    then = after < len(run) and len(run[after]) > 2 and text[run[after - 1].end : run[after].start] == inner
    return not (before or then) and _is_grouped(text, run[first:after], region)


def _ends(text: str, run: Sequence[Group], first: int) -> Sequence[int]:
    """Every end, nearest first, that leaves a phone number's count of digits and no part of a word behind."""
    ends, total = [], 0
    for after in range(first + 1, min(len(run), first + _MOST_GROUPS) + 1):
        total += len(run[after - 1])
        if total > _MOST:
            break
        if total >= _FEWEST and not _goes_on(text, run[after - 1].end):
            ends.append(after)
    return ends


def _with_plus(text: str, run: Sequence[Group], first: int, ends: Sequence[int]) -> int:
    # Mexican mobiles had a 1 after the country code until 2019, and in many address books have it still.
    numbers = {it: re.sub(r"^\+521(?=[0-9]{10}$)", "+52", f"+{digits(text, run[first:it])}") for it in ends}
    valid = (it for it in reversed(ends) if _is_valid(numbers[it], None))
    possible = (it for it in reversed(ends) if _is_possible(numbers[it], None))
    # "+44 (0)20 …" counts a nought that nobody dials.
    return next(valid, 0) or next(possible, 0) or (ends[-1] if "(0)" in text[run[first].end :][:5] else 0)


def _after_cue(text: str, run: Sequence[Group], first: int, ends: Sequence[int], region: str) -> int:
    if _DATE.match(text, run[first].start):
        return 0
    valid = (it for it in reversed(ends) if _is_valid(digits(text, run[first:it]), region))
    return next(valid, 0) or ends[-1]


def _is_grouped(text: str, groups: Sequence[Group], region: str) -> bool:
    number, shape = digits(text, groups), tuple(map(len, groups))
    if _DATE.fullmatch(text, groups[0].start, groups[-1].end):
        return False
    if len(shape) == 1:
        mobile = _BARE_MOBILES.get(region)
        return mobile is not None and mobile.fullmatch(number) is not None
    if shape in _NANP and _is_nanp_written(text, groups, region) and _is_valid(number, "US"):
        return True
    if number.startswith("00"):
        return _is_valid(f"+{number[2:]}", None)
    if number.startswith("0") and region not in _NANP_REGIONS:
        fewest = 8 if text[groups[0].start - 1 : groups[0].start] == "(" else 9
        return len(number) >= fewest and shape[0] > 1 and _is_possible(number, region)
    first, shapes = _SHAPES.get(region, ("", set()))
    return number[0] in first and shape in shapes and _is_valid(number, region)


def _is_nanp_written(text: str, groups: Sequence[Group], region: str) -> bool:
    """Whether North American groups are written as they are there; anything may have spaces elsewhere."""
    between = text[groups[-3].end : groups[-2].start]
    return region in _NANP_REGIONS or between.strip() in {"-", ".", ")"}


def _is_valid(number: str, region: str | None) -> bool:
    import phonenumbers  # Loads its table of countries: only once something looks like a number.

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


def _is_possible(number: str, region: str | None) -> bool:
    import phonenumbers

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


def _opening(text: str, start: int) -> int:
    """Where the number begins with its bracket and plus."""
    at = start
    while at > 0 and start - at < len(_OPENING) and text[at - 1] in _OPENING:
        at -= 1
    while text[at] == " ":
        at += 1
    return at if "+" in text[at:start] or "(" in text[at:start] else start


def _is_stuck(text: str, start: int) -> bool:
    """Whether what stands before makes it part of a word, a price, a version or an id."""
    if start == 0:
        return False
    before = text[start - 1]
    if text[start] == "+":
        return before.isalpha()
    if before.isalnum() or before in _STUCK:
        return True
    return before in ".,:/-" and start > 1 and text[start - 2].isalnum() and before != ":"


def _goes_on(text: str, end: int) -> bool:
    """Whether the number goes on after this group: a decimal, a time, a word."""
    if end == len(text):
        return False
    after = text[end]
    if after.isalpha() or after in "_%":
        return not text[end : end + 3].lower().startswith(("ext", "x"))
    return after in ".,:" and end + 1 < len(text) and text[end + 1].isdigit() and after != "."
