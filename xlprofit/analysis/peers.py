"""Peers: the customers that a customer is held against, and what is usual among them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.vocabulary.measures import MEASURES, Measure

FEWEST = 3
"""Customers of a segment that must be there for it to be anybody's measure; with fewer all customers are."""


def find_peers(segments: npt.NDArray[np.object_], names: pd.Index) -> pd.Series:
    """Return the segment that each customer is held against; empty where all customers are its peers.

    Args:
        segments: the segment of each customer, empty where none is given.
        names: the customers, in the same order.
    """
    counts = pd.Series(segments, index=names, dtype=object)
    size = counts.map(counts.value_counts())
    return counts.where((size >= FEWEST).to_numpy(), "")


def compute_peer_shares(customers: pd.DataFrame, peers: pd.Series) -> pd.DataFrame:
    """Return what the P&L of each customer's peers is of their net revenue together, measures as columns.

    *Σ measure / Σ net revenue* over the peers, the customer among them; blank where they have no net revenue above 0.

    Args:
        customers: the P&L by customer.
        peers: as :func:`find_peers` has them.
    """
    whole = _divide_sums(customers.assign(peers=""))
    found = pd.concat([_divide_sums(customers.assign(peers=peers)), whole])
    found = found[~found.index.duplicated(keep="last")]
    return found.loc[peers.to_numpy()].set_axis(customers.index)


def _divide_sums(customers: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of each group of peers in relation to its net revenue."""
    sums = customers.groupby("peers")[list(MEASURES)].sum()
    revenue = sums[Measure.NET_REVENUE]
    return sums.div(revenue.where(revenue > 0), axis=0)


def find_usual_shares(units: pd.DataFrame, revenue: pd.Series, peers: pd.Series, of: str) -> pd.Series:
    """Return what each column of units is for a unit of net revenue with the median one of a group of peers.

    Peers without net revenue above 0 are left out; those that use none of it count as 0.

    Args:
        units: customers × what is counted.
        revenue: the net revenue of each customer, in the same order.
        peers: the group that each customer is held against, by its name.
        of: the group; empty: all customers.
    """
    kept = (revenue > 0).to_numpy()
    if of:
        kept = kept & (peers.loc[units.index] == of).to_numpy()
    return units[kept].div(revenue[kept], axis=0).median(axis=0)
