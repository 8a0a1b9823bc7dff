"""Support cost that is passed on: nothing is lost or made however little leaves a loop."""

from __future__ import annotations

import doctest
import math
from itertools import permutations

import numpy as np
import pandas as pd
import pytest

import xlprofit
from tests.laws.models import Tables
from xlprofit.ledger import allocation
from xlprofit.ledger.allocation import allocate_costs

COST = 600_000.0
LEAVING = (1e-3, 1e-6, 1e-9, 1e-11, 1e-12, 1e-13, 1e-15)


@pytest.mark.parametrize("leaving", [eps for eps in LEAVING if eps > 1e-12])
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_loop_that_hardly_anything_leaves_conserves_every_cent(
    leaving: float, order: tuple[int, ...]
) -> None:
    shares = np.zeros((3, 3))
    shares[0, 1], shares[1, 0], shares[1, 2] = 1.0, 1 - leaving, leaving / 2
    costs = np.array([[COST], [1.0], [0.0]])
    place = np.array(order)
    stays = allocate_costs(costs[place], shares[np.ix_(place, place)]).stays.ravel()
    assert math.fsum(stays) == pytest.approx(COST + 1, rel=1e-12)
    by_name = dict(zip(order, stays, strict=True))
    assert by_name[1] == pytest.approx((COST + 1) / 2, rel=1e-3)  # half of what leaves stays, half goes on
    assert by_name[2] == pytest.approx((COST + 1) / 2, rel=1e-3)


def build_company(leaving: float, *more: tuple[str, str, float]) -> Tables:
    shares = [("IT", "HR", 1.0), ("HR", "IT", 1 - leaving), *more]
    day = "2024-01-31"
    log = {"date": [day], "customer": ["A"], "activity": ["Do"], "quantity": [500.0]}
    return {
        "Sales": pd.DataFrame({"date": [day], "customer": ["A"], "gross_revenue": [1e6], "cogs": [0.0]}),
        "Resources": pd.DataFrame({"resource": ["IT", "HR", "Ops"], "cost": [COST, 0.0, 0.0]}),
        "Allocations": pd.DataFrame(shares, columns=["from", "to", "share"]),
        "Activities": pd.DataFrame(
            {"activity": ["Do"], "group": ["service"], "resource": ["Ops"], "rate": [1.0]}
        ),
        "ActivityLog": pd.DataFrame(log),
    }


@pytest.mark.parametrize("leaving", LEAVING)
def test_of_a_company_with_such_a_loop_no_cost_is_lost_or_made(leaving: float) -> None:
    results = xlprofit.analyze(build_company(leaving))
    assert results.ledger["amount"].sum() == pytest.approx(1e6 - COST, rel=1e-9)
    told = {finding.code for finding in results.findings if finding.severity == "error"}
    assert ("R13" in told) == (leaving <= 1e-9)
    warned = {finding.variant for finding in results.findings if finding.severity == "warning"}
    assert ("M14.hardly_leaves" in warned) == (leaving > 1e-9)


@pytest.mark.parametrize("leaving", [0.5, 0.1, 0.011])
def test_a_loop_that_something_leaves_is_no_warning(leaving: float) -> None:
    assert "M14" not in {finding.code for finding in xlprofit.analyze(build_company(leaving)).findings}


def build_ladder(steps: int) -> Tables:
    """A company whose cost starts on the lowest step: of each step nearly all falls back, and the last leads to Ops."""
    company = build_company(0.0)
    names = ["IT", "HR", *(f"S{i:02}" for i in range(steps)), "Ops"]
    shares = [("IT", "HR", 1.0)]
    for below, at, above in zip(names, names[1:], names[2:], strict=False):
        shares += [(at, below, 1.0), (at, above, 1e-15)]
    costs = {"resource": names, "cost": [COST, *[0.0] * (len(names) - 1)]}
    company["Resources"] = pd.DataFrame(costs)
    company["Allocations"] = pd.DataFrame(shares, columns=["from", "to", "share"])
    return company


@pytest.mark.parametrize("steps", [0, 3])
def test_a_ladder_of_small_shares_is_climbed_and_said(steps: int) -> None:
    results = xlprofit.analyze(build_ladder(steps))
    assert results.customers.loc["A", "cost_to_serve"] == pytest.approx(-COST, rel=1e-9)
    assert {finding.code for finding in results.findings} & {"M14", "M15"} == {"M14"}


def test_what_no_number_holds_is_not_allocated_and_said() -> None:
    """Of each step so little goes on that what passes through the lowest has no number."""
    results = xlprofit.analyze(build_ladder(30))
    assert results.ledger["amount"].sum() == pytest.approx(1e6 - COST, rel=1e-9)
    assert results.capacity_by_period["unassigned"].sum() == pytest.approx(COST)
    found = [finding for finding in results.findings if finding.code in ("M14", "M15")]
    assert [(finding.variant, finding.cell) for finding in found] == [("M15.not_allocated", "C2")]


def test_random_loops_lose_nothing_or_are_refused() -> None:
    rng = np.random.default_rng(1)
    refused = 0
    for _trial in range(2_000):
        size = int(rng.integers(2, 7))
        shares = 10.0 ** -rng.choice([0, 0, 1, 3, 9, 15, 100, 300, 320], (size, size))
        shares *= rng.random((size, size)) < 0.5
        np.fill_diagonal(shares, 0.0)
        shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1.0)
        costs = rng.choice([0.0, 1.0, 1e6, 1e12], (size, 1))
        try:
            stays = allocate_costs(costs, shares).stays
        except ArithmeticError:
            refused += 1
        else:
            assert math.fsum(stays.ravel()) == pytest.approx(math.fsum(costs.ravel()), rel=1e-9, abs=0.0)
    assert 0 < refused < 1_000


def test_the_example_of_the_docstring() -> None:
    assert doctest.testmod(allocation).failed == 0


@pytest.mark.parametrize("leaving", LEAVING)
def test_what_leaves_a_loop_by_a_small_share_arrives(leaving: float) -> None:
    results = xlprofit.analyze(build_company(leaving, ("HR", "Ops", leaving)))
    assert results.customers.loc["A", "cost_to_serve"] == pytest.approx(-COST, rel=1e-9)


def test_the_share_that_stays_is_exact() -> None:
    shares = np.array([[0.0, 0.3, 0.7 - 1e-7], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    stays = allocate_costs(np.array([[1e7], [0.0], [0.0]]), shares).stays[0, 0]
    assert stays == pytest.approx(1e7 * math.fsum((1.0, -0.3, -(0.7 - 1e-7))), rel=1e-15)
