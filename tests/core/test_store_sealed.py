"""Compartments: opened by what a person holds and nothing else; sealed values are nowhere in clear; erased is erased (D7)."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.errors import LockedError, RefusedError
from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.store import backup, compartments, drafts, journal, passphrase, rows
from eduplan_desktop.store.connect import Store, open_store
from eduplan_desktop.store.journal import act
from eduplan_desktop.store.sealing import Opened, Place, bound, derived, open_half, plain_half, seal_half
from tests.core.store_tools import CHEAP, PASSPHRASE, content, fixed, new_file, put, world

STAFF, CHECKUP, ROOM = register("staff"), register("checkup"), register("room")
SCHOOL = "01900000-0000-7000-8000-000000000001"
ID_NUMBER = "110101199003078515"


def made(store: Store, name: str = "personal") -> tuple[Opened, compartments.RecoveryCode]:
    """A compartment, made and open."""
    with act(store, "vault", "建保险库") as a:
        code = compartments.make(a, name, PASSPHRASE)
    return compartments.open_with(store, name, PASSPHRASE), code


def seal(store: Store, key: Opened, values: dict[str, Any], row: str = "p", school: str = "", person: str = "") -> bool:
    """Save the sealed half of a staff row in an act of its own."""
    with act(store, "staff.save", "保存") as a:
        rows.save(a, STAFF, {"id": row, "name": "张三"}, school=school)
        return compartments.save_sealed(a, key, STAFF, row, person or row, values, school=school)


@pytest.fixture(name="store")
def open_file(tmp_path: Path) -> Iterator[Store]:
    """A new school file."""
    with new_file(tmp_path) as store:
        yield store


@pytest.mark.parametrize(
    "typed",
    [
        PASSPHRASE,
        PASSPHRASE.upper(),
        f"  {PASSPHRASE.replace(' ', '  ')}\n",
        PASSPHRASE.replace(" ", "-"),
        "Ｔａｉyang" + PASSPHRASE[7:],
    ],
)
def test_a_passphrase_opens_however_it_is_typed(store: Store, typed: str) -> None:
    key, _code = made(store)
    assert compartments.open_with(store, "personal", typed) == key


@pytest.mark.parametrize(
    "typed", ["", " ", PASSPHRASE[:-1], PASSPHRASE.replace(" ", ""), "x " + PASSPHRASE, "0000-" * 7]
)
def test_nothing_else_opens(store: Store, typed: str) -> None:
    made(store)
    with pytest.raises(LockedError) as caught:
        compartments.open_with(store, "personal", typed)
    assert caught.value.code in ("wrong_passphrase", "mistyped_code")
    assert not typed.strip() or typed.strip() not in str(caught.value)


def test_the_recovery_code_opens_and_its_typing_errors_are_named(store: Store) -> None:
    key, code = made(store)
    text = str(code)
    assert len(text.split("-")) == 7
    assert text not in repr(code)
    for typed in (text, text.lower(), text.replace("-", " "), text.replace("0", "O").replace("1", "l")):
        assert compartments.open_with(store, "personal", typed) == key
    wrong = text[:-1] + ("0" if text[-1] != "0" else "1")
    with pytest.raises(LockedError) as caught:
        compartments.open_with(store, "personal", wrong)
    assert caught.value.code == "mistyped_code"


@given(st.integers(0, 2**136 - 1), st.integers(0, 27), st.integers(0, 31))
def test_any_one_wrong_and_any_two_swapped_characters_are_noticed(number: int, place: int, other: int) -> None:
    code = passphrase.new_recovery_code(lambda n: number.to_bytes(17, "big")).symbols
    assert passphrase.read_recovery_code(code) == passphrase.RecoveryCode(code)
    symbol = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[other]
    for typed in (
        code[:place] + symbol + code[place + 1 :],
        code[:place] + code[place : place + 2][::-1] + code[place + 2 :],
    ):
        if typed != code:
            with pytest.raises(LockedError):
                passphrase.read_recovery_code(typed)


@pytest.mark.parametrize(
    "weak", ["", "123456", "one two three four five", "a b c d e f g h", "da da da da da da da", "床前明月光疑是地上"]
)
def test_a_short_passphrase_is_refused(store: Store, weak: str) -> None:
    with pytest.raises(RefusedError) as caught, act(store, "vault", "建保险库") as a:
        compartments.make(a, "personal", weak)
    assert caught.value.code == "weak_passphrase"
    assert not compartments.exists(store, "personal")


def test_the_program_offers_words_that_are_enough() -> None:
    known = passphrase.word_list()
    assert len(known) == len(set(known)) >= 2048
    assert all(word.isascii() and word.isalpha() and word.islower() for word in known)
    offered = compartments.words(6)
    assert len(set(offered)) == 6
    assert set(offered) <= set(known)
    passphrase.require_strong(" ".join(offered))
    passphrase.require_strong("床前明月光，疑是地上霜，举头望明月")


def test_slots_carry_their_own_cost(store: Store) -> None:
    made(store)
    found = compartments.slots(store, "personal")
    assert [slot["kind"] for slot in found] == ["passphrase", "recovery"]
    assert {slot["memory_kib"] for slot in found} == {CHEAP.memory_kib}
    from eduplan_desktop.environment import STANDARD_KDF

    assert STANDARD_KDF.memory_kib >= 64 * 1024


def test_more_slots_and_a_new_passphrase(store: Store) -> None:
    key, code = made(store)
    second = "yi-er-san-si-wu-liu-qi"
    with act(store, "vault", "加口令") as a:
        compartments.add_slot(a, key, second)
    assert compartments.open_with(store, "personal", second) == key
    third = "chun xia qiu dong nan bei"
    with act(store, "vault", "改口令") as a:
        compartments.change_passphrase(a, key, third)
    assert compartments.open_with(store, "personal", third) == key
    assert compartments.open_with(store, "personal", str(code)) == key
    with act(store, "vault", "换恢复码") as a:
        new = compartments.change_recovery_code(a, key)
    assert compartments.open_with(store, "personal", str(new)) == key
    for old in (PASSPHRASE, second, str(code)):
        with pytest.raises(LockedError):
            compartments.open_with(store, "personal", old)
    with pytest.raises(RefusedError), act(store, "vault", "改口令") as a:
        compartments.change_passphrase(a, key, "short")
    assert compartments.open_with(store, "personal", third) == key


def test_a_compartment_is_made_once(store: Store) -> None:
    made(store)
    with pytest.raises(RefusedError) as caught, act(store, "vault", "建保险库") as a:
        compartments.make(a, "personal", PASSPHRASE)
    assert caught.value.code == "compartment_exists"
    with pytest.raises(LockedError) as missing:
        compartments.open_with(store, "health", PASSPHRASE)
    assert missing.value.code == "no_compartment"


def test_sealed_values_come_back(store: Store) -> None:
    key, _code = made(store)
    values = {"id_number": ID_NUMBER, "phone": "13800001111", "native_place": "\U00031350县"}
    assert seal(store, key, values)
    found = compartments.read_sealed(store, key, STAFF, "p")
    assert found == {**dict.fromkeys(f.name for f in STAFF.sealed_fields("personal")), **values}
    assert not seal(store, key, values)  # the same again is no change
    assert compartments.read_sealed(store, key, STAFF, "nobody") is None
    assert [(s, i) for s, i, _row in compartments.scan_sealed(store, key, STAFF)] == [("", "p")]
    assert seal(store, key, dict.fromkeys(values))  # all blank: no half is left
    assert compartments.read_sealed(store, key, STAFF, "p") is None


def test_what_is_no_sealed_field_is_a_bug(store: Store) -> None:
    key, _code = made(store)
    for values in ({"name": "张三"}, {"colour": "x"}, {"phone": ""}):
        with pytest.raises(ValueError, match="not sealed in personal"):
            seal(store, key, values)


def test_undo_of_sealed_changes(store: Store) -> None:
    key, _code = made(store)
    seal(store, key, {"phone": "13800001111"})
    seal(store, key, {"phone": "13900002222"})
    after = content(store)
    journal.undo(store)
    assert compartments.read_sealed(store, key, STAFF, "p")["phone"] == "13800001111"  # type: ignore[index]
    journal.undo(store)
    assert compartments.read_sealed(store, key, STAFF, "p") is None
    journal.redo(store)
    journal.redo(store)
    assert content(store) == after
    with act(store, "remove", "删除") as a:
        rows.remove(a, STAFF, "p", "4")
    assert compartments.read_sealed(store, key, STAFF, "p") is None
    journal.undo(store)
    assert content(store) == after
    parts = [entry.part for entry in journal.history(store, "staff", "p")]
    assert set(parts) == {"", "personal"}
    assert journal.verify_chain(store) == []


def raw_bytes(folder: Path) -> bytes:
    """Every byte of every file below a folder, and every name."""
    return b"\n".join(str(p).encode() + (p.read_bytes() if p.is_file() else b"") for p in sorted(folder.rglob("*")))


CANARIES = ("13812345678", "CANARYadvice", "封存的住址金丝雀")


def test_no_sealed_word_is_anywhere_in_clear(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        key, _code = made(store)
        health, _code = made(store, "health")
        opened = {"personal": key, "health": health}
        values = {"id_number": ID_NUMBER, "phone": CANARIES[0], "address": CANARIES[2]}
        seal(store, key, values)
        with act(store, "checkup.save", "保存") as a:
            rows.save(a, CHECKUP, {"id": "c", "year": 2025, "stat_year": 2025, "person": "p", "state": "1"})
            compartments.save_sealed(a, health, CHECKUP, "c", "p", {"advice": CANARIES[1]})
            compartments.put_secret(a, key, "sign", b"SECRETSECRET")
        drafts.keep(store, STAFF, "p", {"name": "张三", **values}, opened)
        drafts.keep(store, STAFF, "q", {"phone": CANARIES[0]})  # closed: not kept at all
        seal(store, key, {**values, "phone": CANARIES[0][::-1]})
        journal.undo(store)
        backup.backup(store, tmp_path / "stick")
        found = raw_bytes(tmp_path)
        for word in (*CANARIES, CANARIES[0][::-1], ID_NUMBER, "SECRETSECRET", PASSPHRASE):
            assert word.encode() not in found
            assert word.encode("utf-16-le") not in found
        assert "张三".encode() in found
        assert drafts.read(store, STAFF, "p", opened) == {"name": "张三", **values}
        assert drafts.read(store, STAFF, "p") == {"name": "张三"}
        assert drafts.read(store, STAFF, "q", opened) == {}
        assert compartments.get_secret(store, key, "sign") == b"SECRETSECRET"
        assert journal.history(store, "staff", "p")
        assert CANARIES[0] not in repr(journal.history(store, "staff", "p"))
        assert key.key.hex() not in repr(key)


def test_a_blob_opens_nowhere_else(tmp_path: Path) -> None:
    with new_file(tmp_path, "county") as store:
        key, _code = made(store)
        seal(store, key, {"phone": "13800001111"}, row="p", school=SCHOOL)
        seal(store, key, {"phone": "13900002222"}, row="q", school=SCHOOL)
        seal(store, key, {"phone": "13700003333"}, row="p", school="other")
        pairs = [("q", SCHOOL), ("p", "other")]
        blob = store.conn.execute("SELECT blob FROM sealed WHERE id = 'p' AND school = ?", (SCHOOL,)).fetchone()[0]
        for row, school in pairs:
            with act(store, "tamper", "x") as a:
                a.conn.execute("UPDATE sealed SET blob = ? WHERE id = ? AND school = ?", (blob, row, school))
            with pytest.raises(LockedError) as caught:
                compartments.read_sealed(store, key, STAFF, row, school=school)
            assert caught.value.code == "sealed_elsewhere"
        assert compartments.read_sealed(store, key, STAFF, "p", school=SCHOOL)["phone"] == "13800001111"  # type: ignore[index]


@pytest.mark.parametrize("change", ["compartment", "register", "row", "person", "school"])
def test_every_part_of_the_place_is_bound(change: str) -> None:
    place = {"compartment": "c", "register": "staff", "row": "r", "person": "p", "school": SCHOOL}
    data_key = b"k" * 32
    blob, _mac = seal_half(data_key, Place(**place), plain_half({"phone": "1"}, (1, 0)), lambda n: b"n" * n)
    assert open_half(data_key, Place(**place), blob) == ({"phone": "1"}, (1, 0))
    assert open_half(data_key, Place(**{**place, change: "x"}), blob) is None
    assert open_half(b"l" * 32, Place(**place), blob) is None
    assert open_half(data_key, Place(**place), blob[:-1]) is None


def test_the_form_of_a_blob_is_what_the_decision_says() -> None:
    """nonce ‖ AES-256-GCM of sorted JSON padded to 256 bytes, bound to lengths and parts: done again by hand."""
    data_key, place = b"k" * 32, Place("c", "staff", "r", "p", "")
    blob, _mac = seal_half(data_key, place, plain_half({"b": "乙", "a": 1, "z": None}, (1, 0)), lambda n: b"n" * n)
    aad = b"\x00\x01c\x00\x05staff\x00\x01r\x00\x01p"
    assert bound("c", "staff", "r", "p") == aad == place.aad
    plain = AESGCM(derived(data_key, "seal")).decrypt(blob[:12], blob[12:], aad)
    assert plain.rstrip(b" ") == '{"v":[1,0],"values":{"a":1,"b":"乙"}}'.encode()
    assert len(plain) % 256 == 0


@given(st.integers(0, 600))
def test_the_length_of_a_blob_says_little(length: int) -> None:
    blob, mac = seal_half(b"k" * 32, Place("c", "r", "i", "p", ""), b"x" * length, lambda n: bytes(n))
    assert (len(blob) - 12 - 16) % 256 == 0
    assert len(mac) == 32


def test_erasing_a_person(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        key, _code = made(store)
        health, _code = made(store, "health")
        seal(store, key, {"phone": "13800001111", "id_number": ID_NUMBER})
        seal(store, key, {"phone": "13900002222"}, row="q")
        with act(store, "checkup.save", "保存") as a:
            rows.save(a, CHECKUP, {"id": "c", "year": 2025, "stat_year": 2025, "person": "p", "state": "1"})
            compartments.save_sealed(a, health, CHECKUP, "c", "p", {"advice": "复查"})
            a.conn.execute("INSERT INTO prepared VALUES ('staff', 'personal', 1, 'r', 'c', x'00', 'm')")
        drafts.keep(store, STAFF, "p", {"phone": "1"}, {"personal": key})
        wrapped = store.conn.execute(
            "SELECT wrapped FROM person_key WHERE person = 'p' AND compartment = 'personal'"
        ).fetchone()[0]
        images = [row[0] for row in store.conn.execute("SELECT after FROM change WHERE id = 'p' AND part = 'personal'")]
        head = journal.head(store)
        with act(store, "erase", "删除个人信息") as a:
            assert compartments.erase_person(a, key, "p") == 1
        assert compartments.read_sealed(store, key, STAFF, "p") is None
        assert compartments.find_person(store, key, ID_NUMBER) == []
        assert compartments.read_sealed(store, key, STAFF, "q") is not None
        assert compartments.read_sealed(store, health, CHECKUP, "c") is not None
        assert drafts.drafts(store) == []
        assert store.conn.execute("SELECT count(*) FROM prepared").fetchone() == (0,)
        assert wrapped not in raw_bytes(tmp_path)  # the file, its WAL and its index
        assert images  # the ciphertext stays in the journal and the chain with it, but no key opens it
        assert journal.verify_chain(store) == []
        assert journal.verify_records(store) == []
        assert store.conn.execute("SELECT prev FROM act ORDER BY seq DESC LIMIT 1").fetchone() == (head,)
        assert journal.undo(store) is None
        assert rows.get(store, STAFF, "p") is not None
        seal(store, key, {"phone": "13700003333"})  # a new key, from which nothing old can be read
        assert compartments.read_sealed(store, key, STAFF, "p")["id_number"] is None  # type: ignore[index]


def test_undo_never_brings_back_what_no_key_opens(store: Store) -> None:
    key, _code = made(store)
    seal(store, key, {"phone": "13800001111"})
    with act(store, "remove", "删除") as a:
        rows.remove(a, STAFF, "p", "4")
    removed = store.done[-1]
    with act(store, "erase", "删除个人信息") as a:
        compartments.erase_person(a, key, "p")
    store.done.append(removed)  # as if the way were not barred
    with pytest.raises(RefusedError) as caught:
        journal.undo(store)
    assert caught.value.code == "undo_stale"
    assert rows.get(store, STAFF, "p") is None


def test_people_are_matched_by_id_number_inside_the_file_only(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    marks = []
    for folder in folders:
        folder.mkdir()
        with new_file(folder, "county") as store:
            key, _code = made(store)
            seal(store, key, {"id_number": ID_NUMBER}, school=SCHOOL)
            seal(store, key, {"id_number": ID_NUMBER}, row="x", school="other")
            seal(store, key, {"phone": "1"}, row="y", school="other")
            assert compartments.find_person(store, key, ID_NUMBER) == [(SCHOOL, "p"), ("other", "x")]
            assert compartments.find_person(store, key, ID_NUMBER, school="other") == [("other", "x")]
            assert compartments.find_person(store, key, "110101199003078516") == []
            marks += store.conn.execute("SELECT DISTINCT match FROM person_key WHERE match IS NOT NULL").fetchall()
            seal(store, key, {"phone": "2"}, row="x", school="other")
            assert compartments.find_person(store, key, ID_NUMBER) == [(SCHOOL, "p")]
    assert len(set(marks)) == 2


def test_many_at_once(tmp_path: Path) -> None:
    with new_file(tmp_path, "county") as store:
        key, _code = made(store)
        halves = [(f"r{i}", f"p{i % 700}", {"phone": f"138{i:08d}"}) for i in range(1200)]
        with act(store, "merge", "合并", images=False, detail={"n": 1200}) as a:
            assert compartments.save_sealed_many(a, key, STAFF, iter(halves), school=SCHOOL) == 1200
        with act(store, "merge", "合并", images=False, detail={"n": 0}) as a:
            assert compartments.save_sealed_many(a, key, STAFF, halves, school=SCHOOL) == 0
        found = {
            row_id: values["phone"] for _s, row_id, values in compartments.scan_sealed(store, key, STAFF, school=SCHOOL)
        }
        assert found == {row_id: values["phone"] for row_id, _person, values in halves}
        assert store.conn.execute("SELECT count(*) FROM person_key").fetchone() == (700,)
        assert store.conn.execute("SELECT count(*) FROM change").fetchone() == (0,)


def test_secrets(store: Store) -> None:
    key, _code = made(store)
    health, _code = made(store, "health")
    with act(store, "keys", "建密钥") as a:
        compartments.put_secret(a, key, "sign", b"1" * 32)
        compartments.put_secret(a, key, "sign", b"2" * 32)
        compartments.put_secret(a, key, "working", b"3" * 32)
    assert compartments.get_secret(store, key, "sign") == b"2" * 32
    assert compartments.secret_names(store, "personal") == ["sign", "working"]
    with pytest.raises(LockedError) as caught:
        compartments.get_secret(store, health, "sign")
    assert caught.value.code == "no_secret"
    with act(store, "keys", "删除密钥") as a:
        compartments.drop_secret(a, key, "sign")
    with pytest.raises(LockedError):
        compartments.get_secret(store, key, "sign")


def test_a_key_of_another_file_opens_nothing(tmp_path: Path) -> None:
    keys = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        with new_file(tmp_path / name) as store:
            key, _code = made(store)
            seal(store, key, {"phone": "13800001111"})
            keys.append(key)
    with open_store(tmp_path / "a" / "一小.eduplan", world(), probe=fixed) as store:
        with pytest.raises(LockedError) as caught:
            compartments.read_sealed(store, keys[1], STAFF, "p")
        assert caught.value.code == "sealed_elsewhere"


def test_every_sealed_field_of_every_register_is_sealed(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        for name in compartments.NAMES:
            key, _code = made(store, name)
            for one in REGISTERS:
                fields = [f.name for f in one.sealed_fields(name)]
                if fields:
                    with act(store, "x", "x") as a:
                        compartments.save_sealed(a, key, one, "row", "person", {f: f"SEALED{f}" for f in fields})
                    assert compartments.read_sealed(store, key, one, "row") == {f: f"SEALED{f}" for f in fields}
        assert b"SEALED" not in raw_bytes(tmp_path)


def test_drafts_keep_what_was_typed(store: Store) -> None:
    key, _code = made(store)
    drafts.keep(store, ROOM, "a", {"name": "半个字", "floor": "不是数字"})
    drafts.keep(store, STAFF, "b", {"name": "张", "phone": "138"}, {"personal": key})
    drafts.keep(store, STAFF, "b", {"name": "张三"})  # the compartment was closed meanwhile
    assert drafts.read(store, STAFF, "b", {"personal": key}) == {"name": "张三", "phone": "138"}
    assert [(name, row_id) for name, row_id, _made in drafts.drafts(store)] == [("room", "a"), ("staff", "b")]
    drafts.drop(store, ROOM, "a")
    drafts.drop(store, "room", "a")
    assert drafts.read(store, ROOM, "a") is None
    assert journal.length(store) == 1


def test_a_draft_survives_a_crash(tmp_path: Path) -> None:
    import shutil

    live = tmp_path / "live"
    live.mkdir()
    with new_file(live) as store:
        put(store, ROOM, {"id": "a", "name": "甲"})
        drafts.keep(store, ROOM, "a", {"name": "甲乙"})
        shutil.copytree(live, tmp_path / "after")
    with open_store(tmp_path / "after" / "一小.eduplan", world(), probe=fixed) as again:
        assert drafts.read(again, ROOM, "a") == {"name": "甲乙"}


def test_sealed_halves_need_their_person(store: Store) -> None:
    made(store)
    with pytest.raises(sqlite3.IntegrityError), act(store, "x", "x") as a:
        a.conn.execute("INSERT INTO sealed VALUES ('staff', '', 'r', 'personal', 'nobody', x'00', x'00')")


def test_a_save_while_locked_keeps_what_was_typed_sealed(tmp_path: Path) -> None:
    with new_file(tmp_path) as store:
        key, _code = made(store)
        drafts.keep(store, STAFF, "p", {"name": "张三", "phone": CANARIES[0]}, {"personal": key})
        drafts.keep(store, STAFF, "p", {"name": "张三丰"})  # locked meanwhile
        drafts.drop_saved(store, STAFF, "p", {})
        assert drafts.read(store, STAFF, "p") == {}
        assert drafts.read(store, STAFF, "p", {"personal": key}) == {"phone": CANARIES[0]}
        drafts.drop_saved(store, STAFF, "p", {"personal": key})
        assert drafts.drafts(store) == []
        drafts.keep(store, STAFF, "p", {"name": "张三"}, {"personal": key})  # open, but nothing sealed was typed
        drafts.drop_saved(store, STAFF, "p", {})
        assert drafts.drafts(store) == []
