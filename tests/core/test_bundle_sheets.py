"""Recovery sheets: what is printed can be typed back, a slip is found and its line named; every code has words."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.bundle.sheets import Sheet, health_sheet, parse_sheet, parse_sheets, records_sheet
from eduplan_desktop.bundle.words import WORDS, explain, refused
from eduplan_desktop.errors import RefusedError
from tests.core.bundle_samples import seed

RECORDS = records_sheet("990001", seed(1), seed(4))
HEALTH = health_sheet("000000", seed(6))
keys = st.binary(min_size=32, max_size=32)


@given(st.integers(0, 999_999), keys, keys)
def test_what_is_printed_can_be_typed_back(county: int, one: bytes, two: bytes) -> None:
    for sheet in (records_sheet(f"{county:06d}", one, two), health_sheet(f"{county:06d}", one)):
        assert parse_sheet(sheet.text) == sheet


def test_the_form_of_a_sheet() -> None:
    assert (len(RECORDS.lines), len(HEALTH.lines)) == (6, 4)
    for number, line in enumerate(RECORDS.text.splitlines(), start=1):
        assert re.fullmatch(rf"{number}\) ([0-9A-HJKMNP-TV-Z]{{4}}-){{5}}[0-9A-HJKMNP-TV-Z]{{2}}", line)
    assert seed(1).hex() not in repr(RECORDS) + str(RECORDS)


@pytest.mark.parametrize(
    "typed",
    [
        RECORDS.text.lower(),
        RECORDS.text.replace("0", "O").replace("1)", "1、"),
        RECORDS.text.replace("0", "o"),
        RECORDS.text.replace("-", " "),
        RECORDS.text.replace("-", ""),
        RECORDS.text.replace(") ", "."),
        RECORDS.text.replace(") ", ":"),
        "县恢复表(业务)\n2026-09-01\n\n" + RECORDS.text + "\n保管人:示例\n",
        "\n".join(RECORDS.lines),
        RECORDS.text.replace("\n", "\r\n\r\n"),
        "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in RECORDS.text),
    ],
)
def test_ways_to_type(typed: str) -> None:
    assert parse_sheet(typed) == RECORDS


@given(st.data())
def test_a_slip_is_found_and_its_line_named(data: st.DataObject) -> None:
    number = data.draw(st.integers(1, 6))
    line = RECORDS.lines[number - 1].replace("-", "")
    at = data.draw(st.integers(0, len(line) - 1))
    symbol = data.draw(st.sampled_from([c for c in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" if c != line[at]]))
    slips = [line[:at] + symbol + line[at + 1 :], line[:at] + line[at + 1 :], line[:at] + symbol + line[at:]]
    other = data.draw(st.integers(0, len(line) - 1))
    if line[other] != line[at]:
        swapped = list(line)
        swapped[at], swapped[other] = swapped[other], swapped[at]
        slips.append("".join(swapped))
    for slip in slips:
        lines = list(RECORDS.lines)
        lines[number - 1] = slip
        assert wrong_line("".join(f"{n}) {text}\n" for n, text in enumerate(lines, start=1))) == number


def wrong_line(text: str) -> int:
    """The line a text is refused for."""
    with pytest.raises(RefusedError) as caught:
        parse_sheet(text)
    assert caught.value.code == "bad_sheet"
    assert caught.value.advice
    line = caught.value.params["line"]
    assert isinstance(line, int)
    assert not line or str(line) in caught.value.message
    return line


def test_lines_that_are_missing_exchanged_or_of_another_sheet() -> None:
    lines = RECORDS.text.splitlines(keepends=True)
    for number in range(1, 7):
        assert wrong_line("".join(lines[: number - 1] + lines[number:])) == number
    assert wrong_line(f"1) {RECORDS.lines[1]}\n2) {RECORDS.lines[0]}\n") == 1
    other = records_sheet("990001", seed(2), seed(4)).text.splitlines(keepends=True)
    assert wrong_line("".join(lines[:2] + other[2:])) == 0
    assert wrong_line("") == 1
    assert wrong_line("什么也没有") == 1
    assert wrong_line(RECORDS.text + HEALTH.text) == 0


@pytest.mark.parametrize("left", range(1, 6))
def test_the_first_line_that_is_missing_is_named(left: int) -> None:
    lines = records_sheet("990001", b"\xff" * 32, b"\xa5" * 32).text.splitlines()
    with pytest.raises(RefusedError) as caught:
        parse_sheet("\n".join(lines[:left]))
    assert caught.value.code == "bad_sheet"
    assert str(left + 1) in caught.value.message


def test_two_sheets_in_one_text() -> None:
    assert parse_sheets("业务\n" + RECORDS.text + "\n健康\n" + HEALTH.text) == [RECORDS, HEALTH]
    assert parse_sheets(HEALTH.text) == [HEALTH]


def test_a_sheet_has_its_number_of_keys() -> None:
    with pytest.raises(ValueError, match="another number of keys"):
        Sheet("records", "990001", (seed(1),)).text  # noqa: B018 - making the text is the act


# --- words ---------------------------------------------------------------------------------------------------------------


def test_every_code_of_the_format_has_words() -> None:
    root = Path(__file__).resolve().parent.parent.parent
    table = (root / "docs" / "format.md").read_text(encoding="utf-8").partition("## 9. Words")[2]
    codes = [
        w.strip(" `") for line in table.splitlines() if line.startswith("| `") for w in line.split("|")[1].split(",")
    ]
    assert len(codes) > 20
    assert set(codes) <= set(WORDS)


@pytest.mark.parametrize("code", WORDS)
def test_words_say_what_happened_and_what_to_do(code: str) -> None:
    message, advice = explain(code)
    for sentence in (message, advice):
        assert sentence.endswith("。")
        assert re.search(r"[\u4e00-\u9fff]", sentence)
    error = refused(code, file="x")
    assert (error.code, error.message, error.advice, error.params) == (code, message, advice, {"file": "x"})


def test_a_word_that_is_no_code() -> None:
    with pytest.raises(KeyError):
        explain("surprise")
