"""The sheets *Cost to serve*: customers × activities as heat maps, in money and as shares of net revenue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.addresses import format_column
from xlprofit.messages import _, join_messages, quote_sheet
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    TABLE_ROW,
    build_all_customers_table,
    build_customer_links,
    build_sheet_heading,
    build_single_table_sheet,
    describe_analysis_span,
    list_cell_values,
    name_ledger_line,
    number_customer_rows,
    translate_cell_words,
)
from xlprofit.sheets.parts import Column, Figure, Format, HeatRule, Meaning, Sheet

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from collections.abc import Iterator, Sequence

    from xlprofit.results import Results

TABLE = "cost_to_serve"
SHARE_TABLE = "cost_to_serve_share"
WIDEST = 15
"""Activities shown one by one; beyond that the cheapest ones share a column."""


def rank_costliest_customers(results: Results) -> list[int]:
    """Return the customers' places, the costliest to serve first, ties by name."""
    totals = results.cost_to_serve.sum(axis=1).to_numpy()
    return [int(i) for i in np.lexsort([results.cost_to_serve.index.to_numpy().astype(str), totals])]


def tabulate_activity_costs(results: Results) -> pd.DataFrame:
    """Return the cost to serve by customer and activity, the costliest of each first, at most :data:`WIDEST`."""
    table = results.cost_to_serve.iloc[rank_costliest_customers(results)]
    totals = table.sum()
    ranked = table[totals.index[np.lexsort([totals.index.to_numpy().astype(str), totals.to_numpy()])]]
    if ranked.shape[1] <= WIDEST:
        return ranked
    rest = ranked.iloc[:, WIDEST - 1 :].sum(axis=1)
    return ranked.iloc[:, : WIDEST - 1].assign(**{_label_other_activities(ranked.shape[1]): rest})


def _label_other_activities(count: int) -> str:
    return _("{n} others", n=count - WIDEST + 1)


def _header(results: Results, activity: str) -> str:
    """Return what the column of an activity, or of those put together, is called."""
    rest = _label_other_activities(results.cost_to_serve.shape[1])
    return rest if activity == rest else name_ledger_line(activity)


def describe_cost_to_serve_sheet(results: Results) -> Sheet:
    """Return the heat map in money: the darker the cell, the more the activity costs."""
    table = tabulate_activity_costs(results)
    customers = [str(c) for c in table.index]
    net = results.customers["net_revenue"].reindex(table.index)
    pnl_rows = number_customer_rows(str(c) for c in results.whale.index)
    keys = [f"activity_{i}" for i in range(table.shape[1])]
    columns = (
        Column(
            "customer",
            _("Customer"),
            customers,
            width=30.0,
            note=_("Leads to the customer's line on Customer P&L"),
            links=build_customer_links(names.translate_sheet_name(names.CUSTOMER_PNL), customers, pnl_rows),
            figure=Figure(),
        ),
        Column(
            "net_revenue",
            _("Net revenue"),
            list_cell_values(net),
            Format.MONEY,
            13.0,
            total="sum",
            figure=Figure("net_revenue"),
        ),
        Column(
            "cost_to_serve",
            _("Cost to serve"),
            list_cell_values(table.sum(axis=1)),
            Format.MONEY,
            13.0,
            _("The sum of the activities to the right"),
            formula=f"SUM({{{keys[0]}}}:{{{keys[-1]}}})" if keys else "",
            total="sum",
            figure=Figure("cost_to_serve"),
        ),
        *_build_activity_columns(results, table, keys),
    )
    subtitle = (
        _("What each activity cost for each customer, the costliest to serve first")
        + " · "
        + describe_analysis_span(results)
    )
    return _build_cost_sheet(
        results, names.translate_sheet_name(names.COST_TO_SERVE), _("Cost to serve"), subtitle, TABLE, columns
    )


def _build_activity_columns(results: Results, table: pd.DataFrame, keys: Sequence[str]) -> Iterator[Column]:
    """Yield the columns of the activities; several put together are explained by no group."""
    groups = _find_line_groups(results)
    for key, activity in zip(keys, map(str, table.columns), strict=True):
        known = activity in groups
        yield Column(
            key,
            _header(results, activity),
            list_cell_values(table[activity]),
            Format.MONEY,
            11.5,
            note=_("Group: {group}", group=groups[activity])
            if known
            else _("Several activities put together"),
            total="sum",
            rules=(HeatRule(Meaning.LOSS),),
            figure=Figure("cost_to_serve", line=activity) if known else None,
        )


def describe_cost_share_sheet(results: Results) -> Sheet:
    """Return the heat map in shares of net revenue, in the same order as the one in money.

    The body holds values, for a formula over another sheet would go wrong when either is sorted;
    the totals are live, over those of the sheet in money.
    """
    table = tabulate_activity_costs(results)
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
            links=build_customer_links(
                names.translate_sheet_name(names.CUSTOMER_PNL),
                customers,
                number_customer_rows(str(c) for c in results.whale.index),
            ),
            figure=Figure(),
        )
    ]
    for place, (key, header, amount) in enumerate(amounts):
        cell, revenue = f"{format_column(place + 3)}${total_row}", f"$B${total_row}"
        over = quote_sheet(names.translate_sheet_name(names.COST_TO_SERVE)) + "!"
        formula = ("IF(", over, f"{revenue}>0,", over, f"{cell}/", over, f'{revenue},"")')
        whole = float(net.sum())
        columns.append(
            Column(
                key,
                header,
                list_cell_values(amount / net.where(net > 0)),
                Format.SHARE,
                11.5,
                total=join_messages("", formula),
                total_value=float(amount.sum()) / whole if whole > 0 else None,
                rules=(HeatRule(Meaning.LOSS),) if key != "cost_to_serve" else (),
            )
        )
    subtitle = (
        _("Shares of the customer's net revenue; blank where there is none")
        + " · "
        + describe_analysis_span(results)
    )
    return _build_cost_sheet(
        results,
        names.translate_sheet_name(names.COST_TO_SERVE_SHARE),
        _("Cost to serve, % of net revenue"),
        subtitle,
        SHARE_TABLE,
        tuple(columns),
    )


def _build_cost_sheet(
    results: Results, name: str, title: str, subtitle: str, table: str, columns: tuple[Column, ...]
) -> Sheet:
    return build_single_table_sheet(
        results,
        name,
        build_sheet_heading(title, subtitle),
        build_all_customers_table(table, columns),
        Meaning.WARNING,
    )


def _find_line_groups(results: Results) -> dict[str, str]:
    """Return the group of each line of the ledger."""
    pairs = results.customer_ledger[["line", "group"]].drop_duplicates().astype(str)
    return dict(zip(pairs["line"], translate_cell_words(pairs["group"]), strict=True))
