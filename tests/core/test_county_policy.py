"""What the county confirms by the command line: only rules that exist, written so that they can be read, with a source."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from eduplan_desktop.acts.county_desk import CountyDesk
from eduplan_desktop.acts.county_figures import Figures, county_table
from eduplan_desktop.acts.session import open_session
from eduplan_desktop.commands import main
from eduplan_desktop.county import figures, year
from eduplan_desktop.county.indicators import compute
from eduplan_desktop.environment import Environment, KdfCost
from eduplan_desktop.errors import RefusedError
from eduplan_desktop.reports import balance
from eduplan_desktop.store.connect import create_store
from eduplan_desktop.store.journal import length
from tests.core.test_indicators import five
from tests.core.test_reports_layout import texts


@pytest.mark.parametrize(
    ("key", "value", "source", "code"),
    [
        ("indicators.2017.limits", "0.5/0.45", "示例文号", ""),
        ("indicators.2017.limits", "0.5/0.45", "", "no_source"),
        ("indicators.2017.limit", "0.5/0.45", "示例文号", "bad_policy"),
        ("indicator.2017.limits", "0.5/0.45", "示例文号", "bad_policy"),
        ("indicators.2017.limits", "一半", "示例文号", "bad_policy"),
    ],
)
def test_policy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: str, value: str, source: str, code: str
) -> None:
    file, env = tmp_path / "c.eduplan", Environment(home=tmp_path, kdf=KdfCost(8, 1))
    create_store(file, "county", env, name="示例县").close()
    ended = main(["county", "policy", str(file), "set", key, value, "--source", source, "--json"], env)
    assert (ended, json.loads(capsys.readouterr().out).get("error", "")) == (1 if code else 0, code)
    main(["county", "policy", str(file), "list", "--json"], env)
    assert (key in json.loads(capsys.readouterr().out)["policy"]) == (not code)


def county(tmp_path: Path) -> tuple[Path, Environment]:
    """An empty county file."""
    file, env = tmp_path / "c.eduplan", Environment(home=tmp_path, kdf=KdfCost(8, 1))
    create_store(file, "county", env, name="示例县").close()
    return file, env


def typed(capsys: pytest.CaptureFixture[str], env: Environment, *words: object) -> tuple[int, dict[str, Any]]:
    """A command and its JSON."""
    code = main(["county", *map(str, words), "--json"], env)
    return code, json.loads(capsys.readouterr().out)


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


def write_rows(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_the_blank_policy_sheet_confirms_nothing_by_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    """It names every decision and what the program came with, and reads back as that many blank rows."""
    file, env = county(tmp_path)
    sheet = tmp_path / f"口径{ending}"
    assert typed(capsys, env, "policy", file, "template", sheet) == (0, {"file": str(sheet), "rows": 9})
    code, said = typed(capsys, env, "policy", file, "import", sheet)
    assert (code, said["read"], said["blank"], said["added"]) == (0, 9, 9, 0)
    assert typed(capsys, env, "policy", file, "list")[1]["policy"] == {}


def test_a_filled_policy_sheet_is_confirmed_row_by_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows without a source, of no rule, or that cannot be read are refused by line; the rest is in force; twice changes nothing."""
    file, env = county(tmp_path)
    sheet = tmp_path / "口径.csv"
    typed(capsys, env, "policy", file, "template", sheet)
    head, *rows = rows_of(sheet)
    value, source = head.index("采用的值"), head.index("依据")
    for row in rows:
        row[value], row[source] = row[head.index("随程序的值")], "示例教发〔2026〕1号"
    rows[1][source] = ""
    rows[2][value] = "博士"
    rows.append(["indicators.2017.nothing", "", "", "", "", "1", "示例"])
    write_rows(sheet, [head, *rows])
    code, said = typed(capsys, env, "policy", file, "import", sheet)
    assert (code, said["read"], said["added"]) == (1, 10, 7)
    assert [(x["line"], "依据" in x["reason"]) for x in said["refused"]] == [(3, True), (4, False), (11, False)]
    policy = typed(capsys, env, "policy", file, "list")[1]["policy"]
    assert len(policy) == 7
    code, said = typed(capsys, env, "policy", file, "import", sheet)
    assert (said["same"], said["added"], said["changed"]) == (7, 0, 0)
    typed(capsys, env, "policy", file, "template", sheet)
    assert sum(bool(row[value]) for row in rows_of(sheet)[1:]) == 7, "the sheet shows what is in force"


@pytest.mark.parametrize(
    ("head", "code"), [("口径编号,采用的值", "no_column"), ("口径编号,依据", "no_column"), ("甲,乙", "no_column")]
)
def test_a_policy_sheet_needs_its_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], head: str, code: str
) -> None:
    """Without the column of sources a sheet is refused whole."""
    file, env = county(tmp_path)
    sheet = write_rows(tmp_path / "s.csv", [head.split(","), ["indicators.2017.points", "50"]])
    assert typed(capsys, env, "policy", file, "import", sheet)[1]["error"] == code
    assert typed(capsys, env, "policy", file, "import")[1]["error"] == "no_sheet"
    assert typed(capsys, env, "policy", file, "template", tmp_path / "s.pdf")[1]["error"] == "bad_ending"
    assert typed(capsys, env, "policy", file, "list")[1]["policy"] == {}


def test_a_whole_rule_set_is_confirmed_in_one_act_or_not_at_all(tmp_path: Path) -> None:
    """One bad value, one missing source, one decision left out: nothing is written. Then verdicts and their sources are there."""
    file, env = county(tmp_path)
    with open_session(file, env) as session:
        desk = CountyDesk(session)
        good = {d.key: (d.default, "示例教发〔2026〕1号") for d in desk.decisions("2017")}
        first = next(iter(good))
        for key, bad, code in (
            (first, ("一半", "示例"), "bad_policy"),
            (first, ("0.5/0.45", " "), "no_source"),
            (first, None, "not_all"),
        ):
            said = {k: v for k, v in {**good, key: bad}.items() if v is not None}
            with pytest.raises(RefusedError) as refused:
                desk.confirm_rules("2017", said)
            assert refused.value.code == code
            assert desk.policy() == {}
        before = length(session.store)
        assert desk.confirm_rules("2017", {**good, first: ("0.5/0.45", "示例教督〔2026〕2号")}) == 7
        assert length(session.store) == before + 1
        rules = figures.rules(session.store, "2017")
        assert rules.unconfirmed == ()
        assert rules.confirmed == "示例教督〔2026〕2号；示例教发〔2026〕1号"
        assert figures.rules(session.store, "2012").unconfirmed, "the other rule set is a matter of its own"
        kept = year._rules(json.loads(json.dumps(year.rules_json(rules))))
        assert kept == rules, "a closing keeps the sources"
        old = year.rules_json(rules)
        del old["confirmed"]
        assert year._rules(old).confirmed == "", "a closing made before sources were kept is read"


def test_calendar_and_roster_as_sheets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Written, read back unchanged; a changed date and a new line are taken, a bad line is refused with its reason."""
    file, env = county(tmp_path)
    sheet = tmp_path / "日历.csv"
    assert typed(capsys, env, "calendar", file, "template", sheet)[1]["rows"] == 0
    assert rows_of(sheet)[0] == ["编号", "事项", "期次", "截止日期", "要报的登记册", "必填的栏"]
    typed(capsys, env, "calendar", file, "year", "--year", 2025)
    listed = typed(capsys, env, "calendar", file, "list")[1]["items"]
    typed(capsys, env, "calendar", file, "template", sheet)
    code, said = typed(capsys, env, "calendar", file, "import", sheet)
    assert (code, said["same"], said["read"]) == (0, len(listed), len(listed))
    assert typed(capsys, env, "calendar", file, "list")[1]["items"] == listed
    head, *rows = rows_of(sheet)
    rows[0][3] = "2025-10-25"
    rows.append(["extra-1", "房间核对", "2025-11-01", "2025-12-01", "房间、每日检查 2025", "房间.使用面积"])
    rows.append(["extra-2", "没有这个", "2025", "2025-12-01", "校车", ""])
    rows.append(["extra-3", "没有日期", "2025", "下月", "房间", ""])
    write_rows(sheet, [head, *rows])
    code, said = typed(capsys, env, "calendar", file, "import", sheet)
    assert (code, said["changed"], said["added"], len(said["refused"])) == (1, 1, 1, 2)
    assert "校车" in said["refused"][0]["reason"]
    items = {i["id"]: i for i in typed(capsys, env, "calendar", file, "list")[1]["items"]}
    assert items["extra-1"]["slices"] == ["room", "safety_check/2025"]
    assert (items["extra-1"]["period"], list(items["extra-1"]["required"])) == ("2025-11", ["room"])
    typed(capsys, env, "school", file, "add", "--name", "甲小学", "--kind", "小学", "--urban", "村庄")
    names = tmp_path / "名单.xlsx"
    assert typed(capsys, env, "school", file, "template", names)[1]["rows"] == 1
    assert typed(capsys, env, "school", file, "import", names)[1]["same"] == 1
    assert typed(capsys, env, "school", file, "import")[1]["error"] == "no_sheet"


@pytest.mark.parametrize("version", ["2012", "2017"])
def test_a_verdict_is_printed_with_what_the_county_rests_it_on(tmp_path: Path, version: str) -> None:
    """Before: figures and a sentence why. After the page's one act: the word and the county's own source, not the program's."""
    file, env = county(tmp_path)
    with open_session(file, env) as session:
        desk = CountyDesk(session)
        for confirmed in (False, True):
            if confirmed:
                desk.confirm_rules(
                    version, {d.key: (d.default, "示例县教发〔2026〕1号") for d in desk.decisions(version)}
                )
            found = Figures(compute(five(), figures.rules(session.store, version), 2025), None, [])
            page = "".join(texts(balance.render_county(county_table(session, found))))
            assert ("不作判定" in page) != confirmed
            assert ("标准值与判定规则：示例县教发〔2026〕1号。" in page) == confirmed
            assert ("达标" in page.replace("几项达标", "")) == confirmed


def test_a_roster_that_could_not_be_read_whole_says_which_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, env = county(tmp_path)
    sheet = tmp_path / "名单.csv"
    sheet.write_text("学校名称,办学类型\n示例小学,小学\n,小学\n另一小学,没有这种\n", encoding="utf-8")
    code, told = typed(capsys, env, "school", file, "import", sheet)
    assert (code, told["read"], told["added"], [r["line"] for r in told["refused"]]) == (1, 3, 1, [3, 4])
    assert main(["county", "school", str(file), "import", str(sheet)], env) == 1
    assert "第 4 行：" in capsys.readouterr().out
