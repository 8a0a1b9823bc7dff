"""Invoices, Balances and LossRates: dates in their order, and what the cost of credit needs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xlprofit.checks.faults import Book, Sheet, Trouble, by_row, settled, summed_up
from xlprofit.findings import Finding, finding
from xlprofit.language import _, _n, term
from xlprofit.tables import Settings


def dated(book: Book, settings: Settings) -> tuple[Book, list[Finding]]:
    """Return the tables without invoices paid before they were issued; say what else looks odd."""
    if "Invoices" not in book:
        return book, []
    sheet = book["Invoices"]
    frame = sheet.frame
    issued = frame["issued"]

    def early(at: int) -> Trouble:
        what = _("due on {day:%Y-%m-%d}, before it was issued on {issued:%Y-%m-%d}", **_days("due", at))
        return Trouble("R31", what)

    def paid(at: int) -> Trouble:
        what = _("paid on {day:%Y-%m-%d}, before it was issued on {issued:%Y-%m-%d}", **_days("paid", at))
        return Trouble("R32", what)

    def _days(column: str, at: int) -> dict[str, pd.Timestamp]:
        return {"day": frame[column].iloc[at], "issued": issued.iloc[at]}

    later = np.asarray(issued > settings.as_of, dtype=bool)
    what = _n(
        "{n:,} invoice issued after {day:%Y-%m-%d}",
        "{n:,} invoices issued after {day:%Y-%m-%d}",
        int(later.sum()),
        day=settings.as_of,
    )
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
        what = _n(
            "{n:,} balance of customers that have invoices: the invoices are used",
            "{n:,} balances of customers that have invoices: the invoices are used",
            int(both.sum()),
        )
        findings += settled(balances, [summed_up("R34", "customer", both, what)])[1]
    if (invoices or balances) and settings.cost_of_capital is None:
        what = _("{setting} is not given: financing is left out", setting=term("setting", "cost_of_capital"))
        findings.append(finding("R35", "", "", what))
    if invoices and not _rows(book, "LossRates"):
        what = _("there are no {LossRates}: expected loss is left out")
        findings.append(finding("R36", invoices.place.sheet, "", what))
    return findings


def _rows(book: Book, table: str) -> Sheet | None:
    return book[table] if table in book and len(book[table]) else None
