"""Names: what in an export says currency of the books, minutes, parts of a date, payments."""

from __future__ import annotations

import re

from xlprofit.headings import keys_of


def _split_names(words: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in words.split(",") if word.strip())


LOCAL = re.compile(
    r"(?:\bin (?:the )?)?(?:\((?:lcy|mst|local)\)|local currency|home currency|base currency"
    r"|company (?:code )?currency|hauswährung"
    r"|basvaluta|redovisningsvaluta|kotivaluutta|devise locale|moneda local|\blcy\b)",
    re.IGNORECASE,
)
"""What says in a header that an amount is in the currency of the books, whatever the currency of the document."""

MINUTES = re.compile(r"\bmin(?:\.|s|utes?|uten|uuttia|uuter)?\b", re.IGNORECASE)
"""What says in a header that durations are in minutes."""

SECONDS = re.compile(r"\bsec(?:\.|s|onds?)?\b|\(s\)|sekunden|sekunder|sekuntia", re.IGNORECASE)
"""What says in a header that durations are in seconds."""

YEARS = keys_of(_split_names("year, jahr, år, vuosi, année, año, anno, jaar, fiscal year, geschäftsjahr"))
MONTHS = keys_of(
    _split_names("month, monat, månad, kuukausi, mois, mes, mese, maand, period, periode, kausi")
)
DAYS_OF_MONTHS = keys_of(
    _split_names(
        "year period, year month, fiscal period, accounting period, posting month, vuosikuukausi, month, "
        "period, monat, periode, posting period, buchungsperiode, kuukausi, kausi, månad"
    )
)
"""Headers of the parts of a date that stands in several columns, or is a month."""

DEBITS = keys_of(
    _split_names(
        "debit, soll, debet, debe, dare, débit, debit amount, debits, dr, sollbetrag, debet belopp, debit (lcy)"
    )
)
CREDITS = keys_of(
    _split_names(
        "credit, haben, kredit, haber, avere, crédit, credit amount, credits, cr, habenbetrag, "
        "kredit belopp, credit (lcy)"
    )
)
"""Headers of the two sides of an account, by their keys."""

PAYMENTS = re.compile(
    r"^(?:payments?|zahlung(?:en|seingang)?|betalning|maksu|suoritus|paiement|pago|pagamento|betaling|refund|"
    r"rückzahlung|reminder|mahnung|finance charge(?: memo)?|receipt|deposit|transfer|bank receipt|rcpt|rcv|journal|"
    r"payouts?|auszahlung|utbetalning|tilitys|stripe fee|fee|adjustment fee)$",
    re.IGNORECASE,
)
"""Kinds of documents that are no sales."""

REFUNDS = re.compile(r"^(?:refund|rückzahlung)$", re.IGNORECASE)
PAID = re.compile(
    r"^(?:(?:customer |bank )?payments?|zahlung(?:en|seingang)?|betalning|maksu|suoritus|paiement|pago"
    r"|pagamento|betaling|bank receipt|rcpt|rcv)$",
    re.IGNORECASE,
)
"""Kinds of documents that pay money back: of a payment where there are payments, else of a sale."""
