"""Stated rates against reality: what the minutes paid, period by period, say of the minutes that each activity takes.

*Minutes paid of a resource in a period = idle + Σ rate × driver units*, over its terms: non-negative least squares
(Lawson and Hanson, *Solving Least Squares Problems*, 1974) give the rates and a constant idle part that fit the periods
best. A resource tells something only where its capacity changes from period to period, and where there are clearly more
periods than terms. The interval of a rate is that of least squares, cut at 0; a stated rate outside it is worth timing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis.products import multiply
from xlprofit.ledger.effort import list_uses
from xlprofit.ledger.periods import find_whole_periods

if TYPE_CHECKING:
    from xlprofit.ledger.costs.rule import Basis

Floats = npt.NDArray[np.float64]

FALSE_ALARM = 0.05
"""How often any of the intervals of a run misses its rate by chance, where the noise is that of least squares.

There are many: each is as wide as this, shared by all of them, asks for (Bonferroni).
"""

EXPLAINED = 0.5
"""The least share of the variation of the minutes paid that the activities must explain for anything to be read."""

SPARE = 4
"""So many periods more than terms and the constant are needed."""

CHANGES = 0.01
"""The least variation of minutes paid, as a share of their mean, from which anything is read."""

SMALL = 0.01
"""A term with less than this share of its resource's minutes, by its stated rate, is too small to matter."""

OFF = 0.05
"""A stated rate within this share of the interval's nearer end is not called wrong."""

COLUMNS = (
    *("activity", "driver", "resource", "row", "stated", "estimate", "low", "high"),
    *("outside", "small", "at_stake"),
)
"""The columns of :func:`check_rates`."""


@dataclass(frozen=True)
class RateFit:
    """The rates that fit the minutes paid best, and the interval of each; the constant is left out."""

    estimate: Floats
    low: Floats
    high: Floats


def fit_rates(paid: Floats, volumes: Floats, intervals: int = 1) -> RateFit | None:
    """Return the rates that fit best; ``None`` where the periods cannot tell the terms apart.

    Args:
        paid: minutes paid in each period.
        volumes: driver units, terms × periods.
        intervals: how many intervals share the chance of a false alarm.

    >>> volumes = np.array([[10.0, 20, 30, 10, 25, 15, 12], [5.0, 1, 4, 9, 2, 7, 3]])
    >>> fit = fit_rates(100 + 6.0 * volumes[0] + 2.0 * volumes[1], volumes)
    >>> np.round(fit.estimate, 6).tolist()
    [6.0, 2.0]
    """
    terms, periods = volumes.shape
    free = periods - terms - 1
    if free < SPARE or paid.std() <= CHANGES * abs(paid.mean()):
        return None
    design = np.column_stack([np.ones(periods), volumes.T])
    scale = np.sqrt((design**2).sum(axis=0))
    if not (scale > 0).all():
        return None
    scaled = design / scale
    if np.linalg.matrix_rank(scaled, tol=1e-6) < terms + 1:
        return None
    most = (1 - EXPLAINED) * periods * paid.var()
    free_fit = np.linalg.lstsq(scaled, paid, rcond=None)[0]
    if ((paid - multiply(scaled, free_fit[:, None])[:, 0]) ** 2).sum() > most:
        return None  # as rates of any sign do not explain it, those above 0 cannot

    from scipy.optimize import nnls  # which takes a while to load
    from scipy.special import stdtrit

    fitted, left = nnls(scaled, paid)
    if left**2 > most:
        return None
    inverse = np.linalg.inv(multiply(scaled.T, scaled))
    error = np.sqrt(np.diag(inverse) * left**2 / free)
    reach = float(stdtrit(free, 1 - FALSE_ALARM / intervals / 2)) * error
    estimate, reach = (_cut_digits((found / scale)[1:]) for found in (fitted, reach))
    return RateFit(estimate, np.maximum(estimate - reach, 0.0), estimate + reach)


def _cut_digits(rates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return rates in the nine digits that are the same on every processor."""
    return np.array([float(f"{rate:.9g}") for rate in rates])


def check_rates(basis: Basis) -> pd.DataFrame:
    """Return what the minutes paid say of each stated rate, a row a term, the most money at stake first.

    - ``activity``, ``driver``, ``resource``, ``row`` (of Activities), ``stated``: the term and its rate, resource
      units for each unit of the driver.
    - ``estimate``, ``low``, ``high``: the rate that fits best, and its interval; blank where the periods do not tell.
    - ``outside``: whether the stated rate lies outside the interval, by more than :data:`OFF` of its end.
    - ``small``: whether the term takes less than :data:`SMALL` of its resource's minutes by its stated rate.
    - ``at_stake``: money over the span, positive: *|estimate − stated| × driver units × capacity cost rate*.
    """
    supply, equations = basis.resources.supply, basis.equations
    volumes = _sum_volumes(basis)
    first, after = find_whole_periods(basis.inputs.settings)
    of = pd.Index(supply.resources).get_indexer(pd.Index(equations["resource"].astype(str)))
    of = np.where(equations["unit_cost"].notna(), -1, of)
    intervals = int((volumes[:, first:after].sum(axis=1) > 0).sum())
    found = []
    for place in range(len(supply.resources)):
        terms = np.flatnonzero((of == place) & (volumes[:, first:after].sum(axis=1) > 0))
        if len(terms) and not supply.whole[place]:
            paid, own = supply.supplied[place, first:after], volumes[terms, first:after]
            found.append(_check_resource(basis, terms, fit_rates(paid, own, max(intervals, 1)), (paid, own)))
    whole = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(COLUMNS))
    order = ["at_stake", "activity", "driver", "row"]
    return whole.sort_values(order, ascending=[False, True, True, True], kind="stable", ignore_index=True)


def _sum_volumes(basis: Basis) -> Floats:
    """Return the driver units of each term in each period."""
    uses, count = list_uses(basis.log, basis.equations), len(basis.periods)
    period = basis.log["period"].to_numpy()[uses["entry"].to_numpy()]
    flat = uses["term"].to_numpy() * count + period
    size = len(basis.equations) * count
    sums = np.bincount(flat, weights=uses["driver_units"].to_numpy(), minlength=size)
    return np.asarray(sums.reshape(len(basis.equations), count), dtype=np.float64)


def _check_resource(
    basis: Basis, terms: npt.NDArray[np.int64], fit: RateFit | None, given: tuple[Floats, Floats]
) -> pd.DataFrame:
    """Return the rows of the terms of one resource; ``given`` are its minutes paid and their driver units."""
    paid, volumes = given
    stated = basis.equations["rate"].to_numpy(dtype=np.float64)[terms]
    resource = str(basis.equations["resource"].iloc[terms[0]])
    blank = np.full(len(terms), np.nan)
    estimate, low, high = (blank, blank, blank) if fit is None else (fit.estimate, fit.low, fit.high)
    units = volumes.sum(axis=1)
    price = float(np.nanmean(basis.rates.loc[resource].to_numpy())) if len(basis.periods) else np.nan
    at_stake = np.abs(estimate - stated) * units * price
    share = stated * units / paid.sum() if paid.sum() > 0 else np.zeros(len(terms))
    small = share < SMALL
    outside = ((stated < low * (1 - OFF)) | (stated > high * (1 + OFF))) & ~small
    some = basis.equations.iloc[terms]
    frame = {
        "activity": some["activity"].astype(str).to_numpy(),
        "driver": some["driver"].astype(str).to_numpy(),
        "resource": resource,
        "row": some["row"].to_numpy(dtype=np.int64),
        "stated": stated,
        "estimate": estimate,
        "low": low,
        "high": high,
        "outside": outside,
        "small": small & ~np.isnan(estimate),
        "at_stake": np.nan_to_num(at_stake),
    }
    return pd.DataFrame(frame)[list(COLUMNS)]
