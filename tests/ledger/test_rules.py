"""A cost rule more: its file and its place in the list are all that it needs to be posted, explained and shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import xlprofit
from xlprofit import ledger
from xlprofit.ledger.costs.rule import Basis, CostRule
from xlprofit.ledger.rules import RULES
from xlprofit.ledger.sums import sum_rows
from xlprofit.sheets import frame

SURCHARGE = 0.25


def sum_quantities(basis: Basis) -> pd.DataFrame:
    return sum_rows(basis.inputs["Sales"], basis.inputs.settings, ["quantity"])


def price_shipping(rows: pd.DataFrame, basis: Basis) -> list[pd.DataFrame]:
    """A surcharge for each unit shipped."""
    entry = np.flatnonzero(rows["quantity"].to_numpy() > 0)
    keys: dict[str, ledger.Key] = {
        "customer": rows["customer"].iloc[entry],
        "period": ledger.code_words(rows["period"].to_numpy()[entry], basis.periods),
        "line": "shipping_surcharge",
        "group": "deliver",
        "level": "output-unit",
        "source_table": "Sales",
    }
    return [ledger.post_rows(keys, units=rows["quantity"].to_numpy()[entry], rate=-SURCHARGE, entry=entry)]


SALES = pd.DataFrame(
    {
        "date": pd.to_datetime(["2024-01-10", "2024-01-20", "2024-02-05", "2024-02-07"]),
        "customer": ["ACME", "ACME", "ACME", "Beta"],
        "gross_revenue": [100.0, 50.0, 70.0, 10.0],
        "quantity": [4.0, 2.0, 8.0, None],
    }
)


def test_a_rule_in_the_list_is_posted_and_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    before = xlprofit.analyze({"Sales": SALES})
    rule = CostRule("Sales", price_shipping, sum_quantities)
    for module in ("xlprofit.results", "xlprofit.ledger.explanation"):
        monkeypatch.setattr(f"{module}.RULES", (*RULES, rule))
    results = xlprofit.analyze({"Sales": SALES})
    change = results.customers["profit"] - before.customers["profit"]
    assert change.to_dict() == {"ACME": -3.5, "Beta": 0.0}
    assert results.customers.loc["ACME", "cost_to_serve"] == -3.5
    assert results.cost_to_serve["shipping_surcharge"].to_dict() == {"ACME": -3.5, "Beta": 0.0}
    posted = results.ledger[(results.ledger["line"] == "shipping_surcharge").to_numpy()]
    assert posted["period"].astype(str).tolist() == ["2024-01", "2024-02"]
    assert posted["amount"].tolist() == [-1.5, -2.0]
    assert set(posted["source_table"]) == {"Sales"}
    assert set(posted["source_row"]) == {0}
    rows = results.explain("ACME", "shipping_surcharge")
    assert rows[["sheet", "row", "units", "amount"]].to_numpy().tolist() == [
        ["Sales", 2, 4.0, -1.0],
        ["Sales", 3, 2.0, -0.5],
        ["Sales", 4, 8.0, -2.0],
    ]
    assert results.explain("ACME", "deliver")["amount"].sum() == -3.5


def test_it_is_called_by_its_name_without_a_word_for_it() -> None:
    assert frame.describe_ledger_line("shipping_surcharge") == "shipping surcharge"


def test_the_ledger_says_where_a_rate_comes_from_in_two_columns() -> None:
    activities = pd.DataFrame({"activity": ["Pack"], "group": ["deliver"], "rate": [1.0], "unit_cost": [3.0]})
    log = pd.DataFrame(
        {"date": [pd.Timestamp("2024-01-10")], "customer": ["ACME"], "activity": ["Pack"], "quantity": [2]}
    )
    results = xlprofit.analyze({"Sales": SALES, "Activities": activities, "ActivityLog": log})
    packed = results.ledger[(results.ledger["line"] == "Pack").to_numpy()]
    assert packed[["source_table", "source_row", "amount"]].to_numpy().tolist() == [["Activities", 2, -6.0]]
    assert results.explain("ACME", "Pack")["priced_by"].tolist() == ["Activities!2"]
    assert results.explain("ACME", "gross_revenue")["priced_by"].tolist() == ["Sales"] * 3
