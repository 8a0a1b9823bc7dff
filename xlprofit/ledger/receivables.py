"""Receivables: what of each invoice is owed until when, and what it takes to finance it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger
from xlprofit.ledger.sums import sum_rows
from xlprofit.tables.direct_costs import DIRECT_COSTS
from xlprofit.tables.sales import SALES
from xlprofit.vocabulary.groups import Group
from xlprofit.vocabulary.levels import Level

if TYPE_CHECKING:
    from xlprofit.tables import Inputs, Settings

Floats = npt.NDArray[np.float64]

FINANCED_READS = (SALES.name, DIRECT_COSTS.name)
"""The tables that decide on what share receivables are financed."""

ORDER = ("customer", "issued", "amount", "due", "until", "lost")
"""The columns by which parts are put in order before they are summed."""


def split_invoices(invoices: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return the parts of the invoices, each owed as a whole until one day, in a fixed order.

    An invoice is one part, owed until it is paid. One that was written off, as a whole or in part, makes a
    second of what was written off, owed until then: on ``written_off_on``; where that is blank on the day on which
    the invoice was closed (``paid``), and where both are, on the last day counted (:func:`find_last_day`), or when it
    was issued if that is later. What came in of it afterwards (``recovered``) came on the day ``paid``, or on the last
    day counted where that is blank or lies before the write-off.

    Args:
        invoices: rows of the table Invoices, typed.
        settings: the settings.

    Returns:
        ``customer``, ``issued``, ``due``, ``disputed`` as the invoice has them; ``amount``, money, the part's own;
        ``until``, the first day on which it is owed no more, blank while it is; ``lost``, whether it was written
        off then; ``recovered``, money, and ``recovered_on``; ``entry``, the invoice's position in the table.
    """
    written_off = invoices["written_off"].to_numpy(dtype=np.float64)
    whole = invoices[["customer", "issued", "due", "disputed"]].assign(
        amount=invoices["amount"].to_numpy(dtype=np.float64) - written_off,
        until=invoices["paid"],
        lost=False,
        recovered=0.0,
        recovered_on=np.datetime64("NaT", "ns"),
        entry=np.arange(len(invoices), dtype=np.int64),
    )
    some = written_off > 0
    if not some.any():
        return ledger.sort_rows(whole, ORDER)
    hit, paid, last = invoices[some], invoices.loc[some, "paid"], find_last_day(settings)
    gone = hit["written_off_on"].fillna(paid).fillna(hit["issued"].where(hit["issued"] > last, last))
    lost = whole[some].assign(
        amount=written_off[some],
        until=gone,
        lost=True,
        recovered=hit["recovered"],
        recovered_on=paid.where((paid >= gone).to_numpy(), gone.where(gone > last, last)),
    )
    rest = whole[~some | (np.abs(whole["amount"].to_numpy()) > 0)]
    return ledger.sort_rows(pd.concat([rest, lost], ignore_index=True), ORDER)


def find_last_day(settings: Settings) -> pd.Timestamp:
    """Return the last day counted: the end of the span, or the day of the books where that comes first."""
    return min(settings.as_of, settings.end)


def find_financed_shares(customer: pd.Series, inputs: Inputs) -> Floats:
    """Return what share of its receivables each of these customers' rows is financed on.

    All of it where ``finance_receivables_at`` is *price*. Where it is *cost*, the money invested in a sale is what was
    spent on the goods: *share = cost of goods / net revenue* of the customer over the whole span, direct costs of
    the group cogs included; 1 where the customer has no cost of goods or no net revenue above 0, so that its cost
    is not known, and never more than 1: a payment brings no more than the price.

    The published case: 120,000 units at 20 that cost 12 each, 5 % more of them sold as payment goes from 30 to 45
    days of 360, at 12 %: 13,800 more at the price, 8,280 at the cost.
    """
    if inputs.settings.finance_receivables_at == "price":
        return np.ones(len(customer))
    shares = find_goods_shares(inputs).fillna(1.0).clip(upper=1.0)
    of_each = shares.reindex(pd.Index(customer.cat.categories)).fillna(1.0).to_numpy(dtype=np.float64)
    return np.asarray(np.append(of_each, 1.0)[customer.cat.codes.to_numpy()], dtype=np.float64)


def find_goods_shares(inputs: Inputs) -> pd.Series:
    """Return cost of goods / net revenue by customer over the span, blank where either is not above 0."""
    money = ["gross_revenue", "discount", "returns", "cogs"]
    sold = sum_rows(inputs["Sales"], inputs.settings, money)
    direct = sum_rows(inputs["DirectCosts"], inputs.settings, ["amount"], ["group"])
    goods = direct[(direct["group"] == Group.COGS).to_numpy()]
    net = sold["gross_revenue"] - sold["discount"] - sold["returns"]
    revenue = net.groupby(sold["customer"].astype(str)).sum()
    cost = sold["cogs"].groupby(sold["customer"].astype(str)).sum()
    cost = cost.add(goods["amount"].groupby(goods["customer"].astype(str)).sum(), fill_value=0.0)
    cost = cost.reindex(revenue.index)
    return (cost.where(cost > 0) / revenue.where(revenue > 0)).astype(np.float64)


def is_open(parts: pd.DataFrame, day: pd.Timestamp) -> npt.NDArray[np.bool_]:
    """Return whether each part of an invoice was issued, and still owed at the end of a day."""
    now, until = day.to_datetime64(), parts["until"].to_numpy()
    return np.asarray((parts["issued"].to_numpy() <= now) & ~(until <= now), dtype=bool)


def count_days_past_due(parts: pd.DataFrame, day: pd.Timestamp) -> Floats:
    """Return the days from each due date to a day, 0 where it is not yet due."""
    late = parts["due"].rsub(day).dt.days.to_numpy(dtype=np.float64)
    return np.asarray(np.maximum(late, 0.0))


def name_credit(customer: pd.Series, period: ledger.Key, line: str, table: str) -> dict[str, ledger.Key]:
    """Return the ledger's words of a cost of credit, ``table`` being where it comes from."""
    return {
        "customer": customer,
        "period": period,
        "line": line,
        "group": Group.CREDIT,
        "level": Level.CUSTOMER,
        "source_table": table,
    }
