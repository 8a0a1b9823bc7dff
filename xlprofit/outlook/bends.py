"""Bends: where the profit of a customer that rises or falls is now, and how fast it goes, apart from chance.

Source: D. W. Bacon and D. G. Watts, "Estimating the Transition between Two Intersecting Straight Lines", Biometrika
1971: a level up to some period, rising or falling steadily from then on. The period is that which leaves the least
squares.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

FEWEST_BENT = 3
"""Periods that a rise or fall must have gone on for to be read; and the figures of a bend: level, slope, period."""

DIGITS = 9
"""Digits to which one period must leave less than another to be taken for it: later ones differ by processor."""


@dataclass(frozen=True)
class Bends:
    """What is read of each customer: money a period.

    ``level`` is what it leaves in the last period, ``slope`` its change from period to period, ``calm`` its periods as
    if profit had not risen or fallen (customers × periods): around the mean of its own, as far apart as chance is.
    """

    level: Floats
    slope: Floats
    calm: Floats


def fit_bends(profit: Floats, own: Integers) -> Bends:
    """Return where each customer's profit is, and how fast it goes.

    Args:
        profit: customers × periods, money.
        own: how many of the last periods are each customer's, more than :data:`FEWEST_BENT`.

    >>> found = fit_bends(np.array([[8.0, 8.0, 8.0, 8.0, 6.0, 4.0, 2.0]]), np.array([7]))
    >>> found.level.round(6).tolist(), found.slope.round(6).tolist()
    ([2.0], [-2.0])
    """
    width = profit.shape[1]
    at = np.arange(width)
    mine = (at >= width - own[:, None]).astype(np.float64)
    count = mine.sum(axis=1)[:, None]
    middle = (profit * mine).cumsum(axis=1)[:, -1:] / count
    away = (profit - middle) * mine
    least = np.full(len(profit), np.inf)
    level, slope, left = middle[:, 0].copy(), np.zeros(len(profit)), away
    for bend in range(width - FEWEST_BENT):
        since = np.maximum(at - bend, 0) * mine
        centre = since.cumsum(axis=1)[:, -1:] / count
        apart = (since - centre) * mine
        size = (apart**2).cumsum(axis=1)[:, -1]
        steep = np.divide(
            (apart * away).cumsum(axis=1)[:, -1], size, out=np.zeros(len(profit)), where=size > 0
        )
        rest = away - steep[:, None] * apart
        squares = (rest**2).cumsum(axis=1)[:, -1]
        less = squares < least * (1.0 - 10.0**-DIGITS)
        least = np.where(less, squares, least)
        level = np.where(less, middle[:, 0] + steep * (width - 1 - bend - centre[:, 0]), level)
        slope = np.where(less, steep, slope)
        left = np.where(less[:, None], rest, left)
    # What is fitted takes up some of what is apart by chance.
    calm = middle + left * np.sqrt(count / (count - FEWEST_BENT))
    return Bends(level, slope, np.where(mine > 0, calm, profit))
