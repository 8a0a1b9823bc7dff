"""Signs: a column of revenue or cost that is written with a minus throughout is turned as a whole.

Revenue and costs are written positive here. Ledgers book credits negative, so one of them comes with a minus. A
column is turned where most of its rows, and their sum, are negative; single credit notes and refunds stay as they
are. A cost is compared with the revenue of its row: that of a credit note is rightly negative as well.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from xlprofit.findings import Finding, phrase
from xlprofit.messages import name_in_workbook
from xlprofit.reading.faults import Fault, Mask, Trouble, report_faults
from xlprofit.reading.rows import Draft

Amounts = npt.NDArray[np.float64]


def turn_signs(draft: Draft, plain: Mask, currency: str) -> tuple[Draft, list[Finding]]:
    """Return a table whose columns of revenue and cost are positive where most of them were negative.

    ``plain`` are the rows that are asked: those that no word says to be a credit or no sale at all.
    """
    table, findings = draft.place.table, list[Finding]()
    costs = table.written_as("cost")
    for column in (*table.written_as("revenue", "owed"), *costs):
        if column not in draft.readings:
            continue
        values = draft.readings[column].values.astype(np.float64)
        signs = _compute_revenue_signs(draft) if column in costs else np.ones(len(values))
        if not _is_mostly_negative(values * signs, draft, plain):
            continue
        readings = {**draft.readings, column: replace(draft.readings[column], values=0.0 - values)}
        draft = replace(draft, readings=readings)
        findings += _report_turned_signs(draft, column, currency)
    return draft, findings


def _compute_revenue_signs(draft: Draft) -> Amounts:
    """Return −1 for each row of negative revenue, else 1."""
    revenue = draft.readings.get("gross_revenue")
    below = (
        np.zeros(len(draft.rows), dtype=bool) if revenue is None else revenue.values.astype(np.float64) < 0
    )
    return np.where(below, -1.0, 1.0)


def _is_mostly_negative(values: Amounts, draft: Draft, plain: Mask) -> bool:
    """Whether most of the amounts that are asked, and their sum, are negative."""
    at = np.flatnonzero(draft.usable & plain & ~np.isnan(values) & (values != 0))
    lines = draft.place.lines_of(draft.rows[at])
    below = values[at] < 0
    if 2 * int(lines[below].sum()) <= int(lines.sum()):
        return False
    return math.fsum(values[at]) < 0


def _report_turned_signs(draft: Draft, column: str, currency: str) -> list[Finding]:
    values = draft.readings[column].values.astype(np.float64)
    at = np.flatnonzero(draft.usable & ~np.isnan(values) & (values != 0))
    what = phrase(
        "C24",
        "most_negative_so",
        column=name_in_workbook(draft.raw.name, column),
        sum=math.fsum(values[at]),
        currency=currency,
    )
    trouble = Trouble("C24", what)
    return report_faults(
        draft.place, draft.rows, [Fault("C24", column, at, lambda which: trouble, counted=True)]
    )
