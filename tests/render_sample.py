"""Sample sheets that use every part there is: for the tests of the renderers, and for looking at."""

from __future__ import annotations

import random
from typing import Any

from xlprofit.sheets.parts import (
    AboveRule,
    BarRule,
    Cell,
    Chart,
    ColourRule,
    Column,
    Format,
    Formula,
    HeatRule,
    Link,
    Meaning,
    Series,
    Sheet,
    SignRule,
    Table,
    WordRule,
)

STATES = WordRule(
    (("Profitable", Meaning.PROFIT), ("Slipping", Meaning.WARNING), ("Loss-making", Meaning.LOSS))
)
LINES = (
    ("gross", "Gross revenue", "Revenue", 1.0, 1.0),
    ("discount", "Discounts", "Revenue", -0.08, -0.01),
    ("returns", "Returns", "Revenue", -0.04, 0.0),
    ("cogs", "Cost of goods", "Cost", -0.72, -0.55),
    ("acquire", "Cost to acquire", "Cost", -0.04, -0.01),
    ("order", "Orders", "Cost to serve", -0.07, -0.01),
    ("deliver", "Deliveries", "Cost to serve", -0.1, -0.02),
    ("service", "Service and complaints", "Cost to serve", -0.22, -0.01),
    ("credit", "Cost of credit", "", -0.03, 0.0),
)
NAMES = ("Pohjola Tukku", "Kallio & Sons", "Saimaa Market", "Ålands Handel", "Tampere Trade", "=Equals Oy")
NOTE = (
    "A note such as stands on sheets: whence its amounts come, and that its totals are live formulas. "
    "This note is so long that it has to be wrapped within its merged block, and a reader must see "
    "that nothing of it is cut off when it is printed."
)
MEND = "Agree a fee for each order, or fewer orders: the costliest activity is taking them by telephone."

Customer = tuple[str, dict[str, float]]


def customers(count: int = 40) -> list[Customer]:
    """Return made-up customers with the lines of their P&L, best first."""
    draw = random.Random(7)
    found: list[Customer] = []
    for number in range(count):
        gross = draw.lognormvariate(11.5, 1.0)
        lines = {key: gross * draw.uniform(low, high) for key, _, _, low, high in LINES}
        found.append((f"{NAMES[number % len(NAMES)]} {number + 1}", lines))
    return sorted(found, key=lambda customer: -profit_of(customer))


def net_of(customer: Customer) -> float:
    """Return a customer's net revenue."""
    return customer[1]["gross"] + customer[1]["discount"] + customer[1]["returns"]


def profit_of(customer: Customer) -> float:
    """Return a customer's profit."""
    return sum(customer[1].values())


def dashboard() -> Sheet:
    """Return a sheet of tiles, charts, small tables and single cells of every meaning."""
    best = _ranking("Best", "Best five", 29, 2, customers()[:5])
    worst = _ranking("Worst", "Worst five", 29, 8, customers()[:-6:-1])
    ends = [
        Cell(27, 2, "Best customers", Meaning.SECTION, across=5),
        Cell(27, 8, "Losing", Meaning.SECTION, across=5),
        Cell(36, 2, NOTE, Meaning.NOTE, across=11, wrap=True),
        Cell(37, 2, "See the customers' lines", Meaning.LINK, link=Link("Customer P&L", "A7"), across=3),
        Cell(38, 2, "Books tie out", Meaning.PROFIT),
        Cell(38, 3, Formula("1+1", 2.0), Meaning.PLAIN, Format.INTEGER),
        *(
            Cell(39, column, meaning.value.title(), meaning)
            for column, meaning in enumerate(
                (Meaning.STOP, Meaning.ERROR, Meaning.WARNING, Meaning.NEUTRAL, Meaning.LOSS), 2
            )
        ),
    ]
    return Sheet(
        "Dashboard",
        (*_tiles(), *ends),
        (best, worst),
        _charts(),
        tab=Meaning.PROFIT,
        widths={1: 2.0, 6: 14.0, 7: 8.0},
    )


def _tiles() -> list[Cell]:
    profits = [profit_of(c) for c in customers()]
    lost = sum(p for p in profits if p < 0)
    tiles: tuple[tuple[str, float, Format, str, tuple[ColourRule, ...]], ...] = (
        ("Net revenue", sum(map(net_of, customers())), Format.MONEY, "40 customers", ()),
        ("Customer profit", sum(profits), Format.MONEY, "after cost of credit", (SignRule(),)),
        ("Lost on the unprofitable", lost, Format.MONEY, "of the profit at the peak", (SignRule(),)),
        ("Profit at the peak", sum(profits) - lost, Format.MONEY, "without the losses", ()),
        ("Capacity used", 0.913, Format.SHARE, "Idle: 86,120 €", (AboveRule(0.9),)),
    )
    cells = [
        Cell(1, 2, "Customer profitability", Meaning.TITLE, across=8),
        Cell(2, 2, "January 2023 to December 2024, in EUR", Meaning.SUBTITLE, across=10),
        Cell(8, 2, "The whale curve: profit, from the best customer on", Meaning.SECTION, across=10),
    ]
    for column, (label, value, shape, note, rules) in zip(range(2, 12, 2), tiles, strict=True):
        cells += [
            Cell(4, column, label, Meaning.LABEL, across=2),
            Cell(5, column, value, Meaning.KPI, shape, across=2, rules=rules),
            Cell(6, column, note, Meaning.NOTE, across=2),
        ]
    return cells


def _charts() -> tuple[Chart, ...]:
    running = Series("Whale", "running", "Cumulative profit", Meaning.PROFIT)
    profit = Series("Whale", "profit", "Profit", Meaning.PROFIT)
    share = Series("Whale", "share", "Share of the peak", secondary=True)
    worst = Series("Worst", "profit", "Profit", Meaning.PROFIT)
    both = (Series("Best", "net", "Net revenue"), Series("Best", "profit", "Profit", Meaning.PROFIT))
    left: dict[str, Any] = {"width": 410.0, "height": 255.0}
    right: dict[str, Any] = {"width": 440.0, "height": 255.0}
    return (
        Chart(
            "area", "Cumulative customer profit", 9, 2, ("Whale", "rank"), (running,),
            "Customers, best first", "Cumulative profit", sheet="Figures", **left,
        ),
        Chart(
            "column", "Profit by customer", 9, 8, ("Whale", "customer"), (profit, share),
            "Customer", "Profit", sheet="Figures", invert_negative=True, **right,
        ),
        Chart(
            "bar", "The worst five", 41, 2, ("Worst", "customer"), (worst,),
            "", "Customer profit", invert_negative=True, **left,
        ),
        Chart(
            "line", "The best five", 41, 8, ("Best", "customer"), both, "Customer", "Amount", rows=4, **right
        ),
    )  # fmt: skip


def _ranking(name: str, header: str, row: int, column: int, chosen: list[Customer]) -> Table:
    net = [net_of(c) for c in chosen]
    profit = [profit_of(c) for c in chosen]
    links = [Link("Customer P&L", f"A{7 + i}") for i in range(len(chosen))]
    columns = (
        Column("customer", header, [name for name, _ in chosen], width=18, links=links),
        Column("net", "Net revenue", net, Format.MONEY, total="sum"),
        Column("profit", "Profit", profit, Format.MONEY, total="sum", rules=(SignRule(),)),
        Column(
            "margin",
            "Margin",
            [p / n for p, n in zip(profit, net, strict=True)],
            Format.SHARE,
            formula="{profit}/{net}",
            total="{profit}/{net}",
            total_value=sum(profit) / sum(net),
            rules=(SignRule(),),
        ),
    )
    return Table(name, row, column, columns, filtered=False)


def figures() -> Sheet:
    """Return a hidden sheet that only feeds the charts of the dashboard."""
    profits = [profit_of(c) for c in customers()]
    running = [sum(profits[: i + 1]) for i in range(len(profits))]
    columns = (
        Column("rank", "Rank", list(range(1, len(running) + 1)), Format.INTEGER),
        Column("customer", "Customer", [name for name, _ in customers()], width=20),
        Column("profit", "Profit", profits, Format.MONEY),
        Column("running", "Running total", running, Format.MONEY),
        Column("share", "Share of peak", [r / max(running) for r in running], Format.SHARE),
    )
    return Sheet("Figures", tables=(Table("Whale", 1, 1, columns, filtered=False),), hidden=True)


def profit_and_loss(count: int = 40) -> Sheet:
    """Return a wide table with bands, a total on top, rules, notes, links and filter buttons."""
    data = customers(count)
    lines = [
        Column(key, header, [c[1][key] for c in data], Format.MONEY, total="sum", heading=heading)
        for key, header, heading, _, _ in LINES
    ]
    net = Column(
        "net",
        "Net revenue",
        [net_of(c) for c in data],
        Format.MONEY,
        formula="SUM({gross}:{returns})",
        total="sum",
        heading="Revenue",
        note="Gross revenue less discounts and returns",
    )
    margins = [profit_of(c) / net_of(c) for c in data]
    states = ["Loss-making" if m < 0 else "Slipping" if m < 0.03 else "Profitable" for m in margins]
    columns = (
        Column(
            "customer",
            "Customer",
            [name for name, _ in data],
            width=20,
            links=[Link("Sales", f"B{2 + i}") for i in range(count)],
        ),
        *lines[:3],
        net,
        *lines[3:],
        Column(
            "profit",
            "Customer profit",
            [profit_of(c) for c in data],
            Format.MONEY,
            formula="{net}+SUM({cogs}:{credit})",
            total="sum",
            rules=(SignRule(),),
            heading="Result",
            note="What is left of the margin when all cost is taken off",
        ),
        Column(
            "margin",
            "Profit margin",
            margins,
            Format.SHARE,
            formula='IF({net}=0,"",{profit}/{net})',
            total="{profit}/{net}",
            total_value=sum(map(profit_of, data)) / sum(map(net_of, data)),
            rules=(SignRule(),),
            heading="Result",
        ),
        Column("state", "State", states, rules=(STATES,), heading="Result"),
    )
    cells = (
        Cell(1, 1, "Customer P&L", Meaning.TITLE, across=6),
        Cell(2, 1, "A row for each customer, best first; in EUR", Meaning.SUBTITLE, across=8),
    )
    table = Table("CustomerPnl", 6, 1, columns, total_first=True)
    return Sheet("Customer P&L", cells, (table,), freeze="B7", repeat_rows=(4, 6))


def heat_map(count: int = 24) -> Sheet:
    """Return a heat map, bars, limits and wrapped texts, with an empty table below."""
    draw = random.Random(3)
    activities = ("Taking orders", "Picking lines", "Delivering", "Call centre", "Loyalty programme")
    used = [draw.uniform(0.3, 1.15) for _ in range(count)]
    days = [draw.uniform(10, 90) for _ in range(count)]
    costs = Table(
        "CostToServe",
        5,
        1,
        (
            Column("customer", "Customer", [name for name, _ in customers(count)], width=20),
            *(
                Column(
                    name,
                    name,
                    [-draw.lognormvariate(7, 1.2) if draw.random() > 0.2 else 0.0 for _ in range(count)],
                    Format.MONEY,
                    rules=(HeatRule(),),
                    total="sum",
                    heading="Cost to serve by activity",
                )
                for name in activities
            ),
            Column(
                "used", "Capacity used", used, Format.SHARE, 16, rules=(BarRule(high=1.0), AboveRule(1.0))
            ),
            Column("days", "Days outstanding", days, Format.DAYS, rules=(BarRule(Meaning.WARNING),)),
            Column("rate", "Rate a minute", [0.4 + i / 25 for i in range(count)], Format.RATE),
            Column("since", "Customer since", [45000 + i for i in range(count)], Format.DATE),
            Column("fix", "What to do", [MEND if i % 7 == 0 else "Keep" for i in range(count)], width=34),
        ),
    )
    empty = (Column("a", "Finding", []), Column("b", "Amount", [], Format.MONEY, total="sum"))
    nothing = Table("Nothing", costs.total_row + 4, 1, empty, filtered=False, empty="Nothing was found.")
    cells = (
        Cell(1, 1, "Cost to serve", Meaning.TITLE, across=6),
        Cell(2, 1, "The stronger the shade, the more it costs", Meaning.SUBTITLE, across=6),
        Cell(nothing.row - 1, 1, "Findings", Meaning.SECTION, across=3),
    )
    return Sheet("Cost to serve", cells, (costs, nothing), freeze="B6", tab=Meaning.LOSS, repeat_rows=(4, 5))


def book() -> list[Sheet]:
    """Return all the sample sheets."""
    return [dashboard(), profit_and_loss(), heat_map(), figures()]
