"""The sentence beside each verdict: what the customer earns, what would mend it, what ending would do."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

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
        settings: for the currency and the horizon.
    """
    text = pd.Series("Nothing was sold to it or spent on it in the span.", index=grounds.index, dtype=object)
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
    words = "Earns " + _money(some["profit"], settings) + " in the span"
    words = words + (", " + margin + " of net revenue").where(sold, "")
    slid = (some["last_year"] < 0).to_numpy()
    now = "; in its last 12 months it loses " + _money(-some["last_year"], settings)
    return words + now.where(slid, "") + ". " + _ending(some, settings) + "."


def _to_fix(some: pd.DataFrame, settings: Settings) -> pd.Series:
    size = some["lever_size"]
    lever = some["lever"].to_numpy()
    words = "being paid " + size.map("{:,.1f}".format) + " days sooner"
    for name, said in (
        ("price", "prices " + _percent(size) + " higher"),
        ("order fee", "a fee of " + _money(size, settings) + " an order"),
        ("activity cut", _percent(size) + " less of " + some["lever_on"]),
    ):
        words = words.where(lever != name, said)
    brought = (", and " + _brings(some, settings)).where(_refers(some), "")
    return (
        _losing(some, settings)
        + "; "
        + words
        + " would bring it to zero. "
        + _ending(some, settings)
        + brought
        + "."
    )


def _to_end(some: pd.DataFrame, settings: Settings) -> pd.Series:
    costs = (some["effect_of_ending_a_year"] < 0).to_numpy()
    freed = (
        ", but the capacity it frees is worth " + _money(some["freed_capacity_a_year"], settings) + " a year"
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
    stays = ", since " + _money(some["stays_a_year"], settings) + " a year of its cost would stay"
    joined = pd.Series(np.where(costs, ", and ", ", but "), index=some.index, dtype=object)
    why = stays.where(costs, "") + (joined + _brings(some, settings)).where(_refers(some), "")
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
    words = "Loses " + _money(-some["profit"], settings) + " in the span"
    credit = ", by its cost of credit alone: before it, it earns " + _money(
        some["operating_profit"], settings
    )
    return words + credit.where((some["operating_profit"] >= 0).to_numpy(), "")


def _no_lever(some: pd.DataFrame) -> pd.Series:
    needed = " (prices would have to be " + _percent(some["price"]) + " higher)"
    return ", and no lever within its limit brings it to zero" + needed.where(some["price"].notna(), "")


def _ending(some: pd.DataFrame, settings: Settings) -> pd.Series:
    effect = some["effect_of_ending_a_year"]
    verb = pd.Series(np.where(effect > 0, "save ", "cost "), index=some.index, dtype=object)
    return "Ending it would " + verb + _money(effect.abs(), settings) + " a year"


def _refers(some: pd.DataFrame) -> npt.NDArray[np.bool_]:
    return (some["referral_value_a_year"] > 0).to_numpy()


def _brings(some: pd.DataFrame, settings: Settings) -> pd.Series:
    return "the customers it brings are worth " + _money(some["referral_value_a_year"], settings) + " a year"


def _weighed(some: pd.DataFrame, settings: Settings) -> pd.Series:
    return (
        f"; over {settings.horizon:g} years keeping it is worth "
        + _money(some["keep_value"], settings)
        + " and ending it "
        + _money(some["end_value"], settings)
    )


def _money(amounts: pd.Series, settings: Settings) -> pd.Series:
    """Return amounts as words: whole from 100 on, with cents below."""
    large = (amounts.abs() >= 100).to_numpy()
    whole = (amounts.round() + 0.0).map("{:,.0f}".format)
    return whole.where(large, (amounts.round(2) + 0.0).map("{:,.2f}".format)) + f" {settings.currency}"


def _percent(shares: pd.Series) -> pd.Series:
    return (100.0 * shares).map("{:,.1f} %".format)
