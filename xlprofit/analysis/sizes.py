"""How the cost to serve goes with size, and how large the customers of a segment are.

*cost = c × revenueᵇ*: the power *b* is the slope of the line through the logarithms, *c* differs from customer to
customer. Source: the cost function of J. Johnston, *Statistical Cost Analysis*, 1960. Powers and logarithms differ by
processor in the last digit: whatever is made of them is rounded far above it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis import chance

Floats = npt.NDArray[np.float64]

SMALL, LARGE = 0.1, 0.9
"""The quantiles of the segment's revenue that a blank revenue may lie between."""

FEWEST_OF_SIZES = 10
"""Customers of a segment below which nothing is said of how large they are, or how their cost goes with size."""


@dataclass(frozen=True)
class Ends:
    """A figure of each prospect read at both its ends; they are the same where nothing is unknown."""

    low: Floats
    high: Floats

    def blank_uncertain(self) -> Floats:
        """Return the figure, blank where its ends differ or no number is known."""
        return np.where((self.high > self.low) | ~np.isfinite(self.low), np.nan, self.low)

    def within(self, most: float) -> Ends:
        """Return the figure without end where it is past ``most``."""
        return Ends(*(np.where(end > most, np.inf, end) for end in (self.low, self.high)))


def round_off_noise(values: Floats) -> Floats:
    """Return numbers with 46 binary digits, fourteen decimal ones: without those that differ between processors.

    Binary ones, so that money in another unit by a power of two is rounded alike.
    """
    fraction, exponent = np.frexp(values)
    return np.asarray(np.ldexp(np.round(np.ldexp(fraction, 46)), exponent - 46))


def level_costs(cost: pd.Series, revenue: pd.Series, power: pd.Series) -> pd.Series:
    """Return the *c* of each customer: cost / revenue ** power."""
    found = cost.to_numpy() / np.power(revenue.to_numpy(), power.to_numpy())
    return pd.Series(round_off_noise(found), index=cost.index)


def fit_powers(shares: pd.DataFrame) -> dict[str, float]:
    """Return the power of revenue that the cost to serve grows with, by segment and, under ``""``, of all."""
    known = shares[((shares["cost"] > 0) & (shares["revenue"] > 0)).to_numpy()]
    keys = sorted(set(shares["key"]))
    powers = dict.fromkeys(["", *keys], 1.0)
    # Where most customers cost nothing to serve, the few that do say nothing of the others.
    if len(known) < FEWEST_OF_SIZES or 2 * len(known) < len(shares):
        return powers
    x, y = np.log(known["revenue"].to_numpy()), np.log(known["cost"].to_numpy())
    within = known["key"].to_numpy(dtype=object)
    lines = [_fit_slope(x[within == key], y[within == key]) for key in keys]
    total = math.fsum(line[0] for line in lines)
    if total <= 0:
        return powers
    of_all = math.fsum(line[1] for line in lines) / total
    slopes, doubts = (np.array([line[place] for line in lines]) for place in (2, 3))
    own = np.isfinite(slopes)
    drawn = chance.share_knowledge(slopes, doubts) if own.any() else slopes
    found = np.clip(np.where(own, drawn, of_all), 0.0, 2.0)
    powers |= {key: round(float(power), 6) for key, power in zip(keys, found, strict=True)}
    return powers | {"": round(min(max(of_all, 0.0), 2.0), 6)}


def _fit_slope(x: Floats, y: Floats) -> tuple[float, float, float, float]:
    """Return Σ dx², Σ dx dy, and where there are enough points the slope of the line and its variance, else blanks."""
    if not len(x):
        return 0.0, 0.0, math.nan, math.nan
    dx, dy = x - math.fsum(x) / len(x), y - math.fsum(y) / len(y)
    spread, product = math.fsum(dx**2), math.fsum(dx * dy)
    if len(x) < FEWEST_OF_SIZES or spread <= 0:
        return spread, product, math.nan, math.nan
    slope = product / spread
    left = math.fsum((dy - slope * dx) ** 2) / (len(x) - 2)
    return spread, product, slope, left / spread


def raise_cost(revenue: pd.Series, segment: pd.DataFrame, care: str) -> Floats:
    """Return what normal or high care costs a year at this revenue."""
    size = revenue.to_numpy(dtype=np.float64)
    return round_off_noise(segment[care].to_numpy() * np.power(size, segment["power"].to_numpy()))


def find_sizes(prospects: pd.DataFrame, segment: pd.DataFrame) -> Ends:
    """Return the revenue a year of each, at both its ends where it is blank."""
    given = prospects["revenue"].to_numpy(dtype=np.float64)
    low, high = (segment[c].to_numpy(dtype=np.float64) for c in ("small", "large"))
    blank, known = np.isnan(given), np.isfinite(low)
    return Ends(
        np.where(blank, np.where(known, low, 0.0), given),
        np.where(blank, np.where(known, high, np.inf), given),
    )


def share_at_sizes(level: Floats, power: Floats, sizes: Ends, middle: Floats) -> Ends:
    """Return *level × revenue ** (power − 1)* at both ends of the revenue, the lower one first.

    Where the revenue has no end, or is none, the share is that of a customer of the segment's middle size.
    """
    shares = []
    for size in (sizes.low, sizes.high):
        usable = np.isfinite(size) & (size > 0)
        known = usable | (np.isfinite(middle) & (middle > 0))
        base = np.where(known, np.where(usable, size, middle), 1.0)
        bent = np.power(base, np.where(known, power - 1.0, 0.0))
        shares.append(round_off_noise(level * bent))
    return Ends(np.minimum(*shares), np.maximum(*shares))


def bend_revenue(
    enough: Ends, needed: Ends, revenue: Floats, left: Ends, service: Ends, power: Floats
) -> Ends:
    """Return the revenue that breaks even where the service cost grows less than revenue does.

    There *(margin − credit) × revenue − service × (revenue / own revenue)ᵇ* is to be what is needed, which it comes to
    once: found by halving, in as many steps as leave twelve digits. Elsewhere it is ``enough``, as in proportion.

    Args:
        enough: the revenue a year that would do if the service cost grew in proportion.
        needed: money a year that is to be left.
        revenue: the own revenue of each.
        left: margin less cost of credit, shares of revenue.
        service: the service cost at the own revenue, a share of it.
        power: that of the revenue which the service cost grows with.
    """
    bends = (power < 1) & np.isfinite(revenue) & (revenue > 0) & (service.high > 0)
    found = []
    for end, other, straight in (("low", "high", enough.low), ("high", "low", enough.high)):
        margin, share, wanted = getattr(left, other), getattr(service, end), getattr(needed, end)
        usable = bends & (margin > 0) & np.isfinite(wanted)
        size, bent = np.where(usable, revenue, 1.0), np.where(usable, power, 1.0)
        low, high = np.full(len(size), -40.0), np.full(len(size), 40.0)
        for _ in range(60):
            middle = (low + high) / 2
            short = margin * size * np.exp(middle) - share * size * np.exp(middle * bent) < wanted
            low, high = np.where(short, middle, low), np.where(short, high, middle)
        found.append(np.where(usable, round_off_noise(size * np.exp((low + high) / 2)), straight))
    return Ends(*found)
