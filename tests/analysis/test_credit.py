from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.companies import analyze_sample
from tests.figures import read_figures
from tests.needs import examples
from xlprofit import analyze, samples
from xlprofit.analysis import credit
from xlprofit.ledger import periods
from xlprofit.results import Results
from xlprofit.samples import demo

BUCKETS = ["not_due", "1-30", "31-60", "61-90", "over_90"]
AS_OF = pd.Timestamp("2024-12-31")


def run(invoices: pd.DataFrame | None = None, /, **more: pd.DataFrame | str) -> Results:
    """The results of these invoices and tables, on the last day of 2024; text is a setting."""
    chosen = {"start": "2024-01-01", "end": "2024-12-31", "as_of": "2024-12-31", "cost_of_capital": "0.073"}
    chosen |= {name: value for name, value in more.items() if isinstance(value, str)}
    given_settings = {name: value for name, value in chosen.items() if value}
    tables = {
        "Settings": pd.DataFrame({"setting": list(given_settings), "value": list(given_settings.values())}),
        "Sales": pd.DataFrame({"date": ["2024-06-30"], "customer": ["ACME"], "gross_revenue": [100.0]}),
    }
    if invoices is not None:
        tables["Invoices"] = invoices
    return analyze(tables | {n: v for n, v in more.items() if isinstance(v, pd.DataFrame)})


def table(result: Results) -> pd.DataFrame:
    return result.credit


def invoices(*rows: tuple[str, str, float, str | None], customer: str = "ACME") -> pd.DataFrame:
    """Invoices from issued, due, amount and paid."""
    frame = pd.DataFrame(list(rows), columns=["issued", "due", "amount", "paid"])
    return frame.assign(invoice=[f"{customer}-{i}" for i in range(len(frame))], customer=customer)


def rates(days: list[int], shares: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"days_past_due": days, "rate": shares})


def row(found: pd.DataFrame, customer: str) -> Any:
    return found.loc[customer]


@cache
def small() -> dict[str, pd.DataFrame]:
    return demo.tables(customers=30, sales_lines=600, activity_rows=600)


# The cost of credit in the ledger


def test_the_provision_matrix_of_ifrs_9() -> None:
    """IFRS 9, illustrative example 12."""
    gross = [15_000_000.0, 7_500_000.0, 4_000_000.0, 2_500_000.0, 1_000_000.0]
    shares = [0.003, 0.016, 0.036, 0.066, 0.106]
    due = [AS_OF + pd.Timedelta(days=10), *(AS_OF - pd.Timedelta(days=d) for d in (30, 31, 90, 91))]
    frame = pd.DataFrame({"issued": "2024-05-02", "due": due, "amount": gross, "customer": "M"})
    frame = frame.assign(invoice=[f"I{i}" for i in range(5)], paid=None)
    result = run(frame, LossRates=rates([0, 1, 31, 61, 91], shares))
    found = row(table(result), "M")
    assert found["expected_loss"] == pytest.approx(-580_000)
    assert found[BUCKETS].tolist() == pytest.approx(gross)
    by_invoice = result.explain("M", "expected_loss").groupby("row")["amount"].sum()
    assert sorted(by_invoice) == pytest.approx([-165_000, -144_000, -120_000, -106_000, -45_000])
    assert found["expected_loss"] == pytest.approx(-float(found[BUCKETS].to_numpy() @ np.array(shares)))


LENGTHS = st.one_of(st.none(), st.integers(1, 200))


@st.composite
def random_invoices(draw: st.DrawFn) -> pd.DataFrame:
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["ACME", "Beta", "Gamma"]),
                st.integers(-60, 364),
                st.integers(0, 60),
                st.integers(1, 9_000),
                LENGTHS,
            ),
            min_size=1,
            max_size=12,
        )
    )
    frame = pd.DataFrame(rows, columns=["customer", "day", "terms", "amount", "length"])
    issued = pd.Timestamp("2024-01-01") + pd.to_timedelta(frame["day"], unit="D")
    paid = issued + pd.to_timedelta(frame["length"].astype(float), unit="D")
    return pd.DataFrame(
        {
            "invoice": [f"I{i}" for i in range(len(frame))],
            "customer": frame["customer"],
            "issued": issued,
            "due": issued + pd.to_timedelta(frame["terms"], unit="D"),
            "amount": frame["amount"].astype(float),
            "paid": paid.where(paid <= AS_OF),
        }
    )


@settings(max_examples=examples(10), deadline=None)
@given(
    random_invoices(),
    st.sampled_from(["month", "quarter", "year"]),
    st.sampled_from(["2024-08-31", "2024-12-31", "2025-02-28"]),
)
def test_financing_is_amount_times_rate_times_days_and_falls_into_its_periods(
    frame: pd.DataFrame, period: str, day: str
) -> None:
    result = run(frame, period=period, as_of=day)
    begin, after, last = (pd.Timestamp(d) for d in ("2024-01-01", "2025-01-01", day))
    until = frame["paid"].where(frame["paid"] < last, last)
    rows = result.ledger[(result.ledger["line"] == "financing").to_numpy()]
    for label, span in zip(result.periods, periods.list_spans(result.inputs.settings), strict=True):
        # A day is financed where the invoice stands open at its end.
        days = pd.date_range(span.start_time.normalize(), span.end_time.normalize())
        each = zip(frame["amount"], frame["issued"], until, strict=True)
        held = sum(amount * sum(issued <= d < paid for d in days) for amount, issued, paid in each)
        posted = rows.loc[(rows["period"] == label).to_numpy(), "amount"].sum()
        assert posted == pytest.approx(-held * 0.073 / 365)
    within = until.where(until < after, after) - frame["issued"].where(frame["issued"] > begin, begin)
    counted = within.dt.days.clip(lower=0)
    whole = -(frame["amount"] * 0.073 * counted / 365).groupby(frame["customer"]).sum()
    found = table(result)["financing"]
    for name in result.names:
        assert found[name] == pytest.approx(whole.get(name, np.nan), nan_ok=True)


@settings(max_examples=examples(10), deadline=None)
@given(random_invoices(), st.sampled_from(["2024-06-30", "2024-12-31", "2025-03-31"]))
def test_expected_loss_and_ageing_are_those_of_one_invoice_at_a_time(frame: pd.DataFrame, day: str) -> None:
    lower, shares, as_of = [0, 10, 45], [0.01, 0.2, 0.5], pd.Timestamp(day)
    result = run(frame, as_of=day, LossRates=rates(lower, shares))
    found = table(result)
    aged = {(name, b): 0.0 for name in result.names for b in range(3)}
    before = dict.fromkeys(result.names, 0.0)
    after = dict.fromkeys(result.names, 0.0)
    for invoice in frame.to_dict("records"):
        name = invoice["customer"]
        before[name] += allowed(invoice, pd.Timestamp("2023-12-31"), lower, shares)
        after[name] += allowed(invoice, min(as_of, AS_OF), lower, shares)
        if open_on(invoice, as_of):
            aged[name, bucket_on(invoice, as_of, lower)] += invoice["amount"]
    for name in set(frame["customer"]):
        mine = row(found, name)
        assert mine["opening"] == pytest.approx(before[name])
        assert mine["closing"] == pytest.approx(after[name])
        assert mine["expected_loss"] == pytest.approx(before[name] - after[name])
        cut = mine[["0-9", "10-44", "over_44"]].tolist()
        assert cut == pytest.approx([aged[name, b] for b in range(3)])
        assert mine["open"] == pytest.approx(sum(aged[name, b] for b in range(3)))
    assert result.ledger["amount"].sum() == pytest.approx(
        100 + found[["financing", "expected_loss"]].sum().sum()
    )


def open_on(invoice: dict[Any, Any], day: pd.Timestamp) -> bool:
    return bool(invoice["issued"] <= day and (pd.isna(invoice["paid"]) or invoice["paid"] > day))


def bucket_on(invoice: dict[Any, Any], day: pd.Timestamp, lower: list[int]) -> int:
    return sum((day - invoice["due"]).days >= bound for bound in lower[1:])


def allowed(invoice: dict[Any, Any], day: pd.Timestamp, lower: list[int], shares: list[float]) -> float:
    """The allowance for one invoice at the end of a day."""
    if not open_on(invoice, day):
        return 0.0
    return float(invoice["amount"]) * shares[bucket_on(invoice, day, lower)]


# The allowance


@st.composite
def written_off_invoices(draw: st.DrawFn) -> pd.DataFrame:
    """Random invoices, some of them written off: as a whole or in part, with a date or without, some recovered."""
    frame = draw(random_invoices())
    count = len(frame)

    def drawn(values: list[float]) -> pd.Series:
        return pd.Series(draw(st.lists(st.sampled_from(values), min_size=count, max_size=count)), dtype=float)

    gone = frame["amount"] * drawn([0.0, 0.0, 0.25, 1.0])
    dated = frame["issued"] + pd.to_timedelta(drawn([np.nan, 0, 40, 150, 400]), unit="D")
    return frame.assign(
        written_off=gone, written_off_on=dated.where(gone > 0), recovered=gone * drawn([0.0, 0.0, 0.5, 1.0])
    )


@settings(max_examples=examples(30), deadline=None)
@given(
    written_off_invoices(),
    st.sampled_from(["month", "quarter", "year"]),
    st.sampled_from([("2024-01-01", "2024-12-31"), ("2024-02-10", "2024-11-20")]),
    st.sampled_from(["2023-12-01", "2024-08-15", "2024-12-31", "2025-02-28"]),
)
def test_the_allowance_moves_by_what_is_charged_and_written_off(
    frame: pd.DataFrame, period: str, span: tuple[str, str], day: str
) -> None:
    lower, shares = [0, 10, 45], [0.01, 0.2, 0.5]
    more: dict[str, Any] = {"period": period, "start": span[0], "end": span[1], "as_of": day}
    result = run(frame, LossRates=rates(lower, shares), **more)
    found = result.allowance
    scale = frame["amount"].sum()

    def near(value: pd.Series | pd.DataFrame, other: pd.Series | pd.DataFrame) -> bool:
        return bool(np.allclose(value, other, rtol=1e-9, atol=1e-9 * scale))

    # Opening + charge − written off + recovered = closing, by customer and period.
    moved = found["opening"] + found["charge"] - found["written_off"] + found["recovered"]
    assert near(moved, found["closing"])
    by_customer = found.unstack("period")
    for before, after in zip(result.periods[:-1], result.periods[1:], strict=True):
        assert near(by_customer["closing"][before], by_customer["opening"][after])
    # The P&L bears the charge, and each invoice explains its part of it.
    posted = result.ledger[(result.ledger["line"] == "expected_loss").to_numpy()]
    booked = posted.groupby(["customer", "period"], observed=True)["amount"].sum()
    assert near(booked.reindex(found.index, fill_value=0.0), -found["charge"])
    for name in set(frame["customer"]):
        rows = result.explain(name, "expected_loss") if len(posted) else pd.DataFrame()
        if len(rows):
            assert near(rows["amount"], rows["units"] * rows["rate"])
            explained = rows.groupby("period")["amount"].sum().reindex(result.periods, fill_value=0.0)
            assert near(explained, -found.loc[name, "charge"])
    # Over the span nothing is lost but what was written off and not recovered, and what is allowed for at its end.
    whole = result.credit[["opening", "charge", "written_off", "recovered", "closing"]].dropna()
    moved = whole["opening"] + whole["charge"] - whole["written_off"] + whole["recovered"]
    assert near(moved, whole["closing"])
    assert near(whole["written_off"], found["written_off"].groupby(level="customer").sum())


def test_an_allowance_worked_out_by_hand() -> None:
    frame = invoices(
        (
            "2023-11-01",
            "2023-12-01",
            1_000.0,
            "2024-02-10",
        ),  # 30 days late at the end of 2023, 61 a month later
        (
            "2024-01-10",
            "2024-02-09",
            2_000.0,
            None,
        ),  # 20 days late in February, 51 in March, written off in April
        ("2024-03-01", "2024-04-30", 500.0, None),  # not due until the end of April
    ).assign(written_off=[0.0, 1_500.0, 0.0], written_off_on=["", "2024-04-15", ""])
    more = {"end": "2024-06-30", "as_of": "2024-04-30"}
    found = run(frame, LossRates=rates([0, 1, 31, 61], [0.01, 0.05, 0.2, 0.5]), **more).allowance.loc["ACME"]
    assert found["opening"].tolist() == pytest.approx([50, 500 + 20, 100, 400 + 5, 255, 255])
    # February: 1,000 is paid, which releases 500; 2,000 gets late, which takes 80 more.
    assert found["charge"].tolist() == pytest.approx([470, -420, 305, 250 + 1_500 - 400, 0, 0])
    assert found["written_off"].tolist() == pytest.approx([0, 0, 0, 1_500, 0, 0])
    # What is left of the second invoice, 500, is 81 days past due; the third falls due that day.
    assert found["closing"].tolist() == pytest.approx([520, 100, 405, 250 + 5, 255, 255])


def test_a_stock_does_not_fall_on_the_month_in_which_the_books_are_looked_at() -> None:
    """An invoice that is never paid costs as it ages; the month of as_of bears what that month adds."""
    frame = invoices(("2024-01-31", "2024-03-02", 10_000.0, None))
    result = run(frame, LossRates=rates([0, 1, 31, 61, 91], [0.0, 0.1, 0.2, 0.4, 1.0]), cost_of_capital="")
    cost = result.pnl(period=True)["cost_of_credit"].loc["ACME"]
    assert cost["2024-03":"2024-06"].tolist() == pytest.approx([-1_000, -1_000, -2_000, -6_000])
    assert np.flatnonzero(cost).tolist() == [2, 3, 4, 5]


def test_what_is_written_off_is_owed_no_more_and_financed_no_more() -> None:
    frame = invoices(("2024-01-01", "2024-01-31", 1_000.0, None)).assign(
        written_off=400.0, written_off_on="2024-07-01"
    )
    found = row(table(run(frame, LossRates=rates([0], [0.5]))), "ACME")
    assert found["open"] == pytest.approx(600)
    assert found["overdue"] == pytest.approx(600)
    assert found["closing"] == pytest.approx(300)
    assert found["expected_loss"] == pytest.approx(-(300 + 400))
    assert found["oldest_days_past_due"] == pytest.approx(335)
    # 1,000 for the 182 days to 30 June, 600 for the 183 days from 1 July to 30 December: as_of is not financed.
    assert found["financing"] == pytest.approx(-(1_000 * 182 + 600 * 183) * 0.073 / 365)
    assert np.isnan(found["average_days_late"])


@pytest.mark.parametrize(
    ("paid", "written_off_on", "lost_in", "back_in"),
    [
        (None, None, "2024-12", "2024-12"),  # no date at all: on the last day counted
        ("2024-05-20", None, "2024-05", "2024-05"),  # closed by the write-off
        ("2024-09-10", "2024-05-20", "2024-05", "2024-09"),  # written off, and then paid in part
        ("2024-03-10", "2024-05-20", "2024-05", "2024-12"),  # paid in part, the rest written off
        (None, "2024-05-20", "2024-05", "2024-12"),
    ],
)
def test_the_periods_of_a_write_off_and_of_what_came_back(
    paid: str | None, written_off_on: str | None, lost_in: str, back_in: str
) -> None:
    frame = invoices(("2024-01-01", "2024-01-31", 1_000.0, paid)).assign(
        written_off=1_000.0, written_off_on=written_off_on, recovered=300.0
    )
    result = run(frame, LossRates=rates([0], [0.25]))
    moved = result.allowance.loc["ACME"]
    assert moved.index[moved["written_off"] > 0].tolist() == [lost_in]
    assert moved.index[moved["recovered"] > 0].tolist() == [back_in]
    assert row(table(result), "ACME")["expected_loss"] == pytest.approx(-700)


def test_a_write_off_costs_where_there_are_no_loss_rates() -> None:
    frame = invoices(("2024-01-01", "2024-01-31", 1_000.0, "2024-05-20")).assign(written_off=1_000.0)
    assert row(table(run(frame)), "ACME")["expected_loss"] == pytest.approx(-1_000)
    assert run(frame.assign(written_off=0.0)).allowance.empty


# Financing at the price or at the cost


def test_invoices_are_financed_at_the_cost_of_what_each_customer_buys() -> None:
    frame = pd.concat(
        [
            invoices(("2024-01-01", "2024-01-31", 1_000.0, "2024-04-10"), customer=name)
            for name in ("Cheap", "Dear", "No cost", "Below cost", "Given back")
        ]
    )
    sales = pd.DataFrame(
        {
            "date": "2024-06-30",
            "customer": ["Cheap", "Cheap", "Dear", "No cost", "Below cost", "Given back"],
            "gross_revenue": [600.0, 600.0, 1_000.0, 1_000.0, 1_000.0, 1_000.0],
            "discount": [100.0, 0, 0, 0, 0, 0],
            "returns": [100.0, 0, 0, 0, 0, 1_000.0],
            "cogs": [100.0, 200.0, 600.0, 0.0, 1_500.0, 600.0],
        }
    )
    direct = pd.DataFrame(
        {"date": ["2024-06-30"], "customer": ["Dear"], "group": ["cogs"], "amount": [150.0]}
    )
    whole = -1_000 * 0.073 / 365 * 100
    at_price = run(frame, Sales=sales, DirectCosts=direct)
    assert at_price.credit["financing"].tolist() == pytest.approx([whole] * 5)
    result = run(frame, Sales=sales, DirectCosts=direct, finance_receivables_at="cost")
    # Cost of goods / net revenue; at most the price, and the price where the cost is not known.
    shares = {"Cheap": 0.3, "Dear": 0.75, "No cost": 1.0, "Below cost": 1.0, "Given back": 1.0}
    for name, share in shares.items():
        assert result.credit.loc[name, "financing"] == pytest.approx(whole * share)
        rows = result.explain(name, "financing")
        assert (rows["units"] * rows["rate"]).sum() == pytest.approx(whole * share)
    assert [f.code for f in result.findings if f.severity == "warning"] == ["R40"]


# The table


def test_a_customer_worked_out_by_hand() -> None:
    frame = invoices(
        ("2023-11-01", "2023-12-01", 1_000.0, "2023-12-11"),  # 10 days late, issued more than a year ago
        ("2024-01-01", "2024-01-31", 900.0, "2024-01-31"),  # 365 days ago, which is one too many
        ("2024-03-01", "2024-03-31", 2_000.0, "2024-03-27"),  # 4 days early
        ("2024-04-01", "2024-05-01", 500.0, None),  # 244 days past due
        ("2024-11-30", "2024-12-30", 300.0, None),  # 1 day past due
        ("2024-12-20", "2025-01-19", 700.0, None),  # not yet due
        ("2024-12-20", "2025-01-19", -50.0, "2024-12-31"),  # a credit note, settled on the day itself
    ).assign(disputed=[True, False, False, True, False, False, False])
    found = row(table(run(frame)), "ACME")
    assert found["open"] == pytest.approx(1_500)
    assert found["overdue"] == pytest.approx(800)
    assert found["overdue_share"] == pytest.approx(800 / 1_500)
    assert found["disputed"] == pytest.approx(500)
    assert found["average_days_late"] == pytest.approx((10 + 0 - 4) / 3)
    # Invoiced in the 365 days to 31 December: 2,000 + 500 + 300 + 700 − 50.
    assert found["days_sales_outstanding"] == pytest.approx(1_500 / 3_450 * 365)
    assert found[BUCKETS].tolist() == pytest.approx([700, 300, 0, 0, 500])
    assert np.isnan(found["expected_loss"])


def test_days_sales_outstanding_of_a_customer_of_fifty_days() -> None:
    frame = invoices(("2024-11-12", "2024-12-12", 400.0, None), ("2024-12-01", "2025-01-01", 600.0, None))
    # 12 November to 31 December are 50 days; nothing is paid, so all 50 stand open.
    assert table(run(frame)).loc["ACME", "days_sales_outstanding"] == pytest.approx(50)


def test_days_sales_outstanding_of_one_that_was_not_invoiced_for_a_year_is_unknown() -> None:
    found = row(table(run(invoices(("2023-11-12", "2023-12-12", 400.0, None)))), "ACME")
    assert np.isnan(found["days_sales_outstanding"])
    assert found["over_90"] == pytest.approx(400)


def test_what_is_unknown_is_blank() -> None:
    balances = pd.DataFrame({"date": ["2024-03-15"], "customer": ["Beta"], "balance": [12_000.0]})
    frame = invoices(("2024-03-01", "2024-03-31", 2_000.0, "2024-03-27"), customer="Gamma")
    found = table(run(frame, Balances=balances, LossRates=rates([0], [0.02])))
    assert found.loc["ACME"].isna().all()
    assert found.loc["Beta"].dropna().to_dict() == pytest.approx({"financing": -12_000 * 0.073 / 12})
    nothing_open = row(found, "Gamma")
    assert nothing_open[["open", "overdue", "expected_loss", "days_sales_outstanding"]].tolist() == [
        0,
        0,
        0,
        0,
    ]
    assert np.isnan(nothing_open["overdue_share"])
    without = table(run(frame, cost_of_capital=""))
    assert without["financing"].isna().all()


def find_coverage(**tables: pd.DataFrame) -> list[tuple[str | float, ...]]:
    days = pd.date_range("2024-01-15", periods=12, freq=pd.DateOffset(months=1))
    sales = pd.DataFrame({"date": days, "customer": "Beta", "gross_revenue": 1_000.0})
    sales = pd.concat([sales, sales.iloc[3:4].assign(customer="Gamma")])
    found = run(Sales=sales, **tables).findings
    return [(f.code, *read_figures(f.what)) for f in found if f.code in ("R52", "R53")]


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (range(1, 13), []),
        (
            (1, 2),
            [("R52", 1, 10, 12)],
        ),
        (
            (3, 6, 9, 12),
            [("R52", 1, 8, 12)],
        ),
    ],
)
def test_a_period_without_a_balance_is_no_free_credit_in_silence(months: Any, said: list[Any]) -> None:
    days = [f"2024-{month:02d}-28" for month in months]
    beta = pd.DataFrame({"date": days, "customer": "Beta", "balance": 500.0})
    once = pd.DataFrame({"date": ["2024-05-31"], "customer": ["Gamma"], "balance": [10.0]})
    assert find_coverage(Balances=pd.concat([beta, once])) == said


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (range(1, 13), []),
        (range(1, 7), []),
        (
            (11, 12),
            [("R53", 1, 2_000, 12_000)],
        ),
    ],
)
def test_invoices_of_part_of_the_sales_are_no_whole_picture_in_silence(months: Any, said: list[Any]) -> None:
    rows = [(f"2024-{m:02d}-16", f"2024-{m:02d}-28", 1_000.0, None) for m in months]
    assert find_coverage(Invoices=invoices(*rows, customer="Beta")) == said


def test_credit_by_period_adds_up_to_credit() -> None:
    frame = invoices(
        ("2023-11-01", "2023-12-01", 4_000.0, "2024-02-15"), ("2024-05-01", "2024-05-31", 9_000.0, None)
    )
    frame["written_off"], frame["written_off_on"] = [0.0, 2_000.0], [None, "2024-09-10"]
    balances = pd.DataFrame({"date": ["2024-03-15"], "customer": ["Beta"], "balance": [12_000.0]})
    result = run(frame, Balances=balances, LossRates=rates([0, 31, 91], [0.01, 0.1, 0.5]))
    by_period = result.credit_by_period
    assert list(by_period.index.names) == ["customer", "period"]
    assert len(by_period) == 2 * 12  # ACME with invoices, Beta with balances
    acme, beta = (row(by_period, customer) for customer in ("ACME", "Beta"))
    whole = row(result.credit, "ACME")
    flows = ["financing", "expected_loss", "charge", "written_off", "recovered"]
    assert acme[flows].sum().to_dict() == pytest.approx(whole[flows].to_dict())
    assert (acme["opening"].iloc[0], acme["closing"].iloc[-1]) == (whole["opening"], whole["closing"])
    moved = acme["opening"] + acme["charge"] - acme["written_off"] + acme["recovered"]
    assert moved.tolist() == pytest.approx(acme["closing"].tolist())
    assert acme.loc["2024-09", "written_off"] == pytest.approx(2_000.0)
    assert acme["expected_loss"].tolist() == pytest.approx((-acme["charge"]).tolist())
    assert beta.loc["2024-03", "financing"] == pytest.approx(-12_000 * 0.073 / 12)
    assert beta["charge"].isna().all()
    cost = result.pnl(period=True)["cost_of_credit"]
    found = by_period["financing"] + by_period["expected_loss"].fillna(0.0)
    assert found.tolist() == pytest.approx(cost.reindex(found.index).tolist())


def test_the_buckets_are_those_of_the_loss_rates() -> None:
    assert credit.name_buckets(credit.list_lower_bounds(rates([91, 0, 31, 1], [0.1] * 4)).tolist()) == [
        "not_due",
        "1-30",
        "31-90",
        "over_90",
    ]
    assert credit.name_buckets(credit.list_lower_bounds(rates([1, 60], [0.1, 0.2])).tolist()) == [
        "not_due",
        "1-59",
        "over_59",
    ]
    assert credit.name_buckets(credit.list_lower_bounds(rates([0], [0.1])).tolist()) == ["all"]
    assert credit.name_buckets(credit.list_lower_bounds(rates([], [])).tolist()) == BUCKETS


def test_special_demands_stand_beside_the_cost_of_delivery() -> None:
    costs = pd.DataFrame(
        {
            "date": "2024-02-01",
            "customer": ["ACME", "ACME", "Beta", "Gamma"],
            "group": ["deliver", "demand", "demand", "deliver"],
            "amount": [400.0, 100.0, 30.0, 50.0],
        }
    )
    found = table(run(DirectCosts=costs))
    assert found["deliver"].tolist() == pytest.approx([-400, 0, -50])
    assert found["demand"].tolist() == pytest.approx([-100, -30, 0])
    assert found["demand_share"].tolist() == pytest.approx([0.25, np.nan, 0], nan_ok=True)
    assert table(run())[["deliver", "demand", "demand_share"]].isna().all(axis=None)


def test_the_order_of_the_rows_does_not_matter() -> None:
    tables = small()
    shuffled = {name: frame.sample(frac=1, random_state=1) for name, frame in tables.items()}
    pd.testing.assert_frame_equal(table(analyze(tables)), table(analyze(shuffled)), check_exact=True)
    pd.testing.assert_frame_equal(
        credit.loss_rates(tables["Invoices"]), credit.loss_rates(shuffled["Invoices"]), check_exact=True
    )


# The roll of past invoices


def test_a_roll_worked_out_by_hand() -> None:
    frame = invoices(
        ("2023-12-01", "2024-01-01", 600.0, "2023-12-30"),  # in time
        ("2023-12-01", "2024-01-01", 200.0, "2024-01-11"),  # 10 days late
        ("2023-12-01", "2024-01-01", 100.0, "2024-02-20"),  # 50 days late
        ("2023-12-01", "2024-01-01", 60.0, "2024-03-21"),  # 80 days late
        ("2023-12-01", "2024-01-01", 40.0, None),  # lost
        ("2024-05-01", "2024-05-25", 1_000.0, "2024-06-30"),  # 36 days late; too young to say more
    )
    found = credit.loss_rates(frame, as_of="2024-07-09")
    # On 9 July 2024 the first five are 190 days past due, the last one 45.
    rolls = [1_400 / 2_000, 1_200 / 1_400, 100 / 200, 40 / 100, 40 / 40]
    assert found["days_past_due"].tolist() == [0, 1, 31, 61, 91]
    assert found["rate"].tolist() == pytest.approx(np.cumprod(rolls[::-1])[::-1].tolist())


@settings(max_examples=examples(50))
@given(random_invoices(), st.sampled_from([(0,), (0, 1, 31, 61, 91), (0, 20, 40)]))
def test_where_all_invoices_are_old_the_rate_is_what_was_lost_of_what_came_so_far(
    frame: pd.DataFrame, bounds: tuple[int, ...]
) -> None:
    late = (frame["paid"] - frame["due"]).dt.days.fillna(np.inf)
    found = credit.loss_rates(frame, bounds=bounds, lost_after=120, as_of="2026-01-01")
    for bound, rate in zip(bounds, found["rate"], strict=True):
        reached = frame["amount"][(late > bound) | (bound == 0)].sum()
        lost = frame["amount"][late > 120].sum()
        assert rate == pytest.approx(lost / reached if reached > 0 else np.nan, nan_ok=True)
    known = found["rate"].dropna()
    assert known.is_monotonic_increasing
    assert known.between(0, 1).all()


def test_a_recent_invoice_does_not_pass_for_paid_or_lost() -> None:
    old = ("2023-12-01", "2024-01-01", 100.0, "2024-01-20")
    young = ("2024-12-01", "2024-12-15", 900.0, "2024-12-16")
    found = credit.loss_rates(invoices(old, young), as_of="2024-12-31")
    # Both show whether they were paid within a day of falling due, only the old one what came then.
    assert found["rate"].tolist() == pytest.approx([0, 0, np.nan, np.nan, np.nan], nan_ok=True)
    assert credit.loss_rates(invoices(young), as_of="2024-12-31")["rate"].tolist() == pytest.approx(
        [0, np.nan, np.nan, np.nan, np.nan], nan_ok=True
    )


def test_the_last_date_in_the_data_is_the_day() -> None:
    frame = invoices(
        ("2024-01-01", "2024-01-31", 100.0, None), ("2024-08-01", "2024-08-31", 50.0, "2024-09-10")
    )
    pd.testing.assert_frame_equal(credit.loss_rates(frame), credit.loss_rates(frame, as_of="2024-09-10"))
    unpaid = frame.assign(paid=None)
    pd.testing.assert_frame_equal(credit.loss_rates(unpaid), credit.loss_rates(unpaid, as_of="2024-08-01"))


def test_credit_notes_and_dates_as_text_are_taken_as_they_come() -> None:
    frame = invoices(
        ("2024-01-01", "2024-01-31", 100.0, None), ("2024-01-01", "2024-01-31", 300.0, "2024-01-30")
    )
    note = invoices(("2024-01-01", "2024-01-31", -80.0, None))
    both = pd.concat([frame, note])
    assert credit.loss_rates(both, as_of="2024-12-31")["rate"].iloc[0] == pytest.approx(0.25)


def test_what_was_written_off_was_not_paid() -> None:
    frame = invoices(
        ("2023-12-01", "2024-01-01", 600.0, "2023-12-30"), ("2023-12-01", "2024-01-01", 400.0, "2024-01-11")
    ).assign(written_off=[0.0, 100.0])
    found = credit.loss_rates(frame, as_of="2024-12-31")["rate"]
    assert found.tolist() == pytest.approx(
        [0.1, 0.25, 1, 1, 1]
    )  # of 1,000; of 400 that came late; of 100 beyond


def test_a_roll_with_unknown_rates_can_be_used_and_says_what_it_does_not_know() -> None:
    old = invoices(("2024-01-01", "2024-01-31", 900.0, "2024-02-10"))
    late = invoices(("2024-08-01", "2024-08-31", 100.0, None), customer="Late")
    derived = credit.loss_rates(old, as_of="2024-10-15")
    assert derived["rate"].tolist() == pytest.approx([0, 0, np.nan, np.nan, np.nan], nan_ok=True)
    result = run(pd.concat([old, late]), LossRates=derived, as_of="2024-10-15")
    assert result.credit["closing"].dropna().tolist() == pytest.approx(
        [0, 100]
    )  # 45 days, as late as none before
    figures = {
        code: [read_figures(f.what) for f in result.findings if f.code == code] for code in ("R30", "R46")
    }
    assert figures == {"R30": [[31, 100, 100.0]], "R46": [[61, 100, 0.0], [91, 100, 0.0]]}


@pytest.mark.parametrize(
    ("given_rates", "read"),
    [
        ([0.01, None, 0.2, None], [0.01, 0.2, 0.2, 1.0]),  # the next known; after the last one everything
        ([None, None, 0.2, 0.5], [0.2, 0.2, 0.2, 0.5]),
        ([0.3, 0.1, None, 0.05], [0.3, 0.1, 0.05, 0.05]),
    ],
)
def test_a_blank_rate_is_read_as_the_next_later_one(given_rates: list[Any], read: list[float]) -> None:
    matrix = pd.DataFrame({"days_past_due": [0, 1, 31, 61], "rate": given_rates})
    due = [AS_OF - pd.Timedelta(days=d) for d in (0, 10, 40, 70)]
    frame = pd.DataFrame({"issued": "2024-05-02", "due": due, "amount": [8.0, 40.0, 200.0, 1_000.0]})
    frame = frame.assign(customer="ACME", invoice=["1", "2", "3", "4"], paid=None)
    for order in ([0, 1, 2, 3], [3, 1, 0, 2]):
        result = run(frame, LossRates=matrix.iloc[order])
        assert row(result.credit, "ACME")["closing"] == pytest.approx(float(frame["amount"] @ np.array(read)))
        said = [f for f in result.findings if f.code == "R30"]
        assert len(said) == sum(rate is None for rate in given_rates)
        owed = [frame["amount"][i] for i in order if given_rates[i] is None]
        assert [read_figures(f.what)[-1] for f in said] == owed


def test_rates_of_which_none_is_known_are_left_out_and_said() -> None:
    frame = invoices(("2024-01-01", "2024-01-31", 900.0, None))
    result = run(frame, LossRates=rates([0, 31], [np.nan, np.nan]))
    assert [read_figures(f.what) for f in result.findings if f.code == "R30"] == [[]]
    assert np.isnan(row(result.credit, "ACME")["expected_loss"])


def test_a_roll_can_be_used_as_the_loss_rates() -> None:
    tables = small()
    derived = credit.loss_rates(tables["Invoices"], bounds=(0, 1, 31))
    assert derived["rate"].notna().all()
    result = analyze(tables | {"LossRates": derived})
    found = table(result)
    cut = found[["not_due", "1-30", "over_30"]].sum()
    assert found["expected_loss"].sum() == pytest.approx(-float(cut.to_numpy() @ derived["rate"].to_numpy()))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"bounds": (1, 31)}, "bounds"),
        ({"bounds": (0, 61, 31)}, "bounds"),
        ({"bounds": (0, 200)}, "lost_after, 180"),
    ],
)
def test_bounds_that_make_no_matrix_are_refused(more: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        credit.loss_rates(invoices(("2024-01-01", "2024-01-31", 100.0, None)), **more)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="due, paid"):
        credit.loss_rates(pd.DataFrame({"issued": ["2024-01-01"], "amount": [5.0]}))


# The demo company


@cache
def story_credit() -> pd.DataFrame:
    return table(analyze_sample(samples.DEMO))


def story(name: str) -> list[str]:
    return list(next(s for s in demo.STORIES if s.name == name).customers)


def test_those_who_do_not_pay_stand_out() -> None:
    found = story_credit()
    worst = found["expected_loss"].nsmallest(12).index
    assert set(story("non_payers")) <= set(worst)
    assert (found.loc[story("non_payers"), "overdue_share"] > 0.8).all()
    assert (found.loc[story("non_payers"), "days_sales_outstanding"] > 150).all()
    assert found["days_sales_outstanding"].median() < 45


def test_those_whose_demands_raise_the_cost_of_delivery_stand_out() -> None:
    found = story_credit()
    assert (found.loc[story("demanding"), "demand_share"] > found["demand_share"].quantile(0.9)).all()


def test_the_buckets_add_up_to_what_is_open() -> None:
    found = story_credit()
    names = credit.name_buckets([0, 1, 31, 61, 91, 181, 361])
    pd.testing.assert_series_equal(found[names].sum(axis=1, skipna=False), found["open"], check_names=False)
    late = found[names[1:]].sum(axis=1, skipna=False)
    pd.testing.assert_series_equal(late, found["overdue"], check_names=False)
