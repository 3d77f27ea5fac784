"""What each code of docs/format.md §9 says to a person: one sentence what happened, one what to do."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from eduplan_desktop.errors import BundleError
from eduplan_desktop.i18n import N_, _

WORDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "damaged": (
            N_("文件已损坏：内容不完整，或与清单不一致。"),
            N_("请在原电脑上重新生成一次，换一个 U 盘再拷贝。"),
        ),
        "not_a_bundle": (
            N_("这不是本系统的数据包。"),
            N_("请检查是否选错了文件；压缩软件重新打包过的文件不能用，请取原文件。"),
        ),
        "too_new": (
            N_("文件由更新版本的程序生成，本机的程序还读不了。"),
            N_("请先更新本机的程序，再读一次；数据不会丢失。"),
        ),
        "too_large": (
            N_("文件或其中一部分超过了允许的大小。"),
            N_("请把照片分几次报送；仍不行请与县级经办人联系。"),
        ),
        "bad_manifest": (
            N_("文件的清单不合规定。"),
            N_("请用最新版本的程序重新生成一次。"),
        ),
        "bad_signature": (
            N_("数字签名不对：文件在签名后被改动过，或没有拷贝完整。"),
            N_("请让对方重新生成一次；不要使用这个文件。"),
        ),
        "unknown_key": (
            N_("签名用的密钥不在信任名单里。"),
            N_("请先办理这所学校的登记申请，对照纸上的指纹批准后再合并。"),
        ),
        "held_unknown_key": (
            N_("签名用的密钥还没有批准，文件已暂存。"),
            N_("请对照登记表上的指纹批准这份登记申请，批准后自动合并。"),
        ),
        "revoked_key": (
            N_("签名用的密钥已被撤销。"),
            N_("学校需要重新登记，再报送一次。"),
        ),
        "retired_key": (
            N_("签名用的密钥已停用。"),
            N_("学校需要重新登记，再报送一次。"),
        ),
        "wrong_county": (
            N_("这个文件是给另一个县的。"),
            N_("请检查是否拿错了 U 盘或文件。"),
        ),
        "wrong_school": (
            N_("这个文件不属于这所学校，或不属于这个数据文件。"),
            N_("请检查是否拿错了 U 盘或文件。"),
        ),
        "wrong_purpose": (
            N_("这个文件不是这一步要用的那一种。"),
            N_("县配置包、登记申请、数据包、回执各有各的用处，请换对应的文件。"),
        ),
        "fork": (
            N_("同一个数据文件出现了两条不同的报送记录。"),
            N_("请与学校核对哪一份是真的，选定一份；另一份要作为新的数据文件重新登记。"),
        ),
        "gap": (
            N_("已合并，但前面还有数据包没有收到。"),
            N_("请学校把缺少的数据包补交过来。"),
        ),
        "need_full": (
            N_("这一部分写着“与以前相同”，但县里没有以前的那一份。"),
            N_("请学校用“全部报送”再报送一次。"),
        ),
        "wrong_context": (
            N_("文件里的一部分与清单说的不是同一件事。"),
            N_("请用最新版本的程序重新生成一次。"),
        ),
        "cannot_open": (
            N_("这一部分不是加密给本机密钥的，打不开。"),
            N_("请学校读入最新的县配置包，再报送一次。"),
        ),
        "bad_rows": (
            N_("表格里有不合规定的行。"),
            N_("请用最新版本的程序重新生成一次。"),
        ),
        "vanished_rows": (
            N_("以前报送过的记录不见了，又没有删除说明。"),
            N_("请学校恢复数据文件的备份，或用“全部报送”再报送一次。"),
        ),
        "held_health": (
            N_("健康部分已收到，等健康档案员打开。"),
            N_("请县级健康档案员在“健康合并”里打开。"),
        ),
        "superseded": (
            N_("这一部分已有更晚的报送，不再采用。"),
            N_("不需要做什么。"),
        ),
        "wrong_fingerprint": (
            N_("输入的指纹与文件里的密钥不一致。"),
            N_("请对照盖章的纸，逐字再核对一次；仍不一致就不要批准。"),
        ),
        "old_kit": (
            N_("这份县配置包比已经读入的旧。"),
            N_("请向县里要最新的县配置包。"),
        ),
        "old_receipt": (
            N_("这份回执比已经读入的旧。"),
            N_("请用最新的回执。"),
        ),
        "stick_failed": (
            N_("写到 U 盘后读回来不一致，没有写成。"),
            N_("请换一个 U 盘再写一次；数据仍在本机，没有丢失。"),
        ),
        "no_space": (
            N_("U 盘或磁盘空间不够，没有写成。"),
            N_("请腾出空间或换一个 U 盘，再写一次。"),
        ),
        "not_writable": (
            N_("这个位置写不进去。"),
            N_("请检查 U 盘是否插好、是否写保护，或换一个位置。"),
        ),
        "unreadable": (
            N_("文件读不出来。"),
            N_("请检查 U 盘是否插好，或重新拷贝一次。"),
        ),
        "missing": (
            N_("找不到这个文件或文件夹。"),
            N_("请检查 U 盘是否插好、文件名是否正确。"),
        ),
        "bad_sheet": (
            N_("恢复表没有抄对。"),
            N_("请对照纸上的这一行，再输入一次。"),
        ),
    }
)
"""Code → (message, advice), Chinese message ids."""


def explain(code: str) -> tuple[str, str]:
    """(message, advice) of a code in the language in use; KeyError for a word that is no code."""
    message, advice = WORDS[code]
    return _(message), _(advice)


def refused(code: str, **params: Any) -> BundleError:
    """The error to raise for a refused envelope or part; `params` are facts, never sealed values."""
    message, advice = explain(code)
    return BundleError(code, message, advice, **params)
