"""What the result sheets are called in the language spoken."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from xlprofit.languages import list_terms, translate_term
from xlprofit.sheets.names import (
    ALL,
    CAPACITY,
    CHANGES,
    CHECKS,
    COST_TO_SERVE,
    COST_TO_SERVE_SHARE,
    CREDIT_RISK,
    CUSTOMER,
    CUSTOMER_PNL,
    DASHBOARD,
    DECISIONS,
    EXPLANATION,
    ORDER,
    PROSPECT_SCREENING,
    RATE_CARD,
    REFERRAL_VALUE,
    SCENARIO_RESULTS,
    SERVICE_RETURN,
    SUFFIX,
    TRENDS,
    list_all_sheet_names,
    list_former_names,
)
from xlprofit.words.speech import get_spoken_language, term

__all__ = [
    "ALL",
    "CAPACITY",
    "CHANGES",
    "CHECKS",
    "COST_TO_SERVE",
    "COST_TO_SERVE_SHARE",
    "CREDIT_RISK",
    "CUSTOMER",
    "CUSTOMER_PNL",
    "DASHBOARD",
    "DECISIONS",
    "EXPLANATION",
    "ORDER",
    "PROSPECT_SCREENING",
    "RATE_CARD",
    "REFERRAL_VALUE",
    "SCENARIO_RESULTS",
    "SERVICE_RETURN",
    "TRENDS",
    "everywhere",
    "find_free_names",
    "list_all_sheet_names",
    "list_former_names",
    "order",
    "say_sheet_name",
]


LONGEST = 31
"""The most characters of a sheet's name in Excel."""

MARKS = (SUFFIX, *(f" (xlprofit {number})" for number in range(2, 10)))
"""What stands behind the name of a result sheet where the user has a sheet of that name."""


def say_sheet_name(name: str) -> str:
    """Return what a result sheet is called in the language spoken."""
    return term("sheet", name)


def order() -> tuple[str, ...]:
    """Return what every result sheet is called in the language spoken, first to last."""
    return tuple(map(say_sheet_name, ORDER))


def find_free_names(there: Iterable[str], ours: Iterable[str]) -> dict[str, str]:
    """Return the names of result sheets that are not as the language has them, since the user has such a sheet.

    A sheet that bears the mark in its name already keeps it. The keys are those of
    :func:`xlprofit.words.speech.speaking`.

    Args:
        there: the names of all sheets of the workbook.
        ours: the names of those that xlprofit made.
    """
    made = {name.casefold() for name in ours}
    taken = {name.casefold() for name in there} - made
    chosen = {
        name: _choose_marked_name(translate_term(get_spoken_language(), "sheet", name), made, taken)
        for name in ALL
    }
    return {f"sheet/{name}": marked for name, marked in chosen.items() if marked}


def _choose_marked_name(own: str, made: Collection[str], taken: Collection[str]) -> str:
    """Return the name with a mark that a sheet has already, or gets since its own is taken; else nothing."""
    marked = [f"{own[: LONGEST - len(mark)]}{mark}" for mark in MARKS]
    kept = next((one for one in marked if one.casefold() in made and own.casefold() not in made), "")
    if kept or own.casefold() not in taken:
        return kept
    return next((one for one in marked if one.casefold() not in taken), marked[-1])


def everywhere(name: str) -> tuple[str, ...]:
    """Return what a result sheet is called in the language spoken, and then in the others."""
    return tuple(dict.fromkeys((say_sheet_name(name), *list_terms("sheet", name))))
