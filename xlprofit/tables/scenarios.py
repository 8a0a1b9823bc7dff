"""The table Scenarios: what if: one change of an input a row; rows of one name make one scenario."""

from __future__ import annotations

from xlprofit.messages import N_
from xlprofit.tables.spec import ColumnSpec, TableSpec, known_as
from xlprofit.vocabulary.what_if import CHANGED

SCENARIOS = TableSpec(
    "Scenarios",
    "What if: one change of an input a row. Rows with the same scenario are one scenario.",
    (
        ColumnSpec(
            "scenario",
            "name",
            "What the scenario is called",
            required=True,
            unsaid=True,
            groups=True,
            synonyms=known_as(en="scenario name", de="szenario", sv="scenario namn", fi="skenaario"),
        ),
        ColumnSpec(
            "what",
            "choice",
            "What changes",
            required=True,
            choices=CHANGED,
            synonyms=known_as(en="changes what", de="was", sv="vad", fi="mikä"),
        ),
        ColumnSpec(
            "of",
            "text",
            "Whose or which: segment:Hotels, customer:ACME, product:Plates, activity:Rush handling, "
            "resource:Drivers; several with a semicolon between them; blank: all",
            describes=False,
            synonyms=known_as(en="applies to", de="von", sv="av", fi="kenen"),
        ),
        ColumnSpec(
            "change",
            "text",
            "By how much, such as +3% or -20%, a discount by percentage points; or a discount, payment days or "
            "retention to a level, such as 14%",
            required=True,
            synonyms=known_as(en="by", de="änderung", sv="ändring", fi="muutos"),
        ),
        ColumnSpec(
            "from",
            "date",
            "First day that it holds; blank: the whole period analysed",
            synonyms=known_as(en="start, valid from", de="ab", sv="från", fi="alkaen"),
        ),
    ),
    feeds=N_("Scenarios side by side: what profit would have been"),
    key=("scenario", "what", "of", "from"),
    sourced=False,
    mentions=False,
)
