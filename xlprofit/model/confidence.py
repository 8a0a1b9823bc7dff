"""How sure a verdict is: the share of runs in which it stands when the inputs are a little off.

Source: Metropolis and Ulam, "The Monte Carlo Method", Journal of the American Statistical Association 1949;
for costs Datar and Gupta, "Aggregation, Specification and Measurement Errors in Product Costing", The
Accounting Review 1994. In each run

- the rate of each resource, and each unit cost, is off by at most ± ``uncertainty_rates``,
- what the customers buy, and with it all that moves with it, by at most ± ``uncertainty_volumes``,
- retention by at most ± ``uncertainty_retention``, as a share of itself, and is never above 1,

every value between the bounds being equally likely. The draws of a run are the same for all customers: a
verdict is judged one customer at a time, so this leaves each share what it would be with draws of its own,
and neither the order of the customers nor who else is one changes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xlprofit.tables import Settings

Verdicts = npt.NDArray[np.int8]
"""Verdicts as codes: customers, or customers × runs."""

CELLS = 100_000
"""How many customers × runs are worked on at a time: less than 1 MB for each figure of theirs."""


@dataclass(frozen=True)
class Runs:
    """What each run multiplies the inputs by: ``volume`` and ``retention`` a run, ``rates`` prices × runs."""

    volume: npt.NDArray[np.float64]
    rates: npt.NDArray[np.float64]
    retention: npt.NDArray[np.float64]


Judge = Callable[[npt.NDArray[np.int64], Runs], Verdicts]
"""Gives the verdicts of some of the customers (their places) in each of these runs."""


def as_given(prices: int) -> Runs:
    """Return the one run in which every input is what it was given as."""
    return Runs(np.ones(1), np.ones((prices, 1)), np.ones(1))


def runs(settings: Settings, prices: int) -> Runs:
    """Return the runs of the settings: the same seed, the same runs.

    Args:
        settings: how many runs, from which seed, and how far the inputs may be off.
        prices: how many resources and unit costs there are.
    """
    count = int(settings.simulations)
    generator = np.random.default_rng(int(settings.seed))
    retention = 1.0 + settings.uncertainty_retention * generator.uniform(-1.0, 1.0, count)
    volume = 1.0 + settings.uncertainty_volumes * generator.uniform(-1.0, 1.0, count)
    rates = 1.0 + settings.uncertainty_rates * generator.uniform(-1.0, 1.0, (prices, count))
    return Runs(volume, rates, retention)


def shares(
    verdicts: Verdicts, sure: npt.NDArray[np.bool_], judge: Judge, drawn: Runs
) -> npt.NDArray[np.float64]:
    """Return the share of the runs in which each customer's verdict stands, 1 where it always does.

    Blank where there are no runs. The customers are judged some at a time, so that memory does not
    grow with their number, and those not at all whose verdict is known to be ``sure``.

    >>> drawn = Runs(np.ones(4), np.ones((0, 4)), np.ones(4))
    >>> def ending(rows: npt.NDArray[np.int64], runs: Runs) -> Verdicts:
    ...     return np.full((len(rows), 4), 2, dtype=np.int8)
    >>> shares(np.array([0, 2, 0], dtype=np.int8), np.array([True, False, False]), ending, drawn).tolist()
    [1.0, 1.0, 0.0]
    """
    count = len(drawn.volume)
    if not count:
        return np.full(len(verdicts), np.nan)
    stands = np.ones(len(verdicts))
    unsure = np.flatnonzero(~sure)
    step = max(1, CELLS // count)
    for first in range(0, len(unsure), step):
        rows = unsure[first : first + step]
        stands[rows] = (judge(rows, drawn) == verdicts[rows, None]).mean(axis=1)
    return stands
