from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import xlprofit
from tests.needs import needs_shared, takes_minutes
from tests.sources import companies
from tests.sources.companies import BIG, assert_same_ledger, found, from_sheets, from_sources
from tests.sources.needs import needs_postgres, needs_spark
from tests.sources.postgres import Server

COMPANIES = (
    pytest.param("demo_company", id="demo", marks=takes_minutes),
    pytest.param("faulty", id="faulty"),
    pytest.param("planned", id="planned", marks=takes_minutes),
    pytest.param("online_retail", id="retail", marks=[needs_shared, takes_minutes]),
)


@pytest.fixture(scope="module")
def sheets() -> dict[str, Any]:
    return {}


def wanted(name: str, sheets: dict[str, Any]) -> Any:
    if name not in sheets:
        sheets[name] = from_sheets(getattr(companies, name)())
    return sheets[name]


def parquet(tables: companies.Tables, folder: Path) -> dict[str, Path]:
    """Write the big tables and the invoices as Parquet; return their paths."""
    paths = {}
    for name in (*BIG, "Invoices"):
        if name in tables:
            paths[name] = folder / f"{name}.parquet"
            tables[name].to_parquet(paths[name], index=False)
    return paths


def compare(name: str, sources: list[str], sheets: dict[str, Any]) -> None:
    results, findings = wanted(name, sheets)
    tables = getattr(companies, name)()
    others, told = from_sources(tables, sources)
    assert_same_ledger(results, others)
    assert list(results.plans) == list(others.plans)
    for version, plan in results.plans.items():
        assert_same_ledger(plan, others.plans[version])
        one, other = (xlprofit.compare(r.plans[version], r).bridge for r in (results, others))
        scale = results.ledger["amount"].abs().sum()
        assert (one - other).abs().to_numpy().max() <= 1e-9 * scale
    assert found(told, tables) == found(findings, tables)


@pytest.mark.parametrize("name", COMPANIES)
def test_parquet_on_duckdb(name: str, tmp_path: Path, sheets: dict[str, Any]) -> None:
    paths = parquet(getattr(companies, name)(), tmp_path)
    compare(name, [f"{table}={path}" for table, path in paths.items()], sheets)


@pytest.mark.parametrize("small", [pytest.param(10**9, id="rows"), pytest.param(0, id="sums")])
@pytest.mark.parametrize("name", COMPANIES)
def test_files_of_text(name: str, small: int, tmp_path: Path, sheets: dict[str, Any]) -> None:
    results, findings = wanted(name, sheets)
    tables = getattr(companies, name)()
    sources = []
    for table in (*BIG, "Invoices", "Customers"):
        if table in tables:
            tables[table].to_csv(tmp_path / f"{table}.csv", index=False)
            sources.append(f"{table}={tmp_path}/{table}.csv")
    others, told = from_sources(tables, sources, small)
    assert_same_ledger(results, others)
    ours, theirs = found(told, tables), found(findings, tables)
    assert [(code, table, count) for code, table, _, count in ours] == [
        (code, table, count) for code, table, _, count in theirs
    ]
    for (*_, text, _), (*_, number, _) in zip(ours, theirs, strict=True):
        assert text == number or (text[:6], number[:4]) == (
            '"inf" ',
            "inf ",
        )  # a text is quoted, a number is not
    if small:  # as on a sheet, rows that are alike are looked for too
        sheet = [f for f in findings if f.code == "K03"]
        assert [f.count for f in told if f.code == "K03"] == [f.count for f in sheet]


@needs_postgres
@pytest.mark.parametrize("name", COMPANIES)
def test_postgres(name: str, postgres: Server, sheets: dict[str, Any]) -> None:
    tables = getattr(companies, name)()
    sources = []
    for table in (*BIG, "Invoices"):
        if table in tables:
            postgres.put(f"{name}_{table}".lower(), tables[table])
            sources.append(f"{table}={postgres.url}#{name}_{table.lower()}")
    compare(name, sources, sheets)


@needs_spark
@pytest.mark.parametrize("name", COMPANIES)
def test_spark(name: str, spark: str, tmp_path: Path, sheets: dict[str, Any]) -> None:
    tables = dict(getattr(companies, name)())
    for table in (*BIG, "Invoices"):
        if table in tables:  # Spark reads no times in nanoseconds
            days = tables[table].select_dtypes("datetime").columns
            tables[table] = tables[table].astype(dict.fromkeys(days, "datetime64[us]"))
    paths = parquet(tables, tmp_path)
    compare(name, [f"{table}={spark}{path}" for table, path in paths.items()], sheets)


@needs_spark
def test_spark_reads_names_with_the_marks_of_a_pattern_once_each(spark: str, tmp_path: Path) -> None:
    day = pd.Series([pd.Timestamp("2024-01-31")]).astype("datetime64[us]")
    names = ["sales1", "sales[1]", "sales{1}", "sales*", "s%20x", "s x"]
    for at, name in enumerate(names):
        header = "customer" if at else "Client"
        sales = pd.DataFrame({"date": day, header: [name], "gross_revenue": [10.0**at]})
        sales.to_parquet(tmp_path / f"{name}.parquet", index=False)
    revenue = from_sources({}, [f"Sales={spark}{tmp_path}"])[0].customers["gross_revenue"]
    assert revenue.to_dict() == {name: 10.0**at for at, name in enumerate(names)}


def test_the_faulty_company_has_what_it_is_for(sheets: dict[str, Any]) -> None:
    findings = wanted("faulty", sheets)[1]
    codes = {f.code for f in findings}
    assert {"M06", "R01", "R41", "C12", "C15", "C17", "C18", "C29", "N01", "S06", "C13", "C01"} <= codes
    assert next(f for f in findings if f.code == "R01").count >= 20


def test_csv_folds_the_zeros_of_customers_and_reads_other_signs(tmp_path: Path) -> None:
    from xlprofit.sources import Source

    path = tmp_path / "sales.csv"
    path.write_text(
        "Posting date;Client;Net;cogs;returns\n2024-01-31;00123;12,50;;\n2024-02-29;123;7;1,25;\n",
        encoding="utf-8",
    )
    source = Source(
        "Sales", str(path), mapping={"gross_revenue": "Net"}, options={"delimiter": ";", "decimal": ","}
    )
    results, _ = from_sources({}, [source])
    assert results.customers["gross_revenue"].to_dict() == {"00123": 19.5}
    assert results.customers["cogs"].to_dict() == {"00123": -1.25}
    assert results.inputs.settings.start == pd.Timestamp("2024-01-31")


def test_a_folder_and_a_pattern_are_read_as_one_table(tmp_path: Path) -> None:
    sales = companies.demo_company()["Sales"]
    for month, part in sales.groupby(sales["date"].dt.to_period("M")):
        part.to_parquet(tmp_path / f"sales-{month}.parquet", index=False)
    whole = from_sheets({"Sales": sales})[0]
    for address in (str(tmp_path), f"{tmp_path}/sales-*.parquet"):
        assert_same_ledger(whole, from_sources({}, [f"Sales={address}"])[0])


def test_another_workbook_is_a_source(tmp_path: Path) -> None:
    from xlprofit.workflow import new

    tables = companies.demo_company()
    book = new(tmp_path / "other.xlsx", {"Sales": tables["Sales"], "Customers": tables["Customers"]})
    results = from_sheets(tables)[0]
    others, _ = from_sources(tables, [f"Sales={book}", f"Customers={book}"])
    assert_same_ledger(results, others)


@pytest.mark.parametrize("rule", [{"start": dt.date(2025, 3, 10)}, {"end": dt.date(2025, 3, 10)}])
def test_a_rule_that_begins_within_a_month_cuts_the_sums_there(rule: dict[str, Any], tmp_path: Path) -> None:
    tables = companies.demo_company()
    commissions = pd.DataFrame(
        [{"scope": "all", "basis": "gross_margin", "rate": 0.1, "start": None, "end": None} | rule]
    )
    some = {"Sales": tables["Sales"], "Commissions": commissions}
    tables["Sales"].to_parquet(tmp_path / "s.parquet", index=False)
    assert_same_ledger(from_sheets(some)[0], from_sources(some, [f"Sales={tmp_path}/s.parquet"])[0])


def test_no_row_leaves_the_engine(tmp_path: Path) -> None:
    from xlprofit.hosts.frames import FramesHost
    from xlprofit.sources import resolve_sources

    sales = companies.demo_company()["Sales"].drop(columns="product")
    sales.to_parquet(tmp_path / "s.parquet", index=False)
    raws, told = resolve_sources(FramesHost({}).read_tables(), [f"Sales={tmp_path}/s.parquet"])
    lines = raws["Sales"].lines
    assert lines is not None and lines.sum() == len(sales)
    groups = sales.assign(month=sales["date"].dt.to_period("M")).groupby(["customer", "month"]).ngroups
    assert len(raws["Sales"].frame) <= 3 * groups < len(sales)
    assert "GROUP BY" in told[0].what and told[0].code == "D01"


def sums_of_products(folder: Path, rows: list[tuple[str, str, str, float]], **tables: pd.DataFrame) -> Any:
    sales = pd.DataFrame(rows, columns=["date", "customer", "product", "gross_revenue"])
    sales["date"] = pd.to_datetime(sales["date"])
    path = folder / "sales.parquet"
    sales.to_parquet(path, index=False)
    return xlprofit.analyze({**tables, "Sales": sales}), xlprofit.analyze(tables, sources=[f"Sales={path}"])


ROWS = [
    ("2024-01-05", "A", "Bolt", 100.0),
    ("2024-01-20", "A", "Nut", 50.0),
    ("2024-01-25", "A", "bolt", 10.0),
    ("2024-02-05", "B", "Nut", 70.0),
]


def test_products_and_attributes_are_the_same_from_sums(tmp_path: Path) -> None:
    customers = pd.DataFrame(
        [
            ("A", "Hotels", pd.NaT, pd.Timestamp("2024-01-15"), "North"),
            ("A", "Shops", pd.Timestamp("2024-01-16"), pd.NaT, "North"),
            ("B", "Shops", pd.NaT, pd.NaT, "South"),
        ],
        columns=["customer", "segment", "from", "until", "Region"],
    )
    rows, summed = sums_of_products(tmp_path, ROWS, Customers=customers)
    pd.testing.assert_frame_equal(rows.products, summed.products, rtol=1e-9)
    for attribute in ("segment", "Region"):
        pd.testing.assert_frame_equal(rows.by(attribute), summed.by(attribute), rtol=1e-9)
    assert rows.by("segment")["net_revenue"].to_dict() == {"Shops": 130.0, "Hotels": 100.0}


def test_more_sums_by_product_than_fit_leave_the_products_out_and_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlprofit.sources.load.MOST_SUMS", 3)
    rows, summed = sums_of_products(tmp_path, ROWS)
    assert "D17" in {f.code for f in summed.findings if f.severity == "warning"}
    assert (summed.ledger["product"] == "").all()
    assert summed.customers["profit"].tolist() == rows.customers["profit"].tolist()
