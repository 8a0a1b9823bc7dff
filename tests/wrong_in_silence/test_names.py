"""One customer under several names, and totals among the rows: in DataFrames, on a sheet and in a CSV."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import xlprofit
from tests.companies import analyze_sample
from tests.figures import read_figures, read_names
from xlprofit import samples
from xlprofit.results import Results

JAN, FEB = dt.date(2024, 1, 15), dt.date(2024, 2, 15)
HEADERS = ("date", "customer", "gross_revenue", "cogs")
Row = tuple[dt.date, object, float, float]
Tables = dict[str, pd.DataFrame]
Host = Callable[[list[Row], Tables, Path], Results]


def from_frames(rows: list[Row], others: Tables, folder: Path) -> Results:
    return xlprofit.analyze({"Sales": pd.DataFrame(rows, columns=HEADERS, dtype=object), **others})


def from_sheets(rows: list[Row], others: Tables, folder: Path) -> Results:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sales"
    for row in (HEADERS, *rows):
        sheet.append(list(row))
    for name, frame in others.items():
        sheet = book.create_sheet(name)
        sheet.append(list(frame.columns))
        for cells in frame.astype(object).where(frame.notna(), None).itertuples(index=False):
            sheet.append(list(cells))
    book.save(folder / "book.xlsx")
    return xlprofit.analyze(folder / "book.xlsx")


def from_csv(rows: list[Row], others: Tables, folder: Path) -> Results:
    with (folder / "x.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADERS, *rows])
    return xlprofit.analyze(others, sources=[f"Sales={folder / 'x.csv'}"])


HOSTS = pytest.mark.parametrize("host", [from_frames, from_sheets, from_csv])


def aloud(results: Results) -> set[str]:
    return {f.code for f in results.findings if f.severity != "note"}


def profits(results: Results) -> dict[str, float]:
    return {str(name): float(p) for name, p in results.customers["profit"].items()}


def frame(columns: str, *rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split())


# --- one customer, written in two ways ----------------------------------------------------------------

SPELLINGS = [
    ("123", "0000000123"),
    ("123", "123.0"),
    ("0123", "00123"),
    ("O'Hara", "O\u2019Hara"),
    ("O'Hara", "O\u02bcHara"),
    ("O'Hara", "O`Hara"),
    ("O'Hara", "O\u00b4Hara"),
    ("Coca-Cola", "Coca\u2011Cola"),
    ("Coca-Cola", "Coca\u2013Cola"),
    ("Coca-Cola", "Coca\u2212Cola"),
    ("Acme", "Ac\u200cme"),
    ("Acme", "Ac\u200dme"),
    ("Acme", "\ufeffAcme"),
    ("Acme", "Ac\u00adme"),
    ("Acme Oy", "Acme\u00a0Oy"),
    ("Acme Oy", "ACME  oy"),
    ("Acme 12", "\uff21\uff43\uff4d\uff45 \uff11\uff12"),
]


@HOSTS
@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_spellings_of_one_name_are_one_customer(host: Host, one: str, other: str, tmp_path: Path) -> None:
    rows: list[Row] = [(JAN, one, 1000, 600), (FEB, one, 500, 200), (FEB, other, 100, 40)]
    results = host(rows, {}, tmp_path)
    assert list(profits(results).values()) == [760]
    assert "N01" in aloud(results)
    assert results.resolve_customer(one) == results.resolve_customer(other)


def test_a_number_and_its_text_are_one_customer_without_a_word() -> None:
    results = from_frames([(JAN, 123, 1000, 600), (JAN, "123", 100, 40), (JAN, 123.0, 10, 4)], {}, Path())
    assert profits(results) == {"123": 466}
    assert "N01" not in aloud(results)


def test_the_spelling_is_that_of_customers_with_its_zeros() -> None:
    customers = frame("customer name", ("0000000123", "Acme"))
    results = from_frames([(JAN, 123, 1000, 600), (JAN, "123", 100, 40)], {"Customers": customers}, Path())
    assert profits(results) == {"0000000123": 460}
    assert results.resolve_customer("00123") == results.resolve_customer("123.0") == "0000000123"


def test_names_that_are_not_numbers_keep_their_zeros() -> None:
    results = from_frames([(JAN, "A-007", 1000, 600), (JAN, "A-7", 100, 40)], {}, Path())
    assert profits(results) == {"A-007": 400, "A-7": 60}


def test_every_table_folds_names_in_the_same_way() -> None:
    direct = frame(
        "date customer group amount", (JAN, "0123", "service", 25.0), (JAN, "o\u2019hara", "service", 5.0)
    )
    invoices = frame("invoice customer issued due amount paid", (1, 123, JAN, JAN, 5, JAN))
    sales: list[Row] = [(JAN, "123", 100, 40), (JAN, "O'Hara", 50, 20)]
    results = from_frames(sales, {"DirectCosts": direct, "Invoices": invoices}, Path())
    assert profits(results) == {"0123": 35, "O'Hara": 25} or profits(results) == {"123": 35, "O'Hara": 25}


# --- Aliases ------------------------------------------------------------------------------------------


@HOSTS
def test_aliases_join_what_differs(host: Host, tmp_path: Path) -> None:
    rows: list[Row] = [(JAN, "Acme", 1000, 600), (JAN, "C-17", 100, 40), (FEB, "web/acme", 10, 5)]
    aliases = frame("system id customer", ("CRM", "c-17", "Acme"), ("shop", "web/acme", "C-17"))
    results = host(rows, {"Aliases": aliases}, tmp_path)
    assert profits(results) == {"Acme": 465}
    assert {f.code: f.count for f in results.findings if f.code[0] == "N"} == {"N02": 2}
    assert results.resolve_customer("C-17") == results.resolve_customer("WEB/acme") == "Acme"


def test_aliases_come_from_a_file_too(tmp_path: Path) -> None:
    (tmp_path / "aliases.csv").write_text("id,customer\n0017,Acme\n", encoding="utf-8")
    sales = pd.DataFrame([(JAN, 17, 100, 40), (JAN, "Acme", 10, 5)], columns=HEADERS)
    results = xlprofit.analyze({"Sales": sales}, sources=[f"Aliases={tmp_path / 'aliases.csv'}"])
    assert profits(results) == {"Acme": 65}


def test_aliases_hold_in_every_table() -> None:
    tables = {
        "Customers": frame("customer segment", ("Acme", "Shops")),
        "Aliases": frame("id customer", ("17", "Acme")),
        "DirectCosts": frame("date customer group amount", (JAN, 17, "service", 25.0)),
        "Commissions": frame("scope value basis rate", ("customer", "0017", "net_revenue", 0.1)),
    }
    results = from_frames([(JAN, "Acme", 100, 40)], tables, Path())
    assert profits(results) == {"Acme": pytest.approx(100 - 40 - 25 - 10)}
    assert not aloud(results)


def test_an_alias_of_two_customers_joins_neither() -> None:
    aliases = frame("id customer", ("17", "Acme"), ("017", "Beta"))
    rows: list[Row] = [(JAN, "Acme", 100, 40), (JAN, "Beta", 10, 4), (JAN, "17", 1, 0)]
    results = from_frames(rows, {"Aliases": aliases}, Path())
    assert profits(results) == {"17": 1, "Acme": 60, "Beta": 6}
    assert "N03" in aloud(results)


def test_two_rows_that_come_to_the_same_customer_are_no_contradiction() -> None:
    aliases = frame("id customer", ("17", "Acme"), ("17", "Acme Old"), ("Acme Old", "Acme"))
    results = from_frames([(JAN, "Acme", 100, 40), (JAN, "17", 1, 0)], {"Aliases": aliases}, Path())
    assert profits(results) == {"Acme": 61} and aloud(results) == {"K01"}


def test_aliases_of_each_other_join_nobody() -> None:
    aliases = frame("id customer", ("A", "B"), ("B", "C"), ("C", "A"), ("D", "A"))
    rows: list[Row] = [(JAN, "A", 1, 0), (JAN, "B", 2, 0), (JAN, "C", 4, 0), (JAN, "D", 8, 0)]
    results = from_frames(rows, {"Aliases": aliases}, Path())
    assert profits(results) == {"A": 9, "B": 2, "C": 4}
    assert [f.count for f in results.findings if f.code == "N04"] == [1, 1, 1]


def test_a_customer_is_described_by_its_own_row() -> None:
    customers = frame("customer segment", ("Acme", "Shops"), ("Acme Old", "Hotels"))
    tables = {"Customers": customers, "Aliases": frame("id customer", ("Acme Old", "Acme"))}
    results = from_frames([(JAN, "Acme Old", 100, 40)], tables, Path())
    assert profits(results) == {"Acme": 60}
    assert list(results.inputs["Customers"]["segment"]) == ["Shops"]
    assert aloud(results) == {"N05"}


# --- what may be one customer -------------------------------------------------------------------------

ALIKE = [
    ("1001", "1001 - Acme"),
    ("1001", "Acme (1001)"),
    ("Acme Oy", "Acme, 1001"),
    ("Acme Ltd", "Acme Ltd."),
    ("Acme Ltd", "Acme Limited"),
    ("Acme Ltd", "Acme"),
    ("M\u00fcller", "Mueller"),
    ("M\u00fcller", "Muller"),
    ("\u00c5kerlund", "Aakerlund"),
    ("S\u00f8rensen A/S", "Soerensen AS"),
    ("ABC Foods", "A B C Foods"),
    ("ABC Foods", "A.B.C. Foods"),
    ("ABC Foods", "Foods, ABC"),
    ("Bob's Shop", "Bobs Shop"),
    ("Kone & Metalli Oy", "Kone ja Metalli"),
    ("Rossi S.p.A.", "Rossi SpA"),
    ("Weber GmbH & Co. KG", "Weber"),
]


@HOSTS
@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_may_be_one_customer_are_said(host: Host, one: str, other: str, tmp_path: Path) -> None:
    results = host([(JAN, one, 1000, 600), (FEB, other, 100, 40)], {}, tmp_path)
    assert profits(results) == {one: 400, other: 60}
    (found,) = [f for f in results.findings if f.code == "N06"]
    name, customer = max(one, other), min(one, other)
    assert read_names(found.fix) == [name, customer]


def test_what_is_proposed_joins_them() -> None:
    rows: list[Row] = [(JAN, "Acme Ltd", 1000, 600), (FEB, "Acme Ltd.", 100, 40)]
    aliases = frame("id customer", ("Acme Ltd.", "Acme Ltd"))
    results = from_frames(rows, {"Aliases": aliases}, Path())
    assert profits(results) == {"Acme Ltd": 460} and not aloud(results)


@HOSTS
def test_a_name_given_where_the_number_is_known_is_said(host: Host, tmp_path: Path) -> None:
    customers = frame("customer name segment", (123, "Acme Ltd", "Shops"), (124, "Beta", "Shops"))
    rows: list[Row] = [(JAN, 123, 1000, 600), (FEB, "ACME ltd.", 100, 40), (FEB, 124, 1, 0)]
    results = host(rows, {"Customers": customers}, tmp_path)
    assert aloud(results) == {"N07"}
    (found,) = [f for f in results.findings if f.code == "N07"]
    assert read_names(found.fix)[-1] == "123"


@HOSTS
def test_a_customer_without_sales_beside_one_of_a_longer_name_is_said(host: Host, tmp_path: Path) -> None:
    cost = frame("date customer group amount", (JAN, "Rauta & Poika", "service", 25.0))
    results = host([(JAN, "Rauta & Poika Ky", 1000, 600)], {"DirectCosts": cost}, tmp_path)
    assert aloud(results) == {"N06"}


@pytest.mark.parametrize(
    ("sold", "other"),
    [("Nordic Trading", "Nordic Tradnig"), ("Bergman Oy", "Bergmann"), ("Virtanen Kone", "VirtanenKonne")],
)
def test_a_misspelt_customer_without_sales_is_said(sold: str, other: str) -> None:
    cost = frame("date customer group amount", (JAN, other, "service", 25.0))
    results = from_frames([(JAN, sold, 1000, 600)], {"DirectCosts": cost}, Path())
    assert aloud(results) == {"N08"}


APART = [
    ("Store 1", "Store 2"),
    ("Client 101", "Client 102"),
    ("Acme North", "Acme South"),
    ("Acme East", "Acme West"),
    ("Clienta", "Clientb"),
    ("Hotel II", "Hotel III"),
    ("IKEA Oy", "IKEA Ab"),
    ("Saari", "Sari"),
    ("Kauppa 11", "Kauppa 1 1"),
    ("4711", "4712"),
    ("101", "Shop 101"),
    ("1001 Acme", "1002 Acme"),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_names_that_tell_two_customers_apart_are_left_alone(one: str, other: str) -> None:
    customers = frame("customer segment", (one, "Shops"), (other, "Shops"))
    results = from_frames([(JAN, one, 1000, 600)], {"Customers": customers}, Path())
    assert not aloud(results)


@pytest.mark.parametrize("name", ["demo", *samples.TRADES])
def test_the_samples_have_no_names_to_look_at(name: str) -> None:
    assert not {f.code for f in analyze_sample(name).findings if f.code[0] in "NK"}


# --- totals -------------------------------------------------------------------------------------------

BASE: list[Row] = [(JAN, "A", 100, 60), (FEB, "A", 200.25, 90), (JAN, "B", 50, 20), (FEB, "B", 70, 30)]
RIGHT = {"A": 150.25, "B": 70.0}
TOTALS = [
    *(
        "Total",
        "Grand total",
        "TOTAL:",
        "** Total **",
        "Sub-total",
        "Sum",
        "Grand Total 2024",
        "January total",
    ),
    *("A Total", "Total A", "Total for B", "A - total", "Subtotal (B)", "Sum of A", "All customers total"),
    *("Gesamtergebnis", "Gesamtsumme", "Gesamt", "Summe", "Zwischensumme", "A Ergebnis", "Summe f\u00fcr B"),
    *(
        "Total g\u00e9n\u00e9ral",
        "Total general",
        "Sous-total A",
        "Totale",
        "Totale complessivo",
        "Eindtotaal",
    ),
    *(
        "Totalt",
        "Summa",
        "Delsumma",
        "Summa A",
        "Totalsumma",
        "Totalsumme",
        "Totaux",
        "Ukupno",
        "Toplam",
        "TTL",
    ),
    *("Result", "Overall Result", "Tot.", "Carried forward", "Opening balance", "\u00dcbertrag"),
    *("Yhteens\u00e4", "yhteensa", "A yhteens\u00e4", "Kaikki yhteens\u00e4", "V\u00e4lisumma", "Yht."),
]


@HOSTS
@pytest.mark.parametrize("name", TOTALS)
def test_a_total_is_no_customer(host: Host, name: str, tmp_path: Path) -> None:
    results = host([*BASE, (FEB, name, 12345.67, 999)], {}, tmp_path)
    assert profits(results) == RIGHT
    (found,) = [f for f in results.findings if f.code == "K04"]
    assert found.count == 1 and 12345.67 in read_figures(found.what)
    assert aloud(results) == {"K04"}


@HOSTS
@pytest.mark.parametrize("name", ["Total", "Summa Oy", "Total Energies", "Sum Ltd", "A Total"])
def test_a_customer_that_customers_names_is_one(host: Host, name: str, tmp_path: Path) -> None:
    customers = frame("customer segment", ("A", "x"), ("B", "x"), (name, "x"))
    results = host([*BASE, (FEB, name, 10.5, 0)], {"Customers": customers}, tmp_path)
    assert profits(results) == RIGHT | {name: 10.5}
    assert not aloud(results)


@HOSTS
@pytest.mark.parametrize("name", ["Summa Oy", "Sum Ltd", "Summit", "Totally Fit", "Total SE"])
def test_a_company_with_such_a_word_in_its_name_is_a_customer(host: Host, name: str, tmp_path: Path) -> None:
    results = host([*BASE, (FEB, name, 10.5, 0)], {}, tmp_path)
    assert profits(results) == RIGHT | {name: 10.5} and not aloud(results)


@HOSTS
@pytest.mark.parametrize("name", ["Everybody", "Alle", "Company 1", "Balance"])
def test_who_adds_up_all_others_is_said_whatever_the_name(host: Host, name: str, tmp_path: Path) -> None:
    rows: list[Row] = [(JAN, "A", 100, 60), (JAN, "B", 50.5, 20), (FEB, "A", 30, 10), (FEB, "B", 21, 2)]
    total: Row = (FEB, name, 201.5, 92)
    for listed in (False, True):
        tables = (
            {"Customers": frame("customer segment", ("A", "x"), ("B", "x"), (name, "x"))} if listed else {}
        )
        results = host([*rows, total], tables, tmp_path)
        assert profits(results) == {"A": 60, "B": 49.5, name: 109.5}
        assert aloud(results) == (set() if listed else {"K06"})


@HOSTS
def test_who_equals_one_other_or_few_round_amounts_is_left_alone(host: Host, tmp_path: Path) -> None:
    two: list[Row] = [(day, who, 100, 60) for day in (JAN, FEB) for who in ("A", "B")]
    three: list[Row] = [*two, (JAN, "C", 200, 120), (FEB, "C", 200, 120)]
    assert not aloud(host(two, {}, tmp_path)) and not aloud(host(three, {}, tmp_path))


@pytest.mark.parametrize("header", ["Region", "product", "invoice", "Salesperson"])
@pytest.mark.parametrize("total", ["Total", "Grand total", "Yhteens\u00e4"])
def test_a_total_under_a_customer_is_left_out(header: str, total: str, tmp_path: Path) -> None:
    sales = pd.DataFrame(
        {
            "date": [JAN, JAN, FEB, FEB, FEB],
            "customer": ["A", "A", "B", "B", "B"],
            "gross_revenue": [100.0, 200.0, 50.0, 70.0, 420.0],
            "cogs": [0.0] * 5,
            header: ["x", "y", "x", "y", total],
        }
    )
    results = xlprofit.analyze({"Sales": sales})
    assert profits(results) == {"A": 300, "B": 120} and "K04" in aloud(results)
    sales["gross_revenue"] = [100.0, 200.0, 50.0, 70.0, 80.0]
    results = xlprofit.analyze({"Sales": sales})
    assert profits(results) == {"A": 300, "B": 200} and "K04" not in aloud(results)


def test_a_product_with_such_a_word_in_its_name_is_no_total() -> None:
    sales = pd.DataFrame(
        {
            "date": [JAN, JAN, FEB, FEB],
            "customer": ["A", "A", "A", "B"],
            "gross_revenue": [50.0, 50.0, 100.0, 70.0],
            "cogs": [0.0] * 4,
            "product": ["Soap", "Brush", "Total Clean", "Soap"],
        }
    )
    results = xlprofit.analyze({"Sales": sales})
    assert profits(results) == {"A": 200, "B": 70} and not aloud(results)


@HOSTS
def test_a_name_that_may_be_a_total_is_counted_and_said(host: Host, tmp_path: Path) -> None:
    results = host([*BASE, (FEB, "Total Energies", 10.5, 0)], {}, tmp_path)
    assert profits(results) == RIGHT | {"Total Energies": 10.5}
    assert aloud(results) == {"K06"}


@HOSTS
def test_a_total_of_what_nobody_knows_is_one_where_it_adds_up(host: Host, tmp_path: Path) -> None:
    results = host([*BASE, (FEB, "Total North", 420.25, 200)], {}, tmp_path)
    assert profits(results) == RIGHT and aloud(results) == {"K04"}
    two: list[Row] = [(FEB, "North total", 300.25, 150), (FEB, "South total", 120, 50)]
    results = host([*BASE, *two], {}, tmp_path)
    assert profits(results) == RIGHT and aloud(results) == {"K04"}


def test_a_total_in_customers_that_adds_up_is_a_total_all_the_same() -> None:
    customers = frame("customer segment", ("A", "x"), ("B", "x"), ("Total", None))
    results = from_frames([*BASE, (FEB, "Total", 420.25, 200)], {"Customers": customers}, Path())
    assert profits(results) == RIGHT and aloud(results) == {"K04"}


def test_a_total_without_a_date_is_left_out_and_said() -> None:
    sales = pd.DataFrame([*BASE, (None, "Grand total", 420.25, 200)], columns=HEADERS)
    results = xlprofit.analyze({"Sales": sales})
    assert profits(results) == RIGHT and aloud(results) == {"C12"}


def test_totals_of_resources_activities_and_groups_are_left_out() -> None:
    tables = {
        "Resources": frame("resource cost capacity", ("Desk", 500.0, 1000.0), ("Total", 500.0, 1000.0)),
        "Activities": frame("activity group resource rate", ("Call", "service", "Desk", 10.0)),
        "ActivityLog": frame(
            "date customer activity quantity",
            (JAN, "A", "Call", 2),
            (JAN, "Total", "Call", 2),
            (JAN, "A", "Sum", 9),
        ),
        "DirectCosts": frame(
            "date customer group amount", (JAN, "A", "service", 5.0), (JAN, "B", "Total", 5.0)
        ),
    }
    results = from_frames(BASE, tables, Path())
    assert profits(results) == {"A": pytest.approx(150.25 - 10 - 5), "B": 70.0}
    assert [f.sheet for f in results.findings if f.code == "K04"] == [
        "Resources",
        "ActivityLog",
        "ActivityLog",
        "DirectCosts",
    ]
    assert results.capacity["cost"].sum() == 500


def test_a_resource_that_activities_use_is_one_whatever_it_is_called() -> None:
    tables = {
        "Resources": frame("resource cost capacity", ("Desk", 50.0, 100.0), ("Total", 500.0, 1000.0)),
        "Activities": frame("activity group resource rate", ("Call", "service", "Total", 10.0)),
        "ActivityLog": frame("date customer activity quantity", (JAN, "A", "Call", 2)),
    }
    results = from_frames(BASE, tables, Path())
    assert results.capacity["cost"].sum() == 550
    assert aloud(results) == {"K06"}


BLANK: list[tuple[list[Row], set[str]]] = [
    ([(FEB, None, 300.25, 150)], {"K05"}),
    ([(FEB, None, 300.25, 150), (FEB, None, 120, 50)], {"K05"}),
    ([(FEB, None, 300.25, 150), (FEB, None, 120, 50), (FEB, None, 420.25, 200)], {"K05"}),
    ([(JAN, None, 150, 80), (FEB, None, 270.25, 120)], {"K05"}),
    ([(JAN, None, 150, 80), (FEB, None, 270.25, 120), (FEB, None, 420.25, 200)], {"K05"}),
    ([(FEB, None, 420.25, 0)], {"K05"}),
    ([(FEB, "A total", 300.25, 150), (FEB, "B total", 120, 50), (FEB, None, 420.25, 200)], {"K04", "K05"}),
]


@pytest.mark.parametrize("host", [from_frames, from_sheets])
@pytest.mark.parametrize(("totals", "codes"), BLANK)
def test_a_total_without_a_customer_is_left_out(
    host: Host, totals: list[Row], codes: set[str], tmp_path: Path
) -> None:
    for rows in ([*BASE, *totals], [*totals[::-1], *BASE[::-1]]):
        results = host(rows, {}, tmp_path)
        assert profits(results) == RIGHT
        assert results.company.loc["net_revenue", "total"] == 420.25
        assert aloud(results) == codes


def test_a_total_without_a_customer_in_a_csv_is_left_out_or_said(tmp_path: Path) -> None:
    for totals, codes in BLANK:
        results = from_csv([*BASE, *totals], {}, tmp_path)
        assert profits(results) == RIGHT
        right = results.company.loc["net_revenue", "total"] == 420.25
        assert aloud(results) == codes if right else "M06" in aloud(results)


def test_sales_without_a_customer_are_counted_beside_a_total() -> None:
    cash: Row = (JAN, None, 33, 8)
    for total in ((FEB, None, 420.25, 200), (FEB, None, 453.25, 208)):
        results = from_frames([*BASE, cash, total], {}, Path())
        assert results.company.loc["net_revenue", "total"] == 453.25
        assert aloud(results) == {"K05", "M06"}


def test_what_equals_a_sum_by_chance_is_counted_and_said() -> None:
    rows: list[Row] = [
        (JAN, "A", 100, 0),
        (FEB, "A", 100, 1),
        (JAN, "B", 200, 0),
        (FEB, None, 200, 0),
        (FEB, None, 7, 0),
    ]
    results = from_frames(rows, {}, Path())
    assert results.company.loc["net_revenue", "total"] == 607
    assert {"K06", "M06"} <= aloud(results)


def test_costs_of_the_whole_firm_are_no_totals() -> None:
    costs = frame(
        "date customer group amount",
        (JAN, "A", "service", 5.0),
        (JAN, "B", "service", 7.0),
        (JAN, None, "corporate", 12.0),
    )
    results = from_frames(BASE, {"DirectCosts": costs}, Path())
    assert results.company.loc["corporate_cost", "total"] == -12
    assert not aloud(results)


def test_totals_of_costs_and_activities_without_a_customer_are_left_out() -> None:
    tables = {
        "Resources": frame("resource cost capacity", ("Desk", 500.0, 1000.0)),
        "Activities": frame("activity group resource rate", ("Call", "service", "Desk", 1.0)),
        "ActivityLog": frame(
            "date customer activity quantity",
            *(
                (JAN, "A", "Call", 20),
                (FEB, "A", "Call", 13),
                (JAN, "B", "Call", 31),
                (FEB, None, "Call", 64),
            ),
        ),
        "DirectCosts": frame(
            "date customer group amount",
            *((JAN, "A", "service", 5.5), (JAN, "B", "service", 7.25), (JAN, None, "service", 12.75)),
        ),
    }
    results = from_frames(BASE, tables, Path())
    assert results.company.loc["cost_to_serve", "total"] == pytest.approx(-(64 * 0.5 + 12.75))
    assert aloud(results) == {"K05"}
