"""Likeness: what the name of a sheet and the number of its rows say of which table it is."""

from __future__ import annotations

from collections.abc import Mapping

from xlprofit.importing.exports.match import Match, split_header_words
from xlprofit.importing.exports.pages import Page
from xlprofit.languages import read_named_words
from xlprofit.tables import header_key

_NAMES = read_named_words("sheet_names")
"""Words in the name of a sheet or of a file that speak for a table."""


def rate_names(table: str, page: Page) -> float:
    """Return how much the names of a sheet and of its file speak for a table."""
    words = {*split_header_words(page.sheet.sheet), *split_header_words(page.sheet.path.stem)}
    own = {table.casefold()} | set(_NAMES.get(table, ()))
    return 1.0 if header_key(page.sheet.sheet) == header_key(table) else 0.5 * bool(words & own)


def rate_rows(table: str, page: Page, have: Mapping[str, Match]) -> float:
    """Return what is left of a score where a list has its key in many rows, or a log each customer once only."""
    if table not in ("Customers", "Prospects") or len(page.cells) == 0:
        return 1.0
    key = page.looks[have["customer" if table == "Customers" else "prospect"].at]
    dated = any(look.date >= 0.5 and look.filled > 0.5 for look in page.looks)
    return 0.3 if key.variety < 0.7 else 0.85 if dated and key.variety < 0.98 else 1.0
