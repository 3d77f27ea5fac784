"""Canaries in every sealed field, through every road a value can take: none of them may lie in clear anywhere."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from eduplan_desktop.acts import sample
from eduplan_desktop.commands import main
from eduplan_desktop.environment import Environment
from eduplan_desktop.registers.results import Result, dump, load
from eduplan_desktop.workspace import open_workspace
from tests.proof._county import CHEAP, PASSPHRASE, County

YEAR = sample.YEAR
SEALED = {
    "id_number": "990001196807150011", "other_id_number": "CANARY0THER77", "phone": "19987650123",
    "native_place": "金丝雀籍贯甲", "address": "金丝雀路九九九号", "emergency_contact": "金丝雀联系人",
    "emergency_phone": "19987650999",
}  # fmt: skip
HEALTH = {
    "institution": "金丝雀医院乙", "report_no": "CANARYREPORT55", "advice": "金丝雀建议丙", "recheck_result": "金丝雀复查丁",
    "remark": "金丝雀备注戊",
}  # fmt: skip
DRAFTED = {"phone": "19912349876", "address": "金丝雀草稿己"}
REFUSED = {"手机号": "金丝雀拒收庚" * 12, "公民身份号码": "99000119680715009X金丝雀"}
RESULT = "137.89"
CANARIES = (*SEALED.values(), *HEALTH.values(), *DRAFTED.values(), RESULT, "金丝雀", "CANARY")
SECRETS = (PASSPHRASE,)


class World(County):
    """A county that keeps everything its commands said."""

    said: str = ""

    def type(self, pc: str, *words: object, allowed: tuple[int, ...] = (0,)) -> dict[str, Any]:
        env = replace(Environment(), home=self.folder / "PC" / pc, kdf=CHEAP, who=pc)
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([*map(str, words), "--json", "--passphrase-file", str(self.secret)], env)
        self.said += f"{words}{out.getvalue()}{err.getvalue()}\n"
        assert code in allowed, (words, err.getvalue())
        return dict(json.loads(out.getvalue()))


def unpacked(name: str, body: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """A file's bytes, and the bytes of whatever is packed in it: archives, streams of PDF, compressed blobs."""
    yield name, body
    if body[:4] == b"PK\3\4" and depth < 4:
        with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(body)) as archive:
            for one in archive.namelist():
                yield from unpacked(f"{name}!{one}", archive.read(one), depth + 1)
    elif body[:5] == b"%PDF-":
        yield f"{name}!text", "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).encode()
    for start in [m.start() for m in re.finditer(rb"x[\x01\x9c\xda]", body)] if depth < 4 else []:
        plain = zlib.decompressobj()
        with contextlib.suppress(zlib.error):
            yield f"{name}@{start}", plain.decompress(body[start:], 1 << 24)


def leaks(folder: Path, words: tuple[str, ...], skip: tuple[Path, ...]) -> list[tuple[str, str]]:
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if any(path == one or one in path.parents for one in skip):
            continue
        found += [(path.name, w) for w in words if w in path.name]
        for name, body in unpacked(path.name, path.read_bytes()):
            found += [(name, w) for w in words for c in ("utf-8", "utf-16-le", "gb18030") if w.encode(c) in body]
    return found


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A school with canaries in every sealed field, joined to a county with a health officer."""
    pc = World(tmp_path)
    pc.found()
    pc.county("health", "--recovery-sheet", tmp_path / "health-sheet.txt")
    one = sample.schools(1)[0]
    uid = pc.county("school", "add", "--name", one.name, "--kind", one.kind)["schools"][0]["uid"]
    pc.county("calendar", "year", "--year", YEAR)
    kit = pc.kit()
    file = tmp_path / "校" / "本校.eduplan"
    pc.type("school", "school", "new", file, "--name", one.name, "--sample")
    for name in ("personal", "health"):
        pc.type("school", "vault", file, "create", name)
    sheets = sample.write_sheets(tmp_path / "导入", one, 1, assets=5)
    _canaries(sheets["staff"])
    for name in ("school", "staff", "room", "equipment", "school_year", "health_consent", "checkup"):
        pc.type(
            "school", "import", file, name, sheets[name], "--report", tmp_path / "报告" / f"{name}.xlsx", allowed=(0, 1)
        )
    pc.enrol("school", file, uid, kit)
    return pc


def _canaries(sheet: Path) -> None:
    with sheet.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))
    places = {head: i for i, head in enumerate(rows[0])}
    rows[0] += ["其他证件号码", "籍贯", "家庭住址", "紧急联系人", "紧急联系电话"]
    for n, row in enumerate(rows[1:]):
        row += [""] * 5
        if n == 0:
            row[places["公民身份号码"]], row[places["手机号"]] = SEALED["id_number"], SEALED["phone"]
            row[places["性别"]], row[places["出生年月"]] = "男", "1968-07-15"
            row[-5:] = [
                SEALED[k]
                for k in ("other_id_number", "native_place", "address", "emergency_contact", "emergency_phone")
            ]
    rows.append(list(rows[-1]))
    for head, value in REFUSED.items():
        rows[-1][places[head]] = value
    rows[-1][places["姓名"]] = "拒收者示例"
    with sheet.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows(rows)


def _by_hand(world: World) -> str:
    """Drafts, saves, undo, history and findings as the window makes them; what the window was told."""
    env = replace(Environment(), home=world.folder / "PC" / "school", kdf=CHEAP)
    said = io.StringIO()
    with (
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
        open_workspace(world.folder / "校" / "本校.eduplan", env) as ws,
    ):
        for name in ("personal", "health"):
            ws.open_compartment(name, PASSPHRASE)
        people = [dict(r) for r in ws.table("staff").view().rows(0, 5)]
        row = dict(ws.row("staff", str(people[1]["id"])) or {})
        ws.keep_draft("staff", str(row["id"]), {"name": "草稿", **DRAFTED})
        assert ws.draft("staff", str(row["id"])) == {"name": "草稿", **DRAFTED}
        ws.save("staff", {**row, "address": HEALTH["advice"], "id_number": SEALED["id_number"]})
        ws.undo()
        ws.redo()
        ws.keep_draft("staff", str(people[2]["id"]), {"name": "草稿", **DRAFTED})
        history = repr(ws.history("staff", str(row["id"])))
        done = next(r for r in ws.table("checkup").view().rows(0, 40) if r["state"] == "2")
        check = dict(ws.row("checkup", str(done["id"])) or {})
        results = load(str(check["results"])) | {"BP01": Result(RESULT, remark="金丝雀结果辛")}
        ws.save("checkup", {**check, **HEALTH, "results": dump(results), "exam_date": "2025-10-15"})
        found = repr(ws.check()) + repr(ws.findings()) + repr(ws.session.store.path) + repr(ws.session.opened)
    return said.getvalue() + history + found


def test_no_canary_lies_anywhere(world: World) -> None:
    """Data file with its log, backups, drafts, key folders, stick, masked exports, prints, county file and archive."""
    folder, file = world.folder, world.folder / "校" / "本校.eduplan"
    said = _by_hand(world)
    out = folder / "出"
    for register in ("staff", "checkup", "health_consent"):
        for ending in ("xlsx", "csv"):
            world.type("school", "table", file, register, "--to", out / f"{register}.{ending}")
    for form, of in (("F18", str(YEAR)), ("F02", "")):
        world.type("school", "print", file, form, "--to", out / f"{form}.pdf", "--of", of)
    for finding in world.type("school", "check", file, allowed=(0, 1))["findings"]:
        world.type("school", "explain", file, finding["finding"], "示例说明", allowed=(0, 1))
    made = world.type("school", "submit", file, "--to", world.stick, "--full", "--answers", f"stat-{YEAR}")
    assert (made["slices"]["staff"], made["slices"][f"checkup/{YEAR}"]) == ("carried", "carried")
    world.type("school", "backup", file, "--to", folder / "备份")
    world.type(
        "school", "restore", next((folder / "备份").glob("*.eduplan")), "--to", folder / "复.eduplan", "--as", "copy"
    )
    world.county("merge", world.stick, "--dry-run")
    world.county("merge", world.stick, "--receipts", world.stick)
    health = world.county("health-merge")
    assert health["merged"] == 1
    assert health["rows"] > 0
    world.type("school", "receipt", file, max(world.stick.glob("*.edurcpt")))
    for path in world.stick.iterdir():
        world.type("school", "bundle", "show", path, allowed=(0, 1))
    sheets = ("--sheet", folder / "sheet.txt", "--sheet", folder / "health-sheet.txt")
    archive = world.file.with_name(world.file.name + ".files")
    world.type("new", "county", "recover", folder / "重建.eduplan", "--bundles", archive, *sheets)
    skip = (folder / "导入", world.secret, out / "明")
    world.type("school", "table", file, "staff", "--to", out / "明" / "staff.csv", "--sealed")
    world.type("school", "table", file, "checkup", "--to", out / "明" / "checkup.xlsx", "--sealed")
    asked_for = {w for _name, w in leaks(out / "明", CANARIES, ())}
    assert asked_for >= {*SEALED.values(), *HEALTH.values(), RESULT} - set(DRAFTED.values())
    with open_workspace(world.file, replace(Environment(), home=folder / "PC" / "county", kdf=CHEAP)) as county:
        county.open_compartment("personal", PASSPHRASE)
        uid = county.county.roster()[0].uid
        held = [county.row("staff", str(r["id"]), uid) for r in county.table("staff", uid).view().rows(0, 99)]
    assert SEALED["phone"] in {row["phone"] for row in held if row}
    assert leaks(folder, CANARIES + SECRETS, skip) == []
    told = world.said + said
    assert [w for w in CANARIES + SECRETS if w in told] == []
