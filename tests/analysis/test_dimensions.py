"""Dimensions: products, attributes of customers, groups of companies; each adds up to the customers."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import xlprofit
from tests.companies import analyze_sample
from xlprofit import formulas, samples
from xlprofit.errors import UnknownNameError
from xlprofit.facts import export_facts
from xlprofit.formulas import FormulaError
from xlprofit.sheets import book, names, results_sheet
from xlprofit.words.sheets import say_sheets

Tables = dict[str, pd.DataFrame]


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def small(**more: pd.DataFrame) -> Tables:
    """Return three customers and two products: 100 an hour of service, bolts at 40 % and nuts at 70 % cost."""
    sales = pd.DataFrame(
        [
            (day("2024-01-10"), "A", "Bolt", 1000.0, 100.0, 400.0),
            (day("2024-01-20"), "A", "Nut", 500.0, 0.0, 350.0),
            (day("2024-02-10"), "A", "bolt ", 1000.0, 0.0, 400.0),
            (day("2024-02-11"), "B", "Nut", 2000.0, 0.0, 1400.0),
            (day("2024-03-01"), "C", "", 300.0, 0.0, 100.0),
        ],
        columns=["date", "customer", "product", "gross_revenue", "discount", "cogs"],
    )
    customers = pd.DataFrame(
        [("A", "Hotels", "North"), ("B", "Shops", "north"), ("C", "Hotels", "South")],
        columns=["customer", "segment", "Region"],
    )
    activities = pd.DataFrame(
        [("Return", "complaint", 50.0), ("Call", "service", 10.0)],
        columns=["activity", "group", "unit_cost"],
    ).assign(rate=1.0)
    log = pd.DataFrame(
        [
            (day("2024-01-15"), "A", "Return", 2.0, "Bolt"),
            (day("2024-02-15"), "A", "Call", 3.0, ""),
            (day("2024-02-15"), "B", "Call", 1.0, "Nut"),
        ],
        columns=["date", "customer", "activity", "quantity", "product"],
    )
    commissions = pd.DataFrame(
        [("product", "Nut", "net_revenue", 0.1), ("all", "", "net_revenue", 0.01)],
        columns=["scope", "value", "basis", "rate"],
    )
    return {
        "Sales": sales,
        "Customers": customers,
        "Activities": activities,
        "ActivityLog": log,
        "Commissions": commissions,
        **more,
    }


def test_a_product_has_what_names_it_and_nothing_by_guess() -> None:
    products = xlprofit.analyze(small()).products
    assert list(products.index) == ["Bolt", "Nut", ""]
    bolt, nut, rest = (products.loc[name] for name in products.index)
    assert (bolt["net_revenue"], bolt["cogs"], bolt["cost_to_serve"]) == (1900.0, -800.0, -100.0)
    assert bolt["profit"] == 1000.0
    assert bolt["cost_to_acquire"] == 0.0  # the rule for all is traced to no product
    assert (nut["net_revenue"], nut["cost_to_acquire"], nut["cost_to_serve"]) == (2500.0, -250.0, -10.0)
    assert (bolt["customers"], nut["customers"]) == (1, 2)
    assert rest["cost_to_serve"] == -30.0
    assert rest["cost_to_acquire"] == pytest.approx(-0.01 * (1900 + 300))
    assert rest["net_revenue"] == 300.0


@pytest.mark.parametrize("name", ["small", *samples.TRADES])
def test_every_dimension_adds_up_to_the_customers(name: str) -> None:
    results = xlprofit.analyze(small()) if name == "small" else analyze_sample(name)
    whole = results.customers.drop(columns="margin").sum()
    for frame in (results.products, *(results.by(attribute) for attribute in results.attributes)):
        pd.testing.assert_series_equal(frame[list(whole.index)].sum(), whole, rtol=1e-9, atol=1e-9)


def test_values_alike_but_for_case_are_one() -> None:
    by = xlprofit.analyze(small()).by("region")
    assert list(by.index) == ["North", "South"] or list(by.index) == ["north", "South"]
    assert list(by["customers"]) == [2, 1]
    assert by["net_revenue"].tolist() == [4400.0, 300.0]


def test_a_column_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Region"):
        xlprofit.analyze(small()).by("Regoin")


def test_shares_loss_makers_and_change() -> None:
    by = xlprofit.analyze(small()).by("segment").loc["Hotels"]
    assert by["discount_share"] == pytest.approx(100 / 2800)
    assert by["gross_margin_share"] == pytest.approx((2700 - 1250) / 2700)
    assert by["cost_to_serve_share"] == pytest.approx(130 / 2700)
    assert (by["customers"], by["loss_makers"]) == (2, 0)
    assert np.isnan(by["change"])


def dated() -> Tables:
    """Return A a hotel until January and a shop from February on."""
    tables = small()
    customers = pd.DataFrame(
        [
            ("A", "Hotels", pd.NaT, day("2024-01-31")),
            ("A", "Shops", day("2024-02-01"), pd.NaT),
            ("B", "Shops", pd.NaT, pd.NaT),
            ("C", "Hotels", pd.NaT, pd.NaT),
        ],
        columns=["customer", "segment", "from", "until"],
    )
    return {**tables, "Customers": customers}


def test_an_amount_counts_where_its_customer_was_on_its_day() -> None:
    results = xlprofit.analyze(dated())
    by = results.by("segment")
    assert by["net_revenue"].to_dict() == {"Shops": 3000.0, "Hotels": 1700.0}
    assert by.loc["Hotels", "cost_to_serve"] == -100.0
    assert by.loc["Shops", "cost_to_serve"] == -40.0
    assert by["profit"].sum() == pytest.approx(results.customers["profit"].sum())
    assert results.customers.loc["A", "net_revenue"] == 2400.0


def test_days_in_the_middle_of_a_month_are_told_apart_too() -> None:
    tables = dated()
    tables["Customers"].loc[0, "until"] = day("2024-01-15")
    tables["Customers"].loc[1, "from"] = day("2024-01-16")
    by = xlprofit.analyze(tables).by("segment")
    assert by["net_revenue"].to_dict() == {"Shops": 3500.0, "Hotels": 1200.0}


def test_a_commission_goes_by_the_segment_of_the_day() -> None:
    tables = dated()
    tables["Commissions"] = pd.DataFrame(
        [("segment", "Hotels", "net_revenue", 0.1)], columns=["scope", "value", "basis", "rate"]
    )
    results = xlprofit.analyze(tables)
    assert results.customers.loc["A", "cost_to_acquire"] == pytest.approx(-0.1 * 1400)


def test_the_order_of_dated_rows_does_not_matter() -> None:
    tables = dated()
    other = {**tables, "Customers": tables["Customers"].iloc[::-1]}
    one, two = (xlprofit.analyze(t) for t in (tables, other))
    pd.testing.assert_frame_equal(one.by("segment"), two.by("segment"))
    assert one.ledger.equals(two.ledger)


def grouped() -> Tables:
    tables = small()
    tables["Customers"] = tables["Customers"].assign(parent=["B", "Holding", ""])
    return tables


def test_a_group_is_that_at_the_top_of_all_parents() -> None:
    results = xlprofit.analyze(grouped())
    by = results.by("parent")
    assert by["customers"].to_dict() == {"Holding": 2, "C": 1}
    groups = results.groups
    assert list(groups.customers.index) == ["C", "Holding"]
    assert groups.customers.loc["Holding", "profit"] == pytest.approx(by.loc["Holding", "profit"])
    assert set(groups.decisions.index) == {"C", "Holding"}
    assert groups.explain("Holding")["amount"].sum() == pytest.approx(by.loc["Holding", "profit"])
    assert groups.ledger["amount"].sum() == pytest.approx(results.ledger["amount"].sum())


def test_parents_that_lead_back_are_cut_and_said() -> None:
    tables = small()
    tables["Customers"] = tables["Customers"].assign(parent=["B", "A", ""])
    results = xlprofit.analyze(tables)
    assert [f.code for f in results.findings if f.code == "R47"] == ["R47", "R47"]
    assert set(results.by("parent").index) == {"A", "B", "C"}


def lookup(tables: Tables) -> formulas.Lookup:
    results = xlprofit.analyze(tables)
    return results_sheet.build_results_lookup(results_sheet.describe_results_sheet(results))


def test_formulas_add_up_a_group() -> None:
    results, found = xlprofit.analyze(small()), lookup(small())
    hotels = results.by("segment").loc["Hotels"]
    assert formulas.customer_profit(found, "segment:Hotels") == pytest.approx(hotels["profit"])
    assert formulas.customer_profit(found, " Segment:hotels ", "margin") == pytest.approx(hotels["margin"])
    assert formulas.cost_to_serve(found, "region:north", "service") == -40.0
    assert formulas.customer_profit(found, "segment:Hotels", "net_revenue", "2024-01") == 1400.0
    rows = formulas.explain_profit(found, "segment:Hotels", "service")
    assert isinstance(rows, list) and dict(zip(*rows, strict=True))["amount"] == -30.0


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ("segment:Hotel", ("segment", "“Hotel”", "“Hotels”")),
        ("segment:Nobody", ("segment", "“Nobody”", "Hotels, Shops")),
        ("segmnt:Hotels", ("attribute", "“segmnt”", "“segment”")),
        ("colour:red", ("attribute", "“colour”", "segment, Region")),
        ("segment:", ("segment", "“”", "Hotels, Shops")),
        (":Hotels", ("attribute", "“”", "segment, Region")),
        ("hotels", ("customer", "“hotels”", "“segment:hotels”")),
        ("Nobody", ("customer", "“Nobody”")),
    ],
)
def test_a_group_that_is_not_there_is_not_available(group: str, said: tuple[str, ...]) -> None:
    answer = formulas.customer_profit(lookup(small()), group)
    assert isinstance(answer, FormulaError) and answer.code == "#N/A"
    assert re.fullmatch(".* " + ".* ".join(map(re.escape, said)) + ".*", answer.reason)


def test_a_group_has_no_state() -> None:
    answer = formulas.customer_state(lookup(small()), "segment:Hotels")
    assert isinstance(answer, FormulaError) and answer.code == "#N/A"


def test_a_customer_that_is_called_so_wins_and_values_may_have_colons() -> None:
    tables = small()
    tables["Sales"].loc[3, "customer"] = "segment:Hotels"
    tables["Customers"].loc[0, "Region"] = "N: far"
    found, results = lookup(tables), xlprofit.analyze(tables)
    own = results.customers.loc["segment:Hotels", "profit"]
    assert formulas.customer_profit(found, "segment:Hotels") == pytest.approx(own)
    far = results.customers.loc["A", "profit"]
    assert formulas.customer_profit(found, "region:N: far") == pytest.approx(far)


def test_formulas_know_what_a_customer_was() -> None:
    results, found = xlprofit.analyze(dated()), lookup(dated())
    by = results.by("segment")
    for segment in by.index:
        answer = formulas.customer_profit(found, f"segment:{segment}")
        assert answer == pytest.approx(by.loc[segment, "profit"])
    table = formulas.customer_profit(found)
    assert isinstance(table, list) and len(table) == 1 + len(results.names)


def test_sheets_without_anything_to_say_are_not_made() -> None:
    tables = {"Sales": small()["Sales"].drop(columns="product")}
    made = {sheet.name for sheet in book.describe_result_sheets(xlprofit.analyze(tables))}
    assert not made & {names.PRODUCTS, names.SEGMENTS, names.GROUPS}
    assert {names.PRODUCTS, names.SEGMENTS, names.GROUPS} <= {
        sheet.name for sheet in book.describe_result_sheets(xlprofit.analyze(grouped()))
    }


MINIMAL = [
    *("Dashboard", "Customer", "Customer P&L", "Trends", "Outlook", "Decisions", "Checks"),
]
"""The result sheets of a workbook with sales by date and customer, and nothing else."""


def list_columns_by_sheet(tables: Tables) -> dict[str, list[list[Any]]]:
    """Return the columns of each table of each result sheet, and those of the hidden sheet by what they hold."""
    results = xlprofit.analyze(tables)
    found: dict[str, list[list[Any]]] = {
        sheet.name: [[column.key for column in table.columns] for table in sheet.tables]
        for sheet in say_sheets(book.describe_result_sheets(results), "en")
    }
    drawn = results_sheet.describe_results_sheet(results)
    kept = results_sheet.build_results_lookup(drawn).columns
    return found | {"hidden": [[tuple(column) for column in kept]]}


PLAIN = {
    "Sales": pd.DataFrame(
        {
            "date": [day("2024-01-31"), day("2024-02-28"), day("2024-03-15")],
            "customer": ["A", "B", "A"],
            "gross_revenue": [100.0, 200.0, 50.0],
            "cogs": [60.0, 50.0, 20.0],
        }
    )
}


@cache
def list_plain_columns() -> dict[str, list[list[Any]]]:
    """Return the columns of a workbook with sales by date and customer, and nothing else."""
    return list_columns_by_sheet(PLAIN)


@cache
def list_rich_columns() -> dict[str, list[list[Any]]]:
    """Return them of one with products and an attribute of the customers besides."""
    return list_columns_by_sheet(
        PLAIN
        | {"Sales": PLAIN["Sales"].assign(product=["Nut", "Bolt", "Nut"])}
        | {"Customers": pd.DataFrame({"customer": ["A", "B"], "segment": ["North", "South"]})}
    )


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"Customers": pd.DataFrame({"customer": ["A", "B"]})},
        {
            "Customers": pd.DataFrame(
                {"customer": ["A", "B"], "segment": ["", None], "parent": ["", ""], "Region": [None, ""]}
            )
        },
        {"Scenarios": pd.DataFrame(columns=["scenario", "what", "of", "change", "from"])},
    ],
    ids=["sales alone", "names alone", "blank attributes", "no scenarios"],
)
def test_without_products_versions_and_attributes_nothing_is_added(more: Tables) -> None:
    found = list_columns_by_sheet(PLAIN | more)
    assert list(found) == [*MINIMAL, "hidden"]
    kinds = ["measure", "amount", "units", "state", "decision", "referral", "forecast", "fact", "drivers"]
    assert list(dict.fromkeys(kind for kind, *_more in found["hidden"][0])) == kinds
    assert found == list_plain_columns()
    rich = list_rich_columns()
    assert set(rich) - set(found) == {"Segments", "Products"}
    assert {name: rich[name] for name in MINIMAL} == {name: found[name] for name in MINIMAL}
    assert [column for column in rich["hidden"][0] if column not in found["hidden"][0]] == [
        ("attribute", "segment", "", (), "")
    ]


def test_one_period_compares_nothing() -> None:
    tables = small()
    tables["Sales"] = tables["Sales"].assign(date=day("2024-01-10"))
    tables["ActivityLog"] = tables["ActivityLog"].assign(date=day("2024-01-10"))
    compared = pd.DataFrame({"setting": ["compare"], "value": ["previous period"]})
    assert "Changes" not in list_columns_by_sheet(tables | {"Settings": compared})


def test_one_that_was_there_says_that_there_is_nothing_any_more() -> None:
    tables = {"Sales": small()["Sales"].drop(columns="product")}
    sheets = book.describe_result_sheets(xlprofit.analyze(tables), own=(names.PRODUCTS,))
    (products,) = (sheet for sheet in sheets if sheet.name == names.PRODUCTS)
    assert not products.tables


def test_group_by_of_settings_chooses_the_blocks() -> None:
    tables = small(Settings=pd.DataFrame({"setting": ["group_by"], "value": ["Region; segment"]}))
    sheets = book.describe_result_sheets(xlprofit.analyze(tables))
    (segments,) = (sheet for sheet in sheets if sheet.name == names.SEGMENTS)
    assert [table.columns[0].header for table in segments.tables] == ["Region", "Segment"]
    assert [chart.kind for chart in segments.charts] == ["bubble", "bubble"]


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_facts_go_out_whole(ending: str, tmp_path: Path) -> None:
    results = xlprofit.analyze(small())
    path = tmp_path / f"ledger.{ending}"
    assert export_facts(results, {"ledger": path}) == {"ledger": len(results.ledger)}
    back = pd.read_parquet(path) if ending == "parquet" else pd.read_csv(path, keep_default_na=False)
    assert list(back.columns) == list(results.ledger.columns)
    assert back["amount"].sum() == pytest.approx(results.ledger["amount"].sum())
    assert set(back["product"]) == {"Bolt", "Nut", ""}


def test_a_file_of_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(xlprofit.XlprofitError, match="parquet"):
        export_facts(xlprofit.analyze(small()), {"customers": tmp_path / "c.xls"})
    assert not list(tmp_path.iterdir())


def test_no_two_facts_go_to_one_file(tmp_path: Path) -> None:
    results = xlprofit.analyze(small())
    one = tmp_path / "one.csv"
    (tmp_path / "other.csv").write_text("mine")
    (tmp_path / "second.csv").hardlink_to(tmp_path / "other.csv")
    (tmp_path / "sales").mkdir()
    for files, said in (
        ({"ledger": one, "customers": one}, "ledger and customers .* one file"),
        ({"ledger": one, "customers": tmp_path / "sales" / ".." / "one.csv"}, "to one file"),
        ({"ledger": one, "trends": tmp_path / "ONE.csv"}, "to one file"),
        ({"ledger": tmp_path / "other.csv", "products": tmp_path / "second.csv"}, "to one file"),
        ({"ledger": tmp_path / "second.csv"}, "second name"),
        ({"ledger": one, "customers": tmp_path / "nowhere" / "c.csv"}, "no folder"),
    ):
        with pytest.raises(xlprofit.FileError, match=said):
            export_facts(results, files)
    assert not one.exists()
    one.write_text("of last month")
    assert export_facts(results, {"customers": one}) == {"customers": 3}
