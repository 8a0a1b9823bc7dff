"""What was sold on one side of a comparison, item by item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit import ledger as books
from xlprofit.ledger.costs.sales import LINES

if TYPE_CHECKING:
    from xlprofit.comparison.side import Side

MONEY = tuple(LINES)
"""The columns of Sales that are money."""

KEYS = ("customer", "product", "counted")
"""What tells two items apart; ``counted`` is whether the rows have a quantity."""

VALUES = ("quantity", *MONEY)
"""What is added up of an item."""

LEAST = 1e-9
"""A sum smaller than this share of what was added up is the rounding of nothing."""


def list_sold_rows(side: Side) -> pd.DataFrame:
    """Return the rows of Sales in the periods of a side, with ``counted``; a missing quantity is 0."""
    rows = side.results.inputs["Sales"]
    if side.periods is not None:
        rows = rows[side.place_rows("Sales")]
    counted = rows["quantity"].notna()
    return rows.assign(
        product=rows["product"].astype("category"),
        quantity=rows["quantity"].fillna(0.0),
        counted=counted,
    )


def sum_items(side: Side) -> pd.DataFrame:
    """Return what was sold on a side by :data:`KEYS`: the sums of :data:`VALUES`, whatever the order of the rows.

    Columns ``KEYS``, ``VALUES`` and ``least``, below which a quantity or a revenue is the rounding of nothing.
    """
    rows = books.sort_rows(list_sold_rows(side), ["customer", "product", "date", *VALUES])
    words = [rows[key].cat for key in KEYS[:2]]
    codes = [word.codes.to_numpy().astype(np.int64) for word in words]
    numbers = [rows[value].to_numpy(np.float64) for value in VALUES]
    sizes = [np.abs(numbers[0]), np.abs(numbers[1])]
    keys, sums = books.add_up_codes(
        [*codes, rows["counted"].to_numpy().astype(np.int64)],
        [*(len(word.categories) for word in words), 2],
        [*numbers, *sizes],
    )
    data: dict[str, object] = {
        key: books.code_words(code, word.categories)
        for key, code, word in zip(KEYS[:2], keys[:2], words, strict=True)
    }
    names = (*VALUES, "size_quantity", "size_revenue")
    found = pd.DataFrame(data | {"counted": keys[2] > 0} | dict(zip(names, sums, strict=True)))
    for value, size in (("quantity", "size_quantity"), ("gross_revenue", "size_revenue")):
        found[value] = found[value].where(found[value].abs() > LEAST * found[size], 0.0)
    return found[[*KEYS, *VALUES]]
