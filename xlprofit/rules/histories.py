"""Histories: rows of Customers that hold from or until a day, and which of them held on the day of other rows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xlprofit.findings import Finding, phrase
from xlprofit.messages import day
from xlprofit.reading.faults import (
    Book,
    InputSheet,
    Trouble,
    build_fault_by_name,
    build_fault_by_row,
    exclude_faulty_rows,
    quote_value,
)
from xlprofit.tables import TABLES
from xlprofit.tables.history import (
    NOT_COVERED,
    find_held_rows,
    is_dated,
    keep_latest_rows,
    order_history,
)

DATED = {t.name: t.counted_for("span", "books")[0] for t in TABLES.values() if t.posts}
"""The tables whose rows are grouped by what held on their day, each with the column of that day."""


def exclude_reversed_rows(book: Book) -> tuple[Book, list[Finding]]:
    """Return Customers without rows that end before they begin, and the findings."""
    if "Customers" not in book:
        return book, []
    sheet = book["Customers"]
    first, last = sheet.frame["from"], sheet.frame["until"]

    def tell(at: int) -> Trouble:
        told = {"first": day(first.iloc[at]), "last": day(last.iloc[at])}
        return Trouble("R49", phrase("R49", "until_before_from", **told))

    sheet, found = exclude_faulty_rows(
        sheet, [build_fault_by_row("R49", "until", (last < first).to_numpy(), tell)]
    )
    return {**book, "Customers": sheet}, found


def check_histories(book: Book) -> list[Finding]:
    """Return the warnings of rows of one customer that hold at the same time, and of days that none covers."""
    if "Customers" not in book or not is_dated(book["Customers"].frame):
        return []
    sheet = book["Customers"]

    def tell(at: int) -> Trouble:
        name = quote_value(str(sheet.frame["customer"].iloc[at]))
        return Trouble("R50", phrase("R50", "rows_overlap", customer=name))

    overlapping = _find_overlapping_rows(sheet.frame)
    found = exclude_faulty_rows(sheet, [build_fault_by_row("R50", "from", overlapping, tell, out=False)])[1]
    history = order_history(sheet.frame)
    for table, column in DATED.items():
        if table in book and len(book[table]):
            found += _check_covered_days(book[table], column, history)
    return found


def _find_overlapping_rows(customers: pd.DataFrame) -> np.ndarray:
    """Return which rows begin before an earlier row of their customer has ended, by a day that it says."""
    first = customers["from"].fillna(pd.Timestamp.min).to_numpy()
    last = customers["until"].fillna(pd.Timestamp.max).to_numpy()
    order = np.lexsort([last.view("int64"), first.view("int64"), customers["customer"].cat.codes.to_numpy()])
    who = customers["customer"].cat.codes.to_numpy()[order]
    ended = customers["until"].to_numpy()[order]
    begun = customers["from"].isna().to_numpy()[order]
    again = np.zeros(len(order), dtype=bool)
    same = who[1:] == who[:-1]
    again[1:] = same & ~np.isnat(ended[:-1]) & ~begun[1:] & (first[order][1:] <= ended[:-1])
    out = np.zeros(len(order), dtype=bool)
    out[order] = again
    return out


def _check_covered_days(sheet: InputSheet, column: str, history: pd.DataFrame) -> list[Finding]:
    held = find_held_rows(sheet.frame, column, history)
    bare = np.asarray(held == NOT_COVERED, dtype=bool)

    def tell(customer: str) -> Trouble:
        rows = sheet.frame[bare & (sheet.frame["customer"] == customer).to_numpy()]
        told = {"n": len(rows), "customer": quote_value(customer), "first": day(rows[column].min())}
        return Trouble("R51", phrase("R51", "days_not_covered", **told))

    fault = build_fault_by_name("R51", sheet, "customer", bare, tell, out=False)
    return exclude_faulty_rows(sheet, [fault])[1]


def split_history(frames: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame | None]:
    """Return the tables with one row a customer in Customers, and all its rows where any is dated.

    The dated tables then have the column ``held``: which row of Customers held on the day of theirs.
    """
    customers = frames["Customers"]
    if not is_dated(customers):
        return dict(frames), None
    history = order_history(customers)
    split = {**frames, "Customers": keep_latest_rows(customers)}
    for table, column in DATED.items():
        if len(frames[table]):
            split[table] = frames[table].assign(held=find_held_rows(frames[table], column, history))
    return split, history
