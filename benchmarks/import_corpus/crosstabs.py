"""Months and years as columns, as planners and report tools write them; orders with their lines on another sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from benchmarks.import_corpus.cells import Cell, Row
from benchmarks.import_corpus.export import Export, export_book, export_text
from benchmarks.import_corpus.identities import Order, build_orders
from benchmarks.import_corpus.lines import CUSTOMERS, YEAR, Line, build_lines

SOLD = build_lines(seed=89, credits=False)
ORDERS = build_orders(seed=90)
GERMAN = ["Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"]
FINNISH = [
    "tammi",
    "helmi",
    "maalis",
    "huhti",
    "touko",
    "kesä",
    "heinä",
    "elo",
    "syys",
    "loka",
    "marras",
    "joulu",
]
Write = Callable[[int], Cell]


def list_planned() -> Iterator[Export]:
    """Yield crosstabs, and heads with their lines."""
    yield from _list_thousands()
    yield from _list_reports()
    yield from _list_years()
    yield from _list_heads_and_lines()


def _sum_months(lines: Sequence[Line]) -> dict[tuple[str, int, int], int]:
    sums: dict[tuple[str, int, int], int] = {}
    for line in lines:
        key = (line.customer.number, line.day.year, line.day.month)
        sums[key] = sums.get(key, 0) + line.net
    return sums


def _cross(lines: Sequence[Line], years: Sequence[int], write: Write) -> tuple[list[Line], list[Row]]:
    """Return the lines that a crosstab stands for, one a cell, and its rows: number, name, then a cell a month."""
    sums = _sum_months(lines)
    stands = [
        Line(dt.date(year, month, 1), one, "", "", 1, sums[one.number, year, month], 0, 0)
        for one in CUSTOMERS
        for year in years
        for month in range(1, 13)
        if (one.number, year, month) in sums
    ]
    rows: list[Row] = [
        [one.number, one.name, *(write(sums.get((one.number, y, m), 0)) for y in years for m in range(1, 13))]
        for one in CUSTOMERS
    ]
    return stands, rows


def _list_thousands() -> Iterator[Export]:
    round_lines = [replace(line, price=line.price // 10_000 * 10_000 + 10_000, percent=0) for line in SOLD]
    lines, rows = _cross(round_lines, [YEAR], lambda cents: cents / 100_000)
    german = [f"{month}-24" for month in GERMAN]
    yield export_book(
        "umsatz-teur.xlsx",
        "Months Mrz-24 under the title Umsatz in TEUR",
        lines,
        {"Umsatz": [["Umsatz je Kunde in TEUR"], [], ["Kd.-Nr.", "Kunde", *german], *rows]},
        cost=False,
    )
    english = [f"{dt.date(YEAR, month, 1):%b} 24" for month in range(1, 13)]
    yield export_book(
        "sales-thousands.xlsx",
        "Months Mar 24 under (in thousands of EUR)",
        lines,
        {
            "Sheet1": [
                ["Net sales by customer"],
                ["(in thousands of EUR)"],
                ["Customer No.", "Customer", *english],
                *rows,
            ]
        },
        cost=False,
    )
    periods = [f"{YEAR}M{month:02d}" for month in range(1, 13)]
    text = _cross(round_lines, [YEAR], lambda cents: f"{cents / 100_000:.1f}".replace(".", ","))[1]
    yield export_text(
        "myynti-1000.csv",
        "Periods 2024M03 under Myynti (1 000 €)",
        lines,
        [["Myynti asiakkaittain (1 000 €)"], ["Asiakasnro", "Asiakas", *periods], *text],
        cost=False,
        sep=";",
    )
    finnish = [f"{month} 24" for month in FINNISH]
    yield export_book(
        "myynti-kk.xlsx",
        "Months tammi 24 under Myynti, tuhatta euroa",
        lines,
        {"Taul1": [["Myynti kuukausittain, tuhatta euroa"], [], ["Asiakasnro", "Asiakas", *finnish], *rows]},
        cost=False,
    )
    kept = [f"{month}.{YEAR}" for month in GERMAN]
    yield export_book(
        "umsatz-tsd.xlsx",
        "Umsatz (Tsd. €) in the corner, months Jan.2024",
        lines,
        {
            "Blatt1": [
                ["Umsatz (Tsd. €)", None, *kept, "Summe"],
                *([*r, sum(c for c in r[2:] if isinstance(c, float))] for r in rows),
            ]
        },
        cost=False,
    )


def _list_reports() -> Iterator[Export]:
    lines, rows = _cross(SOLD, [YEAR], lambda cents: cents / 100 if cents else None)
    months = [f"{dt.date(YEAR, month, 1):%b}".upper() + f" {YEAR}" for month in range(1, 13)]
    sums = [sum(line.net for line in lines if line.day.month == month) / 100 for month in range(1, 13)]
    whole = sum(sums)
    body: list[Row] = [[*row, sum(cell for cell in row[2:] if isinstance(cell, float))] for row in rows]
    units: Row = ["", "", *["EUR"] * 13]
    head: list[Row] = [
        ["Net Sales by Customer"],
        ["Author", "ABERG"],
        ["Last Refreshed", "07.01.2025 08:30:00"],
        [],
        ["", "Calendar Year/Month", *months, "Overall Result"],
        ["Customer", "", *units[2:]],
    ]
    yield export_book(
        "bw-query.xlsx",
        "BW query: months above the units, key and text, Overall Result",
        lines,
        {"Sheet1": [*head, *body, ["Overall Result", "", *sums, whole]]},
        cost=False,
    )
    matrix: list[Row] = [["Applied filters:\nYear is 2024"], [], ["Customer", *months[:12], "Total"]]
    matrix += [row[1:] for row in body]
    matrix.append(["Total", *sums, whole])
    yield export_book(
        "matrix.xlsx", "A report tool's matrix, its filters above", lines, {"Export": matrix}, cost=False
    )
    quarters: list[Row] = [
        ["Customer", *(f"{what} Q{q} {YEAR}" for q in range(1, 5) for what in ("Units", "Revenue"))]
    ]
    own: list[Line] = []
    for one in CUSTOMERS:
        cells: list[Cell] = []
        for quarter in range(4):
            held = [s for s in SOLD if s.customer == one and (s.day.month - 1) // 3 == quarter]
            net = sum(line.net for line in held)
            own.append(Line(dt.date(YEAR, 3 * quarter + 3, 1), one, "", "", 1, net, 0, 0))
            cells += [sum(line.quantity for line in held), net / 100]
        quarters.append([one.name, *cells])
    yield export_book(
        "units-and-revenue.xlsx", "Units and revenue of each quarter", own, {"Sheet1": quarters}, cost=False
    )


def _list_years() -> Iterator[Export]:
    years = [YEAR - 2, YEAR - 1, YEAR]
    drawn = [
        replace(line, day=line.day.replace(year=year))
        for year in years
        for line in build_lines(year, credits=False)
    ]
    lines, rows = _cross(drawn, years, lambda cents: cents / 100 if cents else None)
    headers = [f"{year}-{month:02d}" for year in years for month in range(1, 13)]
    yield export_book(
        "three-years.xlsx",
        "Thirty-six months as columns",
        lines,
        {"Sheet1": [["Customer No.", "Customer", *headers], *rows]},
        cost=False,
    )
    above: Row = ["", "", *(cell for year in years for cell in (str(year), *[None] * 11))]
    below: Row = [
        "Customer No.",
        "Customer",
        *(f"{dt.date(YEAR, m, 1):%b}" for _ in years for m in range(1, 13)),
    ]
    yield export_book(
        "years-above.xlsx",
        "Months as columns, the year in a row above",
        lines,
        {"Sheet1": [above, below, *rows]},
        cost=False,
    )
    yearly: list[Row] = [["Kunde", *(f"Umsatz {year}" for year in years)]]
    yearly += [
        [one.name, *(sum(d.net for d in drawn if d.customer == one and d.day.year == y) / 100 for y in years)]
        for one in CUSTOMERS
    ]
    told = export_book(
        "jahre.xlsx", "A column for each year, no months", lines, {"Tabelle1": yearly}, cost=False
    )
    yield replace(told, undecidable=True)


def _list_heads_and_lines() -> Iterator[Export]:
    lines = [replace(line, invoice=order.number) for order in ORDERS for line in order.lines]
    of_order: list[Row] = [["Order No", "Order date", "Customer No", "Sales rep"]]
    of_order += [[o.number, o.lines[0].day, o.lines[0].customer.number, "Anna"] for o in ORDERS]
    of_line: list[Row] = [["Order No", "Line", "Item", "Qty", "Unit price", "Line amount", "Line cost"]]
    of_line += _write_lines(ORDERS)
    yield export_book(
        "orders-and-lines.xlsx",
        "Heads of orders on one sheet, their lines on another",
        lines,
        {"Orders": of_order, "Order lines": of_line},
    )
    masters: list[Row] = [["No.", "Name", "City"], *([one.number, one.name, one.city] for one in CUSTOMERS)]
    posted: list[Row] = [
        [
            "No.",
            "Sell-to Customer No.",
            "Sell-to Customer Name",
            "Posting Date",
            "Amount",
            "Amount Including VAT",
        ]
    ]
    posted += [
        [
            o.number,
            o.lines[0].customer.number,
            o.lines[0].customer.name,
            o.lines[0].day,
            o.net / 100,
            o.net * 125 / 10_000,
        ]
        for o in ORDERS
    ]
    sold: list[Row] = [
        ["Document No.", "Line No.", "No.", "Quantity", "Unit Price", "Unit Cost (LCY)", "Line Amount"]
    ]
    sold += [
        [
            o.number,
            at * 10_000,
            line.product,
            line.quantity,
            line.price / 100,
            line.unit_cost / 100,
            line.net / 100,
        ]
        for o in ORDERS
        for at, line in enumerate(o.lines, 1)
    ]
    yield export_book(
        "posted-invoices.xlsx",
        "Posted invoices with amounts, their lines, and the customers",
        lines,
        {"Posted Sales Invoices": posted, "Posted Sales Invoice Lines": sold, "Customers": masters},
    )
    bare: list[Row] = [["Auftragsnr", "Position", "Artikel", "Menge", "Preis"]]
    bare += [
        [o.number, n, line.product, line.quantity, line.price / 100]
        for o in ORDERS
        for n, line in enumerate(o.lines, 1)
    ]
    heads: list[Row] = [["Auftragsnr", "Auftragsdatum", "Kundennr", "Kunde"]]
    heads += [
        [o.number, o.lines[0].day, o.lines[0].customer.number, o.lines[0].customer.name] for o in ORDERS
    ]
    yield export_book(
        "auftraege.xlsx",
        "German: heads with the customer, positions with quantity and price",
        lines,
        {"Positionen": bare, "Auftragsköpfe": heads},
        cost=False,
    )
    short = export_book(
        "heads-missing.xlsx",
        "A third of the lines has no head",
        lines,
        {"Orders": of_order[:60], "Order lines": of_line},
    )
    yield replace(short, undecidable=True)


def _write_lines(orders: Sequence[Order]) -> list[Row]:
    return [
        [o.number, n, line.product, line.quantity, line.price / 100, line.net / 100, line.cost / 100]
        for o in orders
        for n, line in enumerate(o.lines, 1)
    ]
