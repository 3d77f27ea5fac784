"""Pages and tables: nothing lost, heads repeated, the stamp area free, the same bytes twice, black on white."""

import re
from io import BytesIO
from itertools import pairwise

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfbase.pdfdoc import PDFDocument

from eduplan_desktop.reports import ledger
from eduplan_desktop.reports.amounts import Sum, count, money
from eduplan_desktop.reports.fonts import Face
from eduplan_desktop.reports.ink import Ink
from eduplan_desktop.reports.page import Head, Imprint, Paper, sign_off
from eduplan_desktop.reports.pdf import MM
from eduplan_desktop.reports.table import Align, Column, Table
from tests.core import report_samples as samples

COLOUR = re.compile(rb"(?<![\w/])(rg|RG|k|K|g|G|cs|CS|sc|SC|scn|SCN|Do|sh)(?!\w)")
CIRCLE = re.compile(r"\[0\.6 2\.4\] 0 d ([\d.]+) ([\d.]+) m")
PLACED = re.compile(r"1 0 0 1 ([\d.]+) ([\d.]+) Tm")
INK = Ink(PDFDocument())


def reader(pdf: bytes) -> pypdf.PdfReader:
    """The PDF opened."""
    return pypdf.PdfReader(BytesIO(pdf))


def texts(pdf: bytes) -> list[str]:
    """The text of each page, without white."""
    return [re.sub(r"\s", "", page.extract_text()) for page in reader(pdf).pages]


def content(page: pypdf.PageObject) -> str:
    """The drawing commands of a page."""
    return page.get_contents().get_data().decode("latin-1")  # type: ignore[union-attr]


@pytest.mark.parametrize("name", list(samples.FORMS))
def test_every_page_of_every_form_is_whole(name: str) -> None:
    """A4, numbered, dated, from a named program, black on white, no picture, no mark of sample data on real data."""
    pdf = samples.FORMS[name](samples.PAPER)
    pages = texts(pdf)
    assert reader(pdf).metadata.title  # type: ignore[union-attr]
    for number, (page, text) in enumerate(zip(reader(pdf).pages, pages, strict=True), 1):
        assert sorted((round(page.mediabox.width), round(page.mediabox.height))) == [595, 842]
        assert "打印时间2026-11-2314:20" in text
        assert (f"—{number}—" if name == "letter" else f"第{number}页/共{len(pages)}页") in text
        assert "示例数据" not in text
        assert not COLOUR.search(page.get_contents().get_data())  # type: ignore[union-attr]
        assert "None" not in text


@pytest.mark.parametrize("name", list(samples.FORMS))
def test_sample_data_say_so_on_every_page(name: str) -> None:
    """Both the mark across the page and the words at its head."""
    for text in texts(samples.FORMS[name](samples.SAMPLE)):
        assert "示例数据，不得上报" in text
        assert text.count("示例") >= 2


@pytest.mark.parametrize("name", list(samples.FORMS))
def test_same_data_same_bytes(name: str) -> None:
    """A form printed again at the same moment is the same file."""
    assert samples.FORMS[name](samples.PAPER) == samples.FORMS[name](samples.PAPER)


@pytest.mark.parametrize("name", ["F02", "F13", "F18", "F22-schools", "list"])
@pytest.mark.parametrize("rows", range(1, 30, 4))
def test_nothing_stands_in_the_stamp_area(name: str, rows: int) -> None:
    """The round area of 42 mm is on the last page alone and holds only its own label, however full the page above is."""
    pdf = {
        "F02": lambda: ledger.render(ledger.Ledger("校", "2026", samples.assets(rows), samples.PAPER)),
        "list": lambda: samples.FORMS["list"](samples.PAPER),
    }.get(name, lambda: samples.FORMS[name](samples.PAPER))()
    *before, last = reader(pdf).pages
    assert not any(CIRCLE.search(content(page)) for page in before)
    ((right, y),) = CIRCLE.findall(content(last))
    radius = 21 * MM
    centre = (float(right) - radius, float(y))
    inside = [
        (float(x), float(low))
        for x, low in PLACED.findall(content(last))
        if (float(x) - centre[0]) ** 2 + (float(low) - centre[1]) ** 2 < radius**2
    ]
    assert len(inside) == 1, "only （盖章处）"
    assert f"{radius * 2 / MM:.0f}" == "42"


def table_pdf(rows: list[tuple[str, ...]], columns: list[Column], **how: object) -> bytes:
    """A table alone."""
    paper = Paper(Head("T", "表", "左", "中", "右"), Imprint("x"))
    table = Table(paper, columns, **how)  # type: ignore[arg-type]
    for row in rows:
        table.row(row)
    table.close()
    sign_off(paper)
    return paper.finish()


def test_heads_and_page_totals_repeat() -> None:
    """Title, column heads, groups and 本页小计 stand on every page, 合计 and signatures once."""
    pdf = ledger.render(ledger.Ledger(samples.SCHOOL, "2026-09-01", samples.assets(60), samples.PAPER))
    pages = texts(pdf)
    assert len(pages) > 3
    assert all("资产编号" in p and "购置日期" in p and "计量单位：元" in p and "本页小计" in p for p in pages)
    assert [p.count("（续）") for p in pages] == [0] + [1] * (len(pages) - 1)
    assert sum(p.count("合计") for p in pages) == 1
    assert "填表人" in pages[-1]
    assert not any("填表人" in p for p in pages[:-1])


def test_a_short_table_has_one_total() -> None:
    """On a single page the page total would repeat the total."""
    (page,) = texts(ledger.render(ledger.Ledger("校", "2026", samples.assets(3), samples.PAPER)))
    assert "本页小计" not in page
    assert page.count("合计") == 1


def test_ledger_of_nothing_prints() -> None:
    """An empty ledger is a form with a blank total, not 0."""
    (page,) = texts(ledger.render(ledger.Ledger("校", "2026", [], samples.PAPER)))
    assert "合计" in page
    assert "0.00" not in page


def test_totals_add_up_over_pages() -> None:
    """The page totals are the sums of their pages, blanks left out."""
    rows = [samples.asset(n, quantity=n, value_fen=n * 101, price="") for n in range(1, 50)]
    rows[7] = samples.asset(8, quantity=None, value_fen=None, price="")
    text = texts(ledger.render(ledger.Ledger("校", "2026", rows, samples.PAPER)))
    totals = [re.search(r"本页小计([\d,]+?)((?:\d{1,3},)*\d{1,3}\.\d\d)", page) for page in text]
    assert money(sum(r.value_fen or 0 for r in rows)) in text[-1]
    assert all(totals)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.text(st.sampled_from("教学楼消防安全检查，。（）ab-12 \n𬱖"), max_size=160),
            st.text(st.sampled_from("0123456789,.-"), max_size=30),
            st.text(st.sampled_from("甲乙丙、·"), max_size=20),
        ),
        max_size=12,
    )
)
def test_no_character_of_a_cell_is_lost(rows: list[tuple[str, str, str]]) -> None:
    """Whatever the length, every character of every cell is on paper."""
    columns = [Column("长", 50), Column("数", 15, Align.RIGHT), Column("短", 12, Align.CENTRE)]
    printed = sorted("".join(texts(table_pdf(rows, columns))))
    for character in set(re.sub(r"\s", "", "".join(map("".join, rows)))):
        assert printed.count(character) >= sum(cell.count(character) for row in rows for cell in row)


def test_a_cell_longer_than_a_page_goes_on() -> None:
    """A remark of 6,000 characters runs over pages, in order, with the heads repeated."""
    long = "".join(chr(0x4E00 + n % 3000) for n in range(6000))
    pages = texts(
        table_pdf(
            [("前", "", ""), (long, "1", "乙"), ("后", "", "")], [Column("长", 30), Column("数", 10), Column("短", 10)]
        )
    )
    assert len(pages) > 2
    assert all("长数短" in page for page in pages)
    body = "".join(pages)
    assert sum(body.count(c) for c in set(long[:3000])) >= 6000


def test_shared_first_cell_is_written_once_a_page() -> None:
    """Neighbouring rows with the same first cell share it; a new page repeats it."""
    rows = [("消防", f"项{n}") for n in range(60)] + [("食品", "末")]
    pages = texts(table_pdf(rows, [Column("类别", 20), Column("项目", 60)], merge_first=True))
    assert [page.count("消防") for page in pages if "项" in page.replace("项目", "")] == [1] * 3
    assert sum(page.count("食品") for page in pages) == 1


@given(st.text(st.sampled_from("中文，。（）《》、abc 12-/·𬱖"), max_size=80), st.floats(3, 30))
def test_broken_lines_keep_text_and_width(text: str, width: float) -> None:
    """Broken lines hold all that is not white, in order, and none is wider than asked."""
    lines = INK.break_lines(Face.SERIF, text, width)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    assert all(INK.run(Face.SERIF, line).width <= width + 1e-6 for line in lines)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("消防通道畅通。", 6, ["消防通道畅", "通。"]),
        ("消防通道畅》）。", 6, ["消防通道", "畅》）。"]),
        ("消防通道（一层）", 5, ["消防通道", "（一层）"]),
        ("阿卜来提·如则托合提", 4, ["阿卜来", "提·如则", "托合提"]),
        ("台式机 ThinkCentre M730", 7, ["台式机", "ThinkCentre", "M730"]),
        ("000123-2026-0001", 6.5, ["000123-2026-", "0001"]),
        ("ABCDEFGHIJ", 3, ["ABCD", "EFGH", "IJ"]),
        ("（（（（（", 3, ["（（（", "（（"]),
    ],
)
def test_lines_break_where_a_printer_would(text: str, width: float, lines: list[str]) -> None:
    """No 。 at the start, no （ at the end of a line; words and numbers whole as long as they fit."""
    assert [line.strip() for line in INK.break_lines(Face.SERIF, text, width)] == lines


def test_cells_shrink_before_they_grow() -> None:
    """Figures stay on one line, smaller; text takes its lines, then gets smaller, then takes more."""
    figure = INK.fit(Face.SERIF, "1,234,567,890.12", 60, 9, 5, 1)
    assert len(figure.runs) == 1
    assert 5 <= figure.size < 9
    two = INK.fit(Face.SERIF, "综合楼三楼计算机教室", 60, 9, 6.5, 2)
    assert (len(two.runs), two.size) == (2, 9)
    many = INK.fit(Face.SERIF, "综合楼三楼计算机教室" * 5, 60, 9, 6.5, 2)
    assert many.size == 6.5
    assert len(many.runs) > 2
    assert all(run.width * many.size <= 60 for run in many.runs)


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (None, ""),
        (0, "0.00"),
        (5, "0.05"),
        (123_456, "1,234.56"),
        (-100_000, "-1,000.00"),
        (10**15, "10,000,000,000,000.00"),
    ],
)
def test_money_on_paper(fen: int | None, shown: str) -> None:
    """Two decimals, separators, blank for unknown."""
    assert money(fen) == shown


def test_blank_is_not_nought() -> None:
    """A column without a figure has no total; one with a 0 has 0."""
    total = Sum()
    assert count(total.take()) == ""
    total.add(None)
    total.add(0)
    assert count(total.take()) == "0"
    assert total.take() is None


def test_missing_character_is_told_on_its_page() -> None:
    """The foot of the page with the character asks for the pen; other pages do not."""
    rows = samples.assets(40)
    rows[30] = samples.asset(31, keeper="王\U00030041")
    pages = texts(ledger.render(ledger.Ledger("校", "2026", rows, samples.PAPER)))
    told = [n for n, page in enumerate(pages) if "字库没有下列字" in page]
    assert len(told) == 1
    assert pages[told[0]].count("U+30041") == 2


@pytest.mark.parametrize("name", list(samples.FORMS))
def test_no_name_is_cut_short(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A school and a county of 50 characters stand whole on every page that names them, at a size one can read."""
    long = "阿勒玛勒乡" + "库尔班江·买买提艾力" * 4 + "𬱖小学校区"
    assert len(long) == 50
    monkeypatch.setattr(samples, "SCHOOL", long)
    monkeypatch.setattr(samples, "COUNTY", long)
    pages = texts(samples.FORMS[name](samples.PAPER))
    assert long in pages[0]
    if "单位：" in "".join(pages) and name not in ("enrolment", "F23"):
        assert all(long in page for page in pages)


def test_the_unit_line_never_overlaps() -> None:
    """Left, middle and right stand beside each other only where they leave white between them."""
    for length in range(1, 60, 3):
        for landscape in (False, True):
            paper = Paper(
                Head("T", "表", "左" * length, "中" * 12, "右" * (length // 2)), Imprint("x"), landscape=landscape
            )
            (page,) = reader(paper.finish()).pages
            lines: dict[float, list[tuple[float, float]]] = {}
            for x, y, code in re.findall(r"1 0 0 1 ([\d.]+) ([\d.]+) Tm <(\w+)>", content(page)):
                lines.setdefault(float(y), []).append((float(x), len(code) / 4 * 10.5))
            for found in lines.values():
                placed = sorted(found)
                assert all(x + wide <= after for (x, wide), (after, _w) in pairwise(placed) if wide > 20)


def test_very_many_missing_characters_are_counted() -> None:
    """The note at the foot stays on its line and says how many there are."""
    paper = Paper(Head("T", "表"), Imprint("x"))
    paper.page.text(paper.ink.run(Face.SERIF, "".join(chr(0x31350 + 0x30000 + n) for n in range(200))), 50, 300, 9)
    (page,) = texts(paper.finish())
    assert "等200个" in page
