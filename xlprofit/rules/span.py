"""The span: the days that are counted, from the settings or else from the data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.messages import ENGLISH, name_in_workbook
from xlprofit.reading import settings as given_settings
from xlprofit.reading.faults import (
    Book,
    Fault,
    InputSheet,
    Mask,
    Places,
    Trouble,
    build_counted_fault,
    exclude_faulty_rows,
    quote_value,
)
from xlprofit.reading.settings import Given
from xlprofit.reading.sums import sum_floats
from xlprofit.tables import SETTINGS, TABLES, Settings

DATED = {t.name: column for t in TABLES.values() for column in t.counted_for("span")}
"""Tables whose dates make the span, and their date column."""

BALANCES = tuple(t.name for t in TABLES.values() if t.balance)
"""Tables of which a row stands for the whole of its period."""

PERIODICAL = tuple(t.name for t in TABLES.values() if any(c.kind == "period" for c in t.columns))
"""Tables whose rows may be for one period."""

DATA = tuple((t.name, column) for t in TABLES.values() for column in t.counted_for("books", "span"))
"""Columns whose last date is the day on which the books are looked at."""

GAP = np.timedelta64(2 * 366, "D")
"""Dates further than this from all others are pointed out."""

FEW = 0.05
"""The share of a column's dates up to which those far behind all others are taken for mistyped."""

FREQUENCIES = {"month": "M", "quarter": "Q", "year": "Y"}

Days = npt.NDArray[np.datetime64]


def complete_settings(
    given: Given, table: InputSheet | None, book: Book
) -> tuple[Settings | None, list[Finding]]:
    """Return the settings, those not given filled in; ``None`` where the span ends before it starts.

    ``table`` is the Settings table, for the note on what was filled in.
    """
    sheet = table.place.sheet if table is not None else ""
    defaults: dict[str, object] = {name: spec.default for name, spec in SETTINGS.items()}
    values = defaults | _find_span_ends(book) | given
    for name in ("start", "end", "as_of"):
        values[name] = pd.Timestamp(str(values[name])).as_unit("ns").normalize()
    # A setting that was not given but told by the data, as the currency may be, is not a default.
    findings = given_settings.report_default_settings(table, values | dict.fromkeys(given), sheet)
    if values["start"] > values["end"]:  # type: ignore[operator]
        what = phrase("S04", "start_after_end", start=values["start"], end=values["end"])
        return None, [*findings, build_finding("S04", sheet, "", what)]
    values["language"] = values["language"] or ENGLISH
    known = {field.name for field in fields(Settings)}
    given_ones = {n: v for n, v in values.items() if n in known and v is not None}
    return Settings(**given_ones), findings  # type: ignore[arg-type]


def _find_span_ends(book: Book) -> dict[str, object]:
    """Return the first and the last day of the span, and the day on which the books are looked at, by the data."""
    spans = [_find_days(book, table, column) for table, column in DATED.items()]
    all_days = np.concatenate([np.zeros(0, dtype="datetime64[ns]"), *spans])
    everything = np.concatenate([all_days, *(_find_days(book, table, column) for table, column in DATA)])
    return {"start": all_days.min(), "end": all_days.max(), "as_of": everything.max()}


def _find_days(book: Book, table: str, column: str) -> Days:
    days = book[table].frame[column].to_numpy() if table in book else np.zeros(0, dtype="datetime64[ns]")
    return np.asarray(days[~np.isnat(days)], dtype="datetime64[ns]")


def check_distant_dates(book: Book, given: Given) -> list[Finding]:
    """Return the stops of dates far from all others, on a side where no setting ends the span.

    A few dates of invoices or balances that lie far behind all others would move the day on which the books are
    looked at; they stop the work where no setting names it.
    """
    days, counts = _count_days(book, DATED.items())
    if not len(days):
        return []
    cluster = np.concatenate([[0], np.cumsum(np.diff(days) > GAP)])
    main = np.bincount(cluster, weights=counts).argmax()
    first, last = days[cluster == main][[0, -1]]
    findings = []
    for table, column in DATED.items():
        if table not in book:
            continue
        dates = book[table].frame[column].to_numpy()
        mask = np.zeros(len(dates), dtype=bool)
        if "start" not in given:
            mask |= dates < first
        if "end" not in given:
            mask |= dates > last
        findings += exclude_faulty_rows(
            book[table], [_report_distant_days(column, dates, mask, phrase("span", "set_start_end"))]
        )[1]
    return findings + ([] if "as_of" in given else _check_late_dates(book))


def _count_days(book: Book, columns: Iterable[tuple[str, str]]) -> tuple[Days, Places]:
    """Return the different days of some columns, ascending, and how many rows have each."""
    found = [(np.zeros(0, dtype="datetime64[ns]"), np.zeros(0, dtype=np.int64))]
    for table, column in columns:
        if table in book:
            dates = book[table].frame[column].to_numpy()
            held = ~np.isnat(dates)
            found.append((dates[held], book[table].place.lines_of(book[table].frame["row"].to_numpy()[held])))
    which, days = pd.factorize(np.concatenate([days for days, _lines in found]))
    lines = np.concatenate([lines for _days_of, lines in found])
    order = np.argsort(days)
    return days[order], np.bincount(which, weights=lines, minlength=len(days)).astype(np.int64)[order]


def _check_late_dates(book: Book) -> list[Finding]:
    """Return the stops of the few dates of invoices and balances that lie far behind all dates of the data."""
    columns = [(table, column) for table, column in DATA if table not in DATED]
    if not any(table in book for table, _column in columns):
        return []
    days, counts = _count_days(book, DATA)
    cluster = np.concatenate([[0], np.cumsum(np.diff(days) > GAP)])
    main = np.bincount(cluster, weights=counts).argmax()
    last = days[cluster == main][-1]
    findings = []
    for table, column in columns:
        if table in book:
            dates = book[table].frame[column].to_numpy()
            mask = dates > last
            if mask.any() and mask.sum() <= max(1, FEW * len(dates)):
                fault = _report_distant_days(
                    column, dates, np.asarray(mask, dtype=bool), phrase("span", "set_settings")
                )
                findings += exclude_faulty_rows(book[table], [fault])[1]
    return findings


def _report_distant_days(column: str, dates: Days, mask: Mask, instead: str) -> Fault:
    at = np.flatnonzero(mask)
    which, days = pd.factorize(dates[at])
    fix = phrase("S05", "correct_date", instead=instead)

    def tell(day: int) -> Trouble:
        what = phrase("S05", "more_than_two", day=quote_value(days[day]))
        return Trouble("S05", what, fix)

    return Fault("S05", column, at, tell, which.astype(np.int64))


def exclude_rows_outside_span(book: Book, settings: Settings) -> tuple[Book, list[Finding]]:
    """Return the tables without the rows that lie outside the span, and the notes on them.

    A balance counts where its period does, since it stands for the whole of it.
    """
    cut_book, findings = dict(book), []
    for table in (*DATED, *BALANCES, *PERIODICAL):
        if table not in book:
            continue
        sheet = book[table]
        outside, column = _find_rows_outside_span(sheet, settings)
        what = _describe_rows_outside_span(sheet, outside, settings)
        cut_book[table], found = exclude_faulty_rows(
            sheet, [build_counted_fault("S06", column, outside, what, out=True)]
        )
        findings += found
    return cut_book, findings


def _find_rows_outside_span(sheet: InputSheet, settings: Settings) -> tuple[Mask, str]:
    """Return which rows lie outside the span, and the column that says so."""
    if sheet.place.table.name in PERIODICAL:
        texts = sheet.frame["period"]
        codes, labels = pd.factorize(texts)
        over = np.array(
            [bool(label) and not _is_period_in_span(str(label), settings) for label in labels], dtype=bool
        )
        return over[codes] if len(codes) else np.zeros(0, dtype=bool), "period"
    start, end = settings.start, settings.end
    if sheet.place.table.balance:
        frequency = FREQUENCIES[settings.period]
        start, end = pd.Period(start, frequency).start_time, pd.Period(end, frequency).end_time
    dates = sheet.frame["date"]
    return np.asarray((dates < start) | (dates > end), dtype=bool), "date"


def _is_period_in_span(label: str, settings: Settings) -> bool:
    """Whether a period has a day in one of the periods of the span."""
    frequency = FREQUENCIES[settings.period]
    first, last = pd.Period(settings.start, frequency), pd.Period(settings.end, frequency)
    period = pd.Period(label.replace("-Q", "Q"))
    return bool(period.end_time >= first.start_time and period.start_time <= last.end_time)


def _describe_rows_outside_span(sheet: InputSheet, outside: Mask, settings: Settings) -> str:
    table, count = sheet.place.table.name, sheet.count(outside)
    what = phrase(
        "span",
        "rows_outside_left",
        n=count,
        start=settings.start,
        end=settings.end,
    )
    column = next(iter(sheet.place.table.weights), "")
    if table not in DATED or not column:
        return what
    money = sum_floats(sheet.frame[column].to_numpy()[outside])
    return what + phrase(
        "span",
        "of",
        sum=money,
        currency=settings.currency,
        column=name_in_workbook(table, column),
    )
