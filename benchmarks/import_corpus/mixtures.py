"""Mixtures: exports put together at random from spellings of headers, marks, dates, frames and kinds.

The others were made one by one; these show whether what works there works together. Each is the same for its seed.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.import_corpus.cells import (
    Cell,
    Money,
    Row,
    draw_book,
    encode_text,
    money,
    name_month,
    trail_minus,
)
from benchmarks.import_corpus.export import Export, tabulate
from benchmarks.import_corpus.lines import Line, build_lines, sum_sales

DATES = (
    "Date", "Posting Date", "Invoice Date", "invoice_date", "INVOICE DATE", "Order Date", "Doc. Date",
    "Transaction date", "Billing Date", "Belegdatum", "Rechnungsdatum", "Buchungsdatum", "Datum",
    "Fakturadatum", "Bokföringsdatum", "Laskupvm", "Päivämäärä", "Laskun päivä", "Date facture",
    "Date comptable", "Fecha", "Fecha factura", "Data fattura", "Factuurdatum",
)  # fmt: skip
CUSTOMERS = (
    "Customer No.", "Customer", "Customer ID", "customer_number", "Cust. No.", "CustomerNo", "Client",
    "Client ID", "Account No.", "Sold-to Party", "Bill-to Customer No.", "Debtor", "Kundennummer",
    "Kunden-Nr.", "Kunde", "Debitor", "Debitorennr.", "Kundnr", "Kundnummer", "Asiakasnumero", "Asiakasnro",
    "Asiakas", "Code client", "Código cliente", "Codice cliente", "Klantnummer",
)  # fmt: skip
AMOUNTS = (
    "Sales", "Revenue", "Net Sales", "Net Amount", "Net Revenue", "Sales Amount", "Turnover", "Line Amount",
    "Amount", "Invoiced Amount", "Amount excl. VAT", "Net value", "NET_AMOUNT", "SalesAmount", "Umsatz",
    "Umsatz netto", "Nettobetrag", "Erlöse", "Nettoumsatz", "Försäljning", "Belopp exkl. moms",
    "Nettobelopp", "Myynti", "Veroton summa", "Liikevaihto", "Montant HT", "Importe neto", "Imponibile",
    "Omzet",
)  # fmt: skip
COSTS = (
    "COGS", "Cost", "Cost of goods sold", "Cost of Sales", "Cost Amount", "cost_of_goods", "Total Cost",
    "Wareneinsatz", "Einstandswert", "Varukostnad", "Kostnad såld vara", "Hankintakulut",
    "Ostohinta yhteensä", "Coût d'achat", "Coste", "Costo del venduto", "Kostprijs omzet",
)  # fmt: skip
PROFITS = (
    "Profit", "Gross Profit", "Gross margin", "Margin", "Deckungsbeitrag", "Rohertrag", "TB", "Myyntikate",
    "Kate",
)  # fmt: skip
KINDS = ("Document Type", "Doc. Type", "Type", "Belegart", "Transaction Type")
WORDS = (("Invoice", "Credit Memo"), ("Invoice", "Credit Note"), ("Rechnung", "Gutschrift"), ("INV", "CRN"))

OTHERS: Mapping[str, Callable[[Line], Cell]] = {
    "Customer Name": lambda line: line.customer.name,
    "Item No.": lambda line: line.product,
    "Quantity": lambda line: line.quantity,
    "Document No.": lambda line: line.invoice,
    "Salesperson": lambda line: "AB",
    "Country": lambda line: line.customer.country,
    "City": lambda line: line.customer.city,
    "Remark": lambda line: "",
    "Row": lambda line: line.day.toordinal() % 97,
    "Weight kg": lambda line: f"{abs(line.quantity) * 1.5:.1f}",
    "Currency": lambda line: "EUR",
    "Period": lambda line: f"{line.day:%Y-%m}",
    "Due Date": lambda line: f"{line.day + dt.timedelta(days=30)}",
}
"""Columns that may stand beside: some mean a column of the table, some none."""

WRITE_DAY: Sequence[Callable[[dt.date], Cell]] = (
    lambda day: f"{day}",
    lambda day: f"{day:%d.%m.%Y}",
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day.month}/{day.day}/{day.year}",
    lambda day: f"{day:%d-%m-%Y}",
    lambda day: f"{day:%d.%m.%y}",
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day} 00:00:00",
    lambda day: f"{day.day} {name_month(day, 'en')[:3]} {day.year}",
    lambda day: f"{day.day}-{name_month(day, 'en')[:3]}-{day:%y}",
)
WRITE_MONEY: Sequence[tuple[Money, str]] = (
    (money(), ",;\t|"),
    (money(".", ","), ";\t|"),
    (money(","), ";\t|"),
    (money(",", "."), ";\t|"),
    (money(",", " "), ";\t|"),
    (money(".", "'"), ",;\t"),
    (trail_minus, ";\t|"),
    (lambda cents: "€" + money(".", ",")(cents) if cents >= 0 else f"(€{money('.', ',')(-cents)})", ";\t"),
)
FRAMES = (
    *("", "", ""),
    "Sales report\r\n\r\n",
    "Report;Sales by customer\r\nPeriod;2024-01-01;2024-12-31\r\n\r\n",
    "Contoso Ltd.\r\n\r\n\r\n",
)


@dataclass(frozen=True)
class Mix:
    """What a mixture is made of."""

    lines: list[Line]
    columns: dict[str, Callable[[Line], Cell]]
    words: str
    cost: bool


def build_mixture(seed: int) -> Export:
    """Return the mixture of a seed."""
    chance = random.Random(seed)
    unsigned = chance.random() < 0.2
    lines = build_lines(1000 + seed, credits=unsigned or chance.random() < 0.6)
    write_day, (write_money, marks) = chance.choice(WRITE_DAY), chance.choice(WRITE_MONEY)
    mix = _mix_columns(chance, lines, write_day, write_money, unsigned)
    sep, frame = chance.choice(marks), chance.choice(FRAMES)
    rows: list[Row] = tabulate(lines, mix.columns)
    if chance.random() < 0.3:
        rows = _add_total(rows, lines, mix, write_money)
    encoding = chance.choice(("utf-8", "utf-8-sig", "cp1252", "utf-16"))
    truth, file = sum_sales(lines, mix.cost, False), f"mixture-{seed}"
    if chance.random() < 0.25:
        titles: list[Row] = [[part] for part in frame.splitlines()]
        content = draw_book({chance.choice(("Sheet1", "Export", "Orders", "Tabelle1")): [*titles, *rows]})
        return Export(f"{file}.xlsx", f"{mix.words}, a workbook", "Sales", content, truth, len(lines))
    content = encode_text(rows, sep=sep, encoding=encoding, before=frame)
    shape = f"{mix.words}, {encoding}, {sep!r}, {frame.split(chr(13))[0]!r}"
    return Export(f"{file}.csv", shape, "Sales", content, truth, len(lines))


def _mix_columns(
    chance: random.Random,
    lines: list[Line],
    write_day: Callable[[dt.date], Cell],
    write_money: Money,
    unsigned: bool,
) -> Mix:
    """Return columns of a date, a customer, revenue, perhaps its cost or profit, and of other things, in any order."""
    sized: Callable[[int], int] = abs if unsigned else int
    by_name = chance.random() < 0.3
    day, customer, amount = chance.choice(DATES), chance.choice(CUSTOMERS), chance.choice(AMOUNTS)
    columns: dict[str, Callable[[Line], Cell]] = {
        day: lambda line: write_day(line.day),
        customer: lambda line: line.customer.name if by_name else line.customer.number,
        amount: lambda line: write_money(sized(line.net)),
    }
    given = chance.choice(("cost", "profit", ""))
    if given == "cost":
        columns[chance.choice(COSTS)] = lambda line: write_money(sized(line.cost))
    elif given == "profit":
        columns[chance.choice(PROFITS)] = lambda line: write_money(sized(line.net - line.cost))
    if unsigned:
        sale, back = chance.choice(WORDS)
        columns[chance.choice(KINDS)] = lambda line: back if line.credit else sale
    for name in chance.sample(sorted(OTHERS), chance.randint(0, 6)):
        columns.setdefault(name, OTHERS[name])
    order = list(columns)
    chance.shuffle(order)
    words = f"{day}, {customer}, {amount}, {given or 'no cost'}{', unsigned' * unsigned}, {write_day(lines[0].day)}"
    return Mix(lines, {name: columns[name] for name in order}, words, bool(given))


def _add_total(rows: list[Row], lines: Sequence[Line], mix: Mix, write_money: Money) -> list[Row]:
    """Return the rows with a last one that adds up the amounts, as far as they are signed."""
    header = list(rows[0])
    total: list[Cell] = [""] * len(header)
    amount = next(name for name in header if name in AMOUNTS)
    total[header.index(amount)] = write_money(sum(line.net for line in lines))
    if header[0] != amount:
        total[0] = "Total"
    return [*rows, total]
