"""What the result sheets are called in the language spoken."""

from __future__ import annotations

from xlprofit.languages import list_terms
from xlprofit.sheets.names import (
    ALL,
    CAPACITY,
    CHECKS,
    COST_TO_SERVE,
    COST_TO_SERVE_SHARE,
    CREDIT_RISK,
    CUSTOMER_PNL,
    DASHBOARD,
    DECISIONS,
    EXPLANATION,
    LOOK_UP,
    ORDER,
    PROSPECT_SCREENING,
    REFERRAL_VALUE,
    SERVICE_RETURN,
    TRENDS,
    every,
    formerly,
)
from xlprofit.words.speech import term

__all__ = [
    "ALL",
    "CAPACITY",
    "CHECKS",
    "COST_TO_SERVE",
    "COST_TO_SERVE_SHARE",
    "CREDIT_RISK",
    "CUSTOMER_PNL",
    "DASHBOARD",
    "DECISIONS",
    "EXPLANATION",
    "LOOK_UP",
    "ORDER",
    "PROSPECT_SCREENING",
    "REFERRAL_VALUE",
    "SERVICE_RETURN",
    "TRENDS",
    "called",
    "every",
    "everywhere",
    "formerly",
    "order",
]


def called(name: str) -> str:
    """Return what a result sheet is called in the language spoken."""
    return term("sheet", name)


def order() -> tuple[str, ...]:
    """Return what every result sheet is called in the language spoken, first to last."""
    return tuple(map(called, ORDER))


def everywhere(name: str) -> tuple[str, ...]:
    """Return what a result sheet is called in the language spoken, and then in the others."""
    return tuple(dict.fromkeys((called(name), *list_terms("sheet", name))))
