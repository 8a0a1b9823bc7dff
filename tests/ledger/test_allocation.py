"""Support cost that is passed on: nothing is lost or made however little leaves a loop."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pandas as pd
import pytest

import xlprofit
from tests.laws.models import Tables
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
    stays = allocate_costs(costs[place], shares[np.ix_(place, place)]).ravel()
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


@pytest.mark.parametrize("leaving", LEAVING)
def test_what_leaves_a_loop_by_a_small_share_arrives(leaving: float) -> None:
    results = xlprofit.analyze(build_company(leaving, ("HR", "Ops", leaving)))
    assert results.customers.loc["A", "cost_to_serve"] == pytest.approx(-COST, rel=1e-9)


def test_the_share_that_stays_is_exact() -> None:
    shares = np.array([[0.0, 0.3, 0.7 - 1e-7], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    stays = allocate_costs(np.array([[1e7], [0.0], [0.0]]), shares)[0, 0]
    assert stays == pytest.approx(1e7 * math.fsum((1.0, -0.3, -(0.7 - 1e-7))), rel=1e-15)
