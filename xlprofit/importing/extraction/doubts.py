"""Doubts: what is said of amounts that may be others, with what they would come to then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.importing.exports.conversion import read_amount
from xlprofit.importing.exports.export import Cell, is_blank_cell
from xlprofit.importing.exports.inference import find_decimal
from xlprofit.importing.extraction.body import Body, TableColumn
from xlprofit.importing.extraction.filling import find_own_rule
from xlprofit.importing.extraction.orders import find_keys, keep_first
from xlprofit.importing.extraction.recognition import find_place
from xlprofit.importing.profiles.profile import ColumnRule, TableRule, name_own_column
from xlprofit.reading.faults import quote_value

Numbers = list[float]


@dataclass(frozen=True)
class Doubted:
    """A column that is in doubt: its amounts as they are counted and as the export has them, and its revenue.

    ``other`` are those of the column that the doubt is about.
    """

    read: Numbers
    plain: Numbers
    other: Numbers
    revenue: Numbers


def tell_doubts(
    rule: TableRule, body: Body, made: Mapping[str, TableColumn], places: Mapping[str, int]
) -> list[Finding]:
    """Return the warnings of the columns whose rule leaves a doubt, each with the other total that it may have."""
    findings = []
    for name, at in places.items():
        column, own = rule.columns[name], name_own_column(rule, name)
        if column.doubt and at >= 0 and own in made:
            doubted = _collect_amounts(rule, body, made, name, at)
            figures = _TOTALS[column.doubt](doubted)
            if column.doubt == "repeated" and (keys := find_keys(column.instead, body)) is not None:
                figures = figures[0], fsum(read_numbers(keep_first(keys, doubted.read), "."))
            what = phrase(
                "D15",
                column.doubt,
                header=quote_value(body.headers[at]),
                other=quote_value(_name_other(rule, column)),
                sum=figures[0],
                total=figures[1],
            )
            findings.append(build_finding("D15", body.label, body.locate_header(at), what))
    return findings


def _name_other(rule: TableRule, column: ColumnRule) -> str:
    """Return the header that a doubt is about beside the column's own."""
    if column.doubt in ("listed", "discounted"):
        revenue = rule.columns.get("gross_revenue", ColumnRule())
        return " / ".join(revenue.headers)
    return column.instead or column.once or column.times or column.tax


def _collect_amounts(
    rule: TableRule, body: Body, made: Mapping[str, TableColumn], name: str, at: int
) -> Doubted:
    column, own = rule.columns[name], name_own_column(rule, name)
    place = find_place(ColumnRule(headers=(_name_other(rule, column),)), body.headers, body.sheet.first)
    revenue = made.get("gross_revenue")
    return Doubted(
        read_numbers(made[own].cells, find_own_rule(rule, own).decimal),
        read_numbers(body.cells[at], column.decimal),
        read_numbers(body.cells[place], "") if place is not None and place >= 0 else [0.0] * body.size,
        read_numbers(revenue.cells, find_own_rule(rule, "gross_revenue").decimal) if revenue else [],
    )


def read_numbers(cells: Sequence[Cell], decimal: str) -> Numbers:
    """Return the numbers of a column, 0 where there is none."""
    mark = decimal or find_decimal(cells)
    return [0.0 if is_blank_cell(cell) else read_amount(cell, mark) or 0.0 for cell in cells]


Totals = tuple[float, float]


def _compare_less(doubted: Doubted) -> Totals:
    total = fsum(doubted.read)
    return total, total - fsum(doubted.other)


def _compare_less_rate(doubted: Doubted) -> Totals:
    most = max(map(abs, doubted.other), default=0.0)
    rates = [rate / 100 if most > 1 else rate for rate in doubted.other]
    return fsum(doubted.read), fsum(a / (1 + r) for a, r in zip(doubted.read, rates, strict=True))


def _compare_discounted(doubted: Doubted) -> Totals:
    pairs = list(zip(doubted.revenue, doubted.read, strict=True))
    net = fsum(whole - off for whole, off in pairs)
    return net, net - fsum(off * (whole - off) / whole for whole, off in pairs if whole)


def _compare_plain(doubted: Doubted) -> Totals:
    return fsum(doubted.read), fsum(doubted.plain)


def _compare_times(doubted: Doubted) -> Totals:
    return fsum(doubted.read), fsum(a * b for a, b in zip(doubted.plain, doubted.other, strict=True))


def _compare_listed(doubted: Doubted) -> Totals:
    total = fsum(doubted.revenue)
    most, typical = (max(map(abs, values), default=0.0) for values in (doubted.read, doubted.revenue))
    if most <= 100 and typical > 10 * most:  # rates
        rates = [abs(rate) / 100 if most > 1 else abs(rate) for rate in doubted.read]
        return fsum(a * (1 - r) for a, r in zip(doubted.revenue, rates, strict=True)), total
    return total - fsum(map(abs, doubted.read)), total


def _compare_beside(doubted: Doubted) -> Totals:
    return fsum(doubted.read), fsum(doubted.other)


_TOTALS: Mapping[str, Callable[[Doubted], Totals]] = {
    "tax": _compare_less,
    "tax_rate": _compare_less_rate,
    "refund": _compare_plain,
    "each": _compare_plain,
    "line": _compare_times,
    "repeated": _compare_plain,
    "once": _compare_plain,
    "discounted": _compare_discounted,
    "listed": _compare_listed,
    "beside": _compare_beside,
}
