"""What the sheet *Customer* looks up and no other sheet has: columns of the hidden results sheet, by customer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis.breakdown import ActivityUse, measure_activities, measure_drivers
from xlprofit.formulas import ResultColumn
from xlprofit.formulas.results_sheet import (
    DRIVER_AMOUNT,
    DRIVER_UNITS,
    DRIVERS_KEPT,
    Driver,
    name_driver_column,
)
from xlprofit.sheets.credit_risk import list_ageing_buckets
from xlprofit.tables.activities import ACTIVITIES
from xlprofit.vocabulary.measures import MEASURES

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results
    from xlprofit.sheets.parts import Value

KIND = "fact"
"""The kind of these columns on the results sheet; their group says which block of the sheet they are for."""

PEERS, SHARES, ACTIVITY, CREDIT, TREND, DECISION = "peers", "usual", "activity", "credit", "trend", "decision"
COSTLIEST = 5
"""The activities of a customer that are shown, those that cost most."""

ACTIVITY_FACTS = ("name", "how_many", "usual", "each", "rate", "amount")
"""What is told of each of them: one column each for the costliest, then for the next."""

TREND_FACTS = ("profit_now", "profit_slope", "volume_slope")
DECISION_FACTS = ("effect_of_ending_a_year", "keep_value", "end_value", "confidence", "at_stake")
CREDIT_FACTS = ("open", "overdue", "days_sales_outstanding", "average_days_late")

Fact = tuple[ResultColumn, "list[Value] | npt.NDArray[np.float64]"]
"""A column and its values by customer; of numbers an array, in which a blank is NaN."""


def list_facts(results: Results, posted: pd.DataFrame) -> Iterator[Fact]:
    """Yield the columns with their values, customers in the order of *Customer P&L*.

    Args:
        results: the run.
        posted: the postings of its activity log.
    """
    order = results.whale.index
    yield ResultColumn(KIND, "", PEERS), [str(peer) or None for peer in results.peers.loc[order]]
    shares = results.peer_shares.loc[order]
    for measure in MEASURES:
        yield ResultColumn(KIND, measure, SHARES), shares[measure].to_numpy(np.float64)
    yield from _list_activity_facts(results, posted, order)
    buckets = tuple(list_ageing_buckets(results))
    for group, frame, columns in (
        (CREDIT, results.credit, (*buckets, *CREDIT_FACTS)),
        (TREND, results.trends, TREND_FACTS),
        (DECISION, results.decisions, DECISION_FACTS),
    ):
        facts = frame[list(columns)].loc[order]
        for name in columns:
            yield ResultColumn(KIND, name, group), facts[name].to_numpy(np.float64)


def list_drivers_used(results: Results, posted: pd.DataFrame, room: int) -> Iterator[Fact]:
    """Yield what each customer used of each driver, which *Explain* of a formula takes a line apart by.

    Args:
        results: the run.
        posted: the postings of its activity log.
        room: columns that there is room for; with fewer than are needed there are none.
    """
    equations, order = results.basis.equations, results.whale.index
    if 2 * len(equations) + 1 > room:
        return
    used = measure_drivers(results.basis, posted, results.names)
    place = results.names.get_indexer(order)
    sheet = results.inputs.sheets.get(ACTIVITIES.name, ACTIVITIES.name)
    terms = equations[["activity", "driver", "resource", "row", "rate", "group"]].itertuples(index=False)
    yield ResultColumn(DRIVERS_KEPT), [None] * len(order)
    for at, (activity, driver, resource, row, rate, group) in enumerate(terms):
        own = Driver(str(activity), str(driver), str(resource), f"{sheet}!{row}", float(rate))
        counted = used.units[place, at]
        for kind, values in ((DRIVER_UNITS, counted), (DRIVER_AMOUNT, used.amount[place, at])):
            shown = np.where(np.abs(counted) > 0, values, np.nan)
            yield ResultColumn(kind, name_driver_column(own), str(group)), shown


def _list_activity_facts(results: Results, posted: pd.DataFrame, order: pd.Index) -> Iterator[Fact]:
    """Yield what the costliest activities of each customer are, and cost: how many × units each × rate = amount."""
    used = measure_activities(results.basis, posted, results.customers, results.peers)
    place = results.names.get_indexer(order)
    for fact in ACTIVITY_FACTS:
        for rank in range(COSTLIEST):
            yield ResultColumn(KIND, f"{fact} {rank + 1}", ACTIVITY), _pick_fact(used, fact, rank, place)


def _pick_fact(
    used: ActivityUse, fact: str, rank: int, place: npt.NDArray[np.int64]
) -> list[Value] | npt.NDArray[np.float64]:
    """Return a fact of the activity that costs the so-manieth most of each customer; blank where there is none."""
    if rank >= len(used.activities):
        return [None] * len(place)
    column = used.order[place, rank]
    costs = used.amount[place, column] < 0
    if fact == "name":
        names = used.activities.to_numpy()
        return [str(names[c]) if some else None for c, some in zip(column, costs, strict=True)]
    matrix: npt.NDArray[np.float64] = getattr(used, fact)
    return np.where(costs, matrix[place, column], np.nan)
