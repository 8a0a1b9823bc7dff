"""The table Invoices: what was invoiced, when it fell due and when it was paid."""

from __future__ import annotations

from xlprofit.messages import N_
from xlprofit.tables.common_headers import (
    CUSTOMER_HEADERS,
    DAY,
    INVOICE_HEADERS,
    POSTED_DE,
    POSTED_EN,
    POSTED_FI,
    POSTED_SV,
)
from xlprofit.tables.spec import ColumnSpec, TableSpec, known_as

INVOICES = TableSpec(
    "Invoices",
    "What was invoiced, when it fell due and when it was paid.",
    (
        ColumnSpec(
            "invoice",
            "text",
            "Invoice number",
            required=True,
            as_text=True,
            synonyms=INVOICE_HEADERS,
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
            "issued",
            "date",
            "Invoice date",
            required=True,
            counted="books",
            synonyms=known_as(
                en=(
                    "invoice_date, issue_date, issued on, date issued, date of invoice, billing date, "
                    f"{POSTED_EN}, fkdat, bldat, budat"
                ),
                de=f"rechnungsdatum, ausstellungsdatum, fakturadatum, {POSTED_DE}",
                sv=f"fakturadatum, utställd, {POSTED_SV}",
                fi=(
                    "laskutettu, laskun päivä, laskupäivä, laskun päiväys, laskupvm, laskutuspäivä, "
                    f"{POSTED_FI}"
                ),
                weak=f"date, {DAY}",
            ),
        ),
        ColumnSpec(
            "due",
            "date",
            "Due date",
            required=True,
            synonyms=known_as(
                en=(
                    "due_date, date due, net due date, due on, due by, payment due date, payment due, "
                    "invoice_date_due, maturity date, faedt, netdt"
                ),
                de="fälligkeitsdatum, fälligkeit, fällig am, nettofälligkeit, fällig, zahlbar bis",
                sv="förfallodatum, förfallodag, förfaller",
                fi="eräpäivä, eräpvm, erääntyy, erääntymispäivä",
            ),
        ),
        ColumnSpec(
            "amount",
            "number",
            "Invoiced amount, in currency",
            required=True,
            unit="currency",
            written="revenue",
            weight=1.0,
            totalled=True,
            synonyms=known_as(
                en=(
                    "invoice_amount, invoiced amount, invoice total, invoice value, amount invoiced, "
                    "original amount, total amount, gross amount, billed amount, amount in local currency, "
                    "amount in company code currency, dmbtr, wrbtr"
                ),
                de="rechnungsbetrag, rechnungssumme, bruttobetrag, gesamtbetrag, betrag, betrag in hauswährung",
                sv="fakturabelopp, totalbelopp, bruttobelopp, belopp",
                fi="laskun summa, laskun loppusumma, laskun määrä, loppusumma, summa",
                weak=(
                    "total, value, summe, open amount, amount due, balance due, remaining amount, outstanding, "
                    "outstanding amount, offener betrag, restbelopp, avoinna, avoin summa, yhteensä"
                ),
            ),
        ),
        ColumnSpec(
            "paid",
            "date",
            "Date it was paid; blank: still open",
            assumed="every invoice counts as unpaid",
            counted="books",
            told_missing=True,
            synonyms=known_as(
                en=(
                    "paid_date, payment_date, date_paid, paid_on, paid at, date of payment, payment received, "
                    "payment received date, payment received on, received date, date received, receipt date, "
                    "date of receipt, cash receipt date, settled date, settlement date, date settled, "
                    "settled on, settled, clearing date, cleared date, date cleared, cleared on, cleared, "
                    "fully paid on, fully paid on date, fully paid date, last payment date, "
                    "actual payment date, pay date, closed at date, closed date, closing date, date closed, "
                    "remittance date, augdt"
                ),
                de=(
                    "zahlungsdatum, bezahlt am, bezahlt, zahlungseingang, zahlungseingangsdatum, zahldatum, "
                    "zahltag, zahlung am, ausgleichsdatum, ausgeglichen am, ausgleich, gezahlt am, "
                    "eingangsdatum"
                ),
                sv=(
                    "betaldatum, betalningsdatum, betald, betald den, betaldag, slutbetald, "
                    "slutbetalningsdatum, inbetalningsdatum, inbetalningsdag, likviddatum, utjämningsdatum"
                ),
                fi=(
                    "maksupäivä, maksupvm, maksettu, maksettu pvm, maksun päivä, suorituspäivä, suorituspvm, "
                    "maksupäivämäärä, suoritettu, kuittauspäivä, tasauspäivä"
                ),
            ),
        ),
        ColumnSpec(
            "disputed",
            "flag",
            "yes where the customer disputes it",
            default=False,
            assumed="no invoice is disputed",
            synonyms=known_as(
                en="dispute, in dispute, is disputed",
                de="strittig, streitig, reklamiert",
                sv="tvistig, omtvistad",
                fi="riitautettu",
            ),
        ),
        ColumnSpec(
            "written_off",
            "number",
            "What of the amount was written off, in currency, positive",
            unit="currency",
            default=0.0,
            minimum=0.0,
            assumed="nothing was written off",
            synonyms=known_as(
                en="write_off, write_off amount, amount_written_off, bad_debt, bad_debt amount",
                de="ausgebucht, ausbuchung, ausfall, forderungsausfall",
                sv="avskrivet, kundförlust",
                fi="luottotappio, poistettu",
            ),
        ),
        ColumnSpec(
            "written_off_on",
            "date",
            "Date of the write-off; blank: the day it was closed (paid)",
            assumed="a write-off is dated to the day on which the invoice was closed",
            counted="books",
            synonyms=known_as(
                en="write_off_date, written_off_date, date written off",
                de="ausgebucht am, ausbuchungsdatum",
                sv="avskrivet den, avskrivningsdatum",
                fi="luottotappiopäivä, poistettu pvm",
            ),
        ),
        ColumnSpec(
            "recovered",
            "number",
            "What came in later of what was written off, in currency, positive",
            unit="currency",
            default=0.0,
            minimum=0.0,
            assumed="nothing was recovered",
            synonyms=known_as(
                en="recovery, amount_recovered, recovered amount",
                de="eingegangen nach ausbuchung",
                sv="återvunnet",
                fi="palautunut, takaisin saatu",
            ),
        ),
    ),
    feeds=N_("Cost of credit: financing until paid, and expected loss on what is open"),
    part=N_("cost of credit"),
    key=(
        "invoice",
        "customer",
        "issued",
        "due",
        "amount",
    ),
    posts=True,
    documents=True,
    either=True,
)
