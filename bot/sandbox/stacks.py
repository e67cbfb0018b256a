"""The modal stack, one per person, and the Home: opened, pushed, updated, closed."""

import time
from typing import Any

from bot.sandbox.blocks import complete
from bot.sandbox.forms import carried_over, first_values
from bot.sandbox.workspace import View, Workspace
from bot.sandbox.world import World

Json = dict[str, Any]

MOST_VIEWS = 3
TROUBLE = "We had some trouble connecting. Try again?"


class StackError(Exception):
    """Slack's error name for what cannot be done with a view."""


def new_hash(world: World) -> str:
    """Make a view's hash; it is new with every change."""
    return f"{int(time.time())}.{world.ids.mixed(8)}"


def _new_view(world: World, workspace: Workspace, user_id: str, source: Json, below: View | None) -> View:
    view_id = world.ids.new("V")
    view = View(
        view_id,
        user_id,
        workspace.id,
        "home" if source["type"] == "home" else "modal",
        {**source, "blocks": complete(source["blocks"], world.ids)},
        new_hash(world),
        below.root_view_id if below else view_id,
        below.id if below else None,
    )
    view.values = first_values(view.blocks)
    return view


def check_external_id(workspace: Workspace, source: Json, view: View | None = None) -> None:
    """Refuse an external_id that another view already has."""
    external_id = source.get("external_id")
    other = workspace.view_by_external_id(external_id) if external_id else None
    if other is not None and other is not view:
        raise StackError("duplicate_external_id")


def open_modal(world: World, workspace: Workspace, user_id: str, source: Json) -> View:
    """Open a modal as the root of this person's stack; what was open there is gone."""
    workspace.stacks[user_id] = []
    check_external_id(workspace, source)
    view = _new_view(world, workspace, user_id, source, None)
    workspace.stacks[user_id] = [view]
    world.changes.touch([user_id])
    return view


def push_modal(world: World, workspace: Workspace, user_id: str, source: Json) -> View:
    """Put a view on top of this person's stack."""
    stack = workspace.stacks.setdefault(user_id, [])
    if len(stack) >= MOST_VIEWS:
        raise StackError("push_limit_reached")
    check_external_id(workspace, source)
    view = _new_view(world, workspace, user_id, source, stack[-1] if stack else None)
    stack.append(view)
    world.changes.touch([user_id])
    return view


def update_view(world: World, workspace: Workspace, view: View, source: Json) -> View:
    """Change a view in place: same id, and what was typed stays where the ids stay."""
    check_external_id(workspace, source, view)
    typed = view.values
    view.source = {**source, "blocks": complete(source["blocks"], world.ids)}
    view.values = carried_over(typed, first_values(view.blocks))
    view.hash = new_hash(world)
    view.errors = {}
    view.trouble = None
    world.changes.touch([view.user_id])
    return view


def publish_home(world: World, workspace: Workspace, user_id: str, source: Json) -> View:
    """Publish a person's Home; the id of an earlier one is kept."""
    home = workspace.homes.get(user_id)
    if home is not None:
        return update_view(world, workspace, home, source)
    check_external_id(workspace, source)
    workspace.homes[user_id] = _new_view(world, workspace, user_id, source, None)
    world.changes.touch([user_id])
    return workspace.homes[user_id]


def close_view(world: World, workspace: Workspace, view: View, *, everything: bool) -> list[View]:
    """Take a view (and what lies on it), or the whole stack, away; gives those closed, top first."""
    stack = workspace.stacks.get(view.user_id, [])
    at = 0 if everything or view not in stack else stack.index(view)
    closed = stack[at:]
    workspace.stacks[view.user_id] = stack[:at]
    world.changes.touch([view.user_id])
    return list(reversed(closed))


def top(workspace: Workspace, user_id: str) -> View | None:
    """Give the view a person has in front of them."""
    stack = workspace.stacks.get(user_id)
    return stack[-1] if stack else None
