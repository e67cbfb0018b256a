"""Words change while the bot runs; broken ones never take the good ones away."""

import asyncio
import datetime as dt
import logging
import os
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from bot.playbooks.library import Library
from bot.playbooks.watching import Shelf, Watcher

GOOD = (Path(__file__).parent / "good" / "late_technician.yaml").read_text()


def ticking() -> Iterator[dt.datetime]:
    for minute in count():
        yield dt.datetime(2026, 11, 21, tzinfo=dt.UTC) + dt.timedelta(minutes=minute)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "situations" / "late_technician.yaml"
    path.parent.mkdir()
    path.write_text(GOOD)
    return path


@pytest.fixture
def shelf(file: Path) -> Shelf:
    times = ticking()
    return Shelf([file.parent.parent], lambda: next(times))


def title(library: Library) -> str:
    return library.situations["late_technician"].title


def test_a_saved_file_is_in_use_and_listeners_hear_of_it(file: Path, shelf: Shelf) -> None:
    heard: list[str] = []
    shelf.subscribe(lambda library: heard.append(title(library)))
    before = shelf.loaded_at
    file.write_text(GOOD.replace("Technician late\n", "Fitter late\n"))
    assert shelf.reload()
    assert heard == [title(shelf.current)] == ["Fitter late"]
    assert shelf.loaded_at > before


def test_nothing_changed_is_told_to_nobody(shelf: Shelf) -> None:
    heard: list[Library] = []
    shelf.subscribe(heard.append)
    before = shelf.loaded_at
    assert not shelf.reload()
    assert heard == []
    assert shelf.loaded_at == before


def test_a_broken_file_stays_in_its_last_good_text_and_says_so(
    file: Path, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    file.write_text(GOOD.replace("    - engineer no show", "    - no"))
    with caplog.at_level(logging.WARNING):
        assert not shelf.reload()
    assert title(shelf.current) == "Technician late"
    assert [(it.line, it.is_error) for it in shelf.problems] == [(1, False), (10, True)]
    assert "last good text stays in use" in caplog.text
    assert "late_technician.yaml:10" in caplog.text


def test_one_broken_file_does_not_hold_back_another(file: Path, shelf: Shelf) -> None:
    other = file.with_name("lost_luggage.yaml")
    file.write_text("half: [")
    other.write_text(GOOD.replace("id: late_technician", "id: lost_luggage"))
    assert shelf.reload()
    assert set(shelf.current.situations) == {"late_technician", "lost_luggage"}
    file.write_text(GOOD.replace("Technician late\n", "Fitter late\n"))
    assert shelf.reload()
    assert title(shelf.current) == "Fitter late"
    assert shelf.problems == ()


def test_a_deleted_file_goes_and_an_emptied_folder_does_not_take_everything(file: Path, shelf: Shelf) -> None:
    other = file.with_name("lost_luggage.yaml")
    other.write_text(GOOD.replace("id: late_technician", "id: lost_luggage"))
    shelf.reload()
    other.unlink()
    assert shelf.reload()
    assert set(shelf.current.situations) == {"late_technician"}
    file.unlink()
    assert not shelf.reload()
    assert set(shelf.current.situations) == {"late_technician"}


def test_a_listener_that_fails_keeps_nobody_else_from_the_news(
    file: Path, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(library: Library) -> None:
        raise RuntimeError("no index today")

    heard: list[Library] = []
    shelf.subscribe(fails)
    shelf.subscribe(heard.append)
    file.write_text(GOOD.replace("Technician late\n", "Fitter late\n"))
    assert shelf.reload()
    assert heard == [shelf.current]
    assert "no index today" in caplog.text


def test_a_subscription_can_be_taken_back(file: Path, shelf: Shelf) -> None:
    heard: list[Library] = []
    shelf.subscribe(heard.append)()
    file.write_text(GOOD.replace("Technician late\n", "Fitter late\n"))
    assert shelf.reload()
    assert heard == []


async def test_a_save_is_noticed_and_read_outside_the_event_loop(file: Path, shelf: Shelf) -> None:
    news = asyncio.Event()
    loop = asyncio.get_running_loop()
    threads: list[int] = []

    def hear(library: Library) -> None:
        threads.append(threading.get_ident())
        loop.call_soon_threadsafe(news.set)

    shelf.subscribe(hear)
    watcher = Watcher(shelf.paths, shelf.reload)
    watching = asyncio.create_task(watcher.run())
    await saved_until_noticed(file, news)
    assert title(shelf.current).startswith("Fitter")
    assert threading.get_ident() not in threads
    watcher.stop()
    await asyncio.wait_for(watching, 5)


@pytest.fixture
def saved_since(file: Path, shelf: Shelf) -> None:
    file.write_text(GOOD.replace("Technician late\n", "Fitter late\n"))


@pytest.mark.usefixtures("saved_since")
async def test_what_was_saved_before_the_watch_began_is_read_too(shelf: Shelf) -> None:
    news = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hear(library: Library) -> None:
        loop.call_soon_threadsafe(news.set)

    shelf.subscribe(hear)
    watcher = Watcher(shelf.paths, shelf.reload)
    watching = asyncio.create_task(watcher.run())
    await asyncio.wait_for(news.wait(), 20)
    assert title(shelf.current) == "Fitter late"
    watcher.stop()
    await asyncio.wait_for(watching, 5)


async def saved_until_noticed(file: Path, news: asyncio.Event) -> None:
    """Save as editors do, by renaming, again and again: the watch takes a moment to begin."""
    for attempt in range(40):
        fresh = file.with_suffix(".part")
        fresh.write_text(GOOD.replace("Technician late\n", f"Fitter {attempt}\n"))
        os.replace(fresh, file)  # noqa: PTH105
        try:
            await asyncio.wait_for(news.wait(), 0.5)
        except TimeoutError:
            continue
        return
    pytest.fail("nobody noticed the saved file")


async def test_a_watcher_without_folders_waits_for_its_end(tmp_path: Path) -> None:
    watcher = Watcher([tmp_path / "nowhere"], lambda: None)
    watching = asyncio.create_task(watcher.run())
    watcher.stop()
    await asyncio.wait_for(watching, 5)
