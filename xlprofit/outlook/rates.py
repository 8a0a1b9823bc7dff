"""Rates: by how much of itself an amount of a customer grows from period to period since it began to.

A customer that buys 4 % less each month comes down by less and less money, one that buys 4 % more goes up by more and
more: amounts go by rates, profit, which is what is left of them, by neither rates nor a line.

Sources: P. McCullagh and J. A. Nelder, *Generalized Linear Models*, 1989, for a rate read from amounts some of which
are nothing (a logarithmic link); C. N. Morris, "Parametric Empirical Bayes Inference", Journal of the American
Statistical Association 1983, for how far the rate of one is drawn towards that of those who go the same way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

FEWEST_ALIKE = 10
"""Customers that must go the same way for the rate of one to be drawn towards theirs."""

FASTEST_RISE, FASTEST_FALL = 1.2, 6.0
"""The fastest that an amount is taken to rise or fall in a year, in logarithms: to 3.3 times as much, to a 400th."""

LONGEST_STEP = 0.25
"""The longest step by which a rate is looked for."""

ROUNDS = 8
"""Steps by which a rate is found (Newton's): each doubles the digits that are right."""

STEPS, FARTHEST = 2_000, 6.0
"""Steps in which a mean over all that a variance may be is taken, as many of its standard deviations away."""

DIGITS = 9
"""Digits behind the point that rates are kept with: later ones differ by processor."""


@dataclass(frozen=True)
class Rates:
    """What is read of an amount of each customer.

    Attributes:
        level: the amount of the last period, money.
        rate: its growth from period to period, in logarithms; 0 where nobody can tell.
        doubt: the standard deviation of ``rate``.
        reach: periods from the middle of what is known to the last: by so many times an error of the rate is one of
            the level, as a share of it.
        common: the standard deviation of what ``rate`` has of a rate that is common to all.
        shift: by so many times an error of that common rate is one of the level, as a share of it.
    """

    level: Floats
    rate: Floats
    doubt: Floats
    reach: Floats
    common: Floats
    shift: Floats

    def choose(self, rows: Integers) -> Rates:
        """Return those of some customers, by place."""
        return Rates(*(getattr(self, field.name)[rows] for field in fields(self)))

    def trace(self, width: int, lasted: Integers) -> Floats:
        """Return the course of the last ``width`` periods that grew for so many, customers × periods, money."""
        last = lasted[:, None].astype(np.float64)
        since = np.maximum(np.arange(width) - (width - 1 - last), 0.0)
        return np.asarray(self.level[:, None] * np.exp(self.rate[:, None] * (since - last)))

    def add_growth(self, steps: Floats, ahead: int) -> Floats:
        """Return what growth that ends after so many steps adds to the level over the periods ahead, money.

        *Level × (Σₖ exp(rate × min(k, steps)) − ahead)*; ``steps``, whole and no more than ``ahead``, has a row a
        customer, or one for all.

        >>> one = Rates(np.array([100.0]), np.array([np.log(1.1)]), *np.zeros((4, 1)))
        >>> one.add_growth(np.array([[0.0, 1.0, 2.0]]), 2).round(6).tolist()
        [[0.0, 20.0, 31.0]]
        """
        rate = self.rate[:, None]
        each = np.expm1(rate)
        flat = np.abs(rate) < 1e-9
        # Σₖ≤ₛ exp(r k) = exp(r) (exp(r s) − 1) / (exp(r) − 1), s where r is 0.
        grown = np.expm1(rate * steps)
        total = np.where(flat, steps, (each + 1.0) * grown / np.where(flat, 1.0, each))
        return np.asarray(self.level[:, None] * (total - steps + (ahead - steps) * grown))

    def feel_rate(self, shift: Floats, ahead: int) -> Floats:
        """Return what an error of the rate by 1 is of what is left in the periods ahead, money.

        The derivative of *level × Σₖ exp(rate × min(k, steps))*, where the level is off by ``shift`` times as much as
        the rate, as a share of it: customers × the steps after which growth ends, from none to ``ahead``.

        >>> one = Rates(np.array([100.0]), np.zeros(1), *np.zeros((4, 1)))
        >>> one.feel_rate(np.array([5.0]), 2).tolist()
        [[1000.0, 1200.0, 1300.0]]
        """
        step = np.arange(ahead + 1, dtype=np.float64)[None, :]
        grown = np.exp(self.rate[:, None] * step)
        stays = (ahead - step) * grown
        of_level = grown.cumsum(axis=1) - 1.0 + stays
        of_rate = (step * grown).cumsum(axis=1) + step * stays
        return np.asarray(self.level[:, None] * (shift[:, None] * of_level + of_rate))


def fit_growth(amounts: Floats, own: Integers, lasted: Integers, a_year: int) -> tuple[Rates, Floats]:
    """Return the rates of some amounts, level up to a bend and growing from then on, and their variances.

    With *xₜ* the periods since the bend and *μₜ = A exp(r xₜ)*: *Σ (yₜ − μₜ) = 0* and *Σ xₜ (yₜ − μₜ) = 0*, which hold
    for periods without any amount too; the variance is that of a line through logarithms, *s² / Σ (xₜ − x̄)²*, *s* being
    how far amounts are apart as a share of *μ*. An amount that is nothing or less in all does not grow.

    Args:
        amounts: customers × periods, money.
        own: how many of the last periods are each customer's.
        lasted: for how many periods each has grown.
        a_year: periods in a year.

    >>> amounts = np.array([[100.0, 100.0, 100.0, 105.0, 110.25, 115.7625]])
    >>> found, variance = fit_growth(amounts, np.array([6]), np.array([3]), 12)
    >>> found.rate.round(6).tolist() == [round(float(np.log(1.05)), 6)], found.level.round(6).tolist()
    (True, [115.7625])
    """
    width = amounts.shape[1]
    mine = np.arange(width) >= width - own[:, None]
    since = np.maximum(np.arange(width) - (width - 1 - lasted[:, None]), 0).astype(np.float64)
    count = np.maximum(own, 1).astype(np.float64)[:, None]

    def add(parts: Floats) -> Floats:
        return np.asarray(np.where(mine, parts, 0.0).cumsum(axis=1)[:, -1:])

    whole = add(amounts)
    known = whole > 0
    centre = np.divide(add(since * amounts), whole, out=np.zeros_like(whole), where=known)
    rate = np.zeros_like(whole)
    for _ in range(ROUNDS):
        weight = np.exp(rate * since)
        size = add(weight)
        middle = add(weight * since) / size
        spread = np.maximum(add(weight * (since - middle) ** 2) / size, 1e-12)
        step = np.clip((centre - middle) / spread, -LONGEST_STEP, LONGEST_STEP)
        rate = np.clip(rate + step, -FASTEST_FALL / a_year, FASTEST_RISE / a_year)
    rate = np.where(known, np.round(rate, DIGITS), 0.0)
    weight = np.exp(rate * since)
    height = np.where(known, whole / add(weight), 0.0)
    fitted = height * weight
    apart = np.divide(amounts - fitted, fitted, out=np.zeros_like(amounts), where=fitted > 0)
    mean = add(since) / count
    variance = add(apart**2) / np.maximum(count - 3.0, 1.0) / np.maximum(add((since - mean) ** 2), 1e-12)
    level = np.where(known, fitted[:, -1:], whole / count)
    doubt = np.where(known, np.sqrt(variance), 0.0)[:, 0]
    none = np.zeros(len(own))
    return Rates(level[:, 0], rate[:, 0], doubt, since[:, -1] - mean[:, 0], none, none), doubt**2


def share_rates(found: Rates, variance: Floats, mean: tuple[Floats, Floats, Floats] | None = None) -> Rates:
    """Return rates drawn towards each other (:func:`draw_together`); the level follows, and all that was left stays.

    ``mean`` are the rates that they are drawn towards instead, their standard deviations, and by how many times an
    error of theirs is one of the level.
    """
    rate, weight = draw_together(found.rate, variance, None if mean is None else mean[0])
    rate = np.round(rate, DIGITS)
    level = found.level * np.exp((rate - found.rate) * found.reach)
    none = np.zeros(len(rate))
    common, shift = ((1.0 - weight) * mean[1], mean[2]) if mean is not None else (none, none)
    return Rates(level, rate, np.sqrt(weight * variance), found.reach, common, shift)


def draw_together(values: Floats, variance: Floats, mean: Floats | None = None) -> tuple[Floats, Floats]:
    """Return values drawn towards those that go the same way, or towards means that are given, and how far they stay.

    Values *rᵢ* with variances *vᵢ* lie around a mean *r* with a variance *τ²* of their own, that of the *rᵢ* less the
    mean of the *vᵢ*: each is *r + w (rᵢ − r)*, *w = τ² / (τ² + vᵢ)*, known to *w vᵢ*. Of *τ²* itself no more is known
    than to *√(2 / (n − 1))* of what the *rᵢ* are apart, and that it is not below 0. Fewer than :data:`FEWEST_ALIKE` are
    what they are.

    >>> drawn, _ = draw_together(np.arange(1.0, 13.0), np.full(12, 99.0))
    >>> float(np.ptp(drawn)) < 0.5
    True
    """
    drawn, weight = values.copy(), np.ones(len(values))
    groups = (
        [np.arange(len(values))]
        if mean is not None
        else [np.flatnonzero(values * way > 0) for way in (-1, 1)]
    )
    for some in groups:
        if len(some) < FEWEST_ALIKE:
            continue
        middle = float(values[some].cumsum()[-1]) / len(some) if mean is None else mean[some]
        between = float(((values[some] - middle) ** 2).cumsum()[-1]) / (len(some) - 1)
        chance = float(variance[some].cumsum()[-1]) / len(some)
        own = _expect_spread(between - chance, math.sqrt(2.0 / (len(some) - 1)) * between)
        whole = own + variance[some]
        weight[some] = np.divide(own, whole, out=np.ones(len(some)), where=whole > 0)
        drawn[some] = middle + weight[some] * (values[some] - middle)
    return drawn, weight


def _expect_spread(found: float, doubt: float) -> float:
    """Return the variance to be expected of one found with such a standard deviation: none is below 0.

    Any deviation *τ* is as likely as any other before (A. Gelman, "Prior distributions for variance parameters in
    hierarchical models", Bayesian Analysis 2006; any *variance* would be far too wide): the mean of *τ²*, weighed by
    *exp(−(τ² − found)² / 2 doubt²)*.

    >>> round(_expect_spread(25.0, 0.1), 4), round(_expect_spread(0.0, 1.0), 4)
    (24.9998, 0.478)
    """
    if doubt <= 0:
        return max(found, 0.0)
    at = max(found / doubt, -FARTHEST)
    first, last = math.sqrt(max(at - FARTHEST, 0.0)), math.sqrt(max(at, 0.0) + FARTHEST)
    square = np.linspace(first, last, STEPS) ** 2
    weight = np.exp(-((square - at) ** 2) / 2.0)
    return float(f"{float((weight * square).cumsum()[-1] / weight.cumsum()[-1]):.{DIGITS}g}") * doubt
