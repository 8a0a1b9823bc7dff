"""Levers: the least change of one thing, or of two, that would bring a customer's run rate to zero.

Source: the actions of Kaplan and Narayanan, "Measuring and Managing Customer Profitability", Journal of
Cost Management 2001. Each lever is pulled with all else as it is at today's level, a year. With *loss* what is
missing a year:

- *discount*: the discount cut by a share of list price, down to the median of the customer's segment at most.
  *Cut = loss / (gross revenue − the commission on it)*.
- *cheaper channel*: a share of the contacts of one activity moved to the cheapest activity of its group.
  *Share = loss / (cost of the contacts here − that of as many average ones there)*.
- *order fee*: money for each order, on which no commission is paid. *Fee = loss / quantity of the activities of
  group order*.
- *activity cut*: a share of the units of the customer's costliest activity. *Share = loss / its cost*. Where its
  resource has no capacity given, the rate would rise for all as units fall; the lever leaves that out.
- *payment days*: all its invoices paid so many days sooner, none before it was issued. *Σ amount × min(days, days
  outstanding) × cost_of_capital / 365 = loss*. Average balances are taken for one invoice of the span's net revenue.
- *price*: list prices higher by a share *p*. Discounts and returns stay as they are in money, invoices too;
  the commission that the most specific rule pays on the dearer sale is taken off. *p = loss / (gross revenue −
  the commission on it)*. A loss of volume by *Δp / (margin + Δp)* would eat it (break-even sales analysis: Nagle and
  Müller, *The Strategy and Tactics of Pricing*).

The *size* of a lever beside its limit says how far it is pulled, from 0 to 1: the smallest is taken; all contacts can
be moved, and a price counts :data:`FOR_ALL` times as far, since it is raised on all that the customer buys and may
lose it. Where none is enough alone, a pair is: both pulled equally far, *loss / (what the one brings at its limit +
what the other does)*, the least far of all pairs. Two that take hold of the same activity are no pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis.reach import Numbers, Reach, Words, divide_positive
from xlprofit.vocabulary.levers import COLLECTING, LEVERS, Lever

if TYPE_CHECKING:
    from xlprofit.tables import Settings

ACQUISITION = str(Lever.ACQUISITION)
"""What is still spent on winning a customer that is one already: less of it, where it earns less than that."""

FOR_ALL = 2.0
"""How many times as far as the others a price is pulled that is as far on the way to its limit."""

ROUNDING = 1.0 + 1e-9
"""A lever that passes its limit by less than a rounding is within it."""


@dataclass(frozen=True)
class Pulled:
    """The levers of each customer whose run rate is below zero: one, or a pair; blank where there is none.

    ``size`` is a share of list price, of contacts or of units, money an order or days; ``on`` is the activity, and for
    a cheaper channel both. ``room`` is what the best pair brings a year at its limits, money, and ``price`` the price
    increase that would be needed alone, within its limit or not.
    """

    lever: Words
    size: Numbers
    on: Words
    lever_2: Words
    size_2: Numbers
    on_2: Words
    room: Numbers
    price: Numbers


def limit_levers(held: Reach, settings: Settings) -> pd.DataFrame:
    """Return how far each lever may be pulled for each customer: shares, money an order, days."""
    rows = np.ones(len(held.price))
    return pd.DataFrame(
        {
            "discount": np.maximum(held.discount - held.usual, 0.0),
            str(Lever.CHEAPER_CHANNEL): rows,
            str(Lever.ORDER_FEE): settings.max_order_fee * rows,
            str(Lever.ACTIVITY_CUT): settings.max_activity_cut * rows,
            str(Lever.PAYMENT_DAYS): settings.max_payment_days_cut * rows,
            "price": settings.max_price_increase * rows,
        }
    )[list(LEVERS)]


def name_units(settings: Settings) -> dict[str, str]:
    """Return what the size of each lever is counted in."""
    words = (
        *(
            "share of list price",
            "share of its contacts",
            f"{settings.currency} an order",
            "share of its units",
        ),
        *("days", "share of list price"),
    )
    credit = (settings.currency, f"{settings.currency} a year", settings.currency)
    further = dict(zip(COLLECTING, credit, strict=True)) | {ACQUISITION: f"{settings.currency} a year"}
    return dict(zip(LEVERS, words, strict=True)) | further


def bring_to_limits(held: Reach, limits: pd.DataFrame) -> pd.DataFrame:
    """Return what each lever brings a year when it is pulled to its limit."""
    linear = {
        "discount": held.price,
        str(Lever.CHEAPER_CHANNEL): held.moved,
        str(Lever.ORDER_FEE): held.orders,
        str(Lever.ACTIVITY_CUT): held.cost,
        "price": held.price,
    }
    brought = {name: np.maximum(base, 0.0) * limits[name].to_numpy() for name, base in linear.items()}
    days = float(limits["payment days"].max()) if len(limits) else 0.0
    return pd.DataFrame(brought | {str(Lever.PAYMENT_DAYS): save_days(held, days, len(limits))})[list(LEVERS)]


def pull_levers(held: Reach, loss: Numbers, settings: Settings) -> Pulled:
    """Return the lever, or the smallest pair, that brings so much a year.

    Args:
        held: what the levers can take hold of.
        loss: money that is missing a year, customer by customer, positive; blank: nothing is.
        settings: for the limits.
    """
    limits = limit_levers(held, settings)
    most = bring_to_limits(held, limits).to_numpy()
    first, second, room = _find_best_pair(held, most)
    rows = np.arange(len(loss))
    far = np.divide(loss[:, None], most, out=np.full(most.shape, np.inf), where=most > 0)
    far = np.where(np.isnan(loss)[:, None] | (far > ROUNDING), np.inf, far)
    best = (far * np.where(np.array(LEVERS) == "price", FOR_ALL, 1.0)).argmin(axis=1)
    alone = np.isfinite(far[rows, best])
    paired = ~alone & (loss <= room * ROUNDING) & (most[rows, second] > 0)
    share = np.minimum(np.divide(loss, room, out=np.full(len(loss), np.nan), where=paired), 1.0)
    at_limit = limits.to_numpy()
    single = _size_levers(held, loss, limits)[rows, best]
    chosen = np.where(alone, best, np.where(paired, first, -1))
    other = np.where(paired, second, -1)
    return Pulled(
        _name_levers(chosen),
        np.where(alone, single, np.where(paired, share * at_limit[rows, first], np.nan)),
        _name_places(held, chosen),
        _name_levers(other),
        np.where(paired, share * at_limit[rows, second], np.nan),
        _name_places(held, other),
        np.maximum(room, most.max(axis=1, initial=0.0)),
        divide_positive(loss, held.price),
    )


def round_up(sizes: Numbers, places: int) -> Numbers:
    """Return sizes of levers to so many decimals as they are shown: up, so that what is shown is enough.

    >>> round_up(np.array([7.201, 7.2, -0.31]), 1).tolist()
    [7.3, 7.2, -0.4]
    """
    scaled = np.abs(sizes) * 10.0**places
    up = np.where(np.abs(scaled - np.round(scaled)) < 1e-6, np.round(scaled), np.ceil(scaled))
    return np.asarray(np.copysign(up, sizes) / 10.0**places)


def save_days(held: Reach, days: float, count: int) -> Numbers:
    """Return what being paid so many days sooner saves a year, for so many customers."""
    bills = held.bills
    saved = bills["saving"].to_numpy() * np.minimum(bills["days"].to_numpy(), days)
    return np.bincount(bills["customer"].to_numpy(), weights=saved, minlength=count).astype(np.float64)


def _find_best_pair(
    held: Reach, most: Numbers
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Numbers]:
    """Return the two levers that bring most together at their limits, and how much."""
    first, second = np.zeros(len(most), dtype=np.int64), np.ones(len(most), dtype=np.int64)
    room = np.full(len(most), -1.0)
    same = held.channel == held.activity
    for one, other in combinations(range(len(LEVERS)), 2):
        both = most[:, one] + most[:, other]
        if {LEVERS[one], LEVERS[other]} == {Lever.CHEAPER_CHANNEL, Lever.ACTIVITY_CUT}:
            both = np.where(same, 0.0, both)
        more = both > room
        room = np.where(more, both, room)
        # The one that brings more is named first.
        larger = most[:, one] >= most[:, other]
        first = np.where(more, np.where(larger, one, other), first)
        second = np.where(more, np.where(larger, other, one), second)
    return first, second, room


def _size_levers(held: Reach, loss: Numbers, limits: pd.DataFrame) -> Numbers:
    """Return how far each lever must be pulled alone, a column a lever."""
    sizes = {
        "discount": divide_positive(loss, held.price),
        str(Lever.CHEAPER_CHANNEL): divide_positive(loss, held.moved),
        str(Lever.ORDER_FEE): divide_positive(loss, held.orders),
        str(Lever.ACTIVITY_CUT): divide_positive(loss, held.cost),
        str(Lever.PAYMENT_DAYS): _find_days_sooner(held.bills, loss),
        "price": divide_positive(loss, held.price),
    }
    # What is within its limit but for a rounding is pulled to it.
    return np.asarray(np.fmin(np.column_stack([sizes[name] for name in LEVERS]), limits.to_numpy()))


def _name_levers(chosen: npt.NDArray[np.int64]) -> Words:
    return np.array([*LEVERS, ""], dtype=object)[chosen]


def _name_places(held: Reach, chosen: npt.NDArray[np.int64]) -> Words:
    """Return what each lever takes hold of, by name: its activity; blank for the others."""
    on = np.where(chosen == LEVERS.index(Lever.ACTIVITY_CUT), held.activity, "")
    moved = held.channel + np.where(held.channel == "", "", " → ") + held.cheaper
    return np.where(chosen == LEVERS.index(Lever.CHEAPER_CHANNEL), moved, on)


def _find_days_sooner(bills: pd.DataFrame, loss: Numbers) -> Numbers:
    """Return by how many days payment must come sooner to save so much a year, blank where no days are enough.

    What *d* days save is a broken line in *d* that bends where an invoice cannot be paid any sooner. The first
    bend that saves enough ends the piece on which *d* lies.
    """
    needed = np.full(len(loss), np.nan)
    bills = bills[(loss[bills["customer"].to_numpy()] > 0)].reset_index(drop=True)
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
