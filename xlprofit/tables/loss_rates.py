"""The table LossRates: the provision matrix: what share is lost, by how late the money is."""

from __future__ import annotations

from xlprofit.messages import N_
from xlprofit.tables.spec import ColumnSpec, TableSpec, known_as

LOSS_RATES = TableSpec(
    "LossRates",
    "The provision matrix: what share is lost, by how late the money is.",
    (
        ColumnSpec(
            "days_past_due",
            "number",
            "Lower bound of the bucket, in days past due; 0 is not yet due",
            required=True,
            unit="days",
            minimum=0.0,
            synonyms=known_as(
                en="days overdue, days late, days, bucket, ageing bucket, aging bucket",
                de="tage überfällig, überfälligkeit",
                sv="dagar förfallna",
                fi="päiviä myöhässä",
            ),
        ),
        ColumnSpec(
            "rate",
            "share",
            "Share of the open balance that is lost (0.016 means 1.6 %); blank: unknown",
            required=True,
            minimum=0.0,
            maximum=1.0,
            blank_counts=True,
            synonyms=known_as(
                en="loss_rate, provision rate, expected loss rate, ecl rate",
                de="verlustquote, ausfallrate, wertberichtigungssatz",
                sv="förlustnivå, förlustgrad",
                fi="luottotappioprosentti, tappioprosentti",
            ),
        ),
    ),
    feeds=N_("Expected loss on open invoices, by how late they are"),
    key=("days_past_due",),
    kept=True,
)
