"""The table ProspectNeeds: what a prospect would need in a year, activity by activity. Driver columns are extra."""

from __future__ import annotations

from xlprofit.messages import N_
from xlprofit.tables.common_headers import PROSPECT_HEADERS
from xlprofit.tables.spec import ColumnSpec, TableSpec, known_as

PROSPECT_NEEDS = TableSpec(
    "ProspectNeeds",
    "What a prospect would need in a year, activity by activity. Driver columns are extra.",
    (
        ColumnSpec(
            "prospect",
            "name",
            "The prospect, as in Prospects",
            required=True,
            named_total=True,
            synonyms=PROSPECT_HEADERS,
        ),
        ColumnSpec(
            "activity",
            "name",
            "The activity, as in Activities",
            required=True,
            named_total=True,
            synonyms=known_as(
                en="activity name, activity type", de="aktivität, tätigkeit", sv="aktivitet", fi="toiminto"
            ),
        ),
        ColumnSpec(
            "quantity",
            "number",
            "How many times a year",
            required=True,
            unit="times",
            minimum=0.0,
            synonyms=known_as(
                en="quantity_a_year, qty, count, times a year",
                de="menge, anzahl",
                sv="antal",
                fi="määrä, kpl, lukumäärä",
            ),
        ),
    ),
    feeds=N_("The expected cost of serving a prospect"),
    part=N_("needs of prospects"),
    key=(
        "prospect",
        "activity",
    ),
    drivers=True,
)
