"""Amounts: signs that look wrong, and money or work that is nobody's. All of it is counted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from xlprofit.checks.faults import Book, Fault, Mask, Sheet, plural, settled, summed_up
from xlprofit.findings import Finding
from xlprofit.tables import DRIVER_TABLES, UNSPREAD_LEVELS

QUANTITIES = {"Sales": ("quantity",), "ActivityLog": ("quantity",)}
REVENUE = {"Sales": ("gross_revenue",), "Invoices": ("amount",)}
COSTS = {"Sales": ("discount", "returns", "cogs"), "DirectCosts": ("amount",), "Resources": ("cost",)}
"""Columns that are seldom negative, by table."""


def signs(book: Book, currency: str) -> list[Finding]:
    """Return what is to be said of negative quantities, revenue, costs and drivers, each column once."""
    faults: dict[str, list[Fault]] = {table: [] for table in book}
    for code, columns in (("C15", QUANTITIES), ("C16", REVENUE), ("C17", COSTS)):
        for table in book:
            for column in columns.get(table, ()):
                faults[table].append(_negative(code, book[table], column, "" if code == "C15" else currency))
    drivers = book["Activities"].present("driver") if "Activities" in book else frozenset()
    for table in DRIVER_TABLES:
        if table in book:
            driven = sorted(drivers & set(book[table].frame.columns))
            faults[table] += [_negative("C19", book[table], driver, "") for driver in driven]
    return [found for table in book for found in settled(book[table], faults[table])[1]]


def _negative(code: str, sheet: Sheet, column: str, currency: str) -> Fault:
    values = sheet.frame[column].to_numpy()
    below = values < 0
    count = sheet.count(below)
    what = f"{plural(count, 'cell')} of {column} {'is' if count == 1 else 'are'} negative"
    if currency:
        what += f", {_sum(values, below):,.2f} {currency} in all"
    return summed_up(code, column, below, what)


def of_nobody(book: Book, currency: str) -> list[Finding]:
    """Return what is to be said of sales, costs and activities with no customer.

    A cost of the channel or of the whole firm is nobody's by its nature, and nothing is said of it.
    """
    findings: list[Finding] = []
    if "Sales" in book:
        sales = book["Sales"]
        blank = _blank(sales)
        net = sales.frame["gross_revenue"] - sales.frame["discount"] - sales.frame["returns"]
        verb = "has" if sales.count(blank) == 1 else "have"
        lines = plural(sales.count(blank), "sales line")
        what = f"{lines} ({_sum(net.to_numpy(), blank):,.2f} {currency} net) {verb} no customer"
        findings += settled(sales, [summed_up("M06", "customer", blank, what)])[1]
    if "DirectCosts" in book:
        costs = book["DirectCosts"]
        blank = _blank(costs) & ~costs.among("group", UNSPREAD_LEVELS)
        money = f" ({_sum(costs.frame['amount'].to_numpy(), blank):,.2f} {currency})"
        findings += settled(costs, [_unposted(costs, blank, money)])[1]
    if "ActivityLog" in book:
        log = book["ActivityLog"]
        blank = _blank(log) & ~log.among("activity", _unspread(book))
        findings += settled(log, [_unposted(log, blank, "")])[1]
    return findings


def _unposted(sheet: Sheet, blank: Mask, money: str) -> Fault:
    count = sheet.count(blank)
    verb = "has" if count == 1 else "have"
    return summed_up("C18", "customer", blank, f"{plural(count, 'row')}{money} {verb} no customer")


def _unspread(book: Book) -> frozenset[str]:
    """Return the activities of the channel or of the whole firm."""
    if "Activities" not in book:
        return frozenset()
    activities = book["Activities"]
    return activities.without(~activities.among("level", UNSPREAD_LEVELS)).present("activity")


def _blank(sheet: Sheet) -> Mask:
    return sheet.among("customer", {""})


def _sum(values: npt.NDArray[np.float64], mask: Mask) -> float:
    """Return a sum that does not depend on the order of the rows."""
    return float(np.sort(values[mask]).sum())
