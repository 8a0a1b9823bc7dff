"""Frames that every sample makes alike: time equations, rules, totals of the books, and the form of each table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from xlprofit.samples.trade import Activity, Support
from xlprofit.tables import TABLES

Told = Callable[[str], str]
"""Says a word of the sample's own in the language of the workbook."""

BOOKS = {"gross_revenue": "gross_revenue", "discount": "discounts", "returns": "returns", "cogs": "cogs"}
"""Column of Sales → the line of the general ledger that it must tie out with."""


def frame_rows(columns: str, rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    """Return rows as a frame; its columns are named with blanks between."""
    return pd.DataFrame(list(rows), columns=columns.split())


def put_in_form(frames: Mapping[str, pd.DataFrame], drivers: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Return a frame for every table, in the template's order; one that is not given has no rows.

    Each has the table's columns in their order, the drivers behind them where the table has any, and days as dates.
    """
    return {
        name: _put_table_in_form(name, frames.get(name, pd.DataFrame()), list(drivers)) for name in TABLES
    }


def _put_table_in_form(name: str, frame: pd.DataFrame, drivers: list[str]) -> pd.DataFrame:
    table = TABLES[name]
    columns = [c.name for c in table.columns] + (drivers if table.drivers else [])
    frame = frame.reindex(columns=columns).reset_index(drop=True)
    return frame.astype(dict.fromkeys(table.dates, "datetime64[ns]"))


def frame_allocations(support: Iterable[Support], told: Told) -> pd.DataFrame:
    """Return the table Allocations: who passes how much of its cost to whom."""
    return frame_rows(
        "from to share", ((told(s.name), told(to), share) for s in support for to, share in s.to.items())
    )


def frame_time_equations(activities: Iterable[Activity], told: Told, tell_group: Told) -> pd.DataFrame:
    """Return the table Activities: a row for each term of each time equation."""
    rows = (
        (
            told(a.name),
            tell_group(a.group),
            told(t.resource) or None,
            told(t.driver) or None,
            t.rate,
            a.unit_cost,
            a.level,
            a.avoidable,
        )
        for a in activities
        for t in a.terms
    )
    return frame_rows("activity group resource driver rate unit_cost level avoidable", rows)


def list_control_totals(
    sold: pd.DataFrame, resources: pd.DataFrame, add_up: Callable[[pd.Series], float]
) -> list[tuple[str, float]]:
    """Return what the general ledger says of sales and resources over the whole span: line and amount."""
    totals = [(line, add_up(sold[column])) for column, line in BOOKS.items()]
    costs = resources.groupby("resource", sort=False)["cost"]
    return [*totals, *((str(name), add_up(cost)) for name, cost in costs)]
