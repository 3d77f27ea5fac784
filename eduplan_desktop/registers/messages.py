"""The sentences of findings about data: what is wrong and what to do, one per code (D20). A doubt may also be explained."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from eduplan_desktop.i18n import N_, _
from eduplan_desktop.problems import Problem, Severity

ERRORS: Final[Mapping[str, str]] = {
    # one value
    "required": N_("“{label}”必须填写。请补上。"),
    "required_by_item": N_("报送“{item}”要求填写“{label}”。请补上。"),
    "refused_character": N_(
        "“{label}”里有不能保存的字符（{character}）。请删掉它，用输入法重新输入；生僻字请用 Unicode 编码输入。"
    ),
    "cell_error": N_("“{label}”的单元格是公式错误。请在表格里改正公式，或填入实际数据。"),
    "cell_unreadable": N_("“{label}”的单元格不是文字、数字或日期。请重新输入。"),
    "digits_lost": N_("“{label}”在表格中按数字保存，超过 15 位的部分已经丢失。请把该列设为“文本”后按原件重新输入。"),
    "too_long": N_("“{label}”最多 {maximum} 个字。请缩短，其余写入备注。"),
    "not_number": N_("“{label}”应当是数字。请只填数字，千分位每三位一个逗号。"),
    "not_whole": N_("“{label}”应当是整数。请去掉小数部分。"),
    "too_many_places": N_("“{label}”最多 {places} 位小数。请按凭证核对后改写，程序不自动舍入。"),
    "number_too_large": N_("“{label}”的数字太大。请核对位数。"),
    "too_small": N_("“{label}”不能小于 {limit}。请核对。"),
    "too_large": N_("“{label}”不能大于 {limit}。请核对。"),
    "unit_unknown": N_("“{label}”的单位应为“{unit}”。请换算后只填数字。"),
    "not_date": N_("“{label}”应当是日期。请写成 2019-03-05、2019-03 或 2019。"),
    "date_impossible": N_("“{label}”的日期不存在。请核对年（{first}–{last}）、月、日。"),
    "date_ambiguous": N_("“{label}”在表格中是数字，分不清是 1 月还是 10 月。请改成文字，例如 2019-01 或 2019-10。"),
    "not_moment": N_("“{label}”应当是日期和时刻。请写成 2026-03-05T08:42:17Z。"),
    "not_yes_no": N_("“{label}”请填“是”或“否”。"),
    "choice_unknown": N_("“{label}”不在“{table}”中。请从列表里选一个。"),
    "choice_ambiguous": N_("“{label}”在“{table}”中有几项同名。请填代码或从列表里选。"),
    "link_unresolved": N_("没有找到“{label}”所指的那一条。请从列表里选，或先登记它。"),
    "id_shape": N_("“{label}”应为 18 位（前 17 位数字，末位数字或 X）。请按证件核对。"),
    "id_sequence": N_("“{label}”的顺序码不能是 000。请按证件核对。"),
    "id_birth_date": N_("“{label}”中的出生日期不存在。请按证件核对第 7–14 位。"),
    "id_check": N_("“{label}”的校验码不对，通常是抄错一位或两位颠倒。请按证件逐位核对。"),
    "school_code_shape": N_("“{label}”应为 10 位数字。请按学校标识码证书填写，没有时留空。"),
    "school_code_old": N_("“{label}”是 12 位旧代码。请填 10 位标识码，旧代码填入“曾用代码”。"),
    "school_code_kind": N_("“{label}”前两位不是学校类别码。请按证书核对。"),
    "school_code_province": N_("“{label}”第 3–4 位不是省级地域码。请按证书核对。"),
    "results_unreadable": N_("“{label}”的检查结果读不出来。请重新填写这一条。"),
    "frequency_unreadable": N_("“{label}”应为日、周、月、学期、年或次，可加月份，如“月(4-10月)”。请改正。"),
    "results_item_unknown": N_("“{label}”里有清单中没有的项目（{item}）。请取得最新县配置包后再填。"),
    "stored_wrong": N_("“{label}”保存的内容不合规则。请重新填写。"),
    # between the fields of a row
    "required_when": N_("“{because}”时“{label}”必须填写。请补上。"),
    "date_order": N_("{label}早于{other} {date}，请改其中一个。"),
    "date_order_sealed": N_("{label}早于{other}，请改其中一个。"),
    "date_needs_day": N_("“{label}”要写到日。请补上月和日。"),
    "part_exceeds_whole": N_("“{label}”大于“{other}”（{whole}）。请核对这两个数。"),
    "parts_exceed_whole": N_("“{label}”合计 {sum}，大于“{other}”{whole}。同一人只计一项，请核对。"),
    "sum_differs": N_("各项合计 {sum}，与“{label}”{whole} 不等。请逐项核对。"),
    "not_for_whole_school": N_("“全校”行只填各学段共用的数，“{label}”请填在各学段的行里。"),
    "net_not_rest": N_("净值不等于原值减累计折旧。请改其中一个。"),
    "depreciated_too_much": N_("累计折旧大于原值。请核对这两个数。"),
    "count_outcome_wrong": N_("按账面数和实盘数应为“{right}”。请改盘点结果或数量。"),
    "check_answer": N_("“{item}”的结果应为正常、异常或本校不适用。请重新选择。"),
    "abnormal_without_words": N_("“{item}”异常，请写明情况。"),
    "major_needs_decider": N_("重大隐患要由一位校领导确认等级。请填写定级人姓名。"),
    "major_not_reported": N_("重大隐患要立即上报县教育局。请上报并填写上报日期。"),
    "major_closed_by_school": N_(
        "重大隐患由县教育局复查后销号，学校不能自行销号。请改为“待复查”，等回执带回复查结论。"
    ),
    "closed_but_failed": N_("复查不合格不能销号。请退回“整改中”。"),
    "id_sex_differs": N_("“{label}”第 17 位与性别不符。请按证件核对号码和性别。"),
    "id_birth_differs": N_("“{label}”中的出生日期与出生年月不符。请按证件核对。"),
    "id_birth_future": N_("“{label}”中的出生日期晚于今天。请按证件核对。"),
    # between rows
    "duplicate": N_("“{label}”与另一条相同。请删除重复的一条，或改正。"),
    "shared_twice": N_("“{label}”在“全校”行和本学段行都填了。共用的只填“全校”行，请删去一处。"),
    "consent_missing": N_("没有此人有效的单独同意，不能记录体检。请先登记单独同意，或把状态改回“应检”。"),
    # the journal against the records
    "journal_broken": N_("操作记录在第 {act} 步断开，文件可能在程序之外被改动过。请从备份恢复，并保留现在的文件备查。"),
    "journal_differs": N_("这条记录与操作记录不符，文件可能在程序之外被改动过。请对照历史核对，或从备份恢复。"),
}
"""错误: must be fixed."""

DOUBTS: Final[Mapping[str, str]] = {
    "choice_retired": N_("“{label}”用的是已停用的代码。请改用现行代码；历史记录可说明后保留。"),
    "link_missing": N_("“{label}”所指的那一条已经不在。请重新选择。"),
    "date_future": N_("“{label}”晚于今天。请核对。"),
    "value_not_product": N_("原值与单价×数量相差超过 0.5%。请按凭证核对，或说明原因。"),
    "asset_unclassified": N_("有 {count} 条资产既没有分类代码也没有品目，按类汇总时不会计入。请补上，或说明原因。"),
    "jump_from_last_year": N_("“{label}”与上一年的 {before} 相差超过一半。请核对单位和位数，或说明原因。"),
    "credit_code_wrong": N_("“{label}”的校验码不对。请按证书逐位核对，或说明原因。"),
    "price_unusual": N_("单价与同名资产相差十倍以上。请核对小数点和单位，或说明原因。"),
    "same_person": N_("与另一位教职工姓名、出生年月都相同。同一人请删去一条；确是两人请说明。"),
    "same_day_same_drill": N_("同一天有两次同类演练。重复的请删去；确有两次请说明。"),
    "second_checkup": N_("此人本年度已有一条体检。重复的请删去；复查请填在同一条里，或说明原因。"),
    "drill_without_people": N_("演练没有参加人数。请补上，或说明原因。"),
    "hazard_overdue": N_("已超过整改时限 {days} 天。请完成整改，或说明原因和防护措施。"),
}
"""存疑: fix or explain."""


def finding(
    code: str,
    field: str = "",
    params: Mapping[str, str | int] = MappingProxyType({}),
    register: str = "",
    row: str = "",
    fix: tuple[str, str, str | int | None] | None = None,
) -> Problem:
    """A Problem of a code of this catalogue; its tier is where its sentence stands. `params` never hold a sealed value."""
    severity = Severity.DOUBT if code in DOUBTS else Severity.ERROR
    return Problem(code, severity, register, row, field, params, fix)


def message(problem: Problem) -> str:
    """The sentence of a finding for a person, in the language in use."""
    template = ERRORS.get(problem.code) or DOUBTS[problem.code]
    words = {name: _(value) if isinstance(value, str) and value else value for name, value in problem.params.items()}
    return _(template).format_map(_Named(words))


class _Named(dict[str, str | int]):
    """Parameters of a sentence; one that is missing leaves an ellipsis rather than breaking the list of findings."""

    def __missing__(self, key: str) -> str:
        return "…"
