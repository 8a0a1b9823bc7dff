"""The sentence beside each trend: what profit is now, since when, where it is going, and what to look out for.

It is made of the codes and figures of :mod:`xlprofit.analysis.trends`, column by column.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.words.speech import N_, _, _n, number, template, term

if TYPE_CHECKING:
    from xlprofit.analysis.chance import Flags, Floats, Integers
    from xlprofit.tables import Settings

Texts = npt.NDArray[np.object_]


def word_trends(trends: pd.DataFrame, settings: Settings) -> Texts:
    """Return a sentence with figures for each customer, in the language spoken.

    Args:
        trends: the columns of :func:`xlprofit.analysis.trends.read_trends`, a row a customer.
        settings: for the currency and the length of a period.
    """
    said = _word_level(trends, settings) + _word_warning(trends, settings)
    return _word_beginning(said, trends)


def _word_level(frame: pd.DataFrame, settings: Settings) -> Texts:
    """Return in words what profit is now, since when, and where it is going."""
    now, slope = frame["profit_now"].to_numpy(), frame["profit_slope"].to_numpy()
    few, way = np.isnan(slope), frame["way"].to_numpy()
    turned = frame["turning_period"].to_numpy(dtype=object)
    crossed = (frame["reason"] == "came to zero").to_numpy()
    inside = (frame["state"] == "New").to_numpy()
    per = settings.period
    loss, known = now < 0, ~np.isnan(now)
    text = np.full(len(now), "", dtype=object)
    for some, words in (
        (loss & inside, _LOSS_INSIDE),
        (loss & ~inside, _LOSS),
        (~loss & inside & known, _PROFIT_INSIDE),
        (~loss & ~inside & known, _PROFIT),
    ):
        text = text + _scatter(
            some, _fill_texts(_choose_length(words, per), money=_say_amounts(now[some], settings))
        )
    since = turned != ""
    text = text + _scatter(since, _fill_texts(N_(", since {period}"), period=turned[since]))
    for going, words in (((way > 0) & ~few, _RISING), ((way < 0) & ~few, _FALLING)):
        text = text + _scatter(
            going, _fill_texts(_choose_length(words, per), money=_say_amounts(slope[going], settings))
        )
    left = word_time_left(frame, per)
    ahead = left != ""
    text = text + _scatter(ahead, _fill_texts(N_(": below zero in {time}"), time=left[ahead]))
    text = text + _pick_texts(crossed, _(": it has come down to zero"), "")
    active = _count_periods(_FEW[per], frame["periods"].to_numpy()[few], enough=settings.trend_periods)
    return _pick_texts(~known, _("no whole period since"), text + _scatter(few, active))


def word_time_left(frame: pd.DataFrame, period: str) -> Texts:
    """Return in words how long each customer's profit lasts: ``about 7 months (4 to 12)``, ``more than 9 months``.

    Rounded to whole periods, the ends of the interval outwards. Empty where nothing falls, or where it
    may come to zero at once as well as never.
    """
    low, middle, high = (
        frame[c].to_numpy(dtype=np.float64) for c in ("periods_left_low", "periods_left", "periods_left_high")
    )
    said = np.full(len(frame), "", dtype=object)
    known = ~np.isnan(low) & ~np.isnan(high)
    ends = (np.floor(low[known]).astype(np.int64), np.ceil(high[known]).astype(np.int64))
    about = np.clip(np.rint(middle[known]), 1, None).astype(np.int64)
    rows = zip(about.tolist(), ends[0].tolist(), ends[1].tolist(), strict=True)
    said[known] = [*(_ABOUT[period](n, low=least, high=most) for n, least, most in rows), ""][:-1]
    longer = ~np.isnan(low) & np.isnan(high) & (low >= 1)
    said[longer] = _count_periods(_LONGER[period], np.floor(low[longer]))
    return said


def _word_warning(frame: pd.DataFrame, settings: Settings) -> Texts:
    """Return in words an early warning, and a loss over the period analysed that the state does not show."""
    early = frame["early_warning"].to_numpy()
    falls = _say_amounts(frame["volume_slope"].to_numpy()[early], settings)
    grows = _say_amounts(frame["attention_growth"].to_numpy()[early], settings)
    group = np.array(
        [term("word", g) for g in frame["attention_group"].to_numpy()[early]] + [""], dtype=object
    )[:-1]
    warning = _fill_texts(_choose_length(_WARNED, settings.period), falls=falls, grows=grows, group=group)
    total = frame["profit_total"].to_numpy()
    hidden = frame["state"].isin(("Profitable", "Slipping")).to_numpy() & (total < 0)
    loss = _fill_texts(
        N_("; yet a loss of {money} over the period analysed"), money=_say_amounts(total[hidden], settings)
    )
    both = _scatter(early, warning) + _scatter(hidden, loss)
    return np.asarray(both, dtype=object)


def _word_beginning(said: Texts, frame: pd.DataFrame) -> Texts:
    """Return the sentences, begun with what the state of the new and the dormant rests on."""
    state = frame["state"].to_numpy(dtype=object)
    first, last = (frame[column].to_numpy(dtype=object) for column in ("first_sale", "last_sale"))
    new, dormant = state == "New", state == "Dormant"
    begun = _fill_texts(N_("First sale in {period}; "), period=first[new])
    since = _fill_texts(N_("No sale since {period}"), period=last[dormant])
    none = _pick_texts(last[dormant] == "", _("No sale in the period analysed"), since)
    chosen = _pick_texts(dormant, _scatter(dormant, none), _scatter(new, begun) + said)
    return np.asarray(chosen + ".", dtype=object)


_LOSS = (N_("Loss of {money} a month"), N_("Loss of {money} a quarter"), N_("Loss of {money} a year"))
_PROFIT = (N_("Profit of {money} a month"), N_("Profit of {money} a quarter"), N_("Profit of {money} a year"))
_LOSS_INSIDE = (N_("loss of {money} a month"), N_("loss of {money} a quarter"), N_("loss of {money} a year"))
_PROFIT_INSIDE = (
    N_("profit of {money} a month"),
    N_("profit of {money} a quarter"),
    N_("profit of {money} a year"),
)
_RISING = (
    N_(", rising by {money} a month"),
    N_(", rising by {money} a quarter"),
    N_(", rising by {money} a year"),
)
_FALLING = (
    N_(", falling by {money} a month"),
    N_(", falling by {money} a quarter"),
    N_(", falling by {money} a year"),
)
_WARNED = (
    N_("; early warning: net revenue falls by {falls} and attention in {group} grows by {grows} a month"),
    N_("; early warning: net revenue falls by {falls} and attention in {group} grows by {grows} a quarter"),
    N_("; early warning: net revenue falls by {falls} and attention in {group} grows by {grows} a year"),
)
_LENGTHS = ("month", "quarter", "year")

_ABOUT: dict[str, Callable[..., str]] = {
    "month": lambda n, low, high: _n(
        "about {n} month ({low} to {high})", "about {n} months ({low} to {high})", n, low=low, high=high
    ),
    "quarter": lambda n, low, high: _n(
        "about {n} quarter ({low} to {high})", "about {n} quarters ({low} to {high})", n, low=low, high=high
    ),
    "year": lambda n, low, high: _n(
        "about {n} year ({low} to {high})", "about {n} years ({low} to {high})", n, low=low, high=high
    ),
}
_LONGER: dict[str, Callable[..., str]] = {
    "month": lambda n: _n("more than {n} month", "more than {n} months", n),
    "quarter": lambda n: _n("more than {n} quarter", "more than {n} quarters", n),
    "year": lambda n: _n("more than {n} year", "more than {n} years", n),
}
_FEW: dict[str, Callable[..., str]] = {
    "month": lambda n, enough: _n(
        "; {n} month with sales or cost, too few for a trend ({enough:.0f})",
        "; {n} months with sales or cost, too few for a trend ({enough:.0f})",
        n,
        enough=enough,
    ),
    "quarter": lambda n, enough: _n(
        "; {n} quarter with sales or cost, too few for a trend ({enough:.0f})",
        "; {n} quarters with sales or cost, too few for a trend ({enough:.0f})",
        n,
        enough=enough,
    ),
    "year": lambda n, enough: _n(
        "; {n} year with sales or cost, too few for a trend ({enough:.0f})",
        "; {n} years with sales or cost, too few for a trend ({enough:.0f})",
        n,
        enough=enough,
    ),
}


def _choose_length(messages: tuple[str, ...], period: str) -> str:
    """Return the one of three texts that is about a month, a quarter or a year."""
    return messages[_LENGTHS.index(period)]


def _fill_texts(message: str, **texts: npt.NDArray[Any]) -> Texts:
    """Return a text in the language spoken for each row, the row's own texts in it."""
    told = template(message)
    rows = zip(*(column.tolist() for column in texts.values()), strict=True)
    said = [told.format(**dict(zip(texts, row, strict=True))) for row in rows]
    return np.array([*said, ""], dtype=object)[:-1]


def _count_periods(words: Callable[..., str], values: Floats | Integers, **figures: float) -> Texts:
    """Return a text about each number of periods; what is less than one is called one."""
    known = np.maximum(np.rint(np.nan_to_num(values)), 1).astype(np.int64)
    said = {n: words(n, **figures) for n in np.unique(known).tolist()}
    return np.array([*(said[n] for n in known.tolist()), ""], dtype=object)[:-1]


def _pick_texts(chosen: Flags, yes: npt.NDArray[Any] | str, no: npt.NDArray[Any] | str) -> Texts:
    """Return the one text where ``chosen`` is true and the other where it is not."""
    return np.where(chosen, np.asarray(yes, dtype=object), np.asarray(no, dtype=object))


def _scatter(chosen: Flags, texts: npt.NDArray[Any]) -> Texts:
    """Return the texts, one for each place where ``chosen`` is true, and empty ones between."""
    all_of_them = np.full(len(chosen), "", dtype=object)
    all_of_them[chosen] = texts
    return all_of_them


def _say_amounts(values: Floats, settings: Settings) -> Texts:
    """Return amounts in words, without their sign: whole from 100 on, with cents below."""
    texts = (number(v, ",.0f" if v >= 100 else ",.2f") for v in np.abs(values).tolist())
    return np.array([*(f"{text} {settings.currency}" for text in texts), ""], dtype=object)[:-1]
