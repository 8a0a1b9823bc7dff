"""Proposals: which tables an export holds, and which of its columns is which; what was found, how sure, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from xlprofit.errors import UnknownNameError
from xlprofit.importing.assembly import (
    ColumnProposal,
    TableProposal,
    assemble_table,
    build_table,
    find_matches,
    list_unused,
)
from xlprofit.importing.export import ExportSheet, is_blank_cell
from xlprofit.importing.matching import LIKELY, SURE, Match, match_columns, split_header_words
from xlprofit.importing.opening import read_export
from xlprofit.importing.pages import Page, read_page
from xlprofit.importing.profile import Profile, TableRule
from xlprofit.importing.recognition import recognise, resolve_headers
from xlprofit.tables import SOURCED, TABLES, header_key

AS_GOOD = 0.75
"""A sheet is taken for a table only where it is nearly as good for it as for the best one."""

RIVALS = {"DirectCosts": "group", "ActivityLog": "activity"}
"""Tables that a list of sales with a kind of document may be taken for, and the column that tells them from it."""

_NAMES: Mapping[str, tuple[str, ...]] = {
    "Sales": (
        "sales",
        "orders",
        "order",
        "invoices",
        "umsatz",
        "umsätze",
        "myynti",
        "försäljning",
        "revenue",
    ),
    "Customers": ("customers", "customer", "clients", "accounts", "kunden", "asiakkaat", "kunder"),
    "Invoices": ("invoices", "receivables", "rechnungen", "laskut", "fakturor", "ledger"),
    "ActivityLog": ("tickets", "time", "activities", "log", "calls", "deliveries", "toggl", "zendesk"),
    "DirectCosts": ("costs", "expenses", "kosten", "kulut", "kostnader"),
    "Resources": ("resources", "departments", "kostenstellen"),
    "Prospects": ("prospects", "leads", "opportunities", "pipeline"),
}
"""Words in the name of a sheet or of a file that speak for a table."""


@dataclass(frozen=True)
class Proposal:
    """What an export holds: the tables, and the sheets that are none.

    ``ready`` is the name of the ready profile that was taken; empty where the mapping was worked out. ``given`` is
    the profile that was taken, ready or not.
    """

    path: Path
    tables: tuple[TableProposal, ...]
    passed_over: tuple[str, ...] = ()
    ready: str = ""
    encoding: str = ""
    delimiter: str = ""
    given: Profile | None = None
    export: tuple[ExportSheet, ...] = field(default=(), repr=False, compare=False)

    def find_table(self, name: str) -> TableProposal | None:
        """Return what is proposed for a table; ``None`` where nothing is."""
        return next((table for table in self.tables if table.table == name), None)

    @property
    def is_complete(self) -> bool:
        """Whether there is a table, and each has all columns that it requires."""
        return bool(self.tables) and not any(table.missing for table in self.tables)

    def change_column(self, table: str, column: str, header: str) -> Proposal:
        """Return the proposal with another column of the export for a column of a table; an empty header: none.

        Raises:
            UnknownNameError: the export has no such column, or the proposal no such table.
        """
        own = self.find_table(table)
        if own is None:
            raise UnknownNameError(table, [t.table for t in self.tables], "table")
        changed = replace_column(own, self.export, column, header)
        tables = tuple(changed if one.table == table else one for one in self.tables)
        return replace(self, tables=tables, ready="")

    def confirm_guesses(self) -> Proposal:
        """Return the proposal with all that it guesses confirmed."""
        return replace(self, tables=tuple(map(_confirm_table, self.tables)))

    def drop_table(self, table: str) -> Proposal:
        """Return the proposal without a table."""
        return replace(self, tables=tuple(one for one in self.tables if one.table != table))

    @property
    def profile(self) -> Profile:
        """How the tables are read: what is kept once the proposal is accepted."""
        if self.given is not None:
            return self.given
        headers = tuple(
            dict.fromkeys(
                c.header for t in self.tables for c in t.columns if c.header and c.column != "value"
            )
        )
        return Profile(
            tuple(table.rule for table in self.tables),
            headers=headers if not any(t.rule.months for t in self.tables) else (),
            encoding=self.encoding,
            delimiter=self.delimiter,
        )


def propose(path: str | Path, *, delimiter: str = "", encoding: str = "", sheet: str = "") -> Proposal:
    r"""Return which tables an export holds and which of its columns is which: what was found, and how sure.

    Headers are found below titles, blank lines and page heads; columns by their names in several languages, and
    where no name tells, by what stands in them. Nothing is written.

    Args:
        path: a workbook (.xlsx, .xlsm) or a file of text (CSV and the like, packed by gzip or not). What stands
            behind ``#`` is the name of a sheet.
        delimiter: what parts the values of a file of text; found out where it is not given.
        encoding: of a file of text; found out where it is not given.
        sheet: the only sheet to be looked at.

    Raises:
        FileError: the workbook cannot be read.
        ProfileError: the file of text cannot be read.

    >>> import tempfile, pathlib
    >>> export = pathlib.Path(tempfile.mkdtemp(), "orders.csv")
    >>> _ = export.write_text("Order Date;Client No;Net Amount\n31.01.2024;10001;1.250,00\n02.02.2024;10002;90,50\n")
    >>> [(c.column, c.header, c.is_sure) for c in propose(export).tables[0].columns]
    [('date', 'Order Date', True), ('customer', 'Client No', True), ('gross_revenue', 'Net Amount', True)]
    """
    place, _hash, named = str(path).partition("#")
    path, sheet = (Path(place), sheet or named) if named and not Path(path).exists() else (Path(path), sheet)
    export = read_export(path, delimiter=delimiter, encoding=encoding, glance=True)
    if sheet:
        export = [one for one in export if header_key(one.sheet) == header_key(sheet)]
    return propose_export(path, export)


def propose_export(path: Path, export: Sequence[ExportSheet]) -> Proposal:
    """Return which tables the sheets of an export hold, all read already."""
    ready = recognise(export)
    if ready is not None:
        return propose_profile(ready[1], path, export, ready[0])
    pages = [page for sheet in export if (page := read_page(sheet)) is not None]
    tables, left = _propose_tables(pages)
    blank = [sheet.sheet for sheet in export if all(page.sheet is not sheet for page in pages)]
    text = next((sheet for sheet in export if sheet.text), None)
    return Proposal(
        path,
        tuple(tables),
        (*left, *blank),
        encoding="" if text is None or text.encoding.startswith("utf-8") else text.encoding,
        delimiter="" if text is None or text.delimiter == "," else text.delimiter,
        export=tuple(export),
    )


def _confirm_table(table: TableProposal) -> TableProposal:
    columns = tuple(replace(c, rule=replace(c.rule, sure=True)) for c in table.columns)
    rules = {name: replace(rule, sure=True) for name, rule in table.rule.columns.items()}
    return replace(table, columns=columns, rule=replace(table.rule, columns=rules))


def propose_profile(profile: Profile, path: Path, export: Sequence[ExportSheet], ready: str = "") -> Proposal:
    """Return what a profile makes of an export; its tables that are not there are left out."""
    tables = tuple(found for rule in profile.tables for found in _apply_known(rule, export))
    return Proposal(path, tables, (), ready, given=profile, export=tuple(export))


def replace_column(
    table: TableProposal, export: Sequence[ExportSheet], column: str, header: str
) -> TableProposal:
    """Return a table's proposal with another column of the export for one of its columns; an empty header: none."""
    sheet = next(sheet for sheet in export if sheet.sheet == table.sheet)
    page = read_page(sheet, table.header_row)
    if page is None or not any(c.name == column for c in TABLES[table.table].columns):
        raise UnknownNameError(column, [c.name for c in TABLES[table.table].columns], "column")
    kept = [
        Match(c.column, c.at - sheet.first, c.trust, c.by)
        for c in table.columns
        if c.column != column and c.at and not (header and header_key(c.header) == header_key(header))
    ]
    if header:
        keys = list(map(header_key, page.headers))
        if header_key(header) not in keys:
            raise UnknownNameError(header, [h for h in page.headers if h], "column")
        kept.append(Match(column, keys.index(header_key(header)), 1.0, "chosen"))
    rule = assemble_table(table.table, page, kept)
    fixed = tuple(c for c in table.columns if not c.at and c.column != column)
    return replace(rule, columns=(*rule.columns, *fixed)) if fixed else rule


# --- one sheet -------------------------------------------------------------------------------------


def _propose_tables(pages: Sequence[Page]) -> tuple[list[TableProposal], list[str]]:
    """Return the tables of some sheets, no table twice, and the names of the sheets that are none."""
    rated = [(page, _rate_tables(page)) for page in pages]
    chosen: dict[str, tuple[float, Page]] = {}
    order = sorted(
        ((score, -at, table) for at, (_page, scores) in enumerate(rated) for table, score in scores.items()),
        reverse=True,
    )
    done: set[int] = set()
    for score, at, table in order:
        best = max(rated[-at][1].values())
        if -at not in done and table not in chosen and score > AS_GOOD * best:
            chosen[table] = (score, rated[-at][0])
            done.add(-at)
    if "Sales" not in chosen:
        chosen |= _find_sales_elsewhere(rated)
    keys = _collect_customers(chosen)
    named = None
    if "Customers" not in chosen and "Sales" in chosen:
        named = _find_customers(chosen["Sales"][1])
    tables = [build_table(table, page, keys) for table, (_score, page) in chosen.items()]
    for page, scores in rated:
        if all(page is not held for _score, held in chosen.values()):
            tables += _continue_tables(page, scores, tables)
    tables = [table for table in tables if not table.missing or table.table == "Sales"]
    tables += [named] if named is not None else []
    tables.sort(key=lambda found: list(TABLES).index(found.table))
    used = {table.sheet for table in tables}
    return tables, [page.sheet.sheet for page in pages if page.sheet.sheet not in used]


def _find_customers(page: Page) -> TableProposal | None:
    """Return the customers that a list of sales numbers and names, with what it says of each: each of them once.

    Only what is the same in all rows of a customer is said of it.
    """
    sales = {match.column: match for match in find_matches("Sales", page)}
    if page.months or "customer" not in sales:
        return None
    key = sales["customer"]
    rows = page.cells[key.at]
    found = [Match("customer", key.at, key.trust, key.by)]
    for match in match_columns("Customers", page.headers, page.looks):
        told = match.column in ("name", "segment", "channel", "owner", "country") and match.at != key.at
        if match.column == "name" and page.looks[match.at].different < 0.8 * page.looks[key.at].different:
            continue
        if told and match.trust >= 0.6 and _is_of_each(rows, page.cells[match.at]):
            found.append(match)
    if len(found) < 2:
        return None
    table = assemble_table("Customers", page, found)
    if any(column.rule.heading or column.rule.fill_down for column in table.columns):
        return None
    return replace(table, rule=replace(table.rule, distinct=True))


def _is_of_each(keys: Sequence[object], values: Sequence[object]) -> bool:
    """Whether a value is the same in all rows of one key, and some value is there."""
    known: dict[object, object] = {}
    for key, value in zip(keys, values, strict=True):
        if is_blank_cell(key) or is_blank_cell(value):
            continue
        if known.setdefault(key, value) != value:
            return False
    return bool(known)


def _find_sales_elsewhere(rated: Sequence[tuple[Page, Mapping[str, float]]]) -> dict[str, tuple[float, Page]]:
    """Return the sales that stand in a list of invoices: without them nothing is computed."""
    for page, scores in rated:
        if "Sales" in scores and "Invoices" in scores:
            found = {match.column: match for match in find_matches("Sales", page)}
            if found["gross_revenue"].trust >= LIKELY:
                return {"Sales": (scores["Sales"], page)}
    return {}


def _continue_tables(
    page: Page, scores: Mapping[str, float], tables: Sequence[TableProposal]
) -> list[TableProposal]:
    """Return a table that another sheet begins and this one continues: under the same headers."""
    for table in tables:
        if table.table in scores and not page.sheet.text:
            more = build_table(table.table, page)
            if [(c.column, c.header) for c in more.columns] == [(c.column, c.header) for c in table.columns]:
                return [more]
    return []


def _rate_tables(page: Page) -> dict[str, float]:
    """Return how much a sheet is like each table: what its headers explain, less what the table misses."""
    scores: dict[str, float] = {}
    for table in SOURCED:
        found = find_matches(table, page, frozenset())
        have = {match.column: match for match in found}
        required = [column.name for column in TABLES[table].columns if column.required]
        named = [m for m in found if m.by != "content" and m.trust >= 0.5]
        if any(name not in have for name in required) or not named:
            continue
        if table != "Sales" and any(have[name].trust < LIKELY for name in required):
            continue
        score = sum(m.trust for m in found)
        score += 0.8 * sum(have[name].trust for name in required) / len(required)
        score += _rate_names(table, page)
        score -= 0.5 * sum(have[name].trust < LIKELY for name in required)
        score *= _rate_rows(table, page, have)
        if len(named) >= 2 or len(named) == len(required) or _rate_names(table, page):
            scores[table] = score
    for rival, column in RIVALS.items():
        if "Sales" in scores and rival in scores and not _rate_names(rival, page):
            own = next(match for match in find_matches(rival, page) if match.column == column)
            if own.trust < SURE:
                del scores[rival]
    content = find_matches("Sales", page, frozenset()) if "Sales" not in scores else []
    if {"date", "customer", "gross_revenue"} <= {match.column for match in content}:
        scores["Sales"] = AS_GOOD * sum(match.trust for match in content)
    return scores


def _rate_names(table: str, page: Page) -> float:
    words = {*split_header_words(page.sheet.sheet), *split_header_words(page.sheet.path.stem)}
    own = {table.casefold()} | set(_NAMES.get(table, ()))
    return 1.0 if header_key(page.sheet.sheet) == header_key(table) else 0.5 * bool(words & own)


def _rate_rows(table: str, page: Page, have: Mapping[str, Match]) -> float:
    """Return what is left of a score where a list has its key in many rows, or a log each customer once only."""
    if table not in ("Customers", "Prospects") or len(page.cells) == 0:
        return 1.0
    key = page.looks[have["customer" if table == "Customers" else "prospect"].at]
    dated = any(look.date >= 0.5 and look.filled > 0.5 for look in page.looks)
    return 0.3 if key.variety < 0.7 else 0.85 if dated and key.variety < 0.98 else 1.0


def _collect_customers(chosen: Mapping[str, tuple[float, Page]]) -> frozenset[str]:
    """Return the customers that a list of them has, as they are compared."""
    if "Customers" not in chosen:
        return frozenset()
    page = chosen["Customers"][1]
    match = next(
        (m for m in match_columns("Customers", page.headers, page.looks) if m.column == "customer"), None
    )
    return frozenset(str(c).strip().casefold() for c in page.cells[match.at]) if match else frozenset()


# --- ready profiles --------------------------------------------------------------------------------


def _apply_known(rule: TableRule, export: Sequence[ExportSheet]) -> list[TableProposal]:
    """Return the proposal that a ready profile makes of an export: its columns are known, and sure."""
    found = resolve_headers(rule, export)
    if found is None:
        return []
    sheet, row, places = found
    page = read_page(sheet, row)
    if page is None:
        return []
    columns = tuple(
        ColumnProposal(
            name,
            page.headers[at] if at >= 0 else "",
            sheet.first + at if at >= 0 else 0,
            1.0,
            "name" if at >= 0 else "fixed",
            page.looks[at].examples if at >= 0 else (rule.columns[name].value,),
            rule.columns[name],
        )
        for name, at in places.items()
    )
    rows = max((sheet.rows or sheet.height) - max(row, 0), 0)
    return [
        TableProposal(
            rule.table, sheet.sheet, row, rows, columns, list_unused(page, set(places.values())), rule
        )
    ]
