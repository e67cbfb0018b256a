"""Identity numbers of countries: always after their name; else by checksum, in their writing or region."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from stdnum.au import tfn
from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.ie import pps
from stdnum.in_ import aadhaar, pan
from stdnum.it import codicefiscale
from stdnum.mx import curp, rfc

from bot.safeguards.spotting.plain import Kind, Plain, Span
from bot.safeguards.spotting.runs import is_labelled

Check = Callable[[str], bool]
_MEDICARE_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9)


def _shape_alone(_: str) -> bool:
    return True


def _is_ssn(number: str) -> bool:
    """Social Security number or ITIN: no part all noughts, and never 666 (SSA's rule)."""
    area, group, serial = number[:3], number[3:5], number[5:]
    return area not in {"000", "666"} and group != "00" and serial != "0000"


def _is_medicare(number: str) -> bool:
    """Australian Medicare: the ninth digit checks the first eight."""
    total = sum(weight * int(digit) for weight, digit in zip(_MEDICARE_WEIGHTS, number, strict=False))
    return total % 10 == int(number[8])


@dataclass(frozen=True, slots=True)
class Rule:
    """How one country's number is written; patterns are for lower case, values without their boundaries.

    `cued` follows the cue, however mistyped; `anywhere` is so much its own that no cue is needed, `at_home`
    is so in the region alone. The two latter must pass the check.
    """

    cue: str
    cued: str
    check: Check = _shape_alone
    anywhere: str = ""
    at_home: str = ""
    regions: frozenset[str] = frozenset()
    home_cue: str = ""
    """Cues that elsewhere are everyday words."""
    kind: Kind = Kind.NATIONAL_ID


def _in(*regions: str) -> frozenset[str]:
    return frozenset(regions)


_THREE_THREES = r"[0-9]{3}([ -])[0-9]{3}\1[0-9]{3}"
_NINE = r"[0-9]{3}[ .-]?[0-9]{3}[ .-]?[0-9]{3}"
_NINO = r"[a-ceghj-prstw-z][a-ceghj-nprstw-z]"
_SPANISH = r"(?:[0-9]{8}|[0-9]{2}\.[0-9]{3}\.[0-9]{3})[ -]?[a-z]|[xyz][ -]?[0-9]{7}[ -]?[a-z]"

RULES: tuple[Rule, ...] = (
    Rule(
        r"ssn|s\.s\.n|social security|itin|tax(?:payer)? id(?:entification)?",
        r"[0-9]{3}[ .-]?[0-9]{2}[ .-]?[0-9]{4}",
        _is_ssn,
        anywhere=r"[0-9]{3}-[0-9]{2}-[0-9]{4}",
        at_home=r"[0-9]{3} [0-9]{2} [0-9]{4}",
        regions=_in("US"),
        home_cue=r"tin|social(?! (?:media|post|network|team|channel|page|account)s?\b)",
    ),
    Rule(
        r"medicare|mbi",
        r"[1-9][a-z][a-z0-9][0-9]-?[a-z][a-z0-9][0-9]-?[a-z]{2}[0-9]{2}",
        anywhere=r"[1-9][a-z][a-z0-9][0-9]-[a-z][a-z0-9][0-9]-[a-z]{2}[0-9]{2}",
        kind=Kind.HEALTH_NUMBER,
    ),
    Rule(
        r"national insurance|ni (?:number|no)|nino|n\.i\.?",
        r"[a-z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[a-d]",
        anywhere=rf"{_NINO} [0-9]{{2}} [0-9]{{2}} [0-9]{{2}} [a-d]",
        at_home=rf"{_NINO} ?[0-9]{{2}} ?[0-9]{{2}} ?[0-9]{{2}} ?[a-d]",
        regions=_in("GB"),
        home_cue="ni",
    ),
    Rule(
        r"nhs",
        r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}",
        nhs.is_valid,
        at_home=r"[0-9]{3}([ -])[0-9]{3}\1[0-9]{4}",
        regions=_in("GB"),
        kind=Kind.HEALTH_NUMBER,
    ),
    Rule(
        r"ppsn?|pps no|personal public service",
        r"[0-9]{7} ?[a-w][a-iw]?",
        pps.is_valid,
        at_home=r"[0-9]{7}[a-w][a-iw]?",
        regions=_in("IE"),
    ),
    Rule(
        r"s\.i\.n|social insurance",
        _NINE,
        sin.is_valid,
        at_home=_THREE_THREES,
        regions=_in("CA"),
        home_cue="sin|nas",
    ),
    Rule(
        r"tfn|tax file",
        r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{2,3}",
        tfn.is_valid,
        at_home=_THREE_THREES,
        regions=_in("AU"),
    ),
    Rule(
        r"medicare",
        r"[2-6][0-9]{3}[ -]?[0-9]{5}[ -]?[0-9](?:[ -]?[0-9]| ?/ ?[0-9])?",
        _is_medicare,
        at_home=r"[2-6][0-9]{3}([ -])[0-9]{5}\1[0-9](?:[ /-][0-9])?",
        regions=_in("AU"),
        kind=Kind.HEALTH_NUMBER,
    ),
    Rule(
        r"steuer-?(?:id|identifikationsnummer|nummer|nr)|steuerliche id\w{0,30}|id-?nr|tax id",
        r"[0-9]{2}[ /]?[0-9]{3}[ /]?[0-9]{3}[ /]?[0-9]{3}",
        idnr.is_valid,
        at_home=r"[0-9]{2} [0-9]{3} [0-9]{3} [0-9]{3}",
        regions=_in("DE"),
    ),
    Rule(
        r"dni|nie|nif|documento(?: nacional)?(?: de identidad)?",
        _SPANISH,
        lambda it: dni.is_valid(it) or nie.is_valid(it),
        at_home=_SPANISH,
        regions=_in("ES"),
    ),
    Rule(
        r"curp",
        r"[a-z]{4} ?[0-9]{6} ?[a-z]{6} ?[0-9a-z] ?[0-9]",
        curp.is_valid,
        anywhere=r"[a-z]{4}[0-9]{6}[hmx][a-z]{5}[0-9a-z][0-9]",
        regions=_in("MX"),
    ),
    Rule(
        r"rfc",
        r"[a-zñ&]{3,4}[ -]?[0-9]{6}[ -]?[a-z0-9]{3}",
        rfc.is_valid,
        at_home=r"[a-zñ&]{4}[ -]?[0-9]{6}[ -]?[a-z0-9]{3}",
        regions=_in("MX"),
    ),
    Rule(
        r"philhealth|pag-?ibig|umid|phil(?:sys|id)",
        r"[0-9]{2,4}[ -]?[0-9]{3,9}[ -]?[0-9]{1,4}(?:[ -]?[0-9]{3,5})?",
        at_home=r"[0-9]{2}-[0-9]{7}-[0-9]|[0-9]{2}-[0-9]{9}-[0-9]|[0-9]{3}-[0-9]{3}-[0-9]{3}-[0-9]{3}"
        r"|[0-9]{4}-[0-9]{7}-[0-9]",
        regions=_in("PH"),
        home_cue="tin|sss|crn|psn|pcn",
    ),
    Rule(
        r"aad?haa?r|uidai",
        r"[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}",
        aadhaar.is_valid,
        at_home=r"[0-9]{4}([ -])[0-9]{4}\1[0-9]{4}",
        regions=_in("IN"),
    ),
    Rule(
        r"pan|permanent account",
        r"[a-z]{5} ?[0-9]{4} ?[a-z]",
        pan.is_valid,
        at_home=r"[a-z]{5}[0-9]{4}[a-z]",
        regions=_in("IN"),
    ),
    Rule(
        r"cpf",
        r"[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-?[0-9]{2}",
        cpf.is_valid,
        anywhere=r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}",
    ),
    Rule(
        r"codice fiscale|c\.f\.",
        r"[a-z]{6} ?[0-9]{2} ?[a-z] ?[0-9]{2} ?[a-z] ?[0-9]{3} ?[a-z]",
        codicefiscale.is_valid,
        anywhere=r"[a-z]{6}[0-9]{2}[a-ehlmprst][0-9]{2}[a-z][0-9]{3}[a-z]",
    ),
    Rule(
        r"nir|s[ée]curit[ée] sociale|num[ée]ro de s[ée]cu|insee",
        r"[12][ .]?[0-9]{2}[ .]?[0-9]{2}[ .]?[0-9]{2}[ .]?[0-9]{3}[ .]?[0-9]{3}(?:[ .]?[0-9]{2})?",
        nir.is_valid,
        at_home=r"[12] [0-9]{2} [0-9]{2} [0-9]{2} [0-9]{3} [0-9]{3} [0-9]{2}",
        regions=_in("FR"),
    ),
    Rule(r"bsn|burgerservicenummer", r"[0-9]{4}[ .]?[0-9]{2}[ .]?[0-9]{3}"),
    Rule(
        r"passport|reisepass|pasaporte|passeport",
        r"(?=(?:[a-z -]{0,4}[0-9]){4})(?:[a-z]{1,3}[ -]?)?[0-9][a-z0-9]{4,9}",
        kind=Kind.PASSPORT,
    ),
    Rule(
        r"driv(?:er'?s?|ing)'?s? ?(?:licen[cs]e|permit)|d\.?l\.?(?= ?(?:#|no|num|:))|f[üu]hrerschein"
        r"|(?:licencia|permiso) de conducir",
        r"(?=(?:[a-z -]{0,6}[0-9]){4})(?:[a-z]{0,5}[0-9][a-z0-9]{2,17}|[a-z]{1,5}[ -][0-9]{3,9}|[0-9]{3}"
        r"|[a-z]{2}[0-9]{2}[ -][0-9]{11})"
        r"(?:[ -][0-9]{1,11}[a-z]{0,2}\b){0,5}",
        kind=Kind.LICENCE,
    ),
    Rule(
        r"(?:national|personal|government|state|citizen)(?:[- ]issued)? (?:id|identity|identification)"
        r"(?: card)?|identity card|id card|personalausweis(?:nummer)?|c[ée]dula|clave de elector|voter id",
        r"(?=[a-z0-9-]{0,12}[0-9]{3})[a-z0-9](?:[ -]?[a-z0-9]){4,17}",
    ),
)

_CUE_GAP = r"[^0-9\n\x01]{0,34}?"


def _bounded(value: str) -> re.Pattern[str]:
    # Not a part of a word, a decimal, a longer row of groups or an id with a prefix.
    return re.compile(rf"(?<![\w$£€#])(?<![\w][-./])(?:{value})(?![\w]|[-./][\w])")


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules as one region reads them."""

    cues: re.Pattern[str]
    """Any cue at all: most lines have none, and need no look at each rule's."""
    cued: tuple[tuple[Kind, re.Pattern[str]], ...]
    uncued: tuple[tuple[Rule, re.Pattern[str]], ...]


@cache
def _rules(region: str) -> _Rules:
    cues = [
        f"{rule.cue}|{rule.home_cue}" if rule.home_cue and region in rule.regions else rule.cue
        for rule in RULES
    ]
    cued = tuple((rule.kind, _after(cue, rule.cued)) for rule, cue in zip(RULES, cues, strict=True))
    anywhere = [(rule, _bounded(rule.anywhere)) for rule in RULES if rule.anywhere]
    at_home = [(it, _bounded(it.at_home)) for it in RULES if it.at_home and region in it.regions]
    return _Rules(re.compile(rf"\b(?:{'|'.join(cues)})(?![a-z])"), cued, (*anywhere, *at_home))


def _after(cue: str, value: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{cue})(?![a-z]){_CUE_GAP}(?<![a-z0-9])(?P<value>{value})(?![a-z0-9])")


_SEPARATORS = re.compile(r"[ ./-]")


def spot(plain: Plain, region: str) -> Iterator[Span]:
    """Identity, health, passport and licence numbers."""
    lower, rules = plain.lower, _rules(region)
    if rules.cues.search(lower):
        for kind, pattern in rules.cued:
            for hit in pattern.finditer(lower):
                if not is_labelled(lower, hit.start("value")):
                    yield Span(*hit.span("value"), kind)
    for rule, pattern in rules.uncued:
        for hit in pattern.finditer(lower):
            is_one = rule.check(_SEPARATORS.sub("", hit[0]).upper())
            if is_one and not is_labelled(lower, hit.start()):
                yield Span(*hit.span(), rule.kind)
