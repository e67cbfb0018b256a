"""A process of its own that logs under load: python actor.py URL SEED; each id it prints was acknowledged."""

import asyncio
import secrets
import sys

from bot.debriefs.model import Share
from bot.storage.opening import open_database
from tests.debriefs.floor import ANA, BEN, CHANNEL, Floor, new_origin

AT_ONCE = 4


async def log(floor: Floor, member, seed: str) -> None:
    """Log and open a debrief, again and again; print what was acknowledged, the moment it was."""
    while True:
        origin = new_origin()
        word = f"w{seed}{secrets.token_hex(2)}"
        await floor.log(
            member, origin=origin, happened=f"{word} and more words", conduct=("abusive_language",)
        )
        print("entry", origin.nonce, flush=True)
        await floor.talking.begin(member, origin.nonce, CHANNEL, frozenset({Share.HAPPENED}))
        print("debrief", origin.nonce, flush=True)


async def main(url: str, seed: str) -> None:
    """Log from several hands at once until killed."""
    floor = Floor(await open_database(url))
    print("ready", flush=True)
    await asyncio.gather(*(log(floor, (ANA, BEN)[at % 2], seed) for at in range(AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
