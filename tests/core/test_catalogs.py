"""Code tables: found by what people say, qualified by scheme where codes of two versions differ, append-only, reproducible."""

import csv
import io
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.registers import kinds
from eduplan_desktop.registers.catalogs import Catalog, Catalogs, Entry, from_csv, metadata, to_csv
from eduplan_desktop.registers.frequency import Cycle, parse_frequency
from eduplan_desktop.registers.model import Field, Kind
from eduplan_desktop.registers.refusal import BadValue
from eduplan_desktop.registers.text import refused_character

CATALOGS = Catalogs.shipped()
NAMES = CATALOGS.names()
CLASS = Field("class_code", Kind.CHOICE, "分类代码", choices="asset_class")


def old_classes(*rows: tuple[str, str]) -> Catalog:
    """A county's table of the 2010 scheme."""
    meta = {
        "name": "asset_class",
        "label": "资产分类",
        "scheme": "GB14885-2010",
        "version": "2010",
        "source": "县里导入",
        "mark": "C",
    }
    text = "code,label,retired\n" + "".join(f"{c},{n},\n" for c, n in rows)
    return from_csv(meta, text)


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_table_is_whole(name: str) -> None:
    table = CATALOGS.table(name)
    assert table.label
    assert table.scheme
    assert table.version
    assert table.source
    assert set(table.mark.split("/")) <= {"C", "K"}
    codes = [e.code for e in table.entries]
    assert codes
    assert len(set(codes)) == len(codes)
    for entry in table.entries:
        assert entry.label == entry.label.strip() != ""
        assert not refused_character(entry.label)
        assert not refused_character(entry.code)
        assert entry.attributes.get("mark", "K") in {"C", "K", "C*"}, "nothing unsure is shipped"


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_is_found_by_code_and_by_what_is_shown(name: str) -> None:
    table = CATALOGS.table(name)
    for entry in table.entries:
        assert table.find(entry.code) == entry.code
        assert table.find(table.shown(entry.code)) == entry.code


@pytest.mark.parametrize("name", NAMES)
def test_a_table_survives_its_csv(name: str) -> None:
    table = CATALOGS.table(name)
    again = from_csv(metadata(table), to_csv(table))
    assert again == table
    assert to_csv(again) == to_csv(table)


def test_the_metadata_of_the_kit_is_enough_for_a_qualified_table() -> None:
    table = CATALOGS.table("asset_class")
    meta = {k: v for k, v in metadata(table).items() if k != "qualified"}
    assert from_csv(meta, to_csv(table)) == table


@pytest.mark.parametrize(
    ("name", "said", "code"),
    [
        ("sex", "男", "1"),
        ("sex", "１", "1"),
        ("nation", "维吾尔", "05"),
        ("nation", "维吾尔族", "05"),
        ("nation", "UG", "05"),
        ("education", "本科", "21"),
        ("education", "大专", "31"),
        ("school_type", "九年一贯制", "312"),
        ("use_state", "待修", "4"),
        ("acquired", "自购", "1"),
        ("title", "小学高级教师", "31"),
        ("title", "高级教师", "12"),
        ("asset_class", "A02010105", "GB14885-2022:A02010105"),
        ("asset_class", "A02010105 台式计算机", "GB14885-2022:A02010105"),
        ("asset_class", "电子白板", "GB14885-2022:A02020700"),
        ("equipment_item", "电子白板（班班通）", "XX014"),
    ],
)
def test_codes_are_found_by_what_people_write(name: str, said: str, code: str) -> None:
    assert CATALOGS.table(name).find(said) == code


def test_codes_of_two_schemes_never_match_silently() -> None:
    county = CATALOGS.with_replacements([old_classes(("2010104", "台式机"), ("A02010105", "便携式计算机"))])
    new = kinds.parse(CLASS, "A02010105", county)
    assert new.value == "GB14885-2010:A02010105"
    assert "GB14885-2010" in new.note
    assert new.value != kinds.parse(CLASS, "A02010105", CATALOGS).value
    kept = county.table("asset_class").by_code["GB14885-2022:A02010105"]
    assert kept.retired
    assert county.label("asset_class", kept.code) == "台式计算机"
    assert kinds.parse(CLASS, 2010104, county).value == "GB14885-2010:2010104"
    assert county.mapped("asset_class", "GB14885-2010:2010104") == ""


def test_schemes_are_crossed_only_where_it_is_declared() -> None:
    entry = Entry("GB14885-2010:2010104", "台式机", {"maps_to": "GB14885-2022:A02010105"})
    table = Catalog("asset_class", "资产分类", "GB14885-2010", "2010", "", "C", (entry,), qualified=True)
    county = CATALOGS.with_replacements([table])
    assert county.mapped("asset_class", entry.code) == "GB14885-2022:A02010105"


def test_both_halves_of_a_county_table_show_and_read_back() -> None:
    county = CATALOGS.with_replacements([old_classes(("A02020700", "电子白板"), ("2010104", "台式机"))])
    for code in county.table("asset_class").by_code:
        assert kinds.parse(CLASS, kinds.show(CLASS, code, county), county).value == code


def test_a_label_that_stands_twice_asks_for_the_code() -> None:
    table = Catalog("t", "表", "X", "1", "", "K", (Entry("1", "其他"), Entry("2", "其他"), Entry("3", "库房")))
    with pytest.raises(BadValue) as bad:
        table.find("其他")
    assert bad.value.code == "choice_ambiguous"
    assert table.shown("1") == "1"
    assert table.shown("3") == "库房"


def test_a_retired_entry_keeps_its_label_and_loses_to_a_live_one() -> None:
    table = Catalog(
        "t",
        "表",
        "X",
        "2",
        "",
        "K",
        (Entry("1", "白板", retired=True), Entry("2", "白板"), Entry("3", "旧", retired=True)),
    )
    assert table.find("白板") == "2"
    assert table.find("旧") == "3"
    assert [e.code for e in table.live] == ["2"]


def test_replacing_leaves_the_first_set_alone_and_adds_new_names() -> None:
    extra = Catalog("county_targets", "目标", "X", "1", "县里", "K", (Entry("1", "甲"),))
    county = CATALOGS.with_replacements([extra])
    assert county.has("county_targets", "1")
    assert CATALOGS.find_table("county_targets") is None
    assert "county_targets" in county.names()
    with pytest.raises(KeyError):
        CATALOGS.table("county_targets")


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)


@given(
    st.lists(
        st.tuples(st.from_regex(r"[A-Z0-9]{1,6}", fullmatch=True), words),
        min_size=1,
        max_size=12,
        unique_by=lambda r: r[0],
    )
)
def test_any_imported_table_reads_back_what_it_shows(rows: list[tuple[str, str]]) -> None:
    entries = tuple(Entry(c, label.strip() or c) for c, label in rows)
    table = Catalog("t", "表", "X", "1", "", "K", entries)
    for entry in entries:
        assert table.find(table.shown(entry.code)) == entry.code
    assert from_csv(metadata(table), to_csv(table)).by_code.keys() == table.by_code.keys()


def test_a_table_without_codes_is_not_a_catalogue() -> None:
    with pytest.raises(ValueError, match="columns"):
        from_csv(metadata(CATALOGS.table("sex")), "name\n男\n")


def test_catalogues_are_read_only_when_asked_for() -> None:
    code = "import eduplan_desktop.registers.catalogs as c, eduplan_desktop.registers.catalog; assert not c._shipped.cache_info().currsize"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_counts_of_the_domain_lists() -> None:
    sizes = {
        n: len(CATALOGS.table(n).entries) for n in ("equipment_item", "checklist", "nation", "province", "school_type")
    }
    assert sizes == {"equipment_item": 250, "checklist": 96, "nation": 58, "province": 34, "school_type": 12}


def test_equipment_items_point_to_classes_that_exist_and_rules_follow_the_grammar() -> None:
    rule = re.compile(
        r"per_(school|class|room|student|boarder|staff|50stu|school_le12|gate):\d+(\.\d+)?|rural_size:\d+\|\d+\|\d+"
    )
    for item in CATALOGS.table("equipment_item").entries:
        code = item.attributes.get("class_code")
        assert code is None or CATALOGS.has("asset_class", code)
        written = item.attributes.get("quantity_rule")
        assert written is None or rule.fullmatch(written)
        assert set(item.attributes["levels"]) <= set("PJS")
        assert CATALOGS.table("asset_kind").find(item.attributes["asset_kind"])


def test_checklist_items_name_frequency_audience_and_hazard_category() -> None:
    audiences = {"全部", "寄宿", "食堂", "校车", "初中", "高中"}
    cycles = set()
    for item in CATALOGS.table("checklist").entries:
        cycles.add(parse_frequency(item.attributes["frequency"]).cycle)
        assert set(item.attributes["applies_to"].split("/")) <= audiences
        assert CATALOGS.table("hazard_category").find(item.attributes["category"])
        assert item.attributes["basis"]
    assert cycles == set(Cycle)


def test_the_files_are_plain_reproducible_csv() -> None:
    from eduplan_desktop.registers.catalogs import FOLDER

    for path in sorted(FOLDER.glob("*.csv")):
        text = path.read_text(encoding="utf-8")
        assert not text.startswith("\ufeff")
        assert "\r" not in text
        rows = list(csv.reader(io.StringIO(text)))
        assert {len(r) for r in rows} == {len(rows[0])}, path.name


def test_no_source_names_this_project_s_working_papers() -> None:
    from eduplan_desktop.registers.catalogs import FOLDER

    for path in FOLDER.glob("*.csv"):
        assert not re.search(r"种子(?!标本)|file id|\.com|\.cn|\.net", path.read_text(encoding="utf-8")), path.name


def test_codes_only_ever_grow(request: pytest.FixtureRequest) -> None:
    """The codes shipped with version 1; a code that goes out of use is retired, never removed."""
    frozen = request.path.parent.parent / "vectors" / "codes-1.txt"
    for line in frozen.read_text(encoding="utf-8").splitlines():
        name, _, codes = line.partition(" ")
        assert set(codes.split(",")) <= CATALOGS.table(name).by_code.keys()
