"""Where a contact takes place, when the text says so plainly: an e-mail gets words to copy."""

import re

from bot.playbooks.model import Channel

LOOKED_AT = 400
"""Characters looked at: where it is happening is said at once or not at all."""

_IN_PERSON = re.compile(
    r"\b(?:at|across) (?:(?:the|my|our|this|front|clinic|service|help|check-?in) )*"
    r"(?:counter|desk|till|reception)\b|\bin front of me\b"
    r"|\bin (?:(?:the|our|my) )?(?:lobby|branch|store|shop|waiting room)\b|\bin person\b",
)
_ON_THE_PHONE = re.compile(
    r"\b(?:call(?:s|ed|er|ing)?|rang|ring(?:s|ing)?|phon(?:ed|ing)|on (?:the )?(?:phone|line|hold))\b",
)
_LOUD = re.compile(r"\b(?:shout|yell|scream|sob|cry|whisper)")
_CHAT = re.compile(
    r"\b(?:in|on|via) (?:(?:the|our|live|web) )*chat\b(?! yesterday| last)"
    r"|^\W*(?:customer|client|cx|cust|guest|member|passenger|patient|user|he|she|they) "
    r"(?:messages|messaged|tweets|tweeted|texts|texted)\b",
)
_EMAIL = re.compile(
    r"^\W*(?:customer|client|cx|cust|guest|member|passenger|patient|user|he|she|they) (?:writes|wrote)\b"
    r"|(?<!was )(?<!got )(?<!we )(?<!you )\bemailed\b(?! (?:me|him|her|them)\b)"
    r"|\b(?:\d+(?:st|nd|rd|th)|second|third|fourth|fifth|sixth) e-?mail\b",
)
_EARLIER = re.compile(
    r"\s*(?:yesterday|last|earlier|before|on (?:mon|tues|wednes|thurs|fri|satur|sun))",
)

_NAMED = (
    *(
        "counter",
        "desk",
        "till",
        "reception",
        "lobby",
        "branch",
        "store",
        "shop",
        "room",
        "in person",
        "of me",
    ),
    *("chat", "mail", "messag", "tweet", "text", "writes", "wrote"),
)
"""Without one of these, no channel is named: most lines need no closer look."""


def channel_in(text: str, usual: Channel) -> Channel:
    """The channel that the text speaks of; `usual` where it names none, or whoever asks never takes calls."""
    if usual is not Channel.VOICE:
        return usual
    seen = text[:LOOKED_AT].lower()
    if not any(it in seen for it in _NAMED):
        return usual
    if _ON_THE_PHONE.search(seen):
        return usual
    for found in _IN_PERSON.finditer(seen):
        if not _EARLIER.match(seen, found.end()):
            return Channel.IN_PERSON
    if _LOUD.search(seen):
        return usual
    if _CHAT.search(seen):
        return Channel.CHAT
    return Channel.EMAIL if _EMAIL.search(seen) else usual
