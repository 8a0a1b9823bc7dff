"""What a margin of 1 a year is worth over the life of a customer that may leave.

Source: Gupta and Lehmann, "Customers as Assets", Journal of Interactive Marketing 2003.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from xlprofit.closed_form import find_multiple

Floats = npt.NDArray[np.float64]

USUAL_RETENTION = 0.85
"""The chance that a customer stays another year where neither Settings nor the figures say."""

LIKELY_GONE = 0.5
"""A chance of being a customer still below this: more likely gone than not."""

DAYS_OF_YEAR = 365.25
"""Days of a year of tenure, leap years among them."""


def find_multiples(
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

    >>> find_multiples([0.8], 0.1, np.inf).round(4).tolist()
    [2.6667]
    >>> find_multiples(0.85, 0.10, [1.0, 3.0], "start").round(4).tolist()
    [1.0, 2.3698]
    """
    span, kept = np.broadcast_arrays(
        np.asarray(years, dtype=np.float64),
        np.asarray(retention, dtype=np.float64) / (1.0 + np.asarray(discount, dtype=np.float64)),
    )
    total = np.empty(span.shape)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for length in np.unique(span).tolist():
            some = span == length
            worth = find_multiple(kept[some], length, at_start=timing == "start")
            total[some] = np.where((kept[some] >= 1) & np.isinf(length), np.nan, worth)
    return total
