"""How the bot is set up: the only reader of the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from bot.errors import ConfigError
from bot.safeguards.sealing import SETTING, Seals, Unsealed, read_keys

SLACK_API = "https://slack.com/api/"
DEFAULT_DATABASE = "sqlite:///steady.db"
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that may differ between two installations; empty strings mean "not set"."""

    bot_token: str = ""
    app_token: str = ""
    signing_secret: str = ""
    api_url: str = SLACK_API
    database_url: str = DEFAULT_DATABASE
    playbooks: tuple[Path, ...] = ()
    country: str = "US"
    seals: Seals = field(default_factory=Unsealed)
    """What answers, notes and not-with lists are kept under."""
    cache: Path | None = None
    """Where what was learned from playbooks is kept, to start sooner; holds nothing anybody typed."""
    clock_url: str = ""
    """Where the sandbox tells the time it plays; empty outside it."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings; raises ConfigError naming the variable to mend."""
        return cls(
            bot_token=_token(environ, "SLACK_BOT_TOKEN", "xoxb-"),
            app_token=_token(environ, "SLACK_APP_TOKEN", "xapp-"),
            signing_secret=environ.get("SLACK_SIGNING_SECRET", "").strip(),
            api_url=_api_url(environ.get("SLACK_API_URL", "").strip() or SLACK_API),
            database_url=environ.get("STEADY_DATABASE_URL", "").strip() or DEFAULT_DATABASE,
            playbooks=_folders(environ.get("STEADY_PLAYBOOKS", "")),
            country=_country(environ.get("STEADY_COUNTRY", "").strip() or "US"),
            seals=read_keys(environ.get(SETTING, "")),
            cache=_cache(environ),
            clock_url=environ.get("STEADY_CLOCK_URL", "").strip(),
        )

    def require_bot_token(self) -> str:
        """Return the bot token, or say where to get one."""
        if not self.bot_token:
            raise ConfigError(
                "SLACK_BOT_TOKEN is not set. Copy the Bot User OAuth Token (xoxb-…) from your Slack app's "
                "OAuth & Permissions page, or try the bot without Slack: steady sandbox"
            )
        return self.bot_token


def _cache(environ: Mapping[str, str]) -> Path | None:
    """The folder named, or one where the system keeps what can be made again; None without a home."""
    if named := environ.get("STEADY_CACHE", "").strip():
        return _at_home(named, "STEADY_CACHE")
    try:
        return Path(environ.get("XDG_CACHE_HOME", "").strip() or "~/.cache").expanduser() / "steady"
    except RuntimeError:
        return None


def _at_home(name: str, setting: str) -> Path:
    try:
        return Path(name).expanduser()
    except RuntimeError:
        raise ConfigError(f"{setting} names {name}, and there is no such user here.") from None


def _token(environ: Mapping[str, str], name: str, prefix: str) -> str:
    value = environ.get(name, "").strip()
    if value and not value.startswith(prefix):
        raise ConfigError(f"{name} should start with {prefix}; it looks like another kind of token.")
    return value


def _api_url(value: str) -> str:
    if not _is_safe_for_tokens(value):
        raise ConfigError("SLACK_API_URL must be https, or http on this machine: tokens travel over it.")
    return value.rstrip("/") + "/"


def _is_safe_for_tokens(value: str) -> bool:
    try:
        url = urlsplit(value)
        is_plain = url.port != 0 and "@" not in url.netloc and not any(it.isspace() for it in value)
    except ValueError:
        return False
    return (
        bool(url.hostname)
        and is_plain
        and (url.scheme == "https" or (url.scheme == "http" and url.hostname in _THIS_MACHINE))
    )


def _country(value: str) -> str:
    if len(value) != 2 or not value.isascii() or not value.isalpha():
        raise ConfigError("STEADY_COUNTRY is a two-letter country code, such as US or GB.")
    return value.upper()


def _folders(value: str) -> tuple[Path, ...]:
    return tuple(_folder(part.strip()) for part in value.split(":") if part.strip())


def _folder(name: str) -> Path:
    folder = _at_home(name, "STEADY_PLAYBOOKS")
    if not folder.is_dir():
        raise ConfigError(f"STEADY_PLAYBOOKS names {folder}, which is not a folder.")
    return folder
