"""Names: what exports call columns beside what the checks know: short forms, further languages, other shapes.

A proposal is looked at before anything is read by it, so that names are believed here which a sheet of the workbook
could not do with: the checks take a column by its name alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from xlprofit.headings import keys_of
from xlprofit.tables import header_key


def _split_names(words: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in words.split(",") if word.strip())


_CLIENT = (
    "code client, n° client, no client, numéro client, client no, compte client, cliente, código cliente, cod cliente, "
    "codice cliente, id cliente, klantnummer, klantnr, klant, klantcode, debiteurnr, debiteur, kundenr, kundenavn, "
    "kunde nr, kd nr, kdnr, cust #, cust code, ship-to customer, guest, member, payer name"
)
_CLIENT_NAME = (
    "nom client, raison sociale, client name, nombre cliente, razón social, ragione sociale, nome cliente, klantnaam, "
    "naam klant, bedrijfsnaam, kundenavn, cust name, particulars, description of customer, invoice partner display name"
)
_DAY = (
    "date facture, date de facture, date de facturation, date comptable, date pièce, fecha, fecha factura, fecha de factura, "
    "data fattura, data documento, data, factuurdatum, boekdatum, dato, fakturadato, bogføringsdato, inv date, inv dt, "
    "bill date, txn date, trans date, posting dt, doc date, order dt, date ordered"
)

MORE: Mapping[tuple[str, str], str] = {
    ("Sales", "date"): _DAY,
    ("Sales", "customer"): f"{_CLIENT}, {_CLIENT_NAME}",
    ("Sales", "gross_revenue"): (
        "net, netto, montant ht, montant hors taxe, total ht, ca ht, chiffre d'affaires, montant brut, montant net, montant, "
        "importe, importe neto, importe bruto, base imponible, ventas, venta neta, ingresos, neto, bruto, "
        "imponibile, importo, importo netto, importo lordo, fatturato, ricavi, ricavo, valore netto, "
        "netto omzet, netto bedrag, nettobedrag, omzet, bedrag excl btw, bedrag ex btw, bruto bedrag, brutobedrag, bedrag, "
        "omsætning, omsetning, beløb, nettobeløb, salg, salgsbeløb, dmbtr, wrbtr, "
        "amount excl vat, amount excluding vat, amount excl tax, amount (ex vat), amount ex gst, sales ex vat, net total, "
        "total net, total excl vat, subtotal ex vat, nett amount, net value of item, rev, ext price, ext amount, extension, "
        "summe netto, netto gesamt, wert netto, vk wert, vk-wert, verkaufswert, nettopris, à netto, myynti alv 0, "
        "veroton, veroton hinta, brutto, bruttobetrag netto, faktureret beløb, sales total"
    ),
    ("Sales", "discount"): (
        "remise, remises, rabais, ristourne, descuento, dto, bonificación, sconto, sconti, korting, kortingsbedrag, disc, "
        "disc., disc amt, disc amount, discount amt, rabat, alennus, rabatt eur, discount given, promo discount"
    ),
    ("Sales", "cogs"): (
        "prix de revient, coût d'achat, coût de revient, coût, coûts, coût des ventes, coste, coste de ventas, coste compra, "
        "coste total, costo, costo del venduto, costo totale, costo acquisto, kostprijs, inkoopwaarde, inkoopprijs totaal, "
        "kostprijs omzet, kosten omzet, vareforbrug, kostpris, varekost, ek wert, ek-wert, ekwert, einkauf, wareneinkauf, "
        "cos, cost amt, cost total, total cogs, landed cost, std cost, ext cost, inköp, inköpspris totalt, hankinta"
    ),
    ("Sales", "returns"): "avoirs, devoluciones, resi, retouren, returns value",
    ("Sales", "invoice"): (
        "n° facture, numéro facture, facture, no facture, nº factura, num factura, factura, numero fattura, fattura, "
        "factuurnummer, factuurnr, factuur, fakturanr, fakturanummer, inv #, inv no, doc no, voucher no, vch no, trans no"
    ),
    ("Sales", "product"): (
        "article, référence, désignation, produit, artículo, producto, articolo, prodotto, artikel, artikelcode, vare, "
        "varenr, item description, inventory item code, product category, stockcode, part no, part number"
    ),
    (
        "Sales",
        "quantity",
    ): "quantité, qté, cantidad, quantità, qtà, aantal, antal, volume sold, quantity invoiced, pcs sold",
    ("Customers", "customer"): _CLIENT,
    ("Customers", "name"): _CLIENT_NAME,
    ("Invoices", "customer"): f"{_CLIENT}, {_CLIENT_NAME}",
    ("Invoices", "issued"): _DAY,
    ("Invoices", "due"): (
        "date d'échéance, échéance, fecha vencimiento, vencimiento, data scadenza, scadenza, vervaldatum, forfaldsdato, "
        "forfallsdato, due dt, due"
    ),
    (
        "Invoices",
        "amount",
    ): "montant ttc, importe total, totale fattura, factuurbedrag, fakturabeløb, invoice amt, total",
    (
        "Invoices",
        "paid",
    ): "date de paiement, fecha pago, fecha de pago, data pagamento, betaaldatum, betalt dato, paid dt",
    ("Invoices", "invoice"): "n° facture, factura, fattura, factuurnummer, fakturanr, inv #, inv no, doc no",
    (
        "ActivityLog",
        "date",
    ): f"{_DAY}, start, start date, started, started at, start time, begin, beginn, solved at, alku",
    (
        "ActivityLog",
        "customer",
    ): f"{_CLIENT}, {_CLIENT_NAME}, requester organization, organisation name, account",
    ("ActivityLog", "quantity"): (
        "duration, dauer, hours, stunden, std, kesto, tunnit, tid, timmar, time spent, duration (h), duration (hours), "
        "hours worked, logged hours, duration (min), duration (minutes), minutes, minuten, minuutit, minuter, durée, heures, "
        "duración, horas, durata, ore, duur, uren, varighed, timer, total time, work time, handle time (min), time"
    ),
    (
        "ActivityLog",
        "activity",
    ): "task name, work type, service item, project task, kind of work, tâche, activité, tarea",
    ("DirectCosts", "date"): _DAY,
    ("DirectCosts", "customer"): f"{_CLIENT}, {_CLIENT_NAME}",
}
"""Further names of columns, by table and column."""

TRUSTED_LESS = frozenset(
    key
    for word in [
        "net",
        " netto",
        " montant",
        " importe",
        " importo",
        " bedrag",
        " beløb",
        " bruto",
        " neto",
        " brutto",
        " data",
        " total",
        " start",
        " time",
        " hours",
        " minutes",
        " account",
        " disc",
        " timer",
        " particulars",
        " volume sold",
        " article",
        " rev",
        " hankinta",
        " einkauf",
        " inköp",
        " due",
        " member",
        " guest",
    ]
    for key in keys_of((word.strip(),))
)
"""Those of them that may well mean something else."""

LOCAL = re.compile(
    r"\((?:lcy|mst|local)\)|local currency|home currency|base currency|company (?:code )?currency|hauswährung"
    r"|basvaluta|redovisningsvaluta|kotivaluutta|devise locale|moneda local|\blcy\b",
    re.IGNORECASE,
)
"""What says in a header that an amount is in the currency of the books, whatever the currency of the document."""

MINUTES = re.compile(r"\bmin(?:\.|s|utes?|uten|uuttia|uuter)?\b", re.IGNORECASE)
"""What says in a header that durations are in minutes."""

YEARS = keys_of(_split_names("year, jahr, år, vuosi, année, año, anno, jaar, fiscal year, geschäftsjahr"))
MONTHS = keys_of(
    _split_names("month, monat, månad, kuukausi, mois, mes, mese, maand, period, periode, kausi")
)
DAYS_OF_MONTHS = keys_of(
    _split_names(
        "year period, year month, fiscal period, accounting period, posting month, vuosikuukausi, month, period, monat, periode, posting period, buchungsperiode, kuukausi, kausi, månad"
    )
)
"""Headers of the parts of a date that stands in several columns, or is a month."""

PAYMENTS = re.compile(
    r"^(?:payments?|zahlung(?:en|seingang)?|betalning|maksu|suoritus|paiement|pago|pagamento|betaling|refund|"
    r"rückzahlung|reminder|mahnung|finance charge(?: memo)?|receipt|deposit|transfer|bank receipt|rcpt|rcv|journal)$",
    re.IGNORECASE,
)
"""Kinds of documents that are no sales."""


@cache
def list_more(table: str, column: str) -> frozenset[str]:
    """Return the keys of the further names of a column."""
    return keys_of(_split_names(MORE.get((table, column), "")))


def is_known_more(header: str) -> bool:
    """Whether a header is among the further names of any column."""
    return header_key(header) in _list_all()


@cache
def _list_all() -> frozenset[str]:
    return frozenset().union(*(list_more(table, column) for table, column in MORE))
