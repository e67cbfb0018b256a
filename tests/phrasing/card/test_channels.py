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
        ("calling me names at the counter", Channel.IN_PERSON),
        ("live chat: WHERE IS MY ORDER??????", Channel.CHAT),
        ("dm from cx: still nothing", Channel.CHAT),
        ("cx tweeting that we steal money", Channel.CHAT),
        ("man at the counter swore at me", Channel.IN_PERSON),
        ("says flight delayed, shouting at gate desk", Channel.IN_PERSON),
        ("he's got a knife at the counter", Channel.IN_PERSON),
        ("bloke at my till, card declined", Channel.IN_PERSON),
        ("woman at the till card declined, embarrassed", Channel.IN_PERSON),
        ("at the till, calls me a liar, wants refund", Channel.IN_PERSON),
        ("he called me a thief in front of me kids at the till", Channel.IN_PERSON),
        ("wants me to call the police, he's at my desk", Channel.IN_PERSON),
        ("woman at the desk, wedding ring broken in our repair", Channel.IN_PERSON),
        ("rang three times and now he's at my desk", Channel.IN_PERSON),
        ("at the counter but on the phone to his wife the whole time", Channel.IN_PERSON),
        ("in chat, crypto missing from wallet", Channel.CHAT),
        ("on chat, says nobody called back", Channel.CHAT),
        ("cx on webchat asking same question 5 times", Channel.CHAT),
        ("Customer writes: I cried all night because of you", Channel.EMAIL),
        ("angry email from a client about the outage", Channel.EMAIL),
        ("cust has emailed again re refund", Channel.EMAIL),
        ("Hello team. The invoice is wrong again. Please fix.\nBest regards,\nAnna", Channel.EMAIL),
        ("Dear Sir or Madam, the table has not come. Yours faithfully, J. Brown", Channel.EMAIL),
        ("Subject: Refund. I want my money back. Thanks, Tom", Channel.EMAIL),
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
        "bought in store last year, now faulty",
        "paid at the counter and charged again online",
        "was told in branch it was free",
        "person at the counter was rude to her last tuesday",
        "lady at the desk refused to help her",
        "wants to return in store what he bought online",
        "can he collect in store?",
        "only wants in store credit",
        "store manager rude to him",
        "says he'll come in person and smash the place",
        "I have the letter in front of me and it says £40",
        "20 people in front of me in the queue says customer",
        "i'm crying at my desk after that call",
        "courier left it in the lobby",
        "3rd call, was at the counter yesterday",
        "shouting down the phone while at the desk in our branch",
        "after an hour in chat with the bot she rang us",
        "agent on chat said refund would be 3 days",
        "customer wrote off his car and wants payout",
        "cx wrote to us last week, no answer",
        "she writes down my name every time",
        "second email address on account hacked",
        "email from us went to wrong address",
        "after her third email she called",
        "hi cx wants refund thanks",
        "I've emailed the welcome pack as she requested",
        "I've got the form open in front of me",
        "The woman at the counter spoke to me as if I was dirt on her shoe.",
        "Nobody at the counter mentioned it when they took my forty pounds.",
        "The man in branch swore the block would lift overnight.",
        "stuck in Oslo, no staff at the desk",
        "he texts while driving",
        "customer texting his wife the whole time",
    ],
)
def test_what_only_mentions_another_channel_leaves_the_call_a_call(text):
    assert channel_in(text, Channel.VOICE) is Channel.VOICE


def test_somebody_who_works_in_chat_stays_there():
    assert channel_in("she was at the counter", Channel.CHAT) is Channel.CHAT
