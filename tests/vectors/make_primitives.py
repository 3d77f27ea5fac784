"""Writes fingerprints.json, csv.json and ids.json from docs/format.md alone; imports nothing of the program.

Run: python tests/vectors/make_primitives.py
"""

import hashlib
import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def lp(data: bytes) -> bytes:
    """LP(x) of docs/format.md."""
    return len(data).to_bytes(2, "big") + data


def fingerprint(purpose: str, *keys: bytes) -> str:
    """§3, written the slow and obvious way: a string of bits cut into fives."""
    hashed = hashlib.sha256(b"".join(lp(x) for x in (b"eduplan-key-v1", purpose.encode(), *keys))).digest()
    bits = "".join(f"{byte:08b}" for byte in hashed)[:100]
    values = [int(bits[i : i + 5], 2) for i in range(0, 100, 5)]
    check = sum(i * v for i, v in enumerate(values, start=1)) % 31
    text = "".join(SYMBOLS[v] for v in values)
    return "-".join([*(text[i : i + 4] for i in range(0, 20, 4)), SYMBOLS[check]])


def key_id(raw: bytes) -> str:
    """§4: the eight bytes that stand for the minisign key id."""
    return hashlib.sha256(lp(b"eduplan-keyid-v1") + lp(raw)).digest()[:8].hex()


def counting(start: int) -> bytes:
    """32 bytes counting up from `start`."""
    return bytes((start + i) % 256 for i in range(32))


def typed_forms(good: str) -> list[str]:
    """Ways a person may type `good` that mean the same."""
    plain = good.replace("-", "")
    return [
        good.lower(),
        plain,
        " ".join(plain),
        f"  {good.replace('-', ' - ')}  ",
        good.replace("0", "O").replace("1", "I"),
        good.replace("0", "o").replace("1", "l"),
    ]


def refused_forms(good: str) -> list[dict[str, str]]:
    """Ways to type `good` wrongly."""
    last = SYMBOLS[(SYMBOLS.index(good[-1]) + 1) % 31]
    first = SYMBOLS[(SYMBOLS.index(good[0]) + 1) % 32]
    return [
        {"typed": good[:-1] + last, "why": "another check symbol"},
        {"typed": first + good[1:], "why": "one symbol wrong"},
        {"typed": good[:-2], "why": "check symbol missing"},
        {"typed": good + "0", "why": "one symbol too many"},
        {"typed": "U" + good[1:], "why": "U is no symbol"},
        {"typed": "", "why": "nothing typed"},
    ]


def fingerprints() -> dict[str, object]:
    """Cases of §3 and of the key id of §4."""
    cases = []
    for purpose, keys in [
        ("county", [bytes(32)]),
        ("county", [counting(0)]),
        ("county", [bytes([255] * 32)]),
        ("school", [counting(0), counting(32)]),
        ("school", [counting(32), counting(0)]),
        ("school", [bytes(32), bytes(32)]),
        ("county", [hashlib.sha256(b"county").digest()]),
        ("school", [hashlib.sha256(b"sign").digest(), hashlib.sha256(b"seal").digest()]),
    ]:
        good = fingerprint(purpose, *keys)
        cases.append(
            {
                "purpose": purpose,
                "keys": [k.hex() for k in keys],
                "fingerprint": good,
                "key_ids": [key_id(k) for k in keys],
                "same": typed_forms(good),
                "refused": refused_forms(good),
            }
        )
    return {"about": "docs/format.md §3 and the key id of §4; keys are raw, in hexadecimal", "cases": cases}


A, B, C = (f"019a0000-0000-7000-8000-00000000000{n}" for n in "abc")
CELLS = [
    {"kind": "whole", "places": 0, "value": 0, "cell": "0"},
    {"kind": "whole", "places": 0, "value": -12, "cell": "-12"},
    {"kind": "whole", "places": 0, "value": 9007199254740993, "cell": "9007199254740993"},
    {"kind": "money", "places": 2, "value": 1860000, "cell": "18600.00"},
    {"kind": "money", "places": 2, "value": 5, "cell": "0.05"},
    {"kind": "money", "places": 2, "value": -5, "cell": "-0.05"},
    {"kind": "money", "places": 2, "value": 0, "cell": "0.00"},
    {"kind": "money", "places": 4, "value": 123456, "cell": "12.3456"},
    {"kind": "decimal", "places": 1, "value": 365, "cell": "36.5"},
    {"kind": "decimal", "places": 3, "value": -1, "cell": "-0.001"},
    {"kind": "date", "places": 0, "value": "2019", "cell": "2019"},
    {"kind": "date", "places": 0, "value": "2019-03", "cell": "2019-03"},
    {"kind": "date", "places": 0, "value": "2019-03-05", "cell": "2019-03-05"},
    {"kind": "yes_no", "places": 0, "value": 1, "cell": "1"},
    {"kind": "yes_no", "places": 0, "value": 0, "cell": "0"},
    {"kind": "text", "places": 0, "value": None, "cell": ""},
    {"kind": "text", "places": 0, "value": "阿卜来提·如则托合提", "cell": "阿卜来提·如则托合提"},
    {"kind": "text", "places": 0, "value": "𬭎𠅤𡋾", "cell": "𬭎𠅤𡋾"},
    {"kind": "whole", "places": 0, "value": None, "cell": ""},
    {"kind": "choice", "places": 0, "value": "GB/T 14885-2010:2020100", "cell": "GB/T 14885-2010:2020100"},
]
WRONG_CELLS = [
    {"kind": "whole", "places": 0, "cell": "007"},
    {"kind": "whole", "places": 0, "cell": "+1"},
    {"kind": "whole", "places": 0, "cell": "-0"},
    {"kind": "whole", "places": 0, "cell": "1.0"},
    {"kind": "whole", "places": 0, "cell": " 1"},
    {"kind": "whole", "places": 0, "cell": "１"},
    {"kind": "whole", "places": 0, "cell": "1_000"},
    {"kind": "money", "places": 2, "cell": "18600"},
    {"kind": "money", "places": 2, "cell": "18600.0"},
    {"kind": "money", "places": 2, "cell": "18,600.00"},
    {"kind": "money", "places": 2, "cell": ".05"},
    {"kind": "money", "places": 2, "cell": "-0.00"},
    {"kind": "money", "places": 2, "cell": "1e3"},
    {"kind": "decimal", "places": 1, "cell": "36.50"},
    {"kind": "date", "places": 0, "cell": "2019-3-5"},
    {"kind": "date", "places": 0, "cell": "2019/03/05"},
    {"kind": "date", "places": 0, "cell": "2019-13"},
    {"kind": "date", "places": 0, "cell": "2019-02-30"},
    {"kind": "yes_no", "places": 0, "cell": "是"},
    {"kind": "yes_no", "places": 0, "cell": "2"},
]
FILES = [
    {"names": ["id", "name"], "rows": [], "text": "id,name\n"},
    {"names": ["id", "name"], "rows": [[A, "课桌"]], "text": f"id,name\n{A},课桌\n"},
    {"names": ["id", "name", "qty"], "rows": [[A, None, "0"]], "text": f"id,name,qty\n{A},,0\n"},
    {"names": ["id", "x", "y"], "rows": [[A, None, None], [B, None, "1"]], "text": f"id,x,y\n{A},,\n{B},,1\n"},
    {"names": ["id", "x"], "rows": [[A, "a,b"]], "text": f'id,x\n{A},"a,b"\n'},
    {"names": ["id", "x"], "rows": [[A, 'say "hi"']], "text": f'id,x\n{A},"say ""hi"""\n'},
    {"names": ["id", "x"], "rows": [[A, '"']], "text": f'id,x\n{A},""""\n'},
    {"names": ["id", "x"], "rows": [[A, "one\ntwo"]], "text": f'id,x\n{A},"one\ntwo"\n'},
    {"names": ["id", "x"], "rows": [[A, "one\rtwo"]], "text": f'id,x\n{A},"one\rtwo"\n'},
    {"names": ["id", "x"], "rows": [[A, "\n"]], "text": f'id,x\n{A},"\n"\n'},
    {"names": ["id", "x"], "rows": [[A, " two spaces  "]], "text": f"id,x\n{A}, two spaces  \n"},
    {"names": ["id", "x"], "rows": [[A, "=1+1"]], "text": f"id,x\n{A},=1+1\n"},
    {"names": ["id", "x"], "rows": [[A, "'"]], "text": f"id,x\n{A},'\n"},
    {"names": ["id", "x"], "rows": [[A, "a;b\tc"]], "text": f"id,x\n{A},a;b\tc\n"},
    {"names": ["id", "x"], "rows": [[A, "𠅤\u2028"]], "text": f"id,x\n{A},𠅤\u2028\n"},
    {"names": ["id", "x"], "rows": [[A, "1"], [B, "2"], [C, "3"]], "text": f"id,x\n{A},1\n{B},2\n{C},3\n"},
]
REFUSED = [
    {"names": ["id", "x"], "text": "", "why": "no line of names"},
    {"names": ["id", "x"], "text": "id,x", "why": "the last line has no LF"},
    {"names": ["id", "x"], "text": "\ufeffid,x\n", "why": "byte order mark"},
    {"names": ["id", "x"], "text": f"id,x\r\n{A},1\r\n", "why": "CR LF"},
    {"names": ["id", "x"], "text": f'id,x\n{A},"1"\n', "why": "quotes without need"},
    {"names": ["id", "x"], "text": f'id,x\n{A},""\n', "why": "an empty string"},
    {"names": ["id", "x"], "text": f'id,x\n{A},"a,b\n', "why": "the quote is never closed"},
    {"names": ["id", "x"], "text": f'id,x\n{A},"a,b"c\n', "why": "text after the closing quote"},
    {"names": ["id", "x"], "text": f'id,x\n{A},a"b\n', "why": "a quote inside a bare cell"},
    {"names": ["id", "x"], "text": f"id,x\n{A}\n", "why": "a cell is missing"},
    {"names": ["id", "x"], "text": f"id,x\n{A},1,2\n", "why": "a cell too many"},
    {"names": ["id", "x"], "text": f"id,x\n\n{A},1\n", "why": "an empty line"},
    {"names": ["id", "x"], "text": f"id,x\n{B},1\n{A},2\n", "why": "rows not by id"},
    {"names": ["id", "x"], "text": f"id,x\n{A},1\n{A},2\n", "why": "the same id twice"},
    {"names": ["id", "x"], "text": "id,x\n,1\n", "why": "a row without id"},
    {"names": ["id", "x"], "text": f"id,x\n{A.upper()},1\n", "why": "an id in capitals"},
    {"names": ["id", "x"], "text": "id,x\n1,1\n", "why": "an id that is no UUIDv7"},
    {"names": ["id", "x"], "text": f"id,x,x\n{A},1,1\n", "why": "a name twice"},
    {"names": ["id", "x"], "text": f"id\n{A}\n", "why": "an expected name is missing"},
    {"names": ["id", "x"], "text": f"id,x\n{A},\x00\n", "why": "a NUL"},
]


def csv_cases() -> dict[str, object]:
    """Cells by kind, whole files, and texts a reader refuses (§6.1)."""
    about = "docs/format.md §6.1; null is NULL; `names` are the names a reader expects"
    return {"about": about, "cells": CELLS, "wrong_cells": WRONG_CELLS, "files": FILES, "refused": REFUSED}


def ids() -> dict[str, object]:
    """Shapes of §2, and how a row id follows the clock and the last id."""
    good = "019a0000-0000-7000-8000-000000000001"
    top = "019a0000-0000-7fff-bfff-ffffffffffff"
    return {
        "about": "docs/format.md §2; in `next`, the new id is above `last` and its first 13 characters are `time`",
        "uuid7": {
            "valid": [good, top, "00000000-0000-7000-8000-000000000000", "ffffffff-ffff-7fff-bfff-ffffffffffff"],
            "invalid": [
                good.upper(),
                good.replace("-", ""),
                "019a0000-0000-4000-8000-000000000001",
                "019a0000-0000-7000-0000-000000000001",
                "019a0000-0000-7000-c000-000000000001",
                "{" + good + "}",
                good + "0",
                good[:-1],
                good[:-1] + "g",
                " " + good,
                good + "\n",
                "",
                "-",
            ],
        },
        "next": [
            {"clock_ms": 0x019A00000000, "last": "", "time": "019a0000-0000"},
            {"clock_ms": 0x019A00000005, "last": good, "time": "019a0000-0005"},
            {"clock_ms": 0x019A00000000, "last": good, "time": "019a0000-0000"},
            {"clock_ms": 946684800000, "last": good, "time": "019a0000-0000"},
            {"clock_ms": 946684800000, "last": top, "time": "019a0000-0001"},
        ],
        "county": {"valid": ["640122", "000000"], "invalid": ["64012", "6401220", "64012x", "６４０１２２", "", "-"]},
        "slice": {
            "valid": ["equipment", "school", "school_year/2025", "safety_check/2026", "checkup/2025"],
            "invalid": ["", "/2025", "equipment/", "equipment/25", "Equipment", "equipment/2025/1", "../x", "a b"],
        },
        "item": {
            "valid": ["a", "0", "2026-09-safety", "x" * 40],
            "invalid": ["", "-a", "A", "a_b", "x" * 41, "a b", "安全", "a\n"],
        },
        "digest": {
            "valid": [hashlib.sha256(b"").hexdigest()],
            "invalid": [hashlib.sha256(b"").hexdigest().upper(), "0" * 63, "0" * 65, "g" * 64, ""],
        },
    }


def main() -> None:
    """Write the three files beside this script."""
    for name, content in (("fingerprints", fingerprints()), ("csv", csv_cases()), ("ids", ids())):
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (HERE / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
