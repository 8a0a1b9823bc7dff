"""Result sheets without any result: what stands on them after the sample that they showed was removed."""

from __future__ import annotations

from collections.abc import Iterable

from xlprofit.formulas import SHEET
from xlprofit.messages import _
from xlprofit.sheets import names as sheet_names
from xlprofit.sheets.frame import build_sheet_heading
from xlprofit.sheets.parts import Sheet


def describe_cleared_sheets(names: Iterable[str]) -> list[Sheet]:
    """Return the result sheets of these names, which say that there is nothing to show yet."""
    said = _("The sample rows were removed. Fill in the tables and refresh: the results stand here then.")
    return [
        Sheet(name, hidden=True) if name == SHEET else Sheet(name, cells=build_sheet_heading(name, said))
        for name in names
    ]


def describe_empty_sheet(name: str) -> Sheet:
    """Return a result sheet that has nothing to say any more: what it needs is no longer in the workbook."""
    said = _(
        "Nothing to show: what this sheet is made from is no longer in the workbook. The sheet can be deleted."
    )
    called = sheet_names.translate_sheet_name(name)
    return Sheet(called, cells=build_sheet_heading(called, said))
