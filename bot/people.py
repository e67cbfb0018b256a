"""Who the bot speaks with: the words every feature shares."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """One person in one Slack workspace; both ids are Slack's own."""

    workspace: str
    id: str
