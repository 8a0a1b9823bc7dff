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


def change_payment_days(inputs: Inputs, masks: Mapping[str, Mask], change: Change) -> dict[str, pd.DataFrame]:
    """Return Invoices and Balances with other payment days, the days from the issue of an invoice to its payment.

    A payment that would come after the day on which the books are looked at has not come: the invoice is open. What is
    open is paid where the new day has come, but for disputed invoices and those written off, which are left as they
    are. *By* days moves payments alone. A balance changes by the net revenue of a day × the change of the days.

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
    if change.to:
        settled = (rows["written_off"].fillna(0.0) > 0) | rows["disputed"].astype(bool)
        moves = mask & ~settled.to_numpy()
        moved = issued + days
    else:
        moves = mask & ~np.isnat(paid)
        moved = np.maximum(paid + days, issued)
    late = moved > np.datetime64(inputs.settings.as_of)
    return rows.assign(paid=np.where(moves, np.where(late, np.datetime64("NaT"), moved), paid))


def _move_balances(inputs: Inputs, mask: Mask, change: Change) -> pd.DataFrame:
    rows, a_day = inputs["Balances"], _find_daily_revenue(inputs)
    balance = rows["balance"].to_numpy(np.float64)
    moved = np.maximum(a_day * change.amount + (0.0 if change.to else balance), 0.0)
    return rows.assign(balance=np.where(mask, moved, balance))


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
    own = invoices[(invoices["customer"] == customer).to_numpy()]
    waits = ((own["paid"] - own["issued"]).dt.days).dropna().tolist()
    balances = inputs["Balances"]
    mine, a_day = (balances["customer"] == customer).to_numpy(), _find_daily_revenue(inputs)
    owed = balances["balance"].to_numpy(np.float64)[mine & (a_day > 0)]
    waits += np.ceil(owed / a_day[mine & (a_day > 0)]).tolist()
    return float(max(waits, default=0.0))
