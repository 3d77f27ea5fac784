"""Text, names and pinyin: every Chinese name is stored as typed, found by what people type, and sorted (invariant 7)."""

import json
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eduplan_desktop.registers import kinds, pinyin
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.registers.model import Field, Kind
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.text import REFUSED, clean, fold, normalise, refused_character, search_text, sort_text
from tests.conftest import SHARED

RARE = [
    "𬱖",
    "䶮",
    "㛃",
    "𫖯",
    "龑",
    "𠅤",
    "𡋾",
    "\U000323af",
    "\U0002ee5d",
    "阿卜来提·如则托合提",
    "\uf9d1",
    "\U0002f81a",
]
UYGHUR = "阿卜来提·如则托合提"


@pytest.mark.parametrize("name", RARE)
def test_rare_names_are_stored_as_typed(name: str) -> None:
    assert clean(name) == (name, "")


def test_the_last_code_points_of_every_extension_pass() -> None:
    ends = (0x4DBF, 0x9FFF, 0x2A6DF, 0x2B739, 0x2B81D, 0x2CEA1, 0x2EBE0, 0x2EE5D, 0x3134A, 0x323AF)
    for end in ends:
        assert refused_character(chr(end)) == ""


def test_fifty_code_points_are_a_name() -> None:
    name = Field("name", Kind.TEXT, "姓名", max_length=50)
    assert kinds.parse(name, "买" * 25 + "·" + "提" * 24, Catalogs.shipped()).value is not None


@given(st.text())
def test_normalising_settles_and_keeps_compatibility_ideographs(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    kept = [c for c in text if "\uf900" <= c <= "\ufaff" or "\U0002f800" <= c <= "\U0002fa1f"]
    assert [c for c in once if c in kept] == kept


def test_normalising_composes_everything_else() -> None:
    assert normalise("e\u0301") == "é"
    assert normalise("\uf9d1e\u0301") == "\uf9d1é"
    assert unicodedata.normalize("NFC", "\uf9d1") != "\uf9d1"


@pytest.mark.parametrize("code", sorted({end for pair in REFUSED for end in pair}))
def test_refused_characters_are_refused_with_their_code_point(code: int) -> None:
    char = chr(code)
    if clean_or_code(f"甲{char}乙") is None:
        pytest.fail(f"U+{code:04X} was stored")


def clean_or_code(text: str) -> str | None:
    """None where a refused character went through."""
    try:
        stored = clean(text)[0]
    except BadValue as bad:
        return bad.code
    return stored if not refused_character(stored.replace("\n", "")) else None


@pytest.mark.parametrize(
    ("raw", "stored", "noted"),
    [
        (" 男", "男", True),
        ("\u3000张三\u3000", "张三", True),
        ("张 三", "张 三", False),
        ("\ufeff电脑", "电脑", True),
        ("一\n二", "一 二", True),
        ("ＴＣＬ", "ＴＣＬ", False),
    ],
)
def test_what_is_changed_is_said(raw: str, stored: str, noted: bool) -> None:
    text, note = clean(raw)
    assert text == stored
    assert bool(note) is noted


@pytest.mark.parametrize("dot", "·•・‧･∙⋅.．")
def test_all_middle_dots_compare_equal(dot: str) -> None:
    assert fold(UYGHUR.replace("·", dot)) == fold(UYGHUR)


@given(st.text())
@example("K¸")
def test_folding_settles(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"), [("ＡＢＣ", "abc"), ("A 4", "a4"), ("（甲）", "(甲)"), ("㎡", "m2"), ("甲－乙", "甲-乙")]
)
def test_width_case_and_spaces_do_not_matter_in_a_search(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("电子白板(班班通)", "dzbb"),
        ("电子白板(班班通)", "dianzibaiban"),
        ("电子白板(班班通)", "白板（班"),
        (UYGHUR, "abltrztht"),
        (UYGHUR, "阿卜来提・如则"),
        ("单雄信", "sxx"),
        ("单雄信", "dxx"),
        ("单杠", "dg"),
        ("仇英", "qy"),
        ("解小明", "xxm"),
        ("解剖器", "jpq"),
        ("查小明", "zxm"),
        ("曾国藩", "zgf"),
        ("尉迟恭", "yuchigong"),
        ("种子标本", "zzbb"),
        ("音乐教室", "yyjs"),
        ("重量砝码", "zlfm"),
        ("𬱖小明", "dxm"),
        ("XX014-0001", "xx014"),
    ],
)
def test_people_find_things_by_what_they_type(text: str, query: str) -> None:
    assert fold(query) in search_text([text])


@given(st.lists(st.text(max_size=20), max_size=4))
def test_a_search_text_never_fails_and_holds_every_part(parts: list[str]) -> None:
    found = search_text(parts)
    assert all(fold(p) in found for p in parts)


def test_names_sort_by_pinyin_with_the_surname_read_as_one() -> None:
    names = ["赵示例", "单示例", "仇示例", "艾示例", "解示例", "曾示例", "盛示例"]
    assert sorted(names, key=sort_text) == ["艾示例", "仇示例", "单示例", "盛示例", "解示例", "曾示例", "赵示例"]


def test_equal_sounds_sort_by_code_point_and_distinct_texts_stay_apart() -> None:
    assert sort_text("李") != sort_text("里")
    assert sorted(["里", "李"], key=sort_text) == sorted(["里", "李"])


def test_the_table_loads_quickly() -> None:
    pinyin.table.cache_clear()
    start = time.perf_counter()
    pinyin.table()
    assert time.perf_counter() - start < 0.5  # 15 ms on the reference machine; the bound only catches blunders


def test_common_readings_agree_with_the_public_table() -> None:
    source = SHARED / "data" / "pinyin" / "kMandarin_8105.txt"
    if not source.exists():
        pytest.skip("the folder of real input is not on this machine")
    agreed = total = 0
    for line in source.read_text(encoding="utf-8").splitlines():
        if not line.startswith("U+"):
            continue
        code, _, rest = line.partition(":")
        said = "".join(c for c in unicodedata.normalize("NFD", rest.split("#")[0].split(",")[0]) if "a" <= c <= "z")
        total += 1
        agreed += pinyin.table().first.get(chr(int(code[2:], 16)), "").replace("v", "u") == said
    assert total == 8105
    assert agreed / total > 0.99


def test_naughty_strings_are_stored_exactly_or_refused() -> None:
    folder = SHARED / "data" / "json-blns"
    if not folder.is_dir():
        pytest.skip("the folder of real input is not on this machine")
    field = Field("f", Kind.LONG_TEXT, "备注", max_length=5000)
    files = [p for p in Path(folder).rglob("*.json") if "blns" in p.name]
    strings = [s for p in files for s in json.loads(p.read_text(encoding="utf-8")) if isinstance(s, str)]
    for text in strings:
        read = kinds.parse(field, text, Catalogs.shipped())
        if read.problem is None and read.value is not None and not read.note:
            assert read.value == text
