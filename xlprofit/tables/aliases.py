"""The table Aliases."""

from __future__ import annotations

from xlprofit.messages import N_
from xlprofit.tables.spec import ColumnSpec, TableSpec, known_as

ALIASES = TableSpec(
    "Aliases",
    "Other names and numbers of a customer: rows of any table that have one are counted as that customer's.",
    (
        ColumnSpec(
            "system",
            "text",
            "Where it is called so, such as CRM or web shop; for your own use",
        ),
        ColumnSpec(
            "id",
            "text",
            "The other name or number",
            required=True,
            synonyms=known_as(en="alias, other_name, other_number"),
        ),
        ColumnSpec(
            "customer",
            "customer",
            "The customer that it is",
            required=True,
        ),
    ),
    feeds=N_("One customer where it has several names or numbers"),
    key=(
        "system",
        "id",
        "customer",
    ),
    mentions=False,
)
