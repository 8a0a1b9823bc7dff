"""Names: what in an export says currency of the books, minutes, parts of a date, payments.

The words stand in the files of the languages.
"""

from __future__ import annotations

import re

from xlprofit.headings import keys_of
from xlprofit.languages import list_reading_words
from xlprofit.reading.word_patterns import compile_words, join_words

LOCAL = re.compile(rf"(?:\bin (?:the )?)?(?:{join_words('local_currency')})", re.IGNORECASE)
"""What says in a header that an amount is in the currency of the books, whatever the currency of the document."""

MINUTES = compile_words("in_minutes")
"""What says in a header that durations are in minutes."""

SECONDS = compile_words("in_seconds")
"""What says in a header that durations are in seconds."""

YEARS = keys_of(list_reading_words("year_headers"))
MONTHS = keys_of(list_reading_words("month_headers"))
DAYS_OF_MONTHS = keys_of(list_reading_words("period_headers"))
"""Headers of the parts of a date that stands in several columns, or is a month."""

DEBITS = keys_of(list_reading_words("debits"))
CREDITS = keys_of(list_reading_words("credits"))
"""Headers of the two sides of an account, by their keys."""

PAYMENTS = compile_words("payments")
"""Kinds of documents that are no sales."""

PAID = compile_words("paid")
"""Kinds of documents that pay."""

REFUNDS = compile_words("refunds")
"""Kinds of documents that pay money back: of a payment where there are payments, else of a sale."""
