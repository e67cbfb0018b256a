"""Which of many short texts are nearly the same, without comparing each with each."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

_SPACE = re.compile(r"[^\w{}]+")


def normal(text: str) -> str:
    """A text without case, punctuation and runs of space: two signals that differ only there are one."""
    return _SPACE.sub(" ", text.casefold().replace("'", "").replace("’", "")).strip()


def near_pairs(texts: Sequence[str], alike: float) -> Iterator[tuple[int, int, float]]:
    """Pairs of texts that share at least `alike` (0-1) of their letter groups, by place in the sequence.

    Two sets that overlap by a share of `alike` must share one of their rarest groups (prefix filtering),
    so only texts that meet in a rare group are compared: a thousand phrases take tenths of a second.
    """
    groups = [_groups(it) for it in texts]
    common = Counter(group for it in groups for group in it)
    met: defaultdict[str, list[int]] = defaultdict(list)
    for at, own in enumerate(groups):
        rare = sorted(own, key=lambda it: (common[it], it))[: len(own) - math.ceil(alike * len(own)) + 1]
        for other in sorted({it for group in rare for it in met[group]}):
            short, long = sorted((len(own), len(groups[other])))
            if short < alike * long:
                continue
            both = len(own & groups[other])
            share = both / (short + long - both)
            if share >= alike:
                yield other, at, share
        for group in rare:
            met[group].append(at)


def _groups(text: str) -> frozenset[str]:
    padded = f" {normal(text)} "
    return frozenset(padded[at : at + 4] for at in range(max(1, len(padded) - 3)))
