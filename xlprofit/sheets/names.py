"""The names of the result sheets, in the order in which they stand."""

from __future__ import annotations

from xlprofit.languages import list_terms
from xlprofit.messages import term

DASHBOARD = "Dashboard"
CUSTOMER = "Customer"
CHANGES = "Changes"
SEGMENTS = "Segments"
PRODUCTS = "Products"
GROUPS = "Groups"
CUSTOMER_PNL = "Customer P&L"
COST_TO_SERVE = "Cost to serve"
COST_TO_SERVE_SHARE = "Cost to serve %"
CAPACITY = "Capacity"
RATE_CARD = "Rate card"
TRENDS = "Trends"
OUTLOOK = "Outlook"
SERVICE_RETURN = "Service return"
CREDIT_RISK = "Credit risk"
PROSPECT_SCREENING = "Prospect screening"
REFERRAL_VALUE = "Referral value"
DECISIONS = "Decisions"
SCENARIO_RESULTS = "Scenario results"
CHECKS = "Checks"

DESCRIBED = {
    DASHBOARD: "dashboard:describe_dashboard_sheet",
    CHANGES: "changes:describe_changes_sheet",
    SEGMENTS: "segments:describe_segments_sheet",
    PRODUCTS: "products:describe_products_sheet",
    GROUPS: "groups:describe_groups_sheet",
    CUSTOMER_PNL: "customer_pnl:describe_customer_pnl_sheet",
    COST_TO_SERVE: "cost_to_serve:describe_cost_to_serve_sheet",
    COST_TO_SERVE_SHARE: "cost_to_serve:describe_cost_share_sheet",
    CAPACITY: "capacity:describe_capacity_sheet",
    RATE_CARD: "rate_card:describe_rate_card_sheet",
    TRENDS: "trends:describe_trends_sheet",
    OUTLOOK: "outlook:describe_outlook_sheet",
    SERVICE_RETURN: "service_return:describe_service_return_sheet",
    CREDIT_RISK: "credit_risk:describe_credit_risk_sheet",
    PROSPECT_SCREENING: "prospect_screening:describe_prospect_screening_sheet",
    REFERRAL_VALUE: "referral_value:describe_referral_value_sheet",
    DECISIONS: "decisions:describe_decisions_sheet",
    SCENARIO_RESULTS: "scenario_results:describe_scenario_results_sheet",
}
"""The sheets of results, first to last, each with the module beside this one and the function that describe it.

A function gives nothing where the sheet would have nothing to say: then it is not made.
"""

ORDER = (DASHBOARD, CUSTOMER, *(name for name in DESCRIBED if name != DASHBOARD), CHECKS)
"""Every result sheet, first to last."""

EXPLANATION = "Explanation"
"""The sheet that explains a figure, which no refresh makes."""

FORMER = {CUSTOMER: ("Look-up", "Haku")}
"""What sheets are called that no refresh makes any more, by the sheet that takes their place."""

ALL = (*ORDER, EXPLANATION)
"""Every sheet that xlprofit makes for a user to read."""


def translate_sheet_name(name: str) -> str:
    """Return what a result sheet is called."""
    return term("sheet", name)


SUFFIX = " (xlprofit)"
"""What stands behind the name of a result sheet where the user has a sheet of that name."""


def strip_suffix(sheet: str) -> str:
    """Return a result sheet's name without what sets it apart from a sheet of the user's.

    >>> strip_suffix("Dashboard (xlprofit)"), strip_suffix("Dashboard")
    ('Dashboard', 'Dashboard')
    """
    return sheet.removesuffix(SUFFIX)


def list_former_names(sheet: str) -> tuple[str, ...]:
    """Return what else a sheet of this name is called: in workbooks of the other languages."""
    known = ((*list_terms("sheet", name), *FORMER.get(name, ())) for name in ALL)
    return next((tuple(one for one in words if one != sheet) for words in known if sheet in words), ())


def list_all_sheet_names() -> tuple[str, ...]:
    """Return what the result sheets are called in any language: whatever a refresh may have made."""
    former = (one for names in FORMER.values() for one in names)
    return tuple(dict.fromkeys((*(one for name in ALL for one in list_terms("sheet", name)), *former)))
