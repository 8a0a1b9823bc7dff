"""Which row of Customers held on a day, where Customers says by day what a customer was."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

NOT_COVERED = "-"
"""What is said of a day that no row of a customer covers, though some row of it is dated."""

LASTING = ("since", "referrals")
"""Columns of Customers that say something of the customer and not of the time that a row holds."""


def is_dated(customers: pd.DataFrame) -> bool:
    """Whether any row of Customers says from or until when it holds."""
    return bool(customers["from"].notna().any() or customers["until"].notna().any())


def name_spans(customers: pd.DataFrame) -> list[str]:
    """Return the days of each row of Customers, such as ``2024-01-01/2024-06-30``; ``/`` for all of them."""
    first, last = (customers[c].dt.strftime("%Y-%m-%d").fillna("") for c in ("from", "until"))
    return [f"{a}/{b}" for a, b in zip(first, last, strict=True)]


def order_history(customers: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of Customers so that, of those that hold on a day, the one that counts comes last.

    That is the one that began last; of two that began alike the one that ends first.
    """
    first = customers["from"].fillna(pd.Timestamp.min)
    last = customers["until"].fillna(pd.Timestamp.max)
    order = np.lexsort(
        [
            -last.to_numpy().view("int64"),
            first.to_numpy().view("int64"),
            customers["customer"].cat.codes.to_numpy(),
        ]
    )
    return customers.iloc[order].reset_index(drop=True)


def keep_latest_rows(customers: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each customer: the one that holds last.

    What does not change with the row (:data:`LASTING`) is that of the last row which says it.
    """
    ordered = customers.assign(end=customers["until"].fillna(pd.Timestamp.max))
    ordered = ordered.sort_values(["customer", "end", "from"], na_position="first", kind="stable")
    if ordered["customer"].duplicated().any():
        lasting = ordered.groupby("customer", observed=True, sort=False)[list(LASTING)].ffill()
        ordered = ordered.assign(**{column: lasting[column] for column in LASTING})
    latest = ordered.drop_duplicates("customer", keep="last").drop(columns="end")
    return latest.reset_index(drop=True)


def find_held_rows(rows: pd.DataFrame, day: str, history: pd.DataFrame) -> pd.Categorical:
    """Return which row of Customers held for each row of a table, by the days that it says (:func:`name_spans`).

    Args:
        rows: rows of customers, with the column ``day``.
        day: the column with the day of a row.
        history: the rows of Customers, as :func:`order_history` gives them.

    Returns:
        The days of the row that held; empty for a customer of which no row is dated, :data:`NOT_COVERED` where
        none of its rows covers the day.
    """
    spans = name_spans(history)
    words = sorted({*spans, "", NOT_COVERED})
    place = {word: i for i, word in enumerate(words)}
    names = pd.Index(rows["customer"].cat.categories)
    who = names.get_indexer(pd.Index(history["customer"].astype(object)))
    undated = history["from"].isna() & history["until"].isna()
    codes = np.full(len(rows), place[""], dtype=np.int64)
    customer = rows["customer"].cat.codes.to_numpy().astype(np.int64)
    order, edges = _group_rows(customer, len(names))
    days = rows[day].to_numpy()
    first = history["from"].fillna(pd.Timestamp.min).to_numpy()
    last = history["until"].fillna(pd.Timestamp.max).to_numpy()
    some_dated = set(who[~undated.to_numpy()])
    for one in sorted(some_dated - {-1}):
        codes[order[edges[one] : edges[one + 1]]] = place[NOT_COVERED]
    for i, one in enumerate(who):
        if one >= 0 and one in some_dated:
            own = order[edges[one] : edges[one + 1]]
            codes[own[(days[own] >= first[i]) & (days[own] <= last[i])]] = place[spans[i]]
    return pd.Categorical.from_codes(codes, categories=pd.Index(words, dtype=object))


def _group_rows(
    codes: npt.NDArray[np.int64], count: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the rows in the order of their codes, and where those of each code begin."""
    order = np.argsort(codes, kind="stable")
    return order, np.searchsorted(codes[order], np.arange(count + 1))
