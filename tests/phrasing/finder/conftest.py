import pytest

from bot.phrasing.finder import Finder, build_finder
from bot.phrasing.memory import Memory
from bot.playbooks.library import Library
from bot.playbooks.loading import load, shipped_playbooks


@pytest.fixture(scope="session")
def library() -> Library:
    return load((shipped_playbooks(),)).library


@pytest.fixture(scope="session")
def finder(library: Library, memory: Memory) -> Finder:
    return build_finder(library, memory=memory)
