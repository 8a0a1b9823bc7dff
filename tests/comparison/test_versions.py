"""Versions: only actual rows count; a plan is a run of its own, and compared with what came about."""

from __future__ import annotations

import pandas as pd
import pytest

import xlprofit
from tests.laws.models import Tables

PLANNED = ("Sales", "ActivityLog", "Resources", "DirectCosts")


def trade() -> Tables:
    from xlprofit import samples

    return dict(samples.tables("wholesale", str))


def plan_rows(tables: Tables, name: str, version: str, factor: float) -> pd.DataFrame:
    """The rows of a table once more as those of a version, their money times a factor."""
    frame = tables[name].copy()
    for column in ("gross_revenue", "cost", "amount"):
        if column in frame:
            frame[column] = frame[column] * factor
    return frame.assign(version=version)


def with_version(tables: Tables, version: str, factor: float, names: tuple[str, ...] = PLANNED) -> Tables:
    found = dict(tables)
    for name in names:
        if name in tables:
            found[name] = pd.concat(
                [tables[name], plan_rows(tables, name, version, factor)], ignore_index=True
            )
    return found


def test_a_plan_changes_no_actual_figure() -> None:
    tables = trade()
    plain, planned = xlprofit.analyze(tables), xlprofit.analyze(with_version(tables, "Budget", 1.1))
    pd.testing.assert_frame_equal(plain.ledger, planned.ledger, check_categorical=False)
    pd.testing.assert_frame_equal(plain.customers, planned.customers)
    pd.testing.assert_frame_equal(plain.decisions, planned.decisions)
    assert {f.code for f in planned.findings} - {f.code for f in plain.findings} == {"V01"}


def test_a_version_is_computed_from_its_own_rows() -> None:
    tables = trade()
    results = xlprofit.analyze(with_version(tables, "Budget", 1.1))
    own = {name: plan_rows(tables, name, "", 1.1) for name in PLANNED if name in tables}
    alone = xlprofit.analyze({**tables, **own})
    plan = results.plans["Budget"]
    pd.testing.assert_frame_equal(plan.customers, alone.customers)
    change = xlprofit.compare(plan, results)
    assert change.bridge["price"].sum() < 0
    assert change.company.loc["company_profit", "total"] == pytest.approx(
        results.ledger["amount"].sum() - alone.ledger["amount"].sum(), abs=1e-6
    )


def test_actual_is_blank_or_said_in_any_case() -> None:
    tables = trade()
    sales = tables["Sales"]
    said = tables | {
        "Sales": sales.assign(version=["ACTUAL", ""] * (len(sales) // 2) + [""] * (len(sales) % 2))
    }
    assert xlprofit.analyze(said).customers.equals(xlprofit.analyze(tables).customers)
    assert not [f for f in xlprofit.check(said) if f.code.startswith("V")]


def test_a_version_of_another_meaning_is_a_warning() -> None:
    tables = trade()
    said = tables | {"Sales": tables["Sales"].assign(version=["v2", *[""] * (len(tables["Sales"]) - 1)])}
    (found,) = [f for f in xlprofit.check(said) if f.code.startswith("V0") and f.severity == "warning"]
    assert (found.code, found.figures["n"]) == ("V02", 1)


def test_what_a_plan_lacks_is_taken_and_said() -> None:
    tables = trade()
    results = xlprofit.analyze(with_version(tables, "Budget", 1.1, ("Sales",)))
    assert [f.code for f in results.findings if f.code == "V04"] == ["V04"]
    change = xlprofit.compare(results.plans["Budget"], results)
    assert (
        change.bridge[["activity_volume", "efficiency", "capacity_rates", "direct_costs"]].abs().sum().sum()
        == 0
    )


def test_a_faulty_row_of_a_plan_is_found_once() -> None:
    tables = with_version(trade(), "Budget", 1.1)
    log = tables["ActivityLog"]
    row = len(log) - 1
    wrong = tables | {"ActivityLog": log.assign(activity=[*log["activity"][:row], "No such thing"])}
    found = [f for f in xlprofit.check(wrong) if f.severity in ("error", "warning")]
    before = [f for f in xlprofit.check(tables) if f.severity in ("error", "warning")]
    assert len(found) == len(before) + 1


def test_a_plan_of_other_days_does_not_move_the_span() -> None:
    tables = trade()
    tables["Settings"] = tables["Settings"][~tables["Settings"]["setting"].isin(["start", "end", "as_of"])]
    later = plan_rows(tables, "Sales", "Budget", 1.0).assign(
        date=lambda f: pd.to_datetime(f["date"]) + pd.DateOffset(years=1)
    )
    planned = tables | {"Sales": pd.concat([tables["Sales"], later], ignore_index=True)}
    results = xlprofit.analyze(planned)
    assert results.inputs.settings.end == xlprofit.analyze(tables).inputs.settings.end
    assert any(f.code == "V03" for f in results.findings)
