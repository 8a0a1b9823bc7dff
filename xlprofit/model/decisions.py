"""Keep, fix, collect, investigate or end: what is best to do about each customer, how sure that is, and why.

Sources: the keep-or-drop decision on relevant amounts (Horngren, Datar and Rajan, *Cost Accounting*); the
value of a customer over a horizon (Gupta and Lehmann, *Managing Customers as Investments*, 2005).

Everything rests on the *run rate*, what the customer earns a year at today's level (:mod:`xlprofit.model.run_rate`),
never on the sum of the past: acquisition, costs marked ``once`` and losses on invoices already issued are sunk. With
*contribution* the avoidable part of it (see :mod:`xlprofit.model.avoidable`), and *annuity* the present value of 1 a
year over the horizon at the settings' retention and discount rate, the first a year from now
(:func:`xlprofit.model.lifetime.find_multiples`):

- effect of ending, a year = − contribution
- keep_value = annuity × contribution
- end_value = annuity × (freed capacity × redeployable − referral value) − exit cost

Freed capacity is worth something only where the resource does not stand idle already, and in whole steps where it has
steps (:mod:`xlprofit.model.stakes`); the referral value is that of the span, a year, and nothing where it is
negative, since those who were brought have verdicts of their own. Both are weighed over the same annuity, since a
customer that leaves of itself frees the one and takes the other away all the same.

The verdict, the first that holds:

1. *collect* where what is seriously overdue is material (:mod:`xlprofit.model.collecting`): it is there to be
   collected, whether the relationship goes on or ends.
2. *fix* where the run rate is below zero and a lever, or a pair, within its limits brings it to zero.
3. *end* where end_value > keep_value.
4. *keep* otherwise: keep_value ≥ end_value, and where the run rate is below zero, ending would cost more.

That is the *leaning*. Where its confidence (:mod:`xlprofit.model.confidence`) is below the setting ``confidence``, the
verdict is *investigate*: ``hinges_on`` says what to find out first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.ledger import capacity, periods
from xlprofit.model import (
    avoidable,
    collecting,
    confidence,
    hinges,
    history,
    level,
    levers,
    lifetime,
    reach,
    reasons,
    run_rate,
    stakes,
)
from xlprofit.model.products import multiply
from xlprofit.tables import Inputs, Settings
from xlprofit.vocabulary.measures import POSTED
from xlprofit.vocabulary.states import State
from xlprofit.vocabulary.verdicts import VERDICTS, Verdict

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
    "leaning",
    "hinges_on",
    "reason",
)
"""The columns of :func:`decide`."""

KEEP, FIX, COLLECT, INVESTIGATE, END = range(5)

NOISE = 1e-9
"""A loss smaller than this share of the amounts that it is the sum of is rounding, not a loss."""

_Numbers = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]
_Places = npt.NDArray[np.int64]


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


@dataclass(frozen=True)
class Case:
    """What verdicts are drawn from, customer by customer, in money a year.

    ``size`` is the sum of the customer's amounts without their signs over the span, ``room`` what the best levers bring
    at their limits, ``referral`` the referral value (not below 0).
    """

    stakes: stakes.Stakes
    rate: run_rate.RunRate
    owed: collecting.Owed
    material: _Flags
    size: _Numbers
    room: _Numbers
    referral: _Numbers
    settings: Settings


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
            neither is more than chance), and ``referral_value`` over the span (blank: unknown, and nothing is lost).

    Returns:
        The decisions with these columns, and the joint effect of those advised to end:

        - ``verdict`` (keep, fix, collect, investigate, end); ``run_rate`` (what it earns a year at today's level).
        - ``effect_of_ending_a_year``: the change in one year's company profit if the customer is ended, on avoidable
          amounts alone: negative where ending costs money; ``keep_value`` and ``end_value`` (present values);
          ``freed_capacity_a_year`` (what freed capacity is worth to other work); ``referral_value_a_year``.
        - ``at_stake``: what is overdue, where the leaning is to collect; blank elsewhere.
        - ``lever``, ``lever_size``, ``lever_unit`` and ``lever_on`` (the activity), and the same of ``lever_2`` where
          two are needed: what brings a run rate below zero to zero, or how to collect; blank where there is none.
          ``break_even_volume_loss`` is the share of its volume whose loss would eat a price increase, blank where
          sales lose money before it.
        - ``confidence``: the share of simulated runs in which the leaning would still be right a year later, blank
          where none are run; ``leaning``: the verdict whatever its confidence; ``hinges_on``: the input whose
          uncertainty turns it, blank where nothing does; ``reason``.
    """
    names, settings = customers.index, inputs.settings
    done = avoidable.list_efforts(inputs, ledger, names, equations, resources.supply)
    known = known.reindex(names)
    way = known["way"].to_numpy(dtype=np.int64)
    rate = run_rate.measure(inputs, history.gather(inputs, ledger, names, done), names, way)
    held = reach.reach(inputs, ledger, customers, equations, done, rate)
    at_stake = stakes.weigh(inputs, ledger, names, done, rate, resources)
    owed = collecting.count_owed(inputs, names)
    referred = known["referral_value"].to_numpy(dtype=np.float64) / avoidable.count_years(settings)
    size = level.add_up(customers[list(POSTED[:-1])].abs().to_numpy(dtype=np.float64))
    earns = np.where(np.abs(at_stake.run_rate) > NOISE * size, at_stake.run_rate, 0.0)
    pulled = levers.pull(held, np.where(earns < 0, -earns, np.nan), settings)
    material = owed.is_material(
        np.maximum(rate.sold, customers["net_revenue"] / avoidable.count_years(settings))
    )
    case = Case(
        at_stake, rate, owed, material, size, pulled.room, np.maximum(np.nan_to_num(referred), 0.0), settings
    )
    frame = _value(case, earns).assign(referral_value_a_year=referred)
    better_ended = (frame["end_value"] > frame["keep_value"]).to_numpy()
    collect = material & owed.outweighs(earns, slice(None))
    leaning = _lean(collect, earns, better_ended, pulled.lever != "")
    unit_priced = avoidable.list_unit_priced(equations, resources.supply)
    frame = frame.assign(
        leaning=np.array(VERDICTS, dtype=object)[leaning],
        **_tell_levers(case, leaning, pulled),
        confidence=_confidence(case, leaning),
    )
    frame = frame.assign(
        verdict=frame["leaning"].mask(
            frame["confidence"] < settings.confidence - NOISE, str(Verdict.INVESTIGATE)
        ),
        hinges_on=_hinges(case, frame, leaning, [*resources.supply.resources, *unit_priced]),
    )
    grounds = frame.assign(
        net_revenue=rate.sold,
        overdue_days=owed.days,
        stays_a_year=at_stake.stays,
        unknown_a_year=at_stake.unknown,
        price=pulled.price,
        discount=held.discount,
        usual_discount=held.usual,
        months=_months(rate, settings),
        quiet=rate.quiet * 12.0 * periods.SHARE_OF_YEAR[settings.period],
        acquired=rate.acquired,
        active=size > 0,
    )
    frame = frame.assign(reason=reasons.sentences(grounds, settings))[list(COLUMNS)].set_axis(names)
    return Advice(frame, _joint(case, frame))


def mention_slipping(advice: Advice, trends: pd.DataFrame, settings: Settings) -> Advice:
    """Return the advice, with its trend beside the reason to keep a customer that earns but is slipping.

    The run rate is where its fall has come to so far; where the fall goes from there is what
    :mod:`xlprofit.model.trends` says, and it is said here too.
    """
    frame = advice.decisions
    slips = (trends["state"] == State.SLIPPING) | trends["early_warning"]
    told = ((frame["leaning"] == Verdict.KEEP) & (frame["run_rate"] >= 0) & slips).to_numpy()
    said = frame["reason"].to_numpy(dtype=object, copy=True)
    said[told] = reasons.add_trend(said[told], trends["reason"].to_numpy(dtype=object)[told], settings)
    return replace(advice, decisions=frame.assign(reason=said))


def _value(case: Case, earns: _Numbers) -> pd.DataFrame:
    """Return what keeping and ending each customer are worth; equations in the module."""
    settings, contribution = case.settings, case.stakes.contribution
    annuity = float(lifetime.find_multiples(settings.retention, settings.discount_rate, settings.horizon))
    keep_value = annuity * contribution
    freed = case.stakes.freed
    end_value = annuity * (freed - case.referral) - settings.exit_cost
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


def _lean(collect: _Flags, earns: _Numbers, better_ended: _Flags, fixable: _Flags) -> confidence.Verdicts:
    """Return the first verdict that holds; customers, or customers × runs."""
    other = np.where((earns < 0) & fixable, FIX, np.where(better_ended, END, KEEP))
    return np.where(collect, COLLECT, other).astype(np.int8)


def _tell_levers(
    case: Case, leaning: confidence.Verdicts, pulled: levers.Pulled
) -> dict[str, npt.NDArray[np.generic]]:
    """Return the columns of the levers: those that fix, or those that collect."""
    fix, collect = leaning == FIX, leaning == COLLECT
    buys = collect & (case.rate.gross > NOISE * case.size)
    unit = levers.units(case.settings)
    lever = np.where(fix, pulled.lever, np.where(buys, "stop credit", np.where(collect, "dunning", "")))
    lever_2 = np.where(fix, pulled.lever_2, np.where(buys, "prepayment", ""))
    size = np.where(fix, pulled.size, np.where(collect, case.owed.overdue, np.nan))
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
        "break_even_volume_loss": reach.divide(raised, sold + raised),
    }


def _confidence(case: Case, leaning: confidence.Verdicts) -> _Numbers:
    """Return the share of runs in which each leaning stands; blank where none are run."""
    drawn = confidence.draw(
        case.settings, case.stakes.effort.shape[1], bounded=history.is_single(case.settings)
    )
    if not len(drawn.own):
        return np.full(len(leaning), np.nan)
    farthest = float(np.abs(drawn.own).max())
    worst = case.stakes.run_rate + np.minimum(case.rate.heading, 0.0) - farthest * hinges.deviate(case.rate)
    worst += case.settings.uncertainty_rates * level.add_up(np.minimum(case.stakes.effort, 0.0))
    costs = (
        (case.stakes.effort <= 0).all(axis=1) & (case.stakes.direct_perhaps <= 0) & (case.stakes.direct <= 0)
    )
    no_more = (case.stakes.whole <= 1.0).all(axis=1)
    sure = (leaning == KEEP) & costs & no_more & ~case.material & (worst >= 0)
    return confidence.share_runs(sure, _judge(case, leaning), drawn)


def _judge(case: Case, leaning: confidence.Verdicts) -> confidence.Judge:
    """Return what tells in which runs the leanings of some of the customers stand.

    One that loses, cannot be fixed within the limits and costs more to end is kept, its levers pulled as far as they
    go: there both *keep* and *fix* stand. A lever is within its limits where what the best pair brings at its limits,
    at today's level, is as much as is lost.
    """
    stake, settings, whole = case.stakes, case.settings, case.stakes.whole
    spread, noise = hinges.deviate(case.rate), NOISE * case.size
    # What goes less what is freed, by what prices it: what is known of it, and what hangs on an unknown share.
    freed = (stake.effort - stake.goes) * whole * stake.useful
    known, perhaps = stake.goes * whole + freed, stake.perhaps * whole * (1.0 - stake.useful)
    earned, going = stake.volume + stake.direct, stake.volume + stake.direct_goes + case.referral
    # With no cost below nothing, and no step that was in part idle, who earns is never better ended.
    odd = (stake.effort > 0).any(axis=1) | (stake.direct > 0) | (stake.direct_perhaps > 0)
    odd |= (whole > 1.0).any(axis=1)

    def judge(rows: _Places, runs: confidence.Runs) -> _Flags:
        own = spread[rows, None] * runs.own
        own += case.rate.heading[rows, None]
        earns = multiply(stake.effort[rows], runs.rates)
        earns += own
        earns += earned[rows, None]
        loses = earns < -noise[rows, None]
        fix = loses & (earns >= -levers.ROUNDING * case.room[rows, None])
        leans = leaning[rows, None]
        stands: _Flags = np.where(loses, fix & (leans == FIX), leans == KEEP)
        ask = np.flatnonzero((loses & ~fix).any(axis=1) | odd[rows])
        if len(ask):
            some = rows[ask]
            goes = own[ask] + going[some, None] + multiply(known[some], runs.rates)
            goes += (
                multiply(perhaps[some], runs.rates * runs.unknown)
                + stake.direct_perhaps[some, None] * runs.direct
            )
            retention = np.minimum(settings.retention * runs.retention, 1.0)
            annuity = lifetime.find_multiples(retention, settings.discount_rate, settings.horizon)
            better_ended = annuity * goes + settings.exit_cost < -noise[some, None]
            held = np.where(
                better_ended, leans[ask] == END, (leans[ask] == KEEP) | (leans[ask] == FIX) & loses[ask]
            )
            stands[ask] = np.where(fix[ask] | ~(loses[ask] | better_ended), stands[ask], held)
        owing = np.flatnonzero(case.material[rows])
        if len(owing):
            collect = case.owed.outweighs(earns[owing], rows[owing])
            stands[owing] = np.where(collect, leans[owing] == COLLECT, stands[owing])
        return stands

    return judge


def _hinges(
    case: Case, frame: pd.DataFrame, leaning: confidence.Verdicts, prices: list[str]
) -> npt.NDArray[np.object_]:
    """Return what each leaning hinges on that does not stand in every run."""
    found = np.full(len(leaning), "", dtype=object)
    unsure = np.flatnonzero((frame["confidence"] < 1.0).to_numpy())
    on_value = np.isin(leaning[unsure], (KEEP, END)) & (frame["run_rate"].to_numpy()[unsure] < 0)
    found[unsure] = hinges.name_inputs(case.stakes, case.rate, unsure, on_value, prices, case.settings)
    return found


def _months(rate: run_rate.RunRate, settings: Settings) -> _Numbers:
    """Return how many months the customer has been one, blank where it is for longer than the window."""
    length = {"month": 1, "quarter": 3, "year": 12}[settings.period]
    short = (rate.own > 0) & (rate.own * length < settings.window)
    return np.where(short, rate.own * length, np.nan)


def _joint(case: Case, frame: pd.DataFrame) -> JointEffect:
    ended = (frame["verdict"] == Verdict.END).to_numpy()
    effect = frame["effect_of_ending_a_year"].to_numpy()[ended]
    together, freed = case.stakes.end_together(ended)
    return JointEffect(int(ended.sum()), float(level.add_up(effect[None, :])[0]), together, freed)
