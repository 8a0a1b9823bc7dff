"""Word of mouth to come: how many customers each is expected to bring, what they are worth, and what is lost with it.

Sources: V. Kumar, J. A. Petersen and R. P. Leone, "Driving Profitability by Encouraging Customer Referrals", Journal of
Marketing 2010 (what is to come is discounted); P. S. Fader and B. G. S. Hardie, "A Note on the NBD", 2005, for a
rate of few events drawn towards that of all: *(n + k m) / (T + k)*, which is the mean of a Gamma-Poisson mixture.

- referrals a year = (brought so far + k × the mean of all) / (years so far + k), *k* being :data:`DRAWN`. Who is a
  prospect still has not been brought. Named referrals say of no time before the first of them, or before the span;
- what one brings = what a referred customer is expected to earn a year × *Σ rᵗ⁻¹ / (1 + i)ᵗ* over the horizon, as any
  customer's profit to come is valued (:mod:`xlprofit.outlook.lifetime`), as far as it would not have come anyhow, plus
  the acquisition saved as far as it would, less the reward;
- forward value = referrals a year × what one brings × *Σ rᵗ⁻¹ / (1 + i)ᵗ* of the referrer × the share of its first
  year in which it is there to make them;
- lost a year if the referrer ends = referrals a year × what one brings + (1 − ``referred_stay``) × what those already
  here are expected to earn a year, and of those that came through them in turn. Those it brought have come: by default
  they stay. What those to come, or to go, would bring in turn later is not counted.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis import avoidable, referrals
from xlprofit.analysis.lifetime import DAYS_OF_YEAR, LIKELY_GONE, find_multiples

if TYPE_CHECKING:
    from xlprofit.tables import Inputs

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FIRST_QUARTER = 92
"""Days after the beginning of the span within which a first sale says nothing of when a customer began."""

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
    table = inputs["Customers"]
    table = table[table["referrals"].notna().to_numpy()].drop_duplicates("customer")
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
        network: the referrals by name, as :func:`xlprofit.analysis.referrals.list_network` gives them.
        outlook: ``expected_profit``, ``retention``, ``chance_active``, ``lifetime_profit`` and ``acquisition_cost`` of
            each customer, and ``stays``, the share of the year ahead in which it is one.
        saved: the acquisition cost saved on who would have come anyhow, money.

    Returns:
        Columns :data:`COLUMNS`: referrals expected a year, and money: ``forward_value`` over the horizon and
        ``lost_a_year``, being a customer now, if it ends; blank where nothing is known of who brought whom.
    """
    names, settings = brought.index, inputs.settings
    if not is_told(inputs):
        return pd.DataFrame(np.nan, index=names, columns=list(COLUMNS))
    active = outlook["chance_active"].fillna(1.0).to_numpy(dtype=np.float64)
    years = find_multiples(outlook["retention"], settings.discount_rate, settings.horizon, "start")
    kept = years / (1.0 + settings.discount_rate)
    own = _count_own_years(inputs, names)
    rate = _expect_rate(inputs, brought, network, (outlook["lifetime_profit"].abs() > 0).to_numpy(), own)
    a_year = _expect_year(outlook, active, np.minimum(own, avoidable.count_years(settings)))
    worth = _value_referral(network, pd.Series(a_year * kept, index=names), saved)
    lost = rate * worth + _sum_going(brought, network, outlook, settings.referred_stay)
    stays = outlook["stays"].to_numpy(dtype=np.float64)
    return pd.DataFrame(
        {
            "to_come_a_year": rate * active,
            "forward_value": rate * worth * active * stays * kept,
            "lost_a_year": np.where(active > 0, lost, 0.0),
        },
        index=names,
    )


def _expect_rate(
    inputs: Inputs, brought: pd.DataFrame, network: pd.DataFrame, there: Flags, years: Floats
) -> Floats:
    """Return the referrals a year to expect of each, being a customer.

    ``there`` is who bought or cost anything, ``years`` for how long each has been a customer.
    """
    names = brought.index
    prospects = pd.Index(inputs["Prospects"]["prospect"].astype(str)).difference(names.astype(str))
    waiting = network[(network["referred"].isin(prospects) & network["followed"]).to_numpy(dtype=bool)]
    place = names.get_indexer(pd.Index(waiting["referrer"]))
    named = brought["referred"].to_numpy(dtype=np.float64)
    named = named - np.bincount(place[place >= 0], minlength=len(names))
    unnamed = brought["unnamed"].to_numpy(dtype=np.float64)
    told = years if unnamed.any() else np.minimum(years, _count_recorded_years(inputs, network))
    # Who neither bought nor cost anything says nothing of the others.
    there = there | (named + unnamed > 0)
    mean = math.fsum((named + unnamed)[there]) / max(math.fsum(told[there]), 1e-9)
    return np.asarray((named + unnamed + DRAWN * mean) / (told + DRAWN))


def _count_own_years(inputs: Inputs, names: pd.Index) -> Floats:
    """Return for how many years each has been a customer: since Customers.since or its first sale, until it ended.

    A first sale in the first quarter of the span may be that of an old customer, who has been one for all of it.
    """
    settings, table = inputs.settings, inputs["Customers"]
    span = avoidable.count_years(settings)
    sales = inputs["Sales"]
    who = avoidable.find_word_places(sales["customer"], names)
    day = (settings.end - sales["date"]).dt.days.to_numpy(dtype=np.float64, na_value=-1.0)
    days = np.zeros(len(names))
    np.maximum.at(days, who[who >= 0], day[who >= 0])
    whole = (settings.end - settings.start).days
    days = np.where((days > 0) & (days < whole - FIRST_QUARTER), days, span * DAYS_OF_YEAR)
    for column in ("since", "ended"):
        known = table[table[column].notna().to_numpy()].drop_duplicates("customer")
        given = pd.Series(
            (settings.end - known[column]).dt.days.to_numpy(), index=known["customer"].astype(str)
        )
        told = given.reindex(names.astype(str)).to_numpy(dtype=np.float64)
        days = (
            np.where(np.isfinite(told), told, days)
            if column == "since"
            else days - np.maximum(np.nan_to_num(told), 0)
        )
    return np.maximum(days / DAYS_OF_YEAR, 1.0 / 12.0)


def _count_recorded_years(inputs: Inputs, network: pd.DataFrame) -> float:
    """Return for how many years referrals have been recorded by name: since the first, for the span at least."""
    if network["date"].isna().all():
        return math.inf
    days = (inputs.settings.end - network["date"].min()).days
    return max(float(days) / DAYS_OF_YEAR, avoidable.count_years(inputs.settings))


def _expect_year(outlook: pd.DataFrame, active: Floats, years: Floats) -> Floats:
    """Return what each earns in a year that it begins as a customer, money.

    Of who is more likely gone than not it is what it left in a year of the span, of ``years`` as a customer: what is
    expected of it tells that it left, and not what another one like it would bring.
    """
    expected = outlook["expected_profit"].to_numpy(dtype=np.float64)
    left = (outlook["lifetime_profit"] - outlook["acquisition_cost"].fillna(0.0)).to_numpy(dtype=np.float64)
    stays = outlook["stays"].to_numpy(dtype=np.float64)
    gone = active < LIKELY_GONE
    return np.where(gone, left / years * stays, expected / np.where(gone, 1.0, active))


def _value_referral(network: pd.DataFrame, value: pd.Series, saved: float) -> float:
    """Return what one referral to come is worth: the mean of those that came, drawn towards that of any customer."""
    active = value[(value.abs() > 0).to_numpy()]
    usual = math.fsum(active) / max(len(active), 1)
    if not len(network):
        return usual
    came = value.reindex(network["referred"]).fillna(usual).to_numpy(dtype=np.float64)
    share, anyway = (network[c].to_numpy(dtype=np.float64) for c in ("share", "anyway"))
    reward = network["reward"].to_numpy(dtype=np.float64)
    each = share * ((1.0 - anyway) * came + anyway * saved) + reward
    return float((math.fsum(each) + ON_PRIOR * usual) / (len(each) + ON_PRIOR))


def _sum_going(brought: pd.DataFrame, network: pd.DataFrame, outlook: pd.DataFrame, stay: float) -> Floats:
    """Return what goes a year with each referrer: what those it brought earn, as far as they do not stay.

    Those that would have come anyhow stay. Those without names earn what a referred customer does, or where none is
    named any customer that bought or cost anything.
    """
    expected, names = outlook["expected_profit"], brought.index
    came = expected.reindex(network["referred"].unique()).dropna()
    usual = came if len(came) else expected[(outlook["lifetime_profit"].abs() > 0).to_numpy()]
    mean = math.fsum(usual) / max(len(usual), 1)
    share, anyway = (network[c].to_numpy(dtype=np.float64) for c in ("share", "anyway"))
    weight = (1.0 - stay) * share * (1.0 - anyway) * network["followed"].to_numpy(dtype=np.float64)
    earns, active = (
        column.reindex(network["referred"]).fillna(0.0).to_numpy(dtype=np.float64)
        for column in (expected, outlook["chance_active"].fillna(1.0))
    )
    place = names.get_indexer(pd.Index(network["referrer"]))
    known = place >= 0
    here = np.bincount(place[known], weights=(weight * earns)[known], minlength=len(names))
    unnamed = brought["unnamed"].to_numpy(dtype=np.float64) * (1.0 - stay) * mean
    return referrals.add_up_chains(network, weight * active, pd.Series(here + unnamed, index=names))
