"""Contracts: the published shifted beta-geometric, Kaplan and Meier, and who was not seen from the beginning."""

from __future__ import annotations

import numpy as np
import pytest

from xlprofit.outlook.contracts import (
    Exposure,
    Leaving,
    Tenures,
    count_exposure,
    find_hazards,
    find_staying,
    find_survival_curve,
    fit_leaving,
)

REGULAR = (1.0, 0.631, 0.468, 0.382, 0.326, 0.289, 0.262, 0.241)
HIGH_END = (1.0, 0.869, 0.743, 0.653, 0.593, 0.551, 0.517, 0.491)
"""Fader and Hardie (2007), table 1: the shares of two groups of customers that still are, by year."""


def expose(shares: tuple[float, ...]) -> Exposure:
    there = 1000 * np.array(shares)
    return Exposure(there[:-1], there[:-1] - there[1:])


@pytest.mark.parametrize(
    ("shares", "alpha", "beta"),
    [(REGULAR, 0.704, 1.182), (HIGH_END, 0.668, 3.806)],
    ids=["regular", "high end"],
)
def test_the_published_fit(shares: tuple[float, ...], alpha: float, beta: float) -> None:
    found = fit_leaving(expose(shares))
    assert (found.alpha, found.beta) == pytest.approx((alpha, beta), abs=1e-3)


@pytest.mark.parametrize("shares", [REGULAR, HIGH_END])
def test_the_published_figures_satisfy_their_equation(shares: tuple[float, ...]) -> None:
    """P(T = 1) = α / (α + β), P(T = t) = (β + t − 2) / (α + β + t − 1) P(T = t − 1); what they add up to left."""
    found = fit_leaving(expose(shares))
    leaves = [found.alpha / (found.alpha + found.beta)]
    for year in range(2, 8):
        leaves.append(leaves[-1] * (found.beta + year - 2) / (found.alpha + found.beta + year - 1))
    stays = np.cumprod(1 - found.find_hazard(np.arange(7)))
    assert stays == pytest.approx(1 - np.cumsum(leaves), rel=1e-12)
    assert stays == pytest.approx(shares[1:], abs=0.02)


def test_kaplan_and_meier_without_censoring_is_the_share_that_is_left() -> None:
    length = np.array([0, 1, 1, 2, 3, 3, 3, 5])
    seen = count_exposure(Tenures(np.zeros(8, dtype=np.int64), length, np.ones(8, dtype=bool)))
    assert find_survival_curve(seen) == pytest.approx([1, 7 / 8, 5 / 8, 4 / 8, 1 / 8, 1 / 8, 0])


def test_who_was_not_seen_from_the_beginning_says_nothing_of_it() -> None:
    """Source: Klein and Moeschberger, Survival Analysis, 2003, on left truncation: at risk from the entry on."""
    seen = count_exposure(Tenures(np.array([0, 4]), np.array([6, 6]), np.array([True, True])))
    assert seen.risk.tolist() == [1, 1, 1, 1, 2, 2, 2]
    assert seen.left.tolist() == [0, 0, 0, 0, 0, 0, 2]


def test_a_simulated_book_of_contracts_is_read_back() -> None:
    rng = np.random.default_rng(5)
    count, months = 4_000, 48
    chance = rng.beta(0.8, 20.0, count)
    lasts = rng.geometric(chance) - 1
    begun = rng.integers(0, months, count)
    length = np.minimum(lasts, months - begun)
    left = lasts < months - begun
    given = Tenures(np.zeros(count, dtype=np.int64), length, left)
    leaving = fit_leaving(count_exposure(given))
    assert (leaving.alpha, leaving.beta) == pytest.approx((0.8, 20.0), rel=0.15)
    segment = np.zeros(count, dtype=np.int64)
    course = find_staying(find_hazards(given, segment, 12), segment, np.zeros(count, dtype=np.int64), 12)
    assert course[0, 12] == pytest.approx(((1 - chance) ** 12).mean(), abs=0.02)
    assert Leaving(0.8, 20.0).find_hazard(np.array([0]))[0] == pytest.approx(chance.mean(), rel=0.05)
