"""Qt's own words: file dialogs and the menus of fields, which Qt draws itself where the desktop has none (UOS, Kylin, X11)."""

from typing import Final

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

_CATALOGUES: Final = {"zh_CN": "qtbase_zh_CN"}
"""Language of the program → catalogue that comes with Qt; Qt's source language is English."""


def speak(app: QApplication, language: str) -> bool:
    """Let Qt speak the program's language and write dates its way. False where Qt brings no words for it: then it stays English."""
    QLocale.setDefault(QLocale(language))
    name = _CATALOGUES.get(language)
    if name is None or app.findChild(QTranslator, name) is not None:
        return name is not None
    words = QTranslator(app)
    words.setObjectName(name)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    return bool(words.load(name, folder)) and app.installTranslator(words)
