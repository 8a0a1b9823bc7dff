"""Narrowing: which columns of a very wide sheet are looked at, since an export that anyone means has some hundred."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from itertools import islice

from xlprofit.addresses import MOST_COLUMNS
from xlprofit.importing.exports.export import Cell, ExportSheet, is_blank_cell
from xlprofit.importing.exports.header_rows import find_header_row, is_known, read_header_cells
from xlprofit.importing.exports.months import read_month_header
from xlprofit.importing.profiles.rules import ColumnRule, RowCondition, TableRule, YearPlace
from xlprofit.reading.conventions.document_words import is_document_header, is_side_header
from xlprofit.reading.conventions.names import is_currency_header
from xlprofit.tables import header_key

LOOKED_ACROSS = 1_000
"""So many columns are looked at whatever they are; months and days as columns may be more, and are all kept."""

FURTHER_KNOWN = 200
"""So many columns further right are looked at for their headers, those of months not counted."""


def cut_off_right(sheet: ExportSheet) -> ExportSheet:
    """Return a sheet with its first columns alone, in which its headers are looked for."""
    if len(sheet.columns) <= LOOKED_ACROSS:
        return sheet
    return replace(sheet, columns=sheet.columns[:LOOKED_ACROSS])


def find_row_of_headers(sheet: ExportSheet) -> int:
    """Return the row with the headers as :func:`find_header_row`, of a very wide sheet by its first columns."""
    return find_header_row(cut_off_right(sheet))


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
    return bool(header) and (
        is_known(header) or is_currency_header(header) or is_document_header(header) or is_side_header(header)
    )


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
