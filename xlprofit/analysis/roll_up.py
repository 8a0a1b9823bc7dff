"""Groups of companies: every table and amount of a customer under the one at the top of its parents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit import ledger as books
from xlprofit.analysis.attributes import PARENT, find_tops
from xlprofit.tables import TABLES

if TYPE_CHECKING:
    from xlprofit.tables import Inputs

OF_ALL = ("since", "ended", "referrals")
"""Columns of Customers that a group has from all of its members."""


def map_tops(inputs: Inputs, names: pd.Index) -> dict[str, str]:
    """Return the top of the group of each customer that has one above it."""
    known = set(map(str, names))
    return {customer: top for customer, top in find_tops(inputs).items() if customer in known or top in known}


def roll_up_inputs(inputs: Inputs, names: pd.Index) -> Inputs:
    """Return the tables with the group in place of each customer; the same tables where nobody has a parent.

    Customers then has a row for each group: that of its top where it has one, else one that says what its
    members agree in. A referral within a group is none, and not one of those that are counted.
    """
    tops = map_tops(inputs, names)
    if not tops:
        return inputs
    frames = {name: _rename_customers(frame, name, tops) for name, frame in inputs.frames.items()}
    frames["Customers"] = _merge_customers(inputs["Customers"], tops)
    referrals = frames["Referrals"]
    inner = (referrals["referrer"].astype(str) == referrals["referred"].astype(str)).to_numpy()
    frames["Referrals"] = referrals[~inner].reset_index(drop=True)
    within = (
        frames["Customers"]["customer"]
        .astype(str)
        .map(referrals["referrer"][inner].astype(str).value_counts())
    )
    counted = (frames["Customers"]["referrals"] - within.fillna(0.0).astype(np.float64)).clip(lower=0.0)
    frames["Customers"] = frames["Customers"].assign(referrals=counted)
    return replace(inputs, frames=frames, history=None)


def roll_up_ledger(ledger: pd.DataFrame, tops: Mapping[str, str]) -> pd.DataFrame:
    """Return the ledger with the group in place of each customer, in the ledger's order."""
    rolled = ledger.assign(customer=_rename_words(ledger["customer"], tops))
    return books.sort_rows(rolled, [*books.ORDER, "units", "amount"]).reset_index(drop=True)


def _rename_customers(frame: pd.DataFrame, table: str, tops: Mapping[str, str]) -> pd.DataFrame:
    columns = [c.name for c in TABLES[table].columns if c.kind == "customer" and c.name in frame]
    return frame.assign(**{column: _rename_words(frame[column], tops) for column in columns})


def _rename_words(column: pd.Series, tops: Mapping[str, str]) -> pd.Categorical:
    """Return a categorical of customers as one of their groups."""
    old = [str(name) for name in column.cat.categories]
    new = [tops.get(name, name) for name in old]
    words = pd.Index(sorted(set(new)), dtype=column.cat.categories.dtype)
    places = np.append(words.get_indexer(pd.Index(new, dtype=words.dtype)), -1)
    return pd.Categorical.from_codes(places[column.cat.codes.to_numpy()], categories=words)


def _merge_customers(customers: pd.DataFrame, tops: Mapping[str, str]) -> pd.DataFrame:
    """Return a row for each group; what its members differ in is blank where its top has no row of its own.

    A group is a customer since its first member was one, has ended when all of them have, and brought what they did.
    """
    whose = customers["customer"].astype(str).tolist()
    group = [tops.get(name, name) for name in whose]
    own = customers[np.array([one == top for one, top in zip(whose, group, strict=True)], dtype=bool)]
    known = {one for one, top in zip(whose, group, strict=True) if one == top}
    bare = customers.assign(group=group)[np.array([top not in known for top in group], dtype=bool)]
    merged = []
    for top, rows in bare.groupby("group", sort=True):
        first = rows.iloc[[0]].drop(columns="group").copy()
        for column in (c for c in first.columns if c not in (*OF_ALL, "customer", "from", "until", "row")):
            if rows[column].astype(str).nunique() > 1:
                first[column] = pd.Series([""], index=first.index, dtype="str")
        merged.append(first.assign(customer=str(top), name=str(top)))
    whole = pd.concat([own.assign(customer=own["customer"].astype(object)), *merged], ignore_index=True)
    whole = whole.assign(**{PARENT: pd.Categorical([""] * len(whole))})
    names = whole["customer"].astype(str)
    members = customers[list(OF_ALL)].groupby(pd.Series(group, index=customers.index, dtype=object))
    since, ended = members["since"].min(), members["ended"].max()
    found = {
        "since": since,
        "ended": ended.where(members["ended"].count() == members.size()),
        "referrals": members["referrals"].sum(min_count=1),
    }
    whole = whole.assign(
        **{column: names.map(of).astype(whole[column].dtype) for column, of in found.items()}
    )
    return whole.assign(customer=pd.Categorical(names, categories=sorted({*names, ""})))
