"""Survival: whether each customer still is one, and whether it will be one a year from now.

Where customers give notice (the setting ``relationship`` is *contract*) it is read from who left after how long
(:mod:`xlprofit.outlook.contracts`), else from the days on which they bought (:mod:`xlprofit.outlook.btyd`), fitted to
all customers and to each segment with enough of them. Where neither says anything the chance to stay another year is
:data:`xlprofit.analysis.lifetime.USUAL_RETENTION`, which is assumed and said to be. The setting ``retention`` goes
before both; who still is a customer is read from the figures all the same. Whose end lies ahead has given notice, and
is a customer until then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xlprofit.analysis.lifetime import DAYS_OF_YEAR, USUAL_RETENTION
from xlprofit.outlook import btyd, contracts
from xlprofit.outlook.past import WEEKS_OF_YEAR, set_clock, summarise_purchases

if TYPE_CHECKING:
    from xlprofit.outlook.btyd import Habits, Purchases
    from xlprofit.outlook.past import Clock, Past

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

FEWEST_CUSTOMERS, FEWEST_REPEATERS = 30, 20
"""Customers that bought, and that bought again, below which nothing is fitted."""

FEWEST_OF_SEGMENT, FEWEST_REPEATERS_OF_SEGMENT = 50, 25
"""The same of a segment, below which it has what all customers have."""

SHORTEST = 0.5
"""Years below which nobody can tell who left from who has not bought yet."""

DIGITS = 9
"""Digits behind the point that chances and counts are kept with: those after them differ between processors."""


class RetentionSource(Enum):
    """Where the chance to stay another year comes from."""

    PURCHASES = "purchases"
    CONTRACTS = "contracts"
    SETTINGS = "settings"
    ASSUMED = "assumed"


@dataclass(frozen=True)
class Survival:
    """What is to be expected of each customer's staying.

    Attributes:
        source: where ``retention`` comes from.
        active: the chance that it is a customer now; blank where nobody knows.
        retention: the chance that, being one now, it is one a year later.
        stays: the share of the time ahead in which it is one, being one now, on average.
        until: the share of the time ahead after which it ends for certain, having given notice; 1 where it has not.
        purchases: days with a purchase to expect in the time ahead; ``None`` where nothing was fitted to purchases.
    """

    source: RetentionSource
    active: Floats
    retention: Floats
    stays: Floats
    until: Floats
    purchases: Floats | None = None

    @property
    def is_stated(self) -> bool:
        """Whether Settings say who stays: no forecast may then do as if all did."""
        return self.source is RetentionSource.SETTINGS

    def choose(self, rows: Integers) -> Survival:
        """Return that of some customers, by place."""
        purchases = None if self.purchases is None else self.purchases[rows]
        own = (self.active[rows], self.retention[rows], self.stays[rows], self.until[rows])
        return Survival(self.source, *own, purchases)


def read_survival(past: Past, ahead: int, stated: float | None = None) -> Survival:
    """Return the survival of each customer.

    Args:
        past: what is known.
        ahead: periods to look ahead over.
        stated: the chance to stay another year where Settings give one.
    """
    found = _read_contracts(past, ahead) if past.contract else _read_purchases(past, ahead)
    if found is None:
        unknown = np.full(past.count, np.nan)
        found = Survival(RetentionSource.ASSUMED, unknown, unknown, unknown, np.ones(past.count))
        found = _keep_rate(found, past, USUAL_RETENTION, ahead)
    if stated is not None:
        found = _keep_rate(replace(found, source=RetentionSource.SETTINGS), past, stated, ahead)
    gone = np.isfinite(past.ended) & (past.ended < past.begins[-1])
    until, leaves = _find_notice(past, ahead), past.ended - past.begins[-1] < DAYS_OF_YEAR
    told = np.isfinite(past.ended) & ~gone
    bought = found.purchases
    purchases = None if bought is None else _round_figures(np.where(gone, 0.0, bought * until))
    return Survival(
        found.source,
        _round_figures(np.where(gone, 0.0, found.active)),
        _round_figures(np.where(told & leaves, 0.0, found.retention)),
        _round_figures(np.where(until < 1.0, until, found.stays)),
        _round_figures(until),
        purchases,
    )


def _find_notice(past: Past, ahead: int) -> Floats:
    """Return the share of the time ahead after which each ends that has given notice; 1 for the others."""
    days = past.ended - past.begins[-1]
    share = days / (ahead / past.a_year * DAYS_OF_YEAR)
    return np.where(days >= 0, np.clip(share, 0.0, 1.0), 1.0)


def _round_figures(figures: Floats) -> Floats:
    return np.asarray(np.round(figures, DIGITS), dtype=np.float64)


def _keep_rate(found: Survival, past: Past, rate: float, ahead: int) -> Survival:
    """Return a survival with the same chance to stay for everybody."""
    years = ahead / past.a_year
    stays = _average_course([rate ** (years * part) for part in (0.0, 0.5, 1.0)])
    count = past.count
    return replace(found, retention=np.full(count, rate), stays=np.full(count, stays))


def _average_course(course: list[float] | list[Floats]) -> Floats:
    """Return the mean of a course from its beginning, middle and end (Simpson's rule)."""
    begin, middle, end = course
    return np.asarray((begin + 4.0 * middle + end) / 6.0)


def _read_contracts(past: Past, ahead: int) -> Survival | None:
    """Return the survival of customers that give notice; ``None`` where nobody is known to have left."""
    tenures, known = _list_tenures(past)
    if known.sum() < FEWEST_CUSTOMERS or not tenures.left.any():
        return None
    most = max(ahead, past.a_year)
    count = int(past.segment.max()) + 1
    hazards = contracts.find_hazards(tenures, past.segment[known], most, count)
    length = np.zeros(past.count, dtype=np.int64)
    length[known] = tenures.length
    course = contracts.find_staying(hazards, past.segment, length, most)
    over = course[:, : ahead + 1]
    stays = ((over[:, :-1] + over[:, 1:]) / 2).cumsum(axis=1)[:, -1] / max(ahead, 1)
    there = np.ones(past.count)
    return Survival(RetentionSource.CONTRACTS, there, course[:, past.a_year], stays, there)


def _list_tenures(past: Past) -> tuple[contracts.Tenures, npt.NDArray[np.bool_]]:
    """Return the tenures of those whose beginning is known, in whole periods, and who they are.

    Where nobody's end lies before the span, those who left before it are not in the table: then customers count from
    the first day of the span on.
    """
    now, length = float(past.begins[-1]), DAYS_OF_YEAR / past.a_year
    known = np.isfinite(past.since) & (past.since < now)
    since = past.since[known]
    end = np.where(np.isfinite(past.ended[known]), past.ended[known], np.inf)
    left = end < now
    tenure = np.floor((np.minimum(end, now) - since) / length + 1e-6)
    late = 0.0 if (end < 0).any() else np.maximum(np.ceil(-since / length - 1e-6), 0.0)
    entry = np.minimum(np.broadcast_to(late, tenure.shape), np.maximum(tenure, 0))
    return (
        contracts.Tenures(entry.astype(np.int64), np.maximum(tenure, 0).astype(np.int64), left),
        known,
    )


def _read_purchases(past: Past, ahead: int) -> Survival | None:
    """Return the survival read from purchases; ``None`` where there are too few of them, or too short a time."""
    if not past.width or past.width < SHORTEST * past.a_year:
        return None
    clock = set_clock(past, max(ahead, past.a_year))
    given, bought = summarise_purchases(past, clock)
    repeats = given.frequency > 0
    if bought.sum() < FEWEST_CUSTOMERS or repeats.sum() < FEWEST_REPEATERS:
        return None
    every = btyd.fit_habits(given.choose(bought))
    active, retention = np.full(past.count, np.nan), np.full(past.count, np.nan)
    stays, purchases = retention.copy(), np.zeros(past.count)
    for place in np.unique(past.segment).tolist():
        some = np.flatnonzero(bought & (past.segment == place))
        enough = len(some) >= FEWEST_OF_SEGMENT and repeats[some].sum() >= FEWEST_REPEATERS_OF_SEGMENT
        habits = btyd.fit_habits(given.choose(some), prior=every) if enough else every
        weeks = _measure_ahead(past, clock, place, ahead)
        of_segment = _expect_rows(given.choose(some), habits, weeks)
        active[some], retention[some], stays[some], purchases[some] = of_segment
    most = _bound_retention(given)
    # Who never bought is as new as a customer can be.
    retention = np.where(bought, np.minimum(retention, most), min(USUAL_RETENTION, most))
    stays = np.where(bought, stays, _average_course([1.0, np.sqrt(retention), retention]))
    return Survival(RetentionSource.PURCHASES, active, retention, stays, np.ones(past.count), purchases)


def _measure_ahead(past: Past, clock: Clock, segment: int, ahead: int) -> float:
    """Return how many weeks of the segment's clock the periods ahead are."""
    last = past.begins[-1] - 1
    days = round(float(np.diff(past.begins).mean()) * ahead)
    at = np.array([segment, segment])
    begin, end = clock.read(at, np.array([last, last + days]))
    return float(round(end - begin, 6))


def _bound_retention(given: Purchases) -> float:
    """Return the highest chance to stay that so much experience can bear out: *(e + 1) / (e + 2)* after *e* years.

    Laplace's rule of succession (*Essai philosophique sur les probabilités*, 1814): nobody stays for certain.
    """
    years = float(given.age.sum()) / WEEKS_OF_YEAR
    return round((years + 1.0) / (years + 2.0), DIGITS)


def _expect_rows(given: Purchases, habits: Habits, weeks: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Return chance active, chance to stay a year, share of the time ahead and purchases in it, each row's own.

    Customers with the same figures are worked out once.
    """
    rows, place = np.unique(
        np.column_stack([given.frequency, given.recency, given.age]), axis=0, return_inverse=True
    )
    one = btyd.Purchases(*rows.T)
    active = btyd.find_chance_active(one, habits)
    retention = btyd.find_survival(one, habits, WEEKS_OF_YEAR)
    half, whole = (btyd.find_survival(one, habits, weeks * part) for part in (0.5, 1.0))
    stays = _average_course([np.ones(len(rows)), half, whole])
    purchases = btyd.expect_purchases(one, habits, weeks)
    place = place.ravel()
    return active[place], retention[place], stays[place], purchases[place]
