"""The sentence beside each verdict: what the customer earns, what would mend it, what ending would do."""

from __future__ import annotations

import pandas as pd

from xlprofit.language import N_, _, current, number, speaking, template, unbroken
from xlprofit.tables import Settings

COLUMNS = (
    "verdict",
    "profit",
    "net_revenue",
    "operating_profit",
    "last_year",
    "effect_of_ending_a_year",
    "keep_value",
    "end_value",
    "freed_capacity_a_year",
    "referral_value_a_year",
    "stays_a_year",
    "lever",
    "lever_size",
    "lever_on",
    "price",
    "loses",
    "active",
)
"""What a sentence is made of, a column each: money of :mod:`xlprofit.model.decisions`, and

``last_year`` the profit of the last 12 months (blank where the span is no longer), ``stays_a_year`` the cost, a year,
that ending would not avoid (positive), ``price`` the price increase that would be needed, within its limit or not,
``loses`` whether the customer makes a loss and ``active`` whether anything was posted to it.
"""


def sentences(grounds: pd.DataFrame, settings: Settings) -> pd.Series:
    """Return the reason for each verdict, a sentence or two with figures.

    Args:
        grounds: a row a customer with :data:`COLUMNS`.
        settings: for the currency, the horizon and the language.
    """
    with speaking(settings.language):
        nothing = _("Nothing was sold to it or spent on it in the span.")
        text = pd.Series(nothing, index=grounds.index, dtype=object)
        active, loses = grounds["active"].to_numpy(), grounds["loses"].to_numpy()
        verdict = grounds["verdict"].to_numpy()
        for mask, words in (
            (active & ~loses, _earning),
            (loses & (verdict == "fix"), _to_fix),
            (loses & (verdict == "end"), _to_end),
            (loses & (verdict == "keep"), _kept_at_a_loss),
        ):
            if mask.any():
                text[mask] = words(grounds[mask], settings)
        return text


def _earning(some: pd.DataFrame, settings: Settings) -> pd.Series:
    sold = (some["net_revenue"] > 0).to_numpy()
    margin = _percent(some["profit"] / some["net_revenue"].where(sold))
    words = _each(N_("Earns {money} in the span"), money=_money(some["profit"], settings))
    words = words + _each(N_(", {share} of net revenue"), share=margin).where(sold, "")
    slid = (some["last_year"] < 0).to_numpy()
    now = _each(N_("; in its last 12 months it loses {money}"), money=_money(-some["last_year"], settings))
    return words + now.where(slid, "") + ". " + _ending(some, settings) + "."


def _to_fix(some: pd.DataFrame, settings: Settings) -> pd.Series:
    size = some["lever_size"]
    lever = some["lever"].to_numpy()
    words = _each(N_("; being paid {days} days sooner would bring it to zero"), days=_numbers(size, ",.1f"))
    for name, said in (
        ("price", _each(N_("; prices {share} higher would bring it to zero"), share=_percent(size))),
        (
            "order fee",
            _each(N_("; a fee of {money} an order would bring it to zero"), money=_money(size, settings)),
        ),
        (
            "activity cut",
            _each(
                N_("; {share} less of {activity} would bring it to zero"),
                share=_percent(size),
                activity=some["lever_on"],
            ),
        ),
    ):
        words = words.where(lever != name, said)
    brought = _brings(N_(", and the customers it brings are worth {money} a year"), some, settings)
    return _losing(some, settings) + words + ". " + _ending(some, settings) + brought + "."


def _to_end(some: pd.DataFrame, settings: Settings) -> pd.Series:
    costs = (some["effect_of_ending_a_year"] < 0).to_numpy()
    freed = _each(
        N_(", but the capacity it frees is worth {money} a year"),
        money=_money(some["freed_capacity_a_year"], settings),
    )
    return (
        _losing(some, settings)
        + _no_lever(some)
        + ". "
        + _ending(some, settings)
        + freed.where(costs, "")
        + _weighed(some, settings)
        + "."
    )


def _kept_at_a_loss(some: pd.DataFrame, settings: Settings) -> pd.Series:
    costs = (some["effect_of_ending_a_year"] < 0).to_numpy()
    stays = _each(
        N_(", since {money} a year of its cost would stay"), money=_money(some["stays_a_year"], settings)
    )
    too = _brings(N_(", and the customers it brings are worth {money} a year"), some, settings)
    yet = _brings(N_(", but the customers it brings are worth {money} a year"), some, settings)
    why = stays.where(costs, "") + too.where(costs, yet)
    return (
        _losing(some, settings)
        + _no_lever(some)
        + ". "
        + _ending(some, settings)
        + why
        + _weighed(some, settings)
        + "."
    )


def _losing(some: pd.DataFrame, settings: Settings) -> pd.Series:
    words = _each(N_("Loses {money} in the span"), money=_money(-some["profit"], settings))
    credit = _each(
        N_(", by its cost of credit alone: before it, it earns {money}"),
        money=_money(some["operating_profit"], settings),
    )
    return words + credit.where((some["operating_profit"] >= 0).to_numpy(), "")


def _no_lever(some: pd.DataFrame) -> pd.Series:
    needed = _each(N_(" (prices would have to be {share} higher)"), share=_percent(some["price"]))
    return _(", and no lever within its limit brings it to zero") + needed.where(some["price"].notna(), "")


def _ending(some: pd.DataFrame, settings: Settings) -> pd.Series:
    effect = some["effect_of_ending_a_year"]
    money = _money(effect.abs(), settings)
    saves = _each(N_("Ending it would save {money} a year"), money=money)
    return saves.where((effect > 0).to_numpy(), _each(N_("Ending it would cost {money} a year"), money=money))


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


def _percent(shares: pd.Series) -> pd.Series:
    return _numbers(100.0 * shares, ",.1f") + f"{current().blank}%"


def _numbers(amounts: pd.Series, form: str) -> pd.Series:
    return amounts.map(lambda amount: unbroken(amount, form))
