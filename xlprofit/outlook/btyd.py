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

LEAST, MOST = 1e-4, 1e5
"""Bounds of every fitted parameter: beyond them it makes no difference."""

FAR = 50.0
"""How far the logarithm of any parameter may lie from where its search began, a standard deviation: as good as free."""

CANCELLING = -20.0
"""Where the parameters of the hypergeometric function are further below 0, its terms cancel each other."""

SETTLED, LONGEST_STEP, MOST_STEPS, MOST_HALVED = 1e-10, 2.0, 100, 20
"""The step of a logarithm at which a search ends, the longest one, how many are made, how often each is halved."""


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
    rows, counts = np.unique(
        np.column_stack([given.frequency, given.recency, given.age]), axis=0, return_counts=True
    )
    one, times = Purchases(*np.ascontiguousarray(rows.T)), counts.astype(np.float64)
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

    Newton's steps (Nocedal and Wright, *Numerical Optimization*, 2006, chapter 3): they end where the slope is nothing
    but rounding, so that the digits kept are those of the parameters and not of the way there. Each logarithm is drawn
    ever so little towards where it began (:data:`FAR`): where the figures do not tell one value from another, as
    where nobody leaves, it is that and not wherever the search stopped.

    Args:
        measure: gives the figure and its slope by each logarithm.
        start: where to begin, above 0.
    """
    begin = np.log(np.clip(start, LEAST, MOST))

    def hold(logs: Floats) -> tuple[float, Floats]:
        figure, slope = measure(logs)
        away = logs - begin
        return figure + float((away * away).sum()) / (2 * FAR**2), slope + away / FAR**2

    logs, (figure, slope) = begin, hold(begin)
    for _ in range(MOST_STEPS):
        step = _find_newton_step(hold, logs, slope)
        for halved in range(MOST_HALVED):
            there = np.clip(logs - step / 2**halved, np.log(LEAST), np.log(MOST))
            figure_there, slope_there = hold(there)
            if figure_there <= figure + 1e-13 * abs(figure):
                break
        moved = float(np.abs(there - logs).max())
        logs, figure, slope = there, figure_there, slope_there
        if moved < SETTLED:
            break
    return tuple(float(f"{value:.{DIGITS}g}") for value in np.exp(logs))


def _find_newton_step(
    measure: Callable[[Floats], tuple[float, Floats]], logs: Floats, slope: Floats
) -> Floats:
    """Return by how much to lower each logarithm; those at a bound that would go beyond it stay.

    The bend is taken from slopes nearby; where it points upwards the step goes down all the same. It ends where the
    first one reaches its bound, which stays there then: were it held back alone, the others would go astray.
    """
    least, most = np.log(LEAST), np.log(MOST)
    held = ((logs <= least + SETTLED) & (slope > 0)) | ((logs >= most - SETTLED) & (slope < 0))
    near, bend = 1e-5 * np.eye(len(logs)), np.zeros((len(logs), len(logs)))
    for at in np.flatnonzero(~held):
        bend[at] = (measure(logs + near[at])[1] - slope) / 1e-5
    while not held.all():
        free = np.flatnonzero(~held)
        among = bend[np.ix_(free, free)]
        size, way = np.linalg.eigh((among + among.T) / 2)
        step = np.zeros(len(logs))
        step[free] = way @ ((way.T @ slope[free]) / np.maximum(np.abs(size), 1.0 / FAR**2))
        room = np.where(step > 0, logs - least, most - logs)
        moves = np.abs(step) > 0
        stuck = moves & (room <= SETTLED)
        if not stuck.any():
            shares = np.minimum(room, LONGEST_STEP)[moves] / np.abs(step[moves])
            return np.asarray(step * float(shares.min(initial=1.0)))
        held |= stuck
    return np.zeros(len(logs))


def measure_log_likelihood(given: Purchases, habits: Habits) -> float:
    """Return the logarithm of how likely what was bought is under these habits."""
    values = np.array(astuple(habits)[:4])
    return _measure_likelihood(values, given, np.ones(len(given.age)), habits.at_first)[0]


def _measure_likelihood(
    values: Floats, given: Purchases, times: Floats, at_first: bool
) -> tuple[float, Floats]:
    """Return the log-likelihood of r, α, a and b, and its slope by the logarithm of each.

    Since x and n are counts, ln Γ(r + x) − ln Γ(r) is the sum of ln(r + k) over k < x, and ln B(a, b + n) − ln B(a, b)
    that of −ln(1 + a / (b + k)) over k < n: nothing large is taken from something as large, whatever r and α are.
    """
    r, alpha, a, b = values
    x, recency, age = given.frequency, given.recency, given.age
    n = x + at_first
    some = n > 0
    k = np.arange(int(n.max(initial=0.0)) + 1)

    def add(parts: Floats, counts: Floats) -> Floats:
        return np.concatenate([[0.0], np.cumsum(parts)])[counts.astype(np.int64)]

    of_age, of_recency = np.log1p(age / alpha), np.log1p(recency / alpha)
    before = np.where(some, b + n - 1, 1.0)
    odds = np.where(some, np.log(a / before) + (r + x) * (of_age - of_recency), -np.inf)
    whole = np.logaddexp(0.0, odds)
    left = np.exp(odds - whole)
    total = (
        add(np.log(r + k), x) - x * np.log(alpha) - add(np.log1p(a / (b + k)), n) - (r + x) * of_age + whole
    )
    passed = (1.0 - left) * age / (alpha + age) + left * recency / (alpha + recency)
    slopes = (
        r * (add(1.0 / (r + k), x) - of_age + left * (of_age - of_recency)),
        (r + x) * passed - x,
        left - add(a / (a + b + k), n),
        add(a * b / ((b + k) * (a + b + k)), n) - np.where(some, left * b / before, 0.0),
    )
    return float((times * total).sum()), np.array([(times * part).sum() for part in slopes])


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
    n, bought = given.frequency + habits.at_first, habits.r + given.frequency
    ratio = ahead / (habits.alpha + given.age)
    return np.asarray(np.clip(_expect_staying(bought, habits.a, habits.a + habits.b + n, ratio), 0.0, 1.0))


def _expect_staying(s: Floats, q: float, c: Floats, ratio: Floats) -> Floats:
    """Return ₂F₁(s, q; c; −ratio), for c above q: *E[(1 + p × ratio)⁻ˢ]* where p is Beta(q, c − q).

    By *(1 + ratio)^(−q) ₂F₁(c − s, q; c; z)*, *z = ratio / (1 + ratio)*; where customers buy so much alike that
    c − s is far below 0, the terms of that sum cancel each other and scipy gives up: there it is
    *(1 + ratio)⁻ˢ ₂F₁(s, c − q; c; z)*, whose terms are all above 0 (Abramowitz and Stegun, 15.3.4 and 15.3.5).
    """
    from scipy.special import hyp2f1

    z = ratio / (1.0 + ratio)
    alike = c - s < CANCELLING
    found = np.power(1.0 + ratio, -q) * hyp2f1(np.where(alike, 1.0, c - s), q, c, z)
    if not alike.any():
        return np.asarray(found)
    s, c, z = s[alike], c[alike], z[alike]
    term = np.exp(-s * np.log1p(ratio[alike]))
    total, k = term.copy(), 0
    while (term > 1e-17 * total).any():
        term = term * ((s + k) * (c - q + k) / ((c + k) * (k + 1))) * z
        total, k = total + term, k + 1
    found[alike] = total
    return np.asarray(found)


def expect_purchases(given: Purchases, habits: Habits, ahead: float) -> Floats:
    """Return how many days with a purchase to expect of each within so much time.

    *(a + b + n − 1) / (a − 1) × [1 − (1 − z)ᵃ⁻¹ ₂F₁(a + b + n − 1 − s, a − 1; a + b + n − 1; z)]* × the chance of being
    active: equation 10 of Fader, Hardie and Lee, in a form that stays finite for many purchases.

    >>> habits = Habits(0.243, 4.414, 0.793, 2.426, at_first=False)
    >>> one = Purchases(np.array([2.0]), np.array([30.43]), np.array([38.86]))
    >>> expect_purchases(one, habits, 39.0).round(3).tolist()
    [1.226]
    """
    n, bought = given.frequency + habits.at_first, habits.r + given.frequency
    # At a = 1 the equation has a limit, which is that of a value beside it.
    a = habits.a if abs(habits.a - 1) > 1e-3 else 1.001
    c = np.maximum(a + habits.b + n - 1, 1e-12)
    count = c / (a - 1) * (1.0 - _expect_staying(bought, a - 1, c, ahead / (habits.alpha + given.age)))
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
    counts, of = np.unique(
        count, return_inverse=True
    )  # many share a count: the dear functions are of few figures
    log_z, log_count, log_total = np.log(z), np.log(count), np.log(z * count)

    def measure(logs: Floats) -> tuple[float, Floats]:
        p, more, gamma = np.exp(logs)
        p = p if shape is None else shape
        q = 1.0 + more
        size, sizes = p * count, p * counts
        whole = np.log(gamma + count * z)
        total = (gammaln(sizes + q) - gammaln(sizes) - gammaln(q) + q * np.log(gamma))[of]
        total += (size - 1) * log_z + size * log_count - (size + q) * whole
        rise = digamma(sizes + q)
        by_size = (rise - digamma(sizes))[of] + log_total - whole
        slope = np.array(
            [
                (by_size * count).sum() * p if shape is None else 0.0,
                ((rise - digamma(q) + np.log(gamma))[of] - whole).sum() * more,
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
