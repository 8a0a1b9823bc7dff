"""Table: the conventions that several columns of a row bear on, applied in their order."""

from __future__ import annotations

from dataclasses import replace

from xlprofit.checks.conventions import currencies, documents, rates, signs
from xlprofit.checks.rows import Draft
from xlprofit.findings import Finding


def settle(draft: Draft, currency: str) -> tuple[Draft, list[Finding]]:
    """Return a table in which all money is in currency and positive where it is ordinary, and what was found.

    Rows in another currency and rows that are no sales are not usable; credits are negative.
    """
    draft, foreign = currencies.leave_out(draft, currency)
    draft, scaled = rates.scale(draft)
    spotted = documents.spot(draft)
    draft, turned = signs.turn(draft, ~spotted.mask(len(draft.rows)), currency)
    found = documents.sort_out(draft, spotted, currency)
    draft, multiplied = rates.multiply(found.draft, currency)
    draft = documents.negate(draft, found.credits)
    return replace(draft, credits=found.credits), [*foreign, *scaled, *turned, *found.findings, *multiplied]
