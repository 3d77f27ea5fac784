"""`bundle show`: what an envelope says, verified as far as anybody can without a county file."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from eduplan_desktop.acts.slices import parse_slice
from eduplan_desktop.bundle.envelope import open_envelope
from eduplan_desktop.bundle.fingerprints import fingerprint
from eduplan_desktop.bundle.kit import preview_kit
from eduplan_desktop.bundle.submission import read_head
from eduplan_desktop.errors import BundleError
from eduplan_desktop.i18n import N_, _

LABELS = {
    "purpose": N_("用途"),
    "county": N_("县代码"),
    "name": N_("县"),
    "school": N_("学校"),
    "number": N_("序号或版本"),
    "made": N_("生成时刻"),
    "program": N_("程序版本"),
    "digest": N_("摘要"),
    "bytes": N_("字节"),
    "fingerprint": N_("县指纹"),
    "answers": N_("报送项目"),
    "slices": N_("分片"),
}
"""Fact of an envelope → its word."""
PURPOSES = {
    "kit": N_("县配置包"),
    "enrolment": N_("入网申请"),
    "submission": N_("数据包"),
    "receipt": N_("回执"),
}
STATES = {"carried": N_("随包报出"), "as_before": N_("与以前报的相同"), "not_reported": N_("这次没有报")}
"""State of a slice in a manifest → its word."""


@dataclass(slots=True)
class Shown:
    """What an envelope says of itself. sound: container, signature and digests hold; trust is not judged here."""

    file: str
    sound: bool
    facts: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    code: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {"file": self.file, "sound": self.sound, "code": self.code, **self.facts}

    def lines(self) -> list[str]:
        """For a person."""
        said = [f"{_(LABELS[key])}：{self._said(key)}" for key in self.facts if key in LABELS]
        end = _("容器、签名和摘要都对；是谁签的，请与盖章的纸面指纹比对。") if self.sound else self.problem
        roster = [f"　{e['uid']}　{e['name']}" for e in self.facts.get("roster", ())]
        return [*said, *roster, end]

    def _said(self, key: str) -> str:
        value = self.facts[key]
        if key == "purpose":
            return _(PURPOSES[value])
        if key == "answers":
            return "、".join(value) or _("无")
        if key == "slices":
            return "；".join(f"{slice_word(name)} {_(STATES[state])}" for name, state in value.items()) or _("无")
        return str(value)


def slice_word(name: str) -> str:
    """A slice as people name it; one of a newer program stays as it is written."""
    try:
        return parse_slice(name).label
    except (KeyError, ValueError):
        return name


def show(path: Path) -> Shown:
    """Read an envelope of any kind."""
    shown = Shown(str(path), sound=False)
    try:
        with open_envelope(path) as envelope:
            heading = envelope.manifest.heading
            shown.facts |= {**asdict(heading), "digest": envelope.digest, "bytes": envelope.length}
            envelope.check_digests()
            if heading.purpose == "submission":
                head = read_head(envelope.manifest)
                shown.facts["answers"] = [a.item for a in head.answers]
                shown.facts["slices"] = {name: state.state for name, state in head.slices.items()}
            if heading.purpose in ("kit", "receipt"):
                shown.facts["fingerprint"] = fingerprint("county", envelope.signer)
        if shown.facts["purpose"] == "kit":
            kit = preview_kit(path)
            shown.facts["name"] = kit.name
            shown.facts["roster"] = [{"uid": e.uid, "name": e.name, "code": e.code} for e in kit.roster]
        shown.sound = True
    except BundleError as fault:
        shown.problem, shown.code = str(fault), fault.code
    return shown
