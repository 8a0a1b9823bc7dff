"""The table Allocations: stage one: support resources spread over the resources that they serve."""

from __future__ import annotations

from xlprofit.messages import N_
from xlprofit.tables.spec import ColumnSpec, TableSpec, known_as

ALLOCATIONS = TableSpec(
    "Allocations",
    "Stage one: support resources spread over the resources that they serve.",
    (
        ColumnSpec(
            "from",
            "name",
            "The support resource",
            required=True,
            holds="resource",
            named_total=True,
            synonyms=known_as(en="from_resource, sender", de="sender, von", sv="från", fi="mistä"),
        ),
        ColumnSpec(
            "to",
            "name",
            "The resource it serves",
            required=True,
            holds="resource",
            synonyms=known_as(
                en="to_resource, receiver", de="empfänger, nach", sv="till, mottagare", fi="mihin"
            ),
        ),
        ColumnSpec(
            "share",
            "share",
            "Share of its cost; the shares of one resource add up to 1 at most",
            required=True,
            minimum=0.0,
            maximum=1.0,
            synonyms=known_as(
                en="allocation, allocation share, percent, percentage", de="anteil", sv="andel", fi="osuus"
            ),
        ),
    ),
    feeds=N_("Support cost in the rates of those who serve customers"),
    part=N_("stage-one allocations"),
    key=(
        "from",
        "to",
    ),
    kept=True,
)
