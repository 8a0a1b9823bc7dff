"""What each way of forecasting says of a customer: five that are tried on the past beside the simplest.

All are money over the periods ahead: what a customer leaves before its acquisition
(:class:`xlprofit.outlook.past.Past`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xlprofit.analysis import run_rate, seasonality
from xlprofit.ledger import periods
from xlprofit.outlook import btyd
from xlprofit.outlook.movement import Movement, measure_wandering
from xlprofit.outlook.past import count_purchases
from xlprofit.outlook.survival import FEWEST_OF_SEGMENT, Survival, read_survival

if TYPE_CHECKING:
    import pandas as pd

    from xlprofit.outlook.past import Past
    from xlprofit.tables import Inputs

Floats = npt.NDArray[np.float64]

RECENT_MONTHS = 3
"""Months that the simple rule *last three months go on* looks back on."""

RUN_RATE_PART = 0.5
"""How much run rate and survival count beside purchases in who leaves how much of what all leave."""


class Method(Enum):
    """The ways of forecasting, the simplest first: of two that are as good the first is taken."""

    AVERAGE = "average"
    RECENT = "last three months"
    TREND = "run rate with trend"
    SURVIVAL = "run rate and survival"
    PURCHASES = "purchases"
    LEVELLED = "purchases at today's level"


@dataclass(frozen=True)
class Candidates:
    """What each method forecasts of each customer, money over the periods ahead; and what it was made of.

    ``run_rate`` is money a year, ``moving`` what each leaves in the periods ahead by its ``movement``, blank where it
    goes nowhere; ``change`` is the variance of a year's profit from one year to the next, money squared, as the run
    rate knows it; ``forecast`` has those methods that can say anything, and ``rests_on`` says of how many of its own
    periods each is a mean.
    """

    survival: Survival
    run_rate: Floats
    change: Floats
    moving: Floats
    movement: Movement
    forecast: dict[Method, Floats]
    rests_on: dict[Method, npt.NDArray[np.int64]]

    def choose(self, rows: npt.NDArray[np.int64]) -> Candidates:
        """Return those of some customers, by place."""
        return Candidates(
            self.survival.choose(rows),
            self.run_rate[rows],
            self.change[rows],
            self.moving[rows],
            self.movement.choose(rows),
            {name: value[rows] for name, value in self.forecast.items()},
            {name: value[rows] for name, value in self.rests_on.items()},
        )

    def share_level(self, part: float) -> Candidates:
        """Return them with run rate and survival counting so much beside purchases in *purchases at today's level*."""
        levelled = _level_purchases(self.forecast, part)
        if levelled is None:
            return self
        return replace(self, forecast=self.forecast | {Method.LEVELLED: levelled})


def forecast_candidates(
    inputs: Inputs,
    past: Past,
    names: pd.Index,
    movement: Movement,
    ahead: int,
    survival: Survival | None = None,
) -> Candidates:
    """Return what each method forecasts of the next ``ahead`` periods.

    - *average goes on*: the mean of the customer's own periods in the window.
    - *last three months go on*: the mean of its last three.
    - *run rate with trend*: its run rate (:mod:`xlprofit.analysis.run_rate`), and what its rise or fall adds; of whom
      it is known where it is going, what that leaves.
    - *run rate and survival*: the run rate × the chance that it is a customer × the share of the time it stays.
    - *purchases*: days with a purchase to expect (MBG/NBD) × what each leaves (Gamma-Gamma).
    - *purchases at today's level*: what all of them leave is the mean of what three methods say of all (the last three
      months, the run rate with survival, purchases), and who leaves how much of it is as purchases and, half as much,
      run rate and survival say (a combination of forecasts, Bates and Granger, Operational Research Quarterly 1969,
      shared out from the top: Gross and Sohl, Journal of Forecasting 1990). Purchases alone know of no upswing; but
      where they alone told better who left how much, they alone share it out (:mod:`xlprofit.outlook.track_record`).

    Whose profit rises or falls beyond chance leaves what it does now and what its rise or fall is expected to add, as
    long as it has lasted, times survival (:mod:`xlprofit.outlook.movement`).
    Who ended is expected to leave nothing, whatever the method, and who has given notice nothing after its end.
    ``survival`` is read from the past where it is not given.
    """
    settings, profit, own = inputs.settings, past.profit, past.history.own
    rate = run_rate.measure_run_rates(inputs, past.history, names, movement.way)
    survival = survival or read_survival(past, ahead, settings.retention)
    a_year = past.a_year
    window = min(periods.count_window(settings), past.width)
    recent = max(1, round(RECENT_MONTHS * a_year / 12))
    part = ahead / a_year
    season = _weigh_season(inputs, past, names, ahead)
    active = np.where(np.isfinite(survival.active), survival.active, 1.0)
    found = {
        Method.AVERAGE: _average_last(profit, own, window) * ahead,
        Method.RECENT: _average_last(profit, own, recent) * ahead,
        Method.TREND: (rate.profit * season + rate.heading * part) * part,
        Method.SURVIVAL: rate.profit * season * part * active * survival.stays,
    }
    if survival.purchases is not None:
        found[Method.PURCHASES] = survival.purchases * value_purchases(past)
    for name in (Method.AVERAGE, Method.RECENT, Method.TREND):
        found[name] = found[name] * survival.until
    gone = survival.active <= 0
    moves = movement.moves
    moving = np.where(moves, movement.expect_profit(ahead) * season * active * survival.stays, np.nan)
    found[Method.TREND] = np.where(moves, moving, found[Method.TREND])
    found = {name: np.where(gone, 0.0, value) for name, value in found.items()}
    moving = np.where(gone & moves, 0.0, moving)
    levelled = _level_purchases(found, RUN_RATE_PART)
    if levelled is not None:
        found[Method.LEVELLED] = levelled
    # What a purchase is worth is a mean of all of them.
    whole = dict.fromkeys((Method.PURCHASES, Method.LEVELLED), past.width)
    rests = {Method.RECENT: recent, **whole}
    return Candidates(
        survival,
        rate.profit,
        rate.change * measure_wandering(past, movement, rate.change),
        moving,
        movement,
        found,
        {name: np.minimum(own, rests.get(name, window)) for name in found},
    )


def _level_purchases(found: dict[Method, Floats], part: float) -> Floats | None:
    """Return what purchases say, raised or lowered to the level that three methods say of all; ``None`` without them.

    Where one of the three is not above 0 in all, there is no level to share out.
    """
    if Method.PURCHASES not in found:
        return None
    three = [math.fsum(found[name]) for name in (Method.RECENT, Method.SURVIVAL, Method.PURCHASES)]
    shares = found[Method.PURCHASES] + part * found[Method.SURVIVAL]
    whole = math.fsum(shares)
    if min(*three, whole) <= 0:
        return None
    return np.asarray(shares * float(f"{math.fsum(three) / 3.0 / whole:.9g}"))


def _average_last(profit: Floats, own: npt.NDArray[np.int64], most: int) -> Floats:
    """Return the mean of each customer's own periods of the last ``most``; 0 where it has none."""
    width = profit.shape[1]
    count = np.minimum(own, most)
    mine = np.arange(width) >= width - count[:, None]
    total = np.where(mine, profit, 0.0).cumsum(axis=1)[:, -1] if width else np.zeros(len(own))
    return np.asarray(total / np.maximum(count, 1))


def _weigh_season(inputs: Inputs, past: Past, names: pd.Index, ahead: int) -> Floats:
    """Return what the periods ahead are worth of usual ones, by season: 1 for a year, and where nobody can tell."""
    a_year, width = past.a_year, past.width
    if not 0 < ahead < a_year or width < 2 * a_year:
        return np.ones(past.count)
    revenue = past.history.net_revenue[:, -2 * a_year :]
    index = seasonality.indices(revenue, past.segment, a_year)
    return np.asarray(index[:, :ahead].cumsum(axis=1)[:, -1] / ahead)


def value_purchases(past: Past) -> Floats:
    """Return what a day with a purchase leaves of each customer: its own mean, drawn towards that of all.

    Gamma-Gamma is fitted to the means above 0 (:func:`xlprofit.outlook.btyd.fit_spending`), of all customers and of
    each segment with enough of them; where some customers leave less than nothing, they bring the mean of their segment
    down by their share.
    """
    bought_in = count_purchases(past)
    times = bought_in.cumsum(axis=1)[:, -1] if past.width else np.zeros(past.count)
    total = past.profit.cumsum(axis=1)[:, -1] if past.width else np.zeros(past.count)
    bought = times > 0
    mean = np.divide(total, times, out=np.zeros(past.count), where=bought)
    earns = bought & (mean > 1e-6)
    if earns.sum() < 2:
        return mean
    shape = btyd.measure_shape(bought_in, past.profit)
    every = btyd.fit_spending(times[earns], np.round(mean[earns], 6), shape=shape)
    value = np.zeros(past.count)
    for place in np.unique(past.segment).tolist():
        some = past.segment == place
        own = np.flatnonzero(some & earns)
        spending = every
        if len(own) >= FEWEST_OF_SEGMENT:
            spending = btyd.fit_spending(times[own], np.round(mean[own], 6), every, shape)
        losing = some & bought & ~earns
        share = losing.sum() / max((some & bought).sum(), 1)
        lost = math.fsum(mean[losing]) / losing.sum() if losing.any() else 0.0
        usual = float(f"{(1.0 - share) * spending.mean + share * lost:.9g}")
        value[some] = btyd.expect_spending(times[some], mean[some], spending, usual)
    return value
