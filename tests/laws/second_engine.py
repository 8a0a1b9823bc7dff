"""A second engine: the cost model computed once more, naively and in exact fractions, from the tables alone.

It shares no code with the package: rows are gone through one by one, in Python, and nothing is rounded. It knows what
the random models of these tests have: sales, resources with periods and capacity, support cost that is passed on,
activities with drivers and prices, direct costs, commissions.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

MONTHS = ("2024-01", "2024-02", "2024-03")
PERIODS = {"month": MONTHS, "quarter": ("2024-Q1",), "year": ("2024",)}
"""The periods of the span of three months, by their length."""

Row = Mapping[str, Any]


def _rows(tables: Mapping[str, pd.DataFrame], name: str) -> list[dict[str, Any]]:
    if name not in tables:
        return []
    frame = tables[name]
    return [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False, name=None)]


def _exact(value: Any, blank: int = 0) -> Fraction:
    return Fraction(blank) if value is None or value != value else Fraction(float(value))


def _period(day: Any, length: str) -> str:
    at = pd.Timestamp(day)
    return {"month": f"{at:%Y-%m}", "quarter": f"{at.year}-Q{(at.month + 2) // 3}", "year": f"{at.year}"}[
        length
    ]


def solve(matrix: list[list[Fraction]], right: list[Fraction]) -> list[Fraction]:
    """Return the solution of linear equations, by elimination in exact fractions."""
    size = len(right)
    lines = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at in range(size):
        pivot = next(i for i in range(at, size) if lines[i][at])
        lines[at], lines[pivot] = lines[pivot], lines[at]
        lines[at] = [value / lines[at][at] for value in lines[at]]
        for other in range(size):
            if other != at and lines[other][at]:
                by = lines[other][at]
                lines[other] = [a - by * b for a, b in zip(lines[other], lines[at], strict=True)]
    return [line[-1] for line in lines]


def pass_on(
    costs: Mapping[str, Fraction], shares: Iterable[tuple[str, str, Fraction]]
) -> dict[str, Fraction]:
    """Return the cost that stays at each resource once shares of it are passed on: *x = c + Sᵀ x*, in part kept."""
    names = sorted(costs)
    place = {name: i for i, name in enumerate(names)}
    size = len(names)
    matrix = [[Fraction(int(i == j)) for j in range(size)] for i in range(size)]
    kept = [Fraction(1)] * size
    for source, target, share in shares:
        matrix[place[target]][place[source]] -= share
        kept[place[source]] -= share
    through = solve(matrix, [costs[name] for name in names])
    return {name: x * k for name, x, k in zip(names, through, kept, strict=True)}


def _list_connected(names: Iterable[str], shares: Iterable[tuple[str, str, Fraction]]) -> list[set[str]]:
    """Return the resources in groups between which no cost is passed on."""
    group = {name: {name} for name in names}
    for source, target, _share in shares:
        if group[source] is not group[target]:
            joined = group[source] | group[target]
            group.update(dict.fromkeys(joined, joined))
    return list({id(found): found for found in group.values()}.values())


def compute_activity_costs(tables: Mapping[str, pd.DataFrame]) -> dict[str, Fraction]:
    """Return what the activities of each customer cost over the span, positive."""
    length = str(tables["Settings"].set_index("setting")["value"]["period"])
    periods = PERIODS[length]
    cost, supplied, dated = _collect_supply(tables, periods, length)
    shares = [(r["from"], r["to"], _exact(r["share"])) for r in _rows(tables, "Allocations")]
    spread = {name: dict.fromkeys(("", *periods), Fraction(0)) for name in cost}
    for group in _list_connected(cost, shares):
        inner = [share for share in shares if share[0] in group]
        for column in ("", *periods):
            for name, value in pass_on({name: cost[name][column] for name in group}, inner).items():
                spread[name][column] = value
    settled = {name: _settle(spread[name], dated[name], periods) for name in cost}
    units, priced = _collect_units(tables, length)
    used: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for (_customer, resource, period), count in units.items():
        used[resource, period if dated[resource] else ""] += count
    charged: dict[str, Fraction] = defaultdict(Fraction)
    for (customer, resource, period), count in units.items():
        column = period if dated[resource] else ""
        given = _settle(supplied[resource], dated[resource], periods)[column]
        by = given if given > 0 else used[resource, column]
        charged[customer] += count * settled[resource][column] / by if by else Fraction(0)
    for customer, amount in priced.items():
        charged[customer] += amount
    return charged


def _collect_supply(
    tables: Mapping[str, pd.DataFrame], periods: tuple[str, ...], length: str
) -> tuple[dict[str, dict[str, Fraction]], dict[str, dict[str, Fraction]], dict[str, bool]]:
    """Return the cost and the practical capacity of each resource by period, and whether it is given by period."""
    columns = ["", *periods]
    names = {str(row["resource"]) for row in _rows(tables, "Resources")}
    cost = {name: dict.fromkeys(columns, Fraction(0)) for name in names}
    supplied = {name: dict.fromkeys(columns, Fraction(0)) for name in names}
    dated = dict.fromkeys(names, False)
    for row in _rows(tables, "Resources"):
        name, said = str(row["resource"]), str(row["period"])
        column = _period(f"{said}-01", length) if said else ""
        dated[name] = dated[name] or bool(said)
        cost[name][column] += _exact(row["cost"])
        supplied[name][column] += _exact(row["capacity"]) * _exact(row["practical"], 1)
    return cost, supplied, dated


def _settle(by_column: Mapping[str, Fraction], dated: bool, periods: tuple[str, ...]) -> dict[str, Fraction]:
    """Return amounts in a resource's own kind of column: the whole span, or its periods."""
    if not dated:
        return {"": sum(by_column.values(), Fraction(0)), **dict.fromkeys(periods, Fraction(0))}
    whole = by_column[""] / len(periods)
    return {"": Fraction(0)} | {period: by_column[period] + whole for period in periods}


def _collect_units(
    tables: Mapping[str, pd.DataFrame], length: str
) -> tuple[dict[tuple[str, str, str], Fraction], dict[str, Fraction]]:
    """Return the units that each customer uses of each resource by period, and what is priced without a resource."""
    terms: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(tables, "Activities"):
        terms[str(row["activity"])].append(row)
    units: dict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
    priced: dict[str, Fraction] = defaultdict(Fraction)
    for row in _rows(tables, "ActivityLog"):
        customer, period = str(row["customer"]), _period(row["date"], length)
        for term in terms[str(row["activity"])]:
            driver = str(term["driver"])
            count = _exact(term["rate"]) * _exact(row[driver] if driver else row["quantity"])
            if term["resource"]:
                units[customer, str(term["resource"]), period] += count
            else:
                priced[customer] += count * _exact(term["unit_cost"])
    return units, priced


def compute_sales(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, Fraction]]:
    """Return gross revenue, net revenue and gross margin by customer."""
    found: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for row in _rows(tables, "Sales"):
        if not row["customer"]:
            continue
        gross = _exact(row["gross_revenue"])
        net = gross - _exact(row["discount"]) - _exact(row["returns"])
        of = found[str(row["customer"])]
        of["gross_revenue"] += gross
        of["net_revenue"] += net
        of["gross_margin"] += net - _exact(row["cogs"])
    return found


def is_near(one: float, exact: Fraction, scale: Fraction) -> bool:
    """Whether a float is an exact amount to 1e-9 of the amounts that it is the sum of."""
    return math.isclose(float(one), float(exact), rel_tol=1e-9, abs_tol=1e-9 * max(1.0, float(scale)))
