"""The sentence beside each prospect's verdict: what it is worth and why, with figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from xlprofit.analysis.prospects import ALL_CUSTOMERS
from xlprofit.tables import TABLES, Settings
from xlprofit.words.speech import _, _n, find_workbook_name, say_list, unbroken


def word_prospects(screened: pd.DataFrame, settings: Settings) -> list[str]:
    """Return a sentence with figures for each prospect: why its verdict is what it is, in the language spoken.

    Args:
        screened: the columns of :func:`xlprofit.analysis.prospects.screen_prospects`, a row a prospect.
        settings: for the currency.
    """
    by_verdict = {"pursue": _word_pursuing, "pass": _word_passing, "qualify": _word_qualifying}
    rows = screened.itertuples(index=False)
    return [by_verdict[str(row.verdict)](row, settings.currency) for row in rows]


def _word_pursuing(row: Any, currency: str) -> str:
    if np.isnan(row.value):
        return _(
            "Worth at least {low} {currency}, with {unknowns} unknown.",
            low=_say_amount(row.value_low),
            currency=currency,
            unknowns=_word_blanks(row),
        )
    said = _(
        "Worth {value} {currency}: a chance of {chance:.1%} of {contribution} a year over {years}, "
        "less {pursuit} to win it.",
        value=_say_amount(row.value),
        currency=currency,
        chance=row.win_probability,
        contribution=_say_amount(row.contribution),
        years=_word_years(row.horizon),
        pursuit=_say_amount(-row.pursuit_cost),
    )
    return said + _word_base_rate(row) + _word_care(row)


def _word_passing(row: Any, currency: str) -> str:
    if np.isnan(row.value):
        return _(
            "Worth {high} {currency} at most, with {unknowns} unknown.",
            high=_say_amount(row.value_high),
            currency=currency,
            unknowns=_word_blanks(row),
        )
    if row.contribution <= 0:
        told = {
            "currency": currency,
            "margin": _say_amount(row.revenue * row.margin),
            "service": _say_amount(-row.expected_service_cost),
            "credit": _say_amount(-row.credit_cost),
        }
        said = (
            _(
                "Would lose {loss} {currency} a year once won: a margin of {margin} against {service} of service "
                "and {credit} of credit.",
                loss=_say_amount(-row.contribution),
                **told,
            )
            if row.contribution < 0
            else _(
                "Would leave nothing once won: a margin of {margin} {currency} a year against {service} of service "
                "and {credit} of credit.",
                **told,
            )
        )
        return said + _word_care(row)
    said = _(
        "Brings {brings} {currency}, a chance of {chance:.1%} of {contribution} a year over {years}, and "
        "takes {pursuit} to win",
        brings=_say_amount(row.win_probability * row.lifetime_multiple * row.contribution),
        currency=currency,
        chance=row.win_probability,
        contribution=_say_amount(row.contribution),
        years=_word_years(row.horizon),
        pursuit=_say_amount(-row.pursuit_cost),
    )
    said = f"{said}{_word_break_even(row) if np.isfinite(row.break_even_revenue) else ''}."
    return said + _word_base_rate(row) + _word_care(row)


def _word_base_rate(row: Any) -> str:
    """Return that the chance is that of past prospects, where none is stated."""
    if np.isfinite(row.stated_probability):
        return ""
    return _(" The chance is the share won of past prospects: none is stated.")


def _word_break_even(row: Any) -> str:
    return _("; {revenue} of revenue a year would break even", revenue=_say_amount(row.break_even_revenue))


def _word_qualifying(row: Any, currency: str) -> str:
    low, high = _say_amount(row.value_low), _say_amount(row.value_high)
    told = {"low": low, "high": high, "currency": currency, "unknowns": _word_blanks(row)}
    if low and high:
        worth = _("Worth {low} to {high} {currency}, depending on {unknowns}", **told)
    elif high:
        worth = _("Worth {high} {currency} at most, depending on {unknowns}", **told)
    elif low:
        worth = _("Worth {low} {currency} or more, depending on {unknowns}", **told)
    else:
        worth = _("What it is worth hangs on {unknowns}", **told)
    if np.isfinite(row.break_even_revenue) and np.isnan(row.revenue):
        return worth + _word_break_even(row) + "."
    if np.isfinite(row.break_even_margin) and np.isnan(row.margin):
        return worth + _("; a margin of {share:.1%} would break even.", share=row.break_even_margin)
    return worth + _(": find out before spending on it.")


def _word_blanks(row: Any) -> str:
    return say_list([word_input(name) for name in str(row.unknown).split(", ")])


def word_input(name: str) -> str:
    """Return an input of a prospect in words, in the language spoken: ``win_probability`` → *win probability*."""
    if not name:
        return ""
    return (find_workbook_name(name) if name in TABLES else find_workbook_name("Prospects", name)).replace(
        "_", " "
    )


def _word_care(row: Any) -> str:
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
        said += _(", with a chance of {share:.1%} of high care", share=row.high_care_probability)
    return said + "."


def _word_years(years: float) -> str:
    if years <= 1:
        return _("{n:g} year", n=years)
    return _("{n:g} years", n=years)


def _say_amount(amount: float) -> str:
    """Return an amount as a sentence shows it: whole units, hundredths below a hundred; empty if unknown."""
    if not np.isfinite(amount):
        return ""
    # No amount is said to be "−0.00".
    return unbroken(amount + 0.0, ",.0f" if abs(amount) >= 100 else ",.2f")
