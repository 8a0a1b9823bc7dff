"""*Do first*: of all that the sheets find, the ten things with the most money at stake, each said once.

What is found about one customer is often the same euro seen from several sides: a loss a year is what its service
costs, what a lever would save and what slips away. So of each customer only the largest of its amounts counts.
Amounts are of a year at today's level (of a prospect its present value, spread over its years); what is overdue
comes once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis.avoidable import count_years
from xlprofit.messages import N_, _, _n, capitalize_message, join_messages, term
from xlprofit.sheets import credit_risk, decisions, names, prospect_screening, trends
from xlprofit.sheets.capacity import rank_resources
from xlprofit.sheets.frame import (
    CHOSEN_CELL,
    fill_columns,
    list_customer_attributes,
    number_customer_rows,
)
from xlprofit.sheets.hinges import name_hinge
from xlprofit.sheets.parts import BarRule, Column, Figure, Format, Link, Meaning, Table
from xlprofit.sheets.verdict import rank_decided_customers
from xlprofit.vocabulary.levers import Lever
from xlprofit.vocabulary.verdicts import Screening, Verdict

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

TABLE = "do_first"
MOST = 10
LEAST = 0.5
"""An amount smaller than this, in currency, is not worth a line."""

Numbers = npt.NDArray[np.float64]


class Issue(Enum):
    """What was found, in the order in which the first of equal amounts counts."""

    COLLECT = "collect"
    END = "end"
    FIX = "fix"
    INVESTIGATE = "investigate"
    OVERDUE = "overdue"
    WARNING = "early warning"
    SERVICE = "service"
    PURSUE = "pursue"
    QUALIFY = "qualify"
    IDLE = "idle"


WORDS = {
    Issue.COLLECT: N_("Overdue and material"),
    Issue.END: N_("Loses money for good"),
    Issue.FIX: N_("Loses money"),
    Issue.INVESTIGATE: N_("Verdict uncertain"),
    Issue.OVERDUE: N_("Overdue"),
    Issue.WARNING: N_("Early warning"),
    Issue.SERVICE: N_("Service not covered"),
    Issue.PURSUE: N_("Prospect worth it"),
    Issue.QUALIFY: N_("Prospect unclear"),
    Issue.IDLE: N_("Idle capacity"),
}
"""What each issue is called."""

SHEETS = {
    Issue.OVERDUE: names.CREDIT_RISK,
    Issue.WARNING: names.TRENDS,
    Issue.SERVICE: names.SERVICE_RETURN,
    Issue.PURSUE: names.PROSPECT_SCREENING,
    Issue.QUALIFY: names.PROSPECT_SCREENING,
    Issue.IDLE: names.CAPACITY,
}
"""The sheet that shows an issue; a verdict is on *Decisions*."""

OTHERS = (Issue.PURSUE, Issue.QUALIFY, Issue.IDLE)
"""The issues that are of a prospect or a resource, and not of a customer."""

DECIDED = (*decisions.LEVERS, "hinges_on", "hinges_on_of")
"""What an action says of a customer's decision."""


@dataclass(frozen=True)
class Task:
    """One thing to do.

    Attributes:
        name: the customer, the prospect or the resource.
        issue: what was found.
        amount: what is at stake, money, positive.
        confidence: the share of runs in which the verdict stands, or the chance to win the prospect; NaN: not known.
    """

    name: str
    issue: Issue
    amount: float
    confidence: float = float("nan")


def list_tasks(results: Results, most: int = MOST) -> tuple[Task, ...]:
    """Return what to do first, the most at stake first; of each customer, prospect and resource one thing."""
    found = [*_list_customer_tasks(results, most), *_list_prospect_tasks(results), *_list_idle_task(results)]
    found = [task for task in found if task.amount >= LEAST]
    return tuple(sorted(found, key=_rank_task)[:most])


def _rank_task(task: Task) -> tuple[float, str]:
    return -task.amount, task.name


# --- what is found ---------------------------------------------------------------------------------------


def _list_customer_tasks(results: Results, most: int) -> list[Task]:
    """Return the largest issue of each customer, of those with the largest ones."""
    issues = find_customer_issues(results)
    if not len(issues):
        return []
    amounts = np.nan_to_num(issues.to_numpy(dtype=np.float64))
    which, largest = amounts.argmax(axis=1), amounts.max(axis=1)
    order = np.lexsort([issues.index.to_numpy().astype(str), -largest])[:most]
    sure = results.decisions["confidence"].to_numpy(dtype=np.float64)
    kinds = [Issue(code) for code in issues.columns]
    verdicts = (Issue.COLLECT, Issue.END, Issue.FIX, Issue.INVESTIGATE)
    return [
        Task(
            str(issues.index[at]),
            kinds[which[at]],
            float(largest[at]),
            float(sure[at]) if kinds[which[at]] in verdicts else float("nan"),
        )
        for at in order
    ]


def find_customer_issues(results: Results) -> pd.DataFrame:
    """Return what is at stake of each customer by issue, money, positive; NaN where it has not that issue.

    - collect, overdue: what is overdue; end: what ending brings a year; fix: the loss a year at today's level;
      investigate: that loss, or what the leaning costs a year where it is wrong;
    - early warning: what it earns a year, which is sliding towards zero;
    - service: what moving the service that it does not pay for to a cheaper channel would save a year.
    """
    decided, names_of = results.decisions, results.names
    verdict, earns = decided["verdict"], decided["run_rate"].to_numpy(dtype=np.float64)
    error = decided["cost_of_error_a_year"].fillna(0.0).to_numpy(dtype=np.float64)
    warned = results.trends["early_warning"].to_numpy(dtype=bool)
    overdue = results.credit["overdue"].to_numpy(dtype=np.float64)

    def choose(chosen: npt.NDArray[np.bool_] | pd.Series, amounts: Numbers) -> Numbers:
        return np.where(np.asarray(chosen, dtype=bool), amounts, np.nan)

    return pd.DataFrame(
        {
            Issue.COLLECT.value: choose(
                verdict == Verdict.COLLECT, decided["at_stake"].to_numpy(dtype=np.float64)
            ),
            Issue.END.value: choose(
                verdict == Verdict.END, decided["effect_of_ending_a_year"].to_numpy(dtype=np.float64)
            ),
            Issue.FIX.value: choose(verdict == Verdict.FIX, -earns),
            Issue.INVESTIGATE.value: choose(verdict == Verdict.INVESTIGATE, np.maximum(-earns, error)),
            Issue.OVERDUE.value: choose(verdict != Verdict.COLLECT, overdue),
            Issue.WARNING.value: choose(warned & (earns > 0), earns),
            Issue.SERVICE.value: _sum_service_savings(results),
        },
        index=names_of,
    )


def _sum_service_savings(results: Results) -> Numbers:
    """Return what each customer's uncovered service could be done for less, a year."""
    users = results.service_users
    some = users[users["is_service"].to_numpy(dtype=bool)]
    saved = some.groupby(some["customer"].astype(str))["saving"].sum().reindex(results.names)
    return saved.to_numpy(dtype=np.float64) / count_years(results.inputs.settings)


def _list_prospect_tasks(results: Results) -> list[Task]:
    """Return the prospects to pursue, by their value a year, and those to qualify, by what that may be at best."""
    if not results.has_open_prospects:
        return []
    frame = results.prospects
    chance = frame["win_probability"].to_numpy(dtype=np.float64)
    at_best = frame["value"].fillna(frame["value_high"]).fillna(0.0) / frame["lifetime_multiple"]
    kinds = {Screening.PURSUE: Issue.PURSUE, Screening.QUALIFY: Issue.QUALIFY}
    return [
        Task(str(name), kinds[Screening(verdict)], float(value), float(sure))
        for name, verdict, value, sure in zip(frame.index, frame["verdict"], at_best, chance, strict=True)
        if verdict in set(kinds)
    ]


def _list_idle_task(results: Results) -> list[Task]:
    """Return the resource of which the most stands idle."""
    idle = results.capacity["idle_cost"].fillna(0.0)
    if not len(idle) or not float(idle.max()) > 0:
        return []
    years = count_years(results.inputs.settings)
    return [Task(str(idle.idxmax()), Issue.IDLE, float(idle.max()) / years)]


# --- what it is called -----------------------------------------------------------------------------------

COLUMNS = (
    Column("customer", N_("Customer"), (), width=27.0, wrap=True, figure=Figure()),
    Column("issue", N_("Issue"), (), width=21.0),
    Column("action", N_("What to do"), (), width=42.0, wrap=True),
    Column("owner", N_("Owner"), (), width=16.0, wrap=True),
    Column(
        "amount",
        N_("At stake"),
        (),
        Format.MONEY,
        13.0,
        N_("A year, at today's level; what is overdue: once. Of each customer the largest amount alone"),
    ),
    Column(
        "confidence",
        N_("Confidence"),
        (),
        Format.SHARE,
        13.0,
        N_(
            "Share of simulated runs in which the verdict would still be right a year later; of a prospect, the chance "
            "to win it. Blank where it is no verdict"
        ),
        rules=(BarRule(Meaning.NEUTRAL, 0.0, 1.0),),
    ),
    Column("sheet", N_("See"), (), width=18.0),
)
"""The columns of the table."""


def build_do_first_table(results: Results, row: int) -> Table:
    """Return the table of what to do first."""
    tasks = list_tasks(results)
    frame = pd.DataFrame(
        {
            "customer": [task.name for task in tasks],
            "amount": pd.Series([task.amount for task in tasks], dtype=float),
            "confidence": pd.Series([task.confidence for task in tasks], dtype=float),
        }
    )
    named = pd.Index([task.name for task in tasks], dtype=object)
    links = list_task_links(tasks, results)
    columns = fill_columns(
        COLUMNS,
        frame,
        {
            "issue": [describe_issue(task, results) for task in tasks],
            "action": describe_actions(tasks, results),
            "owner": list_customer_attributes(results, "owner", named),
            "sheet": [link.sheet for link in links],
        },
        {"sheet": links, "customer": _link_customers(tasks, results)},
    )
    return Table(TABLE, row, 1, columns, filtered=False, empty=_("Nothing to do: nothing is at stake"))


def _link_customers(tasks: tuple[Task, ...], results: Results) -> list[Link | None]:
    """Return a link for each customer to the fact sheet *Customer*; a prospect and a resource have none."""
    to = Link(names.translate_sheet_name(names.CUSTOMER), CHOSEN_CELL)
    known = set(results.names)
    return [None if task.issue in OTHERS or task.name not in known else to for task in tasks]


def describe_issue(task: Task, results: Results) -> str:
    """Return what was found, in a few words."""
    if task.issue is Issue.WARNING:
        left = float(results.trends["periods_left"].loc[task.name])
        if np.isfinite(left):
            return _say_time_left(left, results)
    if task.issue is Issue.IDLE:
        share = results.capacity["idle"] / results.capacity["supplied"]
        return _("{share:.0%} stands idle", share=float(share.loc[task.name]))
    return _(WORDS[task.issue])


def _say_time_left(left: float, results: Results) -> str:
    n = max(round(left), 1)
    return {
        "month": lambda: _n("No profit in a month", "No profit in {n:,} months", n),
        "quarter": lambda: _n("No profit in a quarter", "No profit in {n:,} quarters", n),
        "year": lambda: _n("No profit in a year", "No profit in {n:,} years", n),
    }[results.inputs.settings.period]()


def describe_actions(tasks: Sequence[Task], results: Results) -> list[str]:
    """Return what to do about each."""
    customers = [task.name for task in tasks if task.issue not in OTHERS]
    decided = results.decisions.loc[customers, list(DECIDED)].to_dict("index")
    return [
        _describe_other_action(task, results)
        if task.issue in OTHERS
        else _describe_customer_action(task, decided[task.name], results)
        for task in tasks
    ]


def _describe_customer_action(task: Task, decided: Mapping[Hashable, object], results: Results) -> str:
    """Return what to do about a customer; ``decided`` has the columns :data:`DECIDED` of its decision."""
    if task.issue is Issue.INVESTIGATE:
        hinge = name_hinge(str(decided["hinges_on"]), str(decided["hinges_on_of"]))
        return _("Find out first: {hinge}", hinge=hinge) if hinge else _("Too close to call: watch it")
    if task.issue is Issue.END:
        return _("End the relationship: no lever brings it to zero")
    if task.issue is Issue.WARNING:
        return _describe_warned_action(task, results)
    if task.issue is Issue.SERVICE:
        return _describe_service_action(task, results)
    if task.issue is Issue.OVERDUE:
        return _("Collect what is overdue")
    if task.issue is Issue.COLLECT:
        ways = [term("word", str(decided[key])) for key in ("lever", "lever_2") if str(decided[key])]
        return (
            _("Collect it: {ways}", ways=join_messages(", ", ways)) if ways else _("Collect what is overdue")
        )
    return capitalize_message(_describe_fix(decided, decisions.describe_levers(decided) or ""))


def _describe_fix(decided: Mapping[Hashable, object], lever: str) -> str:
    """Return how to bring a loss to zero, shorter than on *Decisions*: without the sizes of two levers."""
    both = [str(decided[key]) for key in ("lever", "lever_2") if str(decided[key])]
    if len(both) > 1:
        return _("{one} and {other}", one=term("word", both[0]), other=term("word", both[1]))
    return str(decided["lever_on"]) if both == [Lever.CHEAPER_CHANNEL] else lever


def _describe_warned_action(task: Task, results: Results) -> str:
    group = str(results.trends["attention_group"].loc[task.name])
    if not group:
        return _("Talk to the customer: volume falls, attention grows")
    return _("Talk to the customer: volume falls, {group} grows", group=trends.name_attention(group))


def _describe_service_action(task: Task, results: Results) -> str:
    users = results.service_users
    own = users[(users["customer"].astype(str) == task.name) & users["is_service"].to_numpy(dtype=bool)]
    first = own.sort_values("saving", ascending=False, kind="stable").iloc[0]
    return _(
        "Move {activity} to {cheaper}",
        activity=str(first["activity"]),
        cheaper=str(first["cheaper_activity"]),
    )


def _describe_other_action(task: Task, results: Results) -> str:
    if task.issue is Issue.PURSUE:
        return _("Pursue it")
    if task.issue is Issue.QUALIFY:
        unknown = prospect_screening.describe_unknown_inputs(results.prospects["unknown"].loc[task.name])
        return (
            _("Find out first: {hinge}", hinge=unknown) if unknown else _("Qualify it before more is spent")
        )
    return _("Fill it, or cut it in time")


RANKED: Mapping[str, Callable[[Results], Iterable[object]]] = {
    names.DECISIONS: rank_decided_customers,
    names.TRENDS: trends.rank_urgent_customers,
    names.CREDIT_RISK: credit_risk.rank_owing_customers,
    names.PROSPECT_SCREENING: prospect_screening.rank_screened_prospects,
    names.CAPACITY: rank_resources,
}
"""What tells the order of the rows of a sheet with issues; a sheet without one is linked as a whole."""


def list_task_links(tasks: Sequence[Task], results: Results) -> list[Link]:
    """Return where each is shown: the sheet, and the row of it."""
    shown = [SHEETS.get(task.issue, names.DECISIONS) for task in tasks]
    rows = {
        name: number_customer_rows(map(str, RANKED[name](results)))
        for name in dict.fromkeys(shown)
        if name in RANKED
    }
    return [
        Link(names.translate_sheet_name(name), *([f"A{rows[name][task.name]}"] if name in rows else []))
        for name, task in zip(shown, tasks, strict=True)
    ]
