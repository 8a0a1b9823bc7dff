"""The sheets *Cost to serve*: customers × activities in money, and as a heat map of gaps to the segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.messages import _, join_messages, quote_sheet
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    TABLE_ROW,
    build_all_customers_table,
    build_customers_column,
    build_sheet_heading,
    build_single_table_sheet,
    describe_analysis_span,
    list_cell_values,
    list_customer_attributes,
    name_ledger_line,
    translate_cell_words,
)
from xlprofit.sheets.parts import Column, Figure, Format, HeatRule, Meaning, Sheet, SignRule

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from collections.abc import Iterator, Sequence

    from xlprofit.results import Results

TABLE = "cost_to_serve"
SHARE_TABLE = "cost_to_serve_share"
WIDEST = 15
"""Activities that have a column each; beyond that the cheapest ones share a column, whose note names them."""
SHOWN = 6
"""Activities in sight; the others are folded."""


def rank_costliest_customers(results: Results) -> list[int]:
    """Return the customers' places, the costliest to serve first, ties by name."""
    totals = results.cost_to_serve.sum(axis=1).to_numpy()
    return [int(i) for i in np.lexsort([results.cost_to_serve.index.to_numpy().astype(str), totals])]


def tabulate_activity_costs(results: Results) -> pd.DataFrame:
    """Return the cost to serve by customer and activity, the costliest of each first, at most :data:`WIDEST`."""
    return _rank_lines(results.cost_to_serve.iloc[rank_costliest_customers(results)])


def _rank_lines(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its costliest columns first, and beyond :data:`WIDEST` the cheapest as one."""
    ranked = table[rank_activities(table)]
    if ranked.shape[1] <= WIDEST:
        return ranked
    rest = ranked.iloc[:, WIDEST - 1 :].sum(axis=1)
    return ranked.iloc[:, : WIDEST - 1].assign(**{_label_other_activities(ranked.shape[1]): rest})


def rank_activities(table: pd.DataFrame) -> list[str]:
    """Return the columns of a table of costs, the costliest first."""
    totals = table.sum()
    return list(totals.index[np.lexsort([totals.index.to_numpy().astype(str), totals.to_numpy()])])


def _label_other_activities(count: int) -> str:
    return _("{n} others", n=count - WIDEST + 1)


def compute_segment_gaps(results: Results, costs: pd.DataFrame) -> pd.DataFrame:
    """Return by how much the costs of each customer differ from its segment's, as shares of net revenue.

    Above zero it costs less for each unit of net revenue than its segment does, below zero more; NaN where it, or its
    segment, has no net revenue above zero. Who is in no segment is held against all customers.

    Args:
        results: the run.
        costs: money (negative), a row a customer and a column an activity.
    """
    net = results.customers["net_revenue"].reindex(costs.index).to_numpy(dtype=np.float64)
    segments = pd.Series(list_customer_attributes(results, "segment", costs.index), dtype=object).fillna("")
    places, found = pd.factorize(segments)
    amounts = costs.to_numpy(dtype=np.float64)
    sums = np.zeros((len(found), amounts.shape[1] + 1))
    np.add.at(sums, places, np.column_stack([amounts, net]))
    if "" in set(found):
        sums[list(found).index("")] = sums.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        usual = np.where(sums[:, -1:] > 0, sums[:, :-1] / sums[:, -1:], np.nan)
        own = np.where(net[:, None] > 0, amounts / net[:, None], np.nan)
    return pd.DataFrame(own - usual[places], index=costs.index, columns=costs.columns)


def describe_cost_to_serve_sheet(results: Results) -> Sheet | None:
    """Return what each activity costs, in money, and behind it what was spent to acquire.

    Nothing where neither costs anything.
    """
    table, won = tabulate_activity_costs(results), _rank_lines(results.cost_to_acquire)
    if not table.shape[1] and not won.shape[1]:
        return None
    customers = [str(c) for c in table.index]
    net = results.customers["net_revenue"].reindex(table.index)
    gap = compute_segment_gaps(results, table.sum(axis=1).to_frame("all"))["all"] * net
    keys = [f"activity_{i}" for i in range(table.shape[1])]
    columns = (
        build_customers_column(pd.Index(customers)),
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
        Column(
            "gap",
            _("Against the segment"),
            list_cell_values(gap),
            Format.MONEY,
            13.0,
            _("What it costs less than its segment would for the same net revenue; below zero: more"),
            rules=(SignRule(),),
        ),
        *_build_activity_columns(results, table, keys),
        *_build_acquisition_columns(results, won.reindex(table.index)),
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
    for place, (key, activity) in enumerate(zip(keys, map(str, table.columns), strict=True)):
        known = activity in groups
        yield Column(
            key,
            _name_column(results.cost_to_serve, activity),
            list_cell_values(table[activity]),
            Format.MONEY,
            11.5,
            note=_("Group: {group}", group=groups[activity])
            if known
            else _list_other_activities(results.cost_to_serve),
            total="sum",
            figure=Figure("cost_to_serve", line=activity) if known else None,
            detail=place >= SHOWN,
        )


def _build_acquisition_columns(results: Results, table: pd.DataFrame) -> Iterator[Column]:
    """Yield the cost to acquire and, folded, what it was spent on; nothing where nothing was."""
    if not table.shape[1]:
        return
    keys = [f"acquired_{i}" for i in range(table.shape[1])]
    yield Column(
        "cost_to_acquire",
        _("Cost to acquire"),
        list_cell_values(table.sum(axis=1)),
        Format.MONEY,
        13.0,
        _("The sum of the columns to the right; no part of the cost to serve"),
        formula=f"SUM({{{keys[0]}}}:{{{keys[-1]}}})",
        total="sum",
        figure=Figure("cost_to_acquire"),
    )
    known = set(map(str, results.cost_to_acquire.columns))
    for key, line in zip(keys, map(str, table.columns), strict=True):
        yield Column(
            key,
            _name_column(results.cost_to_acquire, line),
            list_cell_values(table[line]),
            Format.MONEY,
            11.5,
            note=_("Part of the cost to acquire")
            if line in known
            else _list_other_activities(results.cost_to_acquire),
            total="sum",
            figure=Figure("cost_to_acquire", line=line) if line in known else None,
            detail=True,
        )


def _name_column(costs: pd.DataFrame, activity: str) -> str:
    """Return what the column of an activity, or of those put together, is called."""
    rest = _label_other_activities(costs.shape[1])
    return rest if activity == rest else name_ledger_line(activity)


def _list_other_activities(costs: pd.DataFrame) -> str:
    """Return which activities were put together."""
    rest = [name_ledger_line(str(line)) for line in rank_activities(costs)[WIDEST - 1 :]]
    return _("Put together: {activities}", activities=join_messages(", ", rest))


def describe_cost_share_sheet(results: Results) -> Sheet | None:
    """Return the heat map of gaps: each activity's share of net revenue against that of the customer's segment.

    In the order of the sheet in money. The body holds values, for a formula over another sheet would go wrong when
    either is sorted; the total is live, over that of the sheet in money. Nothing where nothing is spent.
    """
    table = tabulate_activity_costs(results)
    if not table.shape[1]:
        return None
    customers = [str(c) for c in table.index]
    net = results.customers["net_revenue"].reindex(table.index)
    whole = table.sum(axis=1)
    gaps, gap = (
        compute_segment_gaps(results, table),
        compute_segment_gaps(results, whole.to_frame("all"))["all"],
    )
    share = whole / net.where(net > 0)
    over, total_row = quote_sheet(names.translate_sheet_name(names.COST_TO_SERVE)) + "!", TABLE_ROW - 1
    formula = ("IF(", over, f"$B${total_row}>0,", over, f"C${total_row}/", over, f'$B${total_row},"")')
    sold = float(net.sum())
    columns = (
        build_customers_column(pd.Index(customers)),
        Column(
            "cost_to_serve",
            _("Cost to serve, %"),
            list_cell_values(share),
            Format.SHARE,
            10.0,
            _("Of the customer's net revenue; blank where there is none"),
            total=join_messages("", formula),
            total_value=float(whole.sum()) / sold if sold > 0 else None,
        ),
        Column(
            "segment", _("Segment"), list_customer_attributes(results, "segment", table.index), width=14.0
        ),
        Column("usual", _("Segment, %"), list_cell_values(share - gap), Format.SHARE, 10.0),
        Column("gap", _("Gap"), list_cell_values(gap), Format.SHARE, 10.0, rules=(SignRule(),)),
        *(
            Column(
                f"activity_{i}",
                _name_column(results.cost_to_serve, str(activity)),
                list_cell_values(gaps[activity]),
                Format.SHARE,
                11.5,
                rules=(HeatRule(Meaning.PROFIT, Meaning.LOSS),),
                detail=i >= SHOWN,
            )
            for i, activity in enumerate(gaps.columns)
        ),
    )
    subtitle = (
        _("Gap to the segment in each activity, shares of net revenue; below zero it costs more")
        + " · "
        + describe_analysis_span(results)
    )
    return _build_cost_sheet(
        results,
        names.translate_sheet_name(names.COST_TO_SERVE_SHARE),
        _("Cost to serve, % of net revenue"),
        subtitle,
        SHARE_TABLE,
        columns,
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
