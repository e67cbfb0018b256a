"""What stands in the windows of peer support."""

import json

from bot.peers import views
from bot.slack.ids import Action


def test_help_is_one_tap_away_in_every_window():
    windows = [
        views.ask_modal(),
        views.offer_modal(None),
        views.not_with_modal([], is_sealed=True),
    ]
    assert [it["title"]["text"] for it in windows if Action.HELP_LINES not in json.dumps(it)] == []


def test_what_is_kept_of_a_request_and_who_could_look_takes_two_short_sentences():
    assert views.KEPT.count(".") == 2
    assert len(views.KEPT.split()) <= 35
    for told in ("30 days", "topic", "who talked with you", "runs the server", "recorded screen"):
        assert told in views.KEPT
