"""Return on service: who uses what, whether they pay for it, and what a cheaper channel would save."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, given, settings

import xlprofit
from tests.golden import frames
from tests.laws.models import Tables, models
from tests.needs import examples
from xlprofit.analysis import service_return
from xlprofit.results import Results
from xlprofit.samples import demo


def _company() -> Tables:
    """A desk at 1 a minute, half avoidable; a web shop at 1 a transaction, a fifth avoidable.

    Good earns 4,000 − 30, Caller loses 150 over its calls, Quiet 25 over its complaints, Bulk 500.5 over a
    delivery, not over its one click.
    """
    return {
        "Settings": frames.settings(start="2024-01-01", end="2024-12-31"),
        "Sales": frames.table(
            "date customer gross_revenue cogs",
            (frames.DAY, "Good", 10_000, 6_000),
            (frames.DAY, "Caller", 2_000, 1_500),
            (frames.DAY, "Quiet", 1_000, 900),
            (frames.DAY, "Bulk", 3_000, 2_000),
        ),
        "Resources": frames.table(
            "resource cost capacity unit avoidable",
            ("Desk", 1_200, 1_200, "minutes", 0.5),
            ("Web shop", 100, 100, "transactions", 0.2),
        ),
        "Activities": frames.table(
            "activity group resource driver rate unit_cost level",
            ("Call", "service", "Desk", None, 10, None, "customer"),
            ("Call", "service", "Desk", "minutes", 1, None, "customer"),
            ("Web help", "service", "Web shop", None, 0.5, None, "customer"),
            ("Complaint", "complaint", "Desk", None, 60, None, "customer"),
            ("Event", "loyalty", None, None, 1, 50, "customer"),
            ("Fair", "loyalty", None, None, 1, 70, "channel"),
        ),
        "ActivityLog": frames.table(
            "date customer activity quantity minutes",
            (frames.DAY, "Good", "Call", 2, 0),
            (frames.DAY, "Good", "Web help", 20, 0),
            (frames.DAY, "Caller", "Call", 20, 400),
            (frames.DAY, "Caller", "Event", 1, 0),
            (frames.DAY, "Quiet", "Web help", 10, 0),
            (frames.DAY, "Quiet", "Complaint", 2, 0),
            (frames.DAY, "Bulk", "Web help", 1, 0),
            (frames.DAY, None, "Fair", 1, 0),
        ),
        "DirectCosts": frames.table("date customer group amount", (frames.DAY, "Bulk", "deliver", 1_500)),
    }


def _judged(results: Results) -> pd.DataFrame:
    supply = results.resources.supply
    return service_return.judge_uses(
        results.inputs, results.ledger, results.customers, results.equations, supply
    )


def _table(tables: Tables) -> pd.DataFrame:
    return service_return.tabulate_service(_judged(xlprofit.analyze(tables)))


def _users(tables: Tables) -> pd.DataFrame:
    return service_return.list_users(_judged(xlprofit.analyze(tables)))


def _by_activity(table: pd.DataFrame) -> dict[str, dict[Any, Any]]:
    return {str(row["activity"]): row for row in table.to_dict("records")}


def _by_user(users: pd.DataFrame) -> dict[tuple[str, str], dict[Any, Any]]:
    return {(str(row["customer"]), str(row["activity"])): row for row in users.to_dict("records")}


def test_each_activity_says_what_it_costs_who_uses_it_and_what_they_leave() -> None:
    call = _by_activity(_table(_company()))["Call"]
    assert call["resource"] == "Desk"
    assert call["group"] == "service"
    assert call["is_service"]
    assert call["cost"] == pytest.approx(-620)
    assert call["units"] == pytest.approx(620)
    assert call["users"] == 2
    assert call["share_used_by_unprofitable"] == pytest.approx(600 / 620)
    assert call["users_gross_margin"] == pytest.approx(4_500)
    assert call["margin_per_cost"] == pytest.approx(4_500 / 620)
    assert call["cost_per_contact"] == pytest.approx(620 / 22)


def test_the_self_service_alternative_is_the_cheapest_contact_of_the_group() -> None:
    table = _by_activity(_table(_company()))
    assert table["Call"]["cheaper_activity"] == "Web help"
    assert table["Call"]["unjustified_users"] == 1
    assert table["Call"]["unjustified_cost"] == pytest.approx(-600)
    # Half of 600 goes with the calls; 20 clicks at 0.50, of which a fifth comes with them.
    assert table["Call"]["saving"] == pytest.approx(300 - 20 * 0.5 * 0.2)
    assert table["Web help"]["cheaper_activity"] == ""
    assert math.isnan(table["Web help"]["saving"])


def test_activities_that_differ_in_kind_are_not_offered_for_each_other() -> None:
    tables = _company()
    cheap = frames.table("activity group rate unit_cost", ("Letter", "complaint", 1, 0.1))
    tables["Activities"] = pd.concat([tables["Activities"], cheap], ignore_index=True)
    more = frames.table("date customer activity quantity", (frames.DAY, "Good", "Letter", 5))
    tables["ActivityLog"] = pd.concat([tables["ActivityLog"], more], ignore_index=True)
    assert _by_activity(_table(tables))["Complaint"]["cheaper_activity"] == ""


def test_a_priced_activity_has_no_resource_and_a_direct_cost_no_units() -> None:
    table = _by_activity(_table(_company()))
    assert table["Event"]["resource"] == ""
    assert table["Event"]["units"] == pytest.approx(1)
    assert math.isnan(table["direct: deliver"]["units"])
    assert math.isnan(table["direct: deliver"]["cost_per_contact"])
    assert not table["direct: deliver"]["is_service"]


def test_service_stands_first_and_what_is_done_for_nobody_is_left_out() -> None:
    table = _table(_company())
    assert table["activity"].tolist() == [
        "Call", "Complaint", "Event", "Web help", "direct: deliver",
    ]  # fmt: skip


def test_a_return_does_not_justify_the_effort_where_it_is_worse_than_that_of_profitable_users() -> None:
    users = _by_user(_users(_company()))
    assert set(users) == {
        ("Caller", "Call"),
        ("Caller", "Event"),
        ("Quiet", "Web help"),
        ("Quiet", "Complaint"),
        ("Bulk", "direct: deliver"),
    }
    caller = users["Caller", "Call"]
    assert caller["cost"] == pytest.approx(-600)
    assert caller["gross_margin"] == pytest.approx(500)
    assert caller["profit"] == pytest.approx(-150)
    assert caller["margin_per_cost"] == pytest.approx(500 / 600)
    assert caller["yardstick"] == pytest.approx(4_000 / 20)
    assert caller["return_on_service"] == pytest.approx(450 / 600)
    assert caller["saving"] == pytest.approx(298)
    assert math.isnan(users["Quiet", "Complaint"]["yardstick"])


def test_the_greatest_saving_stands_first() -> None:
    users = _users(_company())
    assert (users["customer"].iloc[0], users["activity"].iloc[0]) == ("Caller", "Call")


def test_an_activity_of_two_resources_has_a_row_for_each_and_one_saving() -> None:
    tables = _company()
    tables["Activities"].loc[1, "resource"] = "Web shop"
    tables["Resources"].loc[1, ["cost", "capacity"]] = [1_000, 1_000]
    table, users = _table(tables), _users(tables)
    calls = table[table["activity"] == "Call"].set_index("resource")
    assert calls["cost"].to_dict() == pytest.approx({"Desk": -220, "Web shop": -400})
    assert calls["users"].to_dict() == {"Desk": 2, "Web shop": 1}
    saved = 0.5 * 200 + 0.2 * 400 - 20 * 0.5 * 0.2
    assert calls["saving"].sum() == pytest.approx(saved)
    assert _by_user(users)["Caller", "Call"]["saving"] == pytest.approx(saved)


def test_no_saving_is_claimed_where_moving_would_cost_more() -> None:
    tables = _company()
    tables["Resources"]["avoidable"] = [0.0, 1.0]
    assert _by_activity(_table(tables))["Call"]["saving"] == pytest.approx(0)


def test_those_who_call_where_the_web_would_do_are_found_in_the_demo_company() -> None:
    users = _by_user(_users(demo.tables(customers=60, sales_lines=4_000, activity_rows=4_000)))
    for customer in next(story for story in demo.STORIES if story.name == "phone_heavy").customers[:2]:
        for activity in ("Phone support", "Night line call"):
            assert users[customer, activity]["cheaper_activity"] == "Web self-service"
            assert users[customer, activity]["saving"] > 0


def test_without_activities_both_tables_are_empty() -> None:
    tables = {name: _company()[name] for name in ("Settings", "Sales")}
    assert _table(tables).empty
    assert _users(tables).empty
    assert list(_table(tables).columns) == list(service_return.TABLE_COLUMNS)
    assert list(_users(tables).columns) == list(service_return.USER_COLUMNS)


@settings(max_examples=examples(6), deadline=None)
@given(models())
def test_the_table_adds_up_to_the_cost_to_serve_whatever_the_order_of_the_rows(
    tables: Tables,
) -> None:
    results = xlprofit.analyze(tables)
    judged = _judged(results)
    table, users = service_return.tabulate_service(judged), service_return.list_users(judged)
    assert table["cost"].sum() == pytest.approx(results.customers["cost_to_serve"].sum(), rel=1e-9, abs=1e-6)
    assert table["saving"].sum() == pytest.approx(users["saving"].sum(), rel=1e-9, abs=1e-6)
    assert (users["return_on_service"] < 1).all()
    assert (table["saving"].dropna() >= 0).all()
    shuffled = {
        **tables,
        "ActivityLog": tables["ActivityLog"].iloc[::-1],
        "Sales": tables["Sales"].iloc[::-1],
    }
    pd.testing.assert_frame_equal(_table(shuffled), table, check_exact=True)


@settings(max_examples=examples(5), deadline=None)
@given(models())
def test_money_in_another_unit_scales_the_money_and_nothing_else(tables: Tables) -> None:
    scaled = {name: frame.copy() for name, frame in tables.items()}
    for name, columns in {
        "Sales": ["gross_revenue", "discount", "returns", "cogs"],
        "Resources": ["cost"],
        "Activities": ["unit_cost"],
        "DirectCosts": ["amount"],
        "Invoices": ["amount", "written_off", "recovered"],
        "Balances": ["balance"],
    }.items():
        if name in scaled:
            scaled[name][columns] = scaled[name][columns].astype(float) * 4.0
    # Discounts and costs all below 1 are read as shares of revenue, whatever they are, and it is said.
    assume(not any(f.code == "C25" for some in (tables, scaled) for f in xlprofit.check(some)))
    one, four = _table(tables), _table(scaled)
    for column in ("cost", "users_gross_margin", "unjustified_cost", "cost_per_contact", "saving"):
        assert (four[column] / 4).to_numpy() == pytest.approx(one[column].to_numpy(), rel=1e-9, nan_ok=True)
    for column in ("users", "unjustified_users", "margin_per_cost", "share_used_by_unprofitable"):
        assert four[column].to_numpy() == pytest.approx(one[column].to_numpy(), rel=1e-9, nan_ok=True)
