"""Columns under the headers that exports have: read with the right figure, or said in a warning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from _pytest.mark import ParameterSet
from openpyxl import Workbook

import xlprofit
from tests.figures import read_figures, read_names
from tests.needs import takes_minutes
from xlprofit.findings import Finding
from xlprofit.headings import header_ranks, keys_of
from xlprofit.results import Results
from xlprofit.tables import TABLES, header_key
from xlprofit.tables.other_headers import MEANS_ELSE

Lines = list[dict[str, Any]]
Way = Callable[[dict[str, Lines], Path], Results]
"""How tables come in: from their rows, with a folder for files, to the results."""


def from_frames(tables: dict[str, Lines], folder: Path) -> Results:
    return xlprofit.analyze({name: pd.DataFrame(rows) for name, rows in tables.items()})


def from_workbook(tables: dict[str, Lines], folder: Path) -> Results:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        headers = list(rows[0])
        sheet.append(headers)
        for row in rows:
            sheet.append([row[header] for header in headers])
    book.save(folder / "book.xlsx")
    return xlprofit.analyze(folder / "book.xlsx")


def from_csv(tables: dict[str, Lines], folder: Path) -> Results:
    sources = []
    for name, rows in tables.items():
        path = folder / f"{name}.csv"
        pd.DataFrame(rows).to_csv(path, index=False)
        sources.append(f"{name}={path}")
    return xlprofit.analyze({}, sources=sources)


WAYS = (from_frames, from_workbook, from_csv)

COSTS = (
    *("Total Cost", "Cost", "COGS (EUR)", "Cogs EUR", "Cogs, €", "COGS €", "Standard cost", "Cost of Goods"),
    *(
        "Cost of goods sold",
        "Cost amount",
        "Cost Amount (Actual)",
        "COST OF SALES",
        "Total_Costs",
        "Costs in EUR",
    ),
    *(
        "Wareneinsatz",
        "Wareneinsatz (€)",
        "Einstandskosten",
        "Herstellkosten",
        "Selbstkosten",
        "Materialaufwand",
    ),
    *("Kostnad såld vara", "Kostnad sald vara", "Varukostnad", "Inköpsvärde", "KSV"),
    *("Hankintakulut", "Hankintahinta yhteensä", "Ostohinta yhteensa", "Myytyjen tuotteiden hankintakulut"),
)
PAID = (
    *(
        "SettledDate",
        "Settled date",
        "Date paid",
        "Paid on",
        "Clearing date",
        "Receipt date",
        "Payment received",
    ),
    *(
        "Payment Date",
        "Closed at Date",
        "Cash receipt date",
        "Zahlungsdatum",
        "Ausgleichsdatum",
        "Bezahlt am",
    ),
    *("Betaldatum", "Slutbetald", "Maksupäivä", "Maksupaiva", "Suorituspvm"),
)
REVENUE = (
    *(
        "Revenue",
        "Net amount",
        "Line total",
        "Extended price",
        "Amount",
        "Net sales (EUR)",
        "Sales EUR",
        "Turnover",
    ),
    *("Umsatz", "Nettoumsatz", "Erlöse", "Erloese", "Umsatz ohne MwSt", "Amount excl. VAT", "Försäljning"),
    *("Omsättning", "Belopp", "Myynti", "Liikevaihto", "Myynti, €", "Veroton summa"),
)
CUSTOMERS = (
    *(
        "Sold-to party",
        "Bill-to Customer No.",
        "Debtor",
        "Account No",
        "Customer #",
        "Customer Name",
        "Company",
    ),
    *(
        "Kunde",
        "Kundennummer",
        "Kunden-Nr.",
        "Kund",
        "Kundnr",
        "Kundnamn",
        "Asiakas",
        "Asiakkaan nimi",
        "KUNNR",
    ),
)


def sale(**changed: str) -> Lines:
    """One sale of 1,000 with 600 of cost, under other headers."""
    row = {"date": dt.date(2025, 6, 30), "customer": "ACME", "gross_revenue": 1000.0, "cogs": 600.0}
    return [{changed.get(name, name): value for name, value in row.items()}]


def loud(results: Results) -> list[Finding]:
    return [found for found in results.findings if found.severity != "note"]


def assert_read(results: Results) -> None:
    customer = results.customers.loc["ACME"]
    assert customer["net_revenue"] == 1000.0
    assert customer["gross_margin"] == 400.0
    assert loud(results) == []


def list_ways(headers: Iterable[str]) -> Iterator[ParameterSet]:
    """Yield every header read from DataFrames, the first in every other way too; with ``--all`` each in each."""
    for place, header in enumerate(headers):
        for way in WAYS:
            yield pytest.param(header, way, marks=takes_minutes if place and way is not WAYS[0] else ())


@pytest.mark.parametrize(("header", "way"), list_ways(COSTS))
def test_a_cost_column_is_read_under_its_usual_headers(header: str, way: Way, tmp_path: Path) -> None:
    results = way({"Sales": sale(cogs=header)}, tmp_path)
    assert_read(results)
    assert any(header in found.what for found in results.findings if found.code == "H01")


@pytest.mark.parametrize(("header", "way"), list_ways(REVENUE))
def test_revenue_is_read_under_its_usual_headers(header: str, way: Way, tmp_path: Path) -> None:
    assert_read(way({"Sales": sale(gross_revenue=header)}, tmp_path))


@pytest.mark.parametrize(("header", "way"), list_ways(CUSTOMERS))
def test_customers_are_read_under_their_usual_headers(header: str, way: Way, tmp_path: Path) -> None:
    assert_read(way({"Sales": sale(customer=header)}, tmp_path))


def invoice(paid: str) -> dict[str, Lines]:
    """An invoice of 10,000 that was paid within days, a year before the last sale; unpaid it costs half of itself."""
    row = {
        "invoice": "1001",
        "customer": "ACME",
        "issued": dt.date(2024, 6, 1),
        "due": dt.date(2024, 7, 1),
        "amount": 10000.0,
        paid: dt.date(2024, 6, 11),
    }
    return {
        "Sales": sale(),
        "Invoices": [row],
        "LossRates": [{"days_past_due": 0.0, "rate": 0.0}, {"days_past_due": 180.0, "rate": 0.5}],
        "Settings": [
            *(
                {"setting": name, "value": value}
                for name, value in (("start", "2024-01-01"), ("end", "2025-06-30"))
            ),
            {"setting": "cost_of_capital", "value": "0.1"},
        ],
    }


@pytest.mark.parametrize("way", WAYS[:2])
@pytest.mark.parametrize("header", PAID)
def test_an_invoice_that_was_paid_costs_no_loss(header: str, way: Way, tmp_path: Path) -> None:
    results = way(invoice(header), tmp_path)
    # Ten days at 10 % a year, and no expected loss; as an open invoice it would cost 5,000 more.
    assert results.customers.loc["ACME", "cost_of_credit"] == pytest.approx(-10000 * 0.1 * 10 / 365)
    assert loud(results) == []


@pytest.mark.parametrize("header", PAID)
def test_an_invoice_in_a_file_of_text_that_was_paid_costs_no_loss(header: str, tmp_path: Path) -> None:
    tables = invoice(header)
    settings = {name: pd.DataFrame(tables.pop(name)) for name in ("Settings", "LossRates")}
    path = tmp_path / "invoices.csv"
    pd.DataFrame(tables["Invoices"]).to_csv(path, index=False)
    given = {**settings, "Sales": pd.DataFrame(tables["Sales"])}
    results = xlprofit.analyze(given, sources=[f"Invoices={path}"])
    assert results.customers.loc["ACME", "cost_of_credit"] == pytest.approx(-10000 * 0.1 * 10 / 365)
    assert loud(results) == []


# --- what is not known is said, in money ---------------------------------------------------------------


def say(results: Results, code: str) -> list[str]:
    return [found.what for found in results.findings if found.code == code]


@pytest.mark.parametrize("way", WAYS)
def test_sales_without_cogs_say_what_is_assumed_and_what_was_not_used(way: Way, tmp_path: Path) -> None:
    (row,) = sale(cogs="Kst ges")
    results = way({"Sales": [{**row, "Freight": 20.5, "Salesman": "Jane Smith"}]}, tmp_path)
    (what,) = say(results, "H06")
    assert read_figures(what) == [1000.0] and read_names(what) == ["Kst ges", "Freight"]
    assert results.customers.loc["ACME", "gross_margin"] == 1000.0


def test_sales_without_any_other_column_say_it_too() -> None:
    row = {name: value for name, value in sale()[0].items() if name != "cogs"}
    results = from_frames({"Sales": [row]}, Path())
    assert [found.code for found in loud(results)] == ["H06"]
    assert read_names(loud(results)[0].what) == []


def test_cost_of_goods_that_stand_in_direct_costs_are_not_missed() -> None:
    row = {name: value for name, value in sale()[0].items() if name != "cogs"}
    cost = {"date": row["date"], "customer": "ACME", "group": "cogs", "amount": 600.0}
    results = from_frames({"Sales": [row], "DirectCosts": [cost]}, Path())
    assert loud(results) == []
    assert results.customers.loc["ACME", "gross_margin"] == 400.0


@pytest.mark.parametrize("way", WAYS[:2])
def test_invoices_without_the_day_of_payment_say_what_is_assumed(way: Way, tmp_path: Path) -> None:
    results = way(invoice("Geldeingang"), tmp_path)
    (what,) = say(results, "H06")
    assert " paid: " in what
    assert (read_figures(what), read_names(what)) == ([1.0, 10_000.0], ["Geldeingang"])


def test_open_invoices_alone_are_no_warning() -> None:
    tables = invoice("paid")
    tables["Invoices"][0]["paid"] = None
    assert loud(from_frames(tables, Path())) == []


def test_a_column_of_which_every_cell_is_blank_is_as_good_as_missing() -> None:
    (row,) = sale()
    results = from_frames({"Sales": [{**row, "cogs": None, "Kst ges": 600.0}]}, Path())
    (what,) = say(results, "H06")
    assert what.startswith("cogs is blank") and what.endswith('"Kst ges"')


@pytest.mark.parametrize(
    "header", ["Unit cost", "Unit Price", "Cost per unit", "Profit", "Gross margin", "Price"]
)
def test_a_price_for_one_and_a_profit_are_no_cost_of_goods(header: str) -> None:
    results = from_frames({"Sales": sale(cogs=header)}, Path())
    (what,) = say(results, "H06")
    assert f'"{header}"' in what
    assert say(results, "H07") == []


@pytest.mark.parametrize("header", ["Net sales", "Nettoumsatz", "Line total", "Nettomyynti"])
def test_a_discount_is_not_deducted_twice_in_silence(header: str) -> None:
    (row,) = sale(gross_revenue=header)
    (what,) = say(from_frames({"Sales": [{**row, "Discount": 50.0}]}, Path()), "H09")
    assert header in what and "50.00 EUR" in what
    assert say(from_frames({"Sales": [{**row, "Discount": 0.0}]}, Path()), "H09") == []


def test_a_total_beside_its_tax_is_said() -> None:
    (row,) = sale(gross_revenue="Total")
    assert len(say(from_frames({"Sales": [{**row, "MwSt.": 190.0}]}, Path()), "H09")) == 1
    assert loud(from_frames({"Sales": [row]}, Path())) == []


# --- of two columns the right one --------------------------------------------------------------------


def sales(**columns: object) -> Lines:
    """Four sales of 100 each to two customers in turn; a column more for each keyword, a value or a list of them."""
    rows = []
    for i in range(4):
        row: dict[str, Any] = {"date": dt.date(2025, 1 + i, 15), "gross_revenue": 100.0, "cogs": 60.0}
        given = {name: value[i] if isinstance(value, list) else value for name, value in columns.items()}
        rows.append(given | row)
    return rows


BOTH = ["ACME", "Beta", "ACME", "Beta"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("one", ["Account", "Client", "Company", "Partner"])
@pytest.mark.parametrize("other", ["Customer Name", "Sold-to party", "Kundenname", "Debitor"])
def test_a_ledger_account_is_no_customer(one: str, other: str, way: Way, tmp_path: Path) -> None:
    results = way({"Sales": sales(**{one: 3000, other: BOTH})}, tmp_path)
    assert sorted(results.customers.index) == ["ACME", "Beta"]
    assert way is from_csv or any(one in read_names(found.what) for found in results.findings)


def test_of_two_weak_headers_the_one_that_varies_is_read_and_said_loudly() -> None:
    results = from_frames({"Sales": sales(Account="3000", Client=BOTH)}, Path())
    assert sorted(results.customers.index) == ["ACME", "Beta"]
    (found,) = loud(results)
    assert found.code == "H02" and "Account" in read_names(found.what)


def test_a_ledger_account_alone_is_said_loudly() -> None:
    (found,) = loud(from_frames({"Sales": sales(Account="3000")}, Path()))
    assert found.code == "H09" and "Account" in read_names(found.what)
    assert loud(from_frames({"Sales": sales(Account=BOTH)}, Path())) == []
    assert loud(from_frames({"Sales": sales(customer="ACME")}, Path())) == []


def test_a_name_beside_the_number_is_no_second_customer() -> None:
    numbers = ["10", "20", "10", "20"]
    for headers in (("Customer Name", "Customer No"), ("Customer No", "Customer Name"), ("Name", "customer")):
        name, number = sorted(headers, key=lambda header: "ame" not in header)
        columns = {header: BOTH if header == name else numbers for header in headers}
        results = from_frames({"Sales": sales(**columns)}, Path())
        assert sorted(results.customers.index) == ["10", "20"], number
        assert loud(results) == []


def test_two_customers_of_a_sale_are_said_loudly() -> None:
    payer = ["Group", "Beta", "Other", "Beta"]
    results = from_frames({"Sales": sales(**{"Bill-to Customer No.": payer, "Sold-to party": BOTH})}, Path())
    assert sorted(results.customers.index) == ["ACME", "Beta"]
    assert [found.code for found in loud(results)] == ["H02"]


@pytest.mark.parametrize("order", [1, -1])
def test_the_more_specific_header_is_read_wherever_it_stands(order: int) -> None:
    (row,) = sale(cogs="Cost of goods sold", gross_revenue="Sales amount")
    more = {"Cost": 9.0, "Amount": 7.0, **row}
    results = from_frames({"Sales": [dict(list(more.items())[::order])]}, Path())
    assert results.customers.loc["ACME", "gross_margin"] == 400.0
    assert [found.code for found in loud(results)] == ["H02", "H02"]


def test_a_blank_column_gives_way_to_one_that_is_filled_in() -> None:
    (row,) = sale(cogs="Total cost")
    results = from_frames({"Sales": [{**row, "cogs": None, "customer": None, "Customer No": "ACME"}]}, Path())
    assert_read(results)


def test_of_two_currencies_that_of_the_run_is_read() -> None:
    (row,) = sale(gross_revenue="Sales (EUR)")
    results = from_frames({"Sales": [{"Sales (USD)": 1100.0, **row}]}, Path())
    assert results.customers.loc["ACME", "net_revenue"] == 1000.0


def test_customers_that_have_a_name_alone_are_known_by_it() -> None:
    customers = [{"Account Name": "ACME", "Industry": "Retail", "City": "Turku"}]
    results = from_frames({"Sales": sale(), "Customers": customers}, Path())
    assert loud(results) == []
    assert list(results.inputs["Customers"]["segment"]) == ["Retail"]


# --- the synonyms themselves -------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_no_header_means_two_columns_of_a_table(table: str) -> None:
    seen: dict[str, str] = {}
    for column in TABLES[table].columns:
        for key in header_ranks(table, column.name):
            assert seen.setdefault(key, column.name) == column.name, key


@pytest.mark.parametrize(
    "words",
    [
        words
        for table in TABLES.values()
        for column in table.columns
        for words in vars(column.synonyms).values()
        if words
    ],
)
def test_no_header_is_listed_twice(words: tuple[str, ...]) -> None:
    keys = [header_key(word) for word in words]
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("column", ["gross_revenue", "discount", "returns", "cogs"])
def test_no_money_is_read_from_what_means_something_else(column: str) -> None:
    assert not keys_of(MEANS_ELSE) & set(header_ranks("Sales", column))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "own",
    [
        {"Type": "B2B"},
        {"Year": 2025, "Month": 6, "Week": 26},
        {"Vuosi": 2025},
        {"Gewicht": 12.5},
        {"Class": "F2"},
    ],
)
def test_own_columns_that_are_no_amounts_are_left_in_peace(
    own: dict[str, Any], way: Way, tmp_path: Path
) -> None:
    assert loud(way({"Sales": [{**sale()[0], **own}]}, tmp_path)) == []
