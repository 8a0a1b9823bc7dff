"""A second engine: the cost model computed once more, naively and in exact fractions, from the tables alone.

It shares no code with the package: rows are gone through one by one, in Python, and nothing is rounded. It knows what
the random models of these tests have: sales, resources with periods and capacity, support cost that is passed on,
activities with drivers and prices, direct costs, commissions of all scopes, the financing of invoices and the loss that
is expected of them, with write-offs and what came in afterwards.
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


def compute_direct_costs(tables: Mapping[str, pd.DataFrame]) -> dict[tuple[str, str], Fraction]:
    """Return the direct costs by customer and group, positive; those of nobody under an empty customer."""
    found: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for row in _rows(tables, "DirectCosts"):
        nobody = row["group"] in ("channel", "corporate")
        found["" if nobody else str(row["customer"] or ""), str(row["group"])] += _exact(row["amount"])
    return found


SCOPES = ("customer", "owner", "segment", "channel", "product", "all")
"""Whom a commission rule is for: the first that holds wins."""


def compute_commissions(tables: Mapping[str, pd.DataFrame]) -> dict[str, Fraction]:
    """Return the commissions on each customer's sales, positive."""
    rules = _rows(tables, "Commissions")
    who = {str(row["customer"]): row for row in _rows(tables, "Customers")}
    found: dict[str, Fraction] = defaultdict(Fraction)
    for sale in _rows(tables, "Sales"):
        customer = str(sale["customer"])
        called = {"customer": customer, "product": str(sale["product"]), "all": ""}
        called |= {scope: str(who[customer][scope]) for scope in ("owner", "segment", "channel")}
        rule = _find_commission_rule(rules, called, pd.Timestamp(sale["date"]))
        if rule is not None:
            net = _exact(sale["gross_revenue"]) - _exact(sale["discount"]) - _exact(sale["returns"])
            margin = net - _exact(sale["cogs"])
            found[customer] += _exact(rule["rate"]) * (margin if rule["basis"] == "gross_margin" else net)
    return found


def _find_commission_rule(rules: Iterable[Row], called: Mapping[str, str], day: pd.Timestamp) -> Row | None:
    """Return the rule that holds on a day: of the nearest scope, the one that started last, then the higher rate."""
    first, last = pd.Timestamp.min, pd.Timestamp.max

    def read_day(value: Any, blank: pd.Timestamp) -> pd.Timestamp:
        return blank if value is None or pd.isna(value) else pd.Timestamp(value)

    for scope in SCOPES:
        holding = [
            rule
            for rule in rules
            if rule["scope"] == scope
            and (rule["value"] or "") == called[scope]
            and read_day(rule["start"], first) <= day <= read_day(rule["end"], last)
        ]
        if holding:
            return max(holding, key=lambda rule: (read_day(rule["start"], first), rule["rate"]))
    return None


def compute_credit(tables: Mapping[str, pd.DataFrame]) -> dict[str, tuple[Fraction, Fraction]]:
    """Return what it cost to finance each customer's invoices over the span, and the loss charged; positive."""
    settings = tables["Settings"].set_index("setting")["value"]
    start, end, as_of = (pd.Timestamp(settings[name]) for name in ("start", "end", "as_of"))
    capital = _exact(settings["cost_of_capital"])
    found: dict[str, tuple[Fraction, Fraction]] = {}
    for row in _rows(tables, "Invoices"):
        issued, due = pd.Timestamp(row["issued"]), pd.Timestamp(row["due"])
        gone = _exact(row["written_off"])
        paid = None if pd.isna(row["paid"]) else pd.Timestamp(row["paid"])
        fell = None if pd.isna(row["written_off_on"]) else pd.Timestamp(row["written_off_on"])
        fell = fell or paid or max(issued, min(as_of, end))
        financing = loss = Fraction(0)
        for amount, until, is_lost in ((_exact(row["amount"]) - gone, paid, False), (gone, fell, True)):
            owed = min(until or as_of, as_of, end + pd.Timedelta(days=1)) - max(issued, start)
            financing += amount * max(owed.days, 0) * capital / 365
            if is_lost and until is not None and until <= as_of:
                loss += amount
            elif issued <= as_of and (until is None or until > as_of):
                loss += amount * _find_loss_rate(tables, max((as_of - due).days, 0))
        came = paid if paid is not None and paid >= fell else max(fell, as_of)
        if gone and came <= as_of:
            loss -= _exact(row["recovered"])
        before = found.get(str(row["customer"]), (Fraction(0), Fraction(0)))
        found[str(row["customer"])] = (before[0] + financing, before[1] + loss)
    return found


def _find_loss_rate(tables: Mapping[str, pd.DataFrame], days: int) -> Fraction:
    """Return the rate of the bucket with the highest bound that the days past due reach."""
    reached = [row for row in _rows(tables, "LossRates") if row["days_past_due"] <= days]
    return _exact(max(reached, key=lambda row: row["days_past_due"])["rate"]) if reached else Fraction(0)


def is_near(one: float, exact: Fraction, scale: Fraction) -> bool:
    """Whether a float is an exact amount to 1e-9 of the amounts that it is the sum of."""
    return math.isclose(float(one), float(exact), rel_tol=1e-9, abs_tol=1e-9 * max(1.0, float(scale)))
