"""Segments: the P&L of groups of customers, by any attribute, with what they do to margins and idle capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger as books
from xlprofit.ledger.periods import SHARE_OF_YEAR, find_whole_periods
from xlprofit.vocabulary.measures import LOOKED_UP, Measure

if TYPE_CHECKING:
    from xlprofit.ledger.costs.rule import Basis

COLUMNS = (
    "customers",
    *LOOKED_UP,
    "discount_share",
    "gross_margin_share",
    "cost_to_serve_share",
    "loss_makers",
    "idle_share",
    "change",
)
"""The columns of :func:`tabulate_segments`."""


def tabulate_segments(basis: Basis, ledger: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    """Return the P&L of each group of customers, a row each, the greatest net revenue first, ties by name.

    - ``customers``: those with any amount in the group; one that changed groups counts in each.
    - the lines of the P&L, as :func:`xlprofit.ledger.sum_pnl` gives them: money, cost negative; they add up to
      those of all customers. ``margin``: profit / net revenue.
    - ``discount_share``: discounts / gross revenue; ``gross_margin_share``: gross margin / net revenue;
      ``cost_to_serve_share``: cost to serve / net revenue; fractions, costs as positive ones, blank where the revenue
      is not above 0.
    - ``loss_makers``: customers whose profit in the group is below 0.
    - ``idle_share``: money, negative: its share of the cost of idle capacity, if that were spread by the use of each
      resource in each period. It is no part of any profit.
    - ``change``: profit of the last twelve months less that of the twelve before, money; blank where there are not
      so many whole periods.

    Args:
        basis: what the ledger was priced by.
        ledger: the ledger.
        values: the group of each row of it, a categorical; missing for what belongs to no customer.
    """
    rows = ledger.assign(customer=values.cat.add_categories([]))
    rows = rows[values.notna().to_numpy()]
    groups = pd.Index(values.cat.categories, dtype=object, name=values.name)
    frame = books.sum_pnl(rows, groups)
    count, losses = _count_customers(ledger, values)
    net = frame[Measure.NET_REVENUE].where(frame[Measure.NET_REVENUE] > 0)
    gross = frame[Measure.GROSS_REVENUE].where(frame[Measure.GROSS_REVENUE] > 0)
    frame = frame.assign(
        customers=count,
        discount_share=0.0 - frame[Measure.DISCOUNTS] / gross,
        gross_margin_share=frame[Measure.GROSS_MARGIN] / net,
        cost_to_serve_share=0.0 - frame[Measure.COST_TO_SERVE] / net,
        loss_makers=losses,
        idle_share=_share_idle_capacity(basis, ledger, values),
        change=_compute_yearly_change(basis, rows, groups),
    )
    order = np.lexsort([groups.to_numpy().astype(str), -frame[Measure.NET_REVENUE].to_numpy()])
    return frame.iloc[order][list(COLUMNS)].rename_axis(str(values.name))


def _count_customers(
    ledger: pd.DataFrame, values: pd.Series
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return how many customers each group has, and how many of them make a loss in it."""
    kept = values.notna().to_numpy()
    width = len(values.cat.categories)
    customer = ledger["customer"].cat.codes.to_numpy()[kept].astype(np.int64)
    flat = customer * width + values.cat.codes.to_numpy()[kept]
    pairs, place = np.unique(flat, return_inverse=True)
    profit = np.bincount(place, weights=ledger["amount"].to_numpy()[kept], minlength=len(pairs))
    group = pairs % max(width, 1)
    count = np.bincount(group, minlength=width).astype(np.int64)
    # Half a cent is nobody's loss: what adds up to 0 may come out a little below.
    losses = np.bincount(group[profit < -0.005], minlength=width).astype(np.int64)
    return count, losses


def _share_idle_capacity(basis: Basis, ledger: pd.DataFrame, values: pd.Series) -> npt.NDArray[np.float64]:
    """Return the idle cost of each resource and period, spread over the groups by their units of it."""
    priced, equations = basis.resources, basis.equations
    supply, width = priced.supply, len(values.cat.categories)
    resource = pd.Index(supply.resources).get_indexer(pd.Index(equations["resource"].astype(str)))
    by_row = pd.Series(np.where(equations["unit_cost"].notna(), -1, resource), index=equations["row"])
    used = (ledger["source_table"] == "Activities").to_numpy() & values.notna().to_numpy()
    which = by_row.reindex(ledger["source_row"].to_numpy()[used]).fillna(-1).to_numpy(dtype=np.int64)
    kept = which >= 0
    which, rows = which[kept], np.flatnonzero(used)[kept]
    labels = pd.Index(ledger["period"].cat.categories)
    period = basis.periods.get_indexer(labels)[ledger["period"].cat.codes.to_numpy()[rows]]
    period = np.where(supply.whole[which], len(basis.periods), period)
    count = len(basis.periods) + 1
    flat = (which * count + period) * width + values.cat.codes.to_numpy()[rows]
    size = len(supply.resources) * count * width
    units = np.bincount(flat, weights=ledger["units"].to_numpy()[rows], minlength=size).reshape(-1, width)
    total = units.sum(axis=1)
    spread = np.zeros(width)
    for i, cost in enumerate(priced.idle_cost.ravel().tolist()):
        if total[i] > 0:
            spread -= units[i] / total[i] * cost
    return spread


def _compute_yearly_change(basis: Basis, rows: pd.DataFrame, groups: pd.Index) -> npt.NDArray[np.float64]:
    """Return the profit of the last twelve months less that of the twelve before; blank without so many."""
    first, after = find_whole_periods(basis.inputs.settings)
    year = round(1 / SHARE_OF_YEAR[basis.inputs.settings.period])
    if after - first < 2 * year:
        return np.full(len(groups), np.nan)
    labels = basis.periods
    parts = []
    for some in (labels[after - year : after], labels[after - 2 * year : after - year]):
        chosen = rows[rows["period"].isin(list(some)).to_numpy()]
        parts.append(books.sum_pnl(chosen, groups)[Measure.PROFIT].to_numpy())
    return np.asarray(parts[0] - parts[1], dtype=np.float64)
