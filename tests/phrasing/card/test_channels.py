"""Where a contact takes place is read only where it is said, and never against what somebody chose."""

import pytest

from bot.phrasing.channels import channel_in
from bot.playbooks.model import Channel


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("filming me at the counter says itll be on tiktok", Channel.IN_PERSON),
        ("family of 5 at the desk, dad shouting at me", Channel.IN_PERSON),
        ("deaf customer in store, no interpreter", Channel.IN_PERSON),
        ("rude to him in branch yesterday, now he's at my desk", Channel.IN_PERSON),
        ('Customer writes: "Room was filthy."', Channel.EMAIL),
        ("I emailed on the 4th and the 9th", Channel.EMAIL),
        ("polite but it's her 6th email re same invoice", Channel.EMAIL),
        ("the cto is on chat, wants root cause", Channel.CHAT),
        ("customer messages: I will find out who you are", Channel.CHAT),
    ],
)
def test_a_channel_that_is_named_decides_the_card(text, channel):
    assert channel_in(text, Channel.VOICE) is channel


@pytest.mark.parametrize(
    "text",
    [
        "late refund 3rd call screaming",
        "emailed twice, now on the phone and furious",
        "shouting at me",
        "he was told in branch last week that it is free",
        "Told by chat yesterday that my bag would be on the 10:40",
        "only automated emails saying in review",
        "you emailed me the wrong contract",
    ],
)
def test_what_only_mentions_another_channel_leaves_the_call_a_call(text):
    assert channel_in(text, Channel.VOICE) is Channel.VOICE


def test_somebody_who_works_in_chat_stays_there():
    assert channel_in("she was at the counter", Channel.CHAT) is Channel.CHAT
