"""When the cycle collector may look through everything: while nobody waits.

A full collection walks every object there is and holds the interpreter meanwhile, on whichever thread it begins. With the
tables of 300 schools open that took 100 to 360 ms. Nearly everything the program drops is freed at once by its reference
counts; the little that is not waits until the file is closed or the person has turned to another program.
"""

import gc
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

NEVER: Final = 1_000_000_000
MUCH: Final = 200
"""Collections of young objects after which a full one is worth its time."""


def ration(app: QApplication) -> None:
    """From now on no full collection comes by itself."""
    young, middle, _all = gc.get_threshold()
    gc.set_threshold(young, middle, NEVER)
    app.applicationStateChanged.connect(_turned)


def look_through() -> None:
    """A full collection, where they are rationed; at a moment when nothing is shown that moves."""
    if gc.get_threshold()[2] == NEVER:
        gc.collect()


def _turned(state: Qt.ApplicationState) -> None:
    if state != Qt.ApplicationState.ApplicationActive and gc.get_count()[2] > MUCH:
        look_through()
