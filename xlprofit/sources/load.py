"""Loading: the tables that come from sources, the big ones as their sums, ready for the same checks as sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.checks import headers, reading, words
from xlprofit.checks.activities import BASE, NO_DRIVER
from xlprofit.errors import UnknownNameError
from xlprofit.findings import Finding, finding
from xlprofit.language import _, _n, named
from xlprofit.sources import spec
from xlprofit.sources.connections import Kinds, Opened, is_book, opened, path_of
from xlprofit.sources.errors import SourceError
from xlprofit.sources.spec import Source
from xlprofit.tables import DRIVER_TABLES, TABLES, Raw, header_key

if TYPE_CHECKING:
    from xlprofit.sources.sums import Plan

COUNT = "rows_summed"
"""The column of a summed table on a sheet that says how many rows each row was summed from."""

PARTED = {
    "Sales": ("customer", "product"),
    "ActivityLog": ("customer", "activity"),
    "DirectCosts": ("customer", "group", "once"),
}
"""The big tables, of which only sums are fetched, and the words by which those are parted, beside the month."""

ADDED = {
    "Sales": ("gross_revenue", "discount", "returns", "cogs", "quantity"),
    "ActivityLog": ("quantity",),
    "DirectCosts": ("amount",),
}
"""The numbers of the big tables that are added up; of ActivityLog the drivers too."""

MOST_WHOLE = 1_048_575
"""A table that is read whole may have as many rows as a sheet holds."""

MOST_SUMS = 20_000_000
"""The most sums of one table that are fetched: more would not fit into memory."""

WORDS = ("customer", "name", "text", "choice", "period", "flag")
"""Kinds of columns whose values are words."""


@dataclass(frozen=True)
class Outline:
    """What the other tables ask of the big ones: where months are cut, which drivers and products count.

    ``drivers`` are keys of headers, ``products`` in lower case. ``since`` and ``until`` (not counted) are the
    only days to be read, where they are given.
    """

    cuts: tuple[date, ...] = ()
    drivers: frozenset[str] = frozenset()
    products: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


def resolve(
    raws: Mapping[str, Raw],
    asked: Sequence[str | Source] = (),
    folder: Path = Path(),
    days: tuple[date, date] | None = None,
) -> tuple[dict[str, Raw], list[Finding]]:
    """Return the tables, those that come from a source read from there, and what is to be said of it.

    Args:
        raws: the tables of a workbook, its table Sources among them.
        asked: further sources, ``TABLE=PATH_OR_URL``; they go before those of the table Sources.
        folder: where the workbook's relative paths start.
        days: the first day to be read of the big tables, and the first one not to be.

    Raises:
        SourceError: a source cannot be reached or read.
        UnknownNameError: a source is for a table that does not exist.
    """
    listed = spec.listed(raws["Sources"], folder) if "Sources" in raws else ()
    sources = {source.table: source for source in (*listed, *spec.given(asked))}
    found = dict(raws)
    findings: list[Finding] = []
    small = [name for name in TABLES if name in sources and name not in PARTED]
    big = [name for name in PARTED if name in sources]
    for name in (*small, *big):
        source = spec.located(sources[name])
        outline = _outline(found, days) if name in PARTED else Outline()
        if name in raws and reading.filled(raws[name]):
            what = _("the sheet {sheet} has rows too, which are not counted", sheet=raws[name].sheet)
            findings.append(finding("D02", source.label, "", what))
        found[name], told = _book(source) if is_book(source) else _read(source, outline)
        findings += told
    return found, findings


def _outline(raws: Mapping[str, Raw], days: tuple[date, date] | None) -> Outline:
    """Return what the settings, the activities and the commission rules ask of the big tables."""
    some = {name: raws[name] for name in ("Settings", "Activities", "Commissions") if name in raws}
    read, _findings = reading.read(some)
    book, _drivers = reading.typed(read)
    starts = [read.given.get("start")]
    ends = [read.given.get("end")]
    products: set[str] = set()
    if "Commissions" in book:
        rules = book["Commissions"].frame
        starts += list(rules["start"].dropna())
        ends += list(rules["end"].dropna())
        products = {words.name_key(v) for v in rules["value"][(rules["scope"] == "product").to_numpy()]}
    edges = {_day(s) for s in starts if s is not None} | {
        _day(e) + timedelta(days=1) for e in ends if e is not None
    }
    drivers = frozenset[str]()
    if "Activities" in read.drafts and "driver" in read.drafts["Activities"].readings:
        named = read.drafts["Activities"].readings["driver"].words
        drivers = frozenset(map(header_key, named)) - NO_DRIVER - {BASE, ""}
    cuts = tuple(sorted(edge for edge in edges if edge.day != 1))
    since, until = days or (None, None)
    return Outline(cuts, drivers, tuple(sorted(products)), since, until)


def _day(value: object) -> date:
    return pd.Timestamp(str(value)).date()


# --- one source ------------------------------------------------------------------------------------


def _book(source: Source) -> tuple[Raw, list[Finding]]:
    """Return a table of another workbook, as it stands there."""
    from xlprofit.workbook.read import read

    path = path_of(source)
    found = read(path)
    if source.table not in found:
        raise SourceError(
            _(
                "{source}: it has no sheet and no Excel Table {table}",
                source=source.label,
                table=named(source.table),
            ),
            _("Name another workbook"),
        )
    raw = found[source.table]
    columns = [str(header) for header in raw.frame.columns]
    frame = raw.frame.set_axis(pd.Index(_renamed(source, columns), dtype=object), axis=1)
    what = _n(
        "{n:,} row was read from the sheet {sheet} of {path}",
        "{n:,} rows were read from the sheet {sheet} of {path}",
        len(frame),
        sheet=raw.sheet,
        path=path.name,
    )
    raw = with_lines({source.table: replace(raw, sheet=source.label, frame=frame)})[source.table]
    return raw, [finding("D01", source.label, "", what)]


def _read(source: Source, outline: Outline) -> tuple[Raw, list[Finding]]:
    with opened(source, _kinds(source, outline)) as found:
        return _summed(found, outline) if source.table in PARTED else _whole(found)


def _kinds(source: Source, outline: Outline) -> Kinds:
    """Return what tells, of the headers of a file of text, which are words and which are numbers."""

    def kinds(columns: list[str]) -> dict[str, str]:
        places = _places(source, columns, outline)
        spec_of = {c.name: c.kind for c in TABLES[source.table].columns}
        known = {name: spec_of.get(name, "number") for name in places}
        said = {"number": "double", "share": "double"} | dict.fromkeys(WORDS, "varchar")
        return {columns[at]: said[known[name]] for name, at in places.items() if known[name] in said}

    return kinds


def _places(source: Source, columns: Sequence[str], outline: Outline) -> dict[str, int]:
    """Return the place among a source's columns of each of the table's, and of the drivers, by key."""
    raw = _header_only(source, _renamed(source, columns))
    found = headers.matched(raw, outline.drivers)[1]
    if source.table not in DRIVER_TABLES:
        return found
    own = headers.own_columns(raw, found)
    return found | {key: at for key, at in own.items() if key in outline.drivers}


def _header_only(source: Source, columns: Sequence[str]) -> Raw:
    frame = pd.DataFrame(columns=list(columns), dtype=object)
    return Raw(source.table, source.label, frame, 0)


def _renamed(source: Source, columns: Sequence[str]) -> list[str]:
    """Return a source's headers, those that its mapping names under the table's own."""
    renamed = list(columns)
    known = {header_key(c.name): c.name for c in TABLES[source.table].columns}
    for ours, theirs in source.mapping.items():
        name = known.get(header_key(ours), ours)
        at = next((i for i, c in enumerate(columns) if c == theirs), -1)
        if at < 0:
            at = next((i for i, c in enumerate(columns) if header_key(c) == header_key(theirs)), -1)
        if at < 0:
            missing = UnknownNameError(theirs, columns, "column")
            raise SourceError(
                _(
                    "{source}: the mapping names a column {column}, and there is none",
                    source=source.label,
                    column=theirs,
                ),
                missing.mend or _("Its columns are {names}", names=", ".join(columns[:20])),
            )
        if header_key(name) not in known and source.table not in DRIVER_TABLES:
            raise SourceError(
                _(
                    "{source}: the mapping gives a column {column}, which {table} does not have",
                    source=source.label,
                    column=ours,
                    table=named(source.table),
                ),
                _("Its columns are {names}", names=", ".join(known.values())),
            )
        renamed = ["" if header_key(c) == header_key(name) else c for c in renamed]
        renamed[at] = name
    return renamed


def _required(source: Source, columns: Sequence[str], outline: Outline) -> None:
    _order_of, matched, faults = headers.matched(
        _header_only(source, _renamed(source, columns)), outline.drivers
    )
    for fault in faults:
        if fault.code == "H03":
            have = ", ".join(map(str, columns[:20]))
            known = TABLES[source.table].columns
            column = next(named(source.table, c.name) for c in known if c.required and c.name not in matched)
            mend = _(
                "Map it in the column {Sources.mapping} of {Sources}: {column}=…; the source has {names}",
                column=column,
                names=have,
            )
            raise SourceError(f"{source.label}: {fault.what}", mend)


def _whole(found: Opened) -> tuple[Raw, list[Finding]]:
    source, table = found.source, found.table
    columns = list(table.columns)
    _required(source, columns, Outline())
    places = _places(source, columns, Outline())
    kinds = {c.name: c.kind for c in TABLES[source.table].columns}
    numbered = {
        columns[at]: table[columns[at]].cast("string")
        for name, at in places.items()
        if kinds.get(name) in WORDS and table[columns[at]].type().is_integer()
    }
    ordered = table.mutate(**numbered) if numbered else table
    ordered = ordered.order_by([columns[at] for at in places.values()]).limit(MOST_WHOLE + 1)
    frame = found.fetched(ordered)
    if len(frame) > MOST_WHOLE:
        raise SourceError(
            _("{source}: it has more than {n:,} rows, and is read whole", source=source.label, n=MOST_WHOLE),
            _("Name a query that gives fewer"),
        )
    what = _n(
        "{n:,} row was read by {engine}: {query}",
        "{n:,} rows were read by {engine}: {query}",
        len(frame),
        engine=found.engine,
        query=found.sql(ordered),
    )
    frame.columns = pd.Index(_renamed(source, columns), dtype=object)
    return Raw(source.table, source.label, frame, 0), [finding("D01", source.label, "", what)]


# --- sums ------------------------------------------------------------------------------------------


def _summed(found: Opened, outline: Outline) -> tuple[Raw, list[Finding]]:
    from xlprofit.sources import sums

    source = found.source
    columns = list(found.table.columns)
    _required(source, columns, outline)
    places = _places(source, columns, outline)
    plan = _plan(source, {name: columns[at] for name, at in places.items()}, outline)
    _fitting(found, plan)
    expression = sums.summed(found.table, plan).limit(MOST_SUMS + 1)
    frame = found.fetched(expression)
    if len(frame) > MOST_SUMS:
        raise SourceError(
            _(
                "{source}: it has more than {n:,} sums by customer and month",
                source=source.label,
                n=MOST_SUMS,
            ),
            _("Name a query that gives fewer customers or months"),
        )
    raw = _as_raw(source, columns, places, plan, _dated(frame, plan))
    count = int(frame[sums.COUNT].sum())
    what = _n(
        "{n:,} row was summed to {sums:,} by {engine}: {query}",
        "{n:,} rows were summed to {sums:,} by {engine}: {query}",
        count,
        sums=len(frame),
        engine=found.engine,
        query=found.sql(expression),
    )
    alike = _("rows that are there twice are not looked for in a source")
    return raw, [finding("D01", source.label, "", what), finding("D03", source.label, "", alike)]


def _plan(source: Source, columns: Mapping[str, str], outline: Outline) -> Plan:
    from xlprofit.sources.sums import Plan

    table = TABLES[source.table]
    spec_of = {c.name: c for c in table.columns}
    parted = [w for w in PARTED[source.table] if w in columns and (w != "product" or outline.products)]
    added = [n for n in (*ADDED[source.table], *sorted(outline.drivers)) if n in columns]
    known = {name: spec_of[name] for name in added if name in spec_of}
    return Plan(
        date=columns["date"],
        words={word: columns[word] for word in parted},
        shares={"avoidable": columns["avoidable"]} if "avoidable" in columns else {},
        numbers={name: columns[name] for name in added},
        defaults={
            name: float(c.default) for name, c in known.items() if isinstance(c.default, float) and c.default
        },
        kept={"product": outline.products},
        cuts=outline.cuts,
        since=outline.since,
        until=outline.until,
    )


def _fitting(found: Opened, plan: Plan) -> None:
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


def _dated(frame: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Return the sums in a fixed order, each on the last day it has; the first day of all has a row too.

    So the span from the first to the last day is that of the rows.
    """
    from xlprofit.sources import sums

    keys = frame.columns[: list(frame.columns).index(sums.COUNT) - len(plan.numbers)]
    frame = frame.take(_order([frame[key] for key in keys])).reset_index(drop=True)
    frame = frame.rename(columns={f"sum_{name}": name for name in plan.numbers}).assign(date=frame[sums.LAST])
    days = frame[sums.FIRST].dropna()
    if plan.since is None and len(days) and days.min() < frame["date"].dropna().min():
        row = frame.loc[[(frame[sums.FIRST] == days.min()).to_numpy().argmax()]]
        none = dict.fromkeys(plan.numbers, 0.0) | {sums.COUNT: 0.0}
        frame = pd.concat([frame, row.assign(date=days.min(), **none)], ignore_index=True)
    return frame


def _order(keys: Sequence[pd.Series]) -> npt.NDArray[np.int64]:
    """Return the order of rows by their keys, which no two rows have alike: each value is compared once only."""
    ranks, sizes = [], []
    for key in keys:
        codes, values = pd.factorize(key.astype("str") if key.dtype == object else key, sort=True)
        ranks.append(np.where(codes < 0, len(values), codes))  # what is missing comes last
        sizes.append(len(values) + 1)
    if prod(sizes) >= 2**63:
        return np.lexsort(ranks[::-1])
    return np.argsort(np.ravel_multi_index(ranks, sizes))


def _as_raw(
    source: Source, columns: Sequence[str], places: Mapping[str, int], plan: Plan, frame: pd.DataFrame
) -> Raw:
    """Return the sums under the source's own headers, as the checks would find its rows on a sheet."""
    names = _renamed(source, columns)
    used = {places[name]: name for name in ("date", *plan.words, *plan.shares, *plan.numbers)}
    nothing = pd.Series([None] * len(frame), dtype=object)
    data = {at: frame[used[at]] if at in used else nothing for at in range(len(columns))}
    body = pd.DataFrame(data)
    if source.table == "ActivityLog" and "quantity" not in places:
        names.append("quantity")
        body[len(columns)] = frame[COUNT].astype("float64")
    body.columns = pd.Index(names, dtype=object)
    return Raw(source.table, source.label, body, 0, lines=frame[COUNT].astype("int64"))


def with_lines(raws: Mapping[str, Raw]) -> dict[str, Raw]:
    """Return the tables, those whose rows are sums knowing how many rows each was summed from."""
    counted = dict(raws)
    for name in PARTED:
        if name in raws and raws[name].lines is None:
            frame = raws[name].frame
            at = [i for i, header in enumerate(frame.columns) if header_key(header) == header_key(COUNT)]
            if at:
                lines = pd.to_numeric(frame.iloc[:, at[0]], errors="coerce").fillna(1)
                counted[name] = replace(raws[name], lines=lines.clip(0, 2**53).astype(np.int64))
    return counted
