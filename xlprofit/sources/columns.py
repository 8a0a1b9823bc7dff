"""Columns: which of a source's columns is which of its table's, by header, synonym or mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from xlprofit.errors import UnknownNameError
from xlprofit.messages import _, name_in_workbook
from xlprofit.reading import headers
from xlprofit.reading.conventions.document_words import is_document_header, is_side_header, read_flag_meaning
from xlprofit.reading.conventions.names import is_currency_header
from xlprofit.reading.faults import quote_value
from xlprofit.reading.numbers import is_currency
from xlprofit.reading.units import Unit, split_unit
from xlprofit.sources.errors import MissingColumnError, SourceError
from xlprofit.sources.spec import Source
from xlprofit.tables import DRIVER_TABLES, TABLES, Raw, header_key

TELLING = "own "
"""What the name of a column begins with that is none of the table's, and says what its rows are."""


def is_row_attribute(header: str) -> bool:
    """Whether a column says what its rows are, so that rows with different words there are not summed together."""
    return (
        is_document_header(header)
        or is_side_header(header)
        or read_flag_meaning(header) is not None
        or is_currency_header(header)
    )


def find_column_kind(table: str, name: str) -> str:
    """Return the kind of a column by its name: one of the table's, one that tells of rows, or a driver."""
    if name.startswith(TELLING):
        return "text"
    return next((column.kind for column in TABLES[table].columns if column.name == name), "number")


def find_places(
    source: Source, columns: Sequence[str], drivers: frozenset[str] = frozenset()
) -> dict[str, int]:
    """Return where each column of the table stands among a source's, the drivers by key, and what tells of rows."""
    raw = _build_header_raw(source, rename_mapped_headers(source, columns))
    found = headers.match_headers(raw, drivers)[1]
    own = headers.find_own_columns(raw, found)
    driven = {key: at for key, at in own.items() if key in drivers and source.table in DRIVER_TABLES}
    telling = {
        f"{TELLING}{key}": at
        for key, at in own.items()
        if key not in driven and is_row_attribute(str(columns[at]))
    }
    return found | driven | telling


def _build_header_raw(source: Source, columns: Sequence[str]) -> Raw:
    frame = pd.DataFrame(columns=list(columns), dtype=object)
    return Raw(source.table, source.label, frame, 0)


def count_known_headers(source: Source, columns: Sequence[str]) -> int:
    """Return how many of the headers the table knows, or the mapping names."""
    mapped = {header_key(theirs) for theirs in source.mapping.values()}
    known = headers.match_headers(_build_header_raw(source, columns), ())[1]
    return len(known) + sum(header_key(column) in mapped for column in columns)


def rename_mapped_headers(source: Source, columns: Sequence[str], label: str = "") -> list[str]:
    """Return a source's headers, those that its mapping names under the table's own."""
    renamed = list(columns)
    known = {header_key(c.name): c.name for c in TABLES[source.table].columns}
    for ours, theirs in source.mapping.items():
        name = known.get(header_key(ours), ours)
        at = _find_mapped_place(columns, theirs, label or source.label)
        if header_key(name) not in known and source.table not in DRIVER_TABLES:
            raise SourceError(
                _(
                    "{source}: the mapping gives a column {column}, which {table} does not have",
                    source=source.label,
                    column=ours,
                    table=name_in_workbook(source.table),
                ),
                _("Its columns are {names}", names=", ".join(known.values())),
            )
        renamed = ["" if header_key(c) == header_key(name) else c for c in renamed]
        renamed[at] = name
    return renamed


def _find_mapped_place(columns: Sequence[str], theirs: str, label: str) -> int:
    """Return where the column stands that a mapping names: as it is written, or else by its key.

    Raises:
        SourceError: there is none; ``label`` is what the message calls the source.
    """
    if theirs in columns:
        return list(columns).index(theirs)
    at = next((i for i, c in enumerate(columns) if header_key(c) == header_key(theirs)), -1)
    if at < 0:
        missing = UnknownNameError(theirs, columns, "column")
        raise SourceError(
            _(
                "{source}: the mapping names a column {column}, and there is none",
                source=label,
                column=theirs,
            ),
            missing.fix or _("Its columns are {names}", names=", ".join(columns[:20])),
        )
    return at


def refuse_incomplete_source(
    source: Source, columns: Sequence[str], drivers: frozenset[str] = frozenset(), label: str = ""
) -> None:
    """Refuse a source that lacks a column which its table requires, or which the mapping names.

    Raises:
        SourceError: it lacks one; ``label`` is what the message calls the source.
    """
    renamed = rename_mapped_headers(source, columns, label)
    _place, matched, faults = headers.match_headers(_build_header_raw(source, renamed), drivers)
    for fault in faults:
        if fault.code == "H03":
            have = ", ".join(map(str, columns[:20]))
            known = TABLES[source.table].columns
            column = next(
                name_in_workbook(source.table, c.name) for c in known if c.required and c.name not in matched
            )
            fix = _(
                "Map it in the column {Sources.mapping} of {Sources}: {column}=…; the source has {names}",
                column=column,
                names=have,
            )
            raise MissingColumnError(f"{label or source.label}: " + fault.what, fix)


def refuse_other_units(
    source: Source, headers_of: Mapping[str, Sequence[str]], drivers: frozenset[str], currency: str
) -> None:
    """Refuse files that have a column in several units, as ``Revenue (EUR)`` in one and ``Revenue (TEUR)`` in another.

    ``headers_of`` gives the headers of each file by what it is called; ``currency`` is meant where none is named.

    Raises:
        SourceError: two files differ, since all are read under the header of the first.
    """
    first: dict[str, tuple[str, Unit]] = {}
    for label, names in headers_of.items():
        for name, at in find_places(source, names, drivers).items():
            if find_column_kind(source.table, name) not in ("number", "share"):
                continue
            header = str(names[at])
            unit = split_unit(header)[1]
            other, known = first.setdefault(name, (header, unit))
            if _is_same_unit(unit, known, currency):
                continue
            raise SourceError(
                _(
                    "{source}: {header} has another unit than {other} in the other files",
                    source=label,
                    header=quote_value(header),
                    other=quote_value(other),
                ),
                _("Write all files in one unit, with one header"),
            )


def _is_same_unit(unit: Unit, known: Unit, currency: str) -> bool:
    """Whether two headers give the same unit; ``currency`` is meant where one names none."""
    return (unit.scale, unit.rate) == (known.scale, known.rate) and (
        unit.currency == known.currency
        or is_currency(unit.currency or currency, known.currency or currency)
        or is_currency(known.currency or currency, unit.currency or currency)
    )
