"""Common currency: of the same amount in two columns, the one that is in one currency in every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from xlprofit.importing.exports.export import is_blank_cell
from xlprofit.importing.exports.match import Match, split_header_words
from xlprofit.importing.exports.months import read_header
from xlprofit.importing.exports.names import LOCAL
from xlprofit.importing.proposals.samples import Floats, Sample
from xlprofit.reading.conventions.names import is_currency_header
from xlprofit.reading.numbers import parse_currency

CENT = 0.011
NEARLY_ALL = 0.95
"""So many of the rows in one currency must have the same amount in both columns, and of the others another one."""


def choose_common_currency(sample: Sample, have: Mapping[str, Match]) -> Mapping[str, Match]:
    """Return the columns with revenue in one currency, where the one found is in that of each document.

    The rows show it: in those of one currency both columns are the same, in those of others they are not.
    """
    revenue = have["gross_revenue"]
    if revenue.by == "chosen" or revenue.at not in sample.numbers:
        return have
    for codes in _list_codes(sample):
        for at in sample.list_money(have, revenue.at):
            currency = _find_common(codes, sample.numbers[revenue.at], sample.numbers[at])
            if (
                currency
                and _names_currency(sample, at, currency)
                and not _names_currency(sample, revenue.at, currency)
            ):
                found = Match("gross_revenue", at, 0.95, "rows").add_to_rule(currency=currency)
                return {**have, "gross_revenue": found}
    return have


def _list_codes(sample: Sample) -> Sequence[Sequence[str]]:
    """Return the currencies of the rows, by each column that has several."""
    found = []
    for at, header in enumerate(sample.page.headers):
        if not header or not is_currency_header(header):
            continue
        cells = sample.page.cells[at]
        codes = [
            "" if is_blank_cell(cells[row]) else parse_currency(read_header(cells[row]))
            for row in sample.rows
        ]
        if len(set(codes) - {""}) > 1:
            found.append(codes)
    return found


def _names_currency(sample: Sample, at: int, currency: str) -> bool:
    """Whether a header says that its amounts are in one currency, or the column before it does."""
    header = sample.page.headers[at]
    if LOCAL.search(header) or currency.casefold() in split_header_words(header):
        return True
    before = at - 1
    if before < 0 or not is_currency_header(sample.page.headers[before]):
        return False
    codes = {parse_currency(text) for text in sample.page.looks[before].examples}
    return sample.page.looks[before].different == 1 and codes == {currency}


def _find_common(codes: Sequence[str], amounts: Floats, others: Floats) -> str:
    """Return the one currency that other amounts are in; nothing where they are no such."""
    known = np.isfinite(amounts) & np.isfinite(others) & (np.nan_to_num(amounts) != 0)
    same = np.abs(amounts - others) <= CENT
    for currency in sorted(set(codes) - {""}):
        own = np.array([code == currency for code in codes], dtype=bool) & known
        foreign = ~own & known & np.array([bool(code) for code in codes], dtype=bool)
        if not own.any() or not foreign.any():
            continue
        if same[own].mean() >= NEARLY_ALL and (~same[foreign]).mean() >= NEARLY_ALL:
            return currency
    return ""
