"""Resources: what they cost, what they can do, what was used of it, and the rate for a unit.

Source: Kaplan and Anderson, "Time-Driven Activity-Based Costing", Harvard Business Review 2004.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.closed_form import find_capacity_rate, find_practical_capacity
from xlprofit.ledger import periods
from xlprofit.ledger.allocation import Allocated, allocate_costs
from xlprofit.tables.allocations import ALLOCATIONS
from xlprofit.tables.resources import RESOURCES

if TYPE_CHECKING:
    from xlprofit.tables import Inputs, Settings

Matrix = npt.NDArray[np.float64]

SUPPLY_READS = (RESOURCES.name, ALLOCATIONS.name)
"""The tables that :func:`list_supply` reads."""

HARDLY = 0.01
"""The share of its capacity that a resource may have unused and not be idle: nobody counts minutes so well."""


@dataclass(frozen=True)
class Supply:
    """What each resource costs and can do: a row a resource, a column a period and one for the span.

    The last column is the whole span: a resource given without periods has all there, any other
    has nothing there. ``cost`` is after stage one, ``own`` before it, both positive; ``supplied`` is
    the practical capacity, 0 where none was given. ``row`` is the sheet row of the resource's first
    row; ``whole`` tells the resources that are priced over the whole span. ``avoidable`` is the share
    of each resource's cost, after stage one, that goes if the demand goes, ``unknown`` the share of which nobody
    said (a blank). ``step`` is in how many units at a time its capacity comes and goes, shaped as ``supplied``; 0
    where that is not given, and any amount can go. ``through`` is all the cost that passes through each resource in
    stage one, shaped as ``own``. Where shares lead round so that no number holds it, ``is_allocated`` is false, and
    every resource keeps its own cost.
    """

    resources: pd.Index
    periods: pd.Index
    own: Matrix
    cost: Matrix
    supplied: Matrix
    row: npt.NDArray[np.int64]
    whole: npt.NDArray[np.bool_]
    avoidable: npt.NDArray[np.float64]
    unknown: npt.NDArray[np.float64]
    step: Matrix
    through: Matrix
    is_allocated: bool

    @property
    def rounds(self) -> npt.NDArray[np.float64]:
        """What passes through each resource as a multiple of all cost, above 1 only where shares lead round."""
        total = math.fsum(np.abs(self.own).ravel())
        passing = np.abs(self.through).sum(axis=1)
        return passing / total if total > 0 else np.zeros(len(self.own))


@dataclass(frozen=True)
class Capacity:
    """What was used of each resource, and the rate for a unit; shaped as :class:`Supply`.

    ``rate`` is money for a unit, positive; ``NaN`` where nothing can be charged.
    """

    supply: Supply
    used: Matrix
    rate: Matrix

    @property
    def charged(self) -> Matrix:
        """Money charged to what used the resource: used × rate."""
        return self.used * np.nan_to_num(self.rate)

    @property
    def idle(self) -> Matrix:
        """Units supplied and not used; negative where used over capacity, 0 where no capacity was given."""
        return np.where(self.supply.supplied > 0, self.supply.supplied - self.used, 0.0)

    @property
    def idle_cost(self) -> Matrix:
        """Money of the idle units: idle × rate, so that cost = charged + idle cost + unassigned."""
        return self.idle * np.nan_to_num(self.rate)

    @property
    def unassigned(self) -> Matrix:
        """Money of the resources that have no rate, since nothing used them."""
        return np.where(np.isnan(self.rate), self.supply.cost, 0.0)


def list_supply(inputs: Inputs) -> Supply:
    """Return what each resource costs and supplies, support resources allocated.

    A row for a period longer than the model's is spread evenly over the periods it is made of; what
    falls outside the span is left out.
    """
    resources = inputs["Resources"]
    names = pd.Index(sorted(set(resources["resource"].astype(str)) - {""}), dtype=object, name="resource")
    labels = periods.list_labels(inputs.settings)
    ordered = resources.sort_values(["resource", "period", "cost", "capacity"], kind="stable")
    place = names.get_indexer(pd.Index(ordered["resource"].astype(str)))
    own, supplied, avoidable, unknown, step = (np.zeros((len(names), len(labels) + 1)) for _ in range(5))
    practical = find_practical_capacity(
        ordered["capacity"].fillna(0.0).to_numpy(), ordered["practical"].to_numpy()
    )
    cost, share = ordered["cost"].to_numpy(), ordered["avoidable"].to_numpy()
    steps = ordered["step"].fillna(0.0).to_numpy()
    for text in pd.unique(ordered["period"]):
        mask = (ordered["period"] == text).to_numpy()
        columns = periods.find_covered_periods(str(text), inputs.settings) if text else [len(labels)]
        parts = periods.count_pieces(str(text), inputs.settings) if text else 1
        for column in columns:
            for matrix, values in (
                (own, cost),
                (supplied, practical),
                (avoidable, cost * np.nan_to_num(share)),
                (unknown, cost * np.isnan(share)),
            ):
                np.add.at(matrix[:, column], place[mask], values[mask] / parts)
            np.maximum.at(step[:, column], place[mask], steps[mask] / parts)
    dated = np.zeros(len(names), dtype=bool)
    dated[place[(ordered["period"] != "").to_numpy()]] = True
    row = np.array([ordered["row"].to_numpy()[place == i].min() for i in range(len(names))], dtype=np.int64)
    kinds, shares = (own, avoidable, unknown), gather_shares(inputs, names)
    try:
        is_allocated, allocated = True, [allocate_costs(kind, shares) for kind in kinds]
    except ArithmeticError:
        is_allocated, allocated = False, [Allocated(kind, kind) for kind in kinds]
    stage_one, goes, unsaid = (kind.stays for kind in allocated)
    return Supply(
        names,
        labels,
        own,
        settle_periods(stage_one, ~dated),
        settle_periods(supplied, ~dated),
        row,
        ~dated,
        _divide_parts(goes, stage_one, of_nothing=1.0),
        _divide_parts(unsaid, stage_one, of_nothing=0.0),
        step,
        allocated[0].through,
        is_allocated,
    )


def settle_periods(matrix: Matrix, whole: npt.NDArray[np.bool_]) -> Matrix:
    """Move what a resource has into its own kind of column: the whole span, or period by period.

    What comes to a dated resource without a period is spread evenly over the periods.
    """
    settled = matrix.copy()
    count = matrix.shape[1] - 1
    settled[whole, :count] = 0.0
    settled[whole, count] = matrix[whole].sum(axis=1)
    settled[~whole, :count] += matrix[~whole, count:] / count
    settled[~whole, count] = 0.0
    return settled


def _divide_parts(part: Matrix, whole: Matrix, of_nothing: float) -> npt.NDArray[np.float64]:
    """Return each row's part of its whole, ``of_nothing`` where the whole is nothing."""
    total = whole.sum(axis=1)
    share = np.full(len(whole), of_nothing)
    np.divide(part.sum(axis=1), total, out=share, where=np.abs(total) > 0)
    return share


def find_steps(given: Supply, settings: Settings) -> npt.NDArray[np.float64]:
    """Return the units of a year in which each resource's capacity comes and goes, 0 where any amount can go.

    A step that is given for a period counts for as many of these as the year has; where it is not the same in
    all of them, its mean over those for which it is given.
    """
    a_year = 1 / periods.SHARE_OF_YEAR[settings.period]
    known = given.step[:, :-1] > 0
    mean = given.step[:, :-1].sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.asarray(np.where(given.whole, given.step[:, -1] * a_year / len(given.periods), mean * a_year))


def stands_idle(used: Capacity, first: int) -> npt.NDArray[np.bool_]:
    """Return which resources had more than :data:`HARDLY` of their practical capacity unused from a period on.

    One whose capacity is not given is never idle: it costs what it is used for.
    """
    supplied, taken = _sum_since(used, first)
    return np.asarray((supplied > 0) & (supplied - taken > HARDLY * supplied))


def find_idle_units(used: Capacity, first: int, settings: Settings) -> npt.NDArray[np.float64]:
    """Return the units of a year that stand idle of each resource, as they did from a period on.

    Nothing of one whose capacity is not given, and of one that is used beyond it.
    """
    given = used.supply
    supplied, taken = _sum_since(used, first)
    counted = np.where(given.whole, len(given.periods), len(given.periods) - max(first, 0))
    a_year = 1 / periods.SHARE_OF_YEAR[settings.period]
    return np.asarray(np.where(supplied > 0, np.maximum(supplied - taken, 0.0), 0.0) * a_year / counted)


def _sum_since(used: Capacity, first: int) -> tuple[Matrix, Matrix]:
    """Return the units supplied and those used of each resource from a period on: of one priced so, over the span."""
    given = used.supply
    columns = np.arange(given.supplied.shape[1])
    counted = np.where(
        given.whole[:, None], columns == columns[-1], (columns >= first) & (columns < columns[-1])
    )
    supplied = np.where(counted, given.supplied, 0.0).sum(axis=1)
    return supplied, np.where(counted, used.used, 0.0).sum(axis=1)


def gather_shares(inputs: Inputs, names: pd.Index) -> Matrix:
    """Return the stage-one shares as a matrix, from the row's resource to the column's."""
    table = inputs["Allocations"]
    matrix = np.zeros((len(names), len(names)))
    source = names.get_indexer(pd.Index(table["from"].astype(str)))
    target = names.get_indexer(pd.Index(table["to"].astype(str)))
    known = (source >= 0) & (target >= 0)
    np.add.at(matrix, (source[known], target[known]), table["share"].to_numpy()[known])
    return matrix


def price_resources(given: Supply, used: Matrix) -> Capacity:
    """Return the rate of each resource, from what it supplies and what was used of it.

    *Capacity cost rate = cost / (capacity × practical)*. Where no capacity is given it is
    *cost / units used*, plain activity-based costing, in which nothing is idle; where nothing was
    used either there is no rate, and the cost is unassigned.

    Args:
        given: the resources.
        used: units used, a row a resource and a column a period.
    """
    units = np.zeros_like(given.cost)
    units[:, :-1] = np.where(given.whole[:, None], 0.0, used)
    units[:, -1] = np.where(given.whole, used.sum(axis=1), 0.0)
    base = np.where(given.supplied > 0, given.supplied, np.where(units > 0, units, np.nan))
    return Capacity(given, units, find_capacity_rate(given.cost, base))


def spread_rates(capacity: Capacity) -> Matrix:
    """Return the rate of each resource in each period (the span's own column left out)."""
    spread = np.where(capacity.supply.whole[:, None], capacity.rate[:, -1:], capacity.rate[:, :-1])
    return np.asarray(spread)


def tabulate_periods(capacity: Capacity) -> pd.DataFrame:
    """Return the capacity table by resource and period; an empty period is the whole span.

    Columns: ``own_cost`` (as given), ``cost`` (after stage one), ``supplied``, ``used``, ``idle``
    (units), ``rate`` (money a unit), ``charged``, ``idle_cost``, ``unassigned`` (money). All
    positive, but that idle is negative where a resource is over capacity; ``supplied`` and ``idle``
    are blank where no capacity was given. *cost = charged + idle_cost + unassigned.*
    """
    given = capacity.supply
    index = pd.MultiIndex.from_product([given.resources, [*given.periods, ""]], names=["resource", "period"])
    known = given.supplied > 0
    frame = pd.DataFrame(
        {
            "own_cost": settle_periods(given.own, given.whole).ravel(),
            "cost": given.cost.ravel(),
            "supplied": np.where(known, given.supplied, np.nan).ravel(),
            "used": capacity.used.ravel(),
            "idle": np.where(known, capacity.idle, np.nan).ravel(),
            "rate": capacity.rate.ravel(),
            "charged": capacity.charged.ravel(),
            "idle_cost": capacity.idle_cost.ravel(),
            "unassigned": capacity.unassigned.ravel(),
        },
        index=index,
    )
    kept = np.where(
        given.whole[:, None], [False] * len(given.periods) + [True], [True] * len(given.periods) + [False]
    )
    return frame[kept.ravel()]


def tabulate_resources(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table of :func:`tabulate_periods` summed over the periods.

    The rate of a resource with periods is its average: cost / supplied, or cost / used where no
    capacity was given.
    """
    sums = table.drop(columns="rate").groupby(level="resource", sort=True).sum(min_count=1)
    base = sums["supplied"].fillna(sums["used"].where(sums["used"] > 0))
    sums.insert(sums.columns.get_loc("charged"), "rate", sums["cost"] / base)  # type: ignore[arg-type]
    return sums
