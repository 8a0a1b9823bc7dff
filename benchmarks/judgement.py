"""How well trends are judged, on customers whose truth is known: false alarms, what is found, how early, how surely.

Run from the repository's root; it takes a few minutes and prints Markdown tables:

    uv run python -m benchmarks.judgement [customers] [seed]

The worlds are those of :mod:`benchmarks.worlds`. Beside xlprofit's trends stand what one would do by hand with
the profits of all months: Mann and Kendall's test at 5 %, Theil and Sen's slope of −10 % of the mean a year, and the
last three or six months 10 % below the three or six before. An *alarm* is *Slipping* or an early warning.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

import xlprofit
from benchmarks import verdicts
from benchmarks.worlds import (
    KINDS,
    NULLS,
    TURNED,
    Grid,
    World,
    build_effort,
    build_pnl,
    build_settings,
    build_tables,
    build_world,
)
from xlprofit.analysis import slopes, trends
from xlprofit.analysis.lifetime import find_multiples
from xlprofit.ledger import periods

HISTORIES = (12, 18, 24, 36, 48, 60)
BEGIN = 3
"""Months after a fall began from which on it is looked for."""

VALUED, VALUED_YEARS, AVOIDABLE = (24, 36), 2, 0.7
"""Months of history and years ahead that values are held against, and the share of effort that goes with a customer."""

REFRESHES = 24
"""Monthly refreshes that customers are followed over."""

Flags = npt.NDArray[np.bool_]


def read_trends(world: World) -> pd.DataFrame:
    """Return the trends of the months seen."""
    settings = build_settings(world)
    labels = periods.list_labels(settings)
    return trends.read_trends(
        build_pnl(world, labels), build_effort(world, labels), settings, world.segment
    ).table


def find_alarms(frame: pd.DataFrame) -> Flags:
    """Return who is slipping or warned."""
    alarmed = (frame["state"] == "Slipping") | frame["early_warning"]
    return np.asarray(alarmed.to_numpy(dtype=bool))


# --- what one would do by hand --------------------------------------------------------------------


def test_mann_kendall(profit: Grid) -> Flags:
    """Return who falls by Mann and Kendall's test at 5 %, one-sided."""
    return np.asarray(slopes.fit(profit, 12.0).z <= -1.645)


def test_slope(profit: Grid) -> Flags:
    """Return whose Theil–Sen slope is −10 % of the mean a year or steeper."""
    return np.asarray(slopes.fit(profit, 12.0).slope * 12 <= -0.10 * np.abs(profit.mean(axis=1)))


def compare_last(months: int) -> Callable[[Grid], Flags]:
    """Return a rule: the last months together are 10 % below as many before."""

    def falls(profit: Grid) -> Flags:
        last, before = profit[:, -months:].sum(axis=1), profit[:, -2 * months : -months].sum(axis=1)
        return np.asarray(last < before - 0.10 * np.abs(before))

    return falls


BY_HAND: dict[str, Callable[[Grid], Flags]] = {
    "Mann–Kendall 5 %": test_mann_kendall,
    "Theil–Sen −10 %": test_slope,
    "last 3 months": compare_last(3),
    "last 6 months": compare_last(6),
}


# --- what is measured ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Followed:
    """What was said of the customers of a world over :data:`REFRESHES` monthly refreshes.

    ``alarmed`` and ``warned`` are customers × refreshes; ``left`` is the true time to zero at each; ``held`` counts the
    intervals that hold it and ``stated`` those that were given.
    """

    alarmed: Flags
    warned: Flags
    left: Grid
    held: int
    stated: int


def follow(world: World, first: int) -> Followed:
    """Return what is said from the refresh after ``first`` months on."""
    alarmed, warned, left, held, stated = [], [], [], 0, 0
    for months in range(first, first + REFRESHES):
        seen = world.see(months)
        frame, truth = read_trends(seen), seen.truth()
        alarmed.append(find_alarms(frame))
        warned.append(frame["early_warning"].to_numpy(dtype=bool))
        left.append(truth["months_left"].to_numpy())
        inside, given = _hold(frame, truth["months_left"])
        held, stated = held + inside, stated + given
    return Followed(np.array(alarmed).T, np.array(warned).T, np.array(left).T, held, stated)


def _hold(frame: pd.DataFrame, left: pd.Series) -> tuple[int, int]:
    """Return how many intervals hold the truth, and how many were given where there is a truth."""
    given = frame["periods_left_low"].notna() & left.notna()
    above = frame["periods_left_low"] <= left
    below = frame["periods_left_high"].isna() | (left <= frame["periods_left_high"])
    return int((given & above & below).sum()), int(given.sum())


def find_lead(followed: Followed) -> tuple[float, float]:
    """Return which share of the customers that cross zero was warned before, and how many months, in the median."""
    crosses = np.isfinite(followed.left[:, 0])
    before = followed.warned & np.isfinite(followed.left)
    warned = before.any(axis=1) & crosses
    first = np.argmax(before, axis=1)
    lead = followed.left[np.arange(len(first)), first][warned]
    return float(warned.sum() / max(crosses.sum(), 1)), float(np.median(lead)) if len(lead) else np.nan


def mix(worlds: dict[str, World], shares: dict[str, float]) -> tuple[World, npt.NDArray[np.object_]]:
    """Return one company of customers of several kinds, and the kind of each."""
    parts = [(kind, world, round(len(world.revenue) * shares[kind])) for kind, world in worlds.items()]

    def join(take: Callable[[World], npt.NDArray[np.generic]]) -> npt.NDArray[np.generic]:
        return np.concatenate([take(world)[:count] for _, world, count in parts])

    first = parts[0][1]
    company = World(
        "mixed",
        first.history,
        join(lambda w: w.revenue),  # type: ignore[arg-type]
        join(lambda w: w.margin),  # type: ignore[arg-type]
        {g: join(lambda w, g=g: w.effort[g]) for g in first.effort},  # type: ignore[misc]
        join(lambda w: w.expected),  # type: ignore[arg-type]
        join(lambda w: w.grows),  # type: ignore[arg-type]
        join(lambda w: w.segment),  # type: ignore[arg-type]
    )
    return company, np.concatenate([np.full(count, kind, dtype=object) for kind, _, count in parts])


# --- the tables ----------------------------------------------------------------------------------


def show_false_alarms(customers: int, seed: int) -> Iterator[str]:
    """Yield a table of the alarms where nothing falls, at one refresh, by world and history."""
    yield "| nothing falls; alarms at a refresh | " + " | ".join(f"{h} months" for h in HISTORIES) + " |"
    yield "|---|" + "---|" * len(HISTORIES)
    rates = {}
    hand: dict[str, list[float]] = {name: [] for name in BY_HAND}
    for kind in NULLS:
        for history in HISTORIES:
            world = build_world(kind, customers, history, seed).see(history)
            rates[kind, history] = find_alarms(read_trends(world)).mean()
            for name, rule in BY_HAND.items():
                hand[name].append(float(rule(world.profit).mean()))
        yield f"| {kind} | " + " | ".join(f"{rates[kind, h]:.1%}" for h in HISTORIES) + " |"
    together = [np.mean([rates[kind, h] for kind in NULLS]) for h in HISTORIES]
    yield "| **all together** | " + " | ".join(f"**{rate:.1%}**" for rate in together) + " |"
    for name, found in hand.items():
        by_history = np.array(found).reshape(len(NULLS), -1).mean(axis=0)
        yield f"| by hand: {name} | " + " | ".join(f"{rate:.1%}" for rate in by_history) + " |"


def show_ever(customers: int, seed: int) -> Iterator[str]:
    """Yield a table of who is ever named in two years of monthly refreshes though nothing falls."""
    yield f"| ever named in {REFRESHES} monthly refreshes | xlprofit | " + " | ".join(BY_HAND) + " |"
    yield "|---|---|" + "---|" * len(BY_HAND)
    for kind in NULLS:
        world = build_world(kind, customers, 36, seed)
        ever = follow(world, 24).alarmed.any(axis=1).mean()
        by_hand = []
        for rule in BY_HAND.values():
            named = [rule(world.see(months).profit) for months in range(24, 24 + REFRESHES)]
            by_hand.append(np.any(named, axis=0).mean())
        yield f"| {kind} | {ever:.1%} | " + " | ".join(f"{rate:.0%}" for rate in by_hand) + " |"


def show_found(customers: int, seed: int) -> Iterator[str]:
    """Yield a table of what is found of those that do fall, followed from three months after they began to."""
    yield "| those that fall, by months of history when it begins | " + _months(HISTORIES) + " |"
    yield "|---|" + "---|" * len(HISTORIES)
    for kind in ("turning", "turning_seasonal", "falling"):
        rows: dict[str, list[str]] = {}
        for history in HISTORIES:
            world = build_world(kind, customers, history, seed)
            followed = follow(world, history - TURNED + BEGIN)
            share, lead = find_lead(followed)
            rows.setdefault("slipping or warned before zero", []).append(f"{_found_before(followed):.0%}")
            rows.setdefault("so at one refresh, a year after", []).append(
                f"{_found_a_year_after(followed):.0%}"
            )
            rows.setdefault("early warning before zero", []).append(f"{share:.0%}")
            rows.setdefault("months ahead, median", []).append(f"{lead:.0f}")
            rows.setdefault("interval holds the truth", []).append(f"{followed.held / followed.stated:.0%}")
        for name, cells in rows.items():
            yield f"| {kind.replace('_', ' ')}: {name} | " + " | ".join(cells) + " |"
    recovered = []
    for history in HISTORIES:
        world = build_world("recovering", customers, history, seed).see(history + 6)
        there = (world.truth()["level"] > 0).to_numpy()
        recovered.append((read_trends(world)["state"] == "Recovering").to_numpy()[there].mean())
    yield "| recovering: said so, 15 months after | " + " | ".join(f"{rate:.0%}" for rate in recovered) + " |"


def _months(histories: tuple[int, ...]) -> str:
    return " | ".join(f"{history - TURNED}" for history in histories)


def _found_a_year_after(followed: Followed) -> float:
    """Return which share of those that still earn is slipping or warned a year after the fall began."""
    at = 12 - BEGIN
    earning = np.isfinite(followed.left[:, at]) | ~np.isfinite(followed.left).any(axis=1)
    return float(followed.alarmed[earning, at].mean())


def _found_before(followed: Followed) -> float:
    """Return which share is slipping or warned before zero, or at all where it does not come down to zero."""
    before = followed.alarmed & (np.isfinite(followed.left) | ~np.isfinite(followed.left[:, :1]))
    return float(before.any(axis=1).mean())


def show_company(customers: int, seed: int) -> Iterator[str]:
    """Yield a table of a company of which few customers turn: that is when chance is most of what one sees."""
    yield "| one company, 36 months | alarms at a refresh | ever | early warning before zero | months ahead |"
    yield "|---|---|---|---|---|"
    turning = ("turning", "turning_seasonal", "falling")
    for few in (0.01, 0.03, 0.10):
        shares = dict.fromkeys(NULLS, (1 - 3 * few) / len(NULLS)) | dict.fromkeys(turning, few)
        worlds = {kind: build_world(kind, customers, 36, seed) for kind in shares}
        company, kind = mix(worlds, shares)
        followed = follow(company, 30)
        null = np.isin(kind, NULLS)
        turns = np.isin(kind, turning[:2])
        rate, ever = followed.alarmed[null].mean(), followed.alarmed[null].any(axis=1).mean()
        part = Followed(followed.alarmed[turns], followed.warned[turns], followed.left[turns], 0, 0)
        share, lead = find_lead(part)
        yield f"| {3 * few:.0%} fall or turn | {rate:.1%} | {ever:.1%} | {share:.0%} | {lead:.0f} |"


def show_values(customers: int, seed: int) -> Iterator[str]:
    """Yield a table of how far *Value if kept* is from what keeping came to, from the forecast and from the run rate.

    Two years are looked ahead, 70 % of the effort goes with a customer, and nobody leaves. By the run rate is what the
    value is where Settings give ``retention``, at the retention read from the figures.
    """
    heads = [f"{h} months: by run rate | bias | by forecast | bias" for h in VALUED]
    yield "| value if kept, mean error | " + " | ".join(heads) + " |"
    yield "|---|" + "---|---|---|---|" * len(VALUED)
    whole: dict[int, list[tuple[float, ...]]] = {history: [] for history in VALUED}
    for kind in KINDS:
        cells = []
        for history in VALUED:
            figures = _compare_values(build_world(kind, min(customers, 200), history, seed), history)
            whole[history].append(figures)
            cells += [f"{figures[0]:.0%} | {figures[1]:+.0%} | {figures[2]:.0%} | {figures[3]:+.0%}"]
        yield f"| {kind.replace('_', ' ')} | " + " | ".join(cells) + " |"
    means = [np.mean(np.array(whole[history]), axis=0) for history in VALUED]
    shown = [f"**{by_rate:.0%}** | | **{by_forecast:.0%}** | " for by_rate, _, by_forecast, _ in means]
    yield "| **mean** | " + " | ".join(shown) + " |"


def _compare_values(world: World, history: int) -> tuple[float, ...]:
    """Return the mean error, as a share of what keeping came to, and the bias: by the run rate, by the forecast."""
    tables = build_tables(world.see(history))
    horizon = pd.DataFrame({"setting": ["horizon"], "value": [VALUED_YEARS]})
    tables["Settings"] = pd.concat([tables["Settings"], horizon])
    tables["DirectCosts"] = tables["DirectCosts"].assign(avoidable=AVOIDABLE)
    results = xlprofit.analyze(tables)
    found, outlook, discount = results.decisions, results.outlook, results.inputs.settings.discount_rate
    effort = np.sum([world.effort[group] for group in sorted(world.effort)], axis=0)
    months = 12 * VALUED_YEARS
    ahead = (world.margin - AVOIDABLE * effort)[:, history : history + months]
    came = (ahead * (1.0 + discount) ** (-(np.arange(months) + 1) / 12)).sum(axis=1)
    kept = find_multiples(outlook["retention"], discount, VALUED_YEARS)
    by_rate = outlook["chance_active"].fillna(1.0) * kept * -found["effect_of_ending_a_year"]
    figures: list[float] = []
    for value in (by_rate.to_numpy(), found["keep_value"].to_numpy()):
        figures += [np.abs(value - came).mean() / np.abs(came).mean(), value.sum() / came.sum() - 1.0]
    return tuple(map(float, figures))


def time_trends(customers: int = 100_000, months: int = 24) -> Iterator[str]:
    """Yield how long the trends of many customers take, one in ten of them turning."""
    turning = {"steady": 0.8, "gaps": 0.1, "turning": 0.1}
    company, _ = mix({kind: build_world(kind, customers, months, 1) for kind in turning}, turning)
    seen = company.see(months)
    settings = build_settings(seen)
    labels = periods.list_labels(settings)
    pnl, effort = build_pnl(seen, labels), build_effort(seen, labels)
    begun, used = time.perf_counter(), time.process_time()
    trends.read_trends(pnl, effort, settings, seen.segment)
    taken, processor = time.perf_counter() - begun, time.process_time() - used
    yield f"{customers:,} customers × {months} months: {taken:.1f} s, {processor:.1f} s of the processor"


def main(customers: int = 2_000, seed: int = 1) -> None:
    """Print all tables."""
    for table in (show_false_alarms, show_ever, show_found, show_company, show_values):
        for line in table(customers, seed):
            print(line, flush=True)
        print()
    for line in time_trends():
        print(line)
    print()
    verdicts.main(customers)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
