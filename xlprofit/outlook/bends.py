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
"""Digits to which one period must explain more than another to be taken for it: later ones differ by processor."""


@dataclass(frozen=True)
class Bends:
    """What is read of each customer.

    Attributes:
        level: what it leaves in the last period, money.
        slope: its change from period to period, money.
        lasted: for how many periods it has gone on.
        fitted: the level that bends, customers × periods, money.
        calm: its periods as if profit had not risen or fallen, customers × periods: around the mean of its own, as far
            apart as chance is.
    """

    level: Floats
    slope: Floats
    lasted: Integers
    fitted: Floats
    calm: Floats


def fit_bends(profit: Floats, own: Integers) -> Bends:
    """Return where each customer's profit is, and how fast it goes.

    Least squares: with *xₜ* the periods since the bend and *yₜ* profit, each less its mean, the slope is *Σ xₜ yₜ / Σ
    xₜ²*, and *(Σ xₜ yₜ)² / Σ xₜ²* is explained. Where all is level any bend will do. No more than :data:`FEWEST_BENT`
    periods say nothing.

    Args:
        profit: customers × periods, money.
        own: how many of the last periods are each customer's, more than :data:`FEWEST_BENT`.

    >>> found = fit_bends(np.array([[8.0, 8.0, 8.0, 8.0, 6.0, 4.0, 2.0]]), np.array([7]))
    >>> found.level.round(6).tolist(), found.slope.round(6).tolist(), found.lasted.tolist()
    ([2.0], [-2.0], [3])
    """
    width = profit.shape[1]
    if width <= FEWEST_BENT or not len(profit):
        nothing, never = np.zeros(len(profit)), np.zeros(len(profit), dtype=np.int64)
        return Bends(nothing, nothing, never, np.zeros(profit.shape), profit)
    mine = np.arange(width) >= width - own[:, None]
    count = own[:, None].astype(np.float64)
    middle = np.where(mine, profit, 0.0).cumsum(axis=1)[:, -1:] / count
    away = np.where(mine, profit - middle, 0.0)
    bend = np.arange(width - FEWEST_BENT)
    # Periods since each bend, j₀ to m, of those that are the customer's own: their sum, and that of their squares.
    last = (width - 1 - bend)[None, :].astype(np.float64)
    before = np.maximum((width - own)[:, None] - bend, 1) - 1.0
    since = (last * (last + 1) - before * (before + 1)) / 2
    squares = (last * (last + 1) * (2 * last + 1) - before * (before + 1) * (2 * before + 1)) / 6
    spread = squares - since**2 / count
    tails = away[:, ::-1].cumsum(axis=1).cumsum(axis=1)[:, ::-1]
    along = tails[:, 1 : len(bend) + 1]
    explained = along**2 / spread
    best = explained.max(axis=1, keepdims=True)
    share = np.divide(explained, best, out=np.zeros_like(explained), where=best > 0)
    place = np.argmax(np.round(share, DIGITS), axis=1)[:, None]
    slope, centre = (np.take_along_axis(part, place, axis=1) for part in (along / spread, since / count))
    fitted = middle + slope * (np.maximum(np.arange(width) - place, 0) - centre)
    # What is fitted takes up some of what is apart by chance.
    calm = np.where(mine, middle + (profit - fitted) * np.sqrt(count / (count - FEWEST_BENT)), profit)
    return Bends(fitted[:, -1], slope[:, 0], width - 1 - place[:, 0], fitted, calm)
