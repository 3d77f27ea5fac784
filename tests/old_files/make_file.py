"""Writes the file of the present schema that later programs must open: once per schema number, before its release, never again.

Run: python -m tests.old_files.make_file
"""

import gzip
import json
import tempfile
from pathlib import Path

from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.store import compartments, drafts, journal, migrations, rows
from eduplan_desktop.store.journal import act
from tests.core.store_tools import PASSPHRASE, filled, new_file, put, world

HERE = Path(__file__).resolve().parent


def make(folder: Path) -> Path:
    """A file with rows in every register, blocks, tombstones, a sealed half, a draft."""
    with new_file(folder, env=world(seed=2026), name=f"schema-{migrations.LATEST}.eduplan") as store:
        for number, one in enumerate(REGISTERS):
            for more in range(3):
                put(store, one, filled(store, one, number * 10 + more))
        room, staff = register("room"), register("staff")
        many = [{"id": rows.new_id(store), "name": f"教室{i}"} for i in range(1100)]
        with act(store, "import", "导入") as a:
            rows.save_many(a, room, many)
        with act(store, "room.remove", "删除") as a:
            rows.remove(a, room, str(many[7]["id"]), "1")
        journal.undo(store)
        journal.redo(store)
        with act(store, "vault", "建立保险库") as a:
            compartments.make(a, "personal", PASSPHRASE)
        key = compartments.open_with(store, "personal", PASSPHRASE)
        with act(store, "staff.save", "保存") as a:
            rows.save(a, staff, {"id": many[0]["id"], "name": "张三"})
            compartments.save_sealed(a, key, staff, str(many[0]["id"]), str(many[0]["id"]), {"phone": "13800001111"})
        drafts.keep(store, room, str(many[1]["id"]), {"name": "半个字"})
        facts = {"head": journal.head(store), "counts": {r.name: rows.count(store, r) for r in REGISTERS}}
    store.path.with_suffix(".json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    return store.path


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        made = make(Path(scratch))
        packed = gzip.compress(made.read_bytes(), mtime=0)
        (HERE / f"{made.name}.gz").write_bytes(packed)
        (HERE / f"{made.stem}.json").write_bytes(made.with_suffix(".json").read_bytes())
        print(made.name, len(packed))
