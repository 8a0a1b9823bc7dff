"""The answer to each question that the workbook is asked, in a line, with the sheet that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from xlprofit.results import Results
from xlprofit.sheets import names
from xlprofit.sheets.checks import counted
from xlprofit.sheets.parts import Meaning


@dataclass(frozen=True)
class Answer:
    """A question, its answer, what that means, and the sheet that shows it."""

    question: str
    answer: str
    meaning: Meaning
    sheet: str


def answers(results: Results) -> tuple[Answer, ...]:
    """Return the answers, in the order of the questions."""
    return tuple(answer(results) for answer in _ANSWERS)


def _money(amount: float, results: Results) -> str:
    return f"{amount:,.0f} {results.inputs.settings.currency}"


def _some(customers: pd.Index, most: int = 3) -> str:
    """Return the first few names, and how many more there are."""
    named = ", ".join(str(c) for c in customers[:most])
    return f"{named} and {len(customers) - most:,} more" if len(customers) > most else named


def _worth(results: Results) -> Answer:
    profit = results.customers["profit"]
    losing = profit[profit < 0]
    said = f"{int((profit > 0).sum()):,} of {len(profit):,} customers are profitable"
    if len(losing):
        said += (
            f"; the other {len(losing):,} lose {_money(-losing.sum(), results)}, {losing.idxmin()} the most"
        )
    meaning = Meaning.LOSS if profit.sum() < 0 else Meaning.PROFIT
    return Answer("What is each customer worth?", said, meaning, names.CUSTOMER_PNL)


def _sliding(results: Results) -> Answer:
    trends = results.trends
    warned = trends.index[trends["early_warning"].to_numpy(dtype=bool)]
    slipping = int((trends["state"] == "Slipping").sum())
    turned = int(((trends["state"] == "Loss-making") & (trends["turning_period"] != "")).sum())
    said = f"{slipping:,} slipping and {turned:,} turned to loss"
    said += f"; early warning for {_some(warned)}" if len(warned) else "; no early warning"
    meaning = Meaning.WARNING if slipping or len(warned) else Meaning.PROFIT
    return Answer("Who is sliding?", said, meaning, names.TRENDS)


def _service(results: Results) -> Answer:
    users = results.service_users
    service = users[users["is_service"].to_numpy(dtype=bool)]
    if not len(results.service):
        return Answer("Is service paid for?", "no activities given", Meaning.NEUTRAL, names.SERVICE_RETURN)
    cost = _money(-float(service["cost"].sum()), results)
    said = f"{service['customer'].nunique():,} customers use {cost} of service that their return does not justify"
    saving = float(service["saving"].sum())
    if saving > 0:
        said += f"; cheaper channels would save {_money(saving, results)}"
    return Answer(
        "Is service paid for?",
        said,
        Meaning.WARNING if len(service) else Meaning.PROFIT,
        names.SERVICE_RETURN,
    )


def _credit(results: Results) -> Answer:
    credit, cost = results.credit, results.customers["cost_of_credit"]
    if not cost.abs().sum() > 0 and not credit["open"].notna().any():
        return Answer(
            "Who does not pay?", "no Invoices or Balances given", Meaning.NEUTRAL, names.CREDIT_RISK
        )
    overdue = credit["overdue"].fillna(0.0)
    late = overdue[overdue > 0].sort_values(ascending=False, kind="stable")
    said = f"credit costs {_money(-cost.sum(), results)}"
    if len(late):
        said += f"; {_money(late.sum(), results)} is overdue, most of it from {_some(late.index)}"
    return Answer(
        "Who does not pay?", said, Meaning.WARNING if len(late) else Meaning.PROFIT, names.CREDIT_RISK
    )


def _prospects(results: Results) -> Answer:
    verdict = results.prospects["verdict"]
    if not len(verdict):
        return Answer(
            "Which prospects are worth it?", "no Prospects given", Meaning.NEUTRAL, names.PROSPECT_SCREENING
        )
    counts = [f"{int((verdict == v).sum()):,} to {v}" for v in ("pursue", "qualify", "pass")]
    value = results.prospects["value"]
    best = f"; {value.idxmax()} first, worth {_money(value.max(), results)}" if value.max() > 0 else ""
    return Answer(
        "Which prospects are worth it?", ", ".join(counts) + best, Meaning.PROFIT, names.PROSPECT_SCREENING
    )


def _referrals(results: Results) -> Answer:
    value = results.referrals["referral_value"].dropna()
    value = value[value > 0].sort_values(ascending=False, kind="stable")
    if not results.inputs.given("Referrals"):
        return Answer("Who brings others?", "no Referrals given", Meaning.NEUTRAL, names.REFERRAL_VALUE)
    said = f"{len(value):,} customers bring {_money(value.sum(), results)} by word of mouth"
    if len(value):
        said += f", {value.index[0]} the most ({_money(value.iloc[0], results)})"
    return Answer("Who brings others?", said, Meaning.PROFIT, names.REFERRAL_VALUE)


def _decisions(results: Results) -> Answer:
    verdict = results.decisions["verdict"]
    said = ", ".join(f"{int((verdict == v).sum()):,} to {v}" for v in ("keep", "fix", "end"))
    ended = results.decisions.loc[(verdict == "end").to_numpy(), "effect_of_ending_a_year"]
    if len(ended):
        said += f"; ending those would change profit by {_money(ended.sum(), results)} a year"
    return Answer(
        "Keep, fix or end?", said, Meaning.WARNING if len(ended) else Meaning.PROFIT, names.DECISIONS
    )


def _reliable(results: Results) -> Answer:
    ties = results.tie_out
    said = counted(results.findings)
    if len(ties):
        said = f"{int(ties['ties'].sum()):,} of {len(ties):,} control totals tie out; {said}"
    if any(f.severity == "error" for f in results.findings):
        said += ": rows with errors are not in these figures"
        return Answer("Can it be relied on?", said, Meaning.ERROR, names.CHECKS)
    sound = bool(ties["ties"].all())
    return Answer("Can it be relied on?", said, Meaning.PROFIT if sound else Meaning.WARNING, names.CHECKS)


_ANSWERS: tuple[Callable[[Results], Answer], ...] = (
    _worth,
    _sliding,
    _prospects,
    _credit,
    _service,
    _referrals,
    _decisions,
    _reliable,
)
