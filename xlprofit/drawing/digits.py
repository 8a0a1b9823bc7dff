"""Digits: numbers rounded to the 15 significant digits that Excel keeps, the same on every processor."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from xlprofit.sheets.parts import Value

SIGNIFICANT = 15
"""The digits that Excel keeps of a number (Microsoft, "Excel specifications and limits": number precision)."""

NOISE = 5e-7
"""What is smaller is drawn as 0 in a column: no format shows it, and a heat map would colour it."""

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
        zeros = np.searchsorted(_POWERS, 1.0 / np.maximum(sizes[small], 1e-300), side="left") - 1
        behind[small] = SIGNIFICANT + np.clip(zeros, 0, 7)
    scale = _POWERS[behind]
    rounded = np.rint(numbers * scale) / scale
    kept = (before > SIGNIFICANT) | (small & (sizes < 1e-8)) | ~np.isfinite(numbers)
    return np.where(kept, numbers, rounded)


def round_number(number: float) -> float:
    """Return one number as :func:`round_digits` does."""
    return float(round_digits(np.array([number], dtype=np.float64))[0])


def format_number_digits(number: float) -> str:
    """Return the shortest digits that give a number back, one that is rounded already; a whole one without a point.

    >>> format_number_digits(0.3), format_number_digits(1250.0)
    ('0.3', '1250')
    """
    whole = float(number)
    return repr(int(whole)) if whole.is_integer() and abs(whole) < 1e15 else repr(whole)


def round_values(values: Sequence[Value]) -> Sequence[Value]:
    """Return a column's values as every host draws them: 15 significant digits, and 0 for what is only noise.

    >>> round_values([0.1 + 0.2, None, "ACME", 3, 1e-12])
    [0.3, None, 'ACME', 3, 0.0]
    """
    at = [i for i, value in enumerate(values) if isinstance(value, float)]
    if not at:
        return values
    rounded = round_digits(np.array([values[i] for i in at], dtype=np.float64))
    rounded[np.abs(rounded) < NOISE] = 0.0
    drawn = list(values)
    for i, number in zip(at, rounded.tolist(), strict=True):
        drawn[i] = number
    return drawn
