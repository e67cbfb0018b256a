"""Text on its way to Slack: escaped once, bounded once."""

import re
from typing import NewType

Mrkdwn = NewType("Mrkdwn", str)
"""Text in Slack's markup whose every part from a person or a file has been escaped."""

_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_CONTROL = re.compile(f"[{_CONTROLS}]")
_ANY_TO_ESCAPE = re.compile(rf"[{_CONTROLS}&<>*_~`]")
# Slack has no way to escape its markers. Where one could open or close formatting, a look-alike stands in for
# it: a zero-width space beside it doesn't keep *b* from being bold. The pattern begins with the markers: one
# that begins by looking back is tried at every character, which takes nine times as long for a card.
_MARKER = re.compile(r"[*_~`](?:(?<=`)|(?<![^\W_].)|(?![^\W_]))")
_LOOK_ALIKES = {"*": "∗", "_": "＿", "~": "∼", "`": "ˋ"}
_COMMAND = re.compile("ˋ(/[a-z]+(?: @?[A-Za-z]+)*)ˋ")


def clean(text: str) -> str:
    """Take out what no chat message needs: controls, lone surrogates and direction overrides."""
    return _CONTROL.sub("", text)


def clip(text: str, most: int) -> str:
    """Shorten to `most` characters, showing by an ellipsis that something was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def escape(text: str) -> Mrkdwn:
    """Make any text inert in mrkdwn: no mention, link or formatting in it comes alive."""
    if not _ANY_TO_ESCAPE.search(text):
        return Mrkdwn(text)
    safe = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Mrkdwn(_MARKER.sub(lambda marker: _LOOK_ALIKES[marker[0]], safe))


def sentence(text: str) -> Mrkdwn:
    """Escape one of our own sentences, leaving a command named in it ready to be copied."""
    return Mrkdwn(_COMMAND.sub(r"`\1`", escape(text)))


def bold(text: str) -> Mrkdwn:
    """Escape and embolden."""
    return Mrkdwn(f"*{escape(text)}*")


def italic(text: str) -> Mrkdwn:
    """Escape and slant."""
    return Mrkdwn(f"_{escape(text)}_")


def lines(*parts: Mrkdwn) -> Mrkdwn:
    """Put each part on a line of its own, leaving out empty ones."""
    return Mrkdwn("\n".join(part for part in parts if part))


def bullets(*items: str) -> Mrkdwn:
    """Make a list of escaped items."""
    return Mrkdwn("\n".join(f"• {escape(item)}" for item in items))
