"""What the demo company is: its months, resources, activities, wares and rules. Facts, no chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlprofit.samples.trade import Activity, Resource, Support, Term

MONTHS = np.arange("2024-11", "2026-11", dtype="datetime64[M]")
"""The months of the demo, November 2024 to October 2026."""

START = MONTHS[0].astype("datetime64[D]")
END = (MONTHS[-1] + 1).astype("datetime64[D]") - np.timedelta64(1, "D")

SEASON = np.array([0.90, 0.90, 0.97, 1.04, 1.12, 1.06, 0.84, 0.98, 1.00, 1.01, 1.12, 1.06])
"""How busy each month of the year is, January first; the mean is 1."""

LINE_VALUE = 800.0
"""What a line of an average customer's order is worth at list price, in euros."""

LINES = 7.5
"""How many lines an average order has."""

SCENARIOS = (
    ("Hotels pay 3 % more", "price", "segment:Hotels", "+3%"),
    ("Hotels pay 3 % more", "elasticity", "segment:Hotels", "-0.8"),
    ("Fewer rush orders", "activity", "Rush handling", "-20%"),
)
"""What if: scenario, what changes, of whom or which, by how much."""

SETTINGS: dict[str, str | float] = {
    "currency": "EUR",
    "period": "month",
    "discount_rate": 0.10,
    "cost_of_capital": 0.08,
    "horizon": 3.0,
    "compare": "previous year",
    "materiality": 1_000.0,
}
"""The settings that are not dates."""


RESOURCES = (
    Resource("Field sales", "minutes", 0.78, 0.80, 0.90, 0.85),
    Resource("Inside sales", "minutes", 0.58, 0.85, 0.90, 0.82),
    Resource("Service desk", "minutes", 0.62, 0.80, 0.90, 0.83),
    Resource("Night team", "minutes", 0.85, 0.90, 1.00, 0.38, step=4_200.0),
    Resource("Web shop", "transactions", 2.20, 1.00, 0.20, 0.70),
    Resource("Warehouse", "minutes", 0.53, 0.85, 0.80, 0.935),
    Resource("Delivery vans", "minutes", 0.79, 0.85, 0.85, 0.84),
    Resource("Labelling workshop", "minutes", 0.54, 0.80, 0.90, 0.72),
    Resource("Marketing team", "minutes", 0.62, 0.85, 0.70, 0.82),
    Resource("Finance office", "minutes", 0.60, 0.85, 0.50, 0.82),
)
"""The resources that serve. The night team is idle for the most part, and goes one person at a
time; the warehouse is short in peaks."""

SUPPORT = (
    Support(
        "IT",
        0.11,
        {"Premises": 0.05, "Web shop": 0.06, "Inside sales": 0.20, "Service desk": 0.20}
        | {"Warehouse": 0.20, "Field sales": 0.14, "Finance office": 0.15},
        0.20,
    ),
    Support(
        "Premises",
        0.15,
        {"IT": 0.06, "Warehouse": 0.54, "Labelling workshop": 0.12, "Inside sales": 0.08}
        | {"Service desk": 0.08, "Marketing team": 0.05, "Finance office": 0.07},
        0.15,
    ),
    Support(
        "Management",
        0.12,
        {"IT": 0.05, "Premises": 0.05, "Field sales": 0.30, "Inside sales": 0.12}
        | {"Service desk": 0.10, "Warehouse": 0.18, "Delivery vans": 0.12, "Finance office": 0.08},
        0.10,
    ),
)
"""Who passes how much of its cost to whom. IT and Premises serve each other."""


def _define_activity(
    name: str,
    group: str,
    resource: str,
    terms: tuple[tuple[str, float], ...],
    level: str = "customer",
    **priced: float,
) -> Activity:
    """Return an activity of one resource, its time equation as driver and rate; the base term has no driver."""
    equation = tuple(Term(resource, float(rate), driver) for driver, rate in terms)
    return Activity(name, group, equation, level=level, **priced)


ACTIVITIES = (
    _define_activity("Sales visit", "acquire", "Field sales", (("", 180), ("km", 1.1), ("new_customer", 90))),
    _define_activity("Quote", "acquire", "Inside sales", (("", 80), ("lines", 6), ("new_customer", 60))),
    _define_activity("Phone order", "order", "Inside sales", (("", 16), ("lines", 3), ("rush", 20)), "batch"),
    _define_activity("Web order", "order", "Web shop", (("", 1),), "batch"),
    _define_activity("EDI order", "order", "", (("", 1),), "batch", unit_cost=1.40),
    _define_activity(
        "Pick and pack", "deliver", "Warehouse", (("", 50), ("lines", 8), ("pallets", 55)), "batch"
    ),
    _define_activity(
        "Van delivery",
        "deliver",
        "Delivery vans",
        (("", 75), ("km", 2), ("pallets", 28), ("rush", 90)),
        "batch",
    ),
    _define_activity("Parcel", "deliver", "", (("", 1),), "batch", unit_cost=12.90),
    _define_activity("Web self-service", "service", "Web shop", (("", 0.25),)),
    _define_activity("Phone support", "service", "Service desk", (("", 10), ("minutes", 1))),
    _define_activity("Night line call", "service", "Night team", (("", 12), ("minutes", 1))),
    _define_activity("Complaint", "complaint", "Service desk", (("", 150), ("lines", 15))),
    _define_activity("Return handling", "complaint", "Warehouse", (("", 90), ("lines", 20))),
    _define_activity("Loyalty club", "loyalty", "Marketing team", (("", 90),)),
    _define_activity("Loyalty event", "loyalty", "", (("", 1),), unit_cost=95.0),
    _define_activity("Special labelling", "demand", "Labelling workshop", (("", 150), ("lines", 24))),
    _define_activity("Rush handling", "demand", "Warehouse", (("", 150), ("lines", 10))),
    _define_activity("Reminder", "collect", "Finance office", (("", 35),)),
    _define_activity("Collection call", "collect", "Finance office", (("", 30), ("minutes", 1))),
    _define_activity(
        "Trade fair and catalogue", "marketing", "Marketing team", (("", 6000),), "channel", avoidable=0.5
    ),
    _define_activity(
        "Group reporting", "administration", "Finance office", (("", 7500),), "corporate", avoidable=0.0
    ),
)
"""What is done for customers; the last two are done for a channel and for the whole firm."""

DRIVERS = ("lines", "pallets", "km", "minutes", "rush", "new_customer")
"""The driver columns of ActivityLog."""


@dataclass(frozen=True)
class Segment:
    """How the customers of a segment trade: share of all customers, order habits and demands.

    ``lines`` are lines an order, ``ticket`` the value of a line as a multiple of the average, ``phone``
    and ``edi`` shares of the orders, ``km`` the usual way to the customer.
    """

    name: str
    share: float
    lines: float
    ticket: float
    phone: float
    edi: float
    discount: float
    km: float


SEGMENTS = (
    Segment("Restaurants", 0.38, 6.5, 0.85, 0.60, 0.00, 0.07, 30.0),
    Segment("Hotels", 0.17, 9.0, 1.15, 0.45, 0.10, 0.10, 45.0),
    Segment("Shops", 0.30, 8.5, 0.95, 0.40, 0.10, 0.09, 40.0),
    Segment("Online resellers", 0.15, 6.5, 1.20, 0.05, 0.55, 0.12, 25.0),
)

OWNERS = (
    "Aino Särkelä",
    "Eero Hämäläinen",
    "Helmi Jäppinen",
    "Kaarlo Mäntysaari",
    "Lempi Väätäinen",
    "Onni Pöyhönen",
    "Saimi Törmälä",
    "Väinö Kähärä",
)
"""The account managers; the last two look after the key accounts and the online resellers."""

PRODUCTS: tuple[tuple[str, float, float, float], ...] = (
    ("Porcelain plates", 0.11, 8.5, 0.58),
    ("Porcelain cups", 0.07, 6.0, 0.58),
    ("Wine glasses", 0.09, 4.8, 0.57),
    ("Tumblers", 0.07, 3.2, 0.58),
    ("Cutlery", 0.10, 3.9, 0.56),
    ("Serving dishes", 0.06, 24.0, 0.57),
    ("Cast-iron pots", 0.06, 78.0, 0.61),
    ("Frying pans", 0.07, 42.0, 0.61),
    ("Chef's knives", 0.05, 64.0, 0.60),
    ("GN containers", 0.08, 19.0, 0.62),
    ("Chafing dishes", 0.03, 145.0, 0.64),
    ("Coffee machines", 0.04, 890.0, 0.69),
    ("Table linen", 0.06, 14.5, 0.55),
    ("Napkins and candles", 0.07, 2.1, 0.57),
    ("Kitchen utensils", 0.04, 9.9, 0.59),
)
"""Product group, share of the lines, list price of a piece in euros, cost as a share of list price."""

COMMISSIONS: tuple[tuple[str, str, str, float, str, str], ...] = (
    ("all", "", "net_revenue", 0.009, "", "2025-12-31"),
    ("all", "", "net_revenue", 0.011, "2026-01-01", ""),
    ("product", "Coffee machines", "gross_margin", 0.05, "", ""),
    ("channel", "Web", "net_revenue", 0.003, "", ""),
    ("segment", "Hotels", "gross_margin", 0.035, "2025-07-01", ""),
    ("owner", "Väinö Kähärä", "gross_margin", 0.02, "", "2026-06-30"),
)
"""Commission rules: scope, value, basis, rate, first and last day."""

LOSS_RATES = ((0, 0.002), (1, 0.008), (31, 0.03), (61, 0.08), (91, 0.22), (181, 0.50), (361, 0.75))
"""The provision matrix: days past due from, share lost."""

DIRECT_COSTS: tuple[tuple[str, str, float, float, bool], ...] = (
    ("deliver", "Hired lorry for a large delivery", 420.0, 1.0, False),
    ("acquire", "Samples and show kitchen", 260.0, 1.0, False),
    ("loyalty", "Christmas gifts", 140.0, 1.0, False),
    ("complaint", "Compensation for breakage", 310.0, 1.0, False),
    ("demand", "Mould for a logo on the plates", 950.0, 0.5, True),
    ("training", "Staff training at the customer's", 520.0, 1.0, False),
)
"""Group, note, usual amount in euros, avoidable share and whether it comes once; training is a word of our own."""
