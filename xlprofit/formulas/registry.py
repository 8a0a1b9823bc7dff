"""The registry: every formula with what a host needs to offer, explain and call it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from xlprofit.formulas import calculators, lookups
from xlprofit.vocabulary.measures import LOOKED_UP

if TYPE_CHECKING:
    from xlprofit.formulas.cells import Answer


class Argument(NamedTuple):
    """An argument of a formula.

    ``kind`` says what its cells hold: ``customer``, ``measure``, ``part`` (of the cost to serve), ``period``, ``line``,
    ``number``, ``share``, ``timing`` or ``profits``. ``choices`` are the words it may be, where they are few.
    """

    name: str
    help: str
    optional: bool = False
    kind: str = "number"
    choices: tuple[str, ...] = ()


class Function(NamedTuple):
    """A formula: what a host needs to offer, explain and call it.

    Attributes:
        name: as it is written in a cell.
        summary: what it gives, in one line.
        arguments: in their order; the optional ones last.
        errors: the Excel errors that it gives, each with when.
        example: a formula as it is written in a cell.
        call: what computes it; the arguments as cells or ranges, :data:`OMITTED` where not given.
        lookup: whether ``call`` takes the :class:`Lookup` of the calling cell's workbook before the arguments
            (``None`` where it was never refreshed, or the error of :meth:`Lookup.from_rows`).
    """

    name: str
    summary: str
    arguments: tuple[Argument, ...]
    errors: tuple[tuple[str, str], ...]
    example: str
    call: Callable[..., Answer]
    lookup: bool


_CUSTOMER = Argument("customer", "The customer's name, or a range of names", False, "customer")
_PERIOD = Argument(
    "period",
    "A period such as 2024-03, 2024-Q1 or 2024, or a date in it; blank: the whole period analysed",
    True,
    "period",
)
_RETENTION = Argument("retention", "Probability that the customer stays another year, 0 to 1", False, "share")
_DISCOUNT = Argument("discount", "Discount rate a year, such as 0.1 or 10 %")
_HORIZON = Argument("horizon", "Years to count; blank: without end", True)
_NO_CUSTOMER = ("#N/A", "there is no such customer, or the workbook was never refreshed")
_NO_NUMBER = ("#VALUE!", "an argument is not a number")
_NO_LIMIT = ("#NUM!", "a share is not from 0 to 1, or the value has no limit: give a horizon")


def _build_timing_argument(first: str, more: str) -> Argument:
    text = f"When the first margin comes: start (now) or end (a year from now); blank: {first}"
    return Argument("timing", text + more, True, "timing", ("start", "end"))


REGISTRY: dict[str, Function] = {
    f.name: f
    for f in (
        Function(
            "CUSTOMER_PROFIT",
            "A customer's profit, or another line of its P&L, from the last refresh; with no argument the whole "
            "table, the best customer first.",
            (
                Argument("customer", "A name or a range of names; none: the whole table", True, "customer"),
                Argument(
                    "measure",
                    "The line of the P&L, such as net_revenue; blank: profit",
                    True,
                    "measure",
                    LOOKED_UP,
                ),
                _PERIOD,
            ),
            (_NO_CUSTOMER, ("#VALUE!", "there is no such measure or period")),
            '=CUSTOMER_PROFIT("ACME","gross_margin","2024-Q1")',
            lookups.customer_profit,
            True,
        ),
        Function(
            "COST_TO_SERVE",
            "What it costs to serve a customer, in all or for one group or activity, from the last refresh; negative.",
            (
                _CUSTOMER,
                Argument("part", "A group such as service, or an activity; blank: all", True, "part"),
                _PERIOD,
            ),
            (_NO_CUSTOMER, ("#VALUE!", "there is no such group, activity or period")),
            '=COST_TO_SERVE("ACME","service")',
            lookups.cost_to_serve,
            True,
        ),
        Function(
            "CUSTOMER_STATE",
            "Where a customer is heading: Profitable, Slipping, Loss-making, Recovering, New or Dormant.",
            (_CUSTOMER,),
            (_NO_CUSTOMER,),
            '=CUSTOMER_STATE("ACME")',
            lookups.customer_state,
            True,
        ),
        Function(
            "CUSTOMER_DECISION",
            "What is advised about a customer: keep, fix, collect, investigate or end.",
            (_CUSTOMER,),
            (_NO_CUSTOMER,),
            '=CUSTOMER_DECISION("ACME")',
            lookups.customer_decision,
            True,
        ),
        Function(
            "REFERRAL_VALUE",
            "What a customer brought by recommending, from the last refresh: a memo beside its profit.",
            (_CUSTOMER,),
            (_NO_CUSTOMER,),
            '=REFERRAL_VALUE("ACME")',
            lookups.referral_value,
            True,
        ),
        Function(
            "EXPLAIN_PROFIT",
            "The lines that a customer's profit is the sum of, with units, rate and amount.",
            (
                Argument("customer", "The customer's name", False, "customer"),
                Argument(
                    "line", "A measure, a group or a line such as an activity; blank: all", True, "line"
                ),
            ),
            (_NO_CUSTOMER, ("#VALUE!", "there is no such line, or several customers are given")),
            '=EXPLAIN_PROFIT("ACME","cost_to_serve")',
            lookups.explain_profit,
            True,
        ),
        Function(
            "WHALE_CURVE",
            "Profits ranked and added up from the best: of a range or, with no argument, of the last refresh.",
            (
                Argument(
                    "profits",
                    "A row or column of profits, or two columns: customers and profits; none: the last refresh",
                    True,
                    "profits",
                ),
            ),
            (
                ("#N/A", "no range is given and the workbook was never refreshed"),
                ("#VALUE!", "no row or column of numbers"),
            ),
            "=WHALE_CURVE(A2:B200)",
            lookups.look_up_whale_curve,
            True,
        ),
        Function(
            "CAPACITY_RATE",
            "The capacity cost rate: cost / (capacity × practical), what a unit of a resource costs.",
            (
                Argument("cost", "Cost of the resource over a period, positive"),
                Argument("capacity", "Units that it could supply over the period, such as minutes"),
                Argument(
                    "practical", "Share of the capacity that is workable, 0 to 1; blank: 1", True, "share"
                ),
            ),
            (
                _NO_NUMBER,
                ("#DIV/0!", "there is no capacity"),
                ("#NUM!", "capacity is below 0, or practical no share"),
            ),
            "=CAPACITY_RATE(560000,700000)",
            calculators.capacity_rate,
            False,
        ),
        Function(
            "RECEIVABLE_COST",
            "What it costs to finance an amount until it is paid: amount × rate × days / 365.",
            (
                Argument("amount", "The invoice or the average balance"),
                Argument("days", "Days that it stands open"),
                Argument("rate", "Cost of capital a year, such as 0.08 or 8 %"),
            ),
            (_NO_NUMBER,),
            "=RECEIVABLE_COST(10000,45,0.08)",
            calculators.receivable_cost,
            False,
        ),
        Function(
            "LIFETIME_VALUE",
            "The present value of a customer's margin over the time that it stays.",
            (
                Argument("margin", "Margin of a year"),
                _RETENTION,
                _DISCOUNT,
                _HORIZON,
                _build_timing_argument("end", ", as in PV"),
            ),
            (_NO_NUMBER, _NO_LIMIT),
            '=LIFETIME_VALUE(1000,0.85,0.1,3,"start")',
            calculators.lifetime_value,
            False,
        ),
        Function(
            "PROSPECT_VALUE",
            "What a prospect is worth pursuing: the chance of winning it × its lifetime value, less the pursuit.",
            (
                Argument("win_probability", "Chance of winning it, 0 to 1", False, "share"),
                Argument(
                    "contribution", "What it would leave in a year: margin × revenue − service − credit"
                ),
                _RETENTION,
                _DISCOUNT,
                Argument("pursuit_cost", "What winning it costs, positive; blank: nothing", True),
                _HORIZON,
                _build_timing_argument("start", ""),
            ),
            (_NO_NUMBER, _NO_LIMIT),
            "=PROSPECT_VALUE(0.3,20000,0.85,0.1,4000,3)",
            calculators.prospect_value,
            False,
        ),
    )
}
"""Every formula by name, in the order in which documents and the wizard list them."""
