"""Pivot tables saved as values, and crosstabs with two measures or with quarters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

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
    yield _export_quarters()
    yield export_book(
        "one-row-pivot.xlsx",
        "Pivot of months by customer, with years above",
        LINES,
        {"P": _draw_years_above(LINES)},
        cost=False,
    )


def _sum_up(lines: Sequence[Line]) -> pd.DataFrame:
    """Return net revenue and cost, in currency, by name and month."""
    frame = pd.DataFrame([(o.customer.name, f"{o.day:%Y-%m}", o.net / 100, o.cost / 100) for o in lines])
    return frame.set_axis(["name", "month", "net", "cost"], axis=1).groupby(["name", "month"]).sum()


def _draw_compact(lines: Sequence[Line]) -> list[Row]:
    sums = _sum_up(lines)
    rows: list[Row] = [["Row Labels", "Sum of Net Amount", "Sum of Cost"]]
    for name, block in sums.groupby("name"):
        rows.append([str(name), float(block["net"].sum()), float(block["cost"].sum())])
        rows += [[key[1], float(block.at[key, "net"]), float(block.at[key, "cost"])] for key in block.index]
    rows.append(["Grand Total", float(sums["net"].sum()), float(sums["cost"].sum())])
    return rows


def _draw_tabular(lines: Sequence[Line]) -> list[Row]:
    sums = _sum_up(lines)
    rows: list[Row] = [["Customer", "Month", "Sum of Net Amount", "Sum of COGS"]]
    for name, block in sums.groupby("name"):
        for place, key in enumerate(block.index):
            rows.append(
                [
                    str(name) if not place else None,
                    key[1],
                    float(block.at[key, "net"]),
                    float(block.at[key, "cost"]),
                ]
            )
        rows.append([f"{name} Total", None, float(block["net"].sum()), float(block["cost"].sum())])
    rows.append(["Grand Total", None, float(sums["net"].sum()), float(sums["cost"].sum())])
    return rows


def _list_months() -> list[str]:
    return [f"2024-{month:02d}" for month in range(1, 13)]


def _cell(sums: pd.DataFrame, key: tuple[str, str], measure: str) -> Cell:
    return round(float(sums.at[key, measure]), 2) if key in sums.index else None


def _draw_two_measures(lines: Sequence[Line]) -> list[Row]:
    sums, write = _sum_up(lines), money(",", ".")
    heads = [f"{month} {word}" for month in _list_months() for word in ("Umsatz", "Wareneinsatz")]
    rows: list[Row] = [["Kunde", *heads]]
    for customer in CUSTOMERS:
        cells = [_cell(sums, (customer.name, m), w) for m in _list_months() for w in ("net", "cost")]
        rows.append([customer.name, *("" if c is None else write(round(float(c) * 100)) for c in cells)])  # type: ignore[arg-type]
    return rows


def _draw_two_headers(lines: Sequence[Line]) -> list[Row]:
    sums = _sum_up(lines)
    above: list[Cell] = [None]
    below: list[Cell] = ["Customer"]
    for month in _list_months():
        above += [month, None]
        below += ["Revenue", "COGS"]
    rows: list[Row] = [above, below]
    for customer in CUSTOMERS:
        rows.append(
            [
                customer.name,
                *(_cell(sums, (customer.name, m), w) for m in _list_months() for w in ("net", "cost")),
            ]
        )
    return rows


def _export_quarters() -> Export:
    sums = _sum_up(LINES)["net"].unstack().fillna(0.0)
    quarters = {f"Q{q} 2024": [f"2024-{m:02d}" for m in range(3 * q - 2, 3 * q + 1)] for q in range(1, 5)}
    rows: list[Row] = [["Customer", *quarters, "Total"]]
    for customer in CUSTOMERS:
        found = [round(float(sums.loc[customer.name, months].sum()), 2) for months in quarters.values()]
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
        cells = [_cell(sums, (customer.name, m), "net") for m in _list_months()]
        held = [float(c) if c is not None else 0.0 for c in cells]  # type: ignore[arg-type]
        totals = [a + b for a, b in zip(totals, held, strict=True)]
        rows.append([customer.name, *cells, round(sum(held), 2)])
    rows.append(["Grand Total", *(round(t, 2) for t in totals), round(sum(totals), 2)])
    return rows
