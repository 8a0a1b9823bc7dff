"""What a user chose on a result sheet, to be kept when the sheet is drawn anew."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from xlprofit.workbook.handed import open_cells, refuse_unsound_parts
from xlprofit.workbook.listing import read_sheet_list
from xlprofit.workbook.marks import Marks
from xlprofit.workbook.package import open_package


def read_chosen_cell(path: Path, names: Iterable[str], row: int, column: int) -> tuple[bool, object]:
    """Return whether a workbook has a sheet of ours under one of these names, and what a cell of it holds.

    Rows and columns count from 1; a cell that holds nothing is ``None``.

    :raises FileError: the workbook cannot be opened.
    """
    wanted = {name.casefold() for name in names}
    with open_package(path) as book:
        found = [
            sheet for sheet in read_sheet_list(book).sheets if sheet.ours and sheet.name.casefold() in wanted
        ]
        if not found:
            return False, None
        refuse_unsound_parts(book)
        sheet = open_cells(book, {found[0].part: Marks()}).get_sheet_by_name(found[0].name)
    rows = sheet.to_python(skip_empty_area=False, nrows=row)
    cell = rows[row - 1][column - 1] if len(rows) >= row and len(rows[row - 1]) >= column else ""
    return True, None if cell == "" else cell
