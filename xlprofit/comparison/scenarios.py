"""Scenarios: changes of the inputs, from which everything is computed anew. Nothing is patched in the results.

What a change carries with it is said once, here. A *price* changes gross revenue, discounts and returns alike, and no
cost of goods. A *volume* changes all of a sale, and the activities of the levels output-unit and batch in step with
what the customer buys, for they are done once more for each unit or batch; activities of the level customer stay. An
*elasticity* ε makes the volume follow the price, *volume factor = price factor^ε* (constant elasticity). Invoices and
balances follow the net revenue of their customer and period, and so does the cost of credit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis import attributes
from xlprofit.comparison.payment import change_payment_days
from xlprofit.errors import XlprofitError
from xlprofit.findings import phrase
from xlprofit.folding import fold_name
from xlprofit.ledger.effort import list_drivers
from xlprofit.ledger.periods import list_labels, list_spans, place_dates
from xlprofit.messages import day
from xlprofit.rules.changes import (
    Change,
    describe_conflict,
    find_conflict,
    is_after_span,
    list_known_names,
    order_changes,
    parse_change,
    parse_row,
)
from xlprofit.rules.scenarios import list_scenarios
from xlprofit.tables.balances import BALANCES
from xlprofit.tables.invoices import INVOICES
from xlprofit.vocabulary.levels import Level
from xlprofit.vocabulary.what_if import CHANGED, Changed

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results
    from xlprofit.tables import Inputs

Floats = npt.NDArray[np.float64]
Frames = dict[str, pd.DataFrame]

SCALED_LEVELS = (str(Level.OUTPUT_UNIT), str(Level.BATCH))
"""The levels of the activities that follow the volume."""


def list_changes(inputs: Inputs) -> dict[str, tuple[Change, ...]]:
    """Return the changes of each scenario of the table Scenarios, sorted by name."""
    table, known = inputs["Scenarios"], list_known_names(inputs.frames)
    found: dict[str, tuple[Change, ...]] = {}
    for name in list_scenarios(table):
        rows = list_scenario_rows(table, name)
        parsed = [
            parse_row(str(what), str(of), str(change), since, known)
            for what, of, change, since in zip(
                rows["what"], rows["of"], rows["change"], rows["from"], strict=True
            )
        ]
        found[name] = tuple(change for change in parsed if isinstance(change, Change))
    return found


def list_scenario_rows(frame: pd.DataFrame, scenario: str) -> pd.DataFrame:
    """Return the rows of a scenario, in the order in which changes are applied."""
    rows = frame[(frame["scenario"] == scenario).to_numpy()]
    place = [CHANGED.index(str(what)) for what in rows["what"]]
    ordered = rows.assign(place=place).sort_values(["place", "of", "from", "change"], kind="stable")
    return ordered.drop(columns="place")


def compute_scenarios(results: Results, compute: Callable[[Inputs], Results]) -> Mapping[str, Results]:
    """Return the results of each scenario of the table Scenarios by its name, computed anew from the inputs."""
    return {
        name: compute(apply_changes(results.inputs, changes))
        for name, changes in list_changes(results.inputs).items()
    }


def read_changes(inputs: Inputs, changes: Sequence[str | Change]) -> tuple[Change, ...]:
    """Return changes, those that are written on a line read.

    Raises:
        XlprofitError: one cannot be read, is of a name that is not there or begins after the period analysed; or two
            set the same to different levels.
    """
    known, settings = list_known_names(inputs.frames), inputs.settings
    found = tuple(parse_change(one, known) if isinstance(one, str) else one for one in changes)
    if any(is_after_span(change, settings) for change in found):
        raise XlprofitError(phrase("V10", "after", day=day(settings.end)), phrase("V10", "earlier"))
    for one, other in combinations(found, 2):
        how = find_conflict(one, other)
        if how in ("set", "overlap"):
            raise XlprofitError(describe_conflict(how, one, other), phrase("V09", "leave_one"))
    return found


def apply_changes(inputs: Inputs, changes: Sequence[Change]) -> Inputs:
    """Return the inputs with these changes made. Their order does not matter: the narrower of two is made last."""
    frames = dict(inputs.frames)
    ordered = order_changes(changes)
    sales = [c for c in ordered if c.what in _SALES]
    if sales:
        frames |= _change_sales(inputs, sales)
    changed = replace(inputs, frames=frames, versions={})
    for change in (c for c in ordered if c.what not in _SALES):
        changed = replace(changed, frames={**changed.frames, **_CHANGES[change.what](changed, change)})
        if change.what is Changed.RETENTION:
            changed = replace(changed, settings=replace(changed.settings, retention=change.amount))
    return changed


# --- which rows -------------------------------------------------------------------------------------------


def find_changed_rows(
    inputs: Inputs, table: str, change: Change, dated: str = "date"
) -> npt.NDArray[np.bool_]:
    """Return which rows of a table a change is of, and from its first day on."""
    rows = inputs[table]
    mask = np.ones(len(rows), dtype=bool)
    for kind, name in change.of:
        mask &= _match_rows(inputs, rows, kind, name)
    if change.since is not None and dated in rows:
        mask &= (rows[dated] >= change.since).to_numpy()
    return mask


def _match_rows(inputs: Inputs, rows: pd.DataFrame, kind: str, name: str) -> npt.NDArray[np.bool_]:
    if kind in rows:
        return np.asarray((rows[kind] == name).to_numpy(), dtype=bool)
    if kind == "group" and "activity" in rows:
        terms = inputs["Activities"]
        activities = set(terms.loc[(terms["group"] == name).to_numpy(), "activity"].astype(str))
        return np.asarray(rows["activity"].isin(activities).to_numpy(), dtype=bool)
    if "customer" in rows:
        words = rows["customer"].cat.categories
        values = attributes.find_values(inputs, kind, pd.Index(words))
        own = np.array([*(fold_name(str(v)) == fold_name(name) for v in values), False], dtype=bool)
        return np.asarray(own[rows["customer"].cat.codes.to_numpy()])
    return np.zeros(len(rows), dtype=bool)


# --- sales, and what follows them -------------------------------------------------------------------------

_SALES = (
    *(Changed.PRICE, Changed.VOLUME, Changed.ELASTICITY),
    *(Changed.DISCOUNT, Changed.COST_OF_GOODS),
)


def _change_sales(inputs: Inputs, changes: Sequence[Change]) -> Frames:
    """Return Sales with these changes, and the tables that follow it."""
    sales = inputs["Sales"]
    price, volume = np.ones(len(sales)), np.ones(len(sales))
    elasticity = np.zeros(len(sales))
    for change in changes:
        mask = find_changed_rows(inputs, "Sales", change)
        if change.what is Changed.PRICE:
            price[mask] *= 1 + change.amount
        elif change.what is Changed.VOLUME:
            volume[mask] *= 1 + change.amount
        elif change.what is Changed.ELASTICITY:
            elasticity[mask] = change.amount
    moved = (price > 0) & (np.abs(elasticity) > 0)
    # A power may differ in its last digit from processor to processor: twelve decimals do not.
    volume = volume * np.where(moved, np.round(np.where(price > 0, price, 1.0) ** elasticity, 12), 1.0)
    changed = sales.assign(
        **{c: sales[c].to_numpy() * price * volume for c in ("gross_revenue", "discount", "returns")},
        **{c: sales[c].to_numpy() * volume for c in ("cogs", "quantity")},
    )
    changed = _change_sold_amounts(inputs, changed, changes)
    return {"Sales": changed, **_follow_volume(inputs, volume), **_follow_revenue(inputs, changed)}


def _change_sold_amounts(inputs: Inputs, changed: pd.DataFrame, changes: Sequence[Change]) -> pd.DataFrame:
    """Return Sales, of other prices and volumes already, with the changes of discounts and of cost of goods."""
    for change in changes:
        mask = find_changed_rows(inputs, "Sales", change)
        if change.what is Changed.DISCOUNT:
            gross, discount = changed["gross_revenue"].to_numpy(), changed["discount"].to_numpy()
            discount = np.where(mask, change.amount * gross + (0.0 if change.to else discount), discount)
            changed = changed.assign(discount=discount)
        elif change.what is Changed.COST_OF_GOODS:
            cogs = changed["cogs"].to_numpy()
            changed = changed.assign(cogs=np.where(mask, cogs * (1 + change.amount), cogs))
    return changed


def find_ratios(inputs: Inputs, table: str, dated: str, before: Floats, after: Floats) -> Floats:
    """Return, for each row of a table, by how much its customer's sales of the period changed: after / before.

    Where the customer sold nothing in the period the ratio of all its sales counts, and 1 where it sold nothing at all.

    Args:
        inputs: the tables.
        table: the table whose rows follow.
        dated: its column of days.
        before: an amount of each row of Sales.
        after: the same, changed.
    """
    sales, rows = inputs["Sales"], inputs[table]
    count = len(list_labels(inputs.settings))
    names = pd.Index(
        sorted({*sales["customer"].cat.categories, *rows["customer"].cat.categories}), dtype=object
    )
    who = _place_words(names, sales["customer"])
    flat = who * count + place_dates(sales["date"], inputs.settings)
    order = np.lexsort([after, before, flat])  # sums must not depend on the order of the rows
    sums = [np.bincount(flat[order], weights=w[order], minlength=len(names) * count) for w in (before, after)]
    whole = [s.reshape(len(names), count).sum(axis=1) for s in sums]
    known = _place_words(names, rows["customer"])
    cell = known * count + place_dates(rows[dated].fillna(inputs.settings.end), inputs.settings)
    ratio = _divide(sums[1][cell], sums[0][cell], np.nan)
    return np.where(np.isnan(ratio), _divide(whole[1][known], whole[0][known], 1.0), ratio)


def _place_words(names: pd.Index, column: pd.Series) -> npt.NDArray[np.int64]:
    places = names.get_indexer(pd.Index(column.cat.categories))
    return np.asarray(places[column.cat.codes.to_numpy()], dtype=np.int64)


def _divide(part: Floats, whole: Floats, otherwise: float) -> Floats:
    some = whole > 0
    return np.where(some, part / np.where(some, whole, 1.0), otherwise)


def _follow_volume(inputs: Inputs, volume: Floats) -> Frames:
    """Return the log with the activities of each unit and batch in step with what their customers buy."""
    log, terms = inputs["ActivityLog"], inputs["Activities"]
    if (volume == 1).all() or not len(log):
        return {}
    gross = np.maximum(inputs["Sales"]["gross_revenue"].to_numpy(np.float64), 0.0)
    ratio = find_ratios(inputs, "ActivityLog", "date", gross, gross * volume)
    scaled = set(terms.loc[terms["level"].isin(SCALED_LEVELS).to_numpy(), "activity"].astype(str))
    factor = np.where(log["activity"].isin(scaled).to_numpy(), ratio, 1.0)
    return {"ActivityLog": _scale_log(log, factor)} if (factor != 1).any() else {}


def _scale_log(log: pd.DataFrame, factor: Floats) -> pd.DataFrame:
    return log.assign(**{c: log[c].to_numpy(np.float64) * factor for c in list_drivers(log)})


def _follow_revenue(inputs: Inputs, changed: pd.DataFrame) -> Frames:
    """Return invoices and balances in step with the net revenue of their customers."""

    def net(sales: pd.DataFrame) -> Floats:
        return np.asarray(
            (sales["gross_revenue"] - sales["discount"] - sales["returns"]).to_numpy(np.float64)
        )

    found: Frames = {}
    for table, dated, columns in (
        (INVOICES.name, "issued", ("amount", "written_off", "recovered")),
        (BALANCES.name, "date", ("balance",)),
    ):
        rows = inputs[table]
        ratio = find_ratios(inputs, table, dated, net(inputs["Sales"]), net(changed))
        if (ratio != 1).any():
            found[table] = rows.assign(**{c: rows[c].to_numpy(np.float64) * ratio for c in columns})
    return found


# --- all other inputs -------------------------------------------------------------------------------------


def _change_activity(inputs: Inputs, change: Change) -> Frames:
    factor = np.where(find_changed_rows(inputs, "ActivityLog", change), 1 + change.amount, 1.0)
    return {"ActivityLog": _scale_log(inputs["ActivityLog"], factor)}


def _change_activity_rate(inputs: Inputs, change: Change) -> Frames:
    mask, terms = find_changed_rows(inputs, "Activities", change), inputs["Activities"]
    return {"Activities": terms.assign(rate=terms["rate"] * np.where(mask, 1 + change.amount, 1.0))}


def _change_direct_costs(inputs: Inputs, change: Change) -> Frames:
    mask, rows = find_changed_rows(inputs, "DirectCosts", change), inputs["DirectCosts"]
    return {"DirectCosts": rows.assign(amount=rows["amount"] * np.where(mask, 1 + change.amount, 1.0))}


def _change_resource(column: str) -> Callable[[Inputs, Change], Frames]:
    def change_column(inputs: Inputs, change: Change) -> Frames:
        rows = inputs["Resources"]
        share = _find_share_since(inputs, rows["period"], change.since)
        factor = 1 + change.amount * np.where(find_changed_rows(inputs, "Resources", change), share, 0.0)
        return {"Resources": rows.assign(**{column: rows[column] * factor})}

    return change_column


def _find_share_since(inputs: Inputs, periods: pd.Series, since: pd.Timestamp | None) -> Floats:
    """Return which share of the days of each period, blank for the whole span, lies on or after a day."""
    if since is None:
        return np.ones(len(periods))
    spans = list_spans(inputs.settings)
    first, last = spans[0].start_time.normalize(), spans[-1].end_time.normalize()
    shares = {}
    for label in pd.unique(periods):
        given = pd.Period(str(label).replace("-Q", "Q")) if label else None
        start = given.start_time.normalize() if given is not None else first
        end = given.end_time.normalize() if given is not None else last
        left = (end - max(start, since)).days + 1
        shares[label] = min(max(left / ((end - start).days + 1), 0.0), 1.0)
    return np.asarray([shares[label] for label in periods], dtype=np.float64)


def _change_credit(inputs: Inputs, change: Change) -> Frames:
    masks = {
        table: find_changed_rows(inputs, table, change, dated)
        for table, dated in ((INVOICES.name, "issued"), (BALANCES.name, "date"))
    }
    return change_payment_days(inputs, masks, change)


_CHANGES: Mapping[Changed, Callable[[Inputs, Change], Frames]] = {
    Changed.ACTIVITY: _change_activity,
    Changed.ACTIVITY_RATE: _change_activity_rate,
    Changed.DIRECT_COSTS: _change_direct_costs,
    Changed.RESOURCE_COST: _change_resource("cost"),
    Changed.CAPACITY: _change_resource("capacity"),
    Changed.PAYMENT_DAYS: _change_credit,
    Changed.RETENTION: lambda inputs, change: {},
}
