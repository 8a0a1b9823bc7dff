"""What goes if a customer goes: its revenue, and of each of its costs the share that is avoidable.

Source: the keep-or-drop decision of Horngren, Datar and Rajan, *Cost Accounting*, chapter "Decision making and
relevant information": only what differs between keeping and dropping a customer bears on the choice. What
goes with the customer:

- revenue, discounts, returns, the cost of goods in Sales, commissions and the cost of credit: all of it;
- the cost of an activity: the share that Activities gives, else that of its resource (after stage one), else
  all of it (a price paid by the unit);
- a direct cost: the share that its own row gives.

What is not avoidable stays. Where a resource bears it, capacity is freed instead, and other work can use
the share ``redeployable`` of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger as books
from xlprofit.model import capacity, periods
from xlprofit.tables import UNSPREAD_LEVELS, Inputs, Settings

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Efforts:
    """The ledger's rows that activities posted to customers.

    ``row`` is the place in the ledger, ``customer`` that among the customers, ``price`` that of what prices the
    row: a resource, or after those an activity with a unit cost. ``amount`` is money, negative, and ``avoidable``
    the share of it that goes. The first ``resources`` of the ``prices`` are capacity.
    """

    row: Places
    customer: Places
    price: Places
    amount: Numbers
    avoidable: Numbers
    prices: int
    resources: int

    def matrix(self, amounts: Numbers, count: int) -> Numbers:
        """Return these amounts (one a row) summed by customer and price, for so many customers."""
        flat = self.customer * self.prices + self.price
        sums = np.bincount(flat, weights=amounts, minlength=count * self.prices)
        return np.asarray(sums.reshape(count, self.prices), dtype=np.float64)


@dataclass(frozen=True)
class Stakes:
    """What is at stake with each customer, by what would make it other than it is.

    Over the span ``volume`` + ``effort`` + ``direct`` is its profit: volume moves with what the customer buys (revenue
    less discounts and returns, the cost of goods in Sales, commissions and the cost of credit), effort is the cost
    of its activities, customers × what prices them (resources first, then activities with a unit cost), direct
    its direct costs. A year, at the level of the last 12 months, ``yearly_volume`` + ``yearly_effort`` +
    ``yearly_direct`` is what goes if the customer goes, its contribution on avoidable amounts; ``tied`` is the
    capacity cost that stays (customers × resources, positive) and ``stays`` all cost that does (positive).
    """

    names: pd.Index
    volume: Numbers
    effort: Numbers
    direct: Numbers
    yearly_volume: Numbers
    yearly_effort: Numbers
    yearly_direct: Numbers
    tied: Numbers
    stays: Numbers

    @property
    def resources(self) -> int:
        """How many of the prices are those of resources."""
        return int(self.tied.shape[1])


def stakes(inputs: Inputs, ledger: pd.DataFrame, names: pd.Index, done: Efforts) -> Stakes:
    """Return what is at stake with each of these customers.

    Args:
        inputs: the tables.
        ledger: the ledger.
        names: the customers.
        done: what was done for them, as :func:`efforts` gives it.
    """
    count, settings = len(names), inputs.settings
    recent = ledger["period"].isin(set(last_year(settings))).to_numpy()
    effort, direct = done.matrix(done.amount, count), _direct(inputs, names, 0)[0]
    amount = np.where(recent[done.row], done.amount, 0.0)
    late_effort, late_goes = done.matrix(amount, count), done.matrix(amount * done.avoidable, count)
    late_direct, late_direct_goes = _direct(
        inputs, names, len(periods.labels(settings)) - len(last_year(settings))
    )
    stays = late_goes - late_effort
    a_year = len(last_year(settings)) * periods.SHARE_OF_YEAR[settings.period]
    return Stakes(
        names,
        sums(ledger, names) - effort.sum(axis=1) - direct,
        effort,
        direct,
        (sums(ledger[recent], names) - late_effort.sum(axis=1) - late_direct) / a_year,
        late_goes / a_year,
        late_direct_goes / a_year,
        stays[:, : done.resources] / a_year,
        (stays.sum(axis=1) + late_direct_goes - late_direct) / a_year,
    )


def efforts(
    inputs: Inputs, ledger: pd.DataFrame, names: pd.Index, equations: pd.DataFrame, supply: capacity.Supply
) -> Efforts:
    """Return the ledger's rows that the activities of these customers posted, with what is avoidable of each."""
    sheet = inputs.sheets.get("Activities", "Activities")
    sources = pd.Index([f"{sheet}!{row}" for row in equations["row"]], dtype=object)
    term = places(ledger["source"], sources)
    customer = places(ledger["customer"], names)
    row = np.flatnonzero((term >= 0) & (customer >= 0))
    price, share, count = _terms(equations, supply)
    return Efforts(
        row,
        customer[row],
        price[term[row]],
        ledger["amount"].to_numpy(dtype=np.float64)[row],
        share[term[row]],
        count,
        len(supply.resources),
    )


def years(settings: Settings) -> float:
    """Return how many years the span has: its periods, each with its share of a year.

    A period counts whole, however much of it lies in the span: what is given for it stands for it.
    """
    return len(periods.labels(settings)) * periods.SHARE_OF_YEAR[settings.period]


def last_year(settings: Settings) -> pd.Index:
    """Return the labels of the periods of the last 12 months, all of them where the span is no longer than that."""
    return periods.labels(settings)[-round(1 / periods.SHARE_OF_YEAR[settings.period]) :]


def _terms(equations: pd.DataFrame, supply: capacity.Supply) -> tuple[Places, Numbers, int]:
    """Return what prices each term, the avoidable share of its cost, and how many prices there are."""
    resource = supply.resources.get_indexer(pd.Index(equations["resource"].astype(str)))
    by_unit = equations["unit_cost"].notna().to_numpy() | (resource < 0)
    activities = pd.Index(sorted(set(equations.loc[by_unit, "activity"].astype(str))), dtype=object)
    activity = activities.get_indexer(pd.Index(equations["activity"].astype(str)))
    price = np.where(by_unit, len(supply.resources) + activity, resource).astype(np.int64)
    share = np.where(by_unit, 1.0, np.append(supply.avoidable, 1.0)[resource])
    given = equations["avoidable"].to_numpy(dtype=np.float64)
    return price, np.where(np.isnan(given), share, given), len(supply.resources) + len(activities)


def _direct(inputs: Inputs, names: pd.Index, first: int) -> tuple[Numbers, Numbers]:
    """Return the direct costs of these customers from a period on, and the avoidable part; both negative."""
    costs = inputs["DirectCosts"]
    costs = books.in_order(costs, ["customer", "amount", "avoidable"])
    who = places(costs["customer"], names)
    who[costs["group"].isin(UNSPREAD_LEVELS).to_numpy()] = -1
    mine = (who >= 0) & (periods.code(costs["date"], inputs.settings) >= first)
    amount = 0.0 - costs["amount"].to_numpy(dtype=np.float64)[mine]
    avoidable = amount * costs["avoidable"].to_numpy(dtype=np.float64)[mine]
    return (
        np.bincount(who[mine], weights=amount, minlength=len(names)).astype(np.float64),
        np.bincount(who[mine], weights=avoidable, minlength=len(names)).astype(np.float64),
    )


def sums(ledger: pd.DataFrame, names: pd.Index, size: bool = False) -> Numbers:
    """Return the sum of the amounts of each of these customers, or of their sizes without the signs."""
    who = places(ledger["customer"], names)
    known = who >= 0
    amounts = ledger["amount"].to_numpy(dtype=np.float64)[known]
    return np.bincount(who[known], weights=np.abs(amounts) if size else amounts, minlength=len(names)).astype(
        np.float64
    )


def places(column: pd.Series, names: pd.Index) -> Places:
    """Return the place of each value of a categorical column among ``names``, −1 where it is not one of them."""
    found = names.get_indexer(pd.Index(column.cat.categories))
    return np.append(found, -1)[column.cat.codes.to_numpy()].astype(np.int64)
