"""Lines: a table read whole from files of text, cell by cell, as if it stood on a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.addresses import format_column
from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.messages import _, name_in_workbook
from xlprofit.reading import headers, rows
from xlprofit.sources import columns, texts
from xlprofit.sources.conventions import AskedColumn, adapt_texts
from xlprofit.sources.errors import SourceError
from xlprofit.sources.files import SHOWN, Files
from xlprofit.sources.spec import Source
from xlprofit.sources.texts import Layout
from xlprofit.tables import TABLES, Raw

MOST_WHOLE = 1_048_575
"""A table that is read whole may have as many rows as a sheet holds."""

CHUNK = 20_000
"""So many records are held at a time."""

Drivers = frozenset[str]


@dataclass(frozen=True)
class Ragged:
    """Records that are not as long as the headers: how many, and the row in which the first one stands (0: unknown)."""

    longer: int = 0
    first_longer: int = 0
    shorter: int = 0
    first_shorter: int = 0

    def with_more(self, more: Ragged) -> Ragged:
        """Return these and those of records further down."""
        return Ragged(
            self.longer + more.longer,
            self.first_longer or more.first_longer,
            self.shorter + more.shorter,
            self.first_shorter or more.first_shorter,
        )


def find_layouts(source: Source, files: Files, drivers: Drivers) -> list[Layout]:
    """Return how each file of a source is laid out.

    Raises:
        SourceError: a file is no text, or lacks a column that the table requires.
    """
    found = []
    for path in files.paths:
        label = files.label(source, path)
        layout = texts.find_layout(source, path, label, lambda row: columns.count_known_headers(source, row))
        columns.refuse_incomplete_source(source, layout.headers, drivers, label)
        found.append(layout)
    return found


def read_lines(
    source: Source, layouts: Sequence[Layout], drivers: Drivers, currency: str
) -> tuple[Raw, list[Finding]]:
    """Return a table with a cell of text for each value, and what is to be said of its files.

    Of several files each is read in its own conventions and under its own headers.
    """
    findings = [*report_assumed_encodings(layouts), *report_uneven_columns(source, layouts, drivers)]
    raws = []
    for layout in layouts:
        raw, told = _read_file(source, layout, drivers, currency)
        raws.append(raw)
        findings += told
    count = sum(len(raw.frame) for raw in raws)
    if len(raws) == 1:
        what = phrase("D01", "rows_read", n=count, path=_join_layout_names(layouts))
        return raws[0], [build_finding("D01", source.label, "", what), *findings]
    frames = []
    for raw in raws:
        frame, told = _read_typed_rows(raw, drivers, currency)
        frames.append(frame)
        findings += told
    what = phrase("D01", "rows_read", n=count, path=_join_layout_names(layouts))
    header_of = find_first_headers(source, layouts, drivers)
    whole = pd.concat(frames, ignore_index=True).rename(columns=header_of)
    return Raw(source.table, source.label, whole, 0), [
        build_finding("D01", source.label, "", what),
        *findings,
    ]


def _join_layout_names(layouts: Sequence[Layout]) -> str:
    names = ", ".join(layout.path.name for layout in layouts[:SHOWN])
    return f"{names}, …" if len(layouts) > SHOWN else names


# --- one file ----------------------------------------------------------------------------------------


def _read_file(source: Source, layout: Layout, drivers: Drivers, currency: str) -> tuple[Raw, list[Finding]]:
    size = len(layout.headers)
    values, ragged = _encode_file(layout)
    names = columns.rename_mapped_headers(source, layout.headers, layout.label)
    places = columns.find_places(source, layout.headers, drivers)
    asked = {at: AskedColumn(source, layout.label, name, names[at], currency) for name, at in places.items()}
    frame = pd.DataFrame({at: _build_text_column(*values[at], asked.get(at)) for at in range(size)})
    frame.columns = pd.Index(names, dtype=object)
    raw = Raw(source.table, layout.label, frame, layout.record, text=True)
    return raw, report_ragged_records(ragged, layout.label, size)


Encoded = tuple[npt.NDArray[np.int32], list[str]]
"""Which of the different texts of a column each of its cells has, and those texts."""


def _encode_file(layout: Layout) -> tuple[list[Encoded], Ragged]:
    """Return a file's columns, each different text held once, and which records had not their length."""
    records, size = texts.read_records(layout), len(layout.headers)
    known: list[dict[str, int]] = [{} for _column in range(size)]
    codes: list[list[npt.NDArray[np.int32]]] = [[np.zeros(0, dtype=np.int32)] for _column in range(size)]
    count, ragged = 0, Ragged()
    while some := list(islice(records, CHUNK)):
        ragged = ragged.with_more(even_out_records(some, size, layout.record + 1 + count))
        count += len(some)
        if count > MOST_WHOLE:
            raise SourceError(
                _(
                    "{source}: it has more than {n:,} rows, and is read whole",
                    source=layout.label,
                    n=MOST_WHOLE,
                ),
                _("Leave rows out that are not needed, or part the file by periods"),
            )
        for numbers, parts, cells in zip(known, codes, zip(*some, strict=True), strict=True):
            parts.append(np.array([numbers.setdefault(cell, len(numbers)) for cell in cells], dtype=np.int32))
    return [
        (np.concatenate(parts), list(numbers)) for numbers, parts in zip(known, codes, strict=True)
    ], ragged


def _build_text_column(
    codes: npt.NDArray[np.int32], found: list[str], asked: AskedColumn | None
) -> pd.Series:
    """Return a column that holds each different text once, so that it is read once."""
    meant = adapt_texts(asked, found) if asked else found
    if all(isinstance(value, str) for value in meant) and len(set(meant)) == len(meant):
        return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(meant, dtype=object)))
    return pd.Series(np.array([*meant, None], dtype=object)[codes], dtype=object)


def even_out_records(records: list[list[str]], size: int, first: int) -> Ragged:
    """Make all records as long as the headers, in place; return how many were not.

    One that is longer loses all its values, unless those too many are blank; one that is shorter gets blank ones.
    ``first`` is the row of the first record.
    """
    longer, shorter = [], []
    for at, record in enumerate(records):
        if len(record) == size:
            continue
        if len(record) > size:
            if any(value.strip() for value in record[size:]):
                longer.append(first + at)
                record[:] = [""] * size
            else:
                del record[size:]
        else:
            if any(value.strip() for value in record):
                shorter.append(first + at)
            record += [""] * (size - len(record))
    return Ragged(len(longer), min(longer, default=0), len(shorter), min(shorter, default=0))


def report_ragged_records(ragged: Ragged, label: str, size: int) -> list[Finding]:
    """Return what is to be said of records that are not as long as their headers."""
    kinds = (
        ("D04", "rows_more_values", ragged.longer, ragged.first_longer, size + 1),
        ("D05", "rows_fewer_values", ragged.shorter, ragged.first_shorter, size),
    )
    found = []
    for code, variant, count, first, column in kinds:
        if count:
            cell = f"{format_column(column)}{first}" if first else ""
            found.append(build_finding(code, label, cell, phrase(code, variant, n=count), count=count))
    return found


# --- several files -----------------------------------------------------------------------------------


def _read_typed_rows(raw: Raw, drivers: Drivers, currency: str) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the rows of one of several files that can be used, under the table's own names, as they are meant."""
    place, found, faults = headers.match_headers(raw, drivers)
    own = headers.find_own_columns(raw, found)
    draft, wrong = rows.draft_table(
        raw, place, found, {k: at for k, at in own.items() if k in drivers}, currency
    )
    keep = draft.usable
    data: dict[str, object] = {}
    for name, reading in (*draft.readings.items(), *draft.drivers.items()):
        data[name] = reading.values[keep] if len(reading.values) else reading.text()[keep]
    for key, at in own.items():
        if key not in data:
            data[str(raw.frame.columns[at])] = raw.frame.iloc[:, at].astype(object).to_numpy()[keep]
    told = [fault for fault in faults if fault.code != "H01"]  # told of the table that they make together
    return pd.DataFrame(data, index=pd.RangeIndex(int(keep.sum()))), told + wrong


def find_first_headers(source: Source, layouts: Sequence[Layout], drivers: Drivers) -> Mapping[str, str]:
    """Return, for each column that any of the files has, the header of the first one that has it."""
    found: dict[str, str] = {}
    for layout in layouts:
        names = columns.rename_mapped_headers(source, layout.headers)
        for name, at in columns.find_places(source, layout.headers, drivers).items():
            found.setdefault(name, names[at])
    return found


def report_assumed_encodings(layouts: Sequence[Layout]) -> list[Finding]:
    """Return the warnings of files whose encoding was assumed."""
    return [
        build_finding(
            "D06",
            layout.label,
            "",
            phrase("D06", "not_utf_read", encoding=layout.encoding_name),
        )
        for layout in layouts
        if layout.assumed
    ]


def report_uneven_columns(source: Source, layouts: Sequence[Layout], drivers: Drivers) -> list[Finding]:
    """Return the warnings of columns that only some of the files have."""
    have = {layout.label: set(columns.find_places(source, layout.headers, drivers)) for layout in layouts}
    return report_absent_columns(source, have)


def report_absent_columns(source: Source, have: Mapping[str, set[str]]) -> list[Finding]:
    """Return the warnings of columns that only some of the files have; ``have`` gives those of each file."""
    findings = []
    for name in sorted(set().union(*have.values())):
        without = [label for label, some in have.items() if name not in some]
        if without:
            what = phrase(
                "D07",
                "files_no_column",
                n=len(without),
                column=_describe_source_column(source, name),
                names=", ".join(without[:SHOWN]),
            )
            findings.append(build_finding("D07", source.label, "", what, count=len(without)))
    return findings


def _describe_source_column(source: Source, name: str) -> str:
    known = any(column.name == name for column in TABLES[source.table].columns)
    return name_in_workbook(source.table, name) if known else name.removeprefix(columns.TELLING)
