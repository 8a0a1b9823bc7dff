"""Calculators in closed form: they depend on their arguments only."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from xlprofit.closed_form import (
    add_up_curve,
    add_up_margins,
    find_capacity_rate,
    find_financing,
    find_multiple,
    find_practical_capacity,
    rank_profits,
)
from xlprofit.formulas.cells import (
    BLANK,
    OMITTED,
    FormulaError,
    answer_each_cell,
    convert_to_grid,
    find_cell_error,
    fold_measure_name,
    format_cell_text,
    is_blank,
    is_range,
    quote_cell,
    read_number,
    read_share,
    unwrap_cell,
)
from xlprofit.formulas.function import NO_NUMBER, Argument, Function
from xlprofit.messages import N_, _, term

if TYPE_CHECKING:
    from xlprofit.formulas.cells import Answer, Grid, Value

    Reader = Callable[[object, str], object]

TIMINGS = {
    **{"start": "start", "1": "start", "now": "start"},
    **{"end": "end", "0": "end", "ayearfromnow": "end"},
    **{"arrears": "arrears", "2": "arrears"},
}
"""When the first margin comes, and for whom.

Now (``start``, or 1 as in Excel's PV); a year from now of those who stay until then (``end``, or 0); a year from now of
those who are there now (``arrears``, or 2): they leave after they have paid.
"""


def _read_timing(cell: object, name: str) -> str:
    timing = TIMINGS.get(fold_measure_name(cell))
    if timing is None:
        raise FormulaError(
            "#VALUE!",
            _(
                "{name} is {cell}; it is “start” (now), “end” (a year from now) or “arrears” (a year from now, of "
                "those who are there now)",
                name=name,
                cell=quote_cell(cell),
            ),
        )
    return timing


TOO_LARGE = N_("The result is too large to be shown")


def _calculate_answer(
    compute: Callable[..., float | None], readers: Sequence[tuple[str, Reader, bool]], *cells: object
) -> Answer:
    """Return what ``compute`` makes of the cells: each read by name, kind and whether it is required."""

    def answer(*given: object) -> Value:
        values: list[object] = []
        unknown = False
        try:
            for place, (name, read, required) in enumerate(readers):
                cell = unwrap_cell(given[place])
                error = find_cell_error(cell)
                if error is not None:
                    return error
                blank = is_blank(cell)
                unknown = unknown or (blank and required)
                values.append(None if blank else read(cell, name))
            number = None if unknown else compute(*values)
            return BLANK if number is None else _require_finite_number(number)
        except FormulaError as error:
            return error.as_value()
        except ArithmeticError:
            return FormulaError("#NUM!", _(TOO_LARGE))

    return answer_each_cell(answer, *cells)


def _require_finite_number(number: float) -> float:
    if not math.isfinite(number):
        raise FormulaError("#NUM!", _(TOO_LARGE))
    return number + 0.0  # never -0


def capacity_rate(cost: object, capacity: object, practical: object = OMITTED) -> Answer:
    """Return the capacity cost rate: what a unit of a resource costs when it is worked as it can be.

    *rate = cost / (capacity × practical)*

    Args:
        cost: cost of the resource over a period, in currency, positive.
        capacity: units that it could supply over the period, such as minutes; above 0.
        practical: share of the capacity that is workable, a fraction from 0 to 1; 1 where it is left out.

    Returns:
        Currency for a unit, as a cost is given: positive for a positive cost. As the capacity grows the rate
        tends to 0; with no capacity there is none, ``#DIV/0!``. Below 0 is ``#NUM!``.

    Source: Kaplan and Anderson, "Time-Driven Activity-Based Costing", Harvard Business Review 2004.

    >>> capacity_rate(560_000, 700_000)
    0.8
    >>> capacity_rate([[100.0], [None]], 100, 0.8)
    [[1.25], ['']]
    """

    def compute(cost: float, capacity: float, practical: float | None) -> float:
        units = find_practical_capacity(capacity, 1.0 if practical is None else practical)
        if units < 0:
            raise FormulaError("#NUM!", _("capacity is below 0"))
        if not units > 0:
            raise FormulaError("#DIV/0!", _("There is no capacity to spread the cost over"))
        return find_capacity_rate(cost, units)

    readers = (("cost", read_number, True), ("capacity", read_number, True), ("practical", read_share, False))
    return _calculate_answer(compute, readers, cost, capacity, practical)


def receivable_cost(amount: object, days: object, rate: object) -> Answer:
    """Return what it costs to finance an amount until it is paid.

    *cost = amount × rate × days / 365*

    Args:
        amount: the invoice or the average balance, in currency.
        days: days that it stands open; below 0 where it is paid ahead.
        rate: cost of capital, a year, a fraction.

    Returns:
        Currency, positive for a positive amount; below 0 where it is paid ahead. 365 days cost the rate.

    >>> receivable_cost(9_000, 365, 0.10)
    900.0
    >>> round(receivable_cost(10_000, 45, 0.08), 2)
    98.63
    """

    def compute(amount: float, days: float, rate: float) -> float:
        return find_financing(amount, days, rate)

    readers = (("amount", read_number, True), ("days", read_number, True), ("rate", read_number, True))
    return _calculate_answer(compute, readers, amount, days, rate)


def _read_cost(argument: str, cost: float | None) -> float:
    """Return a cost to take off, which is positive here: on the result sheets, and in the ledger, it is negative."""
    if cost is not None and cost < 0:
        what = _("{argument} is below 0: a cost is a positive number here", argument=argument)
        raise FormulaError("#NUM!", what)
    return cost or 0.0


def _value_years(retention: float, discount: float, horizon: float | None, timing: str) -> float:
    """Return the present value of 1 a year; see :func:`lifetime_value`."""
    if discount <= -1:
        raise FormulaError("#NUM!", _("discount is -1 or less: nothing would be worth anything"))
    if horizon is not None and horizon < 0:
        raise FormulaError("#NUM!", _("horizon is below 0"))
    kept = retention / (1.0 + discount)
    if horizon is None and kept >= 1:
        raise FormulaError(
            "#NUM!", _("A margin that neither ends nor shrinks is worth no finite sum; give a horizon")
        )
    years = math.inf if horizon is None else horizon
    found = find_multiple(kept, years, at_start=timing != "end")
    return found / (1.0 + discount) if timing == "arrears" else found


class _Years:
    """A row of margins, year by year, as one cell."""

    def __init__(self, cells: Sequence[object]) -> None:
        self.cells = cells


def _join_years(margin: object) -> object:
    """Return a range of several columns with each row as one cell, a single row as the one; anything else as it is."""
    if not is_range(margin):
        return margin
    grid = convert_to_grid(margin)
    if len(grid[0]) < 2:
        return margin
    return _Years(grid[0]) if len(grid) == 1 else [[_Years(row)] for row in grid]


def _read_margin(cell: object, name: str) -> object:
    """Return a margin, or those of a row's years: ``None`` where one before the last is blank and so unknown."""
    if not isinstance(cell, _Years):
        return read_number(cell, name)
    cells = [unwrap_cell(one) for one in cell.cells]
    for error in filter(None, map(find_cell_error, cells)):
        raise error
    while cells and is_blank(cells[-1]):
        cells.pop()
    return None if not cells or any(map(is_blank, cells)) else [read_number(one, name) for one in cells]


def _value_margins(
    margins: Sequence[float], retention: float, discount: float, horizon: float | None, timing: str
) -> float:
    """Return the present value of margins year by year; see :func:`lifetime_value`."""
    _value_years(retention, discount, 0.0 if horizon is None else horizon, timing)
    years = float(len(margins)) if horizon is None else horizon
    found = add_up_margins(margins, retention / (1.0 + discount), years)
    if timing == "end":
        return found * retention / (1.0 + discount)
    return found / (1.0 + discount) if timing == "arrears" else found


def lifetime_value(
    margin: object,
    retention: object,
    discount: object,
    horizon: object = OMITTED,
    timing: object = OMITTED,
    acquisition_cost: object = OMITTED,
) -> Answer:
    """Return the present value of a customer's margin over the time that it stays.

    With *q = retention / (1 + discount)* and *n* the horizon:

    - timing ``"end"``, the first margin a year from now: *margin × (q + q² + … + qⁿ)*, which tends to
      *margin × r / (1 + i − r)* as the horizon grows;
    - timing ``"start"``, the first margin now: *margin × (1 + q + … + qⁿ⁻¹)*, which tends to
      *margin × (1 + i) / (1 + i − r)*;
    - timing ``"arrears"``, the first margin a year from now from all who are customers now: *Σ margin × rᵗ⁻¹ / (1 +
      i)ᵗ*, which tends to *margin / (1 + i − r)*.

    A row of margins is that of the years, each with its own; it ends with the last of them. A part of a year counts
    as that part of its margin. Where q is 1 (retention 1, discount 0) each year counts in full, n in all.

    Args:
        margin: margin of a year, in currency; or a row of several columns, the margin of each year. A blank before the
            last is unknown.
        retention: probability that the customer stays another year, from 0 to 1.
        discount: discount rate, a year, a fraction above −1.
        horizon: years counted; without end, or to the last margin of the row, where it is left out.
        timing: ``"end"`` (or 0, as in PV), ``"start"`` (or 1) or ``"arrears"`` (or 2); ``"end"`` where it is left out.
        acquisition_cost: what winning the customer costs, in currency, positive, taken off; nothing where it is left
            out.

    Returns:
        Currency, of the margin's sign. Without a horizon and with q of 1 or more it has no limit: ``#NUM!``, as with an
        acquisition cost below 0, which is how the result sheets write costs.

    Source: Gupta and Lehmann, "Customers as Assets", Journal of Interactive Marketing 2003.

    >>> round(lifetime_value(1, 0.8, 0.1), 4)
    2.6667
    >>> round(lifetime_value(1, 0.8, 0.1, None, "start"), 4)
    3.6667
    >>> lifetime_value(100, 1, 0, 5)
    500.0
    >>> lifetime_value(100, 1, 0).code
    '#NUM!'
    >>> round(lifetime_value([[30, 30, 40, 72, 110]], 0.8, 0.1, timing="arrears", acquisition_cost=100), 3)
    19.496
    """

    def compute(
        margin: float | list[float] | None,
        retention: float,
        discount: float,
        horizon: float | None,
        timing: str | None,
        acquisition: float | None,
    ) -> float | None:
        if margin is None:
            return None
        if isinstance(margin, list):
            worth = _value_margins(margin, retention, discount, horizon, timing or "end")
        else:
            worth = margin * _value_years(retention, discount, horizon, timing or "end")
        return worth - _read_cost("acquisition_cost", acquisition)

    readers = (
        ("margin", _read_margin, True),
        ("retention", read_share, True),
        ("discount", read_number, True),
        ("horizon", read_number, False),
        ("timing", _read_timing, False),
        ("acquisition_cost", read_number, False),
    )
    margins = _join_years(margin)
    return _calculate_answer(
        compute, readers, margins, retention, discount, horizon, timing, acquisition_cost
    )


def prospect_value(
    win_probability: object,
    contribution: object,
    retention: object,
    discount: object,
    pursuit_cost: object = OMITTED,
    horizon: object = OMITTED,
    timing: object = OMITTED,
) -> Answer:
    """Return what a prospect is worth pursuing: the chance of a customer's value, less what winning it costs.

    *value = win_probability × LIFETIME_VALUE(contribution, retention, discount, horizon, timing) − pursuit_cost*.
    With ``"end"`` it is what the Prospect screening sheet works out. It breaks even at a win
    probability of *pursuit cost / lifetime value*.

    Args:
        win_probability: chance of winning it, from 0 to 1.
        contribution: what it would leave in a year, in currency: margin × revenue − service − credit.
        retention: probability that a customer stays another year, from 0 to 1.
        discount: discount rate, a year, a fraction above −1.
        pursuit_cost: what winning it costs, in currency, positive; nothing where it is left out.
        horizon: years counted; without end where it is left out.
        timing: ``"start"`` (or 1), the first margin now, or ``"end"`` (or 0), a year from now; ``"start"`` where it
            is left out.

    Returns:
        Currency; below 0 where it is not worth pursuing. Errors as :func:`lifetime_value`.

    Source: Farris, Bendle, Pfeifer and Reibstein, *Marketing Metrics*, 2006 (prospect lifetime value).

    >>> round(prospect_value(0.012, 10, 1, 0.1, 60_000 / 75_000), 2)
    0.52
    """

    def compute(
        win: float,
        contribution: float,
        retention: float,
        discount: float,
        pursuit: float | None,
        horizon: float | None,
        timing: str | None,
    ) -> float:
        years = _value_years(retention, discount, horizon, timing or "start")
        return win * contribution * years - _read_cost("pursuit_cost", pursuit)

    readers = (
        ("win_probability", read_share, True),
        ("contribution", read_number, True),
        ("retention", read_share, True),
        ("discount", read_number, True),
        ("pursuit_cost", read_number, False),
        ("horizon", read_number, False),
        ("timing", _read_timing, False),
    )
    return _calculate_answer(
        compute, readers, win_probability, contribution, retention, discount, pursuit_cost, horizon, timing
    )


def whale_curve(profits: object) -> Answer:
    """Return the whale curve of profits: ranked, added up from the best, and as a share of the total.

    Args:
        profits: profits in a row or a column, in currency; or two columns, customers and their profits.
            Blanks are passed over.

    Returns:
        A table with its header: ``rank``, ``customer`` (where there are names), ``profit``, ``cumulative`` (currency)
        and ``cumulative_share`` (of the total; blank where the total is not above 0). Equal profits stand by
        name, else as given. ``#VALUE!`` where there is no profit or the range has another shape.

    Source: Kaplan and Narayanan, "Measuring and Managing Customer Profitability", Journal of Cost Management 2001.

    >>> whale_curve([["A", -40.0], ["B", 100.0]])[1:]
    [[1.0, 'B', 100.0, 100.0, 1.6666666666666667], [2.0, 'A', -40.0, 60.0, 1.0]]
    """
    try:
        named, pairs = _read_profits(convert_to_grid(profits))
    except FormulaError as error:
        return error.as_value()
    order = rank_profits([pair[1] for pair in pairs], [pair[0] for pair in pairs])
    return _build_curve(named, [pairs[place] for place in order])


def _build_curve(named: bool, pairs: list[tuple[str, float]]) -> Answer:
    """Return the table of a whale curve of names and profits that are ranked."""
    cumulative, shares = add_up_curve([pair[1] for pair in pairs])
    if not all(map(math.isfinite, cumulative + shares)):
        return FormulaError("#NUM!", _(TOO_LARGE))
    headers = ("rank", *(("customer",) if named else ()), "profit", "cumulative", "cumulative_share")
    table: Grid = [[term("formula", word) for word in headers]]
    shown: list[Value] = [*shares] or [BLANK] * len(pairs)
    for place, ((name, profit), so_far, share) in enumerate(zip(pairs, cumulative, shown, strict=True), 1):
        table.append([float(place), *([name] if named else []), profit + 0.0, so_far + 0.0, share])
    return table


def _read_profits(grid: list[list[object]]) -> tuple[bool, list[tuple[str, float]]]:
    """Return whether the profits have names, and each name (else ``""``) and profit; blanks left out."""
    rows = [[unwrap_cell(cell) for cell in row] for row in grid]
    for error in (find_cell_error(cell) for row in rows for cell in row):
        if error is not None:
            raise error
    named, pairs = _pair_profits(rows)
    known = [(name, read_number(cell, _("A profit"))) for name, cell in pairs if not is_blank(cell)]
    if not known:
        raise FormulaError("#VALUE!", _("There is no profit in the range"))
    return named, known


def _pair_profits(rows: list[list[object]]) -> tuple[bool, list[tuple[str, object]]]:
    """Return whether a range has names beside its profits, and each name (else ``""``) and the cell of its profit."""
    width = len(rows[0])
    if width == 2 and (len(rows) > 1 or isinstance(rows[0][0], str)):
        return True, [("" if is_blank(name) else format_cell_text(name), profit) for name, profit in rows]
    if width > 2 and len(rows) > 1:
        raise FormulaError(
            "#VALUE!", _("Give one row or column of profits, or two columns: customers and profits")
        )
    return False, [("", cell) for row in rows for cell in row]


_RETENTION = Argument("retention", "Probability that the customer stays another year, 0 to 1", False, "share")
_DISCOUNT = Argument("discount", "Discount rate a year, such as 0.1 or 10 %")
_HORIZON = Argument("horizon", "Years to count; blank: without end", True)
_NO_LIMIT = (
    "#NUM!",
    "a share is not from 0 to 1, a cost is below 0, or the value has no limit: give a horizon",
)


def _build_timing_argument(first: str, more: str) -> Argument:
    text = (
        "When the first margin comes: start (now), end (a year from now), arrears (a year from now, of those who are "
        f"there now); blank: {first}"
    )
    return Argument("timing", text + more, True, "timing", ("start", "end", "arrears"))


FUNCTIONS = (
    Function(
        "CAPACITY_RATE",
        "The capacity cost rate: cost / (capacity × practical), what a unit of a resource costs.",
        (
            Argument("cost", "Cost of the resource over a period, positive"),
            Argument("capacity", "Units that it could supply over the period, such as minutes"),
            Argument("practical", "Share of the capacity that is workable, 0 to 1; blank: 1", True, "share"),
        ),
        (
            NO_NUMBER,
            ("#DIV/0!", "there is no capacity"),
            ("#NUM!", "capacity is below 0, or practical no share"),
        ),
        "=CAPACITY_RATE(560000,700000)",
        capacity_rate,
        False,
    ),
    Function(
        "RECEIVABLE_COST",
        "What it costs to finance an amount until it is paid: amount × rate × days / 365.",
        (
            Argument("amount", "The invoice or the average balance"),
            Argument("days", "Days that it stands open"),
            Argument("rate", "Cost of capital a year, such as 0.08 or 8 %"),
        ),
        (NO_NUMBER,),
        "=RECEIVABLE_COST(10000,45,0.08)",
        receivable_cost,
        False,
    ),
    Function(
        "LIFETIME_VALUE",
        "The present value of a customer's margin over the time that it stays.",
        (
            Argument("margin", "Margin of a year; or a row, the margin of each year"),
            _RETENTION,
            _DISCOUNT,
            _HORIZON,
            _build_timing_argument("end", ", as in PV"),
            Argument("acquisition_cost", "What winning the customer costs, positive; blank: nothing", True),
        ),
        (NO_NUMBER, _NO_LIMIT),
        '=LIFETIME_VALUE(1000,0.85,0.1,3,"start")',
        lifetime_value,
        False,
    ),
    Function(
        "PROSPECT_VALUE",
        "What a prospect is worth pursuing: the chance of winning it × its lifetime value, less the pursuit.",
        (
            Argument("win_probability", "Chance of winning it, 0 to 1", False, "share"),
            Argument("contribution", "What it would leave in a year: margin × revenue − service − credit"),
            _RETENTION,
            _DISCOUNT,
            Argument("pursuit_cost", "What winning it costs, positive; blank: nothing", True),
            _HORIZON,
            _build_timing_argument("start", ""),
        ),
        (NO_NUMBER, _NO_LIMIT),
        "=PROSPECT_VALUE(0.3,20000,0.85,0.1,4000,3)",
        prospect_value,
        False,
    ),
)
"""The calculators as a host offers them, in the order of the documents; a new one stands at its function alone."""
