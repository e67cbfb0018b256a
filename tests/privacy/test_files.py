"""What is kept about somebody reaches them where files are forbidden, too."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from bot.people import Member
from bot.privacy.files import CUT, PIECE, PIECES_MOST, Files
from bot.sandbox.server import Sandbox
from bot.slack.clients import OneWorkspace, open_session
from bot.slack.notifier import Notifier

MANIFEST = Path(__file__).parents[2] / "manifest.yml"


class Post:
    """A pretend workspace, and Files that send into it."""

    def __init__(self, sandbox: Sandbox, clients: OneWorkspace, files: Files) -> None:
        self.sandbox = sandbox
        self.files = files
        ana = sandbox.world.default.find_person("ana")
        assert ana
        self.ana = Member(clients.workspace, ana.id)

    def inbox(self) -> list[str]:
        world = self.sandbox.world
        return [message.text for message in world.dm_with_bot(world.default, self.ana.id).timeline()]


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    sandbox = Sandbox(yaml.safe_load(MANIFEST.read_text("utf-8")), rates=False)
    await sandbox.start()
    session = open_session()
    clients = OneWorkspace(sandbox.bot_token, sandbox.api_url, session)
    await clients.identify()
    yield Post(sandbox, clients, Files(clients, session, Notifier(clients)))
    await session.close()
    await sandbox.stop()


async def test_where_files_are_forbidden_it_is_said_and_not_raised(post: Post) -> None:
    method, error = "files.getUploadURLExternal", "file_uploads_disabled"
    async with open_session() as session:
        fault = {"fault": "error", "method": method, "error": error}
        async with session.post(f"{post.sandbox.url}/sandbox/faults", json=fault) as answer:
            assert answer.status == 200
    assert not await post.files.send(post.ana, "Your data.", {"data.json": b"{}"})
    assert post.inbox() == ["Your data."]


@pytest.mark.parametrize(("over", "told"), [(0, []), (1, [CUT])])
async def test_a_text_too_long_for_messages_does_not_end_without_a_word(
    post: Post, over: int, told: list[str]
) -> None:
    await post.files.send_text(post.ana, "x" * (PIECE * PIECES_MOST + over))
    assert post.inbox()[PIECES_MOST:] == told
    assert len(post.inbox()) == PIECES_MOST + len(told)
