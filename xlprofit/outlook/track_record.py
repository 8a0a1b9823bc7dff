"""The track record: how wrong each way of forecasting would have been on the last of the workbook's own months.

The last third of the history, at most twelve months, is held out: every method forecasts it from what was known before,
and is scored by what came. The best is used: that whose mean absolute error and error of the mean together are least.
Between the methods that are not simple rules, the combination gives way only to one that is better by more than a tenth
and was no further off in all: on one hold-out alone it is seldom the best, and seldom far from it; and only if half a
year was held out, since what came of a few months says little of who buys a few times a year. Where nothing could be
held out it is used. What it expects of all is shared out by purchases alone where that was better by more than a tenth:
where it is chance who leaves much in a year, what each left before says nothing of it.

Where customers give notice errors are squared: each of them stays or leaves, and the mean absolute error of that is
least for who expects nobody to leave, however many do. If nobody was known to have left before what was held out, it is
no judge of a forecast that knows who leaves: then run rate and survival is used.

How wide the intervals are is learnt from the same hold-out (V. Vovk, A. Gammerman and G. Shafer, *Algorithmic Learning
in a Random World*, 2005; V. Chernozhukov, K. Wüthrich and Y. Zhu, "Distributional conformal prediction", PNAS 2021):
as wide as four of five customers needed, by the ruler of the draws.

Sources: L. J. Tashman, "Out-of-sample tests of forecasting accuracy", International Journal of Forecasting 2000;
R. T. Clemen, "Combining forecasts: A review and annotated bibliography", International Journal of Forecasting 1989.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.outlook.candidates import RUN_RATE_PART, Candidates, Method, forecast_candidates
from xlprofit.outlook.draws import LEVEL, Forecast, Interval, draw_intervals
from xlprofit.outlook.movement import read_movement
from xlprofit.outlook.survival import RetentionSource

if TYPE_CHECKING:
    from xlprofit.outlook.past import Past
    from xlprofit.tables import Inputs

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SHORTEST_KNOWN, SHORTEST_HELD_OUT = 0.5, 0.25
"""Years that must be known before what is held out, and that must be held out."""

FEWEST = 10
"""Customers below which a record says nothing."""

MOST_CUSTOMERS = 20_000
"""Customers from whose forecasts the width of the intervals is learnt; more would say the same."""

ON_PRIOR = 20.0
"""As many customers as an interval as wide as its draws counts for beside those that were held out."""

WIDEST = 4.0
"""The most that the ends of an interval are moved by."""

NARROWER = (0.8, 0.85, 0.9, 0.95, 1.0)
"""The shares of :data:`LEVEL` of its draws that an interval may hold where that is enough."""

SIMPLE = (Method.AVERAGE, Method.RECENT)
"""The simple rules: where one of them wins it is used."""

GIVES_WAY = 0.10
"""By how much another method must be better than the combination to be taken instead."""

FAR_BETTER = 2.0
"""How many times as well it must have done where less than :data:`LONG` was held out."""

LONG = 0.5
"""Years that must be held out for another method than a simple rule to be taken instead of the combination.

As many are needed for values over years to rest on the forecast.
"""

ROUNDING = 1e-9
"""Errors that differ by less than this share are the same."""

FEWEST_TO_TELL = 30
"""Customers from which on it is said that nothing does better than the average, and values rest on the forecast."""

COLUMNS = (
    "used",
    "expected",
    "actual",
    "bias",
    "mean_error",
    "score",
    "coverage",
    "auc",
    "customers",
    "periods",
)
"""The columns of :attr:`TrackRecord.table`."""

UNSCORED = ("too short", "too few")
"""Why there is no record: the history is too short, or there are too few customers."""


@dataclass(frozen=True)
class TrackRecord:
    """How each method did on what was held out.

    Attributes:
        table: a row a method (its code), columns :data:`COLUMNS`: whether it is ``used``; what it ``expected`` and what
            was ``actual``, money over what was held out, of all customers; ``bias`` = expected / actual − 1 (blank
            where nothing above 0 came); ``mean_error``, the mean absolute error of a customer, money; ``score``,
            that plus the error of the mean, by which they are ranked (the root of the mean squared error plus the error
            of the mean where customers give notice); ``coverage``, the share of customers whose
            interval held what came (of the one used); ``auc``, how well it tells who buys again (0.5: chance;
            blank where fewer than :data:`FEWEST` do, or do not); ``customers`` and ``periods`` that it is of.
            Empty where there is no record.
        used: the method to forecast with, where it can say anything.
        factor: how wide intervals are to be, learnt from what was held out: up to 1 that share of :data:`LEVEL` of
            their draws, beyond 1 with ends so many times as far away.
        unscored: one of :data:`UNSCORED` where there is no record, else empty.
        known: the periods of the history.
        missed: by how much all together were missed on what was held out, seasons taken out, of those whose forecast
            is of what was known then too: a share of what was forecast, losses counted as positive, 1 at most; 0
            where there is no record.
        is_long: whether what was held out is long enough, and of enough customers, that values over years may rest on
            it.
        part: how much run rate and survival count beside purchases in who leaves how much.
    """

    table: pd.DataFrame
    used: Method
    factor: float
    unscored: str = ""
    known: int = 0
    missed: float = 0.0
    is_long: bool = False
    part: float = RUN_RATE_PART

    @property
    def average_best(self) -> bool:
        """Whether nothing did better than the average, by its mean error either, on enough customers to say so."""
        if self.used is not Method.AVERAGE or self.table["customers"].max() < FEWEST_TO_TELL:
            return False
        error = self.table["mean_error"]
        return bool(error[Method.AVERAGE.value] <= error.min() * (1.0 + ROUNDING))


def keep_record(inputs: Inputs, past: Past, names: pd.Index, ahead: Candidates) -> TrackRecord:
    """Return the track record of what is known, or why there is none; ``ahead`` as :func:`score_methods` has it."""
    held = min(past.width // 3, past.a_year)
    known = past.width - held
    if known < SHORTEST_KNOWN * past.a_year or held < SHORTEST_HELD_OUT * past.a_year:
        return _keep_none("too short", past)
    return score_methods(inputs, past, names, held, ahead)


def _keep_none(why: str, past: Past) -> TrackRecord:
    empty = pd.DataFrame({column: [] for column in COLUMNS}, index=pd.Index([], name="method", dtype=object))
    return TrackRecord(empty, Method.LEVELLED, 1.0, why, past.width)


def score_methods(
    inputs: Inputs, past: Past, names: pd.Index, held: int, ahead: Candidates | None = None
) -> TrackRecord:
    """Return how each method did on the last ``held`` periods.

    Args:
        inputs: the tables and settings.
        past: what is known, what is held out included.
        names: the customers.
        held: the periods to hold out.
        ahead: the forecast that the record is kept for. Its variance of the change from one year to the next is that
            of the intervals held out too, so that these are measured by the same rule; and the method is one that can
            say something ahead. Without it both are as what was known has them.
    """
    cut = past.width - held
    seen = past.see(cut)
    there = (seen.history.own > 0) & ~(seen.ended < seen.begins[-1])
    if there.sum() < FEWEST:
        return _keep_none("too few", past)
    # Where segments were going was known then too, where there were two years.
    movement = read_movement(seen, np.zeros(past.count, dtype=np.int64))
    found = forecast_candidates(inputs, seen, names, movement, held)
    actual = past.profit[:, cut:].cumsum(axis=1)[:, -1]
    part = _choose_part(found, actual, there) if held >= LONG * past.a_year else RUN_RATE_PART
    found = found.share_level(part)
    came = np.zeros(past.count, dtype=bool)
    came[past.customer[past.day >= past.begins[cut]]] = True
    rows = [_score_method(name, found, actual, came, there, squared=past.contract) for name in found.forecast]
    table = pd.DataFrame(rows, index=pd.Index([name.value for name in found.forecast], name="method"))
    if ahead is not None:
        found = replace(found, change=ahead.change)
    of_the_year = _free_of_season(inputs, past, names, found, held, part)
    able = set(of_the_year[1].forecast) & set((ahead or found).forecast)
    best = _choose_used(table, able, held < LONG * past.a_year)
    if ahead is not None and (ahead.survival.is_stated or _has_learnt_leaving(found, ahead)):
        best = Method.SURVIVAL
    factor, coverage = _learn_width(*of_the_year, there, (best, held))
    # Who moves has begun to since, and is forecast by that.
    still = there & ~(ahead or found).movement.moves
    missed = _measure_missed(of_the_year[1].forecast[best][still], of_the_year[2][still])
    table["used"] = table.index == best.value
    table["coverage"] = np.where(table["used"], coverage, np.nan)
    table["customers"], table["periods"] = int(there.sum()), held
    enough = held >= LONG * past.a_year and int(there.sum()) >= FEWEST_TO_TELL
    return TrackRecord(
        table[list(COLUMNS)], best, factor, known=past.width, missed=missed, is_long=enough, part=part
    )


def _choose_part(found: Candidates, actual: Floats, there: Flags) -> float:
    """Return how much run rate and survival count in who leaves how much: nothing where that was a tenth better."""
    errors = [
        math.fsum(np.abs(found.share_level(part).forecast[Method.LEVELLED] - actual)[there])
        for part in (RUN_RATE_PART, 0.0)
        if Method.LEVELLED in found.forecast
    ]
    return 0.0 if errors and errors[0] > (1.0 + GIVES_WAY) * errors[1] else RUN_RATE_PART


def _measure_missed(forecast: Floats, came: Floats) -> float:
    """Return by which share of what was forecast, losses counted as positive, all together were missed.

    It is all of it at most: one sale beyond all others may be many times what was forecast, and says no more than that.
    """
    size = math.fsum(np.abs(forecast))
    return min(abs(math.fsum(forecast - came)) / size, 1.0) if size > 0 else 0.0


def _has_learnt_leaving(then: Candidates, now: Candidates) -> bool:
    """Return whether who leaves is read from contracts now, and could not be read from what was known then."""
    return (
        now.survival.source is RetentionSource.CONTRACTS and then.survival.source is RetentionSource.ASSUMED
    )


def _choose_used(table: pd.DataFrame, able: set[Method], waits: bool) -> Method:
    """Return the best of the methods that are able to forecast, by the table of their figures."""
    score, expected, actual = (
        table[column].to_numpy(dtype=np.float64).tolist() for column in ("score", "expected", "actual")
    )
    places = [(place, Method(code)) for place, code in enumerate(table.index) if Method(code) in able]
    return choose_method(
        {name: score[place] for place, name in places},
        {name: abs(expected[place] - actual[place]) for place, name in places},
        waits=waits,
    )


def choose_method(
    score: dict[Method, float], missed: dict[Method, float] | None = None, *, waits: bool = False
) -> Method:
    """Return the best method by its score; of two that are as good within a rounding the simpler.

    ``missed`` is by how much each was off in all, money: the combination gives way to nothing that was further off
    but a simple rule. ``waits`` says that too little was held out: it gives way to a simple rule, or to what is
    :data:`FAR_BETTER`, only.

    >>> choose_method({Method.AVERAGE: 9.0, Method.SURVIVAL: 8.0, Method.LEVELLED: 8.5})
    <Method.LEVELLED: "purchases at today's level">
    >>> choose_method({Method.AVERAGE: 8.0, Method.LEVELLED: 8.5})
    <Method.AVERAGE: 'average'>
    """
    best = min(score, key=lambda name: float(f"{score[name]:.9g}"))
    if best in SIMPLE or Method.LEVELLED not in score:
        return best
    bar = FAR_BETTER if waits else 1.0 + GIVES_WAY
    stays = score[Method.LEVELLED] <= bar * score[best]
    return Method.LEVELLED if stays or (missed and missed[best] > missed[Method.LEVELLED]) else best


def _score_method(
    name: Method, found: Candidates, actual: Floats, came: Flags, there: Flags, *, squared: bool
) -> dict[str, float]:
    """Return the figures of one method; ``squared`` says by which error it is ranked."""
    said, truth = found.forecast[name][there], actual[there]
    expected, whole = math.fsum(said), math.fsum(truth)
    error = math.fsum(np.abs(said - truth)) / len(truth)
    ranked_by = math.sqrt(math.fsum((said - truth) ** 2) / len(truth)) if squared else error
    purchases = found.survival.purchases
    by_purchases = name in (Method.PURCHASES, Method.LEVELLED) and purchases is not None
    rank_by = purchases[there] if by_purchases and purchases is not None else said
    enough = min(int(came[there].sum()), int((~came[there]).sum()))
    return {
        "expected": expected,
        "actual": whole,
        "bias": expected / whole - 1.0 if whole > 0 else math.nan,
        "mean_error": error,
        "score": ranked_by + abs(expected - whole) / len(truth),
        "auc": measure_auc(rank_by, came[there]) if enough >= FEWEST else math.nan,
    }


def measure_auc(score: Floats, hit: Flags) -> float:
    """Return how often one that was hit scores above one that was not; of equal scores half. Blank without both.

    RetentionSource: J. A. Hanley and B. J. McNeil, "The meaning and use of the area under a ROC curve", Radiology 1982.

    >>> measure_auc(np.array([3.0, 1.0, 2.0]), np.array([True, False, False]))
    1.0
    """
    yes = int(hit.sum())
    no = len(hit) - yes
    if not yes or not no:
        return math.nan
    ranks = pd.Series(np.round(score, 6)).rank(method="average").to_numpy()
    return float((ranks[hit].sum() - yes * (yes + 1) / 2) / (yes * no))


def _free_of_season(
    inputs: Inputs, past: Past, names: pd.Index, found: Candidates, held: int, part: float
) -> tuple[Past, Candidates, Floats, int]:
    """Return what was known, what was forecast of the rest and what came, as if each period were of a usual season.

    The forecast is of a year, which has all seasons. Where less than a year is held out, or less than two were known,
    its season would be taken for an error that the year ahead cannot have.
    """
    cut, seed = past.width - held, int(inputs.settings.seed)
    if past.width >= 2 * past.a_year and (held < past.a_year or cut < 2 * past.a_year):
        past = past.unseasoned
        free = forecast_candidates(inputs, past.see(cut), names, found.movement, held, found.survival)
        found = replace(free, change=found.change).share_level(part)
    return past.see(cut), found, past.profit[:, cut:].cumsum(axis=1)[:, -1], seed


def _learn_width(
    seen: Past, found: Candidates, actual: Floats, seed: int, there: Flags, used: tuple[Method, int]
) -> tuple[float, float]:
    """Return how wide intervals are to be, and how often such intervals held what came.

    Each half of the customers is held against the width learnt from the other half, so that nobody is its own judge
    (split conformal prediction).
    """
    method, held = used
    some = np.flatnonzero(there)
    some = some[:: max(1, -(-len(some) // MOST_CUSTOMERS))]
    part, chosen = seen.choose(some), found.choose(some)
    forecast = Forecast(chosen.forecast[method], chosen.rests_on[method], held)
    levels = tuple(LEVEL * share for share in NARROWER)
    needed = find_needed_widths(draw_intervals(part, chosen, forecast, seed, levels), actual[some])
    half = np.arange(len(some)) % 2 == 0
    held_in = sum(int((needed[one] <= choose_factor(needed[~one])).sum()) for one in (half, ~half))
    return choose_factor(needed), held_in / len(some)


def find_needed_widths(intervals: list[Interval], truth: Floats) -> Floats:
    """Return how wide the interval of each must be to hold what came, as :attr:`TrackRecord.factor` counts it.

    Args:
        intervals: those that hold the shares :data:`NARROWER` of :data:`LEVEL`, the narrowest first; or the whole
            alone.
        truth: what came, money.

    >>> whole = Interval(np.array([10.0, 10.0]), np.array([8.0, 8.0]), np.array([14.0, 14.0]))
    >>> find_needed_widths([whole], np.array([16.0, 11.0])).tolist()
    [1.5, 1.0]
    """
    whole = intervals[-1]
    away = truth - whole.expected
    room = np.where(away >= 0, whole.high - whole.expected, whole.expected - whole.low)
    size = 1e-9 * (np.abs(truth) + np.abs(whole.expected))
    away = np.abs(away)
    wide = np.divide(away, room, out=np.full(len(away), np.inf), where=room > size)
    wide = np.where((away <= size) | whole.holds(truth), 1.0, wide)
    for interval, share in zip(reversed(intervals), reversed(NARROWER), strict=False):
        wide = np.where(interval.holds(truth), np.minimum(wide, share), wide)
    return wide


def choose_factor(needed: Floats) -> float:
    """Return the width with which :data:`LEVEL` of the intervals hold, drawn towards 1 where few say so."""
    if not len(needed):
        return 1.0
    ordered = np.sort(needed)
    found = min(float(ordered[min(math.ceil(LEVEL * (len(ordered) + 1)), len(ordered)) - 1]), WIDEST)
    return round((len(needed) * found + ON_PRIOR) / (len(needed) + ON_PRIOR), 6)
