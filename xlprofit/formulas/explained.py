"""What a customer's profit is made of, in three levels: its lines, their drivers, and the source rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, isfinite
from typing import TYPE_CHECKING, NamedTuple

from xlprofit.formulas.cells import (
    BLANK,
    OMITTED,
    FormulaError,
    convert_to_grid,
    find_cell_error,
    fold_measure_name,
    format_cell_text,
    is_blank,
    unwrap_cell,
)
from xlprofit.formulas.groups import GroupRow, find_customer_row
from xlprofit.formulas.results_sheet import (
    CHANGED_BY_HAND,
    DRIVER_AMOUNT,
    DRIVER_UNITS,
    DRIVERS_KEPT,
    NEVER_REFRESHED,
    Lookup,
    ResultColumn,
    read_driver,
)
from xlprofit.formulas.words import (
    build_unknown_word_error,
    find_meant_lines,
    find_meant_word,
    get_row_cell,
    list_ledger_lines,
    resolve_measure,
    sum_row_cells,
)
from xlprofit.messages import N_, _, term
from xlprofit.vocabulary.measures import Measure

if TYPE_CHECKING:
    from xlprofit.formulas.cells import Answer, Grid, Value
    from xlprofit.formulas.results_sheet import SourceRow

BASE = "quantity"
"""The driver of a base term, which is called as the column of the log is."""

SMALLEST = 0.005
"""The difference between two amounts that is one: half a cent of rounding is none."""

LINES, DRIVERS, ROWS = "lines", "drivers", "rows"
LEVELS = (LINES, DRIVERS, ROWS)
"""How far a figure is taken apart: its lines, what drives each of them, or the source rows."""

TABLES = {
    LINES: ("line", "group", "units", "rate", "amount", "share", "of_revenue"),
    DRIVERS: (
        *("line", "driver", "resource", "driver_units", "usual_units", "each"),
        *("units", "rate", "amount", "gap", "priced_by"),
    ),
    ROWS: ("source_row", "period", "line", "driver", "driver_units", "units", "rate", "amount", "priced_by"),
}
"""The columns of the table of each level."""

NO_DRIVERS = N_(
    "This workbook keeps no drivers: it has too many customers for that. The button Explain shows them"
)
NO_ROWS = N_("Here a formula cannot read the source rows: the button Explain shows them")
CHANGED_SINCE = N_("The input tables were changed since the last refresh: press Refresh")


def explain_profit(
    lookup: Lookup | FormulaError | None, customer: object, line: object = OMITTED, level: object = OMITTED
) -> Answer:
    """Return what a customer's profit, or a part of it, is made of: *amount = units × rate*.

    Args:
        lookup: as in :func:`customer_profit`.
        customer: one name, or a group such as ``segment:Hotels``.
        line: a measure (``cost_to_serve``), a group (``service``) or a line (``Phone support``); all of them where it
            is left out.
        level: ``lines`` where it is left out; ``drivers`` for what each line is made of, or ``rows`` for the source
            rows, which need a host that reads the input tables (the add-in of Excel).

    Returns:
        A table with its header, the largest line first, what is nothing left out; the amounts of each level add
        up to the figure, in currency. ``lines``: units, rate (the average of the span, a unit, signed; blank where no
        units were posted), amount, its share of the figure and of net revenue, fractions. ``drivers``: *how many ×
        units each × rate = amount* beside the driver units of the median peer at the same net revenue, and the
        amount by which the customer's own differ from it, negative where they cost more. ``rows``: the rows of the
        input tables, the largest first. ``#N/A``: no such customer, or the level is not there and why; ``#VALUE!``:
        no such line or level, or several customers.

    >>> from xlprofit import formulas
    >>> formulas.explain_profit(formulas.build_example(), "Memorial", "order")[1][:5]
    ['Manual order', 'order', 49.0, -78.0, -3822.0]
    >>> formulas.explain_profit(formulas.build_example(), "Memorial", "order", "drivers")[1][3:]
    [49.0, 33.5, 1.0, 49.0, -78.0, -3822.0, -1209.0, 'Activities!3']
    """
    if not isinstance(lookup, Lookup):
        return lookup or NEVER_REFRESHED
    try:
        name = _take_only_cell(customer, "customer")
        lines = _find_explained_lines(lookup, _take_only_cell(line, "line"))
        asked = _take_only_cell(level, "level")
        depth = LINES if is_blank(asked) else find_meant_word("level", asked, LEVELS)
        row = find_customer_row(lookup, name)
        if isinstance(row, (FormulaError, str)):
            return row
        head: list[Value] = [term("formula", word) for word in TABLES[depth]]
        table = _EXPLAINED[depth](lookup, row, lines)
        _refuse_endless_figures(table)
        return [head, *table]
    except FormulaError as error:
        return error.as_value()


def _refuse_endless_figures(table: Grid) -> None:
    """Raise an error where a table holds a figure that none can be: somebody changed the results sheet."""
    if not all(isfinite(cell) for row in table for cell in row if isinstance(cell, float)):
        raise FormulaError("#VALUE!", _(CHANGED_BY_HAND))


def _explain_lines(lookup: Lookup, row: Sequence[object], lines: Sequence[ResultColumn]) -> Grid:
    """Return the lines with something posted, the largest amount first, each with its shares."""
    found = [
        line for line in (_explain_line(lookup, row, line) for line in lines) if line.amount or line.units
    ]
    found.sort(key=_rank_amount)
    whole = sum(line.amount for line in found)
    revenue = _find_net_revenue(lookup, row)
    return [
        [
            *(line.name, line.group, line.units, line.rate, line.amount),
            _divide_or_blank(line.amount, whole),
            _divide_or_blank(line.amount, revenue if revenue > 0 else 0.0),
        ]
        for line in found
    ]


class _PostedLine(NamedTuple):
    """What was posted to a line: its words, units and rate, both blank where nothing was counted."""

    name: Value
    group: Value
    units: float | str
    rate: float | str
    amount: float


def _explain_line(lookup: Lookup, row: Sequence[object], line: ResultColumn) -> _PostedLine:
    amount = sum_row_cells(row, [lookup.where["amount", line.name, line.group, ""]])
    counted = lookup.where.get(("units", line.name, line.group, ""))
    units = sum_row_cells(row, [] if counted is None else [counted])
    name, group = term("line", line.name), term("word", line.group)
    known = abs(units) > 0
    return _PostedLine(name, group, units if known else BLANK, amount / units if known else BLANK, amount)


def _explain_drivers(lookup: Lookup, row: Sequence[object], lines: Sequence[ResultColumn]) -> Grid:
    """Return what each line is made of, the largest line first; what nothing drives stands as a whole."""
    if (DRIVERS_KEPT, "", "", "") not in lookup.where:
        raise FormulaError("#N/A", _(NO_DRIVERS))
    usual = _make_usual_getter(lookup, row)
    terms = [c for c in lookup.columns if c.kind == DRIVER_UNITS]
    posted = [(line, _explain_line(lookup, row, line)) for line in lines]
    posted.sort(key=lambda pair: _rank_amount(pair[1]))
    found: Grid = []
    for line, whole in posted:
        driven = [c for c in terms if (read_driver(c).line, c.group) == (line.name, line.group)]
        parts = [part for part in (_explain_driver(lookup, row, c, usual) for c in driven) if part[3]]
        parts.sort(key=lambda part: -abs(_read_number(part[8])))
        found += [*parts, *_explain_rest(whole, parts)]
    return found


def _explain_rest(whole: _PostedLine, parts: Grid) -> Grid:
    """Return the row of what no driver explains of a line: of a line without drivers all of it."""
    rest = whole.amount - sum(_read_number(part[8]) for part in parts)
    if abs(rest) <= SMALLEST and (parts or not whole.units):
        return []
    units, rate = (BLANK, BLANK) if parts else (whole.units, whole.rate)
    return [[whole.name, *[BLANK] * 5, units, rate, rest, BLANK, BLANK]]


def _explain_driver(
    lookup: Lookup, row: Sequence[object], column: ResultColumn, usual: Callable[[ResultColumn], float | str]
) -> list[Value]:
    """Return what a driver came to: how many × units each × rate = amount, and how far from the median that is."""
    driver = read_driver(column)
    counted = sum_row_cells(row, [lookup.where[DRIVER_UNITS, column.name, column.group, ""]])
    amount = sum_row_cells(row, [lookup.where[DRIVER_AMOUNT, column.name, column.group, ""]])
    units = counted * driver.each
    rate = _divide_or_blank(amount, units)
    median = usual(column) if counted else BLANK
    gap: float | str = BLANK
    if isinstance(median, float) and isinstance(rate, float):
        gap = (counted - median) * driver.each * rate
    said = term("ActivityLog", driver.driver) if driver.driver == BASE else driver.driver
    return [
        *(term("line", driver.line), said, driver.resource, counted, median),
        *(driver.each, units, rate, amount, gap, driver.place),
    ]


def _make_usual_getter(lookup: Lookup, row: Sequence[object]) -> Callable[[ResultColumn], float | str]:
    """Return what gives the driver units of the median peer at the net revenue of a row; of a group the sum."""
    revenue = _find_revenue_place(lookup)
    of = lookup.where.get(("fact", "", "peers", ""))
    everybody = [lookup.rows[place] for place in lookup.places.values()]
    shares: dict[tuple[str, int], float] = {}

    def find_share(segment: str, column: int) -> float:
        """Return the driver units for a unit of net revenue of the median peer."""
        if (segment, column) not in shares:
            peers = [r for r in everybody if not segment or _read_row_text(r, of) == segment]
            earning = [r for r in peers if _read_number(get_row_cell(r, revenue)) > 0]
            each = [
                _read_number(get_row_cell(r, column)) / _read_number(get_row_cell(r, revenue))
                for r in earning
            ]
            shares[segment, column] = _compute_middle(each)
        return shares[segment, column]

    def find_usual(column: ResultColumn) -> float | str:
        place = lookup.where[DRIVER_UNITS, column.name, column.group, ""]
        rows = row.rows if isinstance(row, GroupRow) else [row]
        own = [(_read_row_text(r, of), _read_number(get_row_cell(r, revenue))) for r in rows]
        known = [find_share(segment, place) * sold for segment, sold in own if sold > 0]
        return sum(known) if known else BLANK

    return find_usual


def _explain_rows(lookup: Lookup, row: Sequence[object], lines: Sequence[ResultColumn]) -> Grid:
    """Return the source rows, the largest amount first; they are those of the last refresh or an error says so."""
    if lookup.explain is None:
        raise FormulaError("#N/A", _(NO_ROWS))
    if isinstance(row, GroupRow):
        raise FormulaError("#N/A", _("A group of customers has no source rows: name one customer"))
    wanted = {(line.name, line.group) for line in lines}
    whole = sum(_explain_line(lookup, row, line).amount for line in lines)
    for again in (False, True):
        own = [r for r in lookup.explain(format_cell_text(row[0]), again) if (r.line, r.group) in wanted]
        if abs(sum(r.amount for r in own) - whole) <= SMALLEST:
            break
    else:
        raise FormulaError("#N/A", _(CHANGED_SINCE))
    own.sort(key=_rank_amount)
    return [
        [
            *(r.source_row, r.period, term("line", r.line)),
            term("ActivityLog", r.driver) if r.driver == BASE else r.driver,
            *(r.driver_units, r.units, r.rate, r.amount, r.priced_by),
        ]
        for r in own
    ]


_EXPLAINED: dict[str, Callable[[Lookup, Sequence[object], Sequence[ResultColumn]], Grid]] = {
    LINES: _explain_lines,
    DRIVERS: _explain_drivers,
    ROWS: _explain_rows,
}


def _find_revenue_place(lookup: Lookup) -> int:
    """Return the column of net revenue; one that no row has where there is none."""
    return lookup.where.get(
        ("measure", fold_measure_name(Measure.NET_REVENUE), "", ""), len(lookup.columns) + 1
    )


def _find_net_revenue(lookup: Lookup, row: Sequence[object]) -> float:
    """Return the net revenue of a row; 0 where there is none on the results sheet."""
    return _read_number(get_row_cell(row, _find_revenue_place(lookup)))


def _read_number(cell: object) -> float:
    """Return a number; 0 of what is none."""
    return float(cell) if isinstance(cell, (int, float)) else 0.0


def _read_row_text(row: Sequence[object], place: int | None) -> str:
    """Return a text of a row; nothing where the results sheet has no such column."""
    return "" if place is None else format_cell_text(get_row_cell(row, place))


def _compute_middle(values: Sequence[float]) -> float:
    """Return the median; 0 of nothing."""
    ranked, half = sorted(values), len(values) // 2
    if not ranked:
        return 0.0
    return ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2


def _divide_or_blank(part: float, whole: float) -> float | str:
    """Return the quotient, blank where there is none."""
    quotient = part / whole if abs(whole) > 0 else inf
    return quotient if isfinite(quotient) else BLANK


def _rank_amount(posted: _PostedLine | SourceRow) -> float:
    """Return what puts the largest amount first, whatever its sign."""
    return -abs(posted.amount)


def _take_only_cell(cell: object, name: str) -> object:
    """Return the only cell of a range, or the cell; errors in it and several cells are raised."""
    cells = [unwrap_cell(c) for row in convert_to_grid(cell) for c in row]
    error = find_cell_error(cells[0])
    if error is not None:
        raise error
    if len(cells) > 1:
        raise FormulaError(
            "#VALUE!", _("Give one {name}, not a range of {n} cells", name=term("kind", name), n=len(cells))
        )
    return cells[0]


def _find_explained_lines(lookup: Lookup, word: object) -> list[ResultColumn]:
    lines = list_ledger_lines(lookup)
    if is_blank(word):
        return lines
    key = resolve_measure(lookup, word)
    measures = [c for c in lines if key in map(fold_measure_name, c.measures)]
    chosen = measures or find_meant_lines(lines, word)
    if not chosen:
        words = [
            said
            for c in lines
            for said in (*(term("line", m) for m in c.measures), term("word", c.group), term("line", c.name))
        ]
        raise build_unknown_word_error("line", word, words)
    return chosen
