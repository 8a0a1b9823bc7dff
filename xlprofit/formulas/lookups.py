"""Look-ups: what the last refresh computed, as GETPIVOTDATA gives what a pivot table shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from xlprofit.formulas.calculators import whale_curve
from xlprofit.formulas.cells import (
    BLANK,
    OMITTED,
    FormulaError,
    Omitted,
    answer_each_cell,
    convert_to_grid,
    find_cell_error,
    fold_measure_name,
    format_cell_text,
    is_blank,
    is_range,
    unwrap_cell,
    unwrap_single_cell,
)
from xlprofit.formulas.compared import (
    is_actual,
    make_change_getter,
    make_run_cost_getter,
    make_run_getter,
)
from xlprofit.formulas.explained import LEVELS, explain_profit
from xlprofit.formulas.function import Argument, Function
from xlprofit.formulas.groups import GroupRow, find_customer_row
from xlprofit.formulas.results_sheet import NEVER_REFRESHED, Lookup
from xlprofit.formulas.words import (
    find_column_places,
    find_meant_part,
    find_meant_word,
    find_period_labels,
    get_row_cell,
    list_ledger_lines,
    make_measure_getter,
    resolve_measure,
    sum_row_cells,
)
from xlprofit.messages import _, term
from xlprofit.vocabulary.forecasts import BOUNDS, EXPECTED, FORECASTS
from xlprofit.vocabulary.measures import LOOKED_UP, Measure

if TYPE_CHECKING:
    from xlprofit.formulas.cells import Answer, Grid, Value
    from xlprofit.formulas.words import Getter


def _look_up_customers(
    lookup: Lookup | FormulaError | None, getter: Callable[..., Getter], customer: object, *words: object
) -> Answer:
    """Return what ``getter``, made of the words, takes from each customer's row.

    A getter is made once for each combination of words and not for each cell.
    """
    if not isinstance(lookup, Lookup):
        return lookup or NEVER_REFRESHED
    return _answer_customers(lookup, getter, customer, *words)


def _answer_customers(
    lookup: Lookup, getter: Callable[..., Getter], customer: object, *words: object
) -> Answer:
    given = [unwrap_single_cell(word) for word in words]
    if not any(map(is_range, given)):
        get = _make_getter(getter, lookup, given)
        if not (is_range(customer) or any(map(is_range, words))):
            return _get_customer_value(lookup, get, customer)
        return [[_get_customer_value(lookup, get, cell) for cell in row] for row in convert_to_grid(customer)]
    made: dict[str, Getter | FormulaError] = {}

    def get_for(*words: object) -> Getter | FormulaError:
        key = "\n".join(f"{type(word).__name__} {format_cell_text(word)}" for word in words)
        if key not in made:
            made[key] = _make_getter(getter, lookup, words)
        return made[key]

    gets: object = answer_each_cell(get_for, *words)  # type: ignore[arg-type]  # getters stand where values will
    return answer_each_cell(lambda name, get: _get_customer_value(lookup, get, name), customer, gets)


def _make_getter(
    getter: Callable[..., Getter], lookup: Lookup, words: Sequence[object]
) -> Getter | FormulaError:
    """Return the getter that these words make, or the error that they are."""
    cells = [unwrap_cell(word) for word in words]
    for cell in cells:
        error = find_cell_error(cell)
        if error is not None:
            return error
    try:
        return getter(lookup, *cells)
    except FormulaError as error:
        return error.as_value()


def _get_customer_value(lookup: Lookup, get: Getter | FormulaError, customer: object) -> Value:
    """Return what a getter takes from one customer's row."""
    row = find_customer_row(lookup, customer)
    if isinstance(row, (FormulaError, str)):
        return row
    if isinstance(get, FormulaError):
        return get
    try:
        return get(row)
    except FormulaError as error:
        return error.as_value()


def customer_profit(
    lookup: Lookup | FormulaError | None,
    customer: object = OMITTED,
    measure: object = OMITTED,
    period: object = OMITTED,
    scenario: object = OMITTED,
) -> Answer:
    """Return a customer's profit, or another measure of its P&L, as the last refresh computed it.

    Args:
        lookup: the results of the calling cell's own workbook; ``None`` where it was never refreshed.
        customer: name or names, whatever their case and blanks; or a group of customers, such as
            ``segment:Hotels`` or ``owner:Virtanen``. Not given: the whole table, spilled.
        measure: ``profit`` where it is left out; gross_revenue, discounts, returns, net_revenue, cogs,
            gross_margin, cost_to_acquire, cost_to_serve, operating_profit, cost_of_credit or margin.
        period: a period's label (``2024-03``, ``2024-Q1``, ``2024``) or a date in it; a longer period than the
            workbook's is added up. The whole span where it is left out.
        scenario: the name of a plan or a scenario; actual where it is left out.

    Returns:
        Currency, revenue positive and cost negative; ``margin`` a fraction, blank where net revenue is not above
        0. Without a customer a table with its header, the best first, ties by name: all measures or those
        asked for. ``#N/A``: no such customer, or never refreshed; ``#VALUE!``: no such measure, period or scenario.

    >>> from xlprofit import formulas
    >>> formulas.customer_profit(formulas.build_example(), " memorial ")
    -3829.0
    >>> formulas.customer_profit(formulas.build_example(), [["University"], ["Memorial"]], [["gross_margin", "profit"]])
    [[2660.0, 725.0], [2660.0, -3829.0]]
    >>> formulas.customer_profit(formulas.build_example(), measure="profit")
    [['customer', 'profit'], ['University', 725.0], ['Memorial', -3829.0]]
    >>> formulas.customer_profit(formulas.build_example(), "Memorial", "profits").reason
    'There is no measure “profits”. Did you mean “profit”?'
    """
    if isinstance(customer, Omitted) and isinstance(lookup, Lookup):
        return _rank_customers(lookup, measure, period, scenario)
    return _look_up_customers(lookup, make_run_getter, customer, measure, period, scenario)


def _rank_customers(lookup: Lookup, measure: object, period: object, scenario: object) -> Answer:
    """Return the table of all customers, the best first by profit or the first measure asked for."""
    asked, spans, runs = (_list_filled_cells(words) for words in (measure, period, scenario))
    for cell in (*asked, *spans, *runs):
        if (error := find_cell_error(cell)) is not None:
            return error
    if len(spans) > 1:
        return FormulaError("#VALUE!", _("Give one period for the whole table"))
    if len(runs) > 1:
        return FormulaError("#VALUE!", _("Give one plan or scenario for the whole table"))
    try:
        return _build_ranking(lookup, asked, spans[0] if spans else BLANK, runs[0] if runs else BLANK)
    except FormulaError as error:
        return error.as_value()


def _list_filled_cells(argument: object) -> list[object]:
    """Return the cells of an argument with anything in them, row by row."""
    cells = [unwrap_cell(cell) for row in convert_to_grid(argument) for cell in row]
    return [cell for cell in cells if not is_blank(cell)]


def _build_ranking(lookup: Lookup, asked: Sequence[object], period: object, scenario: object) -> Grid:
    """Return the table of all customers with these measures, or all; errors of any cell are raised."""
    getters = [make_run_getter(lookup, name, period, scenario) for name in (asked or lookup.measures)]
    by = getters[0] if asked else make_run_getter(lookup, Measure.PROFIT, period, scenario)
    names = [_find_canonical_measure(lookup, name) for name in asked] or list(lookup.measures)

    def order(row: Sequence[object]) -> tuple[bool, float, str]:
        value = by(row)
        if isinstance(value, (int, float)):
            return False, -value, format_cell_text(row[0])
        return True, 0.0, format_cell_text(row[0])

    rows = sorted((lookup.rows[place] for place in lookup.places.values()), key=order)
    head: list[Value] = [term("formula", "customer"), *(term("line", name) for name in names)]
    return [head, *([format_cell_text(row[0]), *(get(row) for get in getters)] for row in rows)]


def _find_canonical_measure(lookup: Lookup, measure: object) -> str:
    key = resolve_measure(lookup, measure)
    return next(name for name in lookup.measures if fold_measure_name(name) == key)


def cost_to_serve(
    lookup: Lookup | FormulaError | None,
    customer: object,
    part: object = OMITTED,
    period: object = OMITTED,
    scenario: object = OMITTED,
) -> Answer:
    """Return what it costs to serve a customer: all of it, one group, or one activity.

    Args:
        lookup: as in :func:`customer_profit`.
        customer: name or names.
        part: a group (``service``), an activity (``Phone support``) or ``direct: service`` for a group's direct
            costs; all where it is left out. A word that is both means the one spelt just so, else the activity.
        period: as in :func:`customer_profit`.
        scenario: as in :func:`customer_profit`.

    Returns:
        Currency, negative; 0 where nothing was posted. ``#N/A``: no such customer; ``#VALUE!``: no such group or
        activity in the cost to serve, period, plan or scenario.

    >>> from xlprofit import formulas
    >>> formulas.cost_to_serve(formulas.build_example(), ["University", "Memorial"])
    [[-1935.0], [-6489.0]]
    >>> formulas.cost_to_serve(formulas.build_example(), "Memorial", "Delivery")
    -2352.0
    """
    return _look_up_customers(lookup, _make_cost_getter, customer, part, period, scenario)


def _make_cost_getter(lookup: Lookup, part: object, period: object, scenario: object = BLANK) -> Getter:
    if not is_actual(scenario):
        return make_run_cost_getter(lookup, part, period, scenario)
    if is_blank(part):
        return make_measure_getter(lookup, Measure.COST_TO_SERVE, period)
    serving = [c for c in list_ledger_lines(lookup) if Measure.COST_TO_SERVE in c.measures]
    chosen = find_meant_part(serving, part)
    columns = find_column_places(lookup, chosen, find_period_labels(lookup, period))
    return lambda row: sum_row_cells(row, columns)


def customer_state(lookup: Lookup | FormulaError | None, customer: object) -> Answer:
    """Return where a customer is heading: Profitable, Slipping, Loss-making, Recovering, New or Dormant.

    Args:
        lookup: as in :func:`customer_profit`.
        customer: name or names.

    Returns:
        The state as text; blank where there are too few periods to tell. ``#N/A``: no such customer.

    >>> from xlprofit import formulas
    >>> formulas.customer_state(formulas.build_example(), "University")
    'Profitable'
    """
    return _look_up_customers(lookup, _make_column_getter("state"), customer)


def customer_decision(lookup: Lookup | FormulaError | None, customer: object) -> Answer:
    """Return what the Decisions sheet advises about a customer: keep, fix, collect, investigate or end.

    Args:
        lookup: as in :func:`customer_profit`.
        customer: name or names.

    Returns:
        The verdict as text. ``#N/A``: no such customer.

    >>> from xlprofit import formulas
    >>> formulas.customer_decision(formulas.build_example(), ["University", "Nobody"])
    [['keep'], [FormulaError('#N/A', 'There is no customer “Nobody” in the last refresh')]]
    """
    return _look_up_customers(lookup, _make_column_getter("decision"), customer)


def referral_value(lookup: Lookup | FormulaError | None, customer: object) -> Answer:
    """Return what a customer brought by recommending: a memo, no part of its profit.

    Args:
        lookup: as in :func:`customer_profit`.
        customer: name or names.

    Returns:
        Currency over the span; blank where it is unknown. ``#N/A``: no such customer, or no Referrals.

    >>> from xlprofit import formulas
    >>> formulas.referral_value(formulas.build_example(), "University")
    120.0
    """
    return _look_up_customers(lookup, _make_column_getter("referral"), customer)


def customer_forecast(
    lookup: Lookup | FormulaError | None,
    customer: object,
    measure: object = OMITTED,
    bound: object = OMITTED,
) -> Answer:
    """Return what is expected of a customer, as the sheet Outlook has it.

    Args:
        lookup: as in :func:`customer_profit`.
        customer: name or names.
        measure: ``expected_profit`` (of the next twelve months) where it is left out; run_rate, chance_active,
            retention, lifetime_value, lifetime_profit, acquisition_cost or payback_months.
        bound: ``expected`` where it is left out; ``low`` or ``high``, the ends of the interval that holds the profit in
            80 of 100 cases. Only the expected profit has them.

    Returns:
        Currency, a year, before acquisition; chances as fractions, payback in months; blank where it is unknown.
        ``#N/A``: no such customer, or never refreshed; ``#VALUE!``: no such measure or bound.

    >>> from xlprofit import formulas
    >>> formulas.customer_forecast(formulas.build_example(), "University")
    690.0
    >>> formulas.customer_forecast(formulas.build_example(), "University", bound="low")
    480.0
    >>> formulas.customer_forecast(formulas.build_example(), "University", "retention", "low").reason
    'Only expected_profit has a low and a high end'
    """
    return _look_up_customers(lookup, _make_forecast_getter, customer, measure, bound)


def _make_forecast_getter(lookup: Lookup, measure: object, bound: object) -> Getter:
    name = EXPECTED if is_blank(measure) else find_meant_word("measure", measure, FORECASTS)
    end = "expected" if is_blank(bound) else find_meant_word("bound", bound, tuple(BOUNDS))
    if end != "expected" and name != EXPECTED:
        what = _("Only {measure} has a low and a high end", measure=term("formula", EXPECTED))
        raise FormulaError("#VALUE!", what)
    column = lookup.where.get(("forecast", BOUNDS[end] if name == EXPECTED else name, "", ""))
    if column is None:
        what = _(
            "The last refresh gave no {kind}; see the sheet {sheet}",
            kind=term("formula", "forecast"),
            sheet=term("sheet", "Checks"),
        )
        raise FormulaError("#N/A", what)
    return lambda row: get_row_cell(row, column)  # type: ignore[return-value]


def _make_column_getter(kind: str) -> Callable[[Lookup], Getter]:
    """Return what takes the one column of a kind from a customer's row."""

    def getter(lookup: Lookup) -> Getter:
        column = lookup.where.get((kind, "", "", ""))
        if column is None:
            what = _(
                "The last refresh gave no {kind}; see the sheet {sheet}",
                kind=term("formula", kind),
                sheet=term("sheet", "Checks"),
            )
            raise FormulaError("#N/A", what)
        if kind in ("state", "decision"):
            return lambda row: term("word", format_cell_text(_get_own_cell(row, column, kind)))
        return lambda row: get_row_cell(row, column)  # type: ignore[return-value]

    return getter


def profit_change(lookup: Lookup | FormulaError | None, customer: object, effect: object = OMITTED) -> Answer:
    """Return by how much a customer's profit changed, or what an effect did to it, as the sheet Changes has it.

    Args:
        lookup: as in :func:`customer_profit`.
        customer: name or names.
        effect: new, lost, price, volume, mix, discounts, returns, unit_cost, activity_volume, efficiency,
            capacity_rates, direct_costs, commissions, cost_of_credit or other; the whole change where it is left out.

    Returns:
        Currency, a gain positive; the effects add up to the change. ``#N/A``: no such customer, or the last refresh
        compared nothing; ``#VALUE!``: no such effect.

    >>> from xlprofit import formulas
    >>> formulas.profit_change(formulas.build_example(), "Memorial", "price")
    -400.0
    """
    return _look_up_customers(lookup, make_change_getter, customer, effect)


def _get_own_cell(row: Sequence[object], column: int, kind: str) -> object:
    """Return a cell of one customer's row; :class:`FormulaError` for a group, which has none."""
    if isinstance(row, GroupRow):
        raise FormulaError(
            "#N/A", _("A group of customers has no {kind}: name one customer", kind=term("formula", kind))
        )
    return get_row_cell(row, column)


def look_up_whale_curve(lookup: Lookup | FormulaError | None, profits: object = OMITTED) -> Answer:
    """Return the whale curve of a range of profits or, where none is given, of the last refresh.

    Args:
        lookup: as in :func:`customer_profit`; not needed where profits are given.
        profits: as in :func:`whale_curve`.

    Returns:
        The table of :func:`whale_curve`.

    >>> from xlprofit import formulas
    >>> formulas.look_up_whale_curve(formulas.build_example())[1][:3]
    [1.0, 'University', 725.0]
    """
    if not isinstance(profits, Omitted):
        return whale_curve(profits)
    table = customer_profit(lookup, measure=Measure.PROFIT)
    return whale_curve(table[1:]) if isinstance(table, list) else table


_CUSTOMER = Argument(
    "customer", "A customer, a group such as segment:Hotels, or a range of them", False, "customer"
)
_PERIOD = Argument(
    "period",
    "A period such as 2024-03, 2024-Q1 or 2024, or a date in it; blank: the whole period analysed",
    True,
    "period",
)
_SCENARIO = Argument("scenario", "The name of a plan or a scenario; blank: actual", True, "scenario")
_NO_CUSTOMER = ("#N/A", "there is no such customer or group, or the workbook was never refreshed")


FUNCTIONS = (
    Function(
        "CUSTOMER_PROFIT",
        "A customer's profit, or another line of its P&L, from the last refresh; with no argument the whole "
        "table, the best customer first.",
        (
            Argument(
                "customer",
                "A customer, a group such as segment:Hotels, or a range of them; none: the whole table",
                True,
                "customer",
            ),
            Argument(
                "measure",
                "The line of the P&L, such as net_revenue; blank: profit",
                True,
                "measure",
                LOOKED_UP,
            ),
            _PERIOD,
            _SCENARIO,
        ),
        (_NO_CUSTOMER, ("#VALUE!", "there is no such measure, period, plan or scenario")),
        '=CUSTOMER_PROFIT("ACME","gross_margin","2024-Q1")',
        customer_profit,
        True,
    ),
    Function(
        "COST_TO_SERVE",
        "What it costs to serve a customer, in all or for one group or activity, from the last refresh; negative.",
        (
            _CUSTOMER,
            Argument("part", "A group such as service, or an activity; blank: all", True, "part"),
            _PERIOD,
            _SCENARIO,
        ),
        (_NO_CUSTOMER, ("#VALUE!", "there is no such group, activity, period, plan or scenario")),
        '=COST_TO_SERVE("ACME","service")',
        cost_to_serve,
        True,
    ),
    Function(
        "CUSTOMER_STATE",
        "Where a customer is heading: Profitable, Slipping, Loss-making, Recovering, New or Dormant.",
        (_CUSTOMER,),
        (_NO_CUSTOMER,),
        '=CUSTOMER_STATE("ACME")',
        customer_state,
        True,
    ),
    Function(
        "CUSTOMER_DECISION",
        "What is advised about a customer: keep, fix, collect, investigate or end.",
        (_CUSTOMER,),
        (_NO_CUSTOMER,),
        '=CUSTOMER_DECISION("ACME")',
        customer_decision,
        True,
    ),
    Function(
        "CUSTOMER_FORECAST",
        "What is expected of a customer, from the last refresh: profit of the next 12 months, or another figure.",
        (
            _CUSTOMER,
            Argument(
                "measure",
                "The figure of the Outlook, such as retention; blank: expected_profit",
                True,
                "measure",
                FORECASTS,
            ),
            Argument(
                "bound",
                "low or high: the ends that hold the profit in 80 of 100 cases; blank: expected",
                True,
                "bound",
                tuple(BOUNDS),
            ),
        ),
        (_NO_CUSTOMER, ("#VALUE!", "there is no such measure or bound")),
        '=CUSTOMER_FORECAST("ACME","expected_profit","low")',
        customer_forecast,
        True,
    ),
    Function(
        "REFERRAL_VALUE",
        "What a customer brought by recommending, from the last refresh: a memo beside its profit.",
        (_CUSTOMER,),
        (_NO_CUSTOMER,),
        '=REFERRAL_VALUE("ACME")',
        referral_value,
        True,
    ),
    Function(
        "PROFIT_CHANGE",
        "By how much a customer's profit changed, as the sheet Changes compares it, or what one effect did to it.",
        (
            _CUSTOMER,
            Argument("effect", "Such as price, volume or mix; blank: the whole change", True, "effect"),
        ),
        (
            ("#N/A", "there is no such customer, or the last refresh compared nothing"),
            ("#VALUE!", "there is no such effect"),
        ),
        '=PROFIT_CHANGE("ACME","volume")',
        profit_change,
        True,
    ),
    Function(
        "EXPLAIN_PROFIT",
        "What a customer's profit is made of: its lines by size, the drivers of each against the median, or the "
        "source rows.",
        (
            Argument("customer", "The customer's name, or a group such as segment:Hotels", False, "customer"),
            Argument("line", "A measure, a group or a line such as an activity; blank: all", True, "line"),
            Argument(
                "level",
                "lines, drivers (how many x units each x rate against the median) or rows (the source rows); "
                "blank: lines",
                True,
                "level",
                LEVELS,
            ),
        ),
        (
            ("#N/A", "there is no such customer, the workbook was never refreshed, or the level is not kept"),
            ("#VALUE!", "there is no such line or level, or several customers are given"),
        ),
        '=EXPLAIN_PROFIT("ACME","cost_to_serve","drivers")',
        explain_profit,
        True,
    ),
    Function(
        "WHALE_CURVE",
        "Profits ranked and added up from the best: of a range or, with no argument, of the last refresh.",
        (
            Argument(
                "profits",
                "A row or column of profits, or two columns: customers and profits; none: the last refresh",
                True,
                "profits",
            ),
        ),
        (
            ("#N/A", "no range is given and the workbook was never refreshed"),
            ("#VALUE!", "no row or column of numbers"),
        ),
        "=WHALE_CURVE(A2:B200)",
        look_up_whale_curve,
        True,
    ),
)
"""The look-ups as a host offers them, in the order of the documents."""
