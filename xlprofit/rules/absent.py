"""Absent columns: what the figures take for granted where a column was not found, and which column it could be.

Cost of goods and the day of payment are told wherever they are missing, in money. Any other column is told only where
the sheet has one that is not read and could be it; so a small table without it is left in peace.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xlprofit.addresses import format_column
from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.headings import keys_of
from xlprofit.messages import _, join_messages, name_in_workbook
from xlprofit.reading import content, headers
from xlprofit.reading.content import Content
from xlprofit.reading.drivers import BASES, NO_DRIVER
from xlprofit.reading.faults import Book, InputSheet
from xlprofit.reading.sums import sum_floats
from xlprofit.tables import DRIVER_TABLES, ColumnSpec, header_key
from xlprofit.tables.other_headers import NET, TAX, WITH_TAX


class UnreadColumns:
    """A table's sheet as the search for absent columns sees it: what stands in the columns that are not read."""

    def __init__(self, sheet: InputSheet, drivers: frozenset[str]) -> None:
        self.sheet = sheet
        self.table = sheet.place.table
        self.frame = sheet.body
        self.used = [at - sheet.first_column for at in sheet.place.cells.values()]
        self.drivers = drivers

    @cached_property
    def unused(self) -> dict[int, Content]:
        """What stands in each column that is not read and not known."""
        spare = headers.find_unused_columns(self.frame, self.table.name, self.used, self.drivers)
        return {at: self.look(at) for at in spare}

    def list_unused(self, fits: Callable[[Content], bool]) -> list[int]:
        """Return the columns that are not read and not known, and whose cells fit."""
        return [at for at, look in self.unused.items() if fits(look)]

    def look(self, at: int) -> Content:
        """Return what stands in a column; of a source's sums only what is used was fetched."""
        unread = self.sheet.first_row <= 1 and self.sheet.place.lines is not None
        return content.inspect_column(self.frame.iloc[:, at], unread)

    def has(self, column: str) -> bool:
        """Whether a column was found."""
        return column in self.sheet.place.cells

    def is_blank(self, column: str) -> bool:
        """Whether a column was found with nothing in it."""
        return self.has(column) and not self.look(self.place_of(column)).filled

    def place_of(self, column: str) -> int:
        """Return the position of a column that was found."""
        return self.sheet.place.cells[column] - self.sheet.first_column

    def cell(self, places: Sequence[int]) -> str:
        """Return the address of the first of some headers; nothing where there is none, or no sheet."""
        if not places or self.sheet.first_row <= 1:
            return ""
        return f"{format_column(self.sheet.first_column + places[0])}{self.sheet.first_row - 1}"

    def name_unused(self, places: Sequence[int]) -> str:
        """Return the end of a sentence that names columns that are not used."""
        if not places:
            return ""
        return phrase("absent", "columns_not_used", headers=headers.name_headers(self.frame, places))


@dataclass(frozen=True)
class Wanted:
    """What other tables ask of a table's columns: the drivers of the time equations, the scopes of the commissions."""

    drivers: tuple[str, ...]
    scopes: frozenset[str]


def find_wanted_columns(book: Book) -> Wanted:
    """Return what is asked of columns by all rows, those too that are left out since their column is absent."""
    drivers = book["Activities"].present("driver") if "Activities" in book else frozenset()
    scopes = book["Commissions"].present("scope") if "Commissions" in book else frozenset()
    return Wanted(tuple(sorted(d for d in drivers if header_key(d) not in BASES | NO_DRIVER)), scopes)


def check_absent_columns(book: Book, wanted: Wanted, currency: str) -> list[Finding]:
    """Return what is to be said of columns that were not found, with what the figures take for granted.

    ``currency`` is that of the run. The rows of ``book`` are those whose money is told.
    """
    keys = frozenset(map(header_key, wanted.drivers))
    findings: list[Finding] = []
    for name, sheet in book.items():
        body = UnreadColumns(sheet, keys)
        told: set[int] = set()
        if name == "Sales" and len(sheet) and body.has("gross_revenue"):
            found, told = _warn_of_missing_cogs(body, book, currency)
            findings += [*found, *_warn_of_double_deductions(body, currency)]
        if name == "Invoices" and len(sheet) and body.has("amount"):
            found, told = _warn_of_missing_payments(body, currency)
            findings += found
        findings += _suggest_columns(body, wanted, told)
    return findings


# --- money -----------------------------------------------------------------------------------------


def _warn_of_missing_cogs(body: UnreadColumns, book: Book, currency: str) -> tuple[list[Finding], set[int]]:
    """Return the warning of sales without cost of goods, in money, and which columns it names."""
    blank = body.has("cogs")
    if blank and not body.is_blank("cogs"):
        return [], set()
    frame = body.sheet.frame
    net = sum_floats(frame["gross_revenue"] - frame["discount"] - frame["returns"])
    unused = body.list_unused(content.is_numeric)
    elsewhere = "DirectCosts" in book and "cogs" in book["DirectCosts"].present("group")
    if (blank and not net) or (elsewhere and not unused):
        return [], set()
    missing = phrase("H06", "blank_every_row" if blank else "no_column")
    variant = "only_cost_goods" if elsewhere else "gross_margin_then"
    what = phrase("H06", variant, missing=missing, sum=net, currency=currency)
    what += body.name_unused(unused)
    return [build_finding("H06", body.sheet.place.sheet, body.cell(unused), what)], set(unused)


def _warn_of_missing_payments(body: UnreadColumns, currency: str) -> tuple[list[Finding], set[int]]:
    """Return the warning of invoices without the day of payment, in money, and which columns it names."""
    blank = body.has("paid")
    unused = body.list_unused(content.is_dated)
    if blank and not (unused and body.is_blank("paid")):
        return [], set()
    frame = body.sheet.frame
    count = body.sheet.count(np.ones(len(frame), dtype=bool))
    what = phrase(
        "H06",
        "all_invoices_count",
        n=count,
        missing=phrase("H06", "blank_every_row_2" if blank else "no_column_2"),
        sum=sum_floats(frame["amount"]),
        currency=currency,
    )
    what += body.name_unused(unused)
    fix = phrase("H06", "rename_header_column")
    sheet = body.sheet.place.sheet
    return [build_finding("H06", sheet, body.cell(unused), what, fix=fix, count=count)], set(unused)


def _warn_of_double_deductions(body: UnreadColumns, currency: str) -> Iterator[Finding]:
    """Yield the warnings of revenue that discounts, returns or tax may have been taken off, or not."""
    at = body.place_of("gross_revenue")
    called = headers.read_name(body.frame.columns[at])
    sheet, cell = body.sheet.place.sheet, body.cell([at])
    read = {
        "header": headers.name_headers(body.frame, [at]),
        "column": name_in_workbook("Sales", "gross_revenue"),
    }
    if called in keys_of(NET) and (off := _list_filled_deductions(body)):
        what = phrase(
            "H09",
            "header_read_deducted",
            **read,
            deducted=join_messages(_(" and "), (name_in_workbook("Sales", column) for column in off)),
            sum=sum_floats(body.sheet.frame[off].sum(axis=1)),
            currency=currency,
        )
        yield build_finding("H09", sheet, cell, what, fix=phrase("H09", "if_deducted_before"))
    tax = [i for i, h in enumerate(body.frame.columns) if headers.read_name(h) in keys_of(TAX)]
    if tax and called in keys_of(WITH_TAX):
        what = phrase("H09", "header_read_column", **read, tax=headers.name_headers(body.frame, tax[:1]))
        yield build_finding("H09", sheet, cell, what, fix=phrase("H09", "give_revenue_before"))


def _list_filled_deductions(body: UnreadColumns) -> list[str]:
    """Return the columns of deductions that were found and have any amount in them."""
    return [c for c in ("discount", "returns") if body.has(c) and bool((body.sheet.frame[c] != 0).any())]


# --- any other column --------------------------------------------------------------------------------


def _suggest_columns(body: UnreadColumns, wanted: Wanted, told: Collection[int]) -> Iterator[Finding]:
    """Yield one warning for a table: which columns were not found, and which that are not used they could be."""
    free = _find_free_columns(body, told)
    absent: list[str] = []
    fitting: set[int] = set()
    for called, found in (
        *_fit_missing_columns(body, wanted, free),
        *_fit_missing_drivers(body, wanted, free),
    ):
        absent.append(called)
        fitting |= found
    if absent:
        places = sorted(fitting)
        what = phrase("H07", "no_columns", n=len(absent), columns=join_messages(", ", absent))
        what += body.name_unused(places)
        yield build_finding("H07", body.sheet.place.sheet, body.cell(places), what, count=len(absent))


def _fit_missing_columns(
    body: UnreadColumns, wanted: Wanted, free: Mapping[int, Content]
) -> Iterator[tuple[str, set[int]]]:
    """Yield each column that is missing and needed, with what is taken for granted, and which ones could be it."""
    for column in body.table.columns:
        if column.assumed and not body.has(column.name) and _is_column_needed(body, column, wanted):
            found = {at for at, look in free.items() if _can_stand_for(look, column)}
            if found:
                yield name_in_workbook(body.table.name, column.name) + " (" + _(column.assumed) + ")", found


def _can_stand_for(look: Content, column: ColumnSpec) -> bool:
    """Whether what stands in a column could be that of another."""
    return content.can_fit_column(look, column) and (not column.groups or content.is_grouping(look))


def _fit_missing_drivers(
    body: UnreadColumns, wanted: Wanted, free: Mapping[int, Content]
) -> Iterator[tuple[str, set[int]]]:
    """Yield each driver without a column in a log, and which columns could be it."""
    found = {at for at, look in free.items() if content.is_numeric(look)}
    for driver in wanted.drivers if found and body.table.name in DRIVER_TABLES else ():
        if driver not in body.sheet.place.cells:
            yield phrase("H07", "counts", driver=driver), found


def _find_free_columns(body: UnreadColumns, told: Collection[int]) -> dict[int, Content]:
    """Return what stands in the columns that could be anything, but for those that another finding names."""
    columns = [c for c in body.table.columns if not body.has(c.name)]
    free = {}
    for at, look in body.unused.items():
        key = headers.read_name(body.frame.columns[at])
        if (
            at not in told
            and not headers.has_other_meaning(body.frame.columns[at])
            and not any(headers.find_near_headers([key], body.table.name, column) for column in columns)
        ):
            free[at] = look
    return free


def _is_column_needed(body: UnreadColumns, column: ColumnSpec, wanted: Wanted) -> bool:
    """Whether a figure depends on a column that is missing, and nothing else tells of it."""
    return not column.told_missing and (not column.scope_alone or column.scope in wanted.scopes)
