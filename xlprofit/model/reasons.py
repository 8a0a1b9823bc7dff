"""The sentence beside each verdict: what the customer earns, what would fix it, what ending would do."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.model.levers import round_up
from xlprofit.tables import Settings
from xlprofit.words.speech import N_, _, current, fill_column, number, speaking, unbroken_column

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
    "quiet",
    "acquired",
    "active",
)
"""What a sentence is made of, a column each: those of :mod:`xlprofit.model.decisions`, and

``net_revenue`` a year at today's level, ``overdue_days`` how late what is overdue is on average, ``stays_a_year`` the
cost that ending would not avoid (positive), ``unknown_a_year`` the cost of which nobody said whether it would
(positive), ``price`` the price increase that would be needed, within its limit or not, ``discount`` and
``usual_discount`` the customer's and its segment's, shares, ``quiet`` for how many months it has bought nothing (0:
not long), ``acquired`` what is still spent on acquisition, ``months`` how long it has been a customer where that is
less than the window, and ``active`` whether anything was posted to it.
"""

Words = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]
Say = Callable[[pd.DataFrame, Settings], Words]


def sentences(grounds: pd.DataFrame, settings: Settings) -> Words:
    """Return the reason for each verdict, a sentence or two with figures.

    Args:
        grounds: a row a customer with :data:`COLUMNS`.
        settings: for the currency, the horizon and the language.
    """
    with speaking(settings.language):
        text = np.full(len(grounds), _("Nothing was sold to it or spent on it in the span."), dtype=object)
        active = grounds["active"].to_numpy(dtype=bool)
        loses = (grounds["run_rate"] < 0).to_numpy()
        leaning = grounds["leaning"].to_numpy()
        kinds: tuple[tuple[Flags, Say], ...] = (
            (leaning == "collect", _to_collect),
            (leaning == "fix", _to_fix),
            (leaning == "end", _to_end),
            ((leaning == "keep") & loses, _kept_at_a_loss),
            ((leaning == "keep") & ~loses, _earning),
        )
        for mask, say in kinds:
            some = np.flatnonzero(active & mask)
            if len(some):
                of = grounds.iloc[some]
                text[some] = _first(of) + say(of, settings) + _unknown(of, settings) + "."
        return text


def add_trend(said: Words, trend: Words, settings: Settings) -> Words:
    """Return the reasons for some verdicts, followed by what is said of the trends of the same customers."""
    with speaking(settings.language):
        return _each(N_("{reason} But it is slipping. {trend}"), reason=said, trend=trend)


def _first(some: pd.DataFrame) -> Words:
    """Return what comes first where a verdict is not sure enough: what to find out."""
    words: Words = np.full(len(some), "", dtype=object)
    unsure = (some["verdict"] == "investigate").to_numpy()
    leaning = some["leaning"].to_numpy()
    for verdict, message in (
        ("keep", N_("Find out first about {input}: keeping it would be right in only {share} of the runs. ")),
        ("fix", N_("Find out first about {input}: fixing it would be right in only {share} of the runs. ")),
        (
            "collect",
            N_("Find out first about {input}: collecting would be right in only {share} of the runs. "),
        ),
        ("end", N_("Find out first about {input}: ending it would be right in only {share} of the runs. ")),
    ):
        of = some[unsure & (leaning == verdict)]
        if len(of):
            # Down to the whole percent: one that falls just short is not told as the confidence asked for.
            share = _percent(np.floor(100.0 * of["confidence"] + 1e-9) / 100.0, ",.0f")
            words[unsure & (leaning == verdict)] = fill_column(message, input=of["hinges_on"], share=share)
    return words


def _earning(some: pd.DataFrame, settings: Settings) -> Words:
    words: Words = _run_rate(some, settings) + ". " + _ending(some, settings)
    return words


def _to_collect(some: pd.DataFrame, settings: Settings) -> Words:
    words: Words = _each(
        N_("{money} is overdue, by {days} days on average"),
        money=_money(some["at_stake"], settings),
        days=unbroken_column(some["overdue_days"], ",.0f"),
    )
    buys = (some["lever"] == "stop credit").to_numpy()
    stop = _(": stop credit, sell against prepayment and send reminders")
    words = words + np.where(buys, stop, _(": send reminders and collect it")).astype(object) + ". "
    saves = (some["effect_of_ending_a_year"] > 0).to_numpy()
    money = _money(some["effect_of_ending_a_year"].abs(), settings)
    words += _run_rate(some, settings)
    words += _choose(
        saves,
        N_("; ending it would save {money} a year, and what is owed is to be collected either way"),
        N_("; ending it would cost {money} a year, and what is owed is to be collected either way"),
        money=money,
    )
    return words


def _to_fix(some: pd.DataFrame, settings: Settings) -> Words:
    words: Words = _run_rate(some, settings) + "; " + _lever(some, settings, "")
    paired = _where(
        some, (some["lever_2"] != "").to_numpy(), lambda of: _(" and ") + _lever(of, settings, "_2")
    )
    eaten = _where(
        some,
        some["break_even_volume_loss"].notna().to_numpy(),
        lambda of: _each(
            N_(" (if it then bought {share} less, the increase would be lost)"),
            share=_percent(of["break_even_volume_loss"]),
        ),
    )
    brought = _brings(N_(", and the customers it brings are worth {money} a year"), some, settings)
    words = words + paired + _(" would bring it to zero") + eaten
    words += ". " + _ending(some, settings) + brought
    return words


def _lever(some: pd.DataFrame, settings: Settings, which: str) -> Words:
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
    "price": lambda of, size, on, settings: _each(N_("prices {share} higher"), share=_enough(size)),
    "discount": lambda of, size, on, settings: _each(
        N_("a discount of {less} in place of {now}"),
        less=_percent(np.floor(1_000.0 * (of["discount"] - size) + 1e-6) / 1_000.0),
        now=_percent(of["discount"]),
    ),
    "order fee": lambda of, size, on, settings: _each(
        N_("a fee of {money} an order"), money=_fee(size, settings)
    ),
    "activity cut": lambda of, size, on, settings: _each(
        N_("{share} less of {activity}"), share=_enough(size), activity=on
    ),
    "cheaper channel": lambda of, size, on, settings: _each(
        N_("{share} of {here} moved to {there}"),
        share=_enough(size),
        here=on.str.partition(" → ")[0],
        there=on.str.partition(" → ")[2],
    ),
    "payment days": lambda of, size, on, settings: _each(
        N_("being paid {days} days sooner"), days=unbroken_column(round_up(size.to_numpy(), 1), ",.1f")
    ),
}
"""What each lever is in words, of its rows, its size and what it takes hold of."""


def _to_end(some: pd.DataFrame, settings: Settings) -> Words:
    freed = _where(
        some,
        ((some["effect_of_ending_a_year"] < 0) & (some["freed_capacity_a_year"] > 0)).to_numpy(),
        lambda of: _each(
            N_(", but the capacity it frees is worth {money} a year"),
            money=_money(of["freed_capacity_a_year"], settings),
        ),
    )
    words: Words = _run_rate(some, settings) + _where(some, (some["run_rate"] < 0).to_numpy(), _no_lever)
    words += ". " + _ending(some, settings) + freed + _weighed(some, settings)
    return words


def _kept_at_a_loss(some: pd.DataFrame, settings: Settings) -> Words:
    costs = (some["effect_of_ending_a_year"] < 0).to_numpy()
    stays = _where(
        some,
        costs,
        lambda of: _each(
            N_(", since {money} a year of its cost would stay"), money=_money(of["stays_a_year"], settings)
        ),
    )
    too = _brings(N_(", and the customers it brings are worth {money} a year"), some, settings)
    yet = _brings(N_(", but the customers it brings are worth {money} a year"), some, settings)
    words: Words = _run_rate(some, settings) + _no_lever(some) + ". " + _ending(some, settings)
    words += stays + np.where(costs, too, yet) + _weighed(some, settings)
    return words


def _run_rate(some: pd.DataFrame, settings: Settings) -> Words:
    """Return what it earns or loses a year at today's level, as a share of net revenue where it earns."""
    rate, sold = some["run_rate"], some["net_revenue"]
    words: Words = _choose(
        (rate >= 0).to_numpy(),
        N_("Earns {money} a year at today's level"),
        N_("Loses {money} a year at today's level"),
        money=_money(rate.abs(), settings),
    )
    share = _where(
        some,
        ((rate >= 0) & (sold > 0)).to_numpy(),
        lambda of: _each(N_(", {share} of net revenue"), share=_percent(of["run_rate"] / of["net_revenue"])),
    )
    months = _where(
        some,
        (some["months"].between(2, _SHORT, inclusive="left")).to_numpy(),
        lambda of: _each(
            N_(", judged on its {months} months as a customer"), months=unbroken_column(of["months"], ",.0f")
        ),
    )
    first = _where(
        some,
        (some["months"] == 1).to_numpy(),
        lambda of: np.full(len(of), _(", judged on its first month as a customer"), dtype=object),
    )
    quiet = _where(
        some,
        (some["quiet"] > 0).to_numpy(),
        lambda of: _each(
            N_(", having bought nothing for {months} months"), months=unbroken_column(of["quiet"], ",.0f")
        ),
    )
    won = _where(
        some,
        ((rate >= 0) & (rate + some["acquired"] < 0)).to_numpy(),
        lambda of: _each(
            N_(" (but {spent} a year is still spent on acquisition, after which it loses {money})"),
            spent=_money(-of["acquired"], settings),
            money=_money(-of["acquired"] - of["run_rate"], settings),
        ),
    )
    words += share + quiet + first + months + won
    return words


_SHORT = 12
"""Months as a customer below which the reason says how many they are."""


def _no_lever(some: pd.DataFrame) -> Words:
    needed = _where(
        some,
        some["price"].notna().to_numpy(),
        lambda of: _each(N_(" (prices would have to be {share} higher)"), share=_enough(of["price"])),
    )
    return np.asarray(_(", and no lever or pair of levers within the limits brings it to zero") + needed)


def _ending(some: pd.DataFrame, settings: Settings) -> Words:
    effect = some["effect_of_ending_a_year"]
    return _choose(
        (effect > 0).to_numpy(),
        N_("Ending it would save {money} a year"),
        N_("Ending it would cost {money} a year"),
        money=_money(effect.abs(), settings),
    )


def _unknown(some: pd.DataFrame, settings: Settings) -> Words:
    """Return what is unknown of the effect of ending: the cost whose avoidable share is blank."""
    return _where(
        some,
        (some["unknown_a_year"] > 0).to_numpy(),
        lambda of: _each(
            N_("; whether {money} a year of its cost would go is unknown, and half of it is counted"),
            money=_money(of["unknown_a_year"], settings),
        ),
    )


def _brings(message: str, some: pd.DataFrame, settings: Settings) -> Words:
    """Return what the referrals are worth in the words of ``message``; nothing where there are none."""
    return _where(
        some,
        (some["referral_value_a_year"] > 0).to_numpy(),
        lambda of: _each(message, money=_money(of["referral_value_a_year"], settings)),
    )


def _weighed(some: pd.DataFrame, settings: Settings) -> Words:
    return _each(
        N_("; over a year keeping it is worth {keeping} and ending it {ending}")
        if settings.horizon == 1
        else N_("; over {years} years keeping it is worth {keeping} and ending it {ending}"),
        years=[number(settings.horizon, "g")] * len(some),
        keeping=_money(some["keep_value"], settings),
        ending=_money(some["end_value"], settings),
    )


def _each(message: str, **columns: Iterable[str]) -> Words:
    """Return a text in the language spoken for each row, the row's own texts in it."""
    told = fill_column(message, **columns)
    words: Words = np.empty(len(told), dtype=object)
    words[:] = told
    return words


def _choose(first: Flags, one: str, other: str, money: list[str]) -> Words:
    """Return the one text where ``first`` holds and the other elsewhere, with the row's money in it."""
    return np.where(first, _each(one, money=money), _each(other, money=money))


def _where(some: pd.DataFrame, mask: Flags, say: Callable[[pd.DataFrame], Words]) -> Words:
    """Return what is said of the rows of a mask, and nothing of the others."""
    words: Words = np.full(len(some), "", dtype=object)
    if mask.any():
        words[mask] = say(some[mask])
    return words


def _money(amounts: pd.Series, settings: Settings) -> list[str]:
    """Return amounts as words: whole from 100 on, with cents below, nothing as ``0``."""
    large = ((amounts.abs() >= 100) | (amounts.abs() < 0.005)).tolist()
    whole, exact = (unbroken_column(amounts.round(n) + 0.0, form) for n, form in ((0, ",.0f"), (2, ",.2f")))
    currency = f" {settings.currency}"
    return [(w if big else e) + currency for w, e, big in zip(whole, exact, large, strict=True)]


def _fee(amounts: pd.Series, settings: Settings) -> list[str]:
    """Return fees as words, with cents, and enough: one rounded down would not bring what is missing."""
    return [f"{fee} {settings.currency}" for fee in unbroken_column(round_up(amounts.to_numpy(), 2), ",.2f")]


def _enough(shares: pd.Series) -> list[str]:
    """Return sizes of levers as words, none less than it takes."""
    return _percent(round_up(shares.to_numpy(), 3))


def _percent(shares: pd.Series | npt.NDArray[np.float64], form: str = ",.1f") -> list[str]:
    sign = f"{current().blank}%"
    return [share + sign for share in unbroken_column(100.0 * shares, form)]
