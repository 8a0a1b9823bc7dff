"""What a verdict hinges on: the input to find out first, since its uncertainty does much to turn the verdict.

Source: the decomposition of a variance into the shares of its inputs (Saltelli and others, *Global Sensitivity
Analysis*, 2008, chapter 1): what decides is a sum, so the share of each input is its own variance. What decides is the
run rate; or, where the run rate is below zero and no lever helps, what goes with the customer and what stays.

What can be found out in the workbook comes first: an avoidable share that is blank, or the rate of a resource. Where
each of these makes less than :data:`TELLING` of the variance, finding it out would settle nothing: then it is the
customer's own year that is uncertain, and what is to be asked or watched is what it will buy, its prices and cost of
goods, the service that it takes, or its direct costs, whichever has varied most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xlprofit.analysis.level import add_up

if TYPE_CHECKING:
    from xlprofit.analysis.run_rate import RunRate
    from xlprofit.analysis.stakes import Stakes
    from xlprofit.tables import Settings

Numbers = npt.NDArray[np.float64]

_OWN = ("volume", "margin", "effort", "direct")

INPUTS = (*_OWN, "direct avoidable", "avoidable", "rate")
"""What a verdict can hinge on: next year's volume, prices and cost of goods, effort or direct costs of the customer;

the avoidable share of its direct costs or of a resource; the rate of a resource, or the unit cost of an activity."""

TELLING = 0.15
"""The share of the variance from which on an input is worth finding out."""

OF_UNIFORM = 1.0 / 3.0
"""The variance of what lies anywhere between −1 and 1, equally likely."""


def deviate(rate: RunRate) -> Numbers:
    """Return the standard deviation of what each customer earns a year later, its rates known."""
    return np.asarray(np.sqrt(rate.noise + rate.change))


def find_inputs(
    held: Stakes,
    rate: RunRate,
    rows: npt.NDArray[np.int64],
    on_value: npt.NDArray[np.bool_],
    prices: list[str],
    settings: Settings,
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Return the input that each verdict hinges on, one of :data:`INPUTS` (blank: none), and of which price it is.

    Args:
        held: what is at stake with the customers.
        rate: their run rates.
        rows: the places of the customers asked about.
        on_value: which of these are decided by what goes and what stays, not by the run rate.
        prices: the names of the resources, and of the activities with a unit cost after them.
        settings: how far rates may be off.
    """
    whole = held.whole[rows]
    goes, perhaps = held.goes[rows] * whole, held.perhaps[rows] * whole
    freed = (held.effort[rows] * whole - goes) * held.useful
    effort = np.where(on_value[:, None], goes + perhaps / 2 + freed, held.effort[rows])
    rates = OF_UNIFORM * (settings.uncertainty_rates * effort) ** 2
    unknown = np.where(on_value[:, None], OF_UNIFORM / 4 * (perhaps * (1.0 - held.useful)) ** 2, 0.0)
    direct = np.where(on_value, OF_UNIFORM / 4 * held.direct_perhaps[rows] ** 2, 0.0)
    own = rate.swings[rows] * (rate.noise + rate.change)[rows, None]
    found = np.column_stack([direct, unknown, rates])
    total = add_up(np.column_stack([own, found]))
    inputs = np.array([*_OWN, "direct avoidable", *["avoidable"] * len(prices), *["rate"] * len(prices), ""])
    of = np.array([""] * (len(_OWN) + 1) + [*prices, *prices, ""], dtype=object)
    first = found.argmax(axis=1)
    telling = found[np.arange(len(rows)), first] >= TELLING * total
    # Where nothing of its own varies, what can be found out is all there is.
    telling |= add_up(own) <= 0
    place = np.where(total > 0, np.where(telling, len(_OWN) + first, own.argmax(axis=1)), len(inputs) - 1)
    return inputs.astype(object)[place], of[place]
