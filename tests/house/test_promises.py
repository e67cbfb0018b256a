"""The house checks its own promises."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.shipped import shipped
from bot.slack.ids import Action, Command, Event, Shortcut, View

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = yaml.safe_load(shipped("manifest.yml").read_text("utf-8"))
SCOPE_OF_EVENT = {
    "app_home_opened": set(),
    "app_uninstalled": set(),
    "tokens_revoked": set(),
    "user_change": {"users:read"},
    "team_join": {"users:read"},
    "dnd_updated_user": {"dnd:read"},
    "channel_archive": {"channels:read"},
    "channel_unarchive": {"channels:read"},
    "channel_deleted": {"channels:read"},
    "subteam_updated": {"usergroups:read"},
    "subteam_members_changed": {"usergroups:read"},
    "member_joined_channel": {"channels:read"},
    "member_left_channel": {"channels:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
}
SCOPE_OF_METHOD = {
    "chat_postMessage": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_delete": {"chat:write"},
    "conversations_open": {"im:write", "mpim:write"},
    "conversations_history": {"im:history"},
    "conversations_replies": {"channels:history"},
    "conversations_info": {"channels:read"},
    "conversations_members": {"channels:read"},
    "users_list": {"users:read"},
    "users_info": {"users:read"},
    "usergroups_list": {"usergroups:read"},
    "usergroups_users_list": {"usergroups:read"},
    "dnd_teamInfo": {"dnd:read"},
    "dnd_info": {"dnd:read"},
    "files_getUploadURLExternal": {"files:write"},
    "files_completeUploadExternal": {"files:write"},
    "views_open": set(),
    "views_push": set(),
    "views_update": set(),
    "views_publish": set(),
    "auth_test": set(),
    "apps_connections_open": set(),
    "chat_getPermalink": set(),
}


def sources():
    return [p for p in (ROOT / "bot").rglob("*.py") if "sandbox" not in p.parts and "_shipped" not in p.parts]


def test_the_import_contracts_hold():
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([tool], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]


def test_the_manifest_lists_the_commands_shortcuts_and_events_that_are_heard():
    features = MANIFEST["features"]
    assert {c["command"] for c in features["slash_commands"]} == set(Command)
    assert {s["callback_id"] for s in features.get("shortcuts", [])} == set(Shortcut)
    heard = {"message" if str(event).startswith("message") else str(event) for event in Event}
    subscribed = {e.partition(".")[0] for e in MANIFEST["settings"]["event_subscriptions"]["bot_events"]}
    assert subscribed == heard


def called_methods():
    """Names of Web API methods called on a client, anywhere in the bot."""
    pattern = re.compile(
        r"\.((?:chat|conversations|users|usergroups|dnd|views|auth|apps|reactions|files|team)_[a-zA-Z_]+)\b"
    )
    return {name for path in sources() for name in pattern.findall(path.read_text("utf-8"))}


def test_the_manifest_asks_for_the_scopes_in_use_and_no_others():
    called = called_methods() & set(SCOPE_OF_METHOD)
    events = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
    needed = {"commands"}
    for method in called:
        needed |= SCOPE_OF_METHOD[method]
    for event in events:
        needed |= SCOPE_OF_EVENT[event]
    asked = set(MANIFEST["oauth_config"]["scopes"]["bot"])
    assert needed <= asked, needed - asked
    unexplained = asked - needed - {"groups:read", "groups:history", "mpim:write", "im:history"}
    assert not unexplained


def test_the_manifest_is_valid_against_slack_s_schema_where_that_is_at_hand():
    schema = ROOT.parent / "shared" / "reference" / "manifest.schema.1.0.0.json"
    if not schema.is_file():
        pytest.skip("Slack's manifest schema is not beside this checkout")
    import jsonschema

    jsonschema.validate(MANIFEST, json.loads(schema.read_text("utf-8")))


def test_every_id_is_drawn_and_heard():
    """An id nobody draws is dead; one nobody hears is a button that does nothing."""
    text = "\n".join(p.read_text("utf-8") for p in sources() if p.name not in {"ids.py"})
    listeners = "\n".join(p.read_text("utf-8") for p in sources() if p.name.endswith("listeners.py"))
    drawn = "\n".join(
        p.read_text("utf-8") for p in sources() if not p.name.endswith(("listeners.py", "ids.py"))
    )
    for enum in (Action, View):
        for member in enum:
            name = f"{enum.__name__}.{member.name}"
            assert re.search(rf"\b{re.escape(name)}\b", text), f"{name} is used nowhere"
    for action in Action:
        assert re.search(rf"\bAction\.{action.name}\b", drawn), (
            f"Action.{action.name} is heard but never drawn"
        )
        assert re.search(rf"\bAction\.{action.name}\b", listeners), (
            f"Action.{action.name} is drawn but never heard"
        )


def readme_commands():
    text = (ROOT / "README.md").read_text("utf-8")
    return set(
        re.findall(
            r"\bsteady ([a-z]+)\b(?=[ \n`|])", "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.S))
        )
    )


def test_every_command_in_the_readme_exists():
    from bot.cli import main

    assert readme_commands(), "README names no command"
    for name in readme_commands():
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0


def test_the_readme_has_exactly_two_set_up_commands_on_its_first_screen():
    first_screen = (ROOT / "README.md").read_text("utf-8").split("\n## ", 2)[1]
    commands = [line for line in first_screen.splitlines() if line.startswith("python3 ")]
    assert len(commands) == 2
    assert commands[0].endswith("steady sandbox")
    assert commands[1].endswith("pytest -n auto")


def test_nothing_happens_at_import():
    """Importing every module reads no setting and opens no file of its own."""
    modules = [
        ".".join(p.relative_to(ROOT).with_suffix("").parts)
        for p in sources()
        if p.name not in {"__main__.py"}
    ]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SLACK_", "STEADY_"))}
    program = f"import importlib\nfor m in {modules!r}: importlib.import_module(m.removesuffix('.__init__'))"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_no_module_carries_a_name_that_says_nothing():
    forbidden = {"utils", "helpers", "common", "misc", "base", "manager", "data", "process", "handle"}
    assert not {p.stem for p in (ROOT / "bot").rglob("*.py")} & forbidden
