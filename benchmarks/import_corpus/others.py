"""Exports of other tables: invoices as the ledger of receivables has them, and logs of work done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from benchmarks.import_corpus.cells import draw_book, encode_text, money
from benchmarks.import_corpus.export import Export, export_bills, export_entries, tabulate
from benchmarks.import_corpus.lines import build_bills, build_entries

BILLS = build_bills()
ENTRIES = build_entries()
COMMA = money(",", ".")


def list_bills() -> Iterator[Export]:
    """Yield lists of invoices and open items."""
    english = tabulate(
        BILLS,
        {
            "Invoice No.": lambda bill: bill.number,
            "Customer No.": lambda bill: bill.customer.number,
            "Customer Name": lambda bill: bill.customer.name,
            "Invoice Date": lambda bill: bill.issued,
            "Due Date": lambda bill: bill.due,
            "Amount": lambda bill: bill.amount / 100,
            "Payment Date": lambda bill: bill.paid,
        },
    )
    yield export_bills(
        "invoices.xlsx",
        "Invoices with due date and payment date",
        BILLS,
        draw_book({"Invoices 2024": english}),
    )
    german = tabulate(
        BILLS,
        {
            "Debitor": lambda bill: bill.customer.number,
            "Name": lambda bill: bill.customer.name,
            "Rechnungsnr.": lambda bill: bill.number,
            "Rechnungsdatum": lambda bill: f"{bill.issued:%d.%m.%Y}",
            "Fälligkeit": lambda bill: f"{bill.due:%d.%m.%Y}",
            "Rechnungsbetrag": lambda bill: COMMA(bill.amount),
            "Ausgleichsdatum": lambda bill: "" if bill.paid is None else f"{bill.paid:%d.%m.%Y}",
        },
    )
    content = encode_text(
        german, sep=";", encoding="cp1252", before="OP-Liste Debitoren\r\nStichtag;31.12.2024\r\n\r\n"
    )
    yield export_bills("op-liste.csv", "German list of items, with a preamble", BILLS, content)
    opened = [bill for bill in BILLS if bill.paid is None]
    finnish = tabulate(
        opened,
        {
            "Asiakas": lambda bill: bill.customer.name,
            "Laskunro": lambda bill: bill.number,
            "Laskupvm": lambda bill: f"{bill.issued.day}.{bill.issued.month}.{bill.issued.year}",
            "Eräpvm": lambda bill: f"{bill.due.day}.{bill.due.month}.{bill.due.year}",
            "Avoinna": lambda bill: money(",", " ")(bill.amount),
        },
    )
    content = encode_text(finnish, sep=";", encoding="utf-8-sig")
    yield export_bills("avoimet.csv", "Finnish list of open items", opened, content)


def clock(minutes: int) -> str:
    """Return a duration as hours and minutes: ``1:35``."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def list_entries() -> Iterator[Export]:
    """Yield logs: visits, tickets, timesheets."""
    visits = tabulate(
        ENTRIES,
        {
            "Date": lambda entry: f"{entry.start:%Y-%m-%d}",
            "Account": lambda entry: entry.customer.name,
            "Activity Type": lambda entry: entry.activity,
            "Owner": lambda entry: entry.person,
            "Duration": lambda entry: clock(entry.minutes),
        },
    )
    yield export_entries(
        "visits.csv", "CRM activities, duration 1:35", ENTRIES, encode_text(visits), timed=True
    )
    minutes = tabulate(
        ENTRIES,
        {
            "Activity ID": lambda entry: ENTRIES.index(entry) + 1,
            "Start": lambda entry: f"{entry.start:%Y-%m-%dT%H:%M:%SZ}",
            "Customer Number": lambda entry: entry.customer.number,
            "Customer Name": lambda entry: entry.customer.name,
            "Type": lambda entry: entry.activity,
            "Duration (min)": lambda entry: entry.minutes,
        },
    )
    yield export_entries(
        "minutes.csv", "CRM activities, minutes said in the header", ENTRIES, encode_text(minutes), timed=True
    )
    tickets = tabulate(
        ENTRIES,
        {
            "Ticket #": lambda entry: 7000 + ENTRIES.index(entry),
            "Created At": lambda entry: f"{entry.start:%Y-%m-%d %H:%M:%S}",
            "Company": lambda entry: entry.customer.name,
            "Subject": lambda entry: f"About {entry.activity.lower()}",
            "Category": lambda entry: entry.activity,
            "Status": lambda entry: "Closed",
            "Agent": lambda entry: entry.person,
        },
    )
    yield export_entries(
        "tickets.csv", "Help desk tickets, one a row", ENTRIES, encode_text(tickets), timed=False
    )
    sheet = tabulate(
        ENTRIES,
        {
            "Datum": lambda entry: dt.date(entry.start.year, entry.start.month, entry.start.day),
            "Mitarbeiter": lambda entry: entry.person,
            "Kunde": lambda entry: entry.customer.name,
            "Tätigkeit": lambda entry: entry.activity,
            "Dauer": lambda entry: dt.timedelta(minutes=entry.minutes),
        },
    )
    yield export_entries(
        "timesheet.xlsx",
        "German timesheet, durations as times of Excel",
        ENTRIES,
        draw_book({"Stundenzettel": sheet}),
        timed=True,
    )
    hours = tabulate(
        ENTRIES,
        {
            "Date": lambda entry: f"{entry.start:%d/%m/%Y}",
            "Client": lambda entry: entry.customer.name,
            "Task": lambda entry: entry.activity,
            "Hours": lambda entry: f"{entry.minutes / 60:.10g}",
            "Billable?": lambda entry: "Yes",
        },
    )
    yield export_entries("hours.csv", "Timesheet with decimal hours", ENTRIES, encode_text(hours), timed=True)


def list_others() -> Iterator[Export]:
    """Yield every export of this file."""
    yield from list_bills()
    yield from list_entries()
