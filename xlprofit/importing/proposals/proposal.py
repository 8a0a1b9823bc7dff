"""Proposals: which tables an export holds, and which of its columns is which; what was found, how sure, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from xlprofit.errors import UnknownNameError
from xlprofit.importing.exports.export import ExportSheet, is_blank_cell
from xlprofit.importing.exports.match import LIKELY, SURE, Match
from xlprofit.importing.exports.matching import match_columns
from xlprofit.importing.exports.names import CREDITS, DEBITS
from xlprofit.importing.exports.opening import read_export
from xlprofit.importing.exports.pages import Page, read_page
from xlprofit.importing.extraction.heads import Joined, Unsettled, add_joined_sheets, find_joined
from xlprofit.importing.extraction.recognition import list_rule_sheets, recognise, resolve_headers
from xlprofit.importing.profiles.profile import ColumnRule, Profile, TableRule
from xlprofit.importing.proposals.assembly import (
    ColumnProposal,
    TableProposal,
    assemble_table,
    build_table,
    find_matches,
    list_required,
    list_unused,
)
from xlprofit.importing.proposals.kinds import MOST_KINDS, is_invoice
from xlprofit.importing.proposals.likeness import rate_names, rate_rows
from xlprofit.importing.proposals.subjects import bars_table, find_subject
from xlprofit.tables import SOURCED, TABLES, header_key

AS_GOOD = 0.75
"""A sheet is taken for a table only where it is nearly as good for it as for the best one."""

FEWEST_REPEATED = 3
"""A sheet of fewer different rows may have them by chance as another one does."""

RIVALS = {"DirectCosts": "group", "ActivityLog": "activity"}
"""Tables that a list of sales with a kind of document may be taken for, and the column that tells them from it."""

OF_EACH_CUSTOMER = frozenset({"name", "segment", "channel", "owner", "country"})
"""What a list of sales may say of each customer."""

Rated = tuple[Page, Mapping[str, float]]
"""A sheet, and how much it is like each table that it may be."""


@dataclass(frozen=True)
class Proposal:
    """What an export holds: the tables, and the sheets that are none.

    ``ready`` is the name of the ready profile that was taken; empty where the mapping was worked out. ``given`` is
    the profile that was taken, ready or not. ``unsettled`` are lines of orders that could not be joined to these.
    """

    path: Path
    tables: tuple[TableProposal, ...]
    passed_over: tuple[str, ...] = ()
    ready: str = ""
    encoding: str = ""
    delimiter: str = ""
    given: Profile | None = None
    unsettled: tuple[Unsettled, ...] = ()
    export: tuple[ExportSheet, ...] = field(default=(), repr=False, compare=False)

    def find_table(self, name: str) -> TableProposal | None:
        """Return what is proposed for a table; ``None`` where nothing is."""
        return next((table for table in self.tables if table.table == name), None)

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

    def add_mapped_table(self, mapped: Mapping[str, str]) -> Proposal:
        """Return the proposal with a table that was not recognised, where a mapping says which columns it has.

        It is the first one with all these columns, from the first sheet with all their headers.
        """
        table = next((t for t in SOURCED if mapped.keys() <= {c.name for c in TABLES[t].columns}), "")
        page = _find_page_with(self.export, set(map(header_key, mapped.values())))
        if not table or page is None:
            return self
        return replace(self, tables=(*self.tables, build_table(table, page)), ready="")

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


def _find_page_with(export: Sequence[ExportSheet], keys: Set[str]) -> Page | None:
    """Return the first sheet with all of some headers, by their keys."""
    said = frozenset(keys)
    pages = (page for sheet in export if (page := read_page(sheet, said=said)) is not None)
    return next((page for page in pages if keys <= set(map(header_key, page.headers))), None)


def propose(path: str | Path, *, delimiter: str = "", encoding: str = "", sheet: str = "") -> Proposal:
    r"""Return which tables an export holds and which of its columns is which: what was found, and how sure.

    Headers are found below titles, blank lines and page heads; columns by their names in several languages, and
    where no name tells, by what they contain. Nothing is written.

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
    tables, left, unsettled = _propose_shown_tables(pages)
    read = {table.sheet for table in tables} | {*left} | {t.rule.heads.sheet for t in tables if t.rule.heads}
    blank = [sheet.sheet for sheet in export if sheet.sheet not in read]
    encoding, delimiter = _find_text_form(export)
    return Proposal(
        path,
        tuple(tables),
        (*left, *blank),
        encoding=encoding,
        delimiter=delimiter,
        unsettled=tuple(unsettled),
        export=tuple(export),
    )


def _propose_shown_tables(pages: Sequence[Page]) -> tuple[list[TableProposal], list[str], list[Unsettled]]:
    """Return the tables of the sheets that are not hidden; of all where those have no sales."""
    shown = [page for page in pages if not page.sheet.hidden]
    joined, unsettled = find_joined(shown)
    tables, left = _propose_tables(shown, joined)
    if len(shown) == len(pages) or any(table.table == "Sales" for table in tables):
        return tables, left, unsettled
    joined, unsettled = find_joined(pages)
    return *_propose_tables(pages, joined), unsettled


def join_proposals(lines: Proposal, heads: Proposal) -> tuple[Proposal, Proposal] | None:
    """Return two exports where one has the lines of the other's orders; ``None`` where it does not.

    The lines come with the sheets of their orders; the orders keep what they are besides.
    """
    pages = [page for sheet in (*lines.export, *heads.export) if (page := read_page(sheet)) is not None]
    found = [
        one
        for one in find_joined(pages)[0]
        if (one.page.sheet.path, one.heads.sheet.path) == (lines.path, heads.path)
    ]
    if not found:
        return None
    tables, _left = _propose_tables(pages, found)
    own = [t for t in tables if t.rule.heads is not None]
    if all(t.table != "Sales" for t in own):
        return None
    rest = [t for t in tables if t.rule.heads is None and any(t.sheet == s.sheet for s in heads.export)]
    export = (*lines.export, *heads.export)
    joined = replace(lines, tables=tuple(own), passed_over=(), ready="", given=None, export=export)
    return joined, replace(heads, tables=tuple(rest), ready="", given=None)


def _find_text_form(export: Sequence[ExportSheet]) -> tuple[str, str]:
    """Return the encoding and the delimiter that a profile must say of an export; the usual ones need no word."""
    text = next((sheet for sheet in export if sheet.text), None)
    if text is None:
        return "", ""
    encoding = "" if text.encoding.startswith("utf-8") else text.encoding
    return encoding, "" if text.delimiter == "," else text.delimiter


def _confirm_table(table: TableProposal) -> TableProposal:
    columns = tuple(replace(c, rule=_confirm_column(c.rule)) for c in table.columns)
    rules = {name: _confirm_column(rule) for name, rule in table.rule.columns.items()}
    drop = tuple(replace(condition, sure=True) for condition in table.rule.drop)
    return replace(table, columns=columns, rule=replace(table.rule, columns=rules, drop=drop))


def _confirm_column(rule: ColumnRule) -> ColumnRule:
    """Return a rule as one that somebody has seen: nothing of it is a guess or in doubt any more."""
    return replace(rule, sure=True, doubt="", instead="")


def propose_profile(profile: Profile, path: Path, export: Sequence[ExportSheet], ready: str = "") -> Proposal:
    """Return what a profile makes of an export; its tables that are not there are left out."""
    joined = add_joined_sheets(profile.tables, export)
    tables = tuple(found for rule in profile.tables for found in _apply_known(rule, joined))
    return Proposal(path, tables, (), ready, given=profile, export=tuple(export))


def _find_proposed_sheet(table: TableProposal, export: Sequence[ExportSheet]) -> ExportSheet:
    """Return the sheet that a table is proposed from, its lines with their heads where it has such."""
    whole = next(sheet for sheet in export if sheet.sheet == table.sheet)
    joined = add_joined_sheets([table.rule], export)
    return next(iter(list_rule_sheets(table.rule, joined)), whole) if table.rule.heads else whole


def replace_column(
    table: TableProposal, export: Sequence[ExportSheet], column: str, header: str
) -> TableProposal:
    """Return a table's proposal with another column of the export for one of its columns; an empty header: none."""
    sheet = _find_proposed_sheet(table, export)
    said = frozenset((header_key(header),)) - {""}
    used = frozenset(c.at - sheet.first for c in table.columns)
    page = read_page(sheet, table.header_row, said, used)
    names = [c.name for c in TABLES[table.table].columns]
    if page is None or column not in names:
        raise UnknownNameError(column, names, "column")
    matches = _keep_matches(table, sheet, column, header)
    if header:
        matches.append(_choose_match(page, column, header))
    changed = assemble_table(table.table, page, matches)
    fixed = tuple(c for c in table.columns if not c.at and c.column != column)
    return replace(changed, columns=(*changed.columns, *fixed))


def _keep_matches(table: TableProposal, sheet: ExportSheet, column: str, header: str) -> list[Match]:
    """Return the columns of a table's proposal but one, and but that which is read from the header it gets."""
    taken = header_key(header) if header else None
    kept = (c for c in table.columns if c.at and c.column != column and header_key(c.header) != taken)
    return [Match(c.column, c.at - sheet.first, c.trust, c.by) for c in kept]


def _choose_match(page: Page, column: str, header: str) -> Match:
    """Return a column of the table as the user chooses it from those of the sheet."""
    keys = list(map(header_key, page.headers))
    if header_key(header) not in keys:
        raise UnknownNameError(header, [h for h in page.headers if h], "column")
    return Match(column, keys.index(header_key(header)), 1.0, "chosen")


# --- one sheet -------------------------------------------------------------------------------------


def _propose_tables(pages: Sequence[Page], joined: Sequence[Joined]) -> tuple[list[TableProposal], list[str]]:
    """Return the tables of some sheets, no table twice, and the names of the sheets that are none."""
    rated = _rate_pages(pages, joined)
    chosen = _choose_pages(rated)
    if "Sales" not in chosen:
        chosen = _find_sales_elsewhere(rated, chosen)
    tables = _build_tables(rated, chosen)
    if "Customers" not in chosen and "Sales" in chosen:
        tables += _extract_customers(chosen["Sales"])
    tables.sort(key=lambda found: list(TABLES).index(found.table))
    used = {table.sheet for table in tables}
    used |= {table.rule.heads.sheet for table in tables if table.rule.heads is not None}
    return tables, [page.sheet.sheet for page in pages if page.sheet.sheet not in used]


def _rate_pages(pages: Sequence[Page], joined: Sequence[Joined]) -> list[Rated]:
    """Return how much each sheet is like each table; lines with their heads in place of the lines.

    Heads whose lines are sales are no sales themselves, and no list of customers.
    """
    lines = {one.page.sheet.sheet: one.page for one in joined}
    found = [(page, _rate_tables(page)) for page in (lines.get(own.sheet.sheet, own) for own in pages)]
    sold = [one.heads for one, (_page, scores) in _pair_joined(joined, found) if "Sales" in scores]
    return [
        (page, _keep_scores_of_heads(scores) if any(page is one for one in sold) else scores)
        for page, scores in found
    ]


def _keep_scores_of_heads(scores: Mapping[str, float]) -> dict[str, float]:
    """Return how much heads are like the one table that they may be while their lines are the sales: invoices."""
    return {table: score for table, score in scores.items() if table == "Invoices"}


def _pair_joined(joined: Sequence[Joined], rated: Sequence[Rated]) -> list[tuple[Joined, Rated]]:
    return [(one, found) for one in joined for found in rated if found[0] is one.page]


def _choose_pages(rated: Sequence[Rated]) -> dict[str, Page]:
    """Return the sheet that is taken for each table: the likest first, no sheet and no table twice."""
    chosen: dict[str, Page] = {}
    done: set[int] = set()
    order = [
        (score, -at, table) for at, (_page, scores) in enumerate(rated) for table, score in scores.items()
    ]
    for score, place, table in sorted(order, reverse=True):
        page, scores = rated[-place]
        if place not in done and table not in chosen and score > AS_GOOD * max(scores.values()):
            chosen[table] = page
            done.add(place)
    return chosen


def _build_tables(rated: Sequence[Rated], chosen: Mapping[str, Page]) -> list[TableProposal]:
    """Return the tables of the chosen sheets and of those that continue them; of incomplete ones Sales alone."""
    keys = _collect_customers(chosen)
    tables, taken = [build_table(table, page, keys) for table, page in chosen.items()], [*chosen.values()]
    for page, scores in rated:
        if all(page is not held for held in chosen.values()):
            more = _continue_tables(page, scores, tables, taken)
            taken += [page] if more else []
            tables += more
    return [table for table in tables if not table.missing or table.table == "Sales"]


def _extract_customers(page: Page) -> list[TableProposal]:
    """Return the customers that a list of sales numbers and names, with what it says of each: each of them once.

    Only what is the same in all rows of a customer is said of it.
    """
    key = {match.column: match for match in find_matches("Sales", page)}.get("customer")
    if page.months or key is None:
        return []
    told = [
        match for match in match_columns("Customers", page.headers, page.looks) if _is_said(page, key, match)
    ]
    if not told:
        return []
    table = assemble_table("Customers", page, [Match("customer", key.at, key.trust, key.by), *told])
    if any(column.rule.heading or column.rule.fill_down for column in table.columns):
        return []
    return [replace(table, rule=replace(table.rule, distinct=True))]


def _is_said(page: Page, key: Match, match: Match) -> bool:
    """Whether a column of a list of sales says something of its customers, whose numbers are in the column ``key``."""
    if match.column not in OF_EACH_CUSTOMER or match.at == key.at or match.trust < 0.6:
        return False
    if match.column == "name" and page.looks[match.at].different < 0.8 * page.looks[key.at].different:
        return False
    return _is_of_each(page.cells[key.at], page.cells[match.at])


def _is_of_each(keys: Sequence[object], values: Sequence[object]) -> bool:
    """Whether a value is the same in all rows of one key, and some value is there."""
    known: dict[object, object] = {}
    for key, value in zip(keys, values, strict=True):
        if is_blank_cell(key) or is_blank_cell(value):
            continue
        if known.setdefault(key, value) != value:
            return False
    return bool(known)


def _find_sales_elsewhere(rated: Sequence[Rated], chosen: Mapping[str, Page]) -> dict[str, Page]:
    """Return the tables with the sales that stand in a list of invoices, or of deals in place of the prospects.

    Without sales nothing is computed.
    """
    for page, scores in rated:
        if "Sales" in scores and scores.keys() & {"Invoices", "Prospects"}:
            found = {match.column: match for match in find_matches("Sales", page)}
            sold = "Invoices" in scores or _have_customers(page, found["customer"])
            if found["gross_revenue"].trust >= LIKELY and sold:
                return _put_sales(chosen, page)
    return dict(chosen)


def _put_sales(chosen: Mapping[str, Page], page: Page) -> dict[str, Page]:
    """Return the tables with a page as the sales, no longer as the prospects."""
    kept = {table: one for table, one in chosen.items() if table != "Prospects" or one is not page}
    return {**kept, "Sales": page}


def _have_customers(page: Page, customer: Match) -> bool:
    """Whether deals have a column of customers beside their own names, and beside what else is told of the deals."""
    own = (match.at for match in find_matches("Prospects", page) if match.by != "content")
    return customer.by != "content" and customer.trust >= LIKELY and customer.at not in own


def _continue_tables(
    page: Page, scores: Mapping[str, float], tables: Sequence[TableProposal], taken: Sequence[Page]
) -> list[TableProposal]:
    """Return a table that another sheet begins and this one continues: under the same headers, with rows of its own."""
    for table in tables:
        if table.table in scores and not page.sheet.text:
            more = build_table(table.table, page)
            if [(c.column, c.header) for c in more.columns] == [(c.column, c.header) for c in table.columns]:
                return [] if _repeats_rows(more, page, taken) else [more]
    return []


def _repeats_rows(table: TableProposal, page: Page, taken: Sequence[Page]) -> bool:
    """Whether all rows of a sheet stand on the sheets that are taken already: a month beside the whole year."""
    headers = [column.header for column in table.columns if column.column in list_required(table.table)]
    if not headers or (page.sheet.rows or page.sheet.height) > page.sheet.height:
        return False  # the rest of it is not read yet
    known = {row for other in taken for row in _list_rows(other, headers)}
    own = set(_list_rows(page, headers))
    return len(own) >= FEWEST_REPEATED and own <= known


def _list_rows(page: Page, headers: Sequence[str]) -> list[tuple[object, ...]]:
    """Return the cells of a sheet under some headers in the rows that have all; nothing where it lacks a header."""
    if not set(headers) <= set(page.headers):
        return []
    rows = zip(*(page.cells[page.headers.index(header)] for header in headers), strict=True)
    return [row for row in rows if not any(map(is_blank_cell, row))]


def _rate_tables(page: Page) -> dict[str, float]:
    """Return how much a sheet is like each table: what its headers explain, less what the table misses."""
    sold = find_matches("Sales", page)
    subject = find_subject(page, sold)
    scores = {
        table: score
        for table in SOURCED
        if not bars_table(subject, table) and (score := _rate_table(table, page)) is not None
    }
    return scores if subject else _settle_sales(page, sold, scores)


def _settle_sales(page: Page, sold: Sequence[Match], scores: dict[str, float]) -> dict[str, float]:
    """Return the scores of a sheet in which Sales give way to a table that it surely is, and others to sure Sales."""
    of_others = "Customers" in scores and _dates_customers(page, sold)
    if of_others or ("ActivityLog" in scores and _is_guessed(sold)):
        scores = {table: score for table, score in scores.items() if table != "Sales"}
    if of_others:
        return scores
    if "Sales" in scores:
        return {table: score for table, score in scores.items() if not _is_rival(table, page)}
    if {"date", "customer", "gross_revenue"} <= {match.column for match in sold}:
        return scores | {"Sales": AS_GOOD * sum(match.trust for match in sold)}
    return scores


def _dates_customers(page: Page, sold: Sequence[Match]) -> bool:
    """Whether the day that was guessed for sales is, by its name, one of a customer: since when it is one."""
    guessed = {match.at for match in sold if match.column == "date" and match.by == "content"}
    named = match_columns("Customers", page.headers, page.looks)
    return any(match.at in guessed and match.trust >= LIKELY for match in named)


def _is_guessed(sold: Sequence[Match]) -> bool:
    """Whether the revenue among columns of sales is only guessed from its contents."""
    return any(match.column == "gross_revenue" and match.trust < LIKELY for match in sold)


def _is_rival(table: str, page: Page) -> bool:
    """Whether a sheet that is like Sales was taken for another table though nothing sure tells it from Sales."""
    column = RIVALS.get(table, "")
    if not column or rate_names(table, page):
        return False
    told = next(match for match in find_matches(table, page) if match.column == column)
    return told.trust < SURE or _names_documents(page.cells[told.at])


def _names_documents(cells: Sequence[object]) -> bool:
    """Whether the words of a column are kinds of documents, such as invoices, and no activities."""
    words = {str(cell) for cell in cells if not is_blank_cell(cell)}
    return len(words) <= MOST_KINDS and any(map(is_invoice, words))


def _rate_table(table: str, page: Page) -> float | None:
    """Return how much a sheet is like one table; ``None`` where it cannot be that."""
    if table == "Balances" and page.find_named(DEBITS) and page.find_named(CREDITS):
        return None  # the balance of an account after each booking
    found = find_matches(table, page)
    have = {match.column: match for match in found}
    required = list_required(table)
    trusts = [have[name].trust for name in required if name in have]
    if len(trusts) < len(required) or (table != "Sales" and min(trusts) < LIKELY):
        return None
    if not _has_names(table, page, found, len(required)):
        return None
    score = sum(match.trust for match in found)
    score += 0.8 * sum(trusts) / len(required)
    score += rate_names(table, page)
    score -= 0.5 * sum(trust < LIKELY for trust in trusts)
    return score * rate_rows(table, page, have)


def _has_names(table: str, page: Page, found: Sequence[Match], required: int) -> bool:
    """Whether enough columns were found by their names: two, or all that are required, or one of a named sheet."""
    count = sum(match.by != "content" and match.trust >= 0.5 for match in found)
    return count >= 2 or (count == 1 and (required == 1 or rate_names(table, page) > 0))


def _collect_customers(chosen: Mapping[str, Page]) -> frozenset[str]:
    """Return the customers that a list of them has, as they are compared."""
    if "Customers" not in chosen:
        return frozenset()
    page = chosen["Customers"]
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
    page = read_page(sheet, row, used=frozenset(places.values()))
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
