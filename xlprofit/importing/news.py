"""News: columns of an export that were not there when its profile was made."""

from __future__ import annotations

from collections.abc import Iterator

from xlprofit.addresses import format_column
from xlprofit.checks.faults import quote_value
from xlprofit.checks.headers import read_name
from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.importing.amount_words import DISCOUNT, TAX
from xlprofit.importing.body import Body
from xlprofit.importing.headings import rank_headings
from xlprofit.importing.matching import tells_of_document
from xlprofit.importing.months import read_month_header
from xlprofit.importing.rules import ColumnRule, TableRule
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
        None, (rule.times, rule.minus, rule.tax_rate, rule.tax, rule.total, rule.once, rule.year)
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
