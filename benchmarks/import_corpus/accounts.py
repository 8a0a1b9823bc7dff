"""Exports of book-keeping and merchandise programs of several countries, with statuses, totals and both legs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from benchmarks.import_corpus.cells import Cell, Row, draw_book, encode_text, money
from benchmarks.import_corpus.export import Export, export_bills, export_text, tabulate
from benchmarks.import_corpus.lines import CUSTOMERS, Line, build_bills, build_lines

LINES = build_lines(seed=84)
SOLD = build_lines(seed=85, credits=False)
BILLS = build_bills(seed=86)
PLAIN = money()
COMMA = money(",")
GERMAN = money(",", ".")
GROUPED = money(".", ",")
Columns = Mapping[str, Callable[[Line], Cell]]

JOURNAL = [
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
]  # fmt: skip


def list_accounts() -> Iterator[Export]:
    """Yield exports of book-keeping and merchandise programs."""
    yield from _list_countries()
    yield from _list_statuses()
    yield from _list_amounts()
    yield _export_journal()
    yield _export_customer_report()
    yield from _list_open_items()


def _list_countries() -> Iterator[Export]:
    dutch: Columns = {
        "Factuurdatum": lambda line: f"{line.day:%d-%m-%Y}",
        "Factuurnr.": lambda line: line.invoice,
        "Debiteur": lambda line: line.customer.number,
        "Debiteurnaam": lambda line: line.customer.name,
        "Artikel": lambda line: line.product,
        "Aantal": lambda line: line.quantity,
        "Prijs": lambda line: COMMA(line.price),
        "Korting %": lambda line: line.percent,
        "Bedrag excl. btw": lambda line: COMMA(line.net),
        "Btw": lambda line: COMMA(line.tax),
        "Kostprijs totaal": lambda line: COMMA(line.cost),
    }
    yield export_text(
        "factuurregels.csv",
        "Dutch: price, discount in percent, amount without VAT",
        LINES,
        tabulate(LINES, dutch),
        sep=";",
    )
    norwegian: Columns = {
        "Bilagsdato": lambda line: f"{line.day:%d.%m.%Y}",
        "Bilagstype": lambda line: "Kreditnota" if line.credit else "Faktura",
        "Fakturanr": lambda line: line.invoice,
        "Kundenr": lambda line: line.customer.number,
        "Kundenavn": lambda line: line.customer.name,
        "Netto": lambda line: COMMA(abs(line.net)),
        "Mva": lambda line: COMMA(abs(line.tax)),
        "Brutto": lambda line: COMMA(abs(line.net + line.tax)),
    }
    yield export_text(
        "fakturaliste.csv", "Norwegian: Kreditnota positive, Netto, Mva, Brutto", LINES, tabulate(LINES, norwegian),
        cost=False, sep=";", encoding="cp1252",
    )  # fmt: skip
    danish: Columns = {
        "Dato": lambda line: f"{line.day:%d-%m-%Y}",
        "Kundenr.": lambda line: line.customer.number,
        "Navn": lambda line: line.customer.name,
        "Fakturanr.": lambda line: line.invoice,
        "Beløb ekskl. moms": lambda line: GERMAN(line.net),
        "Moms": lambda line: GERMAN(line.tax),
        "Beløb inkl. moms": lambda line: GERMAN(line.net + line.tax),
        "Dækningsbidrag": lambda line: GERMAN(line.net - line.cost),
    }
    yield export_text(
        "fakturaer.csv",
        "Danish: amount with and without VAT, contribution",
        LINES,
        tabulate(LINES, danish),
        sep=";",
    )
    brazilian: Columns = {
        "Data de emissão": lambda line: f"{line.day:%d/%m/%Y}",
        "Nº da nota": lambda line: line.invoice,
        "Cliente": lambda line: line.customer.name,
        "Quantidade": lambda line: line.quantity,
        "Valor unitário": lambda line: "R$ " + GERMAN(line.price),
        "Desconto": lambda line: "R$ " + GERMAN(line.discount),
        "Valor total": lambda line: "R$ " + GERMAN(line.net),
    }
    yield export_text(
        "notas.csv",
        "Brazilian: R$, unit value, discount, total",
        SOLD,
        tabulate(SOLD, brazilian),
        cost=False,
        sep=";",
    )
    finnish: Columns = {
        "Laskun pvm": lambda line: f"{line.day.day}.{line.day.month}.{line.day.year}",
        "Laskunro": lambda line: line.invoice,
        "Asiakas": lambda line: f"{line.customer.number} {line.customer.name}",
        "Tuote": lambda line: line.product,
        "Määrä": lambda line: line.quantity,
        "Veroton hinta": lambda line: COMMA(line.price),
        "Ale-%": lambda line: line.percent,
        "Yhteensä veroton": lambda line: COMMA(line.net),
        "Yhteensä verollinen": lambda line: COMMA(line.net + line.tax),
        "Kate": lambda line: COMMA(line.net - line.cost),
    }
    yield export_text(
        "laskurivit.csv", "Finnish: number and name in one cell, price, discount, total, margin", LINES,
        tabulate(LINES, finnish), sep=";", encoding="cp1252",
    )  # fmt: skip


def _list_statuses() -> Iterator[Export]:
    rows: list[Row] = [
        ["Datum", "Belegnummer", "Belegart", "Kundennummer", "Firma", "Netto", "USt", "Brutto", "Status"]
    ]
    kept: list[Line] = []
    for place, line in enumerate(LINES):
        status = "storniert" if place % 10 == 3 else "bezahlt" if place % 2 else "offen"
        kept += [line] if status != "storniert" else []
        rows.append(
            [f"{line.day:%d.%m.%Y}", line.invoice, "Gutschrift" if line.credit else "Rechnung", line.customer.number,
             line.customer.name, GERMAN(abs(line.net)), GERMAN(abs(line.tax)), GERMAN(abs(line.net + line.tax)), status]
        )  # fmt: skip
    yield export_text(
        "belege-status.csv",
        "German: cancelled documents under Status",
        kept,
        rows,
        cost=False,
        sep=";",
        encoding="cp1252",
    )
    steady: Columns = {
        "Date": lambda line: f"{line.day}",
        "Customer": lambda line: line.customer.name,
        "Active": lambda line: "N" if line.customer.number in ("10047", "10203") else "Y",
        "Net amount": lambda line: PLAIN(line.net),
    }
    yield export_text(
        "active-customers.csv",
        "Active Y or N of each customer: its sales count",
        LINES,
        tabulate(LINES, steady),
        cost=False,
    )
    mixed: list[Row] = [["Date", "Customer", "Active", "Net amount"]]
    mixed += [
        [f"{line.day}", line.customer.name, "N" if place % 7 == 2 else "Y", PLAIN(line.net)]
        for place, line in enumerate(SOLD)
    ]
    told = export_text(
        "active-rows.csv",
        "Active Y or N of each row: nobody can tell whether N counts",
        SOLD,
        mixed,
        cost=False,
    )
    yield replace(told, undecidable=True)
    tests: list[Row] = [["Order date", "Customer", "Order no", "Amount net"]]
    for place, line in enumerate(SOLD):
        if place % 20 == 0:
            tests.append([f"{line.day}", "TEST Customer", f"T-{place}", "99999.00"])
        tests.append([f"{line.day}", line.customer.name, line.invoice, PLAIN(line.net)])
    told = export_text(
        "with-tests.csv", "Orders of a test customer among the others", SOLD, tests, cost=False
    )
    yield replace(told, undecidable=True)


def _list_amounts() -> Iterator[Export]:
    rated: list[Row] = [["Date", "Customer", "Gross amount", "VAT rate"]]
    lines = [replace(line, price=line.price // 100 * 100, percent=0) for line in SOLD]
    for place, line in enumerate(lines):
        rate = 7 if place % 3 == 0 else 19
        rated.append([f"{line.day}", line.customer.name, PLAIN(line.net * (100 + rate) // 100), f"{rate}%"])
    yield export_text(
        "vat-rate.csv", "Amounts with VAT beside its rate, 7 % and 19 %", lines, rated, cost=False
    )
    plan: Columns = {
        "Month": lambda line: f"{line.day:%Y-%m}",
        "Customer": lambda line: line.customer.name,
        "Budget": lambda line: PLAIN(line.gross + 100_000),
        "Actual": lambda line: PLAIN(line.net),
        "Variance": lambda line: PLAIN(line.net - line.gross - 100_000),
    }
    yield export_text(
        "budget-actual.csv", "Budget, actual and variance", LINES, tabulate(LINES, plan), cost=False
    )
    share: Columns = {
        "Booking date": lambda line: f"{line.day:%d.%m.%Y}",
        "Customer": lambda line: f"{line.customer.number} - {line.customer.name}",
        "Revenue": lambda line: GERMAN(line.net),
        "Share of total": lambda line: COMMA(line.net % 1000) + " %",
        "Revenue YTD": lambda line: GERMAN(line.net * 3),
        "Revenue PY": lambda line: GERMAN(line.net * 2),
    }
    yield export_text(
        "revenue-ytd.csv", "Revenue beside a share, the year to date and the year before", LINES,
        tabulate(LINES, share),
        cost=False, sep=";",
    )  # fmt: skip
    unlike: Columns = {
        "Date": lambda line: f"{line.day}",
        "Customer": lambda line: line.customer.name,
        "Currency": lambda line: "USD" if line.customer.country in ("GB", "IE") else "EUR",
        "Net amount": lambda line: PLAIN(line.net),
    }
    told = export_text(
        "two-currencies.csv", "Two currencies and no rate", LINES, tabulate(LINES, unlike), cost=False
    )
    yield replace(told, undecidable=True)
    rates: Columns = {
        "Invoice date": lambda line: f"{line.day}",
        "Customer": lambda line: line.customer.name,
        "Currency": lambda line: "USD" if line.customer.country in ("GB", "IE") else "EUR",
        "Exchange rate": lambda line: "0.5" if line.customer.country in ("GB", "IE") else "1",
        "Amount": lambda line: PLAIN(line.net * 2 if line.customer.country in ("GB", "IE") else line.net),
        "Amount EUR": lambda line: PLAIN(line.net),
    }
    yield export_text(
        "rate-and-eur.csv",
        "Amount in the document's currency, its rate, and in EUR",
        LINES,
        tabulate(LINES, rates),
        cost=False,
    )


def _export_journal() -> Export:
    rows: list[Row] = [JOURNAL]
    for place, line in enumerate(SOLD):
        day = f"{line.day:%Y%m%d}"
        for account, name, debit, credit in (
            ("411000", "Clients", line.net + line.tax, 0),
            ("707000", "Ventes de marchandises", 0, line.net),
            ("445710", "TVA collectée", 0, line.tax),
        ):
            side = [f"C{line.customer.number}", line.customer.name] if account == "411000" else ["", ""]
            rows.append(
                ["VE", "Ventes", place + 1, day, account, name, *side, line.invoice, day, "Facture", COMMA(debit),
                 COMMA(credit), "", "", day, "", ""]
            )  # fmt: skip
    told = export_text(
        "123456789FEC20241231.txt", "French FEC journal: customer, revenue and tax on three legs", SOLD, rows,
        cost=False, sep="\t",
    )  # fmt: skip
    return replace(told, undecidable=True)


def _export_customer_report() -> Export:
    rows: list[Row] = [["Contoso GmbH"], ["Sales by Customer Detail"], ["January 2024 - December 2024"], []]
    rows.append(["Customer", "Type", "Date", "Document Number", "Quantity", "Amount"])
    ordered = sorted(LINES, key=lambda line: (line.customer.number, line.day))
    for one in CUSTOMERS:
        own = [line for line in ordered if line.customer == one]
        rows.append([f"{one.number} {one.name}"])
        rows += [
            ["", "Credit Memo" if line.credit else "Invoice", f"{line.day:%m/%d/%Y}", line.invoice, line.quantity,
             f"(${GROUPED(-line.net)})" if line.net < 0 else f"${GROUPED(line.net)}"]
            for line in own
        ]  # fmt: skip
        total = sum(line.net for line in own)
        rows.append(
            [
                f"Total - {one.number} {one.name}",
                "",
                "",
                "",
                sum(line.quantity for line in own),
                f"${GROUPED(total)}",
            ]
        )
    rows.append(
        [
            "Total",
            "",
            "",
            "",
            sum(line.quantity for line in ordered),
            f"${GROUPED(sum(line.net for line in ordered))}",
        ]
    )
    return export_text(
        "SalesbyCustomerDetail.csv",
        "Each customer in a row of its own, its total below its lines",
        ordered,
        rows,
        cost=False,
    )


def _list_open_items() -> Iterator[Export]:
    rows: list[Row] = [
        ["Invoice no.", "Customer no.", "Customer", "Invoice date", "Due date", "Amount", "Paid", "Date paid"]
    ]
    for bill in BILLS:
        rows.append(
            [bill.number, bill.customer.number, bill.customer.name, bill.issued, bill.due, bill.amount / 100,
             "Yes" if bill.paid else "No", bill.paid]
        )  # fmt: skip
    yield export_bills(
        "open-items.xlsx", "Invoices: Paid Yes or No beside the day", BILLS, draw_book({"Items": rows})
    )
    german: list[Row] = [
        ["Rechnungsnr", "Debitor", "Belegdatum", "Zahlungsziel", "Betrag", "Ausgleichsdatum"]
    ]
    german += [
        [b.number, b.customer.number, f"{b.issued:%d.%m.%Y}", f"{(b.due - b.issued).days} Tage netto", GERMAN(b.amount),
         f"{b.paid:%d.%m.%Y}" if b.paid else "00.00.0000"]
        for b in BILLS
    ]  # fmt: skip
    yield export_bills(
        "offene-posten.csv",
        "Invoices: terms in days, 00.00.0000 where nothing was paid",
        BILLS,
        encode_text(german, sep=";"),
    )
