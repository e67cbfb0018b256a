"""Composition objects: text, option, confirm, filter, dispatch configuration, slack_file."""

from typing import Any

from bot.sandbox.validation.problems import Problems

Json = dict[str, Any]


def check_text(problems: Problems, value: Any, pointer: str, most: int, *, plain: bool) -> None:
    """Check a text object; `plain` where Slack takes no mrkdwn."""
    if not isinstance(value, dict):
        problems.add("must provide an object", pointer)
        return
    kind = value.get("type")
    if kind not in ("plain_text", "mrkdwn"):
        problems.add(
            f"unsupported type: {kind}" if kind else "missing required field: type", f"{pointer}/type"
        )
        return
    if plain and kind != "plain_text":
        problems.add("must be of type plain_text", f"{pointer}/type")
    allowed = ("emoji",) if kind == "plain_text" else ("verbatim",)
    if problems.shape(value, pointer, ("text",), allowed):
        problems.text(value["text"], f"{pointer}/text", most)


def check_optional_plain(problems: Problems, holder: Json, key: str, pointer: str, most: int) -> None:
    """Check a plain_text object that may be missing."""
    if holder.get(key) is not None:
        check_text(problems, holder[key], f"{pointer}/{key}", most, plain=True)


def check_option(
    problems: Problems, option: Any, pointer: str, *, plain: bool, overflow: bool = False
) -> None:
    """Check an option; only radio buttons and checkboxes take mrkdwn, only overflow a URL."""
    if not isinstance(option, dict):
        problems.add("must provide an object", pointer)
        return
    optional = ("description", "url") if overflow else ("description",)
    if not problems.shape(option, pointer, ("text", "value"), optional):
        return
    check_text(problems, option["text"], f"{pointer}/text", 75, plain=plain)
    problems.text(option["value"], f"{pointer}/value", 150)
    if option.get("description") is not None:
        check_text(problems, option["description"], f"{pointer}/description", 75, plain=plain)
    if option.get("url") is not None:
        problems.url(option["url"], f"{pointer}/url")


def check_confirm(problems: Problems, confirm: Any, pointer: str) -> None:
    """Check a confirmation dialog."""
    if not isinstance(confirm, dict):
        problems.add("must provide an object", pointer)
        return
    needed = ("title", "text")
    if not problems.shape(confirm, pointer, needed, ("confirm", "deny", "style")):
        return
    check_text(problems, confirm["title"], f"{pointer}/title", 100, plain=True)
    check_text(problems, confirm["text"], f"{pointer}/text", 300, plain=False)
    check_optional_plain(problems, confirm, "confirm", pointer, 30)
    check_optional_plain(problems, confirm, "deny", pointer, 30)
    if "style" in confirm:
        problems.one_of(confirm["style"], f"{pointer}/style", ("primary", "danger"))


def check_filter(problems: Problems, value: Any, pointer: str) -> None:
    """Check a conversation filter; it may not be empty."""
    allowed = ("include", "exclude_external_shared_channels", "exclude_bot_users")
    if not isinstance(value, dict) or not value:
        problems.add("must provide an object", pointer)
        return
    problems.shape(value, pointer, (), allowed)
    included = value.get("include") or []
    for index, kind in enumerate(problems.items(included, f"{pointer}/include", 4, least=0)):
        problems.one_of(kind, f"{pointer}/include/{index}", ("im", "mpim", "private", "public"))


def check_dispatch_config(problems: Problems, value: Any, pointer: str) -> None:
    """Check when a text input dispatches."""
    if not isinstance(value, dict):
        problems.add("must provide an object", pointer)
        return
    triggers = value.get("trigger_actions_on")
    for index, when in enumerate(problems.items(triggers, f"{pointer}/trigger_actions_on", 2)):
        allowed = ("on_enter_pressed", "on_character_entered")
        problems.one_of(when, f"{pointer}/trigger_actions_on/{index}", allowed)


def check_picture(problems: Problems, value: Json, pointer: str) -> None:
    """Check where a picture comes from: one source and no more."""
    sources = [key for key in ("image_url", "slack_file") if value.get(key) is not None]
    if len(sources) != 1:
        problems.add("must provide exactly one of image_url or slack_file", pointer)
        return
    if sources == ["image_url"]:
        problems.url(value["image_url"], f"{pointer}/image_url")
    else:
        file = value["slack_file"]
        if not isinstance(file, dict) or len([k for k in ("id", "url") if file.get(k)]) != 1:
            problems.add("must provide exactly one of id or url", f"{pointer}/slack_file")
