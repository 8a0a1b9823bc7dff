"""Workbooks made by hand or saved from reports: tables beside tables, hidden sheets, totals on top, odd cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from benchmarks.import_corpus.cells import Cell, Merge, Row, draw_book, money, name_month
from benchmarks.import_corpus.export import Export, export_book, export_text, tabulate
from benchmarks.import_corpus.lines import CUSTOMERS, Line, build_lines, sum_sales

LINES = build_lines(seed=87)
SOLD = build_lines(seed=88, credits=False)
COMMA = money(",", ".")
SPACED = money(",", " ")
Columns = Mapping[str, Callable[[Line], Cell]]
COLUMNS: Columns = {
    "Date": lambda line: line.day,
    "Customer": lambda line: line.customer.name,
    "Net sales": lambda line: line.net / 100,
    "Cost of goods": lambda line: line.cost / 100,
}


def list_workbooks() -> Iterator[Export]:
    """Yield workbooks that a person made or a report was saved to."""
    yield from _list_groups()
    yield from _list_sheets()
    yield from _list_heads()
    yield from _list_cells()
    yield from _list_totals()


def _order(lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.customer.number, line.day))


def _list_groups() -> Iterator[Export]:
    plain: list[Row] = [["Customer", "Invoice date", "Invoice", "Net", "Cost"]]
    totals: list[Row] = [["Kunde", "Datum", "Beleg", "Umsatz", "Wareneinsatz"]]
    inside: list[Row] = [["Date", "Document", "Text", "Net amount", "Cost"]]
    for one in CUSTOMERS:
        own = [line for line in _order(LINES) if line.customer == one]
        net, cost = sum(line.net for line in own) / 100, sum(line.cost for line in own) / 100
        cells: list[Row] = [[line.day, line.invoice, line.net / 100, line.cost / 100] for line in own]
        plain += [[one.name], *([None, *row] for row in cells)]
        totals += [[one.name], *([None, *row] for row in cells), [f"Summe {one.name}", None, None, net, cost]]
        inside.append([None, None, f"Customer: {one.number} {one.name}"])
        inside += [[line.day, line.invoice, line.product, line.net / 100, line.cost / 100] for line in own]
        inside.append([None, None, f"Total {one.name}", net, cost])
    yield export_book(
        "group-rows.xlsx", "The customer alone in a row above its rows", _order(LINES), {"Sheet1": plain}
    )
    yield export_book(
        "gruppen.xlsx", "German: the same, with Summe below each", _order(LINES), {"Auswertung": totals}
    )
    yield export_book(
        "group-inside.xlsx",
        "Customer: number and name alone in the column of texts",
        _order(LINES),
        {"List": inside},
    )


def _list_sheets() -> Iterator[Export]:
    rows = tabulate(LINES, COLUMNS)
    drawn = draw_book({"Data": rows, "Data old": rows[:60]}, hidden=("Data old",))
    yield Export(
        "hidden-copy.xlsx",
        "An older copy on a hidden sheet",
        "Sales",
        drawn,
        sum_sales(LINES, True, False),
        len(LINES),
    )
    aside: list[Row] = [["No.", "Name", "City"], *([one.number, one.name, one.city] for one in CUSTOMERS)]
    blank: Row = [None, None, None]
    numbered = tabulate(LINES, {**COLUMNS, "Customer": lambda line: line.customer.number})
    both: list[Row] = [
        [*row, None, *(aside[place] if place < len(aside) else blank)] for place, row in enumerate(numbered)
    ]
    yield export_book("side-by-side.xlsx", "Customers beside the sales on one sheet", LINES, {"Sheet1": both})
    first: list[Row] = [
        ["Customers"],
        ["Number", "Name"],
        *([one.number, one.name] for one in CUSTOMERS),
        [],
        ["Sales"],
    ]
    yield export_book(
        "one-below.xlsx", "Customers above the sales on one sheet", LINES, {"Sheet1": [*first, *numbered]}
    )


def _list_heads() -> Iterator[Export]:
    upper: Row = ["Invoice", "Invoice", "Customer", "Customer", "Amount", "Amount"]
    lower: Row = ["No.", "Date", "No.", "Name", "Net", "Gross"]
    body: list[Row] = [
        [s.invoice, s.day, s.customer.number, s.customer.name, s.net / 100, (s.net + s.tax) / 100]
        for s in LINES
    ]
    yield export_book(
        "two-heads.xlsx",
        "Headers in two rows, nothing merged",
        LINES,
        {"Sheet1": [upper, lower, *body]},
        cost=False,
    )
    twice: list[Row] = [["Date", "Customer", "Currency", "Amount", "Currency", "Amount"]]
    for line in LINES:
        foreign = line.customer.country == "SE"
        twice.append(
            [
                line.day,
                line.customer.name,
                "SEK" if foreign else "EUR",
                line.net * (11 if foreign else 1) / 100,
                "EUR",
                line.net / 100,
            ]
        )
    yield export_book(
        "headers-twice.xlsx",
        "Currency and Amount twice: of the document, and in EUR",
        LINES,
        {"Sheet1": twice},
        cost=False,
    )
    broken = tabulate(
        LINES,
        {
            "Posting\nDate": lambda line: line.day,
            "Customer\nNo.": lambda line: line.customer.number,
            "Net\nAmount\n[EUR]": lambda line: line.net / 100,
            "Cost\nAmount\n[EUR]": lambda line: line.cost / 100,
        },
    )
    title: list[Row] = [["Sales report 2024"], [], *broken]
    yield Export(
        "merged-title.xlsx",
        "A merged title, headers with line breaks",
        "Sales",
        draw_book({"Sheet1": title}, [Merge(0, 0, 3, "Sales report 2024")]),
        sum_sales(LINES, True, False),
        len(LINES),
    )
    spread: list[Row] = [[cell for header in COLUMNS for cell in (header, None)]]
    spread += [[cell for write in COLUMNS.values() for cell in (write(line), None)] for line in LINES]
    yield export_book("spread.xlsx", "A blank column between all columns", LINES, {"Sheet1": spread})


def _list_cells() -> Iterator[Export]:
    quoted = tabulate(
        LINES,
        {
            "Date": lambda line: f"'{line.day:%d.%m.%Y}",
            "Customer no": lambda line: f"'{line.customer.number}",
            "Net amount": lambda line: "'" + COMMA(line.net),
            "Cost": lambda line: "'" + COMMA(line.cost),
        },
    )
    yield export_book("apostrophes.xlsx", "An apostrophe before every text", LINES, {"Sheet1": quoted})
    numbers = tabulate(LINES, {**COLUMNS, "Date": lambda line: int(f"{line.day:%Y%m%d}")})
    yield export_book("day-numbers.xlsx", "Days as numbers, 20240305", LINES, {"Sheet1": numbers})
    marked: list[Row] = [["Date", "Customer", "Net sales", "Cost of goods"]]
    for place, line in enumerate(LINES):
        star = "*" if place % 9 == 0 else ""
        marked.append([f"{line.day:%d.%m.%Y}", line.customer.name, COMMA(line.net) + star, COMMA(line.cost)])
    marked += [[], ["* provisional"], ["Source: merchandise management, 07.01.2025"]]
    yield export_book(
        "footnotes.xlsx", "Footnote stars behind amounts, notes below", LINES, {"Sheet1": marked}
    )
    minus = tabulate(
        LINES,
        {
            "Datum": lambda line: f"{line.day:%Y-%m-%d}",
            "Kund": lambda line: line.customer.name,
            "Belopp exkl moms": lambda line: (
                f"\N{MINUS SIGN}{SPACED(-line.net)} kr" if line.net < 0 else f"{SPACED(line.net)} kr"
            ),
            "TB %": lambda line: f"{round(100 - 100 * line.cost / line.net, 6)}".replace(".", ",") + " %",
        },
    )
    yield export_book(
        "tb-procent.xlsx", "Swedish: kr behind amounts, margin in percent", LINES, {"Blad1": minus}
    )
    units = [line for line in LINES if not line.percent]
    each = tabulate(
        units,
        {
            "Lieferdatum": lambda line: line.day,
            "Kunde": lambda line: line.customer.name,
            "Menge": lambda line: line.quantity,
            "ME": lambda line: "Stk",
            "VK-Preis": lambda line: line.price / 100,
            "EK-Preis": lambda line: line.unit_cost / 100,
        },
    )
    yield export_book("vk-ek.xlsx", "German: selling and buying price of one unit", units, {"Tabelle1": each})
    off = tabulate(
        SOLD,
        {
            "Date": lambda line: line.day,
            "Client": lambda line: line.customer.name,
            "Qty": lambda line: line.quantity,
            "Unit price": lambda line: line.price / 100,
            "Discount": lambda line: line.percent / 100,
        },
    )
    yield export_book(
        "price-and-share.xlsx", "Price, quantity and a discount of 0.05", SOLD, {"Sheet1": off}, cost=False
    )


def _list_totals() -> Iterator[Export]:
    rows = tabulate(LINES, COLUMNS)
    net, cost = sum(line.net for line in LINES) / 100, sum(line.cost for line in LINES) / 100
    top: list[Row] = [rows[0], ["Total", None, net, cost], *rows[1:]]
    yield export_book(
        "total-first.xlsx", "The total in the first row below the headers", LINES, {"Sheet1": top}
    )
    above: list[Row] = [[None, "Total", net, cost], *rows]
    yield export_book("total-above.xlsx", "The total above the headers", LINES, {"Sheet1": above})
    months: list[Row] = [rows[0]]
    for month in range(1, 13):
        own = [line for line in LINES if line.day.month == month]
        months += tabulate(own, COLUMNS)[1:]
        label = f"{name_month(own[0].day, 'en')} {own[0].day.year} Total"
        months.append(
            [label, None, sum(line.net for line in own) / 100, sum(line.cost for line in own) / 100]
        )
    months.append(["Grand Total", None, net, cost])
    yield export_book("month-totals.xlsx", "A total below each month", LINES, {"Sheet1": months})
    filters: list[Row] = [*rows, [], ["Applied filters:\nYear is 2024\nCompany is not blank"]]
    yield export_book("data.xlsx", "A report tool: the applied filters below", LINES, {"Export": filters})
    spanish = tabulate(
        LINES,
        {
            "Fecha": lambda line: f"{line.day:%d/%m/%Y}",
            "Cliente": lambda line: line.customer.name,
            "Base imponible": lambda line: COMMA(line.net),
            "IVA": lambda line: COMMA(line.tax),
            "Total": lambda line: COMMA(line.net + line.tax),
        },
    )
    tax = sum(line.tax for line in LINES)
    total = round(net * 100)
    yield export_text(
        "ventas.csv",
        "Spanish: taxable base, IVA, total; a last row TOTAL GENERAL",
        LINES,
        [*spanish, ["TOTAL GENERAL", "", COMMA(total), COMMA(tax), COMMA(total + tax)]],
        cost=False,
        sep=";",
    )
