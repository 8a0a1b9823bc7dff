"""Short ways to write the tables of a golden case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

DAY = "2024-06-30"
"""The day on which everything in a case without dates happens."""


def table(columns: str, *rows: Sequence[object]) -> pd.DataFrame:
    """Return a table of these columns, named in one string, and rows."""
    return pd.DataFrame(list(rows), columns=columns.split())


def settings(**values: object) -> pd.DataFrame:
    """Return a Settings table; the period is the year where nothing else is said."""
    return pd.DataFrame({"setting": ["period", *values], "value": ["year", *values.values()]})


def log(activities: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Return an ActivityLog from customer → activity → quantity."""
    rows = [(DAY, c, a, q) for c, done in activities.items() for a, q in done.items() if q]
    return table("date customer activity quantity", *rows)
