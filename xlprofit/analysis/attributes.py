"""Attributes: what each customer is (segment, owner, group, any column of Customers), now and on an amount's day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.folding import fold_name
from xlprofit.headings import ATTRIBUTES
from xlprofit.tables.history import NOT_COVERED, name_spans

if TYPE_CHECKING:
    from xlprofit.tables import Inputs

PARENT = "parent"


def list_attributes(inputs: Inputs) -> list[str]:
    """Return the attributes that Customers has, the given ones first, then the user's own in the order of its sheet."""
    said = [name for name in ATTRIBUTES if (inputs["Customers"][name].astype(str) != "").any()]
    return [*said, *inputs.attributes]


def find_tops(inputs: Inputs) -> dict[str, str]:
    """Return the top of the group of each customer of Customers that has a parent: the last of its chain of parents."""
    table = inputs["Customers"]
    pairs = zip(table["customer"].astype(str), table[PARENT].astype(str), strict=True)
    above = {customer: parent for customer, parent in pairs if parent}
    tops: dict[str, str] = {}
    for customer in above:
        chain = [customer]
        while chain[-1] in above and chain[-1] not in tops:
            chain.append(above[chain[-1]])
        top = tops.get(chain[-1], chain[-1])
        tops.update(dict.fromkeys(chain[:-1], top))
    return tops


def list_members(inputs: Inputs, parent: str) -> set[str]:
    """Return a customer and all that stand below it by their parents, at any depth."""
    table = inputs["Customers"]
    below: dict[str, list[str]] = {}
    for customer, above in zip(table["customer"].astype(str), table[PARENT].astype(str), strict=True):
        below.setdefault(above, []).append(customer)
    found, waiting = {parent}, [parent]
    while waiting:
        fresh = [one for one in below.get(waiting.pop(), ()) if one not in found]
        found.update(fresh)
        waiting += fresh
    return found


def find_values(inputs: Inputs, attribute: str, names: pd.Index) -> pd.Series:
    """Return what Customers says of each customer last, in one spelling of each value; empty where it says nothing.

    By *parent*, a customer is in the group at the top of its parents, one without a parent in its own.
    """
    if attribute == PARENT:
        tops = find_tops(inputs)
        return pd.Series([tops.get(str(n), str(n)) for n in names], index=names, dtype=object, name=attribute)
    table = inputs["Customers"]
    spelt = unify_values(_list_said_values(inputs, attribute))
    said = dict(zip(table["customer"].astype(str), table[attribute].astype(str), strict=True))
    values = [spelt.get(said.get(str(n), ""), "") for n in names]
    return pd.Series(values, index=names, dtype=object, name=attribute)


def _list_said_values(inputs: Inputs, attribute: str) -> list[str]:
    """Return what all rows of Customers say in a column, those of the past too."""
    table = inputs["Customers"] if inputs.history is None else inputs.history
    return table[attribute].astype(str).tolist()


def unify_values(values: Iterable[str]) -> dict[str, str]:
    """Return the spelling of each value: of those alike but for case and blanks the most frequent, then the first.

    >>> unify_values(["Hotels", "hotels ", "Hotels", "Shops"])["hotels "]
    'Hotels'
    """
    counts = Counter(values)
    best: dict[str, str] = {}
    for value in sorted(counts, key=lambda v: (-counts[v], v)):
        best.setdefault(fold_name(value), " ".join(value.split()))
    return {value: best[fold_name(value)] for value in counts}


def find_past_values(inputs: Inputs, attribute: str) -> dict[tuple[str, str], str]:
    """Return what held of each customer in each of its spans (:func:`xlprofit.tables.history.name_spans`).

    Empty where Customers is not dated.
    """
    history = inputs.history
    if history is None:
        return {}
    said = history[attribute].astype(str)
    if attribute == PARENT:
        tops = find_tops(inputs)
        own = history["customer"].astype(str)
        values = [tops.get(v, v) if v else c for v, c in zip(said, own, strict=True)]
    else:
        spelt = unify_values(_list_said_values(inputs, attribute))
        values = [spelt[v] for v in said]
    keys = zip(history["customer"].astype(str), name_spans(history), strict=True)
    return dict(zip(keys, values, strict=True))


def assign_values(inputs: Inputs, ledger: pd.DataFrame, attribute: str, names: pd.Index) -> pd.Series:
    """Return what the customer of each row of the ledger was on the day of the row: a categorical.

    The value of the day where Customers is dated; else what it says of the customer, for all days. Empty where it
    says nothing; missing where the row belongs to no customer.
    """
    current = find_values(inputs, attribute, names)
    past = find_past_values(inputs, attribute)
    customers, spans = ledger["customer"].cat, ledger["held"].cat
    width = max(len(spans.categories), 1)
    flat = customers.codes.to_numpy().astype(np.int64) * width + spans.codes.to_numpy()
    pairs, place = np.unique(flat, return_inverse=True)
    own: Mapping[str, str] = dict(zip(map(str, names), current, strict=True))
    found: list[str | None] = []
    for pair in pairs.tolist():
        customer, span = str(customers.categories[pair // width]), str(spans.categories[pair % width])
        value = past.get((customer, span)) if span else own.get(customer)
        found.append("" if span == NOT_COVERED else value)
    words = sorted({value for value in found if value is not None})
    at = {value: i for i, value in enumerate(words)}
    codes = np.array([-1 if value is None else at[value] for value in found], dtype=np.int64)
    kept = pd.Categorical.from_codes(codes[place], categories=pd.Index(words, dtype=object))
    return pd.Series(kept, index=ledger.index, name=attribute)
