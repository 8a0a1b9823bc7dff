"""The sentence beside each prospect's verdict: what it is worth and why, with figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd


def sentences(screened: pd.DataFrame, years: npt.NDArray[np.float64], currency: str) -> list[str]:
    """Return a sentence with figures for each prospect: why its verdict is what it is.

    Args:
        screened: the figures and the verdict of each prospect, as :func:`xlprofit.model.prospects.screen` has them.
        years: the horizon of each.
        currency: the code of the currency.
    """
    by_verdict = {"pursue": _why_pursue, "pass": _why_pass, "qualify": _why_qualify}
    rows = screened.assign(years=years).itertuples(index=False)
    return [by_verdict[str(row.verdict)](row, currency) for row in rows]


def _why_pursue(row: Any, currency: str) -> str:
    if np.isnan(row.value):
        return f"Worth at least {_money(row.value_low)} {currency}, with {_blanks(row)} unknown."
    return (
        f"Worth {_money(row.value)} {currency}: a chance of {_percent(row.win_probability)} of "
        f"{_money(row.contribution)} a year over {_years(row.years)}, less {_money(-row.pursuit_cost)} "
        f"to win it.{_care(row)}"
    )


def _why_pass(row: Any, currency: str) -> str:
    if np.isnan(row.value):
        return f"Worth {_money(row.value_high)} {currency} at most, with {_blanks(row)} unknown."
    if row.contribution <= 0:
        return (
            f"Would lose {_money(-row.contribution)} {currency} a year once won: a margin of "
            f"{_money(row.revenue * row.margin)} against {_money(-row.expected_service_cost)} of service and "
            f"{_money(-row.credit_cost)} of credit.{_care(row)}"
        )
    brings = row.win_probability * row.lifetime_multiple * row.contribution
    enough = f"; {_money(row.break_even_revenue)} of revenue a year would break even"
    return (
        f"Brings {_money(brings)} {currency}, a chance of {_percent(row.win_probability)} of "
        f"{_money(row.contribution)} a year over {_years(row.years)}, and takes {_money(-row.pursuit_cost)} to win"
        f"{enough if np.isfinite(row.break_even_revenue) else ''}.{_care(row)}"
    )


def _why_qualify(row: Any, currency: str) -> str:
    low, high = _money(row.value_low), _money(row.value_high)
    if low and high:
        worth = f"Worth {low} to {high} {currency}, depending on {_blanks(row)}"
    elif high:
        worth = f"Worth {high} {currency} at most, depending on {_blanks(row)}"
    elif low:
        worth = f"Worth {low} {currency} or more, depending on {_blanks(row)}"
    else:
        worth = f"What it is worth hangs on {_blanks(row)}"
    if np.isfinite(row.break_even_revenue) and np.isnan(row.revenue):
        return f"{worth}; {_money(row.break_even_revenue)} of revenue a year would break even."
    if np.isfinite(row.break_even_margin) and np.isnan(row.margin):
        return f"{worth}; a margin of {_percent(row.break_even_margin)} would break even."
    return f"{worth}: find out before spending on it."


def _blanks(row: Any) -> str:
    *most, last = str(row.unknown).replace("_", " ").split(", ")
    return f"{', '.join(most)} and {last}" if most else last


def _care(row: Any) -> str:
    """Return whose service cost this is, where it is not that of the prospect's own needs."""
    if row.service_cost_from == "needs":
        return ""
    care = f", with a chance of {_percent(row.high_care_probability)} of high care"
    return (
        f" Service as for {row.benchmark_customers:,} customers of {row.benchmark}"
        f"{care if np.isfinite(row.high_care_probability) else ''}."
    ).replace("customers of all customers", "customers of all segments")


def _percent(share: float) -> str:
    return f"{100 * share:,.1f} %"


def _years(years: float) -> str:
    return f"{years:g} year{'' if years <= 1 else 's'}"


def _money(amount: float) -> str:
    """Return an amount as a sentence shows it: whole units, hundredths below a hundred; empty if unknown."""
    if not np.isfinite(amount):
        return ""
    return f"{amount:,.0f}" if abs(amount) >= 100 else f"{amount:,.2f}"
