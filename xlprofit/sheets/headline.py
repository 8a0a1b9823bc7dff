"""The headline of the Dashboard: what the customers leave, what takes it, and who loses, in one or two sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlprofit.analysis import whale
from xlprofit.messages import N_, _, _n, join_messages
from xlprofit.sheets.frame import format_money_amount
from xlprofit.vocabulary.measures import BELOW, Measure

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

LEAST = 0.5
"""An amount smaller than this, in currency, is as good as none."""

BELOW_WORDS = {
    Measure.CHANNEL_COST: N_("channel cost"),
    Measure.CORPORATE_COST: N_("corporate cost"),
    Measure.IDLE_CAPACITY: N_("idle capacity"),
    Measure.UNASSIGNED_COST: N_("unassigned cost"),
}
"""What stands between the customers' profit and the company's, as a sentence has it."""


@dataclass(frozen=True)
class Headline:
    """The figures of the headline, in money but for the counts.

    Attributes:
        profit: what all customers leave together.
        company: what remains of it for the company.
        largest: what takes the most between the two: one of ``BELOW``; empty where nothing does.
        taken: how much that is, positive.
        customers: how many customers there are.
        losing: how many of them make a loss.
        lost: what these lose together, positive.
    """

    profit: float
    company: float
    largest: str
    taken: float
    customers: int
    losing: int
    lost: float


def find_headline(results: Results) -> Headline:
    """Return the figures of the headline."""
    company, profit = results.company["total"], results.customers[Measure.PROFIT]
    below = company[list(map(str, BELOW))]
    largest = str(below.idxmin()) if float(below.min()) < -LEAST else ""
    return Headline(
        profit=float(company[Measure.PROFIT]),
        company=float(company[Measure.COMPANY_PROFIT]),
        largest=largest,
        taken=-float(below[largest]) if largest else 0.0,
        customers=len(profit),
        losing=int((profit < 0).sum()),
        lost=whale.find_peak(profit) - float(profit.sum()),
    )


def describe_headline(results: Results) -> str:
    """Return the headline in words."""
    found = find_headline(results)
    if not found.customers:
        return _("No customers")
    if found.customers == 1:
        return _describe_remainder(found, results)
    return join_messages(" ", (_describe_remainder(found, results), _describe_losses(found, results)))


def _describe_remainder(found: Headline, results: Results) -> str:
    """Return what the customers leave and what remains for the company."""
    told = {
        "profit": format_money_amount(abs(found.profit), results),
        "company": format_money_amount(abs(found.company), results),
        "taken": format_money_amount(found.taken, results),
        "largest": _(BELOW_WORDS[Measure(found.largest)]) if found.largest else "",
    }
    if not found.largest:
        if found.profit < 0:
            return _n(
                "The customer costs {profit} more than it brings.",
                "Customers cost {profit} more than they bring.",
                found.customers,
                **told,
            )
        return _n(
            "The customer leaves {profit} of profit.",
            "Customers leave {profit} of profit.",
            found.customers,
            **told,
        )
    if found.profit < 0:
        return _n(
            "The customer costs {profit} more than it brings; with {taken} of {largest} the company loses {company}.",
            "Customers cost {profit} more than they bring; with {taken} of {largest} the company loses {company}.",
            found.customers,
            **told,
        )
    if found.company < 0:
        return _n(
            "The customer leaves {profit} of profit, but the company loses {company}: {largest} takes {taken}.",
            "Customers leave {profit} of profit, but the company loses {company}: {largest} takes {taken}.",
            found.customers,
            **told,
        )
    return _n(
        "The customer leaves {profit} of profit, the company keeps {company}: {largest} takes {taken}.",
        "Customers leave {profit} of profit, the company keeps {company}: {largest} takes {taken}.",
        found.customers,
        **told,
    )


def _describe_losses(found: Headline, results: Results) -> str:
    """Return how many of several customers lose money, and how much."""
    if not found.losing:
        return _("None of the {n:,} customers loses money.", n=found.customers)
    return _n(
        "{n:,} of {all:,} customers loses {money}.",
        "{n:,} of {all:,} customers lose {money} together.",
        found.losing,
        all=found.customers,
        money=format_money_amount(found.lost, results),
    )


def describe_whale(results: Results) -> str:
    """Return what the whale curve shows: how many bring its peak, and how much of it the others give back."""
    profit = results.customers[Measure.PROFIT]
    earning, losing = int((profit > 0).sum()), int((profit < 0).sum())
    peak = whale.find_peak(profit)
    if not losing or not earning:
        return _("Cumulative profit, the most profitable customer first")
    share = (peak - float(profit.sum())) / peak
    return _n(
        "{n:,} customer gives back {share:.0%} of the peak",
        "{n:,} customers give back {share:.0%} of the peak",
        losing,
        share=share,
    )
