"""What goes if a customer goes: its revenue, and of each of its costs the share that is avoidable.

Source: the keep-or-drop decision of Horngren, Datar and Rajan, *Cost Accounting*, chapter "Decision making and
relevant information": only what differs between keeping and dropping a customer bears on the choice. What
goes with the customer:

- revenue, discounts, returns, the cost of goods in Sales, commissions and financing: all of it;
- the cost of an activity: the share that Activities gives, else that of its resource (after stage one); all of
  it where the activity has a unit cost, a price paid by the unit;
- a direct cost: the share that its own row gives.

A share that is blank is *unknown*: anything from none to all of it. :data:`HALF` of it stands for it where one
figure is needed, both its ends are drawn where it is asked how sure that is.

What is not avoidable stays. Where a resource bears it, capacity is freed instead. Where a resource has a *step*, its
capacity comes and goes in whole ones only: of the units that a customer takes, only whole steps are saved or freed,
together with what is idle already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger as books
from xlprofit.ledger import capacity, periods
from xlprofit.vocabulary.groups import Group
from xlprofit.vocabulary.levels import UNSPREAD_LEVELS

if TYPE_CHECKING:
    from xlprofit.tables import Inputs, Settings

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

HALF = 0.5
"""What stands for an avoidable share that is unknown: the middle between none of the cost and all of it."""


SINCE_WON = {"month": 2, "quarter": 1, "year": 1}
"""Periods with no further commission, from which one was paid for winning the customer, by the length of a period."""

IN_ARREARS = {"month": 1, "quarter": 0, "year": 0}
"""Periods after that of the first sale in which the commission for it may be settled."""


@dataclass(frozen=True)
class Efforts:
    """The ledger's rows that activities posted to customers.

    ``row`` is the place in the ledger, ``customer`` that among the customers, ``period`` that in the span, ``term``
    that of the term of the time equations which posted it, ``price`` that of what prices the row: a resource, or
    after those an activity with a unit cost. ``amount`` is money, negative, ``avoidable`` the share of it that goes
    and ``unknown`` the share of which nobody said. The first ``resources`` of the ``prices`` are capacity.
    """

    row: Places
    customer: Places
    period: Places
    term: Places
    price: Places
    amount: Numbers
    avoidable: Numbers
    unknown: Numbers
    prices: int
    resources: int

    @property
    def expected(self) -> Numbers:
        """The share of each amount that goes, :data:`HALF` of what is unknown in it."""
        return self.avoidable + HALF * self.unknown

    def matrix(self, amounts: Numbers, count: int) -> Numbers:
        """Return these amounts (one a row) summed by customer and price, for so many customers."""
        flat = self.customer * self.prices + self.price
        sums = np.bincount(flat, weights=amounts, minlength=count * self.prices)
        return np.asarray(sums.reshape(count, self.prices), dtype=np.float64)


def list_efforts(
    inputs: Inputs, ledger: pd.DataFrame, names: pd.Index, equations: pd.DataFrame, supply: capacity.Supply
) -> Efforts:
    """Return the ledger's rows that the activities of these customers posted, with what is avoidable of each."""
    rows, source_row = (table.to_numpy(dtype=np.int64) for table in (equations["row"], ledger["source_row"]))
    of_row = np.full(max(rows.max(initial=0), source_row.max(initial=0)) + 1, -1, dtype=np.int64)
    of_row[rows] = np.arange(len(rows))
    term = np.where((ledger["source_table"] == "Activities").to_numpy(), of_row[source_row], -1)
    customer = find_word_places(ledger["customer"], names)
    row = np.flatnonzero((term >= 0) & (customer >= 0))
    price, share, unknown, count = _price_terms(equations, supply)
    of = term[row]
    return Efforts(
        row,
        customer[row],
        find_word_places(ledger["period"].iloc[row], periods.list_labels(inputs.settings)),
        of,
        price[of],
        ledger["amount"].to_numpy(dtype=np.float64)[row],
        share[of],
        unknown[of],
        count,
        len(supply.resources),
    )


def _price_terms(equations: pd.DataFrame, supply: capacity.Supply) -> tuple[Places, Numbers, Numbers, int]:
    """Return what prices each term, the avoidable and the unknown share of its cost, and how many prices there are."""
    resource = supply.resources.get_indexer(pd.Index(equations["resource"].astype(str)))
    by_unit = equations["unit_cost"].notna().to_numpy() | (resource < 0)
    activities = list_unit_priced(equations, supply)
    activity = activities.get_indexer(pd.Index(equations["activity"].astype(str)))
    price = np.where(by_unit, len(supply.resources) + activity, resource).astype(np.int64)
    given = equations["avoidable"].to_numpy(dtype=np.float64)
    blank = np.isnan(given)
    share = np.where(blank, np.where(by_unit, 1.0, np.append(supply.avoidable, 1.0)[resource]), given)
    unknown = np.where(blank & ~by_unit, np.append(supply.unknown, 0.0)[resource], 0.0)
    return price, share, unknown, len(supply.resources) + len(activities)


def list_unit_priced(equations: pd.DataFrame, supply: capacity.Supply) -> pd.Index:
    """Return the activities that have a unit cost, sorted: they come after the resources among what prices effort."""
    resource = supply.resources.get_indexer(pd.Index(equations["resource"].astype(str)))
    by_unit = equations["unit_cost"].notna().to_numpy() | (resource < 0)
    return pd.Index(sorted(set(equations.loc[by_unit, "activity"].astype(str))), dtype=object)


def list_direct_costs(inputs: Inputs, names: pd.Index) -> tuple[pd.DataFrame, Places, Places]:
    """Return the direct costs of these customers but for those of acquisition, with the places of customer and period.

    They come in an order that is not that of the sheet. A commission for winning a customer is ``once`` whether its row
    says so or not (:func:`find_winning_commissions`).
    """
    costs = inputs["DirectCosts"]
    costs = books.sort_rows(costs, ["customer", "amount", "avoidable", "once"])
    who = find_word_places(costs["customer"], names)
    kept = (who >= 0) & ~costs["group"].isin([*UNSPREAD_LEVELS, Group.ACQUIRE]).to_numpy()
    costs, who = costs[kept], who[kept]
    period = periods.place_dates(costs["date"], inputs.settings)
    won = find_winning_commissions(
        inputs, names, (costs["group"] == Group.COMMISSION).to_numpy(), who, period
    )
    return costs.assign(once=costs["once"].to_numpy(dtype=bool) | won), who, period


def find_winning_commissions(
    inputs: Inputs, names: pd.Index, commission: npt.NDArray[np.bool_], who: Places, period: Places
) -> npt.NDArray[np.bool_]:
    """Return which direct costs are commissions that were paid for winning a customer, and do not come again.

    They are those of a customer of which none is later than the period of its first sale, that being after the span's
    first period (of which nobody knows what came before), and the last :data:`SINCE_WON` periods at least ago. Those
    that all fall into one period may be :data:`IN_ARREARS`.

    Args:
        inputs: the tables, for the sales.
        names: the customers.
        commission: which of the costs are commissions.
        who: the place of each one's customer.
        period: the place of its period.
    """
    if not commission.any():
        return commission
    sales = inputs["Sales"]
    buyer = find_word_places(sales["customer"], names)
    paid = np.zeros(len(names), dtype=bool)
    paid[who[commission]] = True
    asked = (buyer >= 0) & paid[buyer] & (sales["gross_revenue"].to_numpy(dtype=np.float64) > 0)
    count = len(periods.list_labels(inputs.settings))
    first, begun = (np.full(len(names), count, dtype=np.int64) for _ in range(2))
    last = np.full(len(names), -1, dtype=np.int64)
    np.minimum.at(first, buyer[asked], periods.place_dates(sales["date"][asked], inputs.settings))
    np.minimum.at(begun, who[commission], period[commission])
    np.maximum.at(last, who[commission], period[commission])
    late = np.where(begun == last, IN_ARREARS[inputs.settings.period], 0)
    ended = np.maximum(first, last) + SINCE_WON[inputs.settings.period] < count
    won = (first > 0) & ended & (last <= first + late)
    return np.asarray(commission & won[who])


def count_years(settings: Settings) -> float:
    """Return how many years the span has: its periods, each with its share of a year.

    A period counts whole, however much of it lies in the span: what is given for it stands for it.
    """
    return len(periods.list_labels(settings)) * periods.SHARE_OF_YEAR[settings.period]


def find_word_places(column: pd.Series, names: pd.Index) -> Places:
    """Return the place of each value of a categorical column among ``names``, −1 where it is not one of them."""
    held = column.array
    assert isinstance(held, pd.Categorical)
    found = np.append(names.get_indexer(held.categories), -1)
    return np.asarray(found[held.codes], dtype=np.int64)
