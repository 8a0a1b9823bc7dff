"""The answer to each question that the workbook is asked, in a line, with the sheet that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from xlprofit.messages import _, _n, join_as_list, join_messages
from xlprofit.sheets import credit_risk, decisions, names, service_return
from xlprofit.sheets.checks import describe_finding_counts
from xlprofit.sheets.frame import describe_verdict_counts, format_money_amount
from xlprofit.sheets.left_out import describe_left_out
from xlprofit.sheets.outlook import describe_company_forecast, list_likely_gone
from xlprofit.sheets.parts import Meaning
from xlprofit.sheets.trends import describe_earning_customers
from xlprofit.sheets.verdict import describe_decision_counts
from xlprofit.vocabulary.states import State
from xlprofit.vocabulary.verdicts import SCREENINGS, Verdict

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results


@dataclass(frozen=True)
class Answer:
    """A question, its answer, what that means, and the sheet that shows it."""

    question: str
    answer: str
    meaning: Meaning
    sheet: str


def build_answers(results: Results) -> tuple[Answer, ...]:
    """Return the answers, in the order of the questions."""
    return tuple(answer(results) for answer in _ANSWERS)


def _list_first_names(customers: pd.Index, most: int = 3) -> str:
    """Return the first few names, and how many more there are."""
    named = ", ".join(str(c) for c in customers[:most])
    if len(customers) <= most:
        return named
    return _("{named} and {n:,} more", named=named, n=len(customers) - most)


def _build_profit_answer(results: Results) -> Answer:
    profit = results.customers["profit"]
    earning, losing = int((profit > 0).sum()), profit[profit < 0]
    if not len(profit):
        said = _("No customers")
    elif earning == len(profit):
        said = _n(
            "The only customer is profitable over the period analysed",
            "All {n:,} customers are profitable over the period analysed",
            earning,
        )
    elif not earning:
        said = _("No customer is profitable over the period analysed")
    else:
        said = _n(
            "{n:,} of {all:,} customers is profitable over the period analysed",
            "{n:,} of {all:,} customers are profitable over the period analysed",
            earning,
            all=len(profit),
        )
    if len(losing):
        said += _n(
            "; one loses {money}: {customer}",
            "; {n:,} lose {money}, {customer} the most",
            len(losing),
            money=format_money_amount(-losing.sum(), results),
            customer=str(losing.idxmin()),
        )
    meaning = Meaning.LOSS if profit.sum() < 0 else Meaning.PROFIT
    return Answer(
        _("What is each customer worth?"), said, meaning, names.translate_sheet_name(names.CUSTOMER_PNL)
    )


def _build_trend_answer(results: Results) -> Answer:
    trends = results.trends
    warned = trends.index[trends["early_warning"].to_numpy(dtype=bool)]
    slipping = int((trends["state"] == State.SLIPPING).sum())
    turned = int(((trends["state"] == State.LOSS_MAKING) & (trends["turning_period"] != "")).sum())
    found: list[str] = []
    if slipping:
        found.append(_n("{n:,} customer is slipping", "{n:,} customers are slipping", slipping))
    if turned:
        found.append(_n("{n:,} has turned to loss", "{n:,} have turned to loss", turned))
    if len(warned):
        found.append(_("early warning for {customers}", customers=_list_first_names(warned)))
    meaning = Meaning.WARNING if found else Meaning.PROFIT
    known = bool(trends["profit_slope"].notna().any())
    if not found and known:
        found.append(_("Nobody is slipping, and nobody has turned to loss"))
    elif not found:
        found.append(_("Too few periods to tell"))
        meaning = Meaning.NEUTRAL
    gone = list_likely_gone(results)
    if len(gone):
        found.append(_("more likely gone than not: {customers}", customers=_list_first_names(gone)))
        meaning = Meaning.WARNING
    if known:
        found.append(describe_earning_customers(trends))
        found.append(describe_company_forecast(results))
    return Answer(
        _("Who is sliding?"), join_messages("; ", found), meaning, names.translate_sheet_name(names.TRENDS)
    )


def _build_service_answer(results: Results) -> Answer:
    users = results.service_users
    service = users[users["is_service"].to_numpy(dtype=bool)]
    if not len(results.service):
        return Answer(
            _("Is service paid for?"),
            _("No activities given"),
            Meaning.NEUTRAL,
            names.translate_sheet_name(names.SERVICE_RETURN),
        )
    said = _("Every user's return justifies the service it uses")
    if len(service):
        said = _n(
            "{n:,} customer uses {money} of service that its return does not justify",
            "{n:,} customers use {money} of service that their return does not justify",
            int(service["customer"].nunique()),
            money=format_money_amount(-float(service["cost"].sum()), results),
        )
    saving = service_return.sum_savings(results)
    if saving > 0:
        said += _(
            "; cheaper channels of service and of orders would save {money}",
            money=format_money_amount(saving, results),
        )
    return Answer(
        _("Is service paid for?"),
        said,
        Meaning.WARNING if len(service) else Meaning.PROFIT,
        names.translate_sheet_name(names.SERVICE_RETURN),
    )


def _build_credit_answer(results: Results) -> Answer:
    credit, cost = results.credit, results.customers["cost_of_credit"]
    if not cost.abs().sum() > 0 and not credit["open"].notna().any():
        return Answer(
            _("Who does not pay?"),
            _("No {Invoices} or {Balances} given"),
            Meaning.NEUTRAL,
            names.translate_sheet_name(names.CREDIT_RISK),
        )
    late, total = credit_risk.list_overdue_amounts(results), float(cost.sum())
    said = _("Credit costs {money}", money=format_money_amount(round(-total) + 0.0, results))
    if credit[["financing", "expected_loss"]].isna().all(axis=None):
        said = _("What credit costs is not known")
    elif round(total) > 0:
        said = _(
            "Credit adds {money}, since less allowance is needed", money=format_money_amount(total, results)
        )
    if len(late):
        said += _describe_overdue_customers(late, format_money_amount(late.sum(), results))
    elif credit["open"].notna().any():
        said += _("; nothing is overdue")
    return Answer(
        _("Who does not pay?"),
        said,
        Meaning.WARNING if len(late) else Meaning.PROFIT,
        names.translate_sheet_name(names.CREDIT_RISK),
    )


def _describe_overdue_customers(late: pd.Series, money: str, most: int = 3) -> str:
    """Return who has what overdue, the most first, and what share of it those have who are named."""
    named = [str(customer) for customer in late.index[:most]]
    customers = join_as_list(named)
    if len(late) <= most:
        return _n(
            "; {customers} has {money} overdue",
            "; {customers} have {money} overdue",
            len(late),
            customers=customers,
            money=money,
        )
    share = float(late.iloc[:most].sum() / late.sum())
    told = _("{share:.0%} of it", share=share)
    if share >= 0.995:  # which would read 100 %, and others owe some of it
        told = _("nearly all of it")
    return _(
        "; {n:,} customers have {money} overdue, {customers} {share}",
        n=len(late),
        money=money,
        customers=customers,
        share=told,
    )


def _build_prospect_answer(results: Results) -> Answer:
    if not results.has_open_prospects:
        return Answer(
            _("Which prospects are worth it?"),
            _("No {Prospects} given"),
            Meaning.NEUTRAL,
            names.translate_sheet_name(names.PROSPECT_SCREENING),
        )
    counts = describe_verdict_counts(results.prospects["verdict"], SCREENINGS)
    value, best = results.prospects["value"], ""
    if value.max() > 0:
        best = _(
            "; {prospect} first, worth {money}",
            prospect=str(value.idxmax()),
            money=format_money_amount(value.max(), results),
        )
    return Answer(
        _("Which prospects are worth it?"),
        counts + best,
        Meaning.PROFIT,
        names.translate_sheet_name(names.PROSPECT_SCREENING),
    )


def _build_referral_answer(results: Results) -> Answer:
    value = results.referrals["referral_value"].dropna()
    value = value[value > 0].sort_values(ascending=False, kind="stable")
    if not len(results.referrals["referral_value"].dropna()):
        return Answer(
            _("Who brings others?"),
            _("No {Referrals} given"),
            Meaning.NEUTRAL,
            names.translate_sheet_name(names.REFERRAL_VALUE),
        )
    said = _("Nobody has brought others worth more than they cost")
    if len(value):
        said = _n(
            "{customer} alone brings {money} by word of mouth",
            "{n:,} customers bring {money} by word of mouth, {customer} the most ({most})",
            len(value),
            money=format_money_amount(value.sum(), results),
            customer=str(value.index[0]),
            most=format_money_amount(value.iloc[0], results),
        )
    return Answer(
        _("Who brings others?"), said, Meaning.PROFIT, names.translate_sheet_name(names.REFERRAL_VALUE)
    )


def _build_decision_answer(results: Results) -> Answer:
    decided = results.decisions
    said = describe_decision_counts(decided)
    still = decided[decided["reason"] != "ended"]
    earning = int((still["run_rate"] > 0).sum())
    if len(still):
        said += _n(
            "; {n:,} of {all:,} earns money at today's level, before acquisition",
            "; {n:,} of {all:,} earn money at today's level, before acquisition",
            earning,
            all=len(still),
        )
    together = decisions.describe_joint_effect(results)
    if together:
        said += ". " + together
    return Answer(
        _("Keep, fix or end?"),
        said,
        Meaning.WARNING if (decided["verdict"] != Verdict.KEEP).any() else Meaning.PROFIT,
        names.translate_sheet_name(names.DECISIONS),
    )


def _build_reliability_answer(results: Results) -> Answer:
    ties = results.tie_out
    said = describe_finding_counts(results.findings)
    if len(ties):
        tied = _("{n:,} of {all:,} control totals tie out", n=int(ties["ties"].sum()), all=len(ties))
        if ties["ties"].all():
            tied = _n("The control total ties out", "All {n:,} control totals tie out", len(ties))
        said = tied + "; " + said
    if any(f.severity == "error" for f in results.findings):
        lost = describe_left_out(results)
        said += "; " + lost if lost else ""
        return Answer(
            _("Can it be relied on?"), said, Meaning.ERROR, names.translate_sheet_name(names.CHECKS)
        )
    sound = bool(ties["ties"].all())
    return Answer(
        _("Can it be relied on?"),
        said,
        Meaning.PROFIT if sound else Meaning.WARNING,
        names.translate_sheet_name(names.CHECKS),
    )


_ANSWERS: tuple[Callable[[Results], Answer], ...] = (
    _build_profit_answer,
    _build_trend_answer,
    _build_prospect_answer,
    _build_credit_answer,
    _build_service_answer,
    _build_referral_answer,
    _build_decision_answer,
    _build_reliability_answer,
)
