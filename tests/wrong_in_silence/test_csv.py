"""Files of text: each case gives the right figure, or a finding at warning or above; row by row and summed."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.needs import few
from xlprofit.errors import XlprofitError
from xlprofit.findings import CATALOGUE, Finding
from xlprofit.hosts.frames import FramesHost
from xlprofit.results import Results, compute_results
from xlprofit.rules import check_tables
from xlprofit.sources import Source, SourceError, resolve_sources
from xlprofit.workflow import new

LOUD = ("stop", "error", "warning")
Read = Callable[..., tuple[pd.Series, list[Finding]]]
"""Reads sources: gross revenue by customer, and the findings."""


def read_sources(small: int, *sources: str | Source, **tables: pd.DataFrame) -> tuple[Results, list[Finding]]:
    raws, told = resolve_sources(FramesHost(tables).read_tables(), sources, small=small)
    inputs, findings = check_tables(raws)
    assert inputs is not None, findings
    return compute_results(inputs, findings), [*told, *findings]


@pytest.fixture(params=[pytest.param(10**9, id="rows"), pytest.param(0, id="sums")])
def read(request: pytest.FixtureRequest) -> Read:
    def revenue(*sources: str | Source, **tables: pd.DataFrame) -> tuple[pd.Series, list[Finding]]:
        results, findings = read_sources(request.param, *sources, **tables)
        return results.customers["gross_revenue"], findings

    return revenue


def put(path: Path, text: str, encoding: str = "utf-8") -> str:
    path.write_bytes(text.encode(encoding))
    return f"Sales={path}"


def loud(findings: list[Finding]) -> list[tuple[str, int]]:
    return sorted((f.code, f.count) for f in findings if f.severity in LOUD)


ROWS = "date,customer,gross_revenue\n2024-01-31,A,100\n2024-02-29,B,50\n"


# --- numbers and dates ---------------------------------------------------------------------------------


def test_every_way_to_write_an_amount_is_read_as_on_a_sheet(read: Read, tmp_path: Path) -> None:
    amounts = {
        "1 234,50 €": 1234.5,
        "1\u00a0234,50": 1234.5,
        "1.234,56": 1234.56,
        "-5,25": -5.25,
        "(500)": -500.0,
        "500-": -500.0,
        "− 7": -7.0,
        "EUR 12,5": 12.5,
        "1.234.567": 1_234_567.0,
        "0,00": 0.0,
        "1e3": 1000.0,
        "12345678901234,5": 12345678901234.5,
    }
    lines = [f"31.01.2024;C{i:02d};{text}" for i, text in enumerate(amounts)]
    revenue, findings = read(put(tmp_path / "s.csv", "\n".join(["Date;Customer;Revenue", *lines]) + "\n"))
    assert revenue.to_list() == pytest.approx(list(amounts.values()), rel=1e-12)
    assert not [f for f in findings if f.code in ("C01", "C02", "C03", "C08")]


def test_thousands_without_decimals_are_never_read_as_decimals_in_silence(read: Read, tmp_path: Path) -> None:
    text = "date;customer;gross_revenue\n2024-01-31;A;1.234\n2024-02-29;A;950\n2024-02-29;B;12.500\n"
    address = put(tmp_path / "s.csv", text + "2024-02-29;C;3\n")
    revenue, findings = read(address)
    assert revenue.to_dict() == {"A": 2184.0, "B": 12500.0, "C": 3.0}
    assert [f.code for f in findings if f.code == "C20"] == ["C20"]
    assert loud(findings)
    for decimal, wanted in (
        (",", {"A": 2184.0, "B": 12500.0, "C": 3.0}),
        (".", {"A": 951.234, "B": 12.5, "C": 3.0}),
    ):
        stated = Source("Sales", str(tmp_path / "s.csv"), options={"decimal": decimal})
        revenue, findings = read(stated)
        assert revenue.to_dict() == pytest.approx(wanted)
        assert not [f for f in findings if f.code in ("C01", "C02")]


def test_a_number_that_does_not_fit_the_decimal_mark_stated_is_left_out_and_told(
    read: Read, tmp_path: Path
) -> None:
    put(tmp_path / "s.csv", "date;customer;gross_revenue\n2024-01-31;A;1,5\n2024-01-31;A;2.5\n")
    revenue, findings = read(Source("Sales", str(tmp_path / "s.csv"), options={"decimal": ","}))
    assert revenue.to_dict() == {"A": 1.5}
    assert ("C01", 1) in loud(findings)


@pytest.mark.parametrize(
    "word", ["much", "n/a", "1,2,3", "#N/A", "10 apples", "nan", "inf", "1_000x", "USD 5"]
)
def test_what_is_no_amount_is_left_out_and_told(word: str, read: Read, tmp_path: Path) -> None:
    address = put(tmp_path / "s.csv", ROWS + f'2024-03-31,A,"{word}"\n2024-03-31,B,"{word}"\n')
    revenue, findings = read(address)
    assert revenue.to_dict() == {"A": 100.0, "B": 50.0}
    assert sum(f.count for f in findings if f.code[0] == "C" and f.severity == "error") == 2


def test_dates_are_read_as_on_a_sheet(read: Read, tmp_path: Path) -> None:
    days = [
        "2024-03-01",
        "1.3.2024",
        "20240301",
        "2024-03-01 12:30:00",
        "2024-03-01T09:15:59.5",
        "1 March 2024",
    ]
    lines = [f"{day},A,1" for day in days]
    results = read_sources(0, put(tmp_path / "s.csv", "\n".join(["date,customer,revenue", *lines]) + "\n"))[0]
    assert results.pnl(period=True)["gross_revenue"].to_dict() == {("A", "2024-03"): 6.0}
    revenue, findings = read(put(tmp_path / "t.csv", ROWS + "2024-02-30,A,7\nsoon,A,8\n13/13/2024,A,9\n"))
    assert revenue.to_dict() == {"A": 100.0, "B": 50.0}
    assert sum(f.count for f in findings if f.code == "C06") == 3


def test_many_times_of_day_are_days(tmp_path: Path) -> None:
    lines = [
        f"2024-01-{1 + i // 2000:02d} {i % 24:02d}:{i % 60:02d}:{i // 60 % 60:02d}.{i},A,1"
        for i in range(25_000)
    ]
    address = put(
        tmp_path / "s.csv", "\n".join(["date,customer,revenue", *lines, "2024-01-32 10:00,A,5"]) + "\n"
    )
    results, findings = read_sources(0, address)
    assert results.customers["gross_revenue"].to_dict() == {"A": 25_000.0}
    assert [f.count for f in findings if f.code == "C06"] == [1]


@pytest.mark.parametrize(("form", "day"), [("%d/%m/%Y", "2024-03-02"), ("%m/%d/%Y", "2024-02-03")])
def test_the_form_of_dates_that_is_stated_holds(form: str, day: str, read: Read, tmp_path: Path) -> None:
    put(tmp_path / "s.csv", "date,customer,revenue\n02/03/2024,A,1\n")
    source = Source("Sales", str(tmp_path / "s.csv"), options={"date": form})
    findings = read(source)[1]
    assert not [f for f in findings if f.code[0] == "C"]
    small = 0
    assert str(read_sources(small, source)[0].inputs.settings.start.date()) == day


# --- records -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", few(["\n", "\r\n", "\r"], "\r\n"))
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_delimiters_and_line_ends(
    delimiter: str, encoding: str, end: str, read: Read, tmp_path: Path
) -> None:
    rows = [
        ["date", "customer", "gross_revenue"],
        ["2024-01-31", "Äiti Oy", "100"],
        ["2024-01-31", "B", "50"],
    ]
    text = end.join(delimiter.join(row) for row in rows) + end
    revenue, findings = read(put(tmp_path / "s.csv", text, encoding))
    assert revenue.to_dict() == {"B": 50.0, "Äiti Oy": 100.0}
    assert [f.severity for f in findings if f.code == "D06"] == ["warning"] * (
        encoding in ("cp1252", "latin-1")
    )


def test_quoted_line_breaks_and_delimiters_blank_lines_and_packed_files(read: Read, tmp_path: Path) -> None:
    text = (
        'date,customer,gross_revenue\r\n\r\n2024-01-31,"A, B\r\nand ""C""",100\r\n\r\n2024-01-31,D,much\r\n'
    )
    with gzip.open(tmp_path / "s.csv.gz", "wb") as packed:
        packed.write((text + "2024-01-31,E,5\r\n").encode())
    revenue, findings = read(f"Sales={tmp_path}/s.csv.gz")
    assert revenue.to_dict() == {'A, B and "C"': 100.0, "E": 5.0}
    wrong = next(f for f in findings if f.code == "C01")
    assert wrong.cell in ("C5", "")  # the row in which a spreadsheet program shows it


def test_a_finding_names_the_row_of_the_file(tmp_path: Path) -> None:
    lines = [f"2024-01-31,A,{i}" for i in range(1203)]
    lines[1202 - 2 + 2] = "2024-01-31,A,12O"
    address = put(tmp_path / "s.csv", "\n".join(["date,customer,revenue", *lines]) + "\n")
    findings = read_sources(10**9, address)[1]
    assert [str(f).split(":")[0] for f in findings if f.code == "C01"] == ["Sales from s.csv!C1204"]


def test_rows_that_are_not_as_long_as_the_headers(read: Read, tmp_path: Path) -> None:
    text = "date,customer,gross_revenue,cogs\n2024-01-31,A,100,60\n2024-01-31,B, Ltd,50,20\n2024-01-31,C,70\n"
    revenue, findings = read(put(tmp_path / "s.csv", text + "2024-01-31,D,80,1,,\n"))
    assert revenue.to_dict() == {"A": 100.0, "C": 70.0, "D": 80.0}
    told = {f.code: (f.severity, f.cell, f.count) for f in findings if f.code in ("D04", "D05")}
    assert told == {"D04": ("error", "E3", 1), "D05": ("warning", "D4", 1)}


def test_a_decimal_comma_between_commas_is_told(read: Read, tmp_path: Path) -> None:
    revenue, findings = read(put(tmp_path / "s.csv", ROWS + "2024-03-31,A,12,50\n"))
    assert revenue.to_dict() == {"A": 100.0, "B": 50.0} and ("D04", 1) in loud(findings)


def test_a_row_with_a_product_alone_is_told_as_on_a_sheet(read: Read, tmp_path: Path) -> None:
    text = "date,customer,gross_revenue,product\n2024-01-31,A,100,X\n,,,Y\n,  ,,\n"
    findings = read(put(tmp_path / "s.csv", text))[1]
    told = sorted((f.what, f.count) for f in findings if f.code == "C12")
    assert [(what.split()[0], count) for what, count in told] == [("date", 1), ("gross_revenue", 1)]
    sales = pd.read_csv(tmp_path / "s.csv")
    sales["date"] = pd.to_datetime(sales["date"])
    sales.to_parquet(tmp_path / "s.parquet", index=False)
    findings = read(f"Sales={tmp_path}/s.parquet")[1]
    assert sorted((f.what, f.count) for f in findings if f.code == "C12") == told


def test_the_line_that_tells_excel_the_delimiter_is_no_header(read: Read, tmp_path: Path) -> None:
    revenue, findings = read(
        put(tmp_path / "s.csv", "sep=;\r\n" + ROWS.replace(",", ";") + "2024-01-31;A;x\r\n")
    )
    assert revenue.to_dict() == {"A": 100.0, "B": 50.0}
    assert next(f for f in findings if f.code == "C01").cell in ("C5", "")


@pytest.mark.parametrize("table", ["Sales", "Customers"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\r\n\r\n", "empty"),
        (b"PK\x03\x04\x00\x00\x00rubbish\x00", "of text"),
        (b"date,customer,revenue\n2024-01-31,A\x00,5\n", "of text"),
        (b"date customer revenue\n2024-01-31 A 5\n", "no column"),
        (b'date,customer,revenue\n2024-01-31,"A,5\n2024-01-31,B,5\n', "quotation mark"),
        (b'date,customer,revenue\n2024-01-31,"A,5\n2024-01-31,"B",5\n', "quotation mark"),
    ],
)
def test_files_that_cannot_be_read_are_refused_in_one_line(
    content: bytes, words: str, table: str, tmp_path: Path
) -> None:
    (tmp_path / "s.csv").write_bytes(content)
    for small in (0, 10**9):
        with pytest.raises(XlprofitError) as caught:
            resolve_sources({}, [f"{table}={tmp_path}/s.csv"], small=small)
        assert words in str(caught.value) and "\n" not in str(caught.value)


def test_headers_alone_a_folder_and_half_a_packed_file(tmp_path: Path) -> None:
    for small in (0, 10**9):
        raws, _told = resolve_sources({}, [put(tmp_path / "s.csv", ROWS.splitlines()[0])], small=small)
        inputs, findings = check_tables(raws)
        assert inputs is None and [f.code for f in findings if f.severity == "stop"] == ["T02"]
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(SourceError, match=r"d\.csv .*no Parquet"):
        resolve_sources({}, [f"Sales={tmp_path}/d.csv"])
    whole = gzip.compress(ROWS.encode())
    (tmp_path / "h.csv.gz").write_bytes(whole[:-10])
    with pytest.raises(SourceError, match=r"h\.csv\.gz.* damaged"):
        resolve_sources({}, [f"Sales={tmp_path}/h.csv.gz"])


# --- several files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", few(["csv", "parquet"], "csv"))
def test_names_with_the_marks_of_a_pattern_are_read_once_each(kind: str, read: Read, tmp_path: Path) -> None:
    names = ["sales1", "sales[1]", "sales{1}", "sales*", "sales?", "sales[!1]"]
    for at, name in enumerate(names):
        sales = pd.DataFrame(
            {"date": [pd.Timestamp("2024-01-31")], "customer": [name], "gross_revenue": [10.0**at]}
        )
        path = tmp_path / f"{name}.{kind}"
        sales.to_csv(path, index=False) if kind == "csv" else sales.to_parquet(path, index=False)
    wanted = {name: 10.0**at for at, name in enumerate(names)}
    for address in (str(tmp_path), f"{tmp_path}/s*.{kind}"):
        assert read(f"Sales={address}")[0].to_dict() == wanted
    for name in names:
        assert read(f"Sales={tmp_path}/{name}.{kind}")[0].to_dict() == {name: wanted[name]}


def test_a_folder_whose_own_name_has_the_marks_of_a_pattern(read: Read, tmp_path: Path) -> None:
    for name in ("of [2024]", "of 2"):
        (tmp_path / name).mkdir()
        put(tmp_path / name / "a.csv", ROWS.replace(",A,", f",{name},"))
    assert set(read(f"Sales={tmp_path}/of [2024]/*.csv")[0].index) == {"of [2024]", "B"}


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_columns_are_found_file_by_file(kind: str, read: Read, tmp_path: Path) -> None:
    frames = [
        pd.DataFrame({"date": [pd.Timestamp("2024-01-31")], "Client": ["A"], "gross_revenue": [1.0]}),
        pd.DataFrame(
            {"gross_revenue": [20], "Customer": ["B"], "Posting date": [pd.Timestamp("2024-02-29")]}
        ),
        pd.DataFrame(
            {"date": [pd.Timestamp("2024-03-31")], "customer": ["C"], "revenue": [300.0], "cogs": [4.0]}
        ),
    ]
    for at, frame in enumerate(frames):
        path = tmp_path / f"{at}.{kind}"
        frame.to_csv(path, index=False) if kind == "csv" else frame.to_parquet(path, index=False)
    revenue, findings = read(Source("Sales", str(tmp_path), mapping={}))
    assert revenue.to_dict() == {"A": 1.0, "B": 20.0, "C": 300.0}
    assert [(f.severity, f.count) for f in findings if f.code == "D07"] == [("warning", 2)]  # cogs
    frames[0].drop(columns="Client").to_csv(tmp_path / "3.csv", index=False)
    if kind == "csv":
        with pytest.raises(SourceError, match=r"\b3\.csv: .*\bcustomer\b"):
            read(f"Sales={tmp_path}")


def test_each_file_has_its_own_conventions(read: Read, tmp_path: Path) -> None:
    put(tmp_path / "de.csv", "Date;Customer;Revenue\n31.01.2024;A;1.234,50\n31.01.2024;A;2,25\n")
    put(tmp_path / "us.csv", 'Date,Customer,Revenue\n2024-01-31,B,"1,234.50"\n2024-01-31,B,2.25\n')
    revenue, findings = read(f"Sales={tmp_path}")
    assert revenue.to_dict() == {"A": 1236.75, "B": 1236.75}
    assert not [f for f in findings if f.code in ("C01", "C02")]


def test_a_file_reached_twice_counts_once_and_a_copy_is_told(read: Read, tmp_path: Path) -> None:
    put(tmp_path / "a.csv", ROWS)
    os.link(tmp_path / "a.csv", tmp_path / "b.csv")
    (tmp_path / "c.csv").symlink_to(tmp_path / "a.csv")
    assert read(f"Sales={tmp_path}")[0].to_dict() == {"A": 100.0, "B": 50.0}
    put(tmp_path / "a copy.csv", ROWS)
    assert ("D09", 1) in loud(read(f"Sales={tmp_path}")[1])


def test_what_is_not_read_of_a_folder_is_told(read: Read, tmp_path: Path) -> None:
    put(tmp_path / "a.csv", ROWS)
    new(tmp_path / "b.xlsx")
    (tmp_path / "readme.md").write_text("x")
    assert [(f.severity, f.count) for f in read(f"Sales={tmp_path}")[1] if f.code == "D08"] == [
        ("warning", 1)
    ]
    pd.DataFrame({"date": ["x"]}).to_parquet(tmp_path / "c.parquet")
    with pytest.raises(SourceError, match=r"\bnone of the files\b"):
        read(f"Sales={tmp_path}")


def test_a_finding_of_several_files_names_the_file_and_the_row(tmp_path: Path) -> None:
    put(tmp_path / "a.csv", ROWS)
    put(tmp_path / "b.csv", ROWS + "2024-03-31,A,x\n")
    findings = read_sources(10**9, f"Sales={tmp_path}")[1]
    assert [str(f).split(": ")[0] for f in findings if f.code == "C01"] == ["Sales from b.csv!C4"]


# --- other tables ----------------------------------------------------------------------------------------


def test_a_table_that_is_read_whole_is_read_as_a_sheet(read: Read, tmp_path: Path) -> None:
    put(tmp_path / "s.csv", ROWS)
    (tmp_path / "c.csv").write_text(
        "customer;segment;since\nA;Hotels;1.2.2020\nB;Cafés;31.12.2021\n", encoding="utf-8"
    )
    (tmp_path / "i.csv").write_text(
        "invoice;customer;issued;due;amount;paid\n7;A;1.1.2024;31.1.2024;1.234,50;\n"
    )
    results, findings = read_sources(
        0, f"Sales={tmp_path}/s.csv", f"Customers={tmp_path}/c.csv", f"Invoices={tmp_path}/i.csv"
    )
    assert results.inputs["Customers"]["segment"].astype(str).tolist() == ["Hotels", "Cafés"]
    assert results.inputs["Invoices"]["amount"].tolist() == [1234.5]
    assert not [f for f in findings if f.code in ("C03", "C08")]


def test_every_code_of_files_has_a_case() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert {c for c in CATALOGUE if "D04" <= c <= "D09" and f'"{c}"' not in source} == set()


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_rows_of_several_currencies_and_kinds_are_not_summed_together(kind: str, tmp_path: Path) -> None:
    sales = pd.DataFrame(
        {
            "date": pd.Timestamp("2024-01-31"),
            "customer": "A",
            "gross_revenue": [700.0, 5749.99, 100.0, 50.0],
            "Currency": ["EUR", "USD", "EUR", "EUR"],
            "Document type": ["Invoice", "Invoice", "Invoice", "Credit note"],
        }
    )
    path = tmp_path / f"s.{kind}"
    sales.to_csv(path, index=False) if kind == "csv" else sales.to_parquet(path, index=False)
    raw = resolve_sources({}, [f"Sales={path}"], small=0)[0]["Sales"]
    summed = raw.frame.groupby(["Currency", "Document type"])["gross_revenue"].sum()
    assert summed.to_dict() == {
        ("EUR", "Credit note"): 50.0,
        ("EUR", "Invoice"): 800.0,
        ("USD", "Invoice"): 5749.99,
    }


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize(
    ("header", "plain", "word", "figure"),
    [
        ("Is cancelled", "no", "yes", 700.0),
        ("Storno-Kz", "", "X", 700.0),
        ("Return flag", "N", "Y", 600.0),
        ("Cancelled at", "", "2024-01-31", 700.0),
        ("Doc. Kind", "Invoice", "Credit note", 600.0),
        ("Currency key", "EUR", "USD", 700.0),
    ],
)
def test_a_big_file_keeps_what_tells_its_rows_apart(
    kind: str, header: str, plain: str, word: str, figure: float, tmp_path: Path
) -> None:
    sales = pd.DataFrame(
        {
            "date": pd.Timestamp("2024-01-31"),
            "customer": "A",
            "gross_revenue": [700.0, 100.0],
            "discount": 0.0,
            "returns": 0.0,
            header: [plain, word],
        }
    )
    path = tmp_path / f"s.{kind}"
    sales.to_csv(path, index=False) if kind == "csv" else sales.to_parquet(path, index=False)
    results, _findings = read_sources(0, f"Sales={path}")
    assert results.customers["net_revenue"].to_dict() == {"A": figure}


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("small", [0, 10**9])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Revenue EUR", "Revenue USD"),
        ("Revenue (EUR)", "Revenue (TEUR)"),
        ("Revenue", "Revenue k\u20ac"),
        ("Revenue", "Revenue USD"),
    ],
)
def test_files_of_several_units_are_refused(
    one: str, other: str, small: int, kind: str, tmp_path: Path
) -> None:
    for name, header in (("a", one), ("b", other)):
        frame = pd.DataFrame({"date": [pd.Timestamp("2024-01-31")], "customer": ["A"], header: [1000.0]})
        path = tmp_path / f"{name}.{kind}"
        frame.to_csv(path, index=False) if kind == "csv" else frame.to_parquet(path, index=False)
    with pytest.raises(SourceError, match="another unit"):
        resolve_sources({}, [f"Sales={tmp_path}"], small=small)


def test_files_of_one_unit_under_two_headers_are_read(read: Read, tmp_path: Path) -> None:
    put(tmp_path / "a.csv", "Date,Customer,Revenue\n2024-01-31,A,100\n")
    put(tmp_path / "b.csv", "Date,Customer,Revenue (EUR)\n2024-01-31,B,50\n")
    put(tmp_path / "c.csv", "Date,Customer,Revenue \u20ac\n2024-01-31,C,5\n")
    assert read(f"Sales={tmp_path}")[0].to_dict() == {"A": 100.0, "B": 50.0, "C": 5.0}
