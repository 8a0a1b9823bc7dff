"""Words: what a document's kind or state is called in exports, in the languages of Europe."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal

from xlprofit.checks.words import normalize_text
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
    vouchertype; movementtype; fkart; auart; blart; vbtyp
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
    tipo; tipodocumento; tipodedocumento; tipofattura; tipofactura; clase; clasededocumento; estado; stato; statut; état
    typededocument; typedocument; naturedocument; naturedudocument; soort; documentsoort; bilagstype; bilagsart
    typdokumentu; rodzajdokumentu; rodzaj; typfaktury; statusfaktury; statusdokumentu
    typedepièce; typepièce; typededocument; naturedelapièce; typefacture; dokumenttype; tipodoc; tipodedoc
    tipodocto; tipomovimento; tipodemovimiento; tipodecomprobante; tipocomprobante; bewegungsart; fakturatype
    operation; opération; operación; operazione; nature
    ordrestatus; ordretype; tila/status; scenario; version; budgetversion; planversion
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

_COMPOSED = re.compile(
    "(?:(?:doc|document|billing|bill|invoice|inv|voucher|transaction|trans|trx|txn|posting)"
    "(?:type|kind|class|category|cat|status|state|typ|nature)"
    "|(?:order|sales|sale|entry|record|line|row|ledger|journal)(?:type|kind|class|status|state|typ))"
    "(?:code|description|desc|text|name|id)?"
)
"""Headers of such columns that are put together: Doc. kind, Invoice category, Billing class."""

_WORDS: Mapping[Meaning, frozenset[str]] = {
    "credit": list_words("""
        return; returns; credit note; credit notes; credit memo; credit memos; creditmemo; creditnote; refund; refunds
        credit invoice; return order; sales return; sales credit; credit adjustment; return invoice; return note
        credit memorandum; crn; cr note; cr memo; chargeback; customer return; customer credit
        gutschrift; gutschriften; gutschr; retoure; retouren; retour; rücksendung; rücklieferung; rückgabe
        rechnungskorrektur; rückerstattung; erstattung; warenrücksendung; kundenretoure
        kreditnota; kreditnotor; kreditfaktura; kredit faktura; retur; returer; återbetalning; kreditering; kundretur
        returorder
        hyvityslasku; hyvityslaskut; hyvitys; palautus; palautukset; asiakaspalautus; myyntipalautus
        avoir; avoirs; facture d'avoir; note de crédit; abono; abonos; nota de crédito; nota de abono; factura de abono
        devolución; devolução; nota di credito; nota di accredito; reso; creditnota; creditfactuur; kreditering
        krednota; kreeditarve; dobropis; accreccredit
        korekta; faktura korygująca; faktura korekta; korekta faktury; zwrot
    """),
    "returned": list_words("""
        returned; refunded; credited; charged back
        retourniert; zurückgesendet; zurückgegeben; erstattet; gutgeschrieben
        returnerad; återbetald; krediterad
        palautettu; hyvitetty
        remboursé; remboursée; retourné; retournée; reembolsado; devuelto; rimborsato; terugbetaald; returneret
        refunderet; returnert; refundert
    """),
    "cancelled": list_words("""
        cancelled; canceled; cancel; cancellation; cancelation; void; voided; annulled; reversed; reversal
        reversal document; cancellation invoice; cancellation document; deleted; rejected; declined; failed
        aborted; lost; closed lost
        storno; storniert; stornorechnung; stornierung; stornobeleg; annulliert; abgelehnt; abgebrochen; gelöscht
        ungültig; gestrichen
        annullerad; annullerat; annullering; makulerad; makulerat; makulering; avbruten; avbokad; avvisad; raderad
        avslagen; ogiltig; inställd
        peruttu; peruutettu; peruutus; mitätöity; mitätöinti; hylätty; poistettu
        annulé; annulée; annulation; anulado; anulada; cancelado; cancelada; annullato; annullata; geannuleerd
        annulleret; annullert; kansellert; tühistatud; zrušeno; anulowana; anulowany; anulowano; anulowane
    """),
    "offered": list_words("""
        quote; quotes; quotation; quotations; offer; offers; proforma; pro forma; draft; drafts; estimate; estimates
        proposal; sales quote; sales quotation; budget; forecast; opportunity; inquiry
        angebot; angebote; offerte; kostenvoranschlag; entwurf; proformarechnung; anfrage
        offert; offerter; utkast; förslag; proformafaktura; anbud
        tarjous; tarjoukset; luonnos; proformalasku; proforma lasku; myyntitarjous
        devis; brouillon; presupuesto; cotización; borrador; preventivo; bozza; orçamento; tilbud; kladde; concept
        oferta; faktura proforma; faktura pro forma; szkic; wersja robocza
    """),
    "doubtful": list_words("""
        credit; credits; kredit; crédit; crédito; credito; adjustment; correction; korrektur; oikaisu; rättelse
        cn; crn; cm; cr; gs; kr; g2; s1; sc; cre; ret; rma; plan; planned; planning
    """),
}
"""Words for what a row is, in lower case. A code such as CN or G2 leaves doubt, since another system has another."""

CREDIT_CODES = (
    *(
        ("si", "sc"),
        ("inv", "crn"),
        ("inv", "cn"),
        ("inv", "cm"),
        ("in", "cn"),
        ("in", "cr"),
        ("re", "gs"),
        ("re", "gu"),
    ),
    *(
        ("ra", "ga"),
        ("f2", "g2"),
        ("dr", "dg"),
        ("rv", "dg"),
        ("fv", "kor"),
        ("fa", "av"),
        ("arinv", "arcrd"),
        ("ft", "nc"),
        ("fr", "nc"),
        ("fc", "nc"),
        ("fac", "nc"),
        ("fs", "kor"),
        ("or", "re"),
        ("ta", "re"),
    ),
)
"""Codes of an invoice and of its credit note, as systems pair them."""

_SALES = re.compile(
    r"\b(?:(?:tax |sales |cash |final )*(?:invoices?|sales?|inv|debit (?:note|memo)|receipts?)"
    r"|\w*rechnung(?:en)?|\w*(?:bar)?verkauf|lastschrift"
    r"|\w*faktura|\w*fakturor|\w*(?<!hyvitys)lasku|\w*försäljning|\w*myynti|salg|kassasalg"
    r"|factures?|ventes?|facturas?|ventas?|notas? de (?:débito|cargo)|fatture?|vendit[ae]"
    r"|fact(?:uur|uren)|\w*verkoop|faturas?|venda|sprzedaż|paragon)\b"
)
"""What a kind of document is called that is a sale, anywhere in its words."""

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

_BESIDE = re.compile(
    r"^(?:is|was|has been|ist|är|on)\b"
    r"|\b(?:flag|indicator|ind|kz|kennzeichen|at|on|date|yn|y/n|am|datum)$",
    re.IGNORECASE,
)
"""What stands beside the word in the header of a column of yes and no: Is cancelled, Return flag, Cancelled at."""

_OTHERWISE = list_words(
    "offer; offers; offert; offerte; angebot; angebote; tarjous; budget; forecast; lost; opportunity; scenario"
    "; plan; concept; kladde; reso"
)
"""Words that mean something else where the cells say yes or no: bought on offer."""

_TRIALS = list_words("""
    test; test order; test invoice; test transaction; testorder; testauftrag; testbestellung; testrechnung; testbeleg
    testfaktura; testköp; testitilaus; testilasku; testi; commande test; pedido de prueba; ordine di prova
    testbestelling
""")
"""What a row that may be none is called in the header of a column of yes and no."""

_SIDE_HEADERS = list_words("""
    debitcredit; creditdebit; debitorcredit; creditordebit; dc; cd; drcr; crdr; dcindicator; drcrindicator; dcind
    debitcreditindicator; dcsign; postingside; side; sign; amountsign; plusminus; +-
    sollhaben; sollhabenkennzeichen; sollhabenkz; sh; shkz; shkzg; vorzeichen; debetkredit; kreditdebet; dk; debetkredyt
    debetkredit; débitcrédit; sens; debehaber; dareavere
""")
"""Headers of a column that says whether an amount is booked in debit or in credit, by their keys without slashes."""

_SIDES = {
    **dict.fromkeys(list_words("d; dr; db; debit; debet; soll; s; debe; dare; débit; +; plus"), "debit"),
    **dict.fromkeys(
        list_words("c; cr; k; kr; credit; kredit; haben; h; haber; avere; crédit; -; −; minus"), "credit"
    ),
}
"""What the two sides are called under such a header, in lower case."""

_FILLERS = re.compile(
    r"\b(?:sales|sale|invoice|order|document|doc|customer|ar|a/r|standard|full|fully|item|items|line|lines|the|by"
    r"|seller|buyer|client|admin|system|user|kunden|kund|asiakkaan|faktura|rechnung|lasku|auftrag|tilaus)\b"
)
"""Words that change nothing: Sales return, Cancelled by customer."""


_NAMES_CREDIT = re.compile(
    r"\b(?:credit ?(?:note|memo)|gutschrift|rechnungskorrektur|kredit(?:nota|faktura)|hyvityslasku|nota de crédito"
    r"|nota di credito|creditnota|avoir sur)\b"
)


def is_credit_remark(text: str) -> bool:
    """Whether a remark begins by naming a credit note, or names its number.

    >>> is_credit_remark("Credit note 12 for invoice 3"), is_credit_remark("Forms for credit notes")
    (True, False)
    """
    found = _NAMES_CREDIT.search(normalize_text(text).casefold()[:100])
    return found is not None and (found.start() == 0 or text[found.end() :].lstrip(" .:#no-")[:1].isdigit())


def is_document_header(header: object) -> bool:
    """Whether a header is that of a column that says what kind of document a row is."""
    key = header_key(header)
    return key in HEADERS or key.endswith(_ENDINGS) or bool(_COMPOSED.fullmatch(key))


def read_flag_meaning(header: object) -> Meaning | None:
    """Return what a yes means under a header such as Is cancelled; ``None`` where it is no sign of a document.

    >>> read_flag_meaning("Is cancelled"), read_flag_meaning("ReturnFlag"), read_flag_meaning("Offer")
    ('cancelled', 'credit', None)
    """
    name = strip_flag_words(header)
    if name.casefold() in _TRIALS:
        return "doubtful"
    meaning = read_meaning(name)
    return None if meaning == "doubtful" or name.casefold() in _OTHERWISE else meaning


def strip_flag_words(header: object) -> str:
    """Return a header without what says that the cells of the column are yes and no."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[_-]", " ", normalize_text(str(header)))
    return _BESIDE.sub(" ", words).strip()


def read_booking_side(text: str) -> str:
    """Return ``debit`` or ``credit`` where a text says which side an amount is booked on; or nothing."""
    return _SIDES.get(normalize_text(text).casefold().rstrip("."), "")


def is_side_header(header: object) -> bool:
    """Whether a header is that of a column that says on which side each amount is booked."""
    return re.sub("[/()&|]", "", header_key(header)) in _SIDE_HEADERS


@cache
def read_meaning(text: str) -> Meaning | None:
    """Return what a word of a document's kind or state means; ``None`` where it is a sale, or not known.

    >>> read_meaning("Credit Memo"), read_meaning("Cancelled by customer"), read_meaning("Invoice")
    ('credit', 'cancelled', None)
    """
    clean = re.sub(r"[\s_./:()\[\]]+", " ", normalize_text(text).casefold().replace("-", " ")).strip()
    short = re.sub(r"\s+", " ", _FILLERS.sub(" ", clean)).strip()
    for meaning, words in _WORDS.items():
        if clean in words or short in words:
            return meaning
    padded = f" {clean}"
    if re.search(r"\bcredit card|\bnot? |\bnon ", padded):
        return None
    return "doubtful" if len(clean) <= 40 and any(f" {stem}" in padded for stem in _STEMS) else None


def find_credit_codes(texts: Iterable[str]) -> frozenset[str]:
    """Return which texts of a column are codes of credit notes since those of invoices stand beside them.

    >>> sorted(find_credit_codes(["SI", "SC"])), sorted(find_credit_codes(["NC", "SC"]))
    (['SC'], [])
    """
    codes = {text.strip().casefold(): text for text in texts}
    return frozenset(codes[credit] for sale, credit in CREDIT_CODES if {sale, credit} <= codes.keys())


def find_unknown_kinds(texts: Iterable[str]) -> frozenset[str]:
    """Return which kinds of documents nobody knows, among some of which one is plainly an invoice or a sale.

    Without one the column may say anything else.

    >>> sorted(find_unknown_kinds(["Rechnung", "Reklamation", "Gutschrift"])), sorted(find_unknown_kinds(["A", "B"]))
    (['Reklamation'], [])
    """
    codes = {sale for sale, _credit in CREDIT_CODES}
    kinds = {text: normalize_text(text).casefold() for text in texts if read_meaning(text) is None}
    unknown = {
        text for text, kind in kinds.items() if any(map(str.isalpha, kind)) and not _SALES.search(kind)
    } - {text for text, kind in kinds.items() if kind in codes}
    return frozenset(unknown) if len(unknown) < len(kinds) else frozenset()
