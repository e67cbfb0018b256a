"""A floor on each engine."""

import pytest

from tests.debriefs.floor import Floor, seed


@pytest.fixture
async def floor(database):
    await database.write(seed)
    return Floor(database)
