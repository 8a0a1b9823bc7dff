"""Bodies: the rows of an export's sheet under their headers, and the columns of a table that are made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from xlprofit.addresses import format_column
from xlprofit.importing.exports.export import Cell, ExportSheet
from xlprofit.reading.units import NO_UNIT, Unit

Mask = npt.NDArray[np.bool_]
Cells = list[Cell]


@dataclass(frozen=True)
class Body:
    """The rows of a sheet under its headers: the headers, and the cells of each column, those left out blank.

    ``out`` says which rows are left out. ``label`` is what findings call the sheet. ``heads`` has, by column and row,
    the cells of rows that the rule does not keep, and that may say what the rows below them are of.
    """

    sheet: ExportSheet
    row: int
    headers: list[str]
    cells: list[Cells]
    out: Mask
    label: str
    heads: Mapping[int, Mapping[int, Cell]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The number of rows."""
        return len(self.out)

    def locate_row(self, at: int, place: int = 0) -> str:
        """Return the address in the export of a row, both it and the column (``place``) counted from 0."""
        return f"{format_column(self.sheet.first + place)}{at + max(self.row, 0) + 1}"

    def locate_header(self, place: int) -> str:
        """Return the address in the export of a column's header."""
        return f"{format_column(self.sheet.first + place)}{max(self.row, 1)}"


@dataclass(frozen=True)
class TableColumn:
    """One column of the table: its cells, and what its header said of their unit."""

    name: str
    cells: Cells
    unit: Unit = NO_UNIT


def blank_cells(columns: Iterable[Cells], out: Mask) -> None:
    """Make some rows blank in columns of an export."""
    rows = np.flatnonzero(out).tolist()
    for cells in columns:
        for at in rows:
            cells[at] = None


def blank_rows(body: Body, made: dict[str, TableColumn], out: Mask, but: str = "") -> None:
    """Make some rows blank in all columns of an export and of the table, ``but`` one of the table."""
    for name, column in made.items():
        if name != but:
            cells: Cells = [None if gone else cell for gone, cell in zip(out, column.cells, strict=True)]
            made[name] = replace(column, cells=cells)
    blank_cells(body.cells, out)
