"""Typing the formulas of an open document again, whose names Calc did not know when it opened the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xlprofit.calc.extension import names

_FORMULAS = 16
"""What Calc calls cells with a formula."""


def retype_excel_formulas(document: Any) -> int:
    """Type formulas that Calc did not know again, by the names that it knows; return how many there were.

    Defined names come last: Calc then compiles formulas that it does not know, and cuts arrays among them to the
    size of their values.
    """
    sheets = [document.Sheets.getByName(name) for name in document.Sheets.ElementNames]
    changed = sum(_retype_cell_formula(sheet, cell) for sheet in sheets for cell in list_unknown_cells(sheet))
    return changed + sum(_retype_defined_names(holder.NamedRanges) for holder in (document, *sheets))


def list_unknown_cells(sheet: Any) -> Iterator[Any]:
    """Yield the cells of a sheet with formulas that Calc did not know.

    One whose value is no error is among them too: ``=IFERROR(CUSTOMER_PROFIT(A1);0)``.
    """
    for area in sheet.queryContentCells(_FORMULAS).RangeAddresses:
        place = (area.StartColumn, area.StartRow, area.EndColumn, area.EndRow)
        texts = sheet.getCellRangeByPosition(*place).getFormulaArray()
        for row, line in enumerate(texts, area.StartRow):
            for column, text in enumerate(line, area.StartColumn):
                if names.translate_to_calc_names(text) != text:
                    yield sheet.getCellByPosition(column, row)


def _retype_defined_names(named: Any) -> int:
    changed = 0
    for one in map(named.getByName, named.ElementNames):
        made = names.translate_to_calc_names(one.Content)
        if made != one.Content:
            one.setContent(made)
            changed += 1
    return changed


def _retype_cell_formula(sheet: Any, cell: Any) -> bool:
    """Type the formula of a cell again, an array as a whole; return whether that was still to be done."""
    text = cell.getFormula()
    made = names.translate_to_calc_names(text)
    if made == text:
        return False
    if text.startswith("{"):
        whole = sheet.createCursorByRange(cell)
        whole.collapseToCurrentArray()
        whole.setArrayFormula(made[1:-1])
    else:
        cell.setFormula(made)
    return True
