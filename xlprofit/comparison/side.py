"""One side of a comparison: a run, or some of its periods, and the sums that the effects are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger as books
from xlprofit.arguments import require_kind
from xlprofit.comparison.sold import sum_items
from xlprofit.errors import UnknownNameError
from xlprofit.ledger.costs.rule import Basis
from xlprofit.ledger.periods import place_dates
from xlprofit.messages import _
from xlprofit.vocabulary.levels import UNSPREAD_LEVELS
from xlprofit.vocabulary.lines import Line
from xlprofit.vocabulary.measures import Measure

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results


@dataclass(frozen=True)
class Side:
    """What is compared: a run, or some of its periods.

    Attributes:
        results: the run.
        periods: the labels of the periods that count; ``None`` for the whole run.
        label: what it is called, such as a version or a period; empty where it has no name.
    """

    results: Results
    periods: tuple[str, ...] | None = None
    label: str = ""

    def __post_init__(self) -> None:
        """Refuse periods that the run does not have."""
        for period in self.periods or ():
            if period not in self.results.periods:
                raise UnknownNameError(period, self.results.periods, "period")

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """The rows of the ledger that lie in the periods; those of no period only where the whole run counts."""
        ledger = self.results.ledger
        if self.periods is None:
            return ledger
        return ledger[ledger["period"].isin(self.periods).to_numpy()]

    @cached_property
    def spread(self) -> pd.DataFrame:
        """The rows of :attr:`ledger` that stand above the company's own lines: all levels but the unspread ones."""
        return self.ledger[~self.ledger["level"].isin(UNSPREAD_LEVELS).to_numpy()]

    def place_rows(self, table: str, dated: str = "date") -> npt.NDArray[np.bool_]:
        """Return which rows of a dated table lie in the periods."""
        rows = self.results.inputs[table]
        if self.periods is None:
            return np.ones(len(rows), dtype=bool)
        wanted = self.results.periods.isin(self.periods)
        return np.asarray(wanted[place_dates(rows[dated], self.results.inputs.settings)])

    @cached_property
    def items(self) -> pd.DataFrame:
        """What was sold in the periods, item by item (:func:`xlprofit.comparison.sold.sum_items`)."""
        return sum_items(self)

    def sells_the_same(self, other: Side) -> bool:
        """Whether both sides have the very same rows of Sales, as a scenario has that leaves them as they are."""
        both = (self.results.inputs["Sales"], other.results.inputs["Sales"])
        return both[0] is both[1] and self.periods is None and other.periods is None

    def does_the_same(self, other: Side) -> bool:
        """Whether both sides have the very same activities at the same rates, as a scenario has that leaves them."""
        mine, its = self.results.basis, other.results.basis
        alike = mine.equations is its.equations and mine.log is its.log
        return alike and mine.resources.supply is its.resources.supply and self.periods == other.periods

    @cached_property
    def profits(self) -> pd.Series:
        """The profit of each customer of the run, in money."""
        return self._sum_customers(self.spread)

    def _sum_customers(self, rows: pd.DataFrame) -> pd.Series:
        names = self.results.names
        places = names.get_indexer(pd.Index(rows["customer"].cat.categories))
        at = places[rows["customer"].cat.codes.to_numpy()] if len(rows) else np.zeros(0, dtype=np.int64)
        kept = at >= 0
        amounts = rows["amount"].to_numpy()[kept]
        return pd.Series(np.bincount(at[kept], weights=amounts, minlength=len(names)), index=names)

    @cached_property
    def sells(self) -> pd.Series:
        """Which customers of the run have gross revenue in the periods."""
        rows = self.spread[(self.spread["line"] == Line.GROSS_REVENUE).to_numpy()]
        sums, sizes = self._sum_customers(rows), self._sum_customers(rows.assign(amount=rows["amount"].abs()))
        return pd.Series(sums.abs().to_numpy() > 1e-9 * sizes.to_numpy(), index=sums.index)

    @cached_property
    def below(self) -> pd.Series:
        """The company's own lines in the periods: channel, corporate, idle and unassigned cost, in money, negative.

        The cost of a resource that is priced over the whole run belongs to its periods alike.
        """
        company = books.sum_company(self.ledger)
        lines = company[[*map(str, _BELOW)]].copy()
        if self.periods is not None:
            idle, unassigned = self._share_whole_resources(len(self.periods) / len(self.results.periods))
            lines[str(Measure.IDLE_CAPACITY)] += idle
            lines[str(Measure.UNASSIGNED_COST)] += unassigned
        return lines.astype(float)

    def _share_whole_resources(self, share: float) -> tuple[float, float]:
        """Return the idle and the unassigned cost of the resources priced over the whole run, negative."""
        used = self.results.resources
        given = used.supply
        cost = np.where(given.whole, given.cost[:, -1], 0.0) * share
        priced = ~np.isnan(used.rate[:, -1]) & given.whole
        has_capacity = priced & (given.supplied[:, -1] > 0)
        charged = self._sum_charged(given.resources)
        idle = np.where(has_capacity, charged - cost, 0.0)
        unassigned = np.where(given.whole & ~priced, -cost, 0.0)
        return float(idle.sum()), float(unassigned.sum())

    def _sum_charged(self, resources: pd.Index) -> npt.NDArray[np.float64]:
        """Return the money charged for each resource in the periods, positive."""
        equations = self.results.equations
        priced_by = equations["resource"].astype(str).where(equations["unit_cost"].isna(), "")
        place = pd.Series(resources.get_indexer(pd.Index(priced_by)), index=equations["row"].to_numpy())
        rows = self.ledger[(self.ledger["source_table"] == "Activities").to_numpy()]
        at = place.reindex(rows["source_row"].to_numpy()).fillna(-1).to_numpy(np.int64)
        kept = at >= 0
        return np.bincount(
            at[kept], weights=-rows["amount"].to_numpy()[kept], minlength=len(resources)
        ).astype(np.float64)

    @property
    def company_profit(self) -> float:
        """The profit of the whole company in the periods."""
        return float(self.spread["amount"].sum() + self.below.sum())


_BELOW = (
    *(Measure.CHANNEL_COST, Measure.CORPORATE_COST),
    *(Measure.IDLE_CAPACITY, Measure.UNASSIGNED_COST),
)


def take_side(of: Results | Side, argument: str) -> Side:
    """Return a run as a side of a comparison; a side as it is.

    Args:
        of: the run or the side.
        argument: what it is called.

    Raises:
        ArgumentError: it is neither.
    """
    if not isinstance(of, Side):
        run = getattr(of, "basis", of)
        require_kind(run, Basis, argument, _("the results of {function}", function="xlprofit.analyze"))
    return of if isinstance(of, Side) else Side(of)


def slice_periods(results: Results, periods: Sequence[str], label: str = "") -> Side:
    """Return some periods of a run as a side of a comparison.

    Args:
        results: the run.
        periods: the labels of the periods, such as ``2024-03``.
        label: what they are called; the first and the last label where it is empty.

    Raises:
        UnknownNameError: the run has no such period.
    """
    kept = tuple(str(period) for period in results.periods if period in set(periods))
    for period in periods:
        if period not in kept:
            raise UnknownNameError(str(period), results.periods, "period")
    return Side(results, kept, label or _name_span(kept))


def _name_span(periods: Sequence[str]) -> str:
    if not periods:
        return ""
    return periods[0] if len(periods) == 1 else f"{periods[0]} – {periods[-1]}"
