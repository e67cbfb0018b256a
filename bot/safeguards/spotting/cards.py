"""Payment cards: a card's prefix, a length it may have, Luhn's check, in the groups cards are written in."""

import re
from collections.abc import Iterator, Sequence

from stdnum import luhn

from bot.safeguards.spotting.plain import Kind, Plain, Span
from bot.safeguards.spotting.runs import Group, digits, is_labelled, is_part_of_word, runs

_FEWEST, _MOST = 13, 19
_SHAPES = {(4, 4, 4, 4), (4, 4, 4, 4, 3), (4, 4, 4, 4, 2), (4, 4, 4, 1), (4, 6, 5), (4, 6, 4), (6, 13)}
_SHAPES |= {(8, 8), (8, 4, 4), (4, 8, 4), (4, 4, 8), (12, 4), (4, 12)}
_PREFIXES = (
    # Prefix and the lengths issued with it (ISO/IEC 7812 ranges as the schemes publish them).
    (re.compile(r"4"), {13, 16, 19}),
    (re.compile(r"5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)"), {16}),
    (re.compile(r"3[47]"), {15}),
    (re.compile(r"3(?:0[0-5]|09|6|8|9)"), {14, 16, 19}),
    (re.compile(r"35(?:2[89]|[3-8])"), {16, 17, 18, 19}),
    (re.compile(r"6(?:011|4[4-9]|5|2|0|[37])|8[12]|50|5[6-9]"), {16, 18, 19}),
)
_CUE = re.compile(
    r"\b(?:card|visa|mastercard|master card|amex|american express|discover|maestro|debit|credit|cc|tarjeta"
    r"|karte|kreditkarte)\b(?P<gap>[^0-9\n\x01]{0,30})$"
)
_LOOKED_BACK = 48
_CODE = re.compile(
    r"\b(?:cvv2?|cvc2?|cv2|csc)\b[ ]?(?:code|number|no)?[ ]?(?:is|was)?[ :=#-]{0,3}(?P<value>[0-9]{3,4})\b"
)


def spot(plain: Plain) -> Iterator[Span]:
    """Card numbers, and the three or four digits on the back after their name."""
    for run in runs(plain.text, " .-", 3):
        if sum(map(len, run)) >= _FEWEST:
            yield from _in_run(plain, run)
    if "cv" in plain.lower or "csc" in plain.lower:
        for hit in _CODE.finditer(plain.lower):
            yield Span(*hit.span("value"), Kind.CARD_CODE)


def _in_run(plain: Plain, run: Sequence[Group]) -> Iterator[Span]:
    at = begin = 0
    while at < len(run):
        after = _card_from(plain, run, at, begin)
        if after:
            yield Span(run[at].start, run[after - 1].end, Kind.CARD)
        begin = after or begin
        at = after or at + 1


def _card_from(plain: Plain, run: Sequence[Group], first: int, begin: int) -> int:
    """Before which group the longest card number from this group on ends; 0 where none does.

    From group `begin` on, nothing is a card number yet.
    """
    total, found = 0, 0
    cued: bool | None = None
    for after in range(first + 1, min(len(run), first + _MOST) + 1):
        total += len(run[after - 1])
        if total > _MOST:
            break
        if total >= _FEWEST:
            cued = _is_cued(plain.lower, run[first].start) if cued is None else cued
            if _is_card(plain, run[max(begin, first - 1) : after + 1], run[first:after], cued):
                found = after
    return found


def _is_card(plain: Plain, around: Sequence[Group], groups: Sequence[Group], cued: bool) -> bool:
    """Whether the groups are a card number; `around` has them with the group before and after, if any."""
    is_part = is_part_of_word(plain.text, groups[0].start, groups[-1].end)
    is_written = not is_part and _is_written_as_card(plain.lower, around, groups)
    if is_part or not (cued or is_written):
        return False
    number = digits(plain.text, groups)
    if cued and is_written and len(number) in {15, 16}:
        return True  # A mistyped card number is one digit away from the real one.
    return _has_prefix(number) and luhn.is_valid(number)


def _is_written_as_card(lower: str, around: Sequence[Group], groups: Sequence[Group]) -> bool:
    shape = tuple(map(len, groups))
    if len(shape) == 1:
        # Thirteen or fourteen in one go are a barcode: cards of that length are hardly issued any more.
        return shape[0] > 14 and not is_labelled(lower, groups[0].start)
    if set(shape) == {1}:
        return len(around) == len(shape)
    # In the middle of a longer row of fours it is part of a tracking number.
    in_row = len(around) == len(groups) + 2 and len(around[0]) == shape[0]
    return shape in _SHAPES and not in_row


def _has_prefix(number: str) -> bool:
    return any(len(number) in lengths and prefix.match(number) for prefix, lengths in _PREFIXES)


def _is_cued(lower: str, at: int) -> bool:
    before = lower[max(0, at - _LOOKED_BACK) : at]
    return _CUE.search(before) is not None and not is_labelled(lower, at)
