"""The manual against the program: links, pictures, commands, codes, words on screen, punctuation, the example of a mapping."""

from __future__ import annotations

import argparse
import ast
import dataclasses
import json
import re
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from eduplan_desktop.bundle.words import WORDS
from eduplan_desktop.commands import parser
from eduplan_desktop.exchange.mapping import PARTS, ColumnRule, SheetMapping, from_json, to_json
from eduplan_desktop.registers.catalog import REGISTERS, register
from eduplan_desktop.registers.catalogs import Catalogs
from eduplan_desktop.store.sqlite_errors import SENTENCES

ROOT = Path(__file__).resolve().parents[2]
MANUAL = ROOT / "docs" / "manual"
IMAGES = ROOT / "docs" / "images"
CHAPTERS = sorted(MANUAL.glob("*.md"))
PAGES = (*CHAPTERS, ROOT / "README.md", ROOT / "README.zh-CN.md")
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)#\s]+)(#[^)]*)?\)")
LARGEST = 120 * 1024
SHARED_OPTIONS = {"--json", "--passphrase-file", "-h", "--help"}
OUR_WORDS = {
    "一贯制",
    "与以前相同",
    "全校",
    "保险库",
    "忽略签名",
    "示例",
    "不知道",
    "正常、异常",
    "偏低、偏高、需复查",
    "谁来办",
}
"""Quoted in the manual, but not as words of a screen."""


def names(paths: object) -> list[str]:
    """Ids of parametrised pages."""
    return [str(p.relative_to(ROOT)) for p in paths]  # type: ignore[attr-defined]


def plain(text: str) -> str:
    """Text as read: without code, links and pictures."""
    text = re.sub(r"```.*?```", "", text, flags=re.S)
    return re.sub(r"`[^`]*`", "", LINK.sub(r"\2", text))


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_link_and_picture_is_there(page: Path) -> None:
    for _picture, _words, target, _anchor in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} points to {target}"


def test_every_chapter_is_listed_and_leads_back() -> None:
    front = (MANUAL / "README.md").read_text(encoding="utf-8")
    for chapter in CHAPTERS:
        if chapter.name != "README.md":
            assert f"({chapter.name})" in front
            assert "(README.md)" in chapter.read_text(encoding="utf-8")


def test_every_picture_is_used_small_and_made_by_the_script() -> None:
    used = {Path(t).name for p in PAGES for _i, _w, t, _a in LINK.findall(p.read_text(encoding="utf-8"))}
    script = (ROOT / "installer" / "make_pictures.py").read_text(encoding="utf-8").lower()
    for picture in IMAGES.glob("*"):
        assert picture.name in used, f"nobody shows {picture.name}"
        assert picture.suffix == ".png"
        assert picture.stat().st_size <= LARGEST
        assert f'"{picture.stem}"' in script, f"nothing makes {picture.name}"
        width, height = struct.unpack(">II", picture.read_bytes()[16:24])
        assert (width, height) == (1366, 696) or re.fullmatch(r"f\d\d", picture.stem)


def leaves(one: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command that does something: its words and its parser."""
    groups = [a for a in one._actions if isinstance(a, argparse._SubParsersAction)]
    if not groups:
        yield " ".join(words), one
    for group in groups:
        for name, child in group.choices.items():
            yield from leaves(child, (*words, name))


COMMANDS = dict(leaves(parser()))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_manual_with_all_its_options(command: str) -> None:
    lines = (MANUAL / "commands.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if re.match(rf"\| `eduplan {re.escape(command)}[ `]", line)]
    assert len(rows) == 1, f"one row says what {command} does"
    usage = rows[0].split("` |")[0]
    for action in COMMANDS[command]._actions:
        for option in set(action.option_strings) - SHARED_OPTIONS:
            assert f"{option} " in usage or f"{option}]" in usage, f"{command} {option}"
        for choice in action.choices or ():
            assert re.search(rf"\b{choice}\b", usage), f"{command} {choice}"


def test_the_manual_names_no_command_or_option_that_is_not_there() -> None:
    text = "\n".join(c.read_text(encoding="utf-8") for c in CHAPTERS)
    known = {o for one in COMMANDS.values() for a in one._actions for o in a.option_strings} | {"--version"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) <= known
    for said in re.findall(r"`eduplan ([a-z][^`]*)`", text):
        words = said.split()
        assert " ".join(words[:1]) in COMMANDS or " ".join(words[:2]) in COMMANDS, said


def codes_of_the_format() -> set[str]:
    """The codes of docs/format.md §9."""
    section = (ROOT / "docs" / "format.md").read_text(encoding="utf-8").split("## 9.")[1]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {code for cell in cells for code in re.findall(r"`(\w+)`", cell)}


@pytest.mark.parametrize("code", sorted(codes_of_the_format() | set(SENTENCES) | set(WORDS)))
def test_every_code_says_what_to_do(code: str) -> None:
    lines = (MANUAL / "help.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith(f"| `{code}` |")]
    assert rows, f"nothing says what to do about {code}"
    for row in rows:
        assert len(row.rstrip("| ").rsplit("|", 1)[1].strip()) > 4


def test_every_key_of_a_mapping_is_explained() -> None:
    text = (MANUAL / "import.md").read_text(encoding="utf-8")
    keys = {f.name for kind in (SheetMapping, ColumnRule) for f in dataclasses.fields(kind)} | set(PARTS)
    assert {key for key in keys if f"`{key}`" not in text} == set()


def test_the_example_of_a_mapping_is_one() -> None:
    text = (MANUAL / "import.md").read_text(encoding="utf-8")
    example = json.loads(text.split("```json")[1].split("```")[0])
    read = from_json(example, register(example["register"]), Catalogs())
    assert from_json(to_json(read), register(read.register), Catalogs()) == read


def test_every_register_is_called_by_its_name() -> None:
    text = "".join(c.read_text(encoding="utf-8") for c in CHAPTERS)
    assert [r.label for r in REGISTERS if r.label not in text] == []


@cache
def words_of_the_program() -> str:
    """Every Chinese text in the code, on lines of their own."""
    found: list[str] = []
    for path in [*(ROOT / "ui").rglob("*.py"), *(ROOT / "eduplan_desktop").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search("[一-鿿]", node.value):
                found.append(node.value)
    return "\n".join(found)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=names(CHAPTERS))
def test_words_in_quotes_are_words_of_the_screens(chapter: Path) -> None:
    """What the manual tells a person to look for is there, letter by letter."""
    said = set(re.findall(r"“([^“”]+)”", plain(chapter.read_text(encoding="utf-8")))) - OUR_WORDS
    shown = words_of_the_program().replace("“", "").replace("”", "")
    assert {words for words in said if words not in shown} == set()


@pytest.mark.parametrize("chapter", CHAPTERS, ids=names(CHAPTERS))
def test_field_terms_and_chinese_punctuation(chapter: Path) -> None:
    text = plain(chapter.read_text(encoding="utf-8"))
    for word in ("平安", "工程", "登陆", "帐号", "帐户", "TODO"):
        assert word not in text
    bad = re.findall(r"[一-鿿][,;:!?()][^|]?|[,;:!?(][一-鿿]", text)
    assert bad == [], f"half-width punctuation beside Chinese: {bad}"
    assert not re.search(r"[一-鿿] [一-鿿]", re.sub(r"^(\||#|-|\d|\[).*$", "", text, flags=re.M))
