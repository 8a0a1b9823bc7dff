"""Word of mouth to come: how many customers each is expected to bring, what they are worth, and what is lost with it.

Sources: V. Kumar, J. A. Petersen and R. P. Leone, "Driving Profitability by Encouraging Customer Referrals", Journal of
Marketing 2010 (what is to come is discounted); P. S. Fader and B. G. S. Hardie, "A Note on the NBD", 2005, for a
rate of few events drawn towards that of all: *(n + k m) / (T + k)*, which is the mean of a Gamma-Poisson mixture.

- referrals a year = (brought so far + k × the mean of all) / (years so far + k), *k* being :data:`DRAWN`;
- what one brings = what a referred customer is expected to earn × its annuity, as far as it would not have come anyhow,
  plus the acquisition saved as far as it would, less the reward;
- forward value = referrals a year × what one brings × the referrer's own annuity;
- lost a year if the referrer ends = referrals a year × what one brings + (1 − ``referred_stay``) × what those already
  here are expected to earn a year. Those it brought have come: by default they stay.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis import avoidable, lifetime

if TYPE_CHECKING:
    from xlprofit.tables import Inputs

Floats = npt.NDArray[np.float64]

DRAWN = 2.0
"""As many years as what all customers bring counts for beside a customer's own."""

ON_PRIOR = 5.0
"""As many referred customers as what any customer brings counts for beside those that were referred."""

COLUMNS = ("to_come_a_year", "forward_value", "lost_a_year")
"""The columns of :func:`expect_referrals`."""


def add_unnamed(
    inputs: Inputs, brought: pd.DataFrame, network: pd.DataFrame, customers: pd.DataFrame
) -> pd.DataFrame:
    """Return the referral value with those counted in.

    Args:
        inputs: the tables.
        brought: what each brought by name, as :func:`xlprofit.analysis.referrals.value_referrals` gives it.
        network: the referrals by name.
        customers: the P&L of each customer.

    Returns:
        The same with ``unnamed`` (how many each brought beyond the named ones) and ``unnamed_value`` (× the mean profit
        of a referred customer, of any customer where none is named; money), which is part of ``referral_value``. Money
        is blank where neither names nor counts are given.
    """
    if not is_told(inputs):
        return brought.assign(unnamed=0.0, unnamed_value=np.nan)
    unnamed = count_unnamed(inputs, brought.index, brought["referred"].to_numpy(dtype=np.float64))
    usual = customers["profit"].reindex(network["referred"].unique()).dropna()
    usual = usual if len(usual) else customers["profit"][(customers["profit"].abs() > 0).to_numpy()]
    value = unnamed * (math.fsum(usual) / max(len(usual), 1))
    money = ["type_one", "type_two", "rewards", "referral_value"]
    known = brought.assign(**{column: brought[column].fillna(0.0) for column in money})
    return known.assign(unnamed=unnamed, unnamed_value=value, referral_value=known["referral_value"] + value)


def count_unnamed(inputs: Inputs, names: pd.Index, named: Floats) -> Floats:
    """Return how many each has brought whose names nobody knows: Customers.referrals less those in Referrals."""
    table = inputs["Customers"].drop_duplicates("customer")
    given = pd.Series(table["referrals"].to_numpy(dtype=np.float64), index=table["customer"].astype(str))
    return np.maximum(given.reindex(names.astype(str)).fillna(0.0).to_numpy() - named, 0.0)


def is_told(inputs: Inputs) -> bool:
    """Whether anything is known of who brought whom, by name or by count."""
    return inputs.has_rows("Referrals") or bool(inputs["Customers"]["referrals"].notna().any())


def expect_referrals(
    inputs: Inputs, brought: pd.DataFrame, network: pd.DataFrame, outlook: pd.DataFrame, saved: float
) -> pd.DataFrame:
    """Return the word of mouth to come of each customer.

    Args:
        inputs: the tables and settings.
        brought: ``referred`` and ``unnamed`` of each customer: how many it brought, by name and by count.
        network: the referrals by name, with ``referrer``, ``referred``, ``share``, ``anyway`` and ``reward``.
        outlook: ``expected_profit``, ``retention`` and ``chance_active`` of each customer.
        saved: the acquisition cost saved on who would have come anyhow, money.

    Returns:
        Columns :data:`COLUMNS`: referrals expected a year, and money: ``forward_value`` over the horizon and
        ``lost_a_year`` if it ends; blank where nothing is known of who brought whom.
    """
    names, settings = brought.index, inputs.settings
    if not is_told(inputs):
        return pd.DataFrame(np.nan, index=names, columns=list(COLUMNS))
    active = outlook["chance_active"].fillna(1.0).to_numpy(dtype=np.float64)
    kept = lifetime.find_multiples(outlook["retention"], settings.discount_rate, settings.horizon)
    count = (brought["referred"] + brought["unnamed"]).to_numpy(dtype=np.float64)
    years = _count_own_years(inputs, names)
    # Who neither bought nor cost anything says nothing of the others.
    there = (outlook["lifetime_profit"].abs() > 0).to_numpy() | (count > 0)
    mean = math.fsum(count) / max(math.fsum(years[there]), 1e-9)
    rate = (count + DRAWN * mean) / (years + DRAWN)
    worth = _value_referral(network, outlook["expected_profit"], kept, saved)
    a_year = rate * worth
    here = _sum_brought_here(network, outlook["expected_profit"], names) * (1.0 - settings.referred_stay)
    return pd.DataFrame(
        {
            "to_come_a_year": rate * active,
            "forward_value": a_year * active * kept,
            "lost_a_year": (a_year + here) * active,
        },
        index=names,
    )


def _count_own_years(inputs: Inputs, names: pd.Index) -> Floats:
    """Return for how many years each has been a customer: since Customers.since, else for the span."""
    table = inputs["Customers"].drop_duplicates("customer")
    since = pd.Series(table["since"].to_numpy(), index=table["customer"].astype(str)).reindex(
        names.astype(str)
    )
    days = (inputs.settings.end - since).dt.days.to_numpy(dtype=np.float64)
    span = avoidable.count_years(inputs.settings)
    return np.where(np.isfinite(days), np.maximum(days / 365.25, 1.0 / 12.0), span)


def _value_referral(network: pd.DataFrame, expected: pd.Series, kept: Floats, saved: float) -> float:
    """Return what one referral to come is worth: the mean of those that came, drawn towards that of any customer."""
    value = expected * kept
    active = value[(expected.abs() > 0).to_numpy()]
    usual = math.fsum(active) / max(len(active), 1)
    if not len(network):
        return usual
    came = value.reindex(network["referred"]).fillna(usual).to_numpy(dtype=np.float64)
    share, anyway = (network[c].to_numpy(dtype=np.float64) for c in ("share", "anyway"))
    reward = network["reward"].to_numpy(dtype=np.float64)
    each = share * ((1.0 - anyway) * came + anyway * saved) + reward
    return (math.fsum(each) + ON_PRIOR * usual) / (len(each) + ON_PRIOR)


def _sum_brought_here(network: pd.DataFrame, expected: pd.Series, names: pd.Index) -> Floats:
    """Return what those that each brought, and that would not have come anyhow, are expected to earn a year."""
    came = expected.reindex(network["referred"]).fillna(0.0).to_numpy(dtype=np.float64)
    share, anyway = (network[c].to_numpy(dtype=np.float64) for c in ("share", "anyway"))
    each = share * (1.0 - anyway) * came * network["followed"].to_numpy(dtype=np.float64)
    place = names.get_indexer(pd.Index(network["referrer"]))
    return np.bincount(place[place >= 0], weights=each[place >= 0], minlength=len(names)).astype(np.float64)
