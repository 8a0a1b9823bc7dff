"""Typing the formulas of an open document again, whose names Calc did not know when it opened the file."""

from __future__ import annotations

from typing import Any

from xlprofit.calc.extension import names

_ERRORS = 4
"""What Calc calls formulas that give an error."""


def turn_names(document: Any) -> int:
    """Type formulas that Calc did not know again, by the names that it knows; return how many there were."""
    changed = 0
    for sheet in (document.Sheets.getByName(name) for name in document.Sheets.ElementNames):
        for area in sheet.queryFormulaCells(_ERRORS).RangeAddresses:
            for row in range(area.StartRow, area.EndRow + 1):
                for column in range(area.StartColumn, area.EndColumn + 1):
                    changed += _turned(sheet, sheet.getCellByPosition(column, row))
    return changed


def _turned(sheet: Any, cell: Any) -> bool:
    text = cell.getFormula()
    plain = text[1:-1] if text.startswith("{") else text
    made = names.to_calc(plain)
    if made == plain:
        return False
    if text.startswith("{"):
        whole = sheet.createCursorByRange(cell)
        whole.collapseToCurrentArray()
        whole.setArrayFormula(made)
    else:
        cell.setFormula(made)
    return True
