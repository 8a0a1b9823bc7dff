"""Variation: how far a customer's yearly profit may be off a year later, and what makes it so.

Source: the components of a variance (Searle, Casella and McCulloch, *Variance Components*, 1992): the ups and downs of
single periods are each customer's own, shrunk towards those of all; the change from one year to the next is the same
for all in relation to their size, and what single periods do not explain of it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from xlprofit.model.history import History
from xlprofit.model.level import Break, add_up

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

VOLUME, MARGIN, EFFORT = 0.18, 0.024, 0.19
"""By how much a customer's volume, its margin (points of net revenue) and its effort usually change from one year to
the next, a standard deviation each: that of customers whose years are off by 15 %, 2 points and 16 %, some of them
around a mean of their own and some from where the last year left off. Where two years tell otherwise, all three are
more or less by the same factor; where they do not, by that of :data:`USUAL` and the setting
``uncertainty_volumes``."""

USUAL = 0.10
"""The ``uncertainty_volumes`` that the usual changes go with; they are more or less in proportion to it."""

ON_PRIOR = 20.0
"""As many customers as the usual figures count for beside those of the company."""


def size_change(levels: dict[str, Floats]) -> Floats:
    """Return the usual change of a customer's yearly profit from one year to the next, a standard deviation."""
    return np.asarray(np.sqrt(add_up(_usual(levels))))


def _usual(levels: dict[str, Floats]) -> Floats:
    """Return the variances of the usual change: of volume, margin, effort and direct costs, a column each."""
    deviations = (
        VOLUME * levels["volume"],
        MARGIN * levels["sold"],
        EFFORT * levels["spent"],
        EFFORT * levels["other"],
    )
    return np.column_stack(deviations) ** 2


def share_swings(
    levels: dict[str, Floats], grids: tuple[Floats, ...], own: Integers, noise: Floats, change: Floats
) -> Floats:
    """Return the shares of volume, margin, effort and direct costs in what a customer may be off by.

    Its ups and downs are cut up as its own periods are, its change from one year to the next as the usual one is.
    """
    volume, net, effort, direct = grids
    mine = np.arange(net.shape[1]) >= net.shape[1] - own[:, None]
    sold = add_up(np.where(mine, net, 0.0))
    margin = np.divide(add_up(np.where(mine, volume, 0.0)), sold, out=np.zeros(len(sold)), where=sold > 0)
    parts = (net * margin[:, None], volume - net * margin[:, None], effort, direct)
    apart = []
    for part in parts:
        mean = add_up(np.where(mine, part, 0.0)) / np.maximum(own, 1)
        apart.append(add_up(np.where(mine, (part - mean[:, None]) ** 2, 0.0)))
    found = _shares(np.column_stack(apart)) * noise[:, None] + _shares(_usual(levels)) * change[:, None]
    return _shares(found)


def _shares(grid: Floats) -> Floats:
    total = add_up(grid)[:, None]
    return np.divide(grid, total, out=np.zeros_like(grid), where=total > 0)


def measure_noise(found: Break, own: Integers, usual: Floats, unseen: float) -> Floats:
    """Return the variance of one period's profit around its level.

    It is the customer's own, as far as it has periods to tell, beside that of all customers in relation to the
    usual change of theirs, or where none has enough periods ``unseen`` of that.
    """
    spare = np.maximum(own - 1 - 1.0 * (found.belief > 0), 0.0)
    mixed = (1.0 - found.belief) * found.whole / np.maximum(own - 1, 1)
    mixed += found.belief * found.left / np.maximum(own - 2, 1)
    known = (spare >= 4) & (usual > 0)
    pooled = float(np.median(mixed[known] / usual[known] ** 2)) if known.any() else unseen
    return np.asarray((spare * mixed + 4.0 * pooled * usual**2) / (spare + 4.0))


def measure_change(given: History, noise: Floats, size: Floats, a_year: int, prior: float) -> float:
    """Return the variance of the changes from one year to the next, in relation to the usual ones.

    It is read from the last two years of the customers who were there throughout: their yearly profit's change
    beyond what the ups and downs of single periods explain, by its median. The ``prior`` counts for
    :data:`ON_PRIOR` customers beside them.
    """
    there = (given.own >= 2 * a_year) & (size > 0) if given.own.size else np.zeros(0, dtype=bool)
    if not there.any():
        return prior
    series = (given.volume + given.effort + given.direct)[there]
    late, early = add_up(series[:, -a_year:]), add_up(series[:, -2 * a_year : -a_year])
    apart, chance = (late - early) ** 2, 2 * a_year * noise[there]
    low, high = 0.0, 10.0
    for _ in range(30):
        middle = (low + high) / 2
        wide = np.median(apart / np.maximum(chance + middle * size[there] ** 2, np.finfo(float).tiny))
        low, high = (middle, high) if wide > _MEDIAN_OF_SQUARE else (low, middle)
    count = int(there.sum())
    return float((count * low + ON_PRIOR * prior) / (count + ON_PRIOR))


_MEDIAN_OF_SQUARE = 0.4549364
"""The median of the square of a standard normal variable."""
