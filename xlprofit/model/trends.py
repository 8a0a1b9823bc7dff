"""Trends: where each customer's profit, volume and attention are going, and who is about to be lost.

How slopes are found and when they count is said in :mod:`xlprofit.model.slopes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger as books
from xlprofit.model import periods, slopes, trend_reasons
from xlprofit.model.slopes import Floats, Integers
from xlprofit.tables import Settings

Texts = npt.NDArray[np.object_]

STATES = ("Profitable", "Slipping", "Loss-making", "Recovering", "New", "Dormant")
"""Every state that a customer can be in."""

ATTENTION_GROUPS = ("service",)
"""The groups of cost that are attention. What goes by the orders (labels, deliveries) is not, nor what went wrong."""

WHOLE = 0.9
"""The share of its days that must lie in the span for a first or last period to count."""


@dataclass(frozen=True)
class _Course:
    """When each customer traded, as places among the periods.

    ``first`` and ``last`` are those of the first and the last sale (−1: never); ``start`` is the first period that
    counts for the customer, ``stop`` the one after the last that counts for anybody; ``active`` is how many of them
    had a sale or a cost.
    """

    first: Integers
    last: Integers
    start: Integers
    stop: int
    active: Integers


def attention(ledger: pd.DataFrame, customers: pd.Index, labels: pd.Index) -> pd.DataFrame:
    """Return how much attention each customer took in each period: customers × periods, in money, positive.

    Minutes and kilometres do not add up, so the units of the groups :data:`ATTENTION_GROUPS` are weighed by what
    one costs: *attention = Σ units × average rate*, the rate of a line being its cost over the span divided by its
    units, whoever used them. With one rate for all periods, attention grows only if more is asked for, not
    because pay rose or a department had less to do. Over all customers and periods it adds up to what
    these groups cost.

    Args:
        ledger: the ledger.
        customers: the customers wanted, and in which order.
        labels: the labels of the periods, in order.
    """
    rows = ledger[ledger["group"].isin(ATTENTION_GROUPS).to_numpy()]
    line, source = (rows[key].cat.codes.to_numpy().astype(np.int64) for key in ("line", "source"))
    key = line * (source.max(initial=0) + 1) + source
    amount, units = rows["amount"].to_numpy(), rows["units"].to_numpy()
    _, key = np.unique(key, return_inverse=True)
    cost = np.bincount(key, weights=np.abs(amount))
    rate = cost / np.maximum(np.bincount(key, weights=np.abs(units)), np.finfo(float).tiny)
    weighed = books.pivot(rows.assign(amount=units * rate[key]), "customer", "period")
    return weighed.reindex(index=customers, columns=labels, fill_value=0.0)


def read(pnl: pd.DataFrame, attention: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return the trend of each customer.

    A customer's periods count from its first sale on. A first or last period of the span counts only where
    nine tenths of its days lie in the span: half a month would look like a fall. Where a customer buys in
    fewer than three of four periods, its profit and net revenue are first smoothed over its usual
    distance between two sales, so that it has a level and no zigzag. Attention is taken as it stands.

    The slope is Theil and Sen's, so a single wild period does not move it. A series *rises* or *falls* where that
    is borne out and material, as :mod:`xlprofit.model.slopes` says. The level now is the median of the last
    ``trend_periods`` periods, each carried forward to the last one by the slope if profit rises or falls, but no
    lower or higher than one of those periods was.

    The state is the first of these that is so:

    1. *Dormant*: no sale in the last ``dormant_periods`` periods, or none at all.
    2. *New*: the first sale was within the last ``new_periods`` periods, and not in the span's first period,
       of which nobody knows what came before.
    3. Fewer than ``trend_periods`` periods with sales or cost: slopes, turn and periods left stay blank;
       *Loss-making* where the profit of the periods adds up to less than 0, else *Profitable*.
    4. *Recovering*: profit rises, turned from loss to profit, and its level now is above 0.
    5. *Loss-making*: the median profit of the last ``trend_periods`` periods is below 0.
    6. *Slipping*: profit falls (the level now may just have come down to 0).
    7. *Profitable*.

    One bad period alone does not make a state; where it makes a loss of the whole, the reason says so.

    Args:
        pnl: the P&L by customer and period, every combination, in order (:func:`xlprofit.ledger.pnl`).
        attention: attention, customers × periods (:func:`attention`).
        settings: ``trend_periods``, ``new_periods`` and ``dormant_periods`` count periods.

    Returns:
        A row a customer:

        - ``state``: one of :data:`STATES`.
        - ``profit_slope``, ``volume_slope`` (of net revenue), ``attention_slope``: money a period, by period; blank
          where there are too few periods.
        - ``profit_now``: the level, money a period; the mean where there are too few periods for a trend, blank
          where there is none.
        - ``turning_period``: the label of the period in which profit turned to loss and stayed (Loss-making), or the
          reverse (Recovering): the one that leaves the fewest periods on the wrong side. Empty where it did
          not turn.
        - ``early_warning``: still profitable, but net revenue falls and attention rises, borne out jointly.
        - ``periods_left``: −profit_now / profit_slope, the periods until profit crosses 0, for the slipping and the
          warned; blank for the others and where profit does not fall.
        - ``periods``: how many of the periods that count had sales or cost.
        - ``reason``: a sentence with the figures.
    """
    count = attention.shape[1]
    grids = {c: pnl[c].to_numpy(dtype=np.float64).reshape(-1, count) for c in _MEASURES}
    grids["attention"] = attention.to_numpy(dtype=np.float64)
    course = _course(grids, settings)
    found = _fits(grids, course, settings)
    mean = _mean(grids["profit"], course)
    few = course.active < settings.trend_periods
    state = _states(found, course, settings, mean)
    now = np.where(few, mean, found["now"])
    now = np.where((state == "Loss-making") & (now >= 0), found["recent"], now)
    sound = ~few & (state != "Dormant") & (now > 0)
    early = sound & (found["parting"] > 0)
    slope = found["profit_slope"]
    ebbing = sound & (slope < 0) & (early | (found["way"] < 0))
    turn = np.where(state == "Loss-making", found["down"], np.where(state == "Recovering", found["up"], -1))
    frame = pd.DataFrame(
        {
            "state": state,
            "profit_slope": slope,
            "volume_slope": found["volume_slope"],
            "attention_slope": found["attention_slope"],
            "profit_now": now,
            "turning_period": trend_reasons.labelled(attention.columns, turn),
            "early_warning": early,
            "periods_left": np.divide(-now, slope, out=np.full(len(now), np.nan), where=ebbing),
            "periods": course.active,
        },
        index=attention.index.rename("customer"),
    )
    total, sold = grids["profit"].sum(axis=1), (course.first, course.last)
    said = trend_reasons.sentences(frame, found["way"], total, sold, attention.columns, settings)
    return frame.assign(reason=said)


_MEASURES = ("gross_revenue", "net_revenue", "profit")
_WHERE_FEW = {"profit_slope": np.nan, "volume_slope": np.nan, "attention_slope": np.nan, "now": np.nan} | {
    "recent": np.nan,
    "way": 0.0,
    "parting": 0.0,
    "down": -1.0,
    "up": -1.0,
}
"""What :func:`_fits` says of a customer with too few periods."""


def _course(grids: dict[str, Floats], settings: Settings) -> _Course:
    begin, stop = _counted(settings)
    sale = grids["gross_revenue"] > 0
    count = sale.shape[1]
    sold = sale.any(axis=1)
    first = np.where(sold, np.argmax(sale, axis=1), -1)
    last = np.where(sold, count - 1 - np.argmax(sale[:, ::-1], axis=1), -1)
    start = np.clip(np.where(sold, first, stop), begin, stop)
    busy = sale | (np.abs(grids["profit"]) > 0) | (np.abs(grids["attention"]) > 0)
    busy[:, stop:] = False
    busy &= np.arange(count) >= start[:, None]
    return _Course(first, last, start, stop, busy.sum(axis=1))


def _counted(settings: Settings) -> tuple[int, int]:
    """Return the first period that counts and the one after the last: not those that the span cuts short.

    Where the span cuts them all short, all count.
    """
    whole = []
    for span in periods.spans(settings):
        begin, end = span.start_time.normalize(), span.end_time.normalize()
        inside = min(end, settings.end) - max(begin, settings.start)
        whole.append((inside.days + 1) / ((end - begin).days + 1) >= WHOLE)
    if not any(whole):
        return 0, len(whole)
    return whole.index(True), len(whole) - whole[::-1].index(True)


def _mean(profit: Floats, course: _Course) -> Floats:
    """Return the mean profit of the periods that count, blank where there are none."""
    place = np.arange(profit.shape[1])
    counts = (place >= course.start[:, None]) & (place < course.stop)
    number = counts.sum(axis=1)
    total = np.where(counts, profit, 0.0).sum(axis=1)
    return np.asarray(np.divide(total, number, out=np.full(len(total), np.nan), where=number > 0))


def _fits(grids: dict[str, Floats], course: _Course, settings: Settings) -> dict[str, Floats]:
    """Return slopes, levels and turns of each customer that has enough periods."""
    found = {name: np.full(len(course.start), value) for name, value in _WHERE_FEW.items()}
    enough = course.active >= settings.trend_periods
    for begin in np.unique(course.start[enough]).tolist():
        some = np.flatnonzero(enough & (course.start == begin))
        part = {name: grid[some, begin : course.stop] for name, grid in grids.items()}
        for name, values in _fitted(part, begin, settings).items():
            found[name][some] = values
    return found


def _fitted(part: dict[str, Floats], begin: int, settings: Settings) -> dict[str, npt.NDArray[Any]]:
    """Return what :func:`_fits` does, for customers whose periods all start at ``begin``."""
    a_year = 1 / periods.SHARE_OF_YEAR[settings.period]
    rhythm = slopes.rhythm(part["gross_revenue"] > 0)
    series = slopes.smoothed(part["profit"], rhythm)
    profit = slopes.fit(series, a_year, rhythm)
    volume = slopes.fit(slopes.smoothed(part["net_revenue"], rhythm), a_year, rhythm)
    attention = slopes.fit(part["attention"], a_year)
    recent = series[:, -int(settings.trend_periods) :]
    ahead = np.arange(recent.shape[1])[::-1]
    pull = np.where(profit.way != 0, profit.slope, 0.0)
    level = np.median(recent + pull[:, None] * ahead, axis=1)
    down, up = slopes.turn(series), slopes.turn(-series)
    return {
        "profit_slope": profit.slope,
        "volume_slope": volume.slope,
        "attention_slope": attention.slope,
        # A line through what dies away would go below zero, where nothing has been.
        "now": np.clip(level, recent.min(axis=1), recent.max(axis=1)),
        "recent": np.median(recent, axis=1),
        "way": profit.way,
        "parting": slopes.part_ways(volume, attention),
        "down": np.where(down >= 0, down + begin, -1),
        "up": np.where(up >= 0, up + begin, -1),
    }


def _states(found: dict[str, Floats], course: _Course, settings: Settings, mean: Floats) -> Texts:
    """Return the state of each customer, as :func:`read` defines it."""
    few = course.active < settings.trend_periods
    quiet = course.stop - 1 - course.last
    since = course.stop - course.first
    way = found["way"]
    state = np.select(
        [
            (course.first < 0) | (quiet >= settings.dormant_periods),
            (course.first > 0) & (since <= settings.new_periods),
            few & (mean < 0),
            few,
            (way > 0) & (found["up"] >= 0) & (found["now"] > 0),
            found["recent"] < 0,
            way < 0,
        ],
        ["Dormant", "New", "Loss-making", "Profitable", "Recovering", "Loss-making", "Slipping"],
        "Profitable",
    )
    return np.asarray(state, dtype=object)
