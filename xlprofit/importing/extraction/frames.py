"""Frames: the table that is made of an export's columns, each where it stands in the export or alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.addresses import format_column
from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.importing.exports.export import LOOKED_ACROSS, as_cells, is_blank_cell
from xlprofit.importing.exports.headings import rank_headings
from xlprofit.importing.extraction.body import Body, Cells, TableColumn
from xlprofit.importing.profiles.profile import TableRule, name_own_column
from xlprofit.messages import _, name_in_workbook
from xlprofit.reading.headers import read_name
from xlprofit.reading.units import NO_UNIT
from xlprofit.tables import TABLES, Raw, header_key


def build_placed_table(
    rule: TableRule, body: Body, made: Mapping[str, TableColumn], places: Mapping[str, int]
) -> Raw:
    """Return the table with its columns where they stand in the export, the others beside them."""
    size = _find_last_filled(body, places.values())
    headers = [
        _name_unused(rule, header, body.sheet.first + at) for at, header in enumerate(body.headers[:size])
    ]
    columns: list[Cells] = list(body.cells[:size])
    ignored = set(map(header_key, rule.ignore))
    for at, header in enumerate(body.headers[:size]):
        if header_key(header) in ignored:
            columns[at] = [None] * body.size
    for name, at in places.items():
        own = name_own_column(rule, name)
        if at >= 0 and headers[at] not in made:
            headers[at], columns[at] = write_own_header(made[own]), made[own].cells
        else:  # a fixed value, or a second column of the table from one of the export
            headers.append(write_own_header(made[own]))
            columns.append(made[own].cells)
    placed = {name_own_column(rule, name) for name in places}
    for column in (column for name, column in made.items() if name not in placed):
        headers.append(write_own_header(column))
        columns.append(column.cells)
    raw = _build_frame(rule, body, headers, columns)
    top = max(body.row, 0)
    formats = {
        column - body.sheet.first: {code: rows[rows > top] - top - 1 for code, rows in by_code.items()}
        for column, by_code in body.sheet.formats.items()
        if 0 <= column - body.sheet.first < size
    }
    return replace(raw, row=top, column=body.sheet.first, formats=_keep_formats_inside(formats, body.size))


def _find_last_filled(body: Body, places: Collection[int]) -> int:
    """Return how many columns a sheet has to its last one with anything in it; of a narrow sheet all that it has."""
    size = len(body.cells)
    last = max((LOOKED_ACROSS - 1, *places))
    while size > last + 1 and not body.headers[size - 1] and all(map(is_blank_cell, body.cells[size - 1])):
        size -= 1
    return size


def _keep_formats_inside(
    formats: Mapping[int, Mapping[str, npt.NDArray[np.int64]]], size: int
) -> dict[int, dict[str, npt.NDArray[np.int64]]]:
    return {at: {code: rows[rows < size] for code, rows in codes.items()} for at, codes in formats.items()}


def _build_frame(rule: TableRule, body: Body, headers: Sequence[str], columns: Sequence[Cells]) -> Raw:
    size = body.size
    while size and all(is_blank_cell(column[size - 1]) for column in columns):
        size -= 1
    frame = pd.DataFrame({at: as_cells(column[:size]) for at, column in enumerate(columns)})
    frame.columns = pd.Index(list(headers), dtype=object)
    return Raw(rule.table, body.label, frame, 0, text=body.sheet.text)


def _name_unused(rule: TableRule, header: str, column: int) -> str:
    """Return the header of a column that is not used, so that nothing takes it for one of the table's."""
    if header_key(header) in set(map(header_key, rule.ignore)):
        return f"({format_column(column)})"
    known = {header_key(header), read_name(header)}
    if any(known & rank_headings(rule.table, column.name).keys() for column in TABLES[rule.table].columns):
        return _("{header} (not used)", header=header)
    return header


def write_own_header(column: TableColumn) -> str:
    """Return a column's own header, with the unit that the export's header named."""
    if column.unit == NO_UNIT:
        return column.name
    scale = {0.01: "cents", 1e3: "thousand", 1e6: "million"}.get(column.unit.scale, "")
    words = [word for word in ("%" if column.unit.rate else "", scale, column.unit.currency) if word]
    return f"{column.name} ({' '.join(words)})"


def _keep_most_frequent(frame: pd.DataFrame, key: Sequence[str]) -> tuple[pd.DataFrame, Mapping[str, int]]:
    """Return rows in which what is said of one key is what stands there most often, and how many keys said several.

    Of two that stand there as often the first in the alphabet is taken.
    """
    found, several = frame.copy(), dict[str, int]()
    for name in (name for name in frame.columns if name not in key):
        held = frame[[*key, name]].dropna().map(str)
        different = held.groupby(list(key))[name].nunique()
        different = different[different > 1]
        if different.empty:
            continue
        counts = held.value_counts().reset_index(name="n").sort_values(["n", name], ascending=[False, True])
        best = counts.drop_duplicates(list(key)).set_index(list(key))[name]
        keys = frame[list(key)].map(str).apply(tuple, axis=1) if len(key) > 1 else frame[key[0]].map(str)
        doubled = keys.isin(different.index)
        found.loc[doubled, name] = keys[doubled].map(best)
        several[name] = len(different)
    return found, several


def build_distinct_table(
    rule: TableRule, body: Body, made: Mapping[str, TableColumn]
) -> tuple[Raw, list[Finding]]:
    """Return a table in which rows that are alike stand once, and notes of what several rows say differently."""
    frame = pd.DataFrame({write_own_header(column): as_cells(column.cells) for column in made.values()})
    key = [c.name for c in TABLES[rule.table].columns if c.required and c.name in frame]
    filled = ~frame[key].map(is_blank_cell).any(axis=1) if key else pd.Series(True, index=frame.index)
    frame, several = _keep_most_frequent(frame[filled.to_numpy()], key)
    alike = frame.map(lambda cell: cell.strip() if isinstance(cell, str) else cell).duplicated()
    frame = frame[~alike.to_numpy()].reset_index(drop=True)
    told = [
        build_finding(
            "D19", body.label, "", phrase("D19", "several", n=n, column=name_in_workbook(rule.table, name))
        )
        for name, n in several.items()
    ]
    return Raw(rule.table, body.label, frame.astype(object), 0, text=body.sheet.text), told
