"""Formulas in closed form, said once: the model works them out for columns, a formula in a cell for one figure.

The standard library is all that is needed. Where a type is ``Number`` it is a float or an array of them, and what comes
out is of the same kind; products and sums alone are used, which are the same to the last digit on every processor.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Protocol, TypeVar

    class Arithmetic(Protocol):
        """What can be added, multiplied and divided: a float, or an array of floats."""

        def __add__(self, other: Any) -> Any: ...
        def __radd__(self, other: Any) -> Any: ...
        def __rsub__(self, other: Any) -> Any: ...
        def __mul__(self, other: Any) -> Any: ...
        def __rmul__(self, other: Any) -> Any: ...
        def __truediv__(self, other: Any) -> Any: ...
        def __rtruediv__(self, other: Any) -> Any: ...

    Number = TypeVar("Number", bound=Arithmetic)

DAYS_OF_YEAR = 365
"""Days that a year's cost of capital is spread over."""

MOST_YEARS = 2**62
"""Years beyond which no more are counted."""


def find_practical_capacity(capacity: Number, practical: Number) -> Number:
    """Return the units that a resource can supply: its capacity × the workable share of it."""
    units: Number = capacity * practical
    return units


def find_capacity_rate(cost: Number, units: Number) -> Number:
    """Return the capacity cost rate, money for a unit: *cost / units* that can be supplied, which are above 0.

    Source: Kaplan and Anderson, "Time-Driven Activity-Based Costing", Harvard Business Review 2004.

    >>> find_capacity_rate(560_000.0, 700_000.0)
    0.8
    """
    rate: Number = cost / units
    return rate


def find_financing(amount: Number, days: Number, rate: float) -> Number:
    """Return what it costs to finance an amount for so many days, at a rate a year: *amount × rate × days / 365*.

    365 days cost the rate; an amount of 1 for 1 day costs what each unit of money costs a day.

    >>> find_financing(9_000.0, 365.0, 0.10)
    900.0
    """
    cost: Number = amount * rate * days / DAYS_OF_YEAR
    return cost


def add_up_powers(q: Number, count: int) -> tuple[Number, Number]:
    """Return *Σ qᵗ for t = 0 … count − 1*, and *q* to the power of ``count``, which is 0 or above.

    By doubling, *S(2n) = S(n) (1 + qⁿ)*, in products and sums alone: logarithms differ by processor in the last digit.

    >>> add_up_powers(0.5, 3)
    (1.75, 0.125)
    """
    series: Number = q * 0.0
    power: Number = series + 1.0
    for bit in bin(count)[2:]:
        series, power = series * (1.0 + power), power * power
        if bit == "1":
            series, power = series + power, power * q
    return series, power


def find_multiple(q: Number, years: float, *, at_start: bool) -> Number:
    """Return the present value of a margin of 1 a year, over so many years of a customer that may leave.

    *Σ qᵗ for t = 0 … years − 1* where the first margin comes now, *Σ qᵗ for t = 1 … years* where it comes a year from
    now; *q = retention / (1 + discount)*. Part of a year counts as that part of its margin. As the years grow it tends
    to *1 / (1 − q)* and *q / (1 − q)*, which holds for q below 1 alone.

    Source: Gupta and Lehmann, "Customers as Assets", Journal of Interactive Marketing 2003.

    Args:
        q: what a margin is worth of the one a year before.
        years: years counted, 0 or above; infinity for no end, which needs q below 1.
        at_start: whether the first margin comes now.

    >>> find_multiple(0.85 / 1.1, 3.0, at_start=True)
    2.369834710743801
    >>> find_multiple(0.5, float("inf"), at_start=False)
    1.0
    """
    total: Number
    if years == float("inf"):
        total = 1.0 / (1.0 - q)
    else:
        whole = min(int(years), MOST_YEARS)
        series, power = add_up_powers(q, whole)
        total = series + (years - int(years)) * power
    return total if at_start else total * q


def add_up_margins(margins: Sequence[float], kept: float, years: float) -> float:
    """Return what margins of so many years are worth, each of them *kept* times what the one before it is.

    *Σ mₜ × keptᵗ⁻¹ for t = 1 … years*; part of a year counts as that part of its margin, a year without a margin
    nothing.

    >>> round(add_up_margins([30.0, 30.0, 40.0, 72.0, 110.0], 0.8 / 1.1, 5.0) / 1.1, 2)
    119.5
    """
    total, weight = 0.0, 1.0
    for year, margin in enumerate(margins):
        total += margin * weight * min(max(years - year, 0.0), 1.0)
        weight *= kept
    return total


def rank_profits(profits: Sequence[float], names: Sequence[str]) -> list[int]:
    """Return the places of the profits, the largest first, ties by name and then as they stand.

    >>> rank_profits([-40.0, 100.0], ["A", "B"])
    [1, 0]
    """
    return sorted(range(len(profits)), key=lambda place: (-profits[place], names[place]))


def add_up_curve(ranked: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return the whale curve of ranked profits: added up, and as shares of the total, none where that is not above 0.

    Source: Kaplan and Narayanan, "Measuring and Managing Customer Profitability", Journal of Cost Management 2001.

    >>> add_up_curve([100.0, -40.0])
    ([100.0, 60.0], [1.6666666666666667, 1.0])
    """
    cumulative = list(accumulate(ranked))
    total = cumulative[-1] if cumulative else 0.0
    return cumulative, [added / total for added in cumulative] if total > 0 else []
