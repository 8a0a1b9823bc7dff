"""Attention: the effort that customers take, group by group, and which groups come and go with what is bought.

Source for how far effort follows volume, read from the changes of both: M. C. Anderson, R. D. Banker and S. N.
Janakiraman, "Are selling, general, and administrative costs 'sticky'?", Journal of Accounting Research 2003.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xlprofit import ledger as books
from xlprofit.analysis import chance
from xlprofit.analysis.chance import Flags, Floats
from xlprofit.vocabulary.measures import Measure

Grids = Mapping[str, Floats]
"""Amounts by group: customers × periods each."""

FOLLOWS = 0.5
"""The elasticity from which a group of effort follows what is bought."""


def find_attention(ledger: pd.DataFrame, customers: pd.Index, labels: pd.Index) -> dict[str, pd.DataFrame]:
    """Return how much attention each customer took in each period, by group: customers × periods, money, positive.

    Attention is all effort to serve: every group of cost but those to acquire, whatever the user calls it. Minutes
    and kilometres do not add up, so units are weighed by what one costs: *attention = Σ units × average rate*, the
    rate of a line being its cost over the span divided by its units, whoever used them. With one rate for all
    periods, attention grows only if more is asked for, not because pay rose or a department had less to do. Over
    all customers and periods each group adds up to what it cost.

    Args:
        ledger: the ledger.
        customers: the customers wanted, and in which order.
        labels: the labels of the periods, in order.
    """
    served = ledger[(books.find_sections(ledger) == Measure.COST_TO_SERVE).to_numpy()]
    line, table = (served[key].cat.codes.to_numpy().astype(np.int64) for key in ("line", "source_table"))
    row = served["source_row"].to_numpy()
    key = (line * (table.max(initial=0) + 1) + table) * (row.max(initial=0) + 1) + row
    amount, units = served["amount"].to_numpy(), served["units"].to_numpy()
    _, key = np.unique(key, return_inverse=True)
    cost = np.bincount(key, weights=np.abs(amount))
    rate = cost / np.maximum(np.bincount(key, weights=np.abs(units)), np.finfo(float).tiny)
    weighed = served.assign(amount=units * rate[key])
    group = weighed["group"].cat
    return {
        str(name): books.pivot_amounts(
            weighed[(group.codes == place).to_numpy()], "customer", "period"
        ).reindex(index=customers, columns=labels, fill_value=0.0)
        for name, place in sorted((name, place) for place, name in enumerate(group.categories))
        if (group.codes == place).any()
    }


def find_followers(groups: Grids, revenue: Floats, counts: Flags) -> tuple[str, ...]:
    """Return the groups of effort that follow net revenue: orders and deliveries, as a rule.

    That they come and go with what is bought is no sign of anything. How far a group follows is its elasticity:
    for each customer *ε = Σ Δa Δr / Σ Δr²* from the changes *Δ* of effort and net revenue from one period to the next,
    each as a share of the customer's mean and held within ±1, so that one wild period does not decide; the mean over
    all customers that took such effort is at least :data:`FOLLOWS` in those that follow.

    Args:
        groups: attention by group.
        revenue: net revenue, customers × periods.
        counts: the periods that count, customers × periods.
    """
    moves = counts[:, 1:] & counts[:, :-1]
    drift = _find_changes(revenue, moves, counts)
    power = _add_along(drift**2)
    found = []
    for group in sorted(groups):
        change = _find_changes(groups[group], moves, counts)
        known = (power > 0) & (change != 0).any(axis=1)
        own = np.divide(_add_along(change * drift), power, out=np.full(len(power), np.nan), where=known)
        if chance.mean_known(own) >= FOLLOWS:
            found.append(group)
    return tuple(found)


def add_up_groups(groups: Grids, names: tuple[str, ...], like: Floats) -> Floats:
    """Return the attention of some groups together, customers × periods; nothing, shaped ``like`` that, for none."""
    total = np.zeros_like(like)
    for group in names:
        total += groups[group]
    return total


def _find_changes(series: Floats, moves: Flags, counts: Flags) -> Floats:
    """Return the change from each period to the next as a share of the customer's mean, within ±1."""
    mean = _add_along(np.where(counts, series, 0.0)) / np.maximum(counts.sum(axis=1), 1)
    sound = moves & (mean > 0)[:, None]
    step = np.divide(np.diff(series, axis=1), mean[:, None], out=np.zeros(moves.shape), where=sound)
    return np.asarray(np.clip(step, -1.0, 1.0))


def _add_along(rows: Floats) -> Floats:
    """Return the sum of each row, added from left to right: the same on every processor."""
    return np.asarray(np.cumsum(rows, axis=1)[:, -1]) if rows.shape[1] else np.zeros(len(rows))
