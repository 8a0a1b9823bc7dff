"""What is at stake with each customer a year, by what would make it other than it is; and what goes if several go.

The figures are those of the run rate (:mod:`xlprofit.analysis.run_rate`), cut up by what prices them and by what is
avoidable of them (:mod:`xlprofit.analysis.avoidable`). What ending frees of a resource is worth the share
``redeployable`` of it to other work; where the resource stands idle already, in the last 12 months, it is worth
nothing: other work has what it needs. Where a resource has a step, only whole steps are saved or freed; what a customer
takes may complete one together with what stands idle already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis.avoidable import HALF, Efforts, list_direct_costs
from xlprofit.analysis.level import add_up
from xlprofit.ledger import capacity, periods

if TYPE_CHECKING:
    from xlprofit.analysis.run_rate import RunRate
    from xlprofit.tables import Inputs

Numbers = npt.NDArray[np.float64]
Chosen = npt.NDArray[np.bool_]

ROUNDING = 1e-9
"""By what share of itself a step may be short of whole, and is whole."""


@dataclass(frozen=True)
class Stakes:
    """What each customer earns and costs a year, at the level of its run rate; revenue positive, cost negative.

    ``volume`` moves with what it buys. ``effort`` is the cost of its activities, customers × what prices them
    (resources first, then activities with a unit cost); ``goes`` is the part of it that is known to go with the
    customer, and ``perhaps`` the part of which nobody said whether it goes. ``direct``, ``direct_goes`` and
    ``direct_perhaps`` are the same of direct costs. ``taken`` are the units of each price that it takes a year,
    ``step`` how many of them come and go at a time (0: any amount), ``idle`` how many of each stand idle a year, and
    ``useful`` what other work can use of each that is freed, a share.
    """

    volume: Numbers
    effort: Numbers
    goes: Numbers
    perhaps: Numbers
    direct: Numbers
    direct_goes: Numbers
    direct_perhaps: Numbers
    taken: Numbers
    step: Numbers
    idle: Numbers
    useful: Numbers

    @property
    def whole(self) -> Numbers:
        """The part of each effort that can be saved or freed: 1, or the share of it in whole steps.

        It is more than 1 where a step goes that was in part idle already.
        """
        return whole_steps(self.taken, self.step, self.idle)

    @property
    def run_rate(self) -> Numbers:
        """What each customer earns a year."""
        return self.volume + add_up(self.effort) + self.direct

    @property
    def contribution(self) -> Numbers:
        """What goes a year if the customer goes, half of what is unknown in it."""
        sure = self.volume + add_up(self.goes * self.whole) + self.direct_goes
        return np.asarray(sure + HALF * (add_up(self.perhaps * self.whole) + self.direct_perhaps))

    @property
    def unknown(self) -> Numbers:
        """The cost a year of which nobody said whether it is avoidable, positive."""
        return np.asarray(0.0 - add_up(self.perhaps * self.whole) - self.direct_perhaps)

    @property
    def freed(self) -> Numbers:
        """What the capacity that ending frees and does not save is worth a year to other work."""
        return add_up((self.goes + HALF * self.perhaps - self.effort) * self.whole * self.useful)

    @property
    def idle_gone(self) -> Numbers:
        """The cost a year of capacity that stands idle already and would go in the same whole step, positive."""
        more = np.maximum(self.whole - 1.0, 0.0)
        return np.asarray(0.0 - add_up((self.goes + HALF * self.perhaps) * more))

    @property
    def stays(self) -> Numbers:
        """The cost a year that ending would not avoid, positive, half of what is unknown in it.

        Below zero where ending avoids more than the customer costs: the idle rest of a step that goes with it.
        """
        return np.asarray(self.contribution - self.run_rate)

    def end_together(self, chosen: Chosen) -> tuple[float, float]:
        """Return what ending all of these at once changes the company's profit by a year, and what is freed is worth.

        Where steps are whole only together, that is more than the sum of what ending each alone would do; where
        each alone would complete the same step, less.
        """
        goes, perhaps, effort = (part[chosen] for part in (self.goes, self.perhaps, self.effort))
        units = self.taken[chosen].cumsum(axis=0)[-1:] if chosen.any() else self.taken[:0]
        whole = whole_steps(units, self.step, self.idle)
        kept = self.volume[chosen] + self.direct_goes[chosen] + HALF * self.direct_perhaps[chosen]
        saved = np.asarray(kept + add_up((goes + HALF * perhaps) * whole))
        freed = add_up((goes + HALF * perhaps - effort) * whole * self.useful)
        return 0.0 - float(add_up(saved[None, :])[0]), float(add_up(freed[None, :])[0])


def weigh_stakes(
    inputs: Inputs,
    ledger: pd.DataFrame,
    names: pd.Index,
    done: Efforts,
    rate: RunRate,
    used: capacity.Capacity,
) -> Stakes:
    """Return what is at stake with each of these customers.

    Args:
        inputs: the tables.
        ledger: the ledger.
        names: the customers.
        done: what was done for them, as :func:`xlprofit.analysis.avoidable.list_efforts` gives it.
        rate: their run rates.
        used: the resources, and what was used of each.
    """
    count, settings = len(names), inputs.settings
    weight = rate.weigh_effort(ledger, done)
    amount = done.amount * weight
    goes, perhaps = done.matrix(amount * done.avoidable, count), done.matrix(amount * done.unknown, count)
    units = done.matrix(ledger["units"].to_numpy(dtype=np.float64)[done.row] * weight, count)
    direct, direct_goes, direct_perhaps = _weigh_direct(inputs, names, rate)
    beyond = np.zeros(done.prices - done.resources)
    first = len(used.supply.periods) - round(1 / periods.SHARE_OF_YEAR[settings.period])
    idle = capacity.stands_idle(used, first)
    return Stakes(
        rate.volume,
        done.matrix(amount, count),
        goes,
        perhaps,
        direct,
        direct_goes,
        direct_perhaps,
        np.maximum(units, 0.0),
        np.concatenate([capacity.find_steps(used.supply, settings), beyond]),
        np.concatenate([capacity.find_idle_units(used, first, settings), beyond]),
        np.concatenate([np.where(idle, 0.0, settings.redeployable), beyond]),
    )


def whole_steps(units: Numbers, step: Numbers, idle: Numbers) -> Numbers:
    """Return the whole steps that go with these units, as a share of the units; 1 where there is no step.

    *Steps = floor((idle + units) / step) − floor(idle / step)*: what is idle already could go without these units, but
    together with them it may make a step.

    >>> units, step = np.array([[2.5, 0.5, 7.0]]), np.array([1.0, 1.0, 0.0])
    >>> whole_steps(units, step, np.zeros(3)).tolist()
    [[0.8, 0.0, 1.0]]
    >>> whole_steps(units, step, np.array([0.5, 1.5, 0.0])).tolist()
    [[1.2, 2.0, 1.0]]
    """
    before = _count_steps(idle, step)
    gone = (_count_steps(idle + units, step) - before) * step
    share = np.divide(gone, units, out=np.zeros_like(units), where=units > 0)
    return np.where((step > 0) & (np.abs(share - 1.0) > ROUNDING), share, 1.0)


def _count_steps(units: Numbers, step: Numbers) -> Numbers:
    """Return how many whole steps there are in these units, one that is short of whole by a rounding among them."""
    steps = np.divide(units, step, out=np.zeros_like(units), where=step > 0)
    return np.asarray(np.floor(steps * (1.0 + ROUNDING)))


def _weigh_direct(inputs: Inputs, names: pd.Index, rate: RunRate) -> tuple[Numbers, Numbers, Numbers]:
    """Return the direct costs a year of each customer, what goes of them, and of what nobody said so; all negative."""
    costs, who, period = list_direct_costs(inputs, names)
    weight = rate.weigh(who, period) * rate.direct[who]
    amount = np.where(
        costs["once"].to_numpy(dtype=bool), 0.0, -costs["amount"].to_numpy(dtype=np.float64) * weight
    )
    share = costs["avoidable"].to_numpy(dtype=np.float64)
    whole, goes, perhaps = (
        np.bincount(who, weights=part, minlength=len(names)).astype(np.float64)
        for part in (amount, amount * np.nan_to_num(share), amount * np.isnan(share))
    )
    return whole, goes, perhaps
