"""How exports are taken in: each of the corpus by its first proposal, unchanged.

:mod:`benchmarks.import` prints it. The corpus is that of :mod:`benchmarks.import_corpus`. An export is *right* where
every figure of every customer and month is the true one; *refused* where nothing was computed and it is said why;
*warned* where a figure is wrong, or cannot be known, and a finding of *warning* or above says so; *wrong in silence*
otherwise. A warning that most of the exports that come out right have too says nothing, and does not count.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import pandas as pd

from benchmarks.import_corpus import Export
from benchmarks.import_corpus.export import Kind
from benchmarks.import_corpus.lines import CUSTOMERS
from xlprofit.errors import XlprofitError
from xlprofit.folding import fold_customer
from xlprofit.hosts.frames import FramesHost
from xlprofit.importing.proposals.proposal import propose
from xlprofit.importing.reading import accept_proposal
from xlprofit.results import compute_results
from xlprofit.tables import Inputs, Raw
from xlprofit.workflow import check_raws

Verdict = Literal["right", "refused", "warned", "wrong in silence", "crashed"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
CRASH = "unexpected "
"""What the reason of a refusal begins with that is none, but a fault of ours."""

CENT = 0.005
"""Half a cent: what a figure may be off, a row."""

USUAL = 0.5
"""The share of the exports that come out right from which on a warning that they have says nothing."""


@dataclass(frozen=True)
class Taken:
    """What came of an export: its figures by customer and month, what was warned of, and why it was refused."""

    figures: pd.DataFrame | None
    warned: frozenset[str]
    refusal: str = ""


@dataclass(frozen=True)
class Judged:
    """An export with the verdict, and a few words why."""

    export: Export
    verdict: Verdict
    why: str = ""


# --- taking in ------------------------------------------------------------------------------------


def take_in(export: Export, folder: Path) -> Taken:
    """Return what comes of an export where its first proposal is accepted unchanged."""
    path = folder / export.file
    path.write_bytes(export.content)
    try:
        raws, told = accept_proposal(propose(path))
        inputs, findings = check_raws(FramesHost({}), complete_tables(raws, export))
        if inputs is None:
            stopping = next(found for found in findings if found.severity == "stop")
            return Taken(None, frozenset(), f"{stopping.code} {stopping.what}")
        told += findings if export.table != "Sales" else compute_results(inputs, findings).findings
        figures = measure_figures(inputs, export.table)
    except XlprofitError as error:
        return Taken(None, frozenset(), str(error))
    except Exception as error:  # a fault of ours is a verdict too, and the others are to be seen all the same
        return Taken(None, frozenset(), f"{CRASH}{type(error).__name__}: {error}")
    return Taken(figures, frozenset(f.code for f in told if f.severity in ("stop", "error", "warning")))


def complete_tables(raws: Mapping[str, Raw], export: Export) -> Mapping[str, Raw]:
    """Return the tables of an export of invoices or work with the Sales and Activities that nothing runs without.

    An export of sales goes as it is, so that it is refused where its sales were not found.
    """
    if export.table == "Sales":
        return raws
    sales = {"date": ["2024-01-31"], "customer": [CUSTOMERS[0].name], "gross_revenue": [1.0]}
    done = list(export.truth.columns)
    activities = {"activity": done, "group": "service", "rate": 1.0, "unit_cost": 1.0}
    beside = {"Sales": sales} | ({"Activities": activities} if export.table == "ActivityLog" else {})
    return {n: Raw(n, n, pd.DataFrame(columns).astype(object)) for n, columns in beside.items()} | dict(raws)


# --- what it comes to -----------------------------------------------------------------------------


def measure_figures(inputs: Inputs, table: Kind) -> pd.DataFrame:
    """Return the figures of a table by customer number and month, as the truth of an export has them."""
    if table == "Sales":
        return measure_sales(inputs)
    return measure_bills(inputs) if table == "Invoices" else measure_entries(inputs)


def measure_sales(inputs: Inputs) -> pd.DataFrame:
    """Return net revenue, cost of goods and discounts by customer and month."""
    sales = inputs["Sales"]
    frame = pd.DataFrame(
        {
            "net_revenue": sales["gross_revenue"] - sales["discount"] - sales["returns"],
            "cogs": sales["cogs"],
            "discounts": sales["discount"],
        }
    )
    return sum_figures(frame, inputs, sales, "date")


def measure_bills(inputs: Inputs) -> pd.DataFrame:
    """Return what was invoiced, what is open and the days until due, by customer and month of issue."""
    bills = inputs["Invoices"]
    frame = pd.DataFrame(
        {
            "amount": bills["amount"],
            "open": bills["amount"].where(bills["paid"].isna(), 0.0),
            "days": (bills["due"] - bills["issued"]).dt.days,
        }
    )
    return sum_figures(frame, inputs, bills, "issued")


def measure_entries(inputs: Inputs) -> pd.DataFrame:
    """Return the quantity of each activity by customer and month."""
    log = inputs["ActivityLog"]
    done = log["activity"].astype(str)
    frame = pd.DataFrame({name: log["quantity"].where(done == name, 0.0) for name in sorted(done.unique())})
    return sum_figures(frame, inputs, log, "date")


def sum_figures(frame: pd.DataFrame, inputs: Inputs, table: pd.DataFrame, date: str) -> pd.DataFrame:
    """Return figures added up by customer number and month."""
    number = number_customers(inputs)
    customer = table["customer"].astype(str).map(number)
    return frame.groupby(
        [customer.rename("customer"), table[date].dt.strftime("%Y-%m").rename("month")]
    ).sum()


def number_customers(inputs: Inputs) -> Callable[[str], str]:
    """Return what gives a customer's number, whether an export knows it by number, name or both."""
    numbers = {fold_customer(one.name): one.number for one in CUSTOMERS}
    numbers |= {one.number: one.number for one in CUSTOMERS}

    def find_number(name: str) -> str:
        digits = re.match(r"0*(\d{5})\b", name)
        return digits[1] if digits else numbers.get(fold_customer(name), name)

    return find_number


def explain_difference(truth: pd.DataFrame, figures: pd.DataFrame, rows: int) -> str:
    """Return where figures first differ from the truth; nothing where they are the same to the half cent a row."""
    keys = truth.index.union(figures.index)
    for measure in truth.columns:
        true = truth[measure]
        if true.isna().all():  # the export does not have it
            continue
        got = figures[measure] if measure in figures else pd.Series(0.0, figures.index)
        off = (got.reindex(keys).fillna(0.0) - true.reindex(keys).fillna(0.0)).abs()
        if off.max() > CENT * max(1.0, np.sqrt(rows)):
            return f"{measure} {got.sum():,.2f} instead of {true.sum():,.2f}"
    return ""


# --- verdicts -------------------------------------------------------------------------------------


def judge(exports: Sequence[Export], folder: Path) -> list[Judged]:
    """Return the verdict on each export."""
    taken = [take_in(export, folder) for export in exports]
    wrong = [
        explain_difference(export.truth, got.figures, export.rows) if got.figures is not None else got.refusal
        for export, got in zip(exports, taken, strict=True)
    ]
    fine = [got for got, why in zip(taken, wrong, strict=True) if not why]
    counted = Counter(code for got in fine for code in got.warned)
    usual = {code for code, n in counted.items() if n > USUAL * len(fine)}
    return [
        decide(export, got, why, got.warned - usual)
        for export, got, why in zip(exports, taken, wrong, strict=True)
    ]


def decide(export: Export, got: Taken, why: str, warned: frozenset[str]) -> Judged:
    """Return the verdict on one export; ``warned`` are the warnings that tell something."""
    if got.refusal.startswith(CRASH):
        return Judged(export, "crashed", why)
    if got.figures is None:
        return Judged(export, "right" if export.undecidable else "refused", why)
    if export.undecidable:
        return Judged(export, "right" if warned else "wrong in silence", ", ".join(sorted(warned)))
    if not why:
        return Judged(export, "right", ", ".join(sorted(warned)))
    told = f"{why} ({', '.join(sorted(warned)) or 'no warning'})"
    return Judged(export, "warned" if warned else "wrong in silence", told)


def print_verdicts(judged: Sequence[Judged]) -> None:
    """Print a row for each export, and how many have each verdict."""
    print("| export | what is special about it | table | comes out |\n|---|---|---|---|")
    for one in judged:
        shape = one.export.shape.replace("|", "\\|")
        print(f"| {one.export.file} | {shape} | {one.export.table} | {one.verdict} |")
    print(f"\n{count_verdicts(judged)}")
    for one in judged:
        if one.verdict != "right":
            print(f"{one.export.file}: {one.verdict}: {one.why}", file=sys.stderr)


def count_verdicts(judged: Sequence[Judged]) -> str:
    """Return how many exports have each verdict, in words."""
    counted = Counter(one.verdict for one in judged)
    return f"{len(judged)} exports: " + ", ".join(f"{counted[v]} {v}" for v in VERDICTS if counted[v])
