"""Pages: a sheet of an export with its headers found, and what stands under each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice

from xlprofit.addresses import MOST_COLUMNS
from xlprofit.importing.exports.contents import ColumnLook, look_at
from xlprofit.importing.exports.export import LOOKED_ACROSS, Cell, ExportSheet, is_blank_cell
from xlprofit.importing.exports.header_rows import (
    FEWEST_MONTHS,
    find_end,
    find_header_row,
    is_known,
    read_header_cells,
)
from xlprofit.importing.exports.match import split_header_words, strip_aggregate
from xlprofit.importing.exports.matching import tells_of_document
from xlprofit.importing.exports.months import Month, keep_months, read_month_header
from xlprofit.importing.exports.weekday_words import read_weekday
from xlprofit.importing.profiles.rules import ColumnRule, RowCondition, TableRule, YearPlace
from xlprofit.reading.headers import read_name
from xlprofit.tables import header_key

FEWEST_WEEKDAYS = 4
"""So many headers that are days of the week make a timesheet."""

FURTHER_KNOWN = 200
"""So many columns further right are looked at for their headers, those of months not counted."""


@dataclass(frozen=True)
class Page:
    """A sheet with its headers found: ``cells`` are those below them, by column, ``looks`` what they look like.

    ``row`` is the row of the headers, −1 where there is none; ``months`` has the months that headers are,
    ``weekdays`` the days of the week, 0 for Monday.
    """

    sheet: ExportSheet
    row: int
    headers: tuple[str, ...]
    cells: tuple[Sequence[Cell], ...]
    looks: tuple[ColumnLook, ...]
    months: Mapping[int, Month]
    weekdays: Mapping[int, int] = field(default_factory=dict)

    @cached_property
    def filled_counts(self) -> list[int]:
        """How many cells of each row below the headers are filled."""
        return [sum(not is_blank_cell(cell) for cell in row) for row in zip(*self.cells, strict=False)]

    def name_keys(self, at: int) -> frozenset[str]:
        """Return the keys by which a header may be known: the whole, without its unit, without marks between words."""
        return _compute_header_keys(self.headers[at])

    def find_named(self, names: frozenset[str], used: frozenset[int] = frozenset()) -> list[int]:
        """Return the columns, from 0, whose headers are among some names, by their keys."""
        return [at for at in range(len(self.headers)) if at not in used and self.name_keys(at) & names]


@lru_cache(MOST_COLUMNS)
def _compute_header_keys(header: str) -> frozenset[str]:
    header = strip_aggregate(header)
    keys = (header_key(header), read_name(header), header_key("".join(split_header_words(header))))
    return frozenset(keys) - {""}


def read_page(
    sheet: ExportSheet, row: int = 0, said: frozenset[str] = frozenset(), used: frozenset[int] = frozenset()
) -> Page | None:
    """Return a sheet with its headers found; ``None`` where it has nothing that could be a table.

    Of a very wide one the first columns are looked at, and those whose headers are known, or that are
    ``said`` by the keys of their headers or ``used`` by their places from 0.
    """
    row = row or find_header_row(sheet)
    if not row:
        return None
    sheet = narrow_sheet(sheet, row, said, used)
    headers = read_header_cells(sheet, row)
    end = find_end(sheet, row) or sheet.height
    cells = tuple(column[max(row, 0) : end] for column in sheet.columns)
    looks = tuple(map(look_at, cells))
    named = {
        at: month for at, header in enumerate(headers) if (month := read_month_header(header)) is not None
    }
    months = keep_months(named) if len(named) >= FEWEST_MONTHS else {}
    days = {at: day for at, header in enumerate(headers) if (day := read_weekday(header)) is not None}
    timed = sum(looks[at].number + looks[at].duration >= 0.5 or not looks[at].filled for at in days)
    weekdays = days if timed >= max(FEWEST_WEEKDAYS, len(days)) else {}
    return Page(sheet, row, tuple(headers), cells, looks, months, weekdays)


# --- very wide sheets ------------------------------------------------------------------------------


def narrow_sheet(
    sheet: ExportSheet, row: int, said: frozenset[str] = frozenset(), used: frozenset[int] = frozenset()
) -> ExportSheet:
    """Return a sheet whose columns beyond the first ones are blank unless their headers are known or said.

    ``row`` is that of its headers; ``said`` are keys of headers, ``used`` places from 0. Known are those of any table,
    of a month, of a currency and of a kind of document. Each column stays where it stands.
    """
    if len(sheet.columns) <= LOOKED_ACROSS:
        return sheet
    kept = _find_kept(sheet, row, said) | used
    blank: Sequence[Cell] = ("",) * sheet.height
    columns = tuple(
        column if at < LOOKED_ACROSS or at in kept else blank for at, column in enumerate(sheet.columns)
    )
    return replace(sheet, columns=columns)


def count_narrowed(sheet: ExportSheet, narrowed: ExportSheet) -> int:
    """Return how many columns with anything in them a sheet has that a narrowed one has not."""
    pairs = zip(sheet.columns, narrowed.columns, strict=True)
    return sum(whole is not kept and not all(map(is_blank_cell, whole)) for whole, kept in pairs)


def _find_kept(sheet: ExportSheet, row: int, said: frozenset[str]) -> frozenset[int]:
    """Return where the columns beyond the first ones stand that are looked at for their headers."""
    further = list(enumerate(read_header_cells(sheet, row)))[LOOKED_ACROSS:]
    named = (at for at, header in further if header_key(header) in said) if said else iter(())
    months = (at for at, header in further if read_month_header(header) is not None)
    known = islice((at for at, header in further if _is_telling(header)), FURTHER_KNOWN)
    return frozenset((*named, *months, *known))


@lru_cache(MOST_COLUMNS)
def _is_telling(header: str) -> bool:
    """Whether a header is known to a table, or says that its column has currencies or what a row is."""
    return bool(header) and (is_known(header) or tells_of_document(header))


def narrow_for_rule(sheet: ExportSheet, row: int, rule: TableRule, used: Collection[int]) -> ExportSheet:
    """Return a narrowed sheet that has all columns that a rule may read from: those ``used``, and those it names."""
    if len(sheet.columns) <= LOOKED_ACROSS:
        return sheet
    words = list(_list_words(rule))
    said = frozenset(header_key(word) for word in words if isinstance(word, str)) - {""}
    places = {word - sheet.first for word in words if isinstance(word, int)}
    return narrow_sheet(sheet, row, said, frozenset({*used, *places}))


def _list_words(part: object) -> Iterator[str | int]:
    """Yield each text of a part of a rule, and each column of the sheet that it names by its number."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from _list_words(one)
    elif isinstance(part, Mapping):
        yield from _list_words((*part, *part.values()))
    elif isinstance(part, YearPlace):
        yield part.column
    elif is_dataclass(part):
        if isinstance(part, RowCondition | ColumnRule) and part.position:
            yield part.position
        for own in fields(part):
            yield from _list_words(getattr(part, own.name))
