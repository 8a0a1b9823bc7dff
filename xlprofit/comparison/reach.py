"""What a change of a scenario reaches: its rows, and what is said where it reaches none, or changes nothing in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis import attributes
from xlprofit.findings import phrase
from xlprofit.folding import fold_name
from xlprofit.messages import Message, _, day, join_messages, name_in_workbook, term
from xlprofit.reading.faults import Trouble
from xlprofit.rules.changes import Change, say_amount, say_of
from xlprofit.tables.balances import BALANCES
from xlprofit.tables.invoices import INVOICES
from xlprofit.vocabulary.what_if import Changed

if TYPE_CHECKING:
    from xlprofit.tables import Inputs

Mask = npt.NDArray[np.bool_]

REACHED: Mapping[Changed, tuple[tuple[str, str], ...]] = {
    **dict.fromkeys(
        (Changed.PRICE, Changed.VOLUME, Changed.ELASTICITY, Changed.DISCOUNT, Changed.COST_OF_GOODS),
        (("Sales", "date"),),
    ),
    Changed.DIRECT_COSTS: (("DirectCosts", "date"),),
    Changed.ACTIVITY: (("ActivityLog", "date"),),
    Changed.ACTIVITY_RATE: (("Activities", ""),),
    Changed.RESOURCE_COST: (("Resources", ""),),
    Changed.CAPACITY: (("Resources", ""),),
    Changed.PAYMENT_DAYS: ((INVOICES.name, "issued"), (BALANCES.name, "date")),
    Changed.RETENTION: (),
}
"""The tables whose rows each change is of, and the column of their days; empty where they have none."""


def find_reached_rows(inputs: Inputs, table: str, change: Change, dated: str = "date") -> Mask:
    """Return which rows of a table a change is of, and from its first day on."""
    rows = inputs[table]
    mask = np.ones(len(rows), dtype=bool)
    for kind, name in change.of:
        mask &= _match_rows(inputs, rows, kind, name)
    if change.since is not None and dated in rows:
        mask &= (rows[dated] >= change.since).to_numpy()
    return mask


def _match_rows(inputs: Inputs, rows: pd.DataFrame, kind: str, name: str) -> Mask:
    if kind in ("customer", "product", "activity", "resource", "group") and kind in rows:
        return np.asarray((rows[kind] == name).to_numpy(), dtype=bool)
    if kind == "group" and "activity" in rows:
        terms = inputs["Activities"]
        activities = set(terms.loc[(terms["group"] == name).to_numpy(), "activity"].astype(str))
        return np.asarray(rows["activity"].isin(activities).to_numpy(), dtype=bool)
    if "customer" in rows:
        return _match_attribute(inputs, rows, kind, name)
    return np.zeros(len(rows), dtype=bool)


def _match_attribute(inputs: Inputs, rows: pd.DataFrame, kind: str, name: str) -> Mask:
    """Return which rows are of customers that were so on the day of the row, where Customers is dated; else are so."""
    words = pd.Index(rows["customer"].cat.categories)
    if kind == attributes.PARENT:
        members = attributes.list_members(inputs, name)
        own = np.array([*(str(word) in members for word in words), False], dtype=bool)
        return np.asarray(own[rows["customer"].cat.codes.to_numpy()])
    if "held" in rows:
        values = attributes.assign_values(inputs, rows, kind, words).array
        assert isinstance(values, pd.Categorical)
        alike = [fold_name(str(value)) == fold_name(name) for value in values.categories]
        return np.asarray(np.array([*alike, False], dtype=bool)[values.codes])
    said = attributes.find_values(inputs, kind, words)
    own = np.array([*(fold_name(str(value)) == fold_name(name) for value in said), False], dtype=bool)
    return np.asarray(own[rows["customer"].cat.codes.to_numpy()])


def find_unreached(inputs: Inputs, change: Change) -> Trouble | None:
    """Return what is wrong with a change that no row meets; nothing where there is one."""
    tables = REACHED[change.what]
    if not tables or any(find_reached_rows(inputs, table, change, dated).any() for table, dated in tables):
        return None
    names = [name_in_workbook(table) for table, _dated in tables]
    told = {"tables": join_messages(_(" or "), names), "of": say_of(change)}
    if change.since is not None and change.of:
        return Trouble("V11", phrase("V11", "no_rows_since", **told, day=day(change.since)))
    if change.since is not None:
        return Trouble("V11", phrase("V11", "none_since", tables=told["tables"], day=day(change.since)))
    if len(change.of) > 1:
        return Trouble("V11", phrase("V11", "not_together", **told), phrase("V11", "one_each"))
    return Trouble("V11", phrase("V11", "no_rows" if change.of else "none", **told))


def describe_no_effect(change: Change) -> Trouble:
    """Return that a change leaves all as it is, though there are rows that it is of."""
    told = {"what": term("word", change.what), "change": say_amount(change)}
    if change.what is Changed.ELASTICITY:
        return Trouble("V12", phrase("V12", "no_price", **told), phrase("V12", "add_price"))
    if change.of:
        return Trouble("V12", phrase("V12", "nothing_of", **told, of=say_of(change)))
    return Trouble("V12", phrase("V12", "nothing", **told))


def has_effect(before: Mapping[str, pd.DataFrame], after: Mapping[str, pd.DataFrame]) -> bool:
    """Whether any number or day of some tables differs."""
    for table, rows in after.items():
        columns = rows.select_dtypes(["float64", "datetime64[ns]"]).columns
        if any(not before[table][column].equals(rows[column]) for column in columns):
            return True
    return False


def list_first(names: Sequence[str], most: int = 3) -> Message:
    """Return the first of some names, and how many there are besides."""
    first = join_messages(", ", names[:most])
    return _("{named} and {n:,} more", named=first, n=len(names) - most) if len(names) > most else first
