"""Parquet: the cells of a file of columns, under its own names."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from pathlib import Path

from xlprofit.importing.exports.export import Cell, ExportSheet
from xlprofit.importing.profiles.profile_fields import ProfileError
from xlprofit.messages import _

MAGIC = b"PAR1"
"""What a file of Parquet begins with."""


def read_parquet_sheet(path: Path, data: bytes) -> ExportSheet:
    """Return the cells of a file of Parquet, its names in row 1; ``data`` is all of the file.

    Raises:
        ProfileError: the file is damaged, or what reads it is not installed.
    """
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise ProfileError(
            _("{path} is a file of Parquet, and pyarrow is not installed", path=path.name),
            _("Install it: {command}", command="pip install xlprofit[sources]"),
        ) from error
    try:
        table = pyarrow.parquet.read_table(BytesIO(data))
    except (pyarrow.ArrowException, OSError) as error:
        raise ProfileError(
            _("{path} is damaged ({reason})", path=path.name, reason=str(error).splitlines()[0]),
            _("Export it again"),
        ) from error
    columns = tuple(
        (name, *map(_read_plain_cell, column.to_pylist()))
        for name, column in zip(table.column_names, table.columns, strict=True)
    )
    height = table.num_rows + 1
    return ExportSheet(path, path.name, columns, height, rows=height)


def _read_plain_cell(cell: Cell) -> Cell:
    """Return a cell as a workbook has it: a number as a float."""
    return (
        float(cell)
        if isinstance(cell, Decimal) or (isinstance(cell, int) and not isinstance(cell, bool))
        else cell
    )
