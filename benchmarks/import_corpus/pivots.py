"""Pivot tables saved as values, and crosstabs with two measures or with quarters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.import_corpus.cells import Cell, Row, money
from benchmarks.import_corpus.export import Export, export_book, export_text
from benchmarks.import_corpus.lines import CUSTOMERS, Line, build_lines, sum_sales

LINES = build_lines(seed=81)


def list_pivots() -> Iterator[Export]:
    """Yield pivot tables in compact and tabular form, and crosstabs of two measures and of quarters."""
    yield export_book(
        "compact-pivot.xlsx",
        "Compact pivot: months below each customer",
        LINES,
        {"Pivot": _draw_compact(LINES)},
    )
    yield export_book(
        "tabular-pivot.xlsx",
        "Tabular pivot: customer, month, two measures, subtotals",
        LINES,
        {"Sheet4": _draw_tabular(LINES)},
    )
    rows = _draw_two_measures(LINES)
    yield export_text(
        "two-measures.csv", "Crosstab: net and cost of each month in one header", LINES, rows, sep=";"
    )
    yield export_book(
        "two-headers.xlsx",
        "Crosstab: months above, two measures below",
        LINES,
        {"Report": _draw_two_headers(LINES)},
    )
    above, below, *body = _draw_two_headers(LINES)
    yield export_book(
        "two-headers-merged.xlsx",
        "Crosstab: months and the customer's header above, two measures below",
        LINES,
        {"Report": [["Revenue and cost"], [below[0], *above[1:]], [None, *below[1:]], *body]},
    )
    yield _export_quarters()
    yield export_book(
        "one-row-pivot.xlsx",
        "Pivot of months by customer, with years above",
        LINES,
        {"P": _draw_years_above(LINES)},
        cost=False,
    )


Sums = dict[tuple[str, str], tuple[float, float]]
"""Net revenue and cost, in currency, by name and month."""


def _sum_up(lines: Sequence[Line]) -> Sums:
    """Return what lines come to by name and month, in the order of both."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for line in lines:
        key = (line.customer.name, f"{line.day:%Y-%m}")
        net, cost = found.get(key, (0, 0))
        found[key] = (net + line.net, cost + line.cost)
    return {key: (net / 100, cost / 100) for key, (net, cost) in sorted(found.items())}


def _add_all(pairs: Iterable[tuple[float, float]]) -> list[float]:
    """Return the sums of net revenue and of cost, to the cent."""
    both = list(pairs)
    return [round(sum(net for net, _cost in both), 2), round(sum(cost for _net, cost in both), 2)]


def _group(sums: Sums) -> dict[str, Sums]:
    """Return the sums of each name."""
    return {name: {key: pair for key, pair in sums.items() if key[0] == name} for name, _month in sums}


def _draw_compact(lines: Sequence[Line]) -> list[Row]:
    sums = _sum_up(lines)
    rows: list[Row] = [["Row Labels", "Sum of Net Amount", "Sum of Cost"]]
    for name, block in _group(sums).items():
        rows.append([name, *_add_all(block.values())])
        rows += [[month, *pair] for (_name, month), pair in block.items()]
    return [*rows, ["Grand Total", *_add_all(sums.values())]]


def _draw_tabular(lines: Sequence[Line]) -> list[Row]:
    sums = _sum_up(lines)
    rows: list[Row] = [["Customer", "Month", "Sum of Net Amount", "Sum of COGS"]]
    for name, block in _group(sums).items():
        for place, ((_name, month), pair) in enumerate(block.items()):
            rows.append([None if place else name, month, *pair])
        rows.append([f"{name} Total", None, *_add_all(block.values())])
    return [*rows, ["Grand Total", None, *_add_all(sums.values())]]


def _list_months() -> list[str]:
    return [f"2024-{month:02d}" for month in range(1, 13)]


def _list_cells(sums: Sums, name: str) -> list[float | None]:
    """Return net revenue and cost of each month of the year, side by side; blank where there is none."""
    pairs = [sums.get((name, month), (None, None)) for month in _list_months()]
    return [cell for pair in pairs for cell in pair]


def _draw_two_measures(lines: Sequence[Line]) -> list[Row]:
    sums, write = _sum_up(lines), money(",", ".")
    heads = [f"{month} {word}" for month in _list_months() for word in ("Umsatz", "Wareneinsatz")]
    rows: list[Row] = [["Kunde", *heads]]
    for customer in CUSTOMERS:
        cells = _list_cells(sums, customer.name)
        rows.append([customer.name, *("" if c is None else write(round(c * 100)) for c in cells)])
    return rows


def _draw_two_headers(lines: Sequence[Line]) -> list[Row]:
    sums = _sum_up(lines)
    above: list[Cell] = [None]
    below: list[Cell] = ["Customer"]
    for month in _list_months():
        above += [month, None]
        below += ["Revenue", "COGS"]
    return [above, below, *([customer.name, *_list_cells(sums, customer.name)] for customer in CUSTOMERS)]


def _export_quarters() -> Export:
    sums = _sum_up(LINES)
    rows: list[Row] = [["Customer", *(f"Q{quarter} 2024" for quarter in range(1, 5)), "Total"]]
    for customer in CUSTOMERS:
        nets = [cell or 0.0 for cell in _list_cells(sums, customer.name)[::2]]
        found = [round(sum(nets[at : at + 3]), 2) for at in range(0, 12, 3)]
        rows.append([customer.name, *found, round(sum(found), 2)])
    moved = [
        Line(line.day.replace(month=(line.day.month + 2) // 3 * 3, day=28), line.customer, line.invoice, line.product,
             line.quantity, line.price, line.percent, line.unit_cost)
        for line in LINES
    ]  # fmt: skip
    told = export_book("quarters.xlsx", "Crosstab of quarters", LINES, {"Quarters": rows}, cost=False)
    return Export(told.file, told.shape, "Sales", told.content, sum_sales(moved, False, False), len(LINES))


def _draw_years_above(lines: Sequence[Line]) -> list[Row]:
    sums = _sum_up(lines)
    words = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    rows: list[Row] = [
        ["Sum of Net Amount", "Column Labels"],
        [None, "2024"],
        ["Row Labels", *words, "Grand Total"],
    ]
    totals = [0.0] * 12
    for customer in CUSTOMERS:
        cells = _list_cells(sums, customer.name)[::2]
        held = [cell or 0.0 for cell in cells]
        totals = [a + b for a, b in zip(totals, held, strict=True)]
        rows.append([customer.name, *cells, round(sum(held), 2)])
    rows.append(["Grand Total", *(round(t, 2) for t in totals), round(sum(totals), 2)])
    return rows
