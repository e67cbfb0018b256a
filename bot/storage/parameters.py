"""One way to write a statement and its values, for two drivers that disagree about both."""

import re
from collections.abc import Mapping
from functools import lru_cache

Value = str | int | float | bytes | None

# NUL ends a string in C, a lone surrogate is no character: PostgreSQL refuses both, SQLite the second.
_HARMFUL = re.compile("[\x00\ud800-\udfff]")

_TOKEN = re.compile(
    r"""
    '(?:[^']|'')*'             # a string
  | "(?:[^"]|"")*"             # a quoted name
  | --[^\n]* | /\*.*?\*/       # a comment
  | ::                         # a cast
  | :(?P<name>[A-Za-z_]\w*)    # a parameter
  | %
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)


def harmless(params: Mapping[str, object]) -> dict[str, Value]:
    """The parameters as both engines can keep them: bool as 0 or 1, NUL and lone surrogates as U+FFFD."""
    return {name: _harmless(name, value) for name, value in params.items()}


def _harmless(name: str, value: object) -> Value:
    if isinstance(value, str):
        # str.__str__ makes plain text of a StrEnum's member, which no driver takes for something else.
        return _HARMFUL.sub("\N{REPLACEMENT CHARACTER}", str.__str__(value))
    if isinstance(value, int):
        return int(value)
    if value is None or isinstance(value, float | bytes):
        return value
    raise TypeError(
        f"A database keeps no {type(value).__name__}: give :{name} as text or number (a time with to_stamp)."
    )


@lru_cache(maxsize=1024)
def pyformat(sql: str) -> str:
    """The statement as psycopg wants it: `:name` becomes `%(name)s` and every other `%` is doubled."""
    return _TOKEN.sub(_psycopg_token, sql)


def _psycopg_token(token: re.Match[str]) -> str:
    name = token["name"]
    return f"%({name})s" if name else token[0].replace("%", "%%")
