"""Judging a column by batches gives the same answer as asking for each text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.merge.columns import ColumnCheck
from eduplan_desktop.registers.catalog import REGISTERS
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.model import Field, Kind
from eduplan_desktop.registers.text import refused_character
from eduplan_desktop.registers.travel import column_ok

CATALOGS = Catalogs.shipped()
FIELDS = (
    Field("t", Kind.TEXT, "文字", max_length=5),
    Field("r", Kind.TEXT, "必填", required=True),
    Field("l", Kind.LONG_TEXT, "长文", max_length=12),
    Field("w", Kind.WHOLE, "整数", minimum=0, maximum=500),
    Field("v", Kind.WHOLE, "整数"),
    Field("d", Kind.DECIMAL, "小数", places=2, minimum=100),
    Field("m", Kind.MONEY, "钱", places=4),
    Field("k", Kind.LINK, "房间", target="room"),
    Field("b", Kind.YES_NO, "是否"),
    Field("y", Kind.DATE, "日期"),
)
TEXTS = [
    *("", "0", "1", "00", "-0", "-5", "500", "501", "0.00", "0.99", "1.00", "1.0", "-1.00", "99999999999999.00", "1e3"),
    *(
        "0.0000",
        "12.3456",
        "999999999999999",
        "9999999999999999",
        "१२",
        "1\n2",
        "甲\n乙",
        "ab",
        "abcdef",
        "e\u0301",
        "é",
    ),
    *("\u202e", "\ue000", "\ufa11", "2025", "2025-02-30", "2025-02-03", " x", "x\r", "\x00"),
    *("01890a5d-ac96-774b-bcce-b302099a8057", "01890A5D-ac96-774b-bcce-b302099a8057", "01890a5d"),
]


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f.name)
@given(batches=st.lists(st.lists(st.sampled_from(TEXTS) | st.text(max_size=6), max_size=8), max_size=4))
def test_batches_answer_as_single_texts_do(field, batches):
    check, ok = ColumnCheck(field, CATALOGS), column_ok(field, CATALOGS)
    for batch in batches:
        assert check.bad(batch) == {t for t in batch if not ok(t)}


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f.name)
def test_each_awkward_text_alone(field):
    ok = column_ok(field, CATALOGS)
    for text in TEXTS:
        check = ColumnCheck(field, CATALOGS)
        for _again in range(3):
            assert check.bad([text]) == (frozenset() if ok(text) else {text}), text


def test_every_declared_field_has_a_check_that_takes_blank_as_declared():
    for register in REGISTERS:
        for field in register.fields:
            assert ColumnCheck(field, CATALOGS).bad([""]) == ({""} if field.required else frozenset()), field.name


def test_nothing_printable_is_refused_but_the_replacement_character():
    """The quick test of a column of texts rests on this."""
    refused = [c for c in map(chr, range(0x110000)) if c.isprintable() and refused_character(c)]
    assert refused == ["\ufffd"]
