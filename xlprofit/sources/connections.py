"""Connections: a source opened as a table of its engine, and expressions run there, watched and in time.

The engines are DuckDB for files, PostgreSQL and Apache Spark, all through Ibis: what is run is written
once (:mod:`xlprofit.sources.sums`), and each engine gets it in its own SQL.
"""

from __future__ import annotations

import csv
import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Timer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pandas as pd

from xlprofit.language import _
from xlprofit.sources import secrets
from xlprofit.sources.errors import SourceError, late, told
from xlprofit.sources.spec import Source

if TYPE_CHECKING:
    import ibis.expr.types as ir

MEMORY = "2GB"
"""Memory that DuckDB may take unless the option memory says otherwise; beyond it, it uses the disk."""

CONNECT_SECONDS = 10

TEXTS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz")
Kinds = Callable[[list[str]], dict[str, str]]
"""Gives the kind, ``varchar`` or ``double``, of those headers of a file of text that it knows."""

BOOKS = (".xlsx", ".xlsm")
POSTGRES = ("postgres", "postgresql")
SPARK = "spark:"


@dataclass(frozen=True)
class Opened:
    """A source as a table of its engine.

    ``engine`` is its name in words; ``stop`` ends a query that is running, from another thread.
    """

    source: Source
    engine: str
    table: ir.Table
    stop: Callable[[], None]

    def fetched(self, expression: ir.Table) -> pd.DataFrame:
        """Return the rows of an expression, which the engine works out.

        Raises:
            SourceError: it takes too long, or the engine refuses it.
        """
        expired = Event()

        def end() -> None:
            expired.set()
            self.stop()

        timer = Timer(self.source.time_limit, end)
        timer.daemon = True
        timer.start()
        try:
            frame: pd.DataFrame = expression.to_pyarrow().to_pandas(date_as_object=False)
            if expired.is_set():  # the engine may have been told to stop before it had begun
                raise TimeoutError
            return frame
        except Exception as error:
            slow = expired.is_set() or "statement timeout" in str(error)
            label = self.source.label
            raise (late(label, self.source.time_limit) if slow else told(label, error)) from error
        finally:
            timer.cancel()

    def sql(self, expression: ir.Table) -> str:
        """Return what the engine is given to run, on one line."""
        import ibis

        return " ".join(str(ibis.to_sql(expression)).split())


def is_book(source: Source) -> bool:
    """Whether a source is another workbook."""
    return "://" not in source.address and source.address.lower().endswith(BOOKS)


def path_of(source: Source) -> Path:
    """Return a file source's path; one that is not absolute starts where the workbook stands.

    Raises:
        SourceError: it is not absolute, and the workbook stands nowhere.
    """
    path = Path(source.address.removeprefix(SPARK)).expanduser()
    if source.folder is None and not path.is_absolute():
        raise SourceError(
            _(
                "{source}: the workbook has no folder on this computer from which the path {path} could start",
                source=source.label,
                path=path,
            ),
            _("Save the workbook in a folder, or write the whole path of the source"),
        )
    return (source.folder or Path()) / path


@contextmanager
def opened(source: Source, kinds: Kinds) -> Iterator[Opened]:
    """Open a source as a table of its engine, to be read only.

    ``kinds`` tells, of the headers of a file of text, which are words and which are numbers: a customer
    number keeps the zeros in front of it.

    Raises:
        SourceError: it cannot be reached, is not there, or is damaged.
    """
    address, label = source.address, source.label
    if secrets.kept(address):
        address = secrets.fetched(address, label)
    scheme = urlsplit(address).scheme.lower() if "://" in address else ""
    if scheme in POSTGRES:
        with _postgres(source, address) as found:
            yield found
    elif scheme:
        raise SourceError(
            _("{source}: {scheme}:// is no address that can be read", source=label, scheme=scheme),
            _("Name a file, a folder, postgresql://user@host/database, or spark:PATH"),
        )
    elif address.startswith(SPARK) or source.options.get("engine", "").lower() == "spark":
        yield _spark(source, kinds)
    else:
        with _duckdb(source, kinds) as found:
            yield found


# --- files, through DuckDB ---------------------------------------------------------------------------


@contextmanager
def _duckdb(source: Source, kinds: Kinds) -> Iterator[Opened]:
    import ibis

    files, kind = _files(source)
    with tempfile.TemporaryDirectory(prefix="xlprofit-duckdb-") as spill:
        try:
            con = ibis.duckdb.connect(
                memory_limit=source.options.get("memory", MEMORY),
                temp_directory=spill,
                preserve_insertion_order=False,
                autoinstall_known_extensions=False,
            )
        except Exception as error:
            raise told(source.label, error) from error
        try:
            try:
                if kind == "parquet":
                    table = con.read_parquet(files, table_name=source.table, union_by_name=len(files) > 1)
                else:
                    table = con.read_csv(files, table_name=source.table, **_csv_options(source, files, kinds))
            except Exception as error:
                raise told(source.label, error) from error
            yield Opened(source, "DuckDB", table, con.con.interrupt)
        finally:
            con.disconnect()


def _files(source: Source) -> tuple[list[str], str]:
    """Return the files that a path, folder or pattern stands for, in order, and their kind."""
    path = path_of(source)
    name = str(path)
    if any(mark in name for mark in "*?["):
        anchor = Path(path.anchor) if path.is_absolute() else Path()
        found = sorted(p for p in anchor.glob(str(path.relative_to(path.anchor))) if p.is_file())
    elif path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.suffix.lower() in (".parquet", ".pq"))
        found = found or sorted(p for p in path.rglob("*") if p.name.lower().endswith(TEXTS))
        found = [p for p in found if not p.name.startswith((".", "_"))]
    else:
        found = [path] if path.exists() else []
    if not found and path.is_dir():
        raise SourceError(
            _(
                "{source}: the folder {folder} has no Parquet or CSV file in it",
                source=source.label,
                folder=name,
            ),
            _("Put the files there, or correct the path in the source"),
        )
    if not found:
        raise SourceError(
            _("{source}: there is no file {path}", source=source.label, path=name),
            _("Correct the path in the source"),
        )
    kinds = {"text" if p.name.lower().endswith(TEXTS) else "parquet" for p in found}
    other = [p for p in found if not p.name.lower().endswith((*TEXTS, ".parquet", ".pq"))]
    if other or len(kinds) > 1:
        raise SourceError(
            _(
                "{source}: {path} is none of the files that can be read together",
                source=source.label,
                path=(other or found)[0].name,
            ),
            _("Name Parquet files or CSV files (.parquet, .csv), one kind at a time, or a workbook"),
        )
    return [str(p) for p in found], kinds.pop()


def _csv_options(source: Source, files: list[str], kinds: Kinds) -> dict[str, object]:
    options = source.options
    date = options.get("date", "%Y-%m-%d")
    said: dict[str, object] = {"header": True, "dateformat": date}
    if len(files) > 1:
        said["union_by_name"] = True
    for ours, theirs in (("delimiter", "delim"), ("decimal", "decimal_separator"), ("encoding", "encoding")):
        if ours in options:
            said[theirs] = options[ours]
    headers = _headers(source, files[0])
    return said | {"types": kinds(headers)} if headers else said


def _headers(source: Source, file: str) -> list[str]:
    """Return the first line of a file of text, cut where it is cut; nothing of a packed file."""
    if file.lower().endswith(".gz"):
        import gzip

        with gzip.open(
            file, "rt", encoding=source.options.get("encoding", "utf-8-sig"), newline=""
        ) as opened:
            line = opened.readline()
    else:
        with Path(file).open(encoding=source.options.get("encoding", "utf-8-sig"), newline="") as opened:
            line = opened.readline()
    delimiter = source.options.get("delimiter") or max(",;\t|", key=line.count)
    return next(csv.reader([line], delimiter=delimiter), [])


# --- PostgreSQL --------------------------------------------------------------------------------------


@contextmanager
def _postgres(source: Source, address: str) -> Iterator[Opened]:
    import ibis

    label = source.label
    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise SourceError(
            _("{source}: the driver of PostgreSQL is not installed", source=label),
            _("Install it: {command}", command="pip install xlprofit[postgres]"),
        ) from None
    try:
        parts = urlsplit(address)
        asked: dict[str, Any] = dict(parse_qsl(parts.query))
        asked.pop("options", None)
        password = unquote(parts.password) if parts.password else None
        if source.password:
            password = secrets.fetched(source.password, label)
        # Read only and in time by the server's own doing: whatever the query says, nothing is changed.
        limit = int(source.time_limit * 1000)
        con = ibis.postgres.connect(
            host=parts.hostname or asked.pop("host", None),
            port=parts.port or 5432,
            user=unquote(parts.username) if parts.username else None,
            password=password,
            database=unquote(parts.path.lstrip("/")) or None,
            connect_timeout=CONNECT_SECONDS,
            options=f"-c default_transaction_read_only=on -c statement_timeout={limit}",
            **asked,
        )
    except SourceError:
        raise
    except Exception as error:
        raise told(label, error) from error
    try:
        yield Opened(source, "PostgreSQL", _postgres_table(source, con), con.con.cancel)
    finally:
        con.disconnect()


def _postgres_table(source: Source, con: Any) -> ir.Table:
    try:
        if _names_table(source):
            *schema, name = (part.strip('"') for part in source.query.split("."))
            table: ir.Table = con.table(name, database=schema[0] if schema else None)
            return table
        query = _select(source)
        return con.sql(query, schema=_schema(con, query))
    except SourceError:
        raise
    except Exception as error:
        raise told(source.label, error) from error


def _schema(con: Any, query: str) -> dict[str, str]:
    """Return the columns of a query and their types, which Ibis itself would make a view to learn."""
    kinds = {16: "boolean", 20: "int64", 21: "int16", 23: "int32", 700: "float32", 701: "float64"}
    kinds |= {1700: "decimal", 1082: "date", 1114: "timestamp", 1184: "timestamp('UTC')"}
    with con.con.cursor() as cursor, con.con.transaction():
        cursor.execute(f"SELECT * FROM ({query}) AS asked LIMIT 0")
        return {column.name: kinds.get(column.type_code, "string") for column in cursor.description}


def _names_table(source: Source) -> bool:
    if not source.query.strip():
        raise SourceError(
            _("{source}: it does not say which table of the database", source=source.label),
            _("Write it in the column {Sources.query}, or behind # in the source"),
        )
    return bool(re.fullmatch(r'\s*("?[\w$ ]+"?\.)*"?[\w$]+"?\s*', source.query))


def _select(source: Source) -> str:
    """Return a query that is one SELECT and nothing else."""
    import sqlglot
    from sqlglot import errors, expressions

    dialect = "spark" if source.address.startswith(SPARK) else "postgres"
    try:
        found = [one for one in sqlglot.parse(source.query, read=dialect) if one is not None]
    except errors.SqlglotError as error:
        raise told(source.label, error) from error
    if len(found) != 1 or not isinstance(found[0], expressions.Query):
        raise SourceError(
            _("{source}: the query is not one SELECT that only reads", source=source.label),
            _("Write one SELECT, or name a table"),
        )
    return source.query.strip().rstrip(";")


# --- Spark -------------------------------------------------------------------------------------------


def _spark(source: Source, kinds: Kinds) -> Opened:
    label = source.label
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise SourceError(
            _("{source}: Spark is not installed", source=label),
            _("Install it: {command}", command="pip install xlprofit[spark]"),
        ) from None
    import ibis

    try:
        session = _session(source, SparkSession)
        con = ibis.pyspark.connect(session)
        path = source.address.removeprefix(SPARK)
        table = _spark_files(source, con, session, kinds) if path else _spark_table(source, con)
    except SourceError:
        raise
    except Exception as error:
        raise told(label, error) from error
    return Opened(source, "Spark", table, session.sparkContext.cancelAllJobs)


def _session(source: Source, builder: Any) -> Any:
    """Return the Spark session that there is, or one on this machine."""
    active = builder.getActiveSession()
    if active is not None:
        return active
    logging.getLogger("py4j").setLevel(logging.ERROR)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    new = builder.builder.appName("xlprofit").config("spark.ui.enabled", "false")
    new = new.config("spark.sql.session.timeZone", "UTC").config("spark.log.level", "OFF")
    new = new.config("spark.sql.shuffle.partitions", "8")
    master = source.options.get("master") or os.environ.get("SPARK_MASTER", "local[*]")
    try:
        return new.master(master).getOrCreate()
    except Exception as error:
        raise SourceError(
            _(
                "{source}: Spark cannot be started ({reason})",
                source=source.label,
                reason=type(error).__name__,
            ),
            _(
                "Install a Java runtime, version 17 or newer (openjdk-17-jre-headless), and set JAVA_HOME "
                "if there are several"
            ),
        ) from error


def _spark_files(source: Source, con: Any, session: Any, kinds: Kinds) -> ir.Table:
    files, kind = _files(source)
    uris = [Path(file).resolve().as_uri() for file in files]
    if kind == "parquet":
        frame = session.read.parquet(*uris)
    else:
        said = {"header": "true", "sep": source.options.get("delimiter", ","), "mode": "FAILFAST"}
        known = {"varchar": "string", "double": "double"}
        ours = kinds(_headers(source, files[0]))
        sniffed = session.read.options(**said, inferSchema="true").csv(uris)
        fields = [f"`{n}` {known.get(ours.get(n, ''), t)}" for n, t in sniffed.dtypes]
        frame = session.read.options(**said).schema(", ".join(fields)).csv(uris)
    frame.createOrReplaceTempView(source.table)
    return con.table(source.table)


def _spark_table(source: Source, con: Any) -> ir.Table:
    if _names_table(source):
        *schema, name = source.query.split(".")
        return con.table(name, database=".".join(schema) or None)
    return con.sql(_select(source))
