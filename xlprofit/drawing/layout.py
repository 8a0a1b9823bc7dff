"""Where the parts of a sheet stand, and the formulas that follow from it: what all renderers agree on.

Pure: no Excel library. Rows and columns count from 1.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from xlprofit import addresses
from xlprofit.sheets import theme
from xlprofit.sheets.parts import (
    Cell,
    Chart,
    Column,
    Format,
    Formula,
    HeatRule,
    Link,
    Notation,
    Sheet,
    SignRule,
    Table,
    Value,
)
from xlprofit.sheets.theme import Arrows

_SUM_OF_SHOWN = 109
"""The number of SUBTOTAL's sum that leaves out what is filtered out or hidden."""

_NO_NUMBERS = (bool, str)
_PLAIN_NUMBERS = {float, int, type(None)}

_DAYS_TO_1904 = 1462
"""What lies between the day 0 of an ordinary workbook and that of one that counts from 1904."""


def convert_column_dates(column: Column, *, since_1904: bool) -> Sequence[Value]:
    """Return a column's values, days as the workbook counts them: from 1900 or from 1904."""
    if not since_1904 or column.format is not Format.DATE:
        return column.values
    return [v - _DAYS_TO_1904 if isinstance(v, int | float) else v for v in column.values]


# --- formulas ------------------------------------------------------------------------------------


def split_formula_text(table: Table, text: str) -> list[str]:
    """Return a column's formula text split at its ``{key}``: text, letters, text and so on.

    Braces around anything that is not a key of the table stay, if they hold an array constant.
    """
    parts = [""]
    for index, piece in enumerate(re.split(r"\{([^{}]*)\}", text)):
        if index % 2 == 0:
            parts[-1] += piece
        elif any(c.key == piece for c in table.columns):
            parts += [addresses.format_column(table.position(piece)), ""]
        elif re.match(r"[-\d\"]", piece):
            parts[-1] += f"{{{piece}}}"
        else:
            raise ValueError(
                f'table "{table.name}": the formula "{text}" names a column "{piece}" that it does not have; '
                f"it has {', '.join(c.key for c in table.columns)}"
            )
    return parts


def build_row_formula(table: Table, text: str, row: int) -> str:
    """Return a column's formula text for a row, with addresses in place of its ``{key}``."""
    return join_formula_parts(split_formula_text(table, text), row)


def join_formula_parts(parts: Sequence[str], row: int) -> str:
    """Return the parts of a formula put together for a row."""
    return "".join(f"{part}{row}" if index % 2 else part for index, part in enumerate(parts))


def build_column_total(table: Table, column: Column) -> Value | Formula:
    """Return what the total row holds under a column: a live formula, the label, or nothing."""
    if column.total == "sum":
        where = table.position(column.key)
        cells = addresses.format_block(table.first, where, table.last, where)
        return Formula(
            f"SUBTOTAL({_SUM_OF_SHOWN},{cells})" if table.listed else f"SUM({cells})",
            sum_finite_numbers(column.values),
        )
    if column.total:
        return Formula(build_row_formula(table, column.total, table.total_row), column.total_value)
    return table.total_label if column.key == table.columns[0].key else None


def list_formula_answers(sheet: Sheet) -> dict[str, Value]:
    """Return what every formula on a sheet comes to, by address; a blank one comes to an empty text."""
    found: dict[str, Value] = {}
    for cell in sheet.cells:
        if isinstance(cell.value, Formula):
            found[addresses.format_address(cell.row, cell.column)] = cell.value.value
    for table in sheet.tables:
        found |= _list_table_answers(table)
    return {address: "" if value is None else value for address, value in found.items()}


def _list_table_answers(table: Table) -> dict[str, Value]:
    """Return what the formulas of a table come to, those of its total row among them, by address."""
    found: dict[str, Value] = {}
    for position, column in enumerate(table.columns, table.column):
        if column.formula:
            letters = addresses.format_column(position)
            found |= {f"{letters}{table.first + i}": value for i, value in enumerate(column.values)}
        whole = build_column_total(table, column) if table.has_total else None
        if isinstance(whole, Formula):
            found[addresses.format_address(table.total_row, position)] = whole.value
    return found


def can_be_listed(table: Table) -> bool:
    """Whether a table can be an Excel Table: each header a text, and no two alike whatever their case."""
    headers = [theme.clean_text(column.header).casefold() for column in table.columns]
    return bool(table.listed and headers) and all(headers) and len(set(headers)) == len(headers)


def build_choices_address(link: Link) -> str:
    """Return the cells of a column as a list to choose from names them, such as ``'Customer P&L'!$A$7:$A$40``."""
    cells = ":".join(re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", end) for end in link.cell.split(":"))
    return f"{addresses.quote_sheet_name(link.sheet)}!{cells}"


def sum_finite_numbers(values: Sequence[Value]) -> float:
    """Return the sum of the numbers among some values."""
    return math.fsum(list_finite_numbers(values))


def list_finite_numbers(values: Sequence[Value]) -> list[float]:
    """Return the numbers among some values, finite ones only."""
    if not _PLAIN_NUMBERS.issuperset(map(type, values)):
        return [
            float(v) for v in values if v is not None and not isinstance(v, _NO_NUMBERS) and math.isfinite(v)
        ]
    numbers = np.array(values, dtype=np.float64)  # in which what is blank is no finite number
    finite: list[float] = numbers[np.isfinite(numbers)].tolist()
    return finite


# --- parts of a table and of a chart -------------------------------------------------------------


def choose_arrow_side(part: Column | Cell) -> Arrows:
    """Return where the arrow of a number stands, which the rule of a change asks for: in a column, after it."""
    if not any(isinstance(rule, SignRule) and rule.change for rule in part.rules):
        return ""
    return "after" if isinstance(part, Column) else "before"


def choose_cell_format(cell: Cell, currency: str | Notation) -> str:
    """Return the number format code of a cell.

    What is chosen from a list stays the text that it is: Excel takes it as if it were typed, and would make
    a number of 00123 and a day of 1-2.
    """
    if cell.choices is not None:
        return "@"
    if cell.format is Format.MONEY_SHORT:
        amount = cell.value.value if isinstance(cell.value, Formula) else cell.value
        return theme.build_short_format(
            amount if isinstance(amount, int | float) else 0.0,
            currency,
        )
    return theme.build_number_format(cell.format, currency, arrows=choose_arrow_side(cell))


def list_band_headings(table: Table) -> list[tuple[str, int, int]]:
    """Return the band of headings: each with its first and last sheet column; nothing without one."""
    spans: list[tuple[str, int, int]] = []
    for position, column in enumerate(table.columns, table.column):
        if spans and spans[-1][0] == column.heading:
            spans[-1] = (column.heading, spans[-1][1], position)
        else:
            spans.append((column.heading, position, position))
    return spans if any(c.heading for c in table.columns) else []


def find_filtered_table(sheet: Sheet) -> Table | None:
    """Return the table that bears the filter buttons: Excel allows one a sheet, so the first."""
    return next((t for t in sheet.tables if t.filtered and t.columns), None)


def find_charted_sheet(sheet: Sheet, chart: Chart, book: Sequence[Sheet]) -> Sheet:
    """Return the sheet on which a chart's tables stand; :class:`ValueError` if it was not given."""
    if chart.sheet in ("", sheet.name):
        return sheet
    for other in book:
        if other.name == chart.sheet:
            return other
    raise ValueError(
        f'chart "{chart.title}" on sheet "{sheet.name}" needs the sheet "{chart.sheet}", which was not given; '
        "draw the two together"
    )


def count_charted_rows(table: Table, chart: Chart) -> int:
    """Return how many body rows of a table a chart shows."""
    return min(chart.rows, table.rows) if chart.rows else table.rows


def find_table_column(table: Table, key: str) -> Column:
    """Return the column of a table with this key; :class:`ValueError` if there is none."""
    for column in table.columns:
        if column.key == key:
            return column
    raise ValueError(
        f'table "{table.name}" has no column "{key}"; it has {", ".join(c.key for c in table.columns)}'
    )


def group_heat_columns(table: Table) -> dict[HeatRule, list[Column]]:
    """Return the columns of each heat map of a table: those that bear its rule, by the rule."""
    found: dict[HeatRule, list[Column]] = {}
    for column in table.columns:
        for rule in column.rules:
            if isinstance(rule, HeatRule):
                found.setdefault(rule, []).append(column)
    return found
