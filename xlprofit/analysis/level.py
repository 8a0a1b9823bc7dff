"""Today's level of a series: how much each of its periods counts, by whether and where it changed.

Sources: A. J. Scott and M. Knott, "A Cluster Analysis Method for Grouping Means in the Analysis of Variance",
Biometrics 1974, for the place of a change; W. James and C. Stein, "Estimation with Quadratic Loss", 1961, for how far
it is believed. See :mod:`xlprofit.analysis.run_rate`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

DOUBT_OF_LINE, DOUBT_OF_STEP, UNSEASONED = 2.0, 4.0, 7.5
"""The F at and below which a change is taken for chance (see the module)."""

HALF = 0.5
"""The share of a change that is to be there without single wild periods for it to be believed."""

FEWEST = 3
"""Periods on either side of a change of level."""

_NOTHING = 1e-18
"""A sum of squares below this share of that of the amounts is rounding."""


@dataclass(frozen=True)
class Break:
    """Where a series changed: ``belief`` p, ``kept`` newest periods (0: a line), ``slope`` a period, what is left."""

    belief: Floats
    kept: Integers
    slope: Floats
    left: Floats
    whole: Floats


def weigh_periods(
    series: Floats, own: Integers, a_year: int, doubt: float, way: Integers
) -> tuple[Floats, Break]:
    """Return the weight of each period for each customer, and where its series changed.

    A change is believed no more than it is without the single wild periods (see :func:`_calm_values`); but wholly where
    it goes the ``way`` that the customer's trend is known to go (−1 it falls, +1 it rises, 0 nobody knows).
    """
    width = series.shape[1]
    age = np.arange(width)
    newest = series[:, ::-1]
    mine = age < own[:, None]
    mean = add_up(np.where(mine, newest, 0.0)) / np.maximum(own, 1)
    values = np.where(mine, newest - mean[:, None], 0.0)
    calm = _calm_values(values, own)
    scale = add_up(np.where(mine, newest**2, 0.0))
    seen = _Seen(_add_through(values), _add_through(calm), scale, doubt)
    first = _bear_out_change(seen, own, way)
    later = _bear_out_change(seen, first.kept, np.zeros_like(way))
    even = balance_weights(own, width, a_year)
    since = balance_weights(np.where(first.kept > 0, first.kept, own), width, a_year)
    inner = _mix_weights(since, _weigh_after_change(later, first.kept, width, a_year), later.belief)
    stepped = np.where((first.kept > 0)[:, None], inner, _weigh_after_change(first, own, width, a_year))
    weights = _mix_weights(even, stepped, first.belief)
    slope = np.where(first.kept > 0, later.belief * later.slope, first.slope)
    return weights[:, ::-1], Break(first.belief, first.kept, slope, first.left, first.whole)


def _add_through(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the sums of the values, of their squares and of value × age, each through every age."""
    age = np.arange(values.shape[1])
    sums, squares, aged = (np.cumsum(part, axis=1) for part in (values, values**2, values * age))
    return sums, squares, aged


def _calm_values(values: Floats, own: Integers) -> Floats:
    """Return the newest ``own`` values without single wild ones: each the middle one of it and its two neighbours.

    Running medians of three (Tukey, *Exploratory Data Analysis*, 1977) leave a step and a line as they are. The first
    and the last take the two next to them on their one side.
    """
    width = values.shape[1]
    if width < 3:
        return values
    age = np.arange(width)
    before = values[:, np.where(age > 0, age - 1, 2)]
    after = values[:, np.minimum(age + 1, width - 1)]
    at_end = np.take_along_axis(values, np.maximum(own - 3, 0)[:, None], axis=1)
    after = np.where(age[None, :] == own[:, None] - 1, at_end, after)
    low, high = np.minimum(before, after), np.maximum(before, after)
    middle = np.clip(values, low, high)
    return np.where((age < own[:, None]) & (own >= 3)[:, None], middle, values)


@dataclass(frozen=True)
class _Seen:
    """What a change is looked for in: the sums of the values and of the calm ones, each through every age."""

    sums: tuple[Floats, Floats, Floats]
    calm: tuple[Floats, Floats, Floats]
    scale: Floats
    doubt: float


def _bear_out_change(seen: _Seen, own: Integers, way: Integers) -> Break:
    """Return the change in the values, believed as far as it is in the calm ones too.

    There it is to go at least half as far: one wild period among the newest is no change of level, whatever else is
    seen without it.
    """
    found, without = (_find_change(sums, own, seen.scale, seen.doubt, way) for sums in (seen.sums, seen.calm))
    far, calm = (_measure_change(sums, own, found) for sums in (seen.sums, seen.calm))
    borne = np.divide(calm, HALF * far, out=np.zeros(len(own)), where=np.abs(far) > 0)
    belief = np.minimum(found.belief, without.belief) * np.clip(borne, 0.0, 1.0)
    kept = np.where(belief > 0, found.kept, 0)
    left = np.where(belief > 0, found.left, found.whole)
    return Break(belief, kept, np.where(belief > 0, found.slope, 0.0), left, found.whole)


def _measure_change(sums: tuple[Floats, ...], own: Integers, found: Break) -> Floats:
    """Return how far values go at a change that was found: above their mean since a step, or up a line a period."""
    last, since = np.maximum(own - 1, 0)[:, None], np.maximum(found.kept - 1, 0)[:, None]
    total, _, moment = (np.take_along_axis(part, last, axis=1)[:, 0] for part in sums)
    count = np.maximum(own, 2).astype(np.float64)
    newest = np.take_along_axis(sums[0], since, axis=1)[:, 0] / np.maximum(found.kept, 1)
    lean = ((count - 1) / 2 * total - moment) / (count * (count**2 - 1) / 12)
    return np.asarray(np.where(found.kept > 0, newest - total / count, lean))


def _find_change(
    sums: tuple[Floats, ...], own: Integers, scale: Floats, doubt: float, way: Integers
) -> Break:
    """Return the change that explains most of the newest ``own`` values: a step, or a line.

    ``sums`` are those of the newest values, of their squares and of value × age, each through every age.
    """
    through, squares = sums[:2]
    rows, width = through.shape
    last = np.maximum(own - 1, 0)[:, None]
    total, square, moment = (np.take_along_axis(part, last, axis=1)[:, 0] for part in sums)
    count = np.maximum(own, 1).astype(np.float64)
    whole = np.maximum(square - total**2 / count, 0.0)
    left, kept = np.full(rows, np.inf), np.zeros(rows, dtype=np.int64)
    for newest in range(FEWEST, width - FEWEST + 1):
        rest = count - newest
        inside = squares[:, newest - 1] - through[:, newest - 1] ** 2 / newest
        other = np.where(rest >= FEWEST, rest, 1.0)
        outside = square - squares[:, newest - 1] - (total - through[:, newest - 1]) ** 2 / other
        found = np.maximum(inside, 0.0) + np.maximum(outside, 0.0)
        better = (rest >= FEWEST) & (found < left)
        left, kept = np.where(better, found, left), np.where(better, newest, kept)
    middle = (count - 1) / 2
    spread = count * (count**2 - 1) / 12
    enough = own >= 2 * FEWEST
    lean = np.divide(moment - middle * total, spread, out=np.zeros(rows), where=enough)
    on_line = np.maximum(whole - lean**2 * spread, 0.0)
    # A step whose place is searched for explains more by chance alone: a known trend is a line unless it is clear.
    harder = np.where(way != 0, DOUBT_OF_STEP / DOUBT_OF_LINE, 1.0)
    line = enough & (on_line < harder * left)
    left = np.where(line, on_line, np.where(kept > 0, left, whole))
    kept = np.where(line, 0, kept)
    changed = enough & (whole > _NOTHING * scale)
    since = np.take_along_axis(through, np.maximum(kept - 1, 0)[:, None], axis=1)[:, 0]
    goes = np.where(line, -lean, since / np.maximum(kept, 1) - total / count)
    bound = np.where(way * goes > 0, 0.0, doubt * np.where(line, DOUBT_OF_LINE, DOUBT_OF_STEP))
    explained = (whole - left) / np.maximum(count - 2, 1)
    # F = (whole − left) / (left / (own − 2)), without its division: what is left may be nothing.
    spare = np.divide(
        bound * left / np.maximum(count - 2, 1), whole - left, out=np.ones(rows), where=explained > 0
    )
    belief = np.where(changed & (line | (kept > 0)), np.clip(1.0 - spare, 0.0, 1.0), 0.0)
    return Break(
        belief,
        np.where(belief > 0, kept, 0),
        np.where(line & (belief > 0), -lean, 0.0),
        np.where(belief > 0, left, whole),
        whole,
    )


def _weigh_after_change(found: Break, own: Integers, width: int, a_year: int) -> Floats:
    """Return the weights after a change: of the periods since a step, or of where a line ends (newest first)."""
    since = balance_weights(found.kept, width, a_year)
    age = np.arange(width)
    count = np.maximum(own, 2).astype(np.float64)[:, None]
    middle = (count - 1) / 2
    ends = 1.0 / count + middle * (middle - age) / (count * (count**2 - 1) / 12)
    ends = np.where(age < own[:, None], ends, 0.0)
    return np.where((found.kept > 0)[:, None], since, ends)


def balance_weights(own: Integers, width: int, a_year: int) -> Floats:
    """Return weights of the newest ``own`` periods that count each part of the year the same, newest first.

    >>> balance_weights(np.array([3, 2, 1]), 3, 2).tolist()
    [[0.25, 0.5, 0.25], [0.5, 0.5, 0.0], [1.0, 0.0, 0.0]]
    """
    age = np.arange(width)
    place = age % a_year
    times = np.maximum((own[:, None] - 1 - place) // a_year + 1, 1)
    parts = np.minimum(np.maximum(own, 1), a_year)[:, None]
    return np.where(age < own[:, None], 1.0 / (times * parts), 0.0)


def _mix_weights(one: Floats, other: Floats, share: Floats) -> Floats:
    return np.asarray((1.0 - share)[:, None] * one + share[:, None] * other)


def drop_negative(weights: Floats) -> Floats:
    """Return weights none of which is below zero, adding up to 1 where they did."""
    kept = np.maximum(weights, 0.0)
    total = add_up(kept)[:, None]
    return np.divide(kept, total, out=np.zeros_like(kept), where=total > 0)


def read_level(grid: Floats, weights: Floats, own: Integers) -> Floats:
    """Return the weighed mean of each customer's periods, not beyond the highest and the lowest of them.

    A line through what dies away would go below zero, where nothing has been.
    """
    mine = np.arange(grid.shape[1]) >= grid.shape[1] - own[:, None]
    low = np.where(mine, grid, np.inf).min(axis=1, initial=np.inf)
    high = np.where(mine, grid, -np.inf).max(axis=1, initial=-np.inf)
    return np.where(own > 0, np.clip(add_up(grid * weights), low, high), 0.0)


def relate_level(level: Floats, grid: Floats, weights: Floats) -> Floats:
    """Return what the weighed sum of a grid is multiplied by to be its level."""
    weighed = add_up(grid * weights)
    return np.divide(level, weighed, out=np.zeros(len(level)), where=np.abs(weighed) > 0)


def add_up(grid: Floats) -> Floats:
    """Return the sums of the rows, added in order: the same on every processor."""
    if not grid.shape[1]:
        return np.zeros(len(grid))
    return np.asarray(np.cumsum(grid, axis=1)[:, -1])
