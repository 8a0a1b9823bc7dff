"""All result sheets of a run, in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from xlprofit.formulas import SHEET as RESULTS_SHEET
from xlprofit.languages import list_terms
from xlprofit.sheets import (
    capacity,
    checks,
    cost_to_serve,
    credit_risk,
    customer_pnl,
    dashboard,
    decisions,
    figures,
    look_up,
    names,
    prospect_screening,
    referral_value,
    results_sheet,
    service_return,
    trends,
)

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results
    from xlprofit.sheets.figures import Selection
    from xlprofit.sheets.parts import Sheet

_SHEETS: Mapping[str, Callable[[Results], Sheet]] = {
    names.DASHBOARD: dashboard.describe_dashboard_sheet,
    names.CUSTOMER_PNL: customer_pnl.describe_customer_pnl_sheet,
    names.COST_TO_SERVE: cost_to_serve.describe_cost_to_serve_sheet,
    names.COST_TO_SERVE_SHARE: cost_to_serve.describe_cost_share_sheet,
    names.CAPACITY: capacity.describe_capacity_sheet,
    names.TRENDS: trends.describe_trends_sheet,
    names.SERVICE_RETURN: service_return.describe_service_return_sheet,
    names.CREDIT_RISK: credit_risk.describe_credit_risk_sheet,
    names.PROSPECT_SCREENING: prospect_screening.describe_prospect_screening_sheet,
    names.REFERRAL_VALUE: referral_value.describe_referral_value_sheet,
    names.DECISIONS: decisions.describe_decisions_sheet,
}
"""What describes each result sheet but the checks, in their order."""


def describe_result_sheets(results: Results, existing: tuple[str, ...] = ()) -> tuple[Sheet, ...]:
    """Return the result sheets of a run.

    Args:
        results: the run.
        existing: the sheets of the workbook they go into, to which the checks may link.
    """
    return (
        *(describe(results) for describe in _SHEETS.values()),
        checks.describe_checks_sheet(results.findings, existing),
    )


def find_described(
    selection: Selection,
    results: Results,
    read_chosen: Callable[[], object] = lambda: None,
    say: Callable[[str], str] = str,
) -> Sheet | None:
    """Return the sheet of ours that a cell is on, as a refresh would describe it now; ``None`` for one of the user's.

    Args:
        selection: the cell.
        results: the run.
        read_chosen: gives the customer that is chosen on *Look-up*.
        say: as :func:`xlprofit.sheets.look_up.describe_look_up_sheet` has it.

    Raises:
        XlprofitError: the sheet explains nothing further, or *Look-up* shows no customer of the run.
    """
    name = next((n for n in names.ALL if names.strip_suffix(selection.sheet) in list_terms("sheet", n)), None)
    if name == names.LOOK_UP:
        chosen = results.known(figures.read_text(read_chosen()))
        return look_up.describe_look_up_sheet(
            results,
            results_sheet.build_results_lookup(results_sheet.describe_results_sheet(results)),
            chosen,
            say,
        )
    if name in (names.CHECKS, names.EXPLANATION) or selection.sheet == RESULTS_SHEET:
        raise figures.refuse_unexplained(selection)
    return _SHEETS[name](results) if name is not None else None


def describe_refreshed_sheets(
    results: Results,
    existing: tuple[str, ...] = (),
    *,
    formulas: bool = False,
    customer: object = None,
    say: Callable[[str], str] = str,
) -> tuple[Sheet, ...]:
    """Return all that a refresh puts into a workbook: the result sheets, and the results sheet behind them.

    *Look-up* comes last: in live Excel its formulas are calculated as they are written, from the results sheet.

    Args:
        results: the run.
        existing: as in :func:`describe_result_sheets`.
        formulas: whether *Look-up* is among them.
        customer: the customer that was chosen on it, if any.
        say: as :func:`xlprofit.sheets.look_up.describe_look_up_sheet` has it.
    """
    hidden = results_sheet.describe_results_sheet(results)
    asked = (
        (look_up.describe_look_up_sheet(results, results_sheet.build_results_lookup(hidden), customer, say),)
        if formulas
        else ()
    )
    return (*describe_result_sheets(results, existing), hidden, *asked)
