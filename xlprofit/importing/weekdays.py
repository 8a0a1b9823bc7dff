"""Weekdays: timesheets in which the days of the week stand as columns, with a row for each day instead."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import pandas as pd

from xlprofit.checks.dates import parse_day
from xlprofit.checks.faults import Trouble
from xlprofit.importing.body import Body, Cells, TableColumn
from xlprofit.importing.conversion import convert_numbers
from xlprofit.importing.export import Cell, as_cells, is_blank_cell
from xlprofit.importing.rules import ColumnRule, TableRule, Weekdays
from xlprofit.tables import TABLES, Raw

_WORDS = (
    "mon monday mo montag lun lundi lunes lunedì lunedi ma maandag maanantai mån måndag mandag man pon poniedziałek pn",
    "tue tues tuesday di dienstag mar mardi martes martedì martedi dinsdag ti tiistai tis tisdag tirsdag wt wtorek",
    "wed wednesday mi mittwoch mer mercredi mié mie miércoles mercoledì mercoledi wo woensdag ke keskiviikko ons "
    "onsdag śr środa",
    "thu thur thurs thursday do donnerstag jeu jeudi jue jueves gio giovedì donderdag to torstai tor torsdag czw "
    "czwartek",
    "fri friday fr freitag ven vendredi vie viernes venerdì venerdi vr vrijdag pe perjantai fre fredag pt piątek",
    "sat saturday sa samstag sonnabend sam samedi sáb sab sábado sabato za zaterdag la lauantai lör lördag lørdag "
    "sobota",
    "sun sunday so sonntag dim dimanche dom domingo domenica zo zondag su sunnuntai sön söndag søndag niedziela nd",
)
"""The days of the week, Monday first, in the languages of exports."""

_DAYS = {word: number for number, words in reversed(list(enumerate(_WORDS))) for word in words.split()}
_HEADER = re.compile(r"([^\W\d_]{2,12})\.?(?:[ ,]+[0-9]{1,2}[./-][0-9]{1,2}\.?(?:[0-9]{2,4})?)?")
_WEEK = re.compile(r"(?P<year>[0-9]{4})[ -]?(?:W|KW|V)[ -]?(?P<week>[0-9]{1,2})", re.IGNORECASE)
_WEEK_FIRST = re.compile(
    r"(?:W|KW|V|week|woche|vecka|viikko)?[ .]*(?P<week>[0-9]{1,2})[ ./-]+(?P<year>[0-9]{4})", re.IGNORECASE
)

WEEK = re.compile(
    r"\bweek\b|\bw/?[cbe]\b|week_?start\w*|\bwoche\b|\bwochenbeginn|\bkw\b|\bvecka|\bviikko|\bviikon|\bsemaine|\bsemana|\bsettimana|\btydzień"
    r"|period (?:start|begin)",
    re.IGNORECASE,
)
"""What a header of the week of a timesheet has in it."""

ENDING = re.compile(r"end|bis|slut|loppu|fin\b|w/?e\b", re.IGNORECASE)
"""What says that it is the last day of the week."""


def read_weekday(header: str) -> int | None:
    """Return the day of the week that a header is, 0 for Monday; ``None`` where it is none.

    >>> read_weekday("Mon"), read_weekday("Fr."), read_weekday("Mi 07.01."), read_weekday("Month")
    (0, 4, 2, None)
    """
    found = _HEADER.fullmatch(header.strip())
    return _DAYS.get(found[1].casefold()) if found else None


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
