"""Which country somebody's time zone lies in: an emergency number of another helps nobody."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_MERGED_ABROAD = {
    "Africa/Asmera": "ER",
    "Africa/Timbuktu": "ML",
    "America/Coral_Harbour": "CA",
    "America/Virgin": "VI",
    "Atlantic/Jan_Mayen": "SJ",
    "Pacific/Ponape": "FM",
    "Pacific/Truk": "FM",
    "Pacific/Yap": "FM",
}


def country_of(zone: str) -> str:
    """The country of an IANA zone as a two-letter code; "" for UTC and other zones of no country."""
    return _countries().get(zone, "")


@cache
def _countries() -> dict[str, str]:
    """Every zone with its country; an old name, such as Asia/Calcutta, has that of the new one.

    Zones with one clock are merged across borders, Europe/Stockholm into Europe/Berlin: where the table
    has such a name its own country counts, and `_MERGED_ABROAD` has those that the table lacks.
    """
    folder = files("tzdata").joinpath("zoneinfo")
    zones = dict(_of_table(folder.joinpath("zone.tab").read_text("utf-8")))
    links = dict(_of_links(folder.joinpath("tzdata.zi").read_text("utf-8")))
    return {old: zones[new] for old, new in links.items() if new in zones} | _MERGED_ABROAD | zones


def _of_table(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if line and not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            yield zone, country


def _of_links(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if line.startswith("L "):
            _, new, old = line.split()
            if "/" in old:  # EST and CET are clocks of many countries.
                yield old, new
