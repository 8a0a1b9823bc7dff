"""The sheets *Cost to serve*: customers × activities as heat maps, in money and as shares of net revenue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.addresses import letters
from xlprofit.messages import _, join_messages, quote_sheet
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    TABLE_ROW,
    every_customer,
    heading,
    line_called,
    links_to,
    listing,
    places,
    span,
    told,
    values,
)
from xlprofit.sheets.parts import Column, Figure, Format, HeatRule, Meaning, Sheet

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

TABLE = "cost_to_serve"
SHARE_TABLE = "cost_to_serve_share"
WIDEST = 15
"""Activities shown one by one; beyond that the cheapest ones share a column."""


def order(results: Results) -> list[int]:
    """Return the customers' places, the costliest to serve first, ties by name."""
    totals = results.cost_to_serve.sum(axis=1).to_numpy()
    return [int(i) for i in np.lexsort([results.cost_to_serve.index.to_numpy().astype(str), totals])]


def activities(results: Results) -> pd.DataFrame:
    """Return the cost to serve by customer and activity, the costliest of each first, at most :data:`WIDEST`."""
    table = results.cost_to_serve.iloc[order(results)]
    totals = table.sum()
    ranked = table[totals.index[np.lexsort([totals.index.to_numpy().astype(str), totals.to_numpy()])]]
    if ranked.shape[1] <= WIDEST:
        return ranked
    rest = ranked.iloc[:, WIDEST - 1 :].sum(axis=1)
    return ranked.iloc[:, : WIDEST - 1].assign(**{_others(ranked.shape[1]): rest})


def _others(count: int) -> str:
    return _("{n} others", n=count - WIDEST + 1)


def _header(results: Results, activity: str) -> str:
    """Return what the column of an activity, or of those put together, is called."""
    rest = _others(results.cost_to_serve.shape[1])
    return rest if activity == rest else line_called(activity)


def money(results: Results) -> Sheet:
    """Return the heat map in money: the darker the cell, the more the activity costs."""
    table = activities(results)
    customers = [str(c) for c in table.index]
    net = results.customers["net_revenue"].reindex(table.index)
    pnl_rows = places(str(c) for c in results.whale.index)
    keys = [f"activity_{i}" for i in range(table.shape[1])]
    groups = _groups(results)
    columns = (
        Column(
            "customer",
            _("Customer"),
            customers,
            width=30.0,
            note=_("Leads to the customer's line on Customer P&L"),
            links=links_to(names.called(names.CUSTOMER_PNL), customers, pnl_rows),
            figure=Figure(),
        ),
        Column(
            "net_revenue",
            _("Net revenue"),
            values(net),
            Format.MONEY,
            13.0,
            total="sum",
            figure=Figure("net_revenue"),
        ),
        Column(
            "cost_to_serve",
            _("Cost to serve"),
            values(table.sum(axis=1)),
            Format.MONEY,
            13.0,
            _("The sum of the activities to the right"),
            formula=f"SUM({{{keys[0]}}}:{{{keys[-1]}}})" if keys else "",
            total="sum",
            figure=Figure("cost_to_serve"),
        ),
        *(
            Column(
                key,
                _header(results, str(activity)),
                values(table[activity]),
                Format.MONEY,
                11.5,
                note=_("Group: {group}", group=groups[str(activity)])
                if str(activity) in groups
                else _("Several activities put together"),
                total="sum",
                rules=(HeatRule(Meaning.LOSS),),
                figure=Figure("cost_to_serve", line=str(activity)) if str(activity) in groups else None,
            )
            for key, activity in zip(keys, table.columns, strict=True)
        ),
    )
    subtitle = (
        _("What each activity cost for each customer, the costliest to serve first") + " · " + span(results)
    )
    return _sheet(results, names.called(names.COST_TO_SERVE), _("Cost to serve"), subtitle, TABLE, columns)


def share(results: Results) -> Sheet:
    """Return the heat map in shares of net revenue, in the same order as the one in money.

    The body holds values, for a formula over another sheet would go wrong when either is sorted;
    the totals are live, over those of the sheet in money.
    """
    table = activities(results)
    customers = [str(c) for c in table.index]
    net = results.customers["net_revenue"].reindex(table.index)
    amounts: list[tuple[str, str, pd.Series]] = [("cost_to_serve", _("Cost to serve"), table.sum(axis=1))]
    amounts += [(f"activity_{i}", _header(results, str(a)), table[a]) for i, a in enumerate(table.columns)]
    total_row = TABLE_ROW - 1
    columns = [
        Column(
            "customer",
            _("Customer"),
            customers,
            width=30.0,
            links=links_to(
                names.called(names.CUSTOMER_PNL), customers, places(str(c) for c in results.whale.index)
            ),
            figure=Figure(),
        )
    ]
    for place, (key, header, amount) in enumerate(amounts):
        cell, revenue = f"{letters(place + 3)}${total_row}", f"$B${total_row}"
        over = quote_sheet(names.called(names.COST_TO_SERVE)) + "!"
        formula = ("IF(", over, f"{revenue}>0,", over, f"{cell}/", over, f'{revenue},"")')
        whole = float(net.sum())
        columns.append(
            Column(
                key,
                header,
                values(amount / net.where(net > 0)),
                Format.SHARE,
                11.5,
                total=join_messages("", formula),
                total_value=float(amount.sum()) / whole if whole > 0 else None,
                rules=(HeatRule(Meaning.LOSS),) if key != "cost_to_serve" else (),
            )
        )
    subtitle = _("Shares of the customer's net revenue; blank where there is none") + " · " + span(results)
    return _sheet(
        results,
        names.called(names.COST_TO_SERVE_SHARE),
        _("Cost to serve, % of net revenue"),
        subtitle,
        SHARE_TABLE,
        tuple(columns),
    )


def _sheet(
    results: Results, name: str, title: str, subtitle: str, table: str, columns: tuple[Column, ...]
) -> Sheet:
    return listing(results, name, heading(title, subtitle), every_customer(table, columns), Meaning.WARNING)


def _groups(results: Results) -> dict[str, str]:
    """Return the group of each line of the ledger."""
    pairs = results.ledger[["line", "group"]].drop_duplicates().astype(str)
    return dict(zip(pairs["line"], told(pairs["group"]), strict=True))
