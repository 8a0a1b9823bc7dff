"""Exports as text files: encodings, separators, preambles, ragged rows, quotes, headers."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from benchmarks.import_corpus.cells import Row, money, write_money
from benchmarks.import_corpus.export import Export, export_text, tabulate
from benchmarks.import_corpus.lines import Line, build_lines

LINES = build_lines()
SOLD = build_lines(credits=False)
COMMA = money(",", ".")
PLAIN = money()


def tabulate_german(lines: list[Line]) -> list[Row]:
    """Return the usual table of a German merchandise management system."""
    return tabulate(
        lines,
        {
            "Belegdatum": lambda line: f"{line.day:%d.%m.%Y}",
            "Kundennr.": lambda line: line.customer.number,
            "Kundenname": lambda line: line.customer.name,
            "Artikelnr.": lambda line: line.product,
            "Menge": lambda line: line.quantity,
            "Umsatz netto": lambda line: COMMA(line.net),
            "Wareneinsatz": lambda line: COMMA(line.cost),
        },
    )


def tabulate_english(lines: list[Line]) -> list[Row]:
    """Return the usual table of an English one."""
    return tabulate(
        lines,
        {
            "Invoice Date": lambda line: f"{line.day:%d/%m/%Y}",
            "Invoice No": lambda line: line.invoice,
            "Customer": lambda line: line.customer.name,
            "Item": lambda line: line.product,
            "Qty": lambda line: line.quantity,
            "Net Amount": lambda line: PLAIN(line.net),
            "Cost of Goods": lambda line: PLAIN(line.cost),
        },
    )


def list_encodings() -> Iterator[Export]:
    """Yield the encodings and separators."""
    english, german = tabulate_english(LINES), tabulate_german(LINES)
    yield export_text("utf8.csv", "UTF-8, commas", LINES, english)
    yield export_text("bom.csv", "UTF-8 with BOM, semicolons", LINES, german, sep=";", encoding="utf-8-sig")
    yield export_text(
        "utf16.txt", "UTF-16, tabs (Excel's Unicode text)", LINES, german, sep="\t", encoding="utf-16"
    )
    yield export_text("cp1252.csv", "Windows-1252, semicolons", LINES, german, sep=";", encoding="cp1252")
    yield export_text("sep.csv", "Excel's line sep=;", LINES, german, sep=";", before="sep=;\r\n")
    swedish = tabulate(
        LINES,
        {
            "Fakturadatum": lambda line: f"{line.day:%Y-%m-%d}",
            "Kundnr": lambda line: line.customer.number,
            "Kundnamn": lambda line: line.customer.name,
            "Försäljning exkl. moms": lambda line: write_money(line.net, ",", " "),
            "Varukostnad": lambda line: write_money(line.cost, ",", " "),
        },
    )
    yield export_text("latin1.csv", "Latin-1, Swedish", LINES, swedish, sep=";", encoding="latin-1")
    yield export_text("pipes.txt", "Separated by |", LINES, english, sep="|")
    yield export_text("all-quoted.csv", "Every cell quoted", LINES, english, quoting=csv.QUOTE_ALL)


def list_frames() -> Iterator[Export]:
    """Yield what stands around the table and in its rows."""
    english, german = tabulate_english(LINES), tabulate_german(LINES)
    yield export_text(
        "preamble.csv",
        "A preamble of 5 lines",
        LINES,
        german,
        sep=";",
        encoding="cp1252",
        before="Umsatzliste\r\nMandant;Muster Handels GmbH\r\nZeitraum;01.01.2024;31.12.2024\r\n"
        "Erstellt am;07.01.2025 08:30\r\n\r\n",
    )
    yield export_text(
        "footer.csv",
        "A footer with a total and a note",
        LINES,
        english,
        after=f"\r\nTotal,,,,,{PLAIN(sum(line.net for line in LINES))},{PLAIN(sum(line.cost for line in LINES))}\r\n"
        "Printed 07/01/2025 by anna\r\n",
    )
    ragged = [
        [*row, "Remark"] if place == 0 else [*row, *([""] * (place % 3))] for place, row in enumerate(english)
    ]
    yield export_text("ragged.csv", "Rows of different length", LINES, ragged)
    addressed: list[Row] = [
        [
            *row,
            "Address"
            if place == 0
            else f'Main Street {place}\n"Unit {place}", {LINES[place - 1].customer.city}',
        ]
        for place, row in enumerate(english)
    ]
    yield export_text("line-breaks.csv", "Line breaks and quotes in cells", LINES, addressed)
    headers = [
        "  Invoice\nDate ",
        " Invoice No. ",
        "CUSTOMER  NAME",
        "",
        "Qty ",
        " Net_Amount",
        "Cost of Goods  ",
    ]
    yield export_text(
        "blank-headers.csv", "Blanks and breaks in headers, one empty", LINES, [headers, *english[1:]]
    )
    doubled = tabulate(
        LINES, {"No.": lambda line: line.customer.number, "Quantity": lambda line: line.quantity}
    )
    rows = [
        [row[0], row[2], number[0], number[1], row[3], row[5]]
        for row, number in zip(english, doubled, strict=True)
    ]
    rows[0] = ["Posting Date", "Name", "Customer No.", "Quantity", "Name", "Amount"]
    yield export_text("doubled-headers.csv", "A header that is there twice", LINES, rows, cost=False)
    extra = [
        [*row, *(f"Field {n}" if place == 0 else f"x{place % n}" for n in range(1, 25))]
        for place, row in enumerate(english)
    ]
    yield export_text("extra-columns.csv", "24 columns that mean nothing", LINES, extra)
    yield export_text(
        "reversed.csv",
        "Columns and rows in another order",
        LINES,
        [row[::-1] for row in (english[0], *english[:0:-1])],
    )
    blank: Row = [""] * len(english[0])
    yield export_text(
        "blank-rows.csv",
        "Empty rows between",
        LINES,
        [english[0], *(part for row in english[1:] for part in ((row, blank) if row[4] == 2 else (row,)))],
    )


def list_codes() -> Iterator[Export]:
    """Yield known public shapes: Superstore, classic sales data, online retail."""
    superstore = tabulate(
        SOLD,
        {
            "Row ID": lambda line: SOLD.index(line) + 1,
            "Order ID": lambda line: f"CA-{line.day.year}-{line.invoice}",
            "Order Date": lambda line: f"{line.day.month}/{line.day.day}/{line.day.year}",
            "Ship Date": lambda line: f"{line.day.month}/{line.day.day}/{line.day.year}",
            "Ship Mode": lambda line: "Standard Class",
            "Customer ID": lambda line: line.customer.number,
            "Customer Name": lambda line: line.customer.name,
            "Segment": lambda line: "Corporate",
            "Country": lambda line: line.customer.country,
            "City": lambda line: line.customer.city,
            "Product ID": lambda line: line.product,
            "Sales": lambda line: PLAIN(line.net),
            "Quantity": lambda line: line.quantity,
            "Discount": lambda line: f"{line.percent / 100:g}",
            "Profit": lambda line: PLAIN(line.net - line.cost),
        },
    )
    yield export_text(
        "orders-profit.csv", "Order Date, Customer ID, Sales, Discount as a share, Profit", SOLD, superstore
    )
    classic = tabulate(
        SOLD,
        {
            "ORDERNUMBER": lambda line: line.invoice[1:],
            "QUANTITYORDERED": lambda line: line.quantity,
            "PRICEEACH": lambda line: PLAIN(min(line.net // line.quantity, 10_000)),
            "SALES": lambda line: PLAIN(line.net),
            "ORDERDATE": lambda line: f"{line.day.month}/{line.day.day}/{line.day.year} 0:00",
            "STATUS": lambda line: "Shipped",
            "QTR_ID": lambda line: (line.day.month + 2) // 3,
            "MONTH_ID": lambda line: line.day.month,
            "YEAR_ID": lambda line: line.day.year,
            "MSRP": lambda line: PLAIN(line.price),
            "PRODUCTCODE": lambda line: line.product,
            "CUSTOMERNAME": lambda line: line.customer.name,
            "COUNTRY": lambda line: line.customer.country,
        },
    )
    yield export_text(
        "capitals.csv",
        "2/24/2003 0:00, headers in capitals without blanks",
        SOLD,
        classic,
        cost=False,
        encoding="cp1252",
    )
    retail = tabulate(
        LINES,
        {
            "InvoiceNo": lambda line: line.invoice.replace("R", ""),
            "StockCode": lambda line: line.product,
            "Description": lambda line: f"PRODUCT {line.product}",
            "Quantity": lambda line: line.quantity,
            "InvoiceDate": lambda line: f"{line.day.month}/{line.day.day}/{line.day.year} 8:26",
            "UnitPrice": lambda line: PLAIN(line.price),
            "CustomerID": lambda line: line.customer.number,
            "Country": lambda line: line.customer.country,
        },
    )
    listed = [_without_discount(line) for line in LINES]
    yield export_text("price-quantity.csv", "Quantity and price, no amount", listed, retail, cost=False)
    rates = tabulate(
        LINES,
        {
            "Date": lambda line: f"{line.day:%Y-%m-%d}",
            "Customer": lambda line: line.customer.name,
            "Quantity": lambda line: line.quantity,
            "Unit Price": lambda line: PLAIN(line.price),
            "Disc. %": lambda line: f"{line.percent}%",
            "Unit Cost": lambda line: PLAIN(line.unit_cost),
        },
    )
    yield export_text(
        "price-percent.csv", "Quantity, price, discount in percent, unit cost", LINES, rates, discount=True
    )
    gross = tabulate(
        LINES,
        {
            "Date": lambda line: f"{line.day:%Y-%m-%d}",
            "Customer": lambda line: line.customer.name,
            "Gross Amount": lambda line: PLAIN(line.gross),
            "Discount %": lambda line: line.percent,
            "Cost": lambda line: PLAIN(line.cost),
        },
    )
    yield export_text(
        "gross-percent.csv", "Gross amount with a discount in percent", LINES, gross, discount=True
    )
    amounts = tabulate(
        LINES,
        {
            "Date": lambda line: f"{line.day:%Y-%m-%d}",
            "Customer": lambda line: line.customer.name,
            "Gross Sales": lambda line: PLAIN(line.gross),
            "Discounts": lambda line: PLAIN(-line.discount),
            "Net Sales": lambda line: PLAIN(line.net),
            "COGS": lambda line: PLAIN(-line.cost),
        },
    )
    yield export_text(
        "negative-costs.csv",
        "Gross, discount, net; discounts and costs negative",
        LINES,
        amounts,
        discount=True,
    )


def _without_discount(line: Line) -> Line:
    return Line(
        line.day, line.customer, line.invoice, line.product, line.quantity, line.price, 0, line.unit_cost
    )


def list_texts() -> Iterator[Export]:
    """Yield every export of this file."""
    yield from list_encodings()
    yield from list_frames()
    yield from list_codes()
