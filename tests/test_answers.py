"""The Dashboard's answers in words: singulars, plurals, and what is said where nothing is wrong or nothing is known."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import xlprofit
from tests.figures import read_figures
from xlprofit.sheets import dashboard
from xlprofit.sheets.answers import build_answers
from xlprofit.sheets.parts import Meaning
from xlprofit.tables import TABLES
from xlprofit.words.speech import say, speaking

MONTHS = [f"2024-{month:02d}-15" for month in range(1, 13)]
WORTH, SLIDING, PROSPECTS, CREDIT, SERVICE, REFERRALS, DECISIONS, RELIABLE = range(8)


def sales(**margins: float) -> pd.DataFrame:
    """Return a year of sales of 1,000 a month to each customer, with the margin that each leaves a month."""
    return pd.DataFrame(
        [
            {"date": day, "customer": customer, "gross_revenue": 1_000, "cogs": 1_000 - margin}
            for customer, margin in margins.items()
            for day in MONTHS
        ]
    )


def said(**tables: pd.DataFrame) -> list[str]:
    """Return the answers about some tables, in English."""
    return [said_both(answer.answer)[0] for answer in build_answers(xlprofit.analyze(dict(tables)))]


def said_both(text: str) -> tuple[str, str]:
    """Return a text in English and in Finnish."""
    found = []
    for language in ("en", "fi"):
        with speaking(language):
            found.append(say(text))
    return found[0], found[1]


def read_answer(at: int, **tables: pd.DataFrame) -> list[float]:
    """Return the figures of the answer about some tables, once the Finnish one was held against it."""
    return compare_answer(*said_both(build_answers(xlprofit.analyze(dict(tables)))[at].answer))


def compare_answer(english: str, finnish: str) -> list[float]:
    """Return the figures of an answer; those of the Finnish one are the same, in whatever order."""
    figures = read_figures(english)
    assert sorted(read_figures(re.sub(r"(?<=\d)\u00a0(?=\d)", "", finnish))) == sorted(figures)
    assert english != finnish
    return figures


@pytest.mark.parametrize(
    ("margins", "figures", "named"),
    [
        ({"A": 100}, [], ""),
        ({"A": 100, "B": 50}, [2], ""),
        ({"A": 100, "B": -50}, [1, 2, 600], "B"),
        ({"A": 100, "B": 40, "C": -30, "D": -50, "E": 0}, [2, 5, 2, 960], "D"),
        ({"A": -100}, [1_200], "A"),
    ],
)
def test_worth_counts_ones_and_many(margins: dict[str, float], figures: list[float], named: str) -> None:
    """Who earns of how many, and what the others lose, with the name of the one that loses most."""
    told = said_both(build_answers(xlprofit.analyze({"Sales": sales(**margins)}))[WORTH].answer)
    assert compare_answer(*told) == figures
    for text in told:
        words = set(re.findall(r"\w+", text))
        assert words & set(margins) == ({named} if named else set())


def test_where_nothing_slides_that_is_said() -> None:
    tables = {"Sales": sales(A=100)}
    ahead = xlprofit.analyze(tables).company_outlook
    low, expected, high = (float(f"{ahead[name]:.0f}") for name in ("low", "expected", "high"))
    assert 0.0 < low < expected < high  # 100 a month is 1,200 a year, less the chance that it goes
    assert expected < 1_200.0
    # One is profitable, and none slips or turned; then what is expected of twelve months, and between what.
    assert read_answer(SLIDING, **tables) == [1.0, expected, 12.0, low, high, 80.0, 100.0]


def test_where_there_are_too_few_periods_nothing_is_claimed() -> None:
    few = build_answers(xlprofit.analyze({"Sales": sales(A=100).head(2)}))[SLIDING]
    assert (few.meaning, read_figures(few.answer)) == (Meaning.NEUTRAL, [])


def test_one_that_turned_to_loss_is_one() -> None:
    lines = sales(A=100, B=100)
    lines.loc[(lines["customer"] == "B") & (lines["date"] > "2024-06-30"), "cogs"] = 1_200
    turned = build_answers(xlprofit.analyze({"Sales": lines}))[SLIDING]
    assert (turned.meaning, read_figures(turned.answer)[0]) == (Meaning.WARNING, 1.0)


def test_what_was_not_given_is_named() -> None:
    answers = build_answers(xlprofit.analyze({"Sales": sales(A=100)}))
    for at, tables in (
        (PROSPECTS, ["Prospects"]),
        (CREDIT, ["Invoices", "Balances"]),
        (SERVICE, []),
        (REFERRALS, ["Referrals"]),
    ):
        assert (answers[at].meaning, read_figures(answers[at].answer)) == (Meaning.NEUTRAL, [])
        assert [name for name in TABLES if name in answers[at].answer] == sorted(
            tables, key=list(TABLES).index
        )
    assert "keep" in answers[DECISIONS].answer
    assert read_figures(answers[DECISIONS].answer) == [1.0, 1.0, 1.0]


def invoices(*customers: str) -> pd.DataFrame:
    """Return an invoice for each, six months overdue."""
    return pd.DataFrame(
        [
            {
                "invoice": f"1{i}",
                "customer": c,
                "issued": "2024-05-01",
                "due": "2024-06-15",
                "amount": 500,
                "paid": None,
            }
            for i, c in enumerate(customers)
        ]
    )


def test_overdue_money_is_that_of_some_or_said_with_the_share_of_those_named() -> None:
    lines = sales(A=100, B=100)

    def overdue(*customers: str, **more: object) -> str:
        return said(Sales=lines, Invoices=invoices(*customers).assign(**more))[CREDIT]  # type: ignore[arg-type]

    four = ("A", "B", "C", "D")
    for text, figures, named in (
        (overdue("A"), [500], "A"),  # and no figure for what credit costs, which is not known
        (overdue("A", "B"), [1_000], "A and B"),
        (overdue(*four), [4, 2_000, 75], "A, B and C"),
        (overdue(*four, amount=[1.0, 90.0, 5.0, 2.0]), [4, 98, 99], "B, C and D"),
        (
            overdue(*four, amount=[1.0, 9000.0, 5.0, 2.0]),
            [4, 9_008],
            "B, C and D",
        ),  # of which 99.99 % is all of it
    ):
        assert read_figures(text) == figures
        assert f" {named} " in text
    paid = invoices("A").assign(paid="2024-06-01")
    nothing = build_answers(xlprofit.analyze({"Sales": lines, "Invoices": paid}))[CREDIT]
    assert (nothing.meaning, read_figures(nothing.answer)) == (Meaning.PROFIT, [])


def test_the_share_of_those_named_is_theirs_of_the_overdue_money(demo_results: xlprofit.Results) -> None:
    told = build_answers(demo_results)[CREDIT].answer
    found = re.search(r"; (\d+) customers\D+ ([\d,]+) EUR [^,]+, (.+), (.+) and (.+) (\d+)%", told)
    assert found, told
    count, money, *named, share = found.groups()
    overdue = demo_results.credit["overdue"].dropna()
    overdue = overdue[overdue > 0]
    assert int(count) == len(overdue)
    assert int(money.replace(",", "")) == round(overdue.sum())
    assert set(named) == set(overdue.nlargest(3).index)
    assert int(share) == round(100 * overdue[named].sum() / overdue.sum())
    assert 40 < int(share) < 50  # which is not "most of it"


def test_credit_that_costs_nothing_or_less() -> None:
    rates = pd.DataFrame({"days_past_due": [0], "rate": [0.1]})
    paid = invoices("A").assign(paid="2024-06-01")
    lines = sales(A=100)
    assert read_answer(CREDIT, Sales=lines, Invoices=paid, LossRates=rates) == [0.0]
    before = paid.assign(issued="2023-12-01")
    assert read_answer(CREDIT, Sales=lines, Invoices=before, LossRates=rates) == [50.0]
    assert "adds" in said(Sales=lines, Invoices=before, LossRates=rates)[CREDIT]


def test_who_brings_others_may_be_one_or_nobody() -> None:
    lines = sales(A=100, B=50, C=-10)
    brought = pd.DataFrame({"referrer": ["A"], "referred": ["B"]})
    assert read_answer(REFERRALS, Sales=lines, Referrals=brought) == [600.0]
    assert said(Sales=lines, Referrals=brought)[REFERRALS].startswith("A ")
    assert read_answer(REFERRALS, Sales=lines, Referrals=brought.assign(referred="C")) == []


def test_the_dashboards_lists_count_whom_they_hold() -> None:
    """Nobody is among the best and the worst at once: of one customer there is no worst, of three one."""
    for margins, best, worst in (
        ({"A": 100}, [], None),
        ({"A": 100, "B": 9}, [], []),
        ({"A": 100, "B": 9, "C": 8, "D": 7, "E": 6}, [3.0], [2.0]),
    ):
        cells = dashboard.describe_dashboard_sheet(xlprofit.analyze({"Sales": sales(**margins)})).cells
        heads = [str(cell.value) for cell in cells if cell.meaning is Meaning.SECTION]
        for word, figures in (("most profitable", best), ("least profitable", worst)):
            found = [head for head in heads if word in head]
            assert [read_figures(head) for head in found] == ([] if figures is None else [figures])


def test_control_totals_that_all_tie_are_not_counted_twice() -> None:
    totals = pd.DataFrame({"line": ["gross_revenue", "cogs"], "amount": [12_000, 10_800]})
    lines = sales(A=100)
    wrong = totals.assign(amount=[12_000, 1])
    for given, figures in ((totals, [2.0]), (totals.head(1), []), (wrong, [1.0, 2.0])):
        told = said(Sales=lines, ControlTotals=given)[RELIABLE]
        assert read_figures(told.partition(";")[0]) == figures


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_cost_that_does_not_tie_out_is_told_in_the_sign_of_the_books(sign: float) -> None:
    """Of 10,900 in the books 10,800 are in the ledger: the same two figures, whichever sign the books give a cost."""
    totals = pd.DataFrame({"line": ["cogs"], "amount": [sign * 10_900.0]})
    results = xlprofit.analyze({"Sales": sales(A=100), "ControlTotals": totals})
    line = results.tie_out.iloc[0]
    assert line[["control", "ledger", "difference"]].tolist() == [sign * n for n in (10_900, 10_800, -100)]
    told = next(str(f.what) for f in results.checks.itertuples() if f.code == "M04")
    assert told.startswith("cogs ")
    assert read_figures(told) == [sign * n for n in (10_900.0, 10_800.0, -100.0)]
