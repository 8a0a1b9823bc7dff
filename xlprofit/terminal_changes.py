"""What the terminal shows of changes, scenarios and goals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan
from typing import TYPE_CHECKING

from xlprofit.comparison.outcome import (
    list_turned_customers,
    tabulate_freed_capacity,
    tabulate_scenarios,
)
from xlprofit.sheets.changes import describe_movement, list_reasons, name_side
from xlprofit.sheets.effects import EFFECT_HEADERS
from xlprofit.sheets.frame import COMPANY_HEADERS
from xlprofit.streams import make_plain
from xlprofit.terminal import open_console, print_line
from xlprofit.vocabulary.measures import Measure
from xlprofit.vocabulary.what_if import Changed
from xlprofit.words.speech import N_, _, _n, number, say, term

if TYPE_CHECKING:
    from xlprofit.comparison.bridge import Comparison
    from xlprofit.comparison.goal import Goal, Pull
    from xlprofit.comparison.versions import ChosenComparison
    from xlprofit.results import Results

SHOWN = 10
"""Customers that are shown."""

LEAST = 0.5
"""An amount smaller than this is not shown."""


def _format_change(amount: float) -> str:
    """Return an amount with its sign; nothing has none."""
    return number(amount if abs(amount) >= LEAST else 0.0, "+,.0f" if abs(amount) >= LEAST else ",.0f")


def show_rows(
    title: str, headers: Sequence[str], rows: Iterable[Sequence[str]], texts: Sequence[int] = (0,)
) -> None:
    """Show a table: words on the left, in the columns ``texts``, and figures on the right."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for at, header in enumerate(headers):
        words = at in texts
        table.add_column(
            make_plain(header), justify="left" if words else "right", overflow="fold" if words else "ellipsis"
        )
    for row in rows:
        table.add_row(*map(make_plain, row))
    console = open_console()
    if title:  # not the table's own, which would break in the middle of a narrow one
        console.print(f"\n{make_plain(title)}")
    console.print(table)


def show_change(change: ChosenComparison, results: Results) -> None:
    """Show why profit changed: the company's bridge, and the customers that moved it most."""
    comparison = change.comparison
    print_line(_("{after} against {before}", after=name_side(change, True), before=name_side(change, False)))
    print_line(say(describe_movement(comparison, results)))
    show_bridge(comparison, results.inputs.settings.currency)
    profits = comparison.profits
    sizes = profits["change"].abs().sort_values(ascending=False, kind="stable")
    order = sizes.index[(sizes >= LEAST).to_numpy()][:SHOWN]
    reasons = list_reasons(comparison.bridge.loc[order])
    rows = [
        [
            str(name),
            *(
                number(float(profits[c].loc[name]), form)
                for c, form in (("before", ",.0f"), ("after", ",.0f"), ("change", "+,.0f"))
            ),
            say(reason or ""),
        ]
        for name, reason in zip(order, reasons, strict=True)
    ]
    headers = [_("Customer"), _("Profit before"), _("Profit after"), _("Change"), _("Mostly")]
    show_rows(_("Customers, the largest change first"), headers, rows, (0, 4))


def show_bridge(comparison: Comparison, currency: str) -> None:
    """Show what the change of the company's profit is made of."""
    company = comparison.company["total"]
    effects = [(str(e), float(v)) for e, v in company.items() if str(e) != Measure.COMPANY_PROFIT]
    rows = [[_(EFFECT_HEADERS[e]), _format_change(v)] for e, v in effects if abs(v) >= LEAST]
    rows.append([_("Company profit"), _format_change(float(company.loc[str(Measure.COMPANY_PROFIT)]))])
    show_rows(_("Why company profit changed"), [_("What changed"), currency], rows)


def show_scenario(results: Results, run: Results, comparison: Comparison) -> None:
    """Show what a scenario comes to beside the figures as they are."""
    scenarios = {"then": run}
    table = tabulate_scenarios(results, scenarios)
    lines = [c for c in table if c in COMPANY_HEADERS]
    rows = [
        [
            _(COMPANY_HEADERS[line]),
            *(number(float(v), ",.0f") for v in table[line]),
            _format_change(float(table[line].iloc[1] - table[line].iloc[0])),
        ]
        for line in lines
    ]
    currency = results.inputs.settings.currency
    show_rows("", [currency, _("As it is"), _("What if"), _("Change")], rows)
    show_bridge(comparison, currency)
    freed = tabulate_freed_capacity(results, scenarios)
    if len(freed):
        units = [
            [
                str(row["resource"]),
                _format_change(row["freed"]),
                _format_change(row["freed_cost"]),
                *("" if isnan(row[key]) else number(row[key], ",.0f") for key in ("missing", "missing_cost")),
            ]
            for row in freed.to_dict("records")
        ]
        headers = [_("Resource"), _("Freed units"), _("Freed cost"), _("Missing units"), _("Missing cost")]
        show_rows(_("Capacity freed and missing"), headers, units)
    _show_turned(results, run)


def _show_turned(results: Results, run: Results) -> None:
    turned = list_turned_customers(results, {"then": run})
    if not len(turned):
        print_line(_("No customer turns, and no verdict changes"))
        return
    rows = [
        [
            str(row["customer"]),
            *(number(row[key], ",.0f") for key in ("profit", "profit_after")),
            *(term("word", str(row[key])) for key in ("verdict", "verdict_after")),
        ]
        for row in turned[:SHOWN].to_dict("records")
    ]
    title = _n(
        "{n:,} customer turns, or gets another verdict",
        "{n:,} customers turn, or get another verdict",
        len(turned),
    )
    headers = [_("Customer"), _("Profit now"), _("Profit then"), _("Verdict now"), _("Verdict then")]
    show_rows(title, headers, rows, (0, 3, 4))


LEVER_HEADERS = {
    Changed.PRICE: N_("Higher prices"),
    Changed.DISCOUNT: N_("Less discount, percentage points"),
    Changed.COST_OF_GOODS: N_("Cheaper goods"),
    Changed.ACTIVITY: N_("Fewer activities"),
    Changed.PAYMENT_DAYS: N_("Earlier payment"),
}
"""What each lever is called."""


def show_goal(goal: Goal) -> None:
    """Show how far each lever must go for a customer to reach a margin, alone and as the smallest pair."""
    print_line(
        _(
            "{customer}: profit is {margin:.1%} of net revenue, {target:.1%} is wanted",
            customer=goal.customer,
            margin=goal.margin,
            target=goal.target,
        )
    )
    if goal.margin >= goal.target:
        print_line(_("The target is reached already."))
        return
    rows = [
        [
            _name_lever(pull),
            _format_size(pull, pull.size) if goal.reaches(pull) else "–",
            number(pull.margin, ".1%"),
            ""
            if goal.reaches(pull)
            else _("not enough: {size} is all there is", size=_format_size(pull, pull.limit)),
        ]
        for pull in goal.alone
    ]
    show_rows(_("Each lever alone"), [_("Lever"), _("Size"), _("Profit %"), ""], rows, (0, 3))
    if goal.pair is None:
        print_line(_("No two levers reach it within the limits in {Settings}."))
        return
    one, other = ((_name_lever(pull), _format_size(pull, pull.size)) for pull in goal.pair)
    print_line(
        _(
            "The smallest pair: {one} {size} and {other} {other_size}",
            one=one[0],
            size=one[1],
            other=other[0],
            other_size=other[1],
        )
    )


def _name_lever(pull: Pull) -> str:
    said = _(LEVER_HEADERS[pull.what])
    return _("{lever}: {activity}", lever=said, activity=pull.of) if pull.of else said


def _format_size(pull: Pull, size: float) -> str:
    if pull.what is Changed.PAYMENT_DAYS:
        return _n("{n:,} day", "{n:,} days", round(size))
    return number(size, ".1%")
