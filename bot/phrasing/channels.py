"""Where a contact takes place, when the text says so plainly: an e-mail gets words to copy."""

import re
from collections.abc import Iterator

from bot.playbooks.model import Channel

LOOKED_AT = 400
"""Characters looked at: where it is happening is said at once or not at all."""
SIGNED_WITHIN = 200
"""Characters at the end of a text in which an e-mail that somebody pasted is signed."""

_WHO = r"(?:customer|client|cx|cust|guest|member|passenger|patient|pt|user|tenant|resident|he|she|they)"
_PLACE = re.compile(
    r"\b(?:at|across) (?:(?:the|my|our|this|front|clinic|service|help|check-?in|gate|bag|ticket|info) )*"
    r"(?:counter|desk|till|reception)\b|\bin front of me\b"
    r"|\bin (?:(?:the|our|my) )?(?:lobby|branch|store|shop|waiting room)\b|\bin person\b|\bface to face\b",
)
_CHAT = re.compile(
    r"^\W*(?:live |web)?chat:|^\W*(?:dm|whatsapp|sms|text|tweet)(?: from \w+)?:|"
    r"\b(?:in|on|via|over) (?:(?:the|our|live|web) )*(?:web)?chat\b"
    rf"|^\W*{_WHO} (?:(?:is )?(?:messag|tweet|text)(?:s|es|ed|ing))\b(?! (?:while|his|her|their|my|on)\b)",
)
_WRITES = re.compile(
    rf"^\W*{_WHO} (?:writes|wrote)\b(?! (?:off|down|an?|his|her|their|the)\b)"
    r"|^\W*(?:\w+ ){0,2}e-?mail (?:says|saying|reads)\b|^\W*e-?mail:"
    rf"|^\W*(?:an? )?(?:\w+ )?e-?mail from (?:an? |the |my )?(?:\w+ )?{_WHO}\b"
    rf"|\b{_WHO} (?:has )?(?:just )?e-?mailed (?:in|again|today|about|re|to say|saying|asking|demanding)\b"
    rf"|\b{_WHO} (?:has )?(?:just )?e-?mailed:",
)
_EMAILED = re.compile(
    r"\bi(?:'ve| have)? (?:already )?e-?mailed\b"
    r"(?= (?:on|and|but|you|your|us|in|to|about|again|last|twice|\w+ times|support|customer)\b|[.,]|$)"
    r"|(?<!after )(?<!after the )\b(?:\d+(?:st|nd|rd|th)|second|third|fourth|fifth|sixth) e-?mail\b"
    r"(?! (?:address|account|provider))",
)
_LETTER = re.compile(r"^\W*(?:dear |to whom |(?:subject|re|from|sent):)")
_THANKED = re.compile(r"\bthanks,?\s+\w+(?: \w+)?\W*$")
_SIGNED = re.compile(
    r"[.!?,\n]\s*(?:\w+ )?(?:regards|sincerely|faithfully|yours truly),?\s+\w+(?:[ .]+\w+){0,2}\W*$"
    r"|\bsent from my \w+\W*$",
)

_CALLED_NAMES = re.compile(
    r"\bcall(?:s|ed|ing)? (?:an?\b|it\b|names\b|out\b|security\b|(?:the |999|911|112)?(?:police|cops)\b"
    r"|(?:me|us|him|her|them|you|this|staff|every(?:one|body)|people|(?:my|our|the|his) \w+)\b"
    r"(?! (?:again|back|every|about|at|from|for|on|to|since|twice|now|today|yesterday|\d)))"
    r"|\b(?:engagement|wedding|key|diamond|gold|the|a|her|his|my) ring\b|\bring (?:size|box)\b"
    r"|\bcall-? ?(?:cent(?:er|re)|back|out)s?\b|\b(?:so|is|be|being|was|got) called\b",
)
"""Calling somebody a liar, calling the police, and a ring for a finger are no telephone."""
_ON_THE_PHONE = re.compile(
    r"\b(?:on|down|over) (?:the )?(?:phone|line)\b(?! (?:to|with) )"
    r"|\bcallers?\b|\b(?:calling|ringing|phoning)\b"
    r"|\b(?:calls|rings|phones|rang) (?:in|again|about|back|us)\b"
    r"|\b(?:\d+(?:st|nd|rd|th)|second|third|fourth|this) call\b",
)
_PHONED = re.compile(r"\b(?:call(?:s|ed)?|rang|rings?|rung|phoned|on hold)\b")
_LOUD = re.compile(r"\b(?:shout|yell|scream|sob|whisper|(?:cry|cries|cried|crying)\b)")


def _any(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


_CLAUSE = re.compile(r"[.;:!?,\n(]|\b(?:but|now|and|then|so)\b|[–—]| - ")
_DEEDS = _any(
    "bought purchased paid ordered returned brought took told promised quoted advised asked signed tried "
    "opened sold given gave refused served spoke spoken talked saw seen went visited collected dropped "
    "handed left swapped exchanged treated embarrassed humiliated accused ignored delivered stolen robbed "
    "said chatted declined dealt agreed confirmed sent applied registered made was were had tested measured "
    "fitted cashed put"
)
_DONE = re.compile(
    rf"\b{_DEEDS}\b|(?<!'s )(?<!has )(?<!have )(?<!'ve )\bgot\b"
    r"|(?<!been )(?<!is )(?<!'s )\bsat\b|\b(?:nobody|no ?one|someone|somebody|staff|clerk|cashier|teller) $"
    r"|\b(?:previous(?:ly)?|earlier|originally|rude(?:ness)?) (?:\w+ )?$"
)
"""What was done at a place is over: the thing bought in a shop is complained about by telephone."""
_DAYS = _any("mon tues? wed thur?s? fri sat sun jan feb mar apr may jun jul aug sep oct nov dec")
_THEN = re.compile(
    r"\b(?:yesterday|ago|earlier|before|last (?!one|chance)\w+|this morning|previously"
    rf"|(?:on|in|since) {_DAYS}[a-z]*)\b"
)
_ABLE = _any("to can can't cant cannot could couldn't should must will won't would may not only please just")
_ERRANDS = _any(
    "go come pay return collect take bring show visit pick get buy exchange swap drop sign cash book verify "
    "cancel close open redeem use do be see speak talk meet apply prove refund"
)
_WARES = _any("go visit collect collection pickup pick-up available valid price cheaper sale stock offer")
_TO_COME = re.compile(rf"(?:\b{_ABLE}|'ll) (?:\w+ )?{_ERRANDS}\b|\b(?:{_WARES}|appointment)s? $")
"""What somebody is to do at a place, or sent there for, has not brought them there yet."""
_NAME_GOES_ON = _any(
    "credit pric offer sale pick-?up collect purchase return voucher stock team staff manager advis "
    "assistant only agent history transcript app(?:oin)?t meeting visit"
)
_DID = _any(
    "said told promised refused hung sent was were had did didn't wouldn't gave took charged sold laughed "
    "spoke talked treated looked ignored mentioned knew helped cared explained offered would could noticed "
    "swore.(?!at)"
)
_NOT_HERE = re.compile(
    rf"^\s*(?:{_NAME_GOES_ON}|or online|twice\b|\w+ times\b|for (?:me|us|you|him|her|them)\b"
    rf"|(?:with )?(?:the |an? )?bot\b|(?:who |that |they |he |she )?{_DID}\b)"
)
"""What stands behind a place that is part of a name, or where somebody once said or did something."""
_AHEAD_OF_ME = re.compile(
    r"\b(?:people|persons?|ppl|callers|queue|line|cars?|seats?|rows?|screen|account|bill|letters?|notes|invoice"
    r"|statement|contract|receipt|it|this|that|e-?mail|details|policy|file|records?|case|order|everything|form|page|document)"
    r"(?: (?:is|was|are|were|right|here|up|open))* $"
)
_MYSELF = re.compile(r"\b(?:i'?m|i am|i|sat|sitting|me) (?:\w+ )?$")

_NAMED = (
    *("counter", "desk", "till", "reception", "lobby", "branch", "store", "shop", "room", "in person"),
    *(
        "of me",
        "face to",
        "chat",
        "mail",
        "messag",
        "tweet",
        "text",
        "dm",
        "sms",
        "whatsapp",
        "writes",
        "wrote",
    ),
    *("dear ", "to whom ", "subject:"),
)
"""Without one of these, no channel is named: most lines need no closer look."""
_ENDINGS = ("regards", "sincerely", "faithfully", "yours truly", "sent from")
"""The same for the end of a text."""


def channel_in(text: str, usual: Channel) -> Channel:
    """The channel that the text speaks of; `usual` where it names none, or whoever asks never takes calls.

    A place counts where the customer is now, and not where they bought the thing or are to take it.
    """
    if usual is not Channel.VOICE:
        return usual
    seen = text[:LOOKED_AT].lower()
    end = text[-SIGNED_WITHIN:].lower() if len(text) > LOOKED_AT else seen
    if not any(it in seen for it in _NAMED) and not any(it in end for it in _ENDINGS):
        return usual
    if _SIGNED.search(end) or (_LETTER.search(seen) and _THANKED.search(end)):
        return Channel.EMAIL
    heard = _CALLED_NAMES.sub(" ", seen)
    if _ON_THE_PHONE.search(heard):
        return usual
    return next(_named(seen, heard), usual)


def _named(seen: str, heard: str) -> Iterator[Channel]:
    """The channels in which the text says that this is happening, the plainest first."""
    if any(_is_here(seen, found) for found in _PLACE.finditer(seen)):
        yield Channel.IN_PERSON
    if any(_is_now(seen, found) for found in _CHAT.finditer(seen)):
        yield Channel.CHAT
    if any(_is_now(seen, found) for found in _WRITES.finditer(seen)):
        yield Channel.EMAIL
    if _EMAILED.search(seen) and not (_PHONED.search(heard) or _LOUD.search(seen)):
        yield Channel.EMAIL


def _is_here(seen: str, place: re.Match[str]) -> bool:
    before, _ = _around(seen, place)
    if place[0] == "in front of me" and _AHEAD_OF_ME.search(before):
        return False
    if " my " in place[0] and _MYSELF.search(before):
        return False
    return _is_now(seen, place)


def _is_now(seen: str, named: re.Match[str]) -> bool:
    """Whether the thought around the words neither looks back nor ahead."""
    before, after = _around(seen, named)
    if _DONE.search(before) or _TO_COME.search(before) or _NOT_HERE.search(after):
        return False
    return not _THEN.search(f"{before} {after}")


def _around(seen: str, found: re.Match[str]) -> tuple[str, str]:
    """What stands before and behind the words in the same thought."""
    start = max((it.end() for it in _CLAUSE.finditer(seen, 0, found.start())), default=0)
    following = _CLAUSE.search(seen, found.end())
    return seen[start : found.start()], seen[found.end() : following.start() if following else len(seen)]
