"""The sheet *Customer P&L*: a row a customer, the waterfall from gross revenue to profit across."""

from __future__ import annotations

from xlprofit.messages import N_, _, _n
from xlprofit.results import Results
from xlprofit.sheets import cost_to_serve, names
from xlprofit.sheets.frame import attribute, every_customer, heading, links_to, listing, places, span, values
from xlprofit.sheets.parts import BarRule, Column, Figure, Format, Meaning, Sheet, SignRule

TABLE = "customer_pnl"

WATERFALL = (
    ("gross_revenue", N_("Gross revenue"), N_("Net revenue"), N_("Sales at list price")),
    ("discounts", N_("Discounts"), N_("Net revenue"), N_("Discounts and rebates on the invoice lines")),
    ("returns", N_("Returns"), N_("Net revenue"), N_("Returns and credit notes")),
    ("net_revenue", N_("Net revenue"), N_("Net revenue"), N_("Gross revenue + discounts + returns")),
    ("cogs", N_("Cost of goods"), N_("Gross margin"), N_("Cost of goods sold")),
    ("gross_margin", N_("Gross margin"), N_("Gross margin"), N_("Net revenue + cost of goods")),
    (
        "cost_to_acquire",
        N_("Cost to acquire"),
        N_("Operating profit"),
        N_("Sales effort and commissions (groups acquire, commission)"),
    ),
    (
        "cost_to_serve",
        N_("Cost to serve"),
        N_("Operating profit"),
        N_("All other activities and direct costs"),
    ),
    (
        "operating_profit",
        N_("Operating profit"),
        N_("Operating profit"),
        N_("Gross margin + cost to acquire + cost to serve"),
    ),
    ("cost_of_credit", N_("Cost of credit"), N_("Profit"), N_("Financing of receivables and expected loss")),
    ("profit", N_("Customer profit"), N_("Profit"), N_("Operating profit + cost of credit")),
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
            _(header),
            values(frame[measure]),
            Format.MONEY,
            13.0,
            _(note),
            total="sum",
            rules=(SignRule(),) if measure in SUBTOTALS[1:] else (),
            heading=_(band),
            figure=Figure(measure),
        )
        for measure, header, band, note in WATERFALL
    ]
    cost_rows = places(results.cost_to_serve.index[cost_to_serve.order(results)])
    columns = (
        Column(
            "customer",
            _("Customer"),
            [str(c) for c in order],
            width=30.0,
            note=_("Leads to the customer's activities on Cost to serve"),
            links=links_to(names.called(names.COST_TO_SERVE), [str(c) for c in order], cost_rows),
            heading=_("Customer"),
            figure=Figure(),
        ),
        Column(
            "rank",
            "#",
            values(whale["rank"]),
            Format.INTEGER,
            5.0,
            _("Rank by customer profit"),
            heading=_("Customer"),
        ),
        Column(
            "segment", _("Segment"), attribute(results, "segment", order), width=14.0, heading=_("Customer")
        ),
        *money,
        Column(
            "margin",
            _("Profit %"),
            values(frame["margin"]),
            Format.SHARE,
            9.0,
            _("Customer profit / net revenue; blank where there is no net revenue"),
            formula='IF({net_revenue}>0,{profit}/{net_revenue},"")',
            total='IF({net_revenue}>0,{profit}/{net_revenue},"")',
            total_value=float(frame["profit"].sum() / net)
            if (net := float(frame["net_revenue"].sum())) > 0
            else None,
            rules=(SignRule(),),
            heading=_("Profit"),
        ),
        Column(
            "cumulative",
            _("Cumulative profit"),
            values(whale["cumulative"]),
            Format.MONEY,
            14.0,
            _("Profit of this customer and of all more profitable ones: the whale curve"),
            rules=(BarRule(Meaning.NEUTRAL),),
            heading=_("Profit"),
        ),
        *_fully_loaded(results),
    )
    title = _n("One customer", "{n:,} customers, the most profitable first", len(order))
    title += " · " + span(results)
    top = heading(_("Customer P&L"), title, across=10)
    return listing(
        results, names.called(names.CUSTOMER_PNL), top, every_customer(TABLE, columns), Meaning.PROFIT
    )


def _fully_loaded(results: Results) -> tuple[Column, ...]:
    """Return the two columns of the fully loaded view, where Settings asks for it."""
    if not results.inputs.settings.fully_loaded:
        return ()
    frame = results.fully_loaded().loc[results.whale.index]
    band = _("Fully loaded (not for decisions)")
    warning = _("Spread by net revenue: no ground for a decision")
    return (
        Column(
            "unspread",
            _("Unspread cost"),
            values(frame["unspread"]),
            Format.MONEY,
            13.0,
            warning,
            total="sum",
            heading=band,
        ),
        Column(
            "fully_loaded_profit",
            _("Profit, fully loaded"),
            values(frame["fully_loaded_profit"]),
            Format.MONEY,
            13.0,
            warning,
            total="sum",
            rules=(SignRule(),),
            heading=band,
        ),
    )
