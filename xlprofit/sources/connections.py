"""Connections: a source opened as a table of its engine, and expressions run there, watched and in time.

The engines are DuckDB for files, PostgreSQL and Apache Spark, all through Ibis: what is run is written
once (:mod:`xlprofit.sources.sums`), and each engine gets it in its own SQL.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Timer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pandas as pd

from xlprofit.address_space import can_borrow_memory
from xlprofit.findings import Finding
from xlprofit.messages import _
from xlprofit.scratch import open_scratch_folder
from xlprofit.sources import parquet, secrets
from xlprofit.sources.errors import SourceError, build_timeout_error, translate_engine_error
from xlprofit.sources.files import Files, find_plain_path
from xlprofit.sources.hosts import refuse_wrong_address
from xlprofit.sources.lines import Drivers
from xlprofit.sources.options import parse_size
from xlprofit.sources.spec import SPARK, Source
from xlprofit.sources.watch import MEMORY

if TYPE_CHECKING:
    import ibis.expr.types as ir

ENGINE = 1_200_000_000
"""The memory in bytes that DuckDB must be able to ask for, most of which it never touches."""

MOST_MEMORY = 10**15
"""The most bytes that DuckDB is told that it may take: more than any machine has, and a number that it can hold."""

CONNECT_SECONDS = 10

BOOKS = (".xlsx", ".xlsm")
POSTGRES = ("postgres", "postgresql")


@dataclass(frozen=True)
class Opened:
    """A source as a table of its engine.

    ``engine`` is its name in words; ``stop`` ends a query that is running, from another thread; ``findings`` are
    what is to be said of its files.
    """

    source: Source
    engine: str
    table: ir.Table
    stop: Callable[[], None]
    findings: tuple[Finding, ...] = ()

    def fetch_frame(self, expression: ir.Table) -> pd.DataFrame:
        """Return the rows of an expression, which the engine works out.

        Raises:
            SourceError: it takes too long, or the engine refuses it.
        """
        frame: pd.DataFrame = run_with_time_limit(
            self.source, self.stop, lambda: expression.to_pyarrow().to_pandas(date_as_object=False)
        )
        return frame

    def sql(self, expression: ir.Table) -> str:
        """Return what the engine is given to run, on one line."""
        import ibis

        return " ".join(str(ibis.to_sql(expression)).split())


def run_with_time_limit(source: Source, stop: Callable[[], None], work: Callable[[], Any]) -> Any:
    """Return what an engine's work gives; ``stop`` ends it from another thread.

    Raises:
        SourceError: it takes too long, or the engine refuses it.
    """
    expired = Event()

    def end() -> None:
        expired.set()
        stop()

    timer = Timer(source.time_limit, end)
    timer.daemon = True
    timer.start()
    try:
        done = work()
        if expired.is_set():  # the engine may have been told to stop before it had begun
            raise TimeoutError
        return done
    except Exception as error:
        slow = expired.is_set() or "statement timeout" in str(error)
        raise (
            build_timeout_error(source.label, source.time_limit)
            if slow
            else translate_engine_error(source.label, error)
        ) from error
    finally:
        timer.cancel()


def is_book(source: Source) -> bool:
    """Whether a source is another workbook."""
    return "://" not in source.address and source.address.lower().endswith(BOOKS)


def has_files(source: Source) -> bool:
    """Whether a source is a path on this computer, and not a server or the catalog of Spark."""
    address = source.address
    return not ("://" in address or secrets.is_secret_place(address) or address == SPARK)


def is_spark(source: Source) -> bool:
    """Whether Spark is to read a source."""
    return source.address.startswith(SPARK) or source.options.get("engine", "").lower() == "spark"


@contextmanager
def open_source(source: Source, files: Files | None, drivers: Drivers) -> Iterator[Opened]:
    """Open a source as a table of its engine, to be read only; ``files`` are its Parquet files, where it is files.

    Raises:
        SourceError: it cannot be reached, is not there, or is damaged.
    """
    address, label = source.address, source.label
    if secrets.is_secret_place(address):
        address = secrets.fetch_secret(address, label)
        source = replace(source, named_outside=True)
    scheme = address.partition("://")[0].lower() if "://" in address else ""
    if scheme in POSTGRES:
        with _open_postgres(source, address) as found:
            yield found
    elif scheme:
        raise SourceError(
            _("{source}: {scheme}:// is no address that can be read", source=label, scheme=scheme),
            _("Name a file, a folder, postgresql://user@host/database, or spark:PATH"),
        )
    elif files is None or is_spark(source):
        yield _open_spark(source, files, drivers)
    else:
        with open_duckdb(source) as (con, folder):
            yield _open_duckdb_files(source, con, folder, files, drivers)


# --- files, through DuckDB ---------------------------------------------------------------------------


@contextmanager
def open_duckdb(source: Source) -> Iterator[tuple[Any, Path]]:
    """Open DuckDB, with a folder for what it or a caller writes meanwhile.

    Raises:
        SourceError: there is not the memory that the engine takes by itself: it would end the process.
    """
    if not can_borrow_memory(ENGINE):
        raise SourceError(
            _(
                "{source}: not enough memory, for DuckDB needs about {n:,.0f} MB",
                source=source.label,
                n=ENGINE / 1e6,
            ),
            _("Allow more memory, or put the rows on a sheet"),
        )
    import ibis

    most = min(parse_size(source.options.get("memory", MEMORY), source.label), MOST_MEMORY)
    with open_scratch_folder() as spill:
        try:
            con = ibis.duckdb.connect(
                memory_limit=f"{most}B",
                temp_directory=str(spill),
                preserve_insertion_order=False,
                autoinstall_known_extensions=False,
            )
        except Exception as error:
            raise translate_engine_error(source.label, error) from error
        try:
            yield con, spill
        finally:
            con.disconnect()


def _open_duckdb_files(source: Source, con: Any, folder: Path, files: Files, drivers: Drivers) -> Opened:
    def read(paths: Sequence[Path], name: str) -> ir.Table:
        exact = [find_plain_path(path, folder) for path in paths]
        table: ir.Table = run_with_time_limit(
            source,
            con.con.interrupt,
            lambda: con.read_parquet(exact, table_name=name, union_by_name=len(paths) > 1),
        )
        return table

    try:
        table, findings = parquet.read_parquet_files(source, files, drivers, read)
    except SourceError:
        raise
    except Exception as error:
        raise translate_engine_error(source.label, error) from error
    return Opened(source, "DuckDB", table, con.con.interrupt, tuple(findings))


# --- PostgreSQL --------------------------------------------------------------------------------------


@contextmanager
def _open_postgres(source: Source, address: str) -> Iterator[Opened]:
    import ibis

    label = source.label
    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise SourceError(
            _("{source}: the driver of PostgreSQL is not installed", source=label),
            _("Install it: {command}", command="pip install xlprofit[postgres]"),
        ) from None
    with refuse_wrong_address(label):
        parts = urlsplit(address)
        port = parts.port or 5432
    try:
        asked: dict[str, Any] = _select_parameters(source, parts.query)
        password = unquote(parts.password) if parts.password else None
        if source.password:
            password = secrets.fetch_secret(source.password, label)
        # Read only and in time by the server's own doing: whatever the query says, nothing is changed.
        limit = int(source.time_limit * 1000)
        con = ibis.postgres.connect(
            host=asked.pop("host", None) or parts.hostname,
            port=port,
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
        raise translate_engine_error(label, error) from error
    try:
        yield Opened(source, "PostgreSQL", _read_postgres_table(source, con), con.con.cancel)
    finally:
        con.disconnect()


PARAMETERS = frozenset(
    (
        *(
            "sslmode",
            "sslnegotiation",
            "channel_binding",
            "gssencmode",
            "target_session_attrs",
            "application_name",
        ),
        *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"),
        *("host", "hostaddr"),
    )
)
"""What an address of PostgreSQL may say behind its ``?``: how it is talked to, nothing that reads or writes a file."""

OUTSIDE = frozenset(("sslrootcert", "sslcert", "sslkey", "sslcrl", "require_auth"))
"""What one may say besides that somebody else than a workbook named."""


def _select_parameters(source: Source, query: str) -> dict[str, str]:
    """Return what an address says behind its ``?``.

    Raises:
        SourceError: it says what it may not.
    """
    found = dict(parse_qsl(query))
    known = PARAMETERS | (OUTSIDE if source.named_outside else frozenset())
    others = sorted(set(found) - known)
    if others:
        raise SourceError(
            _(
                "{source}: the parameter {name} is not allowed in its address",
                source=source.label,
                name=others[0],
            ),
            _("Remove it; allowed are {names}", names=", ".join(sorted(known))),
        )
    return found


def _read_postgres_table(source: Source, con: Any) -> ir.Table:
    try:
        if _is_table_name(source):
            *schema, name = (part.strip('"') for part in source.query.split("."))
            table: ir.Table = con.table(name, database=schema[0] if schema else None)
            return table
        query = _verify_select(source)
        return con.sql(query, schema=_read_query_schema(con, query))
    except SourceError:
        raise
    except Exception as error:
        raise translate_engine_error(source.label, error) from error


def _read_query_schema(con: Any, query: str) -> dict[str, str]:
    """Return the columns of a query and their types, which Ibis itself would make a view to learn."""
    kinds = {16: "boolean", 20: "int64", 21: "int16", 23: "int32", 700: "float32", 701: "float64"}
    kinds |= {1700: "decimal", 1082: "date", 1114: "timestamp", 1184: "timestamp('UTC')"}
    with con.con.cursor() as cursor, con.con.transaction():
        cursor.execute(f"SELECT * FROM ({query}) AS asked LIMIT 0")
        return {column.name: kinds.get(column.type_code, "string") for column in cursor.description}


def _is_table_name(source: Source) -> bool:
    if not source.query.strip():
        raise SourceError(
            _("{source}: it does not say which table of the database", source=source.label),
            _("Write it in the column {Sources.query}, or behind # in the source"),
        )
    return bool(re.fullmatch(r'("?[\w$ ]+"?\.)*"?[\w$]+"?', source.query.strip()))


def _verify_select(source: Source) -> str:
    """Return a query that is one SELECT and nothing else."""
    import sqlglot
    from sqlglot import errors, expressions

    dialect = "spark" if source.address.startswith(SPARK) else "postgres"
    try:
        found = [one for one in sqlglot.parse(source.query, read=dialect) if one is not None]
    except errors.SqlglotError as error:
        raise translate_engine_error(source.label, error) from error
    if len(found) != 1 or not isinstance(found[0], expressions.Query):
        raise SourceError(
            _("{source}: the query is not one SELECT that only reads", source=source.label),
            _("Write one SELECT, or name a table"),
        )
    return source.query.strip().rstrip(";")


# --- Spark -------------------------------------------------------------------------------------------


def _open_spark(source: Source, files: Files | None, drivers: Drivers) -> Opened:
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
        session = _get_spark_session(source, SparkSession)
        con = ibis.pyspark.connect(session)
        if files is None:
            table, findings = _read_spark_table(source, con), list[Finding]()
        else:
            table, findings = _read_spark_files(source, con, files, drivers)
    except SourceError:
        raise
    except Exception as error:
        raise translate_engine_error(label, error) from error
    return Opened(source, "Spark", table, session.sparkContext.cancelAllJobs, tuple(findings))


def _get_spark_session(source: Source, builder: Any) -> Any:
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


def _read_spark_files(
    source: Source, con: Any, files: Files, drivers: Drivers
) -> tuple[ir.Table, list[Finding]]:
    def read(paths: Sequence[Path], name: str) -> ir.Table:
        exact = [re.sub(r"([*?\[\]{}])", r"\\\1", path.resolve().as_posix().lstrip("/")) for path in paths]
        reader = con._session.read.option("mergeSchema", str(len(paths) > 1).lower())
        reader.parquet(*(f"file:///{path}" for path in exact)).createOrReplaceTempView(name)
        return con.table(name)

    return parquet.read_parquet_files(source, files, drivers, read)


def _read_spark_table(source: Source, con: Any) -> ir.Table:
    if _is_table_name(source):
        *schema, name = source.query.split(".")
        return con.table(name, database=".".join(schema) or None)
    return con.sql(_verify_select(source))
