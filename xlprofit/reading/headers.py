"""Headers: which column of a sheet is which column of its table."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import pandas as pd

from xlprofit.addresses import MOST_COLUMNS, format_column
from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.headings import TIERS, Tier, header_ranks, keys_of, known_keys
from xlprofit.messages import _, join_messages, name_in_workbook, uncapitalize_message
from xlprofit.reading import cells, content, words
from xlprofit.reading.content import Content
from xlprofit.reading.faults import Place, quote_value
from xlprofit.reading.numbers import MARKS
from xlprofit.reading.units import NO_UNIT, Unit, split_unit
from xlprofit.tables import DRIVER_TABLES, TABLES, ColumnSpec, Raw, header_key
from xlprofit.tables.other_headers import MEANS_ELSE

LOOKED_AT = 500
"""So many headers that are not known are compared with those that are missing: a sheet may have 16,384."""

LISTED = 8
"""So many headers are named in one finding; the rest are counted."""

LONG = 7
"""A synonym of fewer letters is too like many other words for one to be taken for a slip of it."""

Headers = dict[str, int]
"""Position in the raw frame, counted from 0, of each column that was found."""


@dataclass(frozen=True)
class Header:
    """A header as it is compared: ``key`` of the whole, ``name`` of what stands before its unit."""

    key: str
    name: str
    unit: Unit


@dataclass(frozen=True)
class Candidate:
    """A column of the sheet whose header is known for a column of the table, and how surely it means that."""

    at: int
    tier: Tier
    place: int
    unit: Unit


def match_headers(
    raw: Raw, drivers: Collection[str], currency: str = ""
) -> tuple[Place, Headers, list[Finding]]:
    """Return where a table's columns stand, and what is wrong with its headers.

    A column's own header goes before a synonym, of two synonyms the more specific, of two alike the one
    further left; one in the ``currency`` of the run before one in another, and one with anything under it before a
    blank one. ``drivers`` are the keys of the headers that Activities names as drivers: in a log they are
    never a synonym.
    """
    table = TABLES[raw.name]
    known = _read_headers(raw.frame, raw.name, drivers)
    chosen, findings = _choose_columns(raw, known, currency)
    headers = {name: used.at for name, used in chosen.items()}
    units = {name: used.unit for name, used in chosen.items() if used.unit != NO_UNIT}
    lines = None if raw.lines is None else raw.lines.to_numpy(dtype=np.int64)
    cells = {name: raw.column + at for name, at in headers.items()}
    place = Place(table, raw.sheet, cells, raw.row + 1, lines, units)
    spare = find_unused_columns(raw.frame, raw.name, headers.values(), drivers)
    return (
        place,
        headers,
        findings + _report_missing_columns(raw, headers, known, spare) + _report_headless_columns(raw, known),
    )


def _choose_columns(
    raw: Raw, known: Sequence[Header], currency: str
) -> tuple[dict[str, Candidate], list[Finding]]:
    """Return which column of a sheet is read for each column of its table, and what is to be said of it."""
    chosen: dict[str, Candidate] = {}
    findings: list[Finding] = []
    for column in TABLES[raw.name].columns:
        taken = {used.at for used in chosen.values()}
        found = _find_candidates(known, raw.name, column, taken)
        if not found and (raw.name, column.name) == ("Customers", "customer"):
            found = _find_named_customers(raw, known, taken)
        if not found:
            continue
        used, others = _choose_candidate(raw, column, found, currency)
        chosen[column.name] = used
        findings += others + _report_guessed_column(raw, column, used, known[used.at])
    return chosen, findings


def _report_guessed_column(raw: Raw, column: ColumnSpec, used: Candidate, header: Header) -> list[Finding]:
    """Return what is to be said of a column that is read under another header than its own."""
    findings: list[Finding] = []
    if used.tier != "own" or header.key != header.name:
        findings.append(_report_synonym(raw, column, used))
    if column.kind == "customer" and used.tier == "weak" and _inspect_raw_column(raw, used.at).is_single:
        findings.append(_report_single_value(raw, column, used))
    return findings


def find_own_columns(raw: Raw, headers: Headers) -> Headers:
    """Return the positions of the columns that are the user's own, by the key of their header."""
    found: Headers = {}
    for at, header in enumerate(raw.frame.columns):
        if at not in headers.values() and words.normalize_text(str(header)):
            found.setdefault(header_key(header), at)
    return found


def name_own_columns(raw: Raw, headers: Headers) -> Headers:
    """Return the positions of the columns that are the user's own and no other of the table's, by their header."""
    taken = {"row", *(column.name for column in TABLES[raw.name].columns)}
    named = {
        words.normalize_text(str(raw.frame.columns[at])): at for at in find_own_columns(raw, headers).values()
    }
    return {header: at for header, at in named.items() if header_key(header) not in map(header_key, taken)}


def find_unused_columns(
    frame: pd.DataFrame, table: str, used: Collection[int], drivers: Collection[str]
) -> list[int]:
    """Return the positions of columns that are neither used nor known to mean anything in a table."""
    taken = _list_driver_keys(table, drivers)
    known = frozenset().union(*(known_keys(table, column) for column in TABLES[table].columns))
    return [
        at
        for at, header in enumerate(_read_headers(frame, table, drivers))
        if header.key and at not in used and not {header.key, header.name} & (known | taken)
    ][:LOOKED_AT]


def has_other_meaning(header: object) -> bool:
    """Whether a header is known to mean what no table has, such as a unit price or an address."""
    return not keys_of(MEANS_ELSE).isdisjoint((header_key(header), read_name(header)))


@lru_cache(MOST_COLUMNS, typed=True)  # 1 and True are no header of the same name
def read_name(header: object) -> str:
    """Return the key of a header without its unit."""
    return header_key(split_unit(words.normalize_text(str(header)).rstrip(" :"))[0])


def name_headers(frame: pd.DataFrame, places: Sequence[int]) -> str:
    """Return headers as a message names them: the first few, and how many more there are."""
    told = join_messages(", ", (_quote_header(frame, at) for at in places[:LISTED]))
    return told if len(places) <= LISTED else told + _(" and {n:,} more", n=len(places) - LISTED)


# --- which header means which column ---------------------------------------------------------------


def _list_driver_keys(table: str, drivers: Collection[str]) -> frozenset[str]:
    return frozenset(drivers) if table in DRIVER_TABLES else frozenset()


def _read_headers(frame: pd.DataFrame, table: str, drivers: Collection[str]) -> list[Header]:
    """Return the headers of a sheet; one that is a driver means nothing else, and its unit is its own."""
    known = frozenset().union(*(known_keys(table, column) for column in TABLES[table].columns))
    taken = _list_driver_keys(table, drivers)
    found = []
    for header in frame.columns:
        text = words.normalize_text(str(header)).rstrip(" :")
        key = header_key(text)
        if key in known or key in taken or not key:
            found.append(Header(key, key, NO_UNIT))
            continue
        name, unit = split_unit(text)
        found.append(Header(key, header_key(name), unit))
    return [h if not {h.key, h.name} & taken else Header(h.key, "", NO_UNIT) for h in found]


def _find_candidates(
    known: Sequence[Header], table: str, column: ColumnSpec, taken: Collection[int]
) -> list[Candidate]:
    """Return the columns of a sheet that could be a column of its table, the surest first."""
    ranks = header_ranks(table, column.name)
    found = []
    for at, header in enumerate(known):
        if header.name not in ranks or at in taken:
            continue
        if header.key != header.name and not _can_have_unit(table, column, header.unit):
            continue
        found.append(Candidate(at, *ranks[header.name], header.unit))
    return sorted(found, key=lambda c: (TIERS.index(c.tier), c.place, c.unit != NO_UNIT, c.at))


def _can_have_unit(table: str, column: ColumnSpec, unit: Unit) -> bool:
    """Whether a header with a unit can mean a column: one of numbers, and a rate only where one may stand."""
    if column.kind == "share":
        return not unit.currency
    return column.kind == "number" and (not unit.rate or column.of_revenue == "headed")


def _find_named_customers(raw: Raw, known: Sequence[Header], taken: Collection[int]) -> list[Candidate]:
    """Return the names of customers as what they are known by, where nothing else can be."""
    column = TABLES["Customers"].column("customer")
    for at in find_unused_columns(raw.frame, raw.name, (), ()):
        if not has_other_meaning(raw.frame.columns[at]) and content.can_fit_column(
            _inspect_raw_column(raw, at), column
        ):
            return []
    return _find_candidates(known, raw.name, TABLES["Customers"].column("name"), taken)


def _choose_candidate(
    raw: Raw, column: ColumnSpec, found: Sequence[Candidate], currency: str
) -> tuple[Candidate, list[Finding]]:
    """Return which of some columns is read, and what is to be said of the others."""
    if len(found) == 1:
        return found[0], []
    looks = {c.at: _inspect_raw_column(raw, c.at) for c in found}
    filled = [c for c in found if looks[c.at].filled] or list(found)
    filled.sort(key=lambda c: _is_foreign(c.unit, currency))
    used = filled[0]
    varied = _find_varied_candidate(filled, looks) if column.kind == "customer" else used
    findings = [
        _report_second_column(raw, column, varied, other, other is used, looks)
        for other in filled
        if other is not varied
    ]
    return varied, findings


def _find_varied_candidate(filled: Sequence[Candidate], looks: dict[int, Content]) -> Candidate:
    """Return the first column or, where one value stands in all of it, the next that is as sure and has several."""
    used = filled[0]
    if not looks[used.at].is_single:
        return used
    rivals = (c for c in filled[1:] if used.tier == "weak" or c.tier != "weak")
    return next((c for c in rivals if not looks[c.at].is_single), used)


def _is_foreign(unit: Unit, currency: str) -> bool:
    """Whether a header names another currency than that of the run."""
    return bool(unit.currency and currency) and currency not in MARKS.get(unit.currency, (unit.currency,))


def _inspect_raw_column(raw: Raw, at: int) -> Content:
    # Of a source's sums only what is used was fetched: what stands in another of its columns is not known.
    return content.inspect_column(raw.frame.iloc[:, at], unread=raw.row == 0 and raw.lines is not None)


# --- what is to be said ----------------------------------------------------------------------------


def _report_synonym(raw: Raw, column: ColumnSpec, used: Candidate) -> Finding:
    called, header = name_in_workbook(raw.name, column.name), _quote_raw_header(raw, used.at)
    if used.unit == NO_UNIT:
        what = phrase("H01", "header_read", header=header, column=called)
    else:
        what = phrase(
            "H01",
            "header_read_2",
            header=header,
            column=called,
            unit=_name_unit(used.unit),
        )
    return build_finding("H01", raw.sheet, _format_header_cell(raw, used.at), what)


def _report_single_value(raw: Raw, column: ColumnSpec, used: Candidate) -> Finding:
    what = phrase(
        "H09",
        "header_read_every",
        header=_quote_raw_header(raw, used.at),
        column=name_in_workbook(raw.name, column.name),
    )
    fix = phrase(
        "H09",
        "give_customers_column",
        column=name_in_workbook(raw.name, column.name),
    )
    return build_finding("H09", raw.sheet, _format_header_cell(raw, used.at), what, fix=fix)


def _name_unit(unit: Unit) -> str:
    """Return a unit in words."""
    if unit.rate:
        return phrase("headers", "percent")
    scale = {
        0.01: phrase("headers", "cents"),
        1.0: "",
        1e3: phrase("headers", "thousands"),
        1e6: phrase("headers", "millions"),
    }.get(unit.scale, f"{unit.scale:,.0f}")
    if not scale or not unit.currency:
        return scale or unit.currency
    return phrase("headers", "scale_of_currency", scale=scale, currency=unit.currency)


def _report_second_column(
    raw: Raw,
    column: ColumnSpec,
    used: Candidate,
    other: Candidate,
    passed_over: bool,
    looks: dict[int, Content],
) -> Finding:
    """Return what is to be said of a column that is not read: a note where the choice changes no figure."""
    places = {
        "header": _quote_raw_header(raw, other.at),
        "column": name_in_workbook(raw.name, column.name),
        "other": _quote_raw_header(raw, used.at),
        "cell": _format_header_cell(raw, used.at) or _quote_raw_header(raw, used.at),
    }
    is_single = column.kind == "customer" and looks[other.at].is_single and not looks[used.at].is_single
    if is_single and (passed_over or other.tier == "weak"):
        code, what = "H02" if passed_over else "H08", phrase("headers", "header_not_read", **places)
        return build_finding(code, raw.sheet, _format_header_cell(raw, other.at), what)
    if _has_no_effect(raw, column, used, other):
        what = phrase("H08", "header_could_too", **places)
        return build_finding("H08", raw.sheet, _format_header_cell(raw, other.at), what)
    what = phrase("H02", "header_second_one", **places)
    return build_finding("H02", raw.sheet, _format_header_cell(raw, other.at), what)


def _has_no_effect(raw: Raw, column: ColumnSpec, used: Candidate, other: Candidate) -> bool:
    """Whether no figure depends on which of two columns is read."""
    if header_key(raw.frame.columns[used.at]) == header_key(raw.frame.columns[other.at]):
        return False
    number = column.kind == "customer" and other.tier == "name" and used.tier != "weak"
    if number or not (column.required or column.assumed):
        return True
    one, two = (raw.frame.iloc[:, c.at] for c in (used, other))
    if column.kind in ("customer", "name", "text"):
        return _is_one_to_one(one, two)
    return used.unit == other.unit and bool(one.astype(object).equals(two.astype(object)))


def _is_one_to_one(one: pd.Series, two: pd.Series) -> bool:
    """Whether each value of one column always stands beside the same value of the other, and the other way round."""
    codes = [pd.factorize(s.astype(str))[0].astype(np.int64) for s in (one, two)]
    if not len(one):
        return False
    counts = [int(c.max()) + 1 for c in codes]
    pairs = len(np.unique(codes[0] * counts[1] + codes[1]))
    return pairs == counts[0] == counts[1]


def _report_missing_columns(
    raw: Raw, headers: Headers, known: Sequence[Header], spare: list[int]
) -> list[Finding]:
    """Return the findings of columns that are not there, or that a misspelt header may stand for."""
    findings = []
    for column in TABLES[raw.name].columns:
        if column.name in headers:
            continue
        near = find_near_headers([known[at].name for at in spare], raw.name, column)
        if column.required:
            findings.append(_report_required_column(raw, column, [spare[i] for i in near], spare))
        elif near:
            called = name_in_workbook(raw.name, column.name)
            at = spare[next(iter(near))]
            header = _quote_raw_header(raw, at)
            what = phrase("H04", "header_looks_like", header=header, column=called)
            fix = phrase("H04", "rename_leave_if", column=called)
            findings.append(build_finding("H04", raw.sheet, _format_header_cell(raw, at), what, fix=fix))
    return findings


def find_near_headers(keys: Sequence[str], table: str, column: ColumnSpec) -> list[int]:
    """Return which of some headers, by their keys, look like a slip of one that is known for a column."""
    names = _list_known_headers(table, column.name)
    return [i for i, key in enumerate(keys) if key and words.find_likely_word(key, names)]


@cache
def _list_known_headers(table: str, column: str) -> tuple[str, ...]:
    """Return the headers that others may be a slip of: a column's own, and the long ones of those that are sure."""
    ranks = header_ranks(table, column).items()
    return tuple(sorted(k for k, (tier, _) in ranks if tier == "own" or (tier == "sure" and len(k) >= LONG)))


def _report_headless_columns(raw: Raw, known: Sequence[Header]) -> list[Finding]:
    """Return the findings of columns with no header that stand right of one with a header, or of another such."""
    findings: list[Finding] = []
    beside = False
    for at, header in enumerate(known):
        key = header.key
        count = (
            0
            if key or not beside
            else sum(len(part.at) for part in cells.split_column_cells(raw.frame.iloc[:, at]))
        )
        beside = bool(key or count)
        if count:
            what = phrase(
                "H05",
                "cells_stand_under",
                n=count,
            )
            findings.append(build_finding("H05", raw.sheet, _format_header_cell(raw, at), what, count=count))
    return findings


def _report_required_column(raw: Raw, column: ColumnSpec, near: list[int], spare: Sequence[int]) -> Finding:
    """Return the stop of a required column that is not there, with the columns that it could be."""
    called = name_in_workbook(raw.name, column.name)
    if near:
        what = phrase(
            "H03",
            "no_column_but",
            column=called,
            header=_quote_raw_header(raw, near[0]),
        )
        return build_finding(
            "H03",
            raw.sheet,
            _format_header_cell(raw, near[0]),
            what,
            fix=phrase("H03", "rename_header", column=called),
        )
    looks = {at: look for at in spare if (look := _inspect_raw_column(raw, at)).filled or look.unread}
    fitting = [at for at, look in looks.items() if content.can_fit_column(look, column)] or list(looks)
    if fitting:
        what = phrase(
            "H03",
            "no_column_columns",
            column=called,
            headers=name_headers(raw.frame, fitting),
        )
        fix = phrase("H03", "rename_header_column", column=called)
        return build_finding("H03", raw.sheet, _format_header_cell(raw, fitting[0]), what, fix=fix)
    what = phrase("H03", "no_column", column=called)
    note = _(column.note)
    fix = phrase("H03", "add_column_header", column=called, note=uncapitalize_message(note))
    return build_finding("H03", raw.sheet, "", what, fix=fix)


def _quote_header(frame: pd.DataFrame, at: int) -> str:
    return quote_value(words.normalize_text(str(frame.columns[at])))


def _quote_raw_header(raw: Raw, at: int) -> str:
    return _quote_header(raw.frame, at)


def _format_header_cell(raw: Raw, at: int) -> str:
    return f"{format_column(raw.column + at)}{raw.row}" if raw.row else ""
