"""Street addresses, as far as writing gives them away: number, name and kind of street; a box; a cue."""

import re
from collections.abc import Iterator

from bot.safeguards.spotting.plain import Kind, Plain, Span

_PLAIN_TYPES = r"street|avenue|boulevard|crescent|terrace|highway|parkway|cul-de-sac"
_TYPES = (
    rf"{_PLAIN_TYPES}|road|lane|drive|court|st|ave|av|rd|blvd|ln|dr|ct|cres|pkwy|hwy|gdns|mews|marg|nagar"
)
_TYPES_TOO = (
    r"way|place|pl|square|sq|close|grove|gardens|row|hill|park|parade|pde|trail|trl|circle|cir|walk|quay|rise|view"
    r"|esplanade|loop"
)
"""Words that as often mean something else: only where the address ends there."""
_ENDS = r"(?=[,.;)\n]|$| (?:in|and|is|was|but|again|near|by|apt|unit|top|side|n|s|e|w)\b)"
_NOT_NAMES = (
    r"(?:the|of|on|in|at|to|for|from|and|a|an|is|was|by|my|his|her|with|down|off|times?|minutes?|mins?|hours?"
    r"|hrs?|days?|weeks?|months?|years?|people|calls?|percent|more|or|that|this|blocks?|lanes?|miles?|km|stops?"
    r"|items?|orders?|parcels?|refunds?|different|wrong|other|new|old|cars?|vans?|trucks?|about|i|it|we|they|he"
    r"|she|per|via|lines?|digits?|gb|mb|tb)"
)
_SENTENCE = (
    r"and|but|who|because|so|is|was|are|it|he|she|they|the|for|with|please|since|not|where|which|when|by|on"
    r"|to|from|that|this|today|tomorrow|yesterday|via|after|before|as|has|had|order|ticket|parcel|phone|tel|dob"
    r"|born"
)
_SUITE = r"(?:,? ?(?:apt|apartment|unit|suite|ste|flat|floor|fl|#)\.? ?#?[0-9a-z-]{1,6}\b)?"
_TOWN = r"(?:,? [A-ZÉÎ][\w.'-]{1,24}){1,3}"
_UK_CODE = r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2}\b"
_CA_CODE = r"[ABCEGHJ-NPRSTVXY][0-9][A-Z] ?[0-9][A-Z][0-9]\b"
_TAIL = (
    rf"(?:(?:{_TOWN})?,? (?:{_UK_CODE}|{_CA_CODE})"
    rf"|{_TOWN},? (?:[A-Z]{{2,3}} )?[0-9]{{4,6}}(?:-[0-9]{{4}})?\b)?"
)
_NUMBER = (
    r"(?<![\w$£€₹#.,:/+-])(?:(?:[Ff]lat|[Uu]nit|[Aa]pt\.?) ?#?[0-9]{1,4}[a-zA-Z]?[,/] ?)?"
    r"[0-9]{1,5}(?:[-/][0-9]{1,4})?[a-zA-Z]?"
)

_NAMED = re.compile(
    rf"{_NUMBER},? (?:[NSEW]{{1,2}}\.? |(?:North|South|East|West) )?"
    rf"(?!(?i:{_NOT_NAMES})\b(?! Avenue))"
    rf"(?:[A-Z][\w'.-]{{1,24}} |[0-9]{{1,3}}(?:st|nd|rd|th) |(?:of|the|de|la|del) ){{1,4}}?"
    rf"(?i:(?:{_TYPES})\b\.?|(?:{_TYPES_TOO})\b{_ENDS})(?: (?:N|S|E|W|NE|NW|SE|SW)\b)?(?i:{_SUITE}){_TAIL}"
)
_LOWER = re.compile(
    rf"{_NUMBER},? (?:(?!{_NOT_NAMES}\b)[a-z][a-z'.-]{{1,24}} |[0-9]{{1,3}}(?:st|nd|rd|th) ){{1,3}}?"
    rf"(?:{_PLAIN_TYPES}|road|lane|drive|ave|rd|blvd)\b\.?{_SUITE}"
)
_WORD = rf"(?!(?:{_SENTENCE})\b)[\w'-]{{1,24}}\.?"
_CUED = re.compile(
    r"\b(?:address(?: is| was|es)?|lives? (?:at|on)|living at|(?:ship(?:ped|ping)?|deliver(?:ed|y)?)"
    r" (?:it )?to|resid(?:es|ing) at|wohnhaft|wohnt in|anschrift|adresse|domicilio|direcci[oó]n"
    r"|vive en|addr)"
    r"[ :=-]{1,3}(?:is |the |at )?"
    r"(?P<value>(?:flat|unit|apt|no|house|block|plot|door)?\.? ?#?(?:[a-z]-)?[0-9]{1,5}[a-z]?[,/]? "
    rf"(?!{_NOT_NAMES}\b)(?=[a-z]){_WORD}(?: {_WORD}){{0,3}}(?:, ?{_WORD}(?: {_WORD}){{0,2}}){{0,4}})"
)
_STREET_FIRST = re.compile(
    r"(?<!\w)(?:[A-ZÄÖÜ][\wäöüß.-]{2,30}(?:straße|strasse|str\.|allee|platz|gasse|ufer|damm|weg)"
    r"|(?:[A-ZÄÖÜ][\wäöüß-]{2,20}[ -]){1,2}(?:Straße|Strasse|Str\.|Allee|Platz|Weg)"
    r"|(?:[Cc]alle|C/|[Aa]v(?:da|enida)?\.?|[Pp]laza|[Pp]aseo|[Cc]alz(?:ada|\.)|[Cc]arrer|[Rr]ue|[Vv]ia)"
    r"(?: (?:de|del|la|las|los|el)){0,2} (?:[A-ZÁÉÍÓÚÑ][\wáéíóúñ.-]{1,20} ?){1,4})"
    r",? ?(?:n[ºo°]?\.? ?|núm\.? ?|#)?[0-9]{1,4}[a-z]?\b(?:, ?[0-9]{1,2}[ºª°])?"
    r"(?:,? (?:Col\.? )?(?:[A-ZÁÉÍÓÚÑÄÖÜ][\wáéíóúñäöüß-]{1,20} ?){0,3})?"
    r"(?:,? ?(?:C\.?P\.? )?[0-9]{4,5}(?: [A-ZÄÖÜ][\wäöüß-]{2,24})?\b)?"
)
_CAPITAL = r"[A-ZÁÉÍÓÚÑÄÖÜ][\wáéíóúñäöüßèç.'-]{1,24}"
_TOWN_AFTER = re.compile(
    rf"(?<!\w)(?:{_CAPITAL} ){{1,4}}[0-9]{{1,4}}[a-z]?,? "
    rf"(?:(?:D-)?[0-9]{{5}} {_CAPITAL}|Col\. {_CAPITAL}(?: {_CAPITAL}){{0,3}})"
    rf"|{_NUMBER},? (?:[Rr]ue|[Cc]hemin|[Bb]oulevard|[Aa]venue|[Vv]ia|[Cc]alle) "
    rf"(?:(?:de|du|des|la|le|del) ){{0,2}}{_CAPITAL}(?: {_CAPITAL}){{0,2}}{_TAIL}"
)
_BOX = re.compile(
    r"\bp\.? ?o\.? ?box ?#?:? ?[0-9]{1,7}\b|\bpostfach ?[0-9 ]{2,9}\b"
    r"|\bapartado(?: de correos)? ?[0-9]{1,6}\b"
)
_CODE_CUE = re.compile(
    r"\b(?:post ?code|postal code|zip(?: ?code)?|eircode|plz|pin ?code)\b[ :=-]{0,3}(?:is |was )?"
    rf"(?P<value>(?i:{_UK_CODE}|{_CA_CODE})|[0-9]{{5}}(?:-[0-9]{{4}})?\b|[a-z][0-9][0-9w] ?[a-z0-9]{{4}}\b"
    r"|[0-9]{4,6}\b)"
)
_UK = re.compile(rf"(?<![\w-])(?!\w{{2,4}} ?[0-9](?:GB|TB)\b){_UK_CODE}(?![\w-])")


def spot(plain: Plain, region: str) -> Iterator[Span]:
    """Addresses and, where a cue or the region says so, postcodes."""
    for pattern in (_NAMED, _STREET_FIRST, _TOWN_AFTER, *([_UK] if region == "GB" else [])):
        for hit in pattern.finditer(plain.text):
            yield Span(*hit.span(), Kind.ADDRESS)
    for pattern in (_LOWER, _BOX):
        for hit in pattern.finditer(plain.lower):
            yield Span(*hit.span(), Kind.ADDRESS)
    for pattern in (_CUED, _CODE_CUE):
        for hit in pattern.finditer(plain.lower):
            yield Span(*hit.span("value"), Kind.ADDRESS)
