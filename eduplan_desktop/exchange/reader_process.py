"""The process that reads a workbook: it may be killed at any moment and takes nothing of the program with it.

Run as a script with one JSON argument; imports only the standard library and calamine, so that it starts in a few hundredths
of a second. Answers on stdout in frames: four bytes of length, then marshalled values: ("book", …), ("sheet", …),
("rows", numbers, rows)…, ("end",) or ("refused", code, detail). Dates travel as one-item tuples of ISO text.
Whatever a file makes of this process (endless loop, panic, no memory) the parent sees as an ended stream.
"""

import gc
import json
import marshal
import os
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

BATCH = 10_000
"""Rows to a frame: within one, equal texts travel once."""
_PLAIN = frozenset({float, int, bool})
_WIDE_AREA = 6_000_000
"""Cells between the corners from which on a sheet is looked at before it is opened."""
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]{1,3}\d{1,7}:([A-Z]{1,3})(\d{1,7})"')
_SHEET = re.compile(rb'<sheet [^>]*?[a-z]+:id="([^"]+)"')
_LINK = re.compile(rb"<Relationship ([^>]*)>")
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')
_CELL = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})(\d{1,7})"[^>/]*>(?!</c>)')
"""A cell with something in it; cells that are only coloured count for nothing."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Refusal(Exception):
    """The file is refused: a stable word of `reasons` and a detail for it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def limit_memory(most: int) -> None:
    """Let the operating system end this process rather than the person's work (POSIX limits, a job object on Windows)."""
    if sys.platform == "win32":
        _limit_windows(most)
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def limit_seconds(most: int) -> None:
    """A limit of processor time for the case that nobody is left to watch."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))


def _limit_windows(most: int) -> None:
    if sys.platform == "win32":
        import ctypes
        from ctypes import wintypes

        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        kernel.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
        limits = job_limits(most)
        job = kernel.CreateJobObjectW(None, None)
        kernel.SetInformationJobObject(job, 9, ctypes.byref(limits), ctypes.sizeof(limits))
        kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())


def job_limits(most: int) -> Any:
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION with a limit of memory per process and of one process."""
    import ctypes

    size, big, word = ctypes.c_size_t, ctypes.c_int64, ctypes.c_uint32

    class Limits(ctypes.Structure):
        _fields_ = [
            *((name, big) for name in ("process_time", "job_time")),
            ("flags", word),
            *((name, size) for name in ("least_set", "most_set")),
            ("processes", word),
            ("affinity", size),
            *((name, word) for name in ("priority", "scheduling")),
            *((f"io{n}", ctypes.c_uint64) for n in range(6)),
            *((name, size) for name in ("process_memory", "job_memory", "peak_process", "peak_job")),
        ]

    limits = Limits()
    limits.flags = 0x100 | 0x8 | 0x400
    limits.processes = 1
    limits.process_memory = most
    return limits


def send(*values: Any) -> None:
    """One frame to the parent."""
    body = marshal.dumps(values)
    out = sys.stdout.buffer
    out.write(len(body).to_bytes(4, "big"))
    out.write(body)
    out.flush()


def check_container(path: str) -> bool:
    """Whether the workbook counts its days from 1904. Refuses what can be told without opening a sheet."""
    with open(path, "rb") as file:
        head = file.read(8)
        if head[:2] != b"PK":
            return _check_ole(file.read(1 << 20)) if head == _OLE else False
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > 20_000 or sum(e.file_size for e in entries) > 2 << 30:
                raise Refusal("bomb")
            if "xl/workbook.xml" not in archive.NameToInfo:
                return False
            with archive.open("xl/workbook.xml") as part:
                text = part.read(1 << 20)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        return False
    return b'date1904="1"' in text or b'date1904="true"' in text


def check_extent(path: str, place: int) -> None:
    """Refuse a sheet of an .xlsx with a cell so far from the others that the table between them would fill the memory.

    Only looked into where the sheet declares such a size; the declaration itself is not believed.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            part = _sheet_part(archive, place)
            with archive.open(part) as file:
                declared = _DIMENSION.search(file.read(4096))
            if declared is None or _area(declared.group(1), declared.group(2)) < _WIDE_AREA:
                return
            with archive.open(part) as file:
                cells, right, last, far = _extent(file)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError, KeyError, IndexError):
        return
    if right * last >= _WIDE_AREA and cells * 20 < right * last:
        raise Refusal("too_sparse", far)


def _sheet_part(archive: zipfile.ZipFile, place: int) -> str:
    """Name of the part of the sheet at `place` of the workbook. Raises IndexError, KeyError."""
    listed = _SHEET.findall(archive.read("xl/workbook.xml"))
    targets = {}
    for link in _LINK.findall(archive.read("xl/_rels/workbook.xml.rels")):
        found = dict(_ATTRIBUTE.findall(link))
        targets[found[b"Id"]] = found[b"Target"].decode()
    target = targets[listed[place]]
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _area(column: bytes, line: bytes) -> int:
    return _column(column) * int(line)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _extent(file: Any) -> tuple[int, int, int, str]:
    """(cells, widest column, last line, the reference farthest from the corner) of a sheet's XML, read in pieces."""
    cells = right = last = 0
    far, most, rest = "", 0, b""
    while piece := file.read(1 << 20):
        text = rest + piece
        for letters, line in _CELL.findall(text):
            cells += 1
            right, last = max(right, _column(letters)), max(last, int(line))
            if _area(letters, line) > most:
                most, far = _area(letters, line), (letters + line).decode()
        rest = text[-512:][text[-512:].rfind(b"<") :]
    return cells, right, last, far


def _check_ole(start: bytes) -> bool:
    if "EncryptedPackage".encode("utf-16-le") in start:
        raise Refusal("password")
    return _days_from_1904(start)


def _days_from_1904(start: bytes) -> bool:
    """The DATEMODE record of a BIFF8 workbook whose first records lie together, as every usual writer lays them."""
    at = start.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    while 0 <= at < len(start) - 6:
        kind = int.from_bytes(start[at : at + 2], "little")
        length = int.from_bytes(start[at + 2 : at + 4], "little")
        if kind == 0x22 and length == 2:
            return start[at + 4] == 1
        if kind == 0x0A or length > 8224:
            return False
        at += 4 + length
    return False


def plain(cell: Any) -> Any:
    """A cell that marshal can carry."""
    if isinstance(cell, datetime | date):
        return (cell.isoformat(),)
    if isinstance(cell, time):
        return ("T" + cell.isoformat(),)
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds() // 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    return str(cell)


def batches(sheet: Any, limit: dict[str, Any]) -> Iterator[tuple[list[int], list[list[Any]], bool]]:
    """Rows that are not blank, with their line numbers, a batch at a time; the last value tells whether that was all."""
    pad = [""] * sheet.start[1]
    numbers: list[int] = []
    rows: list[list[Any]] = []
    found = 0
    once = dict[str, str]().setdefault
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [once(c, c) if type(c) is str else c if type(c) in _PLAIN else plain(c) for c in row]
        if not any(c != "" and (type(c) is not str or not c.isspace()) for c in cells):
            continue
        if found == limit["wanted"]:
            yield numbers, rows, False
            return
        found += 1
        if found > limit["rows"] or found * len(cells) > limit["cells"]:
            raise Refusal("too_many_rows")
        numbers.append(number)
        rows.append(pad + cells if pad else cells)
        if len(rows) == BATCH:
            yield numbers, rows, True
            numbers, rows = [], []
            once = dict[str, str]().setdefault
    yield numbers, rows, True


def send_sheet(sheet: Any, name: str, limit: dict[str, Any]) -> None:
    """One sheet, a batch a frame."""
    merges = sheet.merged_cell_ranges or []
    regions = [(a[0] + 1, a[1], b[0] + 1, b[1]) for a, b in merges[:10_000]]
    send("sheet", name, regions)
    if sheet.start is None:
        return
    if sheet.start[1] + sheet.width > limit["columns"]:
        raise Refusal("too_many_columns")
    for numbers, rows, more in batches(sheet, limit):
        send("rows", numbers, rows, more)


def opened(path: str) -> Any:
    """The workbook, by its name as is quickest, else by its content: people rename .xlsx to .xls for old programs."""
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError:
        raise
    except Exception as first:
        with open(path, "rb") as file:
            try:
                return CalamineWorkbook.from_filelike(file)
            except Exception:
                raise first from None


def read(path: str, wanted: str, limit: dict[str, Any]) -> None:
    """The list of sheets, then the sheet `wanted`, or the first visible one that is not empty."""
    date1904 = check_container(path)
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    book = opened(path)
    places = {s.name: place for place, s in enumerate(book.sheets_metadata)}
    sheets = [s for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet][: limit["sheets"]]
    names = [s.name for s in sheets]
    shown = [s.name for s in sheets if s.visible == SheetVisibleEnum.Visible]
    send("book", names, shown, date1904)
    if wanted and wanted not in names:
        raise Refusal("no_such_sheet", wanted)
    tried = [wanted] if wanted else (shown or names)
    if not tried:
        raise Refusal("no_sheets")
    for name in tried:
        check_extent(path, places[name])
        sheet = book.get_sheet_by_name(name)
        if sheet.start is not None or name == tried[-1]:
            send_sheet(sheet, name, limit)
            return


def refusal(error: BaseException) -> tuple[str, str]:
    """The stable word for whatever came out of reading."""
    if isinstance(error, Refusal):
        return error.code, error.detail
    if isinstance(error, MemoryError):
        return "too_large", ""
    if type(error).__name__ == "PasswordError":
        return "password", ""
    said = str(error)
    if "Cell limit exceeded" in said:
        return "too_sparse", ""
    return "damaged", said[:200]


def main(argument: str) -> int:
    """Read as the JSON argument says."""
    asked = json.loads(argument)
    limit_memory(asked["memory"])
    limit_seconds(int(asked["seconds"]) + 1)
    gc.disable()
    try:
        read(asked["path"], asked["sheet"], asked)
        send("end")
    except (KeyboardInterrupt, BrokenPipeError):
        return 1
    except BaseException as error:
        send("refused", *refusal(error))
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1])
    sys.stdout.flush()
    os._exit(status)
