"""The past that a forecast is made of: on which days each customer bought, what it left in each period, and since when.

Days count from the first day of the span. What lies before a *cut*, a number of the periods of the history, is what was
known then: a forecast of the last year made a year ago is held against what came.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis import avoidable, history, seasonality
from xlprofit.ledger import periods
from xlprofit.outlook.btyd import Purchases

if TYPE_CHECKING:
    from xlprofit.analysis.history import History
    from xlprofit.tables import Inputs

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

DAYS_OF_WEEK = 7.0
"""Purchases are counted in weeks, so that the parameters of the published fits can be read beside ours."""

WEEKS_OF_YEAR = 365.25 / DAYS_OF_WEEK

DIGITS = 9
"""Digits behind the point that what follows what is sold is kept with: later ones differ by processor."""

WILD = 5.0
"""Deviations beyond which a period of who buys in most of them is a single wild one."""


@dataclass(frozen=True)
class Past:
    """What is known of the customers, in the order of their names.

    Attributes:
        history: what each left in each whole period (customers × periods), without what will not come again.
        customer, day: the days with a purchase, each once, by customer and day.
        begins: the day on which each period of the history begins, and the one after the last.
        segment: the place of each customer's segment.
        since: the day from which each is a customer: Customers.since, or its first purchase where that is earlier or
            nothing is said; blank where unknown.
        dated: whether that is Customers.since.
        ended: the day on which it ended; blank where it did not, or nobody said.
        mark: a number made of when each customer bought and what it left, from 0 to 1, which sets its draws apart from
            those of others, whatever it is called and whatever the currency.
        a_year: periods in a year.
        contract: whether customers give notice.
    """

    history: History
    customer: Integers
    day: Integers
    begins: Integers
    segment: Integers
    since: Floats
    dated: npt.NDArray[np.bool_]
    ended: Floats
    mark: Floats
    a_year: int
    contract: bool

    @property
    def count(self) -> int:
        """The number of customers."""
        return len(self.segment)

    @property
    def width(self) -> int:
        """The number of periods."""
        return len(self.begins) - 1

    @property
    def profit(self) -> Floats:
        """What each left in each period, money: its contribution, before acquisition and what came once."""
        return np.asarray(self.history.volume + self.history.effort + self.history.direct)

    @cached_property
    def season(self) -> Floats | None:
        """The season of what is sold, customers × periods, 1 being usual; ``None`` where there are not two years."""
        known = self.a_year > 1 and self.width >= 2 * self.a_year
        return self.spread_season(self.history.net_revenue) if known else None

    def spread_season(self, amounts: Floats) -> Floats:
        """Return the season of some amounts of which there are two years, customers × periods, 1 being usual."""
        index = seasonality.indices(amounts[:, -2 * self.a_year :], self.segment, self.a_year)
        places = (np.arange(self.width) - self.width) % self.a_year
        return np.asarray(np.maximum(index, seasonality.LOWEST)[:, places])

    @cached_property
    def unseasoned(self) -> Past:
        """The past as if all periods were of a usual season, where there are two years to know one from.

        What is sold has one, and so has what follows it of the effort and the direct costs (:func:`find_following`);
        the rest of each has its own: a season of both together would change as one of them grows.
        """
        given, index = self.history, self.season
        if index is None:
            return self
        found = {
            name: getattr(given, name) / index for name in ("gross", "discounts", "net_revenue", "volume")
        }
        own = np.minimum(given.own, self.width)
        for name in ("effort", "direct"):
            spent = getattr(given, name)
            follows = -find_following(given.net_revenue, -spent, own) * given.net_revenue
            rest = spent - follows
            found[name] = follows / index + rest / self.spread_season(-rest)
        return replace(self, history=replace(given, **found))

    def see(self, cut: int) -> Past:
        """Return what was known after so many periods."""
        seen = self.day < self.begins[cut]
        return replace(
            self,
            history=history.cut_history(self.history, cut),
            customer=self.customer[seen],
            day=self.day[seen],
            begins=self.begins[: cut + 1],
            ended=np.where(self.ended < self.begins[cut], self.ended, np.nan),
        )

    def choose(self, rows: Integers) -> Past:
        """Return what is known of some customers, by place."""
        place = np.full(self.count, -1, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        kept = place[self.customer] >= 0
        return replace(
            self,
            history=history.choose_customers(self.history, rows),
            customer=place[self.customer[kept]],
            day=self.day[kept],
            segment=self.segment[rows],
            since=self.since[rows],
            dated=self.dated[rows],
            ended=self.ended[rows],
            mark=self.mark[rows],
        )


def gather_past(inputs: Inputs, ledger: pd.DataFrame, names: pd.Index, done: avoidable.Efforts) -> Past:
    """Return the past of these customers.

    A purchase is a row of Sales with gross revenue above 0. Where no period is whole or there are no sales there is
    little to see, but it is the same shape.
    """
    settings = inputs.settings
    given = history.gather_history(inputs, ledger, names, done, held_out=True)
    spans = periods.list_spans(settings)[given.first : given.first + given.volume.shape[1]]
    begins = [(span.start_time.normalize() - settings.start).days for span in spans]
    after = [(spans[-1].end_time.normalize() - settings.start).days + 1] if len(spans) else [0]
    customer, day = _list_purchases(inputs, names, after[0])
    since, ended = (_place_days(inputs, names, column) for column in ("since", "ended"))
    first = np.full(len(names), np.inf)
    np.minimum.at(first, customer, day.astype(np.float64))
    # Who bought before the day on which it is said to have begun had begun.
    dated = np.isfinite(since) & (since <= first)
    return Past(
        given,
        customer,
        day,
        np.array([*begins, *after], dtype=np.int64),
        seasonality.place_segments(inputs, names),
        np.where(dated, since, np.where(np.isfinite(first), first, np.nan)),
        dated,
        ended,
        _mark_customers(given, customer, day),
        round(1 / periods.SHARE_OF_YEAR[settings.period]),
        settings.relationship == "contract",
    )


def _mark_customers(given: History, customer: Integers, day: Integers) -> Floats:
    """Return a number from 0 to 1 for each customer, made of its days of purchase and the course of its profit."""
    profit = given.volume + given.effort + given.direct
    size = np.abs(profit).cumsum(axis=1)[:, -1:] if profit.shape[1] else np.zeros((len(profit), 1))
    course = np.round(np.divide(profit, size, out=np.zeros_like(profit), where=size > 0), 6) + 0.0
    ends = np.searchsorted(customer, np.arange(len(profit) + 1))
    whole = (course.tobytes(), day.astype(np.int64).tobytes())
    width = course.shape[1] * 8
    marks = [
        crc32(whole[1][ends[at] * 8 : ends[at + 1] * 8], crc32(whole[0][at * width : (at + 1) * width]))
        for at in range(len(profit))
    ]
    return np.array(marks, dtype=np.float64) / 2**32


def _list_purchases(inputs: Inputs, names: pd.Index, stop: int) -> tuple[Integers, Integers]:
    """Return customer and day of the days with a purchase before ``stop``, each once, in order."""
    sales, settings = inputs["Sales"], inputs.settings
    who = avoidable.find_word_places(sales["customer"], names)
    day = (sales["date"] - settings.start).dt.days.to_numpy(dtype=np.float64, na_value=-1.0).astype(np.int64)
    bought = sales["gross_revenue"].to_numpy(dtype=np.float64) > 0
    kept = (who >= 0) & bought & (day >= 0) & (day < stop)
    width = max(stop, 1)
    keys = np.sort(who[kept] * width + day[kept])
    keys = keys[np.diff(keys, prepend=-1) > 0]
    return keys // width, keys % width


def _place_days(inputs: Inputs, names: pd.Index, column: str) -> Floats:
    """Return a day of Customers for each customer, counted from the first of the span; blank where none is given."""
    table = inputs["Customers"]
    known = table[table[column].notna().to_numpy()].drop_duplicates("customer")
    place = names.get_indexer(pd.Index(known["customer"].astype(str)))
    days = (known[column] - inputs.settings.start).dt.days.to_numpy(dtype=np.float64)
    found = np.full(len(names), np.nan)
    found[place[place >= 0]] = days[place >= 0]
    return found


@dataclass(frozen=True)
class Clock:
    """Time that runs faster where more is bought: weeks from the span's first day, segments × days.

    A quiet season is a short time then, and no sign that a customer left.
    """

    weeks: Floats

    def read(self, segment: Integers, day: Integers) -> Floats:
        """Return the time of each day for each segment."""
        return np.asarray(self.weeks[segment, np.clip(day, 0, self.weeks.shape[1] - 1)])


def set_clock(past: Past, ahead: int) -> Clock:
    """Return the clock of what is known, and so many periods beyond.

    The season of a segment is that of its purchases in each period of the last two years
    (:func:`xlprofit.analysis.seasonality.find_indices`); where there are not two years, all periods are alike.
    """
    count, width = int(past.segment.max(initial=0)) + 1, past.width
    index = np.ones((count, past.a_year))
    if past.a_year > 1 and width >= 2 * past.a_year:
        grid = count_purchases(past)
        found = seasonality.indices(grid[:, -2 * past.a_year :], past.segment, past.a_year)
        index[past.segment] = np.maximum(found, seasonality.LOWEST)
    lengths = np.diff(past.begins)
    usual = float(lengths.mean()) if width else 365.25 / past.a_year
    days = np.concatenate([lengths, np.full(ahead, round(usual))])
    first = int(past.begins[0])
    # The last period known is the last of the year's.
    place = (np.arange(width + ahead) - width) % past.a_year
    pace = np.repeat(index[:, place], days, axis=1)
    before = np.ones((count, max(first, 0)))
    steps = np.concatenate([np.zeros((count, 1)), before, pace], axis=1) / DAYS_OF_WEEK
    return Clock(np.cumsum(steps, axis=1))


def find_following(sold: Floats, spent: Floats, own: Integers) -> float:
    """Return what is spent of what is sold with it: that by which both change from period to period, from 0 to 1.

    *Σ Δs Δv / Σ Δv²* over all customers, each as a share of what it sells (least squares of differences, which see
    nothing of where either is going).
    """
    width = sold.shape[1]
    mine = (np.arange(width) >= width - own[:, None])[:, :-1]
    size = np.abs(sold).cumsum(axis=1)[:, -1:] / max(width, 1)
    some = size[:, 0] > 0
    steps = [np.where(mine[some], np.diff(grid[some], axis=1) / size[some], 0.0) for grid in (sold, spent)]
    spread = float((steps[0] ** 2).cumsum(axis=1)[:, -1:].cumsum()[-1]) if some.any() and width > 1 else 0.0
    if spread <= 0:
        return 0.0
    both = float((steps[0] * steps[1]).cumsum(axis=1)[:, -1:].cumsum()[-1])
    return round(min(max(both / spread, 0.0), 1.0), DIGITS)


def calm_wild_periods(profit: Floats, own: Integers, bought: npt.NDArray[np.bool_]) -> Floats:
    """Return the periods of those who buy in most of them without single wild ones: no further off than :data:`WILD`.

    How far is counted in median absolute deviations (F. R. Hampel, Journal of the American Statistical Association
    1974). Of who buys seldom every period counts as it is.
    """
    width = profit.shape[1]
    mine = np.arange(width) >= width - own[:, None]
    steady = np.flatnonzero(4 * np.where(mine, bought, False).sum(axis=1) >= 3 * own)
    found = profit.copy()
    given = np.where(mine[steady], profit[steady], np.nan)
    if not len(steady) or not width:
        return found
    middle = _find_medians(given, own[steady])
    apart = 1.4826 * _find_medians(np.abs(given - middle), own[steady])
    calm = np.clip(profit[steady], middle - WILD * apart, middle + WILD * apart)
    found[steady] = np.where(apart > 0, calm, profit[steady])
    return found


def _find_medians(given: Floats, known: Integers) -> Floats:
    """Return the median of each row, one column, of which so many are known and the others are blank."""
    ordered = np.sort(given, axis=1)  # blanks stand last
    below, above = (
        np.take_along_axis(ordered, place[:, None], axis=1) for place in ((known - 1) // 2, known // 2)
    )
    return np.asarray((below + above) / 2.0)


def count_purchases(past: Past) -> Floats:
    """Return how many days with a purchase each customer had in each period."""
    place = np.searchsorted(past.begins, past.day, side="right") - 1
    inside = (place >= 0) & (place < past.width)
    flat = past.customer[inside] * past.width + place[inside]
    counts = np.bincount(flat, minlength=past.count * past.width)
    return counts.reshape(past.count, past.width).astype(np.float64)


def summarise_purchases(past: Past, clock: Clock) -> tuple[Purchases, npt.NDArray[np.bool_]]:
    """Return frequency, recency and age of each customer, and whether it ever bought."""
    times = np.bincount(past.customer, minlength=past.count)
    bought = times > 0
    last = np.cumsum(times) - 1
    first = last - times + 1
    days = np.append(past.day, 0)
    spot = len(past.day)
    begin = clock.read(past.segment, days[np.where(bought, first, spot)])
    end = clock.read(past.segment, days[np.where(bought, last, spot)])
    now = clock.read(past.segment, np.full(past.count, past.begins[-1] - 1))
    frequency = np.where(bought, times - 1, 0).astype(np.float64)
    recency = np.where(frequency > 0, end - begin, 0.0)
    age = np.where(bought, np.maximum(now - begin, recency), 0.0)
    # Digits that differ by processor would part customers that are alike.
    recency, age = (np.asarray(np.round(time, 6), dtype=np.float64) for time in (recency, age))
    return Purchases(frequency, recency, age), bought
