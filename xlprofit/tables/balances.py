"""The table Balances: the average receivable over a period, for customers that have no invoices in the workbook."""

from __future__ import annotations

from xlprofit.messages import N_
from xlprofit.tables.common_headers import CUSTOMER_HEADERS
from xlprofit.tables.spec import ColumnSpec, TableSpec, known_as

BALANCES = TableSpec(
    "Balances",
    "The average receivable over a period, for customers that have no invoices in the workbook.",
    (
        ColumnSpec(
            "date",
            "date",
            "Any day in the period",
            required=True,
            counted="books",
            synonyms=known_as(
                en="balance date, as_of, as of date, period end, month end, posting date",
                de="stichtag, buchungsdatum, saldodatum",
                sv="saldodatum, balansdag",
                fi="saldopäivä, saldopvm",
                weak="day, datum, tag, dag, pvm, päivämäärä, päivä",
            ),
        ),
        ColumnSpec(
            "customer",
            "customer",
            "The customer's number or name",
            required=True,
            named_total=True,
            synonyms=CUSTOMER_HEADERS,
        ),
        ColumnSpec(
            "balance",
            "number",
            "Average receivable over the period, in currency",
            required=True,
            unit="currency",
            written="owed",
            weight=1.0,
            totalled=True,
            synonyms=known_as(
                en=(
                    "average_receivable, receivable, receivables, receivable balance, average balance, "
                    "account balance, accounts receivable, open balance, outstanding balance, outstanding, "
                    "balance due"
                ),
                de="forderung, forderungen, forderungsbestand, offene posten, saldo",
                sv="kundfordran, kundfordringar, fordran, saldo",
                fi="saatava, saatavat, keskisaatava, myyntisaatavat, avoin saldo, saldo",
                weak="amount, total, betrag, belopp, summa",
            ),
        ),
    ),
    feeds=N_("Financing of receivables, where there are no invoices"),
    part=N_("cost of credit"),
    key=(
        "date",
        "customer",
    ),
    posts=True,
    either=True,
    balance=True,
)
