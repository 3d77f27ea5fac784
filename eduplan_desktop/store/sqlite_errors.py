"""One map from what SQLite says to what a person is told.

Primary codes only (`code & 0xff`). On Python 3.11 a violation of a STRICT type carries no code, so constraint classes are
asked first: they are bugs of the program and are raised on unchanged.
"""

import sqlite3
from pathlib import Path
from typing import Final

from eduplan_desktop.errors import StoreError
from eduplan_desktop.i18n import N_, _

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "busy": (
        N_("“{file}”正被另一个程序使用。"),
        N_("请先关闭另一个窗口再打开；只想查看时，可以用只读方式打开。"),
    ),
    "full": (
        N_("磁盘满了，“{file}”这一次没有存进去；原来的数据完好。"),
        N_("请清理磁盘或把文件搬到有空间的磁盘，再做一次。"),
    ),
    "read_only": (
        N_("“{file}”是只读的，不能写入。"),
        N_("请把它复制到本机硬盘上可以写的文件夹，再打开那一份。"),
    ),
    "removable": (
        N_("“{file}”在 U 盘等可移动存储上，只能查看。"),
        N_("请把它复制到本机硬盘，再打开那一份。"),
    ),
    "network": (
        N_("“{file}”在网络共享上，只能查看。"),
        N_("请把它复制到本机硬盘，再打开那一份；一个文件同一时间只由一台电脑使用。"),
    ),
    "damaged": (
        N_("“{file}”已经损坏。"),
        N_("请不要再写入它；用“恢复备份”从最近的备份恢复，并留下这个损坏的文件备查。"),
    ),
    "too_new": (
        N_("“{file}”是用更新版本的程序建立的。"),
        N_("请升级本机的程序再打开；文件没有被改动。"),
    ),
    "not_ours": (N_("“{file}”不是本程序的数据文件。"), N_("请选择扩展名为 .eduplan 的学校文件或县级文件。")),
    "missing": (N_("找不到“{file}”。"), N_("请检查文件是否已移走或改名；在 U 盘上的请先插好。")),
    "exists": (N_("“{file}”已经存在。"), N_("请换一个文件名或文件夹；程序不会覆盖已有的文件。")),
    "bad_place": (
        N_("“{file}”不能放在这里：路径中的一段不是文件夹，或那里已有同名的文件夹。"),
        N_("请换一个文件夹或文件名。"),
    ),
    "unreachable": (
        N_("读写“{file}”时磁盘没有回应。"),
        N_("请检查硬盘或 U 盘的连接，关闭正在扫描它的杀毒软件，然后再试一次；已保存的数据不受影响。"),
    ),
}
"""Code → (what happened, what to do). The codes are stable; scripts rely on them."""

_BY_PRIMARY: Final[dict[int, str]] = {
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_PROTOCOL: "busy",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_PERM: "read_only",
    sqlite3.SQLITE_CANTOPEN: "unreachable",
    sqlite3.SQLITE_IOERR: "unreachable",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_FORMAT: "damaged",
}
_BUGS: Final = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.DataError)


def fault(code: str, path: Path, **params: str | int) -> StoreError:
    """The StoreError of a stable code about the file `path`."""
    message, advice = SENTENCES[code]
    return StoreError(code, _(message).format(file=path.name), _(advice), path=str(path), **params)


def translated(error: sqlite3.Error | OSError, path: Path) -> Exception:
    """What to raise instead of `error`: a StoreError for a fault of the world, `error` itself for a bug."""
    if isinstance(error, OSError):
        return fault(_of_os(error), path)
    if isinstance(error, _BUGS):
        return error
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if primary == sqlite3.SQLITE_IOERR and _no_space(path):
        return fault("full", path)
    code = _BY_PRIMARY.get(primary)
    return fault(code, path) if code else error


def _of_os(error: OSError) -> str:
    import errno

    if error.errno in (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return "full"
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return "read_only"
    if error.errno in (errno.ENOTDIR, errno.EISDIR, errno.EEXIST):
        return "bad_place"
    return "missing" if error.errno == errno.ENOENT else "unreachable"


_LEAST_FREE: Final = 1 << 20


def _no_space(path: Path) -> bool:
    """Whether a failed write is explained by a limit: no free space, or a quota that refuses one more page.

    SQLite reports only ENOSPC as full; a quota or a limit on the size of files comes as an unnamed fault of writing.
    """
    import shutil
    import tempfile

    try:
        if shutil.disk_usage(path.parent).free < _LEAST_FREE:
            return True
        with tempfile.TemporaryFile(dir=path.parent) as probe:
            probe.seek(max(_LEAST_FREE, path.stat().st_size if path.exists() else 0))
            probe.write(b"\0" * 65536)
            probe.flush()
    except OSError as error:
        return _of_os(error) == "full"
    return False
