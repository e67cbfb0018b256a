"""Dates of birth: a date in any written form, beside a word that says whose day it is."""

import re
from collections.abc import Iterator

from bot.safeguards.spotting.plain import Kind, Plain, Span

_MONTHS = (
    r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|m[aä]rz|apr(?:il)?|may|mai|jun[ei]?|jul[iy]?|aug(?:ust)?"
    r"|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio"
    r"|agosto|septiembre|setiembre|octubre|noviembre|diciembre)\b\.?"
)
_DAY = r"[0-3]?[0-9](?:st|nd|rd|th|\.)?"
_YEAR = r"(?:'?[0-9]{2}|(?:18|19|20)[0-9]{2})\b"
_DATE = (
    rf"(?:(?:18|19|20)[0-9]{{2}} ?[-./ ] ?[01]?[0-9] ?[-./ ] ?[0-3]?[0-9]\b"
    rf"|[0-3]?[0-9] ?[-./ ] ?[0-3]?[0-9] ?[-./ ] ?{_YEAR}"
    rf"|{_DAY}[ -]?(?:of |de )?{_MONTHS}(?:[ ,-]{{0,2}}(?:of |de |del )?{_YEAR})?"
    rf"|{_MONTHS}[ -]?{_DAY}(?![0-9])(?:[ ,]{{0,2}}{_YEAR})?"
    rf"|{_MONTHS}[ ,]{{1,2}}(?:of |de )?(?:18|19|20)[0-9]{{2}}\b"
    r"|(?:18|19|20)[0-9]{6}\b|[0-3][0-9][01][0-9](?:19|20)[0-9]{2}\b)"
)
_CUE = (
    r"\b(?:d\.?o\.?b\b\.?|date[ -]?of[ -]?birth|birth ?date|birthdate|birth ?day|born|b-?day"
    r"|geb(?:oren|urtstag|urtsdatum)?\b\.?|fecha de nac(?:imiento|\.)?"
    r"|f\. ?nac\.?|naci(?:do|da|[oó])|n[eé]e? le)"
)
_AFTER_CUE = re.compile(rf"{_CUE}(?![a-z])[^0-9\n\x01]{{0,24}}?(?<![a-z0-9])(?P<value>{_DATE})")
_BEFORE_CUE = re.compile(
    rf"(?<![\w./-])(?P<value>{_DATE})[ ]?[(,:]? ?(?:is (?:my|her|his|the|their) )?"
    r"(?:d\.?o\.?b\b|date of birth|birthday)"
)
_SIGNS = ("dob", "d.o.b", "birth", "born", "bday", "b-day", "geb", "nac", "né", "ne le", "nee le")


def spot(plain: Plain) -> Iterator[Span]:
    """Dates beside their cue; every other date is left alone."""
    lower = plain.lower
    if any(sign in lower for sign in _SIGNS):
        for pattern in (_AFTER_CUE, _BEFORE_CUE):
            for hit in pattern.finditer(lower):
                yield Span(*hit.span("value"), Kind.BIRTH)
