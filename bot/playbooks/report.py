"""What `steady lint` prints."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from bot.playbooks.findings import Finding, in_order
from bot.playbooks.library import Library
from bot.playbooks.lint import lint
from bot.playbooks.loading import Loaded, load, shipped_playbooks
from bot.playbooks.model import Role
from bot.playbooks.sections import SECTIONS

Proofreader = Callable[[Sequence[Path], Loaded], Iterable[Finding]]
"""What whoever reads the words finds in the sets at some folders, beyond what the files say by themselves."""


def lint_report(
    paths: Sequence[Path], stats: bool = False, *, today: dt.date, proofreaders: Sequence[Proofreader] = ()
) -> tuple[str, int]:
    """The findings in folders or single files, one a line, and 1 where any is an error.

    The shipped set is always read below them, since an extension needs what it extends; its own findings
    are left out unless it was asked for.
    """
    asked = [it.resolve() for it in paths]
    roots = _roots(asked)
    loaded = load(roots)
    found = [*lint(loaded, today), *chain.from_iterable(it(roots, loaded) for it in proofreaders)]
    findings = [it for it in in_order(found) if _asked_for(it, asked)]
    lines = [it.text(relative_to=Path.cwd()) for it in findings]
    lines.append(_summary(findings, loaded.library))
    if stats:
        lines += ["", *_stats(loaded.library)]
    return "\n".join(lines), int(any(it.is_error for it in findings))


def _roots(asked: Sequence[Path]) -> list[Path]:
    """The sets to read, the shipped one first."""
    shipped = shipped_playbooks().resolve()
    return list(dict.fromkeys([shipped, *(_root_of(it) for it in asked)]))


def _root_of(path: Path) -> Path:
    """The set that a folder or file belongs to: what holds `situations/` and its like."""
    places = {it.place for it in SECTIONS}
    if any((path / it).exists() for it in places):
        return path
    for part in (path, *path.parents):
        if part.name in places:
            return part.parent
    return path


def _asked_for(finding: Finding, asked: Sequence[Path]) -> bool:
    return any(finding.path.is_relative_to(it) for it in asked)


def _summary(findings: Sequence[Finding], library: Library) -> str:
    errors = sum(it.is_error for it in findings)
    read = f"{_count(len(library.situations), 'situation')} in use"
    if not findings:
        return f"Nothing to mend; {read}."
    return f"{_count(errors, 'error')}, {_count(len(findings) - errors, 'warning')}; {read}."


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _stats(library: Library) -> Iterator[str]:
    yield from _situations(library)
    yield ""
    yield from _techniques(library)


def _situations(library: Library) -> Iterator[str]:
    roles = [it.value[:6] for it in Role]
    yield f"{'situation':<26}{'short':>6}{'full':>6}" + "".join(
        f"{it:>8}" for it in (*roles, "avoid", "ask 1st")
    )
    for kind, situations in library.by_kind().items():
        for it in situations:
            used = Counter(phrase.role for phrase in it.phrases)
            counts = [*(used[role] for role in Role), len(it.avoid), len(it.check_first)]
            yield f"{it.id:<26}{len(it.signals.shorthand):>6}{len(it.signals.full):>6}" + "".join(
                f"{number:>8}" for number in counts
            )
        yield f"  {kind.value}: {_count(len(situations), 'situation')}"


def _techniques(library: Library) -> Iterator[str]:
    shown = library.techniques()
    yield "technique                  times  where"
    for technique, places in shown.items():
        if places:
            where = ", ".join(f"{id_.split('/', 1)[1]} {times}" for id_, times in places.items())
            yield f"{technique.value:<27}{sum(places.values()):>5}  {where}"
    unused = [it.value for it, places in shown.items() if not places]
    yield f"Not used anywhere: {', '.join(unused) if unused else 'none'}."
