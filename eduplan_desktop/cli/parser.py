"""A parser that speaks the language of the product: headings, usage errors, and a word on every argument.

Called by `commands` and `cli.base`. Knows no command; a command gives its own words where those of `ARGUMENTS` do not fit.
"""

import argparse
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn

from eduplan_desktop.i18n import N_, _

ARGUMENTS: Final[Mapping[str, str]] = {
    "file": N_("学校文件或县级文件（.eduplan）"),
    "backup": N_("备份文件"),
    "register": N_("登记册的名称，见 registers 命令"),
    "SHEET": N_("表格文件：.xlsx、.xls、.ods、.csv、.txt"),
    "sheet": N_("表格文件"),
    "finding": N_("check 命令列出的问题编号"),
    "text": N_("说明的文字"),
    "receipt": N_("回执文件（.edurcpt）"),
    "request": N_("入网申请文件（.eduenrol）"),
    "path": N_("县配置包、入网申请、数据包或回执"),
    "paths": N_("数据包，或放着数据包的文件夹"),
    "folder": N_("U 盘上的文件夹"),
    "school": N_("学校编号（uid）或名称"),
    "item": N_("报送日历里的项目编号"),
    "hazard": N_("隐患的记录号"),
    "digest": N_("数据包的摘要"),
    "year": N_("统计年度，如 2025"),
    "action": N_("要做的事"),
    "name": N_("目录的名称"),
    "key": N_("口径的键"),
    "value": N_("口径的值"),
    "compartment": N_("personal 个人信息，health 健康"),
    "--to": N_("写到哪个文件或文件夹"),
    "--name": N_("名称"),
    "--code": N_("学校标识码或县代码"),
    "--sample": N_("标为示例数据"),
    "--kit": N_("县配置包文件（.edukit）"),
    "--county-fingerprint": N_("盖章的告知函上的县指纹"),
    "--fingerprint": N_("盖章的登记表上的学校指纹"),
    "--as": N_("restore 代替原文件，move 换电脑，copy 副本"),
    "--map": N_("列对应文件（JSON）"),
    "--dry-run": N_("只试算，不保存"),
    "--report": N_("把结果另存成表格"),
    "--receipts": N_("顺便把回执写到这个文件夹"),
    "--recovery-sheet": N_("恢复单写到哪里（.pdf 打印，.txt 抄录）"),
    "--bundles": N_("归档的文件夹"),
    "--sheet": N_("照恢复单抄录的文本，可以写两次"),
    "--from": N_("从第几包起"),
    "--rules": N_("用哪一套规则"),
    "--reason": N_("原因"),
    "--source": N_("依据：文件名称和文号"),
    "--text": N_("说明的文字"),
    "--result": N_("复查结论"),
    "--by": N_("复查人"),
    "--date": N_("日期"),
    "--schools": N_("学校数"),
    "--year": N_("统计年度，如 2025"),
    "--kind": N_("办学类型的代码"),
    "--urban": N_("城乡类型的代码"),
    "--township": N_("乡镇"),
    "--valid-from": N_("从哪天起有效"),
    "--valid-to": N_("到哪天为止"),
    "--successor": N_("并入哪所学校（uid）"),
    "--uid": N_("学校编号（uid）"),
    "--remark": N_("备注"),
    "--id": N_("项目编号"),
    "--title": N_("事项"),
    "--period": N_("期次，如 2025 或 2025-09"),
    "--due": N_("截止日期"),
    "--slices": N_("要报的登记册，逗号分隔"),
    "--required": N_("要求填写的项目，如 school.school_type"),
}
"""Argument → what it is, for help; a command may say it better."""

_ERRORS: Final = (
    (r"the following arguments are required: (.*)", N_("缺少 {0}")),
    (r"unrecognized arguments: (.*)", N_("不认识 {0}")),
    (r"argument (.*?): invalid choice: (.*?) \(choose from (.*)\)", N_("{0} 不能是 {1}，可以是 {2}")),
    (r"argument (.*?): expected (?:one argument|at least one argument|\d+ arguments?)", N_("{0} 后面缺少内容")),
    (r"argument (.*?): invalid int value: (.*)", N_("{0} 要写成整数，不能是 {1}")),
    (r"argument (.*?): ignored explicit argument (.*)", N_("{0} 后面不能带 {1}")),
    (r"ambiguous option: (.*?) could match (.*)", N_("{0} 写得不全，可能是 {1}")),
)


class Parser(argparse.ArgumentParser):
    """`argparse` with headings, errors and help in the language of the product."""

    def __init__(self, **words: Any) -> None:
        words["add_help"] = False
        super().__init__(**words)
        self._positionals.title = _("要写的内容")
        self._optionals.title = _("选项")
        super().add_argument("-h", "--help", action="help", help=_("显示这段说明"))

    def add_argument(self, *names: Any, **words: Any) -> argparse.Action:
        """As `argparse`; an argument without help gets that of `ARGUMENTS`."""
        known = next((ARGUMENTS[n] for n in (words.get("metavar"), *names) if n in ARGUMENTS), "")
        if known and "help" not in words:
            words["help"] = _(known)
        return super().add_argument(*names, **words)

    def format_usage(self) -> str:
        """The usage line."""
        return super().format_usage().replace("usage: ", _("用法：") + " ", 1)

    def format_help(self) -> str:
        """The help text."""
        return super().format_help().replace("usage: ", _("用法：") + " ", 1)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the line and end with 2."""
        self.exit(2, f"{self.format_usage()}{self.prog}: {said(message)}\n")


def said(message: str) -> str:
    """An error of `argparse` in the language of the product."""
    for pattern, words in _ERRORS:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return _(words).format(*found.groups())
    return message


def add_shared(parser: argparse.ArgumentParser, *, unset: bool) -> None:
    """The options every command has, which may stand anywhere in the line. unset: leave alone what an outer parser read."""
    silent: dict[str, Any] = {"default": argparse.SUPPRESS} if unset else {}
    parser.add_argument("--json", action="store_true", help=_("在标准输出上给出一个 JSON 对象"), **silent)
    parser.add_argument(
        "--passphrase-file", metavar=_("文件"), help=_("口令文件，一行一个"), **(silent or {"default": ""})
    )


def asks_for_json(argv: Iterable[str]) -> bool:
    """Whether a line that could not be read asked for JSON."""
    return "--json" in argv
