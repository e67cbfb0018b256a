"""Which reset is offered for a length; pure."""

from collections.abc import Mapping

from bot.playbooks.model import Reset


def of_length(resets: Mapping[str, Reset], seconds: int) -> list[Reset]:
    """The resets of a length, in an order that stays."""
    return sorted((it for it in resets.values() if it.seconds == seconds), key=lambda it: it.id)


def first(resets: Mapping[str, Reset], seconds: int, nonce: str) -> Reset | None:
    """One of a length, by chance as the nonce has it; none where nobody wrote one."""
    offered = of_length(resets, seconds)
    return offered[sum(nonce.encode()) % len(offered)] if offered else None


def another(resets: Mapping[str, Reset], id_: str) -> Reset | None:
    """The next of the same length, round and round; none for one that was taken out."""
    if id_ not in resets:
        return None
    offered = of_length(resets, resets[id_].seconds)
    return offered[(offered.index(resets[id_]) + 1) % len(offered)]
