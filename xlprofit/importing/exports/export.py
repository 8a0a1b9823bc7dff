"""Exports: the cells of one sheet of a file, whatever the file is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from xlprofit.importing.profiles.rules import Heads
from xlprofit.ooxml.formats import Formats

Cell = object

LOOKED_THROUGH = 200
"""Of so many rows from the top it is counted how many of their cells are filled."""


LOOKED_ACROSS = 1_000
"""So many columns are looked at whatever they are; months and days as columns may be more, and are all kept."""


@dataclass(frozen=True)
class ExportSheet:
    """The cells of one sheet, or of a file of text; rows and columns count from 1 as a spreadsheet shows them.

    ``columns`` has the cells from row 1 on, that of ``columns[0]`` in sheet column ``first``; a blank one is ``None``
    or an empty text. ``widths`` has how many values each record of a file of text has. ``assumed`` says
    that its encoding is a guess. ``formats`` are the number formats that say what a number is. ``rows`` is how many
    rows the sheet has, of which ``height`` were read. ``heads`` says which sheet its last columns were joined from.
    ``hidden`` sheets of a workbook are not shown by a spreadsheet program.
    """

    path: Path
    sheet: str
    columns: tuple[Sequence[Cell], ...]
    height: int
    first: int = 1
    text: bool = False
    encoding: str = ""
    assumed: bool = False
    delimiter: str = ""
    first_line: str = ""
    widths: Sequence[int] = ()
    formats: Formats = field(default_factory=dict)
    rows: int = 0
    heads: Heads | None = None
    hidden: bool = False

    def read_row(self, number: int) -> list[Cell]:
        """Return the cells of a row, from column ``first`` on."""
        return [column[number - 1] for column in self.columns]

    @cached_property
    def filled_counts(self) -> list[int]:
        """How many cells are filled in each of the first rows."""
        depth = min(self.height, LOOKED_THROUGH)
        return [sum(not is_blank_cell(cell) for cell in self.read_row(n)) for n in range(1, depth + 1)]


def cut_off_right(sheet: ExportSheet) -> ExportSheet:
    """Return a sheet with its first columns alone, in which its headers are looked for."""
    if len(sheet.columns) <= LOOKED_ACROSS:
        return sheet
    return replace(sheet, columns=sheet.columns[:LOOKED_ACROSS])


def is_blank_cell(cell: Cell) -> bool:
    """Whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip()) or cell != cell


def collect_distinct(cells: Iterable[Cell]) -> list[Cell]:
    """Return the different values of some cells, blank ones left out, in the order in which they come."""
    try:
        found = list(dict.fromkeys(cells))
    except TypeError:  # a value that cannot be hashed
        found = list(cells)
    return [cell for cell in found if not is_blank_cell(cell)]


def as_cells(column: Sequence[Cell]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Return a column as an array of objects, as long as it is."""
    cells = np.empty(len(column), dtype=object)
    cells[:] = column
    return cells
