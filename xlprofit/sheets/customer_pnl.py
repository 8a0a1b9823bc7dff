"""The sheet *Customer P&L*: a row a customer, the waterfall from gross revenue to profit across."""

from __future__ import annotations

from xlprofit.results import Results
from xlprofit.sheets import cost_to_serve, names
from xlprofit.sheets.frame import attribute, every_customer, heading, links_to, listing, places, span, values
from xlprofit.sheets.parts import BarRule, Column, Format, Meaning, Sheet, SignRule

TABLE = "customer_pnl"

WATERFALL = (
    ("gross_revenue", "Gross revenue", "Net revenue", "Sales at list price"),
    ("discounts", "Discounts", "Net revenue", "Discounts and rebates on the invoice lines"),
    ("returns", "Returns", "Net revenue", "Returns and credit notes"),
    ("net_revenue", "Net revenue", "Net revenue", "Gross revenue + discounts + returns"),
    ("cogs", "Cost of goods", "Gross margin", "Cost of goods sold"),
    ("gross_margin", "Gross margin", "Gross margin", "Net revenue + cost of goods"),
    (
        "cost_to_acquire",
        "Cost to acquire",
        "Operating profit",
        "Sales effort and commissions (groups acquire, commission)",
    ),
    ("cost_to_serve", "Cost to serve", "Operating profit", "All other activities and direct costs"),
    (
        "operating_profit",
        "Operating profit",
        "Operating profit",
        "Gross margin + cost to acquire + cost to serve",
    ),
    ("cost_of_credit", "Cost of credit", "Profit", "Financing of receivables and expected loss"),
    ("profit", "Customer profit", "Profit", "Operating profit + cost of credit"),
)
"""Measure, header, heading above it and note of each money column."""

SUBTOTALS = ("net_revenue", "gross_margin", "operating_profit", "profit")


def sheet(results: Results) -> Sheet:
    """Return the sheet: customers by descending profit, so that the cumulative column is the whale curve."""
    whale = results.whale
    order = whale.index
    frame = results.customers.loc[order]
    money = [
        Column(
            measure,
            header,
            values(frame[measure]),
            Format.MONEY,
            13.0,
            note,
            total="sum",
            rules=(SignRule(),) if measure in SUBTOTALS[1:] else (),
            heading=band,
        )
        for measure, header, band, note in WATERFALL
    ]
    cost_rows = places(results.cost_to_serve.index[cost_to_serve.order(results)])
    columns = (
        Column(
            "customer",
            "Customer",
            [str(c) for c in order],
            width=30.0,
            note="Leads to the customer's activities on Cost to serve",
            links=links_to(names.COST_TO_SERVE, [str(c) for c in order], cost_rows),
            heading="Customer",
        ),
        Column(
            "rank",
            "#",
            values(whale["rank"]),
            Format.INTEGER,
            5.0,
            "Rank by customer profit",
            heading="Customer",
        ),
        Column("segment", "Segment", attribute(results, "segment", order), width=14.0, heading="Customer"),
        *money,
        Column(
            "margin",
            "Margin",
            values(frame["margin"]),
            Format.SHARE,
            9.0,
            "Customer profit / net revenue; blank where there is no net revenue",
            formula='IF({net_revenue}>0,{profit}/{net_revenue},"")',
            total='IF({net_revenue}>0,{profit}/{net_revenue},"")',
            total_value=float(frame["profit"].sum() / net)
            if (net := float(frame["net_revenue"].sum())) > 0
            else None,
            rules=(SignRule(),),
            heading="Profit",
        ),
        Column(
            "cumulative",
            "Cumulative profit",
            values(whale["cumulative"]),
            Format.MONEY,
            14.0,
            "Profit of this customer and of all more profitable ones: the whale curve",
            rules=(BarRule(Meaning.NEUTRAL),),
            heading="Profit",
        ),
        *_fully_loaded(results),
    )
    title = f"{len(order):,} customers, the most profitable first · {span(results)}"
    top = heading("Customer P&L", title, across=10)
    return listing(results, names.CUSTOMER_PNL, top, every_customer(TABLE, columns), Meaning.PROFIT)


def _fully_loaded(results: Results) -> tuple[Column, ...]:
    """Return the two columns of the fully loaded view, where Settings asks for it."""
    if not results.inputs.settings.fully_loaded:
        return ()
    frame = results.fully_loaded().loc[results.whale.index]
    band, warning = "Fully loaded (not for decisions)", "Spread by net revenue: no ground for a decision"
    return (
        Column(
            "unspread",
            "Unspread cost",
            values(frame["unspread"]),
            Format.MONEY,
            13.0,
            warning,
            total="sum",
            heading=band,
        ),
        Column(
            "fully_loaded_profit",
            "Profit, fully loaded",
            values(frame["fully_loaded_profit"]),
            Format.MONEY,
            13.0,
            warning,
            total="sum",
            rules=(SignRule(),),
            heading=band,
        ),
    )
