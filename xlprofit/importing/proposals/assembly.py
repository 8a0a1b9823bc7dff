"""Assembly: the proposal of one table, put together from the columns that were found for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from math import isfinite

from xlprofit.importing.exports.amount_words import TOTALS
from xlprofit.importing.exports.contents import ColumnLook
from xlprofit.importing.exports.conversion import read_amount
from xlprofit.importing.exports.derivation import (
    MONEY,
    find_derived,
    find_headings,
    find_ignored,
    find_sides,
    find_suffix,
    rule_of,
)
from xlprofit.importing.exports.export import Cell, is_blank_cell
from xlprofit.importing.exports.inference import find_decimal, infer_rule, is_filled_down
from xlprofit.importing.exports.match import LIKELY, SURE, By, Match
from xlprofit.importing.exports.matching import match_columns, match_content
from xlprofit.importing.exports.months import read_header
from xlprofit.importing.exports.names import MINUTES, SECONDS, YEARS
from xlprofit.importing.exports.pages import Page
from xlprofit.importing.exports.weekday_words import ENDING, WEEK
from xlprofit.importing.extraction.measures import find_measure_rows
from xlprofit.importing.extraction.news import list_rule_headers, tells_something
from xlprofit.importing.extraction.pivots import find_compact
from xlprofit.importing.extraction.terms import find_terms
from xlprofit.importing.profiles.profile import ColumnRule, Months, RowCondition, TableRule
from xlprofit.importing.profiles.rules import Measure, Weekdays
from xlprofit.importing.proposals.choice import choose_amounts
from xlprofit.importing.proposals.continuations import find_continuations
from xlprofit.importing.proposals.kinds import find_other_kinds
from xlprofit.reading.conventions.document_words import is_document_header, is_side_header
from xlprofit.reading.conventions.names import is_currency_header
from xlprofit.tables import TABLES

MEASURES = ("gross_revenue", "discount", "returns", "cogs", "quantity")
"""What may stand beside months as columns."""

SAMPLE = 1_000
"""So many amounts are asked for the one in the middle."""

OF_CUSTOMERS = frozenset({"Sales", "ActivityLog", "DirectCosts", "Invoices"})
"""Tables each row of which is of a customer, who may stand in a heading above the rows."""


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
        required = list_required(self.table)
        return (
            0.0 if self.missing else min((c.trust for c in self.columns if c.column in required), default=1.0)
        )

    def find_column(self, name: str) -> ColumnProposal | None:
        """Return what is proposed for a column; ``None`` where nothing is."""
        return next((column for column in self.columns if column.column == name), None)


def list_required(table: str) -> Sequence[str]:
    """Return the columns that a table requires."""
    return [column.name for column in TABLES[table].columns if column.required]


# --- which column is which ---------------------------------------------------------------------------


def find_matches(table: str, page: Page, keys: frozenset[str] = frozenset()) -> list[Match]:
    """Return the columns of a table that a sheet has, by name and then by content; months as columns give the money.

    ``keys`` are the customers that another table of the export has.
    """
    headers, looks = _hide_months(page)
    found = match_columns(table, headers, looks)
    if (page.months and table != "Sales") or (page.weekdays and table != "ActivityLog"):
        return found
    if page.weekdays:
        found = _add_weekdays(page, found)
    elif page.months:
        found = _add_months(page, found)
    else:
        found = find_compact(table, page, _put_derived_first(table, page, found))
    if table in OF_CUSTOMERS and not any(m.column == "customer" for m in found):
        at = find_headings(page, frozenset(m.at for m in found))
        at = find_headings(page, frozenset()) if at is None else at
        if at is not None:
            found.append(Match("customer", at, 0.8, "content"))
    found = find_terms(table, page, found)
    found += match_content(table, headers, looks, found, keys)
    order = [column.name for column in TABLES[table].columns]
    return sorted(found, key=lambda match: order.index(match.column))


def _hide_months(page: Page) -> tuple[Sequence[str], Sequence[ColumnLook]]:
    """Return the headers of a sheet and what its columns look like, months blank."""
    hidden = {*page.months, *page.weekdays}
    headers = [("" if at in hidden else header) for at, header in enumerate(page.headers)]
    return headers, [ColumnLook() if at in hidden else look for at, look in enumerate(page.looks)]


def _add_months(page: Page, found: Sequence[Match]) -> list[Match]:
    """Return what is kept of the columns of sales beside months, which give the day and the money."""
    measures = find_month_measures(page)
    if not measures:
        return list(found)
    first = min(page.months)
    kept = (m for m in found if m.column in ("customer", "invoice", "product"))
    given = [
        Match(name, at, 0.8 if name == "gross_revenue" else 0.85, "name") for name, at in measures.items()
    ]
    return [*kept, Match("date", first, 0.9, "name"), *given]


def find_month_measures(page: Page) -> dict[str, int]:
    """Return the columns of sales that the words beside months mean, each with the first column that has it.

    Without such words the cells are revenue.
    """
    words = {month.measure: at for at, month in sorted(page.months.items(), reverse=True)}
    if set(words) == {""}:
        return {"gross_revenue": words[""]}
    headers = list(words)
    looks = [page.looks[words[header]] for header in headers]
    matches = match_columns("Sales", headers, looks)
    money = {m.column: words[headers[m.at]] for m in matches if m.column in MEASURES}
    return money if "gross_revenue" in money else {}


def _add_weekdays(page: Page, found: Sequence[Match]) -> list[Match]:
    """Return what is kept of the columns of a log beside weekdays, which give the day of the week and the hours."""
    kept = [m for m in found if m.column not in ("quantity", "date")]
    used = {m.at for m in kept} | set(page.weekdays)
    weeks = (
        at
        for at, h in enumerate(page.headers)
        if at not in used and (WEEK.search(h) or page.looks[at].date >= 0.8)
    )
    at = next(weeks, None)
    kept += [Match("date", at, 0.85, "name")] if at is not None else []
    return [*kept, Match("quantity", min(page.weekdays), 0.85, "name")]


def _put_derived_first(table: str, page: Page, found: Sequence[Match]) -> list[Match]:
    """Return the columns found by name, with those that are worked out in place of what they replace."""
    derived = find_derived(table, page, found)
    taken = {match.column for match in derived} | {match.at for match in derived}
    return [m for m in found if m.column not in taken and m.at not in taken] + derived


def build_table(table: str, page: Page, keys: frozenset[str] = frozenset()) -> TableProposal:
    """Return the proposal of one table from one sheet."""
    return assemble_table(table, page, find_matches(table, page, keys))


def _find_used_places(page: Page, have: Mapping[str, Match], rule: TableRule) -> set[int]:
    """Return where the columns of a page stand that a table is read from, those of months and key figures too."""
    measures = set() if rule.measures is None else {page.headers.index(rule.measures.header)}
    return {match.at for match in have.values()} | set(page.months) | set(page.weekdays) | measures


def assemble_table(table: str, page: Page, found: Sequence[Match]) -> TableProposal:
    """Return the proposal of one table from the columns that were found for it, or chosen."""
    have, taken_off = _choose_amounts(table, page, {match.column: match for match in found})
    names = [column.name for column in TABLES[table].columns]
    ordered = sorted(have.values(), key=lambda match: names.index(match.column))
    inferred = {match.column: _infer_column_rule(table, page, match, have) for match in ordered}
    rules, sides = _add_sides(page, share_decimals(page, inferred, have), have)
    columns = tuple(_propose_column(page, match, rules[match.column]) for match in ordered)
    ignored = (*find_ignored(page, have, sides), *(page.headers[at] for at in sorted(taken_off)))
    rule = _build_rule(table, page, columns)
    return TableProposal(
        table,
        page.sheet.sheet,
        page.row,
        max((page.sheet.rows or page.sheet.height) - max(page.row, 0), 0),
        columns,
        list_unused(page, _find_used_places(page, have, rule)),
        replace(rule, ignore=ignored, unused=list_known_unused(table, page, columns)),
        tuple(name for name in list_required(table) if name not in have),
    )


def _choose_amounts(
    table: str, page: Page, have: Mapping[str, Match]
) -> tuple[Mapping[str, Match], frozenset[int]]:
    """Return the columns without those that are in others already, and where the deductions among these stand."""
    chosen = choose_amounts(table, page, have)
    deductions = (name for name in ("discount", "returns") if name in have and name not in chosen)
    taken_off = frozenset(have[name].at for name in deductions)
    have = chosen
    operands = {rule.minus for match in have.values() if (rule := rule_of(page, match, have)).minus}
    kept = {name: match for name, match in have.items() if page.headers[match.at] not in operands}
    return kept, taken_off


def _add_sides(
    page: Page, rules: Mapping[str, ColumnRule], have: Mapping[str, Match]
) -> tuple[Mapping[str, ColumnRule], RowCondition | None]:
    """Return rules in which amounts have the sign that their side of the books gives, and what tells that side."""
    found, sides = dict(rules), None
    for name in (name for name in MONEY if name in have and not page.months and not rules[name].minus):
        sides = find_sides(page, have[name].at)
        suffix = find_suffix(page, have[name].at)
        found[name] = replace(rules[name], negative_if=sides, negative_suffix=suffix)
    return found, sides


def _propose_column(page: Page, match: Match, rule: ColumnRule) -> ColumnProposal:
    at = match.at
    return ColumnProposal(
        match.column,
        page.headers[at],
        page.sheet.first + at,
        match.trust,
        match.by,
        page.looks[at].examples,
        rule,
    )


def _infer_column_rule(table: str, page: Page, match: Match, have: Mapping[str, Match]) -> ColumnRule:
    """Return how one column is read: from what it is worked out, and its conventions."""
    rule = rule_of(page, match, have)
    if not rule.year:
        rule = _add_conventions(table, page, match, rule)
    if (table, match.column) == ("ActivityLog", "quantity") and page.looks[match.at].number >= 0.5:
        header = page.headers[match.at]
        unit: Measure = "minutes" if MINUTES.search(header) else "seconds" if SECONDS.search(header) else ""
        rule = replace(rule, unit=unit) if unit else rule
    rule = _add_filling(table, page, match, have, rule)
    return replace(rule, sure=match.trust >= LIKELY, usual=_find_usual(table, page, match, rule))


def _find_usual(table: str, page: Page, match: Match, rule: ColumnRule) -> float:
    """Return the amount that stands in the middle of a column of money, as its rule reads it; 0 without any."""
    if (
        TABLES[table].column(match.column).unit != "currency"
        or rule.rule
        or rule.times
        or match.column in ("discount", "returns")
    ):
        return 0.0
    cells = page.cells[match.at]
    step = max(1, len(cells) // SAMPLE)
    decimal = rule.decimal or find_decimal(cells)
    values = [read_amount(cell, decimal) for cell in cells[::step]]
    sizes = sorted(abs(value) * rule.scale for value in values if value and isfinite(value))
    return float(f"{sizes[len(sizes) // 2]:.3g}") if sizes else 0.0


def _add_conventions(table: str, page: Page, match: Match, rule: ColumnRule) -> ColumnRule:
    """Return the rule of a column with its conventions; one that is worked out keeps its decimal mark and sign."""
    at = match.at
    column = TABLES[table].column(match.column)
    inferred = infer_rule(table, column, page.headers[at], page.cells[at], page.looks[at])
    if rule.is_worked_out:
        sign = inferred.sign if rule.minus else ""
        inferred = replace(ColumnRule(), decimal=inferred.decimal, sign=sign)
    said = {one.name: getattr(rule, one.name) for one in fields(rule)}
    parts = {name: value for name, value in said.items() if value != getattr(ColumnRule(), name)}
    return replace(inferred, **parts)


def _add_filling(
    table: str, page: Page, match: Match, have: Mapping[str, Match], rule: ColumnRule
) -> ColumnRule:
    """Return the rule of a column that says whether a heading or the cell above stands for blank ones."""
    body = max((have[n].at for n in (*MONEY, "quantity", "date") if n in have), default=match.at)
    if match.column == "customer" and find_headings(page, frozenset()) == match.at:
        return replace(rule, heading=True)
    kind = TABLES[table].column(match.column).kind
    if kind in ("customer", "name", "date") and match.at != body and not page.months:
        return replace(rule, fill_down=is_filled_down(page.cells[match.at], page.cells[body]))
    return rule


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


def list_known_unused(table: str, page: Page, columns: Sequence[ColumnProposal]) -> tuple[str, ...]:
    """Return the headers of a sheet that mean something to a table, and that nothing is read from."""
    used = {header for column in columns for header in list_rule_headers(column.rule)}
    return tuple(h for h in dict.fromkeys(page.headers) if h not in used and tells_something(table, h))


def _tell_use(header: str) -> str:
    """Return what the checks read from a column that is none of the table's."""
    if is_currency_header(header):
        return "currency"
    return "document" if is_document_header(header) or is_side_header(header) else ""


def _build_rule(table: str, page: Page, columns: Sequence[ColumnProposal]) -> TableRule:
    rules = {column.column: column.rule for column in columns}
    measures = find_month_measures(page) if page.months else {}
    if page.months:
        rules = {name: rule for name, rule in rules.items() if name not in ("date", *measures)}
    have = {c.column: Match(c.column, c.at - page.sheet.first, c.trust, c.by) for c in columns if c.at}
    sold = table == "Sales"
    rule = TableRule(
        table,
        rules,
        sheet="" if page.sheet.text else page.sheet.sheet,
        header_row=page.row if page.row < 0 else 0,
        drop=(
            *_find_totals(page, columns),
            *(find_other_kinds(page, have) if table in ("Sales", "Invoices") else ()),
            *(find_continuations(page, have) if sold else ()),
        ),
        months=_build_months(page, measures) if page.months else None,
        heads=page.sheet.heads,
        measures=find_measure_rows(page, frozenset(m.at for m in have.values())) if sold else None,
    )
    return _read_by_weekday(rule) if page.weekdays and "date" in rules else rule


def _build_months(page: Page, measures: Mapping[str, int]) -> Months:
    """Return how the columns of months are read: their measures, and their year where they say none."""
    words = {name: page.months[at].measure for name, at in measures.items()}
    says_no_year = {month.year for month in page.months.values()} == {0}
    header = _find_year_header(page) if says_no_year else ""
    year = _find_year(page) if says_no_year and not header else 0
    return Months("date", "gross_revenue", year, words if any(words.values()) else {}, header)


def _read_by_weekday(rule: TableRule) -> TableRule:
    """Return a rule of days of the week that stand as columns; a week by its number is none by its Thursday then."""
    date = rule.columns["date"]
    plain = replace(date, form="") if date.form == "week" else date
    weekdays = Weekdays("date", "quantity", bool(ENDING.search(date.headers[0] if date.headers else "")))
    return replace(rule, columns={**rule.columns, "date": plain}, weekdays=weekdays)


def _find_year_header(page: Page) -> str:
    """Return the header of the column that says the year of each row beside months; nothing where none does."""
    for at in page.find_named(YEARS, frozenset(page.months)):
        said = {read_header(cell) for cell in page.cells[at] if not is_blank_cell(cell)}
        if any(re.fullmatch(r"(?:19|20)[0-9]{2}", text) for text in said):
            return page.headers[at]
    return ""


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


def _find_totals(page: Page, columns: Sequence[ColumnProposal]) -> tuple[RowCondition, ...]:
    """Return which rows add up others in a report by sections, or bear the stars of a list of SAP."""
    named = {
        c.at - page.sheet.first for c in columns if c.column in ("date", "issued", "customer", "invoice")
    }
    starred = (
        _build_condition(header, page.sheet.first + at, r"^\*+$")
        for at, header in enumerate(page.headers)
        if (page.looks[at].different <= 4 or at in named) and any(map(_is_starred, page.cells[at]))
    )
    headed = [column for column in columns if column.rule.fill_down or column.rule.heading]
    days = tuple(
        c.header for c in columns if c.column in ("date", "issued") and c.rule.headers and c not in headed
    )
    totals = (_build_condition(column.header, column.at, TOTALS) for column in headed)
    own = {column.header for column in headed}
    return (*starred, *(replace(one, without=tuple(h for h in days if h not in own)) for one in totals))


def _build_condition(header: str, place: int, matches: str) -> RowCondition:
    """Return a condition of a column by its header; of one without a header by its place."""
    return RowCondition((header,) if header else (), 0 if header else place, matches=matches)


def _is_starred(cell: Cell) -> bool:
    return isinstance(cell, str) and "*" in cell and not cell.strip().strip("*")
