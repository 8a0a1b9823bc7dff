"""All result sheets of a run, in their order."""

from __future__ import annotations

from xlprofit.results import Results
from xlprofit.sheets import (
    capacity,
    checks,
    cost_to_serve,
    credit_risk,
    customer_pnl,
    dashboard,
    decisions,
    prospect_screening,
    referral_value,
    service_return,
    trends,
)
from xlprofit.sheets.parts import Sheet


def sheets(results: Results, existing: tuple[str, ...] = ()) -> tuple[Sheet, ...]:
    """Return the result sheets of a run.

    Args:
        results: the run.
        existing: the sheets of the workbook they go into, to which the checks may link.
    """
    return (
        dashboard.sheet(results),
        customer_pnl.sheet(results),
        cost_to_serve.money(results),
        cost_to_serve.share(results),
        capacity.sheet(results),
        trends.sheet(results),
        service_return.sheet(results),
        credit_risk.sheet(results),
        prospect_screening.sheet(results),
        referral_value.sheet(results),
        decisions.sheet(results),
        checks.sheet(results.findings, existing),
    )
