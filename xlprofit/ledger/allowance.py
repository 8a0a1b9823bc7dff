"""The allowance for expected loss: a stock that moves, of which the P&L bears the movement.

*Opening + charge − written off + recovered = closing*, by customer and period (IFRS 7.35H). The charge of a period
is what IFRS 9 (5.5.8) puts into profit or loss: whatever takes the allowance to where it should stand at the end.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.ledger import periods
from xlprofit.ledger.receivables import count_days_past_due, find_last_day, is_open, split_invoices

if TYPE_CHECKING:
    from xlprofit.tables import Inputs, Settings

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

MOVEMENT = ("opening", "charge", "written_off", "recovered", "closing")
"""The columns of a movement of the allowance, in the order in which they are read."""


def tabulate_allowance(inputs: Inputs, customers: pd.Index) -> pd.DataFrame:
    """Return how the allowance of each customer moved in each period.

    The allowance at the end of a period is what it would have been on that day: *open balance then × the loss rate
    of its bucket*, by the days past due then. The opening of the first period is that of the day before the span, from
    the invoices issued before; of invoices that the table no longer has, nothing is known. Nothing moves after
    ``as_of``, nor after the span's end. A part period counts as far as it is covered.

    Args:
        inputs: the tables; Invoices and LossRates among them.
        customers: the customers wanted, and in which order.

    Returns:
        A row for each customer that has invoices and each period, with the columns :data:`MOVEMENT`, money. *opening +
        charge − written_off + recovered = closing*. An allowance is above 0 unless credit notes outweigh what is owed.
        A charge above 0 is a cost, what the ledger's line ``expected_loss`` has with the sign turned round; below
        0 it releases the allowance. No rows where there is neither a LossRates table nor anything written off:
        what is not known is not 0.
    """
    labels, invoices = periods.list_labels(inputs.settings), inputs["Invoices"]
    known = inputs.has_rows("LossRates") or bool((invoices["written_off"] > 0).any())
    present = set(invoices["customer"].astype(str)) if known else set()
    names = customers[customers.isin(present)]
    parts = split_invoices(invoices, inputs.settings)
    places = np.append(names.get_indexer(pd.Index(parts["customer"].cat.categories)), -1)
    who = places[parts["customer"].cat.codes.to_numpy()].astype(np.int64)
    parts, who = parts[who >= 0], who[who >= 0]
    matrix, days = order_rates(inputs), list_days(inputs.settings)
    amount, recovered = parts["amount"].to_numpy(), parts["recovered"].to_numpy()
    lost, until, back = (parts[c].to_numpy() for c in ("lost", "until", "recovered_on"))

    def add_up(values: Floats, some: Mask) -> Floats:
        return np.bincount(who[some], values[some], len(names)).astype(np.float64)

    stock, written_off, came = [], [], []
    for day in days:
        owed = is_open(parts, day)
        allowed = amount[owed] * find_loss_rates(parts[owed], day, matrix)
        stock.append(np.bincount(who[owed], allowed, len(names)).astype(np.float64))
    for before, day in pairwise(days):
        written_off.append(add_up(amount, lost & falls_between(until, before, day)))
        came.append(add_up(recovered, lost & falls_between(back, before, day)))
    shape = (len(labels), len(names))
    opening, closing = np.reshape(stock[:-1], shape).T, np.reshape(stock[1:], shape).T
    gone, regained = np.reshape(written_off, shape).T, np.reshape(came, shape).T
    columns = (opening, closing - opening + gone - regained, gone, regained, closing)
    return pd.DataFrame(
        {name: column.ravel() for name, column in zip(MOVEMENT, columns, strict=True)},
        index=pd.MultiIndex.from_product([names, labels], names=["customer", "period"]),
    )


def sum_movement(movement: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return a movement added up: each customer's over the span (``customer``), or the company's (``period``)."""
    rows = movement.groupby(level=by, sort=False)
    if by == "period":
        return rows.sum()
    frame = rows[list(MOVEMENT)].sum()
    return frame.assign(opening=rows["opening"].first(), closing=rows["closing"].last())


def list_days(settings: Settings) -> list[pd.Timestamp]:
    """Return the days at whose ends the allowance is looked at: the one before the span, then each period's last."""
    last = find_last_day(settings)
    ends = [span.end_time.normalize() for span in periods.list_spans(settings)]
    return [min(day, last) for day in (settings.start - pd.Timedelta(days=1), *ends)]


def order_rates(inputs: Inputs) -> pd.DataFrame:
    """Return LossRates, the lowest bound first."""
    return inputs["LossRates"].sort_values("days_past_due", kind="stable")


def find_loss_rates(parts: pd.DataFrame, day: pd.Timestamp, matrix: pd.DataFrame) -> Floats:
    """Return the loss rate of each part on a day, by its days past due then, whether it is owed or not.

    The simplified approach of IFRS 9 (5.5.15, B5.5.35): the rate is that of the bucket with the highest lower bound
    that the days past due reach. Below the lowest bound nothing is lost.
    """
    bucket = np.searchsorted(
        matrix["days_past_due"].to_numpy(), count_days_past_due(parts, day), side="right"
    )
    return np.asarray(np.append(0.0, matrix["rate"].to_numpy())[bucket], dtype=np.float64)


def find_cost_shares(parts: pd.DataFrame, day: pd.Timestamp, matrix: pd.DataFrame) -> Floats:
    """Return what share of itself each part has cost by the end of a day."""
    written_off = parts["lost"].to_numpy() & (parts["until"].to_numpy() <= day.to_datetime64())
    owed = np.where(is_open(parts, day), find_loss_rates(parts, day, matrix), 0.0)
    return np.where(written_off, 1.0, owed)


def falls_between(days: npt.NDArray[np.datetime64], before: pd.Timestamp, day: pd.Timestamp) -> Mask:
    """Return which days come after one day, and not after another."""
    return np.asarray((days > before.to_datetime64()) & (days <= day.to_datetime64()), dtype=bool)
