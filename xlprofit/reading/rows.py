"""Rows: the cells of a whole table read, and the rows that cannot be used told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.findings import Finding, phrase
from xlprofit.messages import name_in_workbook
from xlprofit.reading import cells
from xlprofit.reading.conventions import column as convention
from xlprofit.reading.faults import Fault, Mask, Place, Places, Trouble, report_faults
from xlprofit.reading.losses import count_losses
from xlprofit.reading.units import NO_UNIT
from xlprofit.tables import ColumnSpec, LeftOut, Raw, TableSpec

if TYPE_CHECKING:
    from xlprofit.reading.cells import Reading
    from xlprofit.reading.headers import Headers

DRIVER = ColumnSpec("driver", "number", "", default=0.0)
"""What a driver column of a log holds."""


@dataclass(frozen=True)
class Draft:
    """A table read cell by cell: its readings by column, and which of its rows can be used.

    ``rows`` is the sheet row of each; ``drivers`` are the readings of driver columns, by driver key; ``own`` those of
    the user's own columns that are kept, by header; ``credits``
    are the rows that are counted negative since a word in them says so, ``excluded`` those that a word says are no
    sales, such as quotes, and ``foreign`` those in another currency; neither can be used.
    """

    raw: Raw
    place: Place
    headers: Headers
    rows: Places
    readings: Mapping[str, Reading]
    drivers: Mapping[str, Reading]
    empty: Mask
    usable: Mask
    credits: Mask
    excluded: Mask
    foreign: Mask
    own: Mapping[str, Reading] = field(default_factory=dict)


def draft_table(
    raw: Raw, place: Place, headers: Headers, drivers: Headers, currency: str
) -> tuple[Draft, list[Finding]]:
    """Return a table read cell by cell, and what is wrong with its cells.

    A row with nothing in the columns that are known is skipped. One with a cell that cannot be
    read, or with nothing in a required one, is left out.
    """
    size = len(raw.frame)
    rows = raw.row + 1 + np.arange(size, dtype=np.int64)
    specs = [column for column in place.table.columns if column.name in headers]
    read = {c.name: _read_draft_column(raw, place, c, headers[c.name], currency) for c in specs}
    driven = [replace(DRIVER, name=key) for key in drivers]
    log = {c.name: _read_draft_column(raw, place, c, drivers[c.name], currency) for c in driven}
    place = replace(place, cells={**place.cells, **{k: raw.column + at for k, at in drivers.items()}})
    empty, usable = np.ones(size, dtype=bool), np.ones(size, dtype=bool)
    findings: list[Finding] = []
    for name, (reading, settled) in (*read.items(), *log.items()):
        empty &= reading.blank
        as_text = [] if raw.text else _report_values_as_text(name, reading)
        findings += report_faults(place, rows, [*_report_unreadable_cells(name, reading), *as_text, *settled])
        if not _is_descriptive(place, name):
            usable &= ~reading.bad
    readings, of_drivers = _take_readings(read), _take_readings(log)
    missing, found = _find_blank_cells(place, rows, readings, empty)
    usable &= ~empty & ~missing
    none = np.zeros(size, dtype=bool)
    draft = Draft(raw, place, headers, rows, readings, of_drivers, empty, usable, none, none, none)
    return draft, findings + found


def read_own_columns(draft: Draft, headers: Headers) -> Draft:
    """Return a draft with the user's own columns that stand at these places, as texts, by header; blank ones are none.

    What cannot be read in them is blank, and no finding: nobody asked for it.
    """
    own = {
        header: reading
        for header, at in headers.items()
        if not (reading := _read_text_column(draft.raw, header, at)).blank.all()
    }
    return replace(draft, own=own)


def _read_text_column(raw: Raw, header: str, at: int) -> Reading:
    reader = cells.build_reader(ColumnSpec(header, "text", ""), "")
    return cells.read_parts(cells.split_column_cells(raw.frame.iloc[:, at]), len(raw.frame), reader)


def _take_readings(read: Mapping[str, tuple[Reading, list[Fault]]]) -> dict[str, Reading]:
    return {name: reading for name, (reading, _faults) in read.items()}


def _find_blank_cells(
    place: Place, rows: Places, readings: Mapping[str, Reading], empty: Mask
) -> tuple[Mask, list[Finding]]:
    """Return which rows have nothing in a required column, and the findings of those cells."""
    mask, findings = np.zeros(len(rows), dtype=bool), list[Finding]()
    for column in place.table.columns:
        if column.required and column.name in readings and not column.blank_counts:
            missing = readings[column.name].blank & ~empty
            mask |= missing
            findings += report_faults(place, rows, [_report_blank_cells(place.table, column, missing)])
    return mask, findings


def _read_draft_column(
    raw: Raw, place: Place, column: ColumnSpec, at: int, currency: str
) -> tuple[Reading, list[Fault]]:
    """Return a column of a raw frame as read, and what its cells together settled against their plain look."""
    parts = cells.split_column_cells(raw.frame.iloc[:, at])
    found = convention.settle_column(raw.name, column, parts, currency, place.units.get(column.name, NO_UNIT))
    reader = cells.build_reader(column, currency, column.open_ended, found.convention)
    reading = convention.explain_contradictions(
        cells.read_parts(found.parts, len(raw.frame), reader), found.against
    )
    return reading, found.faults


def _is_descriptive(place: Place, name: str) -> bool:
    """Whether a column only describes its row, so that the row counts without it."""
    return any(c.name == name and c.only_describes for c in place.table.columns)


def _report_unreadable_cells(name: str, reading: Reading) -> list[Fault]:
    """Return the faults of the cells that could not be read, one for each code."""
    if not len(reading.trouble_at):
        return []
    codes = np.array([trouble.code for trouble in reading.troubles])[reading.trouble_of]
    # Different cells may be at fault in the same words ("TRUE is not a number"): told once.
    words, of_words = _merge_equal_troubles(reading.troubles)
    return [
        Fault(
            str(code),
            name,
            reading.trouble_at[codes == code],
            words.__getitem__,
            of_words[reading.trouble_of[codes == code]],
            out=True,
        )
        for code in np.unique(codes)
    ]


def _merge_equal_troubles(troubles: list[Trouble]) -> tuple[list[Trouble], Places]:
    places: dict[Trouble, int] = {}
    which = np.array([places.setdefault(trouble, len(places)) for trouble in troubles], dtype=np.int64)
    return list(places), which


def _report_values_as_text(name: str, reading: Reading) -> list[Fault]:
    """Return the note on numbers or dates that are stored as text."""
    count = len(reading.as_text)
    if not count:
        return []
    if reading.values.dtype.kind == "M":
        trouble = Trouble("C08", phrase("C08", "dates_stored_text", n=count))
    else:
        trouble = Trouble("C03", phrase("C03", "numbers_stored_text", n=count))
    return [Fault(trouble.code, name, reading.as_text, lambda at: trouble, counted=True)]


def _report_blank_cells(table: TableSpec, column: ColumnSpec, missing: Mask) -> Fault:
    trouble = Trouble("C12", phrase("C12", "blank", column=name_in_workbook(table.name, column.name)))
    return Fault("C12", column.name, np.flatnonzero(missing), lambda at: trouble, out=True)


def build_typed_frame(
    draft: Draft, names: Mapping[str, pd.Categorical], drivers: Mapping[str, str]
) -> pd.DataFrame:
    """Return the usable rows as a frame with the table's columns, the drivers', and ``row``.

    Defaults are filled in, but that of a choice, which may depend on other rows. ``names`` has the
    columns whose words are spelt alike over all tables, for all rows of the draft; ``drivers`` the
    name of each driver by its key.
    """
    keep = draft.usable
    data: dict[str, object] = {}
    for column in draft.place.table.columns:
        if column.name in names:
            data[column.name] = names[column.name][keep]
        else:
            data[column.name] = build_typed_column(column, draft.readings.get(column.name), keep)
    for key, reading in draft.drivers.items():
        data[drivers[key]] = np.nan_to_num(reading.values[keep].astype(np.float64), nan=0.0)
    for header, reading in draft.own.items():
        data[header] = build_typed_column(ColumnSpec(header, "text", ""), reading, keep)
    data["row"] = draft.rows[keep]
    return pd.DataFrame(data)


def count_lost_rows(draft: Draft) -> LeftOut:
    """Return what the rows come to that should be counted and cannot; money in another currency is not known."""
    out = ~draft.usable & ~draft.empty & ~draft.excluded
    table = draft.place.table.name
    values = {
        name: np.where(draft.foreign[out], np.nan, draft.readings[name].values[out].astype(np.float64))
        for name in draft.place.table.weights
        if name in draft.readings
    }
    return count_losses(table, values, draft.place.lines_of(draft.rows[out]))


def build_empty_table(table: TableSpec) -> pd.DataFrame:
    """Return a table without rows, its columns typed."""
    return _type_no_rows(table).copy(deep=False)


@cache
def _type_no_rows(table: TableSpec) -> pd.DataFrame:
    """Return the table without rows that is made once; nobody may change it."""
    nothing = np.zeros(0, dtype=bool)
    data = {column.name: build_typed_column(column, None, nothing) for column in table.columns}
    return pd.DataFrame(data | {"row": np.zeros(0, dtype=np.int64)})


def build_typed_column(column: ColumnSpec, reading: Reading | None, keep: Mask) -> object:
    """Return the values of a column in the rows to keep, typed as :class:`Inputs` says."""
    count = int(keep.sum())
    if column.kind in ("number", "share"):
        values = np.full(count, np.nan) if reading is None else reading.values[keep].astype(np.float64)
        return values if column.default is None else np.where(np.isnan(values), float(column.default), values)
    if column.kind == "date":
        days = np.full(count, np.datetime64("NaT"), dtype="datetime64[ns]")
        return days if reading is None else reading.values[keep]
    texts = np.full(count, "", dtype=object) if reading is None else reading.text()[keep]
    if column.kind == "flag":
        return np.asarray(np.where(texts == "", bool(column.default), texts == "yes"), dtype=bool)
    if column.kind in ("choice", "customer", "name"):
        return pd.Categorical(texts, categories=pd.Index(sorted(set(texts)), dtype="str"))
    return pd.Series(texts, dtype="str")
