"""All result sheets of a run, in their order."""

from __future__ import annotations

from xlprofit.results import Results
from xlprofit.sheets import capacity, checks, cost_to_serve, customer_pnl, dashboard
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
        checks.sheet(results.findings, existing),
    )
