"""Texts for translation: gathers them from the code and the declarations, and builds the English catalogue (D12).

`python resources/locale/texts.py update` adds new texts to en/LC_MESSAGES/eduplan.po, drops those gone and writes the .mo;
`missing` lists what has no English yet. Needs Babel. Chinese is the source language: message ids are Chinese.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PO = HERE / "en" / "LC_MESSAGES" / "eduplan.po"
MO = PO.with_suffix(".mo")
KEYWORDS = {"_": None, "N_": None, "Column": None}
"""Calls whose texts are taken; a grid translates the headings of its columns when it shows them."""
HEADER = "# English texts of the program. The message ids are the Chinese source texts; see resources/locale/texts.py."


def from_code() -> set[str]:
    """Every text in `_()` or `N_()` in the program; a key inside such a call is plain ASCII and no text."""
    found: set[str] = set()
    for folder in ("eduplan_desktop", "ui"):
        for _file, _line, text, _comments, _context in extract_from_dir(
            ROOT / folder, [("**.py", "python")], keywords=KEYWORDS
        ):
            found.update(t for t in ([text] if isinstance(text, str) else text) if t and not t.isascii())
    return found


def from_declarations() -> set[str]:
    """Labels, sections and helps of the registers: declarations are plain data and carry no marks."""
    from eduplan_desktop.registers.catalog import REGISTERS

    found: set[str] = set()
    for register in REGISTERS:
        found.add(register.label)
        for section in register.sections:
            found.add(section.label)
            for field in section.fields:
                found.update({field.label, field.help, field.unit})
    return found - {""}


def read() -> dict[str, str]:
    """English by Chinese, as it stands in the .po file; untranslated texts are ''."""
    if not PO.exists():
        return {}
    with PO.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}


class _Plain(Catalog):
    """A catalogue whose header says nothing that differs from run to run or from version to version of the tool."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header fields gettext needs."""
        return [("Language", "en"), ("MIME-Version", "1.0"), ("Content-Type", "text/plain; charset=utf-8")]

    @mime_headers.setter
    def mime_headers(self, _headers: object) -> None:
        """Nothing is taken over from a file read."""


def build(english: dict[str, str]) -> tuple[bytes, bytes]:
    """(.po, .mo) of a catalogue, the same bytes for the same texts."""
    catalog = _Plain(locale="en", header_comment=HEADER, fuzzy=False, charset="utf-8")
    for text in sorted(english):
        catalog.add(text, english[text])
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalog, width=0)
    write_mo(mo, catalog)
    return po.getvalue(), mo.getvalue()


def main(arguments: list[str]) -> int:
    """Run one command; 1 where texts are missing."""
    sys.path.insert(0, str(ROOT))
    known = read()
    texts = from_code() | from_declarations()
    lacking = sorted(t for t in texts if not known.get(t))
    if arguments == ["update"]:
        po, mo = build({t: known.get(t, "") for t in texts})
        PO.write_bytes(po)
        MO.write_bytes(mo)
    sys.stdout.writelines(f"{text}\n" for text in lacking)
    return 1 if lacking else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
