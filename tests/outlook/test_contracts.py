"""Contracts: the published shifted beta-geometric, Kaplan and Meier, and who was not seen from the beginning."""

from __future__ import annotations

import numpy as np
import pytest

from xlprofit.outlook.contracts import (
    Exposure,
    Leaving,
    Tenures,
    compare_leaving,
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
    course = find_staying(find_hazards(given, segment, 12, 1), segment, np.zeros(count, dtype=np.int64), 12)
    assert course[0, 12] == pytest.approx(((1 - chance) ** 12).mean(), abs=0.02)
    assert Leaving(0.8, 20.0).find_hazard(np.array([0]))[0] == pytest.approx(chance.mean(), rel=0.05)


def draw_tenures(
    rng: np.random.Generator, hazard: tuple[float, ...], counts: tuple[int, ...]
) -> tuple[Tenures, np.ndarray]:
    """Contracts of segments with a hazard each, three times that in the first six months, begun over four years."""
    segment = np.repeat(np.arange(len(counts)), counts)
    monthly = np.array(hazard)[segment]
    lasts = np.full(len(segment), 999)
    for month in range(120)[::-1]:
        fast = 3.0 if month < 6 else 1.0
        lasts = np.where(rng.random(len(segment)) < fast * monthly, month, lasts)
    begun = rng.integers(1, 48, len(segment))
    left = lasts < begun
    return Tenures(np.zeros(len(segment), dtype=np.int64), np.minimum(lasts, begun), left), segment


def test_segments_that_leave_at_other_speeds_keep_their_own() -> None:
    """Most leave seldom: who leaves ten times as fast is not drawn to them, nor they to it, and few are to many."""
    rng = np.random.default_rng(8)
    monthly = (0.002, 0.02, 0.02)
    errors, plain = [], []
    for _ in range(4):
        given, segment = draw_tenures(rng, monthly, (1_500, 700, 25))
        hazards = find_hazards(given, segment, 12, 4)
        for place, hazard in enumerate(monthly):
            some = segment == place
            seen = count_exposure(Tenures(given.entry[some], given.length[some], given.left[some]))
            own = np.divide(seen.left, seen.risk, out=np.zeros_like(seen.left), where=seen.risk > 0)
            own = np.append(own, np.zeros(60 - len(own)))
            for begin in (0, 12, 24):
                fast = np.where(np.arange(begin, begin + 12) < 6, 3.0, 1.0)
                stays = np.prod(1 - fast * hazard)
                errors.append((place, np.prod(1 - hazards[place, begin : begin + 12]) - stays))
                plain.append((place, np.prod(1 - own[begin : begin + 12]) - stays))
        # Of the fourth segment nothing is known: it has what is usual, between the others.
        assert hazards[0, 20] < hazards[3, 20] < hazards[1, 20]
    off, off_alone = (
        [float(np.abs([error for at, error in found if at == place]).mean()) for place in range(3)]
        for found in (errors, plain)
    )
    assert off[0] < 0.01
    assert off[1] < 0.03
    assert off[2] < 0.6 * off_alone[2]
    assert abs(np.mean([error for at, error in errors if at == 1])) < 0.02


def test_segments_are_compared_at_the_same_tenure() -> None:
    """Both leave alike, but the customers of the second are older: it is not taken to leave half as often."""
    usual, ratio = compare_leaving(
        np.array([[9e5, 1e5], [1e5, 9e5]]), np.array([[0.04 * 9e5, 0.01 * 1e5], [0.04 * 1e5, 0.01 * 9e5]])
    )
    assert ratio == pytest.approx([1, 1], abs=1e-4)
    assert usual == pytest.approx([0.04, 0.01], rel=1e-4)


def test_the_ratios_satisfy_their_equation() -> None:
    risk = np.array([[40.0, 30.0, 12.0], [900.0, 600.0, 500.0], [7.0, 0.0, 0.0]])
    left = np.array([[10.0, 6.0, 2.0], [30.0, 9.0, 4.0], [0.0, 0.0, 0.0]])
    usual, ratio = compare_leaving(risk, left)
    assert (ratio[:, None] * risk * usual).sum() == pytest.approx(left.sum(), rel=1e-9)
    asked = (left.sum(axis=1) + 1) / ((risk * usual).sum(axis=1) + 1)
    assert ratio / ratio[1] == pytest.approx(asked / asked[1], rel=1e-9)
    assert (ratio * risk.sum(axis=1)).sum() == pytest.approx(risk.sum(), rel=1e-9)
