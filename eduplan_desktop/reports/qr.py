"""QR codes as black squares: no picture, sharp at any size."""

from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel

from eduplan_desktop.reports.pdf import Page

QUIET = 4
"""Width of the white border the standard asks for, in modules."""


def matrix(text: str) -> list[list[bool]]:
    """The modules of the smallest QR code for `text` at level M, row by row from the top; True is black."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(QR8bitByte(text))
    code.make()
    size = code.getModuleCount()
    return [[bool(code.isDark(row, column)) for column in range(size)] for row in range(size)]


def draw_qr(page: Page, text: str, x: float, y: float, size: float) -> None:
    """Draw `text` as a QR code `size` points wide, quiet border included; (x, y) is its lower left corner."""
    rows = matrix(text)
    module = size / (len(rows) + 2 * QUIET)
    for number, row in enumerate(rows):
        low = y + size - (QUIET + number + 1) * module
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:
                page.fill(x + (QUIET + start) * module, low, (end - start) * module, module * 1.02)
            start = end + 1
