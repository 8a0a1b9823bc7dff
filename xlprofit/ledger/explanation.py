"""Explanations: the very rows that a figure is the sum of, priced by the rules that priced the sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from xlprofit import ledger
from xlprofit.ledger.rules import RULES
from xlprofit.vocabulary.measures import MEASURES, PARTS

if TYPE_CHECKING:
    from xlprofit.ledger.costs.rule import Basis

COLUMNS = (
    "line",
    "group",
    "product",
    "period",
    "date",
    "table",
    "row",
    "driver",
    "driver_units",
    "resource",
    "units",
    "rate",
    "amount",
    "source_table",
    "source_row",
)
"""The columns of an explanation."""


def explain_customer(customer: str, basis: Basis) -> pd.DataFrame:
    """Return every source row behind a customer's ledger, priced: *amount = units × rate*.

    Columns: :data:`COLUMNS`. ``table`` and ``row`` say where the row stands, ``source_table`` and ``source_row`` what
    gave its rate, as in the ledger. An invoice has a row for each period in which it was financed, and for each in
    which its loss rate changed. An empty customer gives what belongs to none.
    """
    parts = [_settle_types(rule.explain(customer, basis)) for rule in RULES]
    whole = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    order = ["group", "line", "date", "table", "row", "driver"]
    return whole.sort_values(order, kind="stable", ignore_index=True)


def _settle_types(posted: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of an explanation, each of its own type whatever there is in it."""
    frame = posted.reindex(columns=list(COLUMNS))
    kinds = dict.fromkeys(("driver_units", "units", "rate", "amount"), "float64")
    kinds |= {"row": "int64", "source_row": "int64", "date": "datetime64[ns]"}
    texts = [c for c in COLUMNS if c not in kinds]
    return frame.astype(kinds | dict.fromkeys(texts, object)).fillna(dict.fromkeys(texts, ""))


def choose_line(explained: pd.DataFrame, line: str) -> pd.DataFrame | None:
    """Return the rows of a measure, a group or a line of the ledger; ``None`` if there is no such thing."""
    if line in MEASURES:
        sections = ledger.find_sections(explained).astype(object)
        return explained[sections.isin(PARTS[line]).to_numpy()]
    for spelt in (str, str.casefold):  # the exact spelling wins: an activity may be called as a group is
        for column in ("line", "group"):
            mask = explained[column].map(spelt) == spelt(line)
            if mask.any():
                return explained[mask.to_numpy()]
    return None
