"""Course: when each customer traded, and which periods count for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xlprofit.ledger import periods
from xlprofit.vocabulary.measures import Measure

if TYPE_CHECKING:
    from xlprofit.analysis.attention import Grids
    from xlprofit.analysis.chance import Flags, Integers
    from xlprofit.tables import Settings

FEWEST = 3
"""Quarters or years that a level is read from: one of them may be wild."""


@dataclass(frozen=True)
class Course:
    """When each customer traded, as places among the periods.

    ``first`` and ``last`` are those of the first and the last sale (−1: never); ``start`` is the first period that
    counts for the customer, ``recent`` the first of them in the window, ``begin`` the first that counts for anybody,
    ``stop`` the one after the last; ``active`` is how many in the window had a sale or a cost.
    """

    first: Integers
    last: Integers
    start: Integers
    recent: Integers
    begin: int
    stop: int
    active: Integers

    def counts(self, count: int) -> Flags:
        """Return which of the periods count in the window, customers × periods."""
        place = np.arange(count)
        return np.asarray((place >= self.recent[:, None]) & (place < self.stop))


def find_course(grids: Grids, groups: Grids, settings: Settings) -> Course:
    """Return when each customer traded, by its gross revenue, profit and effort: customers × periods each."""
    begin, stop = periods.find_whole_periods(settings)
    sale = grids[Measure.GROSS_REVENUE] > 0
    count = sale.shape[1]
    sold = sale.any(axis=1)
    first = np.where(sold, np.argmax(sale, axis=1), -1)
    last = np.where(sold, count - 1 - np.argmax(sale[:, ::-1], axis=1), -1)
    start = np.clip(np.where(sold, first, stop), begin, stop)
    recent = np.maximum(start, stop - window(settings))
    busy = sale | (np.abs(grids[Measure.PROFIT]) > 0)
    for grid in groups.values():
        busy |= np.abs(grid) > 0
    busy[:, stop:] = False
    busy &= np.arange(count) >= recent[:, None]
    return Course(first, last, start, recent, begin, stop, busy.sum(axis=1))


def window(settings: Settings) -> int:
    """Return how many periods are looked back on: those of the settings, but as many as a trend needs."""
    return max(periods.count_window(settings), int(settings.trend_periods))


def count_latest(settings: Settings) -> int:
    """Return how many of the last periods the level now is read from: as many as a trend needs.

    Quarters are steadier than months, and six of them are no level of today: :data:`FEWEST` of them, or of years.
    """
    needed = int(settings.trend_periods)
    return needed if settings.period == "month" else min(needed, FEWEST)
