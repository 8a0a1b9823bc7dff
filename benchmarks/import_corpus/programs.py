"""Exports of further programs, without a ready-made profile: what their columns are called, and how their files lie."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from benchmarks.import_corpus.cells import Cell, Row, draw_book, encode_text, money, name_month, trail_minus
from benchmarks.import_corpus.export import Export, export_book, export_text, tabulate
from benchmarks.import_corpus.lines import CUSTOMERS, YEAR, Line, build_lines, sum_sales

LINES = build_lines(seed=61)
SOLD = build_lines(seed=62, credits=False)
PLAIN = money()
COMMA = money(",", ".")
Columns = dict[str, Callable[[Line], Cell]]


def list_ledgers() -> Iterator[Export]:
    """Yield exports of ledgers and merchandise management systems."""
    technical: Columns = {
        "MANDT": lambda line: "100",
        "VBELN": lambda line: line.invoice[1:].zfill(10),
        "FKDAT": lambda line: f"{line.day:%Y%m%d}",
        "KUNAG": lambda line: line.customer.number.zfill(10),
        "MATNR": lambda line: line.product,
        "FKIMG": lambda line: f"{line.quantity}.000",
        "NETWR": lambda line: PLAIN(line.net),
        "MWSBP": lambda line: PLAIN(line.tax),
        "WAVWR": lambda line: PLAIN(line.cost),
        "WAERK": lambda line: "EUR",
    }
    yield export_text("vbrp.csv", "SAP's technical names", LINES, tabulate(LINES, technical), sep=";")
    grid: Columns = {
        "Billing Date": lambda line: f"{line.day:%d.%m.%Y}",
        "Sold-to Party": lambda line: line.customer.number,
        "Name of Sold-to Party": lambda line: line.customer.name,
        "Material": lambda line: line.product,
        "Billed Quantity": lambda line: trail_minus(line.quantity * 100),
        "Net Value": lambda line: trail_minus(line.net),
        "Document Currency": lambda line: "EUR",
        "Cost": lambda line: trail_minus(line.cost),
    }
    content = encode_text(tabulate(LINES, grid), sep="\t", encoding="utf-16")
    yield Export(
        "export.xls",
        "A text with tabs that is called .xls",
        "Sales",
        content,
        sum_sales(LINES, True, False),
        len(LINES),
    )
    bracketed: Columns = {
        "Datum": lambda line: f"{line.day:%d.%m.%Y}",
        "Kunde [Nr.]": lambda line: line.customer.number,
        "Menge [ST]": lambda line: line.quantity,
        "Umsatz [EUR]": lambda line: COMMA(line.net),
        "Wareneinsatz [EUR]": lambda line: COMMA(line.cost),
    }
    yield export_text(
        "units-in-brackets.csv",
        "Units in brackets in the headers",
        LINES,
        tabulate(LINES, bracketed),
        sep=";",
    )
    swedish: Columns = {
        "Fakturanr": lambda line: line.invoice[1:],
        "Kundnr": lambda line: line.customer.number,
        "Kundnamn": lambda line: line.customer.name,
        "Fakturadatum": lambda line: f"{line.day}",
        "Förfallodatum": lambda line: f"{line.day + dt.timedelta(days=30)}",
        "Netto": lambda line: money(",")(line.net),
        "Moms": lambda line: money(",")(line.tax),
        "Total": lambda line: money(",")(line.net + line.tax),
        "Valuta": lambda line: "SEK",
    }
    yield export_text(
        "fakturor.csv", "Swedish: Netto, Moms, Total", LINES, tabulate(LINES, swedish), cost=False, sep=";"
    )
    german: Columns = {
        "Rechnungsnummer": lambda line: line.invoice,
        "Rechnungsdatum": lambda line: f"{line.day:%d.%m.%Y}",
        "Kunde": lambda line: line.customer.name,
        "Nettobetrag": lambda line: COMMA(line.net),
        "USt": lambda line: COMMA(line.tax),
        "Bruttobetrag": lambda line: COMMA(line.net + line.tax),
        "Bezahlt am": lambda line: f"{line.day + dt.timedelta(days=12):%d.%m.%Y}",
        "Status": lambda line: "Bezahlt",
    }
    yield export_text(
        "netto-ust-brutto.csv",
        "German: Netto, USt, Brutto (with tax)",
        LINES,
        tabulate(LINES, german),
        cost=False,
        sep=";",
    )
    contact: Columns = {
        "ContactName": lambda line: line.customer.name,
        "AccountNumber": lambda line: line.customer.number,
        "InvoiceNumber": lambda line: line.invoice,
        "InvoiceDate": lambda line: f"{line.day:%d/%m/%Y}",
        "DueDate": lambda line: f"{line.day + dt.timedelta(days=30):%d/%m/%Y}",
        "Total": lambda line: PLAIN(line.net + line.tax),
        "InventoryItemCode": lambda line: line.product,
        "Quantity": lambda line: line.quantity,
        "UnitAmount": lambda line: PLAIN(line.price),
        "Discount": lambda line: line.percent,
        "LineAmount": lambda line: PLAIN(line.net),
        "TaxAmount": lambda line: PLAIN(line.tax),
        "Currency": lambda line: "GBP",
        "Type": lambda line: "Sales credit note" if line.credit else "Sales invoice",
    }
    yield export_text(
        "contact-invoices.csv",
        "LineAmount net; Discount is a percentage, Total has the tax",
        LINES,
        tabulate(LINES, contact),
        cost=False,
    )
    combined: Columns = {
        "Date": lambda line: f"{line.day:%Y-%m-%d}",
        "Customer": lambda line: f"{line.customer.number} - {line.customer.name}",
        "Revenue": lambda line: PLAIN(line.net),
        "COGS": lambda line: PLAIN(line.cost),
    }
    yield export_text("number-name.csv", "Number and name in one cell", LINES, tabulate(LINES, combined))


def list_clocks() -> Iterator[Export]:
    """Yield further ways to write a date."""
    ways: tuple[tuple[str, str, Callable[[Line], str]], ...] = (
        ("noon.csv", "03/05/2024 02:30 PM", lambda line: f"{line.day:%m/%d/%Y} 02:30 PM"),
        (
            "weekday-de.csv",
            "Di, 05.03.2024",
            lambda line: (
                f"{['Mo', 'Di', 'Mi', 'Do', 'Fr', 'Sa', 'So'][line.day.weekday()]}, {line.day:%d.%m.%Y}"
            ),
        ),
        ("month-year.csv", "Mar 2024", lambda line: f"{name_month(line.day, 'en')[:3]} {line.day.year}"),
        ("year-month-dash.csv", "2024-03", lambda line: f"{line.day:%Y-%m}"),
        ("slashes.csv", "2024/03/05", lambda line: f"{line.day:%Y/%m/%d}"),
    )
    for file, shape, write in ways:
        columns: Columns = {
            "Date": write,
            "Client": lambda line: line.customer.name,
            "Net sales": lambda line: PLAIN(line.net),
            "Cost of sales": lambda line: PLAIN(line.cost),
        }
        yield export_text(file, shape, LINES, tabulate(LINES, columns))


def list_layouts() -> Iterator[Export]:
    """Yield further layouts of workbooks."""
    columns: Columns = {
        "Date": lambda line: line.day,
        "Customer": lambda line: line.customer.name,
        "Net sales": lambda line: line.net / 100,
        "COGS": lambda line: line.cost / 100,
    }
    rows = tabulate(LINES, columns)
    top: Row = ["Total", None, sum(line.net for line in LINES) / 100, sum(line.cost for line in LINES) / 100]
    labels = (
        ("total-by-date.csv", 0, "Total"),
        ("total-by-name.csv", 2, "Gesamtsumme"),
        ("total-unnamed.csv", 2, ""),
    )
    numbered: Columns = {
        "Posting Date": lambda line: f"{line.day:%d.%m.%Y}",
        "Customer No.": lambda line: line.customer.number,
        "Customer Name": lambda line: line.customer.name,
        "Net Amount": lambda line: COMMA(line.net),
        "Cost Amount": lambda line: COMMA(line.cost),
    }
    sums_up = [COMMA(sum(line.net for line in LINES)), COMMA(sum(line.cost for line in LINES))]
    for file, place, label in labels:
        total: list[Cell] = ["", "", "", *sums_up]
        total[place] = label
        where = f"its label in column {place + 1}" if label else "no label"
        yield export_text(
            file, f"A last row that adds up, {where}", LINES, [*tabulate(LINES, numbered), total], sep=";"
        )
    yield export_book(
        "total-on-top.xlsx", "The total right below the header", LINES, {"Data": [rows[0], top, *rows[1:]]}
    )
    stacked: list[Row] = [["Sales lines"], *rows, [], [], ["Sales by country"], ["Country", "Net sales"]]
    stacked += [
        [one.country, sum(line.net for line in LINES if line.customer == one) / 100] for one in CUSTOMERS
    ]
    yield export_book(
        "stacked.xlsx", "A second table below the first on the same sheet", LINES, {"Report": stacked}
    )
    sums: dict[tuple[str, int], tuple[int, int]] = {}
    for line in SOLD:
        net, cost = sums.get((line.customer.number, line.day.month), (0, 0))
        sums[line.customer.number, line.day.month] = net + line.net, cost + line.cost
    cells = [
        Line(
            dt.date(YEAR, month, 1), one, "", "", 1, sums[one.number, month][0], 0, sums[one.number, month][1]
        )
        for one in CUSTOMERS
        for month in range(1, 13)
        if (one.number, month) in sums
    ]
    years: Row = [None, None, *([YEAR] + [None] * 11)]
    months: Row = [
        "No.",
        "Customer",
        *(name_month(dt.date(YEAR, month, 1), "en")[:3] for month in range(1, 13)),
    ]
    body: list[Row] = [
        [
            one.number,
            one.name,
            *(
                sums[one.number, month][0] / 100 if (one.number, month) in sums else None
                for month in range(1, 13)
            ),
        ]
        for one in CUSTOMERS
    ]
    yield export_book(
        "crosstab-year-above.xlsx",
        "Months Jan, Feb… as columns, the year above them",
        cells,
        {"Sales": [years, months, *body]},
        cost=False,
    )
    measured: list[Row] = [
        ["Customer", *(f"{what} {month:02d}/{YEAR}" for month in range(1, 13) for what in ("Sales", "Cost"))]
    ]
    for one in CUSTOMERS:
        pairs = [sums.get((one.number, month), (0, 0)) for month in range(1, 13)]
        measured.append([one.name, *(amount / 100 for pair in pairs for amount in pair)])
    yield export_book(
        "crosstab-two-measures.xlsx", "Sales and cost of each month side by side", cells, {"Sheet1": measured}
    )
    typed: Columns = {
        "Order date": lambda line: f"{line.day:%m/%d/%Y}",
        "Account name": lambda line: line.customer.name,
        "Revenue": lambda line: f"${line.net / 100:,.2f}",
        "Cost of goods sold": lambda line: f"${line.cost / 100:,.2f}",
    }
    yield Export(
        "american-texts.xlsx",
        "American dates and dollars as text in a workbook",
        "Sales",
        draw_book({"Export": tabulate(SOLD, typed)}),
        sum_sales(SOLD, True, False),
        len(SOLD),
    )
    undated: list[Row] = [["Customer", "Net sales", "COGS"]]
    undated += [
        [one.name, sum(line.net for line in LINES if line.customer == one) / 100, 0] for one in CUSTOMERS
    ]
    nowhere = export_book("no-date.xlsx", "No date anywhere", LINES, {"Sheet1": undated}, cost=False)
    yield Export(
        nowhere.file, nowhere.shape, "Sales", nowhere.content, nowhere.truth, nowhere.rows, undecidable=True
    )


def list_programs() -> Iterator[Export]:
    """Yield every export of this file."""
    yield from list_ledgers()
    yield from list_clocks()
    yield from list_layouts()
