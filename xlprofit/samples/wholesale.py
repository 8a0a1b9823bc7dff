"""A wholesaler of tools and supplies: orders, picking, deliveries, and customers who ask for more."""

from __future__ import annotations

from xlprofit.messages import N_
from xlprofit.samples.trade import (
    Account,
    Activity,
    Habit,
    Product,
    Prospect,
    Resource,
    Support,
    Term,
    Trade,
    by_word,
)

FIELD, INSIDE, WEB = N_("Field sales"), N_("Inside sales"), N_("Web shop")
WAREHOUSE, VANS, SERVICE = N_("Warehouse"), N_("Delivery vans"), N_("Service desk")
MARKETING, FINANCE = N_("Marketing"), N_("Finance office")
IT, PREMISES = N_("IT"), N_("Premises")

MINUTES, TRANSACTIONS = N_("minutes"), N_("transactions")
LINES, PALLETS, KM, RUSH = N_("lines"), N_("pallets"), N_("km"), N_("rush")

VISIT, QUOTE = N_("Sales visit"), N_("Quote")
PHONE, ONLINE, EDI = N_("Phone order"), N_("Web order"), N_("EDI order")
PICKING, DELIVERY, PARCEL = N_("Pick and pack"), N_("Van delivery"), N_("Parcel")
HELP, COMPLAINT, RETURN = N_("Product support"), N_("Complaint"), N_("Return handling")
LABELLING, STOCK_COUNT = N_("Special labelling"), N_("Stock count at the customer")
EVENT, REMINDER, COLLECTION = N_("Customer event"), N_("Reminder"), N_("Collection call")
CATALOGUE, ACCOUNTING = N_("Catalogue and trade fair"), N_("Annual accounts")

CONTRACTORS, WORKSHOPS, RETAILERS = N_("Contractors"), N_("Workshops"), N_("Retailers")
BRANCH, KEY = N_("Branch sales"), N_("Key accounts")
FASTENERS, TOOLS, SAFETY = N_("Fasteners"), N_("Power tools"), N_("Safety gear")

RESOURCES = (
    Resource(FIELD, MINUTES, 0.95, practical=0.75, use=0.84),
    Resource(INSIDE, MINUTES, 0.72, practical=0.82, use=0.88),
    Resource(WEB, TRANSACTIONS, 2.40, practical=1.0, avoidable=0.2, use=0.62),
    Resource(WAREHOUSE, MINUTES, 0.58, practical=0.85, avoidable=0.8, use=0.91),
    Resource(VANS, MINUTES, 0.86, practical=0.85, avoidable=0.85, use=0.83),
    Resource(SERVICE, MINUTES, 0.70, use=0.79),
    Resource(MARKETING, MINUTES, 0.78, practical=0.85, avoidable=0.6, use=0.86),
    Resource(FINANCE, MINUTES, 0.74, practical=0.85, avoidable=0.4, use=0.80),
)

SUPPORT = (
    Support(IT, 0.07, {FIELD: 0.15, INSIDE: 0.25, WEB: 0.05, WAREHOUSE: 0.25, SERVICE: 0.15, FINANCE: 0.15}),
    Support(PREMISES, 0.12, {WAREHOUSE: 0.72, INSIDE: 0.09, SERVICE: 0.07, MARKETING: 0.05, FINANCE: 0.07}),
)

ACTIVITIES = (
    Activity(VISIT, "acquire", (Term(FIELD, 90), Term(FIELD, 1.2, KM))),
    Activity(QUOTE, "acquire", (Term(INSIDE, 25), Term(INSIDE, 3, LINES))),
    Activity(
        PHONE, "order", (Term(INSIDE, 6), Term(INSIDE, 1.5, LINES), Term(INSIDE, 8, RUSH)), level="batch"
    ),
    Activity(ONLINE, "order", (Term(WEB, 1),), level="batch"),
    Activity(EDI, "order", (Term("", 1),), unit_cost=0.6, level="batch"),
    Activity(
        PICKING,
        "deliver",
        (Term(WAREHOUSE, 10), Term(WAREHOUSE, 2.5, LINES), Term(WAREHOUSE, 12, PALLETS)),
        level="batch",
    ),
    Activity(
        DELIVERY,
        "deliver",
        (Term(VANS, 18), Term(VANS, 1.5, KM), Term(VANS, 6, PALLETS), Term(VANS, 30, RUSH)),
        level="batch",
    ),
    Activity(PARCEL, "deliver", (Term("", 1),), unit_cost=11.4, level="batch"),
    Activity(HELP, "service", (Term(SERVICE, 4), Term(SERVICE, 1, MINUTES))),
    Activity(COMPLAINT, "complaint", (Term(SERVICE, 45),)),
    Activity(RETURN, "complaint", (Term(WAREHOUSE, 25), Term(WAREHOUSE, 5, LINES))),
    Activity(LABELLING, "demand", (Term(WAREHOUSE, 15), Term(WAREHOUSE, 3, LINES))),
    Activity(STOCK_COUNT, "demand", (Term(FIELD, 150), Term(FIELD, 1.2, KM))),
    Activity(EVENT, "loyalty", (Term("", 1),), unit_cost=85.0),
    Activity(REMINDER, "collect", (Term(FINANCE, 10),)),
    Activity(COLLECTION, "collect", (Term(FINANCE, 12), Term(FINANCE, 1, MINUTES))),
    Activity(
        CATALOGUE, N_("marketing"), (Term(MARKETING, 1_900),), level="channel", avoidable=0.5, a_month=1
    ),
    Activity(
        ACCOUNTING, N_("administration"), (Term(FINANCE, 2_600),), level="corporate", avoidable=0.0, a_month=1
    ),
)

PRODUCTS = (Product(FASTENERS, 12.0, 0.61), Product(TOOLS, 190.0, 0.72), Product(SAFETY, 34.0, 0.64))


def _orders(
    a_month: float, lines: float, *, phone: float = 0.4, edi: float = 0.0, km: float = 25, rush: float = 0.0
) -> dict[str, Habit]:
    """Return the habits that orders bring: how they come in, are picked and are delivered.

    ``phone`` and ``edi`` are shares of the orders, the rest comes over the web; ``rush`` is the share that
    cannot wait. Orders of under four lines go as parcels.
    """
    hurried = {RUSH: rush} if rush else {}
    habits = {
        PHONE: Habit(a_month * phone, {LINES: lines} | hurried),
        ONLINE: Habit(a_month * (1 - phone - edi)),
        EDI: Habit(a_month * edi),
    }
    if lines < 4:
        return habits | {PICKING: Habit(a_month, {LINES: lines}), PARCEL: Habit(a_month * 1.3)}
    pallets = {PALLETS: lines / 12}
    return habits | {
        PICKING: Habit(a_month, {LINES: lines} | pallets),
        DELIVERY: Habit(a_month, {KM: km} | pallets | hurried),
    }


_care = by_word(
    {
        "visits": (VISIT, {KM: 40}),
        "quotes": (QUOTE, {LINES: 9}),
        "calls": (HELP, {MINUTES: 11}),
        "complaints": (COMPLAINT, {}),
        "returns": (RETURN, {LINES: 4}),
        "labelled": (LABELLING, {LINES: 10}),
        "counts": (STOCK_COUNT, {KM: 40}),
        "events": (EVENT, {}),
        "reminders": (REMINDER, {}),
        "chased": (COLLECTION, {MINUTES: 14}),
    }
)
"""Makes the habits that no order brings, by how often they are in a month."""


HELD = (
    Account(
        "Ashgrove Builders", CONTRACTORS, KEY, "M. Keller", "2014-03-03",
        {FASTENERS: 31_000, TOOLS: 24_000, SAFETY: 9_000},
        _orders(30, 14, phone=0.2, edi=0.6)
        | _care(visits=1.5, quotes=2, calls=6, complaints=0.6, returns=1, events=0.4),
        discount=0.09, term=45,
    ),
    Account(
        "Bellweather Homes", CONTRACTORS, KEY, "M. Keller", "2016-09-12",
        {FASTENERS: 26_000, TOOLS: 21_000, SAFETY: 6_000},
        _orders(46, 6, phone=0.8, km=45, rush=0.3)
        | _care(visits=4, quotes=7, calls=20, complaints=3, returns=4, labelled=16, counts=2, events=1, reminders=1),
        discount=0.17, returns=0.04, term=60, late=19,
    ),
    Account(
        "Carraway Joinery", WORKSHOPS, BRANCH, "J. Moss", "2018-01-15",
        {FASTENERS: 9_000, TOOLS: 5_500},
        _orders(9, 9, phone=0.3) | _care(visits=0.6, quotes=0.8, calls=3, complaints=0.2),
    ),
    Account(
        "Dunmore Roofing", CONTRACTORS, BRANCH, "J. Moss", "2015-05-04",
        {FASTENERS: 12_500, SAFETY: 5_200},
        _orders(14, 7, km=35, rush=0.15) | _care(visits=1, quotes=1.5, calls=7, complaints=0.8, returns=0.6),
        volume=(1.6, 0.45), attention=(0.4, 1.7), discount=0.06,
    ),
    Account(
        "Eastfield Hardware", RETAILERS, BRANCH, "P. Lindqvist", "2012-11-01",
        {FASTENERS: 14_000, TOOLS: 12_000, SAFETY: 4_000},
        _orders(10, 18, phone=0.1, edi=0.7) | _care(visits=1, quotes=0.5, calls=3, returns=1, events=0.3),
        discount=0.10,
    ),
    Account(
        "Fenwick Metalworks", WORKSHOPS, BRANCH, "J. Moss", "2019-06-17",
        {TOOLS: 7_500, SAFETY: 3_000},
        _orders(7, 6) | _care(visits=0.5, quotes=1, calls=4, complaints=0.2),
        volume=(0.8, 1.25),
    ),
    Account(
        "Greyhound Retail", RETAILERS, BRANCH, "P. Lindqvist", "2013-02-20",
        {FASTENERS: 6_500, TOOLS: 6_000},
        _orders(24, 3, phone=0.3) | _care(visits=2.5, calls=16, complaints=1.5, returns=5, labelled=18, counts=2),
        discount=0.16, returns=0.06,
    ),
    Account(
        "Holm & Sons", CONTRACTORS, BRANCH, "J. Moss", "2020-03-09",
        {FASTENERS: 4_800, TOOLS: 3_200},
        _orders(8, 5, phone=0.7) | _care(visits=0.6, quotes=0.6, calls=4, complaints=0.2),
    ),
    Account(
        "Ironbridge Civil", CONTRACTORS, KEY, "M. Keller", "2017-10-02",
        {FASTENERS: 15_000, SAFETY: 11_000},
        _orders(12, 13, edi=0.5, km=60) | _care(visits=1, quotes=1, calls=4, complaints=0.4, reminders=1, chased=1.5),
        discount=0.08, term=45, late=12, unpaid_from=6,
    ),
    Account(
        "Juniper Gardens", RETAILERS, BRANCH, "P. Lindqvist", "2021-04-12",
        {FASTENERS: 2_600, SAFETY: 900},
        _orders(6, 4) | _care(visits=0.8, calls=6, complaints=0.4, returns=1, labelled=2),
        volume=(0.6, 1.4), attention=(1.5, 0.5),
    ),
    Account(
        "Kestrel Fabrication", WORKSHOPS, BRANCH, "J. Moss", "2016-08-22",
        {FASTENERS: 8_500, TOOLS: 9_000, SAFETY: 2_800},
        _orders(9, 11, phone=0.15, edi=0.4) | _care(visits=0.7, quotes=1, calls=3, complaints=0.2, events=0.3),
    ),
    Account(
        "Larkspur Maintenance", CONTRACTORS, BRANCH, "P. Lindqvist", "2025-08-18",
        {FASTENERS: 5_000, TOOLS: 4_000},
        _orders(7, 6, phone=0.6) | _care(visits=1.5, quotes=3, calls=6, complaints=0.3),
        first=7,
    ),
)  # fmt: skip

PROSPECTS = (
    Prospect(
        "Mallory Estates", CONTRACTORS, 210_000, 0.30, 0.45, 1_500, 30, FIELD, 0.15, 35, 0.005,
        {EDI: Habit(150), PICKING: Habit(150, {LINES: 13, PALLETS: 1}), DELIVERY: Habit(150, {KM: 30, PALLETS: 1}),
         VISIT: Habit(10, {KM: 35}), HELP: Habit(40, {MINUTES: 10})},
    ),
    Prospect(
        "Nettlefold Flats", CONTRACTORS, 48_000, 0.21, 0.30, 2_500, 70, FIELD, 0.85, 75, 0.04,
        {PHONE: Habit(160, {LINES: 3}), PICKING: Habit(160, {LINES: 3}), PARCEL: Habit(200),
         LABELLING: Habit(80, {LINES: 8}), HELP: Habit(150, {MINUTES: 12}), VISIT: Habit(18, {KM: 70})},
    ),
    Prospect("Oakham Stores", RETAILERS, 64_000, 0.29, 0.5, 600, 14, FIELD, 0.1, 30, 0.01),
    Prospect("Pemberton Works", WORKSHOPS, 90_000, None, 0.4, 900, 20, FIELD),
)  # fmt: skip

WHOLESALE = Trade(
    title=N_("A wholesaler: orders, picking, deliveries, returns"),
    resources=RESOURCES,
    support=SUPPORT,
    activities=ACTIVITIES,
    products=PRODUCTS,
    accounts=HELD,
    commissions=(("all", "", "net_revenue", 0.01), ("channel", KEY, "gross_margin", 0.02)),
    direct_costs=(
        (2, "Ashgrove Builders", "acquire", 1_800.0, N_("Samples for a tender")),
        (5, "Bellweather Homes", "deliver", 2_400.0, N_("Hired lorry")),
        (9, "Bellweather Homes", "complaint", 3_100.0, N_("Compensation for a late delivery")),
        (11, "Eastfield Hardware", "loyalty", 1_200.0, N_("Joint campaign")),
    ),
    referrals=(
        ("Juniper Gardens", "Kestrel Fabrication", 0.1, 150.0),
        ("Carraway Joinery", "Fenwick Metalworks", 0.3, 0.0),
    ),
    prospects=PROSPECTS,
    season=(0.85, 0.9, 1.0, 1.08, 1.12, 1.1, 0.85, 0.98, 1.08, 1.08, 1.02, 0.94),
)
