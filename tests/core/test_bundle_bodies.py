"""JSON bodies of kit, enrolment and receipt: any odd value anywhere is read or refused, never a crash."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from eduplan_desktop.bundle import enrolment, kit, receipt
from tests.core.bundle_samples import refusal
from tests.core.test_bundle_vectors import COUNTY, FILE, KEYS, SCHOOL, SEAL
from tests.sampling import sample
from tests.vectors import make_envelopes
from tests.vectors.stranger import Envelope

ODD: tuple[Any, ...] = (None, True, -1, 1.5, 2**70, "", "x", [], {}, [None], [[]], {"x": None}, "age1x", "QQ==")
GONE = object()
PINNED = bytes.fromhex(KEYS["sign"]["county"]["public"])


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a JSON value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy with something else at `path`."""
    if not path:
        return {} if new is GONE else new
    out = copy.deepcopy(value)
    here = out
    for key in path[:-1]:
        here = here[key]
    if new is GONE:
        del here[path[-1]]
    else:
        here[path[-1]] = new
    return out


def odd_ones(make: Callable[[], Envelope], entry: str) -> list[tuple[Envelope, str]]:
    """Envelopes in whose entry something odd stands."""
    body = json.loads(next(data for part in make().parts for name, data in part.entries if name == entry))
    found = []
    for path in places(body):
        for new in (*ODD, GONE):
            envelope = make()
            for part in envelope.parts:
                data = json.dumps(changed(body, path, new)).encode()
                part.entries = [(n, data if n == entry else d) for n, d in part.entries]
            found.append((envelope, f"{path} {new}"))
    return found


def read_kit(path: Path) -> object:
    """As a school that has joined."""
    return kit.read_kit(path, pinned=PINNED, county=COUNTY)


def read_enrolment(path: Path) -> object:
    """As the county."""
    return enrolment.read_enrolment(path, COUNTY, [SEAL["working"]], {KEYS["fingerprints"]["county"]})


def read_receipt(path: Path) -> object:
    """As the school."""
    asked = {"pinned": PINNED, "county": COUNTY, "school": SCHOOL, "file": FILE}
    return receipt.read_receipt(path, [SEAL["school"]], **asked)  # type: ignore[arg-type]


BODIES: list[tuple[Callable[[], Envelope], str, Callable[[Path], object]]] = [
    (make_envelopes.kit, "county.json", read_kit),
    (make_envelopes.kit, "trust.json", read_kit),
    (make_envelopes.kit, "calendar.json", read_kit),
    (make_envelopes.kit, "policy.json", read_kit),
    (make_envelopes.kit, "catalog.json", read_kit),
    (make_envelopes.enrolment, "enrolment.json", read_enrolment),
    (lambda: make_envelopes.receipt(7, "ab" * 32), "receipt.json", read_receipt),
]


@pytest.mark.sampled
@pytest.mark.parametrize(("make", "entry", "read"), BODIES, ids=[entry for _, entry, _ in BODIES])
def test_odd_values(tmp_path: Path, make: Any, entry: str, read: Any) -> None:
    path = tmp_path / "x"
    path.write_bytes(make().build("odd"))
    assert refusal(read, path) == ""
    codes = set()
    for envelope, what in sample(odd_ones(make, entry), at_most=60):
        path.write_bytes(envelope.build("odd"))
        code = refusal(read, path)
        assert code in {"", "bad_manifest", "wrong_context", "wrong_school", "wrong_county"}, what
        codes.add(code)
    assert "bad_manifest" in codes


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("roster.csv", b"uid,name\n"),
        ("roster.csv", b""),
        ("roster.csv", b"\xff"),
        ("entries.csv", b"label,code,retired\n"),
        ("entries.csv", b"code,label,retired\n1,a,\n1,b,\n"),
        ("entries.csv", b"code,label,retired\n,a,\n"),
        ("entries.csv", b"code,label\n1,a\n"),
    ],
)
def test_tables_of_a_kit_that_are_none(tmp_path: Path, entry: str, text: bytes) -> None:
    envelope = make_envelopes.kit()
    for part in envelope.parts:
        part.entries = [(n, text if n == entry else d) for n, d in part.entries]
    path = tmp_path / "x"
    path.write_bytes(envelope.build("odd"))
    assert refusal(read_kit, path) == "bad_rows"


@pytest.mark.parametrize("holds", ["county", "catalog/example"])
def test_a_kit_without_one_of_its_parts(tmp_path: Path, holds: str) -> None:
    envelope = make_envelopes.kit()
    envelope.parts = [part for part in envelope.parts if part.holds != holds]
    path = tmp_path / "x"
    path.write_bytes(envelope.build("odd"))
    assert refusal(read_kit, path) == ("bad_manifest" if holds == "county" else "")


@pytest.mark.parametrize(
    "change", [{"trust": 5}, {"trust": "4"}, {"succession": None}, {"succession": [1]}, {"number": -1}]
)
def test_a_kit_whose_manifest_is_odd(tmp_path: Path, change: dict[str, Any]) -> None:
    envelope = make_envelopes.kit()
    envelope.change = change
    path = tmp_path / "x"
    path.write_bytes(envelope.build("odd"))
    assert refusal(read_kit, path) in {"bad_manifest", "wrong_context"}
