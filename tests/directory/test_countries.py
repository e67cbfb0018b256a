"""A zone tells the country, so that nobody in danger reads another's emergency number."""

import pytest

from bot.directory.countries import country_of


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("America/New_York", "US"),
        ("America/Toronto", "CA"),
        ("America/Mexico_City", "MX"),
        ("Europe/London", "GB"),
        ("Europe/Dublin", "IE"),
        ("Europe/Stockholm", "SE"),
        ("Asia/Manila", "PH"),
        ("Asia/Kolkata", "IN"),
        ("Asia/Calcutta", "IN"),
        ("US/Eastern", "US"),
        ("America/Puerto_Rico", "PR"),
        ("America/Coral_Harbour", "CA"),
        ("America/Virgin", "VI"),
        ("Pacific/Midway", "UM"),
        ("EST", ""),
        ("CET", ""),
        ("UTC", ""),
        ("Etc/GMT+5", ""),
        ("Nowhere/At_all", ""),
        ("", ""),
    ],
)
def test_a_zone_tells_its_country_under_old_names_too(zone, country):
    assert country_of(zone) == country
