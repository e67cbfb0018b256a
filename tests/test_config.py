"""Settings from the environment: a slip is refused with the name of what to mend."""

from pathlib import Path

import pytest

from bot.config import SLACK_API, Config
from bot.errors import ConfigError


def test_everything_has_a_default_but_the_tokens():
    config = Config.from_env({})
    assert (config.api_url, config.country, config.playbooks) == (SLACK_API, "US", ())
    with pytest.raises(ConfigError, match="SLACK_BOT_TOKEN"):
        config.require_bot_token()


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://slack.com/api", "https://slack.com/api/"),
        ("http://127.0.0.1:8080/api/", "http://127.0.0.1:8080/api/"),
        ("http://localhost:8080/api", "http://localhost:8080/api/"),
        ("http://[::1]:8080", "http://[::1]:8080/"),
    ],
)
def test_tokens_travel_over_https_or_within_the_machine(given: str, used: str):
    assert Config.from_env({"SLACK_API_URL": given}).api_url == used


@pytest.mark.parametrize(
    "given",
    [
        "http://slack.com/api",
        "http://127.0.0.1.example.com/",
        "http://localhost.example.com/api",
        "http://localhost@example.com/",
        "http://[::1",
        "http://me:secret@localhost/api",
        "https://slack.com /api",
        "https://slack.com:port/api",
        "https://slack.com:99999/api",
        "https://",
        "slack.com",
    ],
)
def test_a_name_that_only_looks_like_this_machine_gets_no_token(given: str):
    with pytest.raises(ConfigError, match="SLACK_API_URL"):
        Config.from_env({"SLACK_API_URL": given})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1"),
        ("SLACK_APP_TOKEN", "xoxb-1"),
        ("STEADY_COUNTRY", "USA"),
        ("STEADY_KEYS", "too-short"),
        ("STEADY_PLAYBOOKS", "/no/such/folder"),
        ("STEADY_PLAYBOOKS", "~nobody_of_that_name/words"),
        ("STEADY_CACHE", "~nobody_of_that_name/cache"),
    ],
)
def test_a_slip_is_refused_by_the_name_of_its_variable_and_a_secret_is_not_repeated(name: str, value: str):
    with pytest.raises(ConfigError, match=name) as refusal:
        Config.from_env({name: value})
    assert name in {"STEADY_PLAYBOOKS", "STEADY_CACHE"} or value not in str(refusal.value)


def test_the_cache_is_the_folder_named_or_one_of_ours_in_the_system_s(tmp_path: Path):
    shared = {"XDG_CACHE_HOME": str(tmp_path)}
    assert Config.from_env(shared | {"STEADY_CACHE": str(tmp_path / "mine")}).cache == tmp_path / "mine"
    assert Config.from_env(shared).cache == tmp_path / "steady"
    assert Config.from_env({"XDG_CACHE_HOME": "~nobody_of_that_name"}).cache is None


def test_several_folders_of_playbooks_stand_in_order(tmp_path: Path):
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    assert Config.from_env({"STEADY_PLAYBOOKS": f"{first}:{second}: "}).playbooks == (first, second)
