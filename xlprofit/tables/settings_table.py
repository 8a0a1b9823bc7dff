"""The table Settings: how the workbook is to be read: one setting a row."""

from __future__ import annotations

from xlprofit.messages import N_
from xlprofit.tables.spec import ColumnSpec, TableSpec, known_as

SETTINGS_TABLE = TableSpec(
    "Settings",
    "How the workbook is to be read: one setting a row.",
    (
        ColumnSpec(
            "setting",
            "name",
            "The setting's name; the list is in the drop-down",
            required=True,
            unsaid=True,
            synonyms=known_as(en="parameter", weak="name"),
        ),
        ColumnSpec(
            "value",
            "text",
            "Its value",
            required=True,
            blank_counts=True,
        ),
    ),
    feeds=N_("The currency, the period analysed, the rates and the thresholds"),
    key=("setting",),
    sourced=False,
    asks_sums=True,
    read_first=True,
    kept=True,
)
