"""A person's sealed content is erased for good: no key, no draft, no prepared part, no page of the WAL keeps it (D7)."""

import io
import json
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from eduplan_desktop.commands import main
from eduplan_desktop.environment import Environment, KdfCost
from eduplan_desktop.errors import LockedError, RefusedError
from eduplan_desktop.store import compartments, rows
from eduplan_desktop.store.journal import act
from eduplan_desktop.workspace import Workspace, new_county, new_school, open_workspace

CHEAP = KdfCost(memory_kib=64, iterations=1)
WORDS = "示例 青山 绿水 台账 报送 夕阳"
PHONE, WORD, TYPED = "13900004711", "金丝雀体检用语", "金丝雀草稿用语"


@pytest.fixture
def env(own_home: Path) -> Environment:
    """Cheap key derivation."""
    return Environment(home=own_home, kdf=CHEAP)


@pytest.fixture
def ws(tmp_path: Path, env: Environment) -> Any:
    """A school with two people, both with sealed halves in both vaults, and a draft of the first."""
    made = new_school(tmp_path / "校.eduplan", name="示例小学", code="", env=env)
    made.make_compartment("personal", WORDS)
    made.make_compartment("health", WORDS)
    for name in ("甲示例", "乙示例"):
        row = {**made.blank("staff"), "name": name, "category": "1", "state": "1", "phone": PHONE}
        made.save("staff", row)
    people = [str(r) for r, _title in made.link_choices("staff")]
    scope = {"notice": "2025", "scope": "2", "names_county": 1, "signed": "2025-09-10", "recorded_by": None}
    made.health.record_consents(people, scope)
    for person in people:
        row = {**made.blank("checkup"), "stat_year": 2025, "person": person, "state": "2", "advice": WORD}
        made.save("checkup", row)
    yield made
    made.session.close()


def person(ws: Workspace, name: str = "甲示例") -> str:
    """The id of a person."""
    return next(p.id for p in ws.sealed_people("personal") if p.name == name)


def keys(ws: Workspace, who: str) -> dict[str, bytes]:
    """The wrapped data keys of a person: without them no ciphertext of theirs opens."""
    sql = "SELECT compartment, wrapped FROM person_key WHERE person = ?"
    return dict(ws.session.store.conn.execute(sql, (who,)).fetchall())


def raw(path: Path) -> bytes:
    """The bytes of the file and of its companions (WAL, index)."""
    return b"".join(p.read_bytes() for p in path.parent.glob(path.name + "*") if p.is_file())


def test_what_is_erased_is_nowhere_in_the_file_or_its_companions(ws: Workspace) -> None:
    who, other = person(ws), person(ws, "乙示例")
    held, kept = keys(ws, who), keys(ws, other)
    checkup = ws.blank("checkup")["id"]
    ws.keep_draft("staff", who, {"name": "甲示例改", "phone": TYPED})
    ws.keep_draft("checkup", str(checkup), {"person": who, "stat_year": "2024", "advice": TYPED})
    (sealed,) = ws.session.store.conn.execute("SELECT sealed FROM draft WHERE register = 'staff'").fetchone()
    store = ws.session.store
    store.conn.execute("INSERT INTO prepared VALUES ('staff', 'personal', 1, 'r', 'c', ?, 'm')", (b"PREPARED-CANARY",))
    store.conn.execute("INSERT INTO explanation VALUES (?, '原号是金丝雀', 1)", (f"staff/{who}/phone/pattern",))
    assert held["personal"] in raw(ws.path)
    assert b"PREPARED-CANARY" in raw(ws.path)
    done = ws.erase_person("personal", who, " 本人  要求 ")
    assert (done.rows, done.pending) == (1, False)
    left = raw(ws.path)
    assert held["personal"] not in left
    assert b"PREPARED-CANARY" not in left
    assert json.loads(sealed)["personal"].encode() not in left
    assert "原号是金丝雀".encode() not in left
    assert held["health"] in left, "the other vault is not touched"
    assert kept["personal"] in left
    first, second = ws.row("staff", who), ws.row("staff", other)
    assert first is not None
    assert second is not None
    assert first.get("phone") is None
    assert second["phone"] == PHONE
    assert ws.draft("staff", who) == {"name": "甲示例改"}, "the open half of what was being typed stays"
    assert ws.draft("checkup", str(checkup)) is not None
    ws.erase_person("health", who, "撤回同意")
    assert held["health"] not in raw(ws.path)
    assert ws.draft("checkup", str(checkup)) is None
    assert [p.id for p in ws.sealed_people("health")] == [other]
    assert ws.audit().sound


def test_the_journal_says_who_why_and_that_alone(ws: Workspace) -> None:
    who = person(ws)
    ws.erase_person("health", who, "本人要求")
    name, label, detail = ws.session.store.conn.execute(
        "SELECT name, label, detail FROM act ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    assert (name, label) == ("person.erase", "永久删除密封内容")
    assert json.loads(detail) == {"compartment": "health", "person": who, "reason": "本人要求", "rows": 1}
    assert ws.undo() is None, "nothing brings it back"
    assert ws.undo_label() == ""


def test_somebody_removed_from_the_register_can_be_erased_too(ws: Workspace) -> None:
    who = person(ws)
    ws.remove("staff", [who], "1")
    one = next(p for p in ws.sealed_people("personal") if p.id == who)
    assert (one.name, one.gone, one.rows) == ("甲示例", True, 0)
    key = keys(ws, who)["personal"]
    assert ws.erase_person("personal", who, "离校").rows == 0
    assert key not in raw(ws.path)
    assert all(p.id != who for p in ws.sealed_people("personal"))


def test_refusals(ws: Workspace, tmp_path: Path, env: Environment) -> None:
    who = person(ws)
    for compartment, one, reason, code in (
        ("personal", who, "  ", "no_reason"),
        ("personal", "nobody", "本人要求", "nothing_sealed"),
    ):
        with pytest.raises(RefusedError) as refused:
            ws.erase_person(compartment, one, reason)
        assert refused.value.code == code
    ws.lock("personal")
    with pytest.raises(LockedError) as locked:
        ws.erase_person("personal", who, "本人要求")
    assert locked.value.code == "locked"
    with new_school(tmp_path / "新.eduplan", name="新", code="", env=env) as new:
        with pytest.raises(RefusedError) as refused:
            new.erase_person("personal", who, "本人要求")
        assert refused.value.code == "no_compartment"


def test_a_reader_keeps_the_wal_only_until_the_file_is_closed(ws: Workspace) -> None:
    who = person(ws)
    key = keys(ws, who)["personal"]
    with ws.another() as reader:
        conn = reader.session.store.conn
        conn.execute("BEGIN")
        conn.execute("SELECT count(*) FROM act").fetchone()
        ws.session.store.conn.execute("PRAGMA busy_timeout = 0")
        assert ws.erase_person("personal", who, "本人要求").pending
        conn.execute("ROLLBACK")
    ws.close()
    assert key not in raw(ws.path)


def test_backups_lose_it_as_they_rotate(ws: Workspace, tmp_path: Path) -> None:
    who = person(ws)
    key = keys(ws, who)["personal"]
    stick = tmp_path / "stick"
    ws.backup(stick)
    ws.erase_person("personal", who, "本人要求")
    assert any(key in p.read_bytes() for p in stick.glob("*.eduplan"))
    for n in range(10):
        ws.save("room", {**ws.blank("room"), "name": f"教室{n}", "room_type": "1", "state": "1"})
        ws.backup(stick)
    assert len(list(stick.glob("*.eduplan"))) == 10
    assert not any(key in p.read_bytes() for p in stick.glob("*.eduplan"))


def run(env: Environment, *words: object, passphrase: Path | None = None) -> tuple[int, dict[str, Any], str]:
    """One command with --json: exit code, answer, what was said beside it."""
    out, err = io.StringIO(), io.StringIO()
    line = [str(w) for w in words] + ["--json"]
    if passphrase is not None:
        line += ["--passphrase-file", str(passphrase)]
    with redirect_stdout(out), redirect_stderr(err):
        code = main(line, env)
    return code, json.loads(out.getvalue() or "{}"), err.getvalue()


def test_the_command(ws: Workspace, env: Environment, tmp_path: Path) -> None:
    who, key = person(ws), keys(ws, person(ws))["personal"]
    ws.close()
    path = Path(shutil.copy(ws.path, tmp_path / "命令.eduplan"))
    secret = tmp_path / "口令.txt"
    secret.write_text(WORDS, encoding="utf-8")
    code, answer, _err = run(env, "vault", path, "people", "personal")
    assert code == 0
    assert {p["name"] for p in answer["people"]} == {"甲示例", "乙示例"}
    assert who in [p["person"] for p in answer["people"]]
    erase = ("vault", path, "erase", "personal", "--person", who)
    assert run(env, *erase, "--reason", "本人要求")[:1] == (1,), "without the passphrase"
    code, answer, err = run(env, *erase, passphrase=secret)
    assert (code, answer["error"]) == (1, "no_reason")
    code, answer, err = run(env, *erase, "--reason", "本人要求", passphrase=secret)
    assert (code, answer, err) == (0, {"erased": "personal", "person": who, "rows": 1}, "")
    assert key not in raw(path)
    assert run(env, *erase, "--reason", "再来一次", passphrase=secret)[1]["error"] == "nothing_sealed"
    assert run(env, "audit", path)[0] == 0


def test_the_county_erases_by_school(env: Environment, tmp_path: Path) -> None:
    path, secret = tmp_path / "县.eduplan", tmp_path / "口令.txt"
    secret.write_text(WORDS, encoding="utf-8")
    new_county(path, code="990001", name="示例县", passphrase=WORDS, sheet=tmp_path / "单.txt", env=env)
    with open_workspace(path, env) as county:
        county.open_compartment("personal", WORDS)
        store, opened = county.session.store, county.session.opened["personal"]
        with act(store, "merge", "合并") as a:
            for school in ("s1", "s2"):
                rows.save(a, "staff", {"id": "p", "name": f"甲{school}"}, school=school)
                compartments.save_sealed(a, opened, "staff", "p", "p", {"phone": PHONE}, school=school)
    line = ("vault", path, "erase", "personal", "--person", "p", "--reason", "本人要求")
    assert run(env, *line, passphrase=secret)[1]["error"] == "nothing_sealed", "the school must be named"
    assert run(env, *line, "--school", "s1", passphrase=secret)[1]["rows"] == 1
    assert run(env, "vault", path, "people", "personal", "--school", "s1")[1] == {"people": []}
    assert [p["name"] for p in run(env, "vault", path, "people", "personal", "--school", "s2")[1]["people"]] == ["甲s2"]
