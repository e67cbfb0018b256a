"""What is wrong with a playbook, where, and what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake at one line; an error keeps its file from being used, a warning does not."""

    path: Path
    line: int
    severity: Literal["error", "warning"]
    message: str
    hint: str

    @property
    def is_error(self) -> bool:
        """Whether it fails `steady lint`."""
        return self.severity == "error"

    def text(self, relative_to: Path | None = None) -> str:
        """`file:line: what is wrong, what to write`, the file as seen from a folder when it lies inside."""
        path = self.path
        if relative_to is not None and path.is_relative_to(relative_to):
            path = path.relative_to(relative_to)
        kind = "" if self.is_error else "warning: "
        return f"{path}:{self.line}: {kind}{self.message} {self.hint}".rstrip()

    def __str__(self) -> str:
        return self.text()


def error(path: Path, line: int, message: str, hint: str) -> Finding:
    """A finding that keeps the file from being used."""
    return Finding(path, line, "error", message, hint)


def warning(path: Path, line: int, message: str, hint: str) -> Finding:
    """A finding to look at; the file is used all the same."""
    return Finding(path, line, "warning", message, hint)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, file by file and line by line, as a person mends them."""
    return tuple(sorted(set(findings), key=lambda it: (str(it.path), it.line, it.severity, it.message)))
