"""The table Resources: what the departments, people and equipment cost, and how much they can do."""

from __future__ import annotations

from xlprofit.languages import list_reading_words
from xlprofit.messages import N_
from xlprofit.tables.common_headers import AVOIDABLE_HEADERS, PERIOD_HEADERS, VERSION_HEADERS
from xlprofit.tables.spec import ColumnSpec, TableSpec, known_as

RESOURCES = TableSpec(
    "Resources",
    "What the departments, people and equipment cost, and how much they can do.",
    (
        ColumnSpec(
            "resource",
            "name",
            "The resource: a department, a team, a fleet",
            required=True,
            defines=True,
            offered=True,
            named_total=True,
            synonyms=known_as(
                en=(
                    "department, cost_centre, cost_center, cost centre name, cost center name, team, "
                    "resource pool"
                ),
                de="kostenstelle, abteilung, ressource",
                sv="kostnadsställe, avdelning, resurs",
                fi="kustannuspaikka, osasto, resurssi, tiimi",
            ),
        ),
        ColumnSpec(
            "cost",
            "number",
            "Its cost over the period, in currency, positive",
            required=True,
            unit="currency",
            written="cost",
            weight=1.0,
            totalled=True,
            emptied=True,
            synonyms=known_as(
                en=(
                    "total_cost, total costs, costs, resource cost, cost amount, actual cost, actual costs, "
                    "expense, expenses"
                ),
                de="kosten, istkosten, gesamtkosten, aufwand",
                sv="kostnad, kostnader, total kostnad",
                fi="kustannus, kustannukset, kulut",
                weak="amount, actual, value, betrag, belopp, summa",
            ),
        ),
        ColumnSpec(
            "capacity",
            "number",
            "Units it could supply over the period; blank: unknown, so nothing is idle",
            unit="units",
            minimum=0.0,
            assumed="nothing is idle, and the rate is cost divided by the units used",
            emptied=True,
            synonyms=known_as(
                en=(
                    "capacity_supplied, theoretical_capacity, available capacity, available hours, "
                    "available minutes, hours available, capacity hours"
                ),
                de="kapazität, verfügbare kapazität, verfügbare stunden",
                sv="kapacitet, tillgänglig kapacitet, tillgängliga timmar",
                fi="kapasiteetti, käytettävissä oleva kapasiteetti, käytettävissä olevat tunnit",
                weak="hours, stunden, timmar, tunnit",
            ),
        ),
        ColumnSpec(
            "unit",
            "text",
            "The unit of its capacity, such as minutes",
            assumed="the hours of a prospect cannot be priced",
            groups=True,
            synonyms=known_as(
                en="capacity_unit, unit of measure, uom",
                de="einheit, mengeneinheit",
                sv="enhet",
                fi="yksikkö",
            ),
        ),
        ColumnSpec(
            "practical",
            "share",
            "Share of the capacity that is workable (0.8 means 80 %)",
            default=1.0,
            minimum=0.0,
            maximum=1.0,
            assumed="all of the capacity is workable",
            synonyms=known_as(
                en="practical_share, practical_capacity, workable share, efficiency",
                de="praktischer anteil, nutzungsgrad",
                sv="praktisk andel",
                fi="käytännön osuus, käytännöllinen osuus",
            ),
        ),
        ColumnSpec(
            "avoidable",
            "share",
            "Share of the cost that goes if the demand goes; blank: unknown, anything from none to all of it",
            minimum=0.0,
            maximum=1.0,
            assumed="how much of the cost goes with the demand is unknown",
            synonyms=AVOIDABLE_HEADERS,
        ),
        ColumnSpec(
            "period",
            "period",
            "The period it is for; blank: the whole period analysed",
            assumed="each row is for the whole period analysed",
            emptied=True,
            synonyms=PERIOD_HEADERS,
        ),
        ColumnSpec(
            "step",
            "number",
            "Units that its capacity comes and goes in, such as the minutes of one person; blank: any amount",
            unit="units",
            minimum=0.0,
            assumed="freed capacity is worth something in any amount",
            synonyms=known_as(
                en="capacity_step, step_size",
                de="kapazitätsschritt",
                sv="kapacitetssteg",
                fi="kapasiteettiporras",
            ),
        ),
        ColumnSpec(
            "version",
            "name",
            "Blank: actual, which is what counts; otherwise the plan that the row is part of, such as Budget",
            unsaid=True,
            groups=True,
            synonyms=VERSION_HEADERS,
        ),
    ),
    feeds=N_("Capacity cost rates: what a minute or a pallet costs, and what stands idle"),
    part=N_("cost of activities"),
)

UNITS_AN_HOUR = {
    **dict.fromkeys(list_reading_words("hours"), 1.0),
    **dict.fromkeys(list_reading_words("minutes"), 60.0),
    **dict.fromkeys(list_reading_words("seconds"), 3600.0),
}
"""How many of a resource's units go into an hour, for the units that are times."""
