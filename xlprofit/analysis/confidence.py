"""How sure a verdict is: the share of runs in which it would still be right a year later, or all but right.

A verdict is right in a run where it is what the rules say of what the run turned out to be; it is all but right where
it costs no more than the setting ``materiality`` beside that (:mod:`xlprofit.analysis.regret` says what it costs).

Source: Metropolis and Ulam, "The Monte Carlo Method", Journal of the American Statistical Association 1949;
for costs Datar and Gupta, "Aggregation, Specification and Measurement Errors in Product Costing", The
Accounting Review 1994. In each run

- the customer's year is off by its own variation: the ups and downs of its periods, which blur its run rate and will
  come again next year, and the change of volume, margin and effort from one year to the next (see
  :class:`xlprofit.analysis.run_rate.RunRate`), normally distributed; in a span of one period, where nothing can be seen
  of that, its volume is off by at most ± ``uncertainty_volumes``, equally likely;
- the rate of each resource and each unit cost is off by at most ± ``uncertainty_rates``, retention by at most ±
  ``uncertainty_retention``, as a share of itself and never above 1; every value between is equally likely;
- each avoidable share that is unknown is anything from 0 to 1, equally likely: one for each resource and one for
  direct costs;
- a customer that just began may not buy on (:func:`xlprofit.analysis.variation.measure_newness`): then nothing is
  earned or lost, and no verdict on it is wrong.

The draws of a run are the same for all customers: a verdict is judged one customer at a time, so this leaves each
share what it would be with draws of its own, and neither the order of the customers nor who else is one changes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from xlprofit.tables import Settings

Numbers = npt.NDArray[np.float64]
Verdicts = npt.NDArray[np.int8]
"""Verdicts as codes, a customer each."""

CELLS = 100_000
"""How many customers × runs are worked on at a time: less than 1 MB for each figure of theirs."""


@dataclass(frozen=True)
class Runs:
    """What is drawn for each run.

    ``own`` has a mean of 0 and a standard deviation of 1. ``retention`` (a run) and ``rates`` (prices × runs)
    multiply the inputs. ``unknown`` (prices × runs) and ``direct`` (a run) are the avoidable shares of which nobody
    said anything; ``leaving`` (a run) is below the probability that a new customer does not buy on where it does not.
    """

    own: Numbers
    rates: Numbers
    retention: Numbers
    unknown: Numbers
    direct: Numbers
    leaving: Numbers


Measure = Callable[[npt.NDArray[np.int64], Runs], Numbers]
"""Tells of some of the customers (their places) what their verdicts cost a year in these runs, 0 where right."""


@dataclass(frozen=True)
class Standing:
    """How each customer's verdict stands.

    ``share`` is the share of runs in which it is right or costs no more than the limit, ``other`` what it costs a year
    on average in the other runs (blank where there are none, or no amount can be said).
    """

    share: Numbers
    other: Numbers


def draw_runs(settings: Settings, prices: int, bounded: bool) -> Runs:
    """Return the runs of the settings: the same seed, the same runs.

    The normal variable has one value in each of as many equally likely strata as there are runs (McKay, Beckman and
    Conover, Technometrics 1979), so that few runs are enough.

    Args:
        settings: how many runs, from which seed, and how far the inputs may be off.
        prices: how many resources and unit costs there are.
        bounded: whether ``own`` is as likely to be anything within its bounds, and not normal.
    """
    count = int(settings.simulations)
    generator = np.random.default_rng(int(settings.seed))
    strata = (np.arange(count) + generator.uniform(0.0, 1.0, count)) / max(count, 1)
    usual = NormalDist()
    own = np.array([usual.inv_cdf(min(max(at, 1e-12), 1 - 1e-12)) for at in strata.tolist()])
    own = np.sqrt(3.0) * (2.0 * strata - 1.0) if bounded else own
    generator.shuffle(own)
    retention = 1.0 + settings.uncertainty_retention * generator.uniform(-1.0, 1.0, count)
    direct = generator.uniform(0.0, 1.0, count)
    rates = 1.0 + settings.uncertainty_rates * generator.uniform(-1.0, 1.0, (prices, count))
    unknown = generator.uniform(0.0, 1.0, (prices, count))
    return Runs(own, rates, retention, unknown, direct, generator.uniform(0.0, 1.0, count))


def count_runs(sure: npt.NDArray[np.bool_], measure: Measure, limit: float, drawn: Runs) -> Standing:
    """Return how each customer's verdict stands in the runs: blank where there are no runs.

    The customers are judged some at a time, so that memory does not grow with their number, and those not at all whose
    verdict is known to be ``sure``.

    >>> one, none = np.ones(4), np.ones((0, 4))
    >>> drawn = Runs(one, none, one, none, one, one)
    >>> def cost_a_lot(rows: npt.NDArray[np.int64], runs: Runs) -> Numbers:
    ...     return np.full((len(rows), 4), 9.0)
    >>> found = count_runs(np.array([True, False]), cost_a_lot, 5.0, drawn)
    >>> found.share.tolist(), found.other.tolist()
    ([1.0, 0.0], [nan, 9.0])
    """
    count = len(drawn.own)
    share, other = np.full(len(sure), 1.0 if count else np.nan), np.full(len(sure), np.nan)
    unsure = np.flatnonzero(~sure) if count else np.zeros(0, dtype=np.int64)
    step = max(1, CELLS // max(count, 1))
    for first in range(0, len(unsure), step):
        rows = unsure[first : first + step]
        cost = measure(rows, drawn)
        wrong = cost > limit
        times = wrong.sum(axis=1)
        share[rows] = 1.0 - times / count
        some = np.flatnonzero(times)
        lost = np.cumsum(np.where(wrong[some], cost[some], 0.0), axis=1)[:, -1] / times[some]
        other[rows[some]] = np.where(np.isfinite(lost), lost, np.nan)
    return Standing(share, other)
