"""Stage one: the cost of support resources moved to the resources that serve."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]


def allocate_costs(costs: Matrix, shares: Matrix) -> Matrix:
    """Return the cost that stays at each resource once support resources have been spread.

    The reciprocal method (Kaplan and Atkinson, *Advanced Management Accounting*, 1998, chapter on
    service department costs): the cost that passes through the resources is the solution of
    *x = c + Sᵀ x*; resource *j* keeps *xⱼ (1 − Σₖ Sⱼₖ)*. With no reciprocal shares this is the
    step-down method. The sum over the resources is unchanged.

    It is solved by state reduction (Grassmann, Taksar and Heyman, "Regenerative Analysis and Steady State
    Distributions for Markov Chains", Operations Research 1985), which subtracts nothing: no cost is lost or made
    however little leaves a loop. It is written in single additions and products, since a library for linear algebra
    adds in an order that depends on the processor, and the last digit with it.

    Args:
        costs: money by resource (rows) and period (columns), in currency.
        shares: the share of the row's resource that goes to the column's, each row adding up to 1
            at most.

    Raises:
        ZeroDivisionError: resources that pass everything among themselves, for ever.

    >>> allocate(np.array([[100.0], [0.0]]), np.array([[0.0, 0.75], [0.0, 0.0]])).ravel().tolist()
    [25.0, 75.0]
    """
    passing, kept = find_passing_costs(costs, shares)
    return np.asarray(passing * kept[:, None])


def find_passing_costs(costs: Matrix, shares: Matrix) -> tuple[Matrix, npt.NDArray[np.float64]]:
    """Return all the cost that passes through each resource, its own and what it got, and the share that it keeps.

    Arguments and errors as for :func:`allocate_costs`.
    """
    # Summed without an error: of a resource that keeps a millionth it would be a billionth of its cost.
    kept = np.array([math.fsum((1.0, *(-row).tolist())) for row in shares])
    # Shares that add up to 1 in decimals may miss it by a rounding; nothing of such a resource stays.
    kept[kept < 1e-12] = 0.0
    passed, left = shares.astype(np.float64), kept.copy()
    arrived = costs.astype(np.float64)
    out = np.zeros(len(shares))
    for at in range(len(shares) - 1, -1, -1):
        out[at] = left[at] + passed[at, :at].sum()
        if not out[at] > 0:
            raise ZeroDivisionError("resources that pass all their cost among themselves, for ever")
        onward = passed[at, :at] / out[at]
        through = passed[:at, at].copy()
        passed[:at, :at] += through[:, None] * onward
        left[:at] += through * (left[at] / out[at])
        arrived[:at] += onward[:, None] * arrived[at]
    for at in range(len(shares)):
        arrived[at] /= out[at]
        arrived[at + 1 :] += passed[at, at + 1 :, None] * arrived[at]
    return arrived, kept
