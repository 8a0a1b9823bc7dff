"""The table Sources: tables that come from files and databases, read at each refresh instead of a sheet."""

from __future__ import annotations

from xlprofit.messages import N_
from xlprofit.tables.spec import ColumnSpec, TableSpec, known_as

_WHERE_AND_HOW = (
    ColumnSpec(
        "source",
        "text",
        "A file, folder, pattern or workbook; postgresql://user@host/database; "
        "env:NAME or keyring:SERVICE/NAME",
        required=True,
        synonyms=known_as(en="path, url, connection, file"),
    ),
    ColumnSpec(
        "query",
        "text",
        "In a database: the table, or a SELECT",
        synonyms=known_as(en="relation, sql"),
    ),
    ColumnSpec(
        "mapping",
        "text",
        "Columns of another name: customer=cust_no; gross_revenue=net",
    ),
    ColumnSpec(
        "password",
        "text",
        "Where the password is: env:NAME or keyring:SERVICE/NAME",
    ),
    ColumnSpec(
        "options",
        "text",
        "Such as delimiter=; decimal=, or engine=spark, with blanks between",
    ),
    ColumnSpec(
        "profile",
        "text",
        "How an export is read: the name of a ready profile, a TOML file, or the profile itself",
    ),
    ColumnSpec(
        "time_limit",
        "number",
        "Seconds after which the query is stopped",
        unit="seconds",
        default=600.0,
        minimum=1.0,
        maximum=86400.0,
        synonyms=known_as(en="timeout"),
    ),
)
"""The columns that say where a table is and how it is read."""


def build_sources(sourced: tuple[str, ...]) -> TableSpec:
    """Return the table Sources, which takes the names of the tables that may come from one."""
    return TableSpec(
        "Sources",
        "Tables that come from files and databases, read at each refresh instead of a sheet.",
        (
            ColumnSpec(
                "table",
                "choice",
                "The table that is read from it",
                required=True,
                choices=sourced,
            ),
            *_WHERE_AND_HOW,
        ),
        feeds=N_("Tables that lie in files or databases, too long for a sheet or kept elsewhere"),
        key=("table",),
        sourced=False,
        kept=True,
    )
