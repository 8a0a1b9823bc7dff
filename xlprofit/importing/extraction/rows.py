"""Rows: which rows of an export's sheet a rule takes, and what is to be said of those that it leaves out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from math import fsum

import numpy as np
import pandas as pd

from xlprofit.addresses import format_column
from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.importing.exports.conversion import convert_each, read_amount
from xlprofit.importing.exports.export import Cell, ExportSheet, is_blank_cell
from xlprofit.importing.exports.header_rows import find_end, find_repeated, read_header_cells
from xlprofit.importing.exports.inference import find_decimal
from xlprofit.importing.exports.months import read_header
from xlprofit.importing.extraction.body import Body, Mask, blank_cells
from xlprofit.importing.extraction.recognition import find_place
from xlprofit.importing.profiles.profile import ColumnRule, RowCondition, TableRule
from xlprofit.importing.profiles.profile_fields import LONGEST_SEARCHED
from xlprofit.reading.faults import quote_value
from xlprofit.sources.lines import Ragged, report_ragged_records


def _find_headed_width(headers: Sequence[str]) -> int:
    """Return how many columns there are up to the last that has a header; all of them where none has."""
    return max((at + 1 for at, header in enumerate(headers) if header), default=len(headers))


def read_body(rule: TableRule, sheet: ExportSheet, row: int, label: str) -> tuple[Body, list[Finding]]:
    """Return the rows below the headers of a sheet that a rule takes, and what is to be said of the others."""
    top = max(row, 0)
    headers = read_header_cells(sheet, row)
    size = _find_headed_width(headers)
    cells = [list(column[top:]) for column in sheet.columns]
    out, findings = _mark_other_rows(sheet, row, label)
    if sheet.text and row > 0:
        findings += _leave_out_longer(sheet, row, size, out, label)
        cells, headers = cells[:size], headers[:size]
    body = Body(sheet, row, headers, cells, out, label)
    dropped = _find_dropped(rule, body) & ~out
    for condition in (one for one in rule.drop if not one.sure):
        found = _find_rows_of_any((condition,), body) & dropped
        findings += [_tell_stages(rule, body, found, condition)] if found.any() else []
        dropped &= ~found
        out |= found
    if dropped.any():
        findings.append(_tell_dropped(body, dropped))
    out |= dropped
    body = replace(body, heads=_collect_heads(rule, body, dropped))
    blank_cells(cells, out)
    return body, findings


def _mark_other_rows(sheet: ExportSheet, row: int, label: str) -> tuple[Mask, list[Finding]]:
    """Return which rows below the headers belong to another table or repeat the headers, and what is to be said."""
    top = max(row, 0)
    out = np.zeros(max(sheet.height - top, 0), dtype=bool)
    findings = []
    end = find_end(sheet, row)
    if end:
        out[end - top :] = True
        findings.append(_tell_other_table(sheet, end, label))
    for number in find_repeated(sheet, row, sheet.columns):
        out[number - 1 - top] = True
    return out, findings


def _collect_heads(rule: TableRule, body: Body, dropped: Mask) -> dict[int, dict[int, Cell]]:
    """Return the cells that fill down from rows that are not kept, but for those that the rule drops."""
    heads: dict[int, dict[int, Cell]] = {}
    rows = np.flatnonzero(dropped & ~_find_rows_of_any(rule.drop, body))
    for column in rule.columns.values():
        at = find_place(column, body.headers, body.sheet.first)
        if at is not None and at >= 0 and column.fill_down:
            heads[at] = {int(r): body.cells[at][r] for r in rows if not is_blank_cell(body.cells[at][r])}
    return heads


def _tell_other_table(sheet: ExportSheet, end: int, label: str) -> Finding:
    what = phrase("D14", "other_table", row=str(end))
    return build_finding("D14", label, f"{format_column(sheet.first)}{end + 1}", what)


def _leave_out_longer(sheet: ExportSheet, row: int, size: int, out: Mask, label: str) -> list[Finding]:
    """Leave out the records that have values beyond the headers, and say so; shorter ones count as blank there."""
    longer, shorter = [], []
    for number in range(row + 1, sheet.height + 1):
        width = sheet.widths[number - 1]
        if width == size or out[number - row - 1]:
            continue
        cells = sheet.read_row(number)
        if width > size:
            if any(not is_blank_cell(cell) for cell in cells[size:]):
                longer.append(number)
                out[number - row - 1] = True
        elif any(not is_blank_cell(cell) for cell in cells):
            shorter.append(number)
    ragged = Ragged(len(longer), min(longer, default=0), len(shorter), min(shorter, default=0))
    return report_ragged_records(ragged, label, size)


def _find_dropped(rule: TableRule, body: Body) -> Mask:
    """Return which rows the rule leaves out."""
    out = _find_rows_of_any(rule.drop, body)
    for condition in rule.keep:
        found = find_rows(condition, body)
        if found is not None:
            out |= ~found
    if not out.any():
        return out
    filled = np.zeros(body.size, dtype=bool)
    for column in body.cells:
        filled |= np.fromiter((not is_blank_cell(cell) for cell in column), dtype=bool, count=body.size)
    return out & filled


def _find_rows_of_any(conditions: Sequence[RowCondition], body: Body) -> Mask:
    """Return which rows one or more of some conditions mean."""
    held = np.zeros(body.size, dtype=bool)
    for condition in conditions:
        found = find_rows(condition, body)
        if found is not None:
            held |= found
    return held


def find_rows(condition: RowCondition, body: Body) -> Mask | None:
    """Return which rows a condition means; ``None`` where its column is not there."""
    at = find_place(condition, body.headers, body.sheet.first)
    if at is None:
        return None
    cells = body.cells[at]
    if condition.fill_down:
        cells = list(pd.Series([None if is_blank_cell(c) else c for c in cells], dtype=object).ffill())
    words = {word.strip().casefold() for word in condition.among}
    pattern = re.compile(condition.matches) if condition.matches else None

    def holds(cell: Cell) -> bool:
        text = "" if is_blank_cell(cell) else read_header(cell)
        if condition.blank is not None:
            return condition.blank == (not text)
        if pattern is not None:
            return bool(text) and pattern.search(text[:LONGEST_SEARCHED]) is not None
        return text.casefold() in words

    found = np.array(convert_each(cells, holds), dtype=bool)
    return found & _lack_cells(condition, body, at) if condition.without and found.any() else found


def _lack_cells(condition: RowCondition, body: Body, place: int) -> Mask:
    """Return which rows are blank under the headers that a condition names, and have a cell beside its own."""
    lacking, beside = np.ones(body.size, dtype=bool), np.zeros(body.size, dtype=bool)
    named = {find_place(ColumnRule(headers=(h,)), body.headers, body.sheet.first) for h in condition.without}
    for at, column in enumerate(body.cells):
        filled = np.fromiter((not is_blank_cell(cell) for cell in column), dtype=bool, count=body.size)
        lacking &= ~filled if at in named else True
        beside |= filled if at != place else False
    return lacking & beside


def _tell_stages(rule: TableRule, body: Body, found: Mask, condition: RowCondition) -> Finding:
    rows = np.flatnonzero(found)
    money = next((rule.columns[n] for n in ("gross_revenue", "amount") if n in rule.columns), ColumnRule())
    place = find_place(money, body.headers, body.sheet.first)
    cells = [body.cells[place][row] for row in rows] if place is not None and place >= 0 else []
    what = phrase(
        "D15",
        "stages",
        n=len(rows),
        words=", ".join(map(quote_value, condition.among)),
        header=quote_value(" / ".join(condition.headers)),
        sum=fsum(read_amount(cell, money.decimal or find_decimal(cells)) or 0.0 for cell in cells),
    )
    return build_finding("D15", body.label, body.locate_row(int(rows[0])), what, count=len(rows))


def _tell_dropped(body: Body, dropped: Mask) -> Finding:
    first = int(np.flatnonzero(dropped)[0])
    what = phrase("D11", "rows_left_out", n=int(dropped.sum()))
    return build_finding("D11", body.label, body.locate_row(first), what, count=int(dropped.sum()))
