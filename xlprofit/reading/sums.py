"""Sums of amounts that are said or compared: the same whatever the order of the rows and on every processor."""

from __future__ import annotations

from math import fsum

import numpy as np
import numpy.typing as npt
import pandas as pd


def sum_floats(values: npt.NDArray[np.float64] | pd.Series) -> float:
    """Return the exact sum of numbers, rounded once; blank where one of them is."""
    return fsum(np.asarray(values, dtype=np.float64).tolist())
