"""Application: an export read as a profile says, into a table such as the checks take from a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from xlprofit.addresses import format_column
from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.importing.exports.export import LOOKED_ACROSS, ExportSheet
from xlprofit.importing.exports.header_rows import find_header_row, read_header_cells
from xlprofit.importing.exports.pages import count_narrowed, narrow_for_rule
from xlprofit.importing.extraction.body import Mask
from xlprofit.importing.extraction.columns import make_columns
from xlprofit.importing.extraction.frames import build_distinct_table, build_placed_table
from xlprofit.importing.extraction.heads import add_joined_sheets
from xlprofit.importing.extraction.joining import divide_rows, join_shares, join_sheets, list_filled_rows
from xlprofit.importing.extraction.measures import merge_measures, read_words, tell_unread
from xlprofit.importing.extraction.recognition import (
    find_place,
    is_sheet_named,
    list_rule_sheets,
    resolve_headers,
)
from xlprofit.importing.extraction.rows import read_body
from xlprofit.importing.extraction.totals import leave_out_total
from xlprofit.importing.extraction.unmatched import tell_unmatched
from xlprofit.importing.extraction.unpivoting import unpivot_months
from xlprofit.importing.extraction.weekdays import unpivot_weekdays
from xlprofit.importing.profiles.profile import ProfileError, TableRule
from xlprofit.messages import _
from xlprofit.reading.faults import quote_value
from xlprofit.tables import TABLES, Raw


def apply_rules(
    rules: Sequence[TableRule], export: Sequence[ExportSheet], label: str
) -> tuple[Raw, list[Finding]]:
    """Return the table that rules make of an export, and what is to be said of it.

    Several rules are for several kinds of rows, such as those of each rate of tax; rows that none of them keeps and
    none drops are told.

    Raises:
        ProfileError: the export has no sheet with the columns that a rule needs.
    """
    export = add_joined_sheets(rules, export)
    if len(rules) == 1:
        return apply_rule(rules[0], export, label)
    sheets = list(dict.fromkeys(rule.sheet for rule in rules))
    if len(sheets) == 1:
        return _apply_to_kinds(rules, export, label)
    raws, findings = [], list[Finding]()
    for sheet in sheets:
        own = [rule for rule in rules if rule.sheet == sheet]
        if not any(one.text or is_sheet_named(own[0], one) for one in export):
            raise _refuse_sheets(own[0], export, label)
        raw, told = apply_rules(own, export, _("{source}, sheet {sheet}", source=label, sheet=sheet))
        raws.append(raw)
        findings += told
    return join_sheets(raws, label), findings


def _apply_to_kinds(
    rules: Sequence[TableRule], export: Sequence[ExportSheet], label: str
) -> tuple[Raw, list[Finding]]:
    """Return the table that rules for several kinds of rows make of one sheet, and what is to be said of it."""
    parts = [apply_rule(rule, export, label) for rule in rules]
    findings = list(dict.fromkeys(f for _raw, told in parts for f in told if f.code != "D11"))
    whole, _told = apply_rule(replace(rules[0], keep=(), drop=()), export, label)
    kept, _told = apply_rule(replace(rules[0], keep=()), export, label)
    filled = list_filled_rows(whole)
    shares, taken = divide_rows([raw for raw, _told in parts], len(filled))
    known = filled.copy()
    known[: len(kept.frame)] &= ~list_filled_rows(kept)
    lost = filled & ~taken & ~known
    if lost.any():
        findings.append(_tell_lost(whole, lost, label))
    return join_shares(shares, len(filled)), findings


def _tell_lost(raw: Raw, lost: Mask, label: str) -> Finding:
    first = int(np.flatnonzero(lost)[0]) + raw.row + 1
    what = phrase("D14", "no_rule", n=int(lost.sum()))
    cell = f"{format_column(raw.column)}{first}" if raw.row else ""
    return build_finding("D14", label, cell, what, count=int(lost.sum()))


def apply_rule(rule: TableRule, export: Sequence[ExportSheet], label: str) -> tuple[Raw, list[Finding]]:
    """Return the table that a rule makes of an export, and what is to be said of it.

    Rows keep their places, so that a finding names the row of the export; where months stand as columns or rows are
    merged they have none. ``label`` is what findings call the export.

    Raises:
        ProfileError: the export has no sheet with the columns that the rule needs.
    """
    found = resolve_headers(rule, export)
    if found is None:
        raise _refuse_export(rule, export, label)
    whole, row, places = found
    sheet = narrow_for_rule(whole, row, rule, places.values())
    body, findings = read_body(rule, sheet, row, label)
    made, told = make_columns(rule, body, places)
    told += _tell_narrowed(whole, sheet, label)
    told += merge_measures(rule, body, made)
    findings += [*told, *tell_unmatched(rule, export, body, made), *leave_out_total(rule, body, made)]
    if rule.months is not None:
        words = read_words(rule, body)
        findings += tell_unread(rule.measures, body, words) if rule.measures is not None else []
        return unpivot_months(rule, rule.months, body, made), findings
    if rule.weekdays is not None:
        return unpivot_weekdays(rule, rule.weekdays, body, made), findings
    if rule.distinct:
        raw, told = build_distinct_table(rule, body, made)
        return raw, [*findings, *told]
    return build_placed_table(rule, body, made, places), findings


def _tell_narrowed(whole: ExportSheet, sheet: ExportSheet, label: str) -> list[Finding]:
    """Return the warning of the columns of a very wide sheet that are not looked at; none where all are."""
    count = 0 if sheet is whole else count_narrowed(whole, sheet)
    if not count:
        return []
    what = phrase("D20", "not_looked_at", n=count, most=LOOKED_ACROSS)
    return [build_finding("D20", label, "", what, count=count)]


def _refuse_export(rule: TableRule, export: Sequence[ExportSheet], label: str) -> ProfileError:
    """Return the error that says which sheet or columns an export does not have."""
    sheets = list_rule_sheets(rule, export)
    if not sheets:
        return _refuse_sheets(rule, export, label)
    row = max(rule.header_row or find_header_row(sheets[0]), 0)
    headers = [header for header in read_header_cells(sheets[0], row) if header]
    missing = _list_missing_columns(rule, headers)
    if not headers:
        return ProfileError(
            _("{source}: no row of headers was found in it", source=label),
            _("Check that the export is complete, and export it again"),
        )
    return ProfileError(
        _(
            "{source}: the profile needs the columns {columns}, and they are not there",
            source=label,
            columns=", ".join(filter(None, missing)),
        ),
        _(
            "The export has {names}. If its form has changed, propose it anew: {command}",
            names=", ".join(headers[:20]),
            command="xlprofit import FILE -o BOOK.xlsx",
        ),
    )


def _refuse_sheets(rule: TableRule, export: Sequence[ExportSheet], label: str) -> ProfileError:
    """Return the error that says which sheet an export does not have, and which it has."""
    return ProfileError(
        _("{source}: there is no sheet {sheet}", source=label, sheet=quote_value(rule.sheet)),
        _("Its sheets are {names}", names=", ".join(sheet.sheet for sheet in export)),
    )


def _list_missing_columns(rule: TableRule, headers: Sequence[str]) -> Sequence[str]:
    """Return the headers that a rule expects for the required columns that are not among those of an export."""
    made = {rule.months.date, rule.months.value} if rule.months else set()
    required = [c.name for c in TABLES[rule.table].columns if c.required and c.name not in made]
    missing = []
    for name in required:
        column = rule.columns.get(name)
        if column is None:
            missing.append(name)
        elif find_place(column, headers, 1) is None:
            missing.append(" / ".join(column.headers))
    return missing
