"""Start: the window for `eduplan [FILE]`, else the command line. Imports nothing heavy before it knows which."""

from __future__ import annotations

import os
import sys
from types import TracebackType

DATA_SUFFIX = ".eduplan"
EXIT_WORLD_FAILED = 3


def has_display() -> bool:
    """Whether a window can be shown: always on Windows and macOS; on Linux if a display or a Qt platform is named."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def wants_window(arguments: list[str]) -> bool:
    """No argument, or one that names a data file; every other line is a command."""
    if not arguments:
        return True
    first = arguments[0]
    return len(arguments) == 1 and not first.startswith("-") and (first.endswith(DATA_SUFFIX) or os.path.isfile(first))


def report_crash(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
    """The last hook: where it happened, not the exception's own text where it may hold what somebody typed.

    EDUPLAN_TRACE=1 shows the text all the same, for whoever is mending the program.
    """
    if issubclass(kind, KeyboardInterrupt):
        print("已中断；已保存的内容不受影响。", file=sys.stderr)
        return
    import traceback

    print("程序遇到意外，已停下；已保存的内容不受影响。请把下面几行发给维护人员。", file=sys.stderr)
    for frame in traceback.extract_tb(trace):
        print(f"  {frame.filename}:{frame.lineno} {frame.name}", file=sys.stderr)
    about_code = issubclass(kind, ImportError | SyntaxError | NameError | AttributeError)
    text = f": {value}" if about_code or os.environ.get("EDUPLAN_TRACE") else ""
    print(f"  {kind.__module__}.{kind.__qualname__}{text}", file=sys.stderr)


def prefer_utf8() -> None:
    """Where no locale is set on Linux, name the plain UTF-8 one, which Qt would choose anyway but complain about."""
    named = os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or "C"
    if sys.platform.startswith("linux") and named in ("C", "POSIX"):
        os.environ["LC_ALL"] = "C.UTF-8"


def open_window(arguments: list[str]) -> int:
    """Run the window; a machine that cannot show one gets a sentence instead of a crash."""
    if not has_display():
        print("这台机器没有显示器，打不开窗口。用命令行：eduplan --help；看示例：eduplan demo。", file=sys.stderr)
        return EXIT_WORLD_FAILED
    prefer_utf8()
    try:
        from ui.app import run

        return run(arguments)
    except ImportError as error:
        if not any(part in f"{error.name} {error.path}" for part in ("PySide6", "shiboken6")):
            raise
        how = "" if getattr(sys, "frozen", False) else "在程序文件夹里运行 make setup,会列出要装哪些软件包。"
        print(f"窗口打不开，系统缺少组件：{error}。请管理员装好再试。{how}", file=sys.stderr)
        return EXIT_WORLD_FAILED


def main(arguments: list[str] | None = None) -> int:
    """Window or command line; returns the exit code: 0 done, 1 refused, 2 wrong usage, 3 the world failed."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["--read-workbook"] and len(given) == 2:
        from eduplan_desktop.exchange.reader_process import main as read_workbook

        return read_workbook(given[1])
    sys.excepthook = report_crash
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    if wants_window(given):
        return open_window(given)
    from eduplan_desktop.commands import main as run_command

    return run_command(given)


if __name__ == "__main__":
    sys.exit(main())
