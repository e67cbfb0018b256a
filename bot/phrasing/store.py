"""What phrasing keeps: a member's usual channel, and votes that belong to nobody."""

import datetime as dt

from bot.people import Member
from bot.playbooks.model import Channel
from bot.storage.database import Transaction
from bot.storage.stamps import to_stamp


def usual_channel(tx: Transaction, member: Member) -> Channel:
    """Return the channel the member works in; voice until they say otherwise."""
    row = tx.one(
        "SELECT channel FROM preferences WHERE workspace_id = :workspace AND member_id = :member",
        workspace=member.workspace,
        member=member.id,
    )
    return Channel(row["channel"]) if row else Channel.VOICE


def remember_channel(tx: Transaction, member: Member, channel: Channel, now: dt.datetime) -> None:
    """Keep the channel for the next card."""
    tx.run(
        """
        INSERT INTO preferences (workspace_id, member_id, channel, changed_at)
        VALUES (:workspace, :member, :channel, :now)
        ON CONFLICT (workspace_id, member_id)
        DO UPDATE SET channel = excluded.channel, changed_at = excluded.changed_at
        """,
        workspace=member.workspace,
        member=member.id,
        channel=channel,
        now=to_stamp(now),
    )


def add_vote(tx: Transaction, workspace: str, phrase_id: str, day: dt.date, *, helped: bool) -> None:
    """Count one vote for a phrase; no row says who gave it."""
    tx.run(
        """
        INSERT INTO votes (workspace_id, phrase_id, situation, day, helped, not_helped)
        VALUES (:workspace, :phrase, :situation, :day, :helped, :not_helped)
        ON CONFLICT (workspace_id, phrase_id, situation, day)
        DO UPDATE SET helped = votes.helped + excluded.helped,
                      not_helped = votes.not_helped + excluded.not_helped
        """,
        workspace=workspace,
        phrase=phrase_id,
        situation=phrase_id.partition(".")[0],
        day=day.isoformat(),
        helped=int(helped),
        not_helped=int(not helped),
    )
