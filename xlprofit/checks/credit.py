"""Invoices, Balances and LossRates: dates in their order, and what the cost of credit needs."""

from __future__ import annotations

import numpy as np

from xlprofit.checks.faults import Book, Sheet, Trouble, by_row, plural, settled, summed_up
from xlprofit.findings import Finding, finding
from xlprofit.tables import Settings


def dated(book: Book, settings: Settings) -> tuple[Book, list[Finding]]:
    """Return the tables without invoices paid before they were issued; say what else looks odd."""
    if "Invoices" not in book:
        return book, []
    sheet = book["Invoices"]
    frame = sheet.frame
    issued = frame["issued"]

    def early(at: int) -> Trouble:
        return Trouble("R31", f"due on {frame['due'].iloc[at]:%Y-%m-%d}, before it was issued on {_day(at)}")

    def paid(at: int) -> Trouble:
        return Trouble(
            "R32", f"paid on {frame['paid'].iloc[at]:%Y-%m-%d}, before it was issued on {_day(at)}"
        )

    def _day(at: int) -> str:
        return f"{issued.iloc[at]:%Y-%m-%d}"

    later = np.asarray(issued > settings.as_of, dtype=bool)
    what = f"{plural(int(later.sum()), 'invoice')} issued after {settings.as_of:%Y-%m-%d}"
    faults = [
        by_row("R31", "due", np.asarray(frame["due"] < issued, dtype=bool), early, out=False),
        by_row("R32", "paid", np.asarray(frame["paid"] < issued, dtype=bool), paid),
        summed_up("R33", "issued", later, what),
    ]
    sheet, findings = settled(sheet, faults)
    return {**book, "Invoices": sheet}, findings


def financed(book: Book, settings: Settings) -> list[Finding]:
    """Return the notes on what of the cost of credit is left out."""
    findings = []
    invoices, balances = _rows(book, "Invoices"), _rows(book, "Balances")
    if invoices and balances:
        both = balances.among("customer", invoices.present("customer"))
        what = f"{plural(int(both.sum()), 'balance')} of customers that have invoices: the invoices are used"
        findings += settled(balances, [summed_up("R34", "customer", both, what)])[1]
    if (invoices or balances) and settings.cost_of_capital is None:
        findings.append(finding("R35", "", "", "cost_of_capital is not given: financing is left out"))
    if invoices and not _rows(book, "LossRates"):
        findings.append(
            finding("R36", invoices.place.sheet, "", "there are no LossRates: expected loss is left out")
        )
    return findings


def _rows(book: Book, table: str) -> Sheet | None:
    return book[table] if table in book and len(book[table]) else None
