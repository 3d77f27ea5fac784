"""Build the application and run it. Everything heavy is imported when a person first asks for it.

Three things make the start quick. The core is imported before Qt: from then on PySide reads the source of every module that
is imported, to see whether it uses PySide. The cycle collector rests until the window stands: nothing made on the way is
garbage. And Qt is told its style before it has another, which spares Python all the enumerations of QStyle.
"""

import gc
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from eduplan_desktop.environment import Environment
from eduplan_desktop.i18n import PRODUCT, _, use_language

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from ui.main_window import MainWindow


def make_application(argv: Sequence[str]) -> "QApplication":
    """The QApplication, named; dress it with `theme.install`. The cycle collector rests until `make_window` has made one."""
    if "PySide6.QtWidgets" not in sys.modules:
        gc.disable()
        import eduplan_desktop.acts.school_desk
        import eduplan_desktop.workspace  # noqa: F401
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    if app is None:
        app = QApplication([sys.argv[0], "-style", "fusion", *argv])
        app.eduplan_fusion = True  # type: ignore[attr-defined]
    assert isinstance(app, QApplication)
    app.setApplicationName("eduplan")
    app.setApplicationDisplayName(_(PRODUCT))
    app.setDesktopFileName("eduplan")
    return app


def make_window(path: str, env: Environment) -> "MainWindow":
    """The window in the palette and size the person chose, with a file or the start page."""
    from eduplan_desktop.acts.home import read_settings
    from ui import collecting, qt_texts, theme
    from ui.main_window import MainWindow
    from ui.memory import Memory

    language = str(read_settings(env.home).get("language", "zh_CN"))
    use_language(language)
    memory = Memory(env.home)
    app = make_application(())
    theme.install(app, dark=memory.get("window.dark", False), scaled=memory.get("window.scale", 1.0))
    qt_texts.speak(app, language)
    window = MainWindow(env, memory=memory)
    window.begin(path)
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    collecting.ration(app)
    return window


def run(argv: Sequence[str]) -> int:
    """Open the window on the file named in `argv`, or on the start page. Returns the exit code."""
    files = [a for a in argv if not a.startswith("-")]
    app = make_application(argv)
    window = make_window(files[0] if files else "", Environment())
    window.show()
    return app.exec()
