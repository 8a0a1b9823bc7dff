"""Table: the conventions that several columns of a row bear on, applied in their order."""

from __future__ import annotations

from dataclasses import replace

from xlprofit.findings import Finding
from xlprofit.reading.conventions import currencies, documents, rates, signs
from xlprofit.reading.rows import Draft


def settle_table(draft: Draft, currency: str) -> tuple[Draft, list[Finding]]:
    """Return a table in which all money is in currency and positive where it is ordinary, and what was found.

    Rows in another currency and rows that are no sales are not usable; credits are negative.
    """
    draft, foreign = currencies.exclude_foreign_rows(draft, currency)
    draft, scaled = rates.scale_amounts(draft)
    spotted = documents.find_document_columns(draft)
    draft, turned = signs.turn_signs(draft, ~spotted.mask(len(draft.rows)), currency)
    found = documents.exclude_documents(draft, spotted, currency)
    draft, multiplied = rates.multiply_shares(found.draft, currency)
    draft = documents.negate_credits(draft, found.credits)
    return replace(draft, credits=found.credits), [*foreign, *scaled, *turned, *found.findings, *multiplied]
