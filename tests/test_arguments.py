"""Public functions called with what they do not take: one clear line that is a TypeError too, and one for several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import xlprofit
from xlprofit.errors import ArgumentError, UnknownNameError

SALES = pd.DataFrame(
    {
        "date": ["2024-01-31"],
        "customer": ["ACME"],
        "gross_revenue": [100.0],
        "cogs": [60.0],
        "product": ["Bolt"],
    }
)
CUSTOMERS = pd.DataFrame({"customer": ["ACME"], "segment": ["Shops"]})


@pytest.fixture(scope="module")
def run() -> xlprofit.Results:
    return xlprofit.analyze({"Sales": SALES, "Customers": CUSTOMERS})


WRONG: list[tuple[str, tuple[Any, ...], str]] = [
    ("analyze", (SALES,), "source is DataFrame. Give a path"),
    ("analyze", (None,), "source is NoneType"),
    ("check", ([],), "source is list"),
    ("new", ("x.xlsx", SALES), "tables is DataFrame"),
    ("new", ("x.xlsx", {"Sales": 3}), "Sales is int. Give a DataFrame"),
    ("compare", ("run", "x"), "after is str. Give the results of xlprofit.analyze"),
    ("compare", (SALES, "run"), "before is DataFrame"),
    ("scenario", ("x", ["price +3%"]), "results is str"),
    ("scenario", ("run", None), "changes is NoneType. Give changes such as"),
    ("scenario", ("run", [3]), "changes is int"),
    ("scenario", ("run", {"price": "+3%"}), "changes is dict"),
    ("screen", (SALES, "x"), "model is str"),
    ("loss_rates", (None,), "invoices is NoneType"),
    ("cube", ("x.xlsx", [3]), "sources is int"),
    ("import_files", (3,), "paths is int"),
]


@pytest.mark.parametrize(("name", "given", "said"), WRONG)
def test_another_kind_is_refused_in_one_line(
    run: xlprofit.Results, name: str, given: tuple[Any, ...], said: str
) -> None:
    arguments = [run if isinstance(one, str) and one == "run" else one for one in given]
    with pytest.raises(ArgumentError, match=said) as raised:
        getattr(xlprofit, name)(*arguments)
    assert isinstance(raised.value, TypeError)


def test_methods_of_results_refuse_what_is_no_name(run: xlprofit.Results) -> None:
    change = xlprofit.compare(run, run)
    unknown: Any = 3
    calls: list[Callable[[], object]] = [
        lambda: run.by(unknown),
        lambda: run.explain(unknown),
        lambda: run.explain("ACME", unknown),
        lambda: change.by(unknown),
        lambda: change.explain("ACME", unknown),
        lambda: change.explain(unknown, "price"),
    ]
    for call in calls:
        with pytest.raises(ArgumentError, match=r"is int\."):
            call()
    with pytest.raises(UnknownNameError, match="There is no level"):
        run.explain("ACME", level="row")  # type: ignore[arg-type]  # what a user may write
    for run_or_change in (run, change):
        with pytest.raises(UnknownNameError, match=r'There is no attribute "nosuch"\. Name one of segment'):
            run_or_change.by("nosuch")


def test_one_is_taken_for_several(run: xlprofit.Results) -> None:
    one, several = (xlprofit.scenario(run, changes) for changes in ("price +3%", ["price +3%"]))
    assert one.customers.equals(several.customers) and one.customers.loc["ACME", "profit"] == pytest.approx(
        43.0
    )
    with pytest.raises(xlprofit.XlprofitError, match=r"nofile\.csv"):
        xlprofit.import_files("nofile.csv")
    with pytest.raises(xlprofit.XlprofitError, match=r"nofile\.csv"):
        xlprofit.analyze({"Sales": SALES}, sources="Sales=nofile.csv")


def test_customers_and_products_are_attributes_too(run: xlprofit.Results) -> None:
    assert run.by("Customer")["profit"].tolist() == run.customers["profit"].tolist() == [40.0]
    assert run.by("product").equals(run.products)
