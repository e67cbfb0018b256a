"""The guard every free text passes before it is stored: personal data is masked, and said to be."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.safeguards.spotting import accounts, addresses, births, cards, emails, ids, phones
from bot.safeguards.spotting.plain import MASKS, Kind, Plain, Span

_ROUNDS = 8
_ANYTHING = re.compile(r"[0-9@]| dot |\(at\)|\[at\]")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, from which character of the original up to before which."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Masked:
    """A text fit to be stored, and what is no longer in it."""

    text: str
    found: tuple[Finding, ...] = ()

    @property
    def summary(self) -> str:
        """What was masked, for the person who wrote it: "2 phones, 1 card number"; empty for nothing."""
        counts = Counter(finding.kind for finding in self.found)
        return ", ".join(f"{count} {kind}{_plural(kind, count)}" for kind, count in counts.items())


class Guard:
    """Masks personal data in the writing of one region (a two-letter country code) and of everywhere.

    Leans to leaving alone: a bare row of digits is an order number unless its writing, the words before it or
    the region say otherwise. Masking what is masked changes nothing, short of text made to need nine rounds.
    """

    def __init__(self, region: str = "US") -> None:
        self._region = {"UK": "GB"}.get(region.upper(), region.upper())

    def mask(self, text: str) -> Masked:
        """Mask a text of any length; takes time in proportion to it."""
        found: list[Finding] = []
        plain = Plain.of(text)
        # Once something is masked, what stood beside it may read differently.
        for _ in range(_ROUNDS):
            spans = self._spots(plain)
            if not spans:
                break
            found += [Finding(it.kind, *plain.original(it.start, it.end)) for it in spans]
            plain = plain.marked((it.start, it.end) for it in spans)
        found.sort(key=lambda it: it.start)
        return Masked("".join(_pieces(text, found)), tuple(found))

    def _spots(self, plain: Plain) -> Sequence[Span]:
        if not _ANYTHING.search(plain.lower):
            return ()
        region = self._region
        return _merged(
            (
                *ids.spot(plain, region),
                *accounts.spot(plain, region),
                *births.spot(plain),
                *cards.spot(plain),
                *emails.spot(plain),
                *phones.spot(plain, region),
                *addresses.spot(plain, region),
            )
        )


def _merged(spans: Iterable[Span]) -> Sequence[Span]:
    """In order of place; of those that overlap one, under the name of the spotter asked first."""
    ranked = sorted((span.start, at, span) for at, span in enumerate(spans))
    merged: list[tuple[int, Span]] = []
    for _, rank, span in ranked:
        if merged and span.start < merged[-1][1].end:
            before, last = merged[-1]
            kind = last.kind if before < rank else span.kind
            merged[-1] = min(before, rank), Span(last.start, max(last.end, span.end), kind)
        else:
            merged.append((rank, span))
    return [span for _, span in merged]


def _pieces(text: str, found: Sequence[Finding]) -> Iterator[str]:
    done = 0
    for finding in found:
        yield text[done : finding.start]
        yield MASKS[finding.kind]
        done = finding.end
    yield text[done:]


def _plural(kind: Kind, count: int) -> str:
    if count == 1:
        return ""
    return "es" if kind is Kind.ADDRESS else "s"
