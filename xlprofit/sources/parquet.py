"""Parquet: files read together, the columns of each found by its own headers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlprofit.findings import Finding
from xlprofit.sources import columns
from xlprofit.sources.errors import translate_engine_error
from xlprofit.sources.files import Files
from xlprofit.sources.lines import Drivers, report_absent_columns
from xlprofit.sources.spec import Source
from xlprofit.tables import SETTINGS

if TYPE_CHECKING:
    import ibis.expr.types as ir

Reading = Callable[[Sequence[Path], str], "ir.Table"]
"""Opens files whose columns have the same names, as a table of a name."""


def read_parquet_files(
    source: Source, files: Files, drivers: Drivers, reading: Reading
) -> tuple[ir.Table, list[Finding]]:
    """Return a source's files as one table, and the warnings of columns that only some of them have.

    Files that name the same column of the table differently are read under the name that the first has for it.

    Raises:
        SourceError: a file is damaged, or lacks a column that the table requires.
    """
    if len(files.paths) == 1:
        return reading(files.paths, source.table), []
    names = {path: _read_parquet_names(path, files.label(source, path)) for path in files.paths}
    if len({frozenset(some) for some in names.values()}) == 1:
        return reading(files.paths, source.table), []
    labels = {files.label(source, path): some for path, some in names.items()}
    columns.refuse_other_units(source, labels, drivers, str(SETTINGS["currency"].default))
    headers: dict[Path, dict[str, str]] = {}
    for path, some in names.items():
        columns.refuse_incomplete_source(source, some, drivers, files.label(source, path))
        headers[path] = {name: some[at] for name, at in columns.find_places(source, some, drivers).items()}
    findings = report_absent_columns(
        source, {files.label(source, path): set(own) for path, own in headers.items()}
    )
    first: dict[str, str] = {}
    for own in headers.values():
        first = own | first
    if all(first[name] == header for own in headers.values() for name, header in own.items()):
        return reading(files.paths, source.table), findings
    groups: dict[frozenset[tuple[str, str]], list[Path]] = {}
    for path, own in headers.items():
        groups.setdefault(frozenset(own.items()), []).append(path)
    tables = [
        (reading(paths, f"{source.table}_{number}"), headers[paths[0]])
        for number, paths in enumerate(groups.values())
    ]
    return _stack_tables(tables, first), findings


def _read_parquet_names(path: Path, label: str) -> list[str]:
    import pyarrow.parquet

    try:
        return list(pyarrow.parquet.read_schema(path).names)
    except Exception as error:
        raise translate_engine_error(label, error) from error


def _stack_tables(tables: Sequence[tuple[ir.Table, Mapping[str, str]]], first: Mapping[str, str]) -> ir.Table:
    """Return tables below each other, each column under the header that the first table with it has."""
    import ibis

    kinds = {name: {table[own[name]].type() for table, own in tables if name in own} for name in first}
    parts = []
    for table, own in tables:
        chosen: dict[str, Any] = {}
        for name, header in first.items():
            kind = next(iter(kinds[name]))
            if len(kinds[name]) > 1:
                kind = "float64" if all(k.is_numeric() for k in kinds[name]) else "string"
                if all(k.is_date() or k.is_timestamp() for k in kinds[name]):
                    kind = "timestamp"
            chosen[header] = table[own[name]].cast(kind) if name in own else ibis.null(kind)
        parts.append(table.select(**chosen))
    return ibis.union(*parts)
