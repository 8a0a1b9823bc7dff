"""What plans and scenarios come to, and what changed, on the results sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from xlprofit.formulas.cells import BLANK, FormulaError, fold_cell_name, fold_measure_name, is_blank
from xlprofit.formulas.groups import GroupRow
from xlprofit.formulas.words import (
    build_unknown_word_error,
    compute_cell_margin,
    find_measure_key,
    get_row_cell,
    make_measure_getter,
)
from xlprofit.languages import list_terms
from xlprofit.messages import _, term
from xlprofit.vocabulary.measures import Measure

if TYPE_CHECKING:
    from xlprofit.formulas.cells import Value
    from xlprofit.formulas.results_sheet import Lookup

    Getter = Callable[[Sequence[object]], Value]


def make_run_getter(lookup: Lookup, measure: object, period: object, scenario: object = BLANK) -> Getter:
    """Return what takes a measure of a period, or of a plan or a scenario, from a customer's row."""
    if is_blank(scenario) or fold_cell_name(scenario) in {"actual", *_list_actual_words()}:
        return make_measure_getter(lookup, measure, period)
    key = find_measure_key(lookup, Measure.PROFIT if is_blank(measure) else measure)
    return _make_scenario_getter(lookup, key, period, scenario)


def _list_actual_words() -> list[str]:
    return [fold_cell_name(word) for word in list_terms("word", "actual")]


def _make_scenario_getter(lookup: Lookup, key: str, period: object, scenario: object) -> Getter:
    """Return what takes a measure of a plan or a scenario from a customer's row."""
    kept = [c for c in lookup.columns if c.kind == "scenario" and fold_measure_name(c.name) == key]
    wanted = fold_cell_name(scenario)
    found = next((c for c in kept if fold_cell_name(c.group) == wanted), None)
    if found is None:
        raise build_unknown_word_error("plan or scenario", scenario, [c.group for c in kept])
    if not is_blank(period):
        raise FormulaError("#VALUE!", _("Plans and scenarios are kept for the whole period analysed alone"))
    if key == Measure.MARGIN:
        profit, revenue = (
            _make_scenario_getter(lookup, fold_measure_name(name), period, scenario)
            for name in (Measure.PROFIT, Measure.NET_REVENUE)
        )
        return lambda row: compute_cell_margin(profit(row), revenue(row))
    place = lookup.where["scenario", found.name, found.group, ""]
    return lambda row: _get_compared_cell(row, place)


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
