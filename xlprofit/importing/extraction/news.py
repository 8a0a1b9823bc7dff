"""News: columns and sheets of an export that were not there when its profile was made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from xlprofit.addresses import format_column
from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.importing.exports.amount_words import DISCOUNT, TAX
from xlprofit.importing.exports.export import ExportSheet
from xlprofit.importing.exports.headings import rank_headings
from xlprofit.importing.exports.matching import tells_of_document
from xlprofit.importing.exports.months import read_month_header
from xlprofit.importing.extraction.body import Body
from xlprofit.importing.extraction.recognition import is_sheet_named, resolve_headers
from xlprofit.importing.profiles.rules import ColumnRule, TableRule
from xlprofit.reading.faults import quote_value
from xlprofit.reading.headers import read_name
from xlprofit.tables import TABLES, header_key


def tells_something(table: str, header: str) -> bool:
    """Whether a header names a column of a table, a tax, a discount, a currency or a kind of document."""
    keys = {header_key(header), read_name(header)} - {""}
    known = any(keys & rank_headings(table, column.name).keys() for column in TABLES[table].columns)
    return bool(header) and (
        known or tells_of_document(header) or bool(TAX.search(header) or DISCOUNT.search(header))
    )


def list_rule_headers(rule: ColumnRule) -> Iterator[str]:
    """Yield every header that a rule of a column reads something from."""
    yield from rule.headers
    yield from filter(
        None,
        (
            rule.times,
            rule.per,
            rule.minus,
            rule.tax_rate,
            rule.tax,
            rule.total,
            rule.once,
            rule.year,
            rule.after,
            rule.beside,
            rule.beside,
        ),
    )
    yield from rule.less
    yield from rule.negative_if.headers if rule.negative_if is not None else ()


def tell_new_columns(rule: TableRule, body: Body) -> list[Finding]:
    """Return the warnings of columns that mean something and are new since the profile was made.

    A profile that does not say which columns were there, as ready ones do not, has none.
    """
    if rule.unused is None:
        return []
    known = {*rule.unused, *rule.ignore}
    known |= {header for column in rule.columns.values() for header in list_rule_headers(column)}
    known |= {header for condition in (*rule.drop, *rule.keep) for header in condition.headers}
    keys = set(map(header_key, known))
    findings = []
    for at, header in enumerate(body.headers):
        is_told = tells_of_document(header) or _is_month(rule, header)  # the checks read a kind of document
        if header_key(header) in keys or is_told or not tells_something(rule.table, header):
            continue
        what = phrase("D12", "column_new", header=quote_value(header or format_column(body.sheet.first + at)))
        findings.append(build_finding("D12", body.label, body.locate_header(at), what))
    return findings


def _is_month(rule: TableRule, header: str) -> bool:
    return rule.months is not None and read_month_header(header) is not None


def list_new_sheets(rules: Sequence[TableRule], export: Sequence[ExportSheet]) -> list[ExportSheet]:
    """Return the sheets of a workbook that have every column that one of some rules reads, and that none reads.

    A file that gains a sheet a month, and a sheet of the next month beside that of the last, are such.
    """
    read = {id(found[0]) for rule in rules if (found := resolve_headers(rule, export)) is not None}
    others = [
        sheet
        for sheet in export
        if not (sheet.text or sheet.hidden)
        and id(sheet) not in read
        and not any(_names_sheet(rule, sheet) for rule in rules)
    ]
    whole = [rule for rule in rules if not rule.distinct and rule.columns]
    return [sheet for sheet in others if any(_has_columns(rule, sheet) for rule in whole)]


def _names_sheet(rule: TableRule, sheet: ExportSheet) -> bool:
    return bool(rule.sheet) and is_sheet_named(rule, sheet)


def _has_columns(rule: TableRule, sheet: ExportSheet) -> bool:
    """Whether a sheet has every column that a rule reads, and rows below."""
    found = resolve_headers(replace(rule, sheet=""), [sheet])
    return found is not None and found[1] < sheet.height and rule.columns.keys() <= found[2].keys()


def tell_new_sheets(rules: Sequence[TableRule], export: Sequence[ExportSheet], label: str) -> list[Finding]:
    """Return the warnings of sheets that look like those that are read, and that are not read."""
    return [
        build_finding("D12", label, "", phrase("D12", "sheet_new", sheet=quote_value(sheet.sheet)))
        for sheet in list_new_sheets(rules, export)
    ]
