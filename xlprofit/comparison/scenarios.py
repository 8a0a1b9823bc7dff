"""Scenarios: changes of the inputs, from which everything is computed anew. Nothing is patched in the results.

What a change carries with it is said once, here. A *price* changes gross revenue, discounts and returns alike, and no
cost of goods. A *volume* changes all of a sale, and the activities of the levels output-unit and batch in step with
what the customer buys, for they are done once more for each unit or batch; activities of the level customer stay. An
*elasticity* ε makes the volume follow the price, *volume factor = price factor^ε* (constant elasticity). Invoices and
balances follow the net revenue of their customer and period, and so does the cost of credit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.addresses import format_address
from xlprofit.arguments import list_given
from xlprofit.comparison.payment import change_payment_days, count_held_payments
from xlprofit.comparison.reach import (
    REACHED,
    describe_no_effect,
    find_reached_rows,
    find_unreached,
    has_effect,
)
from xlprofit.comparison.sales_changes import SALES_CHANGES, Frames, Told, change_sales, scale_log
from xlprofit.errors import XlprofitError
from xlprofit.findings import CATALOGUE, Finding, build_finding, phrase
from xlprofit.ledger.periods import list_spans
from xlprofit.messages import _, day
from xlprofit.reading.faults import Trouble
from xlprofit.rules.changes import (
    Change,
    describe_conflict,
    find_conflict,
    is_after_span,
    list_known_names,
    order_changes,
    parse_change,
    parse_row,
    say_amount,
)
from xlprofit.rules.scenarios import list_scenarios
from xlprofit.vocabulary.what_if import CHANGED, Changed

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.tables import Inputs

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Applied:
    """Inputs with changes made, and what is to be said of these.

    Attributes:
        inputs: the tables.
        told: changes and what is wrong with each; those whose code is an error were not made.
        count: how many changes there were.
    """

    inputs: Inputs
    told: tuple[tuple[Change, Trouble], ...]
    count: int

    @property
    def is_changed(self) -> bool:
        """Whether any of the changes was made."""
        return self.count > sum(CATALOGUE[trouble.code].severity == "error" for _change, trouble in self.told)


def list_changes(inputs: Inputs) -> dict[str, tuple[Change, ...]]:
    """Return the changes of each scenario of the table Scenarios, sorted by name."""
    table = inputs["Scenarios"]
    if not len(table):
        return {}
    known = list_known_names(inputs.frames, inputs.history)
    found: dict[str, tuple[Change, ...]] = {}
    for name in list_scenarios(table):
        rows = list_scenario_rows(table, name)
        columns = [rows[c] for c in ("what", "of", "change", "from", "row")]
        parsed = [
            (parse_row(str(what), str(of), str(change), since, known), row)
            for what, of, change, since, row in zip(*columns, strict=True)
        ]
        found[name] = tuple(replace(one, row=int(row)) for one, row in parsed if isinstance(one, Change))
    return found


def list_scenario_rows(frame: pd.DataFrame, scenario: str) -> pd.DataFrame:
    """Return the rows of a scenario, in the order in which changes are applied."""
    rows = frame[(frame["scenario"] == scenario).to_numpy()]
    place = [CHANGED.index(str(what)) for what in rows["what"]]
    ordered = rows.assign(place=place).sort_values(["place", "of", "from", "change"], kind="stable")
    return ordered.drop(columns="place")


def apply_scenarios(inputs: Inputs) -> dict[str, Applied]:
    """Return the inputs with the changes of each scenario of the table Scenarios made, by its name."""
    return {name: apply_changes(inputs, changes) for name, changes in list_changes(inputs).items()}


def check_scenarios(inputs: Inputs, applied: Mapping[str, Applied]) -> list[Finding]:
    """Return the findings of changes of the table Scenarios that reach nothing, change nothing or go too far."""
    found = []
    cells, sheet = inputs.cells.get("Scenarios", {}), inputs.sheets.get("Scenarios", "Scenarios")
    for one in applied.values():
        for change, trouble in one.told:
            column = cells.get(
                "from" if trouble.code == "V11" and change.since is not None else _PLACES[trouble.code], 1
            )
            cell = format_address(change.row, column) if cells else ""
            found.append(build_finding(trouble.code, sheet, cell, trouble.what, fix=trouble.fix))
    return found


_PLACES = {"V05": "change", "V11": "of", "V12": "change", "V13": "change"}
"""The column in which a finding of a code stands."""


def read_changes(inputs: Inputs, changes: str | Change | Sequence[str | Change]) -> tuple[Change, ...]:
    """Return changes, those that are written on a line read.

    Raises:
        ArgumentError: one is neither a text nor a change.
        XlprofitError: one cannot be read, is of a name that is not there or begins after the period analysed; or two
            set the same to different levels.
    """
    known, settings = list_known_names(inputs.frames, inputs.history), inputs.settings
    given = list_given(changes, (str, Change), "changes", _('changes such as "price +3% segment:Hotels"'))
    found = tuple(parse_change(one, known) if isinstance(one, str) else one for one in given)
    if any(is_after_span(change, settings) for change in found):
        raise XlprofitError(phrase("V10", "after", day=day(settings.end)), phrase("V10", "earlier"))
    for one, other in combinations(found, 2):
        how = find_conflict(one, other)
        if how == "set" or (how == "overlap" and _share_rows(inputs, one, other)):
            raise XlprofitError(describe_conflict(how, one, other, refused=True), phrase("V09", "leave_one"))
    return found


def _share_rows(inputs: Inputs, one: Change, other: Change) -> bool:
    """Whether any row is of both of two changes of the same."""
    return any(
        bool(
            (
                find_reached_rows(inputs, table, one, dated) & find_reached_rows(inputs, table, other, dated)
            ).any()
        )
        for table, dated in REACHED[one.what]
    )


def make_scenario(
    inputs: Inputs, changes: str | Change | Sequence[str | Change]
) -> tuple[Inputs, list[Finding]]:
    """Return the inputs with changes made, and the warnings of those that change nothing or are held at a limit.

    Raises:
        XlprofitError: as :func:`read_changes`; or a change reaches nothing, or goes further than is possible.
    """
    read = read_changes(inputs, changes)
    applied = apply_changes(inputs, read)
    told = [trouble for _change, trouble in applied.told]
    for one, other in combinations(read, 2):
        if find_conflict(one, other) == "again":
            told.append(Trouble("V09", describe_conflict("again", one, other)))
    for trouble in told:
        fix = _(CATALOGUE[trouble.code].fix) if trouble.fix is None else trouble.fix
        if CATALOGUE[trouble.code].severity == "error":
            raise XlprofitError(trouble.what, fix)
    return applied.inputs, [build_finding(t.code, "", "", t.what, fix=t.fix) for t in told]


def apply_changes(inputs: Inputs, changes: Sequence[Change]) -> Applied:
    """Return the inputs with these changes made. Their order does not matter: the narrower of two is made last."""
    ordered, told = _sift_reached(inputs, order_changes(changes))
    frames = dict(inputs.frames)
    sales = [c for c in ordered if c.what in SALES_CHANGES]
    if sales:
        sold, said = change_sales(inputs, sales)
        frames |= sold
        told += said
    changed = inputs.assume(frames)
    for change in (c for c in ordered if c.what not in SALES_CHANGES):
        before, changed = changed, _make_change(changed, change)
        told += _tell_effect(before, changed, change)
    return Applied(changed, tuple(told), len(changes))


def _sift_reached(inputs: Inputs, changes: Sequence[Change]) -> tuple[list[Change], Told]:
    """Return the changes that reach any row, and what is wrong with the others."""
    unreached = [(change, find_unreached(inputs, change)) for change in changes]
    told = [(change, trouble) for change, trouble in unreached if trouble is not None]
    return [change for change, trouble in unreached if trouble is None], told


def _make_change(inputs: Inputs, change: Change) -> Inputs:
    """Return the inputs with a change made that is not of Sales."""
    frames = {**inputs.frames, **_CHANGES[change.what](inputs, change)}
    settings = inputs.settings
    if change.what is Changed.RETENTION:
        settings = replace(settings, retention=change.amount)
    return replace(inputs, frames=frames, settings=settings)


def _tell_effect(before: Inputs, after: Inputs, change: Change) -> Told:
    """Return that a change changes nothing, or that payments are held at the day of issue."""
    moved = {name: rows for name, rows in after.frames.items() if rows is not before.frames[name]}
    if before.settings == after.settings and not has_effect(before.frames, moved):
        return [(change, describe_no_effect(change))]
    if change.what is not Changed.PAYMENT_DAYS:
        return []
    held = count_held_payments(before, find_reached_rows(before, "Invoices", change, "issued"), change)
    if not held:
        return []
    what = phrase("V13", "held_payments", n=held, change=say_amount(change))
    return [(change, Trouble("V13", what, phrase("V13", "level")))]


# --- all other inputs -------------------------------------------------------------------------------------


def _change_activity(inputs: Inputs, change: Change) -> Frames:
    factor = np.where(find_reached_rows(inputs, "ActivityLog", change), 1 + change.amount, 1.0)
    return {"ActivityLog": scale_log(inputs["ActivityLog"], factor)}


def _change_activity_rate(inputs: Inputs, change: Change) -> Frames:
    mask, terms = find_reached_rows(inputs, "Activities", change), inputs["Activities"]
    return {"Activities": terms.assign(rate=terms["rate"] * np.where(mask, 1 + change.amount, 1.0))}


def _change_direct_costs(inputs: Inputs, change: Change) -> Frames:
    mask, rows = find_reached_rows(inputs, "DirectCosts", change), inputs["DirectCosts"]
    return {"DirectCosts": rows.assign(amount=rows["amount"] * np.where(mask, 1 + change.amount, 1.0))}


def _change_resource(column: str) -> Callable[[Inputs, Change], Frames]:
    def change_column(inputs: Inputs, change: Change) -> Frames:
        rows = inputs["Resources"]
        share = _find_share_since(inputs, rows["period"], change.since)
        factor = 1 + change.amount * np.where(find_reached_rows(inputs, "Resources", change), share, 0.0)
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
        table: find_reached_rows(inputs, table, change, dated)
        for table, dated in REACHED[Changed.PAYMENT_DAYS]
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
