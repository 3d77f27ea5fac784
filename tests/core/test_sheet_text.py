"""Text files: encodings are guessed with alternatives and confirmed, delimiters found, quotes never swallow the file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.errors import ExchangeError
from eduplan_desktop.exchange import charset
from eduplan_desktop.exchange.cells import Sheet
from eduplan_desktop.exchange.delimited import read_text
from eduplan_desktop.exchange.sheet_read import read_book
from tests.core.sheet_tools import write_csv

NAMES = [["姓名", "学校"], ["王小明", "青石岭小学"], ["李建国", "第二中学"]]


def grid(sheet: Sheet) -> list[list[object]]:
    return [list(row) for row in sheet.rows]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "big5"]
)
def test_chinese_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    rows = (
        [["name", "學校"], ["王小明", "第二中學"], ["李建國", "table 1"]]
        if encoding == "big5"
        else [["ab", "cd"], *NAMES]
    )
    path = write_csv(tmp_path / "a.csv", rows, encoding)
    book = read_book(path)
    offered = [guess.encoding for guess in book.encodings]
    assert book.sheet.encoding == offered[0]
    if encoding == "big5":
        assert grid(read_book(path, encoding="big5").sheet) == rows
        assert "big5" in offered
        assert book.asks
    else:
        assert grid(book.sheet) == rows
        assert book.asks == (encoding in ("gb18030", "gbk", "utf-16-le", "utf-16-be"))


def test_latin_text_that_decodes_as_chinese_is_not_taken_for_it(tmp_path: Path) -> None:
    rows = [["café", "naïve", "Zürich"], ["Ségolène", "Größe", "façade"]]
    book = read_book(write_csv(tmp_path / "a.csv", rows, "latin-1"))
    assert grid(book.sheet) == rows
    assert book.asks


def test_the_persons_choice_of_encoding_wins_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", NAMES, "gb18030")
    assert grid(read_book(path, encoding="latin-1").sheet) != NAMES
    for wrong, code in (("utf-8", "encoding"), ("klingon", "encoding_unknown")):
        with pytest.raises(ExchangeError) as caught:
            read_book(path, encoding=wrong)
        assert caught.value.code == code


def test_characters_gb18030_moved_in_2022_are_read_as_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(
        "姓名,部件,标点\n王小明,".encode("gb18030")
        + b"\xfe\x59\xfe\xa0,\xa6\xd9\xa6\xdb"
        + "\n李,丙,丁\n".encode("gb18030")
    )
    sheet = read_book(path, encoding="gb18030").sheet
    assert sheet.rows[1] == ["王小明", "\u9fb4\u9fbb", "\ufe10\ufe11"]
    assert any("2022" in note for note in sheet.notes)


def test_private_use_characters_are_counted(tmp_path: Path) -> None:
    sheet = read_book(write_csv(tmp_path / "a.csv", [["姓名"], ["王\ue001"]])).sheet
    assert any("私用区" in note for note in sheet.notes)


def test_the_middle_dot_of_old_files_stays_the_one_of_names() -> None:
    assert charset.decode(b"\xa1\xa4", "gb18030") == "·"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a;b\n1;2,5\n3;4,5", [["a", "b"], ["1", "2,5"], ["3", "4,5"]]),
        ("a\tb\n1\t2", [["a", "b"], ["1", "2"]]),
        ("a|b\n1|2", [["a", "b"], ["1", "2"]]),
        ("sep=;\na;b\n1;2", [["a", "b"], ["1", "2"]]),
        ('a,b\n"1,5","x\ny"\n3,4', [["a", "b"], ["1,5", "x\ny"], ["3", "4"]]),
        ('a,b\n"say ""x""",2', [["a", "b"], ['say "x"', "2"]]),
        ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
        ("只有一列\n一\n二", [["只有一列"], ["一"], ["二"]]),
        ("a,b\n\n ,\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b,c\n1\n1,2,3,4", [["a", "b", "c", ""], ["1", "", "", ""], ["1", "2", "3", "4"]]),
    ],
)
def test_delimiters_quotes_and_line_ends(text: str, rows: list[list[str]]) -> None:
    assert grid(read_text(text, "")) == rows


def test_lines_are_numbered_as_an_editor_does() -> None:
    assert read_text('a,b\n"x\ny",1\n\n2,3', "").numbers == [1, 2, 5]
    assert read_text("sep=,\na,b\n1,2", "").numbers == [2, 3]


def test_one_stray_quote_does_not_swallow_the_rest() -> None:
    text = '编号,名称\n1,"课桌\n' + "\n".join(f"{n},椅子" for n in range(2, 500))
    sheet = read_text(text, "")
    assert len(sheet.rows) == 500
    assert sheet.rows[1] == ["1", '"课桌']
    assert any("引号" in note for note in sheet.notes)


def test_a_cell_beyond_reason_is_a_refusal() -> None:
    with pytest.raises(ExchangeError) as caught:
        read_text("a,b\n" + "x" * 200_000 + ",1", "")
    assert caught.value.code == "cell_too_long"


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


@given(
    rows=st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=8),
    delimiter=st.sampled_from([",", "\t", ";", "|"]),
)
def test_what_csv_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str
) -> None:
    path = write_csv(tmp_path_factory.getbasetemp() / "back.csv", rows, "utf-8-sig", delimiter)
    width = max(len(row) for row in rows)
    kept = [row + [""] * (width - len(row)) for row in rows if any(c and not c.isspace() for c in row)]
    if not kept:
        return
    sheet = read_book(path, delimiter=delimiter).sheet
    got = [row + [""] * (width - len(row)) for row in grid(sheet)]
    if not any("引号" in note for note in sheet.notes) and not rows[0][0].lower().startswith("sep="):
        assert got == kept


@given(st.text(max_size=400))
def test_any_text_is_a_sheet_or_a_refusal(text: str) -> None:
    try:
        sheet = read_text(text, "")
    except ExchangeError:
        return
    assert len(sheet.rows) == len(sheet.numbers) == len(sheet.lengths)
    assert sheet.numbers == sorted(set(sheet.numbers))


@given(st.binary(max_size=300))
def test_any_bytes_have_a_guess_that_decodes(raw: bytes) -> None:
    offered = charset.guesses(raw)
    assert charset.decode(raw, offered[0].encoding) is not None
    assert len({g.encoding for g in offered}) == len(offered)
