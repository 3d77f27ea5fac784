"""Marked hits: what a search matched is what is marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.registers.pinyin import RESOURCE
from eduplan_desktop.registers.text import fold
from ui.hits import spans

CASES = [
    ("电子白板(班班通)", "白板", ["白板"]),
    ("电子白板(班班通)", "dzbb", ["电子白板"]),
    ("电子白板(班班通)", "bb", ["白板", "班班"]),
    ("电子白板", "baiban", ["白板"]),
    ("XX014-0009", "0009", ["0009"]),
    ("XX014-0009", "xx014", ["XX014"]),
    ("ＸＸ０１４", "xx014", ["ＸＸ０１４"]),
    ("阿卜来提·如则托合提", "阿卜来提.如则", ["阿卜来提·如则"]),
    ("单雄信", "sxx", ["单雄信"]),
    ("85 英寸 光学", "英寸光", ["英寸 光"]),
    ("投影仪", "dzbb", []),
    ("", "a", []),
    ("投影仪", "", []),
]


@pytest.mark.parametrize(("text", "query", "marked"), CASES)
def test_hits(text: str, query: str, marked: list[str]) -> None:
    if query.isascii() and query.isalpha() and marked and not text.isascii() and not RESOURCE.exists():
        pytest.skip("the pinyin table has not been made here")
    assert [text[a:b] for a, b in spans(text, query)] == marked


@given(st.text(max_size=30), st.text(max_size=6))
def test_spans_lie_inside_the_text_in_order(text: str, query: str) -> None:
    last = 0
    for start, stop in spans(text, query):
        assert last <= start < stop <= len(text)
        last = start


@given(st.text(alphabet="甲乙丙丁ABCd12·", min_size=1, max_size=20), st.data())
def test_any_piece_of_a_text_is_marked_when_it_is_typed(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    stop = data.draw(st.integers(start + 1, len(text)))
    piece = text[start:stop]
    found = spans(text, piece)
    assert found
    assert all(fold(piece) in fold(text[a:b]) for a, b in found)
