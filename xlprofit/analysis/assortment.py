"""Products: what each one earns before what no product is traced to, and who buys it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xlprofit import ledger as books
from xlprofit.analysis import avoidable, whale
from xlprofit.vocabulary.measures import MEASURES, Measure

COLUMNS = (*MEASURES, "margin", "gross_margin_share", "discount_share", "customers", "rank", "cumulative")
"""The columns of :func:`tabulate_products`."""


def tabulate_products(ledger: pd.DataFrame, names: pd.Index) -> pd.DataFrame:
    """Return the P&L of each product, a row each, the most profitable first, ties by name.

    - the lines of the P&L: money, cost negative. Revenue, discounts, returns and cost of goods are those of the sales
      lines that name the product, ``cost_to_acquire`` has the commissions of rules for it, ``cost_to_serve`` the
      activities that the log says were done for it. Nothing is spread: what names no product, such as the cost of
      credit, is in the last row, under the empty name, so that the column adds up to that of all customers.
    - ``margin``: profit / net revenue; ``gross_margin_share``: gross margin / net revenue; ``discount_share``:
      discounts / gross revenue; fractions, blank where the revenue is not above 0.
    - ``customers``: how many bought it (any amount of revenue).
    - ``rank`` and ``cumulative`` (money): the whale curve by product; blank in the last row.

    Args:
        ledger: the ledger.
        names: the customers.
    """
    kept = ["customer", "product", "line", "group", "amount"]
    rows = ledger[kept][(ledger["customer"] != "").to_numpy()]
    product = rows["product"].cat
    words = pd.Index(product.categories, dtype=object, name="product")
    there = np.bincount(product.codes.to_numpy(), minlength=len(words)) > 0
    frame = books.sum_pnl(rows.assign(customer=rows["product"]), words).rename_axis("product")
    net = frame[Measure.NET_REVENUE].where(frame[Measure.NET_REVENUE] > 0)
    gross = frame[Measure.GROSS_REVENUE].where(frame[Measure.GROSS_REVENUE] > 0)
    frame = frame.assign(
        gross_margin_share=frame[Measure.GROSS_MARGIN] / net,
        discount_share=0.0 - frame[Measure.DISCOUNTS] / gross,
        customers=_count_buyers(rows, names),
    )[there]
    named = frame[(frame.index != "")]
    curve = whale.draw_curve(named[Measure.PROFIT])
    named = named.loc[curve.index].assign(rank=curve["rank"], cumulative=curve["cumulative"])
    rest = frame[(frame.index == "")].assign(rank=np.nan, cumulative=np.nan)
    whole = pd.concat([named, rest]) if len(rest) and len(named) else (named if len(named) else rest)
    return whole.astype({"rank": "float64", "customers": "int64"})[list(COLUMNS)]


def map_customers(ledger: pd.DataFrame, customers: pd.Index, products: pd.Index) -> pd.DataFrame:
    """Return what the products leave (their profit) by customer and product, money; 0 where nothing was posted."""
    shape = (len(customers), len(products))
    row = avoidable.find_word_places(ledger["customer"], customers)
    column = avoidable.find_word_places(ledger["product"], products)
    some = np.flatnonzero((row >= 0) & (column >= 0))
    amounts = ledger["amount"].to_numpy(dtype=np.float64)[some]
    sums = np.bincount(row[some] * shape[1] + column[some], amounts, minlength=shape[0] * shape[1])
    return pd.DataFrame(sums.reshape(shape), index=customers, columns=products)


def _count_buyers(rows: pd.DataFrame, names: pd.Index) -> np.ndarray:
    """Return how many customers each product has any revenue of."""
    sold = (books.find_sections(rows) == Measure.GROSS_REVENUE).to_numpy() & (rows["amount"] != 0).to_numpy()
    product = rows["product"].cat
    width = len(product.categories)
    flat = (
        rows["customer"].cat.codes.to_numpy()[sold].astype(np.int64) * width + product.codes.to_numpy()[sold]
    )
    return np.bincount(np.unique(flat) % max(width, 1), minlength=width).astype(np.int64)
