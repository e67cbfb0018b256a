"""How well the guard masks, kind by kind, and what a line costs.

    python tests/benchmarks/pii.py

Reads the lines in tests/safeguards/lines. Exits 1 below 98 % recall or above 1 % false alarms.
"""

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.safeguards.pii import Guard
from tests.safeguards.measured import Line, files, measure

ROUNDS = 20


def main() -> int:
    """Print the table; returns the exit code."""
    print(f"{'kind':<18}{'items':>7}{'missed':>8}{'lines':>7}{'alarms':>8}{'µs p50':>8}{'µs p99':>8}")
    items = missed = quiet = alarms = 0
    for kind, lines in sorted(files()):
        tally, costs = measure(kind, lines), _costs(lines)
        items, missed = items + tally.items, missed + len(tally.missed)
        if kind == "quiet":
            quiet, alarms = tally.lines, len(tally.alarmed)
        print(
            f"{kind:<18}{tally.items:>7}{len(tally.missed):>8}{tally.lines:>7}{len(tally.alarmed):>8}"
            f"{statistics.median(costs):>8.0f}{statistics.quantiles(costs, n=100)[-1]:>8.0f}"
        )
    print(f"recall {1 - missed / items:.4f} of {items} items; {alarms / quiet:.4f} of {quiet} lines alarmed")
    return int(missed / items > 0.02 or alarms / quiet > 0.01)


def _costs(lines: list[Line]) -> list[float]:
    """Microseconds a line, over several rounds."""
    guards = {line.region: Guard(line.region) for line in lines}
    costs = []
    for _ in range(ROUNDS):
        for line in lines:
            start = time.perf_counter_ns()
            guards[line.region].mask(line.text)
            costs.append((time.perf_counter_ns() - start) / 1000)
    return costs


if __name__ == "__main__":
    raise SystemExit(main())
