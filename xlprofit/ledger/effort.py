"""Effort: time equations turned into units of resources used, and those into money.

Source: Kaplan and Anderson, *Time-Driven Activity-Based Costing*, 2007, chapter 2. The units of a
row of the log are *rate of the base term × quantity + Σ rate × driver*. That is linear in the
quantity and the drivers, so rows may be summed by customer, period, activity and product first: the same
functions price a log of a million rows, its sums, and the few rows behind one figure.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger
from xlprofit.ledger.capacity import SUPPLY_READS
from xlprofit.ledger.sums import sum_rows
from xlprofit.tables import DRIVER_TABLES, TABLES, Inputs
from xlprofit.tables.activities import ACTIVITIES
from xlprofit.tables.activity_log import ACTIVITY_LOG

TERMS_READ = (ACTIVITIES.name,)
"""The tables that :func:`list_terms` reads."""

LOG_READ = (ACTIVITY_LOG.name,)
"""The tables that :func:`sum_log` reads."""

READS = (*LOG_READ, *TERMS_READ, *SUPPLY_READS)
"""The tables that decide what activities cost and what stands idle."""

QUANTITY = "quantity"
"""The driver of a base term."""


def list_terms(inputs: Inputs) -> pd.DataFrame:
    """Return the terms of all time equations, in an order that is not that of the sheet.

    Columns: ``activity``, ``group``, ``resource``, ``driver`` (``quantity`` for the base term), ``rate``
    (resource units, or priced units, for each unit of the driver), ``unit_cost`` (money for a unit, blank
    where a resource prices it), ``level``, ``avoidable`` (blank: the resource's) and ``row``.
    """
    table = inputs["Activities"]
    table = table.assign(driver=table["driver"].astype(str).where(table["driver"] != "", QUANTITY))
    order = ["activity", "driver", "resource", "rate", "row"]
    return ledger.sort_rows(table, order).reset_index(drop=True)


def list_drivers(log: pd.DataFrame) -> list[str]:
    """Return the numeric columns of a log that a term may multiply: quantity and the driver columns."""
    known = {c.name for name in DRIVER_TABLES for c in TABLES[name].columns} - {QUANTITY}
    return [c for c in log.columns if c not in known and c not in ("row", "period", *ledger.TRACES)]


def sum_log(inputs: Inputs) -> pd.DataFrame:
    """Return the log added up by customer, period, activity and product: all that the model needs of it.

    ``period`` holds the place of the period in the span. Quantity and drivers are sums.
    """
    log = inputs["ActivityLog"]
    return sum_rows(log, inputs.settings, list_drivers(log), ["activity", *ledger.list_traces(log)])


def list_uses(log: pd.DataFrame, equations: pd.DataFrame) -> pd.DataFrame:
    """Return the units that each row of a log uses by each term of its activity's time equation.

    Args:
        log: rows with ``activity``, ``quantity``, the driver columns and whatever else is to be kept.
        equations: the terms, as :func:`list_terms` gives them.

    Returns:
        The log's rows repeated for each term: ``entry`` (place in the log), ``term`` (place in
        ``equations``), ``driver_units`` (the value of the term's driver) and ``units``, those of 0
        left out.
    """
    values = [c for c in list_drivers(log) if c in set(equations["driver"])]
    place = {d: i for i, d in enumerate(values)}
    first, count = _find_blocks(equations, pd.Index(log["activity"].cat.categories))
    activity = log["activity"].cat.codes.to_numpy()
    repeats = np.append(count, 0)[activity]
    entry = np.repeat(np.arange(len(log)), repeats)
    step = np.arange(len(entry)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    term = np.append(first, 0)[activity][entry] + step
    matrix = np.column_stack([log[v].to_numpy(dtype=np.float64) for v in values] + [np.zeros(len(log))])
    driver = np.array([place.get(d, len(values)) for d in equations["driver"]], dtype=np.int64)
    driver_units = matrix[entry, driver[term]] if len(entry) else np.zeros(0)
    units = driver_units * equations["rate"].to_numpy()[term]
    some = np.abs(units) > 0
    return pd.DataFrame(
        {"entry": entry[some], "term": term[some], "driver_units": driver_units[some], "units": units[some]}
    )


def _find_blocks(
    equations: pd.DataFrame, activities: pd.Index
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return, for each activity, the place of its first term and how many it has; terms are sorted by it."""
    place = activities.get_indexer(pd.Index(equations["activity"].astype(str)))
    count = np.bincount(place[place >= 0], minlength=len(activities)).astype(np.int64)
    first = np.zeros(len(activities), dtype=np.int64)
    starts, where = np.unique(place, return_index=True)
    first[starts[starts >= 0]] = where[starts >= 0]
    return first, count


def sum_units(
    uses: pd.DataFrame,
    period: npt.NDArray[np.int64],
    equations: pd.DataFrame,
    resources: pd.Index,
    count: int,
) -> npt.NDArray[np.float64]:
    """Return the units used of each resource (rows) in each of ``count`` periods (columns)."""
    resource = _find_resources(equations, resources)[uses["term"].to_numpy()]
    kept = resource >= 0
    flat = resource[kept] * count + period[uses["entry"].to_numpy()[kept]]
    units = np.bincount(flat, weights=uses["units"].to_numpy()[kept], minlength=len(resources) * count)
    return np.asarray(units.reshape(len(resources), count), dtype=np.float64)


def _find_resources(equations: pd.DataFrame, resources: pd.Index) -> npt.NDArray[np.int64]:
    """Return the place of the resource that prices each term, −1 where a unit cost does."""
    place = resources.get_indexer(pd.Index(equations["resource"].astype(str)))
    return np.where(equations["unit_cost"].notna(), -1, place).astype(np.int64)


def find_prices(
    uses: pd.DataFrame,
    period: npt.NDArray[np.int64],
    equations: pd.DataFrame,
    rates: pd.DataFrame,
) -> npt.NDArray[np.float64]:
    """Return the money for a unit of each use, positive: its resource's rate of the period, or the unit cost.

    ``rates`` has a row a resource and a column a period. A resource with no rate charges nothing.
    """
    term = uses["term"].to_numpy()
    resource = _find_resources(equations, rates.index)
    table = np.vstack([np.nan_to_num(rates.to_numpy()), np.zeros(rates.shape[1])])
    priced = table[resource[term], period[uses["entry"].to_numpy()]]
    unit_cost = equations["unit_cost"].to_numpy()[term]
    return np.asarray(np.where(np.isnan(unit_cost), priced, unit_cost), dtype=np.float64)
