"""Asking one's leads for cover, alike from wherever it was pressed: minutes and a code, never why."""

import datetime as dt
from dataclasses import dataclass

from bot.people import Member
from bot.scheduler import outbox
from bot.scheduler.model import Job
from bot.storage.database import Transaction
from bot.teams import Teams

TOLD_WITHIN = dt.timedelta(minutes=15)
"""A lead told later than this would cover a break that is over."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What was asked, and the ids of the leads who are told; none where nobody leads the member."""

    minutes: int
    code: str
    leads: tuple[str, ...]


def ask_for_cover(
    tx: Transaction, teams: Teams, member: Member, minutes: int, kind: str, origin: str, now: dt.datetime
) -> Cover:
    """Tell every lead of the member's team, once for what it was asked from."""
    team = teams.team_of(tx, member)
    leads = [it for it in teams.leads_of(tx, team) if it != member] if team else []
    code = teams.break_code(tx, member.workspace, minutes)
    for lead in leads:
        job = Job(
            workspace=member.workspace,
            kind=kind,
            key=f"{origin}:{lead.id}",
            recipient=lead.id,
            due_at=now,
            grace_until=now + TOLD_WITHIN,
            about=member.id,
            payload={"minutes": minutes, "code": code},
            is_personal=False,
        )
        outbox.add(tx, job)
    return Cover(minutes, code, tuple(it.id for it in leads))
