"""Levers: the least change of one thing that would bring an unprofitable customer to zero.

Source: the actions of Kaplan and Narayanan, "Measuring and Managing Customer Profitability", Journal of
Cost Management 2001: prices, charges for costly service, less of that service, terms of payment. Each lever
is pulled alone, all else as it was in the span, at the rates of the run:

- *price*: list prices higher by a share *p*. Discounts and returns stay as they are in money, invoices too;
  the commission that the most specific rule pays on the dearer sale is taken off. *p = loss / Σ gross revenue ×
  (1 − commission rate of the row)*.
- *order fee*: money for each order, on which no commission is paid. *fee = loss / quantity of the activities of
  group order*.
- *activity cut*: a share of the units of the customer's costliest activity. *share = loss / its cost*. Where its
  resource has no capacity given, the rate would rise for all as units fall; the lever leaves that out.
- *payment days*: all its invoices paid so many days sooner, none before it was issued. *Σ amount × min(days, days
  outstanding in the span) × cost_of_capital / 365 = loss*. Average balances are taken for one invoice of the
  span's net revenue, as many days outstanding as they cost financing. The expected loss stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger as books
from xlprofit.model import avoidable, commissions, receivables
from xlprofit.tables import Inputs, Settings

LEVERS = ("price", "order fee", "activity cut", "payment days")
"""The levers, in the order in which the first of equals is taken."""

ROUNDING = 1.0 + 1e-9
"""A lever that passes its limit by less than a rounding is within it."""

ORDER = "order"
"""The group whose activities count a customer's orders."""

_Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Reach:
    """What each lever can take hold of, customer by customer, over the span.

    ``price`` is the profit that doubled list prices would bring, ``orders`` the number of orders, ``activity``
    the name of the costliest activity (blank: none) and ``effort`` its cost by what prices it (negative, as in
    :class:`xlprofit.model.avoidable.Stakes`). ``bills`` has a row for each invoice: ``customer`` (place), ``days``
    outstanding and ``saving`` (money for each day sooner); they are sorted by these.
    """

    price: _Numbers
    orders: _Numbers
    activity: npt.NDArray[np.object_]
    effort: _Numbers
    bills: pd.DataFrame


def reach(
    inputs: Inputs,
    ledger: pd.DataFrame,
    customers: pd.DataFrame,
    equations: pd.DataFrame,
    done: avoidable.Efforts,
) -> Reach:
    """Return what each lever can take hold of; arguments as :func:`xlprofit.model.decisions.decide` takes them."""
    activity, effort = _costliest(ledger, done, len(customers))
    return Reach(
        _doubled_prices(inputs, customers.index),
        _orders(inputs, equations, customers.index),
        activity,
        effort,
        _bills(inputs, customers),
    )


def limits(settings: Settings) -> dict[str, float]:
    """Return the most that each lever may be pulled: a share, money an order, a share, days."""
    return {
        "price": settings.max_price_increase,
        "order fee": settings.max_order_fee,
        "activity cut": settings.max_activity_cut,
        "payment days": settings.max_payment_days_cut,
    }


def units(settings: Settings) -> dict[str, str]:
    """Return what the size of each lever is counted in."""
    words = ("share of list price", f"{settings.currency} an order", "share of its units", "days")
    return dict(zip(LEVERS, words, strict=True))


def sizes(held: Reach, loss: _Numbers) -> pd.DataFrame:
    """Return how far each lever must be pulled to bring so much over the span, within the limits or not.

    Args:
        held: what the levers can take hold of.
        loss: money that is missing over the span, customer by customer, positive; blank: nothing is.

    Returns:
        A column for each of :data:`LEVERS`: a share of list price, money an order, a share of units, days.
        Blank where nothing is missing, there is nothing to take hold of, or all of it would not be enough.
    """
    cost = -held.effort.sum(axis=1)
    frame = pd.DataFrame(
        {
            "price": _over(loss, held.price),
            "order fee": _over(loss, held.orders),
            "activity cut": _over(loss, cost),
            "payment days": _sooner(held.bills, loss),
        }
    )
    return frame.assign(**{"activity cut": frame["activity cut"].where(frame["activity cut"] <= 1.0)})


def smallest(pulls: pd.DataFrame, settings: Settings) -> tuple[npt.NDArray[np.object_], _Numbers]:
    """Return the lever that is smallest by its own limit, and its size; blank where none is within its limit.

    A lever half-way to its limit is smaller than one that needs all of it.
    """
    most = np.array([limits(settings)[name] for name in LEVERS])
    parts = np.full(pulls.shape, np.inf)
    np.divide(pulls[list(LEVERS)].to_numpy(), most, out=parts, where=most > 0)
    parts = np.where(parts <= ROUNDING, parts, np.inf)
    best = parts.argmin(axis=1)
    found = np.isfinite(parts[np.arange(len(parts)), best])
    names = np.array([*LEVERS, ""], dtype=object)[np.where(found, best, len(LEVERS))]
    size = pulls[list(LEVERS)].to_numpy()[np.arange(len(parts)), best]
    return names, np.where(found, size, np.nan)


def savings(held: Reach, days: float, count: int) -> _Numbers:
    """Return what payment so many days sooner saves each customer's account over the span, positive."""
    bills = held.bills
    saved = bills["saving"].to_numpy() * np.minimum(bills["days"].to_numpy(), days)
    return np.bincount(bills["customer"].to_numpy(), weights=saved, minlength=count).astype(np.float64)


def _over(loss: _Numbers, base: _Numbers) -> _Numbers:
    sized = np.full(len(loss), np.nan)
    np.divide(loss, base, out=sized, where=base > 0)
    return sized


def _doubled_prices(inputs: Inputs, names: pd.Index) -> _Numbers:
    """Return gross revenue less the commission on it: what a price higher by its whole would bring."""
    sales = inputs["Sales"].reset_index(drop=True)
    gross = sales["gross_revenue"].to_numpy(dtype=np.float64)
    brought = gross.copy()
    if inputs.given("Commissions"):
        paid = commissions.postings(sales, inputs)
        entry = paid["entry"].to_numpy()
        brought[entry] += gross[entry] * paid["rate"].to_numpy()
    lines = books.in_order(
        pd.DataFrame({"customer": sales["customer"], "brought": brought}), ["customer", "brought"]
    )
    return _summed(lines["customer"], lines["brought"].to_numpy(), names)


def _orders(inputs: Inputs, equations: pd.DataFrame, names: pd.Index) -> _Numbers:
    """Return how many orders each customer gave: the quantity of the activities of group order."""
    counted = set(equations.loc[(equations["group"] == ORDER).to_numpy(), "activity"].astype(str))
    log = inputs["ActivityLog"]
    log = books.in_order(log[log["activity"].isin(counted).to_numpy()], ["customer", "quantity"])
    return _summed(log["customer"], log["quantity"].to_numpy(dtype=np.float64), names)


def _summed(customer: pd.Series, amounts: _Numbers, names: pd.Index) -> _Numbers:
    places = avoidable.places(customer, names)
    known = places >= 0
    return np.bincount(places[known], weights=amounts[known], minlength=len(names)).astype(np.float64)


def _costliest(
    ledger: pd.DataFrame, done: avoidable.Efforts, count: int
) -> tuple[npt.NDArray[np.object_], _Numbers]:
    """Return each customer's costliest activity, the first by name of equals, and its cost by what prices it."""
    line = ledger["line"].cat
    codes = line.codes.to_numpy().astype(np.int64)[done.row]
    present, place = np.unique(codes, return_inverse=True)
    if not len(present):
        return np.full(count, "", dtype=object), np.zeros((count, done.prices))
    flat = done.customer * len(present) + place
    cost = np.bincount(flat, weights=done.amount, minlength=count * len(present)).reshape(count, -1)
    best = cost.argmin(axis=1)
    has_cost = cost[np.arange(count), best] < 0
    names = np.where(has_cost, line.categories.to_numpy(dtype=object)[present][best], "")
    effort = done.matrix(np.where(place == best[done.customer], done.amount, 0.0), count)
    return names, effort * has_cost[:, None]


def _bills(inputs: Inputs, customers: pd.DataFrame) -> pd.DataFrame:
    """Return the invoices of each customer, or its net revenue as one, by the days that they cost financing."""
    settings = inputs.settings
    empty = pd.DataFrame({"customer": np.zeros(0, dtype=np.int64), "days": 0.0, "saving": 0.0})
    if settings.cost_of_capital is None or not settings.cost_of_capital > 0:
        return empty
    daily = settings.cost_of_capital / receivables.DAYS_OF_YEAR
    invoices = inputs["Invoices"]
    billed = pd.DataFrame(
        {
            "customer": avoidable.places(invoices["customer"], customers.index),
            "days": _days_outstanding(invoices, settings),
            "saving": invoices["amount"].to_numpy(dtype=np.float64) * daily,
        }
    )
    balances = inputs["Balances"]
    financed = balances[~balances["customer"].isin(set(invoices["customer"].astype(str))).to_numpy()]
    held = customers.index.isin(set(financed["customer"].astype(str)))
    saving = customers["net_revenue"].to_numpy(dtype=np.float64) * daily
    days = _over(_financing(financed, inputs, customers.index), saving)
    whole = pd.DataFrame({"customer": np.arange(len(customers)), "days": days, "saving": saving})[held]
    bills = pd.concat([empty, billed, whole])
    kept = (bills["customer"] >= 0) & (bills["days"] > 0) & (bills["saving"] > 0)
    return bills[kept].sort_values(["customer", "days", "saving"], kind="stable", ignore_index=True)


def _days_outstanding(invoices: pd.DataFrame, settings: Settings) -> _Numbers:
    """Return the days of the span in which each invoice was open, as its financing counts them."""
    day = np.timedelta64(1, "D")
    after = settings.end.to_datetime64() + day
    paid = invoices["paid"].fillna(settings.as_of)
    until = np.minimum(paid.where(paid < settings.as_of, settings.as_of).to_numpy(), after)
    since = np.maximum(invoices["issued"].to_numpy(), settings.start.to_datetime64())
    return np.asarray((until - since) / day, dtype=np.float64)


def _financing(balances: pd.DataFrame, inputs: Inputs, names: pd.Index) -> _Numbers:
    """Return what average balances cost in financing over the span, customer by customer, positive."""
    posted = receivables.balance_postings(balances, inputs)
    total = np.zeros(len(names))
    for posting in posted:
        total -= _summed(posting["customer"], posting["amount"].to_numpy(), names)
    return total


def _sooner(bills: pd.DataFrame, loss: _Numbers) -> _Numbers:
    """Return by how many days payment must come sooner to save so much, blank where no days are enough.

    What *d* days save is a broken line in *d* that bends where an invoice cannot be paid any sooner. The first
    bend that saves enough ends the piece on which *d* lies.
    """
    needed = np.full(len(loss), np.nan)
    customer = bills["customer"].to_numpy()
    by_customer = bills.assign(spent=bills["days"] * bills["saving"]).groupby("customer", sort=False)
    spent_before = by_customer["spent"].cumsum().to_numpy() - (bills["days"] * bills["saving"]).to_numpy()
    total = by_customer["saving"].transform("sum")
    left = (total - by_customer["saving"].cumsum() + bills["saving"]).to_numpy()
    enough = spent_before + left * bills["days"].to_numpy() >= loss[customer]
    first = pd.Series(np.flatnonzero(enough)).groupby(customer[enough]).first()
    place = first.to_numpy(dtype=np.int64)
    who = first.index.to_numpy(dtype=np.int64)
    needed[who] = (loss[who] - spent_before[place]) / left[place]
    return needed
