"""A figure taken apart in three levels: its lines, what each is made of, and the source rows.

The lines are sums of the ledger, what they are made of is worked out of the source rows; both add up to the figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis.peers import find_usual_shares
from xlprofit.ledger.costs.activities import price_activities
from xlprofit.ledger.effort import list_uses
from xlprofit.vocabulary.measures import Measure

if TYPE_CHECKING:
    from xlprofit.ledger.costs.rule import Basis

Level = Literal["lines", "drivers", "rows"]
"""How far a figure is taken apart: its lines, what each of them is made of, or the source rows."""

LEVELS = get_args(Level)

LINES = ("line", "group", "amount", "share", "of_revenue")
"""The columns of the first level."""

DRIVERS = (
    *("line", "group", "product", "driver", "resource", "driver_units", "each", "units", "rate", "amount"),
    *("usual_units", "gap", "priced_by"),
)
"""The columns of the second level."""

_KEYS = ["line", "group", "product", "driver", "resource", "priced_by"]


def tabulate_lines(ledger: pd.DataFrame, revenue: float) -> pd.DataFrame:
    """Return the lines that rows of a customer's ledger are the sum of, the largest amount first.

    Columns :data:`LINES`: ``amount`` in currency, revenue positive; ``share`` of the whole amount and ``of_revenue``,
    the customer's net revenue, both signed fractions, blank where what they are a share of is 0 (of the revenue: not
    above 0). Lines that cancel out to nothing stay, with 0.

    Args:
        ledger: the rows.
        revenue: the net revenue of the customer in the periods that they are of, in currency.
    """
    frame = ledger.assign(line=ledger["line"].astype(str), group=ledger["group"].astype(str))
    sums = frame.groupby(["line", "group"], sort=True)["amount"].sum().reset_index()
    whole = float(sums["amount"].sum())
    sums = sums.assign(
        share=sums["amount"] / whole if abs(whole) > 0 else np.nan,
        of_revenue=sums["amount"] / revenue if revenue > 0 else np.nan,
    )
    return sums.iloc[_rank_by_size(sums["amount"])].reset_index(drop=True)[list(LINES)]


def tabulate_drivers(rows: pd.DataFrame, usual: pd.Series, revenue: float) -> pd.DataFrame:
    """Return what the lines of source rows are made of: *driver units × units each × rate = amount*.

    Columns :data:`DRIVERS`, a row for each driver of each activity and resource, or each product of a line of sales:

    - ``driver_units``: what the driver counts (orders, lines, minutes); blank where nothing is counted;
    - ``each``: units of the resource for one of them, the average; blank where there is none;
    - ``units``, ``rate`` (the average, currency a unit, signed) and ``amount`` = units × rate, in currency;
    - ``usual_units``: the driver units of the median peer at this net revenue; ``gap``: the amount by which the
      customer's own exceed them, *(driver units − usual units) × each × rate*: negative where they cost more;
    - ``priced_by``: the row that gave the rate, such as ``Activities!5``.

    The amounts add up to those of the rows. Lines stand by their size, and so do the parts of a line.

    Args:
        rows: source rows, as :meth:`xlprofit.results.Results.explain` has them.
        usual: driver units for a unit of net revenue of the median peer, by the place of the term that they are for.
        revenue: the net revenue that the rows belong to, in currency.
    """
    frame = rows.assign(product=rows["product"].where(rows["driver"] == "", ""))
    sums = frame.groupby(_KEYS, sort=True)[["driver_units", "units", "amount"]].sum(min_count=1).reset_index()
    sums["each"] = _divide_known_amounts(sums["units"], sums["driver_units"])
    sums["rate"] = _divide_known_amounts(sums["amount"], sums["units"])
    share = usual.reindex(sums["priced_by"]).to_numpy(np.float64)
    sums["usual_units"] = np.where(revenue > 0, share * max(revenue, 0.0), np.nan)
    sums["gap"] = (sums["driver_units"] - sums["usual_units"]) * sums["each"] * sums["rate"]
    whole = sums.groupby("line")["amount"].transform("sum")
    order = np.lexsort(
        [-sums["amount"].abs().to_numpy(), sums["line"].to_numpy().astype(str), -whole.abs().to_numpy()]
    )
    return sums.iloc[order].reset_index(drop=True)[list(DRIVERS)]


def find_usual_drivers(basis: Basis, customers: pd.DataFrame, peers: pd.Series, of: str) -> pd.Series:
    """Return how much of the driver of each term the median peer uses for a unit of net revenue, over the span.

    Index: the sheet row of the term; driver units a unit of currency. Peers that use none of it count as 0.

    Args:
        basis: what the activities are priced by.
        customers: the P&L by customer.
        peers: the segment that each customer is held against.
        of: the segment of peers; empty: all customers.
    """
    units = pd.DataFrame(count_driver_units(basis, customers.index), index=customers.index)
    usual = find_usual_shares(units, customers[Measure.NET_REVENUE], peers, of)
    return usual.set_axis(basis.equations["row"].to_numpy())


def count_driver_units(basis: Basis, names: pd.Index) -> npt.NDArray[np.float64]:
    """Return the driver units of each customer (rows) by each term of the time equations (columns)."""
    log = basis.log
    uses = list_uses(log, basis.equations)
    codes = _locate_words(log["customer"], names)
    place, term = codes[uses["entry"].to_numpy()], uses["term"].to_numpy()
    kept = place >= 0
    flat = place[kept] * len(basis.equations) + term[kept]
    size = len(names) * len(basis.equations)
    counted = np.bincount(flat, weights=uses["driver_units"].to_numpy()[kept], minlength=size)
    return np.asarray(counted.reshape(len(names), len(basis.equations)), dtype=np.float64)


def post_log(basis: Basis) -> pd.DataFrame:
    """Return what all activities of the log cost: a posting for each term of each of its rows."""
    return price_activities(basis.log, basis)[0]


@dataclass(frozen=True)
class DriverUse:
    """What each customer (rows) used of each term of the time equations (columns), in the order of ``equations``.

    ``units`` are those of the driver; ``amount`` is what they cost, negative.
    """

    units: npt.NDArray[np.float64]
    amount: npt.NDArray[np.float64]


def measure_drivers(basis: Basis, posted: pd.DataFrame, names: pd.Index) -> DriverUse:
    """Return what each customer used of each term of the time equations, and what that cost.

    Args:
        basis: what the activities are priced by.
        posted: the postings of the whole log, as :func:`post_log` has them.
        names: the customers.
    """
    place: pd.Index[int] = pd.Index(basis.equations["row"].to_numpy(np.int64))
    row = _locate_words(posted["customer"], names)
    column = place.get_indexer(pd.Index(posted["source_row"].to_numpy(np.int64)))
    kept = (row >= 0) & (column >= 0)
    flat = row[kept] * max(len(place), 1) + column[kept]
    units, amount = (
        np.bincount(flat, weights=posted[c].to_numpy(np.float64)[kept], minlength=len(names) * len(place))
        for c in ("driver_units", "amount")
    )
    shape = (len(names), len(place))
    return DriverUse(units.reshape(shape).astype(np.float64), amount.reshape(shape).astype(np.float64))


@dataclass(frozen=True)
class ActivityUse:
    """What each customer (rows) used of each activity (columns), in the order of ``activities``.

    ``how_many`` is the quantity in the log, ``each`` the units of the resource for one of it, ``rate`` their average
    price (signed) and ``amount`` the product, negative; ``usual`` is the quantity of the median peer at the
    customer's net revenue. ``order`` has the places of the activities of a customer, the costliest first.
    """

    activities: pd.Index
    how_many: npt.NDArray[np.float64]
    each: npt.NDArray[np.float64]
    rate: npt.NDArray[np.float64]
    amount: npt.NDArray[np.float64]
    usual: npt.NDArray[np.float64]
    order: npt.NDArray[np.intp]


def measure_activities(
    basis: Basis, posted: pd.DataFrame, customers: pd.DataFrame, peers: pd.Series
) -> ActivityUse:
    """Return what each customer used of each activity, beside the median of its peers.

    Args:
        basis: what the activities are priced by.
        posted: the postings of the whole log, as :func:`post_log` has them.
        customers: the P&L by customer.
        peers: the segment that each customer is held against.
    """
    names = customers.index
    log = basis.log
    activities: pd.Index = pd.Index(sorted({str(line) for line in posted["line"].unique()}), dtype=object)
    how_many = _sum_uses(log["customer"], log["activity"], log["quantity"], names, activities)
    units, amount = (
        _sum_uses(posted["customer"], posted["line"], posted[c], names, activities)
        for c in ("units", "amount")
    )
    some = amount != 0
    how_many = np.where(some, how_many, 0.0)
    each = _divide_arrays(units, how_many)
    rate = _divide_arrays(amount, units)
    usual = _find_usual_quantities(pd.DataFrame(how_many, index=names), customers, peers)
    order = np.argsort(amount, axis=1, kind="stable")
    return ActivityUse(activities, how_many, each, rate, amount, usual, order)


def _find_usual_quantities(
    how_many: pd.DataFrame, customers: pd.DataFrame, peers: pd.Series
) -> npt.NDArray[np.float64]:
    """Return the quantities of the median peer at each customer's net revenue; blank where it is not above 0."""
    revenue = customers[Measure.NET_REVENUE]
    shares = {of: find_usual_shares(how_many, revenue, peers, of).to_numpy() for of in sorted(set(peers))}
    by_customer = np.array([shares[of] for of in peers]).reshape(how_many.shape)
    own = revenue.where(revenue > 0).to_numpy(np.float64)
    return np.asarray(by_customer * own[:, None])


def _sum_uses(
    customer: pd.Series, activity: pd.Series, values: pd.Series, names: pd.Index, activities: pd.Index
) -> npt.NDArray[np.float64]:
    """Return values added up by customer (rows) and activity (columns)."""
    row, column = _locate_words(customer, names), _locate_words(activity, activities)
    kept = (row >= 0) & (column >= 0)
    size = len(names) * len(activities)
    flat = row[kept] * max(len(activities), 1) + column[kept]
    sums = np.bincount(flat, weights=values.to_numpy(np.float64)[kept], minlength=size)
    return np.asarray(sums, dtype=np.float64).reshape(len(names), len(activities))


def _locate_words(column: pd.Series, among: pd.Index) -> npt.NDArray[np.int64]:
    """Return the place of each cell of a column of words among some, −1 where it is none of them."""
    words = column.astype("category").cat
    places = among.get_indexer(pd.Index(words.categories.astype(str)))
    return np.append(places, -1)[words.codes.to_numpy()].astype(np.int64)


def _divide_arrays(part: npt.NDArray[np.float64], whole: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the quotients, blank where there is none."""
    found = np.full(part.shape, np.nan)
    np.divide(part, whole, out=found, where=np.abs(whole) > 0)
    return found


def _divide_known_amounts(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Return the quotient, blank where it has none."""
    return part / whole.where(whole.abs() > 0)


def _rank_by_size(amounts: pd.Series) -> npt.NDArray[np.intp]:
    """Return the places of amounts, the largest first whatever its sign, those alike in their order."""
    return np.argsort(-amounts.abs().to_numpy(), kind="stable")
