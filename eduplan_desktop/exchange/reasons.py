"""Why a sheet, a column or a row is not taken, in words for a person; each says what to do."""

from collections.abc import Mapping
from typing import Final

from eduplan_desktop.errors import ExchangeError, WorldError
from eduplan_desktop.i18n import N_, _
from eduplan_desktop.problems import Problem, Severity
from eduplan_desktop.registers import messages

FILES: Final[Mapping[str, tuple[str, str]]] = {
    "missing": (N_("没有找到文件。"), N_("请核对文件名，或重新选择。")),
    "unreadable": (
        N_("文件读不出来（磁盘或权限问题）。"),
        N_("请先把它复制到本机硬盘，关闭正在使用它的程序，再试一次。"),
    ),
    "empty": (N_("文件是空的。"), N_("请核对是不是选错了文件。")),
    "file_too_large": (N_("文件超过 {limit} MB。"), N_("请拆成几个文件分别导入。")),
    "too_many_rows": (N_("表格超过 {rows} 行或 {cells} 个单元格。"), N_("请拆成几个文件分别导入。")),
    "too_many_columns": (N_("表格超过 {columns} 列。"), N_("请删去右侧多余的列再试。")),
    "too_large": (N_("读这个文件需要的内存太多。"), N_("请只保留要导入的工作表，另存为新的 .xlsx 再试。")),
    "too_sparse": (
        N_("工作表里离数据很远的地方（{detail}）还有内容，常见的是一个空格。"),
        N_("请按 Ctrl+End 找到它，删去多余的行和列，保存后再试。"),
    ),
    "too_slow": (
        N_("读这个文件用时太长，已停下。"),
        N_("请用 Excel 或 WPS 打开，只保留要导入的工作表，另存为新的 .xlsx 再试。"),
    ),
    "bomb": (
        N_("文件解压后过大，不像普通的电子表格。"),
        N_("请核对来源；可用 Excel 或 WPS 打开后另存为新的 .xlsx 再试。"),
    ),
    "reader_ended": (N_("文件内容异常，读取时中断。"), N_("请用 Excel 或 WPS 打开，另存为新的 .xlsx 再试。")),
    "damaged": (
        N_("文件损坏，或不是电子表格。"),
        N_("请用 Excel 或 WPS 打开它；能打开就另存为新的 .xlsx 再试，打不开请重新取得。"),
    ),
    "password": (N_("文件设有打开密码。"), N_("请用 Excel 或 WPS 打开，去掉密码后另存再试。")),
    "no_sheets": (N_("文件里没有工作表。"), N_("请核对是不是选错了文件。")),
    "no_such_sheet": (N_("没有名为“{detail}”的工作表。"), N_("可选：{sheets}。")),
    "web_page": (
        N_("这是网页，只是文件名像电子表格（有的系统这样导出）。"),
        N_("请用 Excel 或 WPS 打开，另存为 .xlsx 再导入。"),
    ),
    "xml_table": (N_("这是 XML 表格 2003 格式。"), N_("请用 Excel 或 WPS 打开，另存为 .xlsx 再导入。")),
    "not_a_table": (N_("这不是电子表格或文本表格。"), N_("可导入 .xlsx、.xls、.ods、.csv、.txt。")),
    "encoding": (N_("文件不能按“{encoding}”读成文字。"), N_("请在预览里换一种编码。")),
    "encoding_unknown": (N_("没有“{encoding}”这种编码。"), N_("可选：{known}。")),
    "cell_too_long": (
        N_("有一个单元格超过 131072 个字符，多半是引号不成对。"),
        N_("请用 Excel 或 WPS 打开，另存为 .xlsx 再试。"),
    ),
    "no_rows": (N_("工作表是空的。"), N_("请选有数据的工作表。")),
    "no_header": (N_("没有找到表头。"), N_("请在预览里点选表头所在的行。")),
    "bad_mapping": (N_("列对应不能使用：{detail}。"), N_("请对照使用说明里“表格导入”一章改正。")),
    "nothing_mapped": (
        N_("没有一列能对应到“{register}”的项目。"),
        N_("请在预览里为各列指定项目，或核对是不是选错了登记册。"),
    ),
    "write_failed": (
        N_("文件没有写成（磁盘已满、只读，或正被其他程序打开）。"),
        N_("请关闭打开它的程序，或换一个位置再试。"),
    ),
    "too_long_to_write": (N_("超过电子表格的行数上限。"), N_("请改存为 .csv。")),
}
"""Whole files. (what happened, what to do)"""
_OF_THE_WORLD: Final = frozenset({"missing", "unreadable", "write_failed"})
"""Disk and file, not the sheet: exit code 3."""

ROWS: Final[Mapping[str, str]] = {
    "identity_missing": N_("缺少认出这一条要用的“{label}”。请补上后再导入。"),
    "duplicate_row": N_("与第 {line} 行是同一条（“{label}”相同）。请只保留一行。"),
    "repeat_differs": N_("与第 {line} 行是同一条，“{label}”却不相同。请改成一致，或只保留一行。"),
    "several_existing": N_("已有 {count} 条“{label}”相同的记录，分不清是哪一条。请先在登记册里改正。"),
    "row_too_long": N_("这一行比表头多出 {count} 个单元格，可能多了分隔符。请核对。"),
    "link_ambiguous": N_("“{label}”有 {count} 条同名。请填记录号，或先把它们改成不同的名称。"),
    "unit_undeclared": N_("“{label}”的表头单位是“{unit}”，应为“{own}”。请声明换算系数和依据，或换算后再导入。"),
    "not_convertible": N_("“{label}”声明了换算系数，这个单元格却不是数字。请核对。"),
    "serial_ambiguous": N_(
        "“{label}”的五位数分不清是日期序号还是年月。请改写成 2019-03，或在这一列的“值”里说明按哪种序号读。"
    ),
    "serial_declined": N_("“{label}”是日期序号，这一列已说明不按序号读。请改写成 2019-03-05。"),
    "results_twice": N_("“{label}”有两列都写了值。请只保留一列。"),
    "code_missing": N_("缺少代码。请补上。"),
    "label_missing": N_("代码 {entry} 没有名称，暂以代码代替。请补上。"),
    "label_too_long": N_("代码 {entry} 的名称超过 {most} 个字。请缩短。"),
    "code_repeated": N_("代码 {entry} 与第 {line} 行重复。请改正其中一个。"),
    "code_shape": N_("“{entry}”不是代码。请核对。"),
}
"""One row or one cell of a sheet, beside the sentences of `registers.messages`."""

SKIPPED: Final[Mapping[str, str]] = {
    "title": N_("表头以上"),
    "total": N_("合计行"),
    "repeated_head": N_("重复的表头"),
    "column_numbers": N_("栏次行"),
    "footer": N_("表尾的签名或说明"),
    "other": N_("不属于本登记册或不在所选范围"),
}
"""Lines that are no records; they are counted apart from what was read."""


def refuse(code: str, **params: object) -> ExchangeError:
    """The refusal of a whole file."""
    message, advice = FILES[code]
    if code == "too_sparse":
        params["detail"] = params.get("detail") or _("最后一行或最后一列")
    fault = ExchangeError(code, _(message).format(**params), _(advice).format(**params), **params)
    if code in _OF_THE_WORLD:
        fault.exit_code = WorldError.exit_code
    return fault


def problem(code: str, field: str = "", **params: str | int) -> Problem:
    """A finding about a row of a sheet."""
    return Problem(code, Severity.ERROR, "", "", field, params)


def reason(found: Problem) -> str:
    """The sentence of any finding of an import."""
    if found.code in ROWS:
        return _(ROWS[found.code]).format(**found.params)
    return messages.message(found)
