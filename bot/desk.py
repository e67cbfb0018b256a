"""The words in use, and what features read out of them on one another's behalf."""

from collections.abc import Sequence
from pathlib import Path

from bot.debriefs.model import Prefill
from bot.phrasing.card import Recipe
from bot.phrasing.deciding import BESIDE_FROM, FITS_FROM, Words
from bot.phrasing.finder import build_finder
from bot.phrasing.lexicon import load_lexicon
from bot.phrasing.memory import FORGETFUL, Memory
from bot.phrasing.safety import SafetyRule, load_safety
from bot.playbooks.library import Library
from bot.playbooks.model import Kind


class Desk:
    """Holds the words in use; a changed playbook swaps library and finder in one step."""

    def __init__(self, library: Library, folders: Sequence[Path], memory: Memory = FORGETFUL) -> None:
        self._folders = folders
        self._memory = memory
        self.take(library)

    def take(self, library: Library) -> None:
        """Use another library from now on; runs off the event loop, since building takes a while."""
        self.words = Words(library, build_finder(library, self._folders, self._memory))
        self.colleagues = SafetyRule(
            load_safety(self._folders, "colleagues"), load_lexicon(self._folders), memory=self._memory
        )

    @property
    def library(self) -> Library:
        """The playbooks in use at this moment."""
        return self.words.library

    def is_distress(self, text: str) -> bool:
        """Do an agent's own words ask for help first?"""
        return self.colleagues.fires(text)

    def guess(self, text: str) -> Prefill:
        """What a few words say of a contact; nothing where nothing clearly fits."""
        found = self.words.finder.find(text)
        if found.fit < FITS_FROM:
            return Prefill()
        likely = [it.situation for it in found.matches if it.score >= BESIDE_FROM]
        return self._prefill([*(it.situation for it in found.matches[:1]), *likely])

    def read_card(self, value: str) -> Prefill:
        """What a card's recipe says of a contact."""
        recipe = Recipe.decode(value)
        return self._prefill([recipe.lead, *recipe.beside])

    def _prefill(self, situations: Sequence[str]) -> Prefill:
        known = [it for id_ in dict.fromkeys(situations) if (it := self.words.library.situation(id_))]
        about = next((it.id for it in known if it.kind is not Kind.CONDUCT), "")
        return Prefill(about, tuple(it.id for it in known if it.kind is Kind.CONDUCT))
