"""Regret: what a verdict costs a year where it turns out wrong, beside the best that could have been done.

Source: L. J. Savage, "The Theory of Statistical Decision", Journal of the American Statistical Association 1951.

What is best is what the rules of :mod:`xlprofit.analysis.decisions` say of what turned out. With *keep* what keeping is
worth a year beyond ending (below 0: ending is better) and *loss* what the customer loses a year:

- It earns: *keep* is best and worth *keep*. *Fix* costs what it earns, the most that a lever it did not need can cost.
- It loses what the levers can bring: *fix* is best and worth *keep + loss*. *Keep* costs the loss.
- It loses more: the best is worth max(keep, 0). *Fix*, the levers pulled as far as they go, is as good as *keep* where
  that is above 0, and else worth *keep + what the levers bring*.
- *End* is worth 0.

What is to be collected must be, whatever it earns: another verdict there, or collecting where there is no case for
it, is wrong at any cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xlprofit.analysis import collecting, confidence, hinges, levers, run_rate, stakes
from xlprofit.analysis.keeping import Expectation
from xlprofit.analysis.products import multiply
from xlprofit.vocabulary.verdicts import Verdict

if TYPE_CHECKING:
    from xlprofit.tables import Settings

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

VERDICTS = tuple(map(str, (Verdict.KEEP, Verdict.FIX, Verdict.COLLECT, Verdict.INVESTIGATE, Verdict.END)))
"""What can be advised."""

KEEP, FIX, COLLECT, INVESTIGATE, END = range(5)

NOISE = 1e-9
"""A loss smaller than this share of the amounts that it is the sum of is rounding, not a loss."""


@dataclass(frozen=True)
class Case:
    """What verdicts are drawn from, customer by customer, in money a year.

    ``size`` is the sum of the customer's amounts without their signs over the span, ``room`` what the best levers bring
    at their limits, ``referral`` the referral value (not below 0), ``limit`` what a wrong verdict may cost a year and
    is still slight, ``ahead`` what is to be expected of each.
    """

    stakes: stakes.Stakes
    rate: run_rate.RunRate
    owed: collecting.Owed
    material: Flags
    size: Numbers
    room: Numbers
    referral: Numbers
    limit: float
    settings: Settings
    ahead: Expectation


def build_measure(case: Case, leaning: confidence.Verdicts) -> confidence.Measure:
    """Return what tells what the leanings of some of the customers cost in each run: money a year, 0 where right."""
    stake, settings, whole = case.stakes, case.settings, case.stakes.whole
    spread, noise = hinges.deviate(case.rate), NOISE * case.size
    # What goes less what is freed, by what prices it: what is known of it, and what hangs on an unknown share.
    freed = (stake.effort - stake.goes) * whole * stake.useful
    known, perhaps = stake.goes * whole + freed, stake.perhaps * whole * (1.0 - stake.useful)
    earned, going = stake.volume + stake.direct, stake.volume + stake.direct_goes + case.referral
    # With no cost below nothing, and no step that was in part idle, who earns is never better ended.
    odd = (stake.effort > 0).any(axis=1) | (stake.direct > 0) | (stake.direct_perhaps > 0)
    odd |= (whole > 1.0).any(axis=1) | (leaning == END)

    def measure_cost(rows: Places, runs: confidence.Runs) -> Numbers:
        own = spread[rows, None] * runs.own
        own += case.rate.heading[rows, None]
        earns = multiply(stake.effort[rows], runs.rates)
        earns += own
        earns += earned[rows, None]
        loses = earns < -noise[rows, None]
        fixable = loses & (earns >= -levers.ROUNDING * case.room[rows, None])
        leans = leaning[rows, None]
        cost = np.where(leans == np.where(loses, FIX, KEEP), 0.0, np.abs(earns))
        ask = np.flatnonzero((loses & ~fixable).any(axis=1) | odd[rows])
        if len(ask):
            some = rows[ask]
            goes = own[ask] + going[some, None] + multiply(known[some], runs.rates)
            goes += multiply(perhaps[some], runs.rates * runs.unknown)
            goes += stake.direct_perhaps[some, None] * runs.direct
            annuity = case.ahead.draw_annuity(settings, some, runs.retention)
            worth = annuity * goes + settings.exit_cost
            keeping = np.where(worth < -noise[some, None], worth, np.maximum(worth, 0.0))
            # Where nothing is looked ahead on, only the cost of an exit is left, and that is not a year's.
            keeping /= np.where(annuity > 0, annuity, 1.0)
            given = (earns[ask], loses[ask], fixable[ask], case.room[some, None])
            cost[ask] = compare_actions(leans[ask], keeping, *given)
        if case.ahead.leaves[rows].any():
            cost[runs.leaving < case.ahead.leaves[rows, None]] = 0.0
        owing = np.flatnonzero(case.material[rows])
        if len(owing):
            collect = case.owed.outweighs(earns[owing], rows[owing])
            other = np.where(leans[owing] == COLLECT, np.inf, cost[owing])
            cost[owing] = np.where(collect, np.where(leans[owing] == COLLECT, 0.0, np.inf), other)
        return cost

    return measure_cost


def compare_actions(
    leans: npt.NDArray[np.int8], keeping: Numbers, earns: Numbers, loses: Flags, fixable: Flags, room: Numbers
) -> Numbers:
    """Return what *keep*, *fix* or *end* costs beside the best, a year; not below 0.

    Args:
        leans: what is done.
        keeping: what keeping is worth beyond ending.
        earns: what the customer earns, below 0 what it loses.
        loses: where that is a loss, beyond a rounding.
        fixable: where the levers bring as much as is lost.
        room: what the levers bring at their limits.
    """
    best = np.where(fixable, keeping - earns, np.maximum(keeping, 0.0))
    pulled = np.where(loses & ~fixable, np.where(keeping < 0, room, 0.0), -earns)
    got = np.where(leans == KEEP, keeping, np.where(leans == FIX, keeping + pulled, 0.0))
    return np.asarray(np.maximum(best - got, 0.0))
