"""The names of the result sheets, in the order in which they stand."""

from __future__ import annotations

from xlprofit.language import term, terms

DASHBOARD = "Dashboard"
CUSTOMER_PNL = "Customer P&L"
COST_TO_SERVE = "Cost to serve"
COST_TO_SERVE_SHARE = "Cost to serve %"
CAPACITY = "Capacity"
TRENDS = "Trends"
SERVICE_RETURN = "Service return"
CREDIT_RISK = "Credit risk"
PROSPECT_SCREENING = "Prospect screening"
REFERRAL_VALUE = "Referral value"
DECISIONS = "Decisions"
CHECKS = "Checks"

ORDER = (
    DASHBOARD,
    CUSTOMER_PNL,
    COST_TO_SERVE,
    COST_TO_SERVE_SHARE,
    CAPACITY,
    TRENDS,
    SERVICE_RETURN,
    CREDIT_RISK,
    PROSPECT_SCREENING,
    REFERRAL_VALUE,
    DECISIONS,
    CHECKS,
)
"""Every result sheet, first to last."""

EXPLANATION = "Explanation"
"""The sheet that explains a figure, which no refresh makes."""

LOOK_UP = "Look-up"
"""The sheet of formulas that look up the last refresh, made where it is asked for."""

ALL = (*ORDER, LOOK_UP, EXPLANATION)
"""Every sheet that xlprofit makes for a user to read."""


def called(name: str) -> str:
    """Return what a result sheet is called in the language spoken."""
    return term("sheet", name)


def order() -> tuple[str, ...]:
    """Return what every result sheet is called in the language spoken, first to last."""
    return tuple(map(called, ORDER))


def everywhere(name: str) -> tuple[str, ...]:
    """Return what a result sheet is called in the language spoken, and then in the others."""
    return tuple(dict.fromkeys((called(name), *terms("sheet", name))))


def formerly(sheet: str) -> tuple[str, ...]:
    """Return what else a sheet of this name, in the language spoken, is called: in a workbook that spoke another."""
    return next((everywhere(name)[1:] for name in ALL if called(name) == sheet), ())


def every() -> tuple[str, ...]:
    """Return what the result sheets are called in any language: whatever a refresh may have made."""
    return tuple(dict.fromkeys(one for name in ALL for one in terms("sheet", name)))
