"""Every kind of value, found by introspection: anything may be read without a crash, what is stored comes back everywhere."""

import json
import sqlite3
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.registers import kinds, results
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.messages import message
from eduplan_desktop.registers.model import Field, Kind, Value

CATALOGS = Catalogs.shipped()
ROW = "019a0000-0000-7000-8000-00000000000a"


def field_of(kind: Kind, **more: Any) -> Field:
    """A plain field of a kind, with what the kind cannot do without."""
    own: dict[Kind, dict[str, Any]] = {
        Kind.DECIMAL: {"places": 2, "unit": "㎡"},
        Kind.MONEY: {"places": 4, "unit": "元"},
        Kind.CHOICE: {"choices": "asset_class"},
        Kind.LINK: {"target": "room"},
        Kind.RESULTS: {"choices": "checklist"},
    }
    return Field("f", kind, "字段", **(own.get(kind, {}) | more))


FIELDS = [
    *(field_of(kind) for kind in Kind),
    field_of(Kind.MONEY, places=2),
    *(field_of(Kind.CHOICE, choices=name) for name in CATALOGS.names()),
]
ids = [f"{f.kind}-{f.choices or f.places}" for f in FIELDS]

dates = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(date.isoformat)
VALUES: dict[Kind, st.SearchStrategy[Value]] = {
    Kind.WHOLE: st.integers(-(10**14), 10**14),
    Kind.DECIMAL: st.integers(-(10**14), 10**14),
    Kind.MONEY: st.integers(-(10**14), 10**14),
    Kind.YES_NO: st.sampled_from([0, 1]),
    Kind.DATE: st.one_of(dates, dates.map(lambda d: d[:7]), dates.map(lambda d: d[:4])),
    Kind.MOMENT: st.datetimes(datetime(1900, 1, 1), datetime(2199, 1, 1)).map(lambda d: f"{d:%Y-%m-%dT%H:%M:%SZ}"),
    Kind.LINK: st.uuids().map(str),
    Kind.ID_NUMBER: st.sampled_from(["11010519491231002X", "440524188001010014"]),
    Kind.SCHOOL_CODE: st.sampled_from(["2161000001", "3461999999"]),
    Kind.RESULTS: st.dictionaries(
        st.sampled_from(["SF01", "XF02"]),
        st.builds(results.Result, value=st.sampled_from(["1", "2", "5.40"]), remark=st.sampled_from(["", "门锁坏"])),
        min_size=1,
    ).map(results.dump),
}


def stored_values(field: Field) -> st.SearchStrategy[Value]:
    """Values such a field may hold."""
    if field.kind is Kind.CHOICE:
        return st.sampled_from([e.code for e in CATALOGS.table(field.choices).entries])
    if field.kind in (Kind.TEXT, Kind.LONG_TEXT):
        return st.text(max_size=60).map(lambda raw: kinds.parse(field, raw, CATALOGS).value)
    return VALUES[field.kind]


@pytest.mark.parametrize("field", FIELDS, ids=ids)
@given(data=st.data())
def test_what_is_stored_comes_back_from_every_surface(field: Field, data: st.DataObject) -> None:
    value = data.draw(stored_values(field))
    assert kinds.from_csv(field, kinds.to_csv(field, value)) == value
    assert kinds.parse(field, kinds.edit_text(field, value), CATALOGS).value == value
    if field.kind is not Kind.RESULTS:
        again = kinds.parse(field, kinds.show(field, value, CATALOGS), CATALOGS)
        assert (again.value, again.problem) == (value, None)
    assert kinds.column_ok(field, CATALOGS)(kinds.to_csv(field, value))


CELLS = st.one_of(
    st.none(),
    st.text(),
    st.text(st.characters(categories=["Nd", "Lo", "Sc", "Po", "Zs", "Cf", "Cc"])),
    st.from_regex(r"[0-9０-９,，.¥元万年月日/-]{0,14}", fullmatch=True),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.sampled_from(
        ["", "  ", "#N/A", "是", "null", "{}", '{"a":1}', "[" * 2000, "9" * 400, "1e999", b"bytes", object()]
    ),
)


@pytest.mark.parametrize("field", FIELDS, ids=ids)
@given(raw=CELLS)
def test_any_cell_is_read_or_refused_with_a_sentence_that_does_not_repeat_it(field: Field, raw: object) -> None:
    read = kinds.parse(field, raw, CATALOGS)
    if read.problem is not None:
        assert read.value is None
        assert read.problem.field == "f"
        sentence = message(read.problem)
        assert sentence.endswith("。")
        assert "…" not in sentence
        if isinstance(raw, str) and len(raw) > 12:
            assert raw not in sentence
    elif read.value is not None:
        assert kinds.from_csv(field, kinds.to_csv(field, read.value)) == read.value
        kinds.show(field, read.value, CATALOGS)
        assert kinds.sort_key(field, read.value, CATALOGS) < kinds.sort_key(field, None, CATALOGS)


@pytest.mark.parametrize("field", FIELDS, ids=ids)
@given(text=st.text())
def test_a_foreign_csv_cell_is_taken_whole_or_refused(field: Field, text: str) -> None:
    ok = kinds.column_ok(field, CATALOGS)(text)
    try:
        value = kinds.from_csv(field, text)
    except ValueError:
        assert not ok
    else:
        assert kinds.to_csv(field, value) == text


@pytest.mark.parametrize("field", FIELDS, ids=ids)
@given(data=st.data())
def test_sql_makes_the_stored_value_of_the_csv_text(field: Field, data: st.DataObject) -> None:
    value = data.draw(st.one_of(st.none(), stored_values(field)))
    db = sqlite3.connect(":memory:")
    try:
        db.execute(f"CREATE TABLE t (f {kinds.sql_type(field)}) STRICT")
        db.execute("CREATE TABLE c (x TEXT) STRICT")
        db.execute("INSERT INTO c VALUES (?)", [kinds.to_csv(field, value)])
        db.execute(f"INSERT INTO t SELECT {kinds.csv_sql(field, 'x')} FROM c")
        assert db.execute("SELECT f FROM t").fetchone()[0] == value
    finally:
        db.close()


@pytest.mark.parametrize("field", FIELDS, ids=ids)
@given(data=st.data())
def test_sort_keys_of_a_field_are_comparable(field: Field, data: st.DataObject) -> None:
    several = data.draw(st.lists(st.one_of(st.none(), stored_values(field)), max_size=6))
    ordered = sorted(several, key=lambda v: kinds.sort_key(field, v, CATALOGS))
    blanks = sum(v is None for v in several)
    assert all(v is None for v in ordered[len(ordered) - blanks :])


@pytest.mark.parametrize("field", FIELDS, ids=ids)
def test_blank_is_null_and_never_nought(field: Field) -> None:
    for raw in (None, "", " ", "\u3000\t", "\n", "\ufeff"):
        assert kinds.parse(field, raw, CATALOGS) == kinds.Parsed(None)
    assert kinds.show(field, None, CATALOGS) == kinds.edit_text(field, None) == kinds.to_csv(field, None) == ""


@pytest.mark.parametrize("field", FIELDS, ids=ids)
def test_the_table_schema_names_type_and_limits(field: Field) -> None:
    described = kinds.schema(field)
    assert described["name"] == "f"
    assert described["title"] == "字段"
    assert described["type"] in {"string", "integer", "number", "boolean", "datetime", "object"}
    required = kinds.schema(field_of(field.kind, required=True))
    assert required["constraints"]["required"] is True


def test_limits_hold_in_typing_and_in_columns() -> None:
    field = field_of(Kind.WHOLE, minimum=0, maximum=50, unit="个")
    assert kinds.parse(field, "51", CATALOGS).problem is not None
    assert kinds.parse(field, "50 个", CATALOGS).value == 50
    ok = kinds.column_ok(field, CATALOGS)
    assert ok("0")
    assert not ok("-1")
    assert not kinds.column_ok(field_of(Kind.WHOLE, required=True), CATALOGS)("")


def test_a_masked_value_is_known_when_it_comes_back() -> None:
    number = kinds.mask(field_of(Kind.ID_NUMBER), "11010519491231002X")
    assert number == "110105********002X"
    phone = kinds.mask(field_of(Kind.TEXT), "13800138000")
    assert phone == "138****8000"
    assert kinds.mask(field_of(Kind.TEXT), "示例县青石岭") == "****"
    for text in (number, phone, "****", "110105＊＊＊＊＊＊＊＊002X"):
        assert kinds.is_masked(text)
    assert not kinds.is_masked("11010519491231002X")
    assert not kinds.is_masked(None)


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        (13800138000.0, "13800138000"),
        (True, "是"),
        (date(2019, 3, 5), "2019-03-05"),
        (time(10, 5), "10:05"),
        (2.5, "2.5"),
    ],
)
def test_text_columns_take_what_a_person_sees_in_the_cell(raw: object, stored: str) -> None:
    read = kinds.parse(field_of(Kind.TEXT), raw, CATALOGS)
    assert read.value == stored
    assert read.note


def test_an_id_number_typed_as_a_number_has_lost_digits_and_is_refused() -> None:
    for kind in (Kind.TEXT, Kind.ID_NUMBER, Kind.CHOICE):
        problem = kinds.parse(field_of(kind), 1.10105194912310e17, CATALOGS).problem
        assert problem is not None
        assert problem.code == "digits_lost"


@pytest.mark.parametrize("said", ["是", "有", "√", "Y", "TRUE", "１", 1, 1.0, True])
def test_yes_in_its_many_spellings(said: object) -> None:
    assert kinds.parse(field_of(Kind.YES_NO), said, CATALOGS).value == 1


def test_a_row_is_linked_by_id_only_and_a_name_is_left_to_the_importer() -> None:
    assert kinds.parse(field_of(Kind.LINK), ROW, CATALOGS).value == ROW
    problem = kinds.parse(field_of(Kind.LINK), "科学实验室", CATALOGS).problem
    assert problem is not None
    assert problem.code == "link_unresolved"


VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "csv.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("cell", VECTORS["cells"], ids=lambda c: f"{c['kind']}-{c['cell']}")
def test_the_frozen_cells(cell: dict[str, Any]) -> None:
    field = field_of(Kind(cell["kind"]), places=cell["places"])
    assert kinds.to_csv(field, cell["value"]) == cell["cell"]
    assert kinds.from_csv(field, cell["cell"]) == cell["value"]


@pytest.mark.parametrize("cell", VECTORS["wrong_cells"], ids=lambda c: f"{c['kind']}-{c['cell']}")
def test_the_frozen_cells_that_refuse(cell: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^[a-z]"):
        kinds.from_csv(field_of(Kind(cell["kind"]), places=cell["places"]), cell["cell"])
