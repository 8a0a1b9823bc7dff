"""Coverage: whether what customers owe is given for all that they bought, since what is missing costs nothing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.reading.faults import Book, InputSheet
from xlprofit.reading.sums import sum_floats
from xlprofit.rules.span import FREQUENCIES
from xlprofit.tables import Settings

ENOUGH = 0.5
"""The share of its net revenue from which on a customer's invoices pass for those of all that it bought: the rest may
have been paid in cash, or be invoiced later."""

FEWEST = 2
"""Periods in which a customer must have bought for one of them to be missing among its balances."""

ROUNDING = 1e-9
"""A difference below this share is that of the order in which amounts were added."""

LAG = pd.Timedelta(days=31)
"""How much later than the span's last sales their invoices may be issued."""

Ordinals = npt.NDArray[np.int64]


def check_coverage(book: Book, settings: Settings) -> list[Finding]:
    """Return the warnings of periods without a balance, and of invoices for less than was sold."""
    sales = book.get("Sales")
    if sales is None or not len(sales):
        return []
    return _report_missing_balances(book, sales, settings) + _report_few_invoices(book, sales, settings)


def _report_missing_balances(book: Book, sales: InputSheet, settings: Settings) -> list[Finding]:
    """Return the warning of customers that bought in periods of which they have no balance.

    Who bought in one period only may have paid in it: a balance elsewhere says nothing of that.
    """
    balances, invoices = book.get("Balances"), book.get("Invoices")
    if balances is None or not len(balances) or settings.cost_of_capital is None:
        return []
    invoiced = invoices.present("customer") if invoices is not None else frozenset()
    names = pd.Index(sorted(balances.present("customer") - invoiced), dtype=object)
    bought = (sales.frame["gross_revenue"] > 0).to_numpy(dtype=bool)
    asked = _code_customer_periods(sales, names, bought, settings)
    asked = asked[np.bincount(asked % len(names), minlength=len(names))[asked % len(names)] >= FEWEST]
    missing = np.setdiff1d(asked, _code_customer_periods(balances, names, True, settings))
    if not len(missing):
        return []
    count = len(np.unique(missing % len(names)))
    of = asked[np.isin(asked % len(names), missing % len(names))]
    what = phrase("R52", "no_balance", n=count, missing=len(missing), all=len(of))
    return [build_finding("R52", balances.place.sheet, "", what, count=count)]


def _code_customer_periods(
    sheet: InputSheet, names: pd.Index, some: npt.NDArray[np.bool_] | bool, settings: Settings
) -> Ordinals:
    """Return a number for each customer of ``names`` and period that some rows of a sheet have, ascending."""
    who = np.append(names.get_indexer(pd.Index(sheet.words("customer"))), -1)[sheet.codes("customer")]
    kept = some & (who >= 0)
    codes, days = pd.factorize(sheet.frame["date"].to_numpy()[kept])
    ordinals = pd.DatetimeIndex(days).to_period(FREQUENCIES[settings.period]).asi8
    return np.unique(ordinals[codes] * len(names) + who[kept]).astype(np.int64)


def _report_few_invoices(book: Book, sales: InputSheet, settings: Settings) -> list[Finding]:
    """Return the warning of customers that were invoiced for less than :data:`ENOUGH` of what they bought."""
    invoices = book.get("Invoices")
    if invoices is None or not len(invoices):
        return []
    issued = invoices.frame["issued"]
    inside = ((issued >= settings.start) & (issued <= settings.end + LAG)).to_numpy(dtype=bool)
    billed = _sum_by_word(invoices, invoices.frame["amount"].to_numpy(dtype=np.float64) * inside)
    frame = sales.frame
    net = (frame["gross_revenue"] - frame["discount"] - frame["returns"]).to_numpy(dtype=np.float64)
    sold = _sum_by_word(sales, net).reindex(billed.index).dropna()
    few = sold[(sold > 0) & (billed[sold.index] < ENOUGH * (1.0 - ROUNDING) * sold)]
    if not len(few):
        return []
    what = phrase(
        "R53",
        "invoiced_less",
        n=len(few),
        sum=sum_floats(billed[few.index]),
        sold=sum_floats(few),
        currency=settings.currency,
    )
    return [build_finding("R53", invoices.place.sheet, "", what, count=len(few))]


def _sum_by_word(sheet: InputSheet, amounts: npt.NDArray[np.float64]) -> pd.Series:
    """Return the sums of some amounts by customer, sorted by name; of those that have a row."""
    words, codes = sheet.words("customer"), sheet.codes("customer")
    held = codes >= 0
    sums = np.bincount(codes[held], weights=amounts[held], minlength=len(words))
    found = pd.Series(sums, index=pd.Index(words, dtype=object))
    return found[sorted(sheet.present("customer"))]
