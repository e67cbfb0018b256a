"""How well and how fast situations are found, beside the usual ways.

Run `python -m tests.benchmarks.finder`. scikit-learn and rapidfuzz are only compared with when they are
installed; Steady needs neither.
"""

import argparse
import datetime as dt
import gc
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import yaml

from bot.asking import Asking
from bot.phrasing.deciding import Words
from bot.phrasing.finder import CRISIS, Finder, build_finder
from bot.phrasing.lexicon import load_lexicon
from bot.phrasing.safety import SafetyRule, load_safety
from bot.playbooks.library import Library
from bot.playbooks.loading import load, shipped_playbooks
from bot.playbooks.model import Signals, Situation

EVALUATION = Path(__file__).parent.parent / "phrasing" / "evaluation"
VOICES = ("desk_shorthand", "agent_sentences", "customer_spoken", "customer_written", "third_person")
NOTHING = "none"

Rank = Callable[[str], tuple[list[str], float]]
"""A method: a text in, ids best first and how sure it is that anything fits."""


@dataclass(frozen=True)
class Line:
    voice: str
    text: str
    ids: tuple[str, ...]
    also: tuple[str, ...]


@dataclass
class Score:
    """Hits at 1 and 3, strict (the id that should lead) and lenient (any that is acceptable)."""

    count: int = 0
    hits: list[int] = field(default_factory=lambda: [0, 0, 0, 0])

    def add(self, ranked: Sequence[str], line: Line) -> None:
        fine = {*line.ids, *line.also}
        self.count += 1
        found = (
            ranked[:1] == [line.ids[0]],
            line.ids[0] in ranked[:3],
            bool(fine.intersection(ranked[:1])),
            bool(fine.intersection(ranked[:3])),
        )
        self.hits = [hits + hit for hits, hit in zip(self.hits, found, strict=True)]

    @property
    def shares(self) -> tuple[float, ...]:
        return tuple(hits / max(1, self.count) for hits in self.hits)


def lines(voices: Iterable[str] = VOICES) -> list[Line]:
    """The evaluation lines of some voices."""
    return [
        Line(voice, row["text"], tuple(row["ids"]), tuple(row.get("also") or ()))
        for voice in voices
        for row in yaml.safe_load((EVALUATION / f"{voice}.yaml").read_text("utf-8"))
    ]


def texts(name: str) -> list[str]:
    """The lines of one of the crisis sets."""
    rows = yaml.safe_load((EVALUATION / f"{name}.yaml").read_text("utf-8"))
    return [row["text"] if isinstance(row, dict) else row for row in rows]


def auroc(fitting: Sequence[float], nothing: Sequence[float]) -> float:
    """How often a line that fits something is surer than one that fits nothing."""
    ranked = sorted([(value, 1) for value in fitting] + [(value, 0) for value in nothing])
    total, at = 0.0, 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        total += sum(fits for _, fits in ranked[at:end]) * (at + 1 + end) / 2
        at = end
    count = len(fitting)
    return (total - count * (count + 1) / 2) / (count * len(nothing))


@dataclass
class Result:
    by_voice: dict[str, Score]
    auroc: float
    micros: float
    build: float


def measure(rank: Rank, build: float) -> Result:
    """Every evaluation line through one method."""
    by_voice = {voice: Score() for voice in (*VOICES, "all")}
    fits: list[float] = []
    nothing: list[float] = []
    spent = []
    for line in lines():
        begun = time.perf_counter()
        ranked, fit = rank(line.text)
        spent.append(time.perf_counter() - begun)
        if line.ids[0] == NOTHING:
            nothing.append(fit)
            continue
        fits.append(fit)
        by_voice[line.voice].add(ranked, line)
        by_voice["all"].add(ranked, line)
    return Result(by_voice, auroc(fits, nothing), statistics.median(spent) * 1e6, build)


def signals_of(library: Library) -> dict[str, tuple[str, ...]]:
    """What every method learns from."""
    return {it.id: (*it.signals.shorthand, *it.signals.full) for it in library.situations.values()}


def ours(finder: Finder) -> Rank:
    def rank(text: str) -> tuple[list[str], float]:
        found = finder.find(text)
        return [it.situation for it in found.matches], found.fit

    return rank


def fts5(signals: Mapping[str, Sequence[str]]) -> Rank:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE s USING fts5(id UNINDEXED, words, tokenize='porter unicode61')")
    db.executemany("INSERT INTO s VALUES (?, ?)", [(id_, it) for id_, all_ in signals.items() for it in all_])

    def rank(text: str) -> tuple[list[str], float]:
        words = "".join(c if c.isalnum() else " " for c in text).split()
        if not words:
            return [], 0.0
        query = " OR ".join(f'"{word}"' for word in words)
        found = db.execute(
            "SELECT id, -bm25(s) FROM s WHERE s MATCH ? ORDER BY bm25(s) LIMIT 40", (query,)
        ).fetchall()
        return list(dict.fromkeys(id_ for id_, _ in found)), found[0][1] if found else 0.0

    return rank


def fuzzy(signals: Mapping[str, Sequence[str]]) -> Rank:
    from rapidfuzz import fuzz, process

    pairs = [(id_, it) for id_, all_ in signals.items() for it in all_]
    choices = [it.lower() for _, it in pairs]

    def rank(text: str) -> tuple[list[str], float]:
        found = process.extract(text.lower(), choices, scorer=fuzz.token_set_ratio, limit=40)
        return list(dict.fromkeys(pairs[at][0] for _, _, at in found)), found[0][1] if found else 0.0

    return rank


def regression(signals: Mapping[str, Sequence[str]]) -> Rank:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    model = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
        ),
        LogisticRegression(C=10, max_iter=300),
    )
    model.fit(
        [it for all_ in signals.values() for it in all_], [id_ for id_, all_ in signals.items() for _ in all_]
    )

    def rank(text: str) -> tuple[list[str], float]:
        chances = model.predict_proba([text])[0]
        return [str(model.classes_[at]) for at in (-chances).argsort()[:10]], float(chances.max())

    return rank


def compare(library: Library) -> None:
    """The table of all methods."""
    signals = signals_of(library)
    methods: dict[str, Callable[[], Rank]] = {
        "SQLite FTS5 bm25, porter": lambda: fts5(signals),
        "rapidfuzz token_set_ratio": lambda: fuzzy(signals),
        "n-grams, logistic regression": lambda: regression(signals),
        "Steady": lambda: ours(build_finder(library)),
    }
    print("\nhit@1/hit@3 strict · lenient, on", len(lines()), "evaluation lines")
    print(f"{'':30}" + "".join(f"{it:^26}" for it in (*VOICES, "all")) + "  AUROC  µs/query  build s")
    for name, make in methods.items():
        begun = time.perf_counter()
        try:
            rank = make()
        except ImportError as missing:
            print(f"{name:30}not installed: {missing.name}")
            continue
        result = measure(rank, time.perf_counter() - begun)
        cells = "".join(
            f"{f'{a:.3f}/{b:.3f} · {c:.3f}/{d:.3f}':^26}"
            for a, b, c, d in (result.by_voice[voice].shares for voice in (*VOICES, "all"))
        )
        print(f"{name:30}{cells}  {result.auroc:.3f}  {result.micros:8.0f}  {result.build:7.2f}")


def safety(finder: Finder) -> None:
    """Recall and false alarms of the safety rule, and of what leads the card."""
    folders = (shipped_playbooks(),)
    lexicon = load_lexicon(folders)
    print("\nsafety: lines in which it fires")
    for name in ("crisis_talk", "crisis_quiet"):
        found = [finder.find(it) for it in texts(name)]
        leads = sum(it.matches[:1] != () and it.matches[0].situation == CRISIS for it in found)
        print(f"  {name:20} rule or lead {sum(it.safety for it in found)}, leads {leads}, of {len(found)}")
    own = SafetyRule(load_safety(folders, "colleagues"), lexicon)
    for name in ("staff_crisis_talk", "staff_crisis_quiet"):
        print(f"  {name:20} {sum(map(own.fires, texts(name)))} of {len(texts(name))}")
    for id_ in (CRISIS, "vulnerable_hardship"):
        wanted = [it for it in lines() if it.ids[0] == id_]
        found = [finder.find(it.text).matches[:1] for it in wanted]
        first = sum(it.situation == id_ for best in found for it in best)
        print(f"  {id_} recall at 1: {first} of {len(wanted)}")


def speed(library: Library) -> None:
    """Cost at 60 and 400 characters, for the shipped situations and for ten times as many."""
    print("\ncost                     build s   µs at 60   µs at 400   memory MB   resident MB")
    for name, shelf in shelves(library).items():
        tracemalloc.start()
        weighed = build_finder(shelf)
        weighed.find("warm up")
        memory = tracemalloc.get_traced_memory()[0] / 1e6
        tracemalloc.stop()
        build = min(_seconds_of(partial(build_finder, shelf)) for _ in range(3))
        finder = build_finder(shelf)
        print(
            f"{name:18} {len(shelf.situations):4} {build:8.2f} {p50(finder, 60):10.0f}"
            f" {p50(finder, 400):11.0f} {memory:11.1f} {resident(name):13.1f}"
        )


def p50(finder: Finder, length: int) -> float:
    """Median microseconds over evaluation lines cut or joined to a length, each the quickest of five."""
    said = [it.text for it in lines()]
    queries = []
    while said and len(queries) < 200:
        query = said.pop()
        while len(query) < length and said:
            query += " " + said.pop()
        queries.append(query[:length])
    rounds = [[_seconds_of(partial(finder.find, query)) for query in queries] for _ in range(5)]
    return statistics.median(map(min, zip(*rounds, strict=True))) * 1e6


def resident(name: str) -> float:
    """By how many megabytes a fresh process grows that builds a finder and uses it; Linux alone tells."""
    code = f"from tests.benchmarks.finder import growth; print(growth({name!r}))"
    return float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout)


def growth(name: str) -> float:
    """The megabytes that building and using a finder adds to this process."""
    shelf = shelves(load((shipped_playbooks(),)).library)[name]
    said = lines()
    gc.collect()
    before = _resident()
    finder = build_finder(shelf)
    for it in said:
        finder.find(it.text)
    return _resident() - before


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def asking(library: Library) -> None:
    """Ten thousand different lines, as `steady ask --json` answers them."""
    ask = Asking(Words(library, build_finder(library)), dt.datetime.now(dt.UTC).date())
    queries = varied(10_000)
    spent = _seconds_of(lambda: [ask.line(it) for it in queries])
    length = sum(map(len, queries)) / len(queries)
    print(f"\nask --json: {len(set(queries))} different lines of {length:.0f} characters: {spent:.1f} s")


def varied(count: int) -> list[str]:
    """Evaluation lines, each with a slip of the finger, a word left out, or the beginning of another."""
    dice = random.Random(5)
    said = [it.text for it in lines()]
    found: dict[str, None] = {}
    while len(found) < count:
        words = dice.choice(said).split()
        at = dice.randrange(len(words))
        change = dice.randrange(3)
        if change == 0 and len(words[at]) > 4:
            words[at] = words[at][0] + words[at][2] + words[at][1] + words[at][3:]
        elif change == 1 and len(words) > 3:
            del words[at]
        else:
            words += dice.choice(said).split()[: dice.randrange(2, 9)]
        found[" ".join(words)] = None
    return list(found)


def _seconds_of(work: Callable[[], object]) -> float:
    """Processor time, since a machine may be busy with other things."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def shelves(library: Library) -> dict[str, Library]:
    """The shipped situations, and ten times as many."""
    return {"shipped": library, "ten times as many": tenfold(library)}


def tenfold(library: Library) -> Library:
    """Ten times as many situations, each with signals whose words are partly their own."""
    dice = random.Random(7)
    copies: dict[str, Situation] = dict(library.situations)
    for number in range(1, 10):
        for it in library.situations.values():
            changed = {
                "shorthand": tuple(_partly_own(line, number, dice) for line in it.signals.shorthand),
                "full": tuple(_partly_own(line, number, dice) for line in it.signals.full),
            }
            copies[f"{it.id}_{number}"] = it.model_copy(
                update={"id": f"{it.id}_{number}", "signals": Signals.model_construct(**changed)}
            )
    sections = {**library.sections, "situation": copies}
    return Library(sections, "tenfold")


def _partly_own(line: str, number: int, dice: random.Random) -> str:
    return " ".join(
        word + "aeiou"[number % 5] + "ks" if dice.random() < 0.3 else word for word in line.split()
    )


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("compare", "safety", "speed", "ask"))
    only = parser.parse_args().only
    library = load((shipped_playbooks(),)).library
    kinds = {kind.value: len(it) for kind, it in library.by_kind().items()}
    print(
        f"{len(library.situations)} situations {kinds}, {sum(map(len, signals_of(library).values()))} signals"
    )
    if only in (None, "compare"):
        compare(library)
    if only in (None, "safety"):
        safety(build_finder(library))
    if only in (None, "speed"):
        speed(library)
    if only in (None, "ask"):
        asking(library)


if __name__ == "__main__":
    main()
