"""Exports that are no sales, or whose rows or amounts are not all sales: told by headers, words and arithmetic."""

from __future__ import annotations

import datetime as dt
from math import fsum
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.figures import read_figures
from xlprofit.importing.exports.pages import read_page
from xlprofit.importing.intake import import_files, plan_import
from xlprofit.importing.profiles.profile import ProfileError, parse_profile, write_profile
from xlprofit.importing.proposals.assembly import find_matches
from xlprofit.importing.proposals.proposal import propose
from xlprofit.importing.proposals.subjects import find_subject
from xlprofit.importing.reading import accept_proposal
from xlprofit.rules import check_tables


def write_export(folder: Path, text: str, name: str = "export.csv") -> Path:
    """Write a file of text."""
    path = folder / name
    path.write_text(text.strip() + "\n", encoding="utf-8")
    return path


def list_amounts(path: Path) -> list[float]:
    """The revenue of each row of sales as an export is first proposed."""
    raws, _findings = accept_proposal(propose(path))
    cells = raws["Sales"].frame["gross_revenue"]
    return [float(str(cell)) for cell in cells if cell is not None and str(cell) not in ("", "nan", "None")]


LISTS = {
    "a journal": "Date,Account,Customer,Debit,Credit\n2026-01-05,1200,Alba,124.00,\n"
    "2026-01-05,3000,Alba,,100.00\n2026-01-05,2900,Alba,,24.00",
    "pay": "Pay date,Employee,Gross pay,Net pay\n2026-01-05,Alba,100.00,70.00\n2026-02-06,Bela,250.50,180.00",
    "a forecast": "Month,Customer,Forecast revenue,Probability\n2026-01,Alba,100.00,0.6\n2026-02,Bela,250.50,0.5",
    "purchases": "Bill Date,Vendor,Bill No,Net amount\n2026-01-05,Alba,B1,100.00\n2026-02-06,Bela,B2,250.50",
    "quotes": "Quote no,Quote date,Customer,Net total\nQ1,2026-01-05,Alba,100.00\nQ2,2026-02-06,Bela,250.50",
    "open orders": "Order date,Customer,Open qty,Open order value\n"
    "2026-01-05,Alba,3,100.00\n2026-02-06,Bela,2,250.50",
    "payments": "Payment date,Customer no,Amount received\n2026-01-05,A1,100.00\n2026-02-06,B1,250.50",
    "stock": "Item no,On hand,Stock value,Last count\nP-1,14,1200.50,2026-01-05\nP-2,3,88.10,2026-02-06",
    "receivables by age": "Customer,Invoice date,Current,1-30,31-60,61-90,Total due\n"
    "Alba,2026-01-05,100.00,,,,100.00\nBela,2026-02-06,,250.50,,,250.50",
    "suppliers": "Laskupvm;Toimittaja;Laskun nro;Veroton\n5.1.2026;Alba;1;100,00\n6.2.2026;Bela;2;250,50",
}


SUBJECTS = {
    "pay": "staff",
    "a forecast": "plan",
    "purchases": "purchases",
    "quotes": "quotes",
    "open orders": "backlog",
    "payments": "payments",
    "stock": "stock",
    "receivables by age": "ageing",
    "suppliers": "purchases",
    "a journal": "journal",
}


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS.keys())
def test_a_list_that_is_no_sales_is_refused(tmp_path: Path, text: str) -> None:
    path = write_export(tmp_path, text)
    assert propose(path).find_table("Sales") is None
    with pytest.raises(ProfileError):
        import_files([path])


@pytest.mark.parametrize(("name", "subject"), SUBJECTS.items())
def test_it_is_known_what_a_list_is_about(tmp_path: Path, name: str, subject: str) -> None:
    page = read_page(propose(write_export(tmp_path, LISTS[name])).export[0])
    assert page is not None and find_subject(page, find_matches("Sales", page)) == subject


def test_a_mapping_takes_in_what_was_refused(tmp_path: Path) -> None:
    path = write_export(tmp_path, LISTS["purchases"])
    plan = plan_import([path], mapping="date=Bill Date; customer=Vendor; gross_revenue=Net amount")
    assert [table.table for table in plan.proposals[0].tables] == ["Sales"]


def test_invoices_with_vendor_of_the_goods_are_sales(tmp_path: Path) -> None:
    text = "Date,Customer,Vendor,Net amount\n2026-01-05,Alba,X,100.00\n2026-02-06,Bela,Y,250.50"
    assert list_amounts(write_export(tmp_path, text)) == [100.0, 250.5]


@pytest.mark.parametrize("header", ["Basis", "Version", "Sort"])
def test_a_plan_beside_the_actual_amounts_is_left_out(tmp_path: Path, header: str) -> None:
    text = (
        f"Customer,{header},2026-01,2026-02,2026-03\n"
        "Alba,Actual,100.00,50.00,1.00\n"
        "Alba,Budget,110.00,60.00,2.00\n"
        "Bela,Actual,7.00,8.00,9.00\n"
        "Bela,Prior year,6.00,7.00,8.00"
    )
    assert fsum(list_amounts(write_export(tmp_path, text))) == 175.0


def test_a_column_of_price_units_divides_the_price(tmp_path: Path) -> None:
    text = (
        "Date,Customer,Item,Quantity,Unit Price,Price per\n"
        "2026-01-05,Alba,P1,500,12.00,100\n"
        "2026-02-06,Bela,P2,3,4.50,1\n"
        "2026-02-07,Bela,P3,2000,30.00,"
    )
    path = write_export(tmp_path, text)
    assert list_amounts(path) == [60.0, 13.5, 60000.0]
    profile = propose(path).profile
    assert parse_profile(write_profile(profile), "it").tables == profile.tables


@pytest.mark.parametrize("sign", ["", "-"])
def test_what_was_sold_counts_before_the_fee_of_the_payment(tmp_path: Path, sign: str) -> None:
    text = (
        "created,customer_id,gross,fee,net\n"
        f"2026-01-05,c1,100.00,{sign}2.90,97.10\n"
        f"2026-02-06,c2,50.00,{sign}1.45,48.55\n"
        f"2026-02-07,c3,20.00,{sign}0.58,19.42"
    )
    assert list_amounts(write_export(tmp_path, text)) == [100.0, 50.0, 20.0]


def test_a_total_that_a_fee_is_added_to_is_not_taken(tmp_path: Path) -> None:
    text = (
        "Date,Customer,Net amount,Fee,Total\n"
        "2026-01-05,Alba,100.00,2.90,102.90\n"
        "2026-02-06,Bela,50.00,1.45,51.45"
    )
    assert list_amounts(write_export(tmp_path, text)) == [100.0, 50.0]


def test_sales_in_local_currency_go_before_an_amount_with_tax(tmp_path: Path) -> None:
    text = (
        "Posting Date,Document Type,Customer No.,Amount (LCY),Sales (LCY)\n"
        "2026-01-05,Invoice,C1,124.00,100.00\n"
        "2026-02-06,Invoice,C2,62.00,50.00\n"
        "2026-02-07,Finance Charge Memo,C2,12.50,12.50"
    )
    assert list_amounts(write_export(tmp_path, text)) == [100.0, 50.0]


@pytest.mark.parametrize("kind", ["Interest", "Verzugszinsen", "Viivästyskorko", "Ostolasku", "Vendor bill"])
def test_interest_and_purchases_beside_invoices_are_no_sales(tmp_path: Path, kind: str) -> None:
    text = (
        "Date,Type,Customer,Net\n"
        "2026-01-05,Invoice,Alba,100.00\n"
        f"2026-02-06,{kind},Bela,12.50\n"
        "2026-02-07,Invoice,Bela,50.00"
    )
    assert list_amounts(write_export(tmp_path, text)) == [100.0, 50.0]


# --- what an amount is of ------------------------------------------------------------------------------


def list_warnings(path: Path) -> list[str]:
    """The codes of what is said of an export as it is first proposed, notes aside."""
    return [f.code for f in accept_proposal(propose(path))[1] if f.severity != "note"]


PRICED = "Date,Customer,Item,Qty,Price"


@pytest.mark.parametrize(
    ("rows", "amounts", "warned"),
    [
        ("2026-01-05,Alba,P1,2,10.00\n2026-01-06,Bela,P1,5,10.00", [20.0, 50.0], False),
        ("2026-01-05,Alba,P1,2,20.00\n2026-01-06,Bela,P1,5,50.00", [20.0, 50.0], False),
        ("2026-01-05,Alba,P1,2,20.00\n2026-01-06,Bela,P2,5,50.00", [40.0, 250.0], True),
    ],
    ids=["the same at any quantity", "as many times the quantity", "each product once"],
)
def test_products_tell_whether_a_price_is_of_one_unit(
    tmp_path: Path, rows: str, amounts: list[float], warned: bool
) -> None:
    path = write_export(tmp_path, f"{PRICED}\n{rows}")
    assert list_amounts(path) == amounts
    assert ("D15" in list_warnings(path)) is warned


@pytest.mark.parametrize(
    ("tax", "amounts"), [((4.8, 24.0), [20.0, 100.0]), ((9.6, 120.0), [40.0, 500.0])], ids=["line", "unit"]
)
def test_the_tax_tells_whether_a_price_is_of_one_unit(
    tmp_path: Path, tax: tuple[float, float], amounts: list[float]
) -> None:
    text = f"Date,Customer,Qty,Price,Tax\n2026-01-05,Alba,2,20.00,{tax[0]}\n2026-01-06,Bela,5,100.00,{tax[1]}"
    assert list_amounts(write_export(tmp_path, text)) == amounts


def test_an_amount_of_any_name_without_tax_is_revenue(tmp_path: Path) -> None:
    text = (
        "Kundnr,Fakturadatum,Totalt exkl. moms,Att betala\n"
        "C1,2026-01-05,100.00,125.00\n"
        "C2,2026-02-06,50.00,56.00"
    )
    assert list_amounts(write_export(tmp_path, text)) == [100.0, 50.0]


def test_lakhs_beside_smaller_amounts_are_read(tmp_path: Path) -> None:
    text = 'Date,Customer,Value\n2026-01-05,Alba,"1,60,742.20"\n2026-02-06,Bela,"83,860.60"'
    assert list_amounts(write_export(tmp_path, text)) == [160742.2, 83860.6]


@pytest.mark.parametrize(
    "days", [("Mar-05-26", "Apr-16-26"), ("Mar 5, 2026, 9:14:05 AM", "Apr 16, 2026, 1:02:03 PM")]
)
def test_a_month_in_words_may_come_first(tmp_path: Path, days: tuple[str, str]) -> None:
    path = write_export(
        tmp_path, f"Sale Date;Customer;Net amount\n{days[0]};Alba;10.00\n{days[1]};Bela;20.00"
    )
    raws, _findings = accept_proposal(propose(path))
    assert [str(day)[:10] for day in raws["Sales"].frame["date"]] == ["2026-03-05", "2026-04-16"]


def test_kinds_of_documents_are_no_activities(tmp_path: Path) -> None:
    text = (
        "Data;Numero;Tipo;Cliente;Imponibile;IVA\n"
        "05/01/2026;1;Fattura;Alba;100,00;22,00\n"
        "16/02/2026;2;Fattura;Bela;50,00;11,00"
    )
    assert [table.table for table in propose(write_export(tmp_path, text)).tables] == ["Sales"]


def test_codes_of_billing_documents_tell_credits_and_cancellations(tmp_path: Path) -> None:
    rows = [("F2", 100), ("F2", 100), ("RE", 20), ("S1", 30), ("G2", 10)]
    text = "\n".join(
        f"2026-01-{day:02d},C{day},{kind},{net}.00" for day, (kind, net) in enumerate(rows, start=1)
    )
    path = write_export(tmp_path, f"Billing Date,Sold-to Party,Billing Type,Net Value\n{text}")
    raws, _findings = accept_proposal(propose(path))
    inputs, findings = check_tables(raws)
    assert inputs is not None and [f.count for f in findings if f.code == "C23"] == [3]


def test_a_month_that_the_sheet_of_the_year_has_is_not_read_twice(tmp_path: Path) -> None:
    head = ["Date", "Customer", "Net amount"]
    rows = [
        [dt.date(2026, month, day), name, 10.0 * day]
        for month in (1, 2)
        for day in (3, 4, 5)
        for name in ("Alba", "Bela")
    ]
    book = Workbook()
    for name, held in (("January", rows[:6]), ("February", rows[6:]), ("All", rows)):
        sheet = book.create_sheet(name)
        for row in (head, *held):
            sheet.append(row)
    book.remove(book.worksheets[0])
    path = tmp_path / "year.xlsx"
    book.save(path)
    assert fsum(list_amounts(path)) == fsum(float(str(row[2])) for row in rows)


def test_a_product_is_no_customer(tmp_path: Path) -> None:
    text = (
        "purchase-date,product-name,asin,quantity,item-price\n"
        "2026-01-05,Oak panel,B001,1,10.00\n"
        "2026-01-06,Hinge,B002,2,20.00"
    )
    assert propose(write_export(tmp_path, text)).find_table("Sales") is None


def test_what_is_left_after_tax_and_fee_is_taken_back_to_the_sale(tmp_path: Path) -> None:
    text = (
        "Created At,Customer ID,Grand total,Tax,Paddle fee,Earnings\n"
        "2026-01-05,c1,120.00,20.00,6.50,93.50\n"
        "2026-02-06,c2,60.00,10.00,3.50,46.50"
    )
    assert list_amounts(write_export(tmp_path, text)) == [100.0, 50.0]


def test_one_of_several_columns_of_revenue_is_in_doubt(tmp_path: Path) -> None:
    text = (
        "Date,Customer,Hardware sales,Service sales\n2026-01-05,Alba,10.00,5.00\n2026-02-06,Bela,20.00,7.00"
    )
    findings = accept_proposal(propose(write_export(tmp_path, text)))[1]
    assert [read_figures(f.what) for f in findings if f.code == "D15"] == [[30.0, 12.0]]


def test_a_column_of_years_dates_the_months_beside_it(tmp_path: Path) -> None:
    text = (
        "Customer,Year,Jan,Feb,Mar\nAlba,2025,1.00,2.00,3.00\nAlba,2026,4.00,,6.00\nBela,2026,7.00,8.00,9.00"
    )
    path = write_export(tmp_path, text)
    raws, _findings = accept_proposal(propose(path))
    frame = raws["Sales"].frame
    days = [
        (str(day)[:10], float(str(cell)))
        for day, cell in zip(frame["date"], frame["gross_revenue"], strict=True)
    ]
    assert sorted(days)[:2] == [("2025-01-31", 1.0), ("2025-02-28", 2.0)]
    assert sorted(days)[-1] == ("2026-03-31", 9.0) and fsum(amount for _day, amount in days) == 40.0
    profile = propose(path).profile
    assert parse_profile(write_profile(profile), "it").tables == profile.tables


def test_the_number_of_an_order_is_no_customer(tmp_path: Path) -> None:
    rows = "\n".join(f"2026-01-{day:02d},302-{day:05d},{day},10.00" for day in range(1, 9))
    path = write_export(tmp_path, f"purchase-date,shop-order-id,quantity,item-price\n{rows}")
    assert propose(path).find_table("Sales") is None


def test_receipts_are_known_by_the_codes_of_invoices_beside_them(tmp_path: Path) -> None:
    rows = [("SI", 100), ("SC", 20), ("SR", 80), ("SI", 50)]
    text = "\n".join(
        f"2026-01-{day:02d},A{day},{kind},{net}.00" for day, (kind, net) in enumerate(rows, start=1)
    )
    path = write_export(tmp_path, f"Date,Account Ref,Type,Net Amount\n{text}")
    assert list_amounts(path) == [100.0, 20.0, 50.0]


def test_the_revenue_of_a_customer_itself_is_no_sale(tmp_path: Path) -> None:
    path = write_export(
        tmp_path,
        """
Account Name,Account ID,Account Owner,Customer Since,Annual Revenue
Alba,1,Ann,2010-03-01,5000000
Bela,2,Bob,2011-03-01,7000000
Gama,3,Ann,2012-03-01,3000000
""",
    )
    assert [table.table for table in propose(path).tables] == ["Customers"]


def test_a_quantity_in_pieces_times_a_price_per_thousand(tmp_path: Path) -> None:
    path = write_export(
        tmp_path,
        """
Date,Customer,Item,Quantity (pcs),Price per 1000
2025-01-03,Alba,S1,5000,20
2025-01-10,Bela,S1,2000,21
2025-01-17,Alba,S2,1000,40
""",
    )
    sales = propose(path).find_table("Sales")
    assert sales is not None
    price = sales.find_column("gross_revenue")
    assert price is not None and price.header == "Price per 1000" and price.rule.times == "Quantity (pcs)"
