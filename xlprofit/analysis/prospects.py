"""Prospects: what a company that is no customer yet is worth winning, and what it takes to break even.

Source of the value: Farris, Bendle, Pfeifer and Reibstein, *Marketing Metrics*, 2006 (prospect lifetime
value: the chance of winning × what a new customer is worth, less what the pursuit costs).

An unknown figure is read at both its ends, never guessed: a prospect is *pursued* only if it is worth
winning at the worst end of everything unknown, and *passed* only if it is not even at the best end.
Whatever lies between is to be *qualified*: find out what is unknown. A blank chance of winning is the share won of
past prospects, where there are enough of them: value is what that brings on average, its ends are those of the share.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger as books
from xlprofit.analysis import avoidable, lifetime
from xlprofit.analysis.past_prospects import WinRecord, find_chances, fold_segment, learn_chances
from xlprofit.analysis.sizes import (
    FEWEST_OF_SIZES,
    LARGE,
    SMALL,
    Ends,
    bend_revenue,
    find_sizes,
    fit_powers,
    level_costs,
    raise_cost,
    share_at_sizes,
)
from xlprofit.closed_form import find_financing
from xlprofit.ledger import effort
from xlprofit.tables import Inputs, Settings
from xlprofit.tables.resources import UNITS_AN_HOUR
from xlprofit.vocabulary.lines import Line
from xlprofit.vocabulary.measures import Measure
from xlprofit.vocabulary.verdicts import Screening

if TYPE_CHECKING:
    from xlprofit.tables import Inputs, Settings

Floats = npt.NDArray[np.float64]

NORMAL_CARE, HIGH_CARE = 0.5, 0.9
"""Where, among the customers of a segment, normal and high care stand: the median, the 90th percentile."""

ALL_CUSTOMERS = "all customers"
"""The benchmark of a prospect whose segment has no customer."""

REASONS = (
    "unknown decides",
    "worth at least",
    "worth it",
    "worth at most",
    "loses once won",
    "costs more to win",
)
"""Why a prospect's verdict is what it is: the codes of ``reason``.

What is unknown decides; it is worth pursuing whatever the unknown is, or with all of it known; it is not whatever that
is; it would lose money once won; or bring less than it takes to win."""

COLUMNS = (
    "segment",
    "verdict",
    "value",
    "value_low",
    "value_high",
    "reason",
    "unknown",
    "revenue",
    "revenue_low",
    "revenue_high",
    "margin",
    "win_probability",
    "stated_probability",
    "high_care_probability",
    "contribution",
    "expected_service_cost",
    "credit_cost",
    "lifetime_multiple",
    "pursuit_cost",
    "break_even_revenue",
    "break_even_margin",
    "most_hours",
    "horizon",
    "service_cost_from",
    "benchmark",
    "benchmark_customers",
    "service_cost_normal",
    "service_cost_high",
)
"""The columns of :func:`screen_prospects`."""

MOST = 1e15
"""A revenue or margin past it would be no amount that a float still counts in units: none is said to break even."""


@dataclass(frozen=True)
class Benchmark:
    """What the existing customers and the model's own rates say about a prospect.

    Attributes:
        segments: by segment in lower case, and ``""`` for all customers: ``segment`` (as it is spelt),
            ``customers`` (those with net revenue), and as fractions of net revenue, positive: ``normal`` and
            ``high`` cost to serve / revenue ** ``power``, ``financing`` and ``loss``, the cost of credit that nine in
            ten stay under; ``middle``, the median net revenue a year; ``small`` and ``large``, the net revenue a
            year of which one in ten has less and one in ten more (of a segment of few: of all, its own included; blank
            where there are few in all).
        rates: money for a unit of each resource, positive, the average of the span.
        hour_rates: money for an hour of each resource; blank where its unit is no time.
        equations: the terms of the time equations.
        settings: the settings of the run.
        retention: the chance that a new customer stays another year.
        has_financing: whether the run knows what financing its customers costs.
        has_losses: whether the run knows what it expects to lose on them.
        first_year: the share of its first year for which a new customer counts, as for customers; its retention where
            their values rest on the run rate (:mod:`xlprofit.analysis.keeping`).
    """

    segments: pd.DataFrame
    rates: pd.Series
    hour_rates: pd.Series
    equations: pd.DataFrame
    settings: Settings
    retention: float
    has_financing: bool
    has_losses: bool
    first_year: float | None = None

    def find_multiples(self, years: Floats) -> Floats:
        """Return what a margin of 1 a year of a new customer is worth over so many years, as of the day it is won."""
        discount = self.settings.discount_rate
        first = self.retention if self.first_year is None else self.first_year
        return lifetime.find_multiples(self.retention, discount, years, "start") * (first / (1.0 + discount))


@dataclass(frozen=True)
class _Terms:
    """What the value of each prospect is made of; costs positive, shares of revenue, money a year.

    ``power`` is that of the revenue which the service cost grows with.
    """

    revenue: Ends
    margin: Ends
    win: Ends
    service: Ends
    service_share: Ends
    credit_share: Ends
    pursuit: Ends
    multiple: Floats
    power: Floats


def build_benchmark(
    inputs: Inputs,
    ledger: pd.DataFrame,
    customers: pd.DataFrame,
    rates: pd.Series,
    equations: pd.DataFrame,
    retention: pd.Series,
) -> Benchmark:
    """Return what a run knows of its customers that helps to judge a prospect.

    The cost to serve grows with size as *cost = c × revenueᵇ*: *b* is the slope of the line through the logarithms
    within each segment, drawn towards that of all segments as far as it is uncertain (Stein's estimator, as
    :func:`xlprofit.analysis.chance.share_knowledge` has it), and *c* differs from customer to customer: normal and high
    care are quantiles of it. Where there are fewer than :data:`FEWEST_OF_SIZES` customers with both, it is
    proportional, *b* = 1. Other costs are taken as shares of net revenue. Only customers with net revenue above 0
    count. Source: the cost function of J. Johnston, *Statistical Cost Analysis*, 1960.

    Args:
        inputs: the tables: segments, units of resources, settings.
        ledger: the ledger.
        customers: the P&L by customer.
        rates: money for a unit of each resource, positive, over the whole span.
        equations: the terms of the time equations, as :func:`xlprofit.ledger.effort.list_terms` gives them.
        retention: the chance of each customer to stay another year.
    """
    revenue = customers[Measure.NET_REVENUE].where(customers[Measure.NET_REVENUE] > 0)
    years = avoidable.count_years(inputs.settings)
    shares = pd.DataFrame(
        {
            "cost": -customers[Measure.COST_TO_SERVE] / years,
            "revenue": revenue / years,
            "financing": -_sum_posted(ledger, Line.FINANCING, customers.index) / revenue,
            "loss": -_sum_posted(ledger, Line.EXPECTED_LOSS, customers.index) / revenue,
        }
    )
    table = inputs["Customers"].drop_duplicates("customer")
    named = pd.Series(table["segment"].to_numpy(), index=table["customer"].astype(str).to_numpy())
    segment = named.reindex(customers.index).fillna("").astype(str)
    settings, resources = inputs.settings, inputs["Resources"]
    unit = resources[(resources["unit"] != "").to_numpy()].drop_duplicates("resource")
    units = pd.Series(
        unit["unit"].map(fold_segment).to_numpy(), index=unit["resource"].astype(str).to_numpy()
    )
    return Benchmark(
        segments=_list_segments(shares[revenue.notna().to_numpy()], segment[revenue.notna().to_numpy()]),
        rates=rates,
        hour_rates=rates * units.map(UNITS_AN_HOUR).reindex(rates.index),
        equations=equations,
        settings=settings,
        retention=float(retention.mean()) if len(retention) else lifetime.USUAL_RETENTION,
        has_financing=settings.cost_of_capital is not None
        and (inputs.has_rows("Invoices") or inputs.has_rows("Balances")),
        has_losses=inputs.has_rows("Invoices") and inputs.has_rows("LossRates"),
    )


def _sum_posted(ledger: pd.DataFrame, line: str, customers: pd.Index) -> pd.Series:
    rows = ledger[(ledger["line"] == line).to_numpy()]
    place = avoidable.find_word_places(rows["customer"], customers)
    amounts = rows["amount"].to_numpy(dtype=np.float64)[place >= 0]
    return pd.Series(
        np.bincount(place[place >= 0], weights=amounts, minlength=len(customers)), index=customers
    )


def _list_segments(shares: pd.DataFrame, segment: pd.Series) -> pd.DataFrame:
    """Return the figures of each segment and, under ``""``, of all customers."""
    everyone = shares.assign(segment=ALL_CUSTOMERS, key="")
    some = shares.assign(segment=segment, key=segment.map(fold_segment))
    powers = fit_powers(some)
    both = pd.concat([everyone, some[(some["key"] != "").to_numpy()]])
    power = both["key"].map(powers).astype(np.float64)
    both = both.assign(serve=level_costs(both["cost"], both["revenue"], power), power=power)
    by_key = both.sort_values(["key", "segment"], kind="stable").groupby("key", sort=True)
    sizes, many = by_key["revenue"], by_key.size() >= FEWEST_OF_SIZES
    # A segment of few may lie anywhere among all, and where its own few do.
    least, most = (float(shares["revenue"].quantile(place)) for place in (SMALL, LARGE))
    enough = many | (len(shares) >= FEWEST_OF_SIZES)
    return pd.DataFrame(
        {
            "segment": by_key["segment"].first(),
            "customers": by_key.size(),
            "normal": by_key["serve"].quantile(NORMAL_CARE),
            "high": by_key["serve"].quantile(HIGH_CARE),
            "power": by_key["power"].first(),
            "middle": sizes.median(),
            "small": sizes.quantile(SMALL).where(many, sizes.min().clip(upper=least)).where(enough),
            "large": sizes.quantile(LARGE).where(many, sizes.max().clip(lower=most)).where(enough),
            "financing": by_key["financing"].quantile(HIGH_CARE),
            "loss": by_key["loss"].quantile(HIGH_CARE),
        }
    )


def screen_prospects(
    prospects: pd.DataFrame, needs: pd.DataFrame, known: Benchmark, record: WinRecord | None = None
) -> pd.DataFrame:
    """Return what each prospect is worth pursuing, by prospect, in the order of their names.

    *Value = win probability × lifetime multiple × contribution − pursuit cost*. The contribution is a year's
    margin × revenue − expected service cost − credit cost; the multiple is that of a customer's value if kept
    (:mod:`xlprofit.analysis.keeping`): the first year's margin comes a year from now, at the retention of a new
    customer and the discount rate of Settings, up to the horizon. So a prospect is worth no more before it is won than
    after.

    - Win probability: as stated, set right by what came of past prospects; where it is blank, the share of them that
      was won (:mod:`xlprofit.analysis.past_prospects`).
    - Service cost: from ProspectNeeds at the model's rates; where there are none, what customers of the segment cost
      at the prospect's size (:func:`build_benchmark`), *(1 − p) × median + p × 90th percentile*, p being the
      probability of high care.
    - Credit cost: *revenue × (payment_days / 365 × cost_of_capital + loss_probability)*.
    - Pursuit: pursuit_cost + pursuit_hours × what an hour of the resource costs; a blank beside a figure
      for the other is nothing.

    A blank is an unknown and is read at both ends: revenue from that of a small to that of a large customer of the
    segment (of all where it has few, its own included; from 0 without end where there are few in all), margin and
    probabilities from 0 to 1; payment days and loss from nothing to what nine in ten customers of the segment stay
    under (to a year and to everything where the run has no such customers, but other prospects have the figure); a
    segment without customers as any of the segments.
    A cost of credit or of pursuit that neither the run nor any prospect has a figure for is left out, as what a
    missing table would have fed is.

    Args:
        prospects: the table Prospects, typed as :class:`xlprofit.tables.Inputs` says.
        needs: the table ProspectNeeds, typed so, driver columns included.
        known: what the run's customers say, from :func:`build_benchmark`.
        record: what past prospects say of chances; that of the won and lost among these where it is not given.

    Returns:
        Money a year unless said otherwise, costs negative; blank where it hangs on an unknown: ``verdict``
        (pursue, qualify, pass); ``value`` with ``value_low`` and ``value_high``, its ends over all unknowns (blank
        where there is no end), money over the horizon; ``reason`` (one of :data:`REASONS`, said by
        :mod:`xlprofit.words.prospects`); ``horizon`` (years); ``unknown``, the inputs that matter and
        are blank; ``contribution``, ``expected_service_cost``, ``credit_cost``; ``lifetime_multiple``;
        ``revenue_low`` and ``revenue_high``, the ends of the revenue; ``win_probability`` as it is counted with and
        ``stated_probability`` as it stands in the table;
        ``pursuit_cost`` (once); ``break_even_revenue`` and ``break_even_margin`` (all else as it is; blank where
        none would do, a margin above 1 is one nobody has); ``most_hours``, the pursuit hours at which the
        value is 0, 0 where it is below without any; ``service_cost_from`` (needs or segment), ``benchmark``
        and ``benchmark_customers``, whose ``service_cost_normal`` and ``service_cost_high`` this is at the
        prospect's revenue.
    """
    order = np.argsort(prospects["prospect"].astype(str).to_numpy(dtype=object), kind="stable")
    prospects = prospects.iloc[order].reset_index(drop=True)
    name = prospects["prospect"].astype(str).to_numpy(dtype=object)
    record = learn_chances(prospects) if record is None else record
    segment, found = _find_segment(prospects, known)
    needed = _price_needs(needs, name, known)
    from_needs = ~np.isnan(needed.low)
    sizes = find_sizes(prospects, segment)
    service, share, service_unknown = _estimate_service(prospects, needed, segment, (found, sizes), known)
    credit, credit_unknown = _estimate_credit(prospects, segment, known)
    pursuit, hour, pursuit_unknown = _estimate_pursuit(prospects, known)
    years = prospects["horizon"].fillna(known.settings.horizon).to_numpy()
    *ends, on_average = find_chances(prospects["win_probability"], prospects["segment"], record)
    terms = _Terms(
        revenue=sizes,
        margin=_find_ends(prospects["margin"], 1.0),
        win=Ends(*ends),
        service=service,
        service_share=share,
        credit_share=credit,
        pursuit=pursuit,
        multiple=known.find_multiples(years),
        power=segment["power"].fillna(1.0).to_numpy(dtype=np.float64),
    )
    unknown = {
        **{c: prospects[c].isna().to_numpy() for c in ("revenue", "margin", "win_probability")},
        **service_unknown,
        **credit_unknown,
        **pursuit_unknown,
    }
    frame = _work_out_average(prospects, terms, hour, on_average).assign(
        unknown=_join_unknowns(unknown),
        segment=prospects["segment"].to_numpy(),
        high_care_probability=prospects["high_care_probability"].to_numpy(),
        service_cost_from=np.where(from_needs, "needs", "segment"),
        benchmark=segment["segment"].to_numpy(),
        benchmark_customers=segment["customers"].to_numpy(),
        revenue_low=np.where(np.isfinite(sizes.high), sizes.low, np.nan),
        revenue_high=np.where(np.isfinite(sizes.high), sizes.high, np.nan),
        service_cost_normal=0.0 - raise_cost(prospects["revenue"], segment, "normal"),
        service_cost_high=0.0 - raise_cost(prospects["revenue"], segment, "high"),
    )
    frame = frame.assign(horizon=years, reason=_code_prospects(frame))
    return frame.set_index(pd.Index(name, name="prospect"))[list(COLUMNS)]


def _code_prospects(frame: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return why each verdict is what it is, one of :data:`REASONS`."""
    unknown, pursued = frame["value"].isna(), frame["verdict"] == Screening.PURSUE
    rules = [
        frame["verdict"] == Screening.QUALIFY,
        pursued & unknown,
        pursued,
        unknown,
        frame["contribution"] <= 0,
    ]
    found = np.select([rule.to_numpy(dtype=bool) for rule in rules], list(REASONS[:-1]), REASONS[-1])
    return found.astype(object)


def _find_ends(column: pd.Series, most: float) -> Ends:
    """Return the figures, from 0 to ``most`` where they are unknown."""
    return Ends(column.fillna(0.0).to_numpy(dtype=np.float64), column.fillna(most).to_numpy(dtype=np.float64))


def _find_segment(prospects: pd.DataFrame, known: Benchmark) -> tuple[pd.DataFrame, npt.NDArray[np.bool_]]:
    """Return the benchmark of each prospect, and whether it is that of the prospect's own segment."""
    key = prospects["segment"].map(fold_segment)
    found = (key.isin(known.segments.index) & (key != "")).to_numpy(dtype=bool)
    chosen = known.segments.reindex(key.where(found, "")).reset_index(drop=True)
    chosen["segment"] = chosen["segment"].fillna(ALL_CUSTOMERS)
    chosen["customers"] = chosen["customers"].fillna(0).astype(np.int64)
    return chosen, found


def _estimate_service(
    prospects: pd.DataFrame,
    needed: Ends,
    segment: pd.DataFrame,
    at: tuple[npt.NDArray[np.bool_], Ends],
    known: Benchmark,
) -> tuple[Ends, Ends, dict[str, npt.NDArray[np.bool_]]]:
    """Return the service cost: money a year from needs, else a share of revenue; and what unknowns move it.

    ``at`` is whether each benchmark is that of the prospect's own segment, and the ends of its revenue.
    """
    told, (found, sizes) = ~np.isnan(needed.low), at
    share = _estimate_service_share(prospects, segment, found, known, sizes)
    chance = prospects["high_care_probability"].isna().to_numpy()
    ends = {end: np.where(told, 0.0, getattr(share, end)) for end in ("low", "high")}
    unknown = {
        "high_care_probability": ~told & chance & (segment["high"] > segment["normal"]).to_numpy(),
        "segment": ~told & ~found & bool((known.segments[["normal", "high"]].nunique() > 1).any()),
        "ProspectNeeds": np.isinf(needed.high) | np.isinf(ends["high"]),
    }
    cost = Ends(np.where(told, needed.low, 0.0), np.where(told, needed.high, 0.0))
    return cost, Ends(**ends), unknown


def _estimate_service_share(
    prospects: pd.DataFrame,
    segment: pd.DataFrame,
    found: npt.NDArray[np.bool_],
    known: Benchmark,
    sizes: Ends,
) -> Ends:
    """Return the service cost as a share of revenue, from the benchmark: normal and high care mixed.

    With nobody to compare with, it may be anything. A revenue that is not known has the shares of both its ends.
    """
    ends = {}
    for care in ("normal", "high"):
        share = share_at_sizes(
            segment[care].to_numpy(), segment["power"].to_numpy(), sizes, segment["middle"].to_numpy()
        )
        others = [
            share_at_sizes(
                np.full(len(prospects), row[care]),
                np.full(len(prospects), row["power"]),
                sizes,
                np.full(len(prospects), row["middle"]),
            )
            for row in known.segments.to_dict("records")
        ]
        if not others:
            others = [Ends(*[np.full(len(prospects), np.nan)] * 2)]
        least = np.min([one.low for one in others], axis=0)
        most = np.max([one.high for one in others], axis=0)
        ends[care] = Ends(np.where(found, share.low, least), np.where(found, share.high, most))
    chance = _find_ends(prospects["high_care_probability"], 1.0)
    low = ends["normal"].low * (1 - chance.low) + ends["high"].low * chance.low
    high = ends["normal"].high * (1 - chance.high) + ends["high"].high * chance.high
    return Ends(np.nan_to_num(low), np.nan_to_num(high, nan=np.inf))


def _price_needs(needs: pd.DataFrame, prospects: npt.NDArray[np.object_], known: Benchmark) -> Ends:
    """Return what the needs of each prospect cost a year, blank where it has none.

    An activity or a resource that the model has no rate for may cost anything.
    """
    names = pd.Index(prospects).unique()
    needs = books.sort_rows(needs, ["prospect", "activity", *effort.list_drivers(needs)]).reset_index(
        drop=True
    )
    place = np.asarray(names.get_indexer(pd.Index(needs["prospect"].astype(str))), dtype=np.int64)
    terms = known.equations
    rate = terms["resource"].astype(str).map(known.rates)
    price = terms["unit_cost"].fillna(rate).to_numpy(dtype=np.float64)
    uses = effort.list_uses(needs, terms)
    entry, cost = uses["entry"].to_numpy(), uses["units"].to_numpy() * price[uses["term"].to_numpy()]
    strange = ~needs["activity"].astype(str).isin(terms["activity"].astype(str)).to_numpy()
    strange |= np.bincount(entry[np.isnan(cost)], minlength=len(needs)) > 0
    each = np.bincount(entry, weights=np.nan_to_num(cost), minlength=len(needs))
    mine = place >= 0
    count, unpriced = (np.bincount(place[mask], minlength=len(names)) for mask in (mine, mine & strange))
    total = np.bincount(place[mine], weights=each[mine], minlength=len(names)).astype(np.float64)
    total = np.where(count > 0, total, np.nan)
    asked = names.get_indexer(pd.Index(prospects))
    return Ends(total[asked], np.where(unpriced > 0, np.inf, total)[asked])


def _estimate_credit(
    prospects: pd.DataFrame, segment: pd.DataFrame, known: Benchmark
) -> tuple[Ends, dict[str, npt.NDArray[np.bool_]]]:
    """Return the cost of credit as a share of revenue, and what unknowns move it."""
    capital = known.settings.cost_of_capital or 0.0
    low, high = np.zeros(len(prospects)), np.zeros(len(prospects))
    unknown = {}
    for column, experience, seen, cost, worst in (
        ("payment_days", "financing", known.has_financing, find_financing(1.0, 1.0, capital), capital),
        ("loss_probability", "loss", known.has_losses, 1.0, 1.0),
    ):
        given = prospects[column] * cost
        bound = segment[experience].clip(lower=0) if seen else pd.Series(np.nan, index=prospects.index)
        most = bound.fillna(worst if prospects[column].notna().any() else 0.0)
        low += given.fillna(0.0).to_numpy()
        high += given.fillna(most).to_numpy()
        unknown[column] = given.isna().to_numpy() & (most > 0).to_numpy()
    return Ends(low, high), unknown


def _estimate_pursuit(
    prospects: pd.DataFrame, known: Benchmark
) -> tuple[Ends, Ends, dict[str, npt.NDArray[np.bool_]]]:
    """Return the cost of the pursuit, what stands against an hour of it, and what unknowns move it.

    The second is the money spent beside the hours (low) and what an hour costs (high).
    """
    money, hours = prospects["pursuit_cost"], prospects["pursuit_hours"]
    hour = prospects["resource"].astype(str).map(known.hour_rates).to_numpy(dtype=np.float64)
    used = bool(money.notna().any() or hours.notna().any())
    untold = (money.isna() & hours.isna() & used).to_numpy()
    unpriced = (hours > 0).to_numpy() & np.isnan(hour)
    spent = money.fillna(0.0).to_numpy(dtype=np.float64)
    total = spent + hours.fillna(0.0).to_numpy(dtype=np.float64) * np.nan_to_num(hour)
    high = np.where(untold | unpriced, np.inf, total)
    return Ends(total, high), Ends(spent, hour), {"pursuit_cost": untold, "resource": unpriced}


def _work_out_average(prospects: pd.DataFrame, terms: _Terms, hour: Ends, chance: Floats) -> pd.DataFrame:
    """Return the figures of each prospect at its chance on average; its verdict and its ends are those of the ends."""
    frame = _work_out_figures(prospects, terms, hour)
    uncertain = (terms.win.high > terms.win.low) & np.isfinite(chance)
    if not uncertain.any():
        return frame
    win = Ends(*(np.where(uncertain, chance, end) for end in (terms.win.low, terms.win.high)))
    usual = _work_out_figures(prospects, replace(terms, win=win), hour)
    ends = ["verdict", "value_low", "value_high"]
    return usual.assign(**{column: frame[column] for column in ends})


def _work_out_figures(prospects: pd.DataFrame, terms: _Terms, hour: Ends) -> pd.DataFrame:
    """Return the figures and the verdict of each prospect."""
    unit = Ends(
        terms.margin.low - terms.service_share.high - terms.credit_share.high,
        terms.margin.high - terms.service_share.low - terms.credit_share.low,
    )
    best = np.where(unit.high > 0, terms.revenue.high, terms.revenue.low)
    worst = np.where(unit.low < 0, terms.revenue.high, terms.revenue.low)
    contribution = Ends(
        _multiply_ends(worst, unit.low) - terms.service.high,
        _multiply_ends(best, unit.high) - terms.service.low,
    )
    brought = Ends(
        _value_won(contribution.low, terms.multiple, terms.win.high, terms.win.low),
        _value_won(contribution.high, terms.multiple, terms.win.low, terms.win.high),
    )
    value = Ends(brought.low - terms.pursuit.high, brought.high - terms.pursuit.low)
    revenue = prospects["revenue"].to_numpy(dtype=np.float64)
    verdict = np.select(
        [value.low > 0, value.high <= 0],
        [str(Screening.PURSUE), str(Screening.PASS)],
        str(Screening.QUALIFY),
    )
    enough, margin = _find_break_even(terms, revenue, unit)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        hours = Ends(*(np.maximum((b - hour.low) / hour.high, 0.0) for b in (brought.low, brought.high)))
        service = Ends(
            terms.service.low + _multiply_ends(revenue, terms.service_share.low),
            terms.service.high + _multiply_ends(revenue, terms.service_share.high),
        )
        credit = Ends(revenue * terms.credit_share.low, revenue * terms.credit_share.high)
    return pd.DataFrame(
        {
            "verdict": verdict,
            "value": value.blank_uncertain(),
            "value_low": np.where(np.isfinite(value.low), value.low, np.nan),
            "value_high": np.where(np.isfinite(value.high), value.high, np.nan),
            "revenue": revenue,
            "margin": prospects["margin"].to_numpy(dtype=np.float64),
            "win_probability": terms.win.blank_uncertain(),
            "stated_probability": prospects["win_probability"].to_numpy(dtype=np.float64),
            "contribution": contribution.blank_uncertain(),
            "expected_service_cost": 0.0 - service.blank_uncertain(),
            "credit_cost": 0.0 - credit.blank_uncertain(),
            "lifetime_multiple": terms.multiple,
            "pursuit_cost": 0.0 - terms.pursuit.blank_uncertain(),
            "break_even_revenue": enough.within(MOST).blank_uncertain(),
            "break_even_margin": margin.within(MOST).blank_uncertain(),
            "most_hours": hours.blank_uncertain(),
        }
    )


def _find_break_even(terms: _Terms, revenue: Floats, unit: Ends) -> tuple[Ends, Ends]:
    """Return the revenue and the margin at which each is worth 0, all else as it is.

    ``unit`` is what a unit of revenue leaves at the prospect's own size.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        needed = Ends(
            terms.pursuit.low / (terms.win.high * terms.multiple) + terms.service.low,
            terms.pursuit.high / (terms.win.low * terms.multiple) + terms.service.high,
        )
        enough = Ends(
            np.where(unit.high > 0, needed.low / unit.high, np.nan),
            np.where(unit.low > 0, needed.high / unit.low, np.inf),
        )
        margin = Ends(
            needed.low / revenue + terms.service_share.low + terms.credit_share.low,
            needed.high / revenue + terms.service_share.high + terms.credit_share.high,
        )
    left = Ends(terms.margin.low - terms.credit_share.high, terms.margin.high - terms.credit_share.low)
    return bend_revenue(enough, needed, revenue, left, terms.service_share, terms.power), margin


def _multiply_ends(size: Floats, share: Floats) -> Floats:
    """Return size × share, 0 where either is: nothing of a size without end is nothing."""
    with np.errstate(invalid="ignore"):
        return np.where((np.abs(size) <= 0) | (np.abs(share) <= 0), 0.0, size * share)


def _value_won(contribution: Floats, multiple: Floats, if_loss: Floats, if_gain: Floats) -> Floats:
    """Return what is brought at one end: the chance of winning that belongs to it × the present value."""
    present = _multiply_ends(multiple, contribution)
    return _multiply_ends(np.where(present > 0, if_gain, if_loss), present)


def _join_unknowns(unknown: dict[str, npt.NDArray[np.bool_]]) -> npt.NDArray[np.object_]:
    """Return the names of the unknowns that hold for each prospect, with commas between."""
    joined = pd.Series("", index=range(len(next(iter(unknown.values())))), dtype=object)
    for name, flags in unknown.items():
        joined = joined.where(~flags, joined.where(joined == "", joined + ", ") + name)
    return joined.to_numpy()
