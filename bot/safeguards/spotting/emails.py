"""E-mail addresses, also as Slack links them and as people spell them out."""

import re
from collections.abc import Iterator

from bot.safeguards.spotting.plain import Kind, Plain, Span

_LONGEST_NAME = 64  # RFC 5321, section 4.5.3.1
_BEFORE = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}")
_AFTER = re.compile(r"@ ?((?:[\w](?:[\w-]{0,62}\.)){1,6}[^\W\d_][\w-]{1,23})")
_LINK = re.compile(r"<(?P<scheme>mailto|tel):[^<>\n\x01]{1,300}>")
_SPELT = re.compile(
    r"\b[a-z0-9][\w.+-]{0,63} ?(?:\(at\)|\[at\]|\{at\}| at )[ ]?[a-z0-9-]{2,40}"
    r"(?: ?(?:\(dot\)|\[dot\]|\{dot\}| dot ) ?|\.)(?:com|net|org|edu|io|co|de|es|fr|ie|ca|in|ph|mx|uk|au)\b"
)
_SIGNS = (" dot ", "(at)", "[at]", "{at}", "(dot)", "[dot]")


def spot(plain: Plain) -> Iterator[Span]:
    """Every e-mail address; a Slack link to a phone number as well."""
    text = plain.lower
    if "<mailto:" in text or "<tel:" in text:
        for link in _LINK.finditer(text):
            yield Span(*link.span(), Kind.PHONE if link["scheme"] == "tel" else Kind.EMAIL)
    at = text.find("@")
    while at >= 0:
        found = _around(text, at)
        if found:
            yield found
        at = text.find("@", found.end if found else at + 1)
    if any(sign in text for sign in _SIGNS):
        for spelt in _SPELT.finditer(text):
            if not _is_place(spelt[0]):
                yield Span(*spelt.span(), Kind.EMAIL)


def _around(text: str, at: int) -> Span | None:
    after = _AFTER.match(text, at)
    # Read backwards from the @, so that a long text without one costs nothing.
    before = _BEFORE.match(text[max(0, at - _LONGEST_NAME) : at][::-1])
    if not after or not before:
        return None
    # Punctuation around it is the sentence's own.
    name = before[0][::-1].lstrip(".!#$%&'*/=?^`{|}~-")
    return Span(at - len(name), after.end(), Kind.EMAIL) if name else None


def _is_place(words: str) -> bool:
    """ "look at example.com" is about a page: one of "at" and "dot" must be spelt out oddly."""
    return " at " in words and not re.search(r"dot|\(|\[|\{", words)
