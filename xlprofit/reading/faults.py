"""Faults: what is wrong with cells of one column, many at once, and how they become findings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.addresses import format_column
from xlprofit.findings import CATALOGUE, Finding, build_finding, phrase
from xlprofit.messages import _, day, name_in_workbook, number
from xlprofit.reading.losses import NOTHING, add_losses, count_losses
from xlprofit.tables import TABLES, LeftOut, TableSpec

if TYPE_CHECKING:
    from xlprofit.reading.units import Unit

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
"""Positions of rows in a frame, counted from 0."""

SHOWN = 20
"""So many different cells of one column and code are named one by one; the rest are counted."""

LONGEST = 40
"""Characters of a cell's text that a message quotes."""


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a value, in words, and how to fix it (``None``: as the catalogue says)."""

    code: str
    what: str
    fix: str | None = None


@dataclass(frozen=True)
class Fault:
    """Cells of one column that are at fault in the same way.

    ``at`` holds their positions, ascending. ``which`` tells different contents apart (``None``: all are
    alike) and ``tell`` puts one of them into words. ``counted`` says that those words give the number
    of cells themselves. Where ``out`` is true, the rows are left out.
    """

    code: str
    column: str
    at: Places
    tell: Callable[[int], Trouble]
    which: Places | None = None
    counted: bool = False
    out: bool = False


@dataclass(frozen=True)
class Place:
    """Where a table stands: its sheet, and the sheet column of each of its columns that was found.

    ``first_row`` is the sheet row of its first body row, 1 where it stands on no sheet. ``lines`` says how
    many rows of a source each body row was summed from, where it was. ``units`` has what the headers say of the
    numbers under them, where they say anything.
    """

    table: TableSpec
    sheet: str
    cells: Mapping[str, int]
    first_row: int = 2
    lines: Places | None = None
    units: Mapping[str, Unit] = field(default_factory=dict)

    def lines_of(self, rows: Places) -> Places:
        """Return how many rows each of these sheet rows stands for: one, where nothing was summed."""
        if self.lines is None:
            return np.ones(len(rows), dtype=np.int64)
        return np.asarray(self.lines[np.asarray(rows, dtype=np.int64) - self.first_row], dtype=np.int64)

    def letters(self, column: str) -> str:
        """Return the letters of a column's place; those of the leftmost one where it was not given."""
        return format_column(self.cells.get(column, min(self.cells.values(), default=1)))

    def cell(self, column: str, row: int) -> str:
        """Return the address of a cell, such as ``C1204``; nothing where the table stands on no sheet."""
        return f"{self.letters(column)}{row}" if self.first_row > 1 else ""


@dataclass(frozen=True)
class InputSheet:
    """A table on its way through the checks: where it stands and the rows that are left of it.

    ``body`` is the raw frame that the rows came from, for what the typed columns do not hold; ``first_row`` and
    ``first_column`` are where its first cell stands. ``lost`` counts the rows that errors in them left out so far.
    """

    place: Place
    frame: pd.DataFrame
    body: pd.DataFrame
    first_row: int
    first_column: int
    lost: LeftOut = NOTHING

    def __len__(self) -> int:
        """Return the number of rows left."""
        return len(self.frame)

    def count(self, mask: Mask) -> int:
        """Return how many rows these are, each counted as often as it was summed from one."""
        return int(self.place.lines_of(self.frame["row"].to_numpy()[mask]).sum())

    def without(self, out: Mask) -> InputSheet:
        """Return the sheet without these rows."""
        return replace(self, frame=self.frame[~out].reset_index(drop=True)) if out.any() else self

    def with_column(self, column: str, values: pd.Series) -> InputSheet:
        """Return the sheet with other values in a column."""
        return replace(self, frame=self.frame.assign(**{column: values}))

    def codes(self, column: str) -> Places:
        """Return the codes of a categorical column."""
        return np.asarray(_extract_categorical(self.frame[column]).codes, dtype=np.int64)

    def among(self, column: str, names: Collection[str]) -> Mask:
        """Return which rows have one of these names in a categorical column."""
        known = [word in names for word in self.words(column)]
        return np.array([*known, False], dtype=bool)[self.codes(column)]

    def present(self, column: str) -> frozenset[str]:
        """Return the names that a categorical column has, blank left out."""
        words = self.words(column)
        return frozenset(words[np.bincount(self.codes(column) + 1, minlength=len(words) + 1)[1:] > 0]) - {""}

    def words(self, column: str) -> npt.NDArray[np.object_]:
        """Return the categories of a categorical column, which its codes count."""
        return np.asarray(_extract_categorical(self.frame[column]).categories, dtype=object)


def _extract_categorical(column: pd.Series) -> pd.Categorical:
    """Return what a categorical column holds, without the cost of going through ``.cat``."""
    held = column.array
    assert isinstance(held, pd.Categorical)
    return held


Book = dict[str, InputSheet]
"""The tables of a run by name, each with the rows that are left of it."""


def build_counted_fault(
    code: str, column: str, mask: Mask, what: str, out: bool = False, fix: str | None = None
) -> Fault:
    """Return the fault of all rows in ``mask`` in one finding, whose words give their number."""
    trouble = Trouble(code, what, fix)
    return Fault(code, column, np.flatnonzero(mask), lambda which: trouble, counted=True, out=out)


def build_fault_by_name(
    code: str, sheet: InputSheet, column: str, mask: Mask, tell: Callable[[str], Trouble], out: bool = True
) -> Fault:
    """Return the fault of the rows in ``mask``, told once for each different name in a column."""
    words, at = sheet.words(column), np.flatnonzero(mask)
    return Fault(code, column, at, lambda w: tell(str(words[w])), sheet.codes(column)[at], out=out)


def build_fault_by_row(
    code: str, column: str, mask: Mask, tell: Callable[[int], Trouble], out: bool = True
) -> Fault:
    """Return the fault of the rows in ``mask``, told row by row from the row's position."""
    at = np.flatnonzero(mask)
    return Fault(code, column, at, tell, at, out=out)


def report_faults(place: Place, rows: Places, faults: list[Fault]) -> list[Finding]:
    """Return the findings of faults: each different cell once, and the rest of many in one more.

    ``rows`` gives the sheet row of each position.
    """
    return [found for fault in faults if len(fault.at) for found in _report_fault(place, rows, fault)]


def exclude_faulty_rows(sheet: InputSheet, faults: list[Fault]) -> tuple[InputSheet, list[Finding]]:
    """Return the sheet without the rows that the faults leave out, and the findings."""
    rows = sheet.frame["row"].to_numpy()
    out, wrong = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    for one in faults:
        if one.out:
            out[one.at] = True
            wrong[one.at] |= CATALOGUE[one.code].severity == "error"
    return _record_losses(sheet, wrong).without(out), report_faults(sheet.place, rows, faults)


def _record_losses(sheet: InputSheet, wrong: Mask) -> InputSheet:
    """Return the sheet, the rows that are about to be left out for an error counted among its losses."""
    if not wrong.any():
        return sheet
    table, frame = sheet.place.table.name, sheet.frame[wrong]
    values = {name: frame[name].to_numpy(np.float64) for name in TABLES[table].weights}
    found = count_losses(table, values, sheet.place.lines_of(frame["row"].to_numpy()))
    return replace(sheet, lost=add_losses(sheet.lost, found))


def _report_fault(place: Place, rows: Places, fault: Fault) -> list[Finding]:
    which = np.zeros(len(fault.at), dtype=np.int64) if fault.which is None else fault.which
    groups, kinds = pd.factorize(which)
    lines = place.lines_of(rows[fault.at])
    counts = np.bincount(groups, weights=lines).astype(np.int64)
    firsts = np.unique(groups, return_index=True)[1]
    sheet, letters = place.sheet, place.letters(fault.column)
    where = f"{sheet}!{letters}"
    if place.first_row <= 1:
        where = _("{column} of {sheet}", column=name_in_workbook(place.table.name, fault.column), sheet=sheet)
    findings = []
    for kind, count, first in zip(kinds[:SHOWN], counts, firsts, strict=False):
        trouble = fault.tell(int(kind))
        more = "" if fault.counted or count == 1 else phrase("faults", "more_like_2", n=int(count) - 1)
        cell = place.cell(fault.column, int(rows[fault.at[first]]))
        findings.append(
            build_finding(fault.code, sheet, cell, trouble.what + more, fix=trouble.fix, count=int(count))
        )
    rest = int(counts[SHOWN:].sum())
    if rest:
        cell = place.cell(fault.column, int(rows[fault.at[firsts[SHOWN]]]))
        what = phrase("faults", "more_like", n=rest, where=where)
        findings.append(build_finding(fault.code, sheet, cell, what, count=rest))
    return findings


def quote_value(value: object) -> str:
    """Return a value as a message shows it: text in quotes, a number plainly, a date as 2024-03-01."""
    if isinstance(value, str):
        text = "".join(c if c.isprintable() else "·" for c in value[: LONGEST + 1])
        return f'"{text[:LONGEST]}…"' if len(text) > LONGEST else f'"{text}"'
    if isinstance(value, bool | np.bool_):
        return _("TRUE") if value else _("FALSE")
    if isinstance(value, float | int):
        return number(value, ".15g")
    if isinstance(value, np.datetime64) and isinstance(plain := value.astype("datetime64[D]").item(), date):
        return day(plain)
    return str(value)
