"""Amounts that hang together: which column counts is told by the rows, and what they do not tell is a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlprofit.errors import StoppedError
from xlprofit.hosts.frames import FramesHost
from xlprofit.importing.profiles.profile import parse_profile, write_profile
from xlprofit.importing.proposals.proposal import propose
from xlprofit.importing.reading import accept_proposal
from xlprofit.workflow import check_raws

Figures = dict[str, tuple[float, float]]


def read_sales(text: str, folder: Path) -> tuple[Figures, set[str]]:
    """Net revenue and cost by customer as the first proposal has them, and the codes of the warnings."""
    path = folder / "export.csv"
    path.write_text(text, encoding="utf-8")
    raws, told = accept_proposal(propose(path))
    inputs, findings = check_raws(FramesHost({}), raws)
    if inputs is None:
        raise StoppedError(findings)
    sales = inputs["Sales"]
    net = (
        (sales["gross_revenue"] - sales["discount"] - sales["returns"])
        .groupby(sales["customer"].astype(str))
        .sum()
    )
    cost = sales["cogs"].groupby(sales["customer"].astype(str)).sum()
    figures = {name: (round(float(net[name]), 2), round(float(cost[name]), 2)) for name in net.index}
    return figures, {f.code for f in (*told, *findings) if f.severity in ("stop", "error", "warning")}


PROVED = {
    "list less discount is net": (
        "Date,Customer,List amount,Discount,Net amount,COGS\n2026-01-14,A,100.00,10.00,90.00,50.00\n"
        "2026-01-20,B,200.00,50.00,150.00,100.00\n",
        {"A": (90, 50), "B": (150, 100)},
    ),
    "the discount has no known name": (
        "order_date,company,cart_subtotal,cart_discount,order_subtotal,tax,order_total\n"
        "2026-01-14,A,100.00,10.00,90.00,18.00,108.00\n2026-01-20,B,200.00,50.00,150.00,30.00,180.00\n",
        {"A": (90, 0), "B": (150, 0)},
    ),
    "the cost of one unit beside that of the line": (
        "Date,Customer,Qty,Line total,Cost,Cost total\n2026-01-14,A,10,100.00,6.00,60.00\n"
        "2026-01-20,B,4,80.00,12.00,48.00\n",
        {"A": (100, 60), "B": (80, 48)},
    ),
    "an order's total beside the price of its lines": (
        "Order No,Order Date,Customer,Order Total,Item,Qty,Line Price\n1001,2026-01-13,Ann,50.00,Cup,2,10.00\n"
        "1001,2026-01-13,Ann,50.00,Pot,1,30.00\n1002,2026-01-20,Bob,30.00,Cup,3,10.00\n",
        {"Ann": (50, 0), "Bob": (30, 0)},
    ),
    "the tax in the total": (
        "Order date,Customer,Tax,Total\n2026-01-14,A,19.00,119.00\n2026-01-15,B,38.00,238.00\n",
        {"A": (100, 0), "B": (200, 0)},
    ),
    "the tax on the amount": (
        "Date,Customer,Amount,Tax\n2026-01-14,A,101.30,7.09\n2026-01-15,B,203.77,38.72\n",
        {"A": (101.3, 0), "B": (203.77, 0)},
    ),
    "order and invoice of one sale": (
        "Doc Type,Date,Customer,Net Total\nQuote,2026-01-05,A,900\nOrder,2026-01-10,A,900\n"
        "Invoice,2026-01-14,A,900\nDelivery note,2026-01-14,A,900\nInvoice,2026-01-17,B,200\n",
        {"A": (900, 0), "B": (200, 0)},
    ),
    "a price of a hundred": (
        "Datum;Kunde;Menge;Preis je 100 St.;Kosten gesamt\n14.01.2026;A;500;20,00;60,00\n"
        "15.01.2026;B;1000;20,00;120,00\n",
        {"A": (100, 60), "B": (200, 120)},
    ),
    "a typographic apostrophe": (
        "Date facture;Client;Montant HT;Coût d\u2019achat\n12/01/2026;C01;100,00;80,00\n15/01/2026;C02;200,50;90,00\n",
        {"C01": (100, 80), "C02": (200.5, 90)},
    ),
    "a currency behind the parentheses": (
        "Date facture;Client;Montant HT\n12/01/2026;C01;100,00 €\n15/01/2026;C02;(20,50) €\n",
        {"C01": (100, 0), "C02": (-20.5, 0)},
    ),
    "a compact pivot": (
        "Row Labels,Sum of Net Amount,Sum of Cost\nAlfa,300,200\n2026-01,100,60\n2026-02,200,140\nBeta,30,20\n"
        "2026-01,30,20\nGrand Total,330,220\n",
        {"Alfa": (300, 200), "Beta": (30, 20)},
    ),
    "a compact pivot of months": (
        "Zeilenbeschriftungen;Summe von Umsatz\n2026-01;130,00\nAlfa;100,00\nBeta;30,00\n2026-02;200,00\n"
        "Alfa;200,00\nGesamtergebnis;330,00\n",
        {"Alfa": (300, 0), "Beta": (30, 0)},
    ),
    "a mark of returns, in 1 and 0": (
        "Date,Customer,Net amount,Cost of sales,Is return\n2026-01-14,A,100.00,60.00,0\n2026-01-15,A,20.00,10.00,1\n"
        "2026-01-16,B,50.00,30.00,0\n",
        {"A": (80, 50), "B": (50, 30)},
    ),
    "months above two measures, the customer beside the months": (
        "Sales;;;;;;;;\nCustomer;Jan-24;;Feb-24;;Mar-24;;Total;\n;Revenue;Cost;Revenue;Cost;Revenue;Cost;Revenue;Cost\n"
        "A;100,00;60,00;200,00;120,00;1,00;0,50;301,00;180,50\nB;50,00;20,00;;;2,00;1,00;52,00;21,00\n",
        {"A": (301, 180.5), "B": (52, 21)},
    ),
    "months with two measures": (
        "Kunde;2026-01 Umsatz;2026-01 Wareneinsatz;2026-02 Umsatz;2026-02 Wareneinsatz;2026-03 Umsatz\n"
        "A;100,00;60,00;200,00;120,00;1,00\nB;50,00;20,00;;;2,00\n",
        {"A": (301, 180), "B": (52, 20)},
    ),
}


@pytest.mark.parametrize("kind", list(PROVED))
def test_what_the_rows_prove_is_taken(kind: str, tmp_path: Path) -> None:
    text, truth = PROVED[kind]
    figures, codes = read_sales(text, tmp_path)
    assert figures == truth
    assert "D15" not in codes


DOUBTED = {
    "net beside a discount in percent": (
        "Date,Customer,Net amount,Discount %\n2026-01-14,A,90.00,10\n2026-01-20,B,150.00,25\n",
        {"A": (90, 0), "B": (150, 0)},
    ),
    "price and cost without a word of units": (
        "Date,Customer,Qty,Price,Cost\n2026-01-14,A,10,10.00,6.00\n2026-01-15,B,4,20.00,12.00\n",
        {"A": (100, 60), "B": (80, 48)},
    ),
    "an order's total alone": (
        "Order No,Date,Customer,Order Total,Item\nR1,2026-01-14,A,50.00,Cup\nR1,2026-01-14,A,50.00,Pot\n"
        "R2,2026-01-15,B,30.00,Cup\n",
        {"A": (50, 0), "B": (30, 0)},
    ),
    "a tax of a fifth, or of a quarter": (
        "Date,Customer,Amount,VAT\n2026-01-14,A,125.00,25.00\n2026-01-15,B,250.00,50.00\n",
        {"A": (125, 0), "B": (250, 0)},
    ),
    "a part of an order is refunded, with its tax": (
        "Order,Customer,Created at,Subtotal,Shipping,Taxes,Total,Refunded Amount\n"
        "1001,Ann,2026-01-13,100.00,5.00,19.95,124.95,23.80\n1002,Bob,2026-01-20,200.00,5.00,38.95,243.95,0.00\n",
        {"Ann": (80, 0), "Bob": (200, 0)},
    ),
    "orders that are not the invoices": (
        "Date,Document type,Customer,Net amount\n2026-01-14,Order,A,900.00\n2026-01-15,Invoice,A,450.00\n"
        "2026-01-16,Invoice,C,20.00\n",
        {"A": (450, 0), "C": (20, 0)},
    ),
}


@pytest.mark.parametrize("kind", list(DOUBTED))
def test_what_the_rows_leave_open_is_a_warning(kind: str, tmp_path: Path) -> None:
    text, truth = DOUBTED[kind]
    figures, codes = read_sales(text, tmp_path)
    assert figures == truth
    assert "D15" in codes


@pytest.mark.parametrize("header", ["Bruttobetrag", "Brutto", "Wartość brutto", "Bruttobelopp"])
def test_an_amount_called_with_tax_alone_is_a_guess(header: str, tmp_path: Path) -> None:
    _figures, codes = read_sales(f"Date;Customer;{header};COGS\n2026-01-14;A;119,00;60,00\n", tmp_path)
    assert "D10" in codes


def test_a_doubt_that_was_confirmed_is_told_no_more(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(DOUBTED["price and cost without a word of units"][0], encoding="utf-8")
    proposal = propose(path)
    assert "doubt" in write_profile(proposal.profile)
    confirmed = proposal.confirm_guesses()
    assert "doubt" not in write_profile(confirmed.profile)
    assert "D15" not in {finding.code for finding in accept_proposal(confirmed)[1]}


def test_a_column_that_the_user_chose_is_not_changed_for_another(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(PROVED["list less discount is net"][0], encoding="utf-8")
    chosen = propose(path).change_column("Sales", "gross_revenue", "Net amount")
    (column,) = (c for c in chosen.tables[0].columns if c.column == "gross_revenue")
    assert (column.header, column.by) == ("Net amount", "chosen")


def test_an_invoice_is_what_was_billed_with_tax_and_not_what_is_open(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "Invoice No;Customer;Invoice date;Due date;Paid on;Net;VAT;Gross;Outstanding\n"
        "1;Alba;02.01.2026;01.02.2026;15.03.2026;1.000,00;190,00;1.190,00;0,00\n"
        "2;Bela;13.01.2026;12.02.2026;;2.000,00;380,00;2.380,00;2.380,00\n",
        encoding="utf-8",
    )
    table = propose(path).find_table("Invoices")
    assert table is not None
    assert table.find_column("amount").header == "Gross"  # type: ignore[union-attr]


WEEK = (
    "Employee;Week {word};Client;Task;Mon;Tue;Wed;Thu;Fri;Total hours\n"
    "Eva;{day};Acme;Support;2,5;;1;;;3,5\nEva;{day};Zeta;Support;2,5;;1;;;3,5\n"
)
DAYS = [("2026-01-05", 2.5), ("2026-01-07", 1.0)]


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("starting", "05.01.2026"),
        ("ending", "11.01.2026"),
        ("number", "2026-W02"),
        ("starting", "2026-01-05"),
    ],
)
def test_a_timesheet_by_weekday_is_a_log_of_its_days(word: str, day: str, tmp_path: Path) -> None:
    path = tmp_path / "hours.csv"
    path.write_text(WEEK.format(word=word, day=day), encoding="utf-8")
    proposal = propose(path)
    assert [table.table for table in proposal.tables] == ["ActivityLog"]
    assert parse_profile(write_profile(proposal.profile), "it") == proposal.profile
    frame = accept_proposal(proposal)[0]["ActivityLog"].frame
    own = frame[frame["customer"] == "Acme"]
    hours = [float(str(cell).replace(",", ".")) for cell in own["quantity"]]
    assert sorted(zip(own["date"], hours, strict=True)) == DAYS


def test_a_cost_is_never_proposed_as_revenue(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Datum;Kunde;Menge;Kosten gesamt\n14.01.2026;A;500;60,00\n15.01.2026;B;1000;120,00\n")
    table = propose(path).find_table("Sales")
    assert table is None or table.find_column("gross_revenue") is None


@pytest.mark.parametrize(
    "title",
    [
        "Kunden (Beträge in TEUR)",
        "Umsatz in Tsd. EUR",
        "Sales, EUR thousands",
        "Försäljning (tkr)",
        "Myynti, 1 000 €",
        "TEUR",
    ],
)
def test_a_title_may_say_that_amounts_are_in_thousands(title: str, tmp_path: Path) -> None:
    list_text = (
        f"{title};;;\n;;;\nDate;Customer;Net amount;COGS\n2026-01-14;A;1,5;1,0\n2026-01-15;B;2,0;0,5\n"
    )
    assert read_sales(list_text, tmp_path) == ({"A": (1500, 1000), "B": (2000, 500)}, {"C26"})
    months = f"{title};;;\n;;;\nCustomer;Jan-26;Feb-26;Mar-26\nA;1,5;1,0;0,5\nB;2,0;0,5;0,0\n"
    figures, codes = read_sales(months, tmp_path)
    assert (figures, "C26" in codes) == ({"A": (3000, 0), "B": (2500, 0)}, True)


@pytest.mark.parametrize("title", ["Customers over 1 Mio. EUR", "Umsatz in EUR", "Team K", "Report 1000"])
def test_a_title_that_names_a_size_changes_nothing(title: str, tmp_path: Path) -> None:
    text = f"{title};;;\n;;;\nDate;Customer;Net amount;COGS\n2026-01-14;A;1,5;1,0\n2026-01-15;B;2,0;0,5\n"
    assert read_sales(text, tmp_path) == ({"A": (1.5, 1), "B": (2, 0.5)}, set())
