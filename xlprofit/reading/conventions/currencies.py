"""Currencies: in which currency each amount is, as a header, a column, a format or the text itself says.

What a header says holds for its column; where it says nothing, what a column of currencies says of the row; where
there is none, the number format of the cell. Nothing is converted: an amount in another currency than the run's
leaves its row out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.messages import name_in_workbook
from xlprofit.reading import cells, numbers
from xlprofit.reading.conventions.formats import read_code
from xlprofit.reading.conventions.names import (
    COMMON,
    is_code,
    is_currency_header,
    is_rate_header,
    read_currency,
)
from xlprofit.reading.faults import Fault, Mask, Place, Trouble, quote_value, report_faults
from xlprofit.reading.headers import Headers
from xlprofit.reading.rows import Draft
from xlprofit.reading.words import normalize_text
from xlprofit.tables import SETTINGS, Raw

DEFAULT = str(SETTINGS["currency"].default)

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Stated:
    """In which currency each cell of a column is said to be: which of ``names``, −1 where nothing says it."""

    names: tuple[str, ...]
    codes: Codes


# --- what is said ------------------------------------------------------------------------------------


def find_stated_currencies(raw: Raw, place: Place, headers: Headers, currency: str) -> dict[str, Stated]:
    """Return in which currency the cells of each column of money are said to be, beside their own texts.

    ``currency`` is the run's, as far as it is known.
    """
    columns = [name for name in place.table.money if name in headers]
    if not columns:
        return {}
    by_row = find_row_currencies(raw, headers, currency)
    return {name: _find_column_currencies(raw, place, headers[name], name, by_row) for name in columns}


def _find_column_currencies(raw: Raw, place: Place, at: int, name: str, by_row: Stated) -> Stated:
    unit = place.units.get(name)
    if unit is not None and unit.currency:
        return Stated((unit.currency,), np.zeros(len(raw.frame), dtype=np.int64))
    names, codes = list(by_row.names), by_row.codes.copy()
    for code, rows in sorted(raw.formats.get(at, {}).items()):
        currency = read_code(code).currency
        if currency:
            codes[rows[codes[rows] < 0]] = len(names)
            names.append(currency)
    return Stated(tuple(names), codes)


def find_row_currencies(raw: Raw, headers: Headers, currency: str) -> Stated:
    """Return what the columns of currencies say of each row; where they differ, what is not the run's counts.

    A column counts where most of its different words are currencies; a word there that is none is one unknown.
    """
    names: list[str] = []
    own = np.zeros(1, dtype=bool)
    codes = np.full(len(raw.frame), -1, dtype=np.int64)
    for at in _list_currency_columns(raw, headers):
        parts = _split_column_texts(raw, at)
        known = {text: read_currency(text) for part in parts for text in part.texts}
        if 2 * sum(map(bool, known.values())) < len(known):
            continue
        for part in parts:
            which, texts = part.distinct()
            first = len(names)
            names += [known[str(text)] or normalize_text(str(text)) for text in texts]
            own = np.array([*(numbers.is_currency(name, currency) for name in names), True], dtype=bool)
            free = own[codes[part.at]]
            codes[part.at[free]] = first + which[free]
    return Stated(tuple(names), codes)


def _list_currency_columns(raw: Raw, headers: Headers) -> list[int]:
    """Return the columns that no column of the table is read from and that hold currencies by header or by content."""
    return [
        at
        for at, header in enumerate(raw.frame.columns)
        if at not in headers.values() and (is_currency_header(header) or _has_currency_codes(raw, at))
    ]


def _split_column_texts(raw: Raw, at: int) -> list[cells.CellPart]:
    return [part for part in cells.split_column_cells(raw.frame.iloc[:, at]) if part.sort == "text"]


def _has_currency_codes(raw: Raw, at: int) -> bool:
    """Whether every filled cell of a column is the ISO code of a currency, whatever its header says."""
    column = raw.frame.iloc[:, at]
    first = next((value for value in column if isinstance(value, str) and value.strip()), "")
    if not is_code(normalize_text(first)):  # which spares a look at every cell of most columns
        return False
    parts = cells.split_column_cells(column)
    if any(part.sort != "text" for part in parts):
        return False
    found = {normalize_text(text) for part in parts for text in part.texts}
    return all(map(is_code, found)) and not found.isdisjoint(COMMON)


# --- the currency of the run -------------------------------------------------------------------------


def infer_currency(tables: Iterable[tuple[Raw, Place, Headers]]) -> tuple[str, list[Finding]]:
    """Return the currency of a run whose Settings name none, and what is to be said of it.

    It is that of all amounts that name one, or else the default where any is in it: amounts of a column of which
    only some name a currency are taken to be in the default. Several without the default stop the work: then it is
    empty.
    """
    named: set[str] = set()
    for raw, place, headers in tables:
        for column, stated in find_stated_currencies(raw, place, headers, DEFAULT).items():
            named |= _find_named_currencies(raw, headers[column], stated)
    if not named or any(numbers.is_currency(name, DEFAULT) for name in named):
        return DEFAULT, []
    return _choose_common_currency(named)


def _choose_common_currency(named: set[str]) -> tuple[str, list[Finding]]:
    """Return the currency that all names of currencies may mean, and what is to be said of it; empty for none."""
    codes = sorted({numbers.MARKS.get(name, (name,))[0] for name in named})
    fitting = [c for c in sorted(named & numbers.CURRENCIES) or codes if _is_common_currency(named, c)]
    if not fitting:
        what = phrase("C28", "amounts_settings_names", currencies=", ".join(codes))
        return "", [build_finding("C28", "", "", what)]
    names = ", ".join(sorted(map(_format_currency, named)))
    what = phrase("C22", "all_amounts_name", names=names, currency=fitting[0])
    return fitting[0], [build_finding("C22", "", "", what)]


def _format_currency(name: str) -> str:
    """Return a currency as a message shows it."""
    return name.upper() if len(name) == 3 else name


def _is_common_currency(named: Iterable[str], currency: str) -> bool:
    return all(numbers.is_currency(name, currency) for name in named)


def _find_named_currencies(raw: Raw, at: int, stated: Stated) -> set[str]:
    """Return the currencies that the amounts of a column name; the default too where only some name one."""
    found: set[str] = set()
    mute = False
    for part in cells.split_column_cells(raw.frame.iloc[:, at]):
        own, codes = _read_named_amounts(part, stated.codes[part.at])
        found |= own | {stated.names[code] for code in np.unique(codes[codes >= 0])}
        mute = mute or bool((codes < 0).any())
    return found | ({DEFAULT} if found and mute else set())


def _read_named_amounts(part: cells.CellPart, codes: Codes) -> tuple[set[str], Codes]:
    """Return the currencies that amounts name themselves, and what ``codes`` say of the other amounts."""
    if part.sort == "text":
        which, texts = part.distinct()
        own = [numbers.find_currency(str(text)) for text in texts]
        return set(own) - {""}, codes[~np.array([bool(name) for name in own], dtype=bool)[which]]
    return set(), codes[part.values != 0] if part.sort == "number" else codes[:0]


# --- rows in another currency ------------------------------------------------------------------------


def exclude_foreign_rows(draft: Draft, currency: str) -> tuple[Draft, list[Finding]]:
    """Return a table without its rows in another currency than the run's, and a finding for each currency.

    Where the run has none, since several stop it, nothing is left out.
    """
    if not currency:
        return draft, []
    stated = find_stated_currencies(draft.raw, draft.place, draft.headers, currency)
    if not any(found.names for found in stated.values()):
        return draft, _find_rates(draft, currency)
    foreign = np.full(len(draft.rows), -1, dtype=np.int64)
    names: list[str] = []
    column_of = dict[int, str]()
    for column, found in stated.items():
        reading = draft.readings[column]
        values = np.nan_to_num(reading.values.astype(np.float64), nan=0.0)
        other = np.array([not numbers.is_currency(n, currency) for n in found.names] + [False], dtype=bool)
        fresh = other[found.codes] & (values != 0) & draft.usable & (foreign < 0)
        for code in np.unique(found.codes[fresh]):
            foreign[fresh & (found.codes == code)] = len(names)
            column_of[len(names)] = column
            names.append(found.names[code])
    findings = _report_contradicting_headers(draft, stated, currency)
    for name in sorted(set(names)):
        same = [at for at, other_name in enumerate(names) if other_name == name]
        findings += _report_foreign_amounts(
            draft, np.isin(foreign, same), name, column_of[min(same)], currency
        )
    return replace(draft, usable=draft.usable & (foreign < 0), foreign=foreign >= 0), findings


def _report_contradicting_headers(draft: Draft, stated: dict[str, Stated], currency: str) -> list[Finding]:
    """Return the warnings of columns whose header names the run's currency and whose rows are said to be in another."""
    by_row = find_row_currencies(draft.raw, draft.headers, currency)
    other = np.array([not numbers.is_currency(n, currency) for n in by_row.names] + [False], dtype=bool)
    mask = other[by_row.codes] & draft.usable
    findings = []
    for column in stated:
        unit = draft.place.units.get(column)
        if (
            unit is None
            or not unit.currency
            or not numbers.is_currency(unit.currency, currency)
            or not mask.any()
        ):
            continue
        called = name_in_workbook(draft.place.table.name, column)
        what = phrase(
            "C22",
            "header_says_column",
            column=called,
            currency=currency,
        )
        fix = phrase(
            "C22",
            "no_action_needed",
            column=called,
            currency=currency,
        )
        trouble = Trouble("C22", what, fix)
        faults = [Fault("C22", column, np.flatnonzero(mask), lambda which, trouble=trouble: trouble)]  # type: ignore[misc]
        findings += report_faults(draft.place, draft.rows, faults)
    return findings


def _find_rates(draft: Draft, currency: str) -> list[Finding]:
    """Return the warnings of exchange rates other than 1 in a table of which nothing says any currency."""
    findings = []
    for at, header in enumerate(draft.raw.frame.columns):
        if at in draft.headers.values() or not is_rate_header(header) or not draft.place.table.money:
            continue
        other = np.zeros(len(draft.rows), dtype=bool)
        for part in cells.split_column_cells(draft.raw.frame.iloc[:, at]):
            which, distinct = part.distinct()
            other[part.at] = np.array([_is_rate(value, currency) for value in distinct], dtype=bool)[which]
        other &= draft.usable
        if not other.any():
            continue
        count = int(draft.place.lines_of(draft.rows[other]).sum())
        what = phrase(
            "C22",
            "rows_exchange_rate",
            n=count,
            header=quote_value(normalize_text(str(header))),
            currency=currency,
        )
        fix = phrase(
            "C22",
            "name_currencies_column",
            currency=currency,
        )
        trouble = Trouble("C22", what, fix)
        column = draft.place.table.money[0]
        at_fault = np.flatnonzero(other)
        fault = Fault("C22", column, at_fault, lambda which, trouble=trouble: trouble, counted=True)  # type: ignore[misc]
        findings += report_faults(draft.place, draft.rows, [fault])
    return findings


def _is_rate(value: object, currency: str) -> bool:
    """Whether a cell is a number that converts an amount into another; a whole number may be of a course, or be 1.

    A text such as ``1,085`` is one, though a comma may part thousands too.
    """
    read = numbers.parse_number(value, currency) if isinstance(value, str) else value
    if isinstance(read, Trouble):
        return read.code == "C02"
    return isinstance(read, float) and not read.is_integer()


def _report_foreign_amounts(draft: Draft, mask: Mask, name: str, column: str, currency: str) -> list[Finding]:
    at = np.flatnonzero(mask)
    values = draft.readings[column].values.astype(np.float64)[at]
    count = int(draft.place.lines_of(draft.rows[at]).sum())
    what = phrase(
        "C14",
        "rows_all_not",
        n=count,
        sum=math.fsum(values[~np.isnan(values)]),
        name=_format_currency(name),
        currency=currency,
    )
    trouble = Trouble("C14", what)
    return report_faults(
        draft.place, draft.rows, [Fault("C14", column, at, lambda which: trouble, counted=True)]
    )
