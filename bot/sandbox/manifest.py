"""The app as its manifest describes it: only what is written there exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Command:
    """A slash command of the app."""

    command: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True)
class Shortcut:
    """A global or a message shortcut of the app."""

    type: str
    name: str
    callback_id: str
    description: str


@dataclass
class AppManifest:
    """What Slack takes from an app's manifest."""

    name: str
    description: str
    background_color: str
    bot_name: str
    commands: dict[str, Command]
    shortcuts: dict[str, Shortcut]
    bot_events: frozenset[str]
    bot_scopes: frozenset[str]
    optional_scopes: frozenset[str]
    redirect_urls: tuple[str, ...]
    unfurl_domains: tuple[str, ...]
    home_tab: bool
    messages_tab: bool
    messages_tab_read_only: bool
    interactivity: bool


def read_manifest(source: Mapping[str, Any]) -> AppManifest:
    """Read a manifest (the parsed YAML mapping); missing parts are simply not there."""
    features = source.get("features") or {}
    settings = source.get("settings") or {}
    oauth = source.get("oauth_config") or {}
    scopes = oauth.get("scopes") or {}
    home = features.get("app_home") or {}
    display = source.get("display_information") or {}
    commands = [_command(c) for c in features.get("slash_commands") or ()]
    shortcuts = [_shortcut(s) for s in features.get("shortcuts") or ()]
    return AppManifest(
        name=display.get("name", "App"),
        description=display.get("description", ""),
        background_color=display.get("background_color", "#4a154b"),
        bot_name=(features.get("bot_user") or {}).get("display_name", display.get("name", "App")),
        commands={c.command: c for c in commands},
        shortcuts={s.callback_id: s for s in shortcuts},
        bot_events=frozenset((settings.get("event_subscriptions") or {}).get("bot_events") or ()),
        bot_scopes=frozenset(scopes.get("bot") or ()),
        optional_scopes=frozenset(scopes.get("bot_optional") or ()),
        redirect_urls=tuple(oauth.get("redirect_urls") or ()),
        unfurl_domains=tuple(features.get("unfurl_domains") or ()),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", False)),
        messages_tab_read_only=bool(home.get("messages_tab_read_only_enabled", False)),
        interactivity=bool((settings.get("interactivity") or {}).get("is_enabled", False)),
    )


def _command(source: Mapping[str, Any]) -> Command:
    return Command(
        source["command"],
        source.get("description", ""),
        source.get("usage_hint", ""),
        bool(source.get("should_escape", False)),
    )


def _shortcut(source: Mapping[str, Any]) -> Shortcut:
    return Shortcut(source["type"], source["name"], source["callback_id"], source.get("description", ""))
