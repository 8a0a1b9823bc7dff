"""The cells of one sheet of an export, or of a file of text, as they stand there."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xlprofit.workbook.formats import Formats

SAMPLE = 200
"""So many rows, or lines, are looked at to find out how a sheet is laid out."""

Cell = object


@dataclass(frozen=True)
class ExportSheet:
    """The cells of one sheet, or of a file of text; rows and columns count from 1 as a spreadsheet shows them.

    ``columns`` has the cells from row 1 on, that of ``columns[0]`` in sheet column ``first``; a blank one is ``None``
    or an empty text. ``widths`` has how many values each record of a file of text has. ``assumed`` says
    that its encoding is a guess. ``formats`` are the number formats that say what a number is. ``rows`` is how many
    rows the sheet has, of which ``height`` were read.
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

    def read_row(self, number: int) -> list[Cell]:
        """Return the cells of a row, from column ``first`` on."""
        return [column[number - 1] for column in self.columns]

    @cached_property
    def counts(self) -> list[int]:
        """How many cells are filled in each of the first rows."""
        depth = min(self.height, SAMPLE)
        return [sum(not is_blank(cell) for cell in self.read_row(n)) for n in range(1, depth + 1)]


def is_blank(cell: Cell) -> bool:
    """Whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip()) or cell != cell
