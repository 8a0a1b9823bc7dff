"""The table Commissions."""

from __future__ import annotations

from xlprofit.messages import N_
from xlprofit.tables.hierarchy import SCOPES
from xlprofit.tables.spec import ColumnSpec, TableSpec, known_as

COMMISSIONS = TableSpec(
    "Commissions",
    "Commission rules. The most specific one wins: customer, owner, segment, channel, product, all.",
    (
        ColumnSpec(
            "scope",
            "choice",
            "Whom the rule is for",
            required=True,
            choices=SCOPES,
            synonyms=known_as(en="applies to, rule for", de="gilt für", sv="gäller", fi="kohdistus"),
        ),
        ColumnSpec(
            "value",
            "text",
            "Which customer, owner, segment, channel or product; blank for all",
            assumed="only the rules for all match",
            describes=False,
            synonyms=known_as(en="applies to value", de="wert", sv="värde", fi="arvo"),
        ),
        ColumnSpec(
            "basis",
            "choice",
            "What the rate is taken of",
            required=True,
            choices=(
                "net_revenue",
                "gross_margin",
            ),
            synonyms=known_as(
                en="base, commission base", de="basis, bemessungsgrundlage", sv="bas", fi="peruste"
            ),
        ),
        ColumnSpec(
            "rate",
            "share",
            "The commission rate (0.02 means 2 %)",
            required=True,
            minimum=0.0,
            maximum=1.0,
            synonyms=known_as(
                en="commission_rate, commission",
                de="provisionssatz, provision",
                sv="provisionssats",
                fi="provisioprosentti, provisio",
            ),
        ),
        ColumnSpec(
            "start",
            "date",
            "First day it holds; blank: always",
            assumed="every rule holds from the first day",
            synonyms=known_as(
                en="valid_from, start date, from date, effective from",
                de="gültig ab",
                sv="giltig från",
                fi="voimassa alkaen",
            ),
        ),
        ColumnSpec(
            "end",
            "date",
            "Last day it holds; blank: still",
            assumed="every rule holds to the last day",
            open_ended=True,
            synonyms=known_as(
                en="valid_to, valid_until, end date, to date, effective to",
                de="gültig bis",
                sv="giltig till",
                fi="voimassa asti",
            ),
        ),
    ),
    feeds=N_("Commission on each sale, by the most specific rule"),
    part=N_("commissions"),
    key=(
        "scope",
        "value",
        "start",
        "end",
    ),
    asks_sums=True,
)
