"""Headers: which column of a sheet is which column of its table."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from xlprofit.addresses import letters
from xlprofit.checks import words
from xlprofit.checks.faults import Place, shown
from xlprofit.findings import Finding, finding
from xlprofit.tables import DRIVER_TABLES, TABLES, Column, Raw, header_key

Headers = dict[str, int]
"""Position in the raw frame, counted from 0, of each column that was found."""


def matched(raw: Raw, drivers: Collection[str]) -> tuple[Place, Headers, list[Finding]]:
    """Return where a table's columns stand, and what is wrong with its headers.

    A column's own header goes before a synonym, and of two the one further left. ``drivers`` are the
    keys of the headers that Activities names as drivers: in a log they are never a synonym.
    """
    table = TABLES[raw.name]
    keys = [header_key(header) if words.cleaned(str(header)) else "" for header in raw.frame.columns]
    taken = set(drivers) if raw.name in DRIVER_TABLES else set()
    headers: Headers = {}
    findings: list[Finding] = []
    for column in table.columns:
        synonyms = [header_key(s) for s in column.synonyms if header_key(s) not in taken]
        own = [at for at, key in enumerate(keys) if key == header_key(column.name)]
        other = [at for at, key in enumerate(keys) if key in synonyms and at not in headers.values()]
        if not own and not other:
            continue
        used, *unused = own + other
        headers[column.name] = used
        findings += [_twice(raw, used, at, column) for at in unused]
        if not own:
            what = f"header {_header(raw, used)} is read as {column.name}"
            findings.append(finding("H01", raw.sheet, _cell(raw, used), what))
    lines = None if raw.lines is None else raw.lines.to_numpy(dtype=np.int64)
    cells = {name: raw.column + at for name, at in headers.items()}
    place = Place(table, raw.sheet, cells, raw.row + 1, lines)
    spare = [
        at
        for at, key in enumerate(keys)
        if key and key not in taken and at not in headers.values() and not _known(key, table.columns)
    ]
    return place, headers, findings + _missing(raw, headers, keys, spare)


def own_columns(raw: Raw, headers: Headers) -> Headers:
    """Return the positions of the columns that are the user's own, by the key of their header."""
    found: Headers = {}
    for at, header in enumerate(raw.frame.columns):
        if at not in headers.values() and words.cleaned(str(header)):
            found.setdefault(header_key(header), at)
    return found


def _known(key: str, columns: Sequence[Column]) -> bool:
    return any(key in map(header_key, (column.name, *column.synonyms)) for column in columns)


def _missing(raw: Raw, headers: Headers, keys: list[str], spare: list[int]) -> list[Finding]:
    """Return the findings of columns that are not there, or that a misspelt header may stand for."""
    findings = []
    for column in TABLES[raw.name].columns:
        if column.name in headers:
            continue
        names = [header_key(name) for name in (column.name, *column.synonyms)]
        near = [at for at in spare if words.looks_like(keys[at], names)]
        if column.required:
            findings.append(_without(raw, column, near))
        elif near:
            what = f"header {_header(raw, near[0])} looks like {column.name}, and is ignored"
            mend = f"Rename it {column.name}, or leave it if it is a column of your own"
            findings.append(finding("H04", raw.sheet, _cell(raw, near[0]), what, mend=mend))
    return findings


def _without(raw: Raw, column: Column, near: list[int]) -> Finding:
    what = f"there is no column {column.name}"
    if not near:
        mend = f"Add a column with the header {column.name}: {column.note[:1].lower()}{column.note[1:]}"
        return finding("H03", raw.sheet, "", what, mend=mend)
    what += f", but header {_header(raw, near[0])} looks like {column.name}"
    return finding("H03", raw.sheet, _cell(raw, near[0]), what, mend=f"Rename the header {column.name}")


def _twice(raw: Raw, used: int, unused: int, column: Column) -> Finding:
    what = (
        f"header {_header(raw, unused)} is a second one for {column.name}; "
        f"{_header(raw, used)} in {_cell(raw, used)} is used"
    )
    return finding("H02", raw.sheet, _cell(raw, unused), what)


def _header(raw: Raw, at: int) -> str:
    return shown(words.cleaned(str(raw.frame.columns[at])))


def _cell(raw: Raw, at: int) -> str:
    return f"{letters(raw.column + at)}{raw.row}" if raw.row else ""
