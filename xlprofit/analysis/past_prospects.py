"""Past prospects: what the won and the lost say of the chances of those still open, and of the screening.

Sources: A. P. Dawid, "The Well-Calibrated Bayesian", Journal of the American Statistical Association 1982, for what a
stated chance is worth; D. R. Cox, "Two further applications of a model for binary regression", Biometrika 1958, for
the line through the log-odds that sets it right; H. Jeffreys, *Theory of Probability*, 1961, for a share of few;
C. N. Morris, "Parametric Empirical Bayes Inference", Journal of the American Statistical Association 1983, for how far
the share of a segment is drawn towards that of all; K.-Y. Liang and S. L. Zeger, "Longitudinal data analysis using
generalized linear models", Biometrika 1986, for months that are good or bad as a whole; G. W. Brier, "Verification of
forecasts expressed in terms of probability", Monthly Weather Review 1950, and M. Stone, "Cross-validatory choice and
assessment of statistical predictions", Journal of the Royal Statistical Society B 1974, for which way of saying a
chance did best on prospects that it had not seen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis.chance import expect_above

Floats = npt.NDArray[np.float64]

FEWEST_STATED = 20
"""Past prospects with a stated chance below which stated chances are taken as they are."""

FEWEST_CLOSED = 10
"""Past prospects below which a blank chance stays anything from none to certain."""

FEWEST_MONTHS = 4
"""Months in which prospects were decided below which nobody can tell how much months differ."""

SURE = 1.2816
"""Standard deviations on either side that hold 80 of 100."""

DIGITS = 6
"""Digits behind the point that a chance is kept with."""

PARTS = 5
"""Parts of the past prospects: each is told by what the others say, to see whether adjusted chances are nearer."""

USUAL, WEIGHT = np.array([0.0, 1.0]), np.array([1.0, 4.0])
"""Shift and slope where stated chances are right, and how surely they are that: one by the variance of each."""

MOST_STEPS, ENOUGH = 100, 1e-10
"""Newton's steps at most, and the step below which the top is reached."""

_LEAST = 0.005
"""A stated chance nearer to none or to certain than this counts as this: nothing is certain."""

OUTCOMES = ("segment", "verdict", "prospects", "won", "win_rate", "stated", "contribution", "run_rate")
"""The columns of :func:`tabulate_outcomes`."""


@dataclass(frozen=True)
class WinRecord:
    """What past prospects say of chances.

    Attributes:
        closed, won: how many were decided, and how many of them were won.
        stated, stated_chance, stated_won: of how many a chance was stated, its mean, and the share of them that was
        won.
        rates: the share won by segment, its key as :func:`fold_segment` gives it, drawn towards that of all as far as
        chance explains their differences; ``""`` for all.
        doubts: how far each of these may be off, a standard deviation; under ``""`` as the chance of a segment of which
        nothing is known.
        briers: the mean squared error of four ways to say the chance of past prospects, each told by what came of the
        others: the share of all (``all``) and of the segment (``segment``), stated chances as they are (``stated``) and
        adjusted (``adjusted``); those that were tried. Where the simpler way is no further off it is used: the rates of
        all segments are that of all, and stated chances stay as they are.
        shift, slope: the line that sets the log-odds of a stated chance right; 0 and 1 where there are too few.
    """

    closed: int
    won: int
    stated: int
    stated_chance: float
    stated_won: float
    rates: dict[str, float]
    doubts: dict[str, float]
    briers: dict[str, float]
    shift: float = 0.0
    slope: float = 1.0

    @property
    def learnt(self) -> bool:
        """Whether stated chances are set right by what came of earlier ones."""
        return self.stated >= FEWEST_STATED and self.briers["adjusted"] < self.briers["stated"]

    @property
    def by_segment(self) -> bool:
        """Whether a blank chance is that of its segment, which did better than that of all."""
        return _is_segment_nearer(self.briers)


def _is_segment_nearer(briers: Mapping[str, float]) -> bool:
    return "segment" in briers and briers["segment"] < briers["all"]


def fold_segment(text: object) -> str:
    """Return the form in which segments are compared."""
    return " ".join(str(text).split()).casefold().rstrip(".")


def is_closed(prospects: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return which prospects were won or lost; none where nobody says."""
    if "outcome" not in prospects:
        return np.zeros(len(prospects), dtype=bool)
    return np.asarray(prospects["outcome"].astype(str).isin(["won", "lost"]).to_numpy(dtype=bool))


def _find_won(closed: pd.DataFrame) -> Floats:
    """Return 1 for each that was won, 0 for each that was lost."""
    if not len(closed):
        return np.zeros(0)
    return np.asarray(closed["outcome"].astype(str) == "won", dtype=np.float64)


def learn_chances(prospects: pd.DataFrame) -> WinRecord:
    """Return what the won and the lost among these prospects say of chances."""
    past = prospects[is_closed(prospects)]
    won = _find_won(past)
    given = past["win_probability"].to_numpy(dtype=np.float64)
    stated = np.isfinite(given)
    count, wins = len(past), float(won.sum())
    keys = past["segment"].map(fold_segment).to_numpy(dtype=object)
    shares = _count_shares(won, keys, count, wins)
    briers = _score_shares(shares) if count >= FEWEST_CLOSED else {}
    known = int(stated.sum())
    line = (0.0, 1.0)
    if known >= FEWEST_STATED:
        line = _fit_log_odds(given[stated], won[stated])
        briers |= _score_stated(given[stated], won[stated])
    shared = _measure_month_doubt(past, won, shares.of_all)
    rates, doubts = _compare_segments(shares, shared, by_segment=_is_segment_nearer(briers))
    return WinRecord(
        count,
        int(wins),
        known,
        float(np.cumsum(given[stated])[-1]) / known if known else math.nan,
        float(won[stated].sum()) / known if known else math.nan,
        rates,
        doubts,
        briers,
        *line,
    )


def _measure_month_doubt(past: pd.DataFrame, won: Floats, overall: float) -> float:
    """Return the variance that the share won of all has because months differ by more than chance.

    With *eₘ* the won less those to be expected in month *m* of *M*, undated ones a month each, the share has the
    variance *M / (M − 1) × Σ eₘ² / n²* (Liang and Zeger); what is above *p (1 − p) / n* of that is due to months.
    """
    if "closed" not in past or not len(past):
        return 0.0
    month = past["closed"].dt.year * 12 + past["closed"].dt.month
    dated = month.notna().to_numpy(dtype=bool)
    _, place = np.unique(month.to_numpy(dtype=np.float64)[dated], return_inverse=True)
    many = int(place.max(initial=-1)) + 1
    if many < FEWEST_MONTHS:
        return 0.0
    off = np.bincount(place, weights=won[dated]) - overall * np.bincount(place)
    alone = won[~dated] - overall
    count, chance = len(won), overall * (1.0 - overall)
    whole = (math.fsum(off**2) * many / (many - 1.0) + math.fsum(alone**2)) / count**2
    return max(whole - chance / count, 0.0)


@dataclass(frozen=True)
class _Shares:
    """Past prospects and those won, of all (``whole``, ``won``) and by segment, in the order of ``names``."""

    whole: float
    won: float
    names: list[str]
    count: Floats
    wins: Floats

    @property
    def of_all(self) -> float:
        """The share won of all, with half a win and half a loss more (Jeffreys)."""
        return (self.won + 0.5) / (self.whole + 1.0)


def _count_shares(won: Floats, keys: npt.NDArray[np.object_], whole: float, wins: float) -> _Shares:
    """Return how many of each segment were decided and won; who has no segment counts among all alone."""
    names, place = np.unique(keys[keys != ""].astype(str), return_inverse=True)
    count = np.bincount(place, minlength=len(names)).astype(np.float64)
    own = np.asarray(np.bincount(place, weights=won[keys != ""], minlength=len(names)), dtype=np.float64)
    return _Shares(whole, wins, names.tolist(), count, own)


def _compare_segments(
    shares: _Shares, shared: float, *, by_segment: bool
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the share won by segment, and how far it may be off: a standard deviation.

    Of *S* segments with *nₛ* past prospects each, the shares *pₛ* truly differ by the variance
    *τ² = (Σ nₛ (pₛ − p)² − (S − 1) p (1 − p)) / (N − Σ nₛ² / N)*, as far as that is known and no less than 0
    (:func:`xlprofit.analysis.chance.expect_above`). Each is drawn to *p + w (pₛ − p)*, *w = τ² / (τ² + vₛ)* with
    *vₛ = p (1 − p) / (nₛ + 1)*, and known to *w vₛ + (1 − w)² v + shared*, *v* being how far *p* may be off by chance
    and ``shared`` by what all have in common. Where that of all is used for each, it is off by the difference too.
    """
    overall, count = shares.of_all, shares.count
    chance, plain = overall * (1.0 - overall), overall * (1.0 - overall) / (shares.whole + 2.0)
    apart = _measure_spread(
        len(count), math.fsum(count), math.fsum(shares.wins), _add_squares(count, shares.wins)
    )
    doubt = chance / (count + 1.0)
    weight = apart / (apart + doubt)
    moved = weight * ((shares.wins + overall) / (count + 1.0) - overall)
    spread = np.sqrt(
        weight * doubt + (1.0 - weight) ** 2 * plain + shared + (0.0 if by_segment else moved**2)
    )
    rates = overall + (moved if by_segment else np.zeros(len(count)))
    return (
        {"": overall, **dict(zip(shares.names, rates.tolist(), strict=True))},
        {"": math.sqrt(plain + shared + apart), **dict(zip(shares.names, spread.tolist(), strict=True))},
    )


def _add_squares(count: Floats, wins: Floats) -> tuple[float, float]:
    """Return *Σ nₛ²* and *Σ winsₛ² / nₛ*."""
    return math.fsum(count**2), math.fsum(wins**2 / count)


def _measure_spread(segments: int, whole: float, wins: float, squares: tuple[float, float]) -> float:
    """Return by which variance the shares won of segments truly differ; 0 where there are not two.

    ``squares`` are *Σ nₛ²* and *Σ winsₛ² / nₛ*, for *Σ nₛ (pₛ − p)² = Σ winsₛ² / nₛ − (Σ winsₛ)² / Σ nₛ*.
    """
    if segments < 2:
        return 0.0
    share = wins / whole
    size = whole - squares[0] / whole
    between = max(round(squares[1] - wins**2 / whole, 9), 0.0) / size
    chance = (segments - 1.0) * share * (1.0 - share) / size
    return expect_above(between - chance, math.sqrt(2.0 / (segments - 1.0)) * between)


def _score_shares(shares: _Shares) -> dict[str, float]:
    """Return the mean squared error of the share won of all, and of the segment, each prospect left out in its turn.

    Those of a segment with the same outcome are alike, so that it takes two steps a segment. With fewer than two
    segments there is nothing to compare with.
    """
    whole, wins = math.fsum(shares.count), math.fsum(shares.wins)
    squares = _add_squares(shares.count, shares.wins)
    off: dict[str, list[float]] = {"all": [], "segment": []}
    for outcome, alike in ((1.0, shares.wins), (0.0, shares.count - shares.wins)):
        of_all = (shares.won - outcome + 0.5) / shares.whole
        blank = (shares.won - wins) if outcome else (shares.whole - whole) - (shares.won - wins)
        for error in off.values():
            error.append(blank * (of_all - outcome) ** 2)
        for n, w, times in zip(shares.count.tolist(), shares.wins.tolist(), alike.tolist(), strict=True):
            left, won = n - 1.0, w - outcome
            less = (
                squares[0] - n**2 + left**2,
                squares[1] - w**2 / n + (won**2 / left if left else 0.0),
            )
            apart = _measure_spread(len(shares.count) - (not left), whole - 1.0, wins - outcome, less)
            weight = apart / (apart + of_all * (1.0 - of_all) / (left + 1.0))
            own = of_all + weight * ((won + of_all) / (left + 1.0) - of_all)
            off["all"].append(times * (of_all - outcome) ** 2)
            off["segment"].append(times * (own - outcome) ** 2)
    found = {way: round(math.fsum(error) / shares.whole, DIGITS) for way, error in off.items()}
    return found if len(shares.count) > 1 else {"all": found["all"]}


def _score_stated(chance: Floats, won: Floats) -> dict[str, float]:
    """Return the mean squared error of stated chances as they are, and adjusted by what came of the others.

    Which part each is in is drawn by lot from those sorted by chance and outcome, whatever the order of the rows.
    """
    order = np.lexsort([won, chance])
    chance, won = chance[order], won[order]
    part = np.random.default_rng(0).permutation(len(won)) % PARTS
    adjusted = np.empty(len(won))
    for place in range(PARTS):
        line = _fit_log_odds(chance[part != place], won[part != place])
        adjusted[part == place] = _adjust_chances(chance[part == place], *line)
    return {
        way: round(math.fsum((said - won) ** 2) / len(won), DIGITS)
        for way, said in (("stated", chance), ("adjusted", adjusted))
    }


def _adjust_chances(chance: Floats, shift: float, slope: float) -> Floats:
    """Return stated chances set right by a line through their log-odds."""
    return np.round(_find_chance(shift + slope * _find_log_odds(chance)), DIGITS)


def _find_log_odds(chance: Floats) -> Floats:
    held = np.clip(chance, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(held / (1 - held)))


def _fit_log_odds(chance: Floats, won: Floats) -> tuple[float, float]:
    """Return shift and slope of the log-odds under which what came is most likely.

    They are drawn towards 0 and 1, as if each were normally distributed around them with a deviation of 1 and 0.5. The
    likelihood bends one way only: Newton's steps, halved until they lead up, come to its top. Those stated and ended
    alike are one point that counts so many times.
    """
    alike, times = np.unique(np.column_stack([chance, won]), axis=0, return_counts=True)
    x, came, count = _find_log_odds(alike[:, 0]), alike[:, 1], times.astype(np.float64)
    beta, likely = np.array([0.0, 1.0]), _find_likelihood(np.array([0.0, 1.0]), x, came, count)
    for _ in range(MOST_STEPS):
        fitted = _find_chance(beta[0] + beta[1] * x)
        off, spread = count * (came - fitted), count * fitted * (1 - fitted)
        slope = np.array([math.fsum(off), math.fsum(off * x)]) - WEIGHT * (beta - USUAL)
        bend = np.array(
            [
                [math.fsum(spread) + WEIGHT[0], math.fsum(spread * x)],
                [math.fsum(spread * x), math.fsum(spread * x**2) + WEIGHT[1]],
            ]
        )
        step = _solve_pair(bend, slope)
        found = _find_likelihood(beta + step, x, came, count)
        while found < likely and np.abs(step).max() >= ENOUGH:
            step = step / 2.0
            found = _find_likelihood(beta + step, x, came, count)
        beta, likely = beta + step, found
        if np.abs(step).max() < ENOUGH:
            break
    return round(float(beta[0]), DIGITS), round(float(beta[1]), DIGITS)


def _find_likelihood(beta: Floats, x: Floats, came: Floats, count: Floats) -> float:
    """Return the logarithm of how likely what came is at this shift and slope, and these are themselves."""
    odds = beta[0] + beta[1] * x
    return (
        math.fsum(count * (came * odds - np.logaddexp(0.0, odds)))
        - math.fsum(WEIGHT * (beta - USUAL) ** 2) / 2
    )


def _find_chance(odds: Floats) -> Floats:
    """Return the chance of these log-odds, however far they are from even."""
    return np.asarray(0.5 * (1.0 + np.tanh(odds / 2.0)))


def _solve_pair(bend: Floats, slope: Floats) -> Floats:
    """Return the solution of two linear equations in two unknowns (Cramer's rule)."""
    (a, b), (c, d) = bend
    whole = a * d - b * c
    return np.array([(d * slope[0] - b * slope[1]) / whole, (a * slope[1] - c * slope[0]) / whole])


def find_chances(stated: pd.Series, segment: pd.Series, record: WinRecord) -> tuple[Floats, Floats, Floats]:
    """Return the chance of winning each open prospect, at both its ends, and what it is on average.

    A stated chance is set right by what came of earlier ones, where there are :data:`FEWEST_STATED` of them and that is
    nearer. A blank one is the share won of its segment, or of all where that is as near, 80 of 100 such shares lying
    between the ends; with fewer than :data:`FEWEST_CLOSED` past prospects it is anything from none to certain, and on
    average blank.
    """
    given = stated.to_numpy(dtype=np.float64)
    if record.learnt:
        given = np.where(np.isfinite(given), _adjust_chances(given, record.shift, record.slope), np.nan)
    keys = segment.map(fold_segment)
    keys = keys.where(keys.isin(list(record.rates)), "")
    rate, doubt = (keys.map(of).to_numpy(dtype=np.float64) for of in (record.rates, record.doubts))
    low, high = np.clip(rate - SURE * doubt, 0.0, 1.0), np.clip(rate + SURE * doubt, 0.0, 1.0)
    if record.closed < FEWEST_CLOSED:
        low, high, rate = np.zeros(len(given)), np.ones(len(given)), np.full(len(given), np.nan)
    blank = np.isnan(given)
    found = [np.where(blank, np.round(end, DIGITS), given) for end in (low, high, rate)]
    return found[0], found[1], found[2]


def tabulate_outcomes(screened: pd.DataFrame, prospects: pd.DataFrame, run_rates: pd.Series) -> pd.DataFrame:
    """Return how the verdicts would have done on past prospects, a row a segment and verdict.

    Args:
        screened: the past prospects, screened as if they were open.
        prospects: the same as they stand in the table Prospects, for what came.
        run_rates: what each customer earns a year now, money.

    Returns:
        Columns :data:`OUTCOMES`: how many ``prospects``, how many ``won``, ``win_rate``, the mean of the ``stated``
        chances; of those won that are customers under the same name the mean ``contribution`` that was expected a year
        and the mean ``run_rate`` now, money. Blank where there is none.
    """
    name = prospects["prospect"].astype(str)
    given = pd.DataFrame(
        {
            "segment": prospects["segment"].astype(str).to_numpy(dtype=object),
            "won": _find_won(prospects),
            "stated": prospects["win_probability"].to_numpy(dtype=np.float64),
        },
        index=pd.Index(name.to_numpy(dtype=object), name="prospect"),
    )
    joined = given.join(screened[["verdict", "contribution"]])
    now = run_rates.copy()
    now.index = now.index.map(lambda one: str(one).casefold())
    joined["run_rate"] = joined.index.map(lambda one: str(one).casefold()).map(now.to_dict())
    known = (joined["won"] > 0) & joined["run_rate"].notna() & joined["contribution"].notna()
    joined[["contribution", "run_rate"]] = joined[["contribution", "run_rate"]].where(known)
    joined = joined.sort_values(["segment", "verdict"], kind="stable").sort_index(kind="stable")
    groups = joined.groupby(["segment", "verdict"], sort=True)
    table = groups.agg(
        prospects=("won", "size"),
        won=("won", "sum"),
        win_rate=("won", "mean"),
        stated=("stated", "mean"),
        contribution=("contribution", "mean"),
        run_rate=("run_rate", "mean"),
    ).reset_index()
    return table[list(OUTCOMES)]
