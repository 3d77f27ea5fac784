"""单独同意: each person's separate consent before anything of their health is recorded (个人信息保护法 arts. 28–30).

It travels only inside health parts, and only for persons whose consent names the county.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from eduplan_desktop.registers import dates
from eduplan_desktop.registers.model import Field, Kind, Register, Section, Value
from eduplan_desktop.registers.rules import in_order, not_in_future

_SIGNED: Final = Field("signed", Kind.DATE, "签署日期", required=True)
_WITHDRAWN: Final = Field(
    "withdrawn", Kind.DATE, "撤回日期", help="撤回以后不再处理此人的健康信息；以前的处理不受影响。"
)

HEALTH_CONSENT: Final = Register(
    name="health_consent",
    label="体检单独同意",
    identity=("person", "signed"),
    title=("person", "signed"),
    sections=(
        Section(
            "同意",
            (
                Field("person", Kind.LINK, "本人", required=True, target="staff"),
                Field("notice", Kind.TEXT, "告知书版本", required=True, max_length=40),
                Field("scope", Kind.CHOICE, "同意范围", required=True, choices="consent_scope"),
                Field("names_county", Kind.YES_NO, "同意提供给县教育局健康管理员", required=True),
                _SIGNED,
                Field("on_paper", Kind.YES_NO, "已签纸质同意书"),
                Field("recorded_by", Kind.TEXT, "登记人", max_length=50),
                _WITHDRAWN,
                Field("remark", Kind.LONG_TEXT, "备注", max_length=500),
            ),
        ),
    ),
    rules=(not_in_future(_SIGNED, _WITHDRAWN), in_order(_SIGNED, _WITHDRAWN)),
)


def in_force(consent: Mapping[str, Value], today: str) -> bool:
    """Whether this consent allows processing today: signed, and not withdrawn on or before today; in doubt, it does not."""
    withdrawn = consent.get("withdrawn")
    if consent.get("signed") is None or withdrawn is None:
        return consent.get("signed") is not None
    return dates.is_date(str(withdrawn)) and dates.before(today, str(withdrawn)) is True


def consented(consents: Iterable[Mapping[str, Value]], today: str, county: bool = False) -> frozenset[str]:
    """Ids of the persons whose consent is in force; with `county` only those whose consent names the county."""
    return frozenset(
        str(c["person"]) for c in consents if in_force(c, today) and (not county or c.get("names_county") == 1)
    )
