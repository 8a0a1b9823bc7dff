"""The cell that is selected in Calc, as the extension hands it over: what *Explain this cell* is asked about.

The hand-over is a mapping: ``sheet``, ``row`` and ``column`` (from 1), ``formula``, and the values of all cells
``in_row`` and ``in_column``, from the first to the last that is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlprofit.addresses import address
from xlprofit.excel import asked
from xlprofit.excel.asked import Around
from xlprofit.results import Results
from xlprofit.sources import with_lines
from xlprofit.workbook.chosen import chosen
from xlprofit.workbook.read import read


def meant(given: Mapping[str, Any], results: Results, copy: Path) -> tuple[str, str | None]:
    """Return the customer and the line that a selected cell is about; no line where it is the whole profit.

    What the cell of a result sheet or an input table is about is said there. On a sheet of the user's own it is a
    customer named in the cell's formula or in its row, and the line named in the formula or above it.

    Raises:
        XlprofitError: the cell belongs to no customer.
    """
    of_tables = given["sheet"] in results.inputs.sheets.values()
    raws = with_lines(read(copy)) if of_tables else {}
    cell = _Cell(_Sheet(given, copy), given["row"], given["column"])
    around = Around(given["formula"], given["in_row"], given["in_column"][: given["row"]])
    return asked.meant(cell, results, raws, lambda: around)


@dataclass(frozen=True)
class _Sheet:
    """The selected cell's sheet, of which its row and its column are known; what else it holds is in the copy."""

    given: Mapping[str, Any]
    copy: Path

    @property
    def name(self) -> str:
        return str(self.given["sheet"])

    def range(self, place: tuple[int, int]) -> _Cell:
        return _Cell(self, *place)


@dataclass(frozen=True)
class _Cell:
    """A cell of the selected one's sheet."""

    sheet: _Sheet
    row: int
    column: int

    @property
    def address(self) -> str:
        return address(self.row, self.column)

    @property
    def value(self) -> object:
        """What the cell holds; a blank beyond the last that is used."""
        given = self.sheet.given
        if self.row == given["row"]:
            cells, place = given["in_row"], self.column
        elif self.column == given["column"]:
            cells, place = given["in_column"], self.row
        else:
            return chosen(self.sheet.copy, [self.sheet.name], self.row, self.column)[1]
        return cells[place - 1] if place <= len(cells) else None
