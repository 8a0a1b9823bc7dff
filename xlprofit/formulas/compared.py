"""What plans and scenarios come to, and what changed, on the results sheet."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from xlprofit.formulas.cells import BLANK, FormulaError, fold_cell_name, fold_measure_name, is_blank
from xlprofit.formulas.groups import GroupRow
from xlprofit.formulas.results_sheet import ResultColumn
from xlprofit.formulas.words import (
    NOT_KEPT,
    build_unknown_word_error,
    compute_cell_margin,
    find_column_places,
    find_meant_part,
    find_measure_key,
    find_period_labels,
    get_row_cell,
    list_ledger_lines,
    make_measure_getter,
    sum_row_cells,
)
from xlprofit.languages import list_terms
from xlprofit.messages import _, term
from xlprofit.vocabulary.measures import Measure

if TYPE_CHECKING:
    from xlprofit.formulas.cells import Value
    from xlprofit.formulas.results_sheet import Lookup

    Getter = Callable[[Sequence[object]], Value]

RUN, SERVED = "scenario", "served"
"""The kinds of the columns of the results sheet that are of a plan or a scenario: a measure, a line that serves."""


def make_run_getter(lookup: Lookup, measure: object, period: object, scenario: object = BLANK) -> Getter:
    """Return what takes a measure of a period, of what is or of a plan or a scenario, from a customer's row."""
    if is_actual(scenario):
        return make_measure_getter(lookup, measure, period)
    key = find_measure_key(lookup, Measure.PROFIT if is_blank(measure) else measure)
    if key == Measure.MARGIN:
        profit, revenue = (
            make_run_getter(lookup, name, period, scenario) for name in (Measure.PROFIT, Measure.NET_REVENUE)
        )
        return lambda row: compute_cell_margin(profit(row), revenue(row))
    run = _resolve_run(lookup, scenario)
    name = next(c.name for c in lookup.columns if c.kind == RUN and fold_measure_name(c.name) == key)
    labels = find_period_labels(lookup, period)
    places = find_column_places(lookup, [ResultColumn(RUN, name, run)], labels)
    if len(places) == 1:
        return lambda row: _get_compared_cell(row, places[0])
    return lambda row: _sum_compared_cells(row, places)


def make_run_cost_getter(lookup: Lookup, part: object, period: object, scenario: object) -> Getter:
    """Return what takes the cost to serve of a plan or a scenario, or a part of it, from a customer's row."""
    whole = make_run_getter(lookup, Measure.COST_TO_SERVE, period, scenario)
    if is_blank(part):
        return whole
    run = _resolve_run(lookup, scenario)
    # What serves now and not in the scenario costs nothing there: it is no unknown word.
    actual = [c for c in list_ledger_lines(lookup) if Measure.COST_TO_SERVE in c.measures]
    served = [c for c in lookup.columns if c.kind == SERVED and c.group == run and not c.period]
    if not served and actual:
        raise FormulaError("#N/A", _(NOT_KEPT))
    lines = dict.fromkeys((c.name, c.group) for c in actual) | {(c.name, c.measures[0]): c for c in served}
    chosen = find_meant_part([ResultColumn(SERVED, *line) for line in lines], part)
    columns = [found for found in (lines[c.name, c.group] for c in chosen) if found is not None]
    places = find_column_places(lookup, columns, find_period_labels(lookup, period))

    def add_up(row: Sequence[object]) -> Value:
        return BLANK if is_blank(whole(row)) else sum_row_cells(row, places)

    return add_up


def is_actual(scenario: object) -> bool:
    """Whether a cell names no plan and no scenario."""
    return is_blank(scenario) or fold_cell_name(scenario) in {"actual", *_list_actual_words()}


def _list_actual_words() -> list[str]:
    return [fold_cell_name(word) for word in list_terms("word", "actual")]


def _resolve_run(lookup: Lookup, scenario: object) -> str:
    """Return the name of a plan or a scenario as it is spelt."""
    runs = list(dict.fromkeys(c.group for c in lookup.columns if c.kind == RUN and not c.period))
    wanted = fold_cell_name(scenario)
    found = next((run for run in runs if fold_cell_name(run) == wanted), None)
    if found is None:
        raise build_unknown_word_error("plan or scenario", scenario, runs)
    return found


def _sum_compared_cells(row: Sequence[object], places: Sequence[int]) -> Value:
    """Return the sum of several cells of :func:`_get_compared_cell`; blank where all of them are."""
    cells = [cell for cell in (_get_compared_cell(row, place) for place in places) if not is_blank(cell)]
    return math.fsum(map(float, cells)) if cells else BLANK  # type: ignore[arg-type]  # numbers, as a refresh writes


def _get_compared_cell(row: Sequence[object], place: int) -> Value:
    """Return a cell of plans, scenarios or changes; of a group only where each of its rows has one.

    Raises:
        FormulaError: ``#N/A``; some customer of a group has none, such as one that changed groups.
    """
    if isinstance(row, GroupRow) and any(is_blank(get_row_cell(one, place)) for one in row.rows):
        raise FormulaError("#N/A", _("It is not known for every customer of the group"))
    return get_row_cell(row, place)  # type: ignore[return-value]


def make_change_getter(lookup: Lookup, effect: object) -> Getter:
    """Return what takes the change of a customer's profit, or an effect of it, from its row."""
    kept = [c for c in lookup.columns if c.kind == "change"]
    if not kept:
        raise FormulaError(
            "#N/A",
            _(
                "The last refresh compared nothing: set {compare} in {Settings}",
                compare=term("setting", "compare"),
            ),
        )
    wanted = "" if is_blank(effect) else fold_measure_name(effect)
    for column in kept:
        names = {fold_measure_name(word) for word in (column.name, *list_terms("word", column.name))}
        if wanted in names or (not wanted and not column.name):
            place = lookup.where["change", column.name, "", ""]
            return lambda row: _get_compared_cell(row, place)
    raise build_unknown_word_error("effect", effect, [term("word", c.name) for c in kept if c.name])
