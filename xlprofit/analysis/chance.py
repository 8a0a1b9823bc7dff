"""Chance: how likely it is that a trend is nothing but that, for one customer and over all of them.

Sources: K. H. Hamed and A. R. Rao, "A modified Mann-Kendall trend test for autocorrelated data", Journal of Hydrology
1998, for what memory from period to period does to Kendall's score; M. G. Kendall, "Note on bias in the estimation of
autocorrelation", Biometrika 1954, for how much too small the memory of a short series looks; B. Efron and C. Morris,
"Data analysis using Stein's estimator and its generalizations", Journal of the American Statistical Association 1975,
for what a customer's own short series says of it beside what all say; Y. Benjamini and Y. Hochberg, "Controlling the
false discovery rate", Journal of the Royal Statistical Society B 1995, and Y. Benjamini, A. M. Krieger and
D. Yekutieli, "Adaptive linear step-up procedures that control the false discovery rate", Biometrika 2006, for how many
of many may be chance; D. V. Zaykin and others, "Truncated product method for combining p-values", Genetic Epidemiology
2002, for two signs together.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MOST_MEMORY = 0.9
"""A memory above this cannot be told from a trend."""

DIGITS = 9
"""Digits behind the point that a z is kept with: what comes after them differs from processor to processor."""


def find_memory_of_ranks(residuals: Floats) -> Floats:
    """Return what each row remembers from one period to the next: its autocorrelation at lag one.

    *r* is that of the ranks, so a wild period does not count for more than any other; equal ones share a rank. A short
    series from which a line was taken shows *φ − (2 + 4 φ) / n* of it on average; this is given back:
    *φ = (n r + 2) / (n − 4)*. It is 0 where there are fewer than six periods, or nothing is left beside the line.

    Args:
        residuals: customers × periods, what is left beside the line.
    """
    rows, length = residuals.shape
    if length < 6:
        return np.zeros(rows)
    centred = _rank_rows(residuals) - (length - 1)
    # Whole numbers add up to the same on every processor.
    whole = (centred * centred).sum(axis=1)
    raw = (centred[:, 1:] * centred[:, :-1]).sum(axis=1) / np.maximum(whole, 1)
    return np.where(whole > 0, (length * raw + 2) / (length - 4), 0.0)


def _rank_rows(series: Floats) -> Integers:
    """Return twice the rank of each value in its row, counted from 0; equal values share the middle of theirs."""
    order = np.argsort(series, axis=1, kind="stable")
    ordered = np.take_along_axis(series, order, axis=1)
    place = np.broadcast_to(np.arange(series.shape[1]), series.shape)
    fresh = np.ones(series.shape, dtype=bool)
    fresh[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    first = np.maximum.accumulate(np.where(fresh, place, 0), axis=1)
    last = np.ones(series.shape, dtype=bool)
    last[:, :-1] = fresh[:, 1:]
    end = np.minimum.accumulate(np.where(last, place, series.shape[1])[:, ::-1], axis=1)[:, ::-1]
    ranks = np.empty(series.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, first + end, axis=1)
    return ranks


def mean_known(values: Floats) -> float:
    """Return the mean of the values that are known, 0 where none is; added up exactly, so in any order the same."""
    known = values[np.isfinite(values)]
    return math.fsum(known) / len(known) if len(known) else 0.0


def share_knowledge(own: Floats, variance: Floats) -> Floats:
    """Return each customer's value, drawn towards the mean of all as far as its own is uncertain.

    *m + τ² / (τ² + σ²) × (own − m)*: *m* is the mean of all, *σ²* how uncertain the own value is, and *τ²* how much the
    customers truly differ: what the variance of their values is above the mean *σ²*, 0 at least. A customer
    without a value of its own gets *m*. Where nobody has one it is 0.
    """
    known = np.isfinite(own) & np.isfinite(variance)
    count = int(known.sum())
    if not count:
        return np.zeros(len(own))
    values, doubt = own[known], variance[known]
    mean = mean_known(values)
    # One customer knows of no others: its own value stands.
    spread = math.inf if count == 1 else math.fsum((values - mean) ** 2) / (count - 1)
    true = max(spread - math.fsum(doubt) / count, 0.0)
    weight = np.ones(count) if math.isinf(true) else true / np.maximum(true + doubt, np.finfo(float).tiny)
    drawn = np.full(len(own), mean)
    drawn[known] = mean + weight * (values - mean)
    return drawn


def expect_above(found: float, doubt: float) -> float:
    """Return what is to be expected of a figure found with such a standard deviation that cannot be below 0.

    >>> round(expect_above(0.0, 1.0), 4), expect_above(2.0, 0.0)
    (0.7979, 2.0)
    """
    if doubt <= 0:
        return max(found, 0.0)
    usual, at = NormalDist(), max(found / doubt, -5.0)
    return max(found, -5.0 * doubt) + doubt * usual.pdf(at) / usual.cdf(at)


def find_inflation(memory: Floats, lengths: Integers) -> Floats:
    """Return by how much memory multiplies the variance of Kendall's score, 1 where there is none.

    Hamed and Rao: *1 + 2 / (n (n − 1) (n − 2)) × Σₖ (n − k) (n − k − 1) (n − k − 2) ρₖ*, with the rank correlations of
    a memory that fades, *ρₖ = 6 / π × asin(φᵏ / 2)*. A memory below 0 counts as none, one above :data:`MOST_MEMORY` as
    that: neither makes a trend surer.

    >>> find_inflation(np.array([0.0, 0.5]), np.array([18, 18])).round(2).tolist()
    [1.0, 2.35]
    """
    found = np.ones(len(memory))
    held = np.clip(memory, 0.0, MOST_MEMORY)
    for length in np.unique(lengths[lengths > 3]).tolist():
        some = lengths == length
        total = np.zeros(int(some.sum()))
        fading = np.ones_like(total)
        for lag in range(1, length):
            fading = fading * held[some]
            weight = (length - lag) * (length - lag - 1) * (length - lag - 2)
            total += weight * 6 / np.pi * np.arcsin(fading / 2)
        found[some] = 1 + 2 * total / (length * (length - 1) * (length - 2))
    return found


def find_tail(z: Floats) -> Floats:
    """Return the probability that chance alone gives so much or more: 1 − Φ(z).

    >>> find_tail(np.array([0.0, 1.645])).round(3).tolist()
    [0.5, 0.05]
    """
    return np.array([math.erfc(value / math.sqrt(2)) / 2 for value in z.tolist()], dtype=np.float64)


def join_probabilities(first: Floats, second: Floats, most: float) -> Floats:
    """Return the probability that chance alone gives two independent probabilities so small, both at most ``most``.

    The truncated product: with *q = p₁ p₂*, which is *most²* at most, it is *q (1 + ln(most² / q))*; 1 where one of the
    two is larger than ``most``. With ``most`` = 1 it is R. A. Fisher's.

    >>> join_probabilities(np.array([0.1, 0.1]), np.array([0.1, 0.3]), 1.0).round(3).tolist()
    [0.056, 0.135]
    """
    both = np.maximum(first * second, np.finfo(float).tiny)
    within = (first <= most) & (second <= most)
    return np.where(within, np.round(both * (1 + np.log(most**2 / both)), 12), 1.0)


def discover_trends(probability: Floats, asked: Flags, rate: float) -> Flags:
    """Return which customers' trends count, so that of those that do at most a share ``rate`` is chance.

    Benjamini and Hochberg: of the *m* customers that are asked, with probabilities *p₁ ≤ p₂ ≤ …*, the first *k* count,
    *k* being the last for which *pₖ ≤ k / m × q* with *q = rate / (1 + rate)*. Where that is more than half of them
    it is done once more with *q × m / (m − k)* (Benjamini, Krieger and Yekutieli): the *k* found are none that move by
    chance alone, and of many that move hardly one is to be missed. With one customer it is *p ≤ q*; where nobody truly
    moves, anybody counts in at most a share ``rate`` of all refreshes.

    >>> discover_trends(np.array([0.001, 0.04, 0.03, 0.5]), np.ones(4, dtype=bool), 0.05).tolist()
    [True, False, False, False]
    >>> discover_trends(np.array([0.001, 0.002, 0.003, 0.1]), np.ones(4, dtype=bool), 0.05).tolist()
    [True, True, True, True]
    """
    values = np.sort(probability[asked])
    count, strict = len(values), rate / (1.0 + rate)
    first = _count_discovered(values, strict)
    most = count / 2 < first < count
    found = _count_discovered(values, strict * count / (count - first)) if most else first
    limit = float(values[found - 1]) if found else -1.0
    return np.asarray(asked & (probability <= limit))


def _count_discovered(values: Floats, rate: float) -> int:
    """Return how many of these probabilities, sorted, are so small that a share ``rate`` of them is chance."""
    under = np.flatnonzero(values <= rate * np.arange(1, len(values) + 1) / max(len(values), 1))
    return int(under[-1]) + 1 if len(under) else 0
