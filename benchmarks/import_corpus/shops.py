"""Exports of shops, payment services, ledgers and sales tools, with the columns that their public formats have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from benchmarks.import_corpus.cells import Cell, Row, encode_text, money
from benchmarks.import_corpus.export import Export, export_entries, export_text, tabulate
from benchmarks.import_corpus.lines import Entry, Line, build_entries, build_lines, sum_sales

SALES = build_lines(seed=71, credits=False)
LINES = build_lines(seed=72)
ENTRIES = build_entries(seed=73)
PLAIN = money()
COMMA = money(",")
SHIPPING = 500
"""What each order of a shop pays for its shipping, in cents, without tax."""

SHOP = [
    "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Accepts Marketing", "Currency", "Subtotal",
    "Shipping", "Taxes", "Total", "Discount Code", "Discount Amount", "Shipping Method", "Created at", "Billing Name",
    "Billing Company", "Refunded Amount",
]  # fmt: skip
PAYMENTS = [
    "id", "Description", "Created date (UTC)", "Amount", "Amount Refunded", "Currency", "Captured", "Fee", "Status",
    "Customer ID", "Customer Email", "Card Last4",
]  # fmt: skip
ACCOUNTING = [
    "ContactName", "EmailAddress", "InvoiceNumber", "Reference", "InvoiceDate", "DueDate", "Total", "TaxTotal",
    "InvoiceAmountPaid", "InvoiceAmountDue", "InventoryItemCode", "Description", "Quantity", "UnitAmount", "Discount",
    "LineAmount", "AccountCode", "TaxType", "TaxAmount", "Currency", "Type", "Sent", "Status",
]  # fmt: skip


def list_shops() -> Iterator[Export]:
    """Yield exports of web shops, payments, ledgers, sales tools, work logs and help desks."""
    yield from _list_shops()
    yield from _list_ledgers()
    yield from _list_stages()
    yield from _list_work()


def _list_shops() -> Iterator[Export]:
    rows: list[Row] = [SHOP]
    for place, line in enumerate(SALES):
        refunded = line.net + SHIPPING + (line.net + SHIPPING) // 4 if place % 9 == 4 else 0
        rows.append(_write_shop_order(place, line, refunded))
    kept = [line for place, line in enumerate(SALES) if place % 9 != 4]
    yield Export(
        "orders_export_1.csv", "Web shop: subtotal, shipping, taxes, total; refunds of whole orders with their tax",
        "Sales", encode_text(rows), sum_sales(kept, False, False), len(SALES), undecidable=False,
    )  # fmt: skip
    cart = tabulate(
        SALES,
        {
            "order_number": lambda line: line.invoice[1:],
            "order_date": lambda line: f"{line.day} 10:12:00",
            "status": lambda line: "completed",
            "billing_company": lambda line: line.customer.name,
            "cart_subtotal": lambda line: PLAIN(line.gross),
            "cart_discount": lambda line: PLAIN(line.discount),
            "order_subtotal": lambda line: PLAIN(line.net),
            "shipping_total": lambda line: PLAIN(SHIPPING),
            "order_total_tax": lambda line: PLAIN((line.net + SHIPPING) // 4),
            "order_total": lambda line: PLAIN(line.net + SHIPPING + (line.net + SHIPPING) // 4),
        },
    )
    yield export_text(
        "woo-orders.csv", "Web shop: cart subtotal and discount, order total", SALES, cart, cost=False
    )
    paid: list[Row] = [PAYMENTS]
    taken: list[Line] = []
    for place, line in enumerate(SALES):
        status = "Failed" if place % 11 == 3 else "Refunded" if place % 11 == 7 else "Paid"
        paid.append(_write_payment(place, line, status))
        taken += [line] if status == "Paid" else []
    yield export_text(
        "unified_payments.csv", "Payments: refunds in a column, failed ones", taken, paid, cost=False
    )


def _write_shop_order(place: int, line: Line, refunded: int) -> list[Cell]:
    tax = (line.net + SHIPPING) // 4
    at = f"{line.day} 11:05:09 +0100"
    status = "refunded" if refunded else "paid"
    return [
        f"#{1001 + place}", f"buyer@{line.customer.number}.test", status, at, "fulfilled", "no", "EUR", PLAIN(line.net),
        PLAIN(SHIPPING), PLAIN(tax), PLAIN(line.net + SHIPPING + tax), "", "0.00", "Standard", at, line.customer.name,
        "", PLAIN(refunded),
    ]  # fmt: skip


def _write_payment(place: int, line: Line, status: str) -> list[Cell]:
    back = line.net if status == "Refunded" else 0
    return [
        f"ch_{place:06d}", f"Invoice {line.invoice}", f"{line.day} 09:30:00", PLAIN(line.net), PLAIN(back), "eur",
        "true", PLAIN(line.net // 50), status, line.customer.number, f"pay@{line.customer.number}.test", "4242",
    ]  # fmt: skip


def _list_ledgers() -> Iterator[Export]:
    rows: list[Row] = [ACCOUNTING]
    for one, other in pairwise(SALES[::2]):
        pair = (one, other)
        net = sum(line.net for line in pair)
        rows += [
            [one.customer.name, "", one.invoice, "", f"{one.day:%d/%m/%Y}", "30/12/2024", PLAIN(net + net // 4),
             PLAIN(net // 4), "0.00", PLAIN(net + net // 4), line.product, "Goods", line.quantity, PLAIN(line.price),
             line.percent or "", PLAIN(line.net), 200, "OUTPUT", PLAIN(line.tax), "EUR", "Sales invoice",
             "Sent", "Awaiting Payment"]
            for line in pair
        ]  # fmt: skip
    lines = [
        Line(
            one.day,
            one.customer,
            one.invoice,
            line.product,
            line.quantity,
            line.price,
            line.percent,
            line.unit_cost,
        )
        for one, other in pairwise(SALES[::2])
        for line in (one, other)
    ]
    yield export_text(
        "accounting-invoices.csv", "Invoice lines with the invoice's total on each", lines, rows, cost=False
    )
    activity = tabulate(
        LINES,
        {
            "No.": lambda line: line.invoice[1:],
            "Type": lambda line: "SC" if line.credit else "SI",
            "Account": lambda line: line.customer.number,
            "Date": lambda line: f"{line.day:%d/%m/%Y}",
            "Details": lambda line: "Credit" if line.credit else "Goods",
            "Net": lambda line: PLAIN(abs(line.net)),
            "Tax": lambda line: PLAIN(abs(line.tax)),
            "Gross": lambda line: PLAIN(abs(line.net) + abs(line.tax)),
        },
    )
    yield export_text(
        "customer-activity.csv", "British ledger: SI and SC, no signs", LINES, activity, cost=False
    )
    transactions = tabulate(
        LINES,
        {
            "Type": lambda line: "Credit Memo" if line.credit else "Invoice",
            "Date": lambda line: f"{line.day.month}/{line.day.day}/{line.day.year}",
            "Document Number": lambda line: line.invoice,
            "Name": lambda line: f"{line.customer.number} {line.customer.name}",
            "Item": lambda line: line.product,
            "Quantity": lambda line: line.quantity,
            "Amount (Net)": lambda line: PLAIN(line.net),
            "Amount (Tax)": lambda line: PLAIN(line.tax),
            "Amount (Gross)": lambda line: PLAIN(line.net + line.tax),
            "Est. Extended Cost (Line)": lambda line: PLAIN(line.cost),
        },
    )
    yield export_text(
        "transactions-search.csv", "Transactions: amounts net, tax and gross in brackets", LINES, transactions
    )
    yield _export_fortnox()
    yield _export_both_legs()


def _export_fortnox() -> Export:
    rows: list[Row] = [
        [
            "Fakturanr",
            "Kundnr",
            "Kundnamn",
            "Fakturadatum",
            "Förfallodatum",
            "Netto",
            "Moms",
            "Att betala",
            "Saldo",
            "Makulerad",
        ]
    ]
    for place, line in enumerate(SALES):
        number = line.customer.number
        gross = COMMA(line.net + line.tax)
        rows.append(
            [
                line.invoice,
                number,
                line.customer.name,
                f"{line.day}",
                "2024-12-30",
                COMMA(line.net),
                COMMA(line.tax),
                gross,
                "0,00",
                "Ja" if place % 13 == 5 else "Nej",
            ]
        )
    kept = [line for place, line in enumerate(SALES) if place % 13 != 5]
    return export_text(
        "kundreskontra.csv",
        "Swedish ledger: net, tax, to pay, annulled ones",
        kept,
        rows,
        cost=False,
        sep=";",
    )


def _export_both_legs() -> Export:
    rows: list[Row] = [["Buchungsdatum", "Belegnummer", "Konto", "Debitor", "Betrag"]]
    for line in LINES:
        day, number = f"{line.day:%d.%m.%Y}", line.customer.number
        rows.append([day, line.invoice, "1400", number, COMMA(line.net)])
        rows.append([day, line.invoice, "8400", number, COMMA(-line.net)])
    told = export_text(
        "journal.csv", "German journal: both legs of each booking", LINES, rows, cost=False, sep=";"
    )
    return Export(told.file, told.shape, "Sales", told.content, told.truth, len(LINES), undecidable=True)


def _list_stages() -> Iterator[Export]:
    rows: list[Row] = [["Doc Type", "Date", "Customer", "Doc No", "Net Total"]]
    for place, line in enumerate(SALES):
        stages = ("Quote", "Order", "Invoice") if place % 3 else ("Order", "Invoice")
        rows += [
            [s, f"{line.day}", line.customer.name, f"{s[:2].upper()}-{place}", PLAIN(line.net)]
            for s in stages
        ]
    yield export_text("sales-documents.csv", "Quote, order and invoice of each sale", SALES, rows, cost=False)
    german: list[Row] = [["Belegart", "Belegdatum", "Belegnr", "Kunde", "Betrag netto"]]
    for place, line in enumerate(LINES):
        if not line.credit:
            german.append(
                [
                    "Auftragsbestätigung",
                    f"{line.day:%d.%m.%Y}",
                    f"AB{place}",
                    line.customer.name,
                    COMMA(line.net),
                ]
            )
            german.append(
                ["Lieferschein", f"{line.day:%d.%m.%Y}", f"LS{place}", line.customer.name, COMMA(line.net)]
            )
        kind = "Gutschrift" if line.credit else "Rechnung"
        german.append([kind, f"{line.day:%d.%m.%Y}", f"RE{place}", line.customer.name, COMMA(abs(line.net))])
    yield export_text(
        "belegliste.csv",
        "German: order, delivery note and invoice of each sale",
        LINES,
        german,
        cost=False,
        sep=";",
    )
    polish: list[Row] = [["Typ dokumentu", "Data wystawienia", "Nabywca", "Numer", "Wartość netto"]]
    for place, line in enumerate(SALES):
        if place % 4 == 1:
            polish.append(["Proforma", f"{line.day}", line.customer.name, f"PRO/{place}", COMMA(line.net)])
        polish.append(["Faktura", f"{line.day}", line.customer.name, f"FV/{place}", COMMA(line.net)])
    yield export_text(
        "faktury.csv", "Polish: pro formas among the invoices", SALES, polish, cost=False, sep=";"
    )
    deals: list[Row] = [
        ["Record ID", "Deal Name", "Deal Stage", "Close Date", "Amount", "Associated Company", "Pipeline"]
    ]
    won: list[Line] = []
    for place, line in enumerate(SALES):
        stage = ("Closed Won", "Closed Lost", "Closed Won", "Negotiation")[place % 4]
        deals.append(
            [
                90_000 + place,
                f"Deal {place}",
                stage,
                f"{line.day} 12:00",
                PLAIN(line.net),
                line.customer.name,
                "Sales",
            ]
        )
        won += [line] if stage == "Closed Won" else []
    yield export_text("deals.csv", "Deals: won, lost and open ones", won, deals, cost=False)


def _list_work() -> Iterator[Export]:
    worklog = tabulate(
        ENTRIES,
        {
            "Issue Key": lambda entry: "SUP-12",
            "Issue summary": lambda entry: f"{entry.activity} for {entry.customer.name}",
            "Hours": lambda entry: f"{entry.minutes / 60:.6f}",
            "Work date": lambda entry: f"{entry.start:%Y-%m-%d %H:%M}",
            "Full name": lambda entry: entry.person,
            "Account Name": lambda entry: entry.customer.name,
            "Activity Name": lambda entry: entry.activity,
        },
    )
    yield export_entries(
        "worklog.csv", "Worklog of an issue tracker", ENTRIES, encode_text(worklog), timed=True
    )
    desk = tabulate(
        ENTRIES,
        {
            "Ticket ID": lambda entry: f"{entry.start:%m%d%H}{entry.minutes}",
            "Subject": lambda entry: "Help",
            "Status": lambda entry: "Closed",
            "Priority": lambda entry: "Low",
            "Type": lambda entry: entry.activity,
            "Agent": lambda entry: entry.person,
            "Created time": lambda entry: f"{entry.start:%Y-%m-%d %H:%M:%S}",
            "Due by Time": lambda entry: "2024-12-31 17:00:00",
            "Time tracked": lambda entry: f"{entry.minutes // 60:02d}:{entry.minutes % 60:02d}",
            "Company": lambda entry: entry.customer.name,
        },
    )
    yield export_entries(
        "freshdesk.csv", "Help desk tickets with the time tracked", ENTRIES, encode_text(desk), timed=True
    )
    yield _export_week("timesheet-week.csv", "English", ENTRIES)
    yield _export_week("stundenzettel.csv", "German", ENTRIES)


_WEEKS = {
    "English": ["Employee", "Week starting", "Client", "Task", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun",
                "Total hours"],
    "German": ["Mitarbeiter", "Woche ab", "Kunde", "Tätigkeit", "Mo", "Di", "Mi", "Do", "Fr", "Sa", "So", "Summe"],
}  # fmt: skip


def _export_week(file: str, language: str, entries: Sequence[Entry]) -> Export:
    """Return a timesheet with a column for each day of the week."""
    rows: list[Row] = [_WEEKS[language]]
    for entry in entries:
        monday = entry.start.toordinal() - entry.start.weekday()
        week = entry.start.replace(day=1).fromordinal(monday)
        hours = f"{entry.minutes / 60:.4f}"
        text = hours if language == "English" else hours.replace(".", ",")
        days = [text if at == entry.start.weekday() else "" for at in range(7)]
        start = f"{week:%Y-%m-%d}" if language == "English" else f"{week:%d.%m.%Y}"
        rows.append([entry.person, start, entry.customer.name, entry.activity, *days, text])
    content = encode_text(rows, sep="," if language == "English" else ";")
    return export_entries(
        file, f"{language} timesheet, a column for each weekday", entries, content, timed=True
    )
