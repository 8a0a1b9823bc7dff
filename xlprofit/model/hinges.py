"""What a verdict hinges on: the input whose uncertainty does most to turn it.

Source: the decomposition of a variance into the shares of its inputs (Saltelli and others, *Global Sensitivity
Analysis*, 2008, chapter 1): what decides is a sum, so the share of each input is its own variance. What decides is the
run rate; or, where the run rate is below zero and no lever helps, what goes with the customer and what stays.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from xlprofit.model.level import add_up
from xlprofit.model.run_rate import RunRate
from xlprofit.model.stakes import Stakes
from xlprofit.tables import Settings
from xlprofit.words.speech import _, speaking

Numbers = npt.NDArray[np.float64]

OF_UNIFORM = 1.0 / 3.0
"""The variance of what lies anywhere between −1 and 1, equally likely."""


def deviate(rate: RunRate) -> Numbers:
    """Return the standard deviation of what each customer earns a year later, its rates known."""
    return np.asarray(np.sqrt(rate.noise + rate.change))


def name_inputs(
    held: Stakes,
    rate: RunRate,
    rows: npt.NDArray[np.int64],
    on_value: npt.NDArray[np.bool_],
    prices: list[str],
    settings: Settings,
) -> npt.NDArray[np.object_]:
    """Return the input that each verdict hinges on, in the language of Settings.

    Args:
        held: what is at stake with the customers.
        rate: their run rates.
        rows: the places of the customers asked about.
        on_value: which of these are decided by what goes and what stays, not by the run rate.
        prices: the names of the resources, and of the activities with a unit cost after them.
        settings: how far rates may be off, and the language.
    """
    whole = held.whole[rows]
    goes, perhaps = held.goes[rows] * whole, held.perhaps[rows] * whole
    freed = (held.effort[rows] * whole - goes) * held.useful
    effort = np.where(on_value[:, None], goes + perhaps / 2 + freed, held.effort[rows])
    rates = OF_UNIFORM * (settings.uncertainty_rates * effort) ** 2
    unknown = np.where(on_value[:, None], OF_UNIFORM / 4 * (perhaps * (1.0 - held.useful)) ** 2, 0.0)
    direct = np.where(on_value, OF_UNIFORM / 4 * held.direct_perhaps[rows] ** 2, 0.0)
    own = rate.swings[rows] * (rate.noise + rate.change)[rows, None]
    shares = np.column_stack([own, direct, rates, unknown])
    with speaking(settings.language):
        named = [
            _("its volume"),
            _("its margin"),
            _("its cost to serve"),
            _("its direct costs"),
            _("the avoidable share of its direct costs"),
            *(_("the rate of {resource}", resource=price) for price in prices),
            *(_("the avoidable share of {resource}", resource=price) for price in prices),
        ]
    return np.where(add_up(shares) > 0, np.array(named, dtype=object)[shares.argmax(axis=1)], "")
