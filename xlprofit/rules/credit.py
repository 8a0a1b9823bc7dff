"""Invoices, Balances and LossRates: dates in their order, and what the cost of credit needs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.messages import _, term
from xlprofit.reading.faults import (
    Book,
    Fault,
    InputSheet,
    Trouble,
    build_counted_fault,
    build_fault_by_row,
    exclude_faulty_rows,
)
from xlprofit.reading.sums import sum_floats
from xlprofit.tables import TABLES, Settings

OWED = tuple(name for name, table in TABLES.items() if table.part == TABLES["Invoices"].part)
"""The tables that say what customers owe."""

CENT = 0.005
"""What sums of cents may differ by."""


def exclude_invalid_invoices(book: Book, settings: Settings) -> tuple[Book, list[Finding]]:
    """Return the tables without invoices whose dates or write-offs cannot hold; say what else looks odd."""
    if "Invoices" not in book:
        return book, []
    sheet = book["Invoices"]
    faults = [
        *_report_wrong_dates(sheet),
        *_report_wrong_write_offs(sheet, settings.currency),
        _report_later_invoices(sheet, settings),
    ]
    sheet, findings = exclude_faulty_rows(sheet, faults)
    findings += exclude_faulty_rows(sheet, _report_undated_write_offs(sheet, settings))[1]
    return {**book, "Invoices": sheet}, findings


def _report_wrong_dates(sheet: InputSheet) -> list[Fault]:
    return [
        _report_early_days(sheet, "due", "R31", "due_before_issued", out=False),
        _report_early_days(sheet, "paid", "R32", "paid_before_issued"),
        _report_early_days(sheet, "written_off_on", "R38", "written_off_before"),
    ]


def _report_early_days(sheet: InputSheet, column: str, code: str, variant: str, out: bool = True) -> Fault:
    """Return the fault of invoices on which something was done before they were issued."""
    days, issued = sheet.frame[column], sheet.frame["issued"]

    def tell(at: int) -> Trouble:
        return Trouble(code, phrase(code, variant, day=days.iloc[at], issued=issued.iloc[at]))

    return build_fault_by_row(code, column, np.asarray(days < issued, dtype=bool), tell, out=out)


def _report_wrong_write_offs(sheet: InputSheet, currency: str) -> list[Fault]:
    """Return the faults of more written off than was invoiced, and of more recovered than was written off."""
    return [
        _report_excess(sheet, "written_off", "amount", "written_off_invoice", currency),
        _report_excess(sheet, "recovered", "written_off", "recovered_written_off", currency),
    ]


def _report_excess(sheet: InputSheet, column: str, whole: str, variant: str, currency: str) -> Fault:
    """Return the fault of invoices with more money in one column than there is in another to take it from."""
    part, most = (sheet.frame[name].to_numpy(dtype=np.float64) for name in (column, whole))

    def tell(at: int) -> Trouble:
        return Trouble("R37", phrase("R37", variant, sum=part[at], amount=most[at], currency=currency))

    return build_fault_by_row("R37", column, (part > 0) & (part > most + CENT), tell)


def _report_later_invoices(sheet: InputSheet, settings: Settings) -> Fault:
    later = np.asarray(sheet.frame["issued"] > settings.as_of, dtype=bool)
    what = phrase(
        "R33",
        "invoices_issued_after",
        n=int(later.sum()),
        day=settings.as_of,
    )
    return build_counted_fault("R33", "issued", later, what)


def _report_undated_write_offs(sheet: InputSheet, settings: Settings) -> list[Fault]:
    """Return the warnings of write-offs and recoveries whose period is not known."""
    frame = sheet.frame
    written_off, recovered = (frame[c].to_numpy(dtype=np.float64) for c in ("written_off", "recovered"))
    gone = frame["written_off_on"].fillna(frame["paid"])
    lost = (written_off > 0) & gone.isna().to_numpy()
    # A payment before the write-off is not what came in after it.
    back = (recovered > 0) & ~(frame["paid"] >= gone).to_numpy(dtype=bool)
    figures = {"currency": settings.currency, "day": min(settings.as_of, settings.end)}
    what_lost = phrase(
        "R39",
        "invoices_written_off",
        n=sheet.count(lost),
        sum=sum_floats(written_off[lost]),
        **figures,
    )
    what_back = phrase(
        "R39",
        "invoices_recovered_without",
        n=sheet.count(back),
        sum=sum_floats(recovered[back]),
        **figures,
    )
    return [
        build_counted_fault("R39", "written_off", lost, what_lost),
        build_counted_fault("R39", "recovered", back, what_back),
    ]


def check_financing(book: Book, settings: Settings) -> list[Finding]:
    """Return the notes on what of the cost of credit is left out."""
    findings = []
    invoices, balances = _find_filled_sheet(book, "Invoices"), _find_filled_sheet(book, "Balances")
    if invoices and balances:
        both = balances.among("customer", invoices.present("customer"))
        what = phrase(
            "R34",
            "balances_customers_invoices",
            n=int(both.sum()),
        )
        findings += exclude_faulty_rows(balances, [build_counted_fault("R34", "customer", both, what)])[1]
    if (invoices or balances) and settings.cost_of_capital is None:
        what = phrase("R35", "not_given_financing", setting=term("setting", "cost_of_capital"))
        findings.append(build_finding("R35", "", "", what))
    findings += _report_unknown_cost(book, settings) if invoices or balances else []
    if invoices and not _find_filled_sheet(book, "LossRates"):
        what = phrase("R36", "no_expected_loss")
        findings.append(build_finding("R36", invoices.place.sheet, "", what))
    return findings


def _report_unknown_cost(book: Book, settings: Settings) -> list[Finding]:
    """Return the warning of customers whose receivables are financed at the price, their cost not being known."""
    if settings.finance_receivables_at == "price" or settings.cost_of_capital is None:
        return []
    owing = set[str]().union(*(s.present("customer") for t in OWED if (s := _find_filled_sheet(book, t))))
    known = set[str]()
    if sales := _find_filled_sheet(book, "Sales"):
        known |= sales.without(~(sales.frame["cogs"] > 0).to_numpy()).present("customer")
    if direct := _find_filled_sheet(book, "DirectCosts"):
        known |= direct.without(~direct.among("group", {"cogs"})).present("customer")
    unknown = owing - known
    if not unknown:
        return []
    what = phrase(
        "R40",
        "customers_receivables_no",
        n=len(unknown),
    )
    return [build_finding("R40", "", "", what, count=len(unknown))]


def fill_loss_rates(book: Book, settings: Settings) -> tuple[Book, list[Finding]]:
    """Return the tables with a loss rate in each bucket; warn of those that were blank, where money is open.

    What is lost of such money is not known, and is read cautiously: as the rate of the next bucket that has one, and
    as all of it where no later one has. Where none has one at all nothing can be said, and no bucket is left.
    """
    rates = _find_filled_sheet(book, "LossRates")
    if rates is None or not rates.frame["rate"].isna().any():
        return book, []
    place = np.argsort(rates.frame["days_past_due"].to_numpy(), kind="stable")
    ordered = rates.frame["rate"].iloc[place]
    blank = rates.frame["rate"].isna().to_numpy()
    if blank.all():
        what = phrase("R30", "no_rate_known")
        findings = exclude_faulty_rows(rates, [build_counted_fault("R30", "rate", blank, what)])[1]
        return {**book, "LossRates": rates.without(blank)}, findings
    filled = ordered.bfill().fillna(1.0).sort_index().to_numpy(dtype=np.float64)
    owed = _sum_open_buckets(book, rates, settings)
    open_there = np.abs(owed) >= CENT

    def tell(at: int) -> Trouble:
        figures = {
            "days": rates.frame["days_past_due"].iloc[at],
            "rate": _("{share:g} %", share=filled[at] * 100),
            "sum": owed[at],
            "currency": settings.currency,
        }
        code = "R30" if open_there[at] else "R46"
        return Trouble(code, phrase("loss_rates", "rate_more_days", **figures))

    faults = [
        build_fault_by_row(code, "rate", blank & where, tell, out=False)
        for code, where in (("R30", open_there), ("R46", ~open_there))
    ]
    findings = exclude_faulty_rows(rates, faults)[1]
    return {**book, "LossRates": rates.with_column("rate", pd.Series(filled))}, findings


def _sum_open_buckets(book: Book, rates: InputSheet, settings: Settings) -> npt.NDArray[np.float64]:
    """Return the money owed on the day of the books in each bucket of LossRates, in the order of its rows."""
    owed = np.zeros(len(rates))
    invoices = _find_filled_sheet(book, "Invoices")
    if invoices is None:
        return owed
    frame, day = invoices.frame, settings.as_of
    unpaid = (frame["issued"] <= day) & ~(frame["paid"] <= day)
    late = (day - frame["due"]).dt.days.clip(lower=0).to_numpy()[unpaid.to_numpy()]
    amount = (frame["amount"] - frame["written_off"]).to_numpy()[unpaid.to_numpy()]
    bounds = rates.frame["days_past_due"].to_numpy()
    order = np.argsort(bounds, kind="stable")
    bucket = np.searchsorted(bounds[order], late, side="right") - 1
    for at, row in enumerate(order):
        owed[row] = sum_floats(amount[bucket == at])
    return owed


def _find_filled_sheet(book: Book, table: str) -> InputSheet | None:
    return book[table] if table in book and len(book[table]) else None
