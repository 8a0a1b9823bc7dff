"""Files, folders, engines and tables as they seldom are: read as they are meant, or refused in a line."""

from __future__ import annotations

import errno
import gzip
import os
import shutil
import sys
import time
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import xlprofit
from tests.bad_input.plain import plain
from tests.refusals import figures_of
from tests.sources.needs import HAS_PSYCOPG, needs_postgres, needs_spark
from tests.sources.postgres import Server
from xlprofit.errors import UnknownNameError
from xlprofit.sources import (
    Source,
    SourceError,
    casts,
    connections,
    lines,
    load,
    parquet,
    resolve_sources,
    secrets,
    texts,
)
from xlprofit.sources.encodings import find_legacy
from xlprofit.sources.files import find_files, find_plain_path
from xlprofit.sources.spec import complete_sources
from xlprofit.tables import Raw

HEAD = "date,customer,gross_revenue\n"


def write_sales(path: Path, rows: str = "2024-01-31,A,5\n", head: str = HEAD) -> Path:
    path.write_text(head + rows)
    return path


def frame_of(**columns: object) -> pd.DataFrame:
    usual: dict[str, object] = {
        "date": [pd.Timestamp(2024, 1, 31)],
        "customer": ["A"],
        "gross_revenue": [5.0],
    }
    return pd.DataFrame(usual | columns)


def refuse(source: str | Source, small: int | None = None) -> dict[str, Any]:
    """Return the figures of the one line that refuses a source."""
    with pytest.raises(SourceError) as caught:
        resolve_sources({}, [source], small=small)
    assert "\n" not in str(caught.value) and caught.value.fix
    return figures_of(caught.value) | {"line": str(caught.value)}


# --- files and folders ---------------------------------------------------------------------------------


def test_a_path_without_a_folder_to_start_from() -> None:
    with pytest.raises(SourceError) as caught:
        find_files(Source("Sales", "sales.csv", folder=None))
    assert str(figures_of(caught.value)["path"]) == "sales.csv"


def test_a_folder_of_notes_is_read_and_one_of_two_kinds_is_not(tmp_path: Path) -> None:
    write_sales(tmp_path / "sales.txt")
    raws, _told = resolve_sources({}, [f"Sales={tmp_path}"])
    assert raws["Sales"].frame["customer"].tolist() == ["A"]
    write_sales(tmp_path / "sales.csv")
    frame_of().to_parquet(tmp_path / "sales.parquet")
    assert "sales.parquet" in refuse(f"Sales={tmp_path}")["line"]


def test_a_pattern_of_folders_finds_each_file_once(tmp_path: Path) -> None:
    for year in ("2023", "2024"):
        (tmp_path / "in" / year / "deep").mkdir(parents=True)
        write_sales(tmp_path / "in" / year / "deep" / "s.csv", f"{year}-01-31,C{year},5\n")
    write_sales(tmp_path / "in" / "2022")
    for pattern in ("in/20*/d*/s.csv", "**/**/s.csv", "**/*.csv", "in/**/deep/*"):
        raws, _told = resolve_sources({}, [f"Sales={tmp_path / pattern}"])
        assert sorted(raws["Sales"].frame["customer"]) == ["C2023", "C2024"]


def test_a_folder_that_may_not_be_entered_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for year in ("2023", "2024"):
        (tmp_path / year).mkdir()
        write_sales(tmp_path / year / "s.csv", f"{year}-01-31,C{year},5\n")
    scan = os.scandir

    def refuse_to_scan(folder: object) -> Any:
        if str(folder).endswith("2023"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return scan(folder)

    monkeypatch.setattr(os, "scandir", refuse_to_scan)
    for source in (tmp_path, tmp_path / "20*" / "*.csv", tmp_path / "**" / "s.csv"):
        raws, findings = resolve_sources({}, [f"Sales={source}"])
        assert raws["Sales"].frame["customer"].tolist() == ["C2024"]
        (told,) = (finding for finding in findings if finding.code == "D08")
        assert (told.severity, told.count, str(told.what).endswith(": 2023")) == ("warning", 1, True)
    for source in (tmp_path / "2023", tmp_path / "2023" / "*.csv"):
        assert refuse(f"Sales={source}")["reason"] == "Permission denied"


def test_files_of_text_without_a_column_that_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("colour,size\nred,1\n", encoding="utf-8")
    assert refuse(f"Sales={tmp_path / 'one.csv'}")["column"] == "date"
    (tmp_path / "two.csv").write_text("colour,size\nblue,2\n", encoding="utf-8")
    assert refuse(f"Sales={tmp_path}")["column"] == "date"


def test_headers_below_titles_are_found_in_a_source_that_has_no_profile(tmp_path: Path) -> None:
    lines = [
        "Sales of the year",
        "",
        "Invoice date;Customer;Net amount",
        "31.01.2024;A;1.250,50",
        "29.02.2024;B;7,00",
    ]
    (tmp_path / "s.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    results = xlprofit.analyze({}, sources=[f"Sales={tmp_path / 's.csv'}"])
    assert results.customers["gross_revenue"].to_dict() == {"A": 1250.5, "B": 7.0}


def test_a_link_to_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    write_sales(tmp_path / "2024.csv")
    (tmp_path / "2023.csv").symlink_to(tmp_path / "gone.csv")
    (tmp_path / "2025.csv").mkdir()
    for source in (tmp_path, tmp_path / "20*.csv", tmp_path / "**"):
        raws, findings = resolve_sources({}, [f"Sales={source}"])
        assert len(raws["Sales"].frame) == 1
        (told,) = (finding for finding in findings if finding.code == "D08")
        assert (told.count, str(told.what).endswith(": 2023.csv")) == (1, True)


@pytest.mark.parametrize("rows", [1, 0])
def test_a_copy_is_told_where_it_has_rows(rows: int, tmp_path: Path) -> None:
    frame_of().head(rows).to_parquet(tmp_path / "a.parquet")
    shutil.copy(tmp_path / "a.parquet", tmp_path / "b.parquet")
    _raws, told = resolve_sources({}, [f"Sales={tmp_path}"])
    assert [f.code for f in told].count("D09") == rows


def test_two_damaged_files_of_the_same_content(tmp_path: Path) -> None:
    for name in ("a.parquet", "b.parquet"):
        (tmp_path / name).write_bytes(b"PAR1 and no more")
    assert refuse(f"Sales={tmp_path}")["source"] == "Sales from a.parquet"


def test_where_no_link_can_be_made_a_file_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> None:
        raise OSError(1314, "A required privilege is not held")

    monkeypatch.setattr(Path, "symlink_to", fail)
    path = tmp_path / "sales[1].csv"
    write_sales(path)
    raws, _told = resolve_sources({}, [f"Sales={path}"], small=0)
    assert raws["Sales"].frame["gross_revenue"].tolist() == [5.0]
    copies = [find_plain_path(path, tmp_path) for _time in range(2)]  # the second time it is there
    assert copies[0] == copies[1] and Path(copies[0]).read_text() == path.read_text()


def test_a_file_that_is_deleted_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_sales(tmp_path / "sales.csv")
    find = lines.find_layouts

    def find_and_delete(*given: Any) -> Any:
        found = find(*given)
        path.unlink()
        return found

    monkeypatch.setattr(lines, "find_layouts", find_and_delete)
    assert refuse(f"Sales={path}")["source"] == "Sales from sales.csv"


@pytest.mark.parametrize("small", [None, 0])
def test_files_of_text_that_no_program_writes(
    small: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = write_sales(tmp_path / "wide.csv", head="date,customer,gross_revenue" + "," * 20_000 + "\n")
    assert refuse(f"Sales={wide}", small)["n"] == 16_384
    long = write_sales(tmp_path / "long.csv", head=f"date,customer,gross_revenue,{'x' * 40_000}\n")
    assert refuse(f"Sales={long}", small)["letters"] == 32_767
    monkeypatch.setattr("xlprofit.sources.texts.LONGEST_LINE", 1_000)
    monkeypatch.setattr("xlprofit.sources.texts._CHUNK", 500)
    one = write_sales(tmp_path / "one.csv", f"2024-01-31,{'A' * 2_000},5\n")
    assert refuse(f"Sales={one}", small)["n"] == 1_000


def test_a_value_of_many_lines_that_never_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import csv

    monkeypatch.setattr("xlprofit.sources.texts.LONGEST_LINE", 10_000)
    before = csv.field_size_limit(100)
    try:
        path = write_sales(tmp_path / "long.csv", '2024-01-31,"' + "A\n" * 6_000 + '",5\n')
        told = refuse(f"Sales={path}")
        assert (told["n"], told["line"].count("quot")) == (10_000, 0)
    finally:
        csv.field_size_limit(before)


def test_a_value_longer_than_any_cell_is_read_whatever_was_read_before(tmp_path: Path) -> None:
    import csv

    before = csv.field_size_limit(131_072)
    try:
        path = write_sales(tmp_path / "long.csv", f"2024-01-31,{'A' * 140_000},5\n")
        raws, _told = resolve_sources({}, [f"Sales={path}"])
        assert len(str(raws["Sales"].frame["customer"].iloc[0])) == 140_000
    finally:
        csv.field_size_limit(before)


def test_a_text_that_is_damaged_behind_its_headers(tmp_path: Path) -> None:
    packed = gzip.compress((HEAD + "2024-01-31,A,5\n" * 3_000).encode())
    (tmp_path / "cut.csv.gz").write_bytes(packed[:-12])
    assert refuse(f"Sales={tmp_path / 'cut.csv.gz'}")["problem"]
    (tmp_path / "quote.csv").write_text(HEAD + '2024-01-31,"A" Ltd,5\n')
    assert refuse(f"Sales={tmp_path / 'quote.csv'}")["line"].count("quot")
    (tmp_path / "utf16.csv").write_bytes((HEAD + "2024-01-31,A,5\n").encode("utf-16-be"))
    raws, _told = resolve_sources({}, [f"Sales={tmp_path / 'utf16.csv'}"])
    assert raws["Sales"].frame["gross_revenue"].tolist() == ["5"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("Müller;Åland", "cp1252"), ("Łódź;Żółw;ąęśćń źdźbło", "cp1250"), ("Müller Größe", "cp850")],
)
def test_an_encoding_is_told_by_its_letters(text: str, encoding: str) -> None:
    data = (text + "\n").encode(encoding) * 3
    assert data.decode(find_legacy(data)) == data.decode(encoding)


def test_bytes_that_are_in_no_encoding_are_read_byte_by_byte() -> None:
    assert find_legacy(bytes(range(128, 256))).startswith(("latin", "cp", "mac"))


# --- numbers, too long for any figure ------------------------------------------------------------------


@pytest.mark.parametrize("small", [None, 0])
@pytest.mark.parametrize(
    "number", ["9" * 5_000, "1," * 3_000 + "1", "-" * 5_000, "1e999999", "(" * 5_000 + "1"]
)
def test_a_number_of_thousands_of_digits_is_found_and_the_rest_is_read(
    number: str, small: int | None, tmp_path: Path
) -> None:
    path = write_sales(tmp_path / "s.csv", f'2024-01-31,A,"{number}"\n2024-01-31,B,5\n')
    raws, told = resolve_sources({}, [f"Sales={path}"], small=small)
    inputs, findings = xlprofit.rules.check_tables(raws)
    assert inputs is not None
    assert [f.count for f in (*told, *findings) if f.code == "C01"] == [1]
    assert inputs["Sales"]["gross_revenue"].sum() == 5.0


def test_an_option_and_a_text_that_does_not_fit_it(tmp_path: Path) -> None:
    path = write_sales(tmp_path / "s.csv", "31.12.2024,A,5\n,B,7\nsoon,C,1\n")
    source = Source("Sales", str(path), options={"date": "%d.%m.%Y"})
    raws, _told = resolve_sources({}, [source])
    assert [str(day) for day in raws["Sales"].frame["date"]] == ["2024-12-31", "", "soon"]


# --- tables --------------------------------------------------------------------------------------------


def test_a_workbook_without_the_table(tmp_path: Path) -> None:
    assert refuse(f"DirectCosts={plain(tmp_path / 'book.xlsx')}")["table"] == "DirectCosts"


def test_more_rows_than_are_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pd.DataFrame({"customer": ["A", "B", "C"]}).to_parquet(tmp_path / "customers.parquet")
    pd.DataFrame({"customer": ["A", "B", "C"]}).to_csv(tmp_path / "customers.csv", index=False)
    monkeypatch.setattr(load, "MOST_WHOLE", 2)
    monkeypatch.setattr(lines, "MOST_WHOLE", 2)
    for name in ("customers.parquet", "customers.csv"):
        assert refuse(f"Customers={tmp_path / name}")["n"] == 2


def test_more_sums_than_fit_and_the_products_that_a_commission_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = frame_of(product=["P"])
    sales = pd.concat([rows.assign(product=name) for name in ("p ", "Q", "R", "P")])
    sales.to_parquet(tmp_path / "sales.parquet")
    rule = {"scope": ["product"], "value": ["P"], "rate": [0.1], "basis": ["net_revenue"]}
    rules = {"Commissions": Raw("Commissions", "Commissions", pd.DataFrame(rule, dtype=object))}
    monkeypatch.setattr(load, "MOST_SUMS", 3)
    raws, told = resolve_sources(rules, [f"Sales={tmp_path / 'sales.parquet'}"])
    frame = raws["Sales"].frame
    kept = frame["product"].astype(object)
    assert sorted(str(word).strip().upper() for word in kept[kept.notna()]) == ["P", "P"]
    assert frame["gross_revenue"].sum() == 20.0 and [f.code for f in told].count("D17") == 1
    monkeypatch.setattr(load, "MOST_SUMS", 0)
    assert refuse(f"Sales={tmp_path / 'sales.parquet'}")["n"] == 0


def test_an_activity_log_without_quantities_counts_its_rows(tmp_path: Path) -> None:
    log = {"date": [pd.Timestamp(2024, 1, 31)] * 3, "customer": ["A", "A", "B"], "activity": ["Visit"] * 3}
    pd.DataFrame(log).to_parquet(tmp_path / "log.parquet")
    frame = resolve_sources({}, [f"ActivityLog={tmp_path / 'log.parquet'}"])[0]["ActivityLog"].frame
    assert dict(zip(frame["customer"], frame["quantity"], strict=True)) == {"A": 2.0, "B": 1.0}


def test_rows_are_ordered_by_keys_of_any_number_of_values() -> None:
    rng = np.random.default_rng(1)
    keys = [pd.Series(rng.permutation(300)) for _key in range(8)]  # 301 ** 8 is more than a number of 63 bits
    assert load._order_by_ranks(keys).tolist() == np.argsort(keys[0].to_numpy()).tolist()


def test_missing_numbers_of_whole_columns_count_as_their_default(tmp_path: Path) -> None:
    quantity = pd.array([2, None, 3], dtype="Int64")
    log = {"date": [pd.Timestamp(2024, 1, 31)] * 3, "customer": ["A"] * 3, "activity": ["Visit"] * 3}
    pd.DataFrame(log).assign(quantity=quantity).to_parquet(tmp_path / "log.parquet")
    frame = resolve_sources({}, [f"ActivityLog={tmp_path / 'log.parquet'}"])[0]["ActivityLog"].frame
    assert frame["quantity"].sum() == 6.0


def test_parquet_files_that_differ_in_what_they_have(tmp_path: Path) -> None:
    frame_of().to_parquet(tmp_path / "a.parquet")
    frame_of(date=[date(2024, 2, 29)], cogs=[2.0]).to_parquet(tmp_path / "b.parquet")
    frame = resolve_sources({}, [f"Sales={tmp_path}"])[0]["Sales"].frame
    assert (frame["gross_revenue"].sum(), frame["cogs"].sum()) == (10.0, 2.0)
    frame_of(day=[date(2024, 3, 31)]).drop(columns="date").to_parquet(tmp_path / "c.parquet")
    frame = resolve_sources({}, [f"Sales={tmp_path}"])[0]["Sales"].frame
    assert sorted(str(day)[:10] for day in frame["date"]) == ["2024-01-31", "2024-02-29", "2024-03-31"]


def test_drivers_and_columns_of_ones_own_in_several_files(tmp_path: Path) -> None:
    head = "date,customer,activity,quantity,pallets,note\n"
    write_sales(tmp_path / "a.csv", "2024-01-31,A,Load,1,7,x\n", head)
    write_sales(tmp_path / "b.csv", "2024-02-29,A,Load,1,5,y\n", head)
    rates = {"activity": ["Load"], "resource": ["Dock"], "driver": ["pallets"]}
    activities = {"Activities": Raw("Activities", "Activities", pd.DataFrame(rates, dtype=object))}
    frame = resolve_sources(activities, [f"ActivityLog={tmp_path}"])[0]["ActivityLog"].frame
    assert frame["pallets"].astype(float).sum() == 12.0 and frame["note"].tolist() == ["x", "y"]


# --- the command line ----------------------------------------------------------------------------------


def test_mappings_and_options_find_their_source() -> None:
    two = ["Sales=s.csv", "Customers=c.csv"]
    (only,) = complete_sources(["Sales=s.csv"], ["customer=who"], ["delimiter=tab"])
    assert (only.mapping, only.options) == ({"customer": "who"}, {"delimiter": "\t"})
    sales, customers = complete_sources(two, ["Sales: customer=who"], ["Customers: decimal=comma"])
    assert (sales.mapping, sales.options) == ({"customer": "who"}, {})
    assert (customers.mapping, customers.options) == ({}, {"decimal": ","})
    for part in ("customer=who", "Resources: customer=who"):
        with pytest.raises(UnknownNameError):
            complete_sources(two, [part])


def test_what_is_said_twice_is_refused_unless_it_is_the_same() -> None:
    """Else the first file, column or mark would not count, in silence."""
    with pytest.raises(SourceError) as caught:
        complete_sources(["Sales=a.csv", "sales=b.csv"])
    told = figures_of(caught.value)
    assert (told["one"], told["other"]) == ("Sales from a.csv", "Sales from b.csv")
    for mapping, options in (
        (["customer=a", "Customer=b"], []),
        (["customer=a; customer=b"], []),
        ([], ["decimal=,", "decimal=."]),
        ([], ["decimal=, decimal=dot"]),
    ):
        with pytest.raises(SourceError):
            complete_sources(["Sales=a.csv"], mapping, options)
    (one,) = complete_sources(
        ["Sales=a.csv"], ["customer=a", "cogs=c; customer=a"], ["delimiter=tab", "decimal=comma decimal=,"]
    )
    assert one.mapping == {"customer": "a", "cogs": "c"}
    assert one.options == {"delimiter": "\t", "decimal": ","}


def test_a_mapping_of_a_column_that_the_table_has_not(tmp_path: Path) -> None:
    path = write_sales(tmp_path / "s.csv")
    told = refuse(Source("Sales", str(path), mapping={"colour": "customer"}))
    assert (told["column"], told["table"]) == ("colour", "Sales")
    raws, _told = resolve_sources(
        {}, [Source("Sales", str(path), mapping={"gross_revenue": "GROSS  revenue"})]
    )
    assert raws["Sales"].frame["gross_revenue"].tolist() == ["5"]


# --- engines -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("package", "source"),
    [("psycopg", "Sales=postgresql://me@localhost:1/b#sales"), ("pyspark.sql", "Sales=spark:#sales")],
)
def test_an_engine_that_is_not_installed(package: str, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    assert "pip install xlprofit[" in refuse(source)["line"]


def test_an_engine_that_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ibis

    def fail(*_given: object, **_named: object) -> None:
        raise RuntimeError("no Java, and no temporary folder either")

    frame_of().to_parquet(tmp_path / "sales.parquet")
    monkeypatch.setattr(ibis.duckdb, "connect", fail)
    assert "no temporary folder" in refuse(f"Sales={tmp_path / 'sales.parquet'}")["line"]

    chain = SimpleNamespace(getOrCreate=fail)
    for step in ("appName", "config", "master"):
        setattr(chain, step, lambda *_given: chain)
    session = SimpleNamespace(getActiveSession=lambda: None, builder=chain)
    with pytest.raises(SourceError) as caught:
        connections._get_spark_session(Source("Sales", "spark:#sales"), session)
    assert figures_of(caught.value)["reason"] == "RuntimeError"


@pytest.mark.parametrize("query", ["SELECT (", "SELECT 1; SELECT 2", "DROP TABLE x", "", ";"])
def test_a_query_that_is_no_select_is_refused(query: str) -> None:
    with pytest.raises(SourceError):
        connections._verify_select(Source("Sales", "postgresql://h/b", query))


needs_driver = pytest.mark.skipif(not HAS_PSYCOPG, reason="the driver of PostgreSQL is not installed")


@needs_driver
@pytest.mark.parametrize("port", ["99999", "x", "1,h:2"])
def test_an_address_with_a_port_that_is_none(port: str) -> None:
    told = refuse(f"Sales=postgresql://h:{port}/books#sales")
    assert "postgresql://user@host" in told["line"]


@needs_driver
def test_a_server_on_this_computer_that_does_not_answer(tmp_path: Path) -> None:
    told = refuse(f"Sales=postgresql:///books?host={tmp_path}#sales")
    assert told["problem"] == refuse("Sales=postgresql://127.0.0.1:1/books#sales")["problem"]


@needs_postgres
def test_a_query_that_cannot_be_understood(postgres: Server) -> None:
    assert refuse(Source("Sales", postgres.url, "SELECT ( FROM"))["source"]


@needs_spark
def test_a_query_of_spark(spark: str, tmp_path: Path) -> None:
    frame_of().to_parquet(tmp_path / "sales.parquet")
    query = (
        f"SELECT date, customer, gross_revenue * 2 AS gross_revenue FROM parquet.`{tmp_path}/sales.parquet`"
    )
    raws, _told = resolve_sources({}, [Source("Sales", spark, query)])
    assert raws["Sales"].frame["gross_revenue"].tolist() == [10.0]
    assert refuse(Source("Sales", spark, "DROP TABLE sales"))["source"]


# --- what no file shows --------------------------------------------------------------------------------


def test_the_power_of_ten_of_a_text() -> None:
    found = [
        casts._find_power_of_ten(text, value)
        for text, value in (("1.234,50", 1234.5), ("0,00", 0.0), ("0", 1.0), ("x", 1.0), ("9" * 5_000, 1.0))
    ]
    assert found == [2, 0, None, None, None]
    assert casts._find_power_of_ten("0" * 5_000 + "7", 7.0) == 0


def test_a_number_behind_thousands_of_zeros_is_that_number(tmp_path: Path) -> None:
    path = write_sales(tmp_path / "s.csv", f"2024-01-31,A,{'0' * 5_000}7\n2024-01-31,B,5\n")
    for small in (None, 0):
        source = Source("Sales", str(path), options={"decimal": ","})
        frame = resolve_sources({}, [source], small=small)[0]["Sales"].frame
        assert frame["gross_revenue"].astype(float).sum() == 12.0


def test_a_column_of_more_texts_than_are_read_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casts, "MOST_TEXTS", 2)
    path = write_sales(tmp_path / "s.csv", "".join(f"{day}.1.2024,A,5\n" for day in range(1, 9)))
    told = refuse(f"Sales={path}", small=0)
    assert (told["column"], told["n"]) == ("date", 2)


def test_work_that_ends_after_its_time_is_not_taken() -> None:
    source = Source("Sales", "sales.parquet", time_limit=0.01)
    with pytest.raises(SourceError) as caught:
        connections.run_with_time_limit(source, lambda: None, lambda: time.sleep(0.2))
    assert figures_of(caught.value)["n"] == 0.01


def test_columns_that_no_engine_puts_below_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        raise TypeError("a list is no number")

    frame_of().to_parquet(tmp_path / "a.parquet")
    frame_of(cogs=[1.0], day=[date(2024, 3, 31)]).drop(columns="date").to_parquet(tmp_path / "b.parquet")
    monkeypatch.setattr(parquet, "_stack_tables", fail)
    assert "a list is no number" in refuse(f"Sales={tmp_path}")["line"]


def test_a_secret_is_fetched_where_nobody_conceals_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLPROFIT_KEPT", "hush")
    assert secrets.fetch_secret("ENV:XLPROFIT_KEPT", "Sales") == "hush"


def test_texts_of_every_kind_are_read_to_their_end(tmp_path: Path) -> None:
    rows = "".join(f"2024-01-{1 + day % 28:02},Müller {day},5\r\n" for day in range(4_000))
    content = (HEAD.replace("\n", "\r\n") + rows).encode("cp1252")
    forms = {
        "dos": (content, "Müller 3999"),
        "odd": (
            content + b"2024-01-31,M\x81ller,5\r\n",
            "M\x81ller",
        ),  # a byte that Windows has no letter for
        "wide": (content.decode("cp1252").encode("utf-16-le"), "Müller 3999"),
    }
    for name, (data, last) in forms.items():
        (tmp_path / f"{name}.csv").write_bytes(data)
        for small in (None, 0):
            frame = resolve_sources({}, [f"Sales={tmp_path / name}.csv"], small=small)[0]["Sales"].frame
            assert last in set(frame["customer"].astype(str)), (name, small)


def test_a_file_without_a_letter_and_one_that_goes_while_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("\n \n")
    assert refuse(f"Sales={tmp_path / 'empty.csv'}")["source"] == "Sales from empty.csv"
    source = Source("Sales", str(write_sales(tmp_path / "s.csv")))
    (layout,) = lines.find_layouts(source, find_files(source), frozenset())
    (tmp_path / "s.csv").unlink()
    with pytest.raises(SourceError) as caught:
        list(texts.read_records(layout))
    assert figures_of(caught.value)["source"] == "Sales from s.csv"
