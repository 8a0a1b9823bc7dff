"""Casts: files of text as one typed table of DuckDB, read by the same rules as the cells of a sheet.

The checks read every different text of a column once, and every different *shape* of a number (its digits
all alike): what they make of it becomes the engine's expression for all rows. A text that they cannot read leaves
its row out, and is told and counted as on a sheet; none becomes a blank or 0 in silence.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import isclose
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.findings import Finding
from xlprofit.messages import _
from xlprofit.sources import columns, lines, texts
from xlprofit.sources.conventions import NUMBERS, AskedColumn, read_texts
from xlprofit.sources.errors import SourceError
from xlprofit.sources.files import find_plain_path
from xlprofit.sources.lines import Ragged
from xlprofit.sources.spec import Source
from xlprofit.sources.texts import Layout
from xlprofit.tables import TABLES

MOST_TEXTS = 200_000
"""So many different texts of one column are read one by one."""

MARKS = (("", "."), ("", ","), (".", ","), (",", "."), (" ", ","), (" ", "."))
"""Marks of thousands and decimals that the engine can be told of in short, where a whole column has them."""

FEW_DAYS = 20_000
"""A column of dates with more different texts than this is taken to have times of day."""

TIME = r"[T ]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?$"
"""A time of day behind a date."""

Run = Callable[[Callable[[], Any]], Any]
"""Runs what the engine does in time."""


@dataclass(frozen=True)
class Engine:
    """A connection of DuckDB, a folder for what it writes, and what runs its work in time."""

    con: Any
    folder: Path
    run: Run

    def execute(self, sql: str, *values: object) -> None:
        """Run a statement."""
        self.run(lambda: self.con.execute(sql, list(values)) if values else self.con.execute(sql))

    def fetch(self, sql: str) -> pd.DataFrame:
        """Return the rows of a query."""
        frame: pd.DataFrame = self.run(lambda: self.con.execute(sql).df())
        return frame

    def put(self, name: str, frame: pd.DataFrame) -> None:
        """Make a table of a frame."""
        self.con.register("given", frame)
        self.execute(f"CREATE TABLE {name} AS FROM given")
        self.con.unregister("given")


@dataclass
class _Select:
    """A query over one file's texts as it is put together: what it selects, joins and leaves out."""

    values: dict[str, str] = field(default_factory=dict)
    joins: list[str] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)

    def sql(self, table: str, names: Sequence[str]) -> str:
        """Return the query; a column that the file does not have is blank."""
        chosen = ", ".join(f"{self.values.get(name, 'NULL')} AS {_quote_identifier(name)}" for name in names)
        left = " AND ".join(f"({bad}) IS NOT TRUE" for bad in self.bad) or "true"
        return f"SELECT {chosen} FROM {table} t {' '.join(self.joins)} WHERE {left}"


def cast_files(
    engine: Engine,
    source: Source,
    layouts: Sequence[Layout],
    wanted: Mapping[str, str],
    context: tuple[lines.Drivers, str],
) -> list[Finding]:
    """Make the view of a source's files under the table's own names and types, and return what was found.

    ``wanted`` are the columns that it gets, and the kind of each; ``context`` the drivers and the run's
    currency. Each file is read in its own conventions.
    """
    drivers, currency = context
    findings = [
        *lines.report_assumed_encodings(layouts),
        *lines.report_uneven_columns(source, layouts, drivers),
    ]
    queries = []
    for number, layout in enumerate(layouts):
        places = columns.find_places(source, layout.headers, drivers)
        names = columns.rename_mapped_headers(source, layout.headers, layout.label)
        used = {name: at for name, at in places.items() if name in wanted}
        table = f"texts_{number}"
        ragged = _load_texts(engine, layout, table, sorted(used.values()))
        findings += lines.report_ragged_records(ragged, layout.label, len(layout.headers))
        select = _Select()
        for name, at in used.items():
            asked = AskedColumn(source, layout.label, name, names[at], currency)
            findings += _cast_column(engine, asked, (table, f"c{at}"), wanted[name], select)
        queries.append(select.sql(table, list(wanted)))
    engine.execute(
        f"CREATE VIEW {_quote_identifier(source.table)} AS {' UNION ALL '.join(_cast_queries(queries, wanted))}"
    )
    return findings


def _cast_queries(queries: Sequence[str], wanted: Mapping[str, str]) -> list[str]:
    """Return the queries with each column of its type, a blank one too."""
    types = {"date": "DATE", **dict.fromkeys(NUMBERS, "DOUBLE")}
    chosen = ", ".join(
        f"CAST({_quote_identifier(name)} AS {types.get(kind, 'VARCHAR')}) AS {_quote_identifier(name)}"
        for name, kind in wanted.items()
    )
    return [f"SELECT {chosen} FROM ({query})" for query in queries]


def _quote_identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


# --- the texts of a file -------------------------------------------------------------------------------


def _load_texts(engine: Engine, layout: Layout, table: str, used: Sequence[int]) -> Ragged:
    """Make the table of the texts of the columns that are used; return which rows had not their length."""
    import duckdb

    if layout.uniform:
        try:
            path = find_plain_path(layout.path, engine.folder)
            engine.execute(*_build_reading_query(path, layout, table, used))
            return Ragged()
        except SourceError as error:  # a record that is too long, too short or wrongly quoted
            if not isinstance(error.__cause__, duckdb.InvalidInputException):
                raise
    copy = engine.folder / f"{table}.csv"
    ragged = _write_even_records(layout, copy)
    engine.execute(*_build_reading_query(str(copy), layout, table, used))
    copy.unlink()
    return ragged


def _build_reading_query(path: str, layout: Layout, table: str, used: Sequence[int]) -> tuple[str, str, str]:
    kinds = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(len(layout.headers)))
    chosen = ", ".join(f"c{at}" for at in used)
    sql = (
        f"CREATE TABLE {table} AS SELECT {chosen} FROM read_csv([?], auto_detect=false, header=true, delim=?, "
        f"""quote='"', escape='"', columns={{{kinds}}})"""
    )
    return sql, path, layout.delimiter


def _write_even_records(layout: Layout, copy: Path) -> Ragged:
    """Write a file anew in UTF-8, every record as long as the headers; return which were not."""
    records, size, at = texts.read_records(layout), len(layout.headers), layout.record + 1
    ragged = Ragged()
    with copy.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, delimiter=layout.delimiter)
        writer.writerow(layout.headers)
        while some := list(islice(records, lines.CHUNK)):
            ragged = ragged.with_more(lines.even_out_records(some, size, at))
            writer.writerows(some)
            at += len(some)
    return ragged


# --- the columns of a file -----------------------------------------------------------------------------


def _cast_column(
    engine: Engine, asked: AskedColumn, at: tuple[str, str], kind: str, select: _Select
) -> list[Finding]:
    """Put one column into a query, as the checks read its texts; return what is wrong with them."""
    table, column = at
    if kind == "date":
        return _cast_dates(engine, asked, at, select)
    if kind not in NUMBERS:
        select.values[asked.name] = f"t.{column}"
        return []
    bounded = _has_bounds(asked) or "decimal" in asked.source.options
    doubtful = f"SELECT count(*) AS n FROM {table} WHERE {_build_doubt_condition(column)}"
    if not bounded and not engine.fetch(doubtful)["n"].iloc[0]:
        select.values[asked.name] = f"CAST(NULLIF(t.{column}, '') AS DOUBLE)"
        return []
    return _cast_shapes(engine, asked, at, select)


def _build_doubt_condition(column: str) -> str:
    """Return what tells the texts that the engine may read as another number than the checks do, or not at all.

    Three digits behind the mark may be thousands; what is no number is none to either.
    """
    plain = f"(abs(TRY_CAST({column} AS DOUBLE)) < 1e12) IS TRUE"
    return f"{column} <> '' AND (NOT {plain} OR {column} LIKE '%.___' OR {column} LIKE '% ')"


def _has_bounds(asked: AskedColumn) -> bool:
    spec = next((c for c in TABLES[asked.source.table].columns if c.name == asked.name), None)
    return spec is not None and (spec.minimum, spec.maximum) != (None, None)


def _cast_dates(engine: Engine, asked: AskedColumn, at: tuple[str, str], select: _Select) -> list[Finding]:
    """Put a column of dates into a query: each different day is read by itself, without the time."""
    table, column = at

    filled = f"FROM {table} WHERE trim({column}) <> ''"
    few = f"SELECT count(*) AS n FROM (SELECT DISTINCT {column} FROM {table} LIMIT {FEW_DAYS + 1})"
    cut = "date" not in asked.source.options and engine.fetch(few)["n"].iloc[0] > FEW_DAYS

    def day(place: str) -> str:
        return f"regexp_replace({place}, '{TIME}', '')" if cut else place

    query = f"SELECT {day(column)} AS text, count(*) AS n {filled} GROUP BY 1"
    good, findings = _read_distinct_texts(asked, _count_texts(engine, asked, query))
    days = f"{table}_{column}_texts"
    engine.put(days, good)
    select.joins.append(f"LEFT JOIN {days} ON {days}.text = {day(f't.{column}')}")
    select.values[asked.name] = f"{days}.value"
    select.bad.append(f"trim(t.{column}) <> '' AND {days}.text IS NULL")
    return findings


def _cast_shapes(engine: Engine, asked: AskedColumn, at: tuple[str, str], select: _Select) -> list[Finding]:
    """Put a column of numbers into a query by the shapes of its texts, and the texts that have none by themselves."""
    table, column = at
    shapes, singles = f"{table}_{column}_shapes", f"{table}_{column}_texts"

    def shape(place: str) -> str:
        digits = f"translate({place}, '0123456789', '9999999999')"
        return f"concat({digits}, CASE WHEN regexp_matches({place}, '^[^0-9]*0') THEN '0' ELSE '' END)"

    found = _count_texts(
        engine,
        asked,
        f"SELECT {shape(column)} AS shape, max({column}) AS text, count(*) AS n FROM {table} "
        f"WHERE trim({column}) <> '' GROUP BY 1",
    )
    reading, findings = read_texts(asked, found["text"].tolist(), found["n"].to_numpy(np.int64))
    readable = ~(reading.bad | reading.blank)
    values = reading.values.astype(np.float64)
    for thousands, mark in MARKS:
        if readable.all() and _is_written(found["text"], values, thousands, mark):
            plain = f"replace(replace(NULLIF(trim(t.{column}), ''), '{thousands}', ''), '{mark}', '.')"
            select.values[asked.name] = f"CAST({plain} AS DOUBLE)"
            return findings
    powers = [
        _find_power_of_ten(t, v) if r else None
        for t, v, r in zip(found["text"], values, readable, strict=True)
    ]
    known = np.array([power is not None for power in powers], dtype=bool)
    rules = pd.DataFrame(
        {
            "text": found["shape"][known],
            "scale": [10.0**power for power in powers if power is not None],
            "sign": np.where(np.signbit(values[known]), -1.0, 1.0),
        }
    )
    engine.put(shapes, rules)
    others = _count_texts(
        engine,
        asked,
        f"SELECT {column} AS text, count(*) AS n FROM {table} WHERE trim({column}) <> '' AND "
        f"{shape(column)} NOT IN (SELECT text FROM {shapes}) GROUP BY 1",
    )
    whole = pd.concat([found.loc[known, ["text", "n"]], others], ignore_index=True)
    good, findings = _read_distinct_texts(asked, whole)
    engine.put(singles, good[good["text"].isin(set(others["text"]))])
    digits = f"CAST(NULLIF(regexp_replace(t.{column}, '[^0-9]', '', 'g'), '') AS DOUBLE)"
    select.joins.append(f"LEFT JOIN {shapes} ON {shapes}.text = {shape(f't.{column}')}")
    select.joins.append(f"LEFT JOIN {singles} ON {singles}.text = t.{column} AND {shapes}.text IS NULL")
    select.values[asked.name] = (
        f"CASE WHEN {shapes}.text IS NULL THEN {singles}.value "
        f"ELSE {shapes}.sign * {digits} / {shapes}.scale END"
    )
    select.bad.append(f"trim(t.{column}) <> '' AND {shapes}.text IS NULL AND {singles}.text IS NULL")
    return findings


def _is_written(found: Iterable[str], values: npt.NDArray[np.float64], thousands: str, mark: str) -> bool:
    """Whether all texts have the values that they have where these marks part thousands and decimals."""
    try:
        plain = [float(text.replace(thousands, "").replace(mark, ".")) for text in found]
    except ValueError:
        return False
    return bool((np.array(plain, dtype=np.float64) == values).all())


def _find_power_of_ten(text: str, value: float) -> int | None:
    """Return the power of ten by which the digits of a text must be divided to give its value, if any does."""
    digits = re.sub("[^0-9]", "", text)
    told = digits.lstrip("0")
    if digits and not told:
        return 0 if value == 0 else None
    if not told or len(told) > 16 or int(told) >= 2**53:
        return None
    # Up to 22 a power of ten is exact, so that the quotient is rounded once.
    return next((p for p in range(22) if isclose(float(digits) / 10.0**p, abs(value), rel_tol=1e-15)), None)


def _count_texts(engine: Engine, asked: AskedColumn, query: str) -> pd.DataFrame:
    """Return the different texts of a query and how many rows have each, in a fixed order."""
    found = engine.fetch(f"FROM ({query}) ORDER BY ALL LIMIT {MOST_TEXTS + 1}")
    if len(found) > MOST_TEXTS:
        raise SourceError(
            _(
                "{source}: the column {column} has more than {n:,} different texts that are no plain values",
                source=asked.label,
                column=asked.header,
                n=MOST_TEXTS,
            ),
            _("Write its values alike, such as 1234.50 and 2024-03-01, or map another column"),
        )
    return found


def _read_distinct_texts(asked: AskedColumn, found: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the texts that could be read and the value of each, blank where there is none; and what is wrong."""
    reading, findings = read_texts(asked, found["text"].tolist(), found["n"].to_numpy(np.int64))
    good = pd.DataFrame({"text": found["text"], "value": reading.values})
    return good[~reading.bad].reset_index(drop=True), findings
