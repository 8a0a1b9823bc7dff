"""The cost of credit: what it takes to finance a customer's receivables, and what of them is lost."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger
from xlprofit.model import periods
from xlprofit.tables import Inputs

DAYS_OF_YEAR = 365
"""Days that a year's cost of capital is spread over."""


def invoice_postings(invoices: pd.DataFrame, inputs: Inputs) -> list[pd.DataFrame]:
    """Return the financing cost of invoices, a posting for each invoice and period it was open in.

    *Financing = amount × cost_of_capital × days / 365*, the days from the issue to the payment, or to
    ``as_of`` where it is unpaid then; those before the span's start or after its end are not counted.
    ``units`` is amount × days, ``rate`` is −cost_of_capital / 365.
    """
    settings = inputs.settings
    if settings.cost_of_capital is None or not len(invoices):
        return []
    invoices = ledger.in_order(
        invoices.reset_index(drop=True), ["customer", "issued", "amount", "due", "paid"]
    )
    day = np.timedelta64(1, "D")
    until = (
        invoices["paid"].fillna(settings.as_of).where(lambda d: d < settings.as_of, settings.as_of).to_numpy()
    )
    issued = invoices["issued"].to_numpy()
    posted = []
    labels = periods.labels(settings)
    for label, span in zip(labels, periods.spans(settings), strict=True):
        first = max(span.start_time.normalize(), settings.start).to_datetime64()
        after = min(span.end_time.normalize(), settings.end).to_datetime64() + day
        days = (np.minimum(until, after) - np.maximum(issued, first)) / day
        entry = np.flatnonzero(days > 0)
        if not len(entry):
            continue
        posted.append(
            ledger.post(
                _keys(invoices["customer"].iloc[entry], label, ledger.FINANCING, inputs, "Invoices"),
                units=(invoices["amount"].to_numpy() * days)[entry],
                rate=-settings.cost_of_capital / DAYS_OF_YEAR,
                entry=invoices.index.to_numpy()[entry].astype(np.int64),
            )
        )
    return posted


def balance_postings(balances: pd.DataFrame, inputs: Inputs) -> list[pd.DataFrame]:
    """Return the financing cost of average balances, for customers that have no invoices.

    *Financing = balance × cost_of_capital × the period's share of a year*; several balances of a customer
    in one period are averaged. ``units`` is the balance (its part of the average).
    """
    settings = inputs.settings
    if settings.cost_of_capital is None or not len(balances):
        return []
    invoiced = set(inputs["Invoices"]["customer"].astype(str))
    balances = balances.reset_index(drop=True)
    balances = balances[~balances["customer"].isin(invoiced).to_numpy()]
    balances = ledger.in_order(balances, ["customer", "date", "balance"])
    period = periods.code(balances["date"], settings)
    group = balances["customer"].cat.codes.to_numpy().astype(np.int64) * (period.max(initial=0) + 1) + period
    _, place, count = np.unique(group, return_inverse=True, return_counts=True)
    posted = ledger.post(
        _keys(balances["customer"], "", ledger.FINANCING, inputs, "Balances")
        | {"period": ledger.words(period, periods.labels(settings))},
        units=balances["balance"].to_numpy(dtype=np.float64) / count[place],
        rate=-settings.cost_of_capital * periods.SHARE_OF_YEAR[settings.period],
        entry=balances.index.to_numpy().astype(np.int64),
    )
    return [posted]


def is_open(invoices: pd.DataFrame, as_of: pd.Timestamp) -> npt.NDArray[np.bool_]:
    """Return whether each invoice was issued and not paid on the day ``as_of``."""
    paid = invoices["paid"]
    return np.asarray((invoices["issued"] <= as_of) & (paid.isna() | (paid > as_of)), dtype=bool)


def days_past_due(invoices: pd.DataFrame, as_of: pd.Timestamp) -> npt.NDArray[np.float64]:
    """Return the days from each invoice's due date to ``as_of``, 0 where it is not yet due."""
    days = (as_of - invoices["due"]).dt.days
    return np.asarray(days.clip(lower=0), dtype=np.float64)


def loss_postings(invoices: pd.DataFrame, inputs: Inputs) -> list[pd.DataFrame]:
    """Return the expected loss on open invoices, posted to the period of ``as_of``.

    The simplified approach of IFRS 9 (B5.5.35): *open balance × the loss rate of its bucket*, the
    bucket being that of LossRates with the highest lower bound that the days past due reach. Below
    the lowest bound nothing is lost. ``units`` is the open amount, ``rate`` the negative loss rate.
    """
    matrix = inputs["LossRates"].sort_values("days_past_due")
    as_of = inputs.settings.as_of
    if not len(matrix) or not len(invoices):
        return []
    invoices = invoices.reset_index(drop=True)
    invoices = invoices[is_open(invoices, as_of)]
    invoices = ledger.in_order(invoices, ["customer", "due", "amount", "issued"])
    bucket = np.searchsorted(matrix["days_past_due"].to_numpy(), days_past_due(invoices, as_of), side="right")
    rate = np.append(0.0, matrix["rate"].to_numpy())[bucket]
    entry = np.flatnonzero(rate > 0)
    settings = inputs.settings
    period = periods.labels(settings)[int(periods.code(pd.Series([as_of]), settings)[0])]
    return [
        ledger.post(
            _keys(invoices["customer"].iloc[entry], str(period), ledger.EXPECTED_LOSS, inputs, "Invoices"),
            units=invoices["amount"].to_numpy(dtype=np.float64)[entry],
            rate=-rate[entry],
            entry=invoices.index.to_numpy()[entry].astype(np.int64),
        )
    ]


def _keys(customer: pd.Series, period: str, line: str, inputs: Inputs, table: str) -> dict[str, ledger.Key]:
    return {
        "customer": customer,
        "period": period,
        "line": line,
        "group": "credit",
        "level": "customer",
        "source": inputs.sheets.get(table, table),
    }
