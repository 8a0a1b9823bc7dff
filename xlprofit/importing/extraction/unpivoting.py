"""Unpivoting: a table in which months stand as columns, with a row for each month instead."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from xlprofit.importing.exports.conversion import convert_numbers
from xlprofit.importing.exports.export import as_cells, is_blank_cell
from xlprofit.importing.exports.months import Month, keep_months, read_header, read_month_header
from xlprofit.importing.exports.titles import read_title_scale
from xlprofit.importing.extraction.body import Body, Cells, TableColumn
from xlprofit.importing.extraction.frames import write_own_header
from xlprofit.importing.extraction.measures import PROFIT, Spread, read_words, spread_amounts, spread_rows
from xlprofit.importing.extraction.recognition import find_place
from xlprofit.importing.profiles.profile import ColumnRule, Months, ProfileError, TableRule
from xlprofit.messages import _
from xlprofit.reading.units import Unit
from xlprofit.tables import TABLES, Raw, header_key

_YEAR = re.compile(r"((?:19|20)[0-9]{2})")


def unpivot_months(rule: TableRule, months: Months, body: Body, made: Mapping[str, TableColumn]) -> Raw:
    """Return a table in which months stood as columns with a row for each of their cells.

    Raises:
        ProfileError: no column is a month, or one of them says no year and the profile neither.
    """
    heads = _find_month_columns(months, body)
    columns = {months.value: months.values.get(months.value, ""), **months.values}
    others = {name: column for name, column in made.items() if name not in columns}
    spread = _find_spread(rule, body, others)
    data: dict[str, Cells] = {name: [] for name in (months.date, *columns, *others)}
    data |= {name: [] for name in spread.names if name} if spread is not None else {}
    data = {name: data[name] for name in data if name != PROFIT} | ({"cogs": []} if PROFIT in data else {})
    said = _read_years(months, body)
    for month in dict.fromkeys(replace(found, measure="") for found in heads.values()):
        cells = _convert_month_cells(rule, body, columns, heads, month)
        if spread is not None:
            decimal = rule.columns.get(months.value, ColumnRule()).decimal
            cells |= spread_amounts(spread, cells[months.value], decimal)
        held = [row for row in range(body.size) if any(not is_blank_cell(one[row]) for one in cells.values())]
        years = said or [month.year or months.year] * body.size
        days: Cells = [month.find_day(year) if year else None for year in years]
        own = {months.date: days, **cells, **{name: list(column.cells) for name, column in others.items()}}
        for name, of_month in own.items():
            data[name] += [of_month[row] for row in held]
    return _build_unpivoted(rule, body, heads, data, (*columns, "cogs"))


def _convert_month_cells(
    rule: TableRule, body: Body, columns: Mapping[str, str], heads: Mapping[int, Month], month: Month
) -> dict[str, Cells]:
    """Return the cells of one month for each column of the table that months stand for."""
    return {
        name: _convert_measure(
            rule.table,
            name,
            rule.columns.get(name, ColumnRule()),
            body,
            _find_measure(heads, month, words),
        )
        for name, words in columns.items()
    }


def _build_unpivoted(
    rule: TableRule, body: Body, heads: Mapping[int, Month], data: Mapping[str, Cells], amounts: Sequence[str]
) -> Raw:
    """Return the table of the rows, its amounts in the unit that the title or the corner of the sheet says."""
    corner = [header for at, header in enumerate(body.headers) if at not in heads]
    scale = read_title_scale(body.sheet, body.row, corner)
    spec = TABLES[rule.table]
    money = [name for name in amounts if name in data and spec.column(name).unit == "currency"]
    headers = {name: write_own_header(TableColumn(name, [], Unit(scale, "", False))) for name in money}
    frame = pd.DataFrame({headers.get(name, name): as_cells(cells) for name, cells in data.items()})
    return Raw(rule.table, body.label, frame, 0, text=body.sheet.text)


def _read_years(months: Months, body: Body) -> list[int]:
    """Return the year of each row by a column that says it, where a blank means the one above; 0 for none."""
    if not months.year_header:
        return []
    place = find_place(ColumnRule(headers=(months.year_header,)), body.headers, body.sheet.first)
    years, last = [], 0
    for cell in body.cells[place] if place is not None and place >= 0 else [None] * body.size:
        found = _YEAR.fullmatch(read_header(cell))
        last = last if is_blank_cell(cell) else int(found[1]) if found else 0
        years.append(last)
    return years


def _find_spread(rule: TableRule, body: Body, others: Mapping[str, TableColumn]) -> Spread | None:
    """Return which row each row's cells belong to, where key figures stand below each other; else ``None``."""
    words = read_words(rule, body)
    if rule.measures is None or not words:
        return None
    cells = [column.cells for column in others.values()]
    return spread_rows(rule.measures, [tuple(map(str, row)) for row in zip(*cells, strict=True)], words)


def _find_measure(heads: Mapping[int, Month], month: Month, words: str) -> int | None:
    """Return the column of a month that has a measure; ``None`` where that month has none."""
    key = header_key(words)
    return next(
        (
            at
            for at, found in heads.items()
            if found == replace(month, measure=found.measure) and header_key(found.measure) == key
        ),
        None,
    )


def _convert_measure(table: str, name: str, rule: ColumnRule, body: Body, at: int | None) -> Cells:
    """Return the cells of one measure of one month, blank where it has no column."""
    if at is None:
        return [None] * body.size
    return convert_numbers(rule, TABLES[table].column(name), body.cells[at])


def _select_month_columns(months: Months, headers: Sequence[str]) -> dict[int, Month]:
    """Return the columns headed by a month, and by a measure that the profile takes where there are several."""
    named = {at: month for at, h in enumerate(headers) if (month := read_month_header(h)) is not None}
    wanted = set(map(header_key, months.values.values())) or {""}
    return {at: month for at, month in keep_months(named).items() if header_key(month.measure) in wanted}


def _find_month_columns(months: Months, body: Body) -> Mapping[int, Month]:
    """Return the columns that are headed by a month, with it; each has a year, of its own or of the profile."""
    found = _select_month_columns(months, body.headers)
    is_said = months.year or months.year_header
    if not found or any(not (month.year or is_said) for month in found.values()):
        raise ProfileError(
            _("{source}: the months at the head of its columns do not say their year", source=body.label),
            _("Write the year in the profile: {example}", example="[tables.months] year = 2024"),
        )
    if len(set(found.values())) < len(found):
        raise ProfileError(
            _("{source}: several of its columns are headed by the same month", source=body.label),
            _("Write the year into the headers of the columns, such as {example}", example="Jan 2024"),
        )
    return found
