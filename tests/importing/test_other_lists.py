"""Exports that are no sales, or whose rows or amounts are not all sales: told by headers, words and arithmetic."""

from __future__ import annotations

from math import fsum
from pathlib import Path

import pytest

from xlprofit.importing.intake import import_files, plan_import
from xlprofit.importing.profile import ProfileError, parse_profile, write_profile
from xlprofit.importing.proposal import propose
from xlprofit.importing.reading import accept_proposal


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


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS.keys())
def test_a_list_that_is_no_sales_is_refused(tmp_path: Path, text: str) -> None:
    path = write_export(tmp_path, text)
    assert propose(path).find_table("Sales") is None
    with pytest.raises(ProfileError):
        import_files([path])


def test_the_refusal_says_what_the_list_looks_like(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"suppliers and no customers.* If these are sales"):
        import_files([write_export(tmp_path, LISTS["purchases"])])


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


@pytest.mark.parametrize("kind", ["Interest", "Verzugszinsen", "Viivästyskorko", "Ostolasku", "Bill"])
def test_interest_and_purchases_beside_invoices_are_no_sales(tmp_path: Path, kind: str) -> None:
    text = (
        "Date,Type,Customer,Net\n"
        "2026-01-05,Invoice,Alba,100.00\n"
        f"2026-02-06,{kind},Bela,12.50\n"
        "2026-02-07,Invoice,Bela,50.00"
    )
    assert list_amounts(write_export(tmp_path, text)) == [100.0, 50.0]
