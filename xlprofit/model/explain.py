"""Explanations: the very rows that a figure is the sum of, priced by the functions that priced the sums."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from xlprofit import ledger
from xlprofit.model import allowance, capacity, commissions, effort, periods, receivables, sales
from xlprofit.tables import TABLES, UNSPREAD_LEVELS, Inputs

COLUMNS = (
    "line",
    "group",
    "period",
    "date",
    "sheet",
    "row",
    "driver",
    "driver_units",
    "resource",
    "units",
    "rate",
    "amount",
    "priced_by",
)
"""The columns of an explanation."""


def rows(
    customer: str, inputs: Inputs, equations: pd.DataFrame, rates: pd.DataFrame, resources: capacity.Capacity
) -> pd.DataFrame:
    """Return every source row behind a customer's ledger, priced: *amount = units × rate*.

    Columns: :data:`COLUMNS`. ``sheet`` and ``row`` say where the row stands, ``priced_by`` which row of
    which sheet gave its rate. An invoice has a row for each period in which it was financed, and for each in which
    its loss rate changed. An empty customer gives what belongs to none.
    """
    parts = [
        *_sales(customer, inputs),
        _direct_costs(customer, inputs),
        _activities(customer, inputs, equations, rates),
        *_credit(customer, inputs),
    ]
    if not customer:
        posted = capacity.postings(resources, inputs.sheets.get("Resources", "Resources"))
        first = pd.DataFrame({"row": resources.supply.row})
        parts += _placed(posted, first, "Resources", inputs)
        for part in parts[-len(posted) :]:
            part["resource"] = resources.supply.resources.to_numpy()[part["entry"].to_numpy()]
    found = [_typed(p[(p["customer"] == customer).to_numpy()]) for p in parts if len(p)]
    whole = pd.concat(found or [_typed(pd.DataFrame())], ignore_index=True)
    return whole.sort_values(
        ["group", "line", "date", "sheet", "row", "driver"], kind="stable", ignore_index=True
    )


def _typed(posted: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of an explanation, each of its own type whatever there is in it."""
    frame = posted.reindex(columns=list(COLUMNS))
    kinds = dict.fromkeys(("driver_units", "units", "rate", "amount"), "float64")
    texts = [c for c in COLUMNS if c not in (*kinds, "date", "row")]
    frame = frame.astype(kinds | {"row": "int64", "date": "datetime64[ns]"} | dict.fromkeys(texts, object))
    return frame.fillna(dict.fromkeys(texts, ""))


def _of(customer: str, table: str, inputs: Inputs) -> pd.DataFrame:
    frame = inputs[table]
    return frame[(frame["customer"] == customer).to_numpy()].reset_index(drop=True)


def _placed(
    posted: Iterable[pd.DataFrame], frame: pd.DataFrame, table: str, inputs: Inputs
) -> list[pd.DataFrame]:
    """Return the postings with the sheet, row and date of the row behind each."""
    placed = []
    column = next((c.name for c in TABLES[table].columns if c.kind == "date"), "")
    for posting in posted:
        entry = posting["entry"].to_numpy()
        placed.append(
            posting.assign(
                sheet=inputs.sheets.get(table, table),
                row=frame["row"].to_numpy()[entry],
                date=frame[column].to_numpy()[entry] if column else np.datetime64("NaT"),
                priced_by=posting["source"],
            )
        )
    return placed


def _sales(customer: str, inputs: Inputs) -> list[pd.DataFrame]:
    frame = _of(customer, "Sales", inputs)
    labels = periods.labels(inputs.settings)
    period = periods.code(frame["date"], inputs.settings)
    posted = sales.postings(frame, period, labels, inputs.sheets.get("Sales", "Sales"))
    if inputs.given("Commissions"):
        posted.append(commissions.postings(frame, inputs))
    return _placed(posted, frame, "Sales", inputs)


def _direct_costs(customer: str, inputs: Inputs) -> pd.DataFrame:
    frame = inputs["DirectCosts"]
    mine = (frame["customer"] == customer) | frame["group"].isin(UNSPREAD_LEVELS)
    frame = frame[mine.to_numpy()].reset_index(drop=True)
    labels = periods.labels(inputs.settings)
    period = periods.code(frame["date"], inputs.settings)
    posted = sales.direct_postings(frame, period, labels, inputs.sheets.get("DirectCosts", "DirectCosts"))
    return _placed([posted], frame, "DirectCosts", inputs)[0]


def _activities(customer: str, inputs: Inputs, equations: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    unspread = set(equations.loc[equations["level"].isin(UNSPREAD_LEVELS), "activity"].astype(str))
    log = inputs["ActivityLog"]
    log = log[((log["customer"] == customer) | log["activity"].isin(unspread)).to_numpy()].reset_index(
        drop=True
    )
    uses = effort.used(log, equations)
    period = periods.code(log["date"], inputs.settings)
    sheet = inputs.sheets.get("Activities", "Activities")
    posted = effort.postings(log, uses, period, equations, rates, sheet)
    return _placed([posted], log, "ActivityLog", inputs)[0]


def _credit(customer: str, inputs: Inputs) -> list[pd.DataFrame]:
    invoices, balances = _of(customer, "Invoices", inputs), _of(customer, "Balances", inputs)
    posted = [*receivables.invoice_postings(invoices, inputs), *allowance.postings(invoices, inputs)]
    return [
        *_placed(posted, invoices, "Invoices", inputs),
        *_placed(receivables.balance_postings(balances, inputs), balances, "Balances", inputs),
    ]


def chosen(explained: pd.DataFrame, line: str) -> pd.DataFrame | None:
    """Return the rows of a measure, a group or a line of the ledger; ``None`` if there is no such thing."""
    if line in ledger.MEASURES:
        sections = ledger.section(explained).astype(object)
        return explained[sections.isin(ledger.PARTS[line]).to_numpy()]
    for spelt in (str, str.casefold):  # the exact spelling wins: an activity may be called as a group is
        for column in ("line", "group"):
            mask = explained[column].map(spelt) == spelt(line)
            if mask.any():
                return explained[mask.to_numpy()]
    return None
