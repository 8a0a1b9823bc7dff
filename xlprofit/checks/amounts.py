"""Amounts: signs that look wrong, and money or work that is nobody's. All of it is counted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.checks.faults import (
    Book,
    Fault,
    InputSheet,
    Mask,
    Places,
    build_counted_fault,
    exclude_faulty_rows,
)
from xlprofit.findings import Finding, phrase
from xlprofit.messages import named
from xlprofit.tables import DRIVER_TABLES, TABLES
from xlprofit.tables.spec import Written
from xlprofit.vocabulary.levels import UNSPREAD_LEVELS

MUCH = 0.1
"""The share of the positive revenue above which negative revenue is pointed out where nothing explains it."""


def check_signs(book: Book, currency: str, credits: Mapping[str, Places]) -> list[Finding]:
    """Return what is to be said of negative quantities, revenue, costs and drivers, each column once.

    ``credits`` has the rows of each table that were turned negative since a word says so: it was said there.
    """
    faults: dict[str, list[Fault]] = {table: [] for table in book}
    known = {
        table: ~np.isin(sheet.frame["row"].to_numpy(), credits.get(table, ()))
        for table, sheet in book.items()
    }
    kinds: tuple[tuple[str, Written], ...] = (("C15", "quantity"), ("C17", "cost"))
    for code, kind in kinds:
        for table in book:
            for column in TABLES[table].written_as(kind):
                below = (book[table].frame[column].to_numpy() < 0) & known[table]
                faults[table].append(
                    _report_negative_values(
                        code, book[table], column, below, "" if code == "C15" else currency
                    )
                )
    for table in book:
        for column in TABLES[table].written_as("revenue"):
            below = (book[table].frame[column].to_numpy() < 0) & known[table]
            doubtful = _find_doubtful_credits(book[table].frame, column, below)
            faults[table].append(
                _report_negative_values("C16", book[table], column, below & ~doubtful, currency)
            )
            faults[table].append(_report_negative_values("C29", book[table], column, doubtful, currency))
    drivers = book["Activities"].present("driver") if "Activities" in book else frozenset()
    for table in DRIVER_TABLES:
        if table in book:
            for driver in sorted(drivers & set(book[table].frame.columns)):
                below = book[table].frame[driver].to_numpy() < 0
                faults[table].append(_report_negative_values("C19", book[table], driver, below, ""))
    return [found for table in book for found in exclude_faulty_rows(book[table], faults[table])[1]]


def _find_doubtful_credits(frame: pd.DataFrame, column: str, below: Mask) -> Mask:
    """Return which rows of negative revenue are not plainly credit notes.

    A cost or a quantity that is negative too says that goods came back, a positive one that they did not. Where
    nothing says either, much of it is more than credit notes usually are.
    """
    plain, contrary = np.zeros(len(frame), dtype=bool), np.zeros(len(frame), dtype=bool)
    for other in ("cogs", "quantity"):
        if other in frame:
            values = frame[other].to_numpy()
            plain, contrary = plain | (values < 0), contrary | (values > 0)
    contrary = below & contrary & ~plain
    unsaid = below & ~contrary & ~plain
    values = frame[column].to_numpy()
    much = -_sum_masked_values(values, unsaid) > MUCH * _sum_masked_values(values, values > 0)
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
            column=named("Sales", column),
            sum=_sum_masked_values(values - revenue, over),
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
        column=named(sheet.place.table.name, column),
    )
    if currency:
        values = sheet.frame[column].to_numpy()
        what += phrase("amounts", "all", sum=_sum_masked_values(values, below), currency=currency)
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
        what = phrase(
            "M06",
            "sales_lines_net",
            n=sales.count(blank),
            sum=_sum_masked_values(net.to_numpy(), blank),
            currency=currency,
        )
        findings += exclude_faulty_rows(sales, [build_counted_fault("M06", "customer", blank, what)])[1]
    if "DirectCosts" in book:
        costs = book["DirectCosts"]
        blank = _find_rows_without_customer(costs) & ~costs.among("group", UNSPREAD_LEVELS)
        what = phrase(
            "C18",
            "rows_no_customer",
            n=costs.count(blank),
            sum=_sum_masked_values(costs.frame["amount"].to_numpy(), blank),
            currency=currency,
        )
        findings += exclude_faulty_rows(costs, [build_counted_fault("C18", "customer", blank, what)])[1]
    if "ActivityLog" in book:
        log = book["ActivityLog"]
        blank = _find_rows_without_customer(log) & ~log.among("activity", _list_unspread_activities(book))
        what = phrase("C18", "rows_no_customer_2", n=log.count(blank))
        findings += exclude_faulty_rows(log, [build_counted_fault("C18", "customer", blank, what)])[1]
    return findings


def _list_unspread_activities(book: Book) -> frozenset[str]:
    """Return the activities of the channel or of the whole firm."""
    if "Activities" not in book:
        return frozenset()
    activities = book["Activities"]
    return activities.without(~activities.among("level", UNSPREAD_LEVELS)).present("activity")


def _find_rows_without_customer(sheet: InputSheet) -> Mask:
    return sheet.among("customer", {""})


def _sum_masked_values(values: npt.NDArray[np.float64], mask: Mask) -> float:
    """Return a sum that does not depend on the order of the rows."""
    return float(np.sort(values[mask]).sum())
