"""Versions and periods of one run: what a plan's rows come to, and which two sides a workbook compares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xlprofit.comparison.bridge import Comparison, compare
from xlprofit.comparison.side import Side, slice_periods
from xlprofit.folding import fold_name
from xlprofit.ledger.periods import SHARE_OF_YEAR, find_whole_periods, place_dates
from xlprofit.tables.comparisons import PREVIOUS_PERIOD, PREVIOUS_YEAR, find_comparison

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results
    from xlprofit.tables import Inputs

Compute = Callable[["Inputs"], "Results"]
"""Returns the results of input tables."""


@dataclass(frozen=True)
class ChosenComparison:
    """What a workbook compares.

    Attributes:
        kind: ``previous year``, ``previous period``, ``plan`` or ``scenario``.
        name: of the plan or the scenario; else empty.
        comparison: the two sides, and what changed.
    """

    kind: str
    name: str
    comparison: Comparison


def compute_plans(results: Results, compute: Compute) -> Mapping[str, Results]:
    """Return the results of each plan by its name: its own rows in the place of the actual ones it has any for."""
    inputs = results.inputs
    return {name: compute(inputs.assume(frames)) for name, frames in inputs.versions.items()}


def choose_change(results: Results) -> ChosenComparison | None:
    """Return what the setting ``compare`` asks for; ``None`` where it asks for nothing, or for what is not there.

    A plan is compared on the periods in which there are actual sales. A workbook with a plan and without the setting
    compares its first plan.
    """
    asked = results.inputs.settings.compare or next(iter(results.plans), "")
    kind = find_comparison(asked)
    if kind is not None:
        return _compare_periods(results, kind)
    for name, plan in results.plans.items():
        if fold_name(name) == fold_name(asked):
            return ChosenComparison("plan", name, compare_plan(results, plan, name))
    for name, other in results.scenarios.items():
        if fold_name(name) == fold_name(asked):
            return ChosenComparison("scenario", name, compare(results, Side(other, None, name)))
    return None


def compare_plan(results: Results, plan: Results, name: str) -> Comparison:
    """Return what came about beside a plan: *before* is the plan, in the periods that have actual sales."""
    places = np.unique(place_dates(results.inputs["Sales"]["date"], results.inputs.settings))
    labels = [str(label) for label in results.periods[places]]
    if len(labels) == len(results.periods):
        return compare(Side(plan, None, name), results)
    return compare(slice_periods(plan, labels, name), slice_periods(results, labels))


def _compare_periods(results: Results, kind: str) -> ChosenComparison | None:
    spans = find_compared_periods(results, kind)
    if spans is None:
        return None
    before, after = (slice_periods(results, span) for span in spans)
    return ChosenComparison(kind, "", compare(before, after))


def find_compared_periods(
    results: Results, kind: str = PREVIOUS_YEAR
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the labels of two spans of periods of the same length, the later one last.

    Args:
        results: the run; periods that its days cut short do not count.
        kind: ``previous year``, the last 12 months and the 12 before or, where there are fewer, the second half and
            the first; or ``previous period``, the last period and the one before.

    Returns:
        The labels; ``None`` where there are no two periods.
    """
    first, end = find_whole_periods(results.inputs.settings)
    labels = [str(label) for label in results.periods[first:end]]
    year = round(1 / SHARE_OF_YEAR[results.inputs.settings.period])
    length = 1 if kind == PREVIOUS_PERIOD else min(year, len(labels) // 2)
    if length < 1 or len(labels) < 2 * length:
        return None
    return tuple(labels[-2 * length : -length]), tuple(labels[-length:])
