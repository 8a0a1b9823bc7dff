"""Stated rates against the minutes paid: a wrong one is found, a right one and what tells nothing left in peace."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import xlprofit
from tests.companies import analyze_sample
from tests.figures import read_figures
from xlprofit import samples
from xlprofit.analysis.rate_check import fit_rates
from xlprofit.results import Results

MONTHS = pd.period_range("2024-01", "2025-12", freq="M")
TRUE = {"Pick": 6.0, "Call": 15.0, "Note": 0.05}


def run(stated: dict[str, float], *, noise: float = 0.01, flat: bool = False) -> Results:
    """Return a company whose desk is paid for what its work takes by the true rates, and 500 minutes idle a month."""
    random = np.random.default_rng(3)
    log, resources = [], []
    for month in MONTHS:
        times = {activity: float(random.integers(200, 900)) for activity in TRUE}
        log += [(month.end_time.normalize(), "ACME", activity, n) for activity, n in times.items()]
        paid = 500 + sum(TRUE[a] * n for a, n in times.items()) * random.normal(1, noise)
        paid = 20_000.0 if flat else paid
        resources.append(("Desk", paid * 0.5, paid / 0.8, 0.8, str(month)))
    rows = [(activity, "service", "Desk", rate) for activity, rate in stated.items()]
    return xlprofit.analyze(
        {
            "Sales": pd.DataFrame(
                {"date": [m.end_time.normalize() for m in MONTHS], "customer": "ACME", "gross_revenue": 1e5}
            ),
            "Resources": pd.DataFrame(
                resources, columns=["resource", "cost", "capacity", "practical", "period"]
            ),
            "Activities": pd.DataFrame(rows, columns=["activity", "group", "resource", "rate"]),
            "ActivityLog": pd.DataFrame(log, columns=["date", "customer", "activity", "quantity"]),
        }
    )


def said(results: Results, code: str) -> list[str]:
    return [found.what for found in results.findings if found.code == code]


def test_a_wrong_rate_is_the_one_to_time_first() -> None:
    results = run(TRUE | {"Pick": 3.0})
    rates = results.rate_check.set_index("activity")
    assert rates.index[0] == "Pick"
    assert rates["outside"].to_dict() == {"Pick": True, "Call": False, "Note": False}
    assert rates["low"]["Pick"] < 6.0 < rates["high"]["Pick"]
    assert rates["low"]["Call"] < 15.0 < rates["high"]["Call"]
    (time_first,), (too_small,) = said(results, "M07"), said(results, "M08")
    assert ("Pick" in time_first, read_figures(time_first)) == (True, [3.0, 5.5, 6.5])
    assert ("Note" in too_small, read_figures(too_small)) == (True, [1.0])


def test_right_rates_are_left_in_peace() -> None:
    results = run(TRUE)
    assert not results.rate_check["outside"].any()
    assert said(results, "M07") == said(results, "M08") == []


def test_a_capacity_that_never_changes_tells_nothing() -> None:
    rates = run(TRUE | {"Pick": 3.0}, flat=True).rate_check
    assert rates[["estimate", "low", "high"]].isna().all(axis=None)
    assert not rates["outside"].any()


def test_minutes_that_the_activities_do_not_explain_tell_nothing() -> None:
    assert run(TRUE | {"Pick": 3.0}, noise=2.0).rate_check["estimate"].isna().all()


def test_activities_that_always_go_together_cannot_be_told_apart() -> None:
    volumes = np.arange(1.0, 13.0)
    assert fit_rates(7.0 * volumes, np.array([volumes, 2 * volumes])) is None


def test_a_rate_is_never_below_nothing() -> None:
    random = np.random.default_rng(1)
    volumes = random.uniform(100, 900, (2, 24))
    fit = fit_rates(5.0 * volumes[0] - 0.4 * volumes[1] + 1000, volumes)
    assert fit is not None
    assert (fit.estimate >= 0).all() and (fit.low >= 0).all()


@pytest.mark.parametrize("name", samples.TRADES)
def test_no_trade_is_told_to_time_anything(name: str) -> None:
    assert said(analyze_sample(name), "M07") == []
