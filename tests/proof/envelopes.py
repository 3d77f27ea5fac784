"""No bit, no cut and no trick gets an envelope believed; and public tools find in it exactly what was put in."""

import csv
import io
import json
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from eduplan_desktop.bundle import enrolment, kit, receipt, stick, submission, unpack
from eduplan_desktop.bundle.sealing import SealKey
from eduplan_desktop.bundle.trust import TrustList
from eduplan_desktop.errors import BundleError
from eduplan_desktop.registers.room import ROOM
from tests.core import bundle_samples as samples
from tests.core.test_bundle_container import HOSTILE
from tests.core.test_bundle_vectors import COUNTY, FILE, FOLDER, KEYS, SCHOOL, SEAL
from tests.proof import Context, Result

NAME = "envelopes: every bit, every length, hostile containers, public tools"
TOOLS = ("unzip", "minisign", "age", "sha256sum")
ROUNDS = 40
REFUSALS = {"damaged", "not_a_bundle", "too_new", "too_large", "bad_signature"}


class Tally:
    """Cases tried and held, and the first that did not."""

    def __init__(self) -> None:
        self.tried = self.held = 0
        self.first = ""

    def note(self, held: bool, what: str) -> None:
        """Count one case."""
        self.tried += 1
        self.held += held
        if not held and not self.first:
            self.first = what


def readers() -> dict[str, Callable[[Path], object]]:
    """How each kind is read where it is believed."""
    county = bytes.fromhex(KEYS["sign"]["county"]["public"])
    fingerprints = {KEYS["fingerprints"]["county"]}
    trust: TrustList = kit.read_kit(FOLDER / "valid.edukit", typed=KEYS["fingerprints"]["county"]).content.trust

    def read_bundle(path: Path) -> None:
        with submission.verify_submission(path, trust, COUNTY) as bundle:
            bundle.open_slice("room", [SEAL["working"]]).close()

    def read_receipt(path: Path) -> None:
        receipt.read_receipt(path, [SEAL["school"]], pinned=county, county=COUNTY, school=SCHOOL, file=FILE)

    def read_enrolment(path: Path) -> None:
        pending = enrolment.read_enrolment(path, COUNTY, [SEAL["working"]], fingerprints)
        pending.approve(KEYS["fingerprints"]["school"])

    return {
        "valid.edukit": lambda path: kit.read_kit(path, typed=KEYS["fingerprints"]["county"]),
        "valid.eduenrol": read_enrolment,
        "valid-2.edub": read_bundle,
        "valid.edurcpt": read_receipt,
    }


def refusal(read: Callable[[Path], object], path: Path) -> str:
    """The code a file is refused with, '' if it is believed."""
    try:
        read(path)
    except BundleError as error:
        return error.code
    return ""


def changed(good: bytes) -> Iterator[tuple[str, bytes]]:
    """Every other bit, every shorter file."""
    for at in range(len(good)):
        for bit in range(8):
            yield f"bit {bit} of byte {at}", good[:at] + bytes([good[at] ^ 1 << bit]) + good[at + 1 :]
    for length in range(len(good)):
        yield f"cut to {length}", good[:length]


def every_bit(context: Context, tally: Tally) -> None:
    """All four kinds."""
    path = context.folder / "changed"
    for name, read in readers().items():
        good = (FOLDER / name).read_bytes()
        path.write_bytes(good)
        tally.note(not refusal(read, path), f"{name} itself is refused")
        for what, bad in changed(good):
            path.write_bytes(bad)
            tally.note(refusal(read, path) in REFUSALS, f"{name}: {what}")
        context.say(f"{name}: {tally.tried} tried, {tally.held} held")


def hostile(context: Context, tally: Tally) -> None:
    """Own containers, and those of others where they are."""
    path = context.folder / "hostile"
    files = dict(HOSTILE)
    if context.shared:
        archives = context.shared / "data" / "zip-slip" / "archives"
        files |= {p.name: p.read_bytes() for p in archives.iterdir() if p.suffix in (".zip", ".tar")}
        bags = context.shared / "data" / "bagit-conformance"
        files |= {p.name: p.read_bytes() for p in bags.iterdir()}
    for name, data in files.items():
        path.write_bytes(data)
        for read in readers().values():
            tally.note(refusal(read, path) in REFUSALS, f"hostile: {name}")


def random_rooms(draw: random.Random) -> list[dict[str, Any]]:
    """Rows with whatever a text may hold."""
    letters = '中文𬭎𠅤ab01,"\n; =-\t·'
    rows = []
    for number in range(draw.randrange(0, 30)):
        text = "".join(draw.choice(letters) for _ in range(draw.randrange(1, 20)))
        blank = None if draw.random() < 0.4 else draw.randrange(-500, 500)
        rows.append({"id": samples.uid(number), "name": text, "area": blank, "remark": text[::-1] or None})
    return rows


def public_tools(context: Context, tally: Tally) -> None:
    """Random bundles: verified, opened and read without the program, by each reader."""
    draw = random.Random(context.seed)
    for number in range(ROUNDS):
        folder = context.folder / f"tools-{number}"
        folder.mkdir()
        rows = random_rooms(draw)
        made = samples.submission([samples.room_part(rows), *samples.health_parts(draw.randrange(4))])
        path = stick.write_envelope(made, folder, "x.edub")
        people = samples.PEOPLE
        for key in (people.working, people.records):
            found = without_us(folder, path, key)
            tally.note(found == through_us(path, key), f"bundle {number} by public tools")
        shutil.rmtree(folder)


def without_us(folder: Path, path: Path, key: SealKey) -> list[list[str]]:
    """Rows of `room` by unzip, minisign, sha256sum, age and Python's csv module."""
    work = folder / key.public[4:12]

    def tool(*command: str) -> bytes:
        return subprocess.run(command, cwd=work, check=True, capture_output=True, stdin=subprocess.DEVNULL).stdout

    work.mkdir()
    tool("unzip", "-q", str(path))
    tool("minisign", "-V", "-H", "-p", "signer.pub", "-m", "manifest.json")
    for part in json.loads((work / "manifest.json").read_bytes())["parts"]:
        if tool("sha256sum", part["name"]).decode().split()[0] != part["sha256"]:
            return []
    (work / "key.txt").write_text(key.text + "\n", encoding="ascii")
    tool("age", "-d", "-i", "key.txt", "-o", "inner.zip", "p001.age")
    text = tool("unzip", "-p", "inner.zip", "room.csv").decode("utf-8")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))[1:]


def through_us(path: Path, key: SealKey) -> list[list[str]]:
    """The same rows by the program."""
    with (
        submission.verify_submission(path, samples.PEOPLE.trust, samples.COUNTY) as bundle,
        bundle.open_slice("room", [key]) as part,
    ):
        return [list(row) for row in unpack.open_table(part, ROOM, (1, 0))]


def run(context: Context) -> Result:
    """All of it."""
    tally = Tally()
    every_bit(context, tally)
    hostile(context, tally)
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if not missing:
        public_tools(context, tally)
    note = f"public tools not on this machine: {', '.join(missing)}" if missing else f"{ROUNDS} bundles by public tools"
    return Result(tally.tried, tally.held, "; ".join(filter(None, [tally.first, note])))
