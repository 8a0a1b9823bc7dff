"""Words of amounts: what in a header says tax, discount, cost, a whole order, one unit, what is still open.

The words stand in the files of the languages.
"""

from __future__ import annotations

import re

from xlprofit.reading.word_patterns import compile_words, join_words

TAX = compile_words("tax")
TAX_RATE = re.compile(
    rf"(?<![^\W\d_])(?:(?:{join_words('tax')})[ ./_-]{{0,2}}(?:{join_words('rate')})|% ?(?:{join_words('tax')})"
    rf"|{join_words('tax_rates')})(?![^\W\d_])",
    re.IGNORECASE,
)
OF_WHICH = compile_words("of_which")
"""What says before a tax that it is in the amount."""

WITH_TAX = compile_words("with_tax")
"""What says of an amount that its tax is in it, where a tax stands beside."""

GROSS = compile_words("gross_names")
"""What an amount is called in languages in which that means with its tax; Bruttoumsatz is revenue before discounts."""

INCLUDING = compile_words("beside_tax")
"""What makes a header with the word tax one of an amount with it."""

WITHOUT_TAX = compile_words("without_tax")
"""What says of an amount that its tax is not in it."""

DISCOUNT = compile_words("discount")
BEFORE_DISCOUNT = compile_words("before_discount")
COST = compile_words("cost")
EACH = compile_words("each")
WHOLE = compile_words("whole")
"""What says of a cost or an amount that it is of the whole line."""

LINE = compile_words("line")
"""What says that an amount is of the line, not of the whole order."""

OPEN = compile_words("open")
"""What says of an amount that it is what is left to be paid."""

HUNDREDS = re.compile(rf"(?:{join_words('per')})\s*(1\s?000|1000|100|10)\b", re.IGNORECASE)
"""What says that a price is for more than one unit, and for how many."""

ORDERS = compile_words("orders")
"""Headers of what several lines belong to."""

INVOICES = compile_words("invoices")
"""Kinds of documents that are invoices."""

STAGES = compile_words("stages")
"""Kinds of documents that an invoice follows: they are the same sale once more."""

FEES = compile_words("payment_fees")
CHARGED = compile_words("charged_fees")
"""Headers of what a payment or a marketplace costs the seller; and what says that the customer pays a fee."""

TOTALS = rf"(?i)^\s*(?:\*+\s*)?(?:{join_words('total_rows')})\b"
"""What a cell begins with that names a total."""


def is_seller_fee(header: str) -> bool:
    """Whether a header is that of a fee which the seller pays.

    >>> is_seller_fee("Stripe fee"), is_seller_fee("Shipping fee"), is_seller_fee("Net")
    (True, False, False)
    """
    plain = header.replace("_", " ")
    return FEES.search(plain) is not None and CHARGED.search(plain) is None
