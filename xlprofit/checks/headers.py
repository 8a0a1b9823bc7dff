"""Headers: which column of a sheet is which column of its table."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from xlprofit.addresses import letters
from xlprofit.checks import cells, words
from xlprofit.checks.faults import Place, shown
from xlprofit.findings import Finding, finding
from xlprofit.language import _, _n, named
from xlprofit.tables import DRIVER_TABLES, TABLES, Column, Raw, Table, header_key
from xlprofit.vocabulary import header_keys, known_keys, synonym_keys

LOOKED_AT = 500
"""So many headers that are not known are compared with those that are missing: a sheet may have 16,384."""

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
        synonyms = [key for key in synonym_keys(raw.name, column) if key not in taken]
        own = [at for at, key in enumerate(keys) if key in header_keys(raw.name, column.name)]
        other = [at for at, key in enumerate(keys) if key in synonyms and at not in headers.values()]
        if not own and not other:
            continue
        used, *unused = own + other
        headers[column.name] = used
        findings += [_twice(raw, used, at, column) for at in unused]
        if not own:
            what = _(
                "header {header} is read as {column}",
                header=_header(raw, used),
                column=named(raw.name, column.name),
            )
            findings.append(finding("H01", raw.sheet, _cell(raw, used), what))
    lines = None if raw.lines is None else raw.lines.to_numpy(dtype=np.int64)
    cells = {name: raw.column + at for name, at in headers.items()}
    place = Place(table, raw.sheet, cells, raw.row + 1, lines)
    spare = [
        at
        for at, key in enumerate(keys)
        if key and key not in taken and at not in headers.values() and not _known(key, table)
    ][:LOOKED_AT]
    return place, headers, findings + _missing(raw, headers, keys, spare) + _headless(raw, keys)


def own_columns(raw: Raw, headers: Headers) -> Headers:
    """Return the positions of the columns that are the user's own, by the key of their header."""
    found: Headers = {}
    for at, header in enumerate(raw.frame.columns):
        if at not in headers.values() and words.cleaned(str(header)):
            found.setdefault(header_key(header), at)
    return found


def _known(key: str, table: Table) -> bool:
    return any(key in known_keys(table.name, column) for column in table.columns)


def _missing(raw: Raw, headers: Headers, keys: list[str], spare: list[int]) -> list[Finding]:
    """Return the findings of columns that are not there, or that a misspelt header may stand for."""
    findings = []
    for column in TABLES[raw.name].columns:
        if column.name in headers:
            continue
        names = sorted(known_keys(raw.name, column))
        near = [at for at in spare if words.looks_like(keys[at], names)]
        if column.required:
            findings.append(_without(raw, column, near))
        elif near:
            called = named(raw.name, column.name)
            header = _header(raw, near[0])
            what = _("header {header} looks like {column}, and is ignored", header=header, column=called)
            mend = _("Rename it {column}, or leave it if it is a column of your own", column=called)
            findings.append(finding("H04", raw.sheet, _cell(raw, near[0]), what, mend=mend))
    return findings


def _headless(raw: Raw, keys: list[str]) -> list[Finding]:
    """Return the findings of columns with no header that stand right of one with a header, or of another such."""
    findings: list[Finding] = []
    beside = False
    for at, key in enumerate(keys):
        count = 0 if key or not beside else sum(len(part.at) for part in cells.parts(raw.frame.iloc[:, at]))
        beside = bool(key or count)
        if count:
            what = _n(
                "{n:,} cell stands under no header, and is not read",
                "{n:,} cells stand under no header, and are not read",
                count,
            )
            findings.append(finding("H05", raw.sheet, _cell(raw, at), what, count=count))
    return findings


def _without(raw: Raw, column: Column, near: list[int]) -> Finding:
    called, note = named(raw.name, column.name), _(column.note)
    if not near:
        what = _("there is no column {column}", column=called)
        mend = _(
            "Add a column with the header {column}: {note}",
            column=called,
            note=f"{note[:1].lower()}{note[1:]}",
        )
        return finding("H03", raw.sheet, "", what, mend=mend)
    what = _(
        "there is no column {column}, but header {header} looks like {column}",
        column=called,
        header=_header(raw, near[0]),
    )
    mend = _("Rename the header {column}", column=called)
    return finding("H03", raw.sheet, _cell(raw, near[0]), what, mend=mend)


def _twice(raw: Raw, used: int, unused: int, column: Column) -> Finding:
    what = _(
        "header {header} is a second one for {column}; {other} in {cell} is used",
        header=_header(raw, unused),
        column=named(raw.name, column.name),
        other=_header(raw, used),
        cell=_cell(raw, used),
    )
    return finding("H02", raw.sheet, _cell(raw, unused), what)


def _header(raw: Raw, at: int) -> str:
    return shown(words.cleaned(str(raw.frame.columns[at])))


def _cell(raw: Raw, at: int) -> str:
    return f"{letters(raw.column + at)}{raw.row}" if raw.row else ""
