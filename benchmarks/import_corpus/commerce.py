"""Exports of shops, tills, payment services and sales tools, in the columns that these programs write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from benchmarks.import_corpus.cells import Row, encode_text, money
from benchmarks.import_corpus.export import Export, export_entries, export_text, tabulate
from benchmarks.import_corpus.lines import Line, build_entries, build_lines

SOLD = build_lines(seed=81, credits=False)
FLAT = [replace(line, percent=0) for line in SOLD]
LINES = build_lines(seed=82)
ENTRIES = build_entries(seed=83)
PLAIN = money()
GROUPED = money(".", ",")

SHOP = [
    "Name", "Email", "Financial Status", "Paid at", "Currency", "Subtotal", "Shipping", "Taxes", "Total",
    "Discount Amount", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku",
    "Billing Name", "Cancelled at", "Refunded Amount", "Vendor",
]  # fmt: skip
SALES_INVOICES = [
    "ContactName", "EmailAddress", "InvoiceNumber", "Reference", "InvoiceDate", "DueDate", "Total",
    "InvoiceAmountPaid", "InvoiceAmountDue", "InventoryItemCode", "Description", "Quantity", "UnitAmount",
    "Discount", "LineAmount", "AccountCode", "TaxType", "TaxAmount", "Currency", "Type", "Sent", "Status",
]  # fmt: skip


def list_commerce() -> Iterator[Export]:
    """Yield exports of shops, payments, sales tools and of accounts kept on the web."""
    yield _export_shop_lines()
    yield _export_cancelled_orders()
    yield _export_balance()
    yield _export_settlement()
    yield _export_till()
    yield _export_market()
    yield from _list_deals()
    yield from _list_web_invoices()
    yield from _list_times()
    yield _export_cents()


def _export_shop_lines() -> Export:
    rows: list[Row] = [SHOP]
    ordered = sorted(FLAT, key=lambda line: (line.day, line.customer.number))
    for place, (_key, group) in enumerate(groupby(ordered, lambda line: (line.day, line.customer))):
        lines = list(group)
        net = sum(line.net for line in lines)
        for at, line in enumerate(lines):
            item: Row = [line.quantity, f"Item {line.product}", PLAIN(line.price), line.product]
            when = f"{line.day} 11:05:09 +0100"
            if at:
                rows.append(
                    [f"#{1001 + place}", f"b@{line.customer.number}.test", *[""] * 8, when, *item, *[""] * 4]
                )
                continue
            total = [PLAIN(net), "5.00", PLAIN(net // 4), PLAIN(net + net // 4 + 500), "0.00"]
            rows.append(
                [f"#{1001 + place}", f"b@{line.customer.number}.test", "paid", when, "EUR", *total, when, *item,
                 line.customer.name, "", "0.00", "Own"]
            )  # fmt: skip
    return export_text(
        "orders_export_lines.csv",
        "Web shop: the order's amounts on its first line alone",
        ordered,
        rows,
        cost=False,
    )


def _export_cancelled_orders() -> Export:
    rows: list[Row] = [
        ["Order ID", "Order Date", "Order Status", "Customer Name", "Payment Method", "Order Subtotal", "Order Tax",
         "Order Shipping", "Order Total"]
    ]  # fmt: skip
    kept: list[Line] = []
    for place, line in enumerate(SOLD):
        status = {3: "cancelled", 7: "failed", 9: "trash"}.get(
            place % 12, "completed" if place % 2 else "processing"
        )
        kept += [line] if status in ("completed", "processing") else []
        tax = line.net // 4
        rows.append(
            [7000 + place, f"{line.day} 08:15", status, line.customer.name, "card", PLAIN(line.net), PLAIN(tax),
             "6.00", PLAIN(line.net + tax + 600)]
        )  # fmt: skip
    return export_text(
        "orders-status.csv", "Web shop: cancelled, failed and deleted orders", kept, rows, cost=False
    )


def _export_balance() -> Export:
    rows: list[Row] = [
        [
            "id",
            "Type",
            "Source",
            "Amount",
            "Fee",
            "Net",
            "Currency",
            "Created (UTC)",
            "Customer Name",
            "Description",
        ]
    ]
    for place, line in enumerate(LINES):
        kind = "refund" if line.credit else "charge"
        fee = 0 if line.credit else line.net // 50
        at = f"{line.day} 09:30"
        rows.append(
            [f"txn_{place:05d}", kind, f"ch_{place:05d}", PLAIN(line.net), PLAIN(fee), PLAIN(line.net - fee), "eur", at,
             line.customer.name, f"Invoice {line.invoice}"]
        )  # fmt: skip
        if place % 10 == 9:
            out = -sum(one.net - one.net // 50 for one in LINES[place - 9 : place + 1])
            rows.append(
                [
                    f"txn_p{place}",
                    "payout",
                    f"po_{place}",
                    PLAIN(out),
                    "0.00",
                    PLAIN(out),
                    "eur",
                    at,
                    "",
                    "PAYOUT",
                ]
            )
    return export_text(
        "balance_history.csv", "Payments: charges, refunds and payouts in one column", LINES, rows, cost=False
    )


def _export_settlement() -> Export:
    rows: list[Row] = [
        ["settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date", "total-amount", "currency",
         "transaction-type", "order-id", "marketplace-name", "amount-type", "amount-description", "amount",
         "posted-date", "sku", "quantity-purchased"]
    ]  # fmt: skip
    rows.append(["19081234561", "2024-01-01", "2024-12-31", "2025-01-02", "9999.00", "EUR", *[""] * 9])
    for place, line in enumerate(SOLD):
        for kind, what, cents in (
            ("ItemPrice", "Principal", line.net),
            ("ItemPrice", "Tax", line.tax),
            ("ItemFees", "Commission", -line.net * 15 // 100),
        ):
            rows.append(
                ["19081234561", "", "", "", "", "", "Order", f"303-{place:07d}", "Amazon.de", kind, what, PLAIN(cents),
                 f"{line.day:%d.%m.%Y}", line.product, line.quantity]
            )  # fmt: skip
    told = export_text(
        "settlement.txt", "Marketplace settlement: no buyer, amounts of every kind below each other", SOLD, rows,
        cost=False, sep="\t",
    )  # fmt: skip
    return replace(told, undecidable=True)


def _export_till() -> Export:
    def dollars(cents: int) -> str:
        return f"{'-' * (cents < 0)}${GROUPED(abs(cents))}"

    rows = tabulate(
        LINES,
        {
            "Date": lambda line: f"{line.day:%m/%d/%y}",
            "Time": lambda line: "11:20:31",
            "Time Zone": lambda line: "Eastern Time (US & Canada)",
            "Gross Sales": lambda line: dollars(line.gross),
            "Discounts": lambda line: dollars(-line.discount),
            "Net Sales": lambda line: dollars(line.net),
            "Tax": lambda line: dollars(line.tax),
            "Total Collected": lambda line: dollars(line.net + line.tax),
            "Fees": lambda line: dollars(-abs(line.net) // 40),
            "Transaction ID": lambda line: line.invoice,
            "Event Type": lambda line: "Refund" if line.credit else "Payment",
            "Customer Name": lambda line: line.customer.name,
        },
    )
    return export_text(
        "transactions-till.csv", "Till: Payment and Refund are sales and returns", LINES, rows, cost=False
    )


def _export_market() -> Export:
    rows = tabulate(
        SOLD,
        {
            "Sale Date": lambda line: f"{line.day:%m/%d/%y}",
            "Order ID": lambda line: 2_900_000 + int(line.invoice[1:]),
            "Buyer": lambda line: line.customer.name,
            "Number of Items": lambda line: line.quantity,
            "Currency": lambda line: "EUR",
            "Order Value": lambda line: PLAIN(line.gross),
            "Discount Amount": lambda line: PLAIN(line.discount),
            "Shipping": lambda line: "4.00",
            "Sales Tax": lambda line: PLAIN(line.tax),
            "Order Total": lambda line: PLAIN(line.net + line.tax + 400),
            "Card Processing Fees": lambda line: PLAIN(line.net // 25),
            "Order Net": lambda line: PLAIN(line.net + line.tax + 400 - line.net // 25),
        },
    )
    return export_text(
        "sold-orders.csv", "Marketplace: order value, discount, net after fees", SOLD, rows, cost=False
    )


def _list_deals() -> Iterator[Export]:
    won: list[Line] = []
    hub: list[Row] = [
        ["Record ID", "Deal Name", "Deal Stage", "Close Date", "Amount", "Currency", "Amount in company currency",
         "Associated Company (Primary)"]
    ]  # fmt: skip
    pipe: list[Row] = [
        ["Deal - ID", "Deal - Title", "Deal - Value", "Deal - Currency", "Deal - Status", "Deal - Won time",
         "Deal - Lost time", "Organization - Name"]
    ]  # fmt: skip
    force: list[Row] = [
        ["Opportunity Name", "Account Name", "Stage", "Close Date", "Amount Currency", "Amount"]
    ]
    for place, line in enumerate(SOLD):
        stage = ("Closed Won", "Closed Lost", "Closed Won", "Proposal")[place % 4]
        is_won = stage == "Closed Won"
        won += [line] if is_won else []
        foreign = place % 3 == 0
        hub.append(
            [place, f"Deal {place}", stage, f"{line.day} 10:00", PLAIN(line.net * 11 // 10 if foreign else line.net),
             "USD" if foreign else "EUR", PLAIN(line.net), line.customer.name]
        )  # fmt: skip
        status = "Won" if is_won else "Lost" if stage == "Closed Lost" else "Open"
        pipe.append(
            [place, f"Deal {place}", PLAIN(line.net), "EUR", status, f"{line.day} 10:00:00" if is_won else "",
             f"{line.day} 10:00:00" if status == "Lost" else "", line.customer.name]
        )  # fmt: skip
        force.append(
            [f"Opp {place}", line.customer.name, stage, f"{line.day:%d/%m/%Y}", "EUR", GROUPED(line.net)]
        )
    yield export_text(
        "deals-currency.csv", "Deals: amount, and amount in the company's currency", won, hub, cost=False
    )
    yield export_text(
        "deals-pipeline.csv", "Deals: won, lost and open, a time for each", won, pipe, cost=False
    )
    foot = [[], [f"Grand Totals ({len(SOLD)} Records)"], [], ["Confidential Information - Do Not Distribute"],
            ["Copyright © 2000-2025 example.com, inc. All rights reserved."]]  # fmt: skip
    yield export_text(
        "report-opportunities.csv",
        "Opportunities: stages, five lines of notes below",
        won,
        [*force, *foot],
        cost=False,
    )


def _list_web_invoices() -> Iterator[Export]:
    rows: list[Row] = [SALES_INVOICES]
    kept: list[Line] = []
    for place, line in enumerate(LINES):
        status = "Voided" if place % 13 == 4 else "Draft" if place % 13 == 8 else "Paid"
        kept += [line] if status == "Paid" else []
        total = PLAIN(line.net + line.tax)
        rows.append(
            [line.customer.name, "", line.invoice, "", f"{line.day:%d/%m/%Y}", "30/12/2024", total, total, "0.00",
             line.product, "Goods", line.quantity, PLAIN(line.price), line.percent or "", PLAIN(line.net), 200,
             "20% (VAT on Income)", PLAIN(line.tax), "GBP",
             "Sales credit note" if line.credit else "Sales invoice", "Sent", status]
        )  # fmt: skip
    yield export_text(
        "SalesInvoices.csv",
        "Accounts on the web: voided and draft invoices among the lines",
        kept,
        rows,
        cost=False,
    )
    books: list[Row] = [
        ["Invoice Date", "Invoice ID", "Invoice Number", "Invoice Status", "Customer Name", "Due Date", "SubTotal",
         "Total", "Balance", "Item Name", "Quantity", "Item Price", "Discount Amount", "Item Total", "Item Tax %"]
    ]  # fmt: skip
    held: list[Line] = []
    for place, line in enumerate(SOLD):
        status = "Void" if place % 11 == 6 else "Overdue" if place % 3 else "Closed"
        held += [line] if status != "Void" else []
        books.append(
            [f"{line.day}", 98_000_000 + place, line.invoice, status, line.customer.name, "2024-12-31",
             PLAIN(line.net), PLAIN(line.net + line.tax), "0.00", line.product, line.quantity, PLAIN(line.price),
             PLAIN(line.discount), PLAIN(line.net), 25]
        )  # fmt: skip
    yield export_text(
        "Invoice.csv", "Invoices with their items: void ones, price and item total", held, books, cost=False
    )


def _list_times() -> Iterator[Export]:
    harvest = tabulate(
        ENTRIES,
        {
            "Date": lambda entry: f"{entry.start:%d/%m/%Y}",
            "Client": lambda entry: entry.customer.name,
            "Project": lambda entry: "Care",
            "Task": lambda entry: entry.activity,
            "Notes": lambda entry: "",
            "Hours": lambda entry: f"{entry.minutes / 60:.4f}",
            "Hours Rounded": lambda entry: f"{-(-entry.minutes // 15) * 0.25:.2f}",
            "Billable?": lambda entry: "No" if entry.minutes < 30 else "Yes",
            "Invoiced?": lambda entry: "No",
            "First Name": lambda entry: entry.person.split()[0],
            "Last Name": lambda entry: entry.person.split()[1],
            "Billable Rate": lambda entry: "90.00",
            "Billable Amount": lambda entry: f"{entry.minutes * 1.5:.2f}",
        },
    )
    yield export_entries(
        "time_report.csv",
        "Time tracker: hours and rounded hours, amounts beside",
        ENTRIES,
        encode_text(harvest),
        timed=True,
    )
    clock = tabulate(
        ENTRIES,
        {
            "Project": lambda entry: "Care",
            "Client": lambda entry: entry.customer.name,
            "Task": lambda entry: entry.activity,
            "User": lambda entry: entry.person,
            "Billable": lambda entry: "Yes",
            "Start Date": lambda entry: f"{entry.start:%d/%m/%Y}",
            "Start Time": lambda entry: f"{entry.start:%H:%M:%S}",
            "Duration (h)": lambda entry: f"{entry.minutes // 60:02d}:{entry.minutes % 60:02d}:00",
            "Duration (decimal)": lambda entry: f"{entry.minutes / 60:.2f}",
        },
    )
    yield export_entries(
        "detailed-report.csv", "Time tracker: the duration twice", ENTRIES, encode_text(clock), timed=True
    )


def _export_cents() -> Export:
    rows = tabulate(
        LINES,
        {
            "created_at": lambda line: f"{line.day}T10:00:00Z",
            "customer": lambda line: line.customer.name,
            "invoice_id": lambda line: line.invoice,
            "amount_cents": lambda line: line.net,
            "currency": lambda line: "EUR",
        },
    )
    return export_text(
        "billing-api.csv", "Amounts in cents, which only the header says", LINES, rows, cost=False
    )
