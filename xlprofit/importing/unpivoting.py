"""Unpivoting: a table in which months stand as columns, with a row for each month instead."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xlprofit.importing.body import Body, Cells, TableColumn
from xlprofit.importing.conversion import convert_numbers, end_month
from xlprofit.importing.export import as_cells, is_blank_cell
from xlprofit.importing.header_rows import Month, read_month
from xlprofit.importing.profile import ColumnRule, Months, ProfileError, TableRule
from xlprofit.messages import _
from xlprofit.tables import TABLES, Raw


def unpivot_months(rule: TableRule, months: Months, body: Body, made: Mapping[str, TableColumn]) -> Raw:
    """Return a table in which months stood as columns with a row for each of their cells.

    Raises:
        ProfileError: no column is a month, or one of them says no year and the profile neither.
    """
    heads = _find_month_columns(months, body)
    value_rule = rule.columns.get(months.value, ColumnRule())
    value = TABLES[rule.table].column(months.value)
    data: dict[str, Cells] = {name: [] for name in (months.date, months.value, *made)}
    for at, month in heads.items():
        held = [i for i, cell in enumerate(body.cells[at]) if not is_blank_cell(cell)]
        data[months.date] += [end_month(month.year or months.year, month.month)] * len(held)
        cells = convert_numbers(value_rule, value, body.cells[at])
        data[months.value] += [cells[i] for i in held]
        for name, column in made.items():
            data[name] += [column.cells[i] for i in held]
    frame = pd.DataFrame({name: as_cells(cells) for name, cells in data.items()})
    return Raw(rule.table, body.label, frame, 0, text=body.sheet.text)


def _find_month_columns(months: Months, body: Body) -> Mapping[int, Month]:
    """Return the columns that are headed by a month, with it; each has a year, of its own or of the profile."""
    found = {at: month for at, header in enumerate(body.headers) if (month := read_month(header)) is not None}
    if not found or any(not (month.year or months.year) for month in found.values()):
        raise ProfileError(
            _("{source}: the months at the head of its columns do not say their year", source=body.label),
            _("Write the year in the profile: {example}", example="[tables.months] year = 2024"),
        )
    return found
