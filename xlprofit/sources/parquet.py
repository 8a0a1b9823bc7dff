"""Parquet: files read together, the columns of each found by its own headers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
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
    headers = _find_headers_by_file(source, files, names, drivers)
    findings = report_absent_columns(
        source, {files.label(source, path): set(own) for path, own in headers.items()}
    )
    first = _merge_first_headers(headers)
    if all(first[name] == header for own in headers.values() for name, header in own.items()):
        return reading(files.paths, source.table), findings
    groups = enumerate(_group_files_by_headers(headers))
    tables = [(reading(paths, f"{source.table}_{at}"), headers[paths[0]]) for at, paths in groups]
    return _stack_tables(tables, first), findings


def _find_headers_by_file(
    source: Source, files: Files, names: Mapping[Path, Sequence[str]], drivers: Drivers
) -> dict[Path, dict[str, str]]:
    """Return the header that each file has for each column of the table.

    Raises:
        SourceError: a file lacks a column that the table requires, or has one in another unit.
    """
    labels = {files.label(source, path): some for path, some in names.items()}
    columns.refuse_other_units(source, labels, drivers, str(SETTINGS["currency"].default))
    headers: dict[Path, dict[str, str]] = {}
    for path, some in names.items():
        columns.refuse_incomplete_source(source, some, drivers, files.label(source, path))
        headers[path] = {name: some[at] for name, at in columns.find_places(source, some, drivers).items()}
    return headers


def _merge_first_headers(headers: Mapping[Path, Mapping[str, str]]) -> dict[str, str]:
    """Return the header that the first file with a column has for it."""
    first: dict[str, str] = {}
    for own in headers.values():
        first = {**own, **first}
    return first


def _group_files_by_headers(headers: Mapping[Path, Mapping[str, str]]) -> list[list[Path]]:
    """Return the files that name the columns of the table alike together."""
    groups: dict[frozenset[tuple[str, str]], list[Path]] = {}
    for path, own in headers.items():
        groups.setdefault(frozenset(own.items()), []).append(path)
    return list(groups.values())


def _read_parquet_names(path: Path, label: str) -> list[str]:
    import pyarrow.parquet

    try:
        return list(pyarrow.parquet.read_schema(path).names)
    except Exception as error:
        raise translate_engine_error(label, error) from error


def _stack_tables(tables: Sequence[tuple[ir.Table, Mapping[str, str]]], first: Mapping[str, str]) -> ir.Table:
    """Return tables below each other, each column under the header that the first table with it has."""
    import ibis

    kinds = {
        name: _find_common_type({table[own[name]].type() for table, own in tables if name in own})
        for name in first
    }
    parts = []
    for table, own in tables:
        chosen: dict[str, Any] = {}
        for name, header in first.items():
            kind = kinds[name]
            chosen[header] = table[own[name]].cast(kind) if name in own else ibis.null(kind)
        parts.append(table.select(**chosen))
    return ibis.union(*parts)


def _find_common_type(kinds: Collection[Any]) -> Any:
    """Return the type in which columns of these types stand below each other: their own where it is one."""
    if len(kinds) == 1:
        return next(iter(kinds))
    if all(kind.is_date() or kind.is_timestamp() for kind in kinds):
        return "timestamp"
    return "float64" if all(kind.is_numeric() for kind in kinds) else "string"
