"""Calculation: columns that others of an export give: a price times a quantity, revenue less a profit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import copysign, fsum

from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.importing.exports.conversion import read_amount
from xlprofit.importing.exports.export import Cell, is_blank_cell
from xlprofit.importing.exports.inference import find_decimal
from xlprofit.importing.extraction.body import Body, Cells, TableColumn
from xlprofit.importing.extraction.contradictions import find_other_mark, tell_contradiction
from xlprofit.importing.extraction.filling import find_own_rule
from xlprofit.importing.extraction.recognition import find_place
from xlprofit.importing.profiles.profile import ColumnRule, ProfileError, TableRule, name_own_column
from xlprofit.messages import _
from xlprofit.reading.cells import Other
from xlprofit.reading.faults import quote_value

Formula = Callable[[float, float], float]
"""What one amount is, worked out of two."""


@dataclass(frozen=True)
class Work:
    """How two columns are worked into one: the formula, and the decimal marks of both.

    ``blank`` is what a blank cell counts as where the other is filled; ``None``: then the result is blank.
    """

    formula: Formula
    decimals: tuple[str, str]
    blank: float | None = None


def work_out_columns(
    rule: TableRule, body: Body, made: dict[str, TableColumn], named_places: Iterable[str]
) -> list[Finding]:
    """Work out the columns that others give, those that need the worked-out ones last."""
    findings: list[Finding] = []
    places = set(named_places)
    order = sorted(rule.columns, key=lambda name: rule.columns[name].rule != "")
    for name in (name_own_column(rule, n) for n in order if n in places):
        column = find_own_rule(rule, name)
        if column.rule:
            findings += _work_out_cost(rule, body, made, name)
        elif column.is_worked_out:
            made[name], told = _work_out_amounts(column, body, made[name])
            findings += told
    if "discount" in made and find_own_rule(rule, "discount").deducted and "gross_revenue" in made:
        _add_discounts(rule, body, made)
    if "returns" in made and find_own_rule(rule, "returns").tax and "gross_revenue" in made:
        made["returns"] = _limit_returns(made["returns"], made["gross_revenue"])
    return findings


def _list_steps(column: ColumnRule) -> Iterator[tuple[str, Formula, float | None]]:
    """Yield what a column is worked out of, step by step: a header, how, and what a blank there counts as."""
    if column.times:
        yield column.times, lambda a, b: a * b, None
    if column.per:
        yield column.per, lambda a, b: a / b, None
    if column.minus:
        yield column.minus, lambda a, b: a - b, 0.0
    for header in column.less:
        yield header, lambda a, b: a - b, 0.0
    if column.tax_rate:
        yield column.tax_rate, lambda a, b: a / (1 + b), 0.0


def _work_out_amounts(column: ColumnRule, body: Body, own: TableColumn) -> tuple[TableColumn, list[Finding]]:
    """Return a column times another one, less another one, or without its tax; and what contradicts its marks."""
    factor = (-1.0 if column.sign == "turned" else 1.0) * column.scale
    decimal, findings = settle_decimal(column, body, own.cells, column.headers)
    cells = own.cells
    for other, formula, blank in _list_steps(column):
        operand = _find_operand(body, other)
        mark, told = settle_decimal(column, body, operand, (other,))
        findings += told
        if other in (column.tax_rate, column.per):
            read = _read_rate_cells if other == column.tax_rate else _read_price_units
            operand = read(operand, mark)
        cells, decimal = _combine_cells(cells, operand, Work(formula, (decimal, mark), blank)), "."
    if column.tax:
        cells = _take_off_share(column, body, cells, decimal)
    return replace(own, cells=[c * factor if isinstance(c, float) else c for c in cells]), findings


def settle_decimal(
    column: ColumnRule, body: Body, cells: Sequence[Cell], headers: Sequence[str]
) -> tuple[str, list[Finding]]:
    """Return the decimal mark of a column: that of its rule, unless its cells contradict it, which is told."""
    found = find_other_mark(column.decimal, cells, money=True)
    if found is None:
        return column.decimal or find_decimal(cells), []
    place = find_place(
        ColumnRule(headers=tuple(headers), position=column.position), body.headers, body.sheet.first
    )
    return found.decimal, [tell_contradiction(body, place or 0, found.text)]


def _read_rate_cells(cells: Sequence[Cell], decimal: str) -> Cells:
    """Return rates as fractions, be they written so or in percent."""
    values = [read_amount(cell, decimal) for cell in cells]
    percent = any(value is not None and abs(value) > 1 for value in values)
    return [None if value is None else value / 100 if percent else value for value in values]


def _read_price_units(cells: Sequence[Cell], decimal: str) -> Cells:
    """Return for how many units each price is; for one where nothing is said."""
    return [1.0 if is_blank_cell(cell) else read_amount(cell, decimal) or 1.0 for cell in cells]


def _take_off_share(column: ColumnRule, body: Body, cells: Cells, decimal: str) -> Cells:
    """Return amounts, to the cent, less the share of the tax in the total that they are a part of."""
    taxes, totals = (_find_operand(body, header) for header in (column.tax, column.total))
    return [
        cell if (amount := read_amount(cell, decimal)) is None else _untax(amount, _read_pair(pair, decimal))
        for cell, *pair in zip(cells, taxes, totals, strict=True)
    ]


def _add_discounts(rule: TableRule, body: Body, made: dict[str, TableColumn]) -> None:
    """Put discounts that are off the revenue already back on it, which is at list price then."""
    column, said = find_own_rule(rule, "discount"), find_own_rule(rule, "gross_revenue")
    mark, _told = settle_decimal(column, body, made["discount"].cells, column.headers)
    decimal, _told = settle_decimal(said, body, made["gross_revenue"].cells, said.headers)
    factor = 0.01 if column.deducted == "percent" else 1.0
    gross, off = list(made["gross_revenue"].cells), list(made["discount"].cells)
    for at, (whole, discount) in enumerate(zip(gross, off, strict=True)):
        net, size = read_amount(whole, decimal), abs(read_amount(discount, mark) or 0.0)
        if net is None or (column.deducted != "amount" and size * factor >= 1):
            continue
        taken = copysign(size, net) if column.deducted == "amount" else net / (1 - size * factor) - net
        gross[at], off[at] = round(net + taken, 10), round(taken, 10)
    made["gross_revenue"] = replace(made["gross_revenue"], cells=gross)
    made["discount"] = replace(made["discount"], cells=off, unit=made["gross_revenue"].unit)


def _read_pair(cells: Sequence[Cell], decimal: str) -> tuple[float, float]:
    tax, total = (read_amount(cell, decimal) or 0.0 for cell in cells)
    return tax, total


def _untax(amount: float, of: tuple[float, float]) -> float:
    tax, total = of
    return round(amount - amount * tax / total, 2) if total else amount


def _limit_returns(returns: TableColumn, revenue: TableColumn) -> TableColumn:
    """Return refunds of no more than the revenue of their row; what is above it is freight, no revenue here."""
    pairs = zip(returns.cells, revenue.cells, strict=True)
    limited = [
        min(cell, abs(whole)) if isinstance(cell, float) and isinstance(whole, float) else cell
        for cell, whole in ((cell, _as_number(other)) for cell, other in pairs)
    ]
    return replace(returns, cells=limited)


def _as_number(cell: Cell) -> Cell:
    return cell if isinstance(cell, float) else read_amount(cell, find_decimal([cell]) or ".")


def _find_operand(body: Body, header: str) -> Cells:
    at = find_place(ColumnRule(headers=(header,)), body.headers, body.sheet.first)
    if at is None:
        raise ProfileError(
            _("{source}: there is no column {column}", source=body.label, column=quote_value(header)),
            _("Its columns are {names}", names=", ".join(filter(None, body.headers[:20]))),
        )
    return body.cells[at]


def _work_out_cost(rule: TableRule, body: Body, made: dict[str, TableColumn], name: str) -> list[Finding]:
    """Work out a cost from the revenue and the profit, or the margin, that the export gives instead."""
    column, revenue, profit = find_own_rule(rule, name), made["gross_revenue"], made[name]
    formula = (
        _build_margin_formula(column, body, profit.cells)
        if column.rule == "margin"
        else lambda amount, profit: amount - profit
    )
    said = rule.columns.get("gross_revenue", ColumnRule())
    decimal, _told = settle_decimal(said, body, revenue.cells, said.headers)
    mark, findings = settle_decimal(column, body, profit.cells, column.headers)
    cells = _combine_cells(revenue.cells, profit.cells, Work(formula, (decimal, mark)))
    made[name] = replace(profit, cells=cells, unit=revenue.unit)
    lacking = [
        at
        for at, (cell, held) in enumerate(zip(revenue.cells, profit.cells, strict=True))
        if not is_blank_cell(cell) and is_blank_cell(held)
    ]
    return [*findings, *([_tell_lacking(column, body, name, lacking)] if lacking else [])]


def _build_margin_formula(column: ColumnRule, body: Body, margins: Sequence[Cell]) -> Formula:
    """Return what a cost is of a revenue and a margin, be that a fraction or in percent."""
    percent = "%" in body.headers[find_place(column, body.headers, body.sheet.first) or 0]
    values = [read_amount(c, column.decimal) for c in margins]
    signed = any(isinstance(c, str) and c.strip().endswith("%") for c in margins)
    above_one = percent and any(v is not None and abs(v) > 1 for v in values)
    factor = 0.01 if signed or above_one else 1.0
    return lambda amount, share: amount * (1 - share * factor)


def _tell_lacking(column: ColumnRule, body: Body, name: str, lacking: Sequence[int]) -> Finding:
    header = quote_value(column.headers[0] if column.headers else name)
    what = phrase("D13", "no_profit", n=len(lacking), header=header)
    place = find_place(column, body.headers, body.sheet.first) or 0
    return build_finding("D13", body.label, body.locate_row(lacking[0], place), what, count=len(lacking))


def _combine_cells(one: Sequence[Cell], other: Sequence[Cell], work: Work) -> Cells:
    """Return two columns worked into one."""
    return [_combine_pair((a, b), work) for a, b in zip(one, other, strict=True)]


def _combine_pair(cells: tuple[Cell, Cell], work: Work) -> Cell:
    """Return two cells worked into one: blank where either is, what cannot be read as it is."""
    values = [read_amount(cell, decimal) for cell, decimal in zip(cells, work.decimals, strict=True)]
    unread = _find_unread(cells, values)
    if unread is not None:
        return unread
    first, second = values
    if first is not None and second is not None:
        return round(fsum([work.formula(first, second)]), 10)
    if work.blank is None or first is second:  # both are blank
        return None
    return work.formula(first or work.blank, second or work.blank)


def _find_unread(cells: Sequence[Cell], values: Sequence[float | None]) -> Other | None:
    """Return the first of some cells that is no amount, though something stands in it."""
    read = zip(cells, values, strict=True)
    return next((Other(str(cell)) for cell, value in read if value is None and not is_blank_cell(cell)), None)
