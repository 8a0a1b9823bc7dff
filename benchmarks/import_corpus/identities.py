"""Exports in which one amount is worked out of others: only the arithmetic of the rows tells which column counts."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from benchmarks.import_corpus.cells import Row, encode_text, money
from benchmarks.import_corpus.export import Export, export_bills, export_text, tabulate
from benchmarks.import_corpus.lines import Bill, Line, build_bills, build_lines

LINES = build_lines(seed=61)
PLAIN = money()
COMMA = money(",", ".")
RATES = (7, 19)


@dataclass(frozen=True)
class Order:
    """An order of several lines: its number, and the lines, all of one customer and day."""

    number: str
    lines: tuple[Line, ...]

    @property
    def net(self) -> int:
        """What all lines come to."""
        return sum(line.net for line in self.lines)


def build_orders(seed: int) -> list[Order]:
    """Return orders of one to four lines each, on the days and of the customers of a year's lines."""
    chance = random.Random(seed)
    first, *pool = (build_lines(seed + n, credits=False) for n in range(4))
    return [
        Order(
            f"SO-{3100 + place}",
            tuple(_move(one[place], line) for one in (first, *chance.sample(pool, more))),
        )
        for place, line in enumerate(first[:90])
        for more in [chance.choice((0, 1, 2, 3))]
    ]


def _move(line: Line, to: Line) -> Line:
    """Return a line without a discount, of the day and the customer of another one."""
    return replace(line, day=to.day, customer=to.customer, invoice=to.invoice, percent=0)


def list_identities() -> Iterator[Export]:
    """Yield exports with amounts that others of the row give."""
    yield from _list_discounts()
    yield from _list_units()
    yield from _list_orders()
    yield from _list_taxes()
    yield from _list_others()


def _list_discounts() -> Iterator[Export]:
    listed = tabulate(
        LINES,
        {
            "Date": lambda line: f"{line.day}",
            "Customer": lambda line: line.customer.number,
            "List amount": lambda line: PLAIN(line.gross),
            "Discount": lambda line: PLAIN(line.discount),
            "Net amount": lambda line: PLAIN(line.net),
            "COGS": lambda line: PLAIN(line.cost),
        },
    )
    yield export_text("list-discount-net.csv", "List amount, discount, net amount", LINES, listed)
    plain = tabulate(
        LINES,
        {
            "Belegdatum": lambda line: f"{line.day:%d.%m.%Y}",
            "Kundennr.": lambda line: line.customer.number,
            "Listenumsatz": lambda line: COMMA(line.gross),
            "Rabatt": lambda line: COMMA(line.discount),
            "Umsatz": lambda line: COMMA(line.net),
        },
    )
    yield export_text(
        "umsatz-rabatt.csv", "German: list turnover, discount, turnover", LINES, plain, cost=False, sep=";"
    )
    percent = tabulate(
        LINES,
        {
            "Date": lambda line: f"{line.day}",
            "Customer": lambda line: line.customer.number,
            "Net amount": lambda line: PLAIN(line.net),
            "Discount %": lambda line: line.percent,
            "COGS": lambda line: PLAIN(line.cost),
        },
    )
    yield export_text("net-percent.csv", "Net amount beside a discount in percent", LINES, percent)
    off = tabulate(
        LINES,
        {
            "Fecha": lambda line: f"{line.day:%d/%m/%Y}",
            "Cliente": lambda line: line.customer.name,
            "Uds.": lambda line: line.quantity,
            "Precio": lambda line: COMMA(line.price),
            "Dto. %": lambda line: line.percent,
            "Importe": lambda line: COMMA(line.net),
            "Coste unitario": lambda line: COMMA(line.unit_cost),
        },
    )
    yield export_text(
        "importe-dto.csv",
        "Spanish: price, discount in percent, amount less it, unit cost",
        LINES,
        off,
        sep=";",
    )


def _list_units() -> Iterator[Export]:
    each = tabulate(
        LINES,
        {
            "Date": lambda line: f"{line.day}",
            "Customer": lambda line: line.customer.number,
            "Qty": lambda line: line.quantity,
            "Price": lambda line: PLAIN(line.price * (100 - line.percent) // 100),
            "Line total": lambda line: PLAIN(line.net),
            "Cost": lambda line: PLAIN(line.unit_cost),
        },
    )
    yield export_text("cost-each.csv", "The cost of one unit, called Cost", LINES, each)
    flat = [line for line in LINES if not line.percent]
    both = tabulate(
        flat,
        {
            "Order date": lambda line: f"{line.day}",
            "Client": lambda line: line.customer.name,
            "Units": lambda line: line.quantity,
            "Price": lambda line: PLAIN(line.price),
            "Cost": lambda line: PLAIN(line.unit_cost),
        },
    )
    yield export_text("price-and-cost-each.csv", "Price and cost of one unit, no amounts", flat, both)
    hundred = tabulate(
        flat,
        {
            "Datum": lambda line: f"{line.day:%d.%m.%Y}",
            "Kunde": lambda line: line.customer.number,
            "Menge": lambda line: line.quantity,
            "Preis je 100 St.": lambda line: COMMA(line.price * 100),
            "Kosten gesamt": lambda line: COMMA(line.cost),
        },
    )
    yield export_text("preis-je-100.csv", "German: price of 100 pieces, total cost", flat, hundred, sep=";")
    total = tabulate(
        LINES,
        {
            "Päivämäärä": lambda line: f"{line.day.day}.{line.day.month}.{line.day.year}",
            "Asiakas": lambda line: line.customer.name,
            "Määrä": lambda line: line.quantity,
            "Summa": lambda line: money(",")(line.net),
            "Kulu": lambda line: money(",")(line.unit_cost),
            "Kulu yhteensä": lambda line: money(",")(line.cost),
        },
    )
    yield export_text("kulu-kpl.csv", "Finnish: cost of one unit and of the line", LINES, total, sep=";")


def _list_orders() -> Iterator[Export]:
    orders = build_orders(seed=62)
    lines = [line for order in orders for line in order.lines]
    head = ["Order No", "Order Date", "Customer", "Order Total", "Item", "Qty", "Line Price"]
    flat: list[Row] = [head]
    for order in orders:
        flat += [
            [order.number, f"{line.day}", line.customer.name, PLAIN(order.net), line.product, line.quantity,
             PLAIN(line.net // line.quantity)]
            for line in order.lines
        ]  # fmt: skip
    yield export_text(
        "order-total-repeated.csv", "An order's total on each of its lines", lines, flat, cost=False
    )
    amounts: list[Row] = [["Tilausnro", "Tilauspäivä", "Asiakas", "Tilaus yhteensä", "Rivi", "Rivin summa"]]
    for order in orders:
        amounts += [
            [order.number, f"{line.day:%d.%m.%Y}", line.customer.number, money(",")(order.net), place,
             money(",")(line.net)]
            for place, line in enumerate(order.lines, 1)
        ]  # fmt: skip
    yield export_text(
        "tilaus-yhteensa.csv", "Finnish: an order's total on each line, and the line's", lines, amounts, cost=False,
        sep=";",
    )  # fmt: skip
    alone: list[Row] = [["Order ID", "Created at", "Account", "Total", "SKU"]]
    for order in orders:
        alone += [
            [order.number, f"{line.day}", line.customer.name, PLAIN(order.net), line.product]
            for line in order.lines
        ]
    content = encode_text(alone)
    told = export_text(
        "order-total-alone.csv",
        "An order's total on each of its lines, no other amount",
        lines,
        alone,
        cost=False,
    )
    yield Export(told.file, told.shape, "Sales", content, told.truth, len(lines))


def _list_taxes() -> Iterator[Export]:
    total = tabulate(
        LINES,
        {
            "Sold on": lambda line: f"{line.day}",
            "Customer": lambda line: line.customer.name,
            "Tax": lambda line: PLAIN(line.tax),
            "Total": lambda line: PLAIN(line.net + line.tax),
        },
    )
    yield export_text("tax-and-total.csv", "A total and the tax in it", LINES, total, cost=False)
    rated = tabulate(
        LINES,
        {
            "Rechnungsdatum": lambda line: f"{line.day:%d.%m.%Y}",
            "Kunde": lambda line: line.customer.name,
            "Betrag brutto": lambda line: COMMA(line.net + line.tax),
            "MwSt-Satz": lambda line: 25,
        },
    )
    yield export_text(
        "brutto-satz.csv", "German: amount with tax, and its rate", LINES, rated, cost=False, sep=";"
    )
    polish = tabulate(
        LINES,
        {
            "Data sprzedaży": lambda line: f"{line.day}",
            "Kontrahent": lambda line: line.customer.name,
            "Numer dokumentu": lambda line: line.invoice,
            "Wartość netto": lambda line: money(",", " ")(line.net),
            "VAT": lambda line: money(",", " ")(line.tax),
            "Wartość brutto": lambda line: money(",", " ")(line.net + line.tax),
            "Koszt własny": lambda line: money(",", " ")(line.cost),
        },
    )
    yield export_text("sprzedaz.csv", "Polish: net, VAT, gross, cost", LINES, polish, sep=";")
    swedish = tabulate(
        LINES,
        {
            "Fakturadatum": lambda line: f"{line.day}",
            "Kund": lambda line: line.customer.name,
            "Belopp": lambda line: money(",", " ")(line.net + line.tax),
            "Varav moms": lambda line: money(",", " ")(line.tax),
        },
    )
    yield export_text(
        "varav-moms.csv", "Swedish: an amount, of which tax", LINES, swedish, cost=False, sep=";"
    )


def _list_others() -> Iterator[Export]:
    bills = build_bills(seed=63)
    rows = _tabulate_open(bills)
    content = encode_text(rows, sep=";")
    yield export_bills(
        "outstanding.csv", "Invoices with net, VAT, gross and what is outstanding", bills, content
    )
    yearly = _tabulate_to_date(LINES)
    yield export_text(
        "year-to-date.csv", "Turnover of the month, to date and of the year before", LINES, yearly, cost=False
    )


def _tabulate_open(bills: Sequence[Bill]) -> list[Row]:
    return tabulate(
        bills,
        {
            "Invoice No": lambda bill: bill.number,
            "Customer": lambda bill: bill.customer.name,
            "Invoice date": lambda bill: f"{bill.issued:%d.%m.%Y}",
            "Due date": lambda bill: f"{bill.due:%d.%m.%Y}",
            "Paid on": lambda bill: f"{bill.paid:%d.%m.%Y}" if bill.paid else "",
            "Outstanding": lambda bill: "0,00" if bill.paid else COMMA(bill.amount),
            "Net": lambda bill: COMMA(bill.amount * 4 // 5),
            "VAT": lambda bill: COMMA(bill.amount - bill.amount * 4 // 5),
            "Gross": lambda bill: COMMA(bill.amount),
        },
    )


def _tabulate_to_date(lines: Sequence[Line]) -> list[Row]:
    months: dict[tuple[str, dt.date], int] = {}
    for line in lines:
        key = (line.customer.number, line.day.replace(day=1))
        months[key] = months.get(key, 0) + line.net
    to_date: dict[str, int] = {}
    rows: list[Row] = [["Month", "Customer", "Turnover month", "Turnover YTD", "Turnover prior year"]]
    for number, month in sorted(months):
        to_date[number] = to_date.get(number, 0) + months[number, month]
        before = PLAIN(months[number, month] * 9 // 10)
        rows.append([f"{month:%Y-%m}", number, PLAIN(months[number, month]), PLAIN(to_date[number]), before])
    return rows
