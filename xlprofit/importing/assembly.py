"""Assembly: the proposal of one table, put together from the columns that were found for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from xlprofit.checks.conventions.document_words import is_document_header, is_side_header
from xlprofit.checks.conventions.names import is_currency_header
from xlprofit.importing.contents import Look
from xlprofit.importing.derivation import (
    MONEY,
    choose_net,
    find_derived,
    find_headings,
    find_ignored,
    find_payments,
    find_sides,
    find_suffix,
    rule_of,
)
from xlprofit.importing.export import is_blank_cell
from xlprofit.importing.header_rows import TOTALS
from xlprofit.importing.inference import find_decimal, infer_rule, is_filled_down
from xlprofit.importing.matching import LIKELY, SURE, By, Match, match_columns, match_content
from xlprofit.importing.names import MINUTES
from xlprofit.importing.pages import Page
from xlprofit.importing.profile import ColumnRule, Condition, Months, TableRule
from xlprofit.tables import TABLES


@dataclass(frozen=True)
class ColumnProposal:
    """What is proposed for one column: where it stands (``at`` counts from 1), how sure, by what, three of its values.

    ``trust`` is between 0 and 1: from 0.8 on it is sure, from 0.5 on likely, below that a guess. ``rule`` has its
    conventions.
    """

    column: str
    header: str
    at: int
    trust: float
    by: By
    samples: tuple[str, ...]
    rule: ColumnRule

    @property
    def is_sure(self) -> bool:
        """Whether it needs no second look."""
        return self.trust >= SURE

    @property
    def is_guess(self) -> bool:
        """Whether it was taken by its content alone, or by little more."""
        return self.trust < LIKELY


@dataclass(frozen=True)
class UnusedColumn:
    """A column that becomes none of the table's; ``tells`` is what the checks read from it all the same."""

    header: str
    at: int
    samples: tuple[str, ...]
    tells: str = ""


@dataclass(frozen=True)
class TableProposal:
    """One table that an export holds: from which sheet and row, its columns, and the columns that stay unused.

    ``rows`` is how many rows stand under the headers; ``missing`` are columns that the table requires and that
    were not found: such a table cannot be taken in.
    """

    table: str
    sheet: str
    header_row: int
    rows: int
    columns: tuple[ColumnProposal, ...]
    unused: tuple[UnusedColumn, ...]
    rule: TableRule
    missing: tuple[str, ...] = ()

    @property
    def trust(self) -> float:
        """How sure the least sure of the required columns is; 0 where one is missing."""
        required = {column.name for column in TABLES[self.table].columns if column.required}
        return (
            0.0 if self.missing else min((c.trust for c in self.columns if c.column in required), default=1.0)
        )

    def find_column(self, name: str) -> ColumnProposal | None:
        """Return what is proposed for a column; ``None`` where nothing is."""
        return next((column for column in self.columns if column.column == name), None)


# --- which column is which ---------------------------------------------------------------------------


def find_matches(table: str, page: Page, keys: frozenset[str] = frozenset()) -> list[Match]:
    """Return the columns of a table that a sheet has, by name and then by content; months as columns give the money.

    ``keys`` are the customers that another table of the export has.
    """
    headers = [("" if at in page.months else header) for at, header in enumerate(page.headers)]
    looks = [Look() if at in page.months else look for at, look in enumerate(page.looks)]
    found = match_columns(table, headers, looks)
    if page.months:
        if table != "Sales":
            return found
        found = [m for m in found if m.column in ("customer", "invoice", "product")]
        first = min(page.months)
        found += [Match("date", first, 0.9, "name"), Match("gross_revenue", first, 0.8, "name")]
    else:
        derived = find_derived(table, page, found)
        taken = {match.column for match in derived} | {match.at for match in derived}
        found = [m for m in found if m.column not in taken and m.at not in taken] + derived
    if table in ("Sales", "ActivityLog", "DirectCosts", "Invoices") and not any(
        m.column == "customer" for m in found
    ):
        at = find_headings(page, frozenset(m.at for m in found))
        if at is not None:
            found.append(Match("customer", at, 0.8, "content"))
    found += match_content(table, headers, looks, found, keys)
    order = [column.name for column in TABLES[table].columns]
    return sorted(found, key=lambda match: order.index(match.column))


def build_table(table: str, page: Page, keys: frozenset[str] = frozenset()) -> TableProposal:
    """Return the proposal of one table from one sheet."""
    return assemble(table, page, find_matches(table, page, keys))


def assemble(table: str, page: Page, found: Sequence[Match]) -> TableProposal:
    """Return the proposal of one table from the columns that were found for it, or chosen."""
    have = {match.column: match for match in found}
    taken_off: set[int] = set()
    if table == "Sales":
        net = choose_net(page, have)
        taken_off = {
            match.at for name, match in have.items() if name in ("discount", "returns") and name not in net
        }
        have = net
    operands = {rule.minus for match in have.values() if (rule := rule_of(page, match, have)).minus}
    have = {
        name: match for name, match in have.items() if page.headers[match.at] not in operands or not operands
    }
    names = [column.name for column in TABLES[table].columns]
    ordered = sorted(have.values(), key=lambda match: names.index(match.column))
    rules = share_decimals(
        page, {match.column: _infer_one(table, page, match, have) for match in ordered}, have
    )
    sides = None
    for name in (name for name in MONEY if name in have and not page.months and not rules[name].minus):
        sides = find_sides(page, have[name].at)
        rules[name] = replace(
            rules[name], negative_if=sides, negative_suffix=find_suffix(page, have[name].at)
        )
    columns = tuple(
        ColumnProposal(
            match.column,
            page.headers[match.at],
            page.sheet.first + match.at,
            match.trust,
            match.by,
            page.looks[match.at].examples,
            rules[match.column],
        )
        for match in ordered
    )
    used = {match.at for match in have.values()} | set(page.months)
    required = [column.name for column in TABLES[table].columns if column.required]
    whole = _build_rule(table, page, columns)
    return TableProposal(
        table,
        page.sheet.sheet,
        page.row,
        max((page.sheet.rows or page.sheet.height) - max(page.row, 0), 0),
        columns,
        list_unused(page, used),
        replace(
            whole,
            ignore=(*find_ignored(page, have, sides), *(page.headers[at] for at in sorted(taken_off))),
        ),
        tuple(name for name in required if name not in have),
    )


def _infer_one(table: str, page: Page, match: Match, have: Mapping[str, Match]) -> ColumnRule:
    """Return how one column is read: from what it is worked out, and its conventions."""
    column = TABLES[table].column(match.column)
    rule = rule_of(page, match, have)
    cells, look = page.cells[match.at], page.looks[match.at]
    if not rule.year:
        inferred = infer_rule(table, column, page.headers[match.at], cells, look)
        if rule.rule or rule.times or rule.minus:
            inferred = replace(
                ColumnRule(), decimal=inferred.decimal, sign=inferred.sign if rule.minus else ""
            )
        parts = {n: getattr(rule, n) for n in ("headers", "position", "rule", "times", "minus", "year")}
        rule = replace(inferred, **parts)
    if (table, match.column) == ("ActivityLog", "quantity") and MINUTES.search(page.headers[match.at]):
        rule = replace(rule, unit="minutes") if look.number >= 0.5 else rule
    body = max((have[n].at for n in (*MONEY, "quantity", "date") if n in have), default=match.at)
    if match.column == "customer" and find_headings(page, frozenset()) == match.at:
        rule = replace(rule, heading=True)
    elif column.kind in ("customer", "name", "date") and match.at != body and not page.months:
        rule = replace(rule, fill_down=is_filled_down(cells, page.cells[body]))
    return replace(rule, sure=match.trust >= LIKELY)


def share_decimals(
    page: Page, rules: dict[str, ColumnRule], have: Mapping[str, Match]
) -> dict[str, ColumnRule]:
    """Return rules in which a column that leaves its decimal mark open has that of all the others of the sheet."""
    found = {find_decimal(page.cells[at]) for at, look in enumerate(page.looks) if look.number >= 0.5} - {""}
    if len(found) != 1:
        return rules
    mark = next(iter(found))
    return {
        name: replace(rule, decimal=mark)
        if not rule.decimal
        and not rule.unit
        and page.looks[have[name].at].number >= 0.5
        and leaves_mark_open(page, have[name].at)
        else rule
        for name, rule in rules.items()
    }


def leaves_mark_open(page: Page, at: int) -> bool:
    """Whether texts of a column can be read with either mark, and none says which."""
    some = [cell for cell in page.cells[at][:2000] if isinstance(cell, str)]
    return any(re.search(r"[0-9][.,][0-9]{3}(?![0-9.,])", cell) for cell in some)


def list_unused(page: Page, used: Collection[int]) -> tuple[UnusedColumn, ...]:
    """Return the columns of a sheet that become none of the table's."""
    return tuple(
        UnusedColumn(header, page.sheet.first + at, page.looks[at].examples, _tell_use(header))
        for at, header in enumerate(page.headers)
        if at not in used and (header or page.looks[at].filled)
    )


def _tell_use(header: str) -> str:
    """Return what the checks read from a column that is none of the table's."""
    if is_currency_header(header):
        return "currency"
    return "document" if is_document_header(header) or is_side_header(header) else ""


def _build_rule(table: str, page: Page, columns: Sequence[ColumnProposal]) -> TableRule:
    years = {month.year for month in page.months.values()}
    months = None
    rules = {column.column: column.rule for column in columns}
    if page.months:
        rules = {name: rule for name, rule in rules.items() if name not in ("date", "gross_revenue")}
        months = Months("date", "gross_revenue", _find_year(page) if years == {0} else 0)
    return TableRule(
        table,
        rules,
        sheet="" if page.sheet.text else page.sheet.sheet,
        header_row=page.row if page.row < 0 else 0,
        drop=(*_find_totals(page, columns), *(find_payments(page) if table in ("Sales", "Invoices") else ())),
        months=months,
    )


def _find_year(page: Page) -> int:
    """Return the year that months without one are in: said above the headers, or in the name of the sheet or file."""
    above = [
        str(c) for n in range(1, max(page.row, 1)) for c in page.sheet.read_row(n) if not is_blank_cell(c)
    ]
    for text in (*above, page.sheet.sheet, page.sheet.path.stem):
        found = sorted(set(re.findall(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", text)))
        if len(found) == 1:
            return int(found[0])
    return 0


def _find_totals(page: Page, columns: Sequence[ColumnProposal]) -> tuple[Condition, ...]:
    """Return which rows add up others in a report by sections, or bear the stars of a list of SAP."""
    drop = []
    for at, header in enumerate(page.headers):
        starred = [c for c in page.cells[at] if isinstance(c, str) and "*" in c and not c.strip().strip("*")]
        if starred and page.looks[at].different <= 4:
            drop.append(
                Condition(
                    (header,) if header else (), 0 if header else page.sheet.first + at, matches=r"^\*+$"
                )
            )
    for column in columns:
        if column.rule.fill_down or column.rule.heading:
            place = 0 if column.header else column.at
            drop.append(Condition((column.header,) if column.header else (), place, matches=TOTALS))
    return tuple(drop)
