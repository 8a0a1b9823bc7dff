"""The Dashboard's answers in words: singulars, plurals, and what is said where nothing is wrong or nothing is known."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import xlprofit
from xlprofit.sheets import dashboard
from xlprofit.sheets.answers import build_answers
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


def said(language: str = "en", **tables: pd.DataFrame) -> list[str]:
    """Return the answers about some tables, in a language."""
    with speaking(language):
        return [say(answer.answer) for answer in build_answers(xlprofit.analyze(dict(tables)))]


@pytest.mark.parametrize(
    ("margins", "english", "finnish"),
    [
        (
            {"A": 100},
            "The only customer is profitable over the period analysed",
            "Ainoa asiakas on kannattava koko tarkastelujaksolla",
        ),
        (
            {"A": 100, "B": 50},
            "All 2 customers are profitable over the period analysed",
            "Kaikki 2 asiakasta ovat kannattavia koko tarkastelujaksolla",
        ),
        (
            {"A": 100, "B": -50},
            "1 of 2 customers is profitable over the period analysed; one loses 600 EUR: B",
            "2 asiakkaasta 1 on kannattava koko tarkastelujaksolla; yksi tuottaa tappiota 600 EUR: B",
        ),
        (
            {"A": 100, "B": 40, "C": -30, "D": -50, "E": 0},
            "2 of 5 customers are profitable over the period analysed; 2 lose 960 EUR, D the most",
            "5 asiakkaasta 2 on kannattavia koko tarkastelujaksolla; 2 tuottaa tappiota yhteensä 960 EUR, eniten D",
        ),
        (
            {"A": -100},
            "No customer is profitable over the period analysed; one loses 1,200 EUR: A",
            "Yksikään asiakas ei ole kannattava koko tarkastelujaksolla; yksi tuottaa tappiota 1\u00a0200 EUR: A",
        ),
    ],
)
def test_worth_counts_ones_and_many(margins: dict[str, float], english: str, finnish: str) -> None:
    assert said(Sales=sales(**margins))[WORTH] == english
    assert said("fi", Sales=sales(**margins))[WORTH] == finnish


def test_where_nothing_slides_that_is_said() -> None:
    assert said(Sales=sales(A=100))[SLIDING] == (
        "Nobody is slipping, and nobody has turned to loss; "
        "1 customer is profitable in the latest periods (median), acquisition included"
    )
    assert said("fi", Sales=sales(A=100))[SLIDING] == (
        "Kukaan ei ole heikkenemässä eikä kääntynyt tappiolle; "
        "1 asiakas on kannattava viimeisimmillä jaksoilla (mediaani), hankintakustannukset mukaan lukien"
    )


def test_where_there_are_too_few_periods_nothing_is_claimed() -> None:
    assert said(Sales=sales(A=100).head(2))[SLIDING] == "Too few periods to tell"


def test_one_that_turned_to_loss_is_one() -> None:
    lines = sales(A=100, B=100)
    lines.loc[(lines["customer"] == "B") & (lines["date"] > "2024-06-30"), "cogs"] = 1_200
    assert said(Sales=lines)[SLIDING].startswith("1 has turned to loss")


def test_what_was_not_given_is_named() -> None:
    told = said(Sales=sales(A=100))
    assert told[PROSPECTS] == "No Prospects given"
    assert told[CREDIT] == "No Invoices or Balances given"
    assert told[SERVICE] == "No activities given"
    assert told[REFERRALS] == "No Referrals given"
    assert told[DECISIONS] == "1 to keep; 1 of 1 earns money at today's level, before acquisition"


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

    assert overdue("A") == "What credit costs is not known; A has 500 EUR overdue"
    assert overdue("A", "B").endswith("; A and B have 1,000 EUR overdue")
    assert overdue("A", "B", "C", "D").endswith("; 4 customers have 2,000 EUR overdue, A, B and C 75% of it")
    assert overdue("A", "B", "C", "D", amount=[1.0, 90.0, 5.0, 2.0]).endswith(", B, C and D 99% of it")
    assert overdue("A", "B", "C", "D", amount=[1.0, 9000.0, 5.0, 2.0]).endswith(
        ", B, C and D nearly all of it"
    )
    paid = invoices("A").assign(paid="2024-06-01")
    assert said(Sales=lines, Invoices=paid)[CREDIT].endswith("; nothing is overdue")


def test_the_share_of_those_named_is_theirs_of_the_overdue_money(demo_results: xlprofit.Results) -> None:
    told = build_answers(demo_results)[CREDIT].answer
    found = re.search(r"; (\d+) customers have ([\d,]+) EUR overdue, (.+), (.+) and (.+) (\d+)% of it$", told)
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
    assert (
        said(Sales=lines, Invoices=paid, LossRates=rates)[CREDIT] == "Credit costs 0 EUR; nothing is overdue"
    )
    before = paid.assign(issued="2023-12-01")
    told = said(Sales=lines, Invoices=before, LossRates=rates)[CREDIT]
    assert told == "Credit adds 50 EUR, since less allowance is needed; nothing is overdue"


def test_who_brings_others_may_be_one_or_nobody() -> None:
    lines = sales(A=100, B=50, C=-10)
    brought = pd.DataFrame({"referrer": ["A"], "referred": ["B"]})
    assert said(Sales=lines, Referrals=brought)[REFERRALS] == "A alone brings 600 EUR by word of mouth"
    lost = brought.assign(referred="C")
    assert (
        said(Sales=lines, Referrals=lost)[REFERRALS] == "Nobody has brought others worth more than they cost"
    )


def test_the_dashboards_lists_count_whom_they_hold() -> None:
    for margins, heads in (
        ({"A": 100}, {"The most profitable customer", "The least profitable customer"}),
        ({"A": 100, "B": 9}, {"The 2 most profitable customers", "The 2 least profitable customers"}),
    ):
        cells = dashboard.describe_dashboard_sheet(xlprofit.analyze({"Sales": sales(**margins)})).cells
        assert heads <= {str(cell.value) for cell in cells}


def test_control_totals_that_all_tie_are_not_counted_twice() -> None:
    totals = pd.DataFrame({"line": ["gross_revenue", "cogs"], "amount": [12_000, 10_800]})
    lines = sales(A=100)
    assert said(Sales=lines, ControlTotals=totals)[RELIABLE].startswith("All 2 control totals tie out; ")
    assert said(Sales=lines, ControlTotals=totals.head(1))[RELIABLE].startswith(
        "The control total ties out; "
    )
    wrong = totals.assign(amount=[12_000, 1])
    assert said(Sales=lines, ControlTotals=wrong)[RELIABLE].startswith("1 of 2 control totals tie out; ")


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_cost_that_does_not_tie_out_is_told_in_the_sign_of_the_books(sign: float) -> None:
    """Of 10,900 in the books 10,800 are in the ledger: the same two figures, whichever sign the books give a cost."""
    totals = pd.DataFrame({"line": ["cogs"], "amount": [sign * 10_900.0]})
    results = xlprofit.analyze({"Sales": sales(A=100), "ControlTotals": totals})
    line = results.tie_out.iloc[0]
    assert line[["control", "ledger", "difference"]].tolist() == [sign * n for n in (10_900, 10_800, -100)]
    told = next(f.what for f in results.checks.itertuples() if f.code == "M04")
    minus, plus = ("", "-") if sign > 0 else ("-", "")
    assert told == (
        f"cogs does not tie out: {minus}10,900.00 in the books, {minus}10,800.00 in the ledger, "
        f"a difference of {plus}100.00"
    )
