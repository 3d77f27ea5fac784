"""The forms: what each must say, what it must never say, and that what it says can be read by eye and by scanner."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.registers.health import WORDS
from eduplan_desktop.reports import balance, cover, daily_check, health_summary, recovery_sheet, register_list
from eduplan_desktop.reports.qr import matrix
from eduplan_desktop.reports.suppression import HIDDEN, LEAST, hidden_cells, suppressed
from eduplan_desktop.reports.table import Column
from tests.core import report_samples as samples
from tests.core.test_reports_layout import content, reader, texts

VERDICTS = ("达标", "√", "△", "标准值：", "判定与")


def test_cover_says_the_whole_digest() -> None:
    """All 64 digits in groups of four, in order, and the key's fingerprint."""
    (page,) = texts(cover.render(samples.cover_sheet(samples.PAPER)))
    assert samples.DIGEST in page
    assert samples.FINGERPRINT.replace("-", "") in page
    assert "零报告" in page
    assert "接收单位（盖章）" in page
    assert "报送单位（盖章）" in page


@pytest.mark.parametrize("resolution", [200, 300])
def test_cover_code_scans_to_the_whole_digest(tmp_path: Path, resolution: int) -> None:
    """A scanner reads the digest, the school and the number from the printed page."""
    if not shutil.which("zbarimg") or not shutil.which("pdftoppm"):
        pytest.skip("zbarimg (zbar-tools) or pdftoppm (poppler-utils) is not installed")
    sheet = samples.cover_sheet(samples.SAMPLE)
    (tmp_path / "c.pdf").write_bytes(cover.render(sheet))
    run = {"cwd": tmp_path, "check": True, "timeout": 60, "capture_output": True}
    subprocess.run(["pdftoppm", "-r", str(resolution), "-png", "c.pdf", "c"], **run)  # type: ignore[call-overload]
    found = subprocess.run(["zbarimg", "--quiet", "--raw", "c-1.png"], **run)  # type: ignore[call-overload]
    assert found.stdout.decode().strip() == sheet.scanned
    assert f"sha256:{samples.DIGEST}" in sheet.scanned
    assert sheet.scanned.isascii()


def test_code_has_its_three_corners() -> None:
    """The matrix is square and begins with the finder pattern, black outside."""
    rows = matrix("x" * 120)
    assert all(len(row) == len(rows) for row in rows)
    for corner in (rows, [row[::-1] for row in rows], rows[::-1]):
        assert [corner[n][0] for n in range(8)] == [True] * 7 + [False]


def slices(years: int) -> list[cover.CoverSlice]:
    """Every register: five that are whole, five for each year."""
    whole = ("学校概况", "设备台账", "设备变动", "教职工", "房间")
    yearly = ("均衡数据", "教师体检", "每日检查", "隐患台账", "应急演练")
    made = [cover.CoverSlice(name, "", 12345, "同第 123 包") for name in whole]
    return made + [cover.CoverSlice(n, str(2030 - y), 365, "本次携带") for y in range(years) for n in yearly]


@pytest.mark.parametrize("items", [1, 4, 13])
@pytest.mark.parametrize("years", [0, 1, 2, 3, 5, 7, 9])
def test_cover_of_all_a_school_can_report_is_one_page(years: int, items: int) -> None:
    """All registers of nine years and the items of a whole year: one page with every line, digest, boxes."""
    said = [cover.CoverItem(f"2025年{n}月 安全", "零报告" if n % 5 == 4 else "报送") for n in range(items)]
    sheet = replace(samples.cover_sheet(samples.PAPER), slices=slices(years), items=said)
    (page,) = texts(cover.render(sheet))
    for line in sheet.slices:
        assert line.label + line.period in page
    assert page.count("同第123包") == 5
    assert page.count("本次携带") == years * 5
    assert samples.DIGEST in page
    assert "报送单位（盖章）" in page


@pytest.mark.parametrize("years", [13, 20, 60])
def test_cover_beyond_a_page_repeats_the_digest(years: int) -> None:
    """Digest, its code and the page's number on every page; the boxes with them on the first; no line lost or twice."""
    sheet = replace(samples.cover_sheet(samples.PAPER), slices=slices(years))
    pdf = cover.render(sheet)
    pages = texts(pdf)
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert samples.DIGEST in page
        assert f"第{number}页/共{len(pages)}页" in page
        assert ("报送单位（盖章）" in page) == ("接收单位（盖章）" in page) == (number == 1)
    assert all(content(page).count(" re f") > 300 for page in reader(pdf).pages), "the code is drawn on each"
    whole = "".join(pages)
    assert whole.count("本次携带") == years * 5
    for line in sheet.slices:
        assert whole.count(line.label + line.period + ("365" if line.period else "12,345")) == 1


@given(st.lists(st.integers(0, 60), min_size=2, max_size=7))
def test_hidden_counts_cannot_be_worked_out(counts: list[int]) -> None:
    """None under five is shown, and the hidden ones together are five people or more, or all are hidden."""
    hidden = hidden_cells(counts)
    assert all(place in hidden for place, count in enumerate(counts) if count < LEAST)
    if hidden:
        assert len(hidden) == len(counts) or (len(hidden) >= 2 and sum(counts[place] for place in hidden) >= LEAST)
    else:
        assert min(counts) >= LEAST


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([705, 41, 322, 118], ["705", "41", "322", "118"]),
        ([1072, 3, 96], ["1,072", HIDDEN, HIDDEN]),
        ([27, 0, 3], [HIDDEN] * 3),
        ([0, 12], [HIDDEN] * 2),
        ([996, 2], [HIDDEN] * 2),
        ([40, 4, 4, 30], ["40", HIDDEN, HIDDEN, "30"]),
        ([0, 0], ["", ""]),
    ],
)
def test_suppression_by_example(counts: list[int], shown: list[str]) -> None:
    """A table of cases; everybody or nobody in a group is as telling as one person."""
    assert suppressed(counts) == shown


def test_health_summary_shows_no_small_count_and_no_other_word() -> None:
    """Neither the counts under five nor what they can be derived from are in the file; no word of illness either."""
    summary = samples.summary(samples.PAPER)
    (page,) = texts(health_summary.render(summary))
    assert not re.search("[症病炎]|诊断", page)
    assert page.count(HIDDEN) - 2 == 2 + 2 + 2, "two of each row that has a small count, besides the note"
    for shown in ("1,196", "96.2%", "705", "118", "1,036"):
        assert shown in page
    for kept in ("996", "未见"):
        assert kept not in page


def test_health_summary_refuses_words_and_counts_that_cannot_be() -> None:
    """A word outside the closed list, or counts above those examined, are bugs and not paper."""
    summary = samples.summary(samples.PAPER)
    item = health_summary.HealthItem
    for items in ([item("x", 9, {"高血压": 5})], [item("x", 9, {WORDS[0]: 10})]):
        with pytest.raises(ValueError, match=r"word|counts"):
            health_summary.render(replace(summary, items=items))
    with pytest.raises(ValueError, match="reasons"):
        health_summary.render(replace(summary, reasons={"外出": 48}))


def test_balance_tables_judge_only_what_they_are_given() -> None:
    """Without confirmed limits: figures alone, no mark, no verdict, and a sentence that says why."""
    for judged, render in ((j, r) for j in (True, False) for r in ("county", "schools")):
        report = samples.county_table(samples.PAPER, judged=judged) if render == "county" else None
        pdf = (
            balance.render_county(report)
            if report
            else balance.render_schools(samples.school_table(samples.PAPER, judged=judged))
        )
        text = "".join(texts(pdf))
        if judged:
            assert "示例县教育局2026-10-12确认" in text
            assert "不作判定" not in text
            assert "达标" in text
        else:
            assert "不作判定" in text
            assert not any(word in text for word in (*VERDICTS, "≤"))


def test_balance_names_who_is_left_out_and_what_is_missing() -> None:
    """The notes stand under the table; an indicator that cannot be formed is a dash without a verdict."""
    text = "".join(texts(balance.render_county(samples.county_table(samples.PAPER, judged=True))))
    assert "罗家教学点" in text
    assert "龙泉镇中学未填报" in text
    assert "—" in text
    assert text.count("达标") == 13


def test_balance_composite_only_where_the_rules_have_one() -> None:
    """综合差异系数 is a column of 2012 alone."""
    report = samples.county_table(samples.PAPER, judged=False)
    assert "综合差异系数" not in "".join(texts(balance.render_county(report)))
    levels = [replace(level, composite="0.359") for level in report.levels]
    text = "".join(texts(balance.render_county(replace(report, levels=levels, with_composite=True))))
    assert "综合" in text
    assert text.count("0.359") == 2


def test_daily_check_marks_and_blank() -> None:
    """Results are the three marks; the blank form has none and every item."""
    filled = "".join(texts(daily_check.render_day(samples.day(samples.PAPER))))
    blank = "".join(texts(daily_check.render_day(samples.day(samples.PAPER, blank=True))))
    assert filled.count("√") == 23 + 1
    assert filled.count("×") == 1 + 1
    assert blank.count("√") == blank.count("×") == 1, "in the legend"
    for _category, item in samples.checklist():
        assert re.sub(r"\s", "", item) in blank


def test_week_grid_has_seven_days_on_one_page() -> None:
    """Items down, Monday to Sunday across, signatures by day."""
    (page,) = texts(daily_check.render_week(samples.week(samples.PAPER)))
    assert all(day in page for day in ("周一3-02", "周日3-08"))
    assert page.count("王𬱖") == 5
    week = replace(samples.week(samples.PAPER), days=[daily_check.WeekDay()] * 7, notes=[], period="")
    assert len(texts(daily_check.render_week(week))) == 1


def test_recovery_sheet_has_every_line_and_its_checks() -> None:
    """Each numbered line with its check symbols, on one page, and nothing of it in a repr."""
    for health in (False, True):
        sheet = samples.recovery(samples.PAPER, health=health)
        (page,) = texts(recovery_sheet.render(sheet))
        for number, line in enumerate(sheet.lines, 1):
            assert f"{number}){line.replace('-', '')}" in page
            assert line not in repr(sheet)
        assert "不得复印" in page
        assert ("健康档案" in page.split("恢复单")[1]) or not health


def test_paper_that_carries_fingerprints_shows_them_in_groups() -> None:
    """Enrolment form and county letter: the fingerprint whole, and the county's on both."""
    (form,) = texts(samples.FORMS["enrolment"](samples.PAPER))
    (letter,) = texts(samples.FORMS["letter"](samples.PAPER))
    assert samples.FINGERPRINT.replace("-", "") in form
    assert "校长签字" in form
    for page in (form, letter):
        assert "M0ZD7QK491XTW8NEHR5C3" in page


def test_register_list_turns_when_it_gets_wide() -> None:
    """Few columns stand upright, more lie across; of forty every one is there, rows named again in each part."""
    few = samples.listing(samples.PAPER)
    assert reader(register_list.render(few)).pages[0].mediabox.width < 600
    many = replace(
        few, columns=[Column(f"列{n}", 10) for n in range(40)], rows=[tuple("王𬱖" for _ in range(40))] * 3, totals=()
    )
    pdf = register_list.render(many)
    assert reader(pdf).pages[0].mediabox.width > 800
    pages = texts(pdf)
    assert len(pages) == 3
    assert "".join(pages).count("王𬱖") == 3 * (40 + len(pages) - 1)
    for n in range(40):
        assert f"列{n}" in "".join(pages)
    assert all("列0" in page and f"第{n}部分，共3部分" in page for n, page in enumerate(pages, 1))
