"""The table ControlTotals: what the general ledger says, to tie out against."""

from __future__ import annotations

from xlprofit.messages import N_
from xlprofit.tables.common_headers import PERIOD_HEADERS
from xlprofit.tables.spec import ColumnSpec, TableSpec, known_as

CONTROL_TOTALS = TableSpec(
    "ControlTotals",
    "What the general ledger says, to tie out against.",
    (
        ColumnSpec(
            "line",
            "name",
            "A line of the P&L, a group, an activity or a resource",
            required=True,
            unsaid=True,
            synonyms=known_as(en="measure, p&l line, line item", de="zeile, position", sv="rad", fi="rivi"),
        ),
        ColumnSpec(
            "amount",
            "number",
            "The amount in the books; a cost may have either sign",
            required=True,
            unit="currency",
            synonyms=known_as(
                en="ledger amount, control total, balance",
                de="betrag, saldo",
                sv="belopp, saldo",
                fi="summa, saldo",
                weak="total, value",
            ),
        ),
        ColumnSpec(
            "period",
            "period",
            "The period it is for; blank: the whole period analysed",
            assumed="each amount is for the whole period analysed",
            synonyms=PERIOD_HEADERS,
        ),
    ),
    feeds=N_("The tie-out: what differs from the general ledger"),
    part=N_("the tie-out"),
    key=(
        "line",
        "period",
    ),
)
