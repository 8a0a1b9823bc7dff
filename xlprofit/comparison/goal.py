"""The goal: how far each lever must go for a customer to reach a margin, alone and as the smallest pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from xlprofit.comparison.payment import count_payment_days
from xlprofit.comparison.scenarios import apply_changes
from xlprofit.errors import XlprofitError
from xlprofit.messages import _
from xlprofit.rules.changes import Change
from xlprofit.vocabulary.measures import MEASURES, Measure
from xlprofit.vocabulary.what_if import Changed

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results
    from xlprofit.tables import Inputs, Settings

Compute = Callable[["Inputs"], "Results"]

STEPS = 6
"""Recomputations of one lever at most; a lever that acts in proportion needs two."""

FINE = {Changed.PAYMENT_DAYS: 1.0}
"""In what steps a size is given; a share in thousandths."""

NEAR = 1e-6
"""A margin that misses its target by less is on it."""


@dataclass(frozen=True)
class Pull:
    """A lever, and how far it goes.

    Attributes:
        what: what changes.
        of: the activity that changes; empty where it is the customer's whole.
        size: how far: a share, of a discount percentage points, or days; positive, whatever the direction.
        limit: how far it can go at most.
        margin: the customer's margin with it, of net revenue.
    """

    what: Changed
    of: str
    size: float
    limit: float
    margin: float


@dataclass(frozen=True)
class Goal:
    """What it takes for a customer to reach a margin.

    Attributes:
        customer: the customer.
        target: the margin wanted, of net revenue.
        margin: the margin as it is.
        alone: each lever with the size that reaches the target, rounded up; one that does not reach it at its limit.
        pair: the two levers that reach it together at the smallest share of what Settings lets each go; ``None`` where
            no two do.
    """

    customer: str
    target: float
    margin: float
    alone: tuple[Pull, ...]
    pair: tuple[Pull, Pull] | None

    def reaches(self, pull: Pull) -> bool:
        """Whether a lever reaches the target alone."""
        return pull.margin >= self.target - NEAR


def find_goal(results: Results, customer: str, target: float, compute: Compute) -> Goal:
    """Return what it takes for a customer to reach a margin, each figure from a recomputation.

    Levers: a higher price, less discount, cheaper goods, fewer activities (all of them, and the costliest alone) and
    earlier payment. Volumes stay as they are.

    Args:
        results: the run.
        customer: the customer, as any name of it is written.
        target: profit / net revenue, a fraction below 1.
        compute: returns the results of input tables.

    Raises:
        UnknownNameError: there is no such customer.
        XlprofitError: the customer has no net revenue, or the target is no margin.
    """
    name = results.resolve_customer(customer)
    if not -1 <= target < 1:
        raise XlprofitError(
            _("{target:.0%} is no margin to aim at", target=target), _("Give from -100% to less than 100%")
        )
    row = _read_pnl(results, name)
    if not row[Measure.NET_REVENUE] > 0:
        raise XlprofitError(_("{customer} has no net revenue, and so no margin", customer=name))
    search = _Search(results, name, target, compute)
    levers = _list_goal_levers(results, name)
    alone = tuple(search.reach(levers[at]) for at in range(len(levers)))
    margin = row[Measure.PROFIT] / row[Measure.NET_REVENUE]
    return Goal(name, target, margin, alone, None if margin >= target else search.find_pair(levers))


def _read_pnl(results: Results, name: str) -> dict[str, float]:
    """Return a customer's P&L by measure."""
    table = results.customers
    return {measure: float(table[measure].loc[name]) for measure in MEASURES}


@dataclass(frozen=True)
class _Lever:
    """A lever of a customer: what it changes, its sign, how far it can go, and how far Settings lets it."""

    what: Changed
    of: tuple[tuple[str, str], ...]
    name: str
    sign: float
    limit: float
    usual: float

    def pull(self, size: float) -> Change:
        return Change(self.what, self.of, self.sign * size)


def _list_goal_levers(results: Results, name: str) -> list[_Lever]:
    """Return the levers that this customer has anything of."""
    settings: Settings = results.inputs.settings
    own, row = ("customer", name), _read_pnl(results, name)
    gross = row[Measure.GROSS_REVENUE]
    discount = -row[Measure.DISCOUNTS] / gross if gross > 0 else 0.0
    costs = results.cost_to_serve.T[name]
    log = results.inputs["ActivityLog"]
    done = set(log.loc[(log["customer"] == name).to_numpy(), "activity"].astype(str))
    active = costs[[str(c) in done for c in costs.index]]
    levers = [
        _Lever(Changed.PRICE, (own,), "", 1.0, 1.0, settings.max_price_increase),
        _Lever(Changed.DISCOUNT, (own,), "", -1.0, discount, discount),
        _Lever(Changed.COST_OF_GOODS, (own,), "", -1.0, 1.0, 0.0),
    ]
    if float(active.sum()) < 0:
        costliest = str(active.idxmin())
        cut = settings.max_activity_cut
        levers.append(_Lever(Changed.ACTIVITY, (own,), "", -1.0, 1.0, cut))
        levers.append(_Lever(Changed.ACTIVITY, (("activity", costliest), own), costliest, -1.0, 1.0, cut))
    if row[Measure.COST_OF_CREDIT] < 0:
        days = settings.max_payment_days_cut
        most = count_payment_days(results.inputs, name)
        levers.append(_Lever(Changed.PAYMENT_DAYS, (own,), "", -1.0, most, min(days, most)))
    return [lever for lever in levers if lever.limit > 0]


@dataclass(frozen=True)
class _Search:
    """Recomputations of one customer, and what is left to its target."""

    results: Results
    customer: str
    target: float
    compute: Compute

    def measure(self, changes: Sequence[Change]) -> tuple[float, float]:
        """Return the margin with these changes, and the profit that is left over or lacks at the target."""
        run = (
            self.results if not changes else self.compute(apply_changes(self.results.inputs, changes).inputs)
        )
        row = _read_pnl(run, self.customer)
        net, profit = row[Measure.NET_REVENUE], row[Measure.PROFIT]
        return (profit / net if net > 0 else -np.inf), profit - self.target * net

    def reach(self, lever: _Lever) -> Pull:
        """Return how far a lever must go alone; at its limit where that is not enough."""
        size, margin = self._solve([lever], [lever.limit])
        return Pull(lever.what, lever.name, size[0], lever.limit, margin)

    def find_pair(self, levers: Sequence[_Lever]) -> tuple[Pull, Pull] | None:
        """Return the two levers that need the smallest share of what Settings lets each go."""
        usual = [lever for lever in levers if lever.usual > 0]
        start = self.measure([])[1]
        gains = [self.measure([lever.pull(lever.usual)])[1] - start for lever in usual]
        pairs = [
            (gains[a] + gains[b], a, b)
            for a, b in combinations(range(len(usual)), 2)
            if not {usual[a].what, usual[b].what} <= {Changed.ACTIVITY} and gains[a] > 0 and gains[b] > 0
        ]
        for _gain, a, b in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
            both = [usual[a], usual[b]]
            sizes, margin = self._solve(both, [lever.usual for lever in both])
            if margin >= self.target - NEAR:
                return tuple(  # type: ignore[return-value]  # of two
                    Pull(lever.what, lever.name, size, lever.usual, margin)
                    for lever, size in zip(both, sizes, strict=True)
                )
            return None
        return None

    def _solve(self, levers: Sequence[_Lever], limits: Sequence[float]) -> tuple[list[float], float]:
        """Return how far levers must go together, each the same share of its limit, rounded up; and the margin then."""

        def size_at(share: float) -> list[float]:
            return [_round_up(share * limit, lever.what) for lever, limit in zip(levers, limits, strict=True)]

        def look(sizes: Sequence[float]) -> tuple[float, float]:
            return self.measure([lever.pull(size) for lever, size in zip(levers, sizes, strict=True)])

        low, at_low = 0.0, self.measure([])[1]
        if at_low >= 0:
            return [0.0] * len(levers), self.measure([])[0]
        full = [float(limit) for limit in limits]
        margin, at_high = look(full)
        if at_high < 0:
            return full, margin
        high, best = 1.0, (full, margin)
        for _step in range(STEPS):
            share = low - at_low * (high - low) / (at_high - at_low)
            sizes = [min(s, f) for s, f in zip(size_at(share), full, strict=True)]
            margin, left = look(sizes)
            if margin >= self.target - NEAR:
                best = (sizes, margin)
                if abs(margin - self.target) < 0.001:
                    break
                high, at_high = share, max(left, 0.0)
            else:
                low, at_low = share, left
        return best


def _round_up(size: float, what: Changed) -> float:
    step = FINE.get(what, 0.001)
    return round(ceil(round(size / step, 6)) * step, 6)
