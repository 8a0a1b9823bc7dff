"""Amounts: signs that look wrong, and money or work that is nobody's. All of it is counted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np
import pandas as pd

from xlprofit.findings import Finding, phrase
from xlprofit.messages import name_in_workbook
from xlprofit.reading.faults import (
    Book,
    Fault,
    InputSheet,
    Mask,
    Places,
    build_counted_fault,
    exclude_faulty_rows,
)
from xlprofit.reading.sums import sum_floats
from xlprofit.tables import DRIVER_TABLES
from xlprofit.tables.spec import Written
from xlprofit.vocabulary.levels import UNSPREAD_LEVELS

MUCH = 0.1
"""The share of the positive revenue above which negative revenue is pointed out where nothing explains it."""


def check_signs(book: Book, currency: str, credits: Mapping[str, Places]) -> list[Finding]:
    """Return what is to be said of negative quantities, revenue, costs and drivers, each column once.

    ``credits`` has the rows of each table that were turned negative since a word says so: it was said there.
    """
    drivers = book["Activities"].present("driver") if "Activities" in book else frozenset()
    findings: list[Finding] = []
    for table, sheet in book.items():
        known = ~np.isin(sheet.frame["row"].to_numpy(), credits.get(table, ()))
        faults = [
            *_report_negative_quantities(sheet, known, currency),
            *_report_negative_columns("C17", sheet, "cost", known, currency),
            *_report_negative_revenue(sheet, known, currency),
            *_report_negative_drivers(sheet, drivers if table in DRIVER_TABLES else ()),
        ]
        findings += exclude_faulty_rows(sheet, faults)[1]
    return findings


def _report_negative_columns(
    code: str, sheet: InputSheet, kind: Written, known: Mask, currency: str
) -> Iterator[Fault]:
    """Yield the fault of each column of a kind that is written positive and has negative cells."""
    for column in sheet.place.table.written_as(kind):
        below = (sheet.frame[column].to_numpy() < 0) & known
        yield _report_negative_values(code, sheet, column, below, currency)


def _report_negative_quantities(sheet: InputSheet, known: Mask, currency: str) -> Iterator[Fault]:
    """Yield the faults of negative quantities: of what came back, and of what was sold all the same by its revenue."""
    for column in sheet.place.table.written_as("quantity"):
        below = (sheet.frame[column].to_numpy() < 0) & known
        sold = np.zeros(len(below), dtype=bool)
        for revenue in sheet.place.table.written_as("revenue"):
            values = sheet.frame[revenue].to_numpy()
            sold = below & (values >= 0)
            what = phrase(
                "C15",
                "counted_sales",
                n=sheet.count(sold),
                column=name_in_workbook(sheet.place.table.name, column),
                sum=sum_floats(values[sold]),
                currency=currency,
            )
            fix = phrase("C15", "write_revenue_negative")
            yield build_counted_fault("C15", column, sold, what, fix=fix)
        yield _report_negative_values("C15", sheet, column, below & ~sold, "")


def _report_negative_revenue(sheet: InputSheet, known: Mask, currency: str) -> Iterator[Fault]:
    """Yield the faults of negative revenue: what is plainly a credit note, and what is in doubt."""
    for column in sheet.place.table.written_as("revenue"):
        below = (sheet.frame[column].to_numpy() < 0) & known
        doubtful = _find_doubtful_credits(sheet.frame, column, below)
        yield _report_negative_values("C16", sheet, column, below & ~doubtful, currency)
        yield _report_negative_values("C29", sheet, column, doubtful, currency)


def _report_negative_drivers(sheet: InputSheet, drivers: Collection[str]) -> Iterator[Fault]:
    """Yield the fault of each driver of a log that has negative cells."""
    for driver in sorted({*drivers} & {*sheet.frame.columns}):
        yield _report_negative_values("C19", sheet, driver, sheet.frame[driver].to_numpy() < 0, "")


def _find_doubtful_credits(frame: pd.DataFrame, column: str, below: Mask) -> Mask:
    """Return which rows of negative revenue are not plainly credit notes.

    A cost or a quantity that is negative too says that goods came back, a positive one that they did not. Where
    nothing says either, much of it is more than credit notes usually are.
    """
    if not below.any():
        return below
    plain, contrary = np.zeros(len(frame), dtype=bool), np.zeros(len(frame), dtype=bool)
    for other in ("cogs", "quantity"):
        if other in frame:
            values = frame[other].to_numpy()
            plain, contrary = plain | (values < 0), contrary | (values > 0)
    contrary = below & contrary & ~plain
    unsaid = below & ~contrary & ~plain
    values = frame[column].to_numpy()
    much = -sum_floats(values[unsaid]) > MUCH * sum_floats(values[values > 0])
    return contrary | unsaid if much else contrary


def check_excessive_deductions(book: Book, currency: str) -> list[Finding]:
    """Return what is to be said of discounts and returns that are larger than the sale that they are taken off."""
    if "Sales" not in book:
        return []
    sales = book["Sales"]
    revenue = sales.frame["gross_revenue"].to_numpy()
    faults = []
    for column in ("discount", "returns"):
        values = sales.frame[column].to_numpy()
        over = (revenue > 0) & (values > revenue * (1 + 1e-9))
        what = phrase(
            "C30",
            "cells_larger_than",
            n=sales.count(over),
            column=name_in_workbook("Sales", column),
            sum=sum_floats((values - revenue)[over]),
            currency=currency,
        )
        faults.append(build_counted_fault("C30", column, over, what))
    return exclude_faulty_rows(sales, faults)[1]


def _report_negative_values(code: str, sheet: InputSheet, column: str, below: Mask, currency: str) -> Fault:
    count = sheet.count(below)
    what = phrase(
        "amounts",
        "cells_negative",
        n=count,
        column=name_in_workbook(sheet.place.table.name, column),
    )
    if currency:
        values = sheet.frame[column].to_numpy()
        what += phrase("amounts", "all", sum=sum_floats(values[below]), currency=currency)
    return build_counted_fault(code, column, below, what)


def check_missing_customers(book: Book, currency: str) -> list[Finding]:
    """Return what is to be said of sales, costs and activities with no customer.

    A cost of the channel or of the whole firm is nobody's by its nature, and nothing is said of it.
    """
    findings: list[Finding] = []
    if "Sales" in book:
        sales = book["Sales"]
        blank = _find_rows_without_customer(sales)
        net = sales.frame["gross_revenue"] - sales.frame["discount"] - sales.frame["returns"]
        findings += _report_missing_customers(
            sales, "M06", "sales_lines_net", blank, sum=sum_floats(net[blank]), currency=currency
        )
    if "DirectCosts" in book:
        costs = book["DirectCosts"]
        blank = _find_rows_without_customer(costs) & ~costs.among("group", UNSPREAD_LEVELS)
        amount = sum_floats(costs.frame["amount"][blank])
        findings += _report_missing_customers(
            costs, "C18", "rows_no_customer", blank, sum=amount, currency=currency
        )
    if "ActivityLog" in book:
        log = book["ActivityLog"]
        blank = _find_rows_without_customer(log) & ~log.among("activity", _list_unspread_activities(book))
        findings += _report_missing_customers(log, "C18", "rows_no_customer_2", blank)
    return findings


def _report_missing_customers(
    sheet: InputSheet, code: str, variant: str, blank: Mask, **figures: object
) -> list[Finding]:
    what = phrase(code, variant, n=sheet.count(blank), **figures)
    return exclude_faulty_rows(sheet, [build_counted_fault(code, "customer", blank, what)])[1]


def _list_unspread_activities(book: Book) -> frozenset[str]:
    """Return the activities of the channel or of the whole firm."""
    if "Activities" not in book:
        return frozenset()
    activities = book["Activities"]
    return activities.without(~activities.among("level", UNSPREAD_LEVELS)).present("activity")


def _find_rows_without_customer(sheet: InputSheet) -> Mask:
    return sheet.among("customer", {""})
