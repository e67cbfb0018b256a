"""From whatever somebody typed or pasted to plain words; pure, bounded, and never raising."""

import re
import unicodedata
from collections.abc import Mapping
from string import ascii_lowercase

LONGEST = 4_000
"""Characters read of one query; Slack itself allows 3,000 in a field and 40,000 in a message."""

_STRAIGHT = str.maketrans(
    {
        "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-",
        "\u00a0": " ", "\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None, "\u2060": None,
        "\u200e": None, "\u200f": None, "\u202a": None, "\u202b": None, "\u202c": None, "\u202d": None,
        "\u202e": None, "\u2066": None, "\u2067": None, "\u2068": None, "\u2069": None, "\u00ad": None,
    }
)  # fmt: skip
_MARKUP = re.compile(r"<(?:https?|mailto)[^<>|]*(?:\|([^<>]*))?>|<[@#!][^<>]*>|https?://\S+|www\.\S+")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_TRIPLES = tuple(it * 3 for it in ascii_lowercase)
"""Without one of these no word is stretched: to look for them is cheaper than the closer look."""
_SECTION = re.compile(r"[\s|•](?:(?<=[.!?;]\s)|(?<=[\n|•])|--?\s)")
_MASKED = re.compile(r"\b[a-z]+[*@#$%]{2,}[a-z]*|\b[a-z]+\*[a-z]+|(?<!\S)[@#$%&!*]{4,}")

_WORD = re.compile(
    r"(?P<word>[a-z]+(?:'[a-z]+)*)(?![a-z'\d/-])"
    r"|(?P<money>[£$€]\s?\d[\d.,]*k?|\b\d[\d.,]*\s?(?:usd|gbp|eur|quid|bucks|dollars?|pounds?|euros?)\b)"
    r"|(?P<pct>\d[\d.,]*\s?(?:%|percent\b|per cent\b|pct\b))"
    r"|(?P<time>\b\d{1,2}(?::\d\d\s?(?:[ap]\.?m)?|\s?[ap]m)\b)"
    r"|(?P<ord>\b\d{1,3}(?:st|nd|rd|th)\b)"
    r"|(?P<many>\b\d{1,2}\s?x\b|\bx\s?\d{1,2}\b)"
    r"|(?P<id>\b(?:[a-z]{0,4}-?)?\d[\d-]{4,}\b|#\w*\d\w*)"
    r"|(?P<n>\d+(?:[.,]\d+)?)"
    r"|(?P<short>\bw/o?\b|\bb/c\b|\bc/o\b|\bn/a\b|\b24/7\b)"
    r"|(?P<joined>[a-z]+(?:'[a-z]+)*)"
    r"|(?P<stop>[.!?;,:()&+])"
)
"""What counts as a word; numbers become marks such as <money>, since an amount says nothing about meaning."""

_NUMBERS = {
    "first": ("first", 1),
    "second": ("second", 2),
    "third": ("<ord>", 3),
    "fourth": ("<ord>", 4),
    "forth": ("<ord>", 4),
    "fifth": ("<ord>", 5),
    "sixth": ("<ord>", 6),
    "seventh": ("<ord>", 7),
    "eighth": ("<ord>", 8),
    "ninth": ("<ord>", 9),
    "tenth": ("<ord>", 10),
    "two": ("<n>", 2),
    "three": ("<n>", 3),
    "four": ("<n>", 4),
    "five": ("<n>", 5),
    "six": ("<n>", 6),
    "seven": ("<n>", 7),
    "eight": ("<n>", 8),
    "nine": ("<n>", 9),
    "ten": ("<n>", 10),
    "eleven": ("<n>", 11),
    "twelve": ("<n>", 12),
}
PAUSE = ","
"""What punctuation is read as that ends a thought."""
PAUSES = ".!?;,:()"
_SIGNS = {**dict.fromkeys(PAUSES, PAUSE), "&": "and", "+": "and"}
_SIMPLE = re.compile(r"[a-z]+(?:'[a-z]+)*|[.!?;,:()&+]")
_DIFFICULT = frozenset("0123456789/")
"""Without these, no word is anything but letters."""
_HIDDEN_SWEARING = "swearword"
_MASKING = re.compile(r"[*@#$%&!]{2}|\*")
_MASKS = ("*", "@", "#", "$", "%", "&", "!!")
_ENDS = frozenset(".!?;\n-|•")


def clean(text: str) -> str:
    """What was typed, bounded, in plain characters, without markup, links or invisible marks."""
    text = text[:LONGEST]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _UNPRINTABLE.sub(" ", text.translate(_STRAIGHT)))[:LONGEST]
    elif not text.isprintable():
        text = _UNPRINTABLE.sub(" ", text)
    if "<" in text or "http" in text or "www." in text:
        text = _MARKUP.sub(lambda found: found[1] or " ", text)
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return text


def folded(text: str) -> str:
    """Lower case without accents and stretched letters: "SOOOO" and "soo" read the same."""
    text = text.lower()
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    if any(map(text.__contains__, _TRIPLES)):
        text = _STRETCHED.sub(r"\1\1", text)
    if any(map(text.__contains__, _MASKS)) and _MASKING.search(text):
        text = _MASKED.sub(_HIDDEN_SWEARING, text)
    return text


def sections(text: str) -> list[str]:
    """The sentences and lines of a cleaned text, each worth reading on its own."""
    text = text.strip()
    if _ENDS.isdisjoint(text):
        return [text] if text else []
    return [part for part in _SECTION.split(text) if part and not part.isspace()]


def one_line(text: str) -> str:
    """The text on one line, for repeating it."""
    return " ".join(text.split())


class Word:
    """One word as typed, with the mark or letters it is read as, and its number if it has one.

    `stems` are what a reader made of it, `spelt` how it counts among the spellings: "" for a pause.
    """

    __slots__ = ("number", "raw", "read", "spelt", "stems")

    def __init__(self, raw: str, read: str, number: int | None = None) -> None:
        self.raw, self.read, self.number = raw, read, number
        self.spelt = read if read[0] == "<" else "" if read == PAUSE else raw
        self.stems: tuple[str, ...] = ()


def words(section: str, known: Mapping[str, Word]) -> list[Word]:
    """The words of one folded section in order; punctuation that ends a thought is kept as ",".

    `known` words that are nothing but letters are taken as they are instead of being made anew.
    """
    if _DIFFICULT.isdisjoint(section):
        return [known.get(raw) or plain_word(raw) for raw in _SIMPLE.findall(section)]
    found = []
    for match in _WORD.finditer(section):
        kind, raw = match.lastgroup or "n", match[0]
        if kind in ("word", "joined", "stop"):
            found.append(known.get(raw) or plain_word(raw))
        elif kind == "short":
            found.append(Word(raw, raw))
        else:
            found.append(_number(kind, raw))
    return found


def plain_word(raw: str) -> Word:
    """A word without digits, which may still spell a number."""
    if raw in _NUMBERS:
        return Word(raw, *_NUMBERS[raw])
    return Word(raw, _SIGNS.get(raw, raw))


def _number(kind: str, raw: str) -> Word:
    digits = "".join(c for c in raw if c.isdigit())
    number = int(digits) if kind in ("ord", "many", "n") and len(digits) <= 3 and digits else None
    if kind == "ord" and number == 1:
        return Word(raw, "first", 1)
    if kind == "many":
        return Word(raw, "twice" if number == 2 else "<many>", number)
    if kind == "n" and len(digits) >= 5:
        kind = "id"
    return Word(raw, f"<{kind}>", number)


_VOWEL = frozenset("aeiouy")


def stem(word: str) -> str:
    """The word without its ending, so that "charges", "charged" and "charging" are one; rough on purpose."""
    if len(word) < 4 or word[0] == "<":
        return word
    if word.endswith(("'s", "s'")):
        word = word[:-2]
    word = word.replace("'", "")
    word = _without_plural(word)
    word = _without_tense(word)
    if len(word) > 5 and word.endswith("ly"):
        word = word[:-2]
    if len(word) > 3 and word[-1] == "e":
        word = word[:-1]
    return word


def _without_plural(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word[-1:] == "s" and word[-2:] not in ("ss", "us", "is") and len(word) > 3:
        return word[:-1]
    return word


def _without_tense(word: str) -> str:
    if len(word) > 4 and word.endswith("ied"):
        return word[:-3] + "y"
    for ending in ("ing", "ed"):
        if word.endswith(ending):
            rest = word[: -len(ending)]
            if len(rest) > 2 and not _VOWEL.isdisjoint(rest):
                return rest[:-1] if len(rest) > 3 and rest[-1] == rest[-2] and rest[-1] not in "lsz" else rest
    return word
