"""Keep, fix or end: what is best to do about each customer, how sure that is, and why.

Sources: the keep-or-drop decision on relevant amounts (Horngren, Datar and Rajan, *Cost Accounting*); the
value of a customer over a horizon (Gupta and Lehmann, *Managing Customers as Investments*, 2005).

Money is in the currency of Settings. With *contribution* the avoidable amounts of a year (revenue positive,
cost negative, see :mod:`xlprofit.model.avoidable`), at the level of the last 12 months (of the whole span where that
is shorter), and *annuity* the present value of 1 a year over the horizon at the settings' retention and discount rate,
the first a year from now (:func:`xlprofit.model.lifetime.multiple`):

- effect of ending, a year = − contribution
- keep_value = annuity × contribution
- end_value = annuity × (freed capacity × redeployable − referral value) − exit cost

The freed capacity is the cost, a year, of the capacity that ending would free and not save; the referral value
is that of the span, a year. Freed capacity and referral value are weighed over the same annuity, since a
customer that leaves of itself frees the one and takes the other away all the same.

The verdict: *keep* where the customer makes no loss over the span; else *fix* where a lever within the limits of
Settings brings it to zero; else *end* where end_value > keep_value; else *keep*, for ending would cost more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.model import avoidable, capacity, confidence, levers, lifetime, periods, reasons
from xlprofit.model.products import multiply
from xlprofit.tables import Inputs, Settings

VERDICTS = ("keep", "fix", "end")
"""What can be advised."""

COLUMNS = (
    "verdict",
    "effect_of_ending_a_year",
    "keep_value",
    "end_value",
    "freed_capacity_a_year",
    "referral_value_a_year",
    "lever",
    "lever_size",
    "lever_unit",
    "lever_on",
    "confidence",
    "reason",
)
"""The columns of :func:`decide`."""

KEEP, FIX, END = range(3)

NOISE = 1e-9
"""A loss smaller than this share of the amounts that it is the sum of is rounding, not a loss."""

_Numbers = npt.NDArray[np.float64]
_Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Case:
    """What verdicts are drawn from, customer by customer.

    ``size`` is the sum of the customer's amounts without their signs and ``sooner`` what payment at the limit of
    days saves, both in money over the span; ``referral`` is the referral value a year.
    """

    stakes: avoidable.Stakes
    held: levers.Reach
    size: _Numbers
    sooner: _Numbers
    referral: _Numbers
    settings: Settings


@dataclass(frozen=True)
class Weighed:
    """Customers × runs: whether it loses money and how much, and what keeping and ending are worth.

    ``profit`` is money over the span, ``contribution`` and ``freed`` (the worth of the freed capacity) money a
    year, ``keep_value`` and ``end_value`` present values over the horizon; ``better_ended`` tells where the second is
    above the first.
    """

    profit: _Numbers
    loses: npt.NDArray[np.bool_]
    contribution: _Numbers
    freed: _Numbers
    keep_value: _Numbers
    end_value: _Numbers
    better_ended: npt.NDArray[np.bool_]


def decide(
    inputs: Inputs,
    ledger: pd.DataFrame,
    customers: pd.DataFrame,
    equations: pd.DataFrame,
    supply: capacity.Supply,
    referral_value: pd.Series,
) -> pd.DataFrame:
    """Return what to do about each customer.

    Args:
        inputs: the tables and settings.
        ledger: the ledger.
        customers: the P&L of each customer over the span, one row each.
        equations: the terms of the time equations.
        supply: the resources, with the avoidable share of each.
        referral_value: the referral value of each customer over the span (blank: unknown, and nothing is lost).

    Returns:
        A row a customer, columns :data:`COLUMNS`: ``verdict`` (keep, fix, end); ``effect_of_ending_a_year`` (the change
        in one year's company profit if the customer is ended, on avoidable amounts alone: negative where ending
        costs money); ``keep_value`` and ``end_value`` (present values; ending is better where the second is above the
        first); ``freed_capacity_a_year`` (what freed capacity is worth at its redeployable share);
        ``referral_value_a_year``; the smallest ``lever`` within the limits that brings an unprofitable customer to
        zero, with ``lever_size``, ``lever_unit`` and ``lever_on`` (the activity to be cut), blank where there is none;
        ``confidence`` (share of simulated runs in which the verdict stands, blank where none are run); ``reason``.
    """
    names, settings = customers.index, inputs.settings
    done = avoidable.efforts(inputs, ledger, names, equations, supply)
    referred = referral_value.reindex(names).to_numpy(dtype=np.float64) / avoidable.years(settings)
    held = levers.reach(inputs, ledger, customers, equations, done)
    case = Case(
        avoidable.stakes(inputs, ledger, names, done),
        held,
        avoidable.sums(ledger, names, size=True),
        levers.savings(held, settings.max_payment_days_cut, len(names)),
        np.nan_to_num(referred),
        settings,
    )
    now = weigh(case, np.arange(len(names)), confidence.as_given(done.prices))
    loses = now.loses[:, 0]
    pulls = levers.sizes(held, np.where(loses, -now.profit[:, 0], np.nan))
    lever, size = levers.smallest(pulls, settings)
    verdicts = _verdicts(now, (lever != "")[:, None])[:, 0]
    drawn = confidence.runs(settings, done.prices)
    frame = pd.DataFrame(
        {
            "verdict": np.array(VERDICTS, dtype=object)[verdicts],
            "effect_of_ending_a_year": 0.0 - now.contribution[:, 0],
            "keep_value": now.keep_value[:, 0],
            "end_value": now.end_value[:, 0],
            "freed_capacity_a_year": now.freed[:, 0],
            "referral_value_a_year": referred,
            "lever": lever,
            "lever_size": size,
            "lever_unit": pd.Series(lever).map(levers.units(settings)).fillna("").to_numpy(dtype=object),
            "lever_on": np.where(lever == "activity cut", held.activity, ""),
            "confidence": confidence.shares(
                verdicts, _never_loses(case), lambda rows, runs: _judge(case, rows, runs), drawn
            ),
        },
        index=names,
    )
    grounds = frame.assign(
        profit=now.profit[:, 0],
        net_revenue=customers["net_revenue"],
        operating_profit=customers["operating_profit"],
        last_year=_last_year(ledger, names, settings),
        stays_a_year=case.stakes.stays,
        price=pulls["price"].to_numpy(),
        loses=loses,
        active=case.size > 0,
    )
    return frame.assign(reason=reasons.sentences(grounds, settings))[list(COLUMNS)]


def weigh(case: Case, rows: _Places, runs: confidence.Runs) -> Weighed:
    """Return what keeping and ending some of the customers are worth in each run; equations above."""
    stakes, settings = case.stakes, case.settings
    profit = stakes.volume[rows, None] * runs.volume
    profit += multiply(stakes.effort[rows], runs.rates) + stakes.direct[rows, None]
    contribution = stakes.yearly_volume[rows, None] * runs.volume
    contribution += multiply(stakes.yearly_effort[rows], runs.rates) + stakes.yearly_direct[rows, None]
    freed = multiply(stakes.tied[rows], runs.rates[: stakes.resources]) * settings.redeployable
    retention = np.minimum(settings.retention * runs.retention, 1.0)
    annuity = lifetime.multiple(retention, settings.discount_rate, settings.horizon)
    keep_value = annuity * contribution
    end_value = annuity * (freed - case.referral[rows, None]) - settings.exit_cost
    noise = NOISE * case.size[rows, None]
    return Weighed(
        profit,
        profit < -noise,
        contribution,
        freed,
        keep_value,
        end_value,
        end_value - keep_value > noise,
    )


def _verdicts(weighed: Weighed, fixable: npt.NDArray[np.bool_]) -> confidence.Verdicts:
    ended = weighed.loses & ~fixable & weighed.better_ended
    return np.where(ended, END, np.where(weighed.loses & fixable, FIX, KEEP)).astype(np.int8)


def _judge(case: Case, rows: _Places, runs: confidence.Runs) -> confidence.Verdicts:
    """Return the verdicts on some of the customers in each run.

    A lever is within its limit where it brings, at its limit, as much as is lost: prices and invoices move
    with volume, the cost of the costliest activity with its rates, orders stay as many as they were.
    """
    weighed = weigh(case, rows, runs)
    most = levers.limits(case.settings)
    room = most["price"] * case.held.price[rows, None] * runs.volume
    for brought in (
        np.broadcast_to(most["order fee"] * case.held.orders[rows, None], room.shape),
        -most["activity cut"] * multiply(case.held.effort[rows], runs.rates),
        case.sooner[rows, None] * runs.volume,
    ):
        np.maximum(room, brought, out=room)
    return _verdicts(weighed, room * levers.ROUNDING >= -weighed.profit)


def _never_loses(case: Case) -> npt.NDArray[np.bool_]:
    """Return which customers make no loss even with all inputs at the worst of their bounds: they are kept."""
    stakes, settings = case.stakes, case.settings
    worst = stakes.volume - settings.uncertainty_volumes * np.abs(stakes.volume)
    worst += (stakes.effort - settings.uncertainty_rates * np.abs(stakes.effort)).sum(axis=1) + stakes.direct
    return np.asarray(worst >= 0)


def _last_year(ledger: pd.DataFrame, names: pd.Index, settings: Settings) -> _Numbers:
    """Return each customer's profit in the last 12 months, blank where the span is no longer than that."""
    labels = avoidable.last_year(settings)
    if len(labels) == len(periods.labels(settings)):
        return np.full(len(names), np.nan)
    return avoidable.sums(ledger[ledger["period"].isin(set(labels)).to_numpy()], names)
