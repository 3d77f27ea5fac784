"""The CSV of docs/format.md §6.1: one text for one content, every other form refused, any content there and back."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.bundle import tables
from eduplan_desktop.bundle.package import cells, cells_of_dicts
from eduplan_desktop.bundle.tables import LINE_LIMIT, TableReader, write_table
from eduplan_desktop.errors import BundleError
from eduplan_desktop.registers.kinds import to_csv
from eduplan_desktop.registers.model import Field, Kind
from tests.core.bundle_samples import refusal, uid

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parent.parent / "vectors" / "csv.json").read_text(encoding="utf-8")
)


def written(names: Sequence[str], rows: Sequence[Sequence[str]], key: int = 1) -> bytes:
    """The text of a table."""
    pieces = list(write_table(names, rows, key))
    assert sum(count for _, count in pieces) == len(rows)
    return b"".join(data for data, _ in pieces)


def read(data: bytes, **options: Any) -> tuple[tuple[str, ...], list[list[str]]]:
    """Names and rows."""
    reader = TableReader(io.BytesIO(data), **options)
    return reader.names, list(reader)


@pytest.mark.parametrize("case", VECTORS["files"], ids=lambda case: repr(case["text"])[:60])
def test_vectors_both_ways(case: dict[str, Any]) -> None:
    rows = [["" if cell is None else cell for cell in row] for row in case["rows"]]
    assert written(case["names"], rows) == case["text"].encode("utf-8")
    assert read(case["text"].encode("utf-8")) == (tuple(case["names"]), rows)


@pytest.mark.parametrize("case", VECTORS["refused"], ids=lambda case: case["why"])
def test_vectors_refused(case: dict[str, Any]) -> None:
    data = case["text"].encode("utf-8")
    code = refusal(read, data)
    assert code == "bad_rows" or (not code and list(read(data)[0]) != case["names"]), "other names are the caller's"


@pytest.mark.parametrize("case", VECTORS["cells"], ids=lambda case: f"{case['kind']} {case['cell']}")
def test_cells_by_kind(case: dict[str, Any]) -> None:
    field = Field("f", Kind(case["kind"]), "f", places=case["places"])
    assert list(cells([field], [(uid(1), case["value"])])) == [(uid(1), case["cell"])]
    assert list(cells_of_dicts([field], [{"id": uid(1), "f": case["value"]}])) == [(uid(1), case["cell"])]


characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")
texts = st.text(characters, max_size=12) | st.text(st.sampled_from(',"\n\r a中'), max_size=6)


@given(st.lists(st.tuples(texts, texts, texts), max_size=12))
def test_any_rows_come_back(rows: list[tuple[str, str, str]]) -> None:
    full = [[uid(n), *row] for n, row in enumerate(rows)]
    data = written(["id", "x", "y", "z"], full)
    assert read(data) == (("id", "x", "y", "z"), full)
    assert list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))[1:] == full


@given(st.binary(max_size=400), st.integers(1, 7))
def test_whatever_is_read_is_the_one_text(data: bytes, step: int) -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(step)

    for body in (data, b"id,x\n" + data, f"id,x\n{uid(1)},".encode() + data + b"\n"):
        code = refusal(lambda body=body: list(TableReader(Slow(body), key=0, ids=False)))
        assert code in ("", "bad_rows")
        if not code:
            reader = TableReader(Slow(body), key=0, ids=False)
            assert written(reader.names, list(reader), key=0) == body


def test_a_table_longer_than_every_buffer() -> None:
    rows = [[uid(n), f'行 {n}, "第{n}"' if n % 7 == 0 else "无", "x" * (n % 300)] for n in range(4000)]
    data = written(["id", "a", "b"], rows)
    assert len(data) > 4 * tables.READ
    assert read(data)[1] == rows


@pytest.mark.parametrize(
    "rows",
    [
        [[uid(2), "a"], [uid(1), "b"]],
        [[uid(1), "a"], [uid(1), "b"]],
        [*([uid(n), "a"] for n in range(1000)), [uid(5), "late"]],
        [[uid(1)]],
        [[uid(1), "a", "b"]],
        [[uid(1), "a"], [uid(2), "a,b", "c"]],
    ],
    ids=["descending", "twice", "twice over batches", "short", "long", "long with quotes"],
)
def test_the_writer_refuses_what_no_reader_takes(rows: list[list[str]]) -> None:
    with pytest.raises(ValueError, match=r"rows do not rise|another width"):
        written(["id", "x"], rows)


def test_keys_of_two_columns_rise_together() -> None:
    rows = [[uid(1), "a", "1"], [uid(1), "b", "1"], [uid(2), "a", "1"]]
    data = written(["id", "item", "value"], rows, key=2)
    assert read(data, key=2)[1] == rows
    swapped = data.replace(b",b,", b",A,")
    with pytest.raises(BundleError):
        read(swapped, key=2)


@pytest.mark.parametrize(
    "body",
    [
        b"x" * (LINE_LIMIT + 10),
        b'"' + b"\n" * (LINE_LIMIT + 10) + b'"',
        b'"' + b"x\n" * LINE_LIMIT,
        b'"' * (2 * LINE_LIMIT),
    ],
    ids=["one line", "many empty lines", "never closed", "quotes"],
)
def test_endless_rows_end_soon(body: bytes) -> None:
    with pytest.raises(BundleError) as caught:
        read(b"id,x\n" + uid(1).encode() + b"," + body + b"\n")
    assert caught.value.code == "bad_rows"


numbers = st.none() | st.integers(-(10**14), 10**14)


@given(
    st.lists(st.tuples(numbers, numbers, numbers, st.none() | st.text(characters, min_size=1, max_size=5)), max_size=30)
)
def test_columns_are_written_as_single_values_are(rows: list[tuple[Any, ...]]) -> None:
    fields = [
        Field("m", Kind.MONEY, "m", places=2),
        Field("d", Kind.DECIMAL, "d", places=4),
        Field("w", Kind.WHOLE, "w"),
        Field("t", Kind.TEXT, "t"),
    ]
    full = [(uid(n), *row) for n, row in enumerate(rows)]
    assert list(cells(fields, full)) == [
        (row[0], *(to_csv(f, v) for f, v in zip(fields, row[1:], strict=True))) for row in full
    ]


def test_a_refusal_never_repeats_a_cell() -> None:
    with pytest.raises(BundleError) as caught:
        read(f'id,x\n{uid(1)},"13800000000"\n'.encode())
    assert "138" not in f"{caught.value} {caught.value.params}"
