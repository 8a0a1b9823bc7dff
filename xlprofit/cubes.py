"""Cube: a workbook made from sources alone, its big tables as their sums, replaced period by period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from xlprofit.errors import FileError, XlprofitError
from xlprofit.findings import Finding
from xlprofit.formulas import SHEET
from xlprofit.headings import language_of
from xlprofit.hosts.file import FileHost
from xlprofit.hosts.host import Stage
from xlprofit.languages import list_terms
from xlprofit.messages import _
from xlprofit.ooxml import guide, sample
from xlprofit.ooxml.package import list_sheet_parts, open_package
from xlprofit.ooxml.read import read_input_tables
from xlprofit.ooxml.saving import read_stamp_or_nothing
from xlprofit.read_files import refuse_read_files
from xlprofit.reading import dates, headers
from xlprofit.reading.faults import Trouble
from xlprofit.reading.line_counts import COUNT, add_line_counts
from xlprofit.scratch import open_scratch_folder
from xlprofit.sheets import names
from xlprofit.sources import spec
from xlprofit.sources.errors import SourceError
from xlprofit.sources.load import PARTED, resolve_sources
from xlprofit.sources.spec import Source as TableSource
from xlprofit.tables import DRIVER_TABLES, TABLES, Raw, header_key
from xlprofit.workflow import Refreshed, new, refresh_sheets

Days = tuple[date, date]
"""The first day of a period and the first one after it."""


def cube(
    path: str | Path,
    sources: Sequence[str | TableSource],
    *,
    period: str = "",
    stage: Stage = lambda words: None,
) -> Refreshed:
    """Make a workbook from sources alone: their tables, the big ones as their sums, and the result sheets.

    Where the workbook is there already, its tables are kept but for those that have a source; with a
    ``period`` only that period of Sales, ActivityLog and DirectCosts is read, and replaced. The same
    period run again gives the same tables.

    Args:
        path: the workbook to make, .xlsx.
        sources: tables that come from files or databases, as :func:`analyze` has them.
        period: a month (2024-03), a quarter (2024-Q1) or a year (2024); all days where it is not given.
        stage: called with a few words at the start of each stage.

    Raises:
        FileError: the workbook has sheets of the user's own, is one of the sources, or cannot be written.
        SourceError: a source cannot be reached or read; the workbook stays as it was.
        StoppedError: findings stop the work; the error has them all.
    """
    path, given = Path(path), spec.read_given_sources(sources)
    days = _parse_period_days(period) if period else None
    if not given:
        raise SourceError(_("No source was given"), _("Add --source Sales=PATH_OR_URL"))
    refuse_read_files([path], None, given)
    replaced = read_stamp_or_nothing(path)
    stage(_("Reading the sources"))
    before = _read_former_tables(path) if path.exists() else {}
    raws, told = _read_sources(before, given, days)
    tables = {name: _build_cube_frame(raw) for name, raw in {**before, **raws}.items()}
    if days is not None:
        for name in {source.table for source in given} & set(PARTED) & set(before):
            tables[name] = _replace_period(_build_cube_frame(before[name]), tables[name], days)
    stage(_("Writing the tables"))
    language = language_of(raws.get("Settings"))
    with open_scratch_folder() as folder:
        book = new(
            folder / path.name,
            {name: frame for name, frame in tables.items() if len(frame)},
            language=language,
        )
        host = CubeHost(book, path, stage=stage, replaced=replaced)
        return Refreshed.of(*refresh_sheets(host, found=told))


class CubeHost(FileHost):
    """A workbook that was just filled from its sources, which are not read a second time."""

    def read_tables(self) -> dict[str, Raw]:
        """Return the tables but for Sources."""
        return {name: raw for name, raw in super().read_tables().items() if name != "Sources"}


def _read_sources(
    before: Mapping[str, Raw], given: Sequence[spec.Source], days: Days | None
) -> tuple[dict[str, Raw], list[Finding]]:
    """Return the tables of the sources beside those of before that have none; and what was found."""
    of_source = {source.table for source in given}
    rest = {n: raw for n, raw in before.items() if n not in of_source and n != "Sources"}
    return resolve_sources(rest, given, days=days, small=0)


def _read_former_tables(path: Path) -> dict[str, Raw]:
    """Return the tables of a cube made before; refuse a workbook that has anything else."""
    ours = {
        *(w for t in TABLES for w in list_terms("table", t)),
        *names.list_all_sheet_names(),
        SHEET,
        *list_terms("sheet", guide.NAME),
        sample.SHEET,
    }
    with open_package(path) as book:
        own = [sheet.name for sheet in list_sheet_parts(book) if sheet.name not in ours]
    if own:
        raise FileError(
            _(
                "{path} has sheets of your own ({sheets}), which a cube would not keep",
                path=path,
                sheets=", ".join(own[:5]),
            ),
            _(
                "Name another file, or bring the tables in with {command}",
                command=f"xlprofit refresh {path.name} --source",
            ),
        )
    return read_input_tables(path)


def _parse_period_days(period: str) -> Days:
    label = dates.parse_period(period)
    if isinstance(label, Trouble):
        raise XlprofitError(label.what, _("Write a month as 2024-03, a quarter as 2024-Q1, a year as 2024"))
    span = pd.Period(label.replace("-Q", "Q"))
    return span.start_time.date(), (span + 1).start_time.date()


def _build_cube_frame(raw: Raw) -> pd.DataFrame:
    """Return a table under its own headers, with the drivers and how many rows each was summed from.

    A header that names a unit is kept, since what stands under it is in that unit still.
    """
    columns = _list_cube_columns(raw)
    frame = pd.DataFrame({n: c for n, c in columns.items() if header_key(n) != header_key(COUNT)})
    lines = add_line_counts({raw.name: raw})[raw.name].lines
    if lines is not None:
        frame[COUNT] = lines.to_numpy()
    for column in TABLES[raw.name].columns:
        if column.kind == "date" and column.name in frame:
            frame[column.name] = pd.to_datetime(frame[column.name], errors="coerce")
    return frame


def _list_cube_columns(raw: Raw) -> dict[str, pd.Series]:
    """Return the columns of a table by the headers under which a cube keeps them, its drivers behind them."""
    place, found, _faults = headers.match_headers(raw, ())
    columns = {
        str(raw.frame.columns[at]) if name in place.units else name: raw.frame.iloc[:, at]
        for name, at in found.items()
    }
    if raw.name in DRIVER_TABLES or TABLES[raw.name].attributes:
        own = headers.find_own_columns(raw, found)
        some = {str(raw.frame.columns[at]): raw.frame.iloc[:, at] for at in own.values()}
        columns |= {header: values for header, values in some.items() if values.notna().any()}
    return columns


def _replace_period(before: pd.DataFrame, now: pd.DataFrame, days: Days) -> pd.DataFrame:
    """Return the rows of before that lie outside the days, and those of now."""
    first, after = (pd.Timestamp(day) for day in days)
    outside = ~((before["date"] >= first) & (before["date"] < after))
    both = [frame for frame in (before[outside.to_numpy()], now) if len(frame)]
    if not both:
        return now
    merged = pd.concat(both, ignore_index=True)
    return merged.sort_values("date", kind="stable", ignore_index=True)
