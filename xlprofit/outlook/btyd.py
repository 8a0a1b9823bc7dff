"""Buy till you die: how often a customer buys, and whether it is still one, where nobody gives notice.

Sources: P. S. Fader, B. G. S. Hardie and K. L. Lee, "'Counting Your Customers' the Easy Way: An Alternative to the
Pareto/NBD Model", Marketing Science 2005 (BG/NBD); E. P. Batislam, M. Denizel and A. Filiztekin, "Empirical
validation and comparison of models for customer base analysis", International Journal of Research in Marketing 2007
(MBG/NBD: one may leave after the first purchase too); P. S. Fader and B. G. S. Hardie, "The Gamma-Gamma Model of
Monetary Value", 2013.

A customer buys at a rate λ as long as it is one, and leaves for good after any purchase with a probability p. λ is
Gamma(r, α) over the customers, p is Beta(a, b). Of each customer three figures count: the *frequency* x (days with a
purchase after the first), the *recency* tₓ (time from the first to the last) and the *age* T (time from the first until
now), all in one unit of time. With n the purchases after which it may have left (x in BG/NBD, x + 1 in MBG/NBD)

- likelihood = Γ(r + x) αʳ / (Γ(r) B(a, b)) × [B(a, b + n) / (α + T)ʳ⁺ˣ + B(a + 1, b + n − 1) / (α + tₓ)ʳ⁺ˣ], the
  second part where n > 0 only;
- chance of being active = 1 / (1 + a / (b + n − 1) × ((α + T) / (α + tₓ))ʳ⁺ˣ).

BG/NBD takes whoever bought once for active for ever. That is why forecasts rest on MBG/NBD.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

Floats = npt.NDArray[np.float64]

DIGITS = 4
"""Significant digits that a fitted parameter is kept with: those after them differ from processor to processor."""

SPREAD = 0.5
"""How far the logarithms of a segment's parameters may lie from those of all customers, a standard deviation."""

NODES = 400
"""Chances to leave that stand for all of them where the equations overflow."""

ROUNDING = 1e-6
"""A share by which a figure beyond what can be is a rounding."""

LEAST, MOST = 1e-4, 1e5
"""Bounds of every fitted parameter: beyond them it makes no difference."""


@dataclass(frozen=True)
class Purchases:
    """What counts of each customer that ever bought: ``frequency``, ``recency`` and ``age`` (see the module)."""

    frequency: Floats
    recency: Floats
    age: Floats

    def choose(self, rows: npt.NDArray[np.generic]) -> Purchases:
        """Return those of some customers, by place or flag."""
        return Purchases(self.frequency[rows], self.recency[rows], self.age[rows])


@dataclass(frozen=True)
class Habits:
    """How customers buy and leave: λ is Gamma(``r``, ``alpha``), p is Beta(``a``, ``b``).

    ``at_first`` says whether one may leave after the first purchase too (MBG/NBD).
    """

    r: float
    alpha: float
    a: float
    b: float
    at_first: bool = True


def fit_habits(given: Purchases, *, at_first: bool = True, prior: Habits | None = None) -> Habits:
    """Return the habits under which what was bought is most likely.

    Customers with the same three figures are worked out once. With a ``prior`` the logarithm of each parameter is drawn
    towards that of the prior, as if it were normally distributed around it with a deviation of :data:`SPREAD`: a small
    segment keeps what all customers have, a large one what its own say.

    >>> days = Purchases(np.array([2.0, 1.0, 0.0, 0.0]), np.array([30.0, 2.0, 0.0, 0.0]), np.full(4, 39.0))
    >>> fit_habits(days, at_first=False).at_first
    False
    """
    rows, times = np.unique(
        np.column_stack([given.frequency, given.recency, given.age]), axis=0, return_counts=True
    )
    one = Purchases(*np.ascontiguousarray(rows.T))
    times = times.astype(np.float64)
    bought = float(times @ one.frequency)
    rate = max(bought, 0.5) / max(float(times @ one.age), 1e-9)
    start = np.array([1.0, 1.0 / rate, 1.0, 3.0])
    if prior is not None:
        start = np.array(astuple(prior)[:4])
    middle = np.log(start) if prior is not None else None

    def measure(logs: Floats) -> tuple[float, Floats]:
        likely, slope = _measure_likelihood(np.exp(logs), one, times, at_first)
        if middle is None:
            return -likely, -slope
        away = (logs - middle) / SPREAD**2
        return float(away @ (logs - middle)) / 2 - likely, away - slope

    r, alpha, a, b = maximise_parameters(measure, start)
    return Habits(r, alpha, a, b, at_first)


def maximise_parameters(
    measure: Callable[[Floats], tuple[float, Floats]], start: Floats
) -> tuple[float, ...]:
    """Return the parameters at which a measure of their logarithms is least, rounded to :data:`DIGITS`.

    By the method of Broyden, Fletcher, Goldfarb and Shanno; beyond a bound the measure rises. The method of scipy that
    knows bounds asks LAPACK for matrices of four by four, whose threads wait for each other for longer than the whole
    fit takes.

    Args:
        measure: gives the figure and its slope by each logarithm.
        start: where to begin, above 0.
    """
    from scipy.optimize import minimize

    low, high = float(np.log(LEAST)), float(np.log(MOST))

    def hold_within(logs: Floats) -> tuple[float, Floats]:
        held = np.clip(logs, low, high)
        beyond = logs - held
        value, slope = measure(held)
        return value + float(np.abs(beyond).sum()), slope * (beyond == 0) + np.sign(beyond)

    found = minimize(
        hold_within,
        np.log(np.clip(start, LEAST, MOST)),
        jac=True,
        method="BFGS",
        options={"maxiter": 500, "gtol": 1e-6},
    )
    return tuple(float(f"{value:.{DIGITS}g}") for value in np.exp(np.clip(found.x, low, high)))


def measure_log_likelihood(given: Purchases, habits: Habits) -> float:
    """Return the logarithm of how likely what was bought is under these habits."""
    values = np.array(astuple(habits)[:4])
    return _measure_likelihood(values, given, np.ones(len(given.age)), habits.at_first)[0]


def _measure_likelihood(
    values: Floats, given: Purchases, times: npt.NDArray[np.generic], at_first: bool
) -> tuple[float, Floats]:
    """Return the log-likelihood of r, α, a and b, and its slope by the logarithm of each."""
    from scipy.special import digamma, gammaln

    r, alpha, a, b = values
    x, recency, age = given.frequency, given.recency, given.age
    n = x + at_first
    some = n > 0
    kinds, place = np.unique(x, return_inverse=True)
    of_n = kinds + at_first
    steady = (gammaln(r + kinds) - gammaln(r) + gammaln(a + b) - gammaln(b) - gammaln(a + b + of_n))[place]
    steady += gammaln(b + of_n)[place] + r * np.log(alpha)
    here, gone = np.log(alpha + age), np.log(alpha + recency)
    odds = np.where(some, np.log(a) - np.log(np.where(some, b + n - 1, 1.0)), -np.inf)
    odds += np.where(some, (r + x) * (here - gone), 0.0)
    whole = np.logaddexp(0.0, odds)
    left = np.exp(odds - whole)
    total = steady - (r + x) * here + whole
    by_r = (digamma(r + kinds) - digamma(r))[place] + np.log(alpha) - here + left * (here - gone)
    by_alpha = r / alpha - (r + x) * ((1 - left) / (alpha + age) + left / (alpha + recency))
    by_a = digamma(a + b) - digamma(a + b + of_n)[place] + left / a
    by_b = digamma(a + b) - digamma(b) + (digamma(b + of_n) - digamma(a + b + of_n))[place]
    by_b -= np.where(some, left / np.where(some, b + n - 1, 1.0), 0.0)
    slope = np.array([(times * part).sum() for part in (by_r, by_alpha, by_a, by_b)])
    return float((times * total).sum()), slope * values


def find_chance_active(given: Purchases, habits: Habits) -> Floats:
    """Return the chance that each is still a customer.

    >>> habits = Habits(0.243, 4.414, 0.793, 2.426, at_first=False)
    >>> find_chance_active(Purchases(np.array([2.0]), np.array([30.43]), np.array([38.86])), habits).round(3).tolist()
    [0.727]
    """
    n = given.frequency + habits.at_first
    apart = np.log((habits.alpha + given.age) / (habits.alpha + given.recency))
    with np.errstate(over="ignore"):
        odds = habits.a / np.maximum(habits.b + n - 1, 1e-12) * np.exp((habits.r + given.frequency) * apart)
    return np.where(n > 0, 1.0 / (1.0 + odds), 1.0)


def find_survival(given: Purchases, habits: Habits, ahead: float) -> Floats:
    """Return the chance that who is a customer now still is one so much time later.

    While active it leaves at a rate of λ p: *E[exp(−λ p t)] = (1 + t / β)⁻ᵃ × ₂F₁(a + b + n − s, a; a + b + n; z)* with
    *s = r + x, β = α + T, z = t / (β + t)*; 1 for no time at all.
    """
    from scipy.special import hyp2f1

    beta, n = habits.alpha + given.age, given.frequency + habits.at_first
    c = habits.a + habits.b + n
    with np.errstate(all="ignore"):
        bent = hyp2f1(c - habits.r - given.frequency, habits.a, c, ahead / (beta + ahead))
        found = np.power(1.0 + ahead / beta, -habits.a) * bent
    lost = ~((found >= -ROUNDING) & (found <= 1.0 + ROUNDING))
    if lost.any():
        found[lost] = np.exp(_list_leaving(given.choose(lost), habits, ahead)[1]).mean(axis=0)
    return np.asarray(np.clip(found, 0.0, 1.0))


def _list_leaving(given: Purchases, habits: Habits, ahead: float) -> tuple[Floats, Floats]:
    """Return chances to leave after a purchase, :data:`NODES` that are as likely for each customer, a row each.

    And the logarithm of the chance to be one still after so much time at each, that of *(1 + p t / β)⁻ˢ*: for
    parameters at which the series of ₂F₁ overflows, as where all buy by the clock.
    """
    from scipy.special import betaincinv

    n = given.frequency + habits.at_first
    at = (np.arange(NODES) + 0.5)[:, None] / NODES
    leaves = np.maximum(betaincinv(habits.a, habits.b + n, at), np.finfo(float).tiny)
    beta, shape = habits.alpha + given.age, habits.r + given.frequency
    return leaves, -shape * np.log1p(leaves * ahead / beta)


def expect_purchases(given: Purchases, habits: Habits, ahead: float) -> Floats:
    """Return how many days with a purchase to expect of each within so much time.

    *(a + b + n − 1) / (a − 1) × [1 − (1 − z)ᵃ⁻¹ ₂F₁(a + b + n − 1 − s, a − 1; a + b + n − 1; z)]* × the chance of being
    active: equation 10 of Fader, Hardie and Lee, in a form that stays finite for many purchases.

    >>> habits = Habits(0.243, 4.414, 0.793, 2.426, at_first=False)
    >>> one = Purchases(np.array([2.0]), np.array([30.43]), np.array([38.86]))
    >>> expect_purchases(one, habits, 39.0).round(3).tolist()
    [1.226]
    """
    from scipy.special import hyp2f1

    beta, n = habits.alpha + given.age, given.frequency + habits.at_first
    # At a = 1 the equation has a limit, which is that of a value beside it.
    a = habits.a if abs(habits.a - 1) > 1e-3 else 1.001
    c = np.maximum(a + habits.b + n - 1, 1e-12)
    z = ahead / (beta + ahead)
    with np.errstate(all="ignore"):
        bent = hyp2f1(c - habits.r - given.frequency, a - 1, c, z)
        count = c / (a - 1) * (1.0 - np.power(1.0 - z, a - 1) * bent)
    most = (habits.r + given.frequency) * ahead / beta
    lost = ~((count >= -ROUNDING * most) & (count <= most * (1.0 + ROUNDING)))
    if lost.any():
        leaves, stays = _list_leaving(given.choose(lost), habits, ahead)
        count[lost] = np.minimum((-np.expm1(stays) / leaves).mean(axis=0), most[lost])
    return np.asarray(np.maximum(count, 0.0) * find_chance_active(given, habits))


# --- what a purchase is worth ------------------------------------------------------------------------


LEAST_ALIKE, MOST_ALIKE = 0.1, 1_000.0
"""Bounds of how much alike the purchases of one customer are: a deviation of 316 % to 3 % of their mean."""


@dataclass(frozen=True)
class Spending:
    """What a purchase is worth: Gamma(``p``, ν), with a ν of each customer's own that is Gamma(``q``, ``gamma``)."""

    p: float
    q: float
    gamma: float

    @property
    def mean(self) -> float:
        """What a purchase is worth over all customers: *p γ / (q − 1)*."""
        return self.p * self.gamma / (self.q - 1.0)


def fit_spending(
    count: Floats, mean: Floats, prior: Spending | None = None, shape: float | None = None
) -> Spending:
    """Return the spending under which these means of so many purchases each, all above 0, are most likely.

    ``q`` is above 1, so that the mean of all customers is finite: *q − 1* is what is fitted. A ``prior`` is as in
    :func:`fit_habits`. The means of customers who bought as often as each other do not tell how much one purchase
    differs from the next (``p``) from how much one customer differs from the next: where ``shape`` is given, ``p`` is
    that.
    """
    from scipy.special import digamma, gammaln

    scale = float(np.median(mean))
    z = mean / scale
    start = np.array([3.0, 2.0, 1.0])
    if prior is not None:
        start = np.array([prior.p, prior.q - 1.0, prior.gamma / scale])
    middle = np.log(start)

    def measure(logs: Floats) -> tuple[float, Floats]:
        p, more, gamma = np.exp(logs)
        p = p if shape is None else shape
        q = 1.0 + more
        size = p * count
        whole = np.log(gamma + count * z)
        total = gammaln(size + q) - gammaln(size) - gammaln(q) + q * np.log(gamma)
        total += (size - 1) * np.log(z) + size * np.log(count) - (size + q) * whole
        by_size = digamma(size + q) - digamma(size) + np.log(z * count) - whole
        slope = np.array(
            [
                (by_size * count).sum() * p if shape is None else 0.0,
                (digamma(size + q) - digamma(q) + np.log(gamma) - whole).sum() * more,
                (q / gamma - (size + q) / (gamma + count * z)).sum() * gamma,
            ]
        )
        if prior is None:
            return -float(total.sum()), -slope
        away = (logs - middle) / SPREAD**2
        return float((away * (logs - middle)).sum()) / 2 - float(total.sum()), away - slope

    start[0] = start[0] if shape is None else shape
    middle = np.log(start)
    p, more, gamma = maximise_parameters(measure, start)
    return Spending(p, 1.0 + more, gamma * scale)


def measure_shape(count: Floats, total: Floats) -> float | None:
    """Return how much alike the purchases of one customer are, the ``p`` of :class:`Spending`; ``None`` if unknown.

    The mean of *n* purchases of a customer whose purchases are worth *m* varies by *m² / (p n)*, so that
    *1 / p = Σ n (mean − m)² / m² / Σ (periods − 1)* over the periods in which each bought: by moments.

    Args:
        count: purchases, customers × periods.
        total: what they left, money.

    >>> measure_shape(np.array([[1.0, 1.0]]), np.array([[5.0, 15.0]]))
    2.0
    """
    bought = count > 0
    times, periods = count.cumsum(axis=1)[:, -1], bought.sum(axis=1)
    middle = np.divide(
        np.where(bought, total, 0.0).cumsum(axis=1)[:, -1], times, out=np.zeros(len(times)), where=times > 0
    )
    known = (middle > 0) & (periods > 1)
    spare = float(periods[known].sum() - known.sum())
    if spare < 1:
        return None
    each = np.divide(total[known], count[known], out=np.zeros(count[known].shape), where=bought[known])
    apart = np.where(bought[known], count[known] * (each / middle[known, None] - 1.0) ** 2, 0.0)
    varies = float(apart.cumsum(axis=1)[:, -1].cumsum()[-1]) / spare
    return float(f"{min(max(1.0 / max(varies, 1e-9), LEAST_ALIKE), MOST_ALIKE):.{DIGITS}g}")


def expect_spending(count: Floats, mean: Floats, spending: Spending, usual: float | None = None) -> Floats:
    """Return what a purchase of each customer is worth: its own mean, drawn towards that of all.

    *w × own + (1 − w) × usual, w = p x / (p x + q − 1)*: equation 5 of Fader and Hardie, which is as good for a mean
    below 0. Where there is no purchase it is the usual one.

    Args:
        count: purchases that each mean is of.
        mean: what they were worth.
        spending: how it varies.
        usual: what a purchase is worth over all customers; :attr:`Spending.mean` where it is not given.
    """
    weight = spending.p * count / (spending.p * count + spending.q - 1.0)
    middle = spending.mean if usual is None else usual
    return np.asarray(weight * np.where(count > 0, mean, 0.0) + (1.0 - weight) * middle)
