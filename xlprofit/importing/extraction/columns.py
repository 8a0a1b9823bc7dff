"""Columns: the columns of a table, made of those of an export as a profile says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from xlprofit.addresses import format_column
from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.importing.exports.conversion import (
    YearStart,
    contradicts_order,
    convert_dates,
    convert_each,
    convert_numbers,
    convert_year_months,
    extract_part,
    read_amount,
)
from xlprofit.importing.exports.export import Cell, ExportSheet, is_blank_cell
from xlprofit.importing.exports.headings import rank_headings
from xlprofit.importing.exports.marks import strip_footnote
from xlprofit.importing.exports.months import read_header
from xlprofit.importing.exports.titles import read_title_scale
from xlprofit.importing.extraction.body import Body, Cells, TableColumn
from xlprofit.importing.extraction.calculation import work_out_columns
from xlprofit.importing.extraction.contradictions import (
    find_other_mark,
    is_mostly_positive,
    is_order_doubtful,
    is_order_open,
    refuse_open_order,
    tell_contradiction,
    tell_doubtful_order,
    tell_other_sign,
)
from xlprofit.importing.extraction.doubts import tell_doubts
from xlprofit.importing.extraction.filling import fill_down
from xlprofit.importing.extraction.news import tell_new_columns
from xlprofit.importing.extraction.orders import count_once
from xlprofit.importing.extraction.recognition import find_place
from xlprofit.importing.extraction.rows import find_rows
from xlprofit.importing.extraction.sizes import tell_sizes
from xlprofit.importing.extraction.terms import add_terms
from xlprofit.importing.profiles.profile import ColumnRule, TableRule, name_own_column
from xlprofit.messages import name_in_workbook
from xlprofit.reading.faults import quote_value
from xlprofit.reading.units import NO_UNIT, split_unit
from xlprofit.tables import TABLES, ColumnSpec, header_key


def make_columns(
    rule: TableRule, body: Body, places: Mapping[str, int]
) -> tuple[dict[str, TableColumn], list[Finding]]:
    """Return the columns of the table by name, and what is to be said of them."""
    findings = (
        _tell_missing(rule, body, places) + _tell_guesses(rule, body, places) + tell_new_columns(rule, body)
    )
    made: dict[str, TableColumn] = {}
    for name, at in places.items():
        own = name_own_column(rule, name)
        if at < 0:
            made[own] = TableColumn(own, [None if out else rule.columns[name].value for out in body.out])
            continue
        made[own], told = _make_column(rule, name, body, at)
        findings += told
    fill_down(rule, body, made)
    add_terms(rule, body, made)
    findings += work_out_columns(rule, body, made, places)
    count_once(rule, body, made)
    return made, [*findings, *tell_doubts(rule, body, made, places), *tell_sizes(rule, body, made, places)]


def _make_column(rule: TableRule, name: str, body: Body, at: int) -> tuple[TableColumn, list[Finding]]:
    """Return one column of the table from one of the export, with the unit that its header names."""
    own, header = name_own_column(rule, name), body.headers[at]
    column = next((c for c in TABLES[rule.table].columns if c.name == own), ColumnSpec(own, "number", ""))
    has_unit = column.kind in ("number", "share") and header_key(header) not in rank_headings(rule.table, own)
    cells, told = _convert_column(rule.columns[name], column, body, at)
    unit = split_unit(header)[1] if has_unit else NO_UNIT
    if column.unit == "currency" and unit.scale == 1 and not unit.rate:
        unit = replace(unit, scale=read_title_scale(body.sheet, body.row))
    cells = _fill_blanks(rule.columns[name], body, cells)
    said = rule.columns[name].currency
    return TableColumn(own, cells, replace(unit, currency=said) if said else unit), told


def _fill_blanks(rule: ColumnRule, body: Body, cells: Cells) -> Cells:
    """Return cells with what a rule says of blank ones, in rows that have any cell."""
    if not (rule.beside or rule.otherwise):
        return cells
    place = find_place(ColumnRule(headers=(rule.beside,)), body.headers, body.sheet.first)
    others: Cells = body.cells[place] if rule.beside and place is not None else [None] * body.size
    rows = zip(cells, others, zip(*body.cells, strict=True), strict=True)
    return [_choose_cell(cell, other, rule.otherwise, row) for cell, other, row in rows]


def _choose_cell(cell: Cell, other: Cell, otherwise: str, row: Sequence[Cell]) -> Cell:
    """Return a cell, the other one where it is blank, or what counts otherwise; nothing in a blank row."""
    if not is_blank_cell(cell) or all(map(is_blank_cell, row)):
        return cell
    return (otherwise or None) if is_blank_cell(other) else other


def _convert_column(rule: ColumnRule, column: ColumnSpec, body: Body, at: int) -> tuple[Cells, list[Finding]]:
    """Return the cells of one column as its rule means them."""
    cells = body.cells[at]
    if rule.year:
        year = find_place(ColumnRule(headers=(rule.year,)), body.headers, body.sheet.first)
        return convert_year_months(cells, body.cells[year] if year is not None else [None] * body.size), []
    if rule.after:
        return cells, []
    if column.kind in ("date", "period"):
        return _convert_days(rule, column, body, at)
    if rule.extract:
        cells = convert_each(cells, partial(extract_part, rule.extract))
    if column.kind in ("number", "share"):
        cells = convert_each(cells, strip_footnote)
    if column.kind in ("number", "share") and not rule.is_worked_out:
        return _convert_amounts(rule, column, body, at, cells)
    return cells, []


def _convert_days(rule: ColumnRule, column: ColumnSpec, body: Body, at: int) -> tuple[Cells, list[Finding]]:
    """Return the cells of a column of dates or periods; as they are where one contradicts the rule."""
    cells = body.cells[at]
    if rule.extract:
        cells = convert_each(cells, partial(extract_part, rule.extract))
    against = contradicts_order(rule.order, cells)
    if against:
        return cells, [tell_contradiction(body, at, against)]
    if column.required and is_order_open(rule, cells):
        raise refuse_open_order(body, at, cells)
    told = [tell_doubtful_order(body, at, rule.order)] if is_order_doubtful(rule.order, cells) else []
    return convert_dates(rule, cells, _find_year_start(rule, body.sheet)), told


def _convert_amounts(
    rule: ColumnRule, column: ColumnSpec, body: Body, at: int, cells: Cells
) -> tuple[Cells, list[Finding]]:
    """Return the cells of a column of numbers; as they are where they contradict the rule."""
    against = find_other_mark(rule.decimal, cells, money=column.unit == "currency")
    if against is not None:
        return cells, [tell_contradiction(body, at, against.text)]
    if rule.sign == "turned" and is_mostly_positive(cells, rule.decimal):
        return cells, [tell_other_sign(body, at)]
    return _make_negative(rule, body, convert_numbers(rule, column, cells)), []


def _find_year_start(rule: ColumnRule, sheet: ExportSheet) -> YearStart | None:
    place = rule.year_in
    if place is None:
        return None
    at = place.column - sheet.first
    if not (0 <= at < len(sheet.columns) and place.row <= sheet.height):
        return None
    digits = re.sub(r"[^0-9]", "", read_header(sheet.columns[at][place.row - 1]))
    if len(digits) < 4:
        return None
    month = int(digits[4:6]) if len(digits) >= 6 and 1 <= int(digits[4:6]) <= 12 else 1
    return YearStart(int(digits[:4]), month)


def _make_negative(rule: ColumnRule, body: Body, cells: Cells) -> Cells:
    """Return amounts that are negative in the rows that the rule's condition means, if it has one."""
    where = find_rows(rule.negative_if, body) if rule.negative_if is not None else None
    if where is None:
        return cells
    found = list(cells)
    for at in np.flatnonzero(where):
        value = read_amount(found[at], rule.decimal or ".")
        if value is not None:
            found[at] = -abs(value)
    return found


# --- what is said of columns -----------------------------------------------------------------------


def _tell_missing(rule: TableRule, body: Body, places: Mapping[str, int]) -> list[Finding]:
    """Return the warnings of columns that the profile names, and that the export has no more."""
    findings = []
    for name in rule.columns:
        own = name_own_column(rule, name)
        column = next((c for c in TABLES[rule.table].columns if c.name == own), None)
        if name in places or (column is not None and not column.assumed):
            continue
        what = phrase(
            "D12",
            "column_missing",
            header=quote_value(" / ".join(rule.columns[name].headers) or name),
            column=name_in_workbook(rule.table, own) if column else own,
        )
        findings.append(build_finding("D12", body.label, "", what))
    return findings


def _tell_guesses(rule: TableRule, body: Body, places: Mapping[str, int]) -> list[Finding]:
    findings = []
    for name, at in places.items():
        if rule.columns[name].sure or at < 0:
            continue
        header = quote_value(body.headers[at] or format_column(body.sheet.first + at))
        column = name_in_workbook(rule.table, name_own_column(rule, name))
        what = phrase("D10", "read_by_content", header=header, column=column)
        findings.append(build_finding("D10", body.label, body.locate_header(at), what))
    return findings
