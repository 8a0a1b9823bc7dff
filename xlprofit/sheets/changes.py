"""The sheet *Changes*: why profit changed, for the company and customer by customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.comparison.bridge import EFFECTS
from xlprofit.messages import N_, _, join_messages, number
from xlprofit.sheets import names
from xlprofit.sheets.effects import EFFECT_HEADERS, EFFECT_NOTES
from xlprofit.sheets.frame import (
    build_sheet_heading,
    fill_columns,
    format_money_amount,
    list_cell_values,
)
from xlprofit.sheets.parts import (
    Cell,
    Chart,
    Column,
    Format,
    Meaning,
    Sheet,
    SignRule,
    Table,
)
from xlprofit.sheets.waterfall import Step, build_step_column, list_waterfall_series, tabulate_parts
from xlprofit.vocabulary.effects import Effect
from xlprofit.vocabulary.measures import Measure

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.comparison.bridge import Comparison
    from xlprofit.comparison.versions import ChosenComparison
    from xlprofit.results import Results

BRIDGE, CUSTOMERS, WATERFALL = "changes_bridge", "changes", "changes_waterfall"
BRIDGE_ROW = 6
LEAST_CHARTED = 18
"""So many rows tall the waterfall is at least."""
STEPS = 5
"""Effects that the waterfall shows one by one; the smaller ones are shown together."""

EFFECTS_SHOWN = 5
"""Effects of customers that are in sight, the largest first; the others are folded."""

LEAST = 0.5
"""An effect smaller than this, in currency, is not shown."""

MOST = 3
"""Effects that the headline names."""

SECOND = 0.25
"""The share of the largest effect from which a second one is named beside it."""


def describe_changes_sheet(results: Results) -> Sheet | None:
    """Return the sheet; ``None`` where the run compares nothing."""
    return None if results.change is None else describe_change(results.change, results)


def describe_change(change: ChosenComparison, results: Results) -> Sheet:
    """Return the sheet of a change; ``results`` are those of after."""
    comparison = change.comparison
    bridge = _build_bridge_table(comparison)
    charted = max(bridge.rows + 1, LEAST_CHARTED)
    row = bridge.row + charted + 4
    customers = _build_customers_table(comparison, row)
    waterfall = _build_waterfall_table(comparison, customers.last + 4, results)
    currency = results.inputs.settings.currency
    return Sheet(
        names.translate_sheet_name(names.CHANGES),
        cells=(
            *build_sheet_heading(_("Changes"), _describe_sides(change) + f" · {currency}", across=8),
            Cell(3, 1, describe_movement(comparison, results), Meaning.NOTE, across=8),
            Cell(BRIDGE_ROW - 1, 1, _("The company"), Meaning.SECTION, across=3),
            Cell(row - 3, 1, _("Customers, the largest change first"), Meaning.SECTION, across=8),
            Cell(
                row - 2,
                1,
                _(
                    "Volume and mix of a customer are of its own products; the company's are of all that was sold."
                ),
                Meaning.NOTE,
                across=8,
            ),
            Cell(waterfall.row - 1, 1, _("Figures behind the chart"), Meaning.SECTION, across=6),
        ),
        tables=(bridge, customers, waterfall),
        charts=(_build_waterfall_chart(waterfall, charted),),
        freeze="B4",
        tab=Meaning.TITLE,
        currency=currency,
        breaks=(row - 3,),
        repeat_rows=(row, row),
    )


def name_side(change: ChosenComparison, after: bool) -> str:
    """Return what a side of a change is called: a span of periods, a plan, actual, a scenario."""
    side = change.comparison.after if after else change.comparison.before
    if change.kind == "plan" and after:
        return _("Actual")
    if change.kind == "scenario" and not after:
        return _("As it is")
    return side.label


def _describe_sides(change: ChosenComparison) -> str:
    return _("{after} against {before}", after=name_side(change, True), before=name_side(change, False))


def describe_movement(comparison: Comparison, results: Results) -> str:
    """Return by how much the company's profit changed, and what did most of it."""
    company = comparison.company["total"].drop(str(Measure.COMPANY_PROFIT))
    before, after = comparison.before.company_profit, comparison.after.company_profit
    moved = after - before
    figures = {
        "before": format_money_amount(before, results),
        "after": format_money_amount(after, results),
        "money": format_money_amount(abs(moved), results),
    }
    if abs(moved) < LEAST:
        return _("Company profit did not change: {after}", **figures)
    largest = company[(company * np.sign(moved) > LEAST).to_numpy()]
    largest = largest.sort_values(ascending=moved < 0, kind="stable")[:MOST]
    parts = join_messages(
        ", ",
        (
            _("{effect} {amount}", effect=_(EFFECT_HEADERS[str(name)]), amount=number(value, "+,.0f"))
            for name, value in largest.items()
        ),
    )
    if moved > 0:
        return _("Company profit rose by {money}, from {before} to {after}: {parts}", parts=parts, **figures)
    return _("Company profit fell by {money}, from {before} to {after}: {parts}", parts=parts, **figures)


# --- the company ------------------------------------------------------------------------------------------


def _build_bridge_table(comparison: Comparison) -> Table:
    company = comparison.company
    rows = company.drop(str(Measure.COMPANY_PROFIT))
    rows = rows[(rows["total"].abs() >= LEAST).to_numpy()]
    labels: list[str] = [
        _("Profit before"),
        *(_(EFFECT_HEADERS[str(e)]) for e in rows.index),
        _("Profit after"),
    ]
    amounts = [comparison.before.company_profit, *map(float, rows["total"]), comparison.after.company_profit]
    notes: list[str | None] = [None, *(_(EFFECT_NOTES[str(e)]) for e in rows.index), None]
    columns = (
        Column("effect", _("What changed"), labels, width=26.0),
        Column("amount", _("Company profit"), amounts, Format.MONEY, 13.0, rules=(SignRule(),)),
        Column("note", _("What it is"), notes, width=34.0),
    )
    return Table(BRIDGE, BRIDGE_ROW, 1, columns, filtered=False)


def _build_waterfall_table(comparison: Comparison, row: int, results: Results) -> Table:
    """Return the steps of the waterfall: an invisible base, and above or below it what is seen."""
    steps = list_waterfall_steps(comparison)
    parts = tabulate_parts(steps)
    columns = (
        build_step_column(_("What changed"), steps, results),
        *(Column(key, _(PARTS[key]), list_cell_values(parts[key]), Format.MONEY, 13.0) for key in PARTS),
    )
    return Table(WATERFALL, row, 1, columns, filtered=False)


PARTS = {
    "base": N_("Base, not drawn"),
    "total": N_("Company profit"),
    "rise": N_("Better"),
    "fall": N_("Worse"),
    "rise_below": N_("Better, below zero"),
    "fall_below": N_("Worse, below zero"),
}
"""The series of the waterfall, each with its words. Those below zero are only for a step that crosses it."""


def list_waterfall_steps(comparison: Comparison) -> list[Step]:
    """Return the steps of the company's waterfall: label, where it starts and ends, and whether it is a total."""
    company = comparison.company["total"].drop(str(Measure.COMPANY_PROFIT))
    shown = company[(company.abs() >= LEAST).to_numpy()]
    ranked = shown.abs().sort_values(ascending=False, kind="stable").index
    kept = set(ranked if len(ranked) <= STEPS + 1 else ranked[:STEPS])
    at = comparison.before.company_profit
    steps: list[Step] = [(_("Profit before"), 0.0, at, True)]
    for effect in (e for e in company.index if e in kept):
        steps.append((_(EFFECT_HEADERS[str(effect)]), at, at + float(company[effect]), False))
        at = steps[-1][2]
    end = comparison.after.company_profit
    if len(kept) < len(shown):
        steps.append((_("Smaller effects"), at, end, False))
    return [*steps, (_("Profit after"), 0.0, end, True)]


def _build_waterfall_chart(table: Table, rows: int) -> Chart:
    crossing = {
        key
        for key in ("rise_below", "fall_below")
        if any(v is not None for v in table.columns[table.position(key) - 1].values)
    }
    drawn = [key for key in PARTS if not key.endswith("_below") or key in crossing]
    return Chart(
        "column",
        _("From profit before to profit after"),
        BRIDGE_ROW - 1,
        4,
        (WATERFALL, "step"),
        list_waterfall_series(WATERFALL, PARTS, drawn),
        width=440.0,
        height=rows * 15.0 + 15.0,
        stacked=True,
        plain=True,
    )


# --- customers --------------------------------------------------------------------------------------------

WHOLE = (str(Effect.NEW), str(Effect.LOST))
NEW_OR_LOST = "new_or_lost"
_CUSTOMER_HEADERS = {NEW_OR_LOST: N_("New or lost")}
"""The headers of what customers alone have: a new or a lost one has no other effect."""

COLUMNS = (
    Column("customer", N_("Customer"), (), width=26.0),
    Column(
        "change",
        N_("Change"),
        (),
        Format.MONEY,
        14.0,
        N_("Profit after - profit before"),
        total="sum",
        rules=(SignRule(change=True),),
    ),
    Column(
        "reason", N_("Mostly"), (), width=34.0, note=N_("The largest effects in the direction of the change")
    ),
    Column("before", N_("Profit before"), (), Format.MONEY, 13.0, total="sum", rules=(SignRule(),)),
    Column("after", N_("Profit after"), (), Format.MONEY, 13.0, total="sum", rules=(SignRule(),)),
)
"""The columns of the table of customers before those of the effects."""


def _select_shown_effects(bridge: pd.DataFrame, whole: npt.NDArray[np.bool_]) -> dict[str, pd.Series]:
    """Return the effects that move some customer, the largest in sum first; blank where a change is not taken apart.

    Args:
        bridge: the effects, a row each customer.
        whole: whether the change of each customer, new or lost, stands as a whole.
    """
    moved = {e: bridge[e].mask(whole) for e in EFFECTS if e not in WHOLE}
    shown = {effect: values for effect, values in moved.items() if (values.abs() >= LEAST).any()}
    largest = sorted(shown, key=lambda effect: -float(shown[effect].abs().sum()))
    return {effect: shown[effect] for effect in largest}


def _build_customers_table(comparison: Comparison, row: int) -> Table:
    profits, bridge = comparison.profits, comparison.bridge
    order = np.lexsort([np.arange(len(profits)), -profits["change"].abs().to_numpy()])
    profits, bridge = profits.iloc[order], bridge.iloc[order]
    reasons = list_reasons(bridge)
    whole = comparison.status.iloc[order].to_numpy(dtype=object) != ""
    shown = _select_shown_effects(bridge, whole)
    if whole.any():
        shown = {NEW_OR_LOST: profits["change"].where(whole), **shown}
    columns = (
        *fill_columns(COLUMNS, profits, {"customer": [str(c) for c in profits.index], "reason": reasons}),
        *(
            Column(
                effect,
                _(_CUSTOMER_HEADERS.get(effect, "") or EFFECT_HEADERS[effect]),
                list_cell_values(values),
                Format.MONEY,
                12.0,
                _(EFFECT_NOTES[effect]) if effect in EFFECT_NOTES else "",
                total="sum",
                rules=(SignRule(),),
                detail=place >= EFFECTS_SHOWN,
            )
            for place, (effect, values) in enumerate(shown.items())
        ),
    )
    return Table(
        CUSTOMERS, row, 1, columns, total_first=True, total_label=_("All customers"), empty=_("No customers")
    )


def list_reasons(bridge: pd.DataFrame) -> list[str | None]:
    """Return what did most of each customer's change, in words: one effect, or two; blank where nothing changed."""
    table = bridge.to_numpy()
    change = table.sum(axis=1)
    ranked = table * np.sign(change)[:, None]
    order = np.argsort(-ranked, axis=1, kind="stable")[:, :2]
    sizes = np.take_along_axis(ranked, order, axis=1)
    known: dict[tuple[int, int], str] = {}
    found: list[str | None] = []
    for (first, second), (one, two), moved in zip(
        order.tolist(), sizes.tolist(), np.abs(change).tolist(), strict=True
    ):
        if moved < LEAST or one <= 0:
            found.append(None)
            continue
        pair = (first, second if two >= SECOND * one else -1)
        found.append(known.setdefault(pair, _say_reason(pair)))
    return found


def _say_reason(pair: tuple[int, int]) -> str:
    first = EFFECTS[pair[0]]
    if first == Effect.NEW:
        return _("New customer")
    if first == Effect.LOST:
        return _("Lost customer")
    said = _(EFFECT_HEADERS[first])
    if pair[1] < 0:
        return said
    return _("{first}, then {second}", first=said, second=_(EFFECT_HEADERS[EFFECTS[pair[1]]]))
