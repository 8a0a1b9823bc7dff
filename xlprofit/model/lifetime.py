"""What a margin of 1 a year is worth over the life of a customer that may leave.

Source: Gupta and Lehmann, "Customers as Assets", Journal of Interactive Marketing 2003.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def multiple(
    retention: npt.ArrayLike,
    discount: npt.ArrayLike,
    years: npt.ArrayLike,
    timing: Literal["start", "end"] = "end",
) -> Floats:
    """Return the present value of a margin of 1 a year, over so many years of a customer that may leave.

    ``"start"``: the first margin comes now, *Σ qᵗ for t = 0 … years − 1*; ``"end"``: it comes a year from
    now, *Σ qᵗ for t = 1 … years*; *q = retention / (1 + discount)*. Part of a year counts as that part of
    its margin. As the years grow it tends to *(1 + i) / (1 + i − r)* and *r / (1 + i − r)*; blank for endless
    years where q is 1 or more and it grows without limit.

    Args:
        retention: probability that a customer stays another year.
        discount: discount rate, a year, a fraction.
        years: years counted; infinity for no end.
        timing: when the first margin comes.

    >>> multiple([0.8], 0.1, np.inf).round(4).tolist()
    [2.6667]
    >>> multiple(0.85, 0.10, [1.0, 3.0], "start").round(4).tolist()
    [1.0, 2.3698]
    """
    span = np.asarray(years, dtype=np.float64)
    q = np.asarray(retention, dtype=np.float64) / (1.0 + np.asarray(discount, dtype=np.float64))
    finite = np.where(np.isfinite(span), span, 0.0)
    whole = np.floor(finite)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        series, power = _add_up_powers(q, whole)
        series = series + (finite - whole) * power
        endless = np.where(q < 1, 1.0 / (1.0 - q), np.nan)
    total = np.where(np.isfinite(span), series, endless)
    return np.asarray(total if timing == "start" else total * q, dtype=np.float64)


def _add_up_powers(q: Floats, count: Floats) -> tuple[Floats, Floats]:
    """Return *Σ qᵗ for t = 0 … count − 1*, and *q* to the power of ``count``, a whole number.

    By doubling, *S(2n) = S(n) (1 + qⁿ)*, in products and sums alone: logarithms differ by processor in the last digit.
    """
    q, count = np.broadcast_arrays(q, count)
    left = np.minimum(count, 2.0**62).astype(np.int64)
    series, power = np.zeros(q.shape), np.ones(q.shape)
    for bit in range(int(left.max(initial=0)).bit_length() - 1, -1, -1):
        series, power = series * (1.0 + power), power * power
        odd = (left >> bit) & 1 == 1
        series, power = np.where(odd, series + power, series), np.where(odd, power * q, power)
    return series, power
