"""The table Prospects: companies that are not customers yet. A blank is an unknown, never a reason to reject."""

from __future__ import annotations

from xlprofit.messages import N_
from xlprofit.tables.common_headers import PROSPECT_HEADERS, SEGMENT_HEADERS
from xlprofit.tables.spec import ColumnSpec, TableSpec, known_as

PROSPECTS = TableSpec(
    "Prospects",
    "Companies that are not customers yet. A blank is an unknown, never a reason to reject.",
    (
        ColumnSpec(
            "prospect",
            "name",
            "The prospect",
            required=True,
            defines=True,
            offered=True,
            named_total=True,
            synonyms=PROSPECT_HEADERS,
        ),
        ColumnSpec(
            "segment",
            "text",
            "Segment, for the benchmark from existing customers",
            assumed="the benchmark may be that of any segment",
            groups=True,
            synonyms=SEGMENT_HEADERS,
        ),
        ColumnSpec(
            "revenue",
            "number",
            "Net revenue expected, a year, in currency; blank: unknown",
            unit="currency",
            minimum=0.0,
            assumed="revenue is unknown",
            synonyms=known_as(
                en=(
                    "revenue_a_year, annual_revenue, expected annual revenue, yearly revenue, "
                    "annual contract value, acv, expected revenue, expected sales, potential revenue"
                ),
                de="jahresumsatz, erwarteter umsatz, umsatzpotenzial",
                sv="årsomsättning, förväntad omsättning",
                fi="vuosimyynti, odotettu myynti, odotettu liikevaihto",
                weak="amount, deal value, value, sales, umsatz, omsättning, liikevaihto",
            ),
        ),
        ColumnSpec(
            "margin",
            "share",
            "Gross margin expected, as a share of revenue; blank: unknown",
            maximum=1.0,
            assumed="the margin is unknown",
            synonyms=known_as(
                en="gross_margin, expected margin, margin rate, gross margin rate",
                de="marge, bruttomarge, rohmarge",
                sv="marginal, bruttomarginal",
                fi="kate, myyntikate",
            ),
        ),
        ColumnSpec(
            "win_probability",
            "share",
            "Chance of winning it; blank: unknown",
            minimum=0.0,
            maximum=1.0,
            assumed="the chance of winning is unknown",
            synonyms=known_as(
                en=(
                    "win rate, probability to win, close probability, chance of winning, probability, "
                    "probability (%)"
                ),
                de="gewinnwahrscheinlichkeit, abschlusswahrscheinlichkeit, wahrscheinlichkeit",
                sv="sannolikhet, vinstsannolikhet",
                fi="todennäköisyys, voiton todennäköisyys",
            ),
        ),
        ColumnSpec(
            "pursuit_cost",
            "number",
            "Money to be spent on winning it, in currency, positive",
            unit="currency",
            minimum=0.0,
            assumed="pursuing costs no money beside the hours",
            synonyms=known_as(
                en="cost to pursue, acquisition cost, bid cost",
                de="akquisitionskosten",
                sv="anskaffningskostnad",
                fi="hankintakulut",
            ),
        ),
        ColumnSpec(
            "pursuit_hours",
            "number",
            "Hours to be spent on winning it",
            unit="hours",
            minimum=0.0,
            assumed="pursuing takes no hours beside the money",
            synonyms=known_as(
                en="hours to pursue, bid hours, sales hours",
                de="akquisitionsstunden",
                sv="säljtimmar",
                fi="myyntitunnit",
            ),
        ),
        ColumnSpec(
            "resource",
            "name",
            "Whose hours they are: a resource, whose rate prices them",
            assumed="the hours have no price",
            synonyms=known_as(en="department, team", de="ressource, abteilung", sv="resurs", fi="resurssi"),
        ),
        ColumnSpec(
            "high_care_probability",
            "share",
            "Chance that it needs more than average care",
            minimum=0.0,
            maximum=1.0,
            assumed="the chance of high care is unknown",
            synonyms=known_as(en="high_care"),
        ),
        ColumnSpec(
            "payment_days",
            "number",
            "Days until it pays",
            unit="days",
            minimum=0.0,
            assumed="the days until it pays are unknown",
            synonyms=known_as(
                en="days to pay, payment terms, payment term days, terms days, dso",
                de="zahlungsziel, zahlungstage",
                sv="betalningsvillkor, betalningsdagar",
                fi="maksuehto, maksuaika",
            ),
        ),
        ColumnSpec(
            "loss_probability",
            "share",
            "Share of its revenue that will not be paid",
            minimum=0.0,
            maximum=1.0,
            assumed="the share that will not be paid is unknown",
            synonyms=known_as(
                en="default_probability, probability of default, pd, credit risk",
                de="ausfallwahrscheinlichkeit",
                sv="kreditrisk",
                fi="luottotappioriski",
            ),
        ),
        ColumnSpec(
            "horizon",
            "number",
            "Years to count; blank: as in Settings",
            unit="years",
            minimum=0.0,
            assumed="the years are those of Settings",
            synonyms=known_as(en="years, contract years", de="jahre", sv="år", fi="vuodet, vuosia"),
        ),
        ColumnSpec(
            "outcome",
            "choice",
            "How it ended: then it is history to learn from; blank: it is open",
            choices=("open", "won", "lost"),
            synonyms=known_as(
                en="result, deal outcome, won/lost",
                de="ergebnis, ausgang",
                sv="utfall, resultat",
                fi="lopputulos, tulos",
                weak="status, stage, deal stage",
            ),
        ),
        ColumnSpec(
            "closed",
            "date",
            "Day on which it was won or lost",
            describes=True,
            synonyms=known_as(
                en="closed on, close date, closing date, decided on",
                de="abgeschlossen am, abschlussdatum",
                sv="stängd, avslutsdatum",
                fi="päätetty, päätöspäivä",
            ),
        ),
    ),
    feeds=N_("Which prospects to pursue, to qualify, to pass"),
    part=N_("prospect screening"),
    key=("prospect",),
)
