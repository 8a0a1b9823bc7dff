"""The rows of a table added up by customer and period: all that a linear price needs of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit import ledger
from xlprofit.ledger.periods import list_labels, place_dates

if TYPE_CHECKING:
    from xlprofit.tables import Settings


def sum_rows(
    rows: pd.DataFrame, settings: Settings, values: Sequence[str], keys: Sequence[str] = ()
) -> pd.DataFrame:
    """Return numbers of a table added up by customer, ``period`` (its place in the span) and other words.

    Args:
        rows: dated rows of customers.
        settings: the settings, for the span and its periods.
        values: the columns to add up.
        keys: columns of words that are told apart besides.
    """
    order = ledger.order_rows(rows, ["customer", *keys, "date", *values])
    words = [rows[key].cat for key in ("customer", *keys)]
    codes = [word.codes.to_numpy()[order].astype(np.int64) for word in words]
    sizes = [len(word.categories) for word in words]
    found, sums = ledger.add_up_codes(
        [codes[0], place_dates(rows["date"], settings)[order], *codes[1:]],
        [sizes[0], len(list_labels(settings)), *sizes[1:]],
        [rows[value].to_numpy(dtype=np.float64)[order] for value in values],
    )
    data: dict[str, object] = {
        "customer": ledger.code_words(found[0], words[0].categories),
        "period": found[1],
    }
    for key, word, place in zip(keys, words[1:], found[2:], strict=True):
        data[key] = ledger.code_words(place, word.categories)
    return pd.DataFrame(data | dict(zip(values, sums, strict=True)))
