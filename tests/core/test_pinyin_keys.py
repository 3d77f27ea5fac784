"""The quick way to search keys gives what the readings of each character give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduplan_desktop.registers import pinyin

KNOWN = sorted(pinyin.table().first)[:4000:37]
WORDS = sorted(pinyin.table().words)[:200]
SURNAMES = sorted(pinyin.table().surnames)


def slowly(text: str) -> list[str]:
    """Initials and full pinyin of both readings, character by character."""
    out = []
    for reading in (pinyin.syllables(text), pinyin.syllables(text, surname=False)):
        said = [s for s in reading if s.isalnum()]
        out += ["".join(s[0] for s in said), "".join(said)]
    return list(dict.fromkeys(out))


pieces = st.one_of(
    st.sampled_from(KNOWN), st.sampled_from(WORDS or ["a"]), st.sampled_from(SURNAMES or ["a"]), st.text(max_size=3)
)


@given(st.lists(pieces, max_size=5).map("".join))
def test_keys_are_those_of_the_readings(text: str) -> None:
    assert pinyin.keys(text) == slowly(text)


@pytest.mark.parametrize("name", ["单雄信", "仇英", "重庆市", "阿卜来提·如则托合提", "𬱖𠅤", "第3号楼", "", "·"])
def test_keys_of_names_and_places(name: str) -> None:
    assert pinyin.keys(name) == slowly(name)
