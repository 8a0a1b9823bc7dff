"""Exports as named systems write them, made after their public format descriptions. Each has a ready-made profile.

Sources: DATEV, format "Buchungsstapel" (developer.datev.de); Microsoft, table 21 "Cust. Ledger Entry"; Intuit, report
"Sales by Customer Detail"; Odoo, export of account.move; Netvisor, resource salesinvoice.nv, whose fields are given in
Finnish; Zendesk, CSV export of tickets; Toggl Track, detailed report. A list of SAP is what "List > Save > Local
file, unconverted" makes of an ALV report.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from benchmarks.import_corpus.cells import Cell, Row, draw_book, encode_text, money, trail_minus
from benchmarks.import_corpus.export import Export, export_entries, tabulate
from benchmarks.import_corpus.lines import (
    CUSTOMERS,
    Customer,
    Line,
    build_entries,
    build_lines,
    sum_sales,
)

LINES = build_lines(seed=51)
ENTRIES = build_entries(seed=52)
PLAIN = money()
GROUPED = money(".", ",")

DATEV = [
    "Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs", "Basis-Umsatz",
    "WKZ Basis-Umsatz", "Konto", "Gegenkonto (ohne BU-Schlüssel)", "BU-Schlüssel", "Belegdatum",
    "Belegfeld 1", "Belegfeld 2", "Skonto", "Buchungstext",
]  # fmt: skip
LEDGER_ENTRIES = [
    "Posting Date", "Document Type", "Document No.", "Customer No.", "Customer Name", "Description",
    "Currency Code", "Original Amount", "Amount", "Amount (LCY)", "Remaining Amount",
    "Remaining Amt. (LCY)", "Due Date", "Sales (LCY)", "Profit (LCY)", "Open", "Closed at Date",
    "Entry No.",
]  # fmt: skip
MOVES = [
    "Number", "Invoice Partner Display Name", "Invoice/Bill Date", "Due Date", "Type", "Status",
    "Untaxed Amount Signed", "Invoice lines/Product", "Invoice lines/Quantity", "Invoice lines/Unit Price",
    "Invoice lines/Discount (%)", "Invoice lines/Subtotal",
]  # fmt: skip
TICKETS = [
    "Summation column", "Id", "Requester", "Requester id", "Requester external id", "Requester email",
    "Requester domain", "Submitter", "Assignee", "Group", "Subject", "Tags", "Status", "Priority", "Via",
    "Ticket type", "Created at", "Updated at", "Assigned at", "Organization", "Due date",
    "Initially assigned at", "Solved at", "Resolution time", "Satisfaction Score", "Group stations",
    "Assignee stations", "Reopens", "Replies", "First reply time in minutes",
    "First reply time in minutes within business hours", "First resolution time in minutes",
    "First resolution time in minutes within business hours", "Full resolution time in minutes",
    "Full resolution time in minutes within business hours", "Agent wait time in minutes",
    "Requester wait time in minutes", "On hold time in minutes",
]  # fmt: skip


def list_systems() -> Iterator[Export]:
    """Yield the exports of the eight systems."""
    yield export_datev()
    yield export_sap()
    yield export_business_central()
    yield export_odoo()
    yield export_quickbooks()
    yield export_netvisor()
    yield export_zendesk()
    yield export_toggl()


def export_datev() -> Export:
    """Return a booking batch: sales with 19 % tax in them (account 8400), the year only in the first line."""
    head = (
        '"EXTF";700;21;"Buchungsstapel";13;20250107083000000;;"RE";"anna";"";1001;10;20240101;4;20240101;20241231;'
        '"Ausgangsrechnungen 2024";"AB";1;0;0;"EUR";;"";;;"03";;;"";""\r\n'
    )
    # Net amounts of whole euros, so that 19 % are whole cents and the net can be had again exactly.
    lines = [replace(line, price=line.price // 100 * 100, percent=0) for line in LINES]
    rows: list[Row] = [DATEV]
    for place, line in enumerate(lines):
        gross = abs(line.net) * 119 // 100
        side = "H" if line.credit else "S"
        debtor, day, text = line.customer.number, f"{line.day:%d%m}", f"{line.customer.name}"[:60]
        rows.append(
            [money(",")(gross), side, "EUR", "", "", "", debtor, "8400", "", day, line.invoice, "", "", text]
        )
        if place % 5 == 0:
            # What was paid is in the same batch: the bank against the debtor.
            rows.append(
                [
                    money(",")(gross),
                    "S",
                    "EUR",
                    "",
                    "",
                    "",
                    "1200",
                    debtor,
                    "",
                    day,
                    line.invoice,
                    "",
                    "",
                    "Zahlung",
                ]
            )
    content = encode_text(rows, sep=";", encoding="cp1252", before=head)
    return Export(
        "EXTF_Buchungsstapel.csv",
        "DATEV booking batch",
        "Sales",
        content,
        sum_sales(lines, False, False),
        len(lines),
        profile="datev",
    )


def export_sap() -> Export:
    """Return an ALV list saved unconverted: columns between pipes, subtotals and the total marked with stars."""
    widths = (10, 10, 24, 10, 10, 9, 16, 5, 16)
    titles = (
        "Fakt.datum",
        "Auftraggeb",
        "Name 1",
        "Faktura",
        "Material",
        "Fak.Menge",
        "Nettowert",
        "Währg",
        "Verr.wert",
    )
    right = (5, 6, 8)

    def pack(cells: list[str]) -> str:
        fitted = [
            cell[:width].rjust(width) if place in right else cell[:width].ljust(width)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return "|" + "|".join(fitted) + "|"

    def pack_total(stars: str, customer: str, lines: list[Line]) -> str:
        net, cost = (
            trail_minus(sum(line.net for line in lines)),
            trail_minus(sum(line.cost for line in lines)),
        )
        return pack([stars, customer, "", "", "", "", net, "EUR", cost])

    rule = "-" * (sum(widths) + len(widths) + 1)
    out = [
        "07.01.2025" + "Dynamische Listenausgabe".center(90) + "1",
        rule,
        "Fakturen je Auftraggeber",
        "",
        rule,
    ]
    out += [pack(list(titles)), rule]
    for customer in CUSTOMERS:
        own = [line for line in LINES if line.customer == customer]
        for line in own:
            amounts = [
                str(abs(line.quantity)) + "-" * line.credit,
                trail_minus(line.net),
                "EUR",
                trail_minus(line.cost),
            ]
            out.append(
                pack(
                    [
                        f"{line.day:%d.%m.%Y}",
                        customer.number,
                        customer.name,
                        line.invoice,
                        line.product,
                        *amounts,
                    ]
                )
            )
        out += [rule, pack_total("*", customer.number, own), rule]
    out += [pack_total("**", "", list(LINES)), rule]
    content = ("\r\n".join(out) + "\r\n").encode("cp1252")
    return Export(
        "sap-liste.txt",
        "SAP list (ALV), saved unconverted",
        "Sales",
        content,
        sum_sales(LINES, True, False),
        len(LINES),
        profile="sap-list",
    )


def export_business_central() -> Export:
    """Return the customer ledger entries: sales and profit in local currency, payments among them."""
    rows: list[Row] = [LEDGER_ENTRIES]
    for place, line in enumerate(LINES):
        due, total = line.day + dt.timedelta(days=30), (line.net + line.tax) / 100
        kind, who = "Credit Memo" if line.credit else "Invoice", (line.customer.number, line.customer.name)
        sales: Row = [line.net / 100, (line.net - line.cost) / 100]
        rows.append(
            [
                line.day,
                kind,
                line.invoice,
                *who,
                f"{kind} {line.invoice}",
                "",
                total,
                total,
                total,
                0,
                0,
                due,
                *sales,
                "No",
                due,
                2 * place + 1,
            ]
        )
        if not line.credit:
            rows.append(
                [
                    due,
                    "Payment",
                    f"G{place}",
                    *who,
                    f"Payment {line.invoice}",
                    "",
                    -total,
                    -total,
                    -total,
                    0,
                    0,
                    due,
                    0,
                    0,
                    "No",
                    due,
                    2 * place + 2,
                ]
            )
    content = draw_book({"Customer Ledger Entries": rows})
    return Export(
        "customer-ledger-entries.xlsx",
        "Business Central customer ledger entries",
        "Sales",
        content,
        sum_sales(LINES, True, False),
        len(LINES),
        profile="business-central",
    )


def export_odoo() -> Export:
    """Return invoices with their lines: the invoice's own cells only beside its first line, credit notes positive."""
    rows: list[Row] = [MOVES]
    for place, line in enumerate(LINES):
        kind = "Customer Credit Note" if line.credit else "Customer Invoice"
        halves = [abs(line.net) // 2, abs(line.net) - abs(line.net) // 2]
        detail: list[Row] = [
            [line.product, abs(line.quantity) / 2, PLAIN(line.price), line.percent, PLAIN(half)]
            for half in halves
        ]
        head: Row = [
            f"INV/2024/{place:05d}",
            line.customer.name,
            f"{line.day}",
            f"{line.day + dt.timedelta(days=30)}",
            kind,
            "Posted",
            PLAIN(line.net),
        ]
        rows += [[*head, *detail[0]], [*[""] * len(head), *detail[1]]]
    content = encode_text(rows)
    return Export(
        "account.move.csv",
        "Odoo invoices with their lines",
        "Sales",
        content,
        sum_sales(LINES, False, False),
        2 * len(LINES),
        profile="odoo",
    )


def export_quickbooks() -> Export:
    """Return the report Sales by Customer Detail: a heading and a total for each customer, a running balance."""
    rows: list[Row] = [
        ["Sales by Customer Detail"],
        ["Contoso Inc."],
        ["January - December 2024"],
        [],
        [
            "",
            "Date",
            "Transaction Type",
            "Num",
            "Product/Service",
            "Memo/Description",
            "Qty",
            "Sales Price",
            "Amount",
            "Balance",
        ],
    ]
    for customer in CUSTOMERS:
        balance = 0
        rows.append([customer.name])
        own = [line for line in LINES if line.customer == customer]
        for line in own:
            balance += line.net
            kind = "Credit Memo" if line.credit else "Invoice"
            rows.append(
                [
                    "",
                    f"{line.day:%m/%d/%Y}",
                    kind,
                    line.invoice[1:],
                    line.product,
                    f"{line.product}, delivered",
                    f"{line.quantity:.2f}",
                    GROUPED(line.net // line.quantity),
                    GROUPED(line.net),
                    GROUPED(balance),
                ]
            )
        quantity = sum(line.quantity for line in own)
        rows.append([f"Total for {customer.name}", *[""] * 5, f"{quantity:.2f}", "", "$" + GROUPED(balance)])
    total, pieces = sum(line.net for line in LINES), sum(line.quantity for line in LINES)
    rows += [
        ["TOTAL", *[""] * 5, f"{pieces:.2f}", "", "$" + GROUPED(total)],
        [],
        [],
        ["Tuesday, Jan 07, 2025 08:30:00 AM GMT-8 - Accrual Basis"],
    ]
    return Export(
        "sales-by-customer-detail.csv",
        "QuickBooks Sales by Customer Detail",
        "Sales",
        encode_text(rows),
        sum_sales(LINES, False, False),
        len(LINES),
        profile="quickbooks",
    )


def export_netvisor() -> Export:
    """Return lines of sales invoices in Finnish; a credit note has a negative quantity and sum, and its price."""
    rows = tabulate(
        LINES,
        {
            "Laskunumero": lambda line: line.invoice[1:],
            "Laskun päivä": lambda line: f"{line.day.day}.{line.day.month}.{line.day.year}",
            "Eräpäivä": lambda line: (
                f"{(due := line.day + dt.timedelta(days=14)).day}.{due.month}.{due.year}"
            ),
            "Asiakaskoodi": lambda line: line.customer.number,
            "Asiakkaan nimi": lambda line: line.customer.name,
            "Laskun tila": lambda line: "Maksettu",
            "Tuotekoodi": lambda line: line.product,
            "Tuotteen nimi": lambda line: f"Tuote {line.product}",
            "Määrä": lambda line: line.quantity,
            "Yksikköhinta": lambda line: money(",")(line.price),
            "Alennus-%": lambda line: line.percent,
            "ALV-%": lambda line: "25,5",
            "ALV": lambda line: money(",", " ")(line.net * 255 // 1000),
            "Rivisumma (veroton)": lambda line: money(",", " ")(line.net),
            "Rivisumma (verollinen)": lambda line: money(",", " ")(line.net + line.net * 255 // 1000),
        },
    )
    content = encode_text(rows, sep=";", encoding="utf-8-sig")
    return Export(
        "netvisor-laskurivit.csv",
        "Netvisor lines of sales invoices",
        "Sales",
        content,
        sum_sales(LINES, False, False),
        len(LINES),
        profile="netvisor",
    )


def export_zendesk() -> Export:
    """Return the tickets with their metrics: times to reply and to resolve are no effort, so that each counts once."""
    kinds = dict(
        zip(
            ("Visit", "Phone call", "Complaint", "Installation"),
            ("Task", "Question", "Problem", "Incident"),
            strict=True,
        )
    )
    tickets = [replace(entry, activity=kinds[entry.activity]) for entry in ENTRIES]
    rows: list[Row] = [TICKETS]
    for place, entry in enumerate(tickets):
        at = [
            f"{entry.start + dt.timedelta(minutes=n):%Y-%m-%d %H:%M}"
            for n in (0, entry.minutes + 9, 4, entry.minutes)
        ]
        filled: dict[str, Cell] = {
            "Summation column": 1,
            "Id": 40_000 + place,
            "Requester": f"Contact {place % 17}",
            "Requester id": 900 + place % 17,
            "Requester email": f"contact{place % 17}@example.com",
            "Requester domain": "example.com",
            "Submitter": entry.person,
            "Assignee": entry.person,
            "Group": "Support",
            "Subject": "Help, please",
            "Status": "Closed",
            "Priority": "Normal",
            "Via": "Mail",
            "Ticket type": entry.activity,
            "Created at": at[0],
            "Updated at": at[1],
            "Assigned at": at[2],
            "Organization": entry.customer.name,
            "Initially assigned at": at[2],
            "Solved at": at[3],
            "Resolution time": entry.minutes // 60,
            "Satisfaction Score": "Not Offered",
            "Replies": place % 4,
            "First reply time in minutes": 7,
            "Full resolution time in minutes": entry.minutes,
        }
        rows.append([filled.get(name, "") for name in TICKETS])
    return export_entries(
        "zendesk-tickets.csv", "Zendesk tickets", tickets, encode_text(rows), timed=False, profile="zendesk"
    )


def export_toggl() -> Export:
    """Return the detailed report: durations as 01:35:00, the kind of work in Task."""
    mail = {entry.person: entry.person.split()[0].lower() + "@example.com" for entry in ENTRIES}

    def name_project(customer: Customer) -> str:
        return f"{customer.city} {customer.number}"

    rows = tabulate(
        ENTRIES,
        {
            "User": lambda entry: entry.person,
            "Email": lambda entry: mail[entry.person],
            "Client": lambda entry: entry.customer.name,
            "Project": lambda entry: name_project(entry.customer),
            "Task": lambda entry: entry.activity,
            "Description": lambda entry: f"{entry.activity} at {entry.start:%H:%M}",
            "Billable": lambda entry: "Yes",
            "Start date": lambda entry: f"{entry.start:%Y-%m-%d}",
            "Start time": lambda entry: f"{entry.start:%H:%M:%S}",
            "End date": lambda entry: f"{entry.start + dt.timedelta(minutes=entry.minutes):%Y-%m-%d}",
            "End time": lambda entry: f"{entry.start + dt.timedelta(minutes=entry.minutes):%H:%M:%S}",
            "Duration": lambda entry: f"{entry.minutes // 60:02d}:{entry.minutes % 60:02d}:00",
            "Tags": lambda entry: "",
            "Amount (EUR)": lambda entry: PLAIN(entry.minutes * 150),
        },
    )
    content = encode_text(rows, encoding="utf-8-sig")
    return export_entries(
        "Toggl_time_entries.csv", "Toggl detailed report", ENTRIES, content, timed=True, profile="toggl"
    )
