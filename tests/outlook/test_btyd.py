"""Buy till you die: the published fit of CDNOW, its equations, and agreement with the package lifetimes."""

from __future__ import annotations

import importlib.util
import math
import warnings
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from xlprofit.outlook.btyd import (
    Habits,
    Purchases,
    Spending,
    expect_purchases,
    expect_spending,
    find_chance_active,
    find_survival,
    fit_habits,
    fit_spending,
    measure_log_likelihood,
)

Floats = npt.NDArray[np.float64]

PUBLISHED = Habits(0.243, 4.414, 0.793, 2.426, at_first=False)
"""Fader, Hardie and Lee (2005), table 2: CDNOW, 2,357 customers, 39 weeks; log-likelihood −9,582.4."""


def read_cdnow(name: str) -> pd.DataFrame:
    spec = importlib.util.find_spec("lifetimes")
    if spec is None or spec.origin is None:
        pytest.skip(reason="the sample of CDNOW ships in the package lifetimes, which is not installed")
    return pd.read_csv(Path(spec.origin).parent / "datasets" / name, index_col=0)


def cdnow() -> Purchases:
    frame = read_cdnow("cdnow_customers_summary.csv")
    return Purchases(*(frame[c].to_numpy(dtype=np.float64) for c in ("frequency", "recency", "T")))


def simulate(seed: int, count: int, habits: Habits, age: float) -> Purchases:
    """Customers with these habits: each buys at its own rate, and leaves after any purchase by its own chance."""
    rng = np.random.default_rng(seed)
    rate, leaves = rng.gamma(habits.r, 1 / habits.alpha, count), rng.beta(habits.a, habits.b, count)
    x, last = np.zeros(count), np.zeros(count)
    for who in range(count):
        at, gone = 0.0, habits.at_first and rng.random() < leaves[who]
        while not gone:
            at += rng.exponential(1 / max(rate[who], 1e-9))
            if at > age:
                break
            x[who], last[who] = x[who] + 1, at
            gone = rng.random() < leaves[who]
    return Purchases(x, last, np.full(count, age))


def test_the_published_fit_of_cdnow() -> None:
    found = fit_habits(cdnow(), at_first=False)
    assert (found.r, found.alpha) == pytest.approx((PUBLISHED.r, PUBLISHED.alpha), abs=5e-4)
    assert (found.a, found.b) == pytest.approx((PUBLISHED.a, PUBLISHED.b), abs=5e-4)
    assert measure_log_likelihood(cdnow(), PUBLISHED) == pytest.approx(-9582.4, abs=0.05)


@pytest.mark.parametrize("at_first", [False, True])
def test_a_fit_is_where_the_likelihood_is_highest(at_first: bool) -> None:
    """The published figures put back into their equation: no step in any direction is likelier."""
    given = cdnow()
    best = fit_habits(given, at_first=at_first)
    top = measure_log_likelihood(given, best)
    for name in ("r", "alpha", "a", "b"):
        for factor in (0.98, 1.02):
            values = {n: getattr(best, n) * (factor if n == name else 1.0) for n in ("r", "alpha", "a", "b")}
            assert measure_log_likelihood(given, Habits(**values, at_first=at_first)) < top


def test_the_likelihood_is_the_equation_of_the_paper() -> None:
    """Equation 6 of the paper for one customer, term by term."""
    h, x, recency, age = PUBLISHED, 2.0, 30.43, 38.86

    def beta(a: float, b: float) -> float:
        return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)

    stays = math.exp(
        beta(h.a, h.b + x)
        - beta(h.a, h.b)
        + math.lgamma(h.r + x)
        - math.lgamma(h.r)
        + h.r * math.log(h.alpha)
        - (h.r + x) * math.log(h.alpha + age)
    )
    left = math.exp(
        beta(h.a + 1, h.b + x - 1)
        - beta(h.a, h.b)
        + math.lgamma(h.r + x)
        - math.lgamma(h.r)
        + h.r * math.log(h.alpha)
        - (h.r + x) * math.log(h.alpha + recency)
    )
    one = Purchases(np.array([x]), np.array([recency]), np.array([age]))
    assert measure_log_likelihood(one, h) == pytest.approx(math.log(stays + left), rel=1e-12)
    assert find_chance_active(one, h)[0] == pytest.approx(stays / (stays + left), rel=1e-12)


def test_the_published_spending_of_cdnow() -> None:
    """Fader and Hardie (2013): p 6.25, q 3.74, γ 15.44 on the 946 customers that bought again."""
    frame = read_cdnow("cdnow_customers_summary_with_transactions.csv")
    frame = frame[frame["x"] > 0]
    found = fit_spending(frame["x"].to_numpy(dtype=np.float64), frame["zbar"].to_numpy(dtype=np.float64))
    assert (found.p, found.q, found.gamma) == pytest.approx((6.25, 3.74, 15.44), rel=5e-3)


def test_spending_is_drawn_towards_all_the_less_the_more_is_known() -> None:
    spending = Spending(6.25, 3.74, 15.44)
    few, many, none = expect_spending(np.array([1.0, 1000.0, 0.0]), np.array([100.0, 100.0, 0.0]), spending)
    assert spending.mean < few < many == pytest.approx(100, rel=0.02)
    assert none == pytest.approx(spending.mean)


@pytest.mark.parametrize("seed", [1, 2])
def test_fits_agree_with_the_package_lifetimes(seed: int) -> None:
    lifetimes = pytest.importorskip("lifetimes")
    given = simulate(seed, 1_500, Habits(0.8, 6.0, 0.7, 2.0, at_first=False), 52.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = lifetimes.BetaGeoFitter().fit(given.frequency, given.recency, given.age)
    ours = fit_habits(given, at_first=False)
    assert [ours.r, ours.alpha, ours.a, ours.b] == pytest.approx(list(theirs.params_), rel=0.01)
    days = theirs.conditional_expected_number_of_purchases_up_to_time(
        26.0, given.frequency, given.recency, given.age
    )
    assert expect_purchases(given, ours, 26.0) == pytest.approx(np.asarray(days), rel=0.02, abs=1e-4)


@pytest.mark.parametrize(
    "figures", [(2.0, 30.0, 38.0), (0.0, 0.0, 38.0), (200.0, 380.0, 390.0), (0.0, 0.0, 0.0)]
)
def test_survival_and_purchases_are_the_means_of_what_may_be(figures: tuple[float, float, float]) -> None:
    """By simulation: λ and p as they may be after what was seen, the rest by the definition."""
    habits = fit_habits(cdnow())
    x, recency, age = figures
    one = Purchases(np.array([x]), np.array([recency]), np.array([age]))
    rng = np.random.default_rng(3)
    rate = rng.gamma(habits.r + x, 1 / (habits.alpha + age), 300_000)
    leaves = rng.beta(habits.a, habits.b + x + 1, 300_000)
    assert find_survival(one, habits, 52.0)[0] == pytest.approx(np.exp(-rate * leaves * 52).mean(), abs=2e-3)
    bought = ((1 - np.exp(-rate * leaves * 52)) / leaves).mean() * find_chance_active(one, habits)[0]
    assert expect_purchases(one, habits, 52.0)[0] == pytest.approx(bought, rel=0.02)


def test_who_bought_once_long_ago_is_hardly_a_customer_still() -> None:
    habits = fit_habits(cdnow())
    once = Purchases(np.zeros(3), np.zeros(3), np.array([1.0, 39.0, 300.0]))
    recent, older, oldest = find_chance_active(once, habits)
    assert 1 > recent > older > oldest
    assert oldest < 0.25


def test_a_small_segment_keeps_what_all_have_and_a_large_one_its_own() -> None:
    every = Habits(1.0, 8.0, 1.0, 3.0)
    few = simulate(4, 40, Habits(2.0, 4.0, 0.5, 5.0), 52.0)
    many = simulate(4, 3_000, Habits(2.0, 4.0, 0.5, 5.0), 52.0)
    assert abs(math.log(fit_habits(many, prior=every).r / 2.0)) < 0.15
    near, far = (fit_habits(given, prior=every) for given in (few, many))
    assert abs(math.log(near.r / every.r)) < abs(math.log(far.r / every.r))


def _buy_alike(count: int) -> Purchases:
    """Customers who buy about once in four weeks, all at one rate, and never leave: r and α may be anything large."""
    rng = np.random.default_rng(2)
    x = rng.poisson(25.0, count).astype(np.float64)
    return Purchases(x, np.round(100.0 + 4.0 * rng.random(count), 6), np.full(count, 104.0))


@pytest.mark.parametrize("at_first", [False, True])
def test_a_fit_hangs_on_no_rounding_even_where_nobody_leaves(at_first: bool) -> None:
    """What differs from processor to processor is behind the thirteenth digit: the parameters are the same."""
    rng = np.random.default_rng(7)
    alike = _buy_alike(150)
    many = simulate(5, 400, Habits(2.0, 4.0, 0.5, 5.0), 104.0)
    for given in (alike, many):
        noisy = [time * (1.0 + 1e-13 * rng.uniform(-1, 1, len(time))) for time in (given.recency, given.age)]
        found = fit_habits(given, at_first=at_first)
        assert fit_habits(Purchases(given.frequency, *noisy), at_first=at_first) == found


def test_spending_hangs_on_no_rounding_either() -> None:
    rng = np.random.default_rng(8)
    count = rng.integers(1, 30, 200).astype(np.float64)
    for mean in (100.0 + rng.random(200), rng.lognormal(4.0, 0.6, 200)):
        noisy, found = mean * (1.0 + 1e-13 * rng.uniform(-1, 1, 200)), fit_spending(count, mean)
        other = fit_spending(count, noisy)
        # γ is money: it is as noisy as the means are.
        assert (other.p, other.q) == (found.p, found.q)
        assert other.gamma == pytest.approx(found.gamma, rel=1e-12)


def test_staying_is_known_where_all_buy_at_one_rate() -> None:
    """λ is nearly the same for all: *E[(1 + p t / β)⁻ˢ]* by the quantiles of p, where terms of the sum would cancel."""
    stats = pytest.importorskip("scipy.stats")
    habits = Habits(15_340.0, 67_330.0, 0.4, 900.0)
    x = np.array([0.0, 20.0, 200.0])
    given = Purchases(x, x / 2, np.full(3, 104.0))
    at = (np.arange(200_000) + 0.5) / 200_000
    for row, bought in enumerate(x):
        s, beta = habits.r + bought, habits.alpha + 104.0
        p = stats.beta.ppf(at, habits.a, habits.b + bought + 1)
        stays = np.exp(-s * np.log1p(p * 52.0 / beta))
        assert find_survival(given, habits, 52.0)[row] == pytest.approx(stays.mean(), abs=1e-6)
        left = np.divide(1.0 - stays, p, out=np.full(len(p), s * 52.0 / beta), where=p > 1e-12).mean()
        active = find_chance_active(given, habits)[row]
        assert expect_purchases(given, habits, 52.0)[row] == pytest.approx(left * active, rel=1e-5)


@pytest.mark.parametrize(
    "habits",
    [
        Habits(21_060.0, 94_480.0, 4.03, 1_022.0),
        Habits(1_416.0, 6_350.0, 13.67, 97_460.0),
        Habits(1e5, 4.3e5, 0.05, 2.0),
        Habits(1e5, 1e5, 1e5, 1e5),
        Habits(1e-4, 1e-4, 1e-4, 1e5),
    ],
)
def test_where_all_buy_by_the_clock_the_figures_stay_figures(habits: Habits) -> None:
    """₂F₁ overflows there: the means of what may be, by simulation, are the same figures."""
    given = Purchases(np.array([0.0, 3.0, 23.0]), np.array([0.0, 60.0, 100.0]), np.array([40.0, 70.0, 104.0]))
    stays, days = find_survival(given, habits, 52.0), expect_purchases(given, habits, 52.0)
    rng = np.random.default_rng(4)
    for place in range(3):
        x, age = given.frequency[place], given.age[place]
        rate = rng.gamma(habits.r + x, 1 / (habits.alpha + age), 100_000)
        leaves = np.maximum(rng.beta(habits.a, habits.b + x + 1, 100_000), 1e-300)
        assert stays[place] == pytest.approx(np.exp(-rate * leaves * 52).mean(), abs=5e-3)
        active = find_chance_active(given, habits)[place]
        bought = (-np.expm1(-rate * leaves * 52) / leaves).mean() * active
        assert days[place] == pytest.approx(bought, rel=0.03, abs=0.01)
