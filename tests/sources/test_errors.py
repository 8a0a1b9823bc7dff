from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

import xlprofit
from tests.figures import read_figures, read_names
from tests.needs import takes_minutes
from tests.refusals import figures_of
from tests.sources import companies
from tests.sources.needs import needs_postgres, needs_spark
from tests.sources.postgres import PASSWORD, Server
from xlprofit.cli import app
from xlprofit.errors import FileError, UnknownNameError, XlprofitError
from xlprofit.findings import CATALOGUE
from xlprofit.sources import Source, SourceError, hosts, resolve_sources, sheet
from xlprofit.sources.errors import MissingColumnError
from xlprofit.tables import Raw

SECRET = "hunter2"


@pytest.fixture(scope="module")
def sales() -> pd.DataFrame:
    return companies.demo_company()["Sales"]


@pytest.fixture
def folder(tmp_path: Path, sales: pd.DataFrame) -> Path:
    sales.to_parquet(tmp_path / "sales.parquet", index=False)
    return tmp_path


def read_refusal(source: str | Source) -> str:
    """Return the one line that refuses a source."""
    with pytest.raises(XlprofitError) as caught:
        resolve_sources({}, [source])
    line = str(caught.value)
    assert "\n" not in line and "Traceback" not in line
    assert SECRET not in line
    return line


def refused(source: str | Source, raws: Mapping[str, Raw] | None = None) -> dict[str, Any]:
    """Return the figures of the one line that refuses a source, its fix among them (``fix``)."""
    with pytest.raises(XlprofitError) as caught:
        resolve_sources(dict(raws or {}), [] if raws else [source])
    line = str(caught.value)
    assert "\n" not in line and "Traceback" not in line
    assert SECRET not in line
    assert caught.value.fix
    return figures_of(caught.value) | {"error": type(caught.value), "fix": str(caught.value.fix)}


# --- passwords ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://me:{SECRET}@db.example/books#sales",
        f"postgresql://db.example/books?user=me&password={SECRET}#sales",
        f"postgresql://db.example/books?PASSWORD={SECRET}",
    ],
)
def test_an_address_with_a_password_is_refused_and_not_repeated(address: str) -> None:
    told = refused(f"Sales={address}")
    assert told["table"] == "Sales" and "place" not in told  # which would repeat the address
    assert "env:NAME" in told["fix"]


def sources_table(**cells: object) -> dict[str, Raw]:
    frame = pd.DataFrame([cells], dtype=object)
    return {"Sources": Raw("Sources", "Sources", frame)}


def test_a_password_in_the_table_sources_is_refused_and_not_repeated() -> None:
    for cells in ({"password": SECRET}, {"source": f"postgresql://me:{SECRET}@h/b"}):
        with pytest.raises(SourceError) as caught:
            resolve_sources(
                sources_table(**{"table": "Sales", "source": "postgresql://me@h/b", "query": "s"} | cells)
            )
        assert SECRET not in str(caught.value) and "env:NAME" in str(caught.value)


@pytest.mark.parametrize(
    ("cells", "host"),
    [
        ({"source": "postgresql://me@evil.example/b", "password": "env:XLPROFIT_KEY"}, "evil.example"),
        ({"source": "postgresql://me@evil.example,evil.example:5432/b"}, "evil.example"),
        ({"source": "postgresql:///b?hostaddr=203.0.113.7"}, "203.0.113.7"),
        ({"source": "postgresql:///b?host=/tmp/somebody"}, "/tmp/somebody"),
        ({"source": "postgresql://me@127.0.0.1:5433/b"}, "127.0.0.1"),
        ({"source": "postgresql:///b"}, "localhost"),
        ({"source": r"\\?\UNC\evil.example\share\sales.parquet"}, "evil.example"),
        ({"source": "//./unc/evil.example/share/sales.parquet"}, "evil.example"),
        ({"source": r"\??\UNC\evil.example\share\sales.parquet"}, "evil.example"),
        ({"source": r"/\evil.example@SSL\share\sales.parquet"}, "evil.example@SSL"),
        ({"source": r"\\.\pipe\sales.csv"}, "pipe"),
        ({"source": "postgresql://me@[2001:db8::7]:5432/b"}, "2001:db8::7"),
        ({"source": r"\\evil.example\share\sales.parquet"}, "evil.example"),
        ({"source": "//evil.example/share/sales.csv"}, "evil.example"),
        ({"source": "spark:hdfs://evil.example/sales"}, "evil.example"),
        ({"source": "spark:sales", "options": "master=spark://evil.example:7077"}, "evil.example"),
        ({"source": "spark:sales", "options": "master=k8s://evil.example:443"}, "evil.example"),
        ({"source": "spark:sales", "options": "master=k8s://https://evil.example"}, "evil.example"),
        ({"source": "spark:sales", "options": "master=mesos://zk://evil.example:1/m"}, "evil.example"),
        ({"source": "postgresql://me@evil.example/b?application_name=k8s://db.example"}, "evil.example"),
        ({"source": "postgresql://evil.example/b?application_name=k8s:////db.example/x"}, "evil.example"),
    ],
)
def test_a_computer_that_only_the_workbook_names_is_not_asked(
    cells: dict[str, str], host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(hosts.ALLOWED, raising=False)
    raws = sources_table(**{"table": "Sales", "query": "sales"} | cells)
    with pytest.raises(SourceError) as caught:
        sheet.list_sources(raws["Sources"], Path())
    told = figures_of(caught.value)
    assert (told["host"], told["name"]) == (host, hosts.ALLOWED)
    monkeypatch.setenv(hosts.ALLOWED, f"db.example, {host.upper()}")
    assert [source.address for source in sheet.list_sources(raws["Sources"], Path())] == [cells["source"]]


@pytest.mark.parametrize(
    "address",
    [
        "sales/*.parquet",
        r"\\?\C:\sales.parquet",
        "env:XLPROFIT_BOOKS",
        "keyring:xlprofit/books",
        "spark:#sales",
    ],
)
def test_what_is_on_this_computer_or_kept_outside_needs_no_leave(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(hosts.ALLOWED, raising=False)
    raws = sources_table(table="Sales", source=address, query="sales")
    assert len(sheet.list_sources(raws["Sources"], Path())) == 1


def test_a_path_may_be_kept_elsewhere(
    folder: Path, sales: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINES", str(folder / "sales.parquet"))
    results, _findings = companies.from_sources({}, ["Sales=env:LINES"])
    assert results.customers["gross_revenue"].sum() == pytest.approx(sales["gross_revenue"].sum())


def test_a_secret_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_PLACE", raising=False)
    assert refused("Sales=env:NO_SUCH_PLACE#sales")["name"] == "NO_SUCH_PLACE"
    assert refused("Sales=keyring:books/me#sales")["place"] == "keyring:books/me#sales"


# --- files -------------------------------------------------------------------------------------------


def test_a_half_written_parquet_file(folder: Path) -> None:
    whole = (folder / "sales.parquet").read_bytes()
    for size in (len(whole) // 2, 6, 0):
        (folder / "half.parquet").write_bytes(whole[:size])
        told = refused(f"Sales={folder}/half.parquet")
        assert (told["source"], told["error"]) == ("Sales from half.parquet", SourceError)
        assert told["problem"] and told["reason"]


def test_missing_files_columns_and_other_kinds(folder: Path, sales: pd.DataFrame) -> None:
    for name in ("none.parquet", "none-*.parquet"):
        assert str(refused(f"Sales={folder}/{name}")["path"]) == f"{folder}/{name}"
    (folder / "sales.doc").write_text("x")
    assert str(refused(f"Sales={folder}/sales.doc")["path"]) == "sales.doc"
    assert refused("Sales=ftp://h/sales.csv")["scheme"] == "ftp"
    sales.drop(columns="gross_revenue").to_parquet(folder / "less.parquet", index=False)
    told = refused(f"Sales={folder}/less.parquet")
    assert (told["error"], told["column"]) == (MissingColumnError, "gross_revenue")
    assert "mapping" in told["fix"]
    source = Source("Sales", str(folder / "sales.parquet"), mapping={"gross_revenue": "gross_revenu"})
    told = refused(source)
    assert (told["column"], told["names"]) == ("gross_revenu", '"gross_revenue"')


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [("gross_revenue", "much", "string"), ("gross_revenue", True, "boolean"), ("date", 20240131, "int64")],
)
def test_a_type_that_does_not_fit(
    column: str, value: object, kind: str, folder: Path, sales: pd.DataFrame
) -> None:
    odd = sales.assign(**{column: pd.Series(value, index=sales.index)})
    odd.to_parquet(folder / "odd.parquet", index=False)
    told = refused(f"Sales={folder}/odd.parquet")
    assert (told["source"], told["column"]) == ("Sales from odd.parquet", column)
    assert str(told["kind"]) == kind


def test_a_folder_without_files(folder: Path) -> None:
    (folder / "nothing").mkdir()
    assert str(refused(f"Sales={folder / 'nothing'}")["folder"]) == str(folder / "nothing")


def test_letters_that_are_not_utf_8(folder: Path) -> None:
    path = folder / "old.csv"
    path.write_bytes("date,customer,gross_revenue\n2024-01-31,Äiti Oy,100\n".encode("latin-1"))
    for options in ("", "encoding=latin-1"):
        raws, told = resolve_sources(sources_table(table="Sales", source=str(path), options=options))
        assert raws["Sales"].frame["customer"].tolist() == ["Äiti Oy"]
        assert [f.severity for f in told if f.code == "D06"] == ([] if options else ["warning"])
    for encoding in ("utf-8", "klingon"):
        listed = sources_table(table="Sales", source=str(path), options=f"encoding={encoding}")
        assert refused("", listed)["encoding"] == encoding


@pytest.mark.parametrize("small", [None, 0])
def test_a_word_among_the_numbers_of_a_csv_file(folder: Path, small: int | None) -> None:
    rows = "".join(f"2024-01-{1 + i % 28:02d},A,{i}\n" for i in range(3000))
    (folder / "s.csv").write_text("date,customer,revenue\n" + rows + "2024-01-31,A,much\n")
    results, findings = companies.from_sources({}, [f"Sales={folder}/s.csv"], small)
    assert results.customers["net_revenue"].sum() == pytest.approx(sum(range(3000)))
    assert [(f.severity, read_names(f.what), f.count) for f in findings if f.code == "C01"] == [
        ("error", ["much"], 1)
    ]


def test_a_query_that_takes_too_long_is_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    duckdb.execute(
        f"COPY (SELECT DATE '2024-01-01' AS date, 'C' || i AS customer, i * 1.0 AS revenue FROM range(3000000) t(i)) "
        f"TO '{folder}/long.parquet'"
    )
    told = refused(Source("Sales", str(folder / "long.parquet"), time_limit=0.01))
    assert told["n"] == 0.01 and "time_limit" in told["fix"]


# --- PostgreSQL --------------------------------------------------------------------------------------


@needs_postgres
def test_what_can_go_wrong_with_a_server(
    postgres: Server, sales: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.put("few", sales.head(50))
    url = postgres.url
    wrong = url.replace(str(postgres.port), "1")
    broken = Source("Sales", url, "SELECT date, customer, ('x' || customer)::float AS gross_revenue FROM few")
    problems = [
        refused(source)["problem"]
        for source in (
            f"Sales={url}#none",  # no such table
            f"Sales={url.replace('/books', '/looks')}#few",  # no such database
            f"Sales={wrong}#few",  # no server
            Source("Sales", url, "SELECT nothing FROM few"),  # no such column
            broken,  # a value that does not fit
        )
    ]
    assert len(set(problems)) == len(problems)  # each is told apart
    assert refused(f"Sales={url}")["table"] == "Sales"
    less = Source("Sales", url, "SELECT date, customer FROM few")
    assert (refused(less)["error"], refused(less)["column"]) == (MissingColumnError, "gross_revenue")
    slow = Source("Sales", url, "SELECT date, customer, gross_revenue FROM few, pg_sleep(20)", time_limit=0.3)
    assert refused(slow)["n"] == 0.3
    odd = Source("Sales", url, "SELECT date, customer, 'much' AS gross_revenue FROM few")
    assert (refused(odd)["column"], str(refused(odd)["kind"])) == ("gross_revenue", "string")
    monkeypatch.setenv("PGPASSWORD", SECRET)
    assert refused(f"Sales={url}#few")["problem"] not in problems


@needs_postgres
def test_nothing_is_changed_whatever_the_query_says(postgres: Server, sales: pd.DataFrame) -> None:
    postgres.put("kept", sales.head(5))
    with postgres.connected(dbname="books") as con:
        con.execute(
            "CREATE OR REPLACE FUNCTION wipe() RETURNS int LANGUAGE sql AS 'DELETE FROM kept; SELECT 1'"
        )
    columns = "date, customer, gross_revenue"
    for query in (
        "DELETE FROM kept",
        f"SELECT {columns} FROM kept; DELETE FROM kept",
        f"WITH gone AS (DELETE FROM kept RETURNING *) SELECT {columns} FROM gone",
        f"SELECT {columns}, wipe() FROM kept",
    ):
        refused(Source("Sales", postgres.url, query))
    with postgres.connected(dbname="books") as con:
        assert con.execute("SELECT count(*) FROM kept").fetchone() == (5,)


@needs_postgres
def test_where_the_password_is(
    postgres: Server, sales: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.put("few", sales.head(50))
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.setenv("BOOKS", postgres.url.replace("@", f":{PASSWORD}@"))
    wanted = sales.head(50)["gross_revenue"].sum()
    query = "SELECT date, customer AS who, gross_revenue::numeric AS money FROM few"
    mapping = {"customer": "who", "gross_revenue": "money"}
    for source in (
        "Sales=env:BOOKS#few",
        Source("Sales", postgres.url, "public.few", password="env:XLPROFIT_TEST_PASSWORD"),
        Source("Sales", postgres.url, query, mapping, "env:XLPROFIT_TEST_PASSWORD"),
    ):
        results, findings = companies.from_sources({}, [source])
        assert results.customers["gross_revenue"].sum() == pytest.approx(wanted)
        assert PASSWORD not in str(findings) and PASSWORD not in str(resolve_sources({}, [source])[1])


@needs_spark
def test_what_can_go_wrong_with_spark(spark: str, folder: Path) -> None:
    whole = (folder / "sales.parquet").read_bytes()
    (folder / "half.parquet").write_bytes(whole[: len(whole) // 2])
    damaged, missing = refused(f"Sales={spark}{folder}/half.parquet"), refused(f"Sales={spark}#none")
    assert damaged["problem"] != missing["problem"]


# --- the workbook ------------------------------------------------------------------------------------


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_workbook_stays_as_it_was(folder: Path, book: Path) -> None:
    mine = Path(shutil.copy(book, folder / "mine.xlsx"))
    before = fingerprint(mine)
    result = CliRunner().invoke(app, ["refresh", str(mine), "--source", f"Sales={folder}/none.parquet"])
    assert result.exit_code == 1 and isinstance(result.exception, SourceError)
    assert fingerprint(mine) == before
    assert sorted(p.name for p in folder.iterdir()) == ["mine.xlsx", "sales.parquet"]


def test_sources_in_the_workbook_are_read_beside_it(folder: Path, sales: pd.DataFrame) -> None:
    listed = pd.DataFrame([{"table": "Sales", "source": "sales.parquet", "time_limit": 60.0}])
    book = xlprofit.new(folder / "mine.xlsx", {"Sources": listed})
    refreshed = xlprofit.refresh(book)
    assert refreshed.results.customers["gross_revenue"].sum() == pytest.approx(sales["gross_revenue"].sum())
    checks = refreshed.results.checks
    run = checks[checks["code"] == "D01"]["what"].iloc[0]
    assert read_figures(run)[0] == len(sales) and "GROUP BY" in run
    shown = pd.read_excel(book, sheet_name="Checks", header=None, engine="openpyxl").astype("str")
    assert shown.map(lambda cell: cell == run).any(axis=None)
    assert {f.code for f in xlprofit.check(book)} >= {"D01", "D03"}


def test_every_code_of_sources_is_met(folder: Path, book: Path) -> None:
    codes = {f.code for f in xlprofit.check(book, sources=[f"Sales={folder}/sales.parquet"])}
    assert {c for c in CATALOGUE if c in ("D01", "D02", "D03")} <= codes  # the others are in test_csv.py


def test_commands_that_are_not_understood() -> None:
    assert refused("Sales")["source"] == "Sales"
    told = refused("Sale=x.parquet")
    assert (told["error"], told["name"], told["names"]) == (UnknownNameError, "Sale", '"Sales"')
    told = refused("", sources_table(table="Sales", source="x.parquet", options="speed=fast"))
    assert told["part"] == "speed=fast"


# --- cubes -------------------------------------------------------------------------------------------


def tables_of(path: Path) -> Mapping[str, Any]:
    from xlprofit.ooxml.read import read_input_tables

    return {name: raw.frame.to_csv() for name, raw in read_input_tables(path).items()}


@takes_minutes
def test_a_cube_and_a_month_run_again(folder: Path) -> None:
    tables = companies.faulty()
    sales = tables["Sales"].dropna(subset=["date"])
    sales = sales.assign(gross_revenue=sales["gross_revenue"].replace(float("inf"), 0.0))
    sales.to_parquet(folder / "sales.parquet", index=False)
    given = [f"Sales={folder}/sales.parquet"]
    out = folder / "cube.xlsx"
    made = xlprofit.cube(out, given)
    whole, findings = companies.from_sheets({"Sales": sales})
    companies.assert_same_ledger(whole, made.results)
    alike = [[f for f in some if f.code not in ("S03", "T03")] for some in (made.results.findings, findings)]
    assert companies.found(alike[0], tables) == companies.found(alike[1], tables)
    once = tables_of(out)
    month = str(sales["date"].max().to_period("M"))
    for _ in range(2):
        again = xlprofit.cube(out, given, period=month)
        companies.assert_same_ledger(whole, again.results)
        assert sorted(tables_of(out)["Sales"].split("\n")[1:]).__len__() == len(once["Sales"].split("\n")) - 1
    renewed = tables_of(out)
    xlprofit.cube(out, given, period=month)
    assert tables_of(out) == renewed
    late = sales["date"].dt.to_period("M").astype("str") == month
    sales.assign(gross_revenue=sales["gross_revenue"].where(~late, sales["gross_revenue"] * 2)).to_parquet(
        folder / "sales.parquet", index=False
    )
    corrected = xlprofit.cube(out, given, period=month).results.pnl(period=True)["gross_revenue"]
    before = made.results.pnl(period=True)["gross_revenue"]
    rates = (corrected / before).where(before.abs() > 0).dropna().groupby(level="period").mean()
    assert rates[month] == pytest.approx(2.0)
    assert rates.drop(month).to_numpy() == pytest.approx(1.0)


def test_a_cube_keeps_no_sheets_of_the_users(folder: Path, book: Path) -> None:
    from openpyxl import load_workbook

    mine = folder / "mine.xlsx"
    workbook = load_workbook(book)
    workbook.create_sheet("My notes")
    workbook.save(mine)
    before = fingerprint(mine)
    with pytest.raises(FileError, match="My notes"):
        xlprofit.cube(mine, [f"Sales={folder}/sales.parquet"])
    assert fingerprint(mine) == before


def test_a_source_is_frozen_and_names_no_secret() -> None:
    source = Source("Sales", "postgresql://me@h/b", "SELECT 1")
    assert source.label == "Sales from postgresql://h/b#a query"
    assert replace(source, query="sales").label == "Sales from postgresql://h/b#sales"


# --- what a workbook may name, and what is never told -------------------------------------------------


@pytest.mark.parametrize(
    "place", ["env:AWS_SECRET_ACCESS_KEY", "ENV:HOME", "keyring:aws/me", "keyring:xlprofitx/me"]
)
@pytest.mark.parametrize("column", ["source", "password"])
def test_a_workbook_names_no_secret_but_those_kept_for_it(place: str, column: str) -> None:
    cells = {"table": "Sales", "source": "sales.csv", "query": "s"} | {column: place}
    with pytest.raises(SourceError) as caught:
        sheet.list_sources(sources_table(**cells)["Sources"], Path())
    assert place.partition(":")[2] in str(caught.value)


class FakeKeyring(ModuleType):
    """A keyring with one entry, or one that is locked."""

    def __init__(self, kept: str | None, is_locked: bool = False) -> None:
        super().__init__("keyring")
        self.kept, self.is_locked = kept, is_locked

    def get_password(self, service: str, user: str) -> str | None:
        assert (service, user) == ("xlprofit", "books")
        if self.is_locked:
            raise RuntimeError("hunter22 is the wrong master password")
        return self.kept


@pytest.mark.parametrize(
    ("keyring", "said"),
    [
        (None, "package keyring"),
        (FakeKeyring(None, is_locked=True), "cannot be opened"),
        (FakeKeyring(None), "has nothing under xlprofit, books"),
        (FakeKeyring("/nowhere/hunter22.csv"), "no such file|no file|There is no"),
    ],
)
def test_what_the_keyring_says_is_one_line_without_a_secret(
    keyring: ModuleType | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        sys.modules, "keyring", keyring
    )  # nothing in its place is a package that is not there
    line = read_refusal("Sales=keyring:xlprofit/books")
    assert re.search(said, line) and "hunter22" not in line
    assert "names no entry" in read_refusal("Sales=keyring:books")


@pytest.mark.parametrize(
    "kept",
    [
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "/srv/hush-hush/quite-secret-name.csv",
        "postgresql://joe:hunter22@[::1/x",
        "postgresql://joe:hunter22@nowhere.invalid:1/ledgers?sslkeylogfile=/tmp/keys",
        "hush://joe:hunter22@nowhere.invalid/ledgers",
        "~hushuser/hush.csv",
        "hushhush" * 800,
    ],
)
def test_no_message_holds_what_came_out_of_a_secret(kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLPROFIT_KEPT", kept)
    with pytest.raises(XlprofitError) as caught:
        resolve_sources({}, ["Sales=env:XLPROFIT_KEPT#sales"])
    line = str(caught.value)  # a secret may stand anywhere in it, not in its figures alone
    assert "\n" not in line
    told = [
        part for part in re.split(r"[\s/:@?&=\[\]]+", kept) if len(part) > 3 and part not in ("postgresql",)
    ]
    assert told and not [part for part in told if part in line], line
    assert "XLPROFIT_KEPT" in line


def test_no_finding_holds_what_came_out_of_a_secret(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "hush-hush.csv").write_text("date,customer,gross_revenue\n2024-01-31,ACME,5\n")
    monkeypatch.setenv("XLPROFIT_KEPT", str(folder / "hush-hush.csv"))
    _raws, findings = resolve_sources({}, ["Sales=env:XLPROFIT_KEPT"])
    assert findings and not any("hush" in str(finding) for finding in findings)


@pytest.mark.parametrize(
    "said", ["sslkeylogfile=/tmp/k", "passfile=/etc/passwd", "service=x", "options=-cx", "dbname=x"]
)
def test_what_an_address_of_postgresql_says_is_on_a_list(said: str) -> None:
    assert f"the parameter {said.partition('=')[0]} is not allowed" in read_refusal(
        f"Sales=postgresql://me@localhost:1/b?{said}#sales"
    )


def test_a_workbook_says_no_file_of_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(hosts.ALLOWED, "localhost")
    cells = {"table": "Sales", "source": "postgresql://me@localhost:1/b?sslkey=/etc/key", "query": "s"}
    with pytest.raises(SourceError, match="the parameter sslkey is not allowed"):
        resolve_sources(sources_table(**cells))


# --- paths that are none, and files that do not end ---------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "a**b/*.csv",
        "~nosuchuser/x.csv",
        "x" * 5_000,
        f"{'x' * 5_000}/*.csv",
        "postgresql://[::1/x#t",
        "/proc",
        "/proc/self/mem",
        "/dev/zero",
        "x\0y.csv",
        "[",
        "//",
        "**",
        "sales.csv/x.csv",
    ],
)
def test_a_path_that_is_none_is_one_line(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sales.csv").write_text("a\n")
    assert len(read_refusal(f"Sales={address}")) < 700


def test_a_pattern_over_everything_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlprofit.sources.files.MOST_ENTRIES", 5_000)
    assert "more than 5,000 files and folders" in read_refusal("Sales=/**/nothing-is-called-so.csv")
    assert "more than 5,000 files and folders" in read_refusal("Sales=/")
    assert "took longer than" in read_refusal(Source("Sales", "/**/nothing.csv", time_limit=0.0))


def test_a_pipe_a_device_and_links_that_lead_round_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "endless.csv").symlink_to("/dev/zero")
    (tmp_path / "log.csv").symlink_to("/proc/kmsg")
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    (tmp_path / "round").symlink_to(tmp_path)
    for name in ("pipe.csv", "endless.csv", "log.csv"):
        assert "no ordinary file" in read_refusal(f"Sales={tmp_path / name}")
    assert "Parquet or CSV" in read_refusal(f"Sales={tmp_path}")
    assert "no file" in read_refusal(f"Sales={tmp_path / 'a.csv'}")
    assert "no file" in read_refusal(f"Sales={tmp_path / 'round' / '**' / '*.csv'}")


def test_a_file_that_unpacks_to_more_than_it_may_is_not_read_to_its_end(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "bomb.csv.gz", "wb", compresslevel=1) as packed:
        packed.write(b"date,customer,gross_revenue\n")
        for _piece in range(40):
            packed.write(b"2024-01-31,ACME,5\n" * 10_000)
    source = Source("Sales", str(tmp_path / "bomb.csv.gz"), options={"memory": "2MB"})
    assert "holds more than 2 MB of text" in read_refusal(source)
    assert "took longer than" in read_refusal(replace(source, options={}, time_limit=0.0))
    assert "no size" in read_refusal(replace(source, options={"memory": "lots"}))


def test_a_sparse_file_is_no_text(tmp_path: Path) -> None:
    with (tmp_path / "sparse.csv").open("wb") as file:
        file.truncate(1 << 40)
    assert "NUL character" in read_refusal(f"Sales={tmp_path / 'sparse.csv'}")


@pytest.mark.parametrize("small", [None, 0])
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_marks_of_a_pattern_in_a_name_are_letters(ending: str, small: int | None, tmp_path: Path) -> None:
    names = ["sales1", "sales[1]", "sales*", "sales?", "sales{1,2}", "sales[!1]", "[a]sales"]
    for at, name in enumerate(names, 1):
        frame = pd.DataFrame(
            {"date": [pd.Timestamp(2024, at, 1)], "customer": [f"C{at}"], "gross_revenue": [float(at)]}
        )
        path = tmp_path / f"{name}.{ending}"
        if ending == "csv":
            frame.to_csv(path, index=False)
        else:
            frame.to_parquet(path)
    for address in (str(tmp_path), *(str(tmp_path / f"{name}.{ending}") for name in names)):
        raws, _findings = resolve_sources({}, [f"Sales={address}"], small=small)
        found = sorted(raws["Sales"].frame["gross_revenue"].astype(float))
        whole = [float(at) for at in range(1, len(names) + 1)]
        assert found == (whole if address == str(tmp_path) else [float(names.index(Path(address).stem) + 1)])


def test_an_engine_that_there_is_no_memory_for_is_not_started(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlprofit.sources.connections.can_borrow_memory", lambda need: False)
    assert "not enough memory" in read_refusal(f"Sales={folder / 'sales.parquet'}")
