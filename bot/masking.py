"""`steady mask`: personal data masked in what is piped through, a line at a time."""

from typing import TextIO

from bot.safeguards.pii import Guard


def mask_lines(stdin: TextIO, stdout: TextIO, stderr: TextIO, region: str) -> int:
    """Write each line masked, and to stderr what was masked in it; returns the exit code."""
    guard = Guard(region)
    for number, line in enumerate(stdin, 1):
        masked = guard.mask(line)
        # Each line on its own, so that it can stand in the middle of a pipe that never ends.
        print(masked.text, end="", file=stdout, flush=True)
        if masked.found:
            print(f"line {number}: {masked.summary}", file=stderr, flush=True)
    return 0
