"""The sentence beside each verdict: what the customer earns, what would fix it, what ending would do, how sure it is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.language import N_, _, current, number, speaking, template, unbroken
from xlprofit.tables import Settings

COLUMNS = (
    "verdict",
    "leaning",
    "run_rate",
    "net_revenue",
    "effect_of_ending_a_year",
    "keep_value",
    "end_value",
    "freed_capacity_a_year",
    "referral_value_a_year",
    "at_stake",
    "overdue_days",
    "stays_a_year",
    "unknown_a_year",
    "lever",
    "lever_size",
    "lever_on",
    "lever_2",
    "lever_2_size",
    "lever_2_on",
    "break_even_volume_loss",
    "price",
    "discount",
    "usual_discount",
    "confidence",
    "hinges_on",
    "months",
    "active",
)
"""What a sentence is made of, a column each: those of :mod:`xlprofit.model.decisions`, and

``net_revenue`` a year at today's level, ``overdue_days`` how late what is overdue is on average, ``stays_a_year`` the
cost that ending would not avoid (positive), ``unknown_a_year`` the cost of which nobody said whether it would (positive),
``price`` the price increase that would be needed, within its limit or not, ``discount`` and ``usual_discount`` the
customer's and its segment's, shares, ``months`` how long it has been a customer where that is less than the window, and
``active`` whether anything was posted to it.
"""

_Words = Callable[[pd.DataFrame, Settings], pd.Series]


def sentences(grounds: pd.DataFrame, settings: Settings) -> pd.Series:
    """Return the reason for each verdict, a sentence or two with figures.

    Args:
        grounds: a row a customer with :data:`COLUMNS`.
        settings: for the currency, the horizon and the language.
    """
    with speaking(settings.language):
        nothing = _("Nothing was sold to it or spent on it in the span.")
        text = pd.Series(nothing, index=grounds.index, dtype=object)
        active = grounds["active"].to_numpy(dtype=bool)
        loses = (grounds["run_rate"] < 0).to_numpy()
        leaning = grounds["leaning"].to_numpy()
        kinds: tuple[tuple[npt.NDArray[np.bool_], _Words], ...] = (
            (leaning == "collect", _to_collect),
            (leaning == "fix", _to_fix),
            (leaning == "end", _to_end),
            ((leaning == "keep") & loses, _kept_at_a_loss),
            ((leaning == "keep") & ~loses, _earning),
        )
        for mask, words in kinds:
            some = active & mask
            if some.any():
                text[some] = words(grounds[some], settings) + _unknown(grounds[some], settings) + "."
        unsure = (grounds["verdict"] == "investigate").to_numpy()
        if unsure.any():
            text[unsure] = _investigated(grounds[unsure]) + " " + text[unsure]
        return text


def _investigated(some: pd.DataFrame) -> pd.Series:
    """Return what comes first where a verdict is not sure enough: what to find out."""
    share = _percent(some["confidence"], ",.0f")
    first = _each(N_("Find out first about {input}: "), input=some["hinges_on"])
    told = pd.Series("", index=some.index, dtype=object)
    for word, sure in (
        ("keep", N_("keeping it would be right in only {share} of the runs.")),
        ("fix", N_("fixing it would be right in only {share} of the runs.")),
        ("collect", N_("collecting would be right in only {share} of the runs.")),
        ("end", N_("ending it would be right in only {share} of the runs.")),
    ):
        told = told.where((some["leaning"] != word).to_numpy(), _each(sure, share=share))
    return first + told


def _earning(some: pd.DataFrame, settings: Settings) -> pd.Series:
    return _run_rate(some, settings) + ". " + _ending(some, settings)


def _to_collect(some: pd.DataFrame, settings: Settings) -> pd.Series:
    words = _each(
        N_("{money} is overdue, by {days} days on average"),
        money=_money(some["at_stake"], settings),
        days=_numbers(some["overdue_days"], ",.0f"),
    )
    buys = (some["lever"] == "stop credit").to_numpy()
    stop = pd.Series(
        _(": stop credit, sell against prepayment and send reminders"), index=some.index, dtype=object
    )
    words += stop.where(buys, _(": send reminders and collect it"))
    return (
        words
        + ". "
        + _run_rate(some, settings)
        + "; "
        + _lower(_ending(some, settings))
        + _(", and what is owed is to be collected either way")
    )


def _to_fix(some: pd.DataFrame, settings: Settings) -> pd.Series:
    words = _lever(some, settings, "")
    pair = (some["lever_2"] != "").to_numpy()
    both = words + _(" and ") + _lever(some, settings, "_2")
    words = words.where(~pair, both) + _(" would bring it to zero")
    eaten = _each(
        N_(" (if it then bought {share} less, the increase would be lost)"),
        share=_percent(some["break_even_volume_loss"]),
    )
    words += eaten.where(some["break_even_volume_loss"].notna().to_numpy(), "")
    brought = _brings(N_(", and the customers it brings are worth {money} a year"), some, settings)
    return _run_rate(some, settings) + "; " + words + ". " + _ending(some, settings) + brought


def _lever(some: pd.DataFrame, settings: Settings, which: str) -> pd.Series:
    """Return the first (``""``) or the second (``"_2"``) lever in words."""
    size, on, lever = some[f"lever{which}_size"], some[f"lever{which}_on"], some[f"lever{which}"].to_numpy()
    words = pd.Series("", index=some.index, dtype=object)
    here, there = (on.str.partition(" → ")[at] if len(on) else on for at in (0, 2))
    for name, said in (
        ("price", _each(N_("prices {share} higher"), share=_percent(size))),
        (
            "discount",
            _each(
                N_("a discount of {less} in place of {now}"),
                less=_percent(some["discount"] - size),
                now=_percent(some["discount"]),
            ),
        ),
        ("order fee", _each(N_("a fee of {money} an order"), money=_money(size, settings))),
        ("activity cut", _each(N_("{share} less of {activity}"), share=_percent(size), activity=on)),
        (
            "cheaper channel",
            _each(N_("{share} of {here} moved to {there}"), share=_percent(size), here=here, there=there),
        ),
        ("payment days", _each(N_("being paid {days} days sooner"), days=_numbers(size, ",.1f"))),
    ):
        words = words.where(lever != name, said)
    return words


def _to_end(some: pd.DataFrame, settings: Settings) -> pd.Series:
    costs = (some["effect_of_ending_a_year"] < 0).to_numpy()
    freed = _each(
        N_(", but the capacity it frees is worth {money} a year"),
        money=_money(some["freed_capacity_a_year"], settings),
    )
    words = _run_rate(some, settings) + _no_lever(some).where((some["run_rate"] < 0).to_numpy(), "")
    return words + ". " + _ending(some, settings) + freed.where(costs, "") + _weighed(some, settings)


def _kept_at_a_loss(some: pd.DataFrame, settings: Settings) -> pd.Series:
    costs = (some["effect_of_ending_a_year"] < 0).to_numpy()
    stays = _each(
        N_(", since {money} a year of its cost would stay"), money=_money(some["stays_a_year"], settings)
    )
    too = _brings(N_(", and the customers it brings are worth {money} a year"), some, settings)
    yet = _brings(N_(", but the customers it brings are worth {money} a year"), some, settings)
    why = stays.where(costs, "") + too.where(costs, yet)
    words = _run_rate(some, settings) + _no_lever(some) + ". " + _ending(some, settings)
    return words + why + _weighed(some, settings)


def _run_rate(some: pd.DataFrame, settings: Settings) -> pd.Series:
    """Return what it earns or loses a year at today's level, as a share of net revenue where it earns."""
    rate, sold = some["run_rate"], (some["net_revenue"] > 0).to_numpy()
    earns = _each(N_("Earns {money} a year at today's level"), money=_money(rate, settings))
    share = _each(N_(", {share} of net revenue"), share=_percent(rate / some["net_revenue"].where(sold)))
    earns = earns + share.where(sold, "")
    loses = _each(N_("Loses {money} a year at today's level"), money=_money(-rate, settings))
    words = earns.where((rate >= 0).to_numpy(), loses)
    months = _each(
        N_(", judged on its {months} months as a customer"), months=_numbers(some["months"], ",.0f")
    )
    return words + months.where((some["months"] < _SHORT).to_numpy(), "")


_SHORT = 12
"""Months as a customer below which the reason says how many they are."""


def _no_lever(some: pd.DataFrame) -> pd.Series:
    needed = _each(N_(" (prices would have to be {share} higher)"), share=_percent(some["price"]))
    return _(", and no lever or pair of levers within the limits brings it to zero") + needed.where(
        some["price"].notna(), ""
    )


def _ending(some: pd.DataFrame, settings: Settings) -> pd.Series:
    effect = some["effect_of_ending_a_year"]
    money = _money(effect.abs(), settings)
    saves = _each(N_("Ending it would save {money} a year"), money=money)
    return saves.where((effect > 0).to_numpy(), _each(N_("Ending it would cost {money} a year"), money=money))


def _lower(sentence: pd.Series) -> pd.Series:
    """Return a sentence as it goes on behind a semicolon."""
    return sentence.str.slice(0, 1).str.lower() + sentence.str.slice(1)


def _unknown(some: pd.DataFrame, settings: Settings) -> pd.Series:
    """Return what is unknown of the effect of ending: the cost whose avoidable share is blank."""
    words = _each(
        N_(" (of {money} of its cost it is not known whether it would go: half is counted)"),
        money=_money(some["unknown_a_year"], settings),
    )
    return words.where((some["unknown_a_year"] > 0).to_numpy(), "")


def _brings(message: str, some: pd.DataFrame, settings: Settings) -> pd.Series:
    """Return what the referrals are worth in the words of ``message``; nothing where there are none."""
    words = _each(message, money=_money(some["referral_value_a_year"], settings))
    return words.where((some["referral_value_a_year"] > 0).to_numpy(), "")


def _weighed(some: pd.DataFrame, settings: Settings) -> pd.Series:
    return _each(
        N_("; over {years} years keeping it is worth {keeping} and ending it {ending}"),
        years=pd.Series(number(settings.horizon, "g"), index=some.index),
        keeping=_money(some["keep_value"], settings),
        ending=_money(some["end_value"], settings),
    )


def _each(message: str, **texts: pd.Series) -> pd.Series:
    """Return a text in the language spoken for each row, the row's own texts in it."""
    told = template(message)
    rows = zip(*(column.tolist() for column in texts.values()), strict=True)
    said = [told.format(**dict(zip(texts, row, strict=True))) for row in rows]
    return pd.Series(said, index=next(iter(texts.values())).index, dtype=object)


def _money(amounts: pd.Series, settings: Settings) -> pd.Series:
    """Return amounts as words: whole from 100 on, with cents below."""
    large = (amounts.abs() >= 100).to_numpy()
    whole = _numbers(amounts.round() + 0.0, ",.0f")
    return whole.where(large, _numbers(amounts.round(2) + 0.0, ",.2f")) + f" {settings.currency}"


def _percent(shares: pd.Series, form: str = ",.1f") -> pd.Series:
    return _numbers(100.0 * shares, form) + f"{current().blank}%"


def _numbers(amounts: pd.Series, form: str) -> pd.Series:
    return amounts.map(lambda amount: unbroken(amount, form))
