"""What keeping a customer is worth: the forecast and then times survival, or the run rate where there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from xlprofit.analysis.keeping import Expectation
from xlprofit.tables import Settings

SETTINGS = Settings(pd.Timestamp("2024-01-01"), pd.Timestamp("2024-12-31"), pd.Timestamp("2024-12-31"))
BLANK = np.array([np.nan])


def expect(profit: float = np.nan, active: float = 1.0, retention: float = 0.85) -> Expectation:
    one = np.ones(1)
    stays = one * (1 + 4 * retention**0.5 + retention) / 6
    return Expectation(one * active, one * retention, stays, 0 * one, one * profit)


def test_the_published_value_comes_out_without_a_forecast() -> None:
    """3 years, 0.85 and 10 %: 1.83125 of 12,000."""
    worth = expect().value_keeping(np.array([12_000.0]), np.array([12_000.0]), SETTINGS)
    assert worth[0] == pytest.approx(21_975.0, abs=1.0)
    assert expect().find_annuity(SETTINGS)[0] == pytest.approx(1.83125, abs=1e-4)


@pytest.mark.parametrize("active", [1.0, 0.4])
def test_the_first_year_is_the_forecast_and_later_ones_survive(active: float) -> None:
    """9,000 expected a year from now, 0.85 of it two years from now, and 0.85² three; no cost would stay."""
    run_rate = np.array([12_000.0])
    worth = expect(9_000.0, active).value_keeping(run_rate, run_rate, SETTINGS)
    assert worth[0] == pytest.approx(9_000 / 1.1 + 0.85 * 9_000 / 1.1**2 + 0.85**2 * 9_000 / 1.1**3)


def test_a_cost_that_would_stay_is_no_reason_to_end() -> None:
    """Expected to lose 1,000 with 3,000 of cost that stays all the same while it is a customer."""
    found = expect(-1_000.0, retention=1.0)
    worth = found.value_keeping(np.array([1_500.0]), np.array([-1_500.0]), SETTINGS)
    assert worth[0] == pytest.approx(2_000.0 * (1 / 1.1 + 1 / 1.1**2 + 1 / 1.1**3))


def test_a_forecast_that_is_the_run_rate_times_survival_is_the_annuity_of_what_would_go() -> None:
    stays = (1 + 4 * 0.85**0.5 + 0.85) / 6
    found = expect(0.7 * stays * -500.0, 0.7)
    worth = found.value_keeping(np.array([800.0]), np.array([-500.0]), SETTINGS)
    assert worth[0] == pytest.approx(found.find_annuity(SETTINGS)[0] * 800.0)


@pytest.mark.parametrize("profit", [np.nan, 5_000.0])
def test_runs_in_which_nothing_differs_have_the_same_annuity(profit: float) -> None:
    found = expect(profit, 0.6)
    drawn = found.draw_annuity(SETTINGS, np.array([0]), np.ones(3))
    assert drawn[0] == pytest.approx(np.repeat(found.find_annuity(SETTINGS), 3), rel=1e-12)
