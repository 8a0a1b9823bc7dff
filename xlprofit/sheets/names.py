"""The names of the result sheets, in the order in which they stand."""

from __future__ import annotations

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
