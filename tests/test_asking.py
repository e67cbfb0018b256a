"""What `steady ask` prints, as people and other programs use it."""

import json
import subprocess
import sys

import pytest

KEYS = {"query", "fit", "matches", "card"}


def steady(*arguments, stdin=None):
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments], input=stdin, capture_output=True, timeout=60, check=False
    )
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def test_a_text_becomes_a_card_to_read():
    code, out, _ = steady("ask", "late refund 3rd call screaming")
    assert code == 0
    assert out.startswith("Late refund · 3rd contact · shouting\nSay: “")
    assert "\nNext: " in out


def test_a_text_becomes_one_object_for_programs():
    code, out, _ = steady("ask", "--json", "late refund 3rd call screaming")
    record = json.loads(out)
    assert code == 0
    assert set(record) == KEYS
    assert record["matches"][0]["situation"] == "refund_problem"
    assert set(record["matches"][0]) == {"situation", "kind", "score", "reasons"}
    assert record["matches"][0]["reasons"]
    assert 0 <= record["fit"] <= 1


def test_each_line_is_answered_by_a_line_and_a_blank_one_fits_nothing():
    lines = ["late refund", "", "   ", "what time do you open", "\x00", "she wants to die", "x" * 20_000]
    code, out, _ = steady("ask", "--json", stdin="\n".join(lines).encode() + b"\n\xff\xfe broken bytes\n")
    records = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert len(records) == len(lines) + 1
    assert all(set(record) == KEYS for record in records)
    for blank in (1, 2):
        assert records[blank]["fit"] == 0
        assert records[blank]["matches"] == []
    assert records[5]["matches"][0]["situation"] == "crisis_safety"
    assert len(out) < 60_000


def test_answers_come_as_they_are_asked_not_at_the_end():
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    for query in ("late refund", "parcel never came"):
        process.stdin.write(f"{query}\n".encode())
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["matches"]
    process.communicate()
    assert process.returncode == 0


@pytest.mark.parametrize("number", ["4111 1111 1111 1111", "4111111111111111", "5500-0000-0000-0004"])
def test_a_card_number_in_the_query_is_not_echoed(number):
    _, out, _ = steady("ask", "--json", f"late refund to my card {number} please")
    assert number not in out
    assert json.loads(out)["matches"][0]["situation"] == "refund_problem"


def test_a_reader_that_goes_away_is_no_error():
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "ask"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    process.stdin.write(b"late refund\n" * 50)
    process.stdin.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    process.wait(30)
