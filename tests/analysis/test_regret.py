"""What a verdict costs where it turns out wrong, when that matters, and what is to be found out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import xlprofit
from tests.analysis.test_verdicts import days, earning, one, settings, stepped
from tests.companies import word_verdicts
from tests.figures import holds_figures, read_figures
from tests.golden.frames import table
from xlprofit.analysis import variation
from xlprofit.analysis.decisions import SLIGHT
from xlprofit.analysis.regret import END, FIX, KEEP, compare_actions
from xlprofit.words.reasons import word_hinges


@pytest.mark.parametrize(
    ("keeping", "earns", "room", "costs"),
    [
        (80.0, 50.0, 0.0, {KEEP: 0.0, FIX: 50.0, END: 80.0}),  # it earns
        (80.0, -20.0, 30.0, {KEEP: 20.0, FIX: 0.0, END: 100.0}),  # the levers bring what it loses
        (80.0, -50.0, 30.0, {KEEP: 0.0, FIX: 0.0, END: 80.0}),  # they do not, and ending costs more
        (-40.0, -50.0, 30.0, {KEEP: 40.0, FIX: 10.0, END: 0.0}),  # ending saves more than they bring
        (-20.0, -50.0, 30.0, {KEEP: 20.0, FIX: 0.0, END: 0.0}),  # with them, keeping is as good
    ],
)
def test_a_verdict_costs_what_the_best_would_have_brought(
    keeping: float, earns: float, room: float, costs: dict[int, float]
) -> None:
    loses = np.array([earns < 0])
    fixable = loses & (-earns <= room)
    given = (np.array([keeping]), np.array([earns]), loses, fixable, np.array([room]))
    found = {lean: compare_actions(np.array([lean], dtype=np.int8), *given)[0] for lean in costs}
    assert found == pytest.approx(costs)


def near_zero(**values: object) -> dict[str, pd.DataFrame]:
    """A customer that earns 600 a year on 120,000, its months 1,000 up and down, beside thirty that earn a tenth."""
    rng = np.random.default_rng(2)
    others = [earning(*1_000.0 + rng.normal(0.0, 300.0, 24), customer=f"C{i:02d}") for i in range(30)]
    unsure = earning(*(50.0 + np.resize([1_000.0, -1_000.0], 24)))
    return {"Settings": settings(24, **values), "Sales": pd.concat([unsure, *others])}


def test_what_hardly_matters_is_not_investigated() -> None:
    """It earns 600 EUR, give or take: whether it is kept or fixed matters where 10 EUR do, and not where 5,000 do."""
    strict, slight = one(near_zero(materiality=10.0)), one(near_zero(materiality=5_000.0))
    assert strict["verdict"] == "investigate"
    assert strict["cost_of_error_a_year"] > 10.0
    assert slight["verdict"] == slight["leaning"] == strict["leaning"]
    assert slight["confidence"] >= 0.8 > strict["confidence"]
    usual, given = one(near_zero()), one(near_zero(materiality=SLIGHT * 120_000.0))
    pd.testing.assert_series_equal(pd.Series(usual), pd.Series(given))


def test_what_is_too_close_to_call_says_what_being_wrong_costs() -> None:
    found = one(near_zero(materiality=10.0))
    right, cost = float(int(100 * found["confidence"] + 1e-9)), float(round(found["cost_of_error_a_year"]))
    assert read_figures(found["said"])[:2] == [right, cost]
    assert (found["leaning"], found["hinges_on"], found["hinges_on_of"]) == ("keep", "margin", "")
    assert word_hinges(pd.DataFrame([found]))[0] in found["said"]


def test_acquisition_that_goes_on_for_more_than_it_brings_has_a_lever() -> None:
    """It earns 1,000 a month and 1,200 a month is still spent on winning it: 2,400 a year less of that."""
    spent = table(
        "date customer group amount avoidable", *[(day, "A", "acquire", 1_200.0, 1.0) for day in days(24)]
    )
    found = one({"Settings": settings(24), "Sales": earning(*[1_000.0] * 24), "DirectCosts": spent})
    assert found["run_rate"] == pytest.approx(12_000.0)
    assert (found["verdict"], found["lever"], found["reason"]) == ("keep", "acquisition", "still acquiring")
    assert (found["lever_size"], found["lever_unit"]) == (pytest.approx(2_400.0), "EUR a year")
    assert holds_figures(found["said"], 2_400.0)


def test_the_reason_says_when_idle_capacity_completes_a_step() -> None:
    """400 units of its own and 200 idle hold a step of 500: 100 of the idle cost go with it."""
    results = xlprofit.analyze(dict(stepped(400.0, 400.0, step=500.0, idle=200.0)))
    found = word_verdicts(results).loc["C0"]
    assert found["idle_gone_a_year"] == pytest.approx(100.0)
    assert holds_figures(str(found["said"]), 1_300.0, 100.0)


@pytest.mark.parametrize("months", [12, 18, 24])
def test_the_change_from_year_to_year_is_seen_in_the_history(months: int) -> None:
    """Profit that walks: a year's mean differs from the next by 1; and one that varies by month alone differs by 0."""
    rng = np.random.default_rng(months)
    steps = rng.normal(0.0, np.sqrt(1 / 8) / 12, (4_000, months))
    noise = rng.normal(0.0, 0.05, steps.shape)
    own, size = np.full(len(steps), months), np.ones(len(steps))
    walks = variation.measure_change(np.cumsum(steps, axis=1) + noise, own, size, 12, 1.0)
    assert walks == pytest.approx(1.0, abs=0.15)
    assert variation.measure_change(noise, own, size, 12, 1.0) < 0.1
