"""The sheet *Products*: what each product earns, its whale curve, and who buys what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.analysis.assortment import map_customers
from xlprofit.messages import N_, _, _n
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    arrange_columns,
    build_sheet_heading,
    describe_analysis_span,
    fill_columns,
    format_money_amount,
    list_cell_values,
)
from xlprofit.sheets.parts import (
    BarRule,
    Cell,
    Chart,
    Column,
    Figure,
    Format,
    HeatRule,
    Meaning,
    Series,
    Sheet,
    SignRule,
    Table,
)

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

TABLE, MAP, LISTED = "products", "products_by_customer", "ProductPnL"
CUSTOMERS, WIDEST = 12, 4
"""Customers and products of the map: those of the greatest net revenue."""
MAP_ROW = 5
TABLE_ROW = MAP_ROW + CUSTOMERS + 6

SHOWN = (
    "product",
    "profit",
    "net_revenue",
    "gross_margin",
    "gross_margin_share",
    "cost_to_serve",
    "customers",
)
"""The columns in the order of the question, what each product earns; the others are folded."""

COLUMNS = (
    Column("product", N_("Product"), (), width=26.0),
    Column("rank", "#", (), Format.INTEGER, 12.0, N_("Rank by product profit")),
    Column("net_revenue", N_("Net revenue"), (), Format.MONEY, 12.0, total="sum"),
    Column(
        "profit",
        N_("Product profit"),
        (),
        Format.MONEY,
        13.0,
        N_("What it leaves before what no product is traced to"),
        total="sum",
        rules=(SignRule(),),
    ),
    Column("discount_share", N_("Discount %"), (), Format.SHARE, 12.0, N_("Discounts / gross revenue")),
    Column("cogs", N_("Cost of goods"), (), Format.MONEY, 12.0, total="sum"),
    Column("gross_margin", N_("Gross margin"), (), Format.MONEY, 12.0, total="sum", rules=(SignRule(),)),
    Column(
        "gross_margin_share", N_("Gross margin %"), (), Format.SHARE, 12.0, N_("Gross margin / net revenue")
    ),
    Column(
        "cost_to_acquire",
        N_("Commissions"),
        (),
        Format.MONEY,
        13.0,
        N_("Those of rules for the product; in the last row all other cost to acquire"),
        total="sum",
    ),
    Column(
        "cost_to_serve",
        N_("Cost to serve"),
        (),
        Format.MONEY,
        13.0,
        N_("Activities that the log says were done for the product; in the last row all others"),
        total="sum",
    ),
    Column("cost_of_credit", N_("Cost of credit"), (), Format.MONEY, 12.0, total="sum"),
    Column("customers", N_("Customers"), (), Format.INTEGER, 11.0, N_("Customers who bought it")),
    Column(
        "cumulative",
        N_("Cumulative profit"),
        (),
        Format.MONEY,
        14.0,
        N_("Profit of this product and of all more profitable ones: the whale curve"),
        rules=(BarRule(Meaning.NEUTRAL),),
    ),
)
"""The columns of the product P&L; their values are the frame's own, but for the name of what has no product."""


def describe_products_sheet(results: Results) -> Sheet | None:
    """Return the sheet: the map of customers and products and the whale curve, then every product.

    Nothing where no amount names a product.
    """
    frame = results.products
    named = frame[(frame.index != "")]
    if not len(named):
        return None
    table = _build_product_table(frame)
    losing = int((named["profit"] < 0).sum())
    title = _n("One product", "{n:,} products, the most profitable first", len(named))
    if losing:
        title += _n(" · {n:,} of them makes a loss", " · {n:,} of them make a loss", losing)
    untraced = float(frame["profit"].sum() - named["profit"].sum())
    note = _(
        "{money} is traced to no product and spread over none: it is in the last row",
        money=format_money_amount(untraced, results),
    )
    heading = build_sheet_heading(_("Products"), title + " · " + describe_analysis_span(results))
    return Sheet(
        names.translate_sheet_name(names.PRODUCTS),
        cells=(
            *heading,
            Cell(
                MAP_ROW - 1,
                1,
                _("Product profit of the customers and products of the greatest net revenue"),
                Meaning.SECTION,
                across=WIDEST + 1,
            ),
            Cell(TABLE_ROW - 3, 1, _("Every product"), Meaning.SECTION, across=8),
            Cell(TABLE_ROW - 2, 1, note, Meaning.NOTE, across=8),
        ),
        tables=(table, _build_map(results, named)),
        charts=(_build_whale_chart(results, len(named)),),
        freeze=f"B{MAP_ROW - 1}",
        repeat_rows=(table.row, table.row),
        tab=Meaning.PROFIT,
        currency=results.inputs.settings.currency,
    )


def _build_product_table(frame: pd.DataFrame) -> Table:
    columns = fill_columns(
        COLUMNS, frame, {"product": [str(p) or _("(not traced to a product)") for p in frame.index]}
    )
    return Table(
        TABLE,
        TABLE_ROW,
        1,
        arrange_columns(columns, SHOWN),
        total_first=True,
        total_label=_("All customers"),
        listed=LISTED,
    )


def _build_map(results: Results, named: pd.DataFrame) -> Table:
    """Return the map: what the products leave of the customers, both of the greatest net revenue."""
    net = results.customers["net_revenue"]
    customers = net.index[np.lexsort([net.index.to_numpy().astype(str), -net.to_numpy()])][:CUSTOMERS]
    sold = named["net_revenue"]
    products = sold.index[np.lexsort([sold.index.to_numpy().astype(str), -sold.to_numpy()])][:WIDEST]
    table = map_customers(results.ledger, customers, products)
    columns = [Column("customer", _("Customer"), [str(c) for c in customers], width=26.0, figure=Figure())]
    columns += [
        Column(
            f"product_{i}",
            str(product),
            list_cell_values(table[product]),
            Format.MONEY,
            13.0,
            rules=(HeatRule(Meaning.PROFIT, Meaning.LOSS),),
        )
        for i, product in enumerate(products)
    ]
    return Table(MAP, MAP_ROW, 1, tuple(columns), filtered=False, empty=_("No customers"))


def _build_whale_chart(results: Results, count: int) -> Chart:
    currency = results.inputs.settings.currency
    return Chart(
        "line",
        _("Whale curve: cumulative profit, the most profitable product first"),
        MAP_ROW - 1,
        len(COLUMNS) + 1,
        (TABLE, "rank"),
        (Series(TABLE, "cumulative", _("Cumulative profit"), Meaning.PROFIT),),
        x_title=_("Products, by profit"),
        y_title=_("Cumulative profit, {currency}", currency=currency),
        width=275.0,
        height=(CUSTOMERS + 2) * 17.0,
        rows=count,
    )
