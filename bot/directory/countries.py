"""Which country somebody's time zone lies in: an emergency number of another helps nobody."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files


def country_of(zone: str) -> str:
    """The country of an IANA zone as a two-letter code; "" for UTC and other zones of no country."""
    return _countries().get(zone, "")


@cache
def _countries() -> dict[str, str]:
    """Every zone with its country; an old name of a zone, such as Asia/Calcutta, has that of the new one."""
    folder = files("tzdata").joinpath("zoneinfo")
    zones = dict(_of_table(folder.joinpath("zone.tab").read_text("utf-8")))
    links = dict(_of_links(folder.joinpath("tzdata.zi").read_text("utf-8")))
    return {old: zones[new] for old, new in links.items() if new in zones} | zones


def _of_table(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if line and not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            yield zone, country


def _of_links(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if line.startswith("L "):
            _, new, old = line.split()
            yield old, new
