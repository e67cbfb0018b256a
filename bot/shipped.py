"""Where the files that ship with Steady are: beside `bot/` in a checkout, inside it once installed."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The path of a shipped file or folder ("playbooks", "manifest.yml"); says so when it is missing."""
    for home in (_PACKAGE / "_shipped", _PACKAGE.parent):
        if (home / name).exists():
            return home / name
    raise FileNotFoundError(f"{name} did not come with this installation; reinstall steady-slack.")
