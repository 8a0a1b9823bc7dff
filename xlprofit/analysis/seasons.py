"""Seasons: what each time of the year is for the customers of a segment, so that a slack month is no fall.

Sources: F. R. Macaulay, The Smoothing of Time Series, 1931, for the ratio of a period to the moving average over
a year with the period in its middle; R. Withycombe, "Forecasting with combined seasonal indices", International
Journal of Forecasting 1989, for one season of many customers, since the months of a single one say little; C. Stein, as
given by B. Efron and C. Morris, Journal of the American Statistical Association 1975, for how far one departs from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xlprofit.analysis import chance

if TYPE_CHECKING:
    from xlprofit.analysis.chance import Flags, Floats, Integers

YEARS = 2
"""Years that have to be known before a season can be told from a slope, but for the part :data:`UNSEEN`."""

UNSEEN = 4
"""One part in so many of a year may be unseen for a second time: its season lies between those beside it."""

YEARS_OF_ITS_OWN = 3
"""Years of its own from which a customer may have a season that nobody else has: each time of the year came twice."""

FEWEST_CUSTOMERS = 10
"""Customers below which a segment has no season of its own: that of all customers is taken."""

SLIGHT = 0.05
"""A season whose times of the year lie so close to 1, root mean square, is none: nobody has more or less of it."""

LOWEST = 0.2
"""No time of the year counts for less than this: what was sold then would be multiplied beyond belief."""

_WILD = 5.0
"""No period counts for more than so many usual ones."""


@dataclass(frozen=True)
class Calendar:
    """Which periods of which customers can say something of a season.

    ``start`` is the first period that counts for each customer, ``begin`` the first that counts for anybody and
    ``stop`` the one after the last; ``year`` is the number of periods in a year; ``pools`` is each customer's segment,
    as a number.
    """

    start: Integers
    begin: int
    stop: int
    year: int
    pools: Integers

    @property
    def known(self) -> bool:
        """Whether there are enough years for a season."""
        return self.year > 1 and self.stop - self.begin >= YEARS * self.year - self.year // UNSEEN


def find_factors(series: Floats, calendar: Calendar) -> Floats:
    """Return what each period is by its season alone, customers × periods, with a mean of 1 over a year.

    It is the index of the customer's segment, *iₘ* = mean of the ratios to the moving average of all that fall on that
    time of the year, each customer counting alike, more or less marked by customer: *1 + b × (iₘ − 1)*. A
    customer with three years or more may depart from it as far as its departures recur from year to year more
    than chance would have it. Before a season can be known everything is 1.

    Args:
        series: an amount by customer and period that is seldom below 0, such as net revenue.
        calendar: what counts, and which customers are pooled.
    """
    rows, count = series.shape
    if not calendar.known:
        return np.ones((rows, count))
    counts = _mark_counting(calendar, count)
    usual = _average_series(series, counts)
    sized = _scale_series(series, usual, counts)
    index = 1 + _pool_seasons(sized, counts & (usual > 0)[:, None], calendar, relative=True)
    ratio, valid = _find_ratios(series, calendar)
    place = np.arange(count) % calendar.year
    index = 1 + _find_strength(ratio, valid, index[:, place] - 1)[:, None] * (index - 1)
    index = index + _find_departures(ratio, valid, index[:, place], calendar.year)
    return np.asarray(np.maximum(index, LOWEST)[:, place])


def find_amounts(series: Floats, calendar: Calendar) -> Floats:
    """Return what each period has more, or less, by its season alone, for amounts that many periods have none of.

    Pooled like :func:`find_factors`, as a share of each customer's mean, but as a difference from the moving average;
    no customer departs from its segment. Before a season can be known everything is 0.
    """
    rows, count = series.shape
    if not calendar.known:
        return np.zeros((rows, count))
    counts = _mark_counting(calendar, count)
    size = _average_series(series, counts)
    sized = _scale_series(series, size, counts)
    index = _pool_seasons(sized, counts & (size > 0)[:, None], calendar, relative=False)
    return np.asarray(index[:, np.arange(count) % calendar.year] * np.maximum(size, 0.0)[:, None])


def _mark_counting(calendar: Calendar, count: int) -> Flags:
    place = np.arange(count)
    return np.asarray((place >= calendar.start[:, None]) & (place < calendar.stop))


def _add_rows(rows: Floats) -> Floats:
    """Return the sum of each row, added from left to right, so that it is the same on every processor."""
    return np.asarray(np.cumsum(rows, axis=1)[:, -1])


def _average_series(series: Floats, counts: Flags) -> Floats:
    number = counts.sum(axis=1)
    return np.asarray(_add_rows(np.where(counts, series, 0.0)) / np.maximum(number, 1))


def _scale_series(series: Floats, size: Floats, counts: Flags) -> Floats:
    sound = counts & (size > 0)[:, None]
    scaled = np.divide(series, size[:, None], out=np.zeros_like(series), where=sound)
    return np.clip(scaled, -_WILD, _WILD)


def _pool_seasons(sized: Floats, counts: Flags, calendar: Calendar, relative: bool) -> Floats:
    """Return the season of each customer's segment by time of the year, less its mean: customers × year."""
    pools, members = np.unique(calendar.pools, return_inverse=True)
    everybody = _curve_season(sized, counts, calendar, relative)
    found = np.empty((len(pools), calendar.year))
    for pool in range(len(pools)):
        some = members == pool
        enough = np.count_nonzero(counts[some].any(axis=1)) >= FEWEST_CUSTOMERS and len(pools) > 1
        found[pool] = _curve_season(sized[some], counts[some], calendar, relative) if enough else everybody
    return np.asarray(found[members])


def _curve_season(sized: Floats, counts: Flags, calendar: Calendar, relative: bool) -> Floats:
    """Return the season of the mean of these customers, each with a usual amount of 1."""
    nothing = np.zeros(calendar.year)
    number = counts.sum(axis=0)
    inside = slice(calendar.begin, calendar.stop)
    if np.count_nonzero(counts.any(axis=1)) < FEWEST_CUSTOMERS or not (number[inside] > 0).all():
        return nothing
    curve = np.zeros(sized.shape[1])
    # Row after row: the same on every processor.
    np.add.reduce(np.where(counts, sized, 0.0), axis=0, out=curve)
    curve = (curve / np.maximum(number, 1))[None, :]
    alone = Calendar(
        np.array([calendar.begin]), calendar.begin, calendar.stop, calendar.year, np.zeros(1, np.int64)
    )
    level, valid = _move_average(curve, alone)
    if relative and not (level[valid] > 0).all():
        return nothing
    step = np.divide(curve, level, out=np.ones_like(curve), where=valid) if relative else curve - level
    place = np.arange(sized.shape[1]) % calendar.year
    hits = np.bincount(place, weights=valid[0], minlength=calendar.year)
    sums = np.bincount(place, weights=np.where(valid, step, 0.0)[0], minlength=calendar.year)
    season = _fill_gaps(sums / np.maximum(hits, 1), hits > 0)
    return np.asarray(season - _add_rows(season[None, :])[0] / calendar.year)


def _fill_gaps(season: Floats, seen: Flags) -> Floats:
    """Return the season of the year with the times not seen on a line between those beside them, around the year."""
    year = len(season)
    if seen.all() or not seen.any():
        return season
    known = np.flatnonzero(seen)
    around = np.concatenate([known - year, known, known + year])
    return np.asarray(np.interp(np.arange(year), around, np.tile(season[known], 3)))


def _move_average(series: Floats, calendar: Calendar) -> tuple[Floats, Flags]:
    """Return the mean of the year around each period, half of either end, and where there is a whole one."""
    rows, count = series.shape
    half = calendar.year // 2
    through = np.concatenate([np.zeros((rows, 1)), np.cumsum(series, axis=1)], axis=1)
    level = np.zeros((rows, count))
    if count > 2 * half:
        whole = through[:, 2 * half + 1 :] - through[:, : count - 2 * half]
        ends = series[:, 2 * half :] + series[:, : count - 2 * half]
        level[:, half : count - half] = (whole - ends / 2) / (2 * half)
    place = np.arange(count)
    valid = (place - half >= calendar.start[:, None]) & (place + half < calendar.stop)
    return level, np.asarray(valid)


def _find_ratios(series: Floats, calendar: Calendar) -> tuple[Floats, Flags]:
    """Return the ratio of each period to the year around it, and where there is one."""
    level, valid = _move_average(series, calendar)
    valid &= level > 0
    ratio = np.divide(series, level, out=np.ones_like(series), where=valid)
    return np.clip(ratio, -_WILD, _WILD), valid


def _find_strength(ratio: Floats, valid: Flags, season: Floats) -> Floats:
    """Return how marked the season of the segment is in each customer: 1 where it is as in the mean of all."""
    marked = _add_rows(season**2) >= SLIGHT**2 * season.shape[1]
    weight = _add_rows(np.where(valid, season**2, 0.0))
    known = marked & (weight > 0) & (valid.sum(axis=1) >= 6)
    if not known.any():
        return np.ones(len(ratio))
    sound = np.where(known, weight, 1.0)
    own = _add_rows(np.where(valid, (ratio - 1) * season, 0.0)) / sound
    left = np.where(valid, (ratio - 1 - own[:, None] * season) ** 2, 0.0)
    doubt = _add_rows(left) / np.maximum(valid.sum(axis=1) - 1, 1) / sound
    drawn = chance.share_knowledge(np.where(known, own, np.nan), doubt)
    return np.where(marked, np.clip(drawn, 0.0, 3.0), 1.0)


def _find_departures(ratio: Floats, valid: Flags, season: Floats, year: int) -> Floats:
    """Return how each customer departs from its season by time of the year, as far as that recurs.

    *Departure × (1 − within / between)*, 0 at least: *between* is the variance of the departures' means by time of the
    year, each from so many years, *within* what it would be if they did not recur.
    """
    rows, count = ratio.shape
    found = np.zeros((rows, year))
    some = np.flatnonzero(valid.sum(axis=1) >= (YEARS_OF_ITS_OWN - 1) * year)
    if not len(some):
        return found
    place = np.arange(count) % year
    part = np.where(valid[some], ratio[some] - season[some], 0.0)
    number = np.stack([valid[some][:, place == m].sum(axis=1) for m in range(year)], axis=1)
    mean = np.stack([_add_rows(part[:, place == m]) for m in range(year)], axis=1) / np.maximum(number, 1)
    spread = np.where(valid[some], part - mean[:, place], 0.0) ** 2
    within = _add_rows(spread) / np.maximum(number.sum(axis=1) - year, 1)
    between = _add_rows(number * mean**2) / (year - 1)
    weight = np.maximum(1 - np.divide(within, between, out=np.ones_like(within), where=between > 0), 0.0)
    found[some] = weight[:, None] * (mean - _add_rows(mean)[:, None] / year)
    return found
