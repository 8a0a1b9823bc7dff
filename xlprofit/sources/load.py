"""Loading: the tables that come from sources, the big ones as their sums, ready for the same checks as sheets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.messages import _, name_in_workbook
from xlprofit.reading import tables as reading
from xlprofit.reading.drivers import BASE, NO_DRIVER
from xlprofit.reading.line_counts import COUNT, add_line_counts
from xlprofit.sources import casts, lines, secrets, sheet, spec
from xlprofit.sources.columns import (
    TELLING,
    find_column_kind,
    find_places,
    refuse_incomplete_source,
    refuse_other_units,
    rename_mapped_headers,
)
from xlprofit.sources.connections import (
    Opened,
    has_files,
    is_book,
    open_duckdb,
    open_source,
    run_with_time_limit,
)
from xlprofit.sources.errors import MissingColumnError, SourceError, translate_engine_error
from xlprofit.sources.files import Files, find_files, resolve_source_path
from xlprofit.sources.lines import MOST_WHOLE
from xlprofit.sources.spec import Source
from xlprofit.sources.texts import Layout
from xlprofit.sources.watch import watch_source
from xlprofit.tables import SETTINGS, TABLES, Raw, header_key

if TYPE_CHECKING:
    from xlprofit.sources.sums import SumPlan

PARTED = {name: table.parts for name, table in TABLES.items() if table.big}
"""The big tables, of which only sums are fetched, and the words by which those are parted, beside the month."""

ADDED = {name: table.added for name, table in TABLES.items() if table.big}
"""The numbers of the big tables that are added up; of ActivityLog the drivers too."""

SMALL = 16_000_000
"""Files of text of a big table that have no more bytes than this are read row by row, as a sheet is, so that findings
name the row and rows that are alike are found: some 400,000 sales lines, in 2 s where their sums take 0.7 s."""

PACKED = 8
"""How many times as large a packed file of text is taken to be."""

MOST_SUMS = 20_000_000
"""The most sums of one table that are fetched: more would not fit into memory."""

WORDS = ("customer", "name", "text", "choice", "period", "flag")
"""Kinds of columns whose values are words."""


@dataclass(frozen=True)
class Demand:
    """What the other tables ask of the big ones: where months are cut, and which drivers and products count.

    ``drivers`` are keys of headers; ``products`` (lower case) those that a commission rule is for. ``since`` and
    ``until`` (not counted) are the only days to be read, where they are given. ``currency`` is the run's.
    """

    cuts: tuple[date, ...] = ()
    drivers: frozenset[str] = frozenset()
    products: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    currency: str = str(SETTINGS["currency"].default)


def resolve_sources(
    raws: Mapping[str, Raw],
    asked: Sequence[str | Source] = (),
    folder: Path | None = Path(),
    days: tuple[date, date] | None = None,
    small: int | None = None,
) -> tuple[dict[str, Raw], list[Finding]]:
    """Return the tables, those that come from a source read from there, and what is to be said of it.

    Args:
        raws: the tables of a workbook, its table Sources among them.
        asked: further sources, ``TABLE=PATH_OR_URL``; they go before those of the table Sources.
        folder: where the workbook's relative paths start; ``None`` where it has no folder, and they are refused.
        days: the first day to be read of the big tables, and the first one not to be.
        small: the most bytes of files of text of which a big table is read row by row; by default :data:`SMALL`.

    Raises:
        SourceError: a source cannot be reached or read.
        UnknownNameError: a source is for a table that does not exist.
    """
    listed = sheet.list_sources(raws["Sources"], folder) if "Sources" in raws else ()
    sources = {source.table: source for source in (*listed, *spec.read_given_sources(asked))}
    found = dict(raws)
    findings: list[Finding] = []
    for name in _order_source_tables(sources):
        outline = _build_outline(found, days)
        if name in raws and reading.has_filled_cells(raws[name]):
            what = phrase("D02", "sheet_rows_too", sheet=raws[name].sheet)
            findings.append(build_finding("D02", sources[name].label, "", what))
        found[name], told = _read_watched(sources[name], outline, SMALL if small is None else small)
        findings += told
    return found, findings


def _read_watched(kept: Source, outline: Demand, small: int) -> tuple[Raw, list[Finding]]:
    """Return the table of a source and what is to be said of it, in time, and nothing told of what is secret.

    Raises:
        SourceError: as :func:`resolve_sources`.
    """
    with watch_source(kept), secrets.conceal_secrets(kept.label) as conceal:
        source = spec.locate_source(kept)
        try:
            raw, told = _read_source(source, outline, small)
        except (
            OSError,
            ValueError,
            RuntimeError,
            EOFError,
        ) as error:  # a file deleted meanwhile, and the like
            raise translate_engine_error(source.label, error) from error
        return raw, [replace(f, what=conceal(f.what), fix=conceal(f.fix)) for f in told]


def _order_source_tables(sources: Mapping[str, Source]) -> list[str]:
    """Return the tables that have a source: the big ones last, for the others say what is asked of them."""
    whole = [name for name in TABLES if name in sources and name not in PARTED]
    return whole + [name for name in PARTED if name in sources]


def _build_outline(raws: Mapping[str, Raw], days: tuple[date, date] | None) -> Demand:
    """Return what the settings, the activities and the commission rules ask of the big tables."""
    some = {name: raws[name] for name, table in TABLES.items() if table.asks_sums and name in raws}
    read, _findings = reading.read_tables(some)
    book, _drivers = reading.build_typed_sheets(read)
    starts = [read.given.get("start")]
    ends = [read.given.get("end")]
    products: set[str] = set()
    if "Customers" in book:
        starts += list(book["Customers"].frame["from"].dropna())
        ends += list(book["Customers"].frame["until"].dropna())
    if "Commissions" in book:
        rules = book["Commissions"].frame
        starts += list(rules["start"].dropna())
        ends += list(rules["end"].dropna())
        products = {v.casefold() for v in rules["value"][(rules["scope"] == "product").to_numpy()]}
    since, until = days or (None, None)
    currency = str(read.given.get("currency", SETTINGS["currency"].default))
    return Demand(
        _find_month_cuts(starts, ends),
        _find_asked_drivers(read),
        tuple(sorted(products)),
        since,
        until,
        currency,
    )


def _find_month_cuts(starts: Sequence[object], ends: Sequence[object]) -> tuple[date, ...]:
    """Return the days within a month on which something starts, or has ended the day before."""
    edges = {_convert_to_date(s) for s in starts if s is not None} | {
        _convert_to_date(e) + timedelta(days=1) for e in ends if e is not None
    }
    return tuple(sorted(edge for edge in edges if edge.day != 1))


def _find_asked_drivers(read: reading.Read) -> frozenset[str]:
    """Return the keys of the drivers that the activities name, but for those that are no column of a log."""
    if "Activities" not in read.drafts or "driver" not in read.drafts["Activities"].readings:
        return frozenset()
    words = read.drafts["Activities"].readings["driver"].words
    return frozenset(map(header_key, words)) - NO_DRIVER - {BASE, ""}


def _convert_to_date(value: object) -> date:
    return pd.Timestamp(str(value)).date()


# --- one source ------------------------------------------------------------------------------------


def _read_book_table(source: Source) -> tuple[Raw, list[Finding]]:
    """Return a table of another workbook, as it stands there."""
    from xlprofit.ooxml.read import read_input_tables

    path = resolve_source_path(source)
    found = read_input_tables(path)
    if source.table not in found:
        raise SourceError(
            _(
                "{source}: it has no sheet and no Excel Table {table}",
                source=source.label,
                table=name_in_workbook(source.table),
            ),
            _("Name another workbook"),
        )
    raw = found[source.table]
    columns = [str(header) for header in raw.frame.columns]
    frame = raw.frame.set_axis(pd.Index(rename_mapped_headers(source, columns), dtype=object), axis=1)
    what = phrase(
        "D01",
        "rows_read_sheet",
        n=len(frame),
        sheet=raw.sheet,
        path=path.name,
    )
    raw = add_line_counts({source.table: replace(raw, sheet=source.label, frame=frame)})[source.table]
    return raw, [build_finding("D01", source.label, "", what)]


def _needs_profile(source: Source) -> bool:
    """Whether a source is read as an export is: by a profile, or a sheet of a workbook that its query names."""
    return bool(source.profile or source.export or (is_book(source) and source.query))


def _read_source(source: Source, outline: Demand, small: int) -> tuple[Raw, list[Finding]]:
    if _needs_profile(source):
        from xlprofit.importing.reading import read_profiled

        return read_profiled(source)
    if is_book(source):
        return _read_book_table(source)
    files = find_files(source) if has_files(source) else None
    if files is not None and files.kind == "text":
        raw, told = _read_texts_as_they_come(source, files, outline, small)
    else:
        with open_source(source, files, outline.drivers) as found:
            raw, told = (
                _sum_typed_table(found, outline) if source.table in PARTED else _read_whole_table(found)
            )
            told += found.findings
    return raw, told + list(files.findings if files else ())


def _read_texts_as_they_come(
    source: Source, files: Files, outline: Demand, small: int
) -> tuple[Raw, list[Finding]]:
    """Return a table of files of text; where their first line has not the columns, as an export is read.

    Its headers may stand below titles and blank lines, under names that a proposal knows.
    """
    try:
        return _read_texts(source, files, outline, small)
    except MissingColumnError:
        from xlprofit.importing.reading import can_propose, read_profiled

        if not can_propose(source, files.paths):
            raise
        return read_profiled(source)


def _read_texts(source: Source, files: Files, outline: Demand, small: int) -> tuple[Raw, list[Finding]]:
    """Return a table of files of text: row by row, or a big one as its sums."""
    layouts = lines.find_layouts(source, files, outline.drivers)
    headers_of = {layout.label: layout.headers for layout in layouts}
    refuse_other_units(source, headers_of, outline.drivers, outline.currency)
    sizes = [path.stat().st_size * (PACKED if path.suffix.lower() == ".gz" else 1) for path in files.paths]
    if source.table not in PARTED or sum(sizes) <= small:
        return lines.read_lines(source, layouts, outline.drivers, outline.currency)
    return _sum_text_files(source, layouts, outline)


def _read_whole_table(found: Opened) -> tuple[Raw, list[Finding]]:
    source, table = found.source, found.table
    columns = list(table.columns)
    refuse_incomplete_source(source, columns)
    places = find_places(source, columns)
    kinds = {c.name: c.kind for c in TABLES[source.table].columns}
    numbered = {
        columns[at]: table[columns[at]].cast("string")
        for name, at in places.items()
        if kinds.get(name) in WORDS and table[columns[at]].type().is_integer()
    }
    ordered = table.mutate(**numbered) if numbered else table
    ordered = ordered.order_by([columns[at] for at in places.values()]).limit(MOST_WHOLE + 1)
    frame = found.fetch_frame(ordered)
    if len(frame) > MOST_WHOLE:
        raise SourceError(
            _("{source}: it has more than {n:,} rows, and is read whole", source=source.label, n=MOST_WHOLE),
            _("Name a query that gives fewer"),
        )
    what = phrase(
        "D01",
        "rows_read_2",
        n=len(frame),
        engine=found.engine,
        query=found.sql(ordered),
    )
    frame.columns = pd.Index(rename_mapped_headers(source, columns), dtype=object)
    return Raw(source.table, source.label, frame, 0), [build_finding("D01", source.label, "", what)]


# --- sums ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BigTable:
    """The columns of a big table: its headers, and of each that is known its place and its name in the engine."""

    headers: Sequence[str]
    places: Mapping[str, int]
    names: Mapping[str, str]


def _sum_typed_table(found: Opened, outline: Demand) -> tuple[Raw, list[Finding]]:
    """Return the sums of a table whose columns have types."""
    columns = list(found.table.columns)
    refuse_incomplete_source(found.source, columns, outline.drivers)
    places = find_places(found.source, columns, outline.drivers)
    return _read_table_sums(
        found, BigTable(columns, places, {n: columns[at] for n, at in places.items()}), outline
    )


def _sum_text_files(source: Source, layouts: Sequence[Layout], outline: Demand) -> tuple[Raw, list[Finding]]:
    """Return the sums of a table in files of text."""
    first = lines.find_first_headers(source, layouts, outline.drivers)
    headers = list(layouts[0].headers)
    places = find_places(source, headers, outline.drivers)
    for name in first.keys() - places.keys():
        places[name] = len(headers)
        headers.append(first[name])
    wanted = {name: find_column_kind(source.table, name) for name in sorted(places)}
    with open_duckdb(source) as (con, folder):

        def run(work: Callable[[], object]) -> object:
            return run_with_time_limit(source, con.con.interrupt, work)

        engine = casts.Engine(con.con, folder, run)
        told = casts.cast_files(engine, source, layouts, wanted, (outline.drivers, outline.currency))
        found = Opened(source, "DuckDB", con.table(source.table), con.con.interrupt)
        raw, said = _read_table_sums(
            found, BigTable(headers, places, {name: name for name in places}), outline
        )
    return raw, said + told


def _read_table_sums(found: Opened, body: BigTable, outline: Demand) -> tuple[Raw, list[Finding]]:
    from xlprofit.sources import sums

    source = found.source
    plan = _build_sum_plan(source, body.names, outline)
    _refuse_wrong_types(found, plan)
    expression = sums.build_sum_expression(found.table, plan).limit(MOST_SUMS + 1)
    frame = found.fetch_frame(expression)
    left_out: list[Finding] = []
    if len(frame) > MOST_SUMS and "product" in plan.words:
        plan = _leave_products_out(plan, outline)
        expression = sums.build_sum_expression(found.table, plan).limit(MOST_SUMS + 1)
        frame = found.fetch_frame(expression)
        left_out = [build_finding("D17", source.label, "", phrase("D17", "too_many_sums", n=MOST_SUMS))]
    if len(frame) > MOST_SUMS:
        raise SourceError(
            _(
                "{source}: it has more than {n:,} sums by customer and month",
                source=source.label,
                n=MOST_SUMS,
            ),
            _("Name a query that gives fewer customers or months"),
        )
    raw = _build_raw_sums(source, body, plan, _assign_sum_dates(frame, plan))
    count = int(frame[COUNT].sum())
    what = phrase(
        "D01",
        "rows_summed",
        n=count,
        sums=len(frame),
        engine=found.engine,
        query=found.sql(expression),
    )
    alike = phrase("D01", "rows_twice_not")
    told = [build_finding("D01", source.label, "", what), build_finding("D03", source.label, "", alike)]
    return raw, told + left_out


def _leave_products_out(plan: SumPlan, outline: Demand) -> SumPlan:
    """Return the plan of sums that tell no products apart but for those that a commission rule is for."""
    if outline.products:
        return replace(plan, kept={"product": outline.products})
    words = {name: column for name, column in plan.words.items() if name != "product"}
    return replace(plan, words=words, beside=(*plan.beside, plan.words["product"]))


def _build_sum_plan(source: Source, columns: Mapping[str, str], outline: Demand) -> SumPlan:
    from xlprofit.sources.sums import SumPlan

    parted = _list_parting_columns(source.table, columns)
    added = [n for n in (*ADDED[source.table], *sorted(outline.drivers)) if n in columns]
    return SumPlan(
        date=columns["date"],
        words={word: columns[word] for word in parted},
        shares={"avoidable": columns["avoidable"]} if "avoidable" in columns else {},
        numbers={name: columns[name] for name in added},
        defaults=_find_number_defaults(source.table, added),
        beside=_list_columns_beside(source.table, columns, {"date", "avoidable", *parted, *added}),
        cuts=outline.cuts,
        since=outline.since,
        until=outline.until,
    )


def _list_parting_columns(table: str, columns: Mapping[str, str]) -> list[str]:
    """Return the words that part the rows of a big table."""
    return [w for w in PARTED[table] if w in columns] + sorted(n for n in columns if n.startswith(TELLING))


def _find_number_defaults(table: str, added: Sequence[str]) -> dict[str, float]:
    """Return what a missing number counts as, of those that are added up and count as other than 0."""
    specs = {c.name: c for c in TABLES[table].columns}
    defaults = {name: specs[name].default for name in added if name in specs}
    return {name: value for name, value in defaults.items() if isinstance(value, float) and value}


def _list_columns_beside(table: str, columns: Mapping[str, str], fetched: Collection[str]) -> tuple[str, ...]:
    """Return the source's columns that the table knows and no sum fetches."""
    return tuple(
        columns[c.name] for c in TABLES[table].columns if c.name in columns and c.name not in fetched
    )


def _refuse_wrong_types(found: Opened, plan: SumPlan) -> None:
    """Refuse columns whose type is not what the table needs."""
    schema, label = found.table.schema(), found.source.label
    day = schema[plan.date]
    if not (day.is_date() or day.is_timestamp()):
        raise SourceError(
            _(
                "{source}: the column {column} is of the type {kind}, and must be a date",
                source=label,
                column=plan.date,
                kind=day,
            ),
            _(
                "Turn it into a date there; in a file of text write 2024-03-01, or say the form: "
                "{Sources.options} {example}",
                example="date=%d.%m.%Y",
            ),
        )
    for theirs in (*plan.numbers.values(), *plan.shares.values()):
        kind = schema[theirs]
        if not kind.is_numeric() or kind.is_boolean():
            raise SourceError(
                _(
                    "{source}: the column {column} is of the type {kind}, and must be a number",
                    source=label,
                    column=theirs,
                    kind=kind,
                ),
                _("Turn it into a number there, or map another column"),
            )


def _assign_sum_dates(frame: pd.DataFrame, plan: SumPlan) -> pd.DataFrame:
    """Return the sums in a fixed order, each on the last day it has; the first day of all has a row too.

    So the span from the first to the last day is that of the rows.
    """
    from xlprofit.sources import sums

    keys = frame.columns[: list(frame.columns).index(COUNT) - len(plan.numbers)]
    frame = frame.take(_order_by_ranks([frame[key] for key in keys])).reset_index(drop=True)
    frame = frame.rename(columns={f"sum_{name}": name for name in plan.numbers}).assign(date=frame[sums.LAST])
    days = frame[sums.FIRST].dropna()
    if plan.since is None and len(days) and days.min() < frame["date"].dropna().min():
        row = frame.loc[[(frame[sums.FIRST] == days.min()).to_numpy().argmax()]]
        none = dict.fromkeys(plan.numbers, 0.0) | {COUNT: 0.0}
        frame = pd.concat([frame, row.assign(date=days.min(), **none)], ignore_index=True)
    return frame


def _order_by_ranks(keys: Sequence[pd.Series]) -> npt.NDArray[np.int64]:
    """Return the order of rows by their keys, which no two rows have alike: each value is compared once only."""
    ranks, sizes = [], []
    for key in keys:
        codes, values = pd.factorize(key.astype("str") if key.dtype == object else key, sort=True)
        ranks.append(np.where(codes < 0, len(values), codes))  # what is missing comes last
        sizes.append(len(values) + 1)
    if prod(sizes) >= 2**63:
        return np.lexsort(ranks[::-1])
    return np.argsort(np.ravel_multi_index(ranks, sizes))


def _build_raw_sums(source: Source, body: BigTable, plan: SumPlan, frame: pd.DataFrame) -> Raw:
    """Return the sums under the source's own headers, as the checks would find its rows on a sheet."""
    from xlprofit.sources import sums

    names = rename_mapped_headers(source, body.headers)
    used = {body.places[name]: name for name in ("date", *plan.words, *plan.shares, *plan.numbers)}
    if plan.beside:
        used[next(body.places[n] for n, theirs in body.names.items() if theirs == plan.beside[0])] = (
            sums.BESIDE
        )
    nothing = pd.Series([None] * len(frame), dtype=object)
    columns = pd.DataFrame({at: frame[used[at]] if at in used else nothing for at in range(len(names))})
    if source.table == "ActivityLog" and "quantity" not in body.places:
        names.append("quantity")
        columns[len(names) - 1] = frame[COUNT].astype("float64")
    columns.columns = pd.Index(names, dtype=object)
    return Raw(source.table, source.label, columns, 0, lines=frame[COUNT].astype("int64"))
