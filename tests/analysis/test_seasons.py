"""Seasons are found where they are, whether shared or one's own, and not where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from xlprofit.analysis import seasons
from xlprofit.analysis.chance import Floats

WAVE = 1 + 0.4 * np.cos(2 * np.pi * np.arange(60) / 12)


def calendar(rows: int, count: int, pools: list[int] | None = None, year: int = 12) -> seasons.Calendar:
    start = np.zeros(rows, dtype=np.int64)
    return seasons.Calendar(start, 0, count, year, np.array(pools or [0] * rows))


def noise(rows: int, count: int, seed: int = 1, deviation: float = 0.15) -> Floats:
    return np.asarray(np.exp(deviation * np.random.default_rng(seed).standard_normal((rows, count))))


@pytest.mark.parametrize("count", [24, 36, 60])
def test_a_season_that_a_segment_shares_is_found(count: int) -> None:
    found = seasons.find_factors(1_000 * WAVE[:count] * noise(200, count), calendar(200, count))
    assert np.abs(found.mean(axis=0) - WAVE[:count]).max() < 0.06
    assert found[:, :12].mean(axis=1) == pytest.approx(np.ones(200), abs=0.05)


def test_one_who_has_twice_as_much_of_it_gets_twice_as_much() -> None:
    strength = np.repeat([0.5, 1.5], 100)
    series = 1_000 * (1 + strength[:, None] * (WAVE[:36] - 1)) * noise(200, 36)
    found = seasons.find_factors(series, calendar(200, 36))
    height = found.max(axis=1) - found.min(axis=1)
    assert height[100:].mean() / height[:100].mean() == pytest.approx(3, rel=0.25)


def test_segments_have_seasons_of_their_own() -> None:
    pools = [0] * 50 + [1] * 50
    series = np.concatenate([np.tile(WAVE[:24], (50, 1)), np.tile(2 - WAVE[:24], (50, 1))])
    found = seasons.find_factors(1_000 * series * noise(100, 24, 2, 0.05), calendar(100, 24, pools))
    assert np.abs(found - series).max() < 0.15


def test_a_season_that_nobody_shares_is_found_from_three_years_on() -> None:
    peak = np.random.default_rng(3).integers(0, 12, 300)
    series = 1 + 0.5 * np.cos(2 * np.pi * (np.arange(48) - peak[:, None]) / 12)
    found = seasons.find_factors(series * noise(300, 48, 4), calendar(300, 48))
    assert np.corrcoef(found.ravel(), series.ravel())[0, 1] > 0.9


def test_where_there_is_none_little_is_made_of_chance() -> None:
    found = seasons.find_factors(noise(300, 36, 5), calendar(300, 36))
    assert found.std() < 0.05


def test_a_season_is_known_when_three_quarters_of_the_year_have_come_twice() -> None:
    """From the 21st month on; what has come once lies between what is beside it, half a year from each end."""
    found = seasons.find_factors(WAVE[:21] * noise(400, 21), calendar(400, 21))
    seen = slice(6, 15)
    np.testing.assert_allclose(found.mean(axis=0)[seen], WAVE[seen], atol=0.05)
    assert np.corrcoef(found.mean(axis=0), WAVE[:21])[0, 1] > 0.9


@pytest.mark.parametrize(("count", "year"), [(20, 12), (60, 1)])
def test_nothing_is_said_before_that_or_where_a_period_is_a_year(count: int, year: int) -> None:
    series = WAVE[:count] * noise(50, count)
    assert (seasons.find_factors(series, calendar(50, count, year=year)) == 1).all()
    assert (seasons.find_amounts(series, calendar(50, count, year=year)) == 0).all()


def test_a_few_customers_have_no_season_in_two_years() -> None:
    assert (seasons.find_factors(WAVE[:24] * noise(5, 24), calendar(5, 24)) == 1).all()


def test_amounts_are_in_money_and_add_up_to_nothing_over_a_year() -> None:
    size = np.linspace(10, 1_000, 100)[:, None]
    found = seasons.find_amounts(size * WAVE[:24] * noise(100, 24, 6, 0.05), calendar(100, 24))
    assert np.abs(found / size - (WAVE[:24] - 1)).max() < 0.06
    assert found[:, :12].sum(axis=1) == pytest.approx(np.zeros(100), abs=1e-6)


def test_a_fall_is_no_season() -> None:
    fall = np.where(np.arange(24) < 15, 1.0, 1 - 0.04 * (np.arange(24) - 14))
    found = seasons.find_factors(fall * noise(300, 24, 7, 0.05), calendar(300, 24))
    assert np.abs(found - 1).max() < 0.1
