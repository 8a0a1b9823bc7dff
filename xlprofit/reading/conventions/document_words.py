"""What a document's kind or state is called in exports; the words themselves stand in the files of the languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal

from xlprofit.languages import list_reading_words
from xlprofit.reading.codes import load_codes
from xlprofit.reading.word_patterns import compile_words, join_words
from xlprofit.reading.words import normalize_text
from xlprofit.tables import header_key

Meaning = Literal["credit", "returned", "cancelled", "offered", "unearned", "doubtful"]
"""What a row is: a document that takes money back; a sale that was returned or cancelled; an offer; money that is not
earned, such as a deposit, a gift card or tax; or one of these, perhaps."""


HEADERS = frozenset(list_reading_words("document_headers"))
"""Headers of a column that says what kind of document a row is, or what became of it, by their keys."""

_ENDINGS = list_reading_words("document_endings")
"""What longer headers of such columns end with: ERP document type. Customer status is none of them."""

_COMPOSED = re.compile(
    f"(?:(?:{join_words('documents_named')})(?:{join_words('kinds_named')})"
    f"|(?:{join_words('rows_named')})(?:{join_words('kinds_named')}))(?:{join_words('kind_endings')})?"
)
"""Headers of such columns that are put together: Doc. kind, Invoice category, Billing class."""

_WORDS: Mapping[Meaning, frozenset[str]] = {
    "credit": frozenset(list_reading_words("credit_documents")),
    "returned": frozenset(list_reading_words("returned_documents")),
    "cancelled": frozenset(list_reading_words("cancelled_documents")),
    "offered": frozenset(list_reading_words("offered_documents")),
    "unearned": frozenset(list_reading_words("unearned_documents")),
    "doubtful": frozenset(list_reading_words("doubtful_documents")),
}
"""Words for what a row is, in lower case. A code such as CN or G2 leaves doubt, since another system has another."""

CREDIT_CODES = load_codes("credit_codes")
"""Codes of an invoice and of its credit note, as systems pair them."""

_SALES = compile_words("sale_documents")
"""What a kind of document is called that is a sale, anywhere in its words."""

_STEMS = list_reading_words("document_stems")
"""What a longer text begins a word with that may mean the same: Partially returned."""

_BESIDE = re.compile(
    rf"^(?:{join_words('flag_beginnings')})\b|\b(?:{join_words('flag_endings')})$",
    re.IGNORECASE,
)
"""What stands beside the word in the header of a column of yes and no: Is cancelled, Return flag, Cancelled at."""

_OTHERWISE = frozenset(list_reading_words("not_documents"))
"""Words that mean something else where the cells say yes or no: bought on offer."""

_TRIALS = frozenset(list_reading_words("test_documents"))
"""What a row that may be none is called in the header of a column of yes and no."""

_WON = frozenset(list_reading_words("won_documents"))
"""What a deal is called that was won, in lower case."""

_TEST_CUSTOMERS = frozenset(list_reading_words("test_customers"))
"""What a customer is called that is none, in lower case."""

_VALIDITY_HEADERS = frozenset(list_reading_words("validity_headers"))
"""Headers of a column in which a no may mean that the row does not count: Active, Posted."""

_SIDE_HEADERS = frozenset(list_reading_words("side_headers"))
"""Headers of a column that says whether an amount is booked in debit or in credit, by their keys without slashes."""

_SIDES = {
    **dict.fromkeys(list_reading_words("debit_side"), "debit"),
    **dict.fromkeys(list_reading_words("credit_side"), "credit"),
}
"""What the two sides are called under such a header, in lower case."""

_TAXES = frozenset(list_reading_words("tax_rows"))
"""What a line of an invoice is called that is its tax, in lower case; a tax invoice is a sale."""

_DELIVERED = frozenset(list_reading_words("delivered_documents"))
_UNDELIVERED = frozenset(list_reading_words("undelivered_documents"))
"""What an order is called that was delivered or invoiced, and one that was not yet, in lower case."""

_FILLERS = re.compile(rf"\b(?:{join_words('document_fillers')})\b")
"""Words that change nothing: Sales return, Cancelled by customer."""


_NO_CREDIT = re.compile(rf"\b(?:{join_words('no_credit')})(?: |$)")
_NAMES_CREDIT = re.compile(rf"\b(?:{join_words('credit_remarks')})\b")


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

    >>> read_flag_meaning("Is cancelled"), read_flag_meaning("Return? (Y/N)"), read_flag_meaning("Offer")
    ('cancelled', 'credit', None)
    """
    name = strip_flag_words(header)
    if name.casefold() in _TRIALS:
        return "doubtful"
    meaning = read_meaning(name)
    by_stem = meaning == "doubtful" and name.casefold() not in _WORDS[meaning]
    return None if by_stem or name.casefold() in _OTHERWISE else meaning


def is_won(text: str) -> bool:
    """Whether a word is the state of a deal that was won.

    >>> is_won("Closed Won"), is_won("Negotiation")
    (True, False)
    """
    return normalize_text(text).casefold() in _WON


def find_undelivered(texts: Iterable[str]) -> frozenset[str]:
    """Return which states are of orders not delivered yet, where others are of delivered ones.

    An open invoice is a sale.

    >>> sorted(find_undelivered(["Delivered", "Open"])), sorted(find_undelivered(["Paid", "Open"]))
    (['Open'], [])
    """
    states = {text: normalize_text(text).casefold().replace("_", " ") for text in texts}
    if not _DELIVERED & {*states.values()}:
        return frozenset()
    return frozenset(text for text, state in states.items() if state in _UNDELIVERED)


def is_validity_header(header: object) -> bool:
    """Whether a no below a header may mean that the row does not count.

    >>> is_validity_header("Is active"), is_validity_header("Billable")
    (True, False)
    """
    return header_key(header) in _VALIDITY_HEADERS


def is_test_customer(name: str) -> bool:
    """Whether a customer is called as one that systems are tried out with.

    >>> is_test_customer("TEST Customer - do not use"), is_test_customer("Test Rite Ltd")
    (True, False)
    """
    parts = re.split(r"\s+[-–—]+\s+|[(:/]", normalize_text(name).casefold())
    return any(re.sub(r"[\s_-]+", " ", part).strip(" .)") in _TEST_CUSTOMERS for part in parts)


def strip_flag_words(header: object) -> str:
    """Return a header without what says that the cells of the column are yes and no."""
    words = re.sub(
        r"(?<=[a-z])(?=[A-Z])|[_?-]|\([^()]{1,4}/[^()]{1,4}\)\s*$", " ", normalize_text(str(header))
    ).strip()
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
    if clean in _TAXES:
        return "unearned"
    for meaning, words in _WORDS.items():
        if clean in words or short in words:
            return meaning
    padded = f" {clean}"
    if _NO_CREDIT.search(padded):
        return None
    return "doubtful" if len(clean) <= 40 and any(f" {stem}" in padded for stem in _STEMS) else None


def find_credit_codes(texts: Iterable[str]) -> frozenset[str]:
    """Return which texts of a column are codes of credit notes since those of invoices stand beside them.

    >>> sorted(find_credit_codes(["SI", "SC", "sc"])), sorted(find_credit_codes(["NC", "SC"]))
    (['SC', 'sc'], [])
    """
    codes = {text: text.strip().casefold() for text in texts}
    credits = {credit for sale, credit in CREDIT_CODES if {sale, credit} <= {*codes.values()}}
    return frozenset(text for text, code in codes.items() if code in credits)


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
