"""Seasons: what share of a usual month each month of the year brings, pooled over the customers of a segment.

Source: the ratio to the year's mean (Persons, "Indices of Business Conditions", Review of Economic Statistics
1919), pooled over a group and shrunk as Dekker, van Donselaar and Ouwehand, "How to use aggregation and combined
forecasting to improve seasonal demand forecasts", International Journal of Production Economics 2004, advise: one
customer has too few years to tell a season from chance, its segment together has not.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from xlprofit.tables import Inputs

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

LOWEST = 0.25
"""The lowest index that a season is divided by: what is sold in a dead season says little of the year."""


DOUBT = 10.0
"""The F at and below which a segment is taken to go nowhere beside its season."""

FEWEST_BENT = 3
"""Periods that it must have risen or fallen for."""

DIGITS = 9
"""Digits to which one bend must explain more than another to be taken for it: later ones differ by processor."""

FEWEST = 10
"""Customers that a segment must have for what they share to be told from what one of them does."""


def share_course(amounts: Floats, segment: Integers, there: npt.NDArray[np.bool_]) -> Floats:
    """Return what the customers of a segment have in common in each period, 1 being a usual one.

    Where there are not two years, nobody can tell a season from a change; but what a customer does that its
    segment does not is a change. It is the mean ratio of those who were ``there`` throughout, each counting the same; 1
    for a segment with fewer than :data:`FEWEST` of them.

    Args:
        amounts: customers × periods; what is below zero counts as nothing.
        segment: the place of each customer's segment.
        there: which customers were there in all of the periods.
    """
    sold = np.maximum(amounts, 0.0)
    total = sold.cumsum(axis=1)[:, -1]
    known = there & (total > 0)
    count = int(segment.max(initial=-1)) + 1
    members = np.bincount(segment[known], minlength=count)
    shared = np.ones((count, amounts.shape[1]))
    enough = members >= FEWEST
    for place in range(amounts.shape[1]):
        ratio = sold[known, place] * amounts.shape[1] / total[known]
        sums = np.bincount(segment[known], weights=ratio, minlength=count)
        np.divide(sums, members, out=shared[:, place], where=enough)
    return np.asarray(shared[segment])


def indices(amounts: Floats, segment: Integers, a_year: int) -> Floats:
    """Return the seasonal index of each customer in each period of the last year, 1 being a usual period.

    Each customer that has amounts in both of the last two years counts the same, whatever its size: its *ratio* is the
    amount / the year's mean. The index of a segment is *1 + ρ × (mean ratio − 1)*, where ρ, from 0 to 1, is how
    far the two years agree: the covariance of their mean ratios / the mean of their variances. A season that comes
    in one year only is no season.

    Growth of 2 % a month is no season either, though each of both years ends 20 % above where it began. What a segment
    grows by beside its season (:func:`find_courses`) is taken out. A step from one year to the next may look the same:
    where both explain the years as well, that is taken which leaves the smoother season around the year.

    Args:
        amounts: customers × two years of periods, in time's order; what is below zero counts as nothing.
        segment: the place of each customer's segment.
        a_year: periods in a year.

    >>> one, other = [[10.0, 30.0, 10.0, 30.0]], [[20.0, 20.0, 10.0, 30.0]]
    >>> indices(np.array(one), np.array([0]), 2).tolist(), indices(np.array(other), np.array([0]), 2).tolist()
    ([[0.5, 1.5]], [[1.0, 1.0]])
    """
    years = np.maximum(amounts, 0.0).reshape(len(amounts), 2, a_year)
    both = (years.cumsum(axis=2)[:, :, -1] > 0).all(axis=1)
    years, whose = years[both], segment[both]
    count = int(segment.max(initial=-1)) + 1
    members = np.bincount(whose, minlength=count)
    course, clear = find_courses(_average_ratios(years, whose, members))
    stepped, grown = (_pool_years(level, whose, members) for level in (years, years / course[whose]))
    leaps = [((index - np.roll(index, 1, axis=1)) ** 2).cumsum(axis=1)[:, -1] for index in (stepped, grown)]
    smoother = np.round(leaps[1], DIGITS) < np.round(leaps[0], DIGITS)
    pooled = np.where((clear | smoother)[:, None], grown, stepped)
    return np.asarray(pooled[segment])


def _pool_years(years: Floats, segment: Integers, members: Integers) -> Floats:
    """Return the index of each segment, segments × periods of a year, as far as both years agree."""
    total = years.cumsum(axis=2)[:, :, -1]
    mean = _average_members(years * years.shape[2] / total[:, :, None], segment, members)
    away = mean - 1.0
    agree = (away[:, 0] * away[:, 1]).cumsum(axis=1)[:, -1]
    spread = (away**2).cumsum(axis=2)[:, :, -1].sum(axis=1) / 2
    share = np.clip(np.divide(agree, spread, out=np.zeros(len(members)), where=spread > 0), 0.0, 1.0)
    return np.asarray(1.0 + share[:, None] * (away[:, 0] + away[:, 1]) / 2)


def _average_ratios(years: Floats, segment: Integers, members: Integers) -> Floats:
    """Return the mean of what each period is of the mean of both years, segments × 2 × periods of a year."""
    total = years.cumsum(axis=2)[:, :, -1].sum(axis=1)
    return _average_members(years * 2 * years.shape[2] / total[:, None, None], segment, members)


def _average_members(ratios: Floats, segment: Integers, members: Integers) -> Floats:
    """Return the mean of the ratios of each segment's members, 1 where it has none."""
    mean = np.ones((len(members), 2, ratios.shape[2]))
    for year in range(2):
        for place in range(ratios.shape[2]):
            sums = np.bincount(segment, weights=ratios[:, year, place], minlength=len(members))
            np.divide(sums, members, out=mean[:, year, place], where=members > 0)
    return mean


def find_courses(mean: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return the course that each segment takes beside its season, and whether that is clearly no step between years.

    What a period is more than the same a year before knows of no season: *dₜ = ln (m₂ₜ / m₁ₜ)*. A level that rises or
    falls at one rate *r* from some period on, *cₜ = exp(r xₜ)*, has *dₜ = r (xₜ₊ᵧ − xₜ)*: the bend is that which leaves
    the least squares (Bacon and Watts, Biometrika 1971), believed by *1 − c / F* (James and Stein 1961), *F* being what
    it explains over what is left.

    Args:
        mean: what each period is of the mean of both years, segments × 2 × periods of a year.

    Returns:
        The course, of the same shape, 1 for a segment that goes nowhere; and whether a step from one year to the next,
        a *dₜ* that is always the same, leaves clearly more (by *F*).

    >>> grown = np.exp(0.02 * np.arange(24.0)).reshape(1, 2, 12)
    >>> course, _ = find_courses(grown / grown.mean())
    >>> float(np.ptp(grown / course)) < 1e-9
    True
    """
    count, _, a_year = mean.shape
    course, clear = np.ones(mean.shape), np.zeros(count, dtype=bool)
    known = (mean > 0).all(axis=(1, 2))
    if a_year <= FEWEST_BENT or not known.any():
        return course, clear
    ratio = mean[known, 1] / mean[known, 0]
    grown = np.array([[round(math.log(one), DIGITS) for one in row] for row in ratio.tolist()])
    bend = np.arange(2 * a_year - FEWEST_BENT)[:, None]
    since = np.maximum(np.arange(2 * a_year) - bend, 0).astype(np.float64)
    apart = since[:, a_year:] - since[:, :a_year]
    size = (apart**2).sum(axis=1)
    along = np.stack([(grown * one).cumsum(axis=1)[:, -1] for one in apart], axis=1)
    explained = along**2 / size
    whole = (grown**2).cumsum(axis=1)[:, -1]
    best = explained.max(axis=1, keepdims=True)
    share = np.divide(explained, best, out=np.zeros_like(explained), where=best > 0)
    place = np.argmax(np.round(share, DIGITS), axis=1)
    most = explained[np.arange(len(place)), place]
    left = np.maximum(whole - most, 0.0) / (a_year - 2)
    belief = np.clip(1.0 - DOUBT * np.divide(left, most, out=np.ones_like(most), where=most > 0), 0.0, 1.0)
    slope = belief * (along / size)[np.arange(len(place)), place]
    grows = (slope[:, None] * since[place]).tolist()
    course[known] = np.array([[round(math.exp(one), DIGITS) for one in row] for row in grows]).reshape(
        -1, 2, a_year
    )
    of_a_step = np.maximum(whole - grown.cumsum(axis=1)[:, -1] ** 2 / a_year, 0.0)
    clear[known] = of_a_step - np.maximum(whole - most, 0.0) > DOUBT * left
    return course, clear


def place_segments(inputs: Inputs, names: pd.Index) -> Integers:
    """Return the place of each customer's segment; those that Customers does not have are one of their own."""
    customers = inputs["Customers"]
    codes, _ = pd.factorize(customers["segment"].astype(str).to_numpy(dtype=object), sort=True)
    segment = np.full(len(names), int(codes.max(initial=-1)) + 1, dtype=np.int64)
    place = names.get_indexer(pd.Index(customers["customer"].astype(str)))
    segment[place[place >= 0]] = codes[place >= 0]
    return segment
