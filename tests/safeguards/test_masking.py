"""`steady mask` in a pipe: masked text alone on one side, notes on the other, the original on neither."""

import subprocess
import sys
from pathlib import Path

STEADY = [sys.executable, "-m", "bot", "mask"]


def mask(given: bytes, *arguments: str) -> tuple[str, str]:
    done = subprocess.run([*STEADY, *arguments], input=given, capture_output=True, check=True, cwd=Path.cwd())
    return done.stdout.decode(), done.stderr.decode()


def test_lines_come_out_masked_and_the_notes_say_where() -> None:
    out, notes = mask(b"late refund\ncard 4111 1111 1111 1111, call 212-555-0123\norder 2125550123\n")
    assert out == "late refund\ncard [card number], call [phone]\norder 2125550123\n"
    assert notes == "line 2: 1 card number, 1 phone\n"


def test_the_region_is_the_one_given_or_the_one_set() -> None:
    assert mask(b"he left 07700900123", "--region", "GB")[0] == "he left [phone]"
    assert mask(b"he left 07700900123", "--region", "us")[0] == "he left 07700900123"


def test_bytes_that_are_no_text_do_not_stop_it() -> None:
    out, notes = mask(b"\xff\xfe 4111 1111\x00 1111 1111\r\nana@example.com\xc3\n\n")
    assert out == "\ufffd\ufffd [card number]\r\n[e-mail]\ufffd\n\n"
    assert notes == "line 1: 1 card number\nline 2: 1 e-mail\n"


def test_a_line_comes_out_before_the_next_one_comes_in() -> None:
    with subprocess.Popen(STEADY, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin
        assert running.stdout
        for given, wanted in ((b"ana@example.com\n", b"[e-mail]\n"), (b"ok\n", b"ok\n")):
            running.stdin.write(given)
            running.stdin.flush()
            assert running.stdout.readline() == wanted


def test_nothing_in_nothing_out() -> None:
    assert mask(b"") == ("", "")


def test_what_is_no_country_is_refused() -> None:
    done = subprocess.run([*STEADY, "--region", "Texas"], input=b"", capture_output=True, check=False)
    assert done.returncode == 2
    assert b"two-letter" in done.stderr
