"""The honest baselines: the least work a reasonable program would call the same thing, with the same libraries.

None of them checks, journals, seals or explains anything; each commits as durably as the product does (WAL, full sync).
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bench.measure import Measure

Cell = str | int | float | None

BARE_WINDOW = """
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
application = QApplication([])
window = QMainWindow()
window.setCentralWidget(QLabel("ready"))
window.resize(1366, 696)
window.show()
application.processEvents()
window.grab()
from bench.baselines import say_ready
say_ready()
"""
"""Process start to a bare PySide6 window that has been drawn."""


DRAWN_PAGE = """
import gc
gc.disable()
from PySide6.QtCore import QEvent, QRect, Qt, QTimer
from PySide6.QtGui import QAction, QColor, QFont, QFontDatabase, QIcon, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QListView, QMainWindow, QMenu, QSizePolicy
from PySide6.QtWidgets import QSplitter, QStackedWidget, QStyledItemDelegate, QTableView, QVBoxLayout, QWidget
import sys
application = QApplication([sys.argv[0], "-style", "fusion"])
for name in ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"):
    QFontDatabase.addApplicationFont("resources/fonts/" + name)
class Page(QWidget):
    def paintEvent(self, event):
        painter = QPainter(self)
        painter.setFont(QFont("Noto Sans SC", 10))
        for number in range(160):
            box = QRect(10 + number % 8 * 160, 10 + number // 8 * 30, 150, 28)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft, f"设备台账{chr(0x4E00 + number * 7)}{number}")
window = QMainWindow()
window.setCentralWidget(Page())
window.resize(1366, 696)
window.show()
application.processEvents()
window.grab()
from bench.baselines import say_ready
say_ready()
"""
"""Not a baseline but the floor under ours: the Qt classes our first page is made of, its two fonts and as many texts on one
widget. No file, no layout, not a line of the program."""


def say_ready() -> None:
    """What a started process calls once its window can be used: prints `ready` and its peak memory in kB, and leaves."""
    with open("/proc/self/status", encoding="ascii") as status:
        peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
    print("ready", peak, flush=True)
    os._exit(0)


def until_ready(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Measure:
    """Start Python with `arguments` and wait for its `say_ready`."""
    settings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **(environment or {})}
    settings.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its byte code; so have both sides here
    started = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=settings
    )
    assert child.stdout is not None
    words: list[str] = []
    for line in child.stdout:
        words = line.split()
        if words[:1] == ["ready"]:
            break
    seconds = time.perf_counter() - started
    child.stdout.close()
    if child.wait(timeout=60) != 0 or words[:1] != ["ready"]:
        raise RuntimeError(f"the process never became ready: {arguments}")
    return Measure(seconds, int(words[1]) / 1024)


def start_bare_window() -> Measure:
    """Process start to a bare PySide6 window."""
    return until_ready(["-c", BARE_WINDOW])


def start_drawn_page() -> Measure:
    """Process start to one widget full of Chinese text."""
    return until_ready(["-c", DRAWN_PAGE])


def durable(path: Path, cache_kib: int = 64_000) -> sqlite3.Connection:
    """A plain SQLite file that loses nothing at a power cut."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA cache_size = -{cache_kib}")
    return connection


def create_table(connection: sqlite3.Connection, columns: int) -> str:
    """A table `cells` of `columns` untyped columns; the statement that fills it."""
    names = [f"c{number}" for number in range(columns)]
    connection.execute(f"CREATE TABLE cells (id INTEGER PRIMARY KEY, {', '.join(names)})")
    return f"INSERT INTO cells ({', '.join(names)}) VALUES ({', '.join('?' * columns)})"


def commit_one_row(path: Path, rows: Sequence[Sequence[Cell]]) -> list[float]:
    """Seconds of each one-row commit."""
    connection = durable(path)
    insert = create_table(connection, len(rows[0]))
    seconds = []
    for row in rows:
        started = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(insert, row)
        connection.execute("COMMIT")
        seconds.append(time.perf_counter() - started)
    connection.close()
    return seconds


def store_sheet(sheet: Path, database: Path) -> int:
    """Read a workbook's first sheet with calamine and store its raw cells; the number of rows stored."""
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(str(sheet)).get_sheet_by_index(0).to_python()
    connection = durable(database)
    insert = create_table(connection, len(rows[0]))
    cells = [[cell if isinstance(cell, str | int | float) else str(cell) for cell in row] for row in rows[1:]]
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(insert, cells)
    connection.execute("COMMIT")
    connection.close()
    return len(cells)


def write_sealed(
    slices: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Cell]]]], keys: list[str], to: Path
) -> str:
    """Write slices (name → header, rows) as CSV, deflate at level 6, seal for age `keys`; SHA-256 of what was written."""
    import pyrage

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, (header, rows) in slices.items():
            text = io.StringIO(newline="")
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
            archive.writestr(f"{name}.csv", text.getvalue())
    sealed = pyrage.encrypt(buffer.getvalue(), [pyrage.x25519.Recipient.from_str(key) for key in keys])
    to.write_bytes(sealed)
    with to.open("rb") as written:
        os.fsync(written.fileno())
    return hashlib.sha256(sealed).hexdigest()


def draw_table(to: Path, font: Path, rows: Sequence[Sequence[str]], widths: Sequence[float], per_page: int = 30) -> int:
    """Draw cells with a bare reportlab canvas in one embedded font, landscape A4; the number of pages."""
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("bare", str(font)))
    height = landscape(A4)[1]
    canvas = Canvas(str(to), pagesize=landscape(A4))
    pages = 0
    for start in range(0, len(rows), per_page):
        canvas.setFont("bare", 8)
        for line, row in enumerate(rows[start : start + per_page]):
            x, y = 36.0, height - 48 - 16 * line
            for cell, width in zip(row, widths, strict=True):
                canvas.rect(x, y - 4, width, 16)
                canvas.drawString(x + 2, y, cell)
                x += width
        canvas.showPage()
        pages += 1
    canvas.save()
    return pages
