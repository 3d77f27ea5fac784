"""The journal as other parts of the program see it: acts, undo and redo, history, proof of the chain (D10)."""

from eduplan_desktop.store.acting import Act, Changes, act, head, length
from eduplan_desktop.store.audit import verify_chain, verify_records
from eduplan_desktop.store.history import HistoryEntry, history
from eduplan_desktop.store.undo import redo, redo_label, step_size, undo, undo_label

__all__ = [
    "Act",
    "Changes",
    "HistoryEntry",
    "act",
    "head",
    "history",
    "length",
    "redo",
    "redo_label",
    "step_size",
    "undo",
    "undo_label",
    "verify_chain",
    "verify_records",
]
