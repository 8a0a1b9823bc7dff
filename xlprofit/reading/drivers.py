"""Drivers: which columns of a log a term of an activity may multiply, and what the base term is called."""

from __future__ import annotations

from xlprofit.headings import header_keys
from xlprofit.tables import DRIVER_TABLES, TABLES

BASE = "quantity"
"""The driver of a base term, which may be written or left blank."""

BASES = header_keys("ActivityLog", BASE) | header_keys("ProspectNeeds", BASE)
"""The keys of its names in every language."""

NO_DRIVER = frozenset(
    {key for table in DRIVER_TABLES for c in TABLES[table].columns for key in header_keys(table, c.name)}
    - BASES
    | {"row", "period"}
)
"""Columns of a log that no term can multiply, and headers that the frames need for themselves."""
