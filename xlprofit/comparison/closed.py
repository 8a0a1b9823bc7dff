"""A closed period: what was booked in it when it was closed, and what a later run makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit import ledger as books
from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.ledger.periods import find_covered_periods, place_dates
from xlprofit.messages import Message, _, join_messages, number, term
from xlprofit.tables import TABLES
from xlprofit.tables.control_totals import CONTROL_TOTALS
from xlprofit.tables.prospect_needs import PROSPECT_NEEDS
from xlprofit.tables.prospects import PROSPECTS
from xlprofit.vocabulary.measures import COMPANY_LINES, SUBTOTALS, Measure

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

KEYS = ("customer", "line", "group", "level")
"""What the kept rows are told apart by."""

CENT = 0.005
"""Figures that differ by less are the same."""

NAMED = 4
"""Figures, tables and rates that a finding names of each."""

PRICING = ("currency", "period", "cost_of_capital", "finance_receivables_at")
"""The settings that a period's figures depend on."""


UNPRICED = frozenset(
    (
        *(table.name for table in TABLES.values() if not table.sourced),
        *(spec.name for spec in (CONTROL_TOTALS, PROSPECTS, PROSPECT_NEEDS)),
    )
)
"""Tables that no figure of a period depends on, and the settings, of which only :data:`PRICING` count."""


@dataclass(frozen=True)
class Closed:
    """What is kept of a closed period.

    Attributes:
        period: its label.
        ledger: the rows of the ledger in it, added up by :data:`KEYS`, with ``amount`` and ``units``.
        hashes: a hash of the rows of each table that count in it, whatever their order.
        rates: the capacity cost rate of each resource in it, money a unit; those without one left out.
    """

    period: str
    ledger: pd.DataFrame
    hashes: Mapping[str, str]
    rates: Mapping[str, float]


def keep_period(results: Results, period: str) -> Closed:
    """Return what is to be kept of a period of a run.

    Raises:
        UnknownNameError: the run has no such period.
    """
    rates = results.rates[period].dropna()
    return Closed(
        period,
        _sum_period_rows(results, period),
        dict(_hash_tables(results, period)),
        {str(name): float(rate) for name, rate in rates.items()},
    )


def _sum_period_rows(results: Results, period: str) -> pd.DataFrame:
    """Return the rows of the ledger in a period, added up by :data:`KEYS`."""
    from xlprofit.comparison.side import slice_periods

    ledger = slice_periods(results, [period]).ledger
    sums = ledger.groupby(list(KEYS), observed=True, sort=True)[["amount", "units"]].sum().reset_index()
    return sums.astype(dict.fromkeys(KEYS, "str"))


def _hash_tables(results: Results, period: str) -> Iterator[tuple[str, str]]:
    """Yield the hash of the rows of each table that count in a period, whatever their order and their place."""
    settings = results.inputs.settings
    yield "Settings", "|".join(repr(getattr(settings, name)) for name in PRICING)
    at = list(results.periods).index(period)
    for name, table in TABLES.items():
        rows = results.inputs[name]
        if name in UNPRICED:
            continue
        if not len(rows):
            yield name, "0"
            continue
        dated = next((c.name for c in table.columns if c.kind == "date" and c.required), "")
        if dated:
            places = place_dates(rows[dated], settings)
            rows = rows[places <= at if dated != "date" else places == at]
        elif "period" in rows:
            covers = {
                p: not p or at in find_covered_periods(str(p), settings) for p in pd.unique(rows["period"])
            }
            rows = rows[rows["period"].map(covers).to_numpy(dtype=bool)]
        kept = rows[[c.name for c in table.columns if c.name in rows]]
        yield name, _hash_rows(kept)


def _hash_rows(rows: pd.DataFrame) -> str:
    """Return a hash of rows, whatever their order."""
    if not len(rows):
        return "0"
    hashed = pd.util.hash_pandas_object(rows.astype(object).fillna(""), index=False).to_numpy(np.uint64)
    return f"{int(hashed.sum(dtype=np.uint64)):016x}-{len(rows)}"


def compare_closed(closed: Closed, results: Results, kept_in: str) -> list[Finding]:
    """Return the warning of a closed period whose figures a run changes; nothing where it does not.

    Args:
        closed: what was kept.
        results: the run.
        kept_in: the name of the file it was kept in.
    """
    if closed.period not in results.periods:
        what = phrase("M09", "gone", period=closed.period)
        return [build_finding("M09", kept_in, "", what)]
    ledger = _sum_period_rows(results, closed.period)
    if ledger.equals(closed.ledger):
        return []
    before, after = _sum_lines(closed.ledger), _sum_lines(ledger)
    changes = _find_moved_amounts(before, after)
    customers = _count_changed_customers(closed.ledger, ledger)
    if not changes and not customers:
        return []
    figures = join_messages(", ", _list_moved_lines(changes)) if changes else _("none of the company")
    what = phrase(
        "M09",
        "changed",
        period=closed.period,
        before=before[Measure.COMPANY_PROFIT],
        after=after[Measure.COMPANY_PROFIT],
        currency=results.inputs.settings.currency,
        figures=figures,
        n=customers,
        why=_explain_difference(closed, keep_period(results, closed.period)),
    )
    return [build_finding("M09", kept_in, "", what)]


def _find_moved_amounts(before: pd.Series, after: pd.Series) -> dict[str, float]:
    """Return by how much each line of the company's P&L is another, where it is."""
    lines = [line for line in COMPANY_LINES if line not in SUBTOTALS and line != Measure.COMPANY_PROFIT]
    moved = {line: float(after[line] - before[line]) for line in lines}
    return {line: amount for line, amount in moved.items() if abs(amount) >= CENT}


def _sum_lines(kept: pd.DataFrame) -> pd.Series:
    return books.sum_company(kept.astype(dict.fromkeys(KEYS, "category")))


def _count_changed_customers(before: pd.DataFrame, after: pd.DataFrame) -> int:
    """Return how many customers have another figure on any line."""
    keys = ["customer", "line", "group"]
    sums = [frame.groupby(keys, sort=True)["amount"].sum() for frame in (before, after)]
    difference = sums[1].sub(sums[0], fill_value=0.0)
    changed = difference[difference.abs() >= CENT].index.get_level_values("customer")
    return len(set(changed) - {""})


def _list_moved_lines(changes: Mapping[str, float]) -> list[Message]:
    ranked = sorted(changes, key=lambda line: (-abs(changes[line]), line))[:NAMED]
    return [
        _("{line} {amount}", line=term("line", line), amount=number(changes[line], "+,.2f"))
        for line in ranked
    ]


def _list_changed_rates(closed: Closed, now: Closed) -> list[str]:
    """Return the resources with another rate than when the period was closed, in order of name."""
    return [
        name
        for name in sorted({*closed.rates, *now.rates})
        if abs(closed.rates.get(name, 0.0) - now.rates.get(name, 0.0))
        > 1e-9 * abs(closed.rates.get(name, 0.0))
    ]


def _explain_difference(closed: Closed, now: Closed) -> Message:
    """Return which tables have other rows, and which resources another rate."""
    tables = [name for name in now.hashes if closed.hashes.get(name) != now.hashes[name]]
    rates = _list_changed_rates(closed, now)
    parts: list[Message] = []
    if tables:
        listed = join_messages(", ", (term("table", name) for name in tables[:NAMED]))
        parts.append(_("other rows in {tables}", tables=listed))
    for name in rates[:NAMED]:
        before, after = closed.rates.get(name), now.rates.get(name)
        parts.append(
            _(
                "a unit of {resource} costs {after} instead of {before}",
                resource=name,
                before="-" if before is None else number(before, ",.4g"),
                after="-" if after is None else number(after, ",.4g"),
            )
        )
    return join_messages("; ", parts) if parts else _("another version of xlprofit")
