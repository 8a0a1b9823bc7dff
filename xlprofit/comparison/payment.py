"""Payment days: invoices that are paid sooner or later, and balances that are smaller or larger for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from xlprofit.rules.changes import Change
    from xlprofit.tables import Inputs

Mask = npt.NDArray[np.bool_]

_DAY = np.timedelta64(1, "D")


def change_payment_days(inputs: Inputs, masks: Mapping[str, Mask], change: Change) -> dict[str, pd.DataFrame]:
    """Return Invoices and Balances with other payment days, the days from the issue of an invoice to its payment.

    A payment that would come after the day on which the books are looked at has not come: the invoice is open. One that
    is open would be paid as :func:`expect_payment` says, and is paid where the new day has come. Disputed invoices and
    those written off are left as they are. No invoice is paid before it is issued, and no balance falls below 0:
    earlier by very many days is the same as to 0 days. A balance changes by the net revenue of a day × the change of
    the days; that of a customer without revenue is left as it is.

    Args:
        inputs: the tables.
        masks: which rows of either table change.
        change: by or to how many days.
    """
    found = {}
    if len(inputs["Invoices"]):
        found["Invoices"] = _move_payments(inputs, masks["Invoices"], change)
    if len(inputs["Balances"]):
        found["Balances"] = _move_balances(inputs, masks["Balances"], change)
    return found


def _move_payments(inputs: Inputs, mask: Mask, change: Change) -> pd.DataFrame:
    rows = inputs["Invoices"]
    days = np.timedelta64(round(change.amount), "D")
    issued, paid = rows["issued"].to_numpy(), rows["paid"].to_numpy()
    moves = mask & ~_is_settled(rows)
    moved = issued + days if change.to else np.maximum(expect_payment(inputs) + days, issued)
    late = moved > np.datetime64(inputs.settings.as_of)
    return rows.assign(paid=np.where(moves, np.where(late, np.datetime64("NaT"), moved), paid))


def _is_settled(invoices: pd.DataFrame) -> Mask:
    """Return which invoices are disputed or written off, and so are not paid sooner or later by anybody's habits."""
    settled = (invoices["written_off"].fillna(0.0) > 0) | invoices["disputed"].astype(bool)
    return np.asarray(settled.to_numpy(dtype=bool))


def expect_payment(inputs: Inputs) -> npt.NDArray[np.datetime64]:
    """Return the day on which each invoice is paid; of one that is open the day on which it may be expected.

    That is as many days after its issue as the customer usually takes (the median of its paid invoices; where there is
    none the days to the due day), and not before the day after the one on which the books are looked at.
    """
    rows, tomorrow = inputs["Invoices"], np.datetime64(inputs.settings.as_of) + np.timedelta64(1, "D")
    issued, paid = rows["issued"].to_numpy(), rows["paid"].to_numpy()
    waits = pd.Series((paid - issued) / _DAY)
    usual = waits.groupby(rows["customer"].astype(str).to_numpy(), sort=True).transform("median")
    terms = pd.Series((rows["due"].to_numpy() - issued) / _DAY)
    days = np.ceil(usual.fillna(terms).fillna(0.0).clip(lower=0.0).to_numpy(np.float64))
    expected = issued + days.astype("timedelta64[D]")
    return np.where(np.isnat(paid), np.maximum(expected, tomorrow), paid)


def count_held_payments(inputs: Inputs, mask: Mask, change: Change) -> int:
    """Return how many invoices would be paid before they are issued, by days sooner, and are held at that day."""
    rows = inputs["Invoices"]
    if change.to or not change.amount < 0:
        return 0
    sooner = (expect_payment(inputs) - rows["issued"].to_numpy()) / _DAY < -change.amount
    return int((sooner & mask & ~_is_settled(rows)).sum())


def _move_balances(inputs: Inputs, mask: Mask, change: Change) -> pd.DataFrame:
    rows, a_day = inputs["Balances"], _find_daily_revenue(inputs)
    balance = rows["balance"].to_numpy(np.float64)
    moved = np.maximum(a_day * change.amount + (0.0 if change.to else balance), 0.0)
    return rows.assign(balance=np.where(mask & (a_day > 0), moved, balance))


def _find_daily_revenue(inputs: Inputs) -> npt.NDArray[np.float64]:
    """Return the net revenue of a day of the customer of each balance, on average over the span."""
    sales, settings = inputs["Sales"], inputs.settings
    amounts = sales["gross_revenue"] - sales["discount"] - sales["returns"]
    ordered = np.argsort(amounts.to_numpy(), kind="stable")  # sums must not depend on the order of the rows
    net = amounts.iloc[ordered].groupby(sales["customer"].astype(str).iloc[ordered], sort=True)
    span = (settings.end - settings.start).days + 1
    daily = inputs["Balances"]["customer"].astype(str).map(net.sum() / span)
    return np.asarray(daily.fillna(0.0).to_numpy(np.float64))


def count_payment_days(inputs: Inputs, customer: str) -> float:
    """Return the most days from issue to payment, or that a balance stands for: payment cannot come earlier by more."""
    invoices = inputs["Invoices"]
    own = (invoices["customer"] == customer).to_numpy() & ~_is_settled(invoices)
    waits = ((expect_payment(inputs)[own] - invoices["issued"].to_numpy()[own]) / _DAY).tolist()
    balances = inputs["Balances"]
    mine, a_day = (balances["customer"] == customer).to_numpy(), _find_daily_revenue(inputs)
    owed = balances["balance"].to_numpy(np.float64)[mine & (a_day > 0)]
    waits += np.ceil(owed / a_day[mine & (a_day > 0)]).tolist()
    return float(max(waits, default=0.0))
