"""What has been delivered before, so that nothing Slack sends twice is done twice."""

from datetime import datetime

from bot.storage.database import Transaction
from bot.storage.stamps import to_stamp

_REMEMBER = """
INSERT INTO deliveries (delivery_key, seen_at) VALUES (:key, :seen_at)
ON CONFLICT (delivery_key) DO NOTHING
"""


def first_time(tx: Transaction, key: str, now: datetime) -> bool:
    """Remember a delivery by its natural key; False if seen before. Do its work in the same unit of work."""
    return tx.run(_REMEMBER, key=key, seen_at=to_stamp(now)) == 1


def forget_before(tx: Transaction, at: datetime) -> int:
    """Forget deliveries older than Slack would repeat; returns how many."""
    return tx.run("DELETE FROM deliveries WHERE seen_at < :at", at=to_stamp(at))
