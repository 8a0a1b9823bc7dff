"""The goal: each size that is given reaches the margin, and a little less does not."""

from __future__ import annotations

import pytest

import xlprofit
from xlprofit import samples
from xlprofit.comparison.goal import Goal, Pull
from xlprofit.errors import UnknownNameError, XlprofitError
from xlprofit.results import compute_scenario, find_customer_goal
from xlprofit.rules.changes import Change
from xlprofit.vocabulary.what_if import Changed


@pytest.fixture(scope="module")
def base() -> xlprofit.Results:
    return xlprofit.analyze(samples.tables("wholesale", str))


@pytest.fixture(scope="module")
def goal(base: xlprofit.Results) -> Goal:
    worst = str(base.customers["margin"].idxmin())
    return find_customer_goal(base, worst.upper(), max(0.05, float(base.customers["margin"].min()) + 0.05))


def make_change(goal: Goal, pull: Pull, less: float = 0.0) -> Change:
    of = (("customer", goal.customer), *((("activity", pull.of),) if pull.of else ()))
    sign = 1.0 if pull.what is Changed.PRICE else -1.0
    return Change(pull.what, tuple(sorted(of)), sign * max(pull.size - less, 0.0))


def find_margin(base: xlprofit.Results, goal: Goal, *changes: Change) -> float:
    return float(compute_scenario(base, changes).customers["margin"][goal.customer])


def test_each_size_reaches_the_target_alone_and_no_smaller_one_does(
    base: xlprofit.Results, goal: Goal
) -> None:
    reached = [pull for pull in goal.alone if goal.reaches(pull)]
    assert reached
    for pull in reached:
        assert find_margin(base, goal, make_change(goal, pull)) == pytest.approx(pull.margin)
        assert pull.margin >= goal.target - 1e-6
        less = 2.0 if pull.what is Changed.PAYMENT_DAYS else 0.003
        assert find_margin(base, goal, make_change(goal, pull, less)) < goal.target


def test_what_does_not_reach_it_is_at_its_limit(goal: Goal) -> None:
    for pull in goal.alone:
        assert goal.reaches(pull) or pull.size == pull.limit


def test_the_pair_reaches_it_within_the_limits_of_settings(base: xlprofit.Results, goal: Goal) -> None:
    if goal.pair is None:
        pytest.fail("the sample should have a customer that two levers bring to the target")
    changes = [make_change(goal, pull) for pull in goal.pair]
    assert find_margin(base, goal, *changes) >= goal.target - 1e-6
    assert all(pull.size <= pull.limit + 1e-9 for pull in goal.pair)


def test_what_is_reached_needs_nothing(base: xlprofit.Results) -> None:
    best = str(base.customers["margin"].idxmax())
    goal = find_customer_goal(base, best, 0.0)
    assert goal.pair is None and all(pull.size == 0 for pull in goal.alone)


def test_a_goal_that_is_none_is_refused(base: xlprofit.Results) -> None:
    name = str(base.names[0])
    with pytest.raises(UnknownNameError):
        find_customer_goal(base, "Nobody", 0.05)
    with pytest.raises(XlprofitError, match="no margin"):
        find_customer_goal(base, name, 5.0)
