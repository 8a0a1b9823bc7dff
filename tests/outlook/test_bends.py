"""Where the profit of a customer that falls is now: read from the bend on."""

from __future__ import annotations

import numpy as np
import pytest

from xlprofit.outlook.bends import fit_bends


@pytest.mark.parametrize("months", [5, 9, 14])
@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_a_level_that_bends_is_read_exactly(months: int, sign: float) -> None:
    """Level for years, then by 40 a month: a straight line through all of it would be far behind."""
    course = 1_000.0 + sign * 40.0 * np.maximum(np.arange(24) - (23 - months), 0)
    found = fit_bends(course[None, :], np.array([24]))
    assert found.level[0] == pytest.approx(course[-1])
    assert found.slope[0] == pytest.approx(sign * 40.0)
    assert found.calm[0] == pytest.approx(np.full(24, course.mean()))


def test_what_is_left_beside_the_bend_is_as_far_apart_as_chance() -> None:
    rng = np.random.default_rng(4)
    chance = rng.normal(0.0, 50.0, (400, 24))
    course = 1_000.0 - 40.0 * np.maximum(np.arange(24) - 14, 0)
    found = fit_bends(course + chance, np.full(400, 24))
    assert (found.calm - found.calm.mean(axis=1)[:, None]).std() == pytest.approx(50.0, rel=0.05)
    assert (course + chance).std(axis=1).mean() > 2 * 50.0
    assert np.median(found.level) == pytest.approx(course[-1], abs=25.0)


def test_periods_before_a_customer_began_say_nothing() -> None:
    course = np.array([9e9, -9e9, 9e9, 500.0, 500.0, 500.0, 500.0, 400.0, 300.0, 200.0])
    found = fit_bends(course[None, :], np.array([7]))
    assert (found.level[0], found.slope[0]) == (pytest.approx(200.0), pytest.approx(-100.0))
