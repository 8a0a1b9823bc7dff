"""The sheet *Segments*: the P&L of customers alike in an attribute, a block for each that Settings groups by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from xlprofit.headings import list_asked_attributes, resolve_attribute
from xlprofit.messages import N_, _
from xlprofit.sheets import names
from xlprofit.sheets.frame import build_sheet_heading, describe_analysis_span, fill_columns
from xlprofit.sheets.parts import (
    Cell,
    Chart,
    Column,
    Format,
    Meaning,
    Series,
    Sheet,
    SignRule,
    Table,
)

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

TABLE = "segments"
MOST_GROUPS = 100
"""Groups shown of an attribute; the others are in ``result.by``."""
CHARTED = 12
"""Groups that a chart shows: those of the greatest net revenue."""
CHART_ROWS = 18

ATTRIBUTES = {
    "segment": N_("Segment"),
    "channel": N_("Channel"),
    "owner": N_("Owner"),
    "country": N_("Country"),
    "parent": N_("Group"),
}
"""What the given attributes are called; one of the user's own is called as its column is."""

COLUMNS = (
    Column("value", N_("Group"), (), width=22.0),
    Column("customers", N_("Customers"), (), Format.INTEGER, 11.0),
    Column("net_revenue", N_("Net revenue"), (), Format.MONEY, 14.0, total="sum"),
    Column("discount_share", N_("Discount %"), (), Format.SHARE, 10.0, N_("Discounts / gross revenue")),
    Column(
        "gross_margin_share", N_("Gross margin %"), (), Format.SHARE, 10.0, N_("Gross margin / net revenue")
    ),
    Column(
        "cost_to_serve_share",
        N_("Cost to serve %"),
        (),
        Format.SHARE,
        10.0,
        N_("Cost to serve / net revenue, shown without its sign"),
    ),
    Column("profit", N_("Customer profit"), (), Format.MONEY, 14.0, total="sum", rules=(SignRule(),)),
    Column(
        "margin",
        N_("Profit %"),
        (),
        Format.SHARE,
        10.0,
        N_("Customer profit / net revenue; blank where there is no net revenue"),
        formula='IF({net_revenue}>0,{profit}/{net_revenue},"")',
        total='IF({net_revenue}>0,{profit}/{net_revenue},"")',
        rules=(SignRule(),),
    ),
    Column(
        "change",
        N_("Change on the year before"),
        (),
        Format.MONEY,
        14.0,
        N_("Profit of the last twelve months less that of the twelve before; blank without two whole years"),
        total="sum",
        rules=(SignRule(change=True),),
    ),
    Column(
        "idle_share",
        N_("Share of idle capacity"),
        (),
        Format.MONEY,
        14.0,
        N_("What it would bear of idle capacity, spread by the use of each resource; no part of its profit"),
        total="sum",
        detail=True,
    ),
    Column("loss_makers", N_("Loss-makers"), (), Format.INTEGER, 11.0, N_("Customers with a loss")),
    Column(
        "idle_share",
        N_("Share of idle capacity"),
        (),
        Format.MONEY,
        14.0,
        N_("What it would bear of idle capacity, spread by the use of each resource; no part of its profit"),
        total="sum",
    ),
)
"""The columns of a block; their values are the frame's own, but for the name of the group."""


def describe_segments_sheet(results: Results) -> Sheet | None:
    """Return the sheet: for each attribute its groups and a chart of them; nothing where Customers says none."""
    asked = list_shown_attributes(results)
    if not asked:
        return None
    cells: list[Cell] = []
    tables: list[Table] = []
    charts: list[Chart] = []
    breaks: list[int] = []
    row = 4
    for place, attribute in enumerate(asked):
        frame = results.by(attribute)
        breaks += [row] if place else []
        cells.append(Cell(row, 1, _describe_block(attribute, frame), Meaning.SECTION, across=8))
        table = _build_block(results, attribute, frame, row + 2, place)
        tables.append(table)
        row = table.last + 2
        if _count_charted(frame):
            charts.append(_build_bubbles(table, row))
            row += CHART_ROWS + 2
    subtitle = _describe_when(results) + " · " + describe_analysis_span(results)
    return Sheet(
        names.translate_sheet_name(names.SEGMENTS),
        cells=(*build_sheet_heading(_("Segments"), subtitle), *cells),
        tables=tuple(tables),
        charts=tuple(charts),
        freeze=f"B{tables[0].first}",
        breaks=tuple(breaks),
        tab=Meaning.PROFIT,
        currency=results.inputs.settings.currency,
    )


def list_shown_attributes(results: Results) -> list[str]:
    """Return the attributes that Settings groups by and Customers says anything of, in the order of Settings."""
    there = results.attributes
    asked = list_asked_attributes(results.inputs.settings.group_by)
    found = (resolve_attribute(word, results.inputs.attributes) for word in asked)
    return list(dict.fromkeys(name for name in found if name in there))


def name_attribute(attribute: str) -> str:
    """Return what an attribute is called: a column of the user's own by its header."""
    return _(ATTRIBUTES[attribute]) if attribute in ATTRIBUTES else attribute


def _describe_when(results: Results) -> str:
    """Return on which day a customer is in its group."""
    if results.inputs.history is not None:
        return _("Each amount in the group of its customer on its day")
    return _("Each customer in the group that {Customers} gives it now, for the whole period")


def _describe_block(attribute: str, frame: pd.DataFrame) -> str:
    told = {"attribute": name_attribute(attribute), "all": len(frame)}
    if len(frame) > MOST_GROUPS:
        return _("By {attribute}: the {n:,} of {all:,} with the greatest net revenue", n=MOST_GROUPS, **told)
    return _("By {attribute}", **told)


def _build_block(results: Results, attribute: str, frame: pd.DataFrame, row: int, place: int) -> Table:
    shown = frame.head(MOST_GROUPS)
    columns = fill_columns(COLUMNS, shown, {"value": [str(v) or _("(not given)") for v in shown.index]})
    net, profit = float(shown["net_revenue"].sum()), float(shown["profit"].sum())
    known = bool(shown["change"].notna().any())
    single = results.inputs.history is None
    columns = tuple(
        replace(column, header=name_attribute(attribute))
        if column.key == "value"
        else replace(column, total_value=profit / net if net > 0 else None)
        if column.key == "margin"
        else replace(column, total="sum")
        if column.key in ("customers", "loss_makers") and single
        else column
        for column in columns
        if column.key != "change" or known
    )
    return Table(
        TABLE if not place else f"{TABLE}_{place + 1}",
        row,
        1,
        columns,
        filtered=not place,
        total_first=True,
        total_label=_("All customers") if len(frame) <= MOST_GROUPS else _("Total"),
        empty=_("No customers"),
    )


def _count_charted(frame: pd.DataFrame) -> int:
    """Return how many of the groups that come first have a profit and a cost to serve to compare."""
    return int(frame.head(CHARTED)[["margin", "cost_to_serve_share"]].notna().all(axis=1).sum())


def _build_bubbles(table: Table, row: int) -> Chart:
    return Chart(
        "bubble",
        _("Profit % against cost to serve %; the larger the bubble, the more net revenue"),
        row,
        1,
        (table.name, "cost_to_serve_share"),
        (Series(table.name, "margin", _("Profit %"), Meaning.PROFIT),),
        x_title=_("Cost to serve, % of net revenue"),
        y_title=_("Customer profit, % of net revenue"),
        x_format=Format.SHARE,
        y_format=Format.SHARE,
        width=720.0,
        height=CHART_ROWS * 15.0,
        rows=min(CHARTED, table.rows),
        sizes=(table.name, "net_revenue"),
        labels=(table.name, "value"),
    )
