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
    customer_key,
    each,
    error_in,
    grid_of,
    is_blank,
    is_range,
    loose,
    only_cell,
    plain,
    shown,
    text_of,
)
from xlprofit.formulas.results_sheet import NEVER_REFRESHED, Lookup, ResultColumn
from xlprofit.formulas.words import (
    cell_of,
    labels_of,
    lines_of,
    meant,
    measure_key,
    measured,
    places,
    sum_of,
    unknown,
)
from xlprofit.messages import _, term
from xlprofit.vocabulary.measures import Measure

if TYPE_CHECKING:
    from xlprofit.formulas.cells import Answer, Grid, Value
    from xlprofit.formulas.words import Getter


def _looked_up(
    lookup: Lookup | FormulaError | None, getter: Callable[..., Getter], customer: object, *words: object
) -> Answer:
    """Return what ``getter``, made of the words, takes from each customer's row.

    A getter is made once for each combination of words and not for each cell.
    """
    if not isinstance(lookup, Lookup):
        return lookup or NEVER_REFRESHED
    return _answered(lookup, getter, customer, *words)


def _answered(lookup: Lookup, getter: Callable[..., Getter], customer: object, *words: object) -> Answer:
    given = [only_cell(word) for word in words]
    if not any(map(is_range, given)):
        get = _made(getter, lookup, given)
        if not (is_range(customer) or any(map(is_range, words))):
            return _cell(lookup, get, customer)
        return [[_cell(lookup, get, cell) for cell in row] for row in grid_of(customer)]
    made: dict[str, Getter | FormulaError] = {}

    def get_for(*words: object) -> Getter | FormulaError:
        key = "\n".join(f"{type(word).__name__} {text_of(word)}" for word in words)
        if key not in made:
            made[key] = _made(getter, lookup, words)
        return made[key]

    gets: object = each(get_for, *words)  # type: ignore[arg-type]  # getters stand where values will
    return each(lambda name, get: _cell(lookup, get, name), customer, gets)


def _made(getter: Callable[..., Getter], lookup: Lookup, words: Sequence[object]) -> Getter | FormulaError:
    """Return the getter that these words make, or the error that they are."""
    cells = [plain(word) for word in words]
    for cell in cells:
        error = error_in(cell)
        if error is not None:
            return error
    try:
        return getter(lookup, *cells)
    except FormulaError as error:
        return error.as_value()


def _cell(lookup: Lookup, get: Getter | FormulaError, customer: object) -> Value:
    """Return what a getter takes from one customer's row."""
    row = _row(lookup, customer)
    if isinstance(row, (FormulaError, str)):
        return row
    if isinstance(get, FormulaError):
        return get
    try:
        return get(row)
    except FormulaError as error:
        return error.as_value()


def _row(lookup: Lookup, customer: object) -> Sequence[object] | FormulaError | str:
    """Return the customer's row or, where there is none, what its cell shows: an error, a blank for a blank."""
    name = customer if isinstance(customer, str) else plain(customer)
    place = lookup.spelled.get(name) if isinstance(name, str) else None
    if place is None:
        place = lookup.places.get(customer_key(name))
    if place is not None:
        return lookup.rows[place]
    error = error_in(name)
    if error is not None:
        return error
    if is_blank(name):
        return BLANK
    return FormulaError("#N/A", _("There is no customer {name} in the last refresh", name=shown(name)))


def customer_profit(
    lookup: Lookup | FormulaError | None,
    customer: object = OMITTED,
    measure: object = OMITTED,
    period: object = OMITTED,
) -> Answer:
    """Return a customer's profit, or another measure of its P&L, as the last refresh computed it.

    Args:
        lookup: the results of the calling cell's own workbook; ``None`` where it was never refreshed.
        customer: name or names, whatever their case and blanks. Not given: the whole table, spilled.
        measure: ``profit`` where it is left out; gross_revenue, discounts, returns, net_revenue, cogs,
            gross_margin, cost_to_acquire, cost_to_serve, operating_profit, cost_of_credit or margin.
        period: a period's label (``2024-03``, ``2024-Q1``, ``2024``) or a date in it; a longer period than the
            workbook's is added up. The whole span where it is left out.

    Returns:
        Currency, revenue positive and cost negative; ``margin`` a fraction, blank where net revenue is not above
        0. Without a customer a table with its header, the best first, ties by name: all measures or those
        asked for. ``#N/A``: no such customer, or never refreshed; ``#VALUE!``: no such measure or period.

    >>> from xlprofit import formulas
    >>> formulas.customer_profit(formulas.example(), " memorial ")
    -3829.0
    >>> formulas.customer_profit(formulas.example(), [["University"], ["Memorial"]], [["gross_margin", "profit"]])
    [[2660.0, 725.0], [2660.0, -3829.0]]
    >>> formulas.customer_profit(formulas.example(), measure="profit")
    [['customer', 'profit'], ['University', 725.0], ['Memorial', -3829.0]]
    >>> formulas.customer_profit(formulas.example(), "Memorial", "profits").reason
    'There is no measure “profits”. Did you mean “profit”?'
    """
    if isinstance(customer, Omitted) and isinstance(lookup, Lookup):
        return _ranked(lookup, measure, period)
    return _looked_up(lookup, measured, customer, measure, period)


def _ranked(lookup: Lookup, measure: object, period: object) -> Answer:
    """Return the table of all customers, the best first by profit or the first measure asked for."""
    asked = [plain(cell) for row in grid_of(measure) for cell in row if not is_blank(plain(cell))]
    spans = [plain(cell) for row in grid_of(period) for cell in row if not is_blank(plain(cell))]
    errors = [error for error in map(error_in, asked + spans) if error is not None]
    if errors:
        return errors[0]
    if len(spans) > 1:
        return FormulaError("#VALUE!", _("Give one period for the whole table"))
    span = spans[0] if spans else BLANK
    try:
        getters = [measured(lookup, name, span) for name in (asked or lookup.measures)]
        by = getters[0] if asked else measured(lookup, Measure.PROFIT, span)
    except FormulaError as error:
        return error.as_value()
    kept = [lookup.rows[place] for place in lookup.places.values()]

    def order(row: Sequence[object]) -> tuple[bool, float, str]:
        value = by(row)
        known = isinstance(value, (int, float))
        return (not known, -value if isinstance(value, (int, float)) else 0.0, text_of(row[0]))

    names = [_canonical(lookup, name) for name in asked] or list(lookup.measures)
    table: Grid = [[term("formula", "customer"), *(term("line", name) for name in names)]]
    try:
        table += [[text_of(row[0]), *(get(row) for get in getters)] for row in sorted(kept, key=order)]
    except FormulaError as error:
        return error.as_value()
    return table


def _canonical(lookup: Lookup, measure: object) -> str:
    key = measure_key(lookup, measure)
    return next(name for name in lookup.measures if loose(name) == key)


def cost_to_serve(
    lookup: Lookup | FormulaError | None, customer: object, part: object = OMITTED, period: object = OMITTED
) -> Answer:
    """Return what it costs to serve a customer: all of it, one group, or one activity.

    Args:
        lookup: as in :func:`customer_profit`.
        customer: name or names.
        part: a group (``service``), an activity (``Phone support``) or ``direct: service`` for a group's direct
            costs; all where it is left out. A word that is both means the one spelt just so, else the activity.
        period: as in :func:`customer_profit`.

    Returns:
        Currency, negative; 0 where nothing was posted. ``#N/A``: no such customer; ``#VALUE!``: no such group or
        activity in the cost to serve, or period.

    >>> from xlprofit import formulas
    >>> formulas.cost_to_serve(formulas.example(), ["University", "Memorial"])
    [[-1935.0], [-6489.0]]
    >>> formulas.cost_to_serve(formulas.example(), "Memorial", "Delivery")
    -2352.0
    """
    return _looked_up(lookup, _served, customer, part, period)


def _served(lookup: Lookup, part: object, period: object) -> Getter:
    if is_blank(part):
        return measured(lookup, Measure.COST_TO_SERVE, period)
    serving = [c for c in lines_of(lookup) if Measure.COST_TO_SERVE in c.measures]
    chosen = meant(serving, part)
    if not chosen:
        groups = dict.fromkeys(term("word", c.group) for c in serving)
        words = [*groups, *(term("line", c.name) for c in serving)]
        raise unknown("group or activity", part, words)
    columns = places(lookup, chosen, labels_of(lookup, period))
    return lambda row: sum_of(row, columns)


def customer_state(lookup: Lookup | FormulaError | None, customer: object) -> Answer:
    """Return where a customer is heading: Profitable, Slipping, Loss-making, Recovering, New or Dormant.

    Args:
        lookup: as in :func:`customer_profit`.
        customer: name or names.

    Returns:
        The state as text; blank where there are too few periods to tell. ``#N/A``: no such customer.

    >>> from xlprofit import formulas
    >>> formulas.customer_state(formulas.example(), "University")
    'Profitable'
    """
    return _looked_up(lookup, _only("state"), customer)


def customer_decision(lookup: Lookup | FormulaError | None, customer: object) -> Answer:
    """Return what the Decisions sheet advises about a customer: keep, fix, collect, investigate or end.

    Args:
        lookup: as in :func:`customer_profit`.
        customer: name or names.

    Returns:
        The verdict as text. ``#N/A``: no such customer.

    >>> from xlprofit import formulas
    >>> formulas.customer_decision(formulas.example(), ["University", "Nobody"])
    [['keep'], [FormulaError('#N/A', 'There is no customer “Nobody” in the last refresh')]]
    """
    return _looked_up(lookup, _only("decision"), customer)


def referral_value(lookup: Lookup | FormulaError | None, customer: object) -> Answer:
    """Return what a customer brought by recommending: a memo, no part of its profit.

    Args:
        lookup: as in :func:`customer_profit`.
        customer: name or names.

    Returns:
        Currency over the span; blank where it is unknown. ``#N/A``: no such customer, or no Referrals.

    >>> from xlprofit import formulas
    >>> formulas.referral_value(formulas.example(), "University")
    120.0
    """
    return _looked_up(lookup, _only("referral"), customer)


def _only(kind: str) -> Callable[[Lookup], Getter]:
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
            return lambda row: term("word", text_of(cell_of(row, column)))
        return lambda row: cell_of(row, column)  # type: ignore[return-value]

    return getter


def explain_profit(lookup: Lookup | FormulaError | None, customer: object, line: object = OMITTED) -> Answer:
    """Return the lines that a customer's profit, or a part of it, is the sum of: *amount = units × rate*.

    Args:
        lookup: as in :func:`customer_profit`.
        customer: one name.
        line: a measure (``cost_to_serve``), a group (``service``) or a line (``Phone support``); all of them where it
            is left out.

    Returns:
        A table with its header: ``line``, ``group``, ``units``, ``rate`` (the average of the span, currency a unit,
        signed; blank where no units were posted) and ``amount`` (currency), in the order of the P&L, lines with
        nothing posted left out. The amounts add up to the figure. ``#N/A``: no such customer; ``#VALUE!``: no
        such line, or several customers.

    >>> from xlprofit import formulas
    >>> formulas.explain_profit(formulas.example(), "Memorial", "order")
    [['line', 'group', 'units', 'rate', 'amount'], ['Manual order', 'order', 49.0, -78.0, -3822.0]]
    """
    if not isinstance(lookup, Lookup):
        return lookup or NEVER_REFRESHED
    return _explanation(lookup, customer, line)


def _explanation(lookup: Lookup, customer: object, line: object) -> Answer:
    try:
        name, lines = _one(customer, "customer"), _explained(lookup, _one(line, "line"))
    except FormulaError as error:
        return error.as_value()
    row = _row(lookup, name)
    if isinstance(row, (FormulaError, str)):
        return row
    try:
        explained = [_priced(lookup, row, line) for line in lines]
    except FormulaError as error:
        return error.as_value()
    headers: list[Value] = [term("formula", word) for word in ("line", "group", "units", "rate", "amount")]
    table: Grid = [headers]
    return table + [found for found in explained if found[-1] or found[2]]


def _priced(lookup: Lookup, row: Sequence[object], line: ResultColumn) -> list[Value]:
    """Return a line of an explanation; the units are blank where none were posted, and the rate with them."""
    amount = sum_of(row, [lookup.where["amount", line.name, line.group, ""]])
    counted = lookup.where.get(("units", line.name, line.group, ""))
    units = sum_of(row, [] if counted is None else [counted])
    name, group = term("line", line.name), term("word", line.group)
    if abs(units) > 0:
        return [name, group, units, amount / units, amount]
    return [name, group, BLANK, BLANK, amount]


def _one(cell: object, name: str) -> object:
    """Return the only cell of a range, or the cell; errors in it and several cells are raised."""
    cells = [plain(c) for row in grid_of(cell) for c in row]
    error = error_in(cells[0])
    if error is not None:
        raise error
    if len(cells) > 1:
        raise FormulaError(
            "#VALUE!", _("Give one {name}, not a range of {n} cells", name=term("kind", name), n=len(cells))
        )
    return cells[0]


def _explained(lookup: Lookup, word: object) -> list[ResultColumn]:
    lines = lines_of(lookup)
    if is_blank(word):
        return lines
    key = measure_key(lookup, word)
    measures = [c for c in lines if key in map(loose, c.measures)]
    chosen = measures or meant(lines, word)
    if not chosen:
        words = [
            said
            for c in lines
            for said in (*(term("line", m) for m in c.measures), term("word", c.group), term("line", c.name))
        ]
        raise unknown("line", word, words)
    return chosen


def whale(lookup: Lookup | FormulaError | None, profits: object = OMITTED) -> Answer:
    """Return the whale curve of a range of profits or, where none is given, of the last refresh.

    Args:
        lookup: as in :func:`customer_profit`; not needed where profits are given.
        profits: as in :func:`whale_curve`.

    Returns:
        The table of :func:`whale_curve`.

    >>> from xlprofit import formulas
    >>> formulas.whale(formulas.example())[1][:3]
    [1.0, 'University', 725.0]
    """
    if not isinstance(profits, Omitted):
        return whale_curve(profits)
    table = customer_profit(lookup, measure=Measure.PROFIT)
    return whale_curve(table[1:]) if isinstance(table, list) else table
