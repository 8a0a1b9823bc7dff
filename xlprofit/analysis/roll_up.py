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


def map_tops(inputs: Inputs, names: pd.Index) -> dict[str, str]:
    """Return the top of the group of each customer that has one above it."""
    known = set(map(str, names))
    return {customer: top for customer, top in find_tops(inputs).items() if customer in known or top in known}


def roll_up_inputs(inputs: Inputs, names: pd.Index) -> Inputs:
    """Return the tables with the group in place of each customer; the same tables where nobody has a parent.

    Customers then has a row for each group: that of its top where it has one, else one that says what its
    members agree in. A referral within a group is none.
    """
    tops = map_tops(inputs, names)
    if not tops:
        return inputs
    frames = {name: _rename_customers(frame, name, tops) for name, frame in inputs.frames.items()}
    frames["Customers"] = _merge_customers(inputs["Customers"], tops)
    referrals = frames["Referrals"]
    inner = (referrals["referrer"].astype(str) == referrals["referred"].astype(str)).to_numpy()
    frames["Referrals"] = referrals[~inner].reset_index(drop=True)
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
    """Return a row for each group; what its members differ in is blank where its top has no row of its own."""
    whose = customers["customer"].astype(str).tolist()
    group = [tops.get(name, name) for name in whose]
    own = customers[np.array([one == top for one, top in zip(whose, group, strict=True)], dtype=bool)]
    known = {one for one, top in zip(whose, group, strict=True) if one == top}
    bare = customers.assign(group=group)[np.array([top not in known for top in group], dtype=bool)]
    merged = []
    for top, rows in bare.groupby("group", sort=True):
        first = rows.iloc[[0]].drop(columns="group").copy()
        for column in (c for c in first.columns if c not in ("customer", "since", "from", "until", "row")):
            if rows[column].astype(str).nunique() > 1:
                first[column] = pd.Series([""], index=first.index, dtype="str")
        first["since"] = rows["since"].min()
        merged.append(first.assign(customer=str(top), name=str(top)))
    whole = pd.concat([own.assign(customer=own["customer"].astype(object)), *merged], ignore_index=True)
    whole = whole.assign(**{PARENT: pd.Categorical([""] * len(whole))})
    names = whole["customer"].astype(str)
    return whole.assign(customer=pd.Categorical(names, categories=sorted({*names, ""})))
