"""Stage one: the cost of support resources moved to the resources that serve."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]


def allocate(costs: Matrix, shares: Matrix) -> Matrix:
    """Return the cost that stays at each resource once support resources have been spread.

    The reciprocal method (Kaplan and Atkinson, *Advanced Management Accounting*, 1998, chapter on
    service department costs): the cost that passes through the resources is the solution of
    *x = c + Sᵀ x*; resource *j* keeps *xⱼ (1 − Σₖ Sⱼₖ)*. With no reciprocal shares this is the
    step-down method. The sum over the resources is unchanged.

    Args:
        costs: money by resource (rows) and period (columns), in currency.
        shares: the share of the row's resource that goes to the column's, each row adding up to 1
            at most.

    Raises:
        numpy.linalg.LinAlgError: resources that pass everything among themselves, for ever.

    >>> allocate(np.array([[100.0], [0.0]]), np.array([[0.0, 0.75], [0.0, 0.0]])).ravel().tolist()
    [25.0, 75.0]
    """
    through = np.linalg.solve(np.eye(len(shares)) - shares.T, costs)
    kept = 1.0 - shares.sum(axis=1)
    # Shares that add up to 1 in decimals may miss it by a rounding; nothing of such a resource stays.
    kept[np.abs(kept) < 1e-12] = 0.0
    return np.asarray(through * kept[:, None])
