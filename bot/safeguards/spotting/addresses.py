"""Street addresses, as far as their writing gives them away: number, name and kind of street, or a box, or a cue."""

import re
from collections.abc import Iterator

from bot.safeguards.spotting.plain import Kind, Plain, Span

_PLAIN_TYPES = r"street|avenue|boulevard|crescent|terrace|highway|parkway|cul-de-sac"
_TYPES = (
    rf"{_PLAIN_TYPES}|road|lane|drive|court|st|ave|av|rd|blvd|ln|dr|ct|way|place|pl|square|sq|close|cres|grove|gardens"
    r"|gdns|mews|row|hill|park|parade|pde|pkwy|hwy|trail|trl|circle|cir|walk|quay|marg|nagar|esplanade|loop|rise|view"
)
_NOT_NAMES = (
    r"(?:the|of|on|in|at|to|for|from|and|a|an|is|was|by|my|his|her|with|down|off|times?|minutes?|mins?|hours?|hrs?"
    r"|days?|weeks?|months?|years?|people|calls?|percent|more|of|or|that|this|blocks?|lanes?|miles?|km|stops?|items?"
    r"|orders?|parcels?|refunds?|different|wrong|other|new|old|cars?|vans?|trucks?|about|i|it|we|they|he|she|per|via)"
)
_SUITE = r"(?:,? ?(?:apt|apartment|unit|suite|ste|flat|floor|fl|#)\.? ?#?[0-9a-z-]{1,6}\b)?"
_TOWN = r"(?:,? [A-Z][a-zA-Z.'-]{1,24}){1,3}"
_US_TAIL = rf"(?:{_TOWN},? ?(?:[A-Z]{{2}})\.? [0-9]{{5}}(?:-[0-9]{{4}})?)?"
_UK_CODE = r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2}\b"
_CA_CODE = r"[ABCEGHJ-NPRSTVXY][0-9][A-Z] ?[0-9][A-Z][0-9]\b"
_TAIL = rf"(?:(?:{_TOWN})?,? (?:{_UK_CODE}|{_CA_CODE})|{_TOWN},? (?:[A-Z]{{2,3}} )?[0-9]{{4,6}}(?:-[0-9]{{4}})?\b)?"
_NUMBER = r"(?<![\w$£€₹#.,:/+-])(?:flat|unit|apt)?[0-9]{1,5}(?:-[0-9]{1,4})?[a-zA-Z]?"

_NAMED = re.compile(
    rf"{_NUMBER},? (?:[NSEW]{{1,2}}\.? |(?:North|South|East|West) )?"
    rf"(?:[A-Z][\w'.-]{{1,24}} |[0-9]{{1,3}}(?:st|nd|rd|th) |(?:of|the|de|la|del) ){{1,4}}?"
    rf"(?i:{_TYPES})\b\.?(?: (?:N|S|E|W|NE|NW|SE|SW)\b)?(?i:{_SUITE}){_TAIL}"
)
_LOWER = re.compile(
    rf"{_NUMBER},? (?:(?!{_NOT_NAMES}\b)[a-z][a-z'.-]{{1,24}} |[0-9]{{1,3}}(?:st|nd|rd|th) ){{1,3}}?"
    rf"(?:{_PLAIN_TYPES}|road|lane|drive|ave|rd|blvd)\b\.?{_SUITE}"
)
_CUED = re.compile(
    r"\b(?:address(?: is| was|es)?|lives? (?:at|on)|living at|ship(?:ped|ping)? (?:it )?to|deliver(?:ed|y)? (?:it )?to"
    r"|resid(?:es|ing) at|moved to|wohnhaft|wohnt in|anschrift|adresse|domicilio|direcci[oó]n|vive en|addr)"
    r"[ :=-]{1,3}(?:is |the |at )?"
    rf"(?P<value>(?:flat|unit|apt|no|house|block|plot|door)?\.? ?#?[0-9]{{1,5}}[a-z]?[,/]? (?!{_NOT_NAMES}\b)[a-z][\w'. -]{{2,40}}"
    r"(?:, ?[\w'. -]{2,30}){0,4})"
)
_STREET_FIRST = re.compile(
    r"(?<!\w)(?:[A-ZÄÖÜ][\wäöüß.-]{2,30}(?:straße|strasse|str\.|allee|platz|gasse|ufer|damm|weg)"
    r"|(?:[A-ZÄÖÜ][\wäöüß-]{2,20}[ -]){1,2}(?:Straße|Strasse|Str\.|Allee|Platz|Weg)"
    r"|(?:[Cc]alle|C/|[Aa]venida|[Aa]vda\.?|[Pp]laza|[Pp]aseo|[Cc]alz(?:ada|\.)|[Cc]arrer|[Rr]ue|[Vv]ia)"
    r"(?: (?:de|del|la|las|los|el)){0,2} (?:[A-ZÁÉÍÓÚÑ][\wáéíóúñ.-]{1,20} ?){1,4})"
    r",? ?(?:n[ºo°]?\.? ?|núm\.? ?|#)?[0-9]{1,4}[a-z]?\b"
    r"(?:,? (?:Col\.? )?(?:[A-ZÁÉÍÓÚÑÄÖÜ][\wáéíóúñäöüß-]{1,20} ?){0,3})?(?:,? ?(?:C\.?P\.? )?[0-9]{4,5}(?: [A-ZÄÖÜ][\wäöüß-]{2,24})?\b)?"
)
_BOX = re.compile(
    r"\bp\.? ?o\.? ?box ?#?:? ?[0-9]{1,7}\b|\bpostfach ?[0-9 ]{2,9}\b|\bapartado(?: de correos)? ?[0-9]{1,6}\b"
)
_CODE_CUE = re.compile(
    rf"\b(?:post ?code|postal code|postcode is|zip(?: ?code)?|eircode|plz|pin ?code)\b[ :=-]{{0,3}}(?:is |was )?"
    rf"(?P<value>(?i:{_UK_CODE}|{_CA_CODE})|[0-9]{{5}}(?:-[0-9]{{4}})?\b|[a-z][0-9][0-9w] ?[a-z0-9]{{4}}\b|[0-9]{{4,6}}\b)"
)
_UK = re.compile(rf"(?<![\w-])(?!\w+ ?[0-9](?:GB|TB)\b){_UK_CODE}(?![\w-])")


def spot(plain: Plain, region: str) -> Iterator[Span]:
    """Addresses and, where a cue or the region says so, postcodes."""
    for pattern in (_NAMED, _STREET_FIRST, *([_UK] if region == "GB" else [])):
        for hit in pattern.finditer(plain.text):
            yield Span(*hit.span(), Kind.ADDRESS)
    for pattern in (_LOWER, _BOX):
        for hit in pattern.finditer(plain.lower):
            yield Span(*hit.span(), Kind.ADDRESS)
    for pattern in (_CUED, _CODE_CUE):
        for hit in pattern.finditer(plain.lower):
            yield Span(*hit.span("value"), Kind.ADDRESS)
