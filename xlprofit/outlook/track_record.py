"""The track record: how wrong each way of forecasting would have been on the last of the workbook's own months.

The last third of the history, at most twelve months, is held out: every method forecasts it from what was known before,
and is scored by what came. The best is used: that whose mean absolute error and error of the mean together are least.
Between the methods that are not simple rules, the combination gives way only to one that is better by more than a
tenth: on one hold-out alone it is seldom the best, and seldom far from it.

Sources: L. J. Tashman, "Out-of-sample tests of forecasting accuracy", International Journal of Forecasting 2000;
R. T. Clemen, "Combining forecasts: A review and annotated bibliography", International Journal of Forecasting 1989.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.outlook.candidates import Candidates, Method, forecast_candidates, stand_still
from xlprofit.outlook.draws import LEVEL, Interval, draw_interval

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

NARROWEST, WIDEST = 0.8, 4.0
"""Bounds of what the ends of an interval are moved by."""

SIMPLE = (Method.AVERAGE, Method.RECENT)
"""The simple rules: where one of them wins it is used."""

GIVES_WAY = 0.10
"""By how much another method must be better than the combination to be taken instead."""

ROUNDING = 1e-9
"""Errors that differ by less than this share are the same."""

FEWEST_TO_TELL = 30
"""Customers from which on it is said that nothing does better than the average."""

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
            that plus the error of the mean, by which they are ranked; ``coverage``, the share of customers whose
            interval held what came (of the one used); ``auc``, how well it tells who buys again (0.5: chance;
            blank where fewer than :data:`FEWEST` do, or do not); ``customers`` and ``periods`` that it is of.
            Empty where there is no record.
        used: the method to forecast with.
        factor: by how much the ends of the intervals are to be moved, learnt from what was held out.
        unscored: one of :data:`UNSCORED` where there is no record, else empty.
        known: the periods of the history.
    """

    table: pd.DataFrame
    used: Method
    factor: float
    unscored: str = ""
    known: int = 0

    @property
    def average_best(self) -> bool:
        """Whether nothing did better than the average, by its mean error either, on enough customers to say so."""
        if self.used is not Method.AVERAGE or self.table["customers"].max() < FEWEST_TO_TELL:
            return False
        error = self.table["mean_error"]
        return bool(error[Method.AVERAGE.value] <= error.min() * (1.0 + ROUNDING))


def keep_record(inputs: Inputs, past: Past, names: pd.Index) -> TrackRecord:
    """Return the track record of what is known, or why there is none."""
    held = min(past.width // 3, past.a_year)
    known = past.width - held
    if known < SHORTEST_KNOWN * past.a_year or held < SHORTEST_HELD_OUT * past.a_year:
        return _keep_none("too short", past)
    return score_methods(inputs, past, names, held)


def _keep_none(why: str, past: Past) -> TrackRecord:
    empty = pd.DataFrame({column: [] for column in COLUMNS}, index=pd.Index([], name="method", dtype=object))
    return TrackRecord(empty, Method.SURVIVAL, 1.0, why, past.width)


def score_methods(inputs: Inputs, past: Past, names: pd.Index, held: int) -> TrackRecord:
    """Return how each method did on the last ``held`` periods."""
    cut = past.width - held
    seen = past.see(cut)
    there = (seen.history.own > 0) & ~(seen.ended < seen.begins[-1])
    if there.sum() < FEWEST:
        return _keep_none("too few", past)
    found = forecast_candidates(inputs, seen, names, stand_still(past.count), held)
    actual = past.profit[:, cut:].cumsum(axis=1)[:, -1]
    came = np.zeros(past.count, dtype=bool)
    came[past.customer[past.day >= past.begins[cut]]] = True
    rows = [_score_method(name, found, actual, came, there) for name in found.forecast]
    table = pd.DataFrame(rows, index=pd.Index([name.value for name in found.forecast], name="method"))
    score = dict(zip(found.forecast, table["score"].to_numpy(dtype=np.float64).tolist(), strict=True))
    best = choose_method(score)
    factor, coverage = _learn_width(inputs, seen, found, actual, there, (best, held))
    table["used"] = table.index == best.value
    table["coverage"] = np.where(table["used"], coverage, np.nan)
    table["customers"], table["periods"] = int(there.sum()), held
    return TrackRecord(table[list(COLUMNS)], best, factor, known=past.width)


def choose_method(score: dict[Method, float]) -> Method:
    """Return the best method by its score; of two that are as good within a rounding the simpler.

    >>> choose_method({Method.AVERAGE: 9.0, Method.SURVIVAL: 8.0, Method.LEVELLED: 8.5})
    <Method.LEVELLED: "purchases at today's level">
    >>> choose_method({Method.AVERAGE: 8.0, Method.LEVELLED: 8.5})
    <Method.AVERAGE: 'average'>
    """
    best = min(score, key=lambda name: float(f"{score[name]:.9g}"))
    if best in SIMPLE or Method.LEVELLED not in score:
        return best
    return Method.LEVELLED if score[Method.LEVELLED] <= (1.0 + GIVES_WAY) * score[best] else best


def _score_method(
    name: Method, found: Candidates, actual: Floats, came: Flags, there: Flags
) -> dict[str, float]:
    """Return the figures of one method."""
    said, truth = found.forecast[name][there], actual[there]
    expected, whole = math.fsum(said), math.fsum(truth)
    error = math.fsum(np.abs(said - truth)) / len(truth)
    purchases = found.survival.purchases
    by_purchases = name in (Method.PURCHASES, Method.LEVELLED) and purchases is not None
    rank_by = purchases[there] if by_purchases and purchases is not None else said
    enough = min(int(came[there].sum()), int((~came[there]).sum()))
    return {
        "expected": expected,
        "actual": whole,
        "bias": expected / whole - 1.0 if whole > 0 else math.nan,
        "mean_error": error,
        "score": error + abs(expected - whole) / len(truth),
        "auc": measure_auc(rank_by, came[there]) if enough >= FEWEST else math.nan,
    }


def measure_auc(score: Floats, hit: Flags) -> float:
    """Return how often one that was hit scores above one that was not; of equal scores half. Blank without both.

    Source: J. A. Hanley and B. J. McNeil, "The meaning and use of the area under a ROC curve", Radiology 1982.

    >>> measure_auc(np.array([3.0, 1.0, 2.0]), np.array([True, False, False]))
    1.0
    """
    yes = int(hit.sum())
    no = len(hit) - yes
    if not yes or not no:
        return math.nan
    ranks = pd.Series(np.round(score, 6)).rank(method="average").to_numpy()
    return float((ranks[hit].sum() - yes * (yes + 1) / 2) / (yes * no))


def _learn_width(
    inputs: Inputs,
    seen: Past,
    found: Candidates,
    actual: Floats,
    there: Flags,
    used: tuple[Method, int],
) -> tuple[float, float]:
    """Return by how much the ends of intervals are to be moved, and how often intervals so moved held what came.

    The factor that a customer would need is how far what came lies from the forecast, by the end on that side. Each
    half of the customers is held against the factor learnt from the other half, so that nobody is its own judge.
    """
    method, held = used
    some = np.flatnonzero(there)
    some = some[:: max(1, -(-len(some) // MOST_CUSTOMERS))]
    part = seen.choose(some)
    chosen = found.choose(some)
    interval = draw_interval(part, chosen, chosen.forecast[method], held, int(inputs.settings.seed))
    needed = find_needed_moves(interval, actual[some])
    half = np.arange(len(some)) % 2 == 0
    held_in = 0
    for one in (half, ~half):
        moved = interval.widen(_choose_factor(needed[~one]))
        held_in += int((moved.holds(actual[some]) & one).sum())
    return _choose_factor(needed), held_in / len(some)


def find_needed_moves(interval: Interval, truth: Floats) -> Floats:
    """Return by how much the ends of each interval must be moved for it to hold just what came.

    >>> find_needed_moves(Interval(np.array([10.0]), np.array([8.0]), np.array([14.0])), np.array([16.0])).tolist()
    [1.5]
    """
    away = truth - interval.expected
    room = np.where(away >= 0, interval.high - interval.expected, interval.expected - interval.low)
    size = 1e-9 * (np.abs(truth) + np.abs(interval.expected))
    away = np.abs(away)
    wide = np.divide(away, room, out=np.full(len(away), np.inf), where=room > size)
    return np.where(away <= size, 0.0, wide)


def _choose_factor(needed: Floats) -> float:
    """Return the factor with which :data:`LEVEL` of the intervals hold, drawn towards 1 where few say so."""
    if not len(needed):
        return 1.0
    ordered = np.sort(needed)
    found = float(ordered[min(math.ceil(LEVEL * (len(ordered) + 1)), len(ordered)) - 1])
    found = min(max(found, NARROWEST), WIDEST)
    return round((len(needed) * found + ON_PRIOR) / (len(needed) + ON_PRIOR), 6)
