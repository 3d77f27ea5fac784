"""The dialog that asks for a file or a folder: the desktop's own where there is one, else Qt's, dressed for a clerk."""

import os
import re
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtWidgets import QFileDialog, QWidget

from ui import theme

_OWN: Final = tuple(
    getattr(QStandardPaths.StandardLocation, f"{name}Location") for name in ("Home", "Documents", "Desktop")
)
_STICKS: Final = (Path("/media"), Path("/run/media"))


def first_folder(last: str) -> str:
    """Where a dialog opens: where the last choice was, while that is there, else the person's documents."""
    if last and Path(last).is_dir():
        return last
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return documents if Path(documents).is_dir() else str(Path.home())


def places(sticks: tuple[Path, ...] = _STICKS) -> list[str]:
    """The left edge of Qt's dialog: home, documents, desktop, and every stick a Linux desktop has mounted."""
    own = [QStandardPaths.writableLocation(place) for place in _OWN]
    mounted = [str(place) for root in sticks for place in sorted(root.glob("*/*")) if os.path.ismount(place)]
    return [place for place in dict.fromkeys([*own, *mounted]) if place and os.path.isdir(place)]


def ending(chosen: str) -> str:
    """The ending a filter like 'Excel (*.xlsx)' asks for, without the dot."""
    found = re.search(r"\*\.(\w+)", chosen)
    return found[1] if found else ""


def choose(parent: QWidget | None, title: str, mode: str, *, folder: str, name: str = "", filters: str = "") -> str:
    """Path of what the person chose, '' for nothing. mode: `ExistingFile`, `Directory`, or `AnyFile`, which asks where to write `name`."""
    dialog = QFileDialog(parent, title, first_folder(folder), filters)
    dialog.setFileMode(QFileDialog.FileMode[mode])
    if mode == "Directory":
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    if mode == "AnyFile":
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(name)
        dialog.setDefaultSuffix(Path(name).suffix[1:])
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(ending(chosen)))
    dialog.setSidebarUrls([QUrl.fromLocalFile(place) for place in places()])
    dialog.resize(theme.px(820), theme.px(520))
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    return chosen[0] if chosen else ""
