"""Keep, fix, collect, investigate or end: what is best to do about each customer, how sure that is, and why.

Sources: the keep-or-drop decision on relevant amounts (Horngren, Datar and Rajan, *Cost Accounting*); the
value of a customer over a horizon (Gupta and Lehmann, *Managing Customers as Investments*, 2005).

Everything rests on the *run rate*, what the customer earns a year at today's level (:mod:`xlprofit.analysis.run_rate`),
and on the forecast of its next twelve months, never on the sum of the past: acquisition, costs marked ``once`` and
losses on invoices already issued are sunk. With *contribution* the avoidable part of the run rate (see
:mod:`xlprofit.analysis.avoidable`), and *annuity* and *keep_value* as :mod:`xlprofit.analysis.keeping` has them, from
the forecast and the customer's own survival (:mod:`xlprofit.outlook.survival`):

- effect of ending, a year = − contribution
- keep_value: the forecast and the cost that would stay, then times survival; annuity × contribution without one. Who is
  worth keeping at today's level can be ended once that is over: it is worth end_value at least
- end_value = annuity × (freed capacity × redeployable − referral value) − exit cost

Freed capacity is worth something only where the resource does not stand idle already, and in whole steps where it has
steps (:mod:`xlprofit.analysis.stakes`); the referral value is the word of mouth that would be lost a year
(:mod:`xlprofit.analysis.word_of_mouth`), and nothing where it is negative, since those who were brought have verdicts
of their own. Both are weighed over the same annuity, since a customer that leaves of itself frees the one and takes the
other away all the same.

The verdict, the first that holds:

1. *collect* where what is seriously overdue is material (:mod:`xlprofit.analysis.collecting`): it is there to be
   collected, whether the relationship goes on or ends.
2. *fix* where the run rate is below zero and a lever, or a pair, within its limits brings it to zero.
3. *end* where end_value > keep_value.
4. *keep* otherwise: keep_value ≥ end_value, and where the run rate is below zero, ending would cost more.

That is the *leaning*. Where its confidence (:mod:`xlprofit.analysis.confidence`) is below the setting ``confidence``,
the verdict is *investigate*: ``hinges_on`` says what to find out first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis import (
    avoidable,
    collecting,
    confidence,
    hinges,
    history,
    keeping,
    level,
    levers,
    reach,
    regret,
    run_rate,
    stakes,
)
from xlprofit.analysis.regret import COLLECT, END, FIX, KEEP, NOISE, Case
from xlprofit.ledger import capacity, periods
from xlprofit.vocabulary.levers import Lever
from xlprofit.vocabulary.measures import POSTED
from xlprofit.vocabulary.verdicts import VERDICTS, Verdict

if TYPE_CHECKING:
    from xlprofit.tables import Inputs, Settings

FIGURES = (
    "net_revenue_a_year",
    "acquired_a_year",
    "stays_a_year",
    "unknown_a_year",
    "idle_gone_a_year",
    "overdue_days",
    "months",
    "quiet_months",
    "expected_profit",
    "price_needed",
    "discount",
    "usual_discount",
)
"""The further figures that a reason is made of.

- ``net_revenue_a_year`` at today's level; ``acquired_a_year``: what is still spent on acquisition (negative).
- ``stays_a_year``: the cost that ending would not avoid (positive); ``unknown_a_year``: the cost of which nobody said
  whether it would (positive, half of it counted); ``idle_gone_a_year``: what ending would save of capacity that stands
  idle already, since a whole step goes with it (positive).
- ``overdue_days``: how late what is overdue is on average, by amount; blank where nothing is.
- ``months``: how long it has been a customer, where that is less than the window and not all along; ``quiet_months``:
  for how long it has bought nothing (0: not long).
- ``expected_profit``: the forecast of the next twelve months, where values rest on it; blank where they rest on the run
  rate.
- ``price_needed``: the price increase that would be needed alone, a share, within its limit or not; ``discount`` and
  ``usual_discount``: the customer's and its segment's median, shares of list price.
"""

REASONS = (
    "nothing",
    "overdue",
    "ended",
    "fix pays",
    "ending pays",
    "ending costs more",
    "still acquiring",
    "slips",
    "earns",
)
"""Why a verdict is what it is: the codes of ``reason``.

Nothing was sold or spent; what is overdue is material; it has ended already; a lever brings the loss to zero; no lever
does, and ending is worth more, or costs more than the loss; it earns less than what is still spent on acquisition; it
earns but profit falls; it earns.
"""

COLUMNS = (
    "verdict",
    "run_rate",
    "effect_of_ending_a_year",
    "keep_value",
    "end_value",
    "freed_capacity_a_year",
    "referral_value_a_year",
    "at_stake",
    "lever",
    "lever_size",
    "lever_unit",
    "lever_on",
    "lever_2",
    "lever_2_size",
    "lever_2_unit",
    "lever_2_on",
    "break_even_volume_loss",
    "confidence",
    "cost_of_error_a_year",
    "leaning",
    "hinges_on",
    "hinges_on_of",
    "reason",
    *FIGURES,
)
"""The columns of :func:`decide`."""

SLIGHT = 0.0025
"""Without the setting ``materiality``: what a wrong verdict may cost, of the average customer's net revenue."""

_Numbers = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class JointEffect:
    """What ending all ``customers`` advised to end would do, at once: money a year.

    ``alone`` is the sum of what ending each of them alone changes the company's profit by, ``together`` what ending all
    at once does (more, where steps of capacity are whole only together; less, where each alone would complete the same
    step with what is idle already), ``freed`` what the capacity that they free together is worth to other work beside
    that.
    """

    customers: int
    alone: float
    together: float
    freed: float


@dataclass(frozen=True)
class Advice:
    """The decisions, a row a customer (columns :data:`COLUMNS`), and the joint effect of those to end."""

    decisions: pd.DataFrame
    joint_effect: JointEffect


def decide(
    inputs: Inputs,
    ledger: pd.DataFrame,
    customers: pd.DataFrame,
    equations: pd.DataFrame,
    resources: capacity.Capacity,
    known: pd.DataFrame,
) -> Advice:
    """Return what to do about each customer.

    Args:
        inputs: the tables and settings.
        ledger: the ledger.
        customers: the P&L of each customer over the span, one row each.
        equations: the terms of the time equations.
        resources: the resources and what was used of each, with the avoidable share of each.
        known: what else is known of each customer: ``way``, where its profit is going (−1 it falls, +1 it rises, 0
            neither is more than chance), ``slips``, whether it is slipping or warned of, ``referral_value`` over
            the span (blank: unknown, and nothing is lost), ``chance_active``, the chance that it is a customer now
            (blank: nobody knows, and it is), ``retention``, that it is one a year later, ``stays``, the share of the
            year in which it is one, ``leaves``, that it is none within the year, where that is read from the figures,
            and ``expected_profit`` of the next twelve months (blank: values rest on the run rate).

    Returns:
        The decisions with these columns, and the joint effect of those advised to end:

        - ``verdict`` (keep, fix, collect, investigate, end); ``run_rate`` (what it earns a year at today's level).
        - ``effect_of_ending_a_year``: the change in one year's company profit if the customer is ended, on avoidable
          amounts alone: negative where ending costs money; ``keep_value`` and ``end_value`` (present values);
          ``freed_capacity_a_year`` (what freed capacity is worth to other work); ``referral_value_a_year``.
        - ``at_stake``: what is overdue, where the leaning is to collect; blank elsewhere.
        - ``lever``, ``lever_size``, ``lever_unit`` and ``lever_on`` (the activity), and the same of ``lever_2`` where
          two are needed: what brings a run rate below zero to zero, how to collect, or by how much what is still spent
          on acquisition must fall for a customer to earn it; blank where there is none.
          ``break_even_volume_loss`` is the share of its volume whose loss would eat a price increase, blank where
          sales lose money before it.
        - ``confidence``: the share of simulated runs in which the leaning would still be right a year later or cost no
          more than the setting ``materiality``, blank where none are run; ``cost_of_error_a_year``: what it costs on
          average in the other runs (:mod:`xlprofit.analysis.regret`), blank where there are none.
        - ``leaning``: the verdict whatever its confidence; ``hinges_on`` (one of
          :data:`xlprofit.analysis.hinges.INPUTS`) and ``hinges_on_of``: the input to find out first, and of which
          resource or activity it is, blank where nothing turns the verdict.
        - ``reason``: why it is what it is, one of :data:`REASONS`, with the :data:`FIGURES` that it is made of
          beside those above; :mod:`xlprofit.words.reasons` says it in a sentence.
    """
    names, settings = customers.index, inputs.settings
    done = avoidable.list_efforts(inputs, ledger, names, equations, resources.supply)
    known = known.reindex(names)
    way = known["way"].to_numpy(dtype=np.int64)
    rate = run_rate.measure_run_rates(inputs, history.gather_history(inputs, ledger, names, done), names, way)
    held = reach.measure_reach(inputs, ledger, customers, equations, done, rate)
    at_stake = stakes.weigh_stakes(inputs, ledger, names, done, rate, resources)
    owed = collecting.count_owed(inputs, names)
    years = avoidable.count_years(settings)
    referred = known["referral_value"].to_numpy(dtype=np.float64) / years
    size = level.add_up(customers[list(POSTED[:-1])].abs().to_numpy(dtype=np.float64))
    earns = np.where(np.abs(at_stake.run_rate) > NOISE * size, at_stake.run_rate, 0.0)
    pulled = levers.pull_levers(held, np.where(earns < 0, -earns, np.nan), settings)
    material = owed.is_material(np.maximum(rate.sold, customers["net_revenue"] / years))
    worth, limit = np.maximum(np.nan_to_num(referred), 0.0), find_limit(customers, settings)
    case = Case(
        at_stake,
        rate,
        owed,
        material,
        size,
        pulled.room,
        worth,
        limit,
        settings,
        _read_expectation(known, rate),
    )
    frame = _value_choices(case, earns).assign(referral_value_a_year=referred)
    better_ended = (frame["end_value"] > frame["keep_value"]).to_numpy()
    collect = material & owed.outweighs(earns, slice(None))
    leaning = _find_leaning(collect, earns, better_ended, pulled.lever != "")
    stands = _measure_standing(case, leaning)
    unit_priced = avoidable.list_unit_priced(equations, resources.supply)
    frame = frame.assign(
        leaning=np.array(VERDICTS, dtype=object)[leaning],
        **_list_levers(case, leaning, pulled, earns),
        **_list_figures(case, held, pulled),
        confidence=stands.share,
        cost_of_error_a_year=stands.other,
    )
    unsure = frame["confidence"] < settings.confidence - NOISE
    inputs_of = _find_hinges(case, frame, leaning, [*resources.supply.resources, *unit_priced])
    frame = frame.assign(
        verdict=frame["leaning"].mask(unsure, str(Verdict.INVESTIGATE)),
        hinges_on=inputs_of[0],
        hinges_on_of=inputs_of[1],
        reason=_code_verdicts(
            frame, size > 0, _find_ended(inputs, names), known["slips"].to_numpy(dtype=bool)
        ),
    )
    frame = _settle_ended(frame)
    return Advice(frame[list(COLUMNS)].set_axis(names), _join_effects(case, frame))


def _find_ended(inputs: Inputs, names: pd.Index) -> _Flags:
    """Return which customers had ended by the last day of the span, as the table Customers says."""
    table = inputs["Customers"]
    ended = table.loc[(table["ended"] <= inputs.settings.end).to_numpy(), "customer"]
    return np.asarray(names.isin(ended.astype(str)))


def _settle_ended(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the decisions, of which there is none to take where a customer has ended: no lever, no doubt, no value."""
    frame, ended = frame.copy(), (frame["reason"] == "ended").to_numpy()
    if not ended.any():
        return frame
    blank = ["lever_size", "lever_2_size", "break_even_volume_loss"]
    empty = ["lever", "lever_unit", "lever_on", "lever_2", "lever_2_unit", "lever_2_on"]
    for columns, value in (
        (["verdict", "leaning"], str(Verdict.KEEP)),
        ([*empty, "hinges_on", "hinges_on_of"], ""),
        (blank, np.nan),
        (["run_rate", "effect_of_ending_a_year", "keep_value", "end_value", "freed_capacity_a_year"], 0.0),
    ):
        frame.loc[ended, columns] = value
    for column, value in (("confidence", 1.0), ("cost_of_error_a_year", 0.0)):
        frame.loc[ended & frame[column].notna().to_numpy(), column] = value
    return frame


def _code_verdicts(
    frame: pd.DataFrame, active: _Flags, ended: _Flags, slips: _Flags
) -> npt.NDArray[np.object_]:
    """Return why each leaning is what it is, one of :data:`REASONS`."""
    leaning, earns = frame["leaning"].to_numpy(), frame["run_rate"].to_numpy()
    rules = [
        ~active,
        leaning == str(Verdict.COLLECT),
        ended,
        leaning == str(Verdict.FIX),
        leaning == str(Verdict.END),
        earns < 0,
        frame["lever"].to_numpy() == levers.ACQUISITION,
        slips,
    ]
    return np.select(rules, list(REASONS[:-1]), REASONS[-1]).astype(object)


def _list_figures(case: Case, held: reach.Reach, pulled: levers.Pulled) -> dict[str, _Numbers]:
    """Return the columns of :data:`FIGURES`."""
    rate, settings = case.rate, case.settings
    months = 12.0 * periods.SHARE_OF_YEAR[settings.period]
    return {
        "net_revenue_a_year": rate.sold,
        "acquired_a_year": rate.acquired,
        "stays_a_year": case.stakes.stays,
        "unknown_a_year": case.stakes.unknown,
        "idle_gone_a_year": case.stakes.idle_gone,
        "overdue_days": case.owed.days,
        "months": _count_months(rate, settings),
        "quiet_months": np.asarray(rate.quiet * months, dtype=np.float64),
        "expected_profit": case.ahead.profit,
        "price_needed": pulled.price,
        "discount": held.discount,
        "usual_discount": held.usual,
    }


def _read_expectation(known: pd.DataFrame, rate: run_rate.RunRate) -> keeping.Expectation:
    """Return what is to be expected of each customer; who nobody knows to have left is one."""
    given = known.reindex(columns=["chance_active", "retention", "stays", "leaves", "expected_profit"])
    active, retention, stays, leaves, profit = given.to_numpy(dtype=np.float64).T
    active = np.where(np.isfinite(active), active, 1.0)
    return keeping.Expectation(active, retention, stays, np.maximum(rate.leaves, leaves), profit)


def _value_choices(case: Case, earns: _Numbers) -> pd.DataFrame:
    """Return what keeping and ending each customer are worth; equations in the module."""
    settings, contribution = case.settings, case.stakes.contribution
    contribution = np.where(np.abs(contribution) > NOISE * case.size, contribution, 0.0)
    keep_value = case.ahead.value_keeping(contribution, case.stakes.run_rate, settings)
    freed = case.stakes.freed
    annuity = case.ahead.find_annuity(settings)
    end_value = annuity * (freed - case.referral) - settings.exit_cost
    # Who is worth keeping as it is today can be ended later, once that is over: to keep it is worth no less.
    waits = annuity * contribution >= end_value
    keep_value = np.where(waits, np.maximum(keep_value, end_value), keep_value)
    # Within a rounding they are the same, and keeping is as good.
    same = np.abs(end_value - keep_value) <= NOISE * case.size
    return pd.DataFrame(
        {
            "run_rate": earns,
            "effect_of_ending_a_year": 0.0 - contribution,
            "keep_value": keep_value,
            "end_value": np.where(same, keep_value, end_value),
            "freed_capacity_a_year": freed,
        }
    )


def find_limit(customers: pd.DataFrame, settings: Settings) -> float:
    """Return what a wrong verdict on one customer may cost a year and is still slight, in money.

    It is the setting ``materiality``; without it :data:`SLIGHT` of the average customer's net revenue a year, so that
    all of them together may cost that share of the company's net revenue at most.
    """
    if settings.materiality is not None:
        return settings.materiality
    revenue = customers["net_revenue"].to_numpy(dtype=np.float64)
    bought = revenue[revenue > 0]
    return SLIGHT * math.fsum(bought.tolist()) / max(len(bought), 1) / avoidable.count_years(settings)


def _find_leaning(
    collect: _Flags, earns: _Numbers, better_ended: _Flags, fixable: _Flags
) -> confidence.Verdicts:
    """Return the first verdict that holds; customers, or customers × runs."""
    other = np.where((earns < 0) & fixable, FIX, np.where(better_ended, END, KEEP))
    return np.where(collect, COLLECT, other).astype(np.int8)


def _list_levers(
    case: Case, leaning: confidence.Verdicts, pulled: levers.Pulled, earns: _Numbers
) -> dict[str, npt.NDArray[np.generic]]:
    """Return the columns of the levers: those that fix, those that collect, or less spent on acquisition."""
    fix, collect = leaning == FIX, leaning == COLLECT
    wooed = (leaning == KEEP) & (earns >= 0) & (earns + case.rate.acquired < -NOISE * case.size)
    buys = collect & (case.rate.gross > NOISE * case.size)
    unit = levers.name_units(case.settings)
    lever = np.select(
        [fix, buys, collect, wooed],
        [pulled.lever, str(Lever.STOP_CREDIT), str(Lever.DUNNING), levers.ACQUISITION],
        "",
    ).astype(object)
    lever_2 = np.where(fix, pulled.lever_2, np.where(buys, str(Lever.PREPAYMENT), ""))
    spent = 0.0 - earns - case.rate.acquired
    size = np.select([fix, collect, wooed], [pulled.size, case.owed.overdue, spent], np.nan)
    size_2 = np.where(fix, pulled.size_2, np.where(buys, case.rate.gross, np.nan))
    raised = (
        np.select([fix & (lever == "price"), fix & (lever_2 == "price")], [size, size_2], np.nan)
        * case.rate.gross
    )
    # Where each sale loses money, less volume is no loss.
    sold = np.where(case.stakes.volume > 0, case.stakes.volume, -np.inf)
    return {
        "at_stake": np.where(collect, case.owed.overdue, np.nan),
        "lever": lever,
        "lever_size": size,
        "lever_unit": np.array([unit.get(name, "") for name in lever], dtype=object),
        "lever_on": np.where(fix, pulled.on, ""),
        "lever_2": lever_2,
        "lever_2_size": size_2,
        "lever_2_unit": np.array([unit.get(name, "") for name in lever_2], dtype=object),
        "lever_2_on": np.where(fix, pulled.on_2, ""),
        "break_even_volume_loss": reach.divide_positive(raised, sold + raised),
    }


def _measure_standing(case: Case, leaning: confidence.Verdicts) -> confidence.Standing:
    """Return how each leaning stands in the runs; blank where none are run."""
    drawn = confidence.draw_runs(
        case.settings, case.stakes.effort.shape[1], bounded=history.is_single(case.settings)
    )
    farthest = np.abs(drawn.own).max(initial=0.0)
    worst = case.stakes.run_rate + np.minimum(case.rate.heading, 0.0) - farthest * hinges.deviate(case.rate)
    worst += case.settings.uncertainty_rates * level.add_up(np.minimum(case.stakes.effort, 0.0))
    costs = (
        (case.stakes.effort <= 0).all(axis=1) & (case.stakes.direct_perhaps <= 0) & (case.stakes.direct <= 0)
    )
    no_more = (case.stakes.whole <= 1.0).all(axis=1)
    sure = (leaning == KEEP) & costs & no_more & ~case.material & (worst >= 0)
    return confidence.count_runs(sure, regret.build_measure(case, leaning), case.limit, drawn)


def _find_hinges(
    case: Case, frame: pd.DataFrame, leaning: confidence.Verdicts, prices: list[str]
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Return what each leaning hinges on that is not right in every run, and of which price that is."""
    found, of = (np.full(len(leaning), "", dtype=object) for _ in range(2))
    unsure = np.flatnonzero((frame["confidence"] < 1.0).to_numpy())
    on_value = np.isin(leaning[unsure], (KEEP, END)) & (frame["run_rate"].to_numpy()[unsure] < 0)
    found[unsure], of[unsure] = hinges.find_inputs(
        case.stakes, case.rate, unsure, on_value, prices, case.settings
    )
    return found, of


def _count_months(rate: run_rate.RunRate, settings: Settings) -> _Numbers:
    """Return how many months the customer has been one, blank where longer than the window, or all along."""
    return np.where((rate.own > 0) & (rate.months < settings.window), rate.months, np.nan)


def _join_effects(case: Case, frame: pd.DataFrame) -> JointEffect:
    ended = (frame["verdict"] == Verdict.END).to_numpy()
    effect = frame["effect_of_ending_a_year"].to_numpy()[ended]
    together, freed = case.stakes.end_together(ended)
    return JointEffect(int(ended.sum()), float(level.add_up(effect[None, :])[0]), together, freed)
