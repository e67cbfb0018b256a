"""What must hold inside one file before its words may reach a card, beyond the types."""

import re
from collections.abc import Iterator

from bot.playbooks.mends import Loc
from bot.playbooks.model import Fill, Part, Phrase

BLANK = re.compile(r"\{([^{}]*)\}")

Unsound = tuple[Loc, str, str]
"""Where, what is wrong, what to write."""


def unsound(part: Part, loc: Loc = ()) -> Iterator[Unsound]:
    """Blanks nobody declared and ids used twice: either would show up in front of a customer."""
    if isinstance(part, Phrase):
        yield from _blanks(part, loc)
    for name, value in part:
        field = type(part).model_fields[name].alias or name
        if isinstance(value, Part):
            yield from unsound(value, (*loc, field))
        elif isinstance(value, tuple):
            yield from _items(value, (*loc, field))


def _items(items: tuple[object, ...], loc: Loc) -> Iterator[Unsound]:
    first: dict[str, int] = {}
    for at, item in enumerate(items):
        if not isinstance(item, Part):
            continue
        id_ = getattr(item, "id", None)
        if id_ is not None and first.setdefault(id_, at) != at:
            yield (
                (*loc, at, "id"),
                f'The id "{id_}" is used twice in this file.',
                "Give one of them another id.",
            )
        yield from unsound(item, (*loc, at))


def _blanks(phrase: Phrase, loc: Loc) -> Iterator[Unsound]:
    for field, text in (("spoken", phrase.spoken), ("written", phrase.written or "")):
        for name in BLANK.findall(text):
            if name not in phrase.blanks:
                yield (*loc, field), f'The blank "{{{name}}}" is not declared.', _declare(name)
        if "{" in BLANK.sub("", text) or "}" in BLANK.sub("", text):
            yield (
                (*loc, field),
                "A { or } stands alone.",
                "Write a blank as {amount}; leave out any other brace.",
            )


def _declare(name: str) -> str:
    kinds = ", ".join(it for it in Fill if it is not Fill.AMOUNT)
    return f"Add blanks: {{{name or 'amount'}: amount}} (or {kinds}), or write the words out."
