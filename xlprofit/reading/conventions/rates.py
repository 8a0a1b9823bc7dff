"""Rates: shares of revenue in a column of money, and amounts in thousands, turned into amounts in currency."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from xlprofit.findings import Finding, phrase
from xlprofit.messages import name_in_workbook
from xlprofit.reading import cells
from xlprofit.reading.conventions.formats import read_code
from xlprofit.reading.faults import Fault, Mask, Trouble, report_faults
from xlprofit.reading.rows import Draft
from xlprofit.reading.words import normalize_text

Amounts = npt.NDArray[np.float64]

FAR_ABOVE = 10.0
"""Where the median revenue is at least this, a column of values up to 1 holds shares of it rather than amounts."""


def scale_amounts(draft: Draft) -> tuple[Draft, list[Finding]]:
    """Return a table whose amounts are in currency where their header says thousands or millions."""
    findings: list[Finding] = []
    for column in draft.place.table.columns:
        unit = draft.place.units.get(column.name)
        if unit is None or unit.scale == 1.0 or column.kind != "number" or column.name not in draft.readings:
            continue
        values = draft.readings[column.name].values.astype(np.float64)
        parts = round(1 / unit.scale) if unit.scale < 1 else 0  # divided, since 0.01 is no binary fraction
        scaled = replace(draft.readings[column.name], values=values / parts if parts else values * unit.scale)
        draft = replace(draft, readings={**draft.readings, column.name: scaled})
        what = phrase(
            "C26",
            "divided_header_says" if parts else "multiplied_header_says",
            column=name_in_workbook(draft.raw.name, column.name),
            scale=parts or unit.scale,
        )
        trouble = Trouble("C26", what)
        at = np.flatnonzero(draft.usable & ~np.isnan(values))
        fault = Fault("C26", column.name, at, lambda which, trouble=trouble: trouble, counted=True)  # type: ignore[misc]
        findings += report_faults(draft.place, draft.rows, [fault])
    return draft, findings


def multiply_shares(draft: Draft, currency: str) -> tuple[Draft, list[Finding]]:
    """Return a table whose discounts, returns and costs are amounts where they were shares of the gross revenue."""
    findings: list[Finding] = []
    for name in (c.name for c in draft.place.table.columns if c.of_revenue):
        if name not in draft.readings or "gross_revenue" not in draft.readings:
            continue
        values = draft.readings[name].values.astype(np.float64)
        revenue = draft.readings["gross_revenue"].values.astype(np.float64)
        shares = _find_revenue_shares(draft, name, values, revenue)
        mask = ~np.isnan(shares)
        if not mask.any():
            continue
        amounts = np.where(mask, shares * revenue, values)
        draft = replace(
            draft, readings={**draft.readings, name: replace(draft.readings[name], values=amounts)}
        )
        at = np.flatnonzero(mask & draft.usable & (shares != 0))
        count = int(draft.place.lines_of(draft.rows[at]).sum())
        what = phrase(
            "C25",
            "cells_read_shares",
            n=count,
            column=name_in_workbook(draft.raw.name, name),
            revenue=name_in_workbook(draft.raw.name, "gross_revenue"),
            sum=math.fsum(amounts[at]),
            currency=currency,
        )
        trouble = Trouble("C25", what)
        fault = Fault("C25", name, at, lambda which, trouble=trouble: trouble, counted=True)  # type: ignore[misc]
        findings += report_faults(draft.place, draft.rows, [fault])
    return draft, findings


def _find_revenue_shares(draft: Draft, name: str, values: Amounts, revenue: Amounts) -> Amounts:
    """Return the share of revenue that each cell of a column is, NaN where it is an amount or blank."""
    percent = _find_percent_cells(draft, name)
    held = ~np.isnan(values)
    rest = held & ~percent
    asked = rest & draft.usable & (values != 0)
    size = np.abs(values[asked])
    unit = draft.place.units.get(name)
    if unit is not None and unit.rate:
        hundredth = 0.01 if (size > 1).any() else 1.0
        return np.where(percent, values, values * hundredth)
    rates = (
        len(size) > 0
        and bool((values[asked] > 0).all() and (size <= 1).all() and (size < 1).any())
        and float(np.median(np.abs(revenue[asked]))) >= FAR_ABOVE
    )
    return np.where(percent | (rest & rates), values, np.nan)


def _find_percent_cells(draft: Draft, name: str) -> Mask:
    """Return which cells of a column bear a percent sign, by their format or in their text."""
    at = draft.headers[name]
    mask = np.zeros(len(draft.rows), dtype=bool)
    for code, rows in draft.raw.formats.get(at, {}).items():
        if read_code(code).rate:
            mask[rows] = True
    for part in cells.split_column_cells(draft.raw.frame.iloc[:, at]):
        if part.sort == "text":
            which, texts = part.distinct()
            signed = np.array(["%" in normalize_text(str(text)) for text in texts], dtype=bool)
            mask[part.at] = signed[which]
    return mask & ~np.isnan(draft.readings[name].values.astype(np.float64))
