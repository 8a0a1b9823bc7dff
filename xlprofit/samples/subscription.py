"""A subscription business: plans by the seat, and what it takes to win, start, support and keep subscribers."""

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

SALES, ONBOARDING, SUCCESS = N_("Sales team"), N_("Onboarding team"), N_("Customer success")
DESK, NIGHT, ENGINEERS = N_("Support desk"), N_("Night support"), N_("Engineers")
CLOUD, BILLING, MARKETING = N_("Cloud platform"), N_("Billing office"), N_("Marketing")
TOOLS, PREMISES = N_("IT and tools"), N_("Premises")

MINUTES, UNITS = N_("minutes"), N_("computing units")
SEATS, INTEGRATIONS, GIGABYTES = N_("seats"), N_("integrations"), N_("gigabytes")
CALLS, TALK = N_("thousand_calls"), N_("minutes")

DEMO, TRIAL, LEAD = N_("Demonstration"), N_("Trial"), N_("Paid lead")
START, IMPORT, RENEWAL = N_("Start of a subscriber"), N_("Data import"), N_("Renewal")
HOSTING, TICKET, CHAT = N_("Hosting"), N_("Ticket"), N_("Chat")
NIGHT_CALL, ESCALATION, INCIDENT = N_("Call at night"), N_("Escalation"), N_("Service credit case")
REVIEW, COMMUNITY, CUSTOM = N_("Business review"), N_("Community event"), N_("Custom development")
SECURITY, CARD, DUNNING = N_("Security questionnaire"), N_("Card payment"), N_("Failed payment")
BRAND, BUILDING, ADMINISTRATION = (
    N_("Brand and content"),
    N_("Product development"),
    N_("Running the company"),
)

SMALL, MEDIUM, LARGE = N_("Small teams"), N_("Mid-size"), N_("Enterprise")
SELF, ASSISTED, PARTNER = N_("Self-service"), N_("Sales"), N_("Partners")
BASIC, TEAM, ENTERPRISE = N_("Basic plan"), N_("Team plan"), N_("Enterprise plan")

RESOURCES = (
    Resource(SALES, MINUTES, 0.98, practical=0.78, use=0.82),
    Resource(ONBOARDING, MINUTES, 0.74, use=0.80),
    Resource(SUCCESS, MINUTES, 0.82, use=0.86),
    Resource(DESK, MINUTES, 0.72, practical=0.78, use=0.90),
    Resource(NIGHT, MINUTES, 0.88, practical=0.90, avoidable=1.0, use=0.34),
    Resource(ENGINEERS, MINUTES, 1.05, practical=0.75, avoidable=0.7, use=0.88),
    Resource(CLOUD, UNITS, 0.62, practical=0.70, avoidable=0.6, use=0.83),
    Resource(BILLING, MINUTES, 0.66, avoidable=0.5, use=0.75),
    Resource(MARKETING, MINUTES, 0.80, avoidable=0.7, use=0.85),
)

SUPPORT = (
    Support(
        TOOLS,
        0.08,
        {SALES: 0.06, ONBOARDING: 0.06, SUCCESS: 0.10, DESK: 0.30, ENGINEERS: 0.42, BILLING: 0.06},
    ),
    Support(
        PREMISES,
        0.06,
        {SALES: 0.07, ONBOARDING: 0.06, SUCCESS: 0.10, DESK: 0.27, ENGINEERS: 0.38, MARKETING: 0.12},
    ),
)

ACTIVITIES = (
    Activity(LEAD, "acquire", (Term("", 1),), unit_cost=140.0),
    Activity(DEMO, "acquire", (Term(SALES, 180), Term(SALES, 1.5, SEATS))),
    Activity(TRIAL, "acquire", (Term(SALES, 150), Term(ONBOARDING, 90))),
    Activity(
        START,
        N_("onboarding"),
        (Term(ONBOARDING, 180), Term(ONBOARDING, 4, SEATS), Term(ONBOARDING, 150, INTEGRATIONS)),
        level="batch",
    ),
    Activity(IMPORT, N_("onboarding"), (Term(ONBOARDING, 60), Term(ONBOARDING, 8, GIGABYTES)), level="batch"),
    Activity(RENEWAL, "order", (Term(SUCCESS, 90), Term(SALES, 120)), level="batch"),
    Activity(
        HOSTING,
        "deliver",
        (Term(CLOUD, 4, SEATS), Term(CLOUD, 1.5, GIGABYTES), Term(CLOUD, 0.8, CALLS)),
        level="output-unit",
    ),
    Activity(TICKET, "service", (Term(DESK, 20),)),
    Activity(CHAT, "service", (Term(DESK, 11),)),
    Activity(NIGHT_CALL, "service", (Term(NIGHT, 6), Term(NIGHT, 1, TALK))),
    Activity(ESCALATION, "complaint", (Term(ENGINEERS, 90), Term(SUCCESS, 30))),
    Activity(INCIDENT, "complaint", (Term(SUCCESS, 45), Term(BILLING, 20))),
    Activity(REVIEW, "loyalty", (Term(SUCCESS, 110),)),
    Activity(COMMUNITY, "loyalty", (Term("", 1),), unit_cost=95.0),
    Activity(CUSTOM, "demand", (Term(ENGINEERS, 240), Term(SUCCESS, 40))),
    Activity(SECURITY, "demand", (Term(ENGINEERS, 120), Term(SALES, 60))),
    Activity(CARD, "deliver", (Term("", 1),), unit_cost=0.35, level="batch"),
    Activity(DUNNING, "collect", (Term(BILLING, 25),)),
    Activity(BRAND, N_("marketing"), (Term(MARKETING, 3_200),), level="channel", avoidable=0.5, a_month=1),
    Activity(
        BUILDING, N_("development"), (Term(ENGINEERS, 6_200),), level="corporate", avoidable=0.0, a_month=1
    ),
    Activity(
        ADMINISTRATION,
        N_("administration"),
        (Term(BILLING, 1_900),),
        level="corporate",
        avoidable=0.0,
        a_month=1,
    ),
)

PRODUCTS = (Product(BASIC, 19.0, 0.07), Product(TEAM, 34.0, 0.08), Product(ENTERPRISE, 49.0, 0.10))
"""A unit is a seat for a month; the cost is that of licences of others and of payment fees."""


def _seats(number: float, gigabytes: float, calls: float = 0.0, *, card: bool = False) -> dict[str, Habit]:
    """Return the habits that seats bring in a month: hosting, and a payment by card."""
    return {HOSTING: Habit(1, {SEATS: number, GIGABYTES: gigabytes} | ({CALLS: calls} if calls else {}))} | (
        {CARD: Habit(1)} if card else {}
    )


_care = by_word(
    {
        "leads": (LEAD, {}),
        "demos": (DEMO, {SEATS: 40}),
        "trials": (TRIAL, {}),
        "starts": (START, {SEATS: 30, INTEGRATIONS: 2}),
        "imports": (IMPORT, {GIGABYTES: 12}),
        "renewals": (RENEWAL, {}),
        "tickets": (TICKET, {}),
        "chats": (CHAT, {}),
        "nights": (NIGHT_CALL, {TALK: 16}),
        "escalations": (ESCALATION, {}),
        "credits": (INCIDENT, {}),
        "reviews": (REVIEW, {}),
        "events": (COMMUNITY, {}),
        "custom": (CUSTOM, {}),
        "questionnaires": (SECURITY, {}),
        "failed": (DUNNING, {}),
    }
)
"""Makes the habits that seats do not bring, by how often they are in a month."""


HELD = (
    Account(
        "Aerolane Logistics", LARGE, ASSISTED, "D. Novak", "2020-02-03", {ENTERPRISE: 24_000},
        _seats(490, 420, 900) | _care(tickets=34, demos=0.4, reviews=1, renewals=0.1, questionnaires=0.1, events=0.5),
        discount=0.14,
    ),
    Account(
        "Bramble Insurance", LARGE, ASSISTED, "D. Novak", "2021-07-12", {ENTERPRISE: 15_500},
        _seats(320, 420, 1_000)
        | _care(tickets=90, nights=24, escalations=4, credits=2, reviews=2)
        | _care(custom=5, questionnaires=1, imports=2, demos=1),
        discount=0.20, term=60, late=8,
    ),
    Account(
        "Coppice Studio", SMALL, SELF, "", "2022-05-02", {BASIC: 420},
        _seats(22, 14, card=True) | _care(chats=3, tickets=1),
    ),
    Account(
        "Delta Freight", MEDIUM, ASSISTED, "A. Rossi", "2021-01-18", {TEAM: 5_600},
        _seats(165, 130, 240) | _care(tickets=14, chats=10, demos=0.3, reviews=0.5, renewals=0.1, escalations=0.3),
        discount=0.06, volume=(1.5, 0.5), attention=(0.4, 1.7),
    ),
    Account(
        "Emberly Foods", MEDIUM, PARTNER, "A. Rossi", "2022-10-10", {TEAM: 4_300},
        _seats(126, 90, 60) | _care(tickets=9, chats=6, demos=0.2, reviews=0.3, renewals=0.1), discount=0.08,
    ),
    Account(
        "Foxglove Care", MEDIUM, ASSISTED, "A. Rossi", "2023-03-06", {TEAM: 2_900},
        _seats(86, 70) | _care(tickets=12, chats=9, demos=0.3, reviews=0.4, renewals=0.1, escalations=0.3),
        volume=(0.55, 1.45), attention=(1.5, 0.5),
    ),
    Account(
        "Granary Books", SMALL, SELF, "", "2021-11-22", {BASIC: 290},
        _seats(15, 8, card=True) | _care(chats=2, tickets=1),
    ),
    Account(
        "Harrow Clinics", MEDIUM, ASSISTED, "D. Novak", "2022-02-14", {TEAM: 3_600},
        _seats(106, 160, 90) | _care(tickets=16, chats=8, nights=9, reviews=0.5)
        | _care(escalations=2.5, credits=1, custom=0.8, failed=0.6),
        discount=0.12, late=16, unpaid_from=3,
    ),
    Account(
        "Isle Tours", SMALL, SELF, "", "2023-08-07", {BASIC: 360},
        _seats(19, 30, card=True) | _care(chats=26, tickets=14, nights=4, failed=2, credits=0.4),
    ),
    Account(
        "Jasper Retail", LARGE, PARTNER, "D. Novak", "2021-04-19", {ENTERPRISE: 11_000},
        _seats(225, 260, 500)
        | _care(tickets=20, demos=0.4, reviews=1, renewals=0.1, questionnaires=0.2, escalations=0.5),
        discount=0.10,
    ),
    Account(
        "Kernel Games", SMALL, SELF, "", "2022-09-26", {BASIC: 640},
        _seats(34, 40, 120, card=True) | _care(chats=4, tickets=2),
    ),
    Account(
        "Linden Schools", MEDIUM, PARTNER, "A. Rossi", "2024-01-08", {TEAM: 3_100},
        _seats(92, 60) | _care(tickets=7, chats=5, reviews=0.3, events=0.2), discount=0.10,
    ),
    Account(
        "Mosaic Travel", MEDIUM, ASSISTED, "A. Rossi", "2025-08-04", {TEAM: 3_400},
        _seats(100, 80, 40) | _care(leads=0.3, demos=0.5, trials=0.3, starts=0.4, imports=0.4, tickets=16, chats=10),
        first=7,
    ),
)  # fmt: skip

PROSPECTS = (
    Prospect(
        "Nordlys Energy", LARGE, 150_000, 0.89, 0.35, 1_200, 40, SALES, 0.2, 30, 0.003,
        {HOSTING: Habit(12, {SEATS: 260, GIGABYTES: 240, CALLS: 300}), TICKET: Habit(200),
         REVIEW: Habit(8), START: Habit(1, {SEATS: 260, INTEGRATIONS: 3})},
    ),
    Prospect(
        "Oriel Bank", LARGE, 95_000, 0.82, 0.25, 6_000, 160, SALES, 0.9, 60, 0.01,
        {HOSTING: Habit(12, {SEATS: 180, GIGABYTES: 600, CALLS: 1_900}), TICKET: Habit(800),
         NIGHT_CALL: Habit(260, {TALK: 16}), CUSTOM: Habit(50), SECURITY: Habit(24),
         ESCALATION: Habit(80), REVIEW: Habit(20)},
    ),
    Prospect("Pinecone Design", SMALL, 9_500, 0.92, 0.6, 140, 3, SALES, 0.05, 5, 0.01),
    Prospect("Quarry Homes", MEDIUM, 40_000, 0.9, None, 400, 12, SALES),
)  # fmt: skip

SUBSCRIPTION = Trade(
    title=N_("A subscription business: seats, onboarding, support, renewals"),
    resources=RESOURCES,
    support=SUPPORT,
    activities=ACTIVITIES,
    products=PRODUCTS,
    accounts=HELD,
    commissions=(("channel", ASSISTED, "net_revenue", 0.03), ("channel", PARTNER, "net_revenue", 0.10)),
    direct_costs=(
        (4, "Bramble Insurance", "demand", 7_500.0, N_("Penetration test by a third party")),
        (9, "Bramble Insurance", "complaint", 5_200.0, N_("Service credit paid out")),
        (6, "Aerolane Logistics", "loyalty", 2_400.0, N_("Reference film")),
    ),
    referrals=(
        ("Isle Tours", "Emberly Foods", 0.0, 120.0),
        ("Granary Books", "Linden Schools", 0.25, 60.0),
    ),
    prospects=PROSPECTS,
    settings={"relationship": "contract"},
)
