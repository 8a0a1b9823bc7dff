"""The sheet *Look-up*: a customer chosen from a list, and all of them ranked, by formulas of the add-in.

The only sheet whose figures are not values: they ask for the last refresh by ``CUSTOMER_PROFIT`` and its sisters.
What its cells hold besides is what these formulas come to now, computed by the very functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from xlprofit import addresses
from xlprofit import formulas as core
from xlprofit.errors import UnknownNameError
from xlprofit.formulas import FormulaError, Lookup
from xlprofit.formulas.cells import format_cell_text
from xlprofit.messages import Message, _, capitalize_message, term
from xlprofit.sheets import customer_pnl, decisions, names, trends
from xlprofit.sheets.explanation import describe_ledger_line
from xlprofit.sheets.frame import TABLE_ROW, build_sheet_heading, describe_analysis_span, translate_word_rule
from xlprofit.sheets.parts import (
    Cell,
    ColourRule,
    Column,
    Figure,
    FigureByRow,
    Format,
    Formula,
    Link,
    Meaning,
    Sheet,
    SignRule,
    Spill,
    Table,
    Value,
)
from xlprofit.vocabulary.groups import GROUPS
from xlprofit.vocabulary.measures import MEASURES

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

PNL, SERVING, RANKING = "look_up_pnl", "look_up_serving", "look_up_ranking"

MOST_PERIODS = 12
"""The latest periods, which are shown beside the whole span."""

_CHOSEN_ROW, _CHOSEN_COLUMN = 5, 2
CHOSEN_PLACE = (_CHOSEN_ROW, _CHOSEN_COLUMN)
"""The row and the column of the cell that holds the customer that was chosen."""

_ASKED = f"${addresses.format_column(_CHOSEN_COLUMN)}${_CHOSEN_ROW}"
_PNL_ROW = 11
_CALLS = ("CUSTOMER_PROFIT", "COST_TO_SERVE", "CUSTOMER_STATE", "CUSTOMER_DECISION", "REFERRAL_VALUE")

Answered = Callable[..., object]


class _Asked(NamedTuple):
    """Whom the formulas are about, where they look, and how the words they are asked in are said."""

    lookup: Lookup
    customer: str
    say: Callable[[str], str]


class _LookUpBlock(NamedTuple):
    """A table of one customer's figures, and the array formulas that fill it."""

    table: Table
    spills: tuple[Spill, ...]


def describe_look_up_sheet(
    results: Results, lookup: Lookup, chosen: object = None, say: Callable[[str], str] = str
) -> Sheet:
    """Return the sheet.

    Args:
        results: the run.
        lookup: what the formulas find of it.
        chosen: the customer that was chosen on the sheet before, if any; the first in the ranking where there is
            no such customer (any more).
        say: says a message in the language that the sheet will be in: its formulas are asked in these words, and a
            word may be the name of an activity there.
    """
    called = names.translate_sheet_name(names.LOOK_UP)
    top = build_sheet_heading(
        called, _("One customer, and all of them ranked · {span}", span=describe_analysis_span(results))
    )
    if not lookup.places:
        return Sheet(called, (*top, Cell(4, 1, _("No customers"), Meaning.NOTE)))
    customer = _choose_look_up_customer(results, chosen)
    measures: dict[str, Figure] = {_label_measure(m): Figure(m, customer=customer) for m in MEASURES}
    pnl = _build_look_up_table(_Asked(lookup, customer, say), PNL, _PNL_ROW, "CUSTOMER_PROFIT", measures)
    ratio = pnl.table.last + 1
    row, blocks, titles = ratio + 4, [pnl], [Cell(_PNL_ROW - 1, 1, _("Profit and loss"), Meaning.SECTION)]
    groups: dict[str, Figure] = {
        term("word", group): Figure("cost_to_serve", group, customer=customer)
        for group in _list_serving_groups(lookup)
    }
    if groups:
        blocks.append(
            _build_look_up_table(_Asked(lookup, customer, say), SERVING, row, "COST_TO_SERVE", groups)
        )
        titles.append(Cell(row - 1, 1, _("Cost to serve"), Meaning.SECTION))
        row = blocks[-1].table.last + 4
    blocks.append(_build_ranking_table(lookup, row))
    titles.append(Cell(row - 1, 1, _("All customers, the best first"), Meaning.SECTION, across=5))
    return Sheet(
        called,
        cells=(
            *top,
            *_build_choice_cells(results, lookup, customer),
            *titles,
            *_build_margin_cells(pnl.table, ratio),
        ),
        tables=tuple(block.table for block in blocks),
        freeze=f"B{_CHOSEN_ROW + 1}",
        tab=Meaning.NEUTRAL,
        currency=results.inputs.settings.currency,
        spills=tuple(spill for block in blocks for spill in block.spills),
        calls=_CALLS,
    )


def keep_look_up_values(sheet: Sheet, note: str) -> Sheet:
    """Return the sheet with what its formulas come to in their place, for a host that calculates none of ours.

    ``note`` takes the place of the one that says how its figures are kept up to date.
    """
    cells = [
        replace(cell, value=cell.value.value)
        if isinstance(cell.value, Formula) and cell.value.text.startswith(sheet.calls)
        else cell
        for cell in sheet.cells
    ]
    at = next((i for i, cell in enumerate(cells) if cell.meaning is Meaning.NOTE), None)
    if at is not None:
        cells[at] = replace(cells[at], value=note)
    return replace(sheet, cells=tuple(cells), spills=(), calls=())


def _choose_look_up_customer(results: Results, chosen: object) -> str:
    try:
        return results.resolve_customer("" if chosen is None else format_cell_text(chosen))
    except UnknownNameError:
        return str(results.whale.index[0])


def _build_choice_cells(results: Results, lookup: Lookup, customer: str) -> list[Cell]:
    """Return the cell to choose in, and what is said of the customer in words."""
    listed = f"A{TABLE_ROW + 1}:A{TABLE_ROW + len(results.whale)}"
    note = _(
        "These figures are formulas of the add-in. Without it they stand as the last refresh left them, "
        "until they are calculated anew: then they show #NAME?"
    )
    said: list[tuple[str, str, Answered, Format, tuple[ColourRule, ...]]] = [
        (
            _("State"),
            "CUSTOMER_STATE",
            core.customer_state,
            Format.TEXT,
            (translate_word_rule(trends.STATES),),
        ),
        (
            _("Decision"),
            "CUSTOMER_DECISION",
            core.customer_decision,
            Format.TEXT,
            (translate_word_rule(decisions.VERDICTS),),
        ),
        (_("Referral value"), "REFERRAL_VALUE", core.referral_value, Format.MONEY, ()),
    ]
    return [
        Cell(3, 1, note, Meaning.NOTE, across=10),
        Cell(_CHOSEN_ROW, 1, _("Choose a customer"), Meaning.SECTION),
        Cell(
            _CHOSEN_ROW,
            _CHOSEN_COLUMN,
            customer,
            Meaning.INPUT,
            across=3,
            choices=Link(names.translate_sheet_name(names.CUSTOMER_PNL), listed),
            figure=Figure(customer=customer),
        ),
        *(
            cell
            for row, (label, name, answered, format_, rules) in enumerate(said, _CHOSEN_ROW + 1)
            for cell in (
                Cell(row, 1, label),
                Cell(
                    row,
                    _CHOSEN_COLUMN,
                    Formula(f"{name}({_ASKED})", _convert_answer_value(answered(lookup, customer))),
                    format=format_,
                    rules=rules,
                ),
            )
        ),
    ]


def _build_look_up_table(
    of: _Asked, table: str, row: int, name: str, lines: Mapping[str, Figure]
) -> _LookUpBlock:
    """Return a table of some lines over the whole span and the latest periods: an array formula for each.

    ``lines`` are what each line of one customer is the sum of, over the whole span, by what it is called.
    """
    labels = list(lines)
    periods = of.lookup.periods[-MOST_PERIODS:]
    answered: Answered = core.REGISTRY[name].call
    asked = [[of.say(label)] for label in labels]
    whole = _list_answer_values(answered(of.lookup, of.customer, asked))
    columns = [
        Column("line", _("Line"), list(labels), width=30.0, figure=_figures_of_lines(lines)),
        Column("whole", _("Whole period"), whole, Format.MONEY, 13.0, figure=_figures_of_lines(lines)),
        *(
            Column(
                period,
                period,
                _list_answer_values(answered(of.lookup, of.customer, asked, period)),
                Format.MONEY,
                12.0,
                figure=_figures_of_lines(lines, period),
            )
            for period in periods
        ),
    ]
    last = row + len(labels)
    listed = f"$A${row + 1}:$A${last}"
    spills = [Spill(row + 1, 2, last, 2, f"{name}({_ASKED},{listed})")]
    if periods:
        end = addresses.format_column(len(columns))
        text = f"{name}({_ASKED},{listed},$C${row}:${end}${row})"
        spills.append(Spill(row + 1, 3, last, len(columns), text))
    return _LookUpBlock(Table(table, row, 1, tuple(columns), filtered=False), tuple(spills))


def _figures_of_lines(lines: Mapping[str, Figure], period: str = "") -> FigureByRow:
    """Return what each line is the sum of in a period, or over the whole span."""
    return FigureByRow(("line",), {(line,): replace(figure, period=period) for line, figure in lines.items()})


def _build_margin_cells(pnl: Table, row: int) -> list[Cell]:
    """Return the margin under each column of the P&L, as *Customer P&L* computes it."""
    place = {measure: pnl.first + at for at, measure in enumerate(MEASURES)}
    cells = [Cell(row, 1, _label_measure("margin"))]
    for at, column in enumerate(pnl.columns[1:], pnl.column + 1):
        letters = addresses.format_column(at)
        revenue, profit = (column.values[MEASURES.index(measure)] for measure in ("net_revenue", "profit"))
        known = isinstance(revenue, int | float) and isinstance(profit, int | float) and revenue > 0
        text = 'IF({0}{1}>0,{0}{2}/{0}{1},"")'.format(letters, place["net_revenue"], place["profit"])
        value = profit / revenue if known else None  # type: ignore[operator]  # both are numbers then
        cells.append(Cell(row, at, Formula(text, value), format=Format.SHARE))
    return cells


def _build_ranking_table(lookup: Lookup, row: int) -> _LookUpBlock:
    """Return the table of all customers, header and all filled by one array formula."""
    answer = core.customer_profit(lookup)
    grid = answer if isinstance(answer, list) else [[answer]]
    header, *body = grid
    customer, *measures = (
        (said if isinstance(said, str) else str(said), [_convert_answer_value(line[at]) for line in body])
        for at, said in enumerate(header)
    )
    columns = (
        Column("customer", *customer, Format.TEXT, 30.0, figure=_figure_of_ranking("profit")),
        *(
            _build_ranking_column(lookup.measures[at], said, values)
            for at, (said, values) in enumerate(measures)
        ),
    )
    spill = Spill(row, 1, row + len(body), len(header), "CUSTOMER_PROFIT()")
    return _LookUpBlock(Table(RANKING, row, 1, columns, filtered=False), (spill,))


def _build_ranking_column(measure: str, header: str, values: list[Value]) -> Column:
    """Return the column of a measure in the table of all customers."""
    return Column(
        measure,
        header,
        values,
        Format.SHARE if measure == "margin" else Format.MONEY,
        12.0,
        rules=(SignRule(),) if measure in customer_pnl.SUBTOTALS[1:] else (),
        figure=_figure_of_ranking(measure),
    )


def _figure_of_ranking(measure: str) -> Figure | None:
    """Return what a column of the ranking is the sum of; nothing for the margin, which is a share."""
    return Figure(measure) if measure in MEASURES else None


def _list_serving_groups(lookup: Lookup) -> list[str]:
    """Return the groups of the cost to serve."""
    serving = {c.group for c in lookup.columns if c.kind == "amount" and "cost_to_serve" in c.measures}
    return [*(g for g in GROUPS if g in serving), *sorted(serving - set(GROUPS))]


def _label_measure(measure: str) -> str:
    """Return what a measure is called, which the formulas understand as well."""
    if measure == "cogs":
        return Message("COGS", measure, context="line/word", change="capital")
    return capitalize_message(describe_ledger_line(measure))


def _list_answer_values(answer: object) -> list[Value]:
    return (
        [_convert_answer_value(row[0]) for row in answer]
        if isinstance(answer, list)
        else [_convert_answer_value(answer)]
    )


def _convert_answer_value(answer: object) -> Value:
    """Return what a cell holds of an answer: an error by its code, a blank for what is unknown."""
    if isinstance(answer, FormulaError):
        return answer.code
    return answer if isinstance(answer, str | int | float) and answer != core.BLANK else None
