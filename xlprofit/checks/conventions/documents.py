"""Documents: rows that are no sales, as a column such as Document type or Status says.

A *credit* is a document of its own that takes money back, so it is counted negative. *Returned* is what became of
a sale, so the sale does not count, and neither does what was *cancelled* or only *offered*. Where a cancelled
document has a reversal beside it, both are left out; a reversal of a document that is not marked is counted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.addresses import letters
from xlprofit.checks import cells
from xlprofit.checks.conventions.money import MONEY
from xlprofit.checks.faults import Mask, Places, shown
from xlprofit.checks.rows import Draft
from xlprofit.checks.words import cleaned
from xlprofit.findings import Finding, finding
from xlprofit.language import _n
from xlprofit.tables import header_key

TABLES = ("Sales", "Invoices", "DirectCosts")
"""Tables whose rows may be documents of several kinds."""

Meaning = Literal["credit", "returned", "cancelled", "offered", "doubtful"]

Amounts = npt.NDArray[np.float64]

OUT: tuple[Meaning, ...] = ("returned", "cancelled", "offered")
"""What is left out."""


def _listed(text: str) -> frozenset[str]:
    """Return the words of a list, parted by semicolons."""
    return frozenset(word for word in re.split(r"\s*[;\n]\s*", text.strip()) if word)


HEADERS = _listed("""
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

_WORDS: Mapping[Meaning, frozenset[str]] = {
    "credit": _listed("""
        return; returns; credit note; credit notes; credit memo; credit memos; creditmemo; creditnote; refund; refunds
        credit invoice; return order; sales return; sales credit; credit adjustment; cn; return invoice; return note
        credit memorandum; chargeback; customer return; customer credit
        gutschrift; gutschriften; gutschr; retoure; retouren; retour; rücksendung; rücklieferung; rückgabe
        rechnungskorrektur; rückerstattung; erstattung; warenrücksendung; kundenretoure
        kreditnota; kreditnotor; kreditfaktura; kredit faktura; retur; returer; återbetalning; kreditering; kundretur
        returorder
        hyvityslasku; hyvityslaskut; hyvitys; palautus; palautukset; asiakaspalautus; myyntipalautus
    """),
    "returned": _listed("""
        returned; refunded; credited; charged back
        retourniert; zurückgesendet; zurückgegeben; erstattet; gutgeschrieben
        returnerad; återbetald; krediterad
        palautettu; hyvitetty
    """),
    "cancelled": _listed("""
        cancelled; canceled; cancel; cancellation; cancelation; void; voided; annulled; reversed; reversal
        reversal document; cancellation invoice; cancellation document; deleted; rejected; declined; failed
        aborted; lost
        storno; storniert; stornorechnung; stornierung; stornobeleg; annulliert; abgelehnt; abgebrochen; gelöscht
        ungültig; gestrichen
        annullerad; annullerat; annullering; makulerad; makulerat; makulering; avbruten; avbokad; avvisad; raderad
        avslagen; ogiltig; inställd
        peruttu; peruutettu; peruutus; mitätöity; mitätöinti; hylätty; poistettu
    """),
    "offered": _listed("""
        quote; quotes; quotation; quotations; offer; offers; proforma; pro forma; draft; drafts; estimate; estimates
        proposal; sales quote; sales quotation; budget; forecast; opportunity; inquiry
        angebot; angebote; offerte; kostenvoranschlag; entwurf; proformarechnung; anfrage
        offert; offerter; utkast; förslag; proformafaktura; anbud
        tarjous; tarjoukset; luonnos; proformalasku; proforma lasku; myyntitarjous
    """),
    "doubtful": _listed("credit; credits; kredit; adjustment; correction; korrektur; oikaisu; rättelse"),
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

MOST_WORDS = 200
"""A column of more different words than this says something else."""


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


@dataclass(frozen=True, eq=False)
class Column:
    """One column that tells documents apart: where it stands, its words with a meaning, and which each row has."""

    at: int
    texts: tuple[str, ...]
    codes: Places

    def mask(self, *meanings: Meaning) -> Mask:
        """Return which rows have a word of one of these meanings."""
        wanted = [meaning_of(text) in meanings for text in self.texts]
        return np.array([*wanted, False], dtype=bool)[self.codes]


@dataclass(frozen=True)
class Spotted:
    """The columns of a table whose words mean documents: those whose header says so, and the others."""

    known: tuple[Column, ...] = ()
    other: tuple[Column, ...] = ()

    def mask(self, size: int) -> Mask:
        """Return which rows a column that is known to tell documents has no plain sale in."""
        mask = np.zeros(size, dtype=bool)
        for column in self.known:
            mask |= column.mask("credit", "doubtful", *OUT)
        return mask


def spot(draft: Draft) -> Spotted:
    """Return the columns of a table, beside its own, whose words mean documents."""
    if draft.raw.name not in TABLES or MONEY[draft.raw.name][0] not in draft.readings:
        return Spotted()
    known: list[Column] = []
    other: list[Column] = []
    for at, header in enumerate(draft.raw.frame.columns):
        if at in draft.headers.values():
            continue
        found = _column(draft, at)
        if found is not None:
            (known if header_key(header) in HEADERS else other).append(found)
    return Spotted(tuple(known), tuple(other))


def _column(draft: Draft, at: int) -> Column | None:
    parts = [part for part in cells.parts(draft.raw.frame.iloc[:, at]) if part.sort == "text"]
    distinct = {text for part in parts for text in part.texts}
    if len(distinct) > MOST_WORDS or not any(map(meaning_of, distinct)):
        return None
    texts = sorted(distinct)
    place = {text: i for i, text in enumerate(texts)}
    codes = np.full(len(draft.rows), -1, dtype=np.int64)
    for part in parts:
        which, own = part.distinct()
        codes[part.at] = np.array([place[str(text)] for text in own], dtype=np.int64)[which]
    return Column(at, tuple(texts), codes)


@dataclass(frozen=True)
class Sorted:
    """A table without the rows that are no sales; which of the rest are to be counted negative; what was found."""

    draft: Draft
    credits: Mask
    findings: list[Finding]


def sort_out(draft: Draft, spotted: Spotted, currency: str) -> Sorted:
    """Return a table without the rows that are no sales, and which of its rows are to be counted negative.

    Of words in several columns one that leaves a row out goes before one that counts it negative.
    """
    out, credits = np.zeros(len(draft.rows), dtype=bool), np.zeros(len(draft.rows), dtype=bool)
    if not spotted.known and not spotted.other:
        return Sorted(draft, credits, [])
    amounts = _amounts(draft)
    findings: list[Finding] = []
    for column in spotted.known:
        leave = column.mask("offered") | (column.mask("returned") & (amounts > 0))
        leave |= _cancelled(draft, column, amounts)
        leave &= draft.usable & ~out
        out |= leave
        findings += _say(draft, column, leave, amounts, currency, "out")
    positive = draft.usable & ~out & (amounts > 0)
    for column in spotted.known:
        fresh = column.mask("credit") & positive & ~credits & ~_with_returns(draft)
        credits |= fresh
        findings += _say(draft, column, fresh, amounts, currency, "credit")
    for column in (*spotted.known, *spotted.other):
        unsure = column.mask("doubtful") if column in spotted.known else column.mask("credit", *OUT)
        findings += _say(draft, column, unsure & positive & ~credits, amounts, currency, "unsure")
    return Sorted(replace(draft, usable=draft.usable & ~out, excluded=out), credits, findings)


def negate(draft: Draft, credits: Mask) -> Draft:
    """Return a table whose credits are negative in every column of money, and in quantity."""
    if not credits.any():
        return draft
    readings = dict(draft.readings)
    for name in (*MONEY[draft.raw.name], "quantity"):
        if name in readings:
            values = readings[name].values.astype(np.float64)
            readings[name] = replace(readings[name], values=np.where(credits, -np.abs(values), values))
    return replace(draft, readings=readings)


def _amounts(draft: Draft) -> Amounts:
    values = draft.readings[MONEY[draft.raw.name][0]].values.astype(np.float64)
    return np.nan_to_num(values, nan=0.0)


def _with_returns(draft: Draft) -> Mask:
    """Return which rows have their returns in the column of that name, so that they are taken off already."""
    if "returns" not in draft.readings:
        return np.zeros(len(draft.rows), dtype=bool)
    values = np.nan_to_num(draft.readings["returns"].values.astype(np.float64), nan=0.0)
    return np.asarray(values != 0, dtype=bool)


def _cancelled(draft: Draft, column: Column, amounts: Amounts) -> Mask:
    """Return which cancelled rows are left out: all that are positive, and the reversals that take those back.

    A reversal takes back one row of the same customer and amount. The others reverse what is not marked.
    """
    marked = column.mask("cancelled") & draft.usable
    if not (marked & (amounts < 0)).any():
        return marked
    at = np.flatnonzero(marked)
    reading = draft.readings.get("customer")
    customers = reading.text()[at] if reading is not None else np.full(len(at), "", dtype=object)
    rows = pd.DataFrame(
        {
            "customer": [str(name).casefold() for name in customers],
            "size": np.abs(amounts[at]),
            "back": amounts[at] < 0,
            "row": draft.rows[at],
        }
    )
    keys = ["customer", "size"]
    # Rows that are alike in both differ in nothing that decides but their place; the first ones are paired.
    rank = rows.sort_values("row").groupby([*keys, "back"], sort=False).cumcount().reindex(rows.index)
    marked_there = rows[~rows["back"]].groupby(keys, sort=False).size()
    index = pd.MultiIndex.from_frame(rows[keys])
    there = marked_there.reindex(index).fillna(0).to_numpy() if len(marked_there) else np.zeros(len(rows))
    mask = np.zeros(len(draft.rows), dtype=bool)
    mask[at] = ~rows["back"].to_numpy() | (rank.to_numpy() < there)
    return mask


Done = Literal["out", "credit", "unsure"]


def _say(
    draft: Draft,
    column: Column,
    mask: Mask,
    amounts: Amounts,
    currency: str,
    done: Done,
) -> list[Finding]:
    at = np.flatnonzero(mask)
    if not len(at):
        return []
    words = [column.texts[code] for code in np.unique(column.codes[at])]
    values = {
        "header": shown(cleaned(str(draft.raw.frame.columns[column.at]))),
        "words": ", ".join(map(shown, words[:5])) + (", …" if len(words) > 5 else ""),
        "sum": math.fsum(amounts[at]),
        "currency": currency,
    }
    count = int(draft.place.lines_of(draft.rows[at]).sum())
    if done == "out":
        what = _n(
            "{n:,} row with {words} under {header} is left out, {sum:,.2f} {currency}",
            "{n:,} rows with {words} under {header} are left out, {sum:,.2f} {currency} in all",
            count,
            **values,
        )
    elif done == "credit":
        what = _n(
            "{n:,} row with {words} under {header} is counted negative, {sum:,.2f} {currency}",
            "{n:,} rows with {words} under {header} are counted negative, {sum:,.2f} {currency} in all",
            count,
            **values,
        )
    else:
        what = _n(
            "{n:,} row with {words} under {header} is counted as a sale, {sum:,.2f} {currency}",
            "{n:,} rows with {words} under {header} are counted as sales, {sum:,.2f} {currency} in all",
            count,
            **values,
        )
    cell = (
        f"{letters(draft.raw.column + column.at)}{draft.rows[at].min()}" if draft.place.first_row > 1 else ""
    )
    code = "C27" if done == "unsure" else "C23"
    return [finding(code, draft.place.sheet, cell, what, count=count)]
