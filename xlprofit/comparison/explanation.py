"""Explanations of a change: the source rows of both sides, each with what it adds to an effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.comparison import activity_effects, sales_effects
from xlprofit.comparison.sold import list_sold_rows
from xlprofit.comparison.whole_effects import WHOLE, find_whole_rows
from xlprofit.ledger.explanation import explain_customer
from xlprofit.vocabulary.effects import Effect
from xlprofit.vocabulary.groups import Group
from xlprofit.vocabulary.levels import UNSPREAD_LEVELS
from xlprofit.vocabulary.lines import Line

if TYPE_CHECKING:
    from xlprofit.comparison.bridge import Comparison
    from xlprofit.comparison.side import Side

LINES = {
    Effect.DISCOUNTS: ("discount", -1.0),
    Effect.RETURNS: ("returns", -1.0),
    Effect.UNIT_COST: ("cogs", -1.0),
}
"""The column of Sales that an effect of sales is about, and its sign; ``gross_revenue`` where nothing is said."""

_LINES_OF = {
    "gross_revenue": Line.GROSS_REVENUE,
    "discount": Line.DISCOUNTS,
    "returns": Line.RETURNS,
    "cogs": Line.COGS,
}


def explain_effect(comparison: Comparison, customer: str, effect: Effect) -> pd.DataFrame:
    """Return the source rows of both sides that an effect of a customer is the sum of.

    Columns: those of :meth:`xlprofit.results.Results.explain`, ``side`` first and ``effect`` last.
    """
    whole = str(comparison.status.get(customer, ""))
    parts = []
    for side, late in ((comparison.before, False), (comparison.after, True)):
        rows = _list_rows(comparison, side, customer, late)
        if whole:
            rows = rows.assign(effect=rows["amount"] * (1.0 if late else -1.0))
            rows = rows if effect.value == whole else rows.iloc[:0]
        else:
            rows = _weigh_effect_rows(comparison, customer, rows, effect, side)
        published = side.results.publish_rows(rows).assign(effect=rows["effect"])
        published.insert(0, "side", "after" if late else "before")
        parts.append(published)
    return pd.concat(parts, ignore_index=True)


def _list_rows(comparison: Comparison, side: Side, customer: str, late: bool) -> pd.DataFrame:
    """Return every source row of a customer on a side; of nobody those that are not the company's own."""
    spelt = {} if late else comparison.spelt
    own = [str(n) for n in side.results.names if spelt.get(str(n), str(n)) == customer]
    parts = [explain_customer(name, side.results.basis) for name in (own if customer else [""])]
    rows = pd.concat(parts, ignore_index=True) if parts else explain_customer("\n", side.results.basis)
    if side.periods is not None:
        rows = rows[rows["period"].isin(side.periods).to_numpy()]
    if not customer:
        equations = side.results.equations
        unspread = set(equations.loc[equations["level"].isin(UNSPREAD_LEVELS), "row"])
        activity = (rows["source_table"] == "Activities") & ~rows["source_row"].isin(unspread)
        sales = rows["table"] == "Sales"
        credit = rows["group"] == Group.CREDIT
        rows = rows[(activity | sales | credit).to_numpy()]
    return rows.reset_index(drop=True)


def _weigh_effect_rows(
    comparison: Comparison, customer: str, rows: pd.DataFrame, effect: Effect, side: Side
) -> pd.DataFrame:
    """Return the rows that an effect is made of, with what each adds to it."""
    late = side is comparison.after
    if effect in (Effect.NEW, Effect.LOST):
        return rows.iloc[:0].assign(effect=0.0)
    if effect in WHOLE:
        some = rows[find_whole_rows(rows, effect)].reset_index(drop=True)
        return some.assign(effect=some["amount"] * (1.0 if late else -1.0))
    if effect in (Effect.ACTIVITY_VOLUME, Effect.EFFICIENCY, Effect.CAPACITY_RATES):
        some = rows[(rows["source_table"] == "Activities").to_numpy()].reset_index(drop=True)
        keys = comparison.terms[late].set_index("row")["key"].reindex(some["source_row"])
        own = _find_own(comparison.charges, customer).set_index("key").reindex(keys)
        return some.assign(effect=activity_effects.split_charges(some, own, late)[effect])
    return _weigh_sales(comparison, customer, rows, effect, side)


def _find_own(table: pd.DataFrame, customer: str) -> pd.DataFrame:
    """Return a customer's rows of a table, its words as texts."""
    own = table[(table["customer"] == customer).to_numpy()]
    return own.assign(**{name: own[name].astype(object) for name in ("key", "product") if name in own})


def _weigh_sales(
    comparison: Comparison, customer: str, rows: pd.DataFrame, effect: Effect, side: Side
) -> pd.DataFrame:
    """Return the rows of Sales with their quantity for a driver, and what each adds to an effect of sales."""
    late = side is comparison.after
    some = rows[((rows["table"] == "Sales") & (rows["line"] == Line.GROSS_REVENUE)).to_numpy()]
    sales = list_sold_rows(side).set_index("row").loc[some["row"]]
    spelt = comparison.spelt_products[late]
    products = sales["product"].astype(object).map(lambda name: spelt.get(name, name))
    own = _find_own(comparison.items, customer).set_index(["product", "counted"])
    found = own.loc[pd.MultiIndex.from_arrays([products, sales["counted"]])]
    average = np.full(len(sales), comparison.average_margins[comparison.rows.get_loc(customer)])
    weighed = sales_effects.split_sales(sales, found, average, 1.0 if late else -1.0)[effect]
    column, sign = LINES.get(effect, ("gross_revenue", 1.0))
    amount = sales[column].to_numpy(np.float64) * sign
    quantity = sales["quantity"].where(sales["counted"]).to_numpy(np.float64)
    line = str(_LINES_OF[column])
    return some.assign(
        line=line,
        group=str(Group.COGS if column == "cogs" else Group.REVENUE),
        driver="quantity",
        driver_units=quantity,
        units=amount * sign,
        rate=sign,
        amount=amount,
        effect=weighed,
    )
