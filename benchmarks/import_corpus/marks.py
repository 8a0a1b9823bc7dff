"""Exports whose numbers and dates are written in ways of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from benchmarks.import_corpus.cells import (
    NARROW,
    NBSP,
    Cell,
    Money,
    count_days,
    draw_book,
    group_lakhs,
    money,
    name_month,
    parenthesise,
    trail_minus,
)
from benchmarks.import_corpus.export import Export, export_text, tabulate
from benchmarks.import_corpus.lines import Line, build_lines, sum_sales

LINES = build_lines(seed=11)
PLAIN = money()


def export_money(file: str, shape: str, write: Money, sep: str = ",", encoding: str = "utf-8") -> Export:
    """Return an export whose amounts are written in one way."""
    rows = tabulate(
        LINES,
        {
            "Posting Date": lambda line: f"{line.day:%Y-%m-%d}",
            "Customer No.": lambda line: line.customer.number,
            "Customer Name": lambda line: line.customer.name,
            "Sales Amount": lambda line: write(line.net),
            "Cost Amount": lambda line: write(line.cost),
        },
    )
    return export_text(file, shape, LINES, rows, sep=sep, encoding=encoding)


def export_days(
    file: str, shape: str, write: Callable[[Line], str | int], lines: list[Line] = LINES
) -> Export:
    """Return an export whose dates are written in one way."""
    rows = tabulate(
        lines,
        {
            "Kunde": lambda line: line.customer.number,
            "Datum": write,
            "Umsatz": lambda line: money(",")(line.net),
            "Wareneinsatz": lambda line: money(",")(line.cost),
        },
    )
    return export_text(file, shape, lines, rows, sep=";")


def list_money() -> Iterator[Export]:
    """Yield the ways to write an amount."""
    yield export_money("indian.csv", "Indian 1,23,456.00", group_lakhs)
    yield export_money("swiss.csv", "Swiss 1'234.50", money(".", "'"), ";", "cp1252")
    yield export_money("swiss-typographic.csv", "Swiss 1’234.50", money(".", "’"), ";")
    yield export_money("nbsp.csv", "1 234,50 with no-break blanks", money(",", NBSP), ";", "cp1252")
    yield export_money("narrow.csv", "1 234,50 with narrow no-break blanks", money(",", NARROW), ";")
    yield export_money("dots.csv", "1.234,50", money(",", "."), ";")
    yield export_money("trailing-minus.csv", "Trailing minus", trail_minus, ";")
    yield export_money("parentheses.csv", "Dollars, negatives in parentheses", parenthesise)
    yield export_money(
        "unicode-minus.csv", "A typographic minus", lambda cents: PLAIN(cents).replace("-", "\N{MINUS SIGN}")
    )
    yield export_money("unit-behind.csv", "1 234,50 EUR", lambda cents: money(",", " ")(cents) + " EUR", ";")
    yield export_money("apostrophes.csv", "An apostrophe in front", lambda cents: "'" + PLAIN(cents))
    yield export_money("equals.csv", 'Numbers as ="1234.50"', lambda cents: f'="{PLAIN(cents)}"')
    thousand = tabulate(
        LINES,
        {
            "Datum": lambda line: f"{line.day:%d.%m.%Y}",
            "Kunde": lambda line: line.customer.name,
            "Umsatz (TEUR)": lambda line: f"{line.net / 100_000:.5f}".replace(".", ","),
            "Wareneinsatz (TEUR)": lambda line: f"{line.cost / 100_000:.5f}".replace(".", ","),
        },
    )
    yield export_text("thousands.csv", "Thousands of euros, said in the header", LINES, thousand, sep=";")
    whole = [
        replace(line, price=line.price // 100 * 100, percent=0, unit_cost=line.unit_cost // 100 * 100)
        for line in LINES
    ]
    rounded = tabulate(
        whole,
        {
            "Datum": lambda line: f"{line.day:%d.%m.%Y}",
            "Kunde": lambda line: line.customer.name,
            "Umsatz": lambda line: money(",", ".")(line.net).removesuffix(",00"),
            "Wareneinsatz": lambda line: money(",", ".")(line.cost).removesuffix(",00"),
        },
    )
    yield export_text("whole.csv", "Whole euros 1.234, no decimals anywhere", whole, rounded, sep=";")


def list_days() -> Iterator[Export]:
    """Yield the ways to write a date."""
    yield export_days("iso-zone.csv", "2024-03-05T00:00:00Z", lambda line: f"{line.day}T00:00:00Z")
    yield export_days(
        "iso-offset.csv", "2024-03-05T14:30:00.000+02:00", lambda line: f"{line.day}T14:30:00.000+02:00"
    )
    yield export_days("compact.csv", "20240305", lambda line: f"{line.day:%Y%m%d}")
    yield export_days("serials.csv", "Excel's serial numbers", lambda line: count_days(line.day))
    yield export_days("short-years.csv", "05.03.24", lambda line: f"{line.day:%d.%m.%y}")
    yield export_days(
        "american-short.csv", "3/5/24", lambda line: f"{line.day.month}/{line.day.day}/{line.day:%y}"
    )
    yield export_days(
        "month-names-de.csv",
        "5. März 2024",
        lambda line: f"{line.day.day}. {name_month(line.day, 'de')} {line.day.year}",
    )
    yield export_days(
        "month-names-sv.csv",
        "5 mars 2024",
        lambda line: f"{line.day.day} {name_month(line.day, 'sv')} {line.day.year}",
    )
    yield export_days(
        "month-names-fi.csv",
        "5. maaliskuuta 2024",
        lambda line: f"{line.day.day}. {name_month(line.day, 'fi')}ta {line.day.year}",
    )
    yield export_days(
        "oracle.csv",
        "05-MAR-24",
        lambda line: f"{line.day.day:02d}-{name_month(line.day, 'en')[:3].upper()}-{line.day:%y}",
    )
    yield export_days(
        "long.csv",
        "Tuesday, March 5, 2024",
        lambda line: f"{line.day:%A}, {name_month(line.day, 'en')} {line.day.day}, {line.day.year}",
    )
    sap = tabulate(
        LINES,
        {
            "Periode": lambda line: f"{line.day.month:03d}.{line.day.year}",
            "Debitor": lambda line: line.customer.number.zfill(10),
            "Material": lambda line: line.product,
            "Erlöse": lambda line: trail_minus(line.net),
            "Wareneinsatz": lambda line: trail_minus(line.cost),
        },
    )
    yield export_text(
        "sap-periods.txt", "SAP periods 001.2024, tabs", LINES, sap, sep="\t", encoding="cp1252"
    )
    split = tabulate(
        LINES,
        {
            "Year": lambda line: line.day.year,
            "Month": lambda line: line.day.month,
            "Customer": lambda line: line.customer.name,
            "Revenue": lambda line: PLAIN(line.net),
            "COGS": lambda line: PLAIN(line.cost),
        },
    )
    yield export_text("year-month.csv", "Year and month in two columns", LINES, split)
    early = build_lines(seed=12, days=tuple(range(1, 13)))
    columns: dict[str, Callable[[Line], Cell]] = {
        "Date": lambda line: f"{line.day:%d/%m/%Y}",
        "Customer": lambda line: line.customer.name,
        "Revenue": lambda line: PLAIN(line.net),
    }
    shape = "No day after the 12th; the rows are in the order of the days"
    yield export_text("days-in-order.csv", shape, early, tabulate(early, columns), cost=False)
    rows = tabulate(sorted(early, key=lambda line: (line.net, line.invoice)), columns)
    either = export_text("either-order.csv", "No day after the 12th: order unknown", early, rows, cost=False)
    yield Export(
        either.file, either.shape, "Sales", either.content, either.truth, either.rows, undecidable=True
    )
    written = tabulate(
        LINES,
        {
            "Date": lambda line: f"{line.day:%d.%m.%Y}",
            "Customer": lambda line: line.customer.name,
            "Revenue": lambda line: money(",", ".")(line.net) + " €",
            "Cost of sales": lambda line: money(",", ".")(line.cost) + " €",
        },
    )
    yield Export(
        "texts-in-cells.xlsx",
        "A workbook in which all is text",
        "Sales",
        draw_book({"Sheet1": written}),
        sum_sales(LINES, True, False),
        len(LINES),
    )


def list_marks() -> Iterator[Export]:
    """Yield every export of this file."""
    yield from list_money()
    yield from list_days()
