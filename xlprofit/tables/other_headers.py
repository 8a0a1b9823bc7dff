"""Headers that say something of a sheet beside its columns: net or gross, with tax, or known to mean something else."""

from __future__ import annotations

from xlprofit.tables.spec import split_words

NET = split_words(
    "net sales, net revenue, net turnover, net sales amount, net amount, net value, nettoumsatz, umsatz netto, "
    "nettoerlöse, nettoerlös, nettobetrag, betrag netto, nettowert, nettoförsäljning, nettoomsättning, nettobelopp, "
    "nettomyynti, nettosumma, netto, line total, line amount, extended amount, extended price, price_subtotal, netwr"
)
"""Headers of revenue that discounts and returns may be off already."""

WITH_TAX = split_words(
    "total, total amount, total sales, total revenue, gesamt, gesamtbetrag, gesamtumsatz, summe, summa, yhteensä"
)
"""Headers of revenue that tax may be in, where a column of tax stands beside it."""

TAX = split_words(
    "tax, taxes, tax amount, sales tax, vat, vat amount, gst, mwst, mwst betrag, ust, umsatzsteuer, steuer, "
    "steuerbetrag, moms, momsbelopp, alv, alv määrä, vero, veron määrä"
)
"""Headers of tax."""

MEANS_ELSE = (
    split_words(
        "unit price, price, sales price, list price, price per unit, unit amount, unit cost, cost per unit, "
        "tax rate, vat rate, tax code, currency, currency code, exchange rate, "
        "profit, gross profit, margin, gross margin, contribution margin, line no, line number, line, position, id, "
        "row id, order id, order_no, order number, order priority, transaction id, ticket_no, ticket number, "
        "due date, ship date, delivery date, requested date, created at, created by, created, modified, modified at, "
        "last modified, address, street, city, postcode, postal code, zip, zip code, phone, telephone, e-mail, email, "
        "website, vat number, tax number, business id, state, region, warehouse, plant, company code, "
        "sales organisation, sales organization, year, month, week, quarter, fiscal year, fiscal period, weekday, "
        "delivery week, weight, net weight, gross weight, "
        "jahr, monat, woche, kw, quartal, geschäftsjahr, gewicht, nettogewicht, bruttogewicht, "
        "år, månad, vecka, kvartal, räkenskapsår, vikt, vuosi, kuukausi, viikko, neljännes, tilikausi, paino, "
        "stückpreis, einzelpreis, listenpreis, preis, stückkosten, währung, wechselkurs, gewinn, deckungsbeitrag, "
        "marge, auftragsnummer, straße, ort, stadt, plz, telefon, werk, buchungskreis, ust-idnr, "
        "à-pris, styckpris, listpris, pris, styckkostnad, valuta, växelkurs, vinst, täckningsbidrag, marginal, "
        "ordernummer, adress, ort, postnummer, organisationsnummer, "
        "yksikköhinta, kappalehinta, listahinta, hinta, yksikkökustannus, valuutta, valuuttakurssi, tulos, kate, "
        "myyntikate, katetuotto, tilausnumero, osoite, katuosoite, kaupunki, postinumero, puhelin, sähköposti, y-tunnus"
    )
    + TAX
)
"""Headers that are known to mean none of the columns where they are no synonym: never offered for one of those."""
