"""The table Activities: time equations: one row for each term. The row with no driver is the base term."""

from __future__ import annotations

from xlprofit.messages import N_
from xlprofit.tables.common_headers import AVOIDABLE_HEADERS
from xlprofit.tables.hierarchy import GROUPS, LEVELS
from xlprofit.tables.spec import ColumnSpec, TableSpec, known_as

ACTIVITIES = TableSpec(
    "Activities",
    "Time equations: one row for each term. The row with no driver is the base term.",
    (
        ColumnSpec(
            "activity",
            "name",
            "The activity",
            required=True,
            defines=True,
            offered=True,
            named_total=True,
            synonyms=known_as(
                en="activity name, process", de="aktivität, tätigkeit, prozess", sv="aktivitet", fi="toiminto"
            ),
        ),
        ColumnSpec(
            "group",
            "name",
            "What it is done for: " + ", ".join(GROUPS) + ", or your own word",
            required=True,
            suggested=GROUPS,
            synonyms=known_as(en="activity_group", de="gruppe", sv="grupp", fi="ryhmä"),
        ),
        ColumnSpec(
            "resource",
            "name",
            "The resource that does it (or give a unit_cost)",
            assumed="every term needs a unit_cost",
            synonyms=known_as(
                en="department, cost_centre, cost_center",
                de="kostenstelle, ressource",
                sv="kostnadsställe, resurs",
                fi="resurssi",
            ),
        ),
        ColumnSpec(
            "driver",
            "name",
            "The ActivityLog column that this term multiplies; blank: quantity",
            assumed="every term multiplies the quantity",
            defines=True,
            unsaid=True,
            synonyms=known_as(
                en="cost_driver",
                de="kostentreiber, treiber",
                sv="kostnadsdrivare",
                fi="kustannusajuri, ajuri",
            ),
        ),
        ColumnSpec(
            "rate",
            "number",
            "Resource units for each unit of the driver, such as minutes a line",
            required=True,
            unit="units",
            minimum=0.0,
            synonyms=known_as(en="units, minutes", de="minuten", sv="minuter", fi="minuutit, kerroin"),
        ),
        ColumnSpec(
            "unit_cost",
            "number",
            "Cost of one unit, in currency, instead of a resource",
            unit="currency a unit",
            minimum=0.0,
            assumed="every term is priced by its resource",
            synonyms=known_as(
                en="cost_per_unit",
                de="stückkosten, kosten je einheit",
                sv="styckkostnad",
                fi="yksikkökustannus",
            ),
        ),
        ColumnSpec(
            "level",
            "choice",
            "Level of the customer cost hierarchy",
            choices=LEVELS,
            default="customer",
            assumed="every activity is at the level customer",
            synonyms=known_as(en="hierarchy, hierarchy level", de="ebene, stufe", sv="nivå", fi="taso"),
        ),
        ColumnSpec(
            "avoidable",
            "share",
            "Share of the cost that goes if the customer goes; blank: the resource's, all of it for a unit_cost",
            minimum=0.0,
            maximum=1.0,
            assumed="the share is that of the resource",
            synonyms=AVOIDABLE_HEADERS,
        ),
    ),
    feeds=N_("What one order, visit or call costs"),
    part=N_("cost of activities"),
    key=(
        "activity",
        "driver",
        "resource",
    ),
    asks_sums=True,
    read_first=True,
    kept=True,
)
