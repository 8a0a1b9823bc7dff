"""Crossing: in how many periods a falling profit comes to zero, as an interval.

Nobody knows in which period the fall began, and a line through quiet periods before it makes it look slower than it
is. Nor does anybody know its shape: a fall by the same amount each period is a straight line, one by the same
percentage slows down. So the profit of the window is taken as level up to some period and as falling from then on, for
each period that the fall may have begun in and for both shapes; each of these lines counts by how well it fits.
Sources: D. W. Bacon and D. G. Watts, "Estimating the transition between two intersecting straight lines", Biometrika
1971, for the broken line; A. E. Raftery, "Bayesian model selection in social research", Sociological Methodology
1995, for the weights; E. C. Fieller, "Some problems in interval estimation", Journal of the Royal Statistical Society B
1954, for when a line crosses zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from xlprofit.analysis.chance import Flags, Floats

SHARE = 0.8
"""The share of customers whose crossing the interval is to hold."""

FEWEST_OF_THE_FALL = 4
"""Periods of the fall that are known at least: of fewer nothing is known."""

SLOWING = 0.96
"""How steep a fall of the second shape is from one period to the next, as a share."""

STRAIGHT = 0.3
"""How much a straight fall counts beside one that slows down where no growing attention presses profit: who buys less
buys less by a share, as a rule."""

SMALLEST = 0.25
"""The level of net revenue, as a share of the median, below which chance is taken to be no smaller."""

_AHEAD = np.concatenate([[0.0], 0.25 * 960.0 ** np.linspace(0.0, 1.0, 23)])
"""The periods ahead between which a crossing is looked for, up to 240."""

_HALVINGS = 10
"""How often the stretch in which it lies is halved; what is left is taken as a straight line."""

_ENDS = ((1 - SHARE) / 2, 0.5, (1 + SHARE) / 2)
_DIGITS = 6


@dataclass(frozen=True)
class _Line:
    """One broken line a customer: *profit = level + slope × (along − middle)*, ``along`` being 0 in the last period.

    ``error`` is the variance of one period of usual revenue, ``mass`` the sum of the weights, ``spread`` the weighted
    sum of squares of ``along``, ``likely`` the logarithm of the line's weight, ``pace`` how fast ``along`` grows now.
    """

    level: Floats
    slope: Floats
    middle: Floats
    error: Floats
    mass: Floats
    spread: Floats
    likely: Floats
    pace: float


@dataclass(frozen=True)
class _Lines:
    """The lines with what each counts by, and how likely each customer's profit is below zero ``now``.

    ``now`` is a sum weighed by ``weights``, whose own sum is ``share``; ``pressed`` says whose attention grows.
    """

    lines: tuple[_Line, ...]
    weights: tuple[Floats, ...]
    pressed: Flags
    now: Floats
    share: Floats


def find_crossing(profit: Floats, volume: Floats, inflation: Floats, pressed: Flags) -> Floats:
    """Return when each profit crosses zero, counted in periods from the last: low, middle and high, a row a customer.

    By period *τ* the profit expected has crossed with probability *F(τ) = Σₖ wₖ Φ(−(Lₖ + bₖ τ) / sₖ(τ))*: *Lₖ* and *bₖ*
    are level and slope now of a line whose fall begins in period *k*, *sₖ(τ)* its standard error at *τ*, and *wₖ* its
    weight, proportional to (its sum of squares) ^ (−(n − 2) / (2 × inflation)) where it falls, 0 where it rises. What
    comes is as steep as what is now; but where no growing attention presses profit, a slowing fall goes on slowing,
    and a straight one counts by :data:`STRAIGHT` of it.
    Where little is sold chance is small, so each period counts by *1 / volume*. The customer still earns, so *F* is
    taken of those only that have not crossed yet. Low, middle and high are where it reaches 0.1, 0.5 and 0.9: blank
    where it does not within 240 periods, so a blank high end means that profit may never come down to zero.

    Args:
        profit: customers × periods, without its season, two periods at least.
        volume: the level of net revenue in each of the periods, of any sign and size.
        inflation: by how much memory multiplies the variance of a trend, as
            :func:`xlprofit.analysis.chance.find_inflation` finds it.
        pressed: whose attention grows.
    """
    if not len(profit):
        return np.empty((0, 3))
    scale = np.abs(profit).max(axis=1)
    sized = (profit / np.where(scale > 0, scale, 1.0)[:, None]).T
    lines = _weigh_lines(_fit_lines(np.ascontiguousarray(sized), _weigh(volume), inflation), pressed)
    crossed = np.stack([_cross(lines, np.full(len(profit), t)) for t in _AHEAD], axis=1)
    ends = [_reach(lines, crossed, share) for share in _ENDS]
    return np.asarray(np.round(np.stack(ends, axis=1), _DIGITS), dtype=np.float64)


def _weigh(volume: Floats) -> Floats:
    """Return the weight of each period, periods × customers, with a mean of 1."""
    usual = np.median(np.abs(volume), axis=1, keepdims=True)
    share = np.divide(volume, usual, out=np.ones_like(volume), where=usual > 0)
    weight = np.ascontiguousarray((1 / np.maximum(share, SMALLEST)).T)
    return np.asarray(weight / (np.add.reduce(weight, axis=0) / len(weight)))


def _fit_lines(profit: Floats, weight: Floats, inflation: Floats) -> list[_Line]:
    """Return the lines, each beginning to fall two periods after the one before; sums go from period to period."""
    length = len(profit)
    mass = np.add.reduce(weight, axis=0)
    level = np.add.reduce(weight * profit, axis=0) / mass
    apart = profit - level
    total = np.add.reduce(weight * apart**2, axis=0)
    lines = []
    for begin in range(0, max(length - FEWEST_OF_THE_FALL, 1), 2):
        since = np.maximum(np.arange(length) - begin, 0).astype(np.float64)
        for base, pace in ((since, 1.0), ((1 - SLOWING**since) / (1 - SLOWING), SLOWING ** since[-1])):
            along = (base - base[-1])[:, None]
            middle = np.add.reduce(weight * along, axis=0) / mass
            spread = np.add.reduce(weight * (along - middle) ** 2, axis=0)
            slope = np.add.reduce(weight * (along - middle) * apart, axis=0) / spread
            left = np.maximum(total - slope**2 * spread, 1e-9 * total + 1e-18)
            likely = np.where(slope < 0, -(length - 2) / 2 * np.log(left) / inflation, -np.inf)
            error = left / max(length - 2, 1) * inflation
            lines.append(_Line(level, slope, middle, error, mass, spread, likely, float(pace)))
    return lines


def _weigh_lines(lines: list[_Line], pressed: Flags) -> _Lines:
    """Return the lines with what each counts by, and how likely each customer's profit is below zero now."""
    best = np.maximum(np.max([line.likely for line in lines], axis=0), np.finfo(float).min)
    now, share, weights = np.zeros(len(pressed)), np.zeros(len(pressed)), []
    for line in lines:
        weight = np.exp(line.likely - best)
        if line.pace == 1:
            weight *= np.where(pressed, 1.0, STRAIGHT)
        now += weight * _below(line, -line.middle)
        share += weight
        weights.append(weight)
    return _Lines(tuple(lines), tuple(weights), pressed, now, share)


def _cross(fitted: _Lines, ahead: Floats) -> Floats:
    """Return how likely each customer's profit, if it has not yet, has crossed zero so many periods ahead."""
    later = np.zeros(len(ahead))
    slowing = (1 - SLOWING**ahead) / (1 - SLOWING)
    for line, weight in zip(fitted.lines, fitted.weights, strict=True):
        onward = ahead if line.pace == 1 else line.pace * np.where(fitted.pressed, ahead, slowing)
        later += weight * _below(line, onward - line.middle)
    left = fitted.share - fitted.now
    return np.divide(later - fitted.now, left, out=(fitted.share > 0).astype(np.float64), where=left > 0)


def _below(line: _Line, along: Floats) -> Floats:
    """Return how likely the line is below zero, that far from the middle of its periods."""
    deviation = np.sqrt(line.error * (1 / line.mass + along**2 / line.spread))
    return _normal(-(line.level + line.slope * along) / deviation)


def _reach(lines: _Lines, crossed: Floats, share: float) -> Floats:
    """Return the period ahead in which each customer has crossed with this probability, blank where it never has.

    Args:
        lines: the lines.
        crossed: how likely each has crossed by each of :data:`_AHEAD`.
        share: the probability.
    """
    reached = crossed >= share
    at = np.maximum(np.argmax(reached, axis=1), 1)
    row = np.arange(len(at))
    low, high = _AHEAD[at - 1], _AHEAD[at]
    below, above = crossed[row, at - 1], crossed[row, at]
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        likely = _cross(lines, middle)
        past = likely >= share
        low, below = np.where(past, low, middle), np.where(past, below, likely)
        high, above = np.where(past, middle, high), np.where(past, likely, above)
    part = np.divide(share - below, above - below, out=np.ones(len(at)), where=above > below)
    return np.where(reached.any(axis=1), low + np.clip(part, 0.0, 1.0) * (high - low), np.nan)


def _normal(z: Floats) -> Floats:
    """Return Φ(z), to 1e-7 (M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 1964, 26.2.17)."""
    t = 1 / (1 + 0.2316419 * np.abs(z))
    series = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    upper = np.exp(-np.minimum(z**2, 1400.0) / 2) / np.sqrt(2 * np.pi) * series
    return np.asarray(np.where(z >= 0, 1 - upper, upper))
