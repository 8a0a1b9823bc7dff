"""Digits: numbers rounded to the 15 significant digits that Excel keeps, the same on every processor."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SIGNIFICANT = 15
"""The digits that Excel keeps of a number (Microsoft, "Excel specifications and limits": number precision)."""

_POWERS = np.array([10.0**n for n in range(23)])
"""The powers of ten that are exact in binary: a whole number over one of them is rounded once."""


def round_digits(numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return numbers rounded to 15 significant digits; blanks stay blank.

    Past them a sum bears the noise of the order in which it was added. Each result is the number nearest to a decimal
    of at most 15 digits, so that its shortest form has no more. Below 1e-8 and from 1e15 on numbers stay as they are.

    >>> round_digits(np.array([0.1 + 0.2, 1420492.0399999998, 2 / 3, 1e15])).tolist()
    [0.3, 1420492.04, 0.666666666666667, 1000000000000000.0]
    """
    sizes = np.abs(numbers)
    # The digits before the point: counted in powers of ten, since a logarithm may differ by processor.
    before = np.searchsorted(_POWERS, sizes, side="right")
    behind = np.clip(SIGNIFICANT - before, 0, None)
    small = (sizes < 0.1) & (sizes > 0)
    if small.any():
        zeros = np.searchsorted(_POWERS, 1.0 / sizes[small], side="left") - 1
        behind[small] = SIGNIFICANT + np.clip(zeros, 0, 7)
    scale = _POWERS[behind]
    rounded = np.rint(numbers * scale) / scale
    kept = (before > SIGNIFICANT) | (small & (sizes < 1e-8)) | ~np.isfinite(numbers)
    return np.where(kept, numbers, rounded)


def round_number(number: float) -> float:
    """Return one number as :func:`round_digits` does."""
    return float(round_digits(np.array([number], dtype=np.float64))[0])
