"""Recognition: which profile an export is for, and where the columns stand that it names."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator, Sequence

from xlprofit.importing.exports.export import ExportSheet, cut_off_right
from xlprofit.importing.exports.header_rows import (
    DEPTH,
    find_header_row,
    has_measures_below,
    read_header_cells,
)
from xlprofit.importing.exports.months import read_header
from xlprofit.importing.profiles.profile import list_ready_profiles
from xlprofit.importing.profiles.profile_fields import LONGEST_SEARCHED
from xlprofit.importing.profiles.rules import ColumnRule, Profile, RowCondition, TableRule
from xlprofit.tables import TABLES, header_key

Places = dict[str, int]
"""Where each column stands that a rule names, counted from 0 in the sheet's columns; −1 is a fixed value."""


def recognise(export: Sequence[ExportSheet]) -> tuple[str, Profile] | None:
    """Return the ready profile that an export is for, and its name; ``None`` where none is."""
    rows = [row for sheet in export for row in _list_row_keys(cut_off_right(sheet), 1)]
    for name, profile in list_ready_profiles().items():
        if is_for(profile, export, rows):
            return name, profile
    return None


RowKeys = tuple[int, frozenset[str]]
"""The number of a row, from 1, and the keys of its cells."""


def is_for(profile: Profile, export: Sequence[ExportSheet], rows: Sequence[RowKeys]) -> bool:
    """Whether all that a profile is recognised by holds of an export; one that says nothing is for none.

    ``rows`` are those of all its sheets in which headers may stand.
    """
    if not (profile.first_line or profile.headers):
        return False
    if profile.first_line and not any(
        re.search(profile.first_line, sheet.first_line[:LONGEST_SEARCHED]) for sheet in export
    ):
        return False
    return not profile.headers or bool(_find_row_among(rows, profile.headers))


def find_row_with(sheet: ExportSheet, headers: Sequence[str]) -> int:
    """Return the row, from 1, in which all of some headers stand; 0 where none has them."""
    return _find_row_among(_list_row_keys(sheet, len(set(map(header_key, headers)))), headers)


def _find_row_among(rows: Iterable[RowKeys], headers: Sequence[str]) -> int:
    """Return the first of some rows in which all of some headers stand; 0 where none has them."""
    wanted = frozenset(map(header_key, headers))
    return next((number for number, keys in rows if wanted <= keys), 0)


def _list_row_keys(sheet: ExportSheet, needed: int) -> Iterator[RowKeys]:
    """Yield the first rows of a sheet that have so many cells filled."""
    for number in _list_wide_rows(sheet, needed):
        yield number, frozenset(header_key(read_header(cell)) for cell in sheet.read_row(number))


def resolve_headers(rule: TableRule, export: Sequence[ExportSheet]) -> tuple[ExportSheet, int, Places] | None:
    """Return the sheet that a rule is for, the row of its headers and where its columns stand.

    ``None`` where no sheet has the columns that the table requires.
    """
    for sheet in list_rule_sheets(rule, export):
        for row in _list_header_rows(rule, sheet):
            places = find_places_of(rule, sheet, row)
            if places is not None:
                return sheet, row, places
    return None


def list_rule_sheets(rule: TableRule, export: Sequence[ExportSheet]) -> list[ExportSheet]:
    """Return the sheets that a rule may be for: those of its name, or the only one where that has another name.

    A monthly export often names its sheet by the month. Lines of orders are those that were joined to these.
    """
    export = [sheet for sheet in export if sheet.heads == rule.heads]
    if rule.heads is not None:
        return list(export)
    named = [sheet for sheet in export if sheet.text or is_sheet_named(rule, sheet)]
    return named or _keep_only(sheet for sheet in export if sheet.height)


def _keep_only(sheets: Iterable[ExportSheet]) -> list[ExportSheet]:
    """Return the only one of some sheets; none of several."""
    found = list(sheets)
    return found if len(found) == 1 else []


def is_sheet_named(rule: TableRule, sheet: ExportSheet) -> bool:
    """Whether a rule names a sheet, or names none."""
    return not rule.sheet or fnmatch.fnmatch(sheet.sheet.casefold(), rule.sheet.casefold())


def _list_header_rows(rule: TableRule, sheet: ExportSheet) -> Iterator[int]:
    """Yield the rows in which the headers may stand, the likeliest first."""
    if rule.header_row:
        yield rule.header_row
        return
    known = [header for column in rule.columns.values() for header in column.headers[:1]]
    row = find_row_with(sheet, known) if known else 0
    if row:
        row += has_measures_below(sheet, row)
        yield row
    found = find_header_row(sheet)
    if found > 0 and found != row:
        yield found
    for number in _list_wide_rows(sheet, max(1, len(known) // 2)):
        if number not in (row, found):
            yield number


def _list_wide_rows(sheet: ExportSheet, needed: int) -> Iterator[int]:
    """Yield the first rows that have so many cells filled, from 1."""
    for number in range(1, min(DEPTH, sheet.height) + 1):
        if sheet.filled_counts[number - 1] >= needed:
            yield number


def find_places_of(rule: TableRule, sheet: ExportSheet, row: int) -> Places | None:
    """Return where the columns of a rule stand; ``None`` where one that the table requires is not there."""
    headers = read_header_cells(sheet, row)
    places: Places = {}
    for name, column in rule.columns.items():
        at = find_place(column, headers, sheet.first)
        if at is not None:
            places[name] = at
    made = {rule.months.date, rule.months.value} if rule.months else set()
    made |= {rule.weekdays.value} if rule.weekdays else set()
    required = {c.name for c in TABLES[rule.table].columns if c.required} - made
    return places if required <= places.keys() else None


def find_place(column: ColumnRule | RowCondition, headers: Sequence[str], first: int) -> int | None:
    """Return where a column stands, from 0; −1 for a fixed value, ``None`` where it is not there."""
    if isinstance(column, ColumnRule) and column.value:
        return -1
    named = column.headers
    keys = list(map(header_key, headers))
    at = column.position - first
    if column.position and 0 <= at < len(headers) and keys[at] in set(map(header_key, named)):
        return at  # one of several of the same name
    found = _find_named_header(named, headers, keys)
    if found is not None:
        return found
    return at if column.position and 0 <= at < len(headers) else None


def _find_named_header(named: Sequence[str], headers: Sequence[str], keys: Sequence[str]) -> int | None:
    """Return where the first of some names that is there stands, as it is written before by its key."""
    for header in filter(None, named):
        if header in headers:
            return headers.index(header)
        if header_key(header) in keys:
            return keys.index(header_key(header))
    return None
