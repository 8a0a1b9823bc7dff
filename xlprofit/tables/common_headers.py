"""Headers that several tables have in common, as ERPs, ledgers and CRMs call them."""

from __future__ import annotations

from xlprofit.tables.spec import known_as

CUSTOMER_HEADERS = known_as(
    en=(
        "customer_id, customer_no, customer number, customer code, customer key, customer #, "
        "cust_no, cust_id, cust, sold-to party, sold-to, sell-to customer no, sell-to customer, "
        "bill-to customer no, bill-to customer, bill-to party, bill-to, debtor_no, debtor number, "
        "debtor_id, debtor, client_id, client_no, client number, account_id, account number, "
        "partner_id, buyer, payer, kunnr, kunag"
    ),
    de=(
        "kundennummer, kundennr, kunden_id, kd_nr, auftraggeber, debitorennummer, debitorennr, "
        "debitornr, debitor, kunde, rechnungsempfänger"
    ),
    sv="kundnummer, kundnr, kund_id, kundkod, kund",
    fi="asiakasnumero, asiakasnro, asiakas_id, asiakastunnus, asiakaskoodi, asiakas",
    names=(
        "customer name, client name, account name, debtor name, company name, sold-to party name, "
        "sold-to name, bill-to name, sell-to customer name, billing company, billing name, "
        "contact name, kundenname, debitorname, kundnamn, företagsnamn, företag, asiakkaan nimi, "
        "asiakasnimi, yritys"
    ),
    weak=(
        "account_no, account, client, partner, company, organisation, organization, contact, "
        "firma, klient, name"
    ),
)

POSTED_EN = (
    "posting date, booking date, transaction date, document date, "
    "week ending, week commencing, week starting, week beginning, w/e, w/c"
)
POSTED_DE = "buchungsdatum, belegdatum"
POSTED_SV = "bokföringsdatum, verifikationsdatum, transaktionsdatum"
POSTED_FI = "kirjauspäivä, kirjauspvm, tositepäivä, tositepvm"
"""The day on which something was posted, or of the week it is of, as columns of days have it among their headers."""

DAY = "created, created at, day, datum, tag, dag, pvm, päivämäärä, päivä"
"""Headers of a day of any kind: weak."""

DATE_HEADERS = known_as(
    en=f"{POSTED_EN}, budat, bldat",
    de=POSTED_DE,
    sv=POSTED_SV,
    fi=POSTED_FI,
    weak=DAY,
)

INVOICE_HEADERS = known_as(
    en=(
        "invoice_no, invoice_number, invoice #, invoice_id, inv_no, invoice, bill_no, "
        "billing document, document_no, document number, voucher_no, vbeln, belnr"
    ),
    de="rechnungsnummer, rechnungsnr, rechnung, rg_nr, belegnummer, belegnr, fakturanummer",
    sv="fakturanummer, fakturanr, faktura, verifikationsnummer",
    fi="laskun numero, laskunumero, laskunro, lasku, tositenumero",
    weak="num, number, document, reference, beleg",
)

PERIOD_HEADERS = known_as(en="month", de="monat", sv="månad", fi="kuukausi", weak="quarter, year")

AVOIDABLE_HEADERS = known_as(
    en="avoidable_share", de="vermeidbar, vermeidbarer anteil", sv="påverkbar andel", fi="vältettävä osuus"
)

SEGMENT_HEADERS = known_as(
    en=(
        "customer_segment, customer group, customer class, customer category, customer type, industry, sector"
    ),
    de="kundensegment, kundengruppe, kundenklasse, kundenart, branche",
    sv="kundsegment, kundgrupp, kundkategori, bransch",
    fi="asiakassegmentti, asiakasryhmä, asiakasluokka, toimiala",
    weak="classification, tier",
)

PROSPECT_HEADERS = known_as(
    en="lead, opportunity, opportunity name, lead name, prospect name, prospect_id",
    de="interessent, verkaufschance",
    sv="affärsmöjlighet",
    fi="myyntimahdollisuus, liidi",
    weak="account name, company, company name, name",
)

PRODUCT_HEADERS = known_as(
    en=(
        "product_id, product code, product_no, product number, item_no, item number, item_id, "
        "item code, item, sku, stock_code, material number, material, article number, article_no, "
        "article, matnr, product/service, product name, product group, item category"
    ),
    de=(
        "artikelnummer, artikelnr, artikel, produkt, produktnummer, materialnummer, warengruppe, "
        "artikelbezeichnung"
    ),
    sv="artikelnummer, artikelnr, artikel, produkt, produktnummer, varugrupp, benämning",
    fi="tuotenumero, tuotekoodi, tuote, tuotenimi, tuoteryhmä, nimike, nimikekoodi",
)

VERSION_HEADERS = known_as(
    en="actual or plan, plan version, budget version, value type",
    de="planversion, werttyp, version",
    sv="planversion, budgetversion",
    fi="versio, suunnitelmaversio, budjettiversio",
    weak="scenario, szenario, skenaario",
)
