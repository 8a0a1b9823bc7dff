"""The forecast: what each customer and the company are expected to earn in the next twelve months, and how surely.

The method that did best on the workbook's own last months is used (:mod:`xlprofit.outlook.track_record`), and its
intervals are as wide as it was wrong there. But whose profit rises or falls more than chance would have it
(:mod:`xlprofit.analysis.trends`) is forecast by what it leaves now and its rise or fall, times survival: what was held
out knows little of a change that has just begun. Who is more likely gone than not is forecast by run rate and survival
where the method knows of no leaving. Where nothing could be held out it is purchases at today's level, where purchases
say nothing the run rate with survival, and that is said.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis.lifetime import LIKELY_GONE
from xlprofit.outlook.candidates import Candidates, Method, forecast_candidates
from xlprofit.outlook.draws import LEVEL, Forecast, Interval, find_ends, list_draws
from xlprofit.outlook.lifetime import Lifetime, measure_lifetimes
from xlprofit.outlook.movement import read_movement
from xlprofit.outlook.past import calm_wild_periods, count_purchases
from xlprofit.outlook.survival import RetentionSource
from xlprofit.outlook.track_record import TrackRecord, keep_record

if TYPE_CHECKING:
    from xlprofit.analysis.trends import Trends
    from xlprofit.outlook.past import Past
    from xlprofit.tables import Inputs, Settings

Floats = npt.NDArray[np.float64]

COLUMNS = (
    *("run_rate", "chance_active", "retention", "expected_profit", "expected_low", "expected_high"),
    *("lifetime_value", "lifetime_profit", "acquisition_cost", "payback_months", "method"),
)
"""The columns of :attr:`Outlook.table`."""

MOSTLY = 0.5
"""The share of what is expected above which it is most of it."""

UNAWARE = (Method.AVERAGE, Method.RECENT, Method.TREND)
"""The methods that know of no leaving."""

DIGITS = 6
"""Digits behind the point that money is kept with: what comes after them differs from processor to processor."""


@dataclass(frozen=True)
class Outlook:
    """What is to be expected.

    Attributes:
        table: a row a customer, columns :data:`COLUMNS`. Money: ``run_rate`` (a year at today's level, before
            acquisition), ``expected_profit`` of the next twelve months before acquisition, with the ends of the
            interval that holds it in 80 of 100 (``expected_low``, ``expected_high``); ``lifetime_profit`` (profit to
            date, of the span, with its acquisition), ``lifetime_value`` (that and the present value of what is
            expected over the horizon), ``acquisition_cost`` (negative). Chances: ``chance_active`` (it is a customer
            now), ``retention`` (being one, it is one a year later). ``payback_months`` from its beginning;
            ``method``, that of the forecast, one of :class:`~xlprofit.outlook.candidates.Method`. Blank where nobody
            knows.
        total: ``expected``, ``low`` and ``high`` of all customers together, money.
        record: how each method did on what was held out.
        source: where ``retention`` comes from.
        lifetime: cohorts and their curves.
        stays: the share of the next twelve months in which each is a customer, being one now, on average.
        said: the expected profit with all its digits, money.
    """

    table: pd.DataFrame
    total: dict[str, float]
    record: TrackRecord
    source: RetentionSource
    lifetime: Lifetime
    stays: Floats
    said: Floats

    @property
    def has_proved(self) -> bool:
        """Whether values may rest on it: its record is long enough, and Settings do not say who stays."""
        return self.record.is_long and self.source is not RetentionSource.SETTINGS

    def find_foretold(self) -> Floats:
        """Return what is expected of each that a decision may rest on; blank where the forecast has proved nothing."""
        return self.said if self.has_proved else np.full(len(self.said), np.nan)

    def find_first_year(self) -> float | None:
        """Return the share of its first year for which a new customer counts; ``None`` without a proved forecast.

        Where the forecast of customers is by a method that knows of no leaving within the year, it is all of it.
        """
        if not self.has_proved or not len(self.stays):
            return None
        return 1.0 if self.record.used in UNAWARE else math.fsum(self.stays) / len(self.stays)

    def find_leaving(self) -> Floats:
        """Return the chance that each is no customer within the year; 0 where the figures do not say."""
        if self.source not in (RetentionSource.PURCHASES, RetentionSource.CONTRACTS):
            return np.zeros(len(self.table))
        stays = self.table["chance_active"].fillna(1.0) * self.table["retention"]
        return np.asarray(1.0 - stays.to_numpy(dtype=np.float64))


def build_outlook(inputs: Inputs, past: Past, names: pd.Index, pnl: pd.DataFrame, trends: Trends) -> Outlook:
    """Return what is to be expected of these customers.

    Args:
        inputs: the tables and settings.
        past: what is known of the customers.
        names: their names.
        pnl: the P&L by customer and period, every combination, in order.
        trends: where the profit of each is going.
    """
    movement = read_movement(past, trends.way)
    found = forecast_candidates(inputs, past, names, movement, past.a_year)
    record = keep_record(inputs, past, names, found)
    found = found.share_level(record.part)
    used = Method.SURVIVAL if found.survival.is_stated or record.used not in found.forecast else record.used
    moves = np.isfinite(found.moving)
    gone = _find_likely_gone(found, used) & ~moves
    said = np.where(gone, found.forecast[Method.SURVIVAL], found.forecast[used])
    said = np.where(moves, found.moving, said)
    expected = np.asarray(np.round(said, DIGITS), dtype=np.float64)
    own = np.minimum(past.history.own, past.width)
    forecast = Forecast(
        expected, np.where(moves, np.minimum(own, 2 * past.a_year), found.rests_on[used]), past.a_year
    )
    interval, total = _draw_forecast(past, found, forecast, record, inputs.settings)
    survival = found.survival
    lifetime = measure_lifetimes(pnl, past, inputs.settings, expected, survival.retention)
    table = pd.DataFrame(
        {
            "run_rate": np.round(found.run_rate, DIGITS),
            "chance_active": survival.active,
            "retention": survival.retention,
            "expected_profit": expected,
            "expected_low": np.round(interval.low, DIGITS),
            "expected_high": np.round(interval.high, DIGITS),
            "lifetime_value": lifetime.value,
            "lifetime_profit": lifetime.to_date,
            "acquisition_cost": lifetime.acquisition,
            "payback_months": lifetime.payback,
            "method": np.select(
                [moves, gone], [Method.TREND.value, Method.SURVIVAL.value], used.value
            ).astype(object),
        },
        index=names,
    )
    return Outlook(table[list(COLUMNS)], total, record, survival.source, lifetime, survival.stays, said)


def _find_likely_gone(found: Candidates, used: Method) -> npt.NDArray[np.bool_]:
    """Return who is more likely gone than not, of which the method used says nothing."""
    if used not in UNAWARE:
        return np.zeros(len(found.run_rate), dtype=bool)
    return np.asarray(found.survival.active < LIKELY_GONE)


def _reach_without_wild(past: Past, forecast: Forecast, interval: Interval) -> Interval:
    """Return the intervals, of whom most is expected because of single wild periods as far as without these.

    Nobody knows whether such a period comes again; :func:`~xlprofit.outlook.past.calm_wild_periods` says which are.
    """
    expected, count = forecast.expected, np.minimum(forecast.rests_on, past.width)
    mine = np.arange(past.width) >= past.width - count[:, None]
    part = forecast.ahead / np.maximum(count, 1)
    peak = np.where(mine, np.abs(past.profit), 0.0).max(axis=1, initial=0.0)
    rows = np.flatnonzero(peak * part > MOSTLY * np.abs(expected))
    wild = np.zeros(past.count)
    if len(rows):
        given, own = past.profit[rows], np.minimum(past.history.own, past.width)[rows]
        calm = calm_wild_periods(given, own, count_purchases(past)[rows] > 0)
        wild[rows] = np.cumsum(np.where(mine[rows], given - calm, 0.0), axis=1)[:, -1] * part[rows]
    without = np.where(np.abs(wild) > MOSTLY * np.abs(expected), expected - wild, expected)
    return Interval(expected, np.minimum(interval.low, without), np.maximum(interval.high, without))


def _draw_forecast(
    past: Past, found: Candidates, forecast: Forecast, record: TrackRecord, settings: Settings
) -> tuple[Interval, dict[str, float]]:
    """Return the interval of each customer, and what is expected of all of them together.

    What was held out tells how wide the intervals are of those forecast as they were then. Who is forecast by its rise
    or fall, which had not begun then, has the interval of its draws. All together are off by what their draws are, and
    by as much as they were wrong together on what was held out: two errors that know nothing of each other. The second
    was seen once, which says little of how large it is: beside the draws it counts as two observations (Student,
    "The Probable Error of a Mean", Biometrika 1908; with two degrees of freedom *t* is *p √(2 / (1 − p²))*).
    """
    expected, moves = forecast.expected, np.isfinite(found.moving)
    low, high = np.zeros(past.count), np.zeros(past.count)
    together = np.zeros(0)
    for rows, drawn in list_draws(past, found, forecast, int(settings.seed)):
        ordered, own = np.sort(drawn, axis=1), moves[rows]
        for which, level in ((~own, LEVEL * min(record.factor, 1.0)), (own, LEVEL)):
            low[rows[which]], high[rows[which]] = find_ends(ordered[which], level)
        before = together[None, :] if len(together) else np.zeros((0, drawn.shape[1]))
        together = np.cumsum(np.concatenate([before, drawn]), axis=0)[-1]  # one customer after the other
    interval = Interval(expected, np.minimum(low, expected), np.maximum(high, expected))
    interval = interval.widen(np.where(moves, 1.0, max(record.factor, 1.0)))
    interval = _reach_without_wild(past, forecast, interval)
    whole = math.fsum(expected)
    if not len(together):
        return interval, {"expected": 0.0, "low": 0.0, "high": 0.0}
    middle = float(np.cumsum(together)[-1]) / len(together)
    ends = find_ends(np.sort(together - middle + whole)[None, :])
    missed = LEVEL * math.sqrt(2.0 / (1.0 - LEVEL**2)) * record.missed
    missed *= math.fsum(np.abs(expected[~moves]))
    return (
        interval,
        {
            "expected": whole,
            "low": round(whole - math.hypot(max(whole - float(ends[0][0]), 0.0), missed), DIGITS),
            "high": round(whole + math.hypot(max(float(ends[1][0]) - whole, 0.0), missed), DIGITS),
        },
    )
