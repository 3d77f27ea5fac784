"""What the school's pages say: dates and days, steps, letters of columns, digests in groups, items that are open."""

from dataclasses import dataclass

import pytest

from eduplan_desktop.acts.agenda import URGENCY
from eduplan_desktop.acts.receive import ITEM_WORDS
from ui.screens.import_rule import split_words
from ui.screens.import_source import letters
from ui.screens.join_screen import typed_symbols
from ui.screens.receipts import STATES as ITEM_STATES
from ui.screens.submit_done import groups
from ui.screens.submit_drives import gigabytes
from ui.screens.submit_items import open_now
from ui.screens.today import long_date
from ui.screens.today_parts import STATES, state_words, until_words

TODAY = "2026-03-05"


@dataclass(frozen=True)
class Item:
    """As much of a calendar item as these pages ask for."""

    period: str
    state: str = ""


def test_every_urgency_and_every_state_of_an_item_has_a_shape() -> None:
    assert set(STATES) == set(URGENCY)
    assert set(ITEM_STATES) == {"", *ITEM_WORDS}


@pytest.mark.parametrize(
    ("state", "until", "words"),
    [
        ("overdue", "2026-02-27", "已超期"),
        ("today", TODAY, "今天"),
        ("returned", "", "县局退回"),
        ("soon", "2026-03-10", "5 天后"),
        ("later", "2026-03-31", "26 天后"),
        ("later", "", "以后"),
    ],
)
def test_the_word_of_an_urgency(state: str, until: str, words: str) -> None:
    assert state_words(state, until, TODAY) == words


@pytest.mark.parametrize(
    ("state", "until", "several", "lines"),
    [
        ("overdue", "2026-02-27", True, ("最早 2026-02-27", "超 6 天")),
        ("overdue", "2026-02-27", False, ("截止 2026-02-27", "超 6 天")),
        ("today", TODAY, False, (TODAY, "今天放学前")),
        ("soon", "2026-03-10", False, ("截止 2026-03-10", "还有 5 天")),
        ("returned", "", False, ("随下一包报出", "")),
        ("later", "", False, ("", "")),
    ],
)
def test_how_long_is_left(state: str, until: str, several: bool, lines: tuple[str, str]) -> None:
    assert until_words(state, until, TODAY, several=several) == lines


def test_a_long_date_names_the_weekday() -> None:
    assert long_date(TODAY) == "2026年3月5日 星期四"


@pytest.mark.parametrize(("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_lettered_as_in_a_spreadsheet(index: int, name: str) -> None:
    assert letters(index) == name


def test_words_for_not_known_are_split_as_people_write_them() -> None:
    assert split_words(" -、无， 999;无 ") == ("-", "无", "999")


def test_a_digest_stands_in_groups_as_on_the_paper() -> None:
    first, second = groups("0123456789abcdef" * 4)
    assert first == "0123 4567 89ab cdef 0123 4567 89ab cdef"
    assert first.replace(" ", "") + second.replace(" ", "") == "0123456789abcdef" * 4


def test_a_fingerprint_counts_however_it_is_typed() -> None:
    assert typed_symbols("e9dk dhb8－pw2j") == "E9DKDHB8PW2J"


@pytest.mark.parametrize(("size", "words"), [(14_200_000_000, "14.2"), (50_000_000, "0.05")])
def test_room_on_a_stick(size: int, words: str) -> None:
    assert gigabytes(size) == words


def test_items_are_open_once_their_period_has_begun_and_until_they_are_accepted() -> None:
    items = [Item("2026-02"), Item("2026-03"), Item("2026-04"), Item("2025", "accepted"), Item("2026", "returned")]
    assert [i.period for i in open_now(items, TODAY)] == ["2026-02", "2026-03", "2026"]
