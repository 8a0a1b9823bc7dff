"""How well the outlook foretells: on real customers with a part held out, and on worlds whose truth is known.

Run from the repository's root; it prints Markdown tables:

    uv run python -m benchmarks.outlook [customers] [seeds ...]

The real sets are the sample of CDNOW that ships with the package ``lifetimes`` (2,357 customers that first bought in
the first quarter of 1997; 39 weeks to learn from and 39 held out) and the UCI set "Online Retail" (a gift wholesaler,
twelve months, the last third held out, which is its season and has no year before it). They are of revenue alone.
Beside our methods stands BG/NBD + Gamma-Gamma, of ``lifetimes`` where it converges and by our own fit, which agrees
with it, where it does not. *stops* is how well it is told which of the repeat buyers does not come back.

The method marked as used, and the width of the intervals, are those that would have been chosen at the time, from a
hold-out within what was known: what is scored had no say in them.

The worlds are those of :mod:`benchmarks.worlds`, forecast from what was known and held against the twelve months that
followed. Customers of such a world may share one fall, so that a world is nearly one draw: many are drawn. *Wild
again* is *wild* in which wild months come after those seen too. In the last table the same histories are followed by
a year in which what rose or fell does so no more. Rules and constants were chosen on the seeds 1 to 24 and 101 to
132, and looked at on 41 to 43 and 51 to 53: those reported are others.
"""

from __future__ import annotations

import importlib.util
import resource
import statistics
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

import xlprofit
from benchmarks.worlds import KINDS, build_tables, build_world, end_movement, repeat_wild_months
from xlprofit import samples
from xlprofit.analysis import avoidable
from xlprofit.outlook import btyd
from xlprofit.outlook.candidates import Candidates, Method, forecast_candidates
from xlprofit.outlook.draws import LEVEL, Forecast, Interval, draw_intervals
from xlprofit.outlook.movement import stand_still
from xlprofit.outlook.past import Past, gather_past, set_clock, summarise_purchases
from xlprofit.outlook.track_record import keep_record, measure_auc, score_methods
from xlprofit.results import Results

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

DATA = Path(__file__).parents[2] / "shared" / "data"
"""Where the real data are, if they are."""

HISTORIES = (24, 36)
SEEDS = (*range(201, 207), *range(301, 307))
MOVING = ("growing", "turning", "turning_seasonal", "falling", "recovering")
AGAIN = "wild_again"
BTYD = "BG/NBD + Gamma-Gamma"

REFRESH = """
import pickle
import resource
import sys
from pathlib import Path
from xlprofit import results, workflow
from xlprofit.sheets import names
book, kept, which = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
if which == "without":
    results.Results._outlook = pickle.loads(kept.read_bytes())
    del names.DESCRIBED[names.OUTLOOK]
done = workflow.refresh(book)
used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
kept.write_bytes(pickle.dumps(done.results._outlook))
print(used)
"""
"""Refreshes a workbook, and keeps its outlook or takes the one kept."""


@dataclass(frozen=True)
class Sample:
    """A set of real customers: what it is called, its Sales, its span, and the months held out."""

    name: str
    sales: pd.DataFrame
    start: str
    end: str
    held: int


def load_cdnow() -> Sample:
    """Return the sample of CDNOW; the package ``lifetimes`` must be installed, and is not run."""
    spec = importlib.util.find_spec("lifetimes")
    if spec is None or spec.origin is None:
        raise SystemExit("The package lifetimes, which has the sample of CDNOW, is not installed.")
    path = Path(spec.origin).parent / "datasets" / "CDNOW_sample.txt"
    columns = ["master", "customer", "date", "quantity", "gross_revenue"]
    frame = pd.read_csv(path, header=None, sep=r"\s+", names=columns, dtype={"customer": str, "date": str})
    sales = frame.assign(date=pd.to_datetime(frame["date"]), cogs=0.0)
    return Sample(
        "CDNOW", sales[["date", "customer", "gross_revenue", "cogs"]], "1997-01-01", "1998-06-30", 9
    )


def load_online_retail() -> Sample:
    """Return the set "Online Retail", its lines added up by customer and day, returns apart."""
    lines = pd.read_parquet(DATA / "online_retail.parquet")
    lines = lines[lines["CustomerID"].fillna("") != ""]
    amount = lines["Quantity"] * lines["UnitPrice"]
    lines = pd.DataFrame(
        {
            "date": lines["InvoiceDate"].dt.normalize(),
            "customer": lines["CustomerID"].astype(str),
            "gross_revenue": amount.clip(lower=0),
            "returns": (-amount).clip(lower=0),
        }
    )
    sales = lines.groupby(["date", "customer"], as_index=False)[["gross_revenue", "returns"]].sum()
    return Sample("online_retail", sales.assign(cogs=0.0), "2010-12-01", "2011-11-30", 4)


def read_past(results: Results) -> Past:
    """Return what the outlook of a run is made of."""
    supply = results.resources.supply
    done = avoidable.list_efforts(results.inputs, results.ledger, results.names, results.equations, supply)
    return gather_past(results.inputs, results.ledger, results.names, done)


def forecast_by_btyd(
    seen: Past, sales: pd.DataFrame, results: Results, weeks: float
) -> tuple[Floats, Floats]:
    """Return the spend and the days with a purchase that BG/NBD + Gamma-Gamma expects, as it is published.

    A repeat purchase alone counts for what is spent; who bought once spends what all do.
    """
    given, bought = summarise_purchases(seen, set_clock(seen, seen.a_year))
    place = results.names.get_indexer(pd.Index(sales["customer"].astype(str)))
    day = (sales["date"] - results.inputs.settings.start).dt.days
    daily = sales.assign(place=place, day=day)
    daily = daily[(daily["gross_revenue"] > 0) & (daily["day"] < seen.begins[-1])]
    daily = daily.groupby(["place", "day"], as_index=False)["gross_revenue"].sum()
    repeats = daily[daily["day"] > daily.groupby("place")["day"].transform("min")]
    mean = repeats.groupby("place")["gross_revenue"].mean().reindex(range(seen.count)).fillna(0.0).to_numpy()
    x, recency, age = given.frequency[bought], given.recency[bought], given.age[bought]
    spend, days = np.zeros(seen.count), np.zeros(seen.count)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from lifetimes import BetaGeoFitter, GammaGammaFitter

            model = BetaGeoFitter().fit(x, recency, age)
            days[bought] = model.conditional_expected_number_of_purchases_up_to_time(weeks, x, recency, age)
            value = GammaGammaFitter().fit(x[x > 0], mean[bought][x > 0])
            spend[bought] = days[bought] * value.conditional_expected_average_profit(x, mean[bought])
    except Exception:  # lifetimes has no common error: it did not converge
        habits = btyd.fit_habits(given.choose(bought), at_first=False)
        days[bought] = btyd.expect_purchases(given.choose(bought), habits, weeks)
        some = (x > 0) & (mean[bought] > 0)
        spending = btyd.fit_spending(x[some], mean[bought][some])
        count = np.where(mean[bought] > 0, x, 0.0)
        spend[bought] = days[bought] * btyd.expect_spending(count, mean[bought], spending)
    return spend, days


def foretell(results: Results, seen: Past, found: Candidates, held: int) -> tuple[Method, Interval]:
    """Return the method and the intervals that would have been used at the time, by what was known then alone."""
    record = keep_record(results.inputs, seen, results.names, found)
    used = record.used if record.used in found.forecast else Method.SURVIVAL
    forecast = Forecast(found.forecast[used], found.rests_on[used], held)
    level = LEVEL * min(record.factor, 1.0)
    interval = draw_intervals(seen, found, forecast, int(results.inputs.settings.seed), (level,))[0]
    return used, interval.widen(max(record.factor, 1.0))


def show_real(sample: Sample) -> Iterator[str]:
    """Yield a table of how each method foretells what a set of real customers bought of what was held out."""
    settings = pd.DataFrame({"setting": ["start", "end"], "value": [sample.start, sample.end]})
    results = xlprofit.analyze({"Sales": sample.sales, "Settings": settings})
    past = read_past(results)
    cut = past.width - sample.held
    seen = past.see(cut)
    record = score_methods(results.inputs, past, results.names, sample.held)
    found = forecast_candidates(results.inputs, seen, results.names, stand_still(past.count), sample.held)
    actual = past.profit[:, cut:].sum(axis=1)
    came = np.isin(np.arange(past.count), past.customer[past.day >= past.begins[cut]])
    there = seen.history.own > 0
    again = there & (np.bincount(seen.customer, minlength=past.count) > 1)
    used, interval = foretell(results, seen, found, sample.held)
    weeks = float(past.begins[-1] - past.begins[cut]) / 7
    spend, days = forecast_by_btyd(seen, sample.sales, results, weeks)
    yield (
        f"| {sample.name}: {there.sum():,} customers, {cut} months known, {sample.held} held out "
        "| mean error | bias | buys again | stops | interval holds |"
    )
    yield "|---|---|---|---|---|---|"
    purchases = found.survival.purchases
    for name, said in found.forecast.items():
        row = record.table.loc[name.value]
        by = purchases if purchases is not None and name.value.startswith("purchases") else said
        stops = measure_auc(-by[again], ~came[again])
        holds = f"{interval.holds(actual)[there].mean():.0%}" if name is used else ""
        cells = f"{row['mean_error']:,.2f} | {row['bias']:+.1%} | {row['auc']:.3f} | {stops:.3f} | {holds}"
        yield f"| {f'**{name.value}, used**' if name is used else name.value} | {cells} |"
    error, bias = np.abs(spend - actual)[there].mean(), spend[there].sum() / actual[there].sum() - 1
    auc, stops = measure_auc(days[there], came[there]), measure_auc(-days[again], ~came[again])
    yield f"| {BTYD} | {error:,.2f} | {bias:+.1%} | {auc:.3f} | {stops:.3f} | |"


def show_worlds(customers: int, seeds: Sequence[int]) -> Iterator[str]:
    """Yield a table of how the outlook did in the year that followed, by world and months of history.

    *Holds* is the share of customers whose interval held what came, *company* in how many of the worlds that of all
    together did; *width* and *error* (mean, absolute) are shares of what customers leave.
    """
    heads = [f"{months} months: bias | holds | from – to | company | width | error" for months in HISTORIES]
    yield "| world | " + " | ".join(heads) + " |"
    yield "|---|" + "---|---|---|---|---|---|" * len(HISTORIES)
    whole: dict[int, list[tuple[float, ...]]] = {months: [] for months in HISTORIES}
    for kind in (*KINDS, AGAIN):
        cells = []
        for months in HISTORIES:
            runs = [_try_world(kind, customers, months, seed) for seed in seeds]
            whole[months] += runs if kind in KINDS else []
            bias, holds, company, width, error = np.mean(runs, axis=0).tolist()
            least, most = (end(run[1] for run in runs) for end in (min, max))
            cells += [f"{bias:+.0%} | {holds:.0%} | {least:.0%} – {most:.0%} | {company:.0%}"]
            cells += [f"{width:.2f} | {error:.2f}"]
        yield f"| {kind.replace('_', ' ')} | " + " | ".join(cells) + " |"
    cells = []
    for months in HISTORIES:
        _, holds, company, width, error = np.mean(whole[months], axis=0).tolist()
        cells += [f" | **{holds:.0%}** | | **{company:.0%}** | **{width:.2f}** | **{error:.2f}**"]
    yield f"| **the first {len(KINDS)} together** |" + " |".join(cells) + " |"


def _try_world(kind: str, customers: int, months: int, seed: int) -> tuple[float, ...]:
    """Return the bias of all, the share of intervals that held, whether that of all did, mean width and error."""
    world = build_world("wild" if kind == AGAIN else kind, customers, months, seed)
    if kind == AGAIN:
        world = repeat_wild_months(world, seed)
    found = xlprofit.analyze(build_tables(world.see(months)))._outlook
    came = world.profit[:, months : months + 12].sum(axis=1)
    low, high, expected = (
        found.table[name].to_numpy(dtype=np.float64)
        for name in ("expected_low", "expected_high", "expected_profit")
    )
    inside = (came >= low) & (came <= high)
    size = np.abs(came).mean()
    company = found.total["low"] <= came.sum() <= found.total["high"]
    return (
        float(expected.sum() / came.sum() - 1),
        float(inside.mean()),
        float(company),
        float((high - low).mean() / size),
        float(np.abs(expected - came).mean() / size),
    )


def show_endings(customers: int, months: int, seeds: Sequence[int]) -> Iterator[str]:
    """Yield a table of how far all together are off where a rise or fall goes on for the year, and where it ends."""
    yield "| all together, bias | it goes on | it ends at once |"
    yield "|---|---|---|"
    for kind in MOVING:
        biases = []
        for seed in seeds:
            world = build_world(kind, customers, months, seed)
            said = xlprofit.analyze(build_tables(world.see(months)))._outlook.total["expected"]
            came = (one.profit[:, months : months + 12].sum() for one in (world, end_movement(world)))
            biases.append([said / truth - 1 for truth in came])
        on, ended = np.mean(biases, axis=0).tolist()
        yield f"| {kind.replace('_', ' ')} | {on:+.0%} | {ended:+.0%} |"


def time_outlook(customers: int = 100_000, days: int = 2_000_000) -> str:
    """Return how much processor time the outlook of many customers takes."""
    rng = np.random.default_rng(1)
    rates = rng.gamma(1.0, 1.0, customers)
    who = rng.choice(customers, days, p=rates / rates.sum())
    date = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 731, days), unit="D")
    revenue = rng.lognormal(3.0, 0.5, days).round(2)
    names = np.char.add("C", np.char.zfill(who.astype(str), 6))
    sales = pd.DataFrame({"date": date, "customer": names, "gross_revenue": revenue, "cogs": 0.6 * revenue})
    results = xlprofit.analyze({"Sales": sales})
    pnl, trends = results.pnl(period=True), results.trends
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    count = len(results.outlook)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_utime - before
    assert len(pnl) and len(trends) == count
    return f"{count:,} customers, {days:,} rows: {used:.1f} s of the processor"


def time_demo(runs: int = 5) -> str:
    """Return how much more processor time a refresh of the demo's workbook takes with the outlook than without.

    Each run is a process of its own, the two in turn. *Without* the outlook is handed in as it was worked out before,
    so that what rests on it stays, and its sheet is not written.
    """
    taken: dict[str, list[float]] = {"with": [], "without": []}
    with tempfile.TemporaryDirectory() as folder:
        book, kept = Path(folder) / "demo.xlsx", Path(folder) / "outlook"
        xlprofit.new(book, samples.tables(samples.DEMO))
        for _ in range(runs):
            for which, times in taken.items():
                command = [sys.executable, "-c", REFRESH, str(book), str(kept), which]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                times.append(float(done.stdout))
    with_it, without = (statistics.median(times) for times in taken.values())
    return f"refresh of the demo: {with_it:.2f} s of the processor, {without:.2f} s without the outlook"


def main(customers: int = 200, *seeds: int) -> None:
    """Print all tables."""
    for load in (load_cdnow, load_online_retail):
        for line in show_real(load()):
            print(line, flush=True)
        print()
    for line in show_worlds(customers, seeds or SEEDS):
        print(line, flush=True)
    print()
    for line in show_endings(customers, HISTORIES[-1], seeds or SEEDS):
        print(line, flush=True)
    print()
    print(time_demo())
    print(time_outlook())


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
