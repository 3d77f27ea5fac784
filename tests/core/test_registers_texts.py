"""The English catalogue (D12): complete, with the same places to fill in, and the built file equal to its source."""

import gettext
import importlib.util
import re
import string
from collections.abc import Iterator
from types import ModuleType

import pytest

from eduplan_desktop import i18n
from eduplan_desktop.registers.check import MESSAGES
from eduplan_desktop.registers.messages import finding, message
from tests.conftest import ROOT

pytest.importorskip("babel", reason="Babel is a tool of development")


def load() -> ModuleType:
    """The script that gathers texts."""
    spec = importlib.util.spec_from_file_location("texts", ROOT / "resources" / "locale" / "texts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TEXTS = load()
ENGLISH: dict[str, str] = TEXTS.read()


@pytest.fixture
def in_english() -> Iterator[None]:
    """The program in English, and Chinese again afterwards."""
    i18n.use_language("en")
    yield
    i18n.use_language("zh_CN")


def test_every_text_of_the_program_has_its_english() -> None:
    wanted = TEXTS.from_code() | TEXTS.from_declarations()
    lacking = sorted(t for t in wanted if not ENGLISH.get(t))
    assert lacking == [], "run resources/locale/texts.py update, then translate these in eduplan.po and run it again"
    assert sorted(set(ENGLISH) - wanted) == [], "run resources/locale/texts.py update"


def places(text: str) -> set[str]:
    """Names to be filled in."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def test_translations_keep_places_and_marks() -> None:
    for chinese, english in ENGLISH.items():
        assert places(chinese) == places(english), chinese
        assert re.findall(r"</?\w+>", chinese) == re.findall(r"</?\w+>", english), chinese
        outside = re.sub(r"日|周|月\(4-10月\)|月|学期|年|次|教督〔\d{4}〕\d+号|教基一厅〔2014〕2号", "", english)
        assert not re.search("[\u4e00-\u9fff]", outside), english


def test_the_built_catalogue_is_the_source() -> None:
    po, mo = TEXTS.build(ENGLISH)
    assert TEXTS.PO.read_bytes() == po
    assert TEXTS.MO.read_bytes() == mo


def test_the_program_finds_its_english(in_english: None) -> None:
    assert i18n._("设备台账") == ENGLISH["设备台账"] != "设备台账"
    problem = finding("required", "name", {"label": "资产名称"})
    assert message(problem) == "“Asset name” is required. Please fill it in."


def test_chinese_needs_no_catalogue() -> None:
    i18n.use_language("zh_CN")
    assert i18n._("设备台账") == "设备台账"
    assert isinstance(gettext.NullTranslations(), type(i18n._translation))


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_sentences_with_something_missing_still_read(code: str) -> None:
    assert "{" not in message(finding(code))
