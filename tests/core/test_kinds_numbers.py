"""Numbers, money, dates and identifiers as clerks type them and as spreadsheets hold them."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.registers import dates, idnumber, kinds, numbers
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.model import Field, Kind
from eduplan_desktop.registers.refusal import BadValue

CATALOGS = Catalogs.shipped()
MONEY = Field("price", Kind.MONEY, "单价", unit="元", places=2)
AREA = Field("area", Kind.DECIMAL, "面积", unit="㎡", places=2)
DAY = Field("day", Kind.DATE, "日期")
ID = Field("id_number", Kind.ID_NUMBER, "公民身份号码")
CODE = Field("code", Kind.SCHOOL_CODE, "学校标识码")


def read(field: Field, raw: object) -> int | str | None:
    """The stored value, or the code of the refusal."""
    parsed = kinds.parse(field, raw, CATALOGS)
    return parsed.problem.code if parsed.problem else parsed.value


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("18600.10", 1860010),
        ("18,600.10", 1860010),
        ("１８６００．１０", 1860010),
        ("18，600", 1860000),
        ("¥18600", 1860000),
        ("￥18,600.1元", 1860010),
        ("1.86万元", 1860000),
        ("人民币 18600 圆", 1860000),
        ("-0.5", -50),
        ("−3", -300),
        (".5", 50),
        ("0", 0),
        (18600.10, 1860010),
        (0.1 + 0.2, 30),
        (1.1 * 3, 330),
        (7, 700),
        ("1.86万", "unit_unknown"),
        ("100美元", "unit_unknown"),
        ("1,86", "not_number"),
        ("12,34.5", "not_number"),
        ("1 860,000", "not_number"),
        ("1e3", "unit_unknown"),
        ("约100", "not_number"),
        ("18600.105", "too_many_places"),
        (18600.105, "too_many_places"),
        (1 / 3, "too_many_places"),
        (float("nan"), "not_number"),
        (float("inf"), "not_number"),
        (True, "not_number"),
        (datetime(2019, 3, 5), "not_number"),
        ("9" * 20, "number_too_large"),
        ("#REF!", "cell_error"),
    ],
)
def test_money(raw: object, stored: int | str) -> None:
    assert read(MONEY, raw) == stored


@pytest.mark.parametrize("raw", ["96.5", "96.5㎡", "96.5 平方米", "96.5m2", 96.5])
def test_a_unit_written_behind_the_number_is_known(raw: object) -> None:
    assert read(AREA, raw) == 9650


@given(st.integers(-(10**13), 10**13))
def test_a_spreadsheet_float_of_fen_is_read_exactly(fen: int) -> None:
    assert read(MONEY, fen / 100) == fen


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6), st.integers(0, 4)
)
def test_scaling_is_half_up(value: Decimal, places: int) -> None:
    expected = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    assert numbers.unscale(numbers.scale(value, places), places) == expected


@given(st.integers(-(10**15), 10**15), st.integers(0, 6))
def test_plain_text_is_exact(value: int, places: int) -> None:
    assert Decimal(numbers.plain(value, places)) == Decimal(value).scaleb(-places)


def test_money_is_shown_with_separators_and_a_unit_price_without_idle_zeros() -> None:
    price = Field("price", Kind.MONEY, "单价", unit="元", places=4)
    assert kinds.show(price, 198000000, CATALOGS) == "19,800.00"
    assert kinds.show(price, 123456, CATALOGS) == "12.3456"
    assert kinds.show(MONEY, -1234567, CATALOGS) == "-12,345.67"
    assert kinds.show(MONEY, -5, CATALOGS) == "-0.05"
    assert kinds.edit_text(MONEY, 1860010) == "18600.10"


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("2019年3月5日", "2019-03-05"),
        ("2019年3月", "2019-03"),
        ("2019年3月份", "2019-03"),
        ("2019年", "2019"),
        ("2019", "2019"),
        ("2019.3.5", "2019-03-05"),
        ("2019.03", "2019-03"),
        ("2019/3/5", "2019-03-05"),
        ("2019-3", "2019-03"),
        ("20190305", "2019-03-05"),
        ("201903", "2019-03"),
        ("２０１９－０３－０５", "2019-03-05"),
        ("2019 年 3 月 5 日", "2019-03-05"),
        ("2019-03-05 00:00:00", "2019-03-05"),
        ("2019-03-05T08:30", "2019-03-05"),
        ("2019年3月5日 08:30", "2019-03-05"),
        (datetime(2019, 3, 5, 8, 30), "2019-03-05"),
        (date(2019, 3, 5), "2019-03-05"),
        (20190305, "2019-03-05"),
        (20190305.0, "2019-03-05"),
        (2019, "2019"),
        (43529, "2019-03-05"),
        (43529.5, "2019-03-05"),
        (2019.03, "2019-03"),
        (2019.12, "2019-12"),
        (2019.1, "date_ambiguous"),
        ("2019-02-30", "date_impossible"),
        ("2019-13", "date_impossible"),
        ("0219-03-05", "date_impossible"),
        ("5/3/2019", "not_date"),
        ("19.3.5", "not_date"),
        ("去年", "not_date"),
        (3.7, "not_date"),
        (True, "not_date"),
    ],
)
def test_dates(raw: object, stored: str) -> None:
    assert read(DAY, raw) == stored


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("2018", "2019", True),
        ("2019", "2019", None),
        ("2019", "2019-03", None),
        ("2019-03", "2019-03-05", None),
        ("2019-02", "2019-03-05", True),
        ("2019-03-05", "2019-03-05", False),
        ("2019-03-06", "2019-03-05", False),
        ("2020", "2019-12-31", False),
        ("2019-12-31", "2020", True),
    ],
)
def test_before_has_three_answers(one: str, other: str, answer: bool | None) -> None:
    assert dates.before(one, other) is answer


whole_days = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(date.isoformat)
coarse = st.builds(lambda d, n: d[:n], whole_days, st.sampled_from([4, 7, 10]))


@given(coarse, coarse, whole_days, whole_days)
def test_a_certain_order_is_right_for_every_day_the_dates_can_mean(one: str, other: str, a: str, b: str) -> None:
    answer = dates.before(one, other)
    if answer is not None and a.startswith(one) and b.startswith(other):
        assert (a < b) is answer
    assert dates.first_day(one) <= dates.last_day(one)
    assert dates.first_day(one).startswith(one)
    assert dates.last_day(one).startswith(one)


def test_statistical_years_begin_in_september() -> None:
    years = [dates.statistical_year(d) for d in ("2025-08-31", "2025-09-01", "2026-01", "2025")]
    assert years == [2024, 2025, 2025, 2025]


def test_an_age_is_told_only_where_the_precision_tells_it() -> None:
    assert dates.age_on("1980-03-05", "2026-03-04") == 45
    assert dates.age_on("1980-03-05", "2026-03-05") == 46
    assert dates.age_on("1980-03", "2026-11-23") == 46
    assert dates.age_on("1980", "2026-11-23") is None


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("11010519491231002X", "11010519491231002X"),
        ("11010519491231002x", "11010519491231002X"),
        ("440524188001010014", "440524188001010014"),
        ("440524 18800101 0014", "440524188001010014"),
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("610928198502300018", "id_birth_date"),
        ("110105194912310021", "id_check"),
        ("11010519491231000X", "id_sequence"),
        ("E12345678", "id_shape"),
        ("1101051949123100", "id_shape"),
    ],
)
def test_identity_numbers(raw: str, stored: str) -> None:
    assert read(ID, raw) == stored


def test_fifteen_digits_become_eighteen_with_their_own_check_character() -> None:
    parsed = kinds.parse(ID, "110105491231002", CATALOGS)
    assert parsed.value == "11010519491231002X"
    assert "18" in parsed.note


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(at: int, add: int) -> None:
    good = "11010519491231002X"
    wrong = good[:at] + str((int(good[at]) + add) % 10) + good[at + 1 :]
    with pytest.raises(BadValue):
        idnumber.normalise_id(wrong)


def test_sex_and_birth_date_are_read_from_a_number() -> None:
    assert idnumber.sex_code("11010519491231002X") == "2"
    assert idnumber.birth_date("11010519491231002X") == "1949-12-31"


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("2161000001", "2161000001"),
        (2161000001, "2161000001"),
        (2161000001.0, "2161000001"),
        ("21 6100 0001", "2161000001"),
        ("610928000001", "school_code_old"),
        ("216100001", "school_code_shape"),
        ("9961000001", "school_code_kind"),
        ("2199000001", "school_code_province"),
    ],
)
def test_school_codes(raw: object, stored: str) -> None:
    assert read(CODE, raw) == stored


def test_the_provinces_of_school_codes_are_the_shipped_table() -> None:
    assert {e.code for e in CATALOGS.table("province").entries} == idnumber.PROVINCES


def test_credit_codes_carry_a_check_character() -> None:
    body = "12610928MB2A0001X"
    good = next(body + c for c in "0123456789ABCDEFGHJKLMNPQRTUWXY" if idnumber.credit_code_ok(body + c))
    assert sum(idnumber.credit_code_ok(body + c) for c in "0123456789ABCDEFGHJKLMNPQRTUWXY") == 1
    assert not idnumber.credit_code_ok(good.lower())
    assert not idnumber.credit_code_ok(good[:-1])
