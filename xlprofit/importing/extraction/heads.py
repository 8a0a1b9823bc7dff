"""Heads: orders whose customer and day stand on one sheet, and whose lines on another, joined by their number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from xlprofit.importing.exports.amount_words import ORDERS
from xlprofit.importing.exports.derivation import PRICES
from xlprofit.importing.exports.export import Cell, ExportSheet, is_blank_cell
from xlprofit.importing.exports.header_rows import find_header_row, read_header_cells
from xlprofit.importing.exports.match import LIKELY, Match
from xlprofit.importing.exports.matching import match_columns, tells_of_document
from xlprofit.importing.exports.months import read_header
from xlprofit.importing.exports.pages import Page, read_page
from xlprofit.importing.profiles.profile_fields import ProfileError
from xlprofit.importing.profiles.rules import Heads, TableRule
from xlprofit.messages import _
from xlprofit.reading.faults import quote_value
from xlprofit.tables import header_key

FOUND, USED = 0.5, 0.3
"""So many of the lines must have a head, and so many of the heads a line."""

FEWEST_KEYS = 2
"""A column with fewer different numbers than these numbers nothing."""


@dataclass(frozen=True)
class Joined:
    """Lines with the columns of their heads beside them, and the page of the heads."""

    page: Page
    heads: Page


@dataclass(frozen=True)
class Unsettled:
    """Lines and heads that cannot be joined: the sheets, and the header of the number that is of several heads."""

    lines: str
    heads: str
    header: str


@dataclass(frozen=True)
class _Named:
    """A page, and the columns of sales that it surely has, by name."""

    page: Page
    columns: Mapping[str, Match]


@dataclass(frozen=True)
class _Key:
    """A column of lines and one of heads with the same numbers: how alike, and whether each is of one head alone."""

    own: int
    at: int
    rank: tuple[bool, bool, float]
    is_unique: bool


# --- finding ---------------------------------------------------------------------------------------


def find_joined(pages: Sequence[Page]) -> tuple[list[Joined], list[Unsettled]]:
    """Return the sheets of lines that another sheet has the customer and the day of, joined; and those that cannot be.

    Lines have an amount and not both a customer and a day; heads have both, and a number that lines repeat.
    """
    joined: list[Joined] = []
    unsettled: list[Unsettled] = []
    plain = [page for page in pages if page.row > 0 and not page.months and not page.weekdays]
    whole = [_Named(page, _match_by_name(page)) for page in plain] if len(plain) > 1 else []
    for lines, best in ((one.page, _find_best_heads(one, whole)) for one in whole):
        if best is None:
            continue
        heads, key = best
        if not key.is_unique:
            unsettled.append(Unsettled(lines.sheet.sheet, heads.sheet.sheet, heads.headers[key.at]))
            continue
        said = Heads(
            heads.sheet.sheet, heads.headers[key.at], lines.headers[key.own], _name_file(lines, heads)
        )
        sheet = join_heads(said, (lines.sheet, heads.sheet))
        page = read_page(sheet, lines.row) if sheet is not None else None
        if page is not None:
            joined.append(Joined(page, heads))
    return joined, unsettled


def _find_best_heads(lines: _Named, pages: Sequence[_Named]) -> tuple[Page, _Key] | None:
    """Return the page of the heads of lines and their number there; ``None`` without one."""
    found = ((one.page, _find_order_key(lines, one)) for one in pages if one is not lines)
    keyed = [(page, key) for page, key in found if key is not None]
    return max(keyed, key=lambda one: one[1].rank, default=None)


def _name_file(lines: Page, heads: Page) -> str:
    """Return the file of heads from the folder of their lines on; nothing where it is the same file."""
    own, other = lines.sheet.path, heads.sheet.path
    if own == other:
        return ""
    return other.name if own.resolve().parent == other.resolve().parent else str(other.resolve())


def refuse_unsettled(unsettled: Unsettled) -> ProfileError:
    """Return the refusal of lines that may be of several orders."""
    return ProfileError(
        _(
            "the lines in {lines} have no customer of their own, and several rows of {heads} have the same {header}: "
            "which of them a line is of is not known",
            lines=unsettled.lines,
            header=quote_value(unsettled.header),
            heads=unsettled.heads,
        ),
        _("Export the lines with customer and date, or the orders with each number once"),
    )


def _match_by_name(page: Page) -> Mapping[str, Match]:
    """Return the columns of sales that a sheet surely has, by name."""
    found = match_columns("Sales", page.headers, page.looks)
    return {match.column: match for match in found if match.trust >= LIKELY}


def _find_order_key(lines: _Named, heads: _Named) -> _Key | None:
    """Return the number by which lines hang on heads; ``None`` where they are no lines of theirs."""
    if not {"customer", "date"} <= heads.columns.keys() or "customer" in lines.columns:
        return None
    if not _are_lines(lines.page, lines.columns.keys(), heads.columns.keys()):
        return None
    but = {heads.columns[name].at for name in ("customer", "date")}
    places = [at for at, header in enumerate(heads.page.headers) if at not in but and header]
    keys = [key for at in places for key in _list_keys(lines.page, heads.page, at)]
    return max(keys, key=lambda key: (key.is_unique, key.rank), default=None)


def _are_lines(lines: Page, own: AbstractSet[str], heads: AbstractSet[str]) -> bool:
    """Whether a sheet has amounts of what was sold, and not payments of the invoices that heads are."""
    has_amount = "gross_revenue" in own or ("quantity" in own and bool(lines.find_named(PRICES)))
    are_payments = "date" in own and "gross_revenue" in heads and not own & {"quantity", "product"}
    return has_amount and not are_payments


def _list_keys(lines: Page, heads: Page, at: int) -> list[_Key]:
    """Return the columns of lines with the numbers that a column of heads has."""
    known = [read_key(cell) for cell in heads.cells[at]]
    numbers = set(known) - {""}
    if len(numbers) < FEWEST_KEYS or not _may_number(heads, at):
        return []
    found = []
    for own in (own for own in range(len(lines.headers)) if _may_number(lines, own)):
        header, share = lines.headers[own], _rate_shared(lines.cells[own], numbers)
        if not share:
            continue
        is_unique = len(numbers) == sum(map(bool, known))
        alike = header_key(header) == header_key(heads.headers[at])
        named = bool(ORDERS.fullmatch(header) or ORDERS.fullmatch(heads.headers[at]))
        found.append(_Key(own, at, (alike, named, share), is_unique))
    return found


def _may_number(page: Page, at: int) -> bool:
    """Whether a column has a header, and neither amounts nor days."""
    return bool(page.headers[at]) and page.looks[at].decimal == 0 and page.looks[at].date < 0.5


def _rate_shared(cells: Sequence[Cell], numbers: AbstractSet[str]) -> float:
    """Return the share of lines whose number heads have; 0 where these are too few, or most heads have no line."""
    held = list(filter(None, map(read_key, cells)))
    shared = numbers & set(held)
    share = sum(map(numbers.__contains__, held)) / max(len(held), 1)
    enough = len(shared) >= max(FEWEST_KEYS, USED * len(numbers)) and share >= FOUND
    return share if enough else 0.0


def read_key(cell: Cell) -> str:
    """Return a number of an order as it is compared: 1001 and "1001 " are the same."""
    return "" if is_blank_cell(cell) else read_header(cell).casefold()


# --- joining ---------------------------------------------------------------------------------------


def join_heads(heads: Heads, export: Sequence[ExportSheet]) -> ExportSheet | None:
    """Return the sheet of the lines with the columns of their heads behind its own; ``None`` where one is not there.

    Amounts of a whole order are left with the heads, since each of its lines would count them anew.
    """
    found = find_both(heads, export)
    if found is None:
        return None
    lines, above = found
    keys = [read_key(cell) for cell in lines.cells[find_named_column(lines, heads.own)]]
    places = _place_heads(heads, above)
    rows = [places.get(key) for key in keys]
    taken = set(map(header_key, lines.headers))
    columns = list(lines.sheet.columns)
    head = max(lines.row, 1)
    for at in list_carried(heads, above):
        header = above.headers[at]
        name = f"{header} ({heads.sheet})" if header_key(header) in taken else header
        cells = above.cells[at]
        below = [None if row is None else cells[row] for row in rows]
        rest = [None] * (lines.sheet.height - head - len(below))
        columns.append((*[None] * (head - 1), name, *below, *rest))
    more = len(columns) - len(lines.sheet.columns)
    widths = [width + more for width in lines.sheet.widths]
    return replace(lines.sheet, columns=tuple(columns), widths=widths, heads=heads)


def add_joined_sheets(rules: Iterable[TableRule], export: Sequence[ExportSheet]) -> list[ExportSheet]:
    """Return the sheets of an export, and behind them the lines that rules join to their orders."""
    found = list(export)
    for rule in rules:
        if rule.heads is None or any(sheet.heads == rule.heads for sheet in found):
            continue
        own = [one for one in export if header_key(one.sheet) == header_key(rule.sheet)]
        joined = join_heads(rule.heads, [*own, *(one for one in export if one not in own)])
        found += [joined] if joined is not None else []
    return found


def find_both(heads: Heads, export: Sequence[ExportSheet]) -> tuple[Page, Page] | None:
    """Return the lines and the heads that are joined; ``None`` where one is not there, or has not its number."""
    export = [one for one in export if one.heads is None]
    named = [one for one in export if header_key(one.sheet) == header_key(heads.sheet)]
    above = _read_with(named, heads.header)
    if above is None:
        return None
    lines = _read_with([one for one in export if one is not above.sheet], heads.own)
    return None if lines is None else (lines, above)


def _read_with(sheets: Sequence[ExportSheet], header: str) -> Page | None:
    """Return the first of some sheets that has a header."""
    for sheet in sheets:
        row = find_header_row(sheet)
        if row > 0 and header_key(header) in map(header_key, read_header_cells(sheet, row)):
            return read_page(sheet, row, frozenset((header_key(header),)))
    return None


def find_named_column(page: Page, header: str) -> int:
    """Return where a column of a sheet is, from 0; ``ValueError`` where it is not there."""
    return [*map(header_key, page.headers)].index(header_key(header))


def _place_heads(heads: Heads, above: Page) -> Mapping[str, int]:
    """Return the row of each head by its number, the first of those with one number."""
    cells = above.cells[find_named_column(above, heads.header)]
    rows: dict[str, int] = {}
    for row, cell in enumerate(cells):
        rows.setdefault(read_key(cell), row)
    rows.pop("", None)
    return rows


def _find_told_columns(above: Page) -> set[int]:
    """Return the columns of heads whose names say something of a sale or of its customer."""
    sales = match_columns("Sales", above.headers, above.looks)
    customers = match_columns("Customers", above.headers, above.looks)
    told = {m.at for m in sales if m.column in _OF_LINES}
    return told | {m.at for m in customers if m.column != "referrals"}


def list_carried(heads: Heads, above: Page) -> list[int]:
    """Return the columns of heads that say something of each line: no number of theirs, and no amount."""
    own = find_named_column(above, heads.header)
    named = _find_told_columns(above)
    return [
        at
        for at, header in enumerate(above.headers)
        if at != own and header and (at in named or above.looks[at].number < 0.5 or tells_of_document(header))
    ]


_OF_LINES = frozenset({"date", "customer", "invoice", "product"})


def list_amounts(heads: Heads, above: Page) -> list[int]:
    """Return the columns of heads with numbers that are left with them: amounts of whole orders."""
    carried = {*list_carried(heads, above), find_named_column(above, heads.header)}
    return [at for at, look in enumerate(above.looks) if at not in carried and look.number >= 0.5]
