"""All playbooks that are in use, as one value that never changes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.playbooks.model import (
    Country,
    Framework,
    Guide,
    Kind,
    Nudge,
    Part,
    Prompt,
    Reset,
    SafeLine,
    Situation,
    Technique,
)
from bot.playbooks.sections import (
    COUNTRIES,
    FRAMEWORKS,
    GUIDES,
    NUDGES,
    PROMPTS,
    RESETS,
    SAFE_LINES,
    SECTIONS,
    SITUATIONS,
    Entry,
    Section,
)

USUAL: Mapping[Kind, tuple[str, ...]] = {
    Kind.CAUSE: (
        "billing_dispute", "refund_problem", "policy_no", "price_value", "service_outage", "product_fault",
        "delivery_problem", "delay_no_show", "account_access", "privacy_fraud", "product_safety",
        "unrealistic_expectation",
    ),
    Kind.CONDUCT: (
        "angry_venting", "abusive_language", "sexual_harassment", "threat_to_staff", "discrimination",
        "supervisor_demand", "cancel_churn", "legal_regulator_threat", "public_shaming_threat", "wants_human",
        "wont_end_contact",
    ),
    Kind.HISTORY: ("repeat_contact", "long_wait", "broken_promise", "no_updates", "rude_staff", "my_mistake"),
    Kind.PERSON: (
        "confused", "language_barrier", "vulnerable_hardship", "crisis_safety", "third_party_caller",
        "minor_caller", "access_needs",
    ),
}  # fmt: skip
"""The situations every installation starts with, in picker order; lessons and counts hang on these ids."""


@dataclass(frozen=True)
class Library:
    """Every playbook in use: the shipped ones with a company's own over them."""

    sections: Mapping[str, Mapping[str, Part]]
    version: str
    """Changes exactly when a file in use does: the key for anything built from the words."""

    def entries(self, section: Section[Entry]) -> Mapping[str, Entry]:
        """The entries of one section by id; empty when nobody wrote any."""
        return self.sections.get(section.name, {})  # type: ignore[return-value]

    @property
    def situations(self) -> Mapping[str, Situation]:
        """All situations by id."""
        return self.entries(SITUATIONS)

    @property
    def frameworks(self) -> Mapping[str, Framework]:
        """The memory aids by id: "leap"."""
        return self.entries(FRAMEWORKS)

    @property
    def countries(self) -> Mapping[str, Country]:
        """Emergency numbers and help lines by country code: "US"."""
        return self.entries(COUNTRIES)

    @property
    def safe_lines(self) -> Mapping[str, SafeLine]:
        """First sentences for when several situations are equally likely, by id."""
        return self.entries(SAFE_LINES)

    @property
    def prompts(self) -> Mapping[str, Prompt]:
        """The questions of a debrief by step: "facts"."""
        return self.entries(PROMPTS)

    @property
    def nudges(self) -> Mapping[str, Nudge]:
        """Thoughts for the week, by id."""
        return self.entries(NUDGES)

    @property
    def resets(self) -> Mapping[str, Reset]:
        """Short breaks, by id."""
        return self.entries(RESETS)

    @property
    def guides(self) -> Mapping[str, Guide]:
        """What the two of a talk between peers may like to know: "asks", "listens", "after"."""
        return self.entries(GUIDES)

    def situation(self, id_: str) -> Situation | None:
        """One situation; none for an id that was taken out since a button was drawn."""
        return self.situations.get(id_)

    def by_kind(self) -> Mapping[Kind, tuple[Situation, ...]]:
        """The situations as pickers show them: the usual ones in order, then a company's own by label."""
        return self._by_kind

    @cached_property
    def _by_kind(self) -> Mapping[Kind, tuple[Situation, ...]]:
        place = {id_: at for ids in USUAL.values() for at, id_ in enumerate(ids)}
        ordered = sorted(self.situations.values(), key=lambda it: (place.get(it.id, 99), it.label.casefold()))
        return {kind: tuple(it for it in ordered if it.kind is kind) for kind in Kind}

    def safe_lines_for(self, *situations: str) -> tuple[SafeLine, ...]:
        """The safe lines that fit all of these situations, by id or by the kind they are of."""
        return tuple(
            line for line in self.safe_lines.values() if all(self._fits(line, it) for it in situations)
        )

    def _fits(self, line: SafeLine, id_: str) -> bool:
        known = self.situations.get(id_)
        return id_ in line.fits or (known is not None and known.kind.value in line.fits)

    def techniques(self) -> Mapping[Technique, Mapping[str, int]]:
        """For each technique, how often each entry ("situation/refund_problem") shows it; maybe none."""
        shown: dict[Technique, Counter[str]] = {it: Counter() for it in Technique}
        for section in SECTIONS:
            for id_, entry in self.entries(section).items():
                for technique in _techniques_in(entry):
                    shown[technique][f"{section.name}/{id_}"] += 1
        return shown


def _techniques_in(part: Part) -> Iterator[Technique]:
    for _, value in part:
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, Technique):
                yield inner
            elif isinstance(inner, Part):
                yield from _techniques_in(inner)
