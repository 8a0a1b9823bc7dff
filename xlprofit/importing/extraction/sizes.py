"""Sizes: whether the amounts of an export are of the size that they had, month after month."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.importing.exports.conversion import read_amount
from xlprofit.importing.exports.export import Cell, is_blank_cell
from xlprofit.importing.exports.inference import find_decimal
from xlprofit.importing.extraction.body import Body, TableColumn
from xlprofit.importing.extraction.contradictions import find_other_mark
from xlprofit.importing.profiles.profile import TableRule, name_own_column
from xlprofit.messages import Message
from xlprofit.reading.faults import quote_value

APART = 80.0
"""So many times larger or smaller than before is no business: other marks or units make a hundred or a thousand."""

LOOKED_AT = 4_000
"""So many amounts, spread over all rows, are asked."""

FEWEST = 3
"""So many amounts a month must have to say that the month is of another size."""


def tell_sizes(
    rule: TableRule, body: Body, made: Mapping[str, TableColumn], places: Mapping[str, int]
) -> list[Finding]:
    """Return the warnings of columns whose amounts are of another size than the profile remembers, or a month's are."""
    findings = []
    for name, at in places.items():
        column, own = rule.columns[name], name_own_column(rule, name)
        if not column.usual or own not in made or column.unit:
            continue
        cells = made[own].cells
        step = max(1, len(cells) // LOOKED_AT)
        other = find_other_mark(column.decimal, cells, money=True)
        decimal = other.decimal if other is not None else column.decimal or find_decimal(cells)
        sizes = [
            (row, abs(value)) for row in range(0, len(cells), step) if (value := _read(cells[row], decimal))
        ]
        header, place = body.headers[at], body.locate_header(at)
        told = next(_compare_sizes(sizes, column.usual, made.get("date"), header), None)
        if told is not None:
            findings.append(build_finding("D12", body.label, place, told))
    return findings


def _read(cell: Cell, decimal: str) -> float | None:
    return None if is_blank_cell(cell) else read_amount(cell, decimal)


def _compare_sizes(
    sizes: Sequence[tuple[int, float]], usual: float, dates: TableColumn | None, header: str
) -> Iterator[Message]:
    """Yield what is said of amounts whose middle is far from the usual one: that of all, or of a month."""
    if not sizes:
        return
    middle = find_middle([size for _row, size in sizes])
    if _is_apart(middle, usual):
        variant = "larger" if middle > usual else "smaller"
        yield phrase("D12", variant, header=quote_value(header), middle=middle, usual=usual)
        return
    months: dict[str, list[float]] = {}
    for row, size in sizes:
        month = _read_month(dates.cells[row]) if dates is not None else ""
        if month:
            months.setdefault(month, []).append(size)
    for month in sorted(months, reverse=True):
        of_month = find_middle(months[month])
        if len(months) > 1 and len(months[month]) >= FEWEST and _is_apart(of_month, usual):
            variant = "month_larger" if of_month > usual else "month_smaller"
            yield phrase(
                "D12", variant, header=quote_value(header), month=month, middle=of_month, usual=usual
            )


def find_middle(values: Sequence[float]) -> float:
    """Return the value in the middle of some, the upper one of two."""
    return sorted(values)[len(values) // 2]


def _is_apart(one: float, other: float) -> bool:
    return max(one, other) > APART * min(one, other)


def _read_month(cell: Cell) -> str:
    found = re.match(r"[0-9]{4}-[0-9]{2}", str(cell))
    return found[0] if found else ""
