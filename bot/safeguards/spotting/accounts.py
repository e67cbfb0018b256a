"""Bank accounts: IBAN by its checksum, others by the words they come with."""

import re
from collections.abc import Iterator
from functools import cache

from stdnum import iban

from bot.safeguards.spotting.plain import Kind, Plain, Span

_IBAN = re.compile(r"(?<![a-z0-9_])[a-z]{2}[0-9]{2}(?=[ -]?[a-z0-9])")
_LONGEST_IBAN = 34
_SHORTEST_IBAN = 15
_IBAN_CUE = re.compile(r"\biban\b[^0-9\n\x01]{0,30}$")

_GAP = r"[^0-9\n\x01]{0,30}?"
_CODES = re.compile(
    rf"(?:\b(?:sort[- ]?code|s/c)\b{_GAP}(?P<sort>[0-9]{{2}}[- ]?[0-9]{{2}}[- ]?[0-9]{{2}})"
    rf"|\b(?:routing|aba|rtn)\b{_GAP}(?P<routing>[0-9]{{9}})"
    rf"|\bbsb\b{_GAP}(?P<bsb>[0-9]{{3}}[- ]?[0-9]{{3}})"
    rf"|\bclabe\b{_GAP}(?P<clabe>[0-9]{{3}}[ -]?[0-9]{{3}}[ -]?[0-9]{{11}}[ -]?[0-9]|[0-9]{{18}})"
    r"|\bifsc\b[^\n\x01]{0,16}?(?P<ifsc>\b[a-z]{4}0[a-z0-9]{6})"
    rf"|\bblz\b{_GAP}(?P<blz>[0-9]{{3}} ?[0-9]{{3}} ?[0-9]{{2}}))(?![a-z0-9])"
)
_ACCOUNT = re.compile(
    r"\b(?:account|acct|acc|a/c|ac|konto(?:nummer|nr)?|cuenta)\b\.?(?: (?:number|no|num|nr))?"
    r"[^0-9\n\x01]{0,16}?(?P<value>[0-9](?:[ -]?[0-9]){5,17})(?![a-z0-9])"
)
_BANK = re.compile(
    r"\b(?:bank|checking|savings|current) (?:account|acct|acc|a/c)\b\.?(?: (?:number|no|num))?"
    rf"{_GAP}(?P<value>[0-9](?:[ -]?[0-9]){{5,17}})(?![a-z0-9])"
)
_BOTH = re.compile(
    r"(?<![\w-])[0-9]{2}-[0-9]{2}-[0-9]{2}(?:,? (?:acc(?:ount)?|a/c)?[ :]{0,2}|[ /]{1,3})[0-9]{8}(?![\w-])"
)
_SIGNS = (
    "sort",
    "s/c",
    "routing",
    "aba",
    "rtn",
    "bsb",
    "clabe",
    "ifsc",
    "blz",
    "bank",
    "checking",
    "savings",
    "current",
)
_NEAR = 70


def spot(plain: Plain, region: str) -> Iterator[Span]:
    """IBANs, and account numbers beside the name of what they are."""
    lower = plain.lower
    for hit in _IBAN.finditer(lower):
        end = _iban_end(lower, hit.start())
        if end:
            yield Span(hit.start(), end, Kind.IBAN)
    if region == "GB" or "sort" in lower:
        for both in _BOTH.finditer(lower):
            yield Span(*both.span(), Kind.BANK_ACCOUNT)
    if any(sign in lower for sign in _SIGNS):
        yield from _named(lower)


def _named(lower: str) -> Iterator[Span]:
    codes = [hit.span(hit.lastgroup or 0) for hit in _CODES.finditer(lower)]
    for span in codes:
        yield Span(*span, Kind.BANK_ACCOUNT)
    for hit in _BANK.finditer(lower):
        yield Span(*hit.span("value"), Kind.BANK_ACCOUNT)
    near = iter(codes)
    code = next(near, None)
    for hit in _ACCOUNT.finditer(lower):
        while code and code[1] < hit.start() - _NEAR:
            code = next(near, None)
        if code and code[0] <= hit.end() + _NEAR:
            yield Span(*hit.span("value"), Kind.BANK_ACCOUNT)


def _iban_end(lower: str, start: int) -> int:
    """Where the IBAN that begins here ends, or 0; a mistyped one counts after the word itself."""
    kept: list[int] = []
    at = start
    while at < len(lower) and len(kept) < _LONGEST_IBAN:
        if lower[at].isascii() and lower[at].isalnum():
            kept.append(at)
        elif lower[at] not in " -" or lower[at - 1] in " -":
            break
        at += 1
    compact = "".join(lower[it] for it in kept).upper()
    length = _length(compact[:2])
    if length < _SHORTEST_IBAN or len(compact) < length:
        return 0
    end = kept[length - 1] + 1
    if end < len(lower) and lower[end].isalnum():
        return 0
    is_one = iban.is_valid(compact[:length], check_country=False)
    return end if is_one or _IBAN_CUE.search(lower[max(0, start - 40) : start]) else 0


@cache
def _length(country: str) -> int:
    """How long this country's IBANs are (SWIFT's registry, as stdnum carries it); 0 for none."""
    structure = iban._ibandb.info(f"{country}00")[0][1].get("bban", "")
    return 4 + sum(map(int, re.findall(r"([0-9]+)!", structure))) if structure else 0
