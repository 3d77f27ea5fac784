"""Figures on paper: money with separators and two decimals, counts; an unknown figure stays blank (forms.md §1)."""

from eduplan_desktop.registers.numbers import plain


def money(fen: int | None) -> str:
    """Money in 元 from 分: 1234500 → '12,345.00'; None → ''."""
    if fen is None:
        return ""
    sign, digits = ("-", -fen) if fen < 0 else ("", fen)
    yuan, _point, rest = plain(digits, 2).partition(".")
    return f"{sign}{int(yuan):,}.{rest}"


def count(number: int | None) -> str:
    """A whole number with separators; None → ''."""
    return "" if number is None else f"{number:,}"


class Sum:
    """A column's sum that stays blank until a figure comes: no figures is not 0."""

    def __init__(self) -> None:
        self.total: int | None = None

    def add(self, number: int | None) -> None:
        """Take a row's figure; a blank one changes nothing."""
        if number is not None:
            self.total = (self.total or 0) + number

    def take(self) -> int | None:
        """The sum so far, beginning anew."""
        total, self.total = self.total, None
        return total
