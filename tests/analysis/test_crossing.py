"""When profit crosses zero: exactly where nothing is left to chance, and as often as stated where much is."""

from __future__ import annotations

import numpy as np
import pytest

from xlprofit.analysis import crossing
from xlprofit.analysis.chance import Floats


def find(profit: Floats, pressed: bool = True, volume: Floats | None = None) -> Floats:
    level = np.ones_like(profit) if volume is None else volume
    return crossing.find_crossing(profit, level, np.ones(len(profit)), np.full(len(profit), pressed))


def turn(steady: int, falling: int, pace: float) -> Floats:
    """A row that is level at 1 and then falls in a straight line."""
    return np.concatenate([np.ones(steady), 1 - pace * np.arange(1, falling + 1)])[None, :]


@pytest.mark.parametrize(("steady", "falling"), [(0, 18), (9, 9), (11, 7)])
def test_a_straight_fall_crosses_where_it_does_whenever_it_began(steady: int, falling: int) -> None:
    row = turn(steady, falling, 0.05)
    low, middle, high = find(row)[0]
    assert [low, middle, high] == pytest.approx([row[0, -1] / 0.05] * 3, rel=0.08)


def test_a_slowing_fall_that_nothing_presses_may_never_cross() -> None:
    row = (1 + 2 * 0.96 ** np.arange(18.0))[None, :]
    assert np.isnan(find(row, pressed=False)[0, 1:]).all()
    assert np.isfinite(find(row, pressed=True)).all()


def test_what_does_not_fall_has_no_crossing() -> None:
    assert np.isnan(find(np.linspace(1, 2, 18)[None, :])).all()
    assert find(np.empty((0, 18))).shape == (0, 3)


def test_much_chance_leaves_the_far_end_open() -> None:
    rng = np.random.default_rng(1)
    noisy = turn(9, 9, 0.02) + rng.normal(0, 0.5, (200, 18))
    found = find(noisy)
    assert np.isnan(found[:, 2]).mean() > 0.3
    known = found[np.isfinite(found[:, 2])]
    assert (known[:, 0] <= known[:, 1]).all()
    assert (known[:, 1] <= known[:, 2]).all()


@pytest.mark.parametrize("falling", [8, 12, 16])
def test_eight_of_ten_intervals_hold_the_truth(falling: int) -> None:
    rng = np.random.default_rng(falling)
    row = turn(18 - falling, falling, 0.04)
    noisy = row + rng.normal(0, 0.12, (4_000, 18))
    found, truth = find(noisy), row[0, -1] / 0.04
    holds = (found[:, 0] <= truth) & ~(found[:, 2] < truth)
    assert 0.72 < holds.mean() < 0.92


def test_memory_widens_the_interval() -> None:
    row = turn(6, 12, 0.05) + np.random.default_rng(2).normal(0, 0.05, (1, 18))
    width = [
        np.diff(crossing.find_crossing(row, np.ones_like(row), np.array([i]), np.array([True]))[0, [0, 2]])[0]
        for i in (1.0, 3.0)
    ]
    assert width[1] > 1.3 * width[0]
