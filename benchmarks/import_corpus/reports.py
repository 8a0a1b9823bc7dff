"""Exports laid out for the eye: titles, headers in two rows, pages, crosstabs, groups, subtotals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from benchmarks.import_corpus.cells import Cell, Merge, Money, Row, draw_book, money, name_month
from benchmarks.import_corpus.export import Export, export_book, export_text, tabulate
from benchmarks.import_corpus.lines import CUSTOMERS, YEAR, Line, build_lines, sum_sales

LINES = build_lines(seed=31)
SOLD = build_lines(seed=32, credits=False)
PLAIN = money()
COMMA = money(",", ".")
GROUPED = money(".", ",")
SPACED = money(",", " ")

COLUMNS: dict[str, Callable[[Line], Cell]] = {
    "Posting Date": lambda line: line.day,
    "Customer No.": lambda line: line.customer.number,
    "Customer Name": lambda line: line.customer.name,
    "Item No.": lambda line: line.product,
    "Quantity": lambda line: line.quantity,
    "Sales Amount": lambda line: line.net / 100,
    "Cost Amount": lambda line: line.cost / 100,
}
TITLE: tuple[Row, ...] = (
    ("Sales by customer and item",),
    ("Contoso Ltd.",),
    ("Period: 01.01.2024..31.12.2024",),
    (),
)


def order_by_customer(lines: Sequence[Line]) -> list[Line]:
    """Return lines in the order of customers, as a report groups them."""
    return sorted(lines, key=lambda line: (line.customer.number, line.day))


def add_totals(row: Row, lines: Sequence[Line], place: int) -> Row:
    """Return a row of totals: its label, then blanks, then net revenue and cost from a place on."""
    label = row[0]
    net, cost = sum(line.net for line in lines), sum(line.cost for line in lines)
    return [label, *([None] * (place - 1)), net / 100, cost / 100]


def write_sums(lines: Sequence[Line], write: Money) -> tuple[str, str]:
    """Return the net revenue and the cost of lines, written in a way."""
    return write(sum(line.net for line in lines)), write(sum(line.cost for line in lines))


def list_sheets() -> Iterator[Export]:
    """Yield workbooks whose table is on a sheet of another name, below titles, or beside other sheets."""
    rows = tabulate(LINES, COLUMNS)
    yield export_book(
        "title.xlsx",
        "Titles and blank rows above the header, sheet Report",
        LINES,
        {"Report": [*TITLE, *rows]},
    )
    german = tabulate(
        LINES,
        {
            "Belegdatum": lambda line: line.day,
            "Debitor": lambda line: line.customer.number,
            "Name": lambda line: line.customer.name,
            "Erlöse": lambda line: line.net / 100,
            "Wareneinsatz": lambda line: line.cost / 100,
        },
    )
    yield export_book(
        "tabelle1.xlsx", "Sheet Tabelle1, German", LINES, {"Tabelle1": german, "Tabelle2": [], "Tabelle3": []}
    )
    orders = tabulate(
        SOLD,
        {
            "Order ID": lambda line: line.invoice,
            "Order Date": lambda line: line.day,
            "Customer ID": lambda line: line.customer.number,
            "Customer Name": lambda line: line.customer.name,
            "Sales": lambda line: line.net / 100,
            "Discount": lambda line: line.percent / 100,
            "Profit": lambda line: (line.net - line.cost) / 100,
        },
    )
    people: list[Row] = [["Person", "Region"], ["Anna", "West"], ["Ben", "East"]]
    returned: list[Row] = [["Returned", "Order ID"], ["Yes", SOLD[3].invoice], ["Yes", SOLD[9].invoice]]
    yield export_book(
        "orders.xlsx",
        "Sheets Orders, People and Returns; profit given",
        SOLD,
        {"Orders": orders, "People": people, "Returns": returned},
    )
    summary: list[Row] = [
        ["Sales 2024"],
        [],
        ["Net sales", sum(line.net for line in LINES) / 100],
        ["Customers", 8],
    ]
    yield export_book(
        "summary-first.xlsx", "A summary sheet before the data", LINES, {"Summary": summary, "Data": rows}
    )
    shifted: list[Row] = [
        [],
        [],
        *([None, None, *row] for row in rows),
        [],
        ["", "", "* Amounts without VAT"],
    ]
    yield export_book("shifted.xlsx", "The table begins at C3, a note below", LINES, {"Sheet1": shifted})
    masters: list[Row] = [
        ["No.", "Name", "Country/Region Code", "City", "Customer Posting Group"],
        *([one.number, one.name, one.country, one.city, "DOMESTIC"] for one in CUSTOMERS),
    ]
    nameless = {header: write for header, write in COLUMNS.items() if header != "Customer Name"}
    yield export_book(
        "customers-and-sales.xlsx",
        "Customers on one sheet, lines by number on another",
        LINES,
        {"Customer List": masters, "Value Entries": tabulate(LINES, nameless)},
    )
    half = len(LINES) // 2
    yield export_book(
        "two-halves.xlsx",
        "A sheet for each half of the year",
        LINES,
        {"H1 2024": tabulate(LINES[:half], COLUMNS), "H2 2024": tabulate(LINES[half:], COLUMNS)},
    )


def list_headers() -> Iterator[Export]:
    """Yield headers of two rows, and headers repeated on every page."""
    rows = tabulate(LINES, COLUMNS)[1:]
    upper: Row = ["Posting", "Customer", None, "Item", None, "Amounts in EUR", None]
    lower: Row = ["Date", "No.", "Name", "No.", "Quantity", "Sales", "Cost"]
    merges = [Merge(4, 1, 2, "Customer"), Merge(4, 3, 4, "Item"), Merge(4, 5, 6, "Amounts in EUR")]
    yield Export(
        "two-row-header.xlsx",
        "A header in two rows, merged",
        "Sales",
        draw_book({"Report": [*TITLE, upper, lower, *rows]}, merges),
        sum_sales(LINES, True, False),
        len(LINES),
    )
    units: Row = [None, None, None, None, "pcs", "EUR", "EUR"]
    yield export_book(
        "unit-row.xlsx", "A row of units below the header", LINES, {"Data": [list(COLUMNS), units, *rows]}
    )
    header: Row = ["Date", "Customer", "Document", "Sales amount", "Cost amount"]
    paged: list[Row] = []
    for place, line in enumerate(LINES):
        if place % 30 == 0:
            page = place // 30 + 1
            paged += [[], [f"Contoso Ltd.    Sales list    Page {page}"], ["07/01/2025 08:30"], [], header]
        paged.append(
            [f"{line.day:%d/%m/%Y}", line.customer.name, line.invoice, GROUPED(line.net), GROUPED(line.cost)]
        )
        if place % 30 == 29:
            so_far = LINES[: place + 1]
            paged.append(["Carried forward", "", "", *write_sums(so_far, GROUPED)])
    yield export_text("pages.csv", "A list report: header and carry-over on every page", LINES, paged)


def list_groups() -> Iterator[Export]:
    """Yield reports by customer: filled down, with subtotals, with a heading for each group."""
    ordered = order_by_customer(LINES)
    header: Row = ["Customer", "Date", "Document", "Sales", "Cost"]
    down: list[Row] = [header]
    subtotals: list[Row] = [header]
    headed: list[Row] = [["Date", "Document", "Sales", "Cost"]]
    for customer in CUSTOMERS:
        own = [line for line in ordered if line.customer == customer]
        for place, line in enumerate(own):
            cells: Row = [line.day, line.invoice, line.net / 100, line.cost / 100]
            down.append([customer.name if place == 0 else None, *cells])
            subtotals.append([customer.name, *cells])
            if place == 0:
                headed.append([f"{customer.number} {customer.name}"])
            headed.append(cells)
        subtotals.append(add_totals([f"Total {customer.name}"], own, 3))
        headed += [add_totals(["Total"], own, 2), []]
    subtotals.append(add_totals(["Grand total"], ordered, 3))
    headed.append(add_totals(["Grand total"], ordered, 2))
    yield export_book(
        "fill-down.xlsx",
        "The customer only in the first row of its group",
        ordered,
        {"Sheet1": [*TITLE, *down]},
    )
    yield export_book(
        "subtotals.xlsx", "Subtotals by customer and a grand total", ordered, {"Report": [*TITLE, *subtotals]}
    )
    yield export_book(
        "group-headings.xlsx",
        "A heading row for each customer, with number and name",
        ordered,
        {"Report": [*TITLE, *headed]},
    )
    swedish: list[Row] = [["Kund", "Datum", "Belopp", "Varukostnad"]]
    for customer in CUSTOMERS:
        own = [line for line in ordered if line.customer == customer]
        swedish += [[customer.name, f"{line.day}", SPACED(line.net), SPACED(line.cost)] for line in own]
        swedish.append(["Summa", "", *write_sums(own, SPACED)])
    swedish.append(["Totalsumma", "", *write_sums(ordered, SPACED)])
    yield export_text(
        "summa.csv", "Swedish subtotals Summa and Totalsumma", ordered, swedish, sep=";", encoding="cp1252"
    )


def cross_months(head: Sequence[Cell], tail: Sequence[Cell], text: bool) -> tuple[list[Line], list[Row]]:
    """Return a crosstab of net revenue with 12 months as columns, and the lines that it stands for: one a cell."""
    sums: dict[tuple[str, int], int] = {}
    for line in SOLD:
        sums[line.customer.number, line.day.month] = (
            sums.get((line.customer.number, line.day.month), 0) + line.net
        )
    lines = [
        Line(dt.date(YEAR, month, 1), one, "", "", 1, sums[one.number, month], 0, 0)
        for one in CUSTOMERS
        for month in range(1, 13)
        if (one.number, month) in sums
    ]
    rows: list[Row] = [[*head, *tail]]
    for one in CUSTOMERS:
        cells = [sums.get((one.number, month)) for month in range(1, 13)]
        total = sum(cell or 0 for cell in cells)
        shown = [None if cell is None else COMMA(cell) if text else cell / 100 for cell in [*cells, total]]
        rows.append([one.number, one.name, *shown][: len(head) + len(tail)])
    return lines, rows


def list_crosstabs() -> Iterator[Export]:
    """Yield crosstabs of months."""
    english = [f"{name_month(dt.date(YEAR, month, 1), 'en')[:3]} {YEAR}" for month in range(1, 13)]
    lines, rows = cross_months(["Customer No.", "Customer Name"], [*english, "Total"], text=False)
    months = [sum(line.net for line in lines if line.day.month == month) / 100 for month in range(1, 13)]
    grand: Row = ["Total", None, *months, sum(line.net for line in lines) / 100]
    yield export_book(
        "crosstab.xlsx",
        "Months as columns, with totals",
        lines,
        {"Sheet1": [*TITLE, *rows, grand]},
        cost=False,
    )
    days = [dt.date(YEAR, month, 1) for month in range(1, 13)]
    lines, rows = cross_months(["Kundennr", "Kunde"], days, text=False)
    yield export_book(
        "crosstab-dates.xlsx", "Months as columns, their headers dates", lines, {"Tabelle1": rows}, cost=False
    )
    numbered = [f"{month:02d}/{YEAR}" for month in range(1, 13)]
    lines, rows = cross_months(["Debitor", "Name 1"], [*numbered, "Gesamtergebnis"], text=True)
    yield export_text(
        "crosstab.csv",
        "Months 01/2024 as columns, in a text file",
        lines,
        rows,
        cost=False,
        sep=";",
        encoding="cp1252",
    )
    german = [f"{name_month(dt.date(YEAR, month, 1), 'de')} {YEAR}" for month in range(1, 13)]
    lines, rows = cross_months(["Kundennummer", "Kundenname"], german, text=False)
    yield export_book(
        "crosstab-german.xlsx", "Months Januar 2024 as columns", lines, {"Umsatz": rows}, cost=False
    )
    wide: list[Row] = [["Date", "Customer", "Sales A", "Sales B"]]
    wide += [[f"{line.day}", line.customer.name, line.net / 200, line.net / 200] for line in SOLD]
    split = export_book(
        "two-amounts.xlsx", "Revenue split over two columns: which one?", SOLD, {"Sheet1": wide}, cost=False
    )
    yield Export(split.file, split.shape, "Sales", split.content, split.truth, split.rows, undecidable=True)


def list_reports() -> Iterator[Export]:
    """Yield every export of this file."""
    yield from list_sheets()
    yield from list_headers()
    yield from list_groups()
    yield from list_crosstabs()
