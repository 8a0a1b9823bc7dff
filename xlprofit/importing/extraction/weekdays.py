"""Weekdays: timesheets in which the days of the week stand as columns, with a row for each day instead."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import pandas as pd

from xlprofit.importing.exports.conversion import convert_numbers
from xlprofit.importing.exports.export import Cell, as_cells, is_blank_cell
from xlprofit.importing.exports.weekday_words import read_weekday
from xlprofit.importing.extraction.body import Body, Cells, TableColumn
from xlprofit.importing.profiles.rules import ColumnRule, TableRule, Weekdays
from xlprofit.reading.dates import parse_day
from xlprofit.reading.faults import Trouble
from xlprofit.reading.word_patterns import join_words
from xlprofit.tables import TABLES, Raw

_WEEK = re.compile(r"(?P<year>[0-9]{4})[ -]?(?:W|KW|V)[ -]?(?P<week>[0-9]{1,2})", re.IGNORECASE)
_WEEK_FIRST = re.compile(
    rf"(?:{join_words('weeks')})?[ .]*(?P<week>[0-9]{{1,2}})[ ./-]+(?P<year>[0-9]{{4}})", re.IGNORECASE
)


def unpivot_weekdays(rule: TableRule, weekdays: Weekdays, body: Body, made: Mapping[str, TableColumn]) -> Raw:
    """Return a table in which weekdays stood as columns with a row for each of their cells that is not blank or 0."""
    value_rule = rule.columns.get(weekdays.value, ColumnRule())
    value = TABLES[rule.table].column(weekdays.value)
    order = rule.columns[weekdays.date].order if weekdays.date in rule.columns else ""
    weeks = [_read_week(cell, order) for cell in made[weekdays.date].cells]
    others = {name: column for name, column in made.items() if name not in (weekdays.date, weekdays.value)}
    data: dict[str, Cells] = {name: [] for name in (weekdays.date, weekdays.value, *others)}
    for at, day in _list_weekday_columns(body):
        cells = convert_numbers(value_rule, value, body.cells[at])
        held = [
            i for i, cell in enumerate(body.cells[at]) if not is_blank_cell(cell) and cells[i] not in (0, "0")
        ]
        data[weekdays.date] += [
            _find_day(weeks[i], day, weekdays.last, made[weekdays.date].cells[i]) for i in held
        ]
        data[weekdays.value] += [cells[i] for i in held]
        for name, column in others.items():
            data[name] += [column.cells[i] for i in held]
    frame = pd.DataFrame({name: as_cells(cells) for name, cells in data.items()})
    return Raw(rule.table, body.label, frame, 0, text=body.sheet.text)


def _list_weekday_columns(body: Body) -> list[tuple[int, int]]:
    return [(at, day) for at, header in enumerate(body.headers) if (day := read_weekday(header)) is not None]


def _read_week(cell: Cell, order: str) -> dt.date | None:
    """Return the day by which a week is known: its date, or the Monday of its number; ``None`` where it is neither."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    text = str(cell).strip()
    numbered = _WEEK.fullmatch(text) or _WEEK_FIRST.fullmatch(text)
    if numbered:
        try:
            return dt.date.fromisocalendar(int(numbered["year"]), int(numbered["week"]), 1)
        except ValueError:
            return None
    day = parse_day(text, order)  # type: ignore[arg-type]
    return None if isinstance(day, Trouble) else dt.date.fromisoformat(str(day)[:10])


def _find_day(week: dt.date | None, day: int, last: bool, cell: Cell) -> Cell:
    """Return the day of the week that a date begins, or ends; a cell that is none is left for the checks to name."""
    if week is None:
        return cell
    shift = -((week.weekday() - day) % 7) if last else (day - week.weekday()) % 7
    return (week + dt.timedelta(days=shift)).isoformat()
