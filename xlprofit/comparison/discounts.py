"""Discounts moved by percentage points: a customer's as a whole, and no sale's below 0 or above its gross revenue."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

NEAR = 0.0005
"""The share of gross revenue by which a discount may miss its limit: what is shown of one is rounded by as much."""


def move_discounts(gross: Floats, discount: Floats, who: Places, points: float) -> tuple[Floats, Places]:
    """Return the discount of each sale, moved by a share of gross revenue; and which customers it was held for.

    Each sale's share moves by the same points. A sale that has less than that stays at 0, or at its gross revenue where
    the discount grows; the customer's other sales move by more, so that the customer's discount as a whole moves by the
    points. Where even all of them together have less it is held there. Credit notes move on their own in the same way.

    Args:
        gross: gross revenue of each sale, in money; negative in a credit note.
        discount: its discount, of the same sign.
        who: the place of its customer.
        points: by how much, a fraction of gross revenue; negative for less discount.

    >>> gross, discount = np.array([100.0, 100.0, 50.0]), np.array([10.0, 0.0, 1.0])
    >>> moved, held = move_discounts(gross, discount, np.array([0, 0, 1]), -0.04)
    >>> moved.tolist(), held.tolist()
    ([2.0, 0.0, 0.0], [1])
    """
    size, side = np.abs(gross), np.where(gross < 0, -1.0, 1.0)
    left = side * discount if points < 0 else size - side * discount
    moved = left - abs(points) * size
    group = who * 2 + (gross < 0)
    order = np.argsort(group, kind="stable")
    short = np.unique(group[(moved < 0) & (size > 0)])
    starts, ends = (np.searchsorted(group, short, side, sorter=order) for side in ("left", "right"))
    held = []
    for one, start, end in zip(short.tolist(), starts, ends, strict=True):
        rows = order[start:end]
        rows = rows[size[rows] > 0]
        moved[rows], is_held = _shrink_evenly(left[rows], size[rows], abs(points))
        held += [one // 2] if is_held else []
    changed = side * (moved if points < 0 else size - moved)
    return np.where(size > 0, changed, discount), np.unique(np.array(held, dtype=np.int64))


def _shrink_evenly(left: Floats, size: Floats, points: float) -> tuple[Floats, bool]:
    """Return what is left where all together shrink by a share of their sizes, and whether there was less than that.

    Each shrinks by the same share of its size, but none below 0. What is below 0 already stays.
    """
    able = left > 0
    wanted = points * float(np.sort(size).sum())  # sums must not depend on the order of the rows
    part, weight = left[able], size[able]
    order = np.lexsort([weight, -part / weight])
    parts, weights = np.cumsum(part[order]), np.cumsum(weight[order])
    if not len(parts) or wanted >= parts[-1]:
        most = float(parts[-1]) if len(parts) else 0.0
        return np.where(able, 0.0, left), wanted > most + NEAR * float(size.sum())
    # Σ max(part − t × weight, 0) is convex in t: the largest of these is the t at which the rest is what is wanted
    share = float(((parts - (parts[-1] - wanted)) / weights).max())
    return np.where(able, np.maximum(left - share * size, 0.0), left), False
