"""The table ActivityLog."""

from __future__ import annotations

from xlprofit.messages import N_
from xlprofit.tables.common_headers import (
    CUSTOMER_HEADERS,
    DAY,
    POSTED_DE,
    POSTED_EN,
    POSTED_FI,
    POSTED_SV,
    PRODUCT_HEADERS,
    VERSION_HEADERS,
)
from xlprofit.tables.spec import ColumnSpec, Subtotals, TableSpec, known_as

ACTIVITY_LOG = TableSpec(
    "ActivityLog",
    "What was done for whom, from the CRM, the helpdesk or the warehouse. Driver columns are extra.",
    (
        ColumnSpec(
            "date",
            "date",
            "Date of the activity",
            required=True,
            counted="span",
            synonyms=known_as(
                en=(
                    f"{POSTED_EN}, activity date, event date, "
                    "order_date, date opened, opened at, completed on, closed date"
                ),
                de=f"{POSTED_DE}, auftragsdatum, ereignisdatum",
                sv=f"{POSTED_SV}, orderdatum, aktivitetsdatum",
                fi=(f"{POSTED_FI}, tapahtumapäivä, tapahtumapvm, tilauspäivä"),
                weak=DAY,
            ),
        ),
        ColumnSpec(
            "customer",
            "customer",
            "The customer it was done for",
            required=True,
            blank_counts=True,
            summed="part",
            named_total=True,
            synonyms=CUSTOMER_HEADERS,
        ),
        ColumnSpec(
            "activity",
            "name",
            "The activity, as in Activities",
            required=True,
            summed="part",
            named_total=True,
            synonyms=known_as(
                en=(
                    "activity type, activity name, activity code, task type, event type, transaction type, "
                    "ticket type, call type, task, event"
                ),
                de="aktivität, aktivitätsart, tätigkeit, vorgang, vorgangsart",
                sv="aktivitet, aktivitetstyp, ärendetyp",
                fi="toiminto, tapahtumalaji, tapahtumatyyppi, tehtävä",
                weak="type, category, subject, typ, art, tyyppi",
            ),
        ),
        ColumnSpec(
            "quantity",
            "number",
            "How many times; blank: once",
            unit="times",
            default=1.0,
            assumed="every row counts once",
            written="quantity",
            totalled=True,
            summed="add",
            synonyms=known_as(
                en="qty, count, number of times, times, occurrences",
                de="menge, anzahl",
                sv="antal, kvantitet",
                fi="määrä, kpl, lukumäärä",
            ),
        ),
        ColumnSpec(
            "product",
            "name",
            "The product that it was done for, where it was done for one",
            describes=True,
            unsaid=True,
            summed="part",
            as_text=True,
            synonyms=PRODUCT_HEADERS,
        ),
        ColumnSpec(
            "version",
            "name",
            "Blank: actual, which is what counts; otherwise the plan that the row is part of, such as Budget",
            unsaid=True,
            groups=True,
            summed="part",
            synonyms=VERSION_HEADERS,
        ),
    ),
    feeds=N_("Cost to acquire and cost to serve, customer by customer"),
    part=N_("cost of activities"),
    drivers=True,
    posts=True,
    subtotals=Subtotals(("activity",), fewest=3, least=10.0),
)
