"""Sparklines of a sheet, as the extension of the format that Excel (2010 on) and LibreOffice (7.4 on) know.

What openpyxl does not write, and ECMA-376 does not have: ``x14:sparklineGroups`` of [MS-XLSX], 2.6.95. Each stands on
a line at zero of its own: where nothing is below zero its scale begins there, where nothing is above it ends there.
A program without them shows an empty cell; one that draws from the description alone has bars of text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt

from xlprofit import addresses
from xlprofit.drawing import layout
from xlprofit.markup import escape_markup
from xlprofit.sheets import theme
from xlprofit.sheets.parts import Link, Meaning, Sheet, Table

_URI = "{05C60535-1F16-4fd2-B633-F4F36F0B64E0}"
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM = "http://schemas.microsoft.com/office/excel/2006/main"
_SCALES = {
    "above": ('manualMin="0" ', ' minAxisType="custom"'),
    "below": ('manualMax="0" ', ' maxAxisType="custom"'),
    "both": ("", ""),
}
"""How the scale of a sparkline is set, by where its figures lie: at which number it ends, and which end that is."""

Spark = tuple[str, str, str]
"""Where a sparkline's figures lie (a key of :data:`_SCALES`), their cells with the sheet, and its own cell."""


def render_sparklines(sheet: Sheet) -> str:
    """Return the ``<extLst>`` of a sheet that has its sparklines; nothing where it has none."""
    sparks = sorted([*_list_table_sparks(sheet), *_list_cell_sparks(sheet)], key=_find_spark_scale)
    if not sparks:
        return ""
    groups = "".join(_render_group(scale, list(some)) for scale, some in groupby(sparks, _find_spark_scale))
    return (
        f'<extLst><ext uri="{_URI}" xmlns:x14="{_X14}"><x14:sparklineGroups xmlns:xm="{_XM}">'
        f"{groups}</x14:sparklineGroups></ext></extLst>"
    )


def _find_spark_scale(spark: Spark) -> str:
    return spark[0]


def _render_group(scale: str, sparks: Sequence[Spark]) -> str:
    series, loss, axis = (f'rgb="FF{shade}"' for shade in _list_shades())
    lines = "".join(
        f"<x14:sparkline><xm:f>{escape_markup(cells)}</xm:f><xm:sqref>{place}</xm:sqref></x14:sparkline>"
        for _scale, cells, place in sparks
    )
    number, end = _SCALES[scale]
    return (
        f'<x14:sparklineGroup {number}type="column" displayEmptyCellsAs="gap" negative="1" displayXAxis="1"{end} '
        f'displayHidden="1"><x14:colorSeries {series}/><x14:colorNegative {loss}/><x14:colorAxis {axis}/>'
        f"<x14:sparklines>{lines}</x14:sparklines></x14:sparklineGroup>"
    )


def _list_shades() -> tuple[str, str, str]:
    return theme.find_shade(Meaning.PROFIT), theme.find_shade(Meaning.LOSS), theme.AXIS


def _list_table_sparks(sheet: Sheet) -> Iterator[Spark]:
    """Give the sparklines of a table's rows, each of cells of its own row."""
    for table in sheet.tables:
        for place, column in enumerate(table.columns, table.column):
            if column.spark is None or not table.rows:
                continue
            first, last = (table.position(key) for key in column.spark)
            letters = [addresses.format_column(at) for at in (first, last, place)]
            name = addresses.quote_sheet_name(sheet.name)
            scales = _choose_scales(_read_figures(table, first, last))
            for row, scale in enumerate(scales, table.first):
                cells = f"{name}!{letters[0]}{row}:{letters[1]}{row}"
                yield scale, cells, f"{letters[2]}{row}"


def _read_figures(table: Table, first: int, last: int) -> npt.NDArray[np.float64]:
    """Return the figures of columns side by side, a row for each of the table's; blanks are NaN."""
    some = table.columns[first - table.column : last - table.column + 1]
    return np.array([np.array(column.values, dtype=np.float64) for column in some]).T


def _choose_scales(figures: npt.NDArray[np.float64]) -> list[str]:
    """Return where the figures of each row lie."""
    below, above = (figures < 0).any(axis=1), (figures > 0).any(axis=1)
    return [str(one) for one in np.select([~below, ~above], ["above", "below"], "both")]


def _list_cell_sparks(sheet: Sheet) -> Iterator[Spark]:
    """Give the sparklines of single cells, each of cells of a column of a table on the sheet."""
    for cell in sheet.cells:
        if cell.spark is not None:
            figures = np.array([_read_block(sheet, cell.spark)])
            where = f"{addresses.quote_sheet_name(sheet.name)}!{cell.spark.cell}"
            yield _choose_scales(figures)[0], where, addresses.format_address(cell.row, cell.column)


def _read_block(sheet: Sheet, block: Link) -> npt.NDArray[np.float64]:
    """Return the figures of a stretch of a table's column.

    :raises ValueError: no table of the sheet has it.
    """
    (first, column), (last, _column) = (addresses.parse_address(end) for end in block.cell.split(":"))
    for table in sheet.tables:
        if table.first <= first and last <= table.last and 0 <= column - table.column < len(table.columns):
            values = table.columns[column - table.column].values[first - table.first : last - table.first + 1]
            return np.array(layout.list_finite_numbers(values))
    raise ValueError(f'sheet "{sheet.name}": a sparkline is of cells {block.cell} that no table of it has')
