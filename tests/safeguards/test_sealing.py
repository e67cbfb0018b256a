"""What is sealed opens for its owner, with its keys, and nowhere else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.safeguards.sealing import BrokenSealError, KeyedSeals, Seals, Unsealed, new_key, read_keys
from bot.storage.opening import open_database

ANA = ("checkins.answer", "T1", "U_ANA")
BEN = ("checkins.answer", "T1", "U_BEN")
KEYED = KeyedSeals.from_keys([new_key()])
ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=200)


@pytest.mark.parametrize("seals", [KEYED, Unsealed()], ids=["sealed", "unsealed"])
@given(text=ANY_TEXT)
def test_what_is_sealed_opens_again_word_for_word(seals: Seals, text: str) -> None:
    sealed = seals.seal(text, *ANA)
    assert sealed.isascii()
    assert "\0" not in sealed
    assert seals.open(sealed, *ANA) == text


@given(st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=5), max_size=4))
def test_a_row_copied_to_another_place_does_not_open(sealed_for: list[str], opened_for: list[str]) -> None:
    sealed = KEYED.seal("heavy", *sealed_for)
    if sealed_for == opened_for:
        assert KEYED.open(sealed, *opened_for) == "heavy"
    else:
        with pytest.raises(BrokenSealError):
            KEYED.open(sealed, *opened_for)


def test_another_key_opens_nothing() -> None:
    sealed = KEYED.seal("heavy", *ANA)
    with pytest.raises(BrokenSealError, match="no longer in STEADY_KEYS"):
        read_keys(new_key()).open(sealed, *ANA)
    with pytest.raises(BrokenSealError, match="STEADY_KEYS is not set"):
        read_keys("").open(sealed, *ANA)


@given(st.binary(max_size=300))
def test_hostile_bytes_are_refused_not_opened(raw: bytes) -> None:
    with pytest.raises(BrokenSealError):
        KEYED.open(raw.decode("latin-1"), *ANA)


def test_a_sealed_text_that_was_tampered_with_does_not_open() -> None:
    sealed = KEYED.seal("heavy", *ANA)
    for at in range(0, len(sealed) - 2, 7):
        other = "A" if sealed[at] != "A" else "B"
        with pytest.raises(BrokenSealError):
            KEYED.open(sealed[:at] + other + sealed[at + 1 :], *ANA)


def test_each_answer_is_equally_long_and_never_twice_the_same() -> None:
    answers = ["light", "fine", "heavy", "very heavy", "too much"]
    sealed = [KEYED.seal(answer, *ANA) for answer in answers * 2]
    assert len({len(it) for it in sealed}) == 1
    assert len(set(sealed)) == len(sealed)


def test_a_seal_does_not_tell_when_it_was_made() -> None:
    assert KEYED.seal("heavy", *ANA).startswith("gAAAAAAAAAAA")


def test_a_new_key_in_front_seals_and_the_old_one_still_opens() -> None:
    old, new = new_key(), new_key()
    before = read_keys(old).seal("heavy", *ANA)
    both = read_keys(f" {new} , {old} ")
    assert both.open(before, *ANA) == "heavy"
    rotated = both.rotate(before, *ANA)
    assert read_keys(new).open(rotated, *ANA) == "heavy"
    assert both.rotate(rotated, *ANA) == rotated


def test_rotating_does_not_move_a_row_to_another_owner() -> None:
    with pytest.raises(BrokenSealError):
        KEYED.rotate(KEYED.seal("heavy", *ANA), *BEN)


def test_what_was_kept_before_there_was_a_key_opens_and_is_sealed_by_rotation() -> None:
    kept = Unsealed().seal("heavy", *ANA)
    assert KEYED.open(kept, *ANA) == "heavy"
    sealed = KEYED.rotate(kept, *ANA)
    assert "heavy" not in sealed
    assert KEYED.open(sealed, *ANA) == "heavy"


def test_without_a_key_it_says_so() -> None:
    assert not read_keys(" , ").is_set
    assert read_keys(new_key()).is_set


def test_what_is_no_key_is_refused_without_being_repeated() -> None:
    for wrong in ("not-a-key", "ключ", new_key()[:-2], new_key() + "," + "A" * 44 + "x"):
        with pytest.raises(ConfigError, match="STEADY_KEYS") as caught:
            read_keys(wrong)
        assert wrong.split(",")[-1] not in str(caught.value)


@pytest.mark.parametrize("seals", [KEYED, Unsealed()], ids=["sealed", "unsealed"])
async def test_no_word_stands_in_the_database_file_once_a_key_is_set(
    seals: Seals, sqlite_url: str, tmp_path: Path
) -> None:
    words = ["too much", "U_BLOCKED_COLLEAGUE", "I cried in the car park"]
    database = await open_database(sqlite_url)
    await database.write(lambda tx: tx.run("CREATE TABLE sealed_words (body TEXT NOT NULL)"))
    for word in words:
        sealed = seals.seal(word, *ANA)
        await database.write(lambda tx, s=sealed: tx.run("INSERT INTO sealed_words VALUES (:s)", s=s))
    await database.close()
    raw = _bytes_in(tmp_path)
    found = [word for word in words if word.encode() in raw]
    assert found == ([] if seals.is_set else words)


def _bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
