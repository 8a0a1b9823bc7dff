"""Trends: where each customer's profit, volume and attention are going, and who is about to be lost.

How slopes are found is said in :mod:`xlprofit.model.slopes`, what is more than chance in :mod:`xlprofit.model.chance`,
what a season is in :mod:`xlprofit.model.seasons`, what attention is in :mod:`xlprofit.model.attention`, and when profit
crosses zero in :mod:`xlprofit.model.crossing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.model import chance, crossing, periods, seasons, slopes, trend_reasons, warning
from xlprofit.model.attention import Grids, add_up, find_followers
from xlprofit.model.chance import Flags, Floats, Integers
from xlprofit.tables import Settings

Texts = npt.NDArray[np.object_]

STATES = ("Profitable", "Slipping", "Loss-making", "Recovering", "New", "Dormant")
"""Every state that a customer can be in."""

WHOLE = 0.9
"""The share of its days that must lie in the span for a first or last period to count."""

BORNE_OUT = 1.645
"""The z from which a trend moves the level: chance alone would show it in 1 of 20 steady customers."""

RECOVERED = 1.96
"""The z from which profit that has turned has recovered: chance alone would show it in 1 of 40 steady customers."""

WILD = 2.0
"""The standard deviations from its line beyond which a period's profit is taken to be no farther away."""

NORMAL = 1.4826
"""A normal standard deviation, in median absolute deviations."""


@dataclass(frozen=True)
class _Course:
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


@dataclass(frozen=True)
class _Series:
    """What trends are read from, customers × periods, without seasons; attention is that which does not follow."""

    profit: Floats
    revenue: Floats
    attention: Floats
    sale: Flags


def read(
    pnl: pd.DataFrame,
    attention: Mapping[str, pd.DataFrame],
    settings: Settings,
    segments: npt.NDArray[np.object_] | None = None,
) -> pd.DataFrame:
    """Return the trend of each customer.

    A trend is read from a window of the last ``window`` periods, so a long history blinds nobody to what is
    going on. A customer's periods count from its first sale on. A first or last period of the span counts only where
    nine tenths of its days lie in the span: half a month would look like a fall. Where there are two years or more,
    seasons are taken out first (:mod:`xlprofit.model.seasons`), pooled over the segment. Where a customer buys in
    fewer than three of four periods, its profit and net revenue are smoothed over its usual
    distance between two sales, so that it has a level and no zigzag.

    The slope is Theil and Sen's, so a single wild period does not move it. How far it is beyond chance is Mann and
    Kendall's *z*, divided by what memory from period to period inflates it by; which customers' profit *rises* or
    *falls* is then decided over all customers together, so that of those named at most ``false_alarm_rate`` are
    chance (:func:`xlprofit.model.chance.discover`). The level now is the median of the last
    ``trend_periods`` periods, each carried forward to the last one by the slope if the customer's own *z* bears it
    out, but no lower or higher than one of those periods was.

    An early warning is for a customer that still earns while net revenue falls and attention beyond what
    net revenue explains grows, each *z* at least :data:`EACH_OF_TWO` and both jointly, *(z₂ − z₁) / √2* (S. A. Stouffer and
    others, The American Soldier, 1949), counted over all customers in the same way, and profit falls with them.

    The state is the first of these that is so:

    1. *Dormant*: no sale in the last ``dormant_periods`` periods, or none at all.
    2. *New*: the first sale was within the last ``new_periods`` periods, and not in the span's first period,
       of which nobody knows what came before.
    3. Fewer than ``trend_periods`` periods with sales or cost in the window: slopes, turn and periods left stay blank;
       *Loss-making* where the profit of the window adds up to less than 0, else *Profitable*.
    4. *Recovering*: profit rises, turned from loss to profit within the window, and its level now is above 0.
    5. *Loss-making*: the median profit of the last ``trend_periods`` periods is below 0.
    6. *Slipping*: profit falls (the level now may just have come down to 0), or there is an early warning.
    7. *Profitable*.

    One bad period alone does not make a state; where it makes a loss of the whole, the reason says so.

    Args:
        pnl: the P&L by customer and period, every combination, in order (:func:`xlprofit.ledger.pnl`).
        attention: attention by group, customers × periods (:func:`xlprofit.model.attention.find_attention`).
        settings: ``window``, ``trend_periods``, ``new_periods`` and ``dormant_periods`` count periods.
        segments: the segment of each customer; one for all where it is not given.

    Returns:
        A row a customer:

        - ``state``: one of :data:`STATES`.
        - ``profit_slope``, ``volume_slope`` (of net revenue), ``attention_slope`` (of attention beyond what net revenue
          explains): money a period, by period; blank where there are too few periods.
        - ``profit_now``: the level, money a period; the mean where there are too few periods for a trend, blank
          where there is none.
        - ``turning_period``: the label of the period in which profit turned to loss and stayed (Loss-making), or the
          reverse (Recovering): the one that leaves the fewest periods on the wrong side. Empty where it did
          not turn.
        - ``early_warning``: still profitable, but net revenue falls and attention grows, and profit with them.
        - ``periods_left``, ``periods_left_low``, ``periods_left_high``: how many periods from the last one on until profit
          crosses 0: as likely sooner as later, and the ends of an interval that holds it in 80 of 100 customers
          (:func:`xlprofit.model.crossing.find_crossing`). For the slipping and the warned that still earn, blank for the
          others; where profit may never come down to 0, ``periods_left_high`` is blank, or both it and ``periods_left``.
        - ``attention_group``: for the warned, the group of effort that grows most; empty for the others.
        - ``periods``: how many of the window's periods had sales or cost.
        - ``reason``: a sentence with the figures.
    """
    labels = periods.labels(settings)
    count = len(labels)
    names = pd.Index(pnl.index.get_level_values("customer")[::count], dtype=object, name="customer")
    grids = {c: pnl[c].to_numpy(dtype=np.float64).reshape(-1, count) for c in _MEASURES}
    groups = {group: frame.to_numpy(dtype=np.float64) for group, frame in sorted(attention.items())}
    course = _course(grids, groups, settings)
    follow = find_followers(groups, grids["net_revenue"], course.counts(count))
    pools = (
        np.zeros(len(names), np.int64) if segments is None else np.unique(segments, return_inverse=True)[1]
    )
    series = _series(grids, groups, follow, _calendar(course, settings, pools))
    found = _fits(series, course, settings)
    z = {name: _bear_out(found, name, course) for name in ("profit", "volume", "attention")}
    few = course.active < settings.trend_periods
    mean = _mean(grids["profit"], course)
    # A trend that the customer's own figures bear out moves its level; whether it is named goes by all customers.
    moves = np.abs(z["profit"]) >= BORNE_OUT
    now = np.where(few, mean, np.where(moves, found["moved"], found["recent"]))
    alive = ~few & (course.first >= 0) & (course.stop - 1 - course.last < settings.dormant_periods)
    way = _ways(z["profit"], alive, settings)
    slides = np.maximum(chance.tail(-z["volume"]), chance.tail(-z["profit"])) <= warning.UNLIKELY
    earning = alive & (found["recent"] > 0)
    signs = warning.Signs(
        series.revenue,
        series.attention,
        series.sale,
        groups,
        follow,
        found["volume_drawn"],
        found["attention_drawn"],
        1 / periods.SHARE_OF_YEAR[settings.period],
    )
    reach = warning.Reach(course.start, int(settings.window), course.stop)
    warned = warning.find_warnings(signs, earning & slides, reach)
    early = chance.discover(warned.probability, earning, settings.false_alarm_rate)
    way = np.where(early, -1, way)
    rises = z["profit"] >= RECOVERED
    state = _states(found | {"now": now, "mean": mean}, way, rises, course, settings)
    now = np.where((state == "Loss-making") & (now >= 0) & ~few, found["recent"], now)
    ebbing = alive & (now > 0) & (found["profit_slope"] < 0) & (way < 0)
    left = _crossings(series, ebbing, early, found, course)
    turn = np.where(state == "Loss-making", found["down"], np.where(state == "Recovering", found["up"], -1))
    frame = pd.DataFrame(
        {
            "state": state,
            "profit_slope": found["profit_slope"],
            "volume_slope": found["volume_slope"],
            "attention_slope": found["attention_slope"],
            "profit_now": now,
            "turning_period": trend_reasons.labelled(labels, turn),
            "early_warning": early,
            "periods_left": left[:, 1],
            "periods_left_low": left[:, 0],
            "periods_left_high": left[:, 2],
            "attention_group": np.where(early, warned.group, ""),
            "periods": course.active,
        },
        index=names,
    )
    total, sold = grids["profit"].sum(axis=1), (course.first, course.last)
    said = trend_reasons.sentences(frame, way, warned.slope, total, sold, labels, settings)
    return frame.assign(reason=said)


_MEASURES = ("gross_revenue", "net_revenue", "gross_margin", "profit")
_WHERE_FEW = {"profit_slope": np.nan, "volume_slope": np.nan, "attention_slope": np.nan, "moved": np.nan} | {
    "profit_z": 0.0,
    "volume_z": 0.0,
    "attention_z": 0.0,
    "profit_memory": np.nan,
    "volume_memory": np.nan,
    "attention_memory": np.nan,
    "recent": np.nan,
    "down": -1.0,
    "up": -1.0,
}
"""What :func:`_fits` says of a customer with too few periods."""


def _course(grids: Grids, groups: Grids, settings: Settings) -> _Course:
    begin, stop = _counted(settings)
    sale = grids["gross_revenue"] > 0
    count = sale.shape[1]
    sold = sale.any(axis=1)
    first = np.where(sold, np.argmax(sale, axis=1), -1)
    last = np.where(sold, count - 1 - np.argmax(sale[:, ::-1], axis=1), -1)
    start = np.clip(np.where(sold, first, stop), begin, stop)
    recent = np.maximum(start, stop - int(settings.window))
    busy = sale | (np.abs(grids["profit"]) > 0)
    for grid in groups.values():
        busy |= np.abs(grid) > 0
    busy[:, stop:] = False
    busy &= np.arange(count) >= recent[:, None]
    return _Course(first, last, start, recent, begin, stop, busy.sum(axis=1))


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


def _calendar(course: _Course, settings: Settings, pools: Integers) -> seasons.Calendar:
    year = round(1 / periods.SHARE_OF_YEAR[settings.period])
    return seasons.Calendar(course.start, course.begin, course.stop, year, pools)


def _series(grids: Grids, groups: Grids, follow: tuple[str, ...], calendar: seasons.Calendar) -> _Series:
    """Return the series without their seasons.

    Net revenue is divided by its season, and with it go gross margin and the attention that follows net revenue; the
    other attention has a season of its own. What profit has by both is taken from it.
    """
    revenue = grids["net_revenue"]
    followed = add_up(groups, follow, revenue)
    asked = add_up(groups, tuple(g for g in sorted(groups) if g not in follow), revenue)
    factor = seasons.find_factors(revenue, calendar)
    more = seasons.find_amounts(asked, calendar)
    profit = grids["profit"] - (grids["gross_margin"] - followed) * (1 - 1 / factor) + more
    return _Series(profit, revenue / factor, asked - more, grids["gross_revenue"] > 0)


def _mean(profit: Floats, course: _Course) -> Floats:
    """Return the mean profit of the window's periods, blank where there are none."""
    counts = course.counts(profit.shape[1])
    number = counts.sum(axis=1)
    total = np.where(counts, profit, 0.0).sum(axis=1)
    return np.asarray(np.divide(total, number, out=np.full(len(total), np.nan), where=number > 0))


def _fits(series: _Series, course: _Course, settings: Settings) -> dict[str, Floats]:
    """Return slopes, levels and turns of each customer that has enough periods."""
    found = {name: np.full(len(course.start), value) for name, value in _WHERE_FEW.items()}
    enough = course.active >= settings.trend_periods
    for begin in np.unique(course.recent[enough]).tolist():
        some = np.flatnonzero(enough & (course.recent == begin))
        for name, values in _fitted(series, some, slice(begin, course.stop), settings).items():
            found[name][some] = values
    for begin in np.unique(course.start[enough]).tolist():
        some = np.flatnonzero(enough & (course.start == begin))
        whole = slice(begin, course.stop)
        earned = slopes.smoothed(series.profit[some, whole], slopes.rhythm(series.sale[some, whole]))
        for name, turned in (("down", slopes.turn(earned)), ("up", slopes.turn(-earned))):
            found[name][some] = np.where(turned >= 0, turned + begin, -1)
    return found


def _fitted(series: _Series, some: Integers, span: slice, settings: Settings) -> dict[str, Floats]:
    """Return what :func:`_fits` does, for customers whose windows all start alike."""
    a_year = 1 / periods.SHARE_OF_YEAR[settings.period]
    rhythm = slopes.rhythm(series.sale[some, span])
    earned = slopes.smoothed(series.profit[some, span], rhythm)
    profit = slopes.fit(earned, a_year, rhythm)
    volume = slopes.fit(slopes.smoothed(series.revenue[some, span], rhythm), a_year, rhythm)
    attention = slopes.fit(series.attention[some, span], a_year)
    recent = earned[:, -int(settings.trend_periods) :]
    ahead = np.arange(recent.shape[1])[::-1]
    level = np.median(recent + profit.slope[:, None] * ahead, axis=1)
    found: dict[str, Floats] = {
        # A line through what dies away would go below zero, where nothing has been.
        "moved": np.clip(level, recent.min(axis=1), recent.max(axis=1)),
        "recent": np.median(recent, axis=1),
    }
    for name, line in (("profit", profit), ("volume", volume), ("attention", attention)):
        found |= {f"{name}_slope": line.slope, f"{name}_z": line.z, f"{name}_memory": line.memory}
    return found


def _bear_out(found: dict[str, Floats], name: str, course: _Course) -> Floats:
    """Return the z of a series, less what the memory of the customers, each and all, makes of it."""
    length = course.stop - course.recent
    doubt = length / np.maximum(length - 4, 1.0) ** 2
    memory = chance.share_knowledge(found[f"{name}_memory"], doubt)
    inflation = chance.inflation(memory, length)
    found[f"{name}_inflation"], found[f"{name}_drawn"] = inflation, memory
    return np.round(found[f"{name}_z"] / np.sqrt(inflation), chance.DIGITS)


def _ways(z: Floats, asked: Flags, settings: Settings) -> Integers:
    """Return +1 where profit rises, −1 where it falls, 0 where neither is more than chance over all customers."""
    rises = chance.discover(chance.tail(z), asked, settings.false_alarm_rate)
    falls = chance.discover(chance.tail(-z), asked, settings.false_alarm_rate)
    return rises.astype(np.int64) - falls


def _crossings(
    series: _Series, ebbing: Flags, pressed: Flags, found: dict[str, Floats], course: _Course
) -> Floats:
    """Return when each ebbing customer's profit crosses zero: low, middle, high."""
    left = np.full((len(ebbing), 3), np.nan)
    for begin in np.unique(course.recent[ebbing]).tolist():
        some = np.flatnonzero(ebbing & (course.recent == begin))
        span = slice(begin, course.stop)
        volume, _ = _line(series.revenue[some, span], found["volume_slope"][some])
        profit, spread = _line(series.profit[some, span], found["profit_slope"][some])
        tame = np.clip(series.profit[some, span], profit - WILD * spread, profit + WILD * spread)
        inflation = found["profit_inflation"][some]
        left[some] = crossing.find_crossing(tame, volume, inflation, pressed[some])
    return left


def _line(series: Floats, slope: Floats) -> tuple[Floats, Floats]:
    """Return the line through each row with this slope, and the usual distance from it as a standard deviation."""
    along = slope[:, None] * np.arange(series.shape[1])
    line = np.median(series - along, axis=1, keepdims=True) + along
    return line, NORMAL * np.median(np.abs(series - line), axis=1, keepdims=True)


def _states(
    found: dict[str, Floats], way: Integers, rises: Flags, course: _Course, settings: Settings
) -> Texts:
    """Return the state of each customer, as :func:`read` defines it."""
    few = course.active < settings.trend_periods
    quiet = course.stop - 1 - course.last
    since = course.stop - course.first
    state = np.select(
        [
            (course.first < 0) | (quiet >= settings.dormant_periods),
            (course.first > 0) & (since <= settings.new_periods),
            few & (found["mean"] < 0),
            few,
            rises & (found["up"] >= np.maximum(course.recent, 1)) & (found["now"] > 0),
            found["recent"] < 0,
            way < 0,
        ],
        ["Dormant", "New", "Loss-making", "Profitable", "Recovering", "Loss-making", "Slipping"],
        "Profitable",
    )
    return np.asarray(state, dtype=object)
