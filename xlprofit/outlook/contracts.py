"""Contracts: how long customers stay who give notice, by tenure, and how that goes on beyond what was seen.

Sources: E. L. Kaplan and P. Meier, "Nonparametric Estimation from Incomplete Observations", Journal of the American
Statistical Association 1958, with late entry (a customer counts from the day on which its leaving would have been
seen); D. R. Cox, "Regression Models and Life-Tables", Journal of the Royal Statistical Society B 1972, for segments
that leave so many times as fast as others at any tenure; P. S. Fader and B. G. S. Hardie, "How to Project Customer
Retention", Journal of Interactive Marketing 2007 (shifted beta-geometric).

A customer is at risk in each of the whole periods of its tenure, counted from 0. Kaplan and Meier's hazard is *those
who left in it / those at risk*. The shifted beta-geometric says that each leaves with a chance of its own at the end of
every period, Beta(α, β) over the customers: the hazard is *α / (α + β + t)*, so that who stayed long stays on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xlprofit.outlook.btyd import SPREAD, maximise_parameters

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

FEWEST = 20
"""Customers at risk below which a period's own hazard is not taken: the shifted beta-geometric is."""

LEAVERS = 1.0
"""As many of those who left as what others say counts for beside a segment's own, at each tenure and over all."""

ROUNDS, CLOSE = 200, 1e-12
"""Rounds in which hazard and ratios are worked out of each other, and by how much a ratio may still move at the end."""


@dataclass(frozen=True)
class Tenures:
    """How long each customer has been one: ``entry`` and ``length`` in whole periods, and whether it ``left``.

    ``entry`` is the tenure at which its leaving would first have been seen, 0 where it was seen from the beginning.
    """

    entry: Integers
    length: Integers
    left: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Exposure:
    """By period of tenure: how many were at ``risk``, and how many of them ``left``."""

    risk: Floats
    left: Floats


@dataclass(frozen=True)
class Leaving:
    """The shifted beta-geometric: each leaves with a chance of its own, Beta(``alpha``, ``beta``)."""

    alpha: float
    beta: float

    def find_hazard(self, period: Integers) -> Floats:
        """Return the chance to leave in a period of tenure, counted from 0: *α / (α + β + t)*.

        >>> Leaving(1.0, 3.0).find_hazard(np.array([0, 4])).tolist()
        [0.25, 0.125]
        """
        return np.asarray(self.alpha / (self.alpha + self.beta + period))


def count_exposure(given: Tenures) -> Exposure:
    """Return how many were at risk and left in each period of tenure.

    >>> seen = count_exposure(Tenures(np.array([0, 0, 1]), np.array([2, 1, 2]), np.array([True, False, False])))
    >>> seen.risk.tolist(), seen.left.tolist()
    ([2.0, 2.0, 1.0], [0.0, 0.0, 1.0])
    """
    last = int(given.length.max(initial=0)) + 1
    counts = given.length + given.left > given.entry
    begin = np.bincount(given.entry[counts], minlength=last + 1)
    end = np.bincount((given.length + given.left)[counts], minlength=last + 1)
    left = np.bincount(given.length[counts & given.left], minlength=last)
    risk = np.cumsum(begin - end)[:last]
    return Exposure(risk.astype(np.float64), left[:last].astype(np.float64))


def fit_leaving(seen: Exposure, prior: Leaving | None = None) -> Leaving:
    """Return the shifted beta-geometric under which what was seen is most likely.

    *Σ dₜ ln hₜ + (nₜ − dₜ) ln(1 − hₜ)*; with a ``prior`` the logarithms of its parameters are drawn towards those of
    the prior, as :func:`xlprofit.outlook.btyd.fit_habits` says.
    """
    period = np.arange(len(seen.risk))
    start = np.array([1.0, 3.0]) if prior is None else np.array([prior.alpha, prior.beta])
    middle = np.log(start)

    def measure(logs: Floats) -> tuple[float, Floats]:
        alpha, beta = np.exp(logs)
        stay, whole = beta + period, alpha + beta + period
        kept = seen.risk - seen.left
        likely = seen.left @ np.log(alpha / whole) + kept @ np.log(stay / whole)
        by_whole = -(seen.risk / whole).sum()
        slope = np.array([seen.left.sum() / alpha + by_whole, (kept / stay).sum() + by_whole])
        slope *= np.array([alpha, beta])
        if prior is None:
            return -float(likely), -slope
        away = (logs - middle) / SPREAD**2
        return float(away @ (logs - middle)) / 2 - float(likely), away - slope

    return Leaving(*maximise_parameters(measure, start))


def find_survival_curve(seen: Exposure) -> Floats:
    """Return Kaplan and Meier's share of those who still are customers at the beginning of each period, 1 first.

    >>> find_survival_curve(Exposure(np.array([10.0, 6.0]), np.array([2.0, 3.0]))).tolist()
    [1.0, 0.8, 0.4]
    """
    stays = 1.0 - np.divide(seen.left, seen.risk, out=np.zeros_like(seen.left), where=seen.risk > 0)
    return np.concatenate([[1.0], np.cumprod(stays)])


def compare_leaving(risk: Floats, left: Floats) -> tuple[Floats, Floats]:
    """Return the usual hazard of each period of tenure, and how many times as fast each segment leaves.

    Cox's proportional hazards with one ratio *θₛ* a segment: *hₜ = Σₛ dₛₜ / Σₛ nₛₜ θₛ* and
    *θₛ = (Σₜ dₛₜ + k) / (Σₜ nₛₜ hₜ + k)* with *k* = :data:`LEAVERS`, worked out of each other until they stand; a
    customer at risk has a ratio of 1 on average. Segments that differ in how long their customers have been there are
    compared at the same tenure.

    Args:
        risk: how many were at risk, segments × periods.
        left: how many of them left, segments × periods.

    >>> usual, ratio = compare_leaving(np.full((2, 3), 1e6), np.array([[1e4] * 3, [3e4] * 3]))
    >>> usual.round(4).tolist(), ratio.round(3).tolist()
    ([0.02, 0.02, 0.02], [0.5, 1.5])
    """
    ratio = np.ones(len(risk))
    whole, gone = risk.cumsum(axis=1)[:, -1], left.cumsum(axis=1)[:, -1]
    by_period = left.cumsum(axis=0)[-1]
    usual = np.zeros(risk.shape[1])
    for _ in range(ROUNDS):
        weighed = (risk * ratio[:, None]).cumsum(axis=0)[-1]
        usual = np.divide(by_period, weighed, out=np.zeros_like(weighed), where=weighed > 0)
        found = (gone + LEAVERS) / ((risk * usual).cumsum(axis=1)[:, -1] + LEAVERS)
        found *= whole.cumsum()[-1] / max((found * whole).cumsum()[-1], CLOSE)
        moved = float(np.abs(found - ratio).max(initial=0.0))
        ratio = found
        if moved < CLOSE:
            break
    return usual, ratio


def find_hazards(given: Tenures, segment: Integers, ahead: int, count: int) -> Floats:
    """Return the chance to leave in each period of tenure, ``count`` segments × (periods seen + ``ahead``).

    A segment's hazard is Kaplan and Meier's own, drawn towards the usual one times its ratio
    (:func:`compare_leaving`) as if :data:`LEAVERS` of that kind more had been seen to leave:
    *h θ (d + k) / (n h θ + k)*. Beyond what was seen of all it is that of the segment's shifted beta-geometric. A
    segment of which nobody's tenure is known has what is usual.
    """
    every = count_exposure(given)
    last = len(every.risk)
    fitted = fit_leaving(every)
    far = np.arange(last + ahead)
    known = np.append(every.risk, np.zeros(ahead)) >= FEWEST
    risk, left = np.zeros((count, last)), np.zeros((count, last))
    beyond = np.tile(fitted.find_hazard(far), (count, 1))
    for place in np.unique(segment).tolist():
        some = segment == place
        seen = count_exposure(Tenures(given.entry[some], given.length[some], given.left[some]))
        risk[place, : len(seen.risk)], left[place, : len(seen.risk)] = seen.risk, seen.left
        beyond[place] = fit_leaving(seen, fitted).find_hazard(far)
    usual, ratio = compare_leaving(risk, left)
    alike = np.minimum(ratio[:, None] * usual, 1.0)
    own = alike * (left + LEAVERS) / (risk * alike + LEAVERS)
    return np.where(known, np.concatenate([own, np.zeros((count, ahead))], axis=1), beyond)


def find_staying(hazards: Floats, segment: Integers, length: Integers, ahead: int) -> Floats:
    """Return the chance that each, a customer now, still is after 0, 1, … ``ahead`` more periods: customers × those."""
    last = hazards.shape[1] - 1
    place = np.minimum(length[:, None] + np.arange(ahead), last)
    stays = np.cumprod(1.0 - hazards[segment[:, None], place], axis=1)
    return np.concatenate([np.ones((len(length), 1)), stays], axis=1)
