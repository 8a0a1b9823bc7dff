"""What a customer has brought since it was won and is still to bring, and when its acquisition is paid back.

Source: S. Gupta and D. R. Lehmann, *Managing Customers as Investments*, 2005. What is expected of the years ahead is
*expected profit × retentionᵗ⁻¹ / (1 + discount)ᵗ*: the first year's profit holds its own chance to stay already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis.lifetime import find_multiples
from xlprofit.ledger import periods

if TYPE_CHECKING:
    from xlprofit.outlook.past import Past
    from xlprofit.tables import Settings

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

MOST_COHORTS = 8
"""Cohorts by quarter above which they are by year."""

EARLIER = "earlier"
"""The cohort of those who were customers before the span, or of whom nobody knows."""

COHORT_COLUMNS = (
    "customers",
    "acquisition_cost",
    "contribution",
    "profit",
    "expected_profit",
    "payback_months",
)
"""The columns of :attr:`Lifetime.cohorts`."""

_PAID = 1e-9
"""A rest of the acquisition cost below this share of it is rounding."""


@dataclass(frozen=True)
class Lifetime:
    """What each customer brought and is to bring.

    Attributes:
        acquisition: what winning it has cost, money, negative; blank for those won before the span with nothing posted.
        payback: months from its beginning until what it left had paid that back, or is expected to; blank where it is
            not within the horizon, or nobody knows when it began.
        to_date: profit of the span, acquisition included, money.
        value: profit to date and the present value of what is expected, money.
        cohorts: a row a cohort (label of the quarter or year in which they began), columns :data:`COHORT_COLUMNS`,
            money over the span, acquisition negative; ``payback_months`` counts whole periods of a cohort's own
            time, as far as all of it has come, and from there on what is expected of it.
        curves: a row for each period of tenure, counted from 1, a column a cohort: what its customers have left so far,
            less their acquisition; blank beyond what the youngest of them has reached.
    """

    acquisition: Floats
    payback: Floats
    to_date: Floats
    value: Floats
    cohorts: pd.DataFrame
    curves: pd.DataFrame


def measure_lifetimes(
    pnl: pd.DataFrame, past: Past, settings: Settings, expected: Floats, retention: Floats
) -> Lifetime:
    """Return what each customer has brought and is to bring.

    Args:
        pnl: the P&L by customer and period, every combination, in order.
        past: for the day on which each began.
        settings: the discount rate and the horizon.
        expected: what is expected of the next twelve months, money.
        retention: the chance that who is a customer now is one a year later.
    """
    count = len(periods.list_labels(settings))
    profit, acquired = (
        pnl[column].to_numpy(dtype=np.float64).reshape(-1, count) for column in ("profit", "cost_to_acquire")
    )
    years = find_multiples(retention, settings.discount_rate, settings.horizon, "start")
    ahead = expected * years / (1.0 + settings.discount_rate)
    to_date = profit.cumsum(axis=1)[:, -1]
    cost = acquired.cumsum(axis=1)[:, -1]
    begin = _find_first_period(past, settings, count)
    acquisition = np.where((begin < 0) & (cost >= 0), np.nan, np.minimum(cost, 0.0))
    left = (profit - acquired).cumsum(axis=1)
    payback = _find_payback(left, 0.0 - cost, begin, expected, settings)
    label = _label_cohorts(past, settings, begin)
    return Lifetime(
        acquisition,
        payback,
        to_date,
        to_date + ahead,
        *_sum_cohorts(profit, acquired, begin, label, expected, settings),
    )


def _find_first_period(past: Past, settings: Settings, count: int) -> Integers:
    """Return the place of the period in which each began; −1 where it was before the span, or nobody knows.

    A first purchase in the first quarter of a year of the span may be that of an old customer.
    """
    early = 0.0 if count < 2 else 92.0
    unknown = ~np.isfinite(past.since) | (past.since < np.where(past.dated, 0.0, early))
    days = pd.Series(settings.start + pd.to_timedelta(np.where(unknown, 0.0, past.since), unit="D"))
    place = periods.place_dates(days, settings)
    return np.where(unknown, -1, place).astype(np.int64)


def _measure_period_months(settings: Settings) -> int:
    return {"month": 1, "quarter": 3, "year": 12}[settings.period]


def _find_payback(
    left: Floats, cost: Floats, begin: Integers, expected: Floats, settings: Settings
) -> Floats:
    """Return the months from its beginning until what each left is as much as its acquisition cost."""
    length, count = _measure_period_months(settings), left.shape[1]
    known = (begin >= 0) & (cost > 0)
    reached = left >= (cost * (1.0 - _PAID))[:, None]
    reached &= np.arange(count) >= begin[:, None]
    first = np.argmax(reached, axis=1)
    ever = reached.any(axis=1)
    so_far = (count - begin) * length
    rest = np.divide(
        12.0 * (cost - left[:, -1]), expected, out=np.full(len(cost), np.inf), where=expected > 0
    )
    later = np.where(rest <= 12.0 * settings.horizon, so_far + rest, np.nan)
    return np.where(known, np.where(ever, (first - begin + 1) * length, later), np.nan)


def _find_common_payback(course: Floats, cost: float, expected: float, settings: Settings) -> float:
    """Return the months until a cohort has paid for winning it, as far as all of it has come or is expected to.

    Args:
        course: what it brought so far less its acquisition, by period of tenure that all of it has reached.
        cost: what winning it has cost, money, positive.
        expected: what is expected of it in the next twelve months, money.
        settings: for the period and the horizon.
    """
    length = _measure_period_months(settings)
    paid = course >= -cost * _PAID
    if paid.any():
        return float((np.argmax(paid) + 1) * length)
    rest = 12.0 * -float(course[-1]) / expected if expected > 0 else np.inf
    return len(course) * length + rest if rest <= 12.0 * settings.horizon else np.nan


def _label_cohorts(past: Past, settings: Settings, begin: Integers) -> npt.NDArray[np.object_]:
    """Return the label of the quarter, or year, in which each began; :data:`EARLIER` for the others."""
    known = begin >= 0
    days = pd.Series(settings.start + pd.to_timedelta(np.where(known, past.since, 0.0), unit="D"))
    quarters = days.dt.year.astype(str) + "-Q" + days.dt.quarter.astype(str)
    by_quarter = quarters[known].nunique() <= MOST_COHORTS and settings.period != "year"
    label = quarters if by_quarter else days.dt.year.astype(str)
    return np.where(known, label.to_numpy(dtype=object), EARLIER).astype(object)


def _sum_cohorts(
    profit: Floats,
    acquired: Floats,
    begin: Integers,
    label: npt.NDArray[np.object_],
    expected: Floats,
    settings: Settings,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the cohorts and their curves; see :class:`Lifetime`."""
    count, length = profit.shape[1], _measure_period_months(settings)
    rows, curves = [], {}
    for name in sorted(set(label.tolist()) - {EARLIER}) + ([EARLIER] if EARLIER in label else []):
        some = np.flatnonzero(label == name)
        cost, whole = (float(np.cumsum(grid[some].ravel())[-1]) for grid in (acquired, profit))
        payback, ahead = np.nan, float(np.cumsum(expected[some])[-1])
        if name != EARLIER:
            place = begin[some, None] + np.arange(count)
            inside = place < count
            by_tenure = np.where(
                inside, np.take_along_axis(profit[some], np.minimum(place, count - 1), axis=1), 0.0
            )
            # What was spent before the first period of tenure is part of what is to be paid back.
            before = np.where(np.arange(count) < begin[some, None], profit[some], 0.0)
            by_tenure[:, 0] += before.cumsum(axis=1)[:, -1]
            course = np.cumsum(np.cumsum(by_tenure, axis=0)[-1])
            reached = int(count - begin[some].max())
            curves[name] = np.where(np.arange(count) < reached, course, np.nan)
            if cost < 0:
                payback = _find_common_payback(course[:reached], -cost, ahead, settings)
        rows.append((len(some), cost, whole - cost, whole, ahead, payback))
    names = sorted(set(label.tolist()) - {EARLIER}) + ([EARLIER] if EARLIER in label else [])
    cohorts = pd.DataFrame(
        rows, columns=list(COHORT_COLUMNS), index=pd.Index(names, name="cohort", dtype=object)
    )
    index = pd.Index(np.arange(1, count + 1) * length, name="months")
    drawn = pd.DataFrame(curves, index=index)
    return cohorts, drawn[drawn.notna().any(axis=1)] if len(drawn.columns) else drawn
