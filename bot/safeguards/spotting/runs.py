"""Digits in groups, as people write long numbers, and what a text says a number is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_GROUPS = re.compile(r"[0-9]+")
_BETWEEN = frozenset(" .-/()")

_LABEL = re.compile(
    r"\b(?:order|ticket|track(?:ing)?|case|ref(?:erence)?|invoice|inv|booking|reservation|confirmation|claim"
    r"|sku|serial|imei|model|part|rma|parcel|consignment|shipment|awb|waybill|po|version|build|transaction|item"
    r"|bestell(?:ung|nummer)?|sendung(?:snummer)?|rechnung(?:snummer)?|pedido|factura|gu[ií]a"
    r"|seguimiento|contract|vertrag(?:s-?nr|snummer)?|kunden(?:-?nr|nummer)|control|folio|expediente|contrato|txn"
    r"|coupon|voucher|gutschein|job|batch|lot)"
    r"(?: (?:id|no|nr|num|number|code|de|del))?[.#:= \-]{0,4}(?:(?:is|was|es|ist) )?#?$"
)
_LOOKED_BACK = 40


@dataclass(frozen=True, slots=True)
class Group:
    """Digits next to each other."""

    start: int
    end: int

    def __len__(self) -> int:
        """How many digits."""
        return self.end - self.start


def runs(text: str, between: str, widest: int) -> Iterator[Sequence[Group]]:
    """Groups of digits with at most `widest` characters between, all of them out of `between`."""
    allowed = _BETWEEN.intersection(between)
    run: list[Group] = []
    for hit in _GROUPS.finditer(text):
        group = Group(hit.start(), hit.end())
        if run and not _joins(text, run[-1].end, group.start, allowed, widest):
            yield run
            run = []
        run.append(group)
    if run:
        yield run


def digits(text: str, groups: Sequence[Group]) -> str:
    """Nothing but the digits."""
    return "".join(text[it.start : it.end] for it in groups)


def is_labelled(lower: str, at: int) -> bool:
    """Whether the words before say that the number is an order, a parcel or the like."""
    return _LABEL.search(lower[max(0, at - _LOOKED_BACK) : at]) is not None


def is_part_of_word(text: str, start: int, end: int) -> bool:
    """Whether letters, digits or an underscore touch it: "1Z999", "CS_4111"."""
    return (start > 0 and _is_word(text[start - 1])) or (end < len(text) and _is_word(text[end]))


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _joins(text: str, end: int, start: int, allowed: frozenset[str], widest: int) -> bool:
    return start - end <= widest and allowed.issuperset(text[end:start])
