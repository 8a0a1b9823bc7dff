"""What is more than chance: memory, shared knowledge, and how many of many may be named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlprofit.analysis import chance


def remember(phi: float, rows: int, length: int, seed: int = 1) -> chance.Floats:
    """Rows of an AR(1) series with variance 1."""
    shocks = np.random.default_rng(seed).standard_normal((rows, length))
    course = shocks.copy()
    for t in range(1, length):
        course[:, t] = phi * course[:, t - 1] + np.sqrt(1 - phi**2) * shocks[:, t]
    return course


def without_line(series: chance.Floats) -> chance.Floats:
    place = np.arange(series.shape[1])
    slope, level = np.polyfit(place, series.T, 1)
    return np.asarray(series - slope[:, None] * place - level[:, None])


@pytest.mark.parametrize("phi", [0.0, 0.3, 0.6])
def test_memory_is_found_on_average_in_short_series(phi: float) -> None:
    found = chance.find_memory_of_ranks(without_line(remember(phi, 20_000, 18)))
    assert found.mean() == pytest.approx(phi, abs=0.1)


def test_equal_values_remember_nothing() -> None:
    assert chance.find_memory_of_ranks(np.zeros((2, 18))).tolist() == [0, 0]
    now_and_then = np.random.default_rng(5).random((20_000, 18)) < 0.2
    assert chance.find_memory_of_ranks(now_and_then.astype(float)).mean() < 0.15


def test_too_few_periods_have_no_memory() -> None:
    assert chance.find_memory_of_ranks(np.ones((3, 5))).tolist() == [0, 0, 0]


def test_inflation_is_what_memory_does_to_kendalls_score() -> None:
    series = remember(0.5, 20_000, 18)
    earlier, later = np.triu_indices(18, 1)
    score = np.sign(series[:, later] - series[:, earlier]).sum(axis=1)
    alone = 18 * 17 * 41 / 18
    assert score.var() / alone == pytest.approx(
        chance.find_inflation(np.array([0.5]), np.array([18]))[0], rel=0.05
    )


def test_no_memory_makes_a_trend_surer() -> None:
    assert chance.find_inflation(np.array([-0.8, 0.0]), np.array([18, 18])).tolist() == [1, 1]
    assert (chance.find_inflation(np.array([0.2, 0.9, 5.0]), np.array([18, 18, 18])) > 1).all()
    assert chance.find_inflation(np.array([0.95]), np.array([12])) == chance.find_inflation(
        np.array([0.9]), np.array([12])
    )


def test_who_knows_little_of_itself_is_as_all_are() -> None:
    rng = np.random.default_rng(2)
    alike = chance.share_knowledge(0.4 + rng.normal(0, 0.25, 5_000), np.full(5_000, 0.25**2))
    assert alike.std() < 0.06
    assert alike.mean() == pytest.approx(0.4, abs=0.02)
    two = np.repeat([0.0, 0.8], 2_500)
    apart = chance.share_knowledge(two + rng.normal(0, 0.2, 5_000), np.full(5_000, 0.2**2))
    assert np.corrcoef(apart, two)[0, 1] > 0.85


def test_who_is_alone_is_taken_at_its_word_and_who_is_unknown_as_the_mean() -> None:
    assert chance.share_knowledge(np.array([0.7]), np.array([0.1])).tolist() == [0.7]
    assert chance.share_knowledge(np.array([0.2, 0.4, np.nan]), np.full(3, 1.0)).tolist() == pytest.approx(
        [0.3] * 3
    )
    assert chance.share_knowledge(np.array([np.nan]), np.array([1.0])).tolist() == [0]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.floats(0.01, 0.3))
def test_discoveries_are_those_of_the_definition(values: list[float], rate: float) -> None:
    """Benjamini, Krieger and Yekutieli 2006, definition 6: step-up at q', then at q' × m / (m − what that rejects).

    The second step is taken where the first rejects more than half.
    """
    count, ordered, strict = len(values), sorted(values), rate / (1 + rate)

    def step_up(level: float) -> int:
        return max([k for k, p in enumerate(ordered, 1) if p <= level * k / count], default=0)

    first = step_up(strict)
    last = first if first <= count / 2 or first == count else step_up(strict * count / (count - first))
    limit = ordered[last - 1] if last else -1.0
    found = chance.discover_trends(np.array(values), np.ones(count, dtype=bool), rate)
    assert found.tolist() == [p <= limit for p in values]


def test_who_is_not_asked_is_not_found_and_does_not_count() -> None:
    values = np.array([0.0, 0.03, 0.04])
    asked = np.array([False, True, True])
    assert chance.discover_trends(values, asked, 0.05).tolist() == [False, True, True]


def test_of_those_named_few_are_chance_and_of_many_of_whom_there_is_nothing_to_say_hardly_any() -> None:
    rng = np.random.default_rng(3)
    nothing = rng.random(10_000)
    moving = chance.find_tail(rng.normal(3.5, 1.0, 500))
    found = chance.discover_trends(np.concatenate([nothing, moving]), np.ones(10_500, dtype=bool), 0.05)
    assert found[:10_000].sum() / found.sum() == pytest.approx(0.05, abs=0.03)
    assert found[10_000:].mean() > 0.6
    assert chance.discover_trends(nothing, np.ones(10_000, dtype=bool), 0.05).mean() < 0.001


@pytest.mark.parametrize("most", [1.0, 0.15])
def test_two_signs_together_are_as_likely_as_chance_makes_them(most: float) -> None:
    first, second = np.random.default_rng(4).random((2, 1_000_000))
    joint = chance.join_probabilities(first, second, most)
    for limit in (0.001, 0.01):
        assert np.mean(joint <= limit) == pytest.approx(limit, rel=0.15)
