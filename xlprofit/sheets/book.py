"""All result sheets of a run, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlprofit.sheets import (
    capacity,
    checks,
    cost_to_serve,
    credit_risk,
    customer_pnl,
    dashboard,
    decisions,
    look_up,
    prospect_screening,
    referral_value,
    results_sheet,
    service_return,
    trends,
)
from xlprofit.sheets.parts import Sheet

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results


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


def with_hidden(
    results: Results, existing: tuple[str, ...] = (), *, formulas: bool = False, customer: object = None
) -> tuple[Sheet, ...]:
    """Return all that a refresh puts into a workbook: the result sheets, and the results sheet behind them.

    *Look-up* comes last: in live Excel its formulas are calculated as they are written, from the results sheet.

    Args:
        results: the run.
        existing: as in :func:`sheets`.
        formulas: whether *Look-up* is among them.
        customer: the customer that was chosen on it, if any.
    """
    hidden = results_sheet.sheet(results)
    asked = (look_up.sheet(results, results_sheet.lookup(hidden), customer),) if formulas else ()
    return (*sheets(results, existing), hidden, *asked)
