"""Result sheets without any result: what stands on them after the sample that they showed was removed."""

from __future__ import annotations

from collections.abc import Iterable

from xlprofit.formulas import SHEET
from xlprofit.messages import _
from xlprofit.sheets.frame import build_sheet_heading
from xlprofit.sheets.parts import Sheet


def describe_empty_sheet(name: str) -> Sheet:
    """Return a result sheet of this name that says that the tables have nothing for it any more."""
    said = _("The tables have nothing for this sheet any more: it may be deleted.")
    return Sheet(name, cells=build_sheet_heading(name, said))


def describe_cleared_sheets(names: Iterable[str]) -> list[Sheet]:
    """Return the result sheets of these names, which say that there is nothing to show yet."""
    said = _("The sample rows were removed. Fill in the tables and refresh: the results stand here then.")
    return [
        Sheet(name, hidden=True) if name == SHEET else Sheet(name, cells=build_sheet_heading(name, said))
        for name in names
    ]
