"""Slopes: how steeply a series rises or falls, how far beyond chance, and where it turned.

Sources: P. K. Sen, "Estimates of the regression coefficient based on Kendall's tau", Journal of the American
Statistical Association 1968 (after H. Theil, 1950), for the slope; H. B. Mann, "Nonparametric tests against trend",
Econometrica 1945, with M. G. Kendall's correction for ties, for whether it is more than chance. What memory from
period to period and the number of customers do to that is said in :mod:`xlprofit.analysis.chance`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xlprofit.analysis import chance

if TYPE_CHECKING:
    from xlprofit.analysis.chance import Flags, Floats, Integers

MATERIAL = 0.10
"""The change in a year, as a share of the typical amount, from which a trend counts."""

FEWEST_ON_A_SIDE = 3
"""Periods before a turn, and from it on, below which it may as well be a wild period or two."""

_NOTHING = 1e-9
"""What is smaller than this share of a customer's largest amount is the rounding of a sum."""

_PAIRS_AT_ONCE = 100_000
"""As many as stay in a processor's cache while they are sorted out."""


@dataclass(frozen=True)
class Fit:
    """A line through each customer's series.

    ``slope`` is Theil and Sen's, a period. ``z`` is Mann and Kendall's with the sign of the slope, as if no period
    remembered the one before; 0 where the change in a year is less than :data:`MATERIAL` of the typical amount.
    """

    slope: Floats
    z: Floats


def fit(series: Floats, a_year: float, window: Integers | None = None) -> Fit:
    """Return the line through each row of ``series``, and how far beyond chance it rises or falls.

    The slope is *median over all pairs of (yⱼ − yᵢ) / (j − i)*; for one value there is none. *z = (|S| − 1) / √var S*,
    *S* being the number of pairs that rise less the number that fall. Neighbours in a series that was smoothed over
    a window are no news, so there *z / √window* is taken.

    Args:
        series: customers × periods, all known, two periods at least.
        a_year: periods in a year.
        window: the periods that each row was smoothed over; 1 where it is not given.
    """
    rows, length = series.shape
    slope, score = np.zeros(rows), np.zeros(rows)
    nothing = _NOTHING * np.abs(series).max(axis=1, initial=0.0)
    for some in _chunks(rows, length * (length - 1) // 2):
        steps = _steps(series[some])
        edge = nothing[some, None] / length
        score[some] = np.count_nonzero(steps > edge, axis=1) - np.count_nonzero(steps < -edge, axis=1)
        slope[some] = _middle(steps)
    smooth = np.ones(rows, dtype=np.int64) if window is None else window
    spread = np.sqrt(_variance(series, nothing) * smooth)
    z = np.divide(np.maximum(np.abs(score) - 1, 0.0), spread, out=np.zeros(rows), where=spread > 0)
    material = np.abs(slope) * a_year >= MATERIAL * _middle(np.abs(series))
    material &= slope * score > 0
    return Fit(slope, np.where(material, np.sign(slope) * z, 0.0))


def find_memory(series: Floats, slope: Floats, window: Integers | None = None) -> Floats:
    """Return what each row remembers beside its line, blank where smoothed.

    See :func:`xlprofit.analysis.chance.find_memory_of_ranks`.
    """
    nothing = _NOTHING * np.abs(series).max(axis=1, initial=0.0)
    beside = series - slope[:, None] * np.arange(series.shape[1])
    # What differs by the rounding of a sum alone is alike.
    alike = np.rint(beside / np.where(nothing > 0, nothing, 1.0)[:, None])
    memory = chance.find_memory_of_ranks(alike)
    return memory if window is None else np.where(window > 1, np.nan, memory)


def _chunks(rows: int, pairs: int) -> Iterator[slice]:
    """Yield the rows in chunks whose pairs fit into memory."""
    step = max(1, _PAIRS_AT_ONCE // max(pairs, 1))
    for begin in range(0, rows if pairs else 0, step):
        yield slice(begin, begin + step)


def _steps(series: Floats) -> Floats:
    """Return the slope between each pair of periods, a column a pair."""
    columns = np.ascontiguousarray(series.T)
    length = len(columns)
    steps = np.empty((length * (length - 1) // 2, len(series)))
    begin = 0
    for lag in range(1, length):
        end = begin + length - lag
        np.subtract(columns[lag:], columns[:-lag], out=steps[begin:end])
        steps[begin:end] /= lag
        begin = end
    return np.ascontiguousarray(steps.T)


def _middle(rows: Floats) -> Floats:
    """Return the median of each row, sorting the rows: four times as fast here as a partition."""
    rows.sort(axis=1)
    half = rows.shape[1] // 2
    return np.asarray(rows[:, half] if rows.shape[1] % 2 else (rows[:, half - 1] + rows[:, half]) / 2)


def _variance(series: Floats, nothing: Floats) -> Floats:
    """Return the variance of Kendall's score for each row if it had no trend, corrected for its ties."""
    rows, length = series.shape
    ordered = np.sort(series, axis=1)
    fresh = np.ones((rows, length), dtype=bool)
    fresh[:, 1:] = np.diff(ordered, axis=1) > nothing[:, None]
    run = np.cumsum(fresh, axis=1) - 1 + np.arange(rows)[:, None] * length
    tied = np.bincount(run.ravel(), minlength=rows * length).reshape(rows, length).astype(np.float64)
    ties = (tied * (tied - 1) * (2 * tied + 5)).sum(axis=1)
    return np.asarray((length * (length - 1) * (2 * length + 5) - ties) / 18.0)


def rhythm(sale: Flags) -> Integers:
    """Return the usual number of periods from one sale to the next, 1 where there are not two sales.

    It is the mean, rounded up where it is more than a third above a whole number: there is a sale in
    nearly every stretch of that length.

    >>> rhythm(np.array([[True, False, False, True, False, False, True]])).tolist()
    [3]
    """
    sales = sale.sum(axis=1)
    length = sale.shape[1]
    reach = length - 1 - np.argmax(sale[:, ::-1], axis=1) - np.argmax(sale, axis=1)
    mean = reach / np.maximum(sales - 1, 1)
    return np.asarray(np.where(sales > 1, np.ceil(mean - 1 / 3 - _NOTHING), 1), dtype=np.int64)


def smooth_series(series: Floats, window: Integers) -> Floats:
    """Return each row with the mean of ``window`` periods, the period itself the last of them, for each.

    The first ones, for which there are too few, take the value of the first for which there are enough. A window
    of 1 leaves the row as it is.

    >>> smooth_series(np.array([[90.0, 0.0, 0.0, 120.0, 0.0]]), np.array([3])).tolist()
    [[30.0, 30.0, 30.0, 40.0, 40.0]]
    """
    rows, length = series.shape
    through = np.concatenate([np.zeros((rows, 1)), np.cumsum(series, axis=1)], axis=1)
    last = np.maximum(np.arange(length), window[:, None] - 1)
    sums = np.take_along_axis(through, last + 1, axis=1) - np.take_along_axis(
        through, last + 1 - window[:, None], axis=1
    )
    return np.where(window[:, None] > 1, sums / window[:, None], series)


def turn(series: Floats) -> Integers:
    """Return the place in each row from which it is below zero, having been above; −1 where there is none.

    Of all places, the one that leaves the fewest periods on the wrong side, the last of several such. It is a
    turn if there are :data:`FEWEST_ON_A_SIDE` periods on either side of it, more above zero than below before
    it, and fewer from it on.

    >>> turn(np.array([[5.0, 4.0, -9.0, 3.0, -1.0, -2.0, -4.0]])).tolist()
    [4]
    """
    rows, length = series.shape
    if length < 2 * FEWEST_ON_A_SIDE:
        return np.full(rows, -1, dtype=np.int64)
    nothing = _NOTHING * np.abs(series).max(axis=1, keepdims=True)
    signs = (series > nothing).astype(np.int64) - (series < -nothing)
    through = np.cumsum(signs, axis=1)
    before = through[:, :-1]
    best = length - 1 - np.argmax(before[:, ::-1], axis=1)
    above = before[np.arange(rows), best - 1]
    sides = (best >= FEWEST_ON_A_SIDE) & (best <= length - FEWEST_ON_A_SIDE)
    return np.where(sides & (above > 0) & (through[:, -1] < above), best, -1)
