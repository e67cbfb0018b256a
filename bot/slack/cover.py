"""Asking for cover, worded the same wherever it was pressed, so that it doesn't tell where or why."""

from bot.slack import blocks as b
from bot.slack.text import Mrkdwn, escape


def cover_words(minutes: int, code: str) -> str:
    """What a lead is told: nothing about why."""
    return f"Cover {minutes} min" + (f", code {code}" if code else "")


def cover_message(member_id: str, minutes: int, code: str) -> b.Message:
    """What the lead reads."""
    said = Mrkdwn(f"<@{member_id}>: {escape(cover_words(minutes, code))}")
    return b.Message(said, [b.section(said)])
