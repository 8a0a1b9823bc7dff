"""Words: what a document's kind or state is called in exports, in English, German, Swedish and Finnish."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from xlprofit.checks.words import cleaned
from xlprofit.tables import header_key

Meaning = Literal["credit", "returned", "cancelled", "offered", "doubtful"]
"""What a row is: a document that takes money back; a sale that was returned or cancelled; an offer; or one of these,
perhaps."""


def list_words(text: str) -> frozenset[str]:
    """Return the words of a list, parted by semicolons."""
    return frozenset(word for word in re.split(r"\s*[;\n]\s*", text.strip()) if word)


HEADERS = list_words("""
    type; kind; doctype; doccat; doccategory; doctypedescription; doctypetext; documenttype; documentkind; document
    documentcategory; documenttypedescription; documentname; transactiontype; transtype; trxtype; txntype; txtype
    trantype; transactionkind; transaction; invoicetype; invtype; billingtype; billingdocumenttype; ordertype; saletype
    salestype; salesdocumenttype; salesdoctype; entrytype; postingtype; linetype; rowtype; itemtype; recordtype
    vouchertype; movementtype
    status; orderstatus; invoicestatus; documentstatus; docstatus; salesstatus; salestatus; transactionstatus
    linestatus; deliverystatus; state; orderstate; invoicestate; stage; fulfillmentstatus; fulfilmentstatus
    financialstatus; shippingstatus; shipmentstatus; paymentstatus
    belegart; belegtyp; vorgang; vorgangsart; typ; art; auftragsart; auftragstyp; rechnungsart; rechnungstyp
    fakturaart; buchungsart; buchungstyp; dokumentart; dokumenttyp; zustand; stand; auftragsstatus; rechnungsstatus
    bestellstatus; belegstatus; transaktionsart; transaktionstyp
    dokumentslag; verifikationstyp; fakturatyp; ordertyp; transaktion; fakturastatus; slag; läge
    tyyppi; laji; tila; asiakirjatyyppi; dokumenttityyppi; tositelaji; tositetyyppi; laskutyyppi; laskulaji
    laskuntyyppi; laskunlaji; laskunlaatu; tilaustyyppi; tapahtumatyyppi; tapahtumalaji; laskuntila; tilauksentila
    laskutila; tilaustila; tapahtuma
""")
"""Headers of a column that says what kind of document a row is, or what became of it, by their keys."""

_ENDINGS = tuple(
    list_words("""
        doctype; documenttype; transactiontype; ordertype; invoicetype; billingtype; salestype; documentcategory
        orderstatus; invoicestatus; documentstatus; transactionstatus; belegart; vorgangsart; dokumenttyp; fakturatyp
        tositelaji; laskutyyppi
    """)
)
"""What longer headers of such columns end with: ERP document type. Customer status is none of them."""

_WORDS: Mapping[Meaning, frozenset[str]] = {
    "credit": list_words("""
        return; returns; credit note; credit notes; credit memo; credit memos; creditmemo; creditnote; refund; refunds
        credit invoice; return order; sales return; sales credit; credit adjustment; return invoice; return note
        credit memorandum; chargeback; customer return; customer credit
        gutschrift; gutschriften; gutschr; retoure; retouren; retour; rücksendung; rücklieferung; rückgabe
        rechnungskorrektur; rückerstattung; erstattung; warenrücksendung; kundenretoure
        kreditnota; kreditnotor; kreditfaktura; kredit faktura; retur; returer; återbetalning; kreditering; kundretur
        returorder
        hyvityslasku; hyvityslaskut; hyvitys; palautus; palautukset; asiakaspalautus; myyntipalautus
    """),
    "returned": list_words("""
        returned; refunded; credited; charged back
        retourniert; zurückgesendet; zurückgegeben; erstattet; gutgeschrieben
        returnerad; återbetald; krediterad
        palautettu; hyvitetty
    """),
    "cancelled": list_words("""
        cancelled; canceled; cancel; cancellation; cancelation; void; voided; annulled; reversed; reversal
        reversal document; cancellation invoice; cancellation document; deleted; rejected; declined; failed
        aborted; lost
        storno; storniert; stornorechnung; stornierung; stornobeleg; annulliert; abgelehnt; abgebrochen; gelöscht
        ungültig; gestrichen
        annullerad; annullerat; annullering; makulerad; makulerat; makulering; avbruten; avbokad; avvisad; raderad
        avslagen; ogiltig; inställd
        peruttu; peruutettu; peruutus; mitätöity; mitätöinti; hylätty; poistettu
    """),
    "offered": list_words("""
        quote; quotes; quotation; quotations; offer; offers; proforma; pro forma; draft; drafts; estimate; estimates
        proposal; sales quote; sales quotation; budget; forecast; opportunity; inquiry
        angebot; angebote; offerte; kostenvoranschlag; entwurf; proformarechnung; anfrage
        offert; offerter; utkast; förslag; proformafaktura; anbud
        tarjous; tarjoukset; luonnos; proformalasku; proforma lasku; myyntitarjous
    """),
    "doubtful": list_words("credit; credits; kredit; adjustment; correction; korrektur; oikaisu; rättelse"),
}
"""Words for what a row is, in English, German, Swedish and Finnish, in lower case."""

_STEMS = (
    *("return", "cancel", "void", "refund", "credit note", "credit memo", "quot", "proforma", "draft"),
    *(
        "gutschrift",
        "retour",
        "storn",
        "annull",
        "makuler",
        "kreditnota",
        "kreditfaktura",
        "angebot",
        "offert",
    ),
    *("hyvity", "palaut", "peru", "mitätö", "tarjous"),
)
"""What a longer text begins a word with that may mean the same: Partially returned."""

_FILLERS = re.compile(
    r"\b(?:sales|sale|invoice|order|document|doc|customer|ar|a/r|standard|full|fully|item|items|line|lines|the|by"
    r"|seller|buyer|client|admin|system|user|kunden|kund|asiakkaan|faktura|rechnung|lasku|auftrag|tilaus)\b"
)
"""Words that change nothing: Sales return, Cancelled by customer."""


def is_document_header(header: object) -> bool:
    """Whether a header is that of a column that says what kind of document a row is."""
    key = header_key(header)
    return key in HEADERS or key.endswith(_ENDINGS)


@cache
def meaning_of(text: str) -> Meaning | None:
    """Return what a word of a document's kind or state means; ``None`` where it is a sale, or not known.

    >>> meaning_of("Credit Memo"), meaning_of("Cancelled by customer"), meaning_of("Invoice")
    ('credit', 'cancelled', None)
    """
    clean = re.sub(r"[\s_./:()\[\]]+", " ", cleaned(text).casefold().replace("-", " ")).strip()
    short = re.sub(r"\s+", " ", _FILLERS.sub(" ", clean)).strip()
    for meaning, words in _WORDS.items():
        if clean in words or short in words:
            return meaning
    padded = f" {clean}"
    if re.search(r"\bcredit card|\bnot? |\bnon ", padded):
        return None
    return "doubtful" if len(clean) <= 40 and any(f" {stem}" in padded for stem in _STEMS) else None
