"""Money: which columns of the input tables hold amounts, and what is known of their kind."""

from __future__ import annotations

MONEY: dict[str, tuple[str, ...]] = {
    "Sales": ("gross_revenue", "discount", "returns", "cogs"),
    "Resources": ("cost",),
    "Activities": ("unit_cost",),
    "DirectCosts": ("amount",),
    "Invoices": ("amount",),
    "Balances": ("balance",),
    "Referrals": ("reward",),
    "Prospects": ("revenue", "pursuit_cost"),
    "ControlTotals": ("amount",),
}
"""Columns of money by table, that which best says how much a row is about first."""

PRICES = {("Activities", "unit_cost")}
"""Columns of money for one unit, which may well have three decimals."""

REVENUE = {"Sales": ("gross_revenue",), "Invoices": ("amount",), "Balances": ("balance",)}
COSTS = {"Sales": ("discount", "returns", "cogs"), "DirectCosts": ("amount",), "Resources": ("cost",)}
"""Columns that are written positive and seldom negative, by table."""

OF_REVENUE = {"Sales": ("discount", "returns", "cogs")}
"""Columns of money that may be written as a share of the gross revenue in the same row."""

THREE_DECIMALS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
"""Currencies whose smallest unit is a thousandth (ISO 4217)."""


def is_money(table: str, column: str) -> bool:
    """Whether a column holds amounts of money, a price for one unit being none."""
    return column in MONEY.get(table, ()) and (table, column) not in PRICES
