"""The sentence beside each verdict: what the customer earns, what would fix it, what ending would do, how sure that is.

It is made of the codes and figures of :mod:`xlprofit.analysis.decisions`, column by column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis.levers import round_up
from xlprofit.sheets.hinges import HINGES, HINGES_OF
from xlprofit.tables import Settings
from xlprofit.words.speech import N_, _, current, fill_column, number, unbroken_column
from xlprofit.words.trends import word_trends

Words = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]
Say = Callable[[pd.DataFrame, Settings], Words]


def word_decisions(decisions: pd.DataFrame, trends: pd.DataFrame | None, settings: Settings) -> Words:
    """Return the reason for each verdict, a sentence or two with figures, in the language spoken.

    Args:
        decisions: the columns of :func:`xlprofit.analysis.decisions.decide`, a row a customer.
        trends: those of :func:`xlprofit.analysis.trends.read_trends` for the same customers: the slipping are told,
            where they are given.
        settings: for the currency and the horizon.
    """
    text = np.full(
        len(decisions), _("Nothing was sold to it or spent on it in the period analysed."), dtype=object
    )
    loses = (decisions["run_rate"] < 0).to_numpy()
    ended = (decisions["reason"] == "ended").to_numpy()
    text[ended] = _("It has ended: there is nothing left to decide.")
    active = ~ended & (decisions["reason"] != "nothing").to_numpy()
    leaning = decisions["leaning"].to_numpy()
    kinds: tuple[tuple[Flags, Say], ...] = (
        (leaning == "collect", _word_collecting),
        (leaning == "fix", _word_fixing),
        (leaning == "end", _word_ending),
        ((leaning == "keep") & loses, _word_kept_at_a_loss),
        ((leaning == "keep") & ~loses, _word_earning),
    )
    for mask, say in kinds:
        some = np.flatnonzero(active & mask)
        if len(some):
            of = decisions.iloc[some]
            text[some] = _word_doubt(of, settings) + say(of, settings) + _word_unknown(of, settings) + "."
    if trends is None:
        return text
    slips = ((trends["state"] == "Slipping") | trends["early_warning"]).to_numpy()
    told = np.flatnonzero(active & (leaning == "keep") & ~loses & slips)
    if len(told):
        trend = word_trends(trends.iloc[told], settings)
        text[told] = _fill(N_("{reason} But it is slipping. {trend}"), reason=text[told], trend=trend)
    return text


def word_hinges(decisions: pd.DataFrame) -> Words:
    """Return what each verdict hinges on in words, empty where it hinges on nothing."""
    known = {code: _(text) for code, text in HINGES.items()}
    inputs, of = decisions["hinges_on"].to_numpy(), decisions["hinges_on_of"].to_numpy()
    words: Words = np.array([*(known.get(code, "") for code in inputs), ""], dtype=object)[:-1]
    for code, message in HINGES_OF.items():
        some = inputs == code
        if some.any():
            words[some] = _fill(message, resource=of[some])
    return words


_DOUBTS = {
    "keep": (
        N_("Find out first {input}: keeping it is right in {share} of the runs only"),
        N_("Too close to call: keeping it is right in {share} of the runs only"),
    ),
    "fix": (
        N_("Find out first {input}: fixing it is right in {share} of the runs only"),
        N_("Too close to call: fixing it is right in {share} of the runs only"),
    ),
    "collect": (
        N_("Find out first {input}: collecting is right in {share} of the runs only"),
        N_("Too close to call: collecting is right in {share} of the runs only"),
    ),
    "end": (
        N_("Find out first {input}: ending it is right in {share} of the runs only"),
        N_("Too close to call: ending it is right in {share} of the runs only"),
    ),
}
"""What is said of a verdict that is not sure enough: an input can be found out, or its own year is unsure."""


def _word_doubt(some: pd.DataFrame, settings: Settings) -> Words:
    """Return what comes first where a verdict is not sure enough: what to find out, and what being wrong costs."""
    words: Words = np.full(len(some), "", dtype=object)
    unsure = (some["verdict"] == "investigate").to_numpy()
    leaning = some["leaning"].to_numpy()
    own = some["hinges_on"].isin(("volume", "margin", "effort", "direct")).to_numpy()
    for verdict, (findable, close) in _DOUBTS.items():
        for message, of_own in ((findable, False), (close, True)):
            chosen = unsure & (leaning == verdict) & (own == of_own)
            of = some[chosen]
            if not len(of):
                continue
            # Down to the whole percent: one that falls just short is not told as the confidence asked for.
            share = _say_share(np.floor(100.0 * of["confidence"] + 1e-9) / 100.0, ",.0f")
            inputs = word_hinges(of)
            said = _fill(message, input=inputs, share=share) + _word_cost_of_error(of, settings)
            ask = _fill(N_(". Ask about {input}, or watch it"), input=inputs) if of_own else ""
            words[chosen] = said + ask + ". "
    return words


def _word_cost_of_error(some: pd.DataFrame, settings: Settings) -> Words:
    return _fill_where(
        some,
        some["cost_of_error_a_year"].notna().to_numpy(),
        lambda of: _fill(
            N_(" and costs {money} a year in the others, on average"),
            money=_say_money(of["cost_of_error_a_year"], settings),
        ),
    )


def _word_earning(some: pd.DataFrame, settings: Settings) -> Words:
    turns = _fill_where(
        some,
        (some["expected_profit"] < 0).to_numpy(),
        lambda of: _fill(
            N_(", but the forecast for the next 12 months is {expected}"),
            expected=_say_money(of["expected_profit"], settings),
        ),
    )
    words: Words = _word_run_rate(some, settings) + turns + ". " + _word_effect_of_ending(some, settings)
    return words


def _word_collecting(some: pd.DataFrame, settings: Settings) -> Words:
    words: Words = _fill(
        N_("{money} is overdue, by {days} days on average"),
        money=_say_money(some["at_stake"], settings),
        days=unbroken_column(some["overdue_days"], ",.0f"),
    )
    buys = (some["lever"] == "stop credit").to_numpy()
    stop = _(": stop credit, sell against prepayment and send reminders")
    words = words + np.where(buys, stop, _(": send reminders and collect it")).astype(object) + ". "
    saves = (some["effect_of_ending_a_year"] > 0).to_numpy()
    money = _say_money(some["effect_of_ending_a_year"].abs(), settings)
    words += _word_run_rate(some, settings)
    words += _fill_either(
        saves,
        N_("; ending it would save {money} a year, and what is owed is to be collected either way"),
        N_("; ending it would cost {money} a year, and what is owed is to be collected either way"),
        money=money,
    )
    return words


def _word_fixing(some: pd.DataFrame, settings: Settings) -> Words:
    words: Words = _word_run_rate(some, settings) + "; " + _word_lever(some, settings, "")
    paired = _fill_where(
        some, (some["lever_2"] != "").to_numpy(), lambda of: _(" and ") + _word_lever(of, settings, "_2")
    )
    eaten = _fill_where(
        some,
        some["break_even_volume_loss"].notna().to_numpy(),
        lambda of: _fill(
            N_(" (if it then bought {share} less, the increase would be lost)"),
            share=_say_share(of["break_even_volume_loss"]),
        ),
    )
    brought = _word_referrals(N_(", and the customers it brings are worth {money} a year"), some, settings)
    words = words + paired + _(" would bring it to zero") + eaten
    words += ". " + _word_effect_of_ending(some, settings) + brought
    return words


def _word_lever(some: pd.DataFrame, settings: Settings, which: str) -> Words:
    """Return the first (``""``) or the second (``"_2"``) lever in words."""
    words: Words = np.full(len(some), "", dtype=object)
    lever = some[f"lever{which}"].to_numpy()
    for name, say in _LEVERS.items():
        mask = lever == name
        if mask.any():
            of = some[mask]
            words[mask] = say(of, of[f"lever{which}_size"], of[f"lever{which}_on"], settings)
    return words


_LEVERS: dict[str, Callable[[pd.DataFrame, pd.Series, pd.Series, Settings], Words]] = {
    "price": lambda of, size, on, settings: _fill(N_("prices {share} higher"), share=_say_enough(size)),
    "discount": lambda of, size, on, settings: _fill(
        N_("a discount of {less} in place of {now}"),
        less=_say_share(np.floor(1_000.0 * (of["discount"] - size) + 1e-6) / 1_000.0),
        now=_say_share(of["discount"]),
    ),
    "order fee": lambda of, size, on, settings: _fill(
        N_("a fee of {money} an order"), money=_say_fee(size, settings)
    ),
    "activity cut": lambda of, size, on, settings: _fill(
        N_("{share} less of {activity}"), share=_say_enough(size), activity=on
    ),
    "cheaper channel": lambda of, size, on, settings: _fill(
        N_("{share} of {here} moved to {there}"),
        share=_say_enough(size),
        here=on.str.partition(" → ")[0],
        there=on.str.partition(" → ")[2],
    ),
    "payment days": lambda of, size, on, settings: _fill(
        N_("being paid {days} days sooner"), days=unbroken_column(round_up(size.to_numpy(), 1), ",.1f")
    ),
}
"""What each lever is in words, of its rows, its size and what it takes hold of."""


def _word_ending(some: pd.DataFrame, settings: Settings) -> Words:
    freed = _fill_where(
        some,
        ((some["effect_of_ending_a_year"] < 0) & (some["freed_capacity_a_year"] > 0)).to_numpy(),
        lambda of: _fill(
            N_(", but the capacity it frees is worth {money} a year"),
            money=_say_money(of["freed_capacity_a_year"], settings),
        ),
    )
    words: Words = _word_run_rate(some, settings) + _fill_where(
        some, (some["run_rate"] < 0).to_numpy(), _word_no_lever
    )
    words += ". " + _word_effect_of_ending(some, settings) + freed + _word_values(some, settings)
    return words


def _word_kept_at_a_loss(some: pd.DataFrame, settings: Settings) -> Words:
    costs = (some["effect_of_ending_a_year"] < 0).to_numpy()
    stays = _fill_where(
        some,
        costs,
        lambda of: _fill(
            N_(", since {money} a year of its cost would stay"),
            money=_say_money(of["stays_a_year"], settings),
        ),
    )
    too = _word_referrals(N_(", and the customers it brings are worth {money} a year"), some, settings)
    yet = _word_referrals(N_(", but the customers it brings are worth {money} a year"), some, settings)
    words: Words = (
        _word_run_rate(some, settings) + _word_no_lever(some) + ". " + _word_effect_of_ending(some, settings)
    )
    words += stays + np.where(costs, too, yet) + _word_values(some, settings)
    return words


def _word_run_rate(some: pd.DataFrame, settings: Settings) -> Words:
    """Return what it earns or loses a year at today's level, as a share of net revenue where it earns."""
    rate, sold = some["run_rate"], some["net_revenue_a_year"]
    words: Words = _fill_either(
        (rate >= 0).to_numpy(),
        N_("Earns {money} a year at today's level"),
        N_("Loses {money} a year at today's level"),
        money=_say_money(rate.abs(), settings),
    )
    share = _fill_where(
        some,
        ((rate >= 0) & (sold > 0)).to_numpy(),
        lambda of: _fill(
            N_(", {share} of net revenue"), share=_say_share(of["run_rate"] / of["net_revenue_a_year"])
        ),
    )
    months = _fill_where(
        some,
        (some["months"].between(2, _SHORT, inclusive="left")).to_numpy(),
        lambda of: _fill(
            N_(", judged on its {months} months as a customer"), months=unbroken_column(of["months"], ",.0f")
        ),
    )
    first = _fill_where(
        some,
        (some["months"] == 1).to_numpy(),
        lambda of: np.full(len(of), _(", judged on its first month as a customer"), dtype=object),
    )
    quiet = _fill_where(
        some,
        (some["quiet_months"] > 0).to_numpy(),
        lambda of: _fill(
            N_(", having bought nothing for {months} months"),
            months=unbroken_column(of["quiet_months"], ",.0f"),
        ),
    )
    won = _fill_where(
        some,
        ((rate >= 0) & (rate + some["acquired_a_year"] < 0)).to_numpy(),
        lambda of: _fill(
            N_(
                " (but {spent} a year is still spent on acquisition, after which it loses {money}: "
                "spend that much less on it)"
            ),
            spent=_say_money(-of["acquired_a_year"], settings),
            money=_say_money(-of["acquired_a_year"] - of["run_rate"], settings),
        ),
    )
    words += share + quiet + first + months + won
    return words


_SHORT = 12
"""Months as a customer below which the reason says how many they are."""


def _word_no_lever(some: pd.DataFrame) -> Words:
    needed = _fill_where(
        some,
        some["price_needed"].notna().to_numpy(),
        lambda of: _fill(
            N_(" (prices would have to be {share} higher)"), share=_say_enough(of["price_needed"])
        ),
    )
    return np.asarray(_(", and no lever or pair of levers within the limits brings it to zero") + needed)


def _word_effect_of_ending(some: pd.DataFrame, settings: Settings) -> Words:
    effect = some["effect_of_ending_a_year"]
    words = _fill_either(
        (effect > 0).to_numpy(),
        N_("Ending it would save {money} a year"),
        N_("Ending it would cost {money} a year"),
        money=_say_money(effect.abs(), settings),
    )
    words += _fill_where(
        some,
        (some["idle_gone_a_year"] > 0).to_numpy(),
        lambda of: _fill(
            N_(" ({money} of idle capacity would go in the same step)"),
            money=_say_money(of["idle_gone_a_year"], settings),
        ),
    )
    return words


def _word_unknown(some: pd.DataFrame, settings: Settings) -> Words:
    """Return what is unknown of the effect of ending: the cost whose avoidable share is blank."""
    return _fill_where(
        some,
        (some["unknown_a_year"] > 0).to_numpy(),
        lambda of: _fill(
            N_("; whether {money} a year of its cost would go is unknown, and half of it is counted"),
            money=_say_money(of["unknown_a_year"], settings),
        ),
    )


def _word_referrals(message: str, some: pd.DataFrame, settings: Settings) -> Words:
    """Return what the referrals are worth in the words of ``message``; nothing where there are none."""
    return _fill_where(
        some,
        (some["referral_value_a_year"] > 0).to_numpy(),
        lambda of: _fill(message, money=_say_money(of["referral_value_a_year"], settings)),
    )


def _word_values(some: pd.DataFrame, settings: Settings) -> Words:
    """Return what keeping and ending it are worth, and the forecast that this rests on where it does."""
    years, once = number(settings.horizon, "g"), settings.horizon == 1
    foretold = some["expected_profit"].notna().to_numpy()

    def say_values(of: pd.DataFrame) -> dict[str, list[str]]:
        return {
            "years": [years] * len(of),
            "keeping": _say_money(of["keep_value"], settings),
            "ending": _say_money(of["end_value"], settings),
        }

    plain = (
        N_("; over a year keeping it is worth {keeping} and ending it {ending}")
        if once
        else N_("; over {years} years keeping it is worth {keeping} and ending it {ending}")
    )
    by_forecast = (
        N_(
            "; the forecast for the next 12 months is {expected}, and over a year keeping it is worth {keeping} "
            "and ending it {ending}"
        )
        if once
        else N_(
            "; the forecast for the next 12 months is {expected}, and over {years} years keeping it is worth "
            "{keeping} and ending it {ending}"
        )
    )
    words = _fill_where(some, ~foretold, lambda of: _fill(plain, **say_values(of)))
    words += _fill_where(
        some,
        foretold,
        lambda of: _fill(by_forecast, expected=_say_money(of["expected_profit"], settings), **say_values(of)),
    )
    return words


def _fill(message: str, **columns: Iterable[str]) -> Words:
    """Return a text in the language spoken for each row, the row's own texts in it."""
    told = fill_column(message, **columns)
    words: Words = np.empty(len(told), dtype=object)
    words[:] = told
    return words


def _fill_either(first: Flags, one: str, other: str, money: list[str]) -> Words:
    """Return the one text where ``first`` holds and the other elsewhere, with the row's money in it."""
    return np.where(first, _fill(one, money=money), _fill(other, money=money))


def _fill_where(some: pd.DataFrame, mask: Flags, say: Callable[[pd.DataFrame], Words]) -> Words:
    """Return what is said of the rows of a mask, and nothing of the others."""
    words: Words = np.full(len(some), "", dtype=object)
    if mask.any():
        words[mask] = say(some[mask])
    return words


def _say_money(amounts: pd.Series, settings: Settings) -> list[str]:
    """Return amounts as words: whole from 100 on, with cents below, nothing as ``0``."""
    large = ((amounts.abs() >= 100) | (amounts.abs() < 0.005)).tolist()
    whole, exact = (unbroken_column(amounts.round(n) + 0.0, form) for n, form in ((0, ",.0f"), (2, ",.2f")))
    currency = f" {settings.currency}"
    return [(w if big else e) + currency for w, e, big in zip(whole, exact, large, strict=True)]


def _say_fee(amounts: pd.Series, settings: Settings) -> list[str]:
    """Return fees as words, with cents, and enough: one rounded down would not bring what is missing."""
    return [f"{fee} {settings.currency}" for fee in unbroken_column(round_up(amounts.to_numpy(), 2), ",.2f")]


def _say_enough(shares: pd.Series) -> list[str]:
    """Return sizes of levers as words, none less than it takes."""
    return _say_share(round_up(shares.to_numpy(), 3))


def _say_share(shares: pd.Series | npt.NDArray[np.float64], form: str = ",.1f") -> list[str]:
    sign = current().percent
    return [share + sign for share in unbroken_column(100.0 * shares, form)]
