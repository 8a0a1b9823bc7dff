"""A professional-services firm: fees for hours, and the hours that no client pays for."""

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

PARTNERS, SENIORS, CONSULTANTS = N_("Partners"), N_("Senior consultants"), N_("Consultants")
OFFICE, HELPLINE, FINANCE = N_("Project office"), N_("Help line"), N_("Finance office")
IT, PREMISES = N_("IT"), N_("Premises")

HOURS = N_("hours")
PARTNER_HOURS, SENIOR_HOURS = N_("partner_hours"), N_("senior_hours")
CONSULTANT_HOURS, TRAVEL_HOURS = N_("consultant_hours"), N_("travel_hours")
LINES, PORTAL = N_("lines"), N_("portal")

PITCH, PROPOSAL, ONBOARDING = N_("Pitch"), N_("Proposal"), N_("Client onboarding")
SETUP, WORK, MEETING = N_("Engagement set-up"), N_("Project work"), N_("Status meeting")
QUESTION, EXTRA, REWORK = N_("Question between projects"), N_("Work outside the scope"), N_("Rework")
OUT_OF_HOURS, SEMINAR = N_("Call outside office hours"), N_("Client seminar")
BILLING, REMINDER = N_("Invoice with time report"), N_("Reminder")
THOUGHT, ADMINISTRATION = N_("Publications and talks"), N_("Running the firm")

INDUSTRY, PUBLIC, GROWTH = N_("Industry"), N_("Public sector"), N_("Growth companies")
DIRECT, FRAMEWORK = N_("Direct"), N_("Framework agreement")
ADVICE, PROJECTS, CARE = N_("Advice"), N_("Projects"), N_("Retainer")

RESOURCES = (
    Resource(PARTNERS, HOURS, 92.0, practical=0.85, avoidable=0.4, use=0.82),
    Resource(SENIORS, HOURS, 52.0, practical=0.85, use=0.88),
    Resource(CONSULTANTS, HOURS, 34.0, practical=0.85, use=0.91),
    Resource(OFFICE, HOURS, 31.0, practical=0.85, use=0.84),
    Resource(HELPLINE, HOURS, 33.0, practical=0.75, use=0.58),
    Resource(FINANCE, HOURS, 33.0, practical=0.85, avoidable=0.4, use=0.86),
)

SUPPORT = (
    Support(IT, 0.06, {PARTNERS: 0.12, SENIORS: 0.36, CONSULTANTS: 0.45, OFFICE: 0.04, FINANCE: 0.03}),
    Support(PREMISES, 0.07, {PARTNERS: 0.15, SENIORS: 0.35, CONSULTANTS: 0.43, OFFICE: 0.04, FINANCE: 0.03}),
)

ACTIVITIES = (
    Activity(PITCH, "acquire", (Term(PARTNERS, 4), Term(SENIORS, 6), Term(SENIORS, 1, TRAVEL_HOURS))),
    Activity(PROPOSAL, "acquire", (Term(PARTNERS, 3), Term(SENIORS, 14), Term(OFFICE, 4))),
    Activity(ONBOARDING, "acquire", (Term(OFFICE, 6), Term(SENIORS, 3))),
    Activity(SETUP, "order", (Term(OFFICE, 2.5), Term(OFFICE, 1.5, PORTAL)), level="batch"),
    Activity(
        WORK,
        "deliver",
        (
            Term(OFFICE, 0.5),
            Term(PARTNERS, 1, PARTNER_HOURS),
            Term(SENIORS, 1, SENIOR_HOURS),
            Term(CONSULTANTS, 1, CONSULTANT_HOURS),
            Term(CONSULTANTS, 1, TRAVEL_HOURS),
        ),
        level="batch",
    ),
    Activity(MEETING, "service", (Term(SENIORS, 1.5), Term(SENIORS, 1, TRAVEL_HOURS))),
    Activity(QUESTION, "service", (Term(SENIORS, 0.4),)),
    Activity(OUT_OF_HOURS, "service", (Term(HELPLINE, 0.7),)),
    Activity(REWORK, "complaint", (Term(PARTNERS, 0.5), Term(CONSULTANTS, 1, CONSULTANT_HOURS))),
    Activity(EXTRA, "demand", (Term(SENIORS, 1, SENIOR_HOURS), Term(CONSULTANTS, 1, CONSULTANT_HOURS))),
    Activity(SEMINAR, "loyalty", (Term("", 1),), unit_cost=160.0),
    Activity(
        BILLING,
        N_("billing"),
        (Term(FINANCE, 0.3), Term(FINANCE, 0.05, LINES), Term(FINANCE, 0.6, PORTAL)),
        level="batch",
    ),
    Activity(REMINDER, "collect", (Term(FINANCE, 0.25),)),
    Activity(
        THOUGHT,
        N_("marketing"),
        (Term(PARTNERS, 8), Term(SENIORS, 10)),
        level="channel",
        avoidable=0.3,
        a_month=1,
    ),
    Activity(
        ADMINISTRATION,
        N_("administration"),
        (Term(PARTNERS, 14), Term(FINANCE, 30)),
        level="corporate",
        avoidable=0.0,
        a_month=1,
    ),
)

PRODUCTS = (Product(ADVICE, 190.0, 0.04), Product(PROJECTS, 125.0, 0.12), Product(CARE, 105.0, 0.03))
"""A unit is an hour at list price; the cost is that of subcontractors and expenses."""


def _work(
    partner: float, senior: float, consultant: float, travel: float = 0.0, *, portal: bool = False
) -> dict[str, Habit]:
    """Return the habits that engagements bring, from the hours of a month."""
    hours = {PARTNER_HOURS: partner, SENIOR_HOURS: senior, CONSULTANT_HOURS: consultant}
    way = {TRAVEL_HOURS: travel} if travel else {}
    asked = {PORTAL: 1.0} if portal else {}
    return {
        SETUP: Habit(0.5, asked),
        WORK: Habit(1, hours | way),
        BILLING: Habit(1, {LINES: (partner + senior + consultant) / 6} | asked),
    }


_care = by_word(
    {
        "pitches": (PITCH, {TRAVEL_HOURS: 2}),
        "proposals": (PROPOSAL, {}),
        "new": (ONBOARDING, {}),
        "meetings": (MEETING, {TRAVEL_HOURS: 1}),
        "questions": (QUESTION, {}),
        "nights": (OUT_OF_HOURS, {}),
        "rework": (REWORK, {CONSULTANT_HOURS: 9}),
        "extras": (EXTRA, {SENIOR_HOURS: 3, CONSULTANT_HOURS: 5}),
        "seminars": (SEMINAR, {}),
        "reminders": (REMINDER, {}),
    }
)
"""Makes the habits that no fee pays for, by how often they are in a month."""


HELD = (
    Account(
        "Alder Castings", INDUSTRY, DIRECT, "R. Virtanen", "2015-02-02", {ADVICE: 6_500, PROJECTS: 22_000},
        _work(18, 52, 105, 6) | _care(meetings=3, questions=6, proposals=0.2, seminars=1), discount=0.06,
    ),
    Account(
        "Birchwood Council", PUBLIC, FRAMEWORK, "S. Ahmed", "2017-05-15", {ADVICE: 2_000, PROJECTS: 24_000},
        _work(10, 66, 150, 18, portal=True)
        | _care(pitches=0.3, proposals=1, meetings=6, questions=12, extras=4, rework=2, nights=4),
        discount=0.16, term=45, late=10,
    ),
    Account(
        "Cedarline Robotics", GROWTH, DIRECT, "R. Virtanen", "2021-09-06", {ADVICE: 3_500, PROJECTS: 9_000},
        _work(9, 24, 46) | _care(meetings=2, questions=5, proposals=0.2, seminars=0.5), volume=(0.7, 1.35),
    ),
    Account(
        "Domus Housing", PUBLIC, FRAMEWORK, "S. Ahmed", "2018-11-19", {PROJECTS: 14_000, CARE: 3_000},
        _work(5, 36, 82, 5, portal=True) | _care(proposals=0.4, meetings=3, questions=5, extras=0.7, rework=0.4),
        discount=0.15,
    ),
    Account(
        "Everstone Cement", INDUSTRY, DIRECT, "R. Virtanen", "2013-01-07", {ADVICE: 5_000, PROJECTS: 12_000},
        _work(13, 34, 62, 6) | _care(meetings=5, questions=14, proposals=0.3, extras=1.1, rework=0.7, nights=5),
        volume=(1.5, 0.5), attention=(0.45, 1.6), discount=0.05,
    ),
    Account(
        "Fjord Analytics", GROWTH, DIRECT, "L. Osei", "2022-03-14", {PROJECTS: 6_500, CARE: 1_500},
        _work(3, 17, 40) | _care(meetings=1.5, questions=5, proposals=0.2),
    ),
    Account(
        "Gatehouse Media", GROWTH, DIRECT, "L. Osei", "2020-08-10", {PROJECTS: 7_500},
        _work(4, 20, 42)
        | _care(meetings=4, questions=14, proposals=0.4, extras=3.5, rework=1.4, nights=12, reminders=1),
        discount=0.10, term=30, late=20, unpaid_from=8,
    ),
    Account(
        "Hollins Foods", INDUSTRY, DIRECT, "R. Virtanen", "2016-04-25", {ADVICE: 2_500, PROJECTS: 10_000, CARE: 2_500},
        _work(8, 32, 58, 4) | _care(meetings=2, questions=4, proposals=0.2, seminars=0.5), discount=0.05,
    ),
    Account(
        "Inverness Water", PUBLIC, FRAMEWORK, "S. Ahmed", "2019-10-01", {PROJECTS: 16_500},
        _work(5, 36, 78, 10, portal=True) | _care(proposals=0.5, meetings=3, questions=4, extras=0.5, rework=0.2),
        discount=0.12, volume=(0.85, 1.15),
    ),
    Account(
        "Jura Instruments", INDUSTRY, DIRECT, "L. Osei", "2023-06-05", {ADVICE: 1_500, PROJECTS: 5_000},
        _work(5, 16, 26) | _care(meetings=2.5, questions=8, proposals=0.3, extras=1, rework=0.5, nights=3),
        volume=(0.5, 1.5), attention=(1.6, 0.4),
    ),
    Account(
        "Kite Mobility", GROWTH, DIRECT, "L. Osei", "2025-09-01", {PROJECTS: 8_000},
        _work(4, 20, 40) | _care(new=0.3, pitches=0.3, meetings=2, questions=6, proposals=0.3), first=8,
    ),
)  # fmt: skip

PROSPECTS = (
    Prospect(
        "Lumen Power", INDUSTRY, 160_000, 0.90, 0.4, 2_000, 60, PARTNERS, 0.2, 35, 0.005,
        {WORK: Habit(12, {PARTNER_HOURS: 9, SENIOR_HOURS: 25, CONSULTANT_HOURS: 52}), SETUP: Habit(4),
         MEETING: Habit(24, {TRAVEL_HOURS: 1}), QUESTION: Habit(50), BILLING: Habit(12, {LINES: 14})},
    ),
    Prospect(
        "Marsh District", PUBLIC, 120_000, 0.86, 0.25, 4_000, 120, SENIORS, 0.8, 60, 0.002,
        {WORK: Habit(12, {PARTNER_HOURS: 5, SENIOR_HOURS: 36, CONSULTANT_HOURS: 80, TRAVEL_HOURS: 16}),
         SETUP: Habit(6, {PORTAL: 1}), MEETING: Habit(90, {TRAVEL_HOURS: 2}),
         EXTRA: Habit(40, {SENIOR_HOURS: 3, CONSULTANT_HOURS: 5}),
         BILLING: Habit(12, {LINES: 20, PORTAL: 1})},
    ),
    Prospect("Northline Games", GROWTH, 70_000, 0.88, 0.5, 500, 20, SENIORS, 0.3, 30, 0.02),
    Prospect("Orchard Labs", GROWTH, None, 0.88, 0.3, 500, 16, SENIORS),
)  # fmt: skip

SERVICES = Trade(
    title=N_("A professional-services firm: hours, proposals, scope, rework"),
    resources=RESOURCES,
    support=SUPPORT,
    activities=ACTIVITIES,
    products=PRODUCTS,
    accounts=HELD,
    commissions=(("segment", GROWTH, "net_revenue", 0.02), ("owner", "R. Virtanen", "gross_margin", 0.015)),
    direct_costs=(
        (3, "Alder Castings", "deliver", 3_200.0, N_("Laboratory tests")),
        (6, "Birchwood Council", "complaint", 4_500.0, N_("Fee reduced after a delay")),
        (10, "Inverness Water", "acquire", 900.0, N_("Travel for the tender")),
    ),
    referrals=(
        ("Jura Instruments", "Cedarline Robotics", 0.0, 0.0),
        ("Alder Castings", "Hollins Foods", 0.4, 250.0),
    ),
    prospects=PROSPECTS,
    season=(0.95, 1.0, 1.05, 1.05, 1.05, 0.95, 0.6, 0.9, 1.1, 1.15, 1.15, 0.9),
)
