"""Proposals: which tables an export holds, and which of its columns is which; what was found, how sure, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from xlprofit.checks.conventions.document_words import is_document_header, is_side_header
from xlprofit.checks.conventions.names import is_currency_header
from xlprofit.errors import UnknownNameError
from xlprofit.importing.contents import Look, look_at
from xlprofit.importing.export import Cell, ExportSheet, is_blank, read_export
from xlprofit.importing.header_rows import Month, find_header_row, read_header, read_month
from xlprofit.importing.inference import infer_rule, is_filled_down
from xlprofit.importing.matching import (
    LIKELY,
    SURE,
    By,
    Match,
    match_columns,
    match_content,
    split_words,
)
from xlprofit.importing.profile import (
    ColumnRule,
    Condition,
    Months,
    Profile,
    TableRule,
)
from xlprofit.importing.recognition import recognise, resolve_headers
from xlprofit.tables import SOURCED, TABLES, header_key

FEWEST_MONTHS = 3
"""So many headers that are months make a table with months as columns."""

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

    def confirm(self) -> Proposal:
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
    """Return which tables an export holds and which of its columns is which: what was found, and how sure.

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
    >>> _ = export.write_text("Order Date;Client No;Net Amount\\n31.01.2024;10001;1.250,00\\n")
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
        tuple([*left, *blank]),
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
    rule = assemble(table.table, page, kept)
    fixed = tuple(c for c in table.columns if not c.at and c.column != column)
    return replace(rule, columns=(*rule.columns, *fixed)) if fixed else rule


# --- one sheet -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """A sheet with its headers found: ``cells`` are those below them, by column, ``looks`` what they look like."""

    sheet: ExportSheet
    row: int
    headers: tuple[str, ...]
    cells: tuple[Sequence[Cell], ...]
    looks: tuple[Look, ...]
    months: Mapping[int, Month]


def read_page(sheet: ExportSheet, row: int = 0) -> Page | None:
    """Return a sheet with its headers found; ``None`` where it has nothing that could be a table."""
    row = row or find_header_row(sheet)
    if not row:
        return None
    headers = [read_header(cell) for cell in sheet.read_row(row)] if row > 0 else [""] * len(sheet.columns)
    cells = tuple(column[max(row, 0) :] for column in sheet.columns)
    looks = tuple(map(look_at, cells))
    if row > 0 and not any(look.filled for look in looks):
        looks = tuple(Look() for _column in cells)
    months = {at: month for at, header in enumerate(headers) if (month := read_month(header)) is not None}
    return Page(sheet, row, tuple(headers), cells, looks, months if len(months) >= FEWEST_MONTHS else {})


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
        if -at not in done and table not in chosen and score > 0:
            chosen[table] = (score, rated[-at][0])
            done.add(-at)
    keys = _collect_customers(chosen)
    tables = [build_table(table, page, keys) for table, (_score, page) in chosen.items()]
    tables = [table for table in tables if not table.missing or table.table == "Sales"]
    tables.sort(key=lambda found: list(TABLES).index(found.table))
    used = {table.sheet for table in tables}
    return tables, [page.sheet.sheet for page in pages if page.sheet.sheet not in used]


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
        score = sum(m.trust for m in found)
        score += 0.8 * sum(have[name].trust for name in required) / len(required)
        score += _rate_names(table, page)
        score -= 0.5 * sum(have[name].trust < LIKELY for name in required)
        score *= _rate_rows(table, page, have)
        if len(named) >= 2 or len(named) == len(required) or _rate_names(table, page):
            scores[table] = score
    content = find_matches("Sales", page, frozenset()) if not scores else []
    if {"date", "customer", "gross_revenue"} <= {match.column for match in content}:
        scores["Sales"] = sum(match.trust for match in content)
    return scores


def _rate_names(table: str, page: Page) -> float:
    words = {*split_words(page.sheet.sheet), *split_words(page.sheet.path.stem)}
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


def find_matches(table: str, page: Page, keys: frozenset[str]) -> list[Match]:
    """Return the columns of a table that a sheet has, by name and then by content; months as columns give the money."""
    headers = [("" if at in page.months else header) for at, header in enumerate(page.headers)]
    looks = [Look() if at in page.months else look for at, look in enumerate(page.looks)]
    found = match_columns(table, headers, looks)
    if page.months:
        if table != "Sales":
            return found
        found = [m for m in found if m.column in ("customer", "invoice", "product")]
        first = min(page.months)
        found += [Match("date", first, 0.9, "name"), Match("gross_revenue", first, 0.8, "content")]
    if table == "Sales":
        found = [*found, *_find_worked_out(page, found)]
    found += match_content(table, headers, looks, found, keys)
    order = [column.name for column in TABLES[table].columns]
    return sorted(found, key=lambda match: order.index(match.column))


# --- what is worked out from other columns -----------------------------------------------------------

PRICES = frozenset(
    [
        "unitprice",
        "price",
        "salesprice",
        "listprice",
        "priceeach",
        "itemprice",
        "rate",
        "unitamount",
        "einzelpreis",
        "stückpreis",
        "preis",
        "àpris",
        "styckpris",
        "yksikköhinta",
        "kappalehinta",
        "hinta",
        "ahinta",
        "apris",
        "netprice",
    ]
)
PROFITS = frozenset(
    [
        "profit",
        "grossprofit",
        "grossmargin",
        "margin",
        "contributionmargin",
        "contribution",
        "gp",
        "grossprofitamount",
        "marginamount",
        "profitamount",
        "deckungsbeitrag",
        "db",
        "rohertrag",
        "rohgewinn",
        "marge",
        "bruttovinst",
        "täckningsbidrag",
        "tb",
        "bruttomarginal",
        "kate",
        "myyntikate",
        "katetuotto",
        "myyntikatetuotto",
        "bruttokate",
        "totalprofit",
    ]
)
UNIT_COSTS = frozenset(
    ["unitcost", "costperunit", "stückkosten", "styckkostnad", "yksikkökustannus", "costprice", "costeach"]
)
"""Headers, by their keys, of what revenue and cost are worked out from."""


def _find_worked_out(page: Page, found: Sequence[Match]) -> list[Match]:
    """Return revenue and cost that other columns give: a price times the quantity, revenue less the profit."""
    have = {match.column: match for match in found}
    used = {match.at for match in found}
    keys = {
        at: {header_key(h), header_key("".join(split_words(h))), *_without_unit(h)}
        for at, h in enumerate(page.headers)
        if h and at not in used
    }

    def find(names: Collection[str]) -> int | None:
        fitting = (at for at, own in keys.items() if own & set(names) and page.looks[at].number >= 0.5)
        return next(fitting, None)

    more = []
    price, cost, profit = find(PRICES), find(UNIT_COSTS), find(PROFITS)
    weak = "gross_revenue" not in have or have["gross_revenue"].trust < LIKELY
    if weak and "quantity" in have and price is not None:
        more.append(Match("gross_revenue", price, 0.8, "name"))
    if "cogs" not in have and profit is not None and not page.months:
        more.append(Match("cogs", profit, 0.8, "name"))
    elif "cogs" not in have and "quantity" in have and cost is not None:
        more.append(Match("cogs", cost, 0.8, "name"))
    return more


def _without_unit(header: str) -> tuple[str, ...]:
    from xlprofit.checks.headers import read_name

    return (read_name(header),)


def build_table(table: str, page: Page, keys: frozenset[str] = frozenset()) -> TableProposal:
    """Return the proposal of one table from one sheet."""
    return assemble(table, page, find_matches(table, page, keys))


def assemble(table: str, page: Page, found: Sequence[Match]) -> TableProposal:
    """Return the proposal of one table from the columns that were found for it, or chosen."""
    have = {match.column: match for match in found}
    if table == "Sales" and "cogs" in have and _rule_of(page, have["cogs"], have).rule:
        # The profit that is given is what is left of the revenue as it stands: nothing is to be taken off it again.
        have = {name: match for name, match in have.items() if name not in ("discount", "returns")}
    body = max((have[n].at for n in ("gross_revenue", "amount", "quantity", "date") if n in have), default=0)
    columns = []
    for match in sorted(have.values(), key=lambda m: [c.name for c in TABLES[table].columns].index(m.column)):
        column = TABLES[table].column(match.column)
        rule = _rule_of(page, match, have)
        if not rule.rule and not rule.times:
            inferred = infer_rule(
                table, column, page.headers[match.at], page.cells[match.at], page.looks[match.at]
            )
            rule = replace(inferred, headers=rule.headers, position=rule.position)
        if column.kind in ("customer", "name", "date") and match.at != body and not page.months:
            if is_filled_down(page.cells[match.at], page.cells[body]):
                rule = replace(rule, fill_down=True)
        rule = replace(rule, sure=match.trust >= LIKELY)
        columns.append(
            ColumnProposal(
                match.column,
                page.headers[match.at],
                page.sheet.first + match.at,
                match.trust,
                match.by,
                page.looks[match.at].examples,
                rule,
            )
        )
    used = {match.at for match in have.values()} | set(page.months)
    required = [column.name for column in TABLES[table].columns if column.required]
    return TableProposal(
        table,
        page.sheet.sheet,
        page.row,
        max((page.sheet.rows or page.sheet.height) - max(page.row, 0), 0),
        tuple(columns),
        _list_unused(page, used),
        _build_rule(table, page, columns),
        tuple(name for name in required if name not in have),
    )


def _rule_of(page: Page, match: Match, have: Mapping[str, Match]) -> ColumnRule:
    """Return how a column is found again, and from what it is worked out."""
    header = page.headers[match.at]
    rule = ColumnRule(headers=(header,)) if header else ColumnRule(position=page.sheet.first + match.at)
    if header and sum(h == header for h in page.headers) > 1:
        rule = ColumnRule(position=page.sheet.first + match.at)
    names = {header_key(header), header_key("".join(split_words(header))), *_without_unit(header)}
    if match.column == "cogs" and names & PROFITS:
        return replace(rule, rule="margin" if _is_rate(page, match.at) else "profit")
    if match.column in ("cogs", "gross_revenue") and "quantity" in have:
        if names & (UNIT_COSTS if match.column == "cogs" else PRICES) and match.by != "content":
            return replace(rule, times=page.headers[have["quantity"].at])
    return rule


def _is_rate(page: Page, at: int) -> bool:
    """Whether the cells of a column are shares or percentages."""
    look = page.looks[at]
    shown = [text for text in look.examples if text]
    percent = "%" in page.headers[at] or any("%" in text for text in shown)
    return percent or (
        look.decimal > 0.8 and look.size <= 1 and all(text.lstrip("-")[:2] in ("0.", "0,") for text in shown)
    )


def _list_unused(page: Page, used: Collection[int]) -> tuple[UnusedColumn, ...]:
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
        drop=_find_totals(page, columns),
        months=months,
    )


def _find_year(page: Page) -> int:
    """Return the year that months without one are in: said above the headers, or in the name of the sheet or file."""
    import re

    above = [str(c) for n in range(1, max(page.row, 1)) for c in page.sheet.read_row(n) if not is_blank(c)]
    for text in (*above, page.sheet.sheet, page.sheet.path.stem):
        found = sorted(set(re.findall(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", text)))
        if len(found) == 1:
            return int(found[0])
    return 0


def _find_totals(page: Page, columns: Sequence[ColumnProposal]) -> tuple[Condition, ...]:
    """Return which rows add up others in a report by sections, or bear the stars of a list of SAP."""
    drop = []
    for at, header in enumerate(page.headers):
        starred = [c for c in page.cells[at] if isinstance(c, str) and c.strip() and not c.strip().strip("*")]
        if starred and page.looks[at].different <= 4:
            drop.append(
                Condition(
                    (header,) if header else (), 0 if header else page.sheet.first + at, matches=r"^\*+$"
                )
            )
    for column in columns:
        if column.rule.fill_down:
            place = 0 if column.header else column.at
            drop.append(Condition((column.header,) if column.header else (), place, matches=TOTALS))
    return tuple(drop)


TOTALS = r"(?i)^\s*(?:\*+\s*)?(?:sub-?\s?total|grand total|total|summe|gesamt|zwischensumme|summa|delsumma|yhteensä|välisumma|loppusumma|totalt)\b"
"""What a cell begins with that names a total."""


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
            rule.table, sheet.sheet, row, rows, columns, _list_unused(page, set(places.values())), rule
        )
    ]
