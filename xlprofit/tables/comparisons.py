"""What the setting ``compare`` may ask for beside the names of plans and scenarios."""

from __future__ import annotations

from xlprofit.languages import list_terms

PREVIOUS_YEAR = "previous year"
PREVIOUS_PERIOD = "previous period"

COMPARISONS = (PREVIOUS_YEAR, PREVIOUS_PERIOD)
"""The spans of periods that a run may compare."""


def find_comparison(asked: str) -> str | None:
    """Return which of :data:`COMPARISONS` is meant, in any language and case; ``None`` where none is.

    >>> find_comparison(" Previous  Year ")
    'previous year'
    """
    wanted = " ".join(asked.replace("_", " ").split()).casefold()
    for kind in COMPARISONS:
        if wanted in {kind, *(said.casefold() for said in list_terms("word", kind))}:
            return kind
    return None
