"""The sheet *Customer P&L*: a row a customer, the waterfall from gross revenue to profit across."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from xlprofit.messages import N_, _, _n
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    arrange_columns,
    build_all_customers_table,
    build_sheet_heading,
    build_single_table_sheet,
    describe_analysis_span,
    fill_columns,
    list_customer_attributes,
)
from xlprofit.sheets.parts import BarRule, Column, Figure, Format, Meaning, Sheet, SignRule
from xlprofit.sheets.verdict import build_verdict_column

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

TABLE, LISTED = "customer_pnl", "CustomerPnL"
"""The table's name, and that of the Excel Table that it is."""

WATERFALL = (
    ("gross_revenue", N_("Gross revenue"), N_("Details"), N_("Sales at list price")),
    ("discounts", N_("Discounts"), N_("Details"), N_("Discounts and rebates on the invoice lines")),
    ("returns", N_("Returns"), N_("Details"), N_("Returns and credit notes")),
    (
        "net_revenue",
        N_("Net revenue"),
        N_("From net revenue to profit"),
        N_("Gross revenue + discounts + returns"),
    ),
    ("cogs", N_("Cost of goods"), N_("Details"), N_("Cost of goods sold")),
    ("gross_margin", N_("Gross margin"), N_("From net revenue to profit"), N_("Net revenue + cost of goods")),
    (
        "cost_to_acquire",
        N_("Cost to acquire"),
        N_("From net revenue to profit"),
        N_("Sales effort and commissions (groups acquire, commission)"),
    ),
    (
        "cost_to_serve",
        N_("Cost to serve"),
        N_("From net revenue to profit"),
        N_("All other activities and direct costs"),
    ),
    (
        "operating_profit",
        N_("Operating profit"),
        N_("Details"),
        N_("Gross margin + cost to acquire + cost to serve"),
    ),
    (
        "cost_of_credit",
        N_("Cost of credit"),
        N_("From net revenue to profit"),
        N_("Financing of receivables and expected loss"),
    ),
    (
        "profit",
        N_("Customer profit"),
        N_("From net revenue to profit"),
        N_("Operating profit + cost of credit"),
    ),
)
"""Measure, header, heading above it and note of each money column."""

SUBTOTALS = ("net_revenue", "gross_margin", "operating_profit", "profit")

WATERFALL_COLUMNS = tuple(
    Column(
        measure,
        header,
        (),
        Format.MONEY,
        13.0,
        note,
        total="sum",
        rules=(SignRule(),) if measure in SUBTOTALS[1:] else (),
        heading=band,
        figure=Figure(measure),
    )
    for measure, header, band, note in WATERFALL
)


SHOWN = (
    *("customer", "verdict", "segment", "net_revenue", "gross_margin", "cost_to_acquire", "cost_to_serve"),
    *("cost_of_credit", "profit", "margin", "cumulative"),
)
"""The columns in the order of the question, what each customer is worth; the others are folded."""

LEADING = (
    Column(
        "customer",
        N_("Customer"),
        (),
        width=28.0,
        note=N_("Leads to the sheet Customer, where it can be chosen"),
        heading=N_("Customer"),
        figure=Figure(),
    ),
    Column("rank", "#", (), Format.INTEGER, 5.0, N_("Rank by customer profit"), heading=N_("Details")),
    Column("segment", N_("Segment"), (), width=14.0, heading=N_("Customer")),
)
"""The columns before those of the waterfall."""

CLOSING = (
    Column(
        "margin",
        N_("Profit %"),
        (),
        Format.SHARE,
        9.0,
        N_("Customer profit / net revenue; blank where there is no net revenue"),
        formula='IF({net_revenue}>0,{profit}/{net_revenue},"")',
        total='IF({net_revenue}>0,{profit}/{net_revenue},"")',
        rules=(SignRule(),),
        heading=N_("From net revenue to profit"),
    ),
    Column(
        "cumulative",
        N_("Cumulative profit"),
        (),
        Format.MONEY,
        14.0,
        N_("Profit of this customer and of all more profitable ones: the whale curve"),
        rules=(BarRule(Meaning.NEUTRAL),),
        heading=N_("From net revenue to profit"),
    ),
)
"""The columns behind those of the waterfall."""

FULLY_LOADED = tuple(
    Column(
        key,
        header,
        (),
        Format.MONEY,
        13.0,
        N_("Spread by net revenue: no ground for a decision"),
        total="sum",
        rules=rules,
        heading=N_("Fully loaded (not for decisions)"),
    )
    for key, header, rules in (
        ("unspread", N_("Unspread cost"), ()),
        ("fully_loaded_profit", N_("Profit, fully loaded"), (SignRule(),)),
    )
)
"""The columns of the fully loaded view."""


def describe_customer_pnl_sheet(results: Results) -> Sheet:
    """Return the sheet: customers by descending profit, so that the cumulative column is the whale curve."""
    whale = results.whale
    order = whale.index
    customers = [str(c) for c in order]
    frame = results.customers.loc[order].assign(rank=whale["rank"], cumulative=whale["cumulative"])
    columns = (
        build_verdict_column(results, order, _("Customer")),
        *fill_columns(
            LEADING,
            frame,
            {"customer": customers, "segment": list_customer_attributes(results, "segment", order)},
        ),
        *fill_columns(WATERFALL_COLUMNS, frame),
        *_close_columns(frame),
        *_build_fully_loaded_columns(results),
    )
    title = _n("One customer", "{n:,} customers, the most profitable first", len(order))
    title += " · " + describe_analysis_span(results)
    top = build_sheet_heading(_("Customer P&L"), title, across=10)
    return build_single_table_sheet(
        results,
        names.translate_sheet_name(names.CUSTOMER_PNL),
        top,
        build_all_customers_table(TABLE, arrange_columns(columns, SHOWN), LISTED),
        Meaning.PROFIT,
    )


def _close_columns(frame: pd.DataFrame) -> tuple[Column, ...]:
    """Return the closing columns; the margin of the total row is blank where net revenue is not above 0."""
    margin, cumulative = fill_columns(CLOSING, frame)
    net = float(frame["net_revenue"].sum())
    whole = float(frame["profit"].sum() / net) if net > 0 else None
    return replace(margin, total_value=whole), cumulative


def _build_fully_loaded_columns(results: Results) -> tuple[Column, ...]:
    """Return the two columns of the fully loaded view, where Settings asks for it."""
    if not results.inputs.settings.fully_loaded:
        return ()
    return fill_columns(FULLY_LOADED, results.fully_loaded().loc[results.whale.index])
