"""The finder and the card without Slack: what `steady ask` prints."""

import datetime as dt
import json
from typing import Any

from bot.phrasing.card import Answer, CardAnswer, Choice
from bot.phrasing.deciding import OTHERS_FROM, Words
from bot.phrasing.views import NOTHING, card_text
from bot.playbooks.model import Channel

SEED = "terminal"
_JSON = json.JSONEncoder(ensure_ascii=False)


class Asking:
    """Answers queries one by one, from the same finder and the same cards as Slack gets."""

    def __init__(self, words: Words, today: dt.date) -> None:
        self._words = words
        self._today = today

    def text(self, query: str) -> str:
        """Answer as a person reads it."""
        _, answer = self._words.look_up(query, Channel.VOICE, seed=SEED, today=self._today)
        match answer:
            case CardAnswer():
                return card_text(answer.card)
            case Choice():
                labels = [f"- {situation.label}" for _, situation in answer.options]
                safe = [f"Say now: “{answer.safe_line.spoken}”"] if answer.safe_line else []
                return "\n".join(["Two things fit.", *safe, "Which is nearer?", *labels])
        return NOTHING

    def record(self, query: str) -> dict[str, Any]:
        """Answer as another program reads it: query, fit, matches and card are names others rely on.

        Of the matches those that "Not this" would go on to; the rest are noise, and their reasons take time.
        """
        found, answer = self._words.look_up(query, Channel.VOICE, seed=SEED, today=self._today)
        matches = [
            {
                "situation": match.situation,
                "kind": match.kind,
                "score": round(match.score, 4),
                "reasons": list(match.reasons),
            }
            for match in found.matches
            if match.score >= OTHERS_FROM
        ]
        return {"query": found.query, "fit": round(found.fit, 4), "matches": matches, "card": _card(answer)}

    def line(self, query: str) -> str:
        """The record as one line of JSON."""
        return _JSON.encode(self.record(query))


def _card(answer: Answer) -> dict[str, Any] | None:
    match answer:
        case CardAnswer():
            card = answer.card
            return {
                "title": list(card.title),
                "say": [saying.text for saying in card.sayings],
                "phrases": [saying.phrase_id for saying in card.sayings],
                "tone_cue": card.tone_cue,
                "not": card.avoid.words,
                "instead": card.avoid.instead,
                "next": card.next_step,
            }
        case Choice():
            return {
                "choose": [situation.id for _, situation in answer.options],
                "say": [answer.safe_line.spoken] if answer.safe_line else [],
            }
    return None
