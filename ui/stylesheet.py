"""The one style sheet. Only what Qt draws itself is here; our own widgets paint themselves from `theme`."""

from dataclasses import asdict
from string import Template
from typing import Final

from ui.theme import Colours

_SHEET: Final = Template("""
QToolTip { background: $base; color: $ink; border: 1px solid $edge; padding: 4px 8px; }
QMenu { background: $base; color: $ink; border: 1px solid $edge; padding: 4px 0; }
QMenu::item { padding: 5px 24px 5px 16px; }
QMenu::item:selected { background: $sel; color: $ink; }
QMenu::item:disabled { color: $ink3; }
QMenu::separator { height: 1px; background: $line; margin: 4px 0; }
QScrollBar:vertical { background: $canvas; width: 12px; margin: 0; border-left: 1px solid $line; }
QScrollBar:horizontal { background: $canvas; height: 12px; margin: 0; border-top: 1px solid $line; }
QScrollBar::handle { background: $rule; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 32px; margin: 2px 2px; }
QScrollBar::handle:horizontal { min-width: 32px; margin: 2px 2px; }
QScrollBar::handle:hover { background: $edge; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QHeaderView { background: $canvas; border: none; }
QSplitter::handle { background: $line; }
QTableView, QListView, QTreeView { background: $base; color: $ink; border: none; outline: none; }
""")


def sheet(colours: Colours, scaled: float) -> str:
    """The style sheet for a palette."""
    return _SHEET.substitute({k: v for k, v in asdict(colours).items() if isinstance(v, str)})
