"""Conventions of a whole column that real exports have: the right figure, and where it was settled, a finding says so.

Each case is given as DataFrames, as a workbook and, where a file of text can hold it, as CSV.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
from openpyxl.styles.numbers import BUILTIN_FORMATS

import xlprofit
from tests.figures import read_figures
from xlprofit.errors import StoppedError
from xlprofit.findings import Finding

DAY = dt.date(2024, 1, 31)
Sheets = Mapping[str, Mapping[str, list[Any]]]
LOUD = ("warning", "error", "stop")


@dataclass(frozen=True)
class Case:
    """Sheets by name, columns by header; what customer A must come out with; the code of the finding that says it.

    ``figures`` are measures of the customer table; ``None`` says that the work must stop.
    """

    name: str
    sheets: Sheets
    figures: Mapping[str, float] | None
    code: str
    only_sheets: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)


def sales(**columns: list[Any]) -> dict[str, dict[str, list[Any]]]:
    size = len(next(iter(columns.values())))
    days = [DAY - dt.timedelta(days=at) for at in range(size)]
    return {"Sales": {"date": list(days), "customer": ["A"] * size, **columns}}


def days(order: str, months: int, *of_month: int, opened_in: str = "") -> list[Any]:
    """Days of each month as texts, ``d`` or ``m`` first; Excel of the other order turns those it can into dates."""
    cells: list[Any] = []
    for month in range(1, months + 1):
        for day in of_month:
            first, second = (day, month) if order == "d" else (month, day)
            converted = {"d": (second, first), "m": (first, second)}.get(opened_in)
            if converted is not None and converted[0] <= 12:
                cells.append(dt.date(2024, *converted))
            else:
                cells.append(f"{first:02}/{second:02}/2024")
    return cells


TYPES = ["Invoice", "Invoice", "Credit note", "Quote"]
CASES = [
    Case(
        "thousands with a dot",
        sales(gross_revenue=["1.234", "950"]),
        {"net_revenue": 2184.0},
        "C20",
    ),
    Case(
        "thousands with a comma",
        sales(gross_revenue=["1,234", "12,500", "950"]),
        {"net_revenue": 14684.0},
        "C20",
    ),
    Case("decimals settle", sales(gross_revenue=["1.234", "12,50", "7"]), {"net_revenue": 1253.5}, ""),
    Case("a dot settles", sales(gross_revenue=["1,234", "12.50", "7"]), {"net_revenue": 1253.5}, ""),
    Case("Indian groups", sales(gross_revenue=["1,23,456.00", "1,000"]), {"net_revenue": 124456.0}, ""),
    Case(
        "marks in conflict",
        sales(gross_revenue=["1.234,50", "1,234.50", "1.234"]),
        {"net_revenue": 2469.0},
        "C02",
    ),
    Case(
        "cost with thousands",
        sales(gross_revenue=["9.000", "9.000"], cogs=["1.200", "800"]),
        {"cogs": -2000.0},
        "C20",
    ),
    Case(
        "a currency a row",
        sales(gross_revenue=[5749.99, 700.0], Currency=["USD", "EUR"]),
        {"net_revenue": 700.0},
        "C14",
    ),
    Case(
        "Währung",
        sales(gross_revenue=[5749.99, 700.0], Währung=["US-Dollar", "Euro"]),
        {"net_revenue": 700.0},
        "C14",
    ),
    Case("Valuta", sales(gross_revenue=[100.0, 700.0], Valuta=["SEK", "EUR"]), {"net_revenue": 700.0}, "C14"),
    Case(
        "one foreign currency",
        sales(gross_revenue=[100.0, 7.0], Curr=["usd", "USD"]),
        {"net_revenue": 107.0},
        "C22",
    ),
    Case("two foreign currencies", sales(gross_revenue=[100.0, 7.0], Curr=["USD", "GBP"]), None, "C28"),
    Case(
        "the currency that is set",
        sales(gross_revenue=[100.0, 7.0], Curr=["USD", "GBP"]),
        {"net_revenue": 7.0},
        "C14",
        settings={"currency": "GBP"},
    ),
    Case(
        "costs in another currency",
        sales(gross_revenue=[100.0])
        | {
            "DirectCosts": {
                "date": [DAY] * 2,
                "customer": ["A"] * 2,
                "group": ["order"] * 2,
                "amount": [40.0, 9.0],
                "Currency code": ["EUR", "CHF"],
            }
        },
        {"profit": 60.0},
        "C14",
    ),
    Case(
        "document types",
        sales(
            gross_revenue=[1000.0, 500.0, 200.0, 900.0],
            cogs=[600.0, 300.0, 120.0, 500.0],
            **{"Document type": TYPES},
        ),
        {"net_revenue": 1300.0, "cogs": -780.0},
        "C23",
    ),
    Case(
        "credit notes that are negative",
        sales(gross_revenue=[1000.0, -200.0], cogs=[600.0, -120.0], Type=["Invoice", "Credit note"]),
        {"net_revenue": 800.0, "cogs": -480.0},
        "",
    ),
    Case(
        "Belegart",
        sales(gross_revenue=[1000.0, 200.0], Belegart=["Rechnung", "Gutschrift"]),
        {"net_revenue": 800.0},
        "C23",
    ),
    Case(
        "Tyyppi",
        sales(gross_revenue=[1000.0, 200.0], Tyyppi=["Lasku", "Hyvityslasku"]),
        {"net_revenue": 800.0},
        "C23",
    ),
    Case(
        "Typ",
        sales(gross_revenue=[1000.0, 200.0], Typ=["Faktura", "Kreditfaktura"]),
        {"net_revenue": 800.0},
        "C23",
    ),
    Case(
        "a status",
        sales(gross_revenue=[1000.0, 200.0, 70.0], Status=["Shipped", "Cancelled", "Returned"]),
        {"net_revenue": 1000.0},
        "C23",
    ),
    Case(
        "Tila",
        sales(gross_revenue=[1000.0, 200.0], Tila=["Toimitettu", "Peruttu"]),
        {"net_revenue": 1000.0},
        "C23",
    ),
    Case(
        "a cancelled sale and its reversal",
        sales(
            gross_revenue=[1000.0, 200.0, -200.0, -70.0],
            Status=["Paid", "Cancelled", "Cancellation", "Cancellation"],
        ),
        {"net_revenue": 930.0},
        "C23",
    ),
    Case(
        "a flag",
        sales(gross_revenue=[1000.0, 200.0], **{"Is cancelled": ["no", "yes"]}),
        {"net_revenue": 1000.0},
        "C23",
    ),
    Case(
        "a flag of returns",
        sales(gross_revenue=[1000.0, 200.0], **{"Return flag": ["N", "Y"]}),
        {"net_revenue": 800.0},
        "C23",
    ),
    *(
        Case(
            f"{header} {word}",
            sales(gross_revenue=[1000.0, 500.0, 200.0], **{header: [plain, plain, word]}),
            {"net_revenue": figure},
            code,
        )
        for header, plain, word, figure, code in (
            ("Doc. Kind", "Invoice", "Credit note", 1300.0, "C23"),
            ("Invoice category", "Standard", "Credit memo", 1300.0, "C23"),
            ("Type", "Facture", "Avoir", 1300.0, "C23"),
            ("Tipo documento", "Fattura", "Nota di credito", 1300.0, "C23"),
            ("Tipo", "Factura", "Abono", 1300.0, "C23"),
            ("Type", "ACCREC", "ACCRECCREDIT", 1300.0, "C23"),
            ("Stage", "Closed Won", "Closed Lost", 1500.0, "C23"),
            ("Scenario", "Actual", "Wish", 1500.0, "V02"),
            ("Storno-Kz", "", "X", 1500.0, "C23"),
            ("Test order", "No", "Yes", 1700.0, "C27"),
            ("Testauftrag", "", "X", 1700.0, "C27"),
            ("Cancelled at", "", "2024-01-30", 1500.0, "C23"),
            ("Document type", "FT", "NC", 1300.0, "C23"),
            ("Tipo doc.", "FT", "NC", 1300.0, "C23"),
            ("Type de pièce", "Facture", "Avoir", 1300.0, "C23"),
            ("Dokumenttype", "Faktura", "Kreditnota", 1300.0, "C23"),
            ("Opération", "Vente", "Retour", 1300.0, "C23"),
            ("Belegart", "RE", "GU", 1300.0, "C23"),
            ("Order type", "OR", "RE", 1300.0, "C23"),
            ("Belegart", "Rechnung", "Reklamation", 1700.0, "C27"),
            ("Dokumenttyp", "Rechnung", "Zahlung", 1700.0, "C27"),
            ("Type", "Invoice", "Journal", 1700.0, "C27"),
            ("Tositelaji", "Myyntilasku", "Suoritus", 1700.0, "C27"),
            ("Doc Type", "INV", "CN", 1300.0, "C23"),
            ("Billing Type", "F2", "G2", 1300.0, "C23"),
            ("Doc Type", "Standard", "CN", 1700.0, "C27"),
            ("Debit/Credit", "C", "D", 1700.0, "C27"),
            ("Soll/Haben", "H", "S", 1700.0, "C27"),
            ("Sign", "+", "-", 1700.0, "C27"),
            ("Text", "Goods", "Credit note 12 for invoice 3", 1700.0, "C27"),
            ("Line type", "Product", "Tax", 1700.0, "C27"),
            ("Is credit", "N", "Y", 1700.0, "C27"),
            ("Return? (Y/N)", "N", "Y", 1300.0, "C23"),
            ("Gutschrift (J/N)", "N", "J", 1300.0, "C23"),
            ("Status", "Delivered", "Open", 1700.0, "C27"),
            ("Fulfillment status", "Fulfilled", "Unfulfilled", 1700.0, "C27"),
            ("Lieferstatus", "Geliefert", "Offen", 1700.0, "C27"),
        )
    ),
    Case(
        "numbers of credit notes",
        sales(gross_revenue=[1000.0, 200.0], cogs=[0.0, 0.0], invoice=["INV-1", "CN-2"]),
        {"net_revenue": 1200.0},
        "C27",
    ),
    Case(
        "a C before a number",
        sales(gross_revenue=[1000.0, 500.0, 200.0], cogs=[0.0] * 3, invoice=["536365", "536366", "C536379"]),
        {"net_revenue": 1700.0},
        "C27",
    ),
    *(
        Case(
            header,
            sales(gross_revenue=[5749.99, 700.0], **{header: ["USD", "EUR"]}),
            {"net_revenue": 700.0},
            "C14",
        )
        for header in ("Curr Key", "FX", "Valuuttalaji", "Invoiced in", "Document currency key")
    ),
    Case(
        "exchange rates without currencies",
        sales(gross_revenue=[1000.0, 500.0], **{"Exchange rate": [0.9, 1.0]}),
        {"net_revenue": 1500.0},
        "C22",
    ),
    Case(
        "a negative quantity beside positive revenue",
        sales(gross_revenue=[1000.0, 200.0], quantity=[2.0, -1.0]),
        {"net_revenue": 1200.0},
        "C15",
    ),
    Case(
        "percentages larger than the sale",
        sales(gross_revenue=[10.0, 5.0, 20.0], discount=[10.0, 15.0, 0.0]),
        {"net_revenue": 10.0},
        "C30",
    ),
    *(
        Case(
            f"{header} says nothing",
            sales(
                gross_revenue=[1000.0, 500.0],
                discount=[0.0, 0.0],
                returns=[0.0, 0.0],
                **{header: list(words)},
            ),
            {"net_revenue": 1500.0},
            "",
        )
        for header, words in (
            ("Type", ("B2B", "B2C")),
            ("Type", ("Invoice", "Service")),
            ("Type", ("Invoice", "Tax invoice")),
            ("Belegart", ("Rechnung", "Schlussrechnung")),
            ("Laskutyyppi", ("Lasku", "Myyntilasku")),
            ("Status", ("Invoiced", "Shipped")),
            ("Status", ("Paid", "Open")),
            ("Order type", ("Standard", "Rush")),
            ("Status", ("Paid", "Not returned")),
            ("Payment method", ("Credit card", "Cash")),
            ("State", ("SC", "CA")),
            ("Kurssi", (101, 102)),
            ("Promotion", ("Offer", "None")),
            ("Country", ("SWE", "EUR")),
            ("Product text", ("Return label", "Void filler")),
            ("invoice", ("A-1", "C-2")),
        )
    ),
    Case(
        "a word that leaves doubt",
        sales(gross_revenue=[1000.0, 200.0], Status=["Delivered", "Partially returned"]),
        {"net_revenue": 1200.0},
        "C27",
    ),
    Case(
        "words elsewhere",
        sales(gross_revenue=[1000.0, 200.0], Remark=["", "Return"]),
        {"net_revenue": 1200.0},
        "C27",
    ),
    Case(
        "all revenue negative", sales(gross_revenue=[-1000.0], cogs=[600.0]), {"gross_margin": 400.0}, "C24"
    ),
    Case(
        "all costs negative",
        sales(gross_revenue=[1000.0], cogs=[-600.0])
        | {"DirectCosts": {"date": [DAY], "customer": ["A"], "group": ["order"], "amount": [-70.0]}},
        {"profit": 330.0},
        "C24",
    ),
    Case("all money negative", sales(gross_revenue=[-1000.0], cogs=[-600.0]), {"gross_margin": 400.0}, "C24"),
    Case(
        "discounts negative",
        sales(gross_revenue=[1000.0, 500.0], discount=[-100.0, 0.0]),
        {"net_revenue": 1400.0},
        "C24",
    ),
    Case(
        "a credit note with its discount",
        sales(gross_revenue=[1000.0, -100.0], cogs=[600.0, -60.0], discount=[0.0, -10.0]),
        {"net_revenue": 910.0},
        "",
    ),
    Case(
        "some revenue negative beside its cost",
        sales(gross_revenue=[1000.0, -100.0], cogs=[600.0, 60.0]),
        {"net_revenue": 900.0},
        "C29",
    ),
    Case(
        "discount rates",
        sales(gross_revenue=[1000.0, 500.0], discount=[0.1, 0.05]),
        {"net_revenue": 1375.0},
        "C25",
    ),
    Case(
        "rates as text",
        sales(gross_revenue=[1000.0, 500.0], discount=["10 %", "5%"]),
        {"net_revenue": 1375.0},
        "C25",
    ),
    Case("cost as a share", sales(gross_revenue=[1000.0, 500.0], cogs=[0.6, 0.5]), {"cogs": -850.0}, "C25"),
    Case(
        "day first",
        {
            "Sales": {
                "date": days("d", 6, 3, 10, 17, 24),
                "customer": ["A"] * 24,
                "gross_revenue": [100.0] * 24,
            }
        },
        {"net_revenue": 2400.0},
        "",
    ),
    Case(
        "a date far off",
        {"Sales": {"date": [DAY, dt.date(2052, 1, 31)], "customer": ["A", "A"], "gross_revenue": [1.0, 2.0]}},
        None,
        "S05",
    ),
    Case(
        "a date far off, the span named",
        {"Sales": {"date": [DAY, dt.date(2052, 1, 31)], "customer": ["A", "A"], "gross_revenue": [1.0, 2.0]}},
        {"net_revenue": 1.0},
        "",
        settings={"end": dt.date(2024, 12, 31)},
    ),
]


def as_frames(case: Case, folder: Path) -> Any:
    return xlprofit.analyze(frames(case))


def frames(case: Case) -> dict[str, pd.DataFrame]:
    tables = {name: pd.DataFrame(columns) for name, columns in case.sheets.items()}
    if case.settings:
        names = list(case.settings)
        tables["Settings"] = pd.DataFrame(
            {"setting": names, "value": pd.Series([case.settings[name] for name in names], dtype=object)}
        )
    return tables


def as_workbook(case: Case, folder: Path) -> Any:
    return xlprofit.analyze(write_book(folder / "book.xlsx", frames(case)))


def write_book(path: Path, tables: Mapping[str, pd.DataFrame]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, frame in tables.items():
        sheet = book.create_sheet(name)
        sheet.append(list(frame.columns))
        for row in frame.astype(object).itertuples(index=False):
            sheet.append(list(row))
    book.save(path)
    return path


def as_csv(case: Case, folder: Path) -> Any:
    sources = []
    for name, columns in case.sheets.items():
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(columns)
            writer.writerows(zip(*columns.values(), strict=True))
        sources.append(f"{name}={path}")
    tables = {name: frame for name, frame in frames(case).items() if name == "Settings"}
    return xlprofit.analyze(tables, sources=sources)


@pytest.mark.parametrize("host", [as_frames, as_workbook, as_csv], ids=["frames", "workbook", "csv"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_column_means_one_thing(case: Case, host: Callable[[Case, Path], Any], tmp_path: Path) -> None:
    if case.figures is None:
        with pytest.raises(StoppedError) as stopped:
            host(case, tmp_path)
        assert case.code in {f.code for f in stopped.value.findings}
        return
    results = host(case, tmp_path)
    for measure, value in case.figures.items():
        assert results.customers.loc["A", measure] == pytest.approx(value, rel=1e-12), measure
    said = {f.code: f for f in results.findings}
    if case.code:
        assert said[case.code].severity in LOUD
    else:
        conventions = {f"C{number}" for number in range(20, 31)} | {"C02", "C07", "C14"}
        assert not conventions & set(said)


@pytest.mark.parametrize("header", ["Scenario", "Version", "Szenario", "Value type"])
def test_a_budget_beside_what_came_about_is_no_sale_and_is_said(header: str) -> None:
    words = ["Actual", "", "Budget"]
    results = xlprofit.analyze(
        frames(Case("", sales(gross_revenue=[1000.0, 500.0, 200.0], **{header: words}), {}, ""))
    )
    assert results.customers.loc["A", "net_revenue"] == 1500.0
    told = [(f.severity, f.count) for f in results.findings if f.code == "V01"]
    assert told == [("note", 1)]
    assert not {"C23", "C27", "V02"} & {f.code for f in results.findings}


# --- what only cells of a workbook can say -----------------------------------------------------------


def formatted(path: Path, formats: Mapping[str, str], tables: Mapping[str, pd.DataFrame]) -> Path:
    """A workbook whose cells on the sheet Sales bear these formats, by address."""
    book = openpyxl.load_workbook(write_book(path, tables))
    for address, code in formats.items():
        book["Sales"][address].number_format = code
    book.save(path)
    return path


def net_revenue(path: Path) -> tuple[float, dict[str, Finding]]:
    results = xlprofit.analyze(path)
    return float(results.customers["net_revenue"].to_dict()["A"]), {f.code: f for f in results.findings}


TWO = {"Sales": pd.DataFrame({"date": [DAY, DAY], "customer": ["A", "A"], "gross_revenue": [5749.99, 700.0]})}


@pytest.mark.parametrize(
    "dollar", ["[$$-409]#,##0.00", '"$"#,##0', "#,##0.00 [$USD]", r"\$0.00", '0.00" USD"', "[$£-809]0"]
)
@pytest.mark.parametrize("euro", ["[$€-2] #,##0.00", '#,##0.00 "€"', "General"])
def test_the_format_of_a_cell_says_its_currency(dollar: str, euro: str, tmp_path: Path) -> None:
    total, said = net_revenue(formatted(tmp_path / "book.xlsx", {"C2": dollar, "C3": euro}, TWO))
    assert total == 700.0
    assert said["C14"].severity == "error" and said["C14"].cell == "C2"
    assert read_figures(said["C14"].what)[0] == 5749.99


def test_formats_of_one_currency_are_that_of_the_workbook(tmp_path: Path) -> None:
    code = "[$$-409]#,##0.00"
    total, said = net_revenue(formatted(tmp_path / "book.xlsx", {"C2": code, "C3": code}, TWO))
    assert total == 6449.99 and said["C22"].severity == "warning"


@pytest.mark.parametrize("number", [5, 7, 42, 44])
def test_a_format_that_depends_on_the_country_says_nothing(number: int, tmp_path: Path) -> None:
    """Excel's own formats of money show the currency of whoever opens the workbook."""
    code = BUILTIN_FORMATS[number]
    tables = TWO | {"Settings": pd.DataFrame({"setting": ["currency"], "value": ["EUR"]})}
    path = formatted(tmp_path / "book.xlsx", {"C2": code}, tables)
    total, said = net_revenue(path)
    assert total == 6449.99 and "C14" not in said


def test_a_column_of_currencies_goes_before_a_format(tmp_path: Path) -> None:
    tables = {"Sales": TWO["Sales"].assign(Currency=["EUR", "EUR"])}
    total, said = net_revenue(formatted(tmp_path / "book.xlsx", {"C2": "[$$-409]0"}, tables))
    assert total == 6449.99 and "C14" not in said


def test_a_discount_formatted_as_a_percentage_is_a_rate(tmp_path: Path) -> None:
    tables = {"Sales": TWO["Sales"].assign(discount=[0.1, 100.0])}
    total, said = net_revenue(formatted(tmp_path / "book.xlsx", {"D2": "0.0%"}, tables))
    assert total == pytest.approx(5749.99 * 0.9 + 600.0, rel=1e-12) and said["C25"].severity == "warning"


def test_formats_are_found_on_a_long_sheet(tmp_path: Path) -> None:
    size = 20_000
    frame = pd.DataFrame(
        {"date": [DAY] * size, "customer": ["A"] * size, "gross_revenue": [float(i) for i in range(size)]}
    )
    path = formatted(tmp_path / "book.xlsx", {"C20001": "#,##0.00 [$USD]"}, {"Sales": frame})
    total, said = net_revenue(path)
    assert total == sum(range(size - 1)) and said["C14"].cell == "C20001"


# --- day and month that Excel swapped on opening -----------------------------------------------------


def by_month(cells: list[Any]) -> tuple[list[float], dict[str, Finding]]:
    tables = {"Sales": pd.DataFrame({"date": cells, "customer": "A", "gross_revenue": 100.0})}
    results = xlprofit.analyze(tables)
    frame = (
        results.ledger[results.ledger["line"] == "gross_revenue"]
        if "line" in results.ledger
        else results.ledger
    )
    sums = frame.groupby("period", observed=True)["amount"].sum()
    return [float(x) for x in sums[sums != 0]], {f.code: f for f in results.findings}


@pytest.mark.parametrize("order", ["d", "m"])
@pytest.mark.parametrize("of_month", [(3, 10, 17, 24), (5, 6, 20, 21), (1, 2, 13, 31 - 3)])
def test_dates_that_excel_swapped_are_swapped_back(order: str, of_month: tuple[int, ...]) -> None:
    other = "m" if order == "d" else "d"
    sums, said = by_month(days(order, 6, *of_month, opened_in=other))
    assert sums == [400.0] * 6
    assert said["C21"].severity == "warning"


def test_dates_that_excel_read_rightly_stay() -> None:
    sums, said = by_month([dt.date(2024, month, day) for month in range(1, 7) for day in (3, 10, 17, 24)])
    assert sums == [400.0] * 6 and "C21" not in said


def test_a_year_of_texts_is_read_whole() -> None:
    year = pd.date_range("2023-01-01", "2023-12-31")
    sums, said = by_month([f"{day:%d/%m/%Y}" for day in year])
    assert sums == [100.0 * day for day in (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)]
    assert not {"C06", "C07", "C21"} & set(said)


def test_a_year_of_american_texts_with_a_time_is_read_whole() -> None:
    year = pd.date_range("2003-01-01", "2003-12-31")
    sums, said = by_month([f"{day.month}/{day.day}/{day.year} 0:00" for day in year])
    assert sums[:2] == [3100.0, 2800.0] and not {"C06", "C07", "C21"} & set(said)


def test_dates_that_nothing_settles_are_loud() -> None:
    said = {
        f.code
        for f in xlprofit.check(
            {
                "Sales": pd.DataFrame(
                    {
                        "date": ["01/02/2024", "03/04/2024", "2024-01-01"],
                        "customer": "A",
                        "gross_revenue": 1.0,
                    }
                )
            }
        )
    }
    assert "C07" in said


def test_little_evidence_of_a_swap_leaves_the_dates_and_warns() -> None:
    sums, said = by_month([dt.date(2024, 3, 1), "13/02/2024"])
    assert len(sums) == 2 and said["C21"].severity == "warning"


# --- nothing depends on the order of the rows; what is right is not warned of ------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_order_of_the_rows_does_not_matter(case: Case) -> None:
    tables = frames(case)
    turned = {name: frame.iloc[::-1].reset_index(drop=True) for name, frame in tables.items()}
    told: list[tuple[object, list[str]]] = []
    for given in (tables, turned):
        try:
            results = xlprofit.analyze(given)
        except StoppedError as error:
            told.append((None, sorted(f.code for f in error.findings)))
        else:
            told.append((results.customers.to_dict(), sorted(f.code for f in results.findings)))
    assert told[0] == told[1]


@pytest.mark.parametrize("change", ["single quotes", "no addresses"])
def test_formats_are_found_however_the_sheet_is_written(change: str, tmp_path: Path) -> None:
    path = formatted(tmp_path / "book.xlsx", {"C2": "[$$-409]0"}, TWO)

    def rewrite(xml: bytes) -> bytes:
        if change == "single quotes":
            return re.sub(rb'\b(r|s|t)="([^"]*)"', rb"\1='\2'", xml)
        return re.sub(rb'<c r="[A-Z]+\d+"', b"<c", xml)

    total, said = net_revenue(changed(path, "xl/worksheets/sheet1.xml", rewrite))
    assert total == 700.0 and said["C14"].cell == "C2"


def changed(path: Path, part: str, rewrite: Callable[[bytes], bytes]) -> Path:
    """The workbook with one of its parts rewritten."""
    target = path.with_name("changed.xlsx")
    with ZipFile(path) as book, ZipFile(target, "w") as copy:
        for name in book.namelist():
            content = book.read(name)
            copy.writestr(name, rewrite(content) if name == part else content)
    return target
