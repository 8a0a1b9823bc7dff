"""Products of matrices whose last digit no processor changes.

The library behind numpy's ``@`` adds in an order that depends on the width of the processor's vectors and on the
number of its cores. Here each product is added to the last, column by column, and comes out the same everywhere.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]


def multiply(left: Matrix, right: Matrix) -> Matrix:
    """Return the product of two matrices, n × k and k × m: n × m; zeros where k is 0.

    >>> multiply(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]])).tolist()
    [[11.0]]
    """
    product = np.zeros((left.shape[0], right.shape[1]))
    for column, row in zip(left.T, right, strict=True):
        product += column[:, None] * row
    return product
