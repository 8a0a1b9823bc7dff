"""Exports laid out for the eye: key figures below each other, groups, plans below, years above, terms, currencies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl import Workbook

from tests.importing.taken import analyze_exports
from xlprofit.importing.intake import import_files, plan_import
from xlprofit.importing.profiles.profile import ProfileError, parse_profile, write_profile
from xlprofit.importing.proposals.proposal import propose
from xlprofit.importing.reading import accept_proposal, read_profiled
from xlprofit.sources.spec import Source
from xlprofit.tables import Raw

Row = Sequence[object]
JANUARY, FEBRUARY = dt.date(2026, 1, 14), dt.date(2026, 2, 16)


def write_sheets(path: Path, sheets: Mapping[str, Sequence[Row]], hidden: Sequence[str] = ()) -> Path:
    """Write a workbook of some sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    book.save(path)
    return path


def write_lines(path: Path, text: str) -> Path:
    """Write a file of text."""
    path.write_text(text.lstrip("\n"), encoding="utf-8")
    return path


def measure_customers(path: Path) -> dict[str, tuple[float, float]]:
    """Net revenue and gross margin of each customer of an export that is imported."""
    customers = analyze_exports(path).customers
    return {
        str(name): (round(float(row["net_revenue"]), 2), round(float(row["net_revenue"] + row["cogs"]), 2))
        for name, row in customers.iterrows()
    }


def take(path: Path) -> tuple[dict[str, Raw], list[str]]:
    """The tables of an export as they are proposed, and the codes of its warnings."""
    raws, findings = accept_proposal(propose(path))
    return raws, [f.code for f in findings if f.severity != "note"]


# --- key figures --------------------------------------------------------------------------------------


def test_key_figures_below_each_other_become_columns(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "long.csv",
        """
Month,Customer,Account,Value
2026-01,Alba,Revenue,1000.00
2026-01,Alba,Cost of sales,600.00
2026-01,Bela,Revenue,500.00
2026-01,Bela,Cost of sales,100.00
2026-02,Alba,Revenue,100.00
2026-02,Alba,Cost of sales,60.00
2026-02,Gama,Revenue,10.00
""",
    )
    assert measure_customers(path) == {"Alba": (1100, 440), "Bela": (500, 400), "Gama": (10, 10)}
    profile = propose(path).profile
    assert parse_profile(write_profile(profile), "it").tables == profile.tables


@pytest.mark.parametrize(("word", "part"), [("Varukostnad", 0.7), ("Bruttovinst", 0.3)])
def test_key_figures_in_rows_of_a_crosstab_become_columns(word: str, part: float, tmp_path: Path) -> None:
    rows: list[Row] = [["Kundnr", "Kundnamn", "Nyckeltal", "Jan-26", "Feb-26", "Mar-26", "Totalt"]]
    for number, name in ((1000, "Alba"), (1001, "Bela")):
        rows.append([number, name, "Omsättning", 100.0, 200.0, None, 300.0])
        rows.append([number, name, word, 100.0 * part, 200.0 * part, None, 300.0 * part])
    path = write_sheets(tmp_path / "rapport.xlsx", {"Rapport": rows})
    assert measure_customers(path) == {"1000": (300, 90), "1001": (300, 90)}


def test_a_kind_of_document_is_no_key_figure(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "kinds.csv",
        """
Date,Customer,Type,Net amount
2026-01-14,Alba,Sales,100.00
2026-01-15,Alba,Return,40.00
2026-01-16,Bela,Sales,50.00
""",
    )
    sales = propose(path).find_table("Sales")
    assert sales is not None and sales.rule.measures is None
    assert measure_customers(path) == {"Alba": (60, 60), "Bela": (50, 50)}


def test_rows_that_go_on_with_an_order_are_no_sales_of_their_own(tmp_path: Path) -> None:
    lines = [
        "Name,Subtotal,Taxes,Total,Discount Amount,Created at,Lineitem quantity,Lineitem price,Billing Name"
    ]
    for number, customer in enumerate(("Alba", "Bela", "Alba", "Gama")):
        net = 2 * 10 + 30 - number
        lines.append(
            f"#{number},{net},{net / 5},{net * 1.2},{number},2026-01-1{number} 09:00:00 +0000,2,10,{customer}"
        )
        lines.append(f"#{number},,,,,2026-01-1{number} 09:00:00 +0000,1,30,")
    path = write_lines(tmp_path / "orders.csv", "\n".join(lines))
    assert measure_customers(path) == {"Alba": (98, 98), "Bela": (49, 49), "Gama": (47, 47)}
    sales = propose(path).find_table("Sales")
    assert (
        sales is not None and sales.find_column("quantity") is None
    )  # it would be that of the first line alone


def test_a_blank_amount_is_a_gap_where_no_order_goes_on(tmp_path: Path) -> None:
    rows = [f"2026-01-1{n},K{n % 3},{'' if n % 4 == 1 else 100}" for n in range(9)]
    path = write_lines(tmp_path / "gaps.csv", "\n".join(["Date,Customer,Net amount", *rows]))
    sales = propose(path).find_table("Sales")
    assert sales is not None and not sales.rule.drop


def test_what_was_paid_is_no_sale_whatever_the_header_of_its_text(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "konto.csv",
        """
Kundennummer;Belegdatum;Soll EUR;Haben EUR;Text
100;03.01.2026;1.000,00;;Rechnung
101;04.01.2026;500,00;;Rechnung
100;20.01.2026;;1.000,00;Zahlungseingang
100;21.01.2026;200,00;;Rechnung
""",
    )
    assert measure_customers(path) == {"100": (1200, 1200), "101": (500, 500)}


def test_hours_by_week_are_a_log(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "weeks.csv",
        """
Week ending,Staff,Client,Task,Hours
03-Jan-25,Ann,Alba,Support,1:30
10-Jan-25,Bob,Bela,Visit,2:15
17-Jan-25,Ann,Alba,Visit,0:45
""",
    )
    assert [table.table for table in propose(path).tables] == ["ActivityLog"]


# --- groups and titles -----------------------------------------------------------------------------------


@pytest.mark.parametrize("total", [False, True])
def test_a_customer_alone_above_its_rows_is_that_of_each(total: bool, tmp_path: Path) -> None:
    rows: list[Row] = [["Customer", "Date", "Invoice", "Net amount"]]
    for name, amounts in (("ACME", (100.0, 50.0)), ("Beta Ltd", (20.0,)), ("Total Energies", (5.0, 7.0))):
        rows.append([name])
        rows += [[None, JANUARY, f"R{name[0]}{amount:.0f}", amount] for amount in amounts]
        rows += [[f"Total {name}", None, None, sum(amounts)]] if total else []
    path = write_sheets(tmp_path / "groups.xlsx", {"Sheet1": rows})
    expected = {"ACME": (150, 150), "Beta Ltd": (20, 20), "Total Energies": (12, 12)}
    assert measure_customers(path) == expected


def test_a_label_before_each_heading_is_dropped(tmp_path: Path) -> None:
    rows: list[Row] = [["Date", "Document", "Text", "Net amount"]]
    for name in ("10023 ACME", "10047 Beta"):
        rows += [
            [None, None, f"Customer: {name}"],
            [JANUARY, "R1", "Goods", 10.0],
            [FEBRUARY, "R2", "Goods", 5.0],
        ]
    path = write_sheets(tmp_path / "labels.xlsx", {"Sheet1": rows})
    assert set(measure_customers(path)) == {"10023 ACME", "10047 Beta"}


def test_a_budget_below_the_actual_sales_is_not_counted_and_told(tmp_path: Path) -> None:
    head: Row = ["Date", "Customer", "Revenue", "Cost of sales"]
    rows: list[Row] = [
        ["Actual sales"],
        head,
        [JANUARY, "Alba", 100.0, 60.0],
        [FEBRUARY, "Bela", 50.0, 20.0],
        [],
    ]
    rows += [["Budget 2026"], head, [JANUARY, "Alba", 900.0, 600.0], [FEBRUARY, "Bela", 900.0, 600.0]]
    path = write_sheets(tmp_path / "plan.xlsx", {"Report": rows})
    assert take(path)[1] == ["D14"]
    assert measure_customers(path) == {"Alba": (100, 40), "Bela": (50, 30)}


def test_a_second_part_of_the_same_sales_is_counted(tmp_path: Path) -> None:
    head: Row = ["Date", "Customer", "Revenue", "Cost of sales"]
    rows: list[Row] = [["North"], head, [JANUARY, "Alba", 100.0, 60.0], [FEBRUARY, "Bela", 50.0, 20.0], []]
    rows += [["South"], head, [JANUARY, "Gama", 9.0, 6.0], [FEBRUARY, "Bela", 1.0, 0.5]]
    path = write_sheets(tmp_path / "parts.xlsx", {"Report": rows})
    assert measure_customers(path) == {"Alba": (100, 40), "Bela": (51, 30.5), "Gama": (9, 3)}


def test_names_below_their_groups_are_told_apart(tmp_path: Path) -> None:
    rows: list[Row] = [
        ["Invoice", "Invoice", "Customer", "Customer", "Amount", "Amount"],
        ["No.", "Date", "No.", "Name", "Net", "Gross"],
        ["R1", JANUARY, 10023, "Alba", 100.0, 125.0],
        ["R2", FEBRUARY, 10047, "Bela", 50.0, 62.5],
    ]
    path = write_sheets(tmp_path / "heads.xlsx", {"Sheet1": rows})
    sales = propose(path).find_table("Sales")
    assert sales is not None
    assert {c.column: c.header for c in sales.columns} == {
        "date": "Date",
        "customer": "Customer No.",
        "gross_revenue": "Net",
        "invoice": "Invoice No.",
    }


# --- months, units, currencies ----------------------------------------------------------------------------


def test_the_year_above_months_is_theirs(tmp_path: Path) -> None:
    rows: list[Row] = [
        [None, 2025, None, None, 2026, None, None],
        ["Customer", "Jan", "Feb", "Mar", "Jan", "Feb", "Mar"],
        ["Alba", 1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        ["Bela", 1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
    ]
    raws, _told = take(write_sheets(tmp_path / "years.xlsx", {"Sheet1": rows}))
    sales = raws["Sales"].frame
    assert sorted(set(sales["date"]))[0] == "2025-01-31" and sorted(set(sales["date"]))[-1] == "2026-03-31"
    assert float(sales["gross_revenue"].sum()) == 27.0


@pytest.mark.parametrize(
    "weeks",
    [
        ("2026-W01", "2026-W14", "2026-W53"),
        ("KW 01/2026", "KW 14/2026", "KW 53/2026"),
        ("vko 1 2026", "vko 14 2026", "vko 53 2026"),
        ("Week 1 2026", "Week 14 2026", "Week 53 2026"),
        ("v. 1 2026", "v. 14 2026", "v. 53 2026"),
    ],
)
def test_a_week_is_dated_by_its_thursday_wherever_it_stands(weeks: Row, tmp_path: Path) -> None:
    as_columns: list[Row] = [["Customer", *weeks], ["Alba", 1.0, 2.0, 3.0], ["Bela", 4.0, 5.0, 6.0]]
    as_rows: list[Row] = [["Customer", "Week", "Net sales"], *(["Alba", week, 7.0] for week in weeks)]
    thursdays = {"2026-01-01", "2026-04-02", "2026-12-31"}
    for number, rows in enumerate((as_columns, as_rows)):
        raws, told = take(write_sheets(tmp_path / f"weeks{number}.xlsx", {"Sheet1": rows}))
        sales = raws["Sales"].frame
        assert set(map(str, sales["date"])) == thursdays and not told
        assert float(sales["gross_revenue"].sum()) == 21.0


def test_a_week_that_its_year_has_not_is_no_date(tmp_path: Path) -> None:
    rows: list[Row] = [
        ["Customer", "Week", "Net sales"],
        *(["Alba", f"2025-W{n}", 7.0] for n in (51, 52, 53)),
    ]
    raws, _told = take(write_sheets(tmp_path / "weeks.xlsx", {"Sheet1": rows}))
    assert "Sales" not in raws or "2025-W53" in set(map(str, raws["Sales"].frame["date"]))


def test_months_without_a_year_that_stand_twice_are_refused(tmp_path: Path) -> None:
    rows: list[Row] = [
        ["Sales 2026"],
        ["Customer", "Jan", "Feb", "Mar", "Jan", "Feb", "Mar"],
        ["Alba", 1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        ["Bela", 1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
    ]
    with pytest.raises(ProfileError, match="same month"):
        take(write_sheets(tmp_path / "twice.xlsx", {"Sheet1": rows}))


@pytest.mark.parametrize(
    ("title", "months"),
    [
        ("Umsatz in TEUR", ("Jan-26", "Feb-26", "Mrz-26")),
        ("(in thousands)", ("Jan 26", "Feb 26", "Mar 26")),
        ("Myynti (1 000 €)", ("2026M01", "2026M02", "2026M03")),
        ("Myynti, tuhatta euroa", ("tammi 26", "helmi 26", "maalis 26")),
        ("Försäljning (tkr)", ("jan-26", "feb-26", "mar-26")),
    ],
)
def test_months_under_a_title_in_thousands_are_scaled(title: str, months: Row, tmp_path: Path) -> None:
    rows: list[Row] = [[title], [], ["Customer", *months], ["Alba", 1.5, 2.0, 3.0], ["Bela", 4.0, 0.5, 6.0]]
    path = write_sheets(tmp_path / "thousands.xlsx", {"Sheet1": rows})
    assert measure_customers(path) == {"Alba": (6500, 6500), "Bela": (10500, 10500)}


def test_the_unit_beside_months_is_that_of_all(tmp_path: Path) -> None:
    rows: list[Row] = [
        ["Sales (k€)", "Jan 2026", "Feb 2026", "Mar 2026"],
        ["Alba", 1.5, 2.0, 3.0],
        ["Bela", 4.0, 0.5, 6.0],
    ]
    path = write_sheets(tmp_path / "corner.xlsx", {"Sheet1": rows})
    assert measure_customers(path) == {"Alba": (6500, 6500), "Bela": (10500, 10500)}


def test_cents_are_divided(tmp_path: Path) -> None:
    text = "date,customer,amount_cents\n2026-01-14,Alba,123456\n2026-01-15,Bela,500\n2026-01-16,Bela,1\n"
    assert measure_customers(write_lines(tmp_path / "cents.csv", text)) == {
        "Alba": (1234.56, 1234.56),
        "Bela": (5.01, 5.01),
    }


@pytest.mark.parametrize("header", ["Amount EUR", "Amount in local currency"])
def test_the_amount_in_one_currency_counts(header: str, tmp_path: Path) -> None:
    text = f"""
Date,Customer,Currency,Amount,{header}
2026-01-14,Alba,EUR,100.00,100.00
2026-01-15,Bela,USD,220.00,200.00
2026-01-16,Bela,USD,110.00,100.00
2026-01-17,Alba,EUR,7.00,7.00
"""
    assert measure_customers(write_lines(tmp_path / "rates.csv", text)) == {
        "Alba": (107, 107),
        "Bela": (300, 300),
    }


def test_the_second_of_two_amounts_of_one_name_is_read(tmp_path: Path) -> None:
    rows: list[Row] = [
        ["Date", "Customer", "Currency", "Amount", "Currency", "Amount"],
        [JANUARY, "Alba", "EUR", 100.0, "EUR", 100.0],
        [JANUARY, "Bela", "SEK", 1100.0, "EUR", 100.0],
        [FEBRUARY, "Bela", "SEK", 2200.0, "EUR", 200.0],
    ]
    path = write_sheets(tmp_path / "twice.xlsx", {"Sheet1": rows})
    assert measure_customers(path) == {"Alba": (100, 100), "Bela": (300, 300)}


# --- cells -------------------------------------------------------------------------------------------------


def test_terms_in_days_give_the_day_when_an_invoice_is_due(tmp_path: Path) -> None:
    text = """
Rechnungsnr;Debitor;Belegdatum;Zahlungsziel;Betrag;Ausgleichsdatum
R1;Alba;14.01.2026;30 Tage netto;100,00;00.00.0000
R2;Bela;15.01.2026;2% 10, netto 60;50,00;20.02.2026
"""
    invoices = take(write_lines(tmp_path / "op.csv", text))[0]["Invoices"].frame
    assert list(invoices["due"]) == ["2026-02-13", "2026-03-16"]
    assert [str(cell) for cell in invoices["paid"]] == ["nan", "20.02.2026"]


def test_days_as_numbers_apostrophes_and_footnotes_are_read(tmp_path: Path) -> None:
    rows: list[Row] = [
        ["Date", "Customer", "Net amount", "Cost of goods"],
        [20260114, "'Alba", "'1.000,50", "400,00*"],
        [20260115, "'Bela", "'20,00 1)", "5,00"],
        [20260216, "'Alba", "'(10,25)", "2,00¹"],
    ]
    path = write_sheets(tmp_path / "cells.xlsx", {"Sheet1": rows})
    assert measure_customers(path) == {"Alba": (990.25, 588.25), "Bela": (20, 15)}


def test_a_hidden_sheet_is_passed_over_unless_it_has_the_only_sales(tmp_path: Path) -> None:
    rows: list[Row] = [["Date", "Customer", "Net amount"], [JANUARY, "Alba", 100.0], [FEBRUARY, "Bela", 50.0]]
    path = write_sheets(tmp_path / "hidden.xlsx", {"Data": rows, "Old": rows}, hidden=["Old"])
    assert propose(path).passed_over == ("Old",)
    assert measure_customers(path) == {"Alba": (100, 100), "Bela": (50, 50)}
    notes: list[Row] = [["Notes"], ["Made by Anna"]]
    only = write_sheets(tmp_path / "only.xlsx", {"Notes": notes, "Data": rows}, hidden=["Data"])
    assert propose(only).find_table("Sales") is not None


def test_deals_count_where_they_were_won(tmp_path: Path) -> None:
    text = """
Deal Name,Deal Stage,Close Date,Amount,Associated Company
D1,Closed Won,2026-01-14,100.00,Alba
D2,Closed Lost,2026-01-15,900.00,Alba
D3,Negotiation,2026-03-15,900.00,Bela
D4,Closed Won,2026-02-15,50.00,Bela
"""
    assert measure_customers(write_lines(tmp_path / "deals.csv", text)) == {
        "Alba": (100, 100),
        "Bela": (50, 50),
    }


def test_an_active_flag_of_a_customer_says_nothing_of_its_sales(tmp_path: Path) -> None:
    text = "Date,Customer,Active,Net amount\n2026-01-14,Alba,Y,100.00\n2026-01-15,Bela,N,50.00\n"
    path = write_lines(tmp_path / "active.csv", text + "2026-02-15,Bela,N,5.00\n")
    book = tmp_path / "book.xlsx"
    assert "C27" not in [f.code for f in import_files([path], book).results.findings]
    assert plan_import([path], book).open == ()
    assert openpyxl.load_workbook(book)["Sources"].max_row >= 2


def test_what_most_rows_say_of_a_customer_counts_in_any_order(tmp_path: Path) -> None:
    head = "Date,Customer No.,Customer,Country,Net amount\n"
    rows = [f"2026-01-{day:02d},1001,Alba,{'SE' if day % 3 else 'FI'},10.00" for day in range(1, 8)]
    profile = """
[[tables]]
table = "Customers"
distinct = true

[tables.columns]
customer = "Customer No."
country = "Country"
"""
    for ordered in (rows, rows[::-1]):
        path = write_lines(tmp_path / "countries.csv", head + "\n".join(ordered) + "\n")
        source = Source("Customers", str(path), profile=profile)
        frame = read_profiled(source)[0].frame
        assert frame[["customer", "country"]].to_numpy().tolist() == [["1001", "SE"]]


def test_a_file_of_parquet_is_read_like_a_sheet(tmp_path: Path) -> None:
    path = tmp_path / "sales.parquet"
    pd.DataFrame(
        {
            "InvoiceDate": pd.to_datetime(["2026-01-14", "2026-01-15", "2026-02-15"]),
            "CustomerID": [1001, 1002, 1001],
            "Quantity": [2, 3, 4],
            "UnitPrice": [10.0, 1.5, 2.25],
        }
    ).to_parquet(path)
    assert measure_customers(path) == {"1001": (29, 29), "1002": (4.5, 4.5)}
