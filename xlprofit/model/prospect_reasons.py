"""The sentence beside each prospect's verdict: what it is worth and why, with figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.language import ENGLISH, _, _n, listed, named, speaking, unbroken
from xlprofit.tables import TABLES

ALL_CUSTOMERS = "all customers"
"""The benchmark of a prospect whose segment has no customer."""


def sentences(
    screened: pd.DataFrame, years: npt.NDArray[np.float64], currency: str, language: str = ENGLISH
) -> list[str]:
    """Return a sentence with figures for each prospect: why its verdict is what it is.

    Args:
        screened: what :func:`xlprofit.model.prospects.screen_prospects` says of each prospect.
        years: the horizon of each.
        currency: the code of the currency.
        language: the code of the language of the sentences.
    """
    by_verdict = {"pursue": _why_pursue, "pass": _why_pass, "qualify": _why_qualify}
    rows = screened.assign(years=years).itertuples(index=False)
    with speaking(language):
        return [by_verdict[str(row.verdict)](row, currency) for row in rows]


def _why_pursue(row: Any, currency: str) -> str:
    if np.isnan(row.value):
        return _(
            "Worth at least {low} {currency}, with {unknowns} unknown.",
            low=_money(row.value_low),
            currency=currency,
            unknowns=_blanks(row),
        )
    said = _(
        "Worth {value} {currency}: a chance of {chance:,.1f} % of {contribution} a year over {years}, "
        "less {pursuit} to win it.",
        value=_money(row.value),
        currency=currency,
        chance=100 * row.win_probability,
        contribution=_money(row.contribution),
        years=_years(row.years),
        pursuit=_money(-row.pursuit_cost),
    )
    return said + _care(row)


def _why_pass(row: Any, currency: str) -> str:
    if np.isnan(row.value):
        return _(
            "Worth {high} {currency} at most, with {unknowns} unknown.",
            high=_money(row.value_high),
            currency=currency,
            unknowns=_blanks(row),
        )
    if row.contribution <= 0:
        said = _(
            "Would lose {loss} {currency} a year once won: a margin of {margin} against {service} of service "
            "and {credit} of credit.",
            loss=_money(-row.contribution),
            currency=currency,
            margin=_money(row.revenue * row.margin),
            service=_money(-row.expected_service_cost),
            credit=_money(-row.credit_cost),
        )
        return said + _care(row)
    said = _(
        "Brings {brings} {currency}, a chance of {chance:,.1f} % of {contribution} a year over {years}, and "
        "takes {pursuit} to win",
        brings=_money(row.win_probability * row.lifetime_multiple * row.contribution),
        currency=currency,
        chance=100 * row.win_probability,
        contribution=_money(row.contribution),
        years=_years(row.years),
        pursuit=_money(-row.pursuit_cost),
    )
    return f"{said}{_even(row) if np.isfinite(row.break_even_revenue) else ''}.{_care(row)}"


def _even(row: Any) -> str:
    return _("; {revenue} of revenue a year would break even", revenue=_money(row.break_even_revenue))


def _why_qualify(row: Any, currency: str) -> str:
    low, high = _money(row.value_low), _money(row.value_high)
    told = {"low": low, "high": high, "currency": currency, "unknowns": _blanks(row)}
    if low and high:
        worth = _("Worth {low} to {high} {currency}, depending on {unknowns}", **told)
    elif high:
        worth = _("Worth {high} {currency} at most, depending on {unknowns}", **told)
    elif low:
        worth = _("Worth {low} {currency} or more, depending on {unknowns}", **told)
    else:
        worth = _("What it is worth hangs on {unknowns}", **told)
    if np.isfinite(row.break_even_revenue) and np.isnan(row.revenue):
        return worth + _even(row) + "."
    if np.isfinite(row.break_even_margin) and np.isnan(row.margin):
        return worth + _("; a margin of {share:,.1f} % would break even.", share=100 * row.break_even_margin)
    return worth + _(": find out before spending on it.")


def _blanks(row: Any) -> str:
    return listed([input_called(name) for name in str(row.unknown).split(", ")])


def input_called(name: str) -> str:
    """Return an input of a prospect in words, in the language spoken: ``win_probability`` → *win probability*."""
    if not name:
        return ""
    return (named(name) if name in TABLES else named("Prospects", name)).replace("_", " ")


def _care(row: Any) -> str:
    """Return whose service cost this is, where it is not that of the prospect's own needs."""
    if row.service_cost_from == "needs":
        return ""
    n = int(row.benchmark_customers)
    if row.benchmark == ALL_CUSTOMERS:
        said = _n(
            " Service as for {n:,} customer of all segments",
            " Service as for {n:,} customers of all segments",
            n,
        )
    else:
        said = _n(
            " Service as for {n:,} customer of {segment}",
            " Service as for {n:,} customers of {segment}",
            n,
            segment=str(row.benchmark),
        )
    if np.isfinite(row.high_care_probability):
        said += _(", with a chance of {share:,.1f} % of high care", share=100 * row.high_care_probability)
    return said + "."


def _years(years: float) -> str:
    if years <= 1:
        return _("{n:g} year", n=years)
    return _("{n:g} years", n=years)


def _money(amount: float) -> str:
    """Return an amount as a sentence shows it: whole units, hundredths below a hundred; empty if unknown."""
    if not np.isfinite(amount):
        return ""
    return unbroken(amount, ",.0f" if abs(amount) >= 100 else ",.2f")
