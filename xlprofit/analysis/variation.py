"""Variation: how far a customer's yearly profit may be off a year later, and what makes it so.

Source: the components of a variance (Searle, Casella and McCulloch, *Variance Components*, 1992): the ups and downs of
single periods are each customer's own, shrunk towards those of all; the change from one year to the next is the same
for all in relation to their size, and what single periods do not explain of it.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from xlprofit.analysis.level import Break, add_up

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

VOLUME, MARGIN, EFFORT = 0.18, 0.024, 0.19
"""By how much a customer's volume, its margin (points of net revenue) and its effort usually change from one year to
the next, a standard deviation each: that of customers whose years are off by 15 %, 2 points and 16 %, some of them
around a mean of their own and some from where the last year left off. Where two years tell otherwise, all three are
more or less by the same factor; where they do not, by that of :data:`USUAL` and the setting
``uncertainty_volumes``."""

USUAL = 0.10
"""The ``uncertainty_volumes`` that the usual changes go with; they are more or less in proportion to it."""

ON_PRIOR = 20
"""As many customers as the usual figures count for beside those of the company."""

_PLACES_ON_PRIOR = tuple((at + 0.5) / ON_PRIOR for at in range(ON_PRIOR))
"""How probable it is that those change by less, an even spread of them."""

FEWEST_KNOWN = 3
"""Periods below which a customer's own say little of it."""


UNKNOWN_SHARE = 0.05
"""How far what a new customer earns of its net revenue may be off after one period, however alike all others are."""


def size_change(levels: dict[str, Floats]) -> Floats:
    """Return the usual change of a customer's yearly profit from one year to the next, a standard deviation."""
    return np.asarray(np.sqrt(add_up(_vary_usually(levels))))


def _vary_usually(levels: dict[str, Floats]) -> Floats:
    """Return the variances of the usual change: of volume, margin, effort and direct costs, a column each."""
    deviations = (
        VOLUME * levels["volume"],
        MARGIN * levels["sold"],
        EFFORT * levels["spent"],
        EFFORT * levels["other"],
    )
    return np.column_stack(deviations) ** 2


def share_swings(
    levels: dict[str, Floats], grids: tuple[Floats, ...], own: Integers, noise: Floats, change: Floats
) -> Floats:
    """Return the shares of volume, margin, effort and direct costs in what a customer may be off by.

    Its ups and downs are cut up as its own periods are, its change from one year to the next as the usual one is.
    """
    volume, net, effort, direct = grids
    mine = np.arange(net.shape[1]) >= net.shape[1] - own[:, None]
    sold = add_up(np.where(mine, net, 0.0))
    margin = np.divide(add_up(np.where(mine, volume, 0.0)), sold, out=np.zeros(len(sold)), where=sold > 0)
    parts = (net * margin[:, None], volume - net * margin[:, None], effort, direct)
    apart = []
    for part in parts:
        mean = add_up(np.where(mine, part, 0.0)) / np.maximum(own, 1)
        apart.append(add_up(np.where(mine, (part - mean[:, None]) ** 2, 0.0)))
    found = (
        _share_out(np.column_stack(apart)) * noise[:, None]
        + _share_out(_vary_usually(levels)) * change[:, None]
    )
    return _share_out(found)


def _share_out(grid: Floats) -> Floats:
    total = add_up(grid)[:, None]
    return np.divide(grid, total, out=np.zeros_like(grid), where=total > 0)


def measure_noise(found: Break, own: Integers, usual: Floats, unseen: float) -> Floats:
    """Return the variance of one period's profit around its level.

    It is the customer's own, as far as it has periods to tell, beside that of all customers in relation to the
    usual change of theirs, or where none has enough periods ``unseen`` of that.
    """
    spare = np.maximum(own - 1 - 1.0 * (found.belief > 0), 0.0)
    mixed = (1.0 - found.belief) * found.whole / np.maximum(own - 1, 1)
    mixed += found.belief * found.left / np.maximum(own - 2, 1)
    known = (spare >= 4) & (usual > 0)
    pooled = float(np.median(mixed[known] / usual[known] ** 2)) if known.any() else unseen
    return np.asarray((spare * mixed + 4.0 * pooled * usual**2) / (spare + 4.0))


def measure_newness(
    levels: dict[str, Floats], own: Integers, width: int, blur: Floats
) -> tuple[Floats, Floats]:
    """Return what is not known of a customer too new to be known: whether it buys on, and what it then earns.

    One that began within the history and has fewer than :data:`FEWEST_KNOWN` periods says little of itself. Whether it
    buys on is by Laplace's rule of succession (*Essai philosophique sur les probabilités*, 1814): it does not with a
    probability of *1 / (n + 2)* after *n* periods. What it earns of its net revenue may be what any customer does: the
    variance of the customers' profit / net revenue, by their median, but that of :data:`UNKNOWN_SHARE` at least, over
    *n*. It counts where it is more than the ups and downs of single periods blur its level.

    Args:
        levels: the levels a year of volume, spent, other and sold.
        own: how many periods each customer has.
        width: periods of the history that are looked at; who has all of them may be an old customer.
        blur: the variance of each run rate that comes of the ups and downs of single periods.

    Returns:
        The probability that it does not buy on, and what is added to the variance of a year's profit (money squared); 0
        for the customers known.
    """
    young = (own > 0) & (own < min(FEWEST_KNOWN, width))
    sold, profit = levels["sold"], levels["volume"] + levels["spent"] + levels["other"]
    known = (own >= FEWEST_KNOWN) & (sold > 0)
    share = profit[known] / sold[known]
    middle = float(np.median(share)) if len(share) else 0.0
    apart = float(np.median((share - middle) ** 2)) / _MEDIAN_OF_SQUARE if len(share) else 0.0
    unknown = max(apart, UNKNOWN_SHARE**2) * np.maximum(sold, 0.0) ** 2 / np.maximum(own, 1)
    leaves = np.where(young, 1.0 / (own + 2.0), 0.0)
    return leaves, np.where(young, np.maximum(unknown - blur, 0.0), 0.0)


def measure_change(series: Floats, own: Integers, size: Floats, a_year: int, prior: float) -> float:
    """Return the variance of the changes from one year to the next, in relation to the usual ones.

    It is read from the customers who were there throughout: by how much the later half of the last two years (of the
    history, where it is shorter) differs from the earlier one, beyond what the ups and downs of single periods explain,
    by its median. Halves of *h* periods that lie side by side differ by *h / year* of what years do where a change
    builds up steadily. The ups and downs are read from the differences between periods that follow each other, which
    hardly see what builds up (von Neumann, Annals of Mathematical Statistics 1941). Beside them stand
    :data:`ON_PRIOR` customers whose years change as the ``prior`` says: they settle it among few, and hardly move the
    median of many. It counts alone where a half has fewer than :data:`FEWEST_KNOWN` periods.

    Args:
        series: each customer's profit without seasons, customers × periods.
        own: how many of the last periods are the customer's own.
        size: its usual change of a year's profit from one year to the next, a standard deviation.
        a_year: how many periods are a year.
        prior: the relation where nobody can tell.
    """
    half = min(series.shape[1] // 2, a_year)
    there = (own >= 2 * half) & (size > 0)
    if (half < FEWEST_KNOWN and half < a_year) or not there.any():
        return prior
    part = series[there][:, -2 * half :]
    apart = (add_up(part[:, half:]) - add_up(part[:, :half])) ** 2 * (a_year / half) ** 3
    steps = add_up(np.diff(part, axis=1) ** 2) / max(2 * (2 * half - 1), 1)
    chance = 2 * half * steps * (a_year / half) ** 3
    usual = np.array([NormalDist().inv_cdf((1 + at) / 2) ** 2 for at in _PLACES_ON_PRIOR])
    some = float(np.median(chance / size[there] ** 2))
    low, high = 0.0, 10.0
    for _ in range(30):
        middle = (low + high) / 2
        wide = apart / np.maximum(chance + middle * size[there] ** 2, np.finfo(float).tiny)
        believed = usual * (some + prior) / max(some + middle, np.finfo(float).tiny)
        beyond = float(np.median(np.concatenate([wide, believed]))) > _MEDIAN_OF_SQUARE
        low, high = (middle, high) if beyond else (low, middle)
    return float(low)


_MEDIAN_OF_SQUARE = 0.4549364
"""The median of the square of a standard normal variable."""
